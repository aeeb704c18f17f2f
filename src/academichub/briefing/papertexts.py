"""Have a language model write a line about one paper, or translate its title and abstract; check both.

These texts are read beside the author's own, and marked. What the checks refuse is asked for once more with
the reasons, and then not shown at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.briefing.foreign import is_foreign
from academichub.briefing.modelwriting import judge
from academichub.briefing.prompts import LONGEST_ABSTRACT, fits, summary_question, translation_question
from academichub.briefing.replies import Quoted, Said, read_fields
from academichub.briefing.translations import hold
from academichub.model.briefing import Statement
from academichub.model.briefingpages import AiKind
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from academichub.briefing.ports import Chat, Question
    from academichub.model.briefing import Paper

LONGEST_SUMMARY: Final = {"zh": 200, "en": 500}  # characters
TRIES: Final = 2
PARTS: Final = {"title": AiKind.TITLE, "abstract": AiKind.ABSTRACT}


@dataclass(frozen=True, slots=True)
class PaperText:
    """What a model wrote of a paper. Where nothing of it may be shown, `text` is empty, `codes` say why."""

    kind: AiKind
    text: str
    codes: tuple[str, ...] = ()  # warnings beside a text, else reasons


def summarise(paper: Paper, chat: Chat, *, language: str) -> PaperText:
    """Have one sentence written on what a paper contributes.

    Args:
        paper: With an abstract.
        chat: The model.
        language: Of the sentence, "zh" or "en".

    Raises:
        ModelError: No answer.
    """
    told: list[tuple[str, tuple[str, ...]]] = []
    found = PaperText(AiKind.SUMMARY, "", ("unreadable",))
    for _ in range(TRIES):
        question = summary_question(paper, language=language, again=told)
        fields = _asked(question, paper, chat, ("summary", "quote"))
        if isinstance(fields, PaperText):
            return fields
        found = _judged(paper, fields, language)
        if found.text:
            return found
        told = [(fields.get("summary", ""), found.codes)]
    return found


def translate(
    paper: Paper, chat: Chat, *, language: str, kinds: Collection[AiKind] = (AiKind.TITLE, AiKind.ABSTRACT)
) -> tuple[PaperText, ...]:
    """Have a paper's title, abstract or both translated, in one question.

    A part that passes is kept, and only the others are asked for again.

    Args:
        paper: In another language.
        chat: The model.
        language: To translate into, "zh" or "en".
        kinds: Which parts.

    Returns:
        One for each part, in the order of `PARTS`.

    Raises:
        ModelError: No answer.
    """
    texts = {"title": paper.title, "abstract": paper.abstract}
    wanted = {name: texts[name] for name, kind in PARTS.items() if kind in kinds}
    found = {name: PaperText(PARTS[name], "", ("unreadable",)) for name in wanted}
    told: list[tuple[str, tuple[str, ...]]] = []
    for _ in range(TRIES):
        open_parts = {name: text for name, text in wanted.items() if not found[name].text}
        if not open_parts:
            break
        question = translation_question(open_parts, chat, language=language, again=told)
        fields = _asked(question, paper, chat, tuple(open_parts))
        if isinstance(fields, PaperText):
            return tuple(one if one.text else PaperText(one.kind, "", fields.codes) for one in found.values())
        for name in open_parts:
            found[name] = _held(paper, name, fields.get(name, ""), language)
        told = [(fields.get(name, ""), found[name].codes) for name in open_parts if not found[name].text]
    return tuple(found.values())


def _asked(
    question: Question, paper: Paper, chat: Chat, names: tuple[str, ...]
) -> Mapping[str, str] | PaperText:
    """Ask; give the fields that were answered, none where it cannot be read, or why it is not asked again."""
    kind = AiKind.SUMMARY if "summary" in names else PARTS[names[0]]
    if len(paper.abstract) > LONGEST_ABSTRACT or not fits(question, chat):
        return PaperText(kind, "", ("long",))
    answer = chat.ask(question)
    if answer.is_refused:
        return PaperText(kind, "", ("refused",))
    return {} if answer.is_cut else read_fields(answer.text, *names) or {}


def _judged(paper: Paper, fields: Mapping[str, str], language: str) -> PaperText:
    """Judge a summary as a sentence of a briefing is judged."""
    if not fields:
        return PaperText(AiKind.SUMMARY, "", ("unreadable",))
    text = " ".join(fields["summary"].split())
    if len(text) > LONGEST_SUMMARY[language] or len(sentences(text)) > 1:
        return PaperText(AiKind.SUMMARY, "", ("length",))
    if is_foreign(text, []):  # one line on a paper has no link in it, not even the paper's own
        return PaperText(AiKind.SUMMARY, "", ("foreign",))
    judged = judge(Said(text, (Quoted(1, fields["quote"]),)), {1: paper}, language=language)
    if not isinstance(judged, Statement):
        return PaperText(AiKind.SUMMARY, "", judged.reasons)
    if judged.language != language:  # the author's own words, in another language than asked for
        return PaperText(AiKind.SUMMARY, "", ("language",))
    return PaperText(AiKind.SUMMARY, judged.text, judged.warnings)


def _held(paper: Paper, name: str, text: str, language: str) -> PaperText:
    if not text:
        return PaperText(PARTS[name], "", ("unreadable",))
    text = " ".join(text.split())
    held = hold(text, name, paper, language=language)
    return PaperText(PARTS[name], "" if held.reasons else text, held.reasons or held.warnings)
