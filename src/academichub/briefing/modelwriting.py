"""Let a language model write a briefing's sentences, and print only those that their evidence carries.

The extractive briefing is the draft: it says which works there are, which sections, and what is printed where
the model fails. The model draws exact quotes, plans the key points and writes section by section. Every
sentence is checked; one that is refused goes back once with the reasons, and then the extractive sentence
of the paper that it cites takes its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from academichub.briefing.checking import check
from academichub.briefing.numbering import numbered
from academichub.briefing.prompts import extract_questions, plan_question, write_question
from academichub.briefing.quoting import find_quote
from academichub.briefing.replies import read_plan, read_quotes, read_sentences
from academichub.errors import ChatRefused, ChatUnreachable, ModelError, SpendingCapped
from academichub.model.briefing import (
    BridgePart,
    Fallback,
    Label,
    Maker,
    Removed,
    Statement,
    TensionPart,
    ThemePart,
)
from academichub.model.briefingpages import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from academichub.briefing.ports import Answer, Chat, Question
    from academichub.briefing.replies import Said
    from academichub.model.briefing import Briefing, Evidence, Paper

MOST_WORKS: Final = 40  # whose quotes are asked for
MOST_QUOTES: Final = 4  # of one paper that a section may use
MOST_POINTS: Final = 4
MOST_SENTENCES: Final = 6  # of a section
MOST_FAILURES: Final = 2  # in a row; after them the model is not asked again for this briefing
_CITATION: Final = re.compile(r"\s*[\[【]\s*\d{1,3}(?:\s*[,，、]\s*\d{1,3})*\s*[\]】]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_REASONS: Final[tuple[tuple[type[ModelError], str], ...]] = (
    (SpendingCapped, "cap"),
    (ChatUnreachable, "unreachable"),
    (ChatRefused, "refused"),
)

Tell: TypeAlias = "Callable[[Progress, Briefing], None]"
Part = TypeVar("Part", ThemePart, BridgePart, TensionPart)


@dataclass(frozen=True, slots=True)
class _Refused:
    """A sentence that may not be printed, and the works that it cites."""

    text: str
    reasons: tuple[str, ...]
    works: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section that a model writes."""

    name: str  # as in `Fallback.section`
    works: tuple[int, ...]
    instead: tuple[Statement, ...]  # what stands there where the model fails
    about: str = ""


