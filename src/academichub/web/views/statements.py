"""The sentences of a briefing: paragraphs with their citations, and pairs of quotes side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.briefing import Growth, Label, Maker, TensionKind
from academichub.web.views.briefingwords import field_title
from academichub.web.views.evidence import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from academichub.model.briefing import Bridge, BridgePart, Evidence, Fallback, Statement, TensionPart
    from academichub.web.i18n import Catalogue
    from academichub.web.views.evidence import Cite, Passage, References

EVERYWHERE: Final = "all"  # the section of a fallback that is about the whole briefing
_WARNINGS: Final = frozenset({"entity"})
_FALLBACKS: Final = frozenset(
    {"unreachable", "refused", "unreadable", "unsupported", "cap", "cancelled", "unset"}
)


class Carried(NamedTuple):
    """The quote of a loose paraphrase, which is never printed without it."""

    text: str
    language: str
    cite: Cite
    warnings: tuple[str, ...]


class SentenceView(NamedTuple):
    """A printed sentence."""

    text: str
    language: str
    label: str  # "quoted", "close", "loose"
    label_words: str
    cites: tuple[Cite, ...]


class ParagraphView(NamedTuple):
    """Sentences that belong together: all of a model's, or one of an author's."""

    sentences: tuple[SentenceView, ...]
    is_ai: bool
    source: str  # the title of the work, under an author's sentence
    source_language: str
    source_field: str
    carried: tuple[Carried, ...]


class SideView(NamedTuple):
    """One side of a pair: a verbatim sentence, and whose it is."""

    passage: Passage
    language: str
    field: str
    field_title: str
    title: str
    place: str
    cite: Cite


class PairView(NamedTuple):
    """Two verbatim sentences side by side, and what is said of them."""

    id: str
    heading: str
    language: str
    path: tuple[tuple[str, str], ...]  # fields from where to where, with their full names
    tag: str
    tag_kind: str
    counts: str
    sides: tuple[SideView, SideView]
    paragraphs: tuple[ParagraphView, ...]
    fallback: str


def build_paragraphs(statements: Iterable[Statement], references: References) -> tuple[ParagraphView, ...]:
    """Set sentences as paragraphs: a model's run on, an author's stands by itself with its title."""
    paragraphs: list[ParagraphView] = []
    run: list[Statement] = []
    for statement in statements:
        if statement.maker is Maker.MODEL:
            run.append(statement)
            continue
        if run:
            paragraphs.append(_written(run, references))
            run = []
        paragraphs.append(_quoted(statement, references))
    if run:
        paragraphs.append(_written(run, references))
    return tuple(paragraphs)


def _written(run: Sequence[Statement], references: References) -> ParagraphView:
    carried = []
    for statement in run:
        if statement.label is Label.LOOSE:
            for one in statement.evidence:
                language = references.language(one.span.work_id, one.quote)
                cite = references.cite(one, is_printed=True)
                carried.append(Carried(one.quote, language, cite, _warnings(statement, references)))
    sentences = tuple(_sentence(statement, references) for statement in run)
    return ParagraphView(sentences, True, "", "", "", tuple(carried))


def _quoted(statement: Statement, references: References) -> ParagraphView:
    work_id = statement.evidence[0].span.work_id
    title = references.title(work_id)
    card = references.page.cards.get(work_id)
    return ParagraphView(
        sentences=(_sentence(statement, references),),
        is_ai=False,
        source=title,
        source_language=references.language(work_id, title),
        source_field=card.categories[0] if card and card.categories else "",
        carried=(),
    )


def _sentence(statement: Statement, references: References) -> SentenceView:
    words = references.visit.words
    is_quoted = statement.label is Label.QUOTED
    return SentenceView(
        text=statement.text,
        language=statement.language,
        label=statement.label.value,
        label_words=words.text(f"label:{statement.label.value}"),
        cites=tuple(
            references.cite(one, is_printed=is_quoted and one.quote == statement.text)
            for one in statement.evidence
        ),
    )


def _warnings(statement: Statement, references: References) -> tuple[str, ...]:
    words = references.visit.words
    return tuple(words.text(f"warning:{code}") for code in statement.warnings if code in _WARNINGS)


def build_bridge(part: BridgePart, place: int, references: References, fallback: str) -> PairView:
    """Build a bridge: the concept, from which field to which, and the two sentences that hold it."""
    words, bridge = references.visit.words, part.bridge
    ends = tuple((name, field_title(name, words)) for name in (bridge.home, bridge.away))
    tag = words.text(f"growth:{bridge.growth.value}")
    if bridge.growth is not Growth.NEW and bridge.first_seen is not None:
        year = references.briefing.order.last.year
        first = words.day_of(bridge.first_seen, year)
        tag = words.text("{growth}, first seen {day}", growth=tag, day=first)
    sides = (
        _side(bridge.home_evidence, bridge.concept, bridge.home, references),
        _side(bridge.away_evidence, bridge.concept, bridge.away, references),
    )
    return PairView(
        id=f"bridge-{place}",
        heading=bridge.concept,
        language=references.language(bridge.home_evidence.span.work_id, bridge.concept),
        path=ends,
        tag=tag,
        tag_kind=bridge.growth.value,
        counts=_counts(bridge, words),
        sides=sides,
        paragraphs=build_paragraphs(part.statements, references),
        fallback=fallback,
    )


def _counts(bridge: Bridge, words: Catalogue) -> str:
    return words.text(
        "In the year before: {away_count} of our {away_total} {away} papers, {home_count} of {home}",
        away_count=f"{bridge.away_count:,}",
        away_total=f"{bridge.away_total:,}",
        away=bridge.away,
        home_count=f"{bridge.home_count:,}",
        home=bridge.home,
    )


def build_tension(part: TensionPart, place: int, references: References, fallback: str) -> PairView:
    """Build a tension: both claims, and in each the words that disagree."""
    words, tension = references.visit.words, part.tension
    kind = "direction" if tension.kind is TensionKind.DIRECTION else "numbers"
    return PairView(
        id=f"tension-{place}",
        heading=tension.concept,
        language=references.language(tension.one.span.work_id, tension.concept),
        path=(),
        tag=words.text(f"tension:{kind}"),
        tag_kind=kind,
        counts="",
        sides=(
            _side(tension.one, tension.one_says, "", references),
            _side(tension.other, tension.other_says, "", references),
        ),
        paragraphs=build_paragraphs(part.statements, references),
        fallback=fallback,
    )


def _side(evidence: Evidence, shown_for: str, category: str, references: References) -> SideView:
    work_id, words = evidence.span.work_id, references.visit.words
    card = references.page.cards.get(work_id)
    name = category or (card.categories[0] if card and card.categories else "")
    title = references.title(work_id)
    return SideView(
        passage=mark(evidence.quote, shown_for),
        language=references.language(work_id, evidence.quote),
        field=name,
        field_title=field_title(name, words) if name else "",
        title=title,
        place=words.text("abstract sentence {n}", n=evidence.sentence),
        cite=references.cite(evidence, is_printed=True),
    )


def say_fallback(section: str, fallbacks: Sequence[Fallback], words: Catalogue) -> str:
    """Say why a section is not in the model's words; "" where it is, or none was asked."""
    reason = next((one.reason for one in fallbacks if one.section == section), "")
    if not reason:
        return ""
    known = reason if reason in _FALLBACKS else "other"
    return words.text(
        "{reason}; these are the authors' own sentences.", reason=words.text(f"fallback:{known}")
    )
