"""Decide whether a sentence may be printed, and under which label.

The labels say how near a sentence is to the words that carry it, never that it is true. Takes time linear in
the length of the text and of the cited abstracts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.briefing.comparing import compare, denies, source_of
from academichub.briefing.crosschecking import compare_across
from academichub.briefing.foreign import is_foreign, is_hidden, is_order
from academichub.briefing.quoting import is_verbatim, is_within
from academichub.briefing.wording import cut_words
from academichub.model.briefing import Label
from academichub.text.language import guess
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.briefing import Evidence, Paper

_JOINED: Final = re.compile(r"([,;]) (?:and|but|so|yet|while|whereas)\Z")
_CLAUSE_ENDS: Final = (",", ";", ":", ".", "，", "；", "：", "。", ")", "）")


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be done with a sentence."""

    label: Label | None  # None: it may not be printed
    reasons: tuple[str, ...] = ()  # why not, as codes
    warnings: tuple[str, ...] = ()  # what is shown with it


def check(text: str, *, evidence: Sequence[Evidence], papers: Mapping[int, Paper], language: str) -> Checked:
    """Decide whether a sentence may be printed.

    Args:
        text: The sentence, without its citations.
        evidence: What is to carry it.
        papers: The works that may be cited, by number.
        language: Of the sentence: "zh" or "en".

    Returns:
        QUOTED where the sentence is word for word in its only evidence, and is not cut so that a negation
        falls away. CLOSE where nearly all its content is the author's and no rule is broken. LOOSE where no
        rule is broken: it must be shown with its quote. Else no label and the reasons: "citation", "quote",
        "foreign", "number", "unit", "swapped", "negation", "direction", "altered", "entity", "coverage".
    """
    unfounded = _unfounded(evidence, papers)
    if unfounded:
        return Checked(None, unfounded)
    cited = [papers[work_id] for work_id in dict.fromkeys(one.span.work_id for one in evidence)]
    exact = _exact(text, evidence, cited)
    if exact is not None:
        return exact
    if is_foreign(text, [paper.abstract for paper in cited]):
        return Checked(None, ("foreign",))
    if not text.strip():
        return Checked(None, ("coverage",))
    here = guess(text) if language not in {"zh", "en"} else language
    if any(guess(paper.abstract) != here for paper in cited):
        found = compare_across(text, [(paper.title, paper.abstract) for paper in cited], evidence)
    else:
        found = compare(text, [source_of(paper.title, paper.abstract) for paper in cited])
    if found.reasons:
        return Checked(None, found.reasons, found.warnings)
    return Checked(Label.CLOSE if found.is_close else Label.LOOSE, (), found.warnings)


def _unfounded(evidence: Sequence[Evidence], papers: Mapping[int, Paper]) -> tuple[str, ...]:
    """Give the reasons why evidence is none: no such work, not word for word, none at all."""
    reasons: dict[str, None] = {}
    for one in evidence:
        paper = papers.get(one.span.work_id)
        if paper is None:
            reasons["citation"] = None
        elif not is_verbatim(one, paper):
            reasons["quote"] = None
    return tuple(reasons) if evidence else ("quote",)


def _exact(text: str, evidence: Sequence[Evidence], cited: Sequence[Paper]) -> Checked | None:
    """Judge a sentence that is word for word in a cited abstract; None for any other."""
    if is_hidden(text):
        return None
    is_cut = False
    for paper in cited:
        span = is_within(text, paper.abstract)
        if span is None:
            continue
        if not _is_whole(paper.abstract, span[0]):
            is_cut = True
            continue
        if is_order(text) or is_order(paper.abstract[_sentence_start(paper.abstract, span[0]) : span[1]]):
            return Checked(None, ("foreign",))
        is_quote = len(evidence) == 1 and is_within(text, evidence[0].quote) is not None
        return Checked(Label.QUOTED if is_quote else Label.CLOSE)
    return Checked(None, ("negation",)) if is_cut else None


def _is_whole(abstract: str, start: int) -> bool:
    """Tell whether a stretch may stand alone: what is left out of its sentence before it does not turn it.

    "We do not find that X helps" must not become "X helps"; a clause that ends with a comma may go.
    """
    before = _JOINED.sub(r"\1", abstract[_sentence_start(abstract, start) : start].rstrip())
    return not before or before.endswith(_CLAUSE_ENDS) or not denies(cut_words(before))


def _sentence_start(abstract: str, at: int) -> int:
    """Find where the sentence begins that a place of an abstract is in."""
    return max((first for first, _ in sentences(abstract) if first <= at), default=at)