@dataclass(slots=True)
class _Desk:
    """What the writer has in its hands while it writes one briefing."""

    draft: Briefing
    papers: Mapping[int, Paper]
    chat: Chat
    tell: Tell
    so_far: Briefing
    quotes: dict[int, list[Evidence]] = field(default_factory=dict)
    removed: list[Removed] = field(default_factory=list)
    fallbacks: list[Fallback] = field(default_factory=list)
    failures: int = 0
    silent: str = ""  # why the model is not asked any more
    stage: Progress = field(default_factory=Progress)

    @property
    def language(self) -> str:
        return self.draft.order.language

    # -- asking -----------------------------------------------------------------------------------

    def step(self, stage: str, done: int, of: int) -> None:
        """Tell how far it is, and what stands."""
        self.stage = Progress(stage, done, of)
        self.tell(self.stage, self.so_far)

    def ask(self, question: Question) -> Answer:
        """Ask; count failures in a row. Raises ModelError."""
        try:
            answer = self.chat.ask(question, hear=self._heard)
        except ModelError as error:
            self.failures += 1
            if isinstance(error, SpendingCapped) or self.failures >= MOST_FAILURES:
                self.silent = _reason(error)
            raise
        if answer.is_refused:
            raise ChatRefused(url="", status=None, reason="the model refused")
        self.failures = 0
        return answer

    def _heard(self, tokens: int) -> None:
        self.tell(replace(self.stage, tokens=tokens), self.so_far)

    # -- quotes -----------------------------------------------------------------------------------

    def draw_quotes(self) -> None:
        """Have the model copy quotes out of the works; those that are not verbatim are left out."""
        self.keep_drafted()
        numbers = self._numbers(list(self.quotes)[:MOST_WORKS])
        questions = extract_questions(
            [(number, self.papers[work_id]) for number, work_id in numbers.items()], self.chat
        )
        for place, (question, of_papers) in enumerate(questions):
            self.step("evidence", place, len(questions))
            if self.silent:
                return
            try:
                drawn = read_quotes(self.ask(question).text)
            except ModelError:
                continue
            for one in drawn:
                if one.paper in of_papers:
                    evidence = find_quote(self.papers[numbers[one.paper]], one.quote)
                    if evidence is not None:
                        self._keep(evidence)

    def keep_drafted(self) -> None:
        """Begin with the quotes of the draft."""
        for one in self.draft.evidence():
            self._keep(one)

    def _keep(self, evidence: Evidence) -> None:
        kept = self.quotes.setdefault(evidence.span.work_id, [])
        if len(kept) < MOST_QUOTES and all(one.span != evidence.span for one in kept):
            kept.append(evidence)

    def _numbers(self, works: Iterable[int]) -> dict[int, int]:
        """Give works by their numbers in the draft."""
        return {self.draft.number(work_id): work_id for work_id in works}

    def given(self, works: Sequence[int]) -> list[tuple[int, Paper, Sequence[Evidence]]]:
        """Give works as a question wants them."""
        return [
            (self.draft.number(work_id), self.papers[work_id], self.quotes[work_id])
            for work_id in works
            if work_id in self.quotes
        ]

    # -- writing ----------------------------------------------------------------------------------

    def plan(self) -> list[int]:
        """Choose the works of the key points, those that belong together side by side."""
        works = list(dict.fromkeys(one.span.work_id for one in self.draft.evidence()))
        question = plan_question(self.given(works), self.chat)
        if question is None or self.silent:
            return []
        try:
            points = read_plan(self.ask(question).text)
        except ModelError:
            return []
        known = self._numbers(works)
        chosen = [known[number] for point in points[:MOST_POINTS] for number in point if number in known]
        return list(dict.fromkeys(chosen))

    def section(self, section: Section, works: Sequence[int]) -> tuple[Statement, ...]:
        """Write one section of some works; the draft's own sentences stand where the model fails."""
        name, instead = section.name, section.instead
        try:
            slots = self._written(name, works, section.about)
        except ModelError as error:
            self.fallbacks.append(Fallback(name, _reason(error)))
            return instead
        if not slots:
            self.fallbacks.append(Fallback(name, self.silent or "unreadable"))
            return instead
        statements = self._mended(slots, instead)
        if all(one.maker is not Maker.MODEL for one in statements):
            self.fallbacks.append(Fallback(name, "unsupported"))
            return instead
        return statements

    def _written(self, name: str, works: Sequence[int], about: str) -> list[Statement | _Refused]:
        """Ask for a section, and once more for what was refused of it. Raises ModelError."""
        given = self.given(works)
        question = write_question(name, given, self.chat, language=self.language, about=about)
        if question is None or self.silent:
            return []
        allowed = {number: paper for number, paper, _ in given}
        slots = self._judged(self.ask(question).text, name, allowed)
        refused = [one for one in slots if isinstance(one, _Refused)]
        if slots and not refused:
            return slots
        again = [(one.text, one.reasons) for one in refused] or [("", ("unreadable",))]
        question = write_question(name, given, self.chat, language=self.language, about=about, again=again)
        if question is None:
            return slots
        try:
            better = self._judged(self.ask(question).text, name, allowed)
        except ModelError:
            if not slots:
                raise
            return slots
        if not slots:
            return better
        good = iter([one for one in better if isinstance(one, Statement)])
        return [next(good, one) if isinstance(one, _Refused) else one for one in slots]

    def _judged(self, answer: str, name: str, allowed: Mapping[int, Paper]) -> list[Statement | _Refused]:
        slots: list[Statement | _Refused] = []
        for said in read_sentences(answer)[:MOST_SENTENCES]:
            judged = judge(said, allowed, language=self.language)
            if isinstance(judged, _Refused):
                self.removed.append(Removed(judged.text, name, judged.reasons))
            slots.append(judged)
        return slots

    def _mended(
        self, slots: Sequence[Statement | _Refused], instead: Sequence[Statement]
    ) -> tuple[Statement, ...]:
        """Put the extractive sentence of the cited paper where the model's own was refused."""
        kept: dict[str, Statement] = {}
        spare = list(instead)
        for slot in slots:
            if isinstance(slot, Statement):
                kept.setdefault(slot.text, slot)
                continue
            place = next((one for one in spare if one.evidence[0].span.work_id in slot.works), None)
            if place is not None:
                spare.remove(place)
                kept.setdefault(place.text, place)
        return tuple(kept.values())


def write_with_model(draft: Briefing, papers: Mapping[int, Paper], chat: Chat, *, tell: Tell) -> Briefing:
    """Have a model write a briefing.

    Args:
        draft: The extractive briefing.
        papers: Its works by number.
        chat: The model; its errors make sections fall back.
        tell: Is told of every step, with what stands so far. What it raises ends the writing.

    Returns:
        The briefing with its works numbered anew. Every section is there, whatever the model did.
    """
    desk = _Desk(draft, papers, chat, tell, so_far=draft)
    desk.draw_quotes()
    sections = sections_of(draft)
    desk.step("plan", 0, len(sections))
    planned = desk.plan()
    for done, section in enumerate(sections):
        desk.step(section.name, done, len(sections))
        works = planned if section.name == "points" and planned else section.works
        desk.so_far = _with(desk.so_far, section, desk.section(section, works))
    return numbered(
        replace(desk.so_far, removed=tuple(desk.removed), fallbacks=tuple(desk.fallbacks), model=chat.model)
    )


def sections_of(draft: Briefing) -> list[Section]:
    """List the sections that a model writes, in the order of the page."""
    sections = []
    if draft.points:
        sections.append(Section("points", _first_works(draft.points), draft.points))
    for at, theme in enumerate(draft.themes, 1):
        about = "; ".join(theme.theme.terms)
        sections.append(Section(f"theme:{at}", _first_works(theme.statements), theme.statements, about))
    for at, bridge in enumerate(draft.bridges, 1):
        one = bridge.bridge
        ends = (one.home_evidence.span.work_id, one.away_evidence.span.work_id)
        sections.append(Section(f"bridge:{at}", ends, (), one.concept))
    for at, tension in enumerate(draft.tensions, 1):
        claims = tension.tension
        ends = (claims.one.span.work_id, claims.other.span.work_id)
        sections.append(Section(f"tension:{at}", ends, (), claims.concept))
    return sections


def _first_works(statements: Sequence[Statement]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.evidence[0].span.work_id for one in statements))


def _with(briefing: Briefing, section: Section, statements: tuple[Statement, ...]) -> Briefing:
    """Put what was written into its place."""
    kind, _, number = section.name.partition(":")
    if kind == "points":
        return replace(briefing, points=statements)
    at = int(number) - 1
    if kind == "theme":
        return replace(briefing, themes=_put(briefing.themes, at, statements))
    if kind == "bridge":
        return replace(briefing, bridges=_put(briefing.bridges, at, statements))
    return replace(briefing, tensions=_put(briefing.tensions, at, statements))


def _put(parts: Sequence[Part], at: int, statements: tuple[Statement, ...]) -> tuple[Part, ...]:
    changed = list(parts)
    changed[at] = replace(parts[at], statements=statements)
    return tuple(changed)


def judge(said: Said, allowed: Mapping[int, Paper], *, language: str) -> Statement | _Refused:
    """Decide whether a model's sentence may be printed.

    Args:
        said: The sentence and its quotes.
        allowed: The papers that it may cite, by their numbers in the question.
        language: That the sentence is to be in.
    """
    text = _CITATION.sub("", said.text).strip()
    reasons: list[str] = []
    evidence: list[Evidence] = []
    works: list[int] = []
    for one in said.quotes:
        paper = allowed.get(one.paper)
        if paper is None:
            reasons.append("citation")
            continue
        works.append(paper.work_id)
        found = find_quote(paper, one.quote)
        if found is None:
            reasons.append("quote")
        elif all(known.span != found.span for known in evidence):
            evidence.append(found)
    if not said.quotes:
        reasons.append("uncited")
    if not text:
        reasons.append("foreign")
    if reasons:
        return _Refused(said.text, tuple(dict.fromkeys(reasons)), tuple(works))
    papers = {paper.work_id: paper for paper in allowed.values()}
    checked = check(text, evidence=evidence, papers=papers, language=language)
    if checked.label is None:
        return _Refused(said.text, checked.reasons, tuple(works))
    written = papers[works[0]].language if checked.label is Label.QUOTED else language
    if checked.label is not Label.QUOTED and bool(_HAN.search(text)) is not (language == "zh"):
        return _Refused(said.text, ("language",), tuple(works))
    return Statement(text, checked.label, tuple(evidence), written, Maker.MODEL, checked.warnings)


def planned_questions(draft: Briefing, papers: Mapping[int, Paper], chat: Chat) -> list[Question]:
    """List the questions that a briefing would take if nothing were refused, to estimate what they cost."""
    desk = _Desk(draft, papers, chat, lambda *_: None, so_far=draft)
    desk.keep_drafted()
    works = list(desk.quotes)
    listed = [(draft.number(work_id), papers[work_id]) for work_id in works[:MOST_WORKS]]
    questions = [question for question, _ in extract_questions(listed, chat)]
    asked = [plan_question(desk.given(works), chat)]
    asked += [
        write_question(one.name, desk.given(one.works), chat, language=desk.language, about=one.about)
        for one in sections_of(draft)
    ]
    return questions + [question for question in asked if question is not None]


def _reason(error: ModelError) -> str:
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "unreachable")
