"""Works that may be one: pairs to decide on, with the reasons, and the log of what was merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from academichub.model.papers import Kind
from academichub.text.language import guess
from academichub.web.views.card import byline
from academichub.web.views.flags import badges
from academichub.web.views.names import name_identifiers, scheme_name
from academichub.web.views.notice import work_notice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from academichub.errors import AcademicHubError
    from academichub.model.kinship import Doubt, MergeRow, Reason, ReviewPage
    from academichub.model.shelf import Card
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.flags import Badge
    from academichub.web.views.names import Named
    from academichub.web.views.notice import Notice

# A reason's bar: half its width for what speaks for one work, half for what speaks for two.
_BAR_WIDTH: Final = 120
_HALF: Final = _BAR_WIDTH // 2
_FULL_WEIGHT: Final = 4.0  # on the logit scale: beyond it a bar gets no longer
_SMALLEST: Final = 0.05  # less than this is shown as nothing
# Reasons whose value is a share of one, shown per cent; those with a number; and those with a word.
_SHARES: Final = frozenset({"title", "authors", "authors more", "title swapped", "title extra"})
_SCHEMES: Final = frozenset({"same identifier", "other identifier"})
_WORDED: Final[Mapping[str, frozenset[str]]] = {
    "venue": frozenset({"same", "like", "unlike", "unlike-kind"}),
    "held back": frozenset(
        {"title of many", "numbers", "other words", "more words", "authors unknown", "other authors"}
    ),
}
_REASONS: Final = frozenset(
    {
        *("start", "title unknown", "title", "title swapped", "title within", "title extra", "title words"),
        *("title of many", "numbers", "authors", "authors in both", "authors more", "authors unknown"),
        *("year", "year after preprint", "notice", *_SCHEMES),
    }
)
_BECAUSE: Final = frozenset(
    {
        *("doi", "arxiv", "pmid", "pmcid", "openalex", "s2"),
        *("preprint-of", "has-preprint", "version-of", "about", "said", "text", "hand"),
    }
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two works of a pair."""

    href: str
    title: Markup
    flags: tuple[Badge, ...]
    language: str
    byline: str
    meta: tuple[str, ...]
    identifiers: tuple[Named, ...]
    abstract: Markup | None


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One ground for or against, with its weight as text and as a bar."""

    words: str
    weight: str
    side: str  # "for", "against" or "even"
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class PairView:
    """Two works that may be one."""

    doubt_id: int
    heading: str
    score: str
    since: str
    sides: tuple[Side, Side]
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One line of the merge log."""

    merge_id: int
    at: str
    at_iso: str
    href: str
    title: Markup
    language: str
    gone_title: str
    gone_language: str
    gone_venue: str
    because: str
    undone: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The page on which a person decides."""

    title: str
    tally: str
    notice: Notice | None
    refused: str
    pairs: tuple[PairView, ...]
    bar_width: int
    bar_middle: int
    merges: tuple[MergeLine, ...]
    merges_tally: str
    action: str
    back: str


def build_review(
    page: ReviewPage, visit: Visit, *, now: datetime, refused: AcademicHubError | None = None
) -> ReviewView:
    """Build the review page; `refused` says why the last click changed nothing."""
    words = visit.words
    shown, total = len(page.doubts), page.doubts_total
    return ReviewView(
        title=words.text("One work or two?"),
        tally=words.text("{shown} of {total} pairs; the rest follow", shown=shown, total=f"{total:,}")
        if total > shown
        else words.count("{n} pair waits for a decision", "{n} pairs wait for a decision", total),
        notice=work_notice(visit, ("same", "two", "undone"), words.text("Open the paper")),
        refused=words.error(refused.code, refused.facts) if refused else "",
        pairs=tuple(_pair(doubt, place, visit, now) for place, doubt in enumerate(page.doubts, start=1)),
        bar_width=_BAR_WIDTH,
        bar_middle=_HALF,
        merges=tuple(_merge(row, visit, now) for row in page.merges),
        merges_tally=words.count("{n} merge", "{n} merges", page.merges_total),
        action=f"/review{visit.suffix}",
        back=f"/sources{visit.suffix}",
    )


# -- pairs ----------------------------------------------------------------------------------------


def _pair(doubt: Doubt, place: int, visit: Visit, now: datetime) -> PairView:
    words = visit.words
    # Most telling first; what was held back has no weight and is why a person is asked.
    ordered = sorted(doubt.reasons, key=lambda reason: (reason.name != "held back", -abs(reason.weight)))
    return PairView(
        doubt_id=doubt.doubt_id,
        heading=words.text("Pair {n}", n=place),
        score=f"{doubt.score:.0%}" if doubt.score < 0.995 else f"{min(doubt.score, 0.999):.1%}",  # noqa: PLR2004 - where rounding would say "sure"
        since=words.stamp(doubt.at.astimezone(now.tzinfo)),
        sides=(_side(doubt.one, visit), _side(doubt.other, visit)),
        reasons=tuple(_reason(reason, words) for reason in ordered),
    )


def _side(card: Card, visit: Visit) -> Side:
    words = visit.words
    dated = card.published or card.updated
    kind = "" if card.kind is Kind.ARTICLE else words.text(f"kind:{card.kind.value}")
    year = str(dated.on.year if dated else card.listed_on.year)
    return Side(
        href=f"/p/{card.work_id}{visit.suffix}",
        title=Markup(card.title_html),  # noqa: S704 - sanitised when it was shelved
        flags=badges(card.flags, words),
        language=card.language,
        byline=byline(card.byline),
        meta=tuple(part for part in (card.venue, kind, year) if part),
        identifiers=name_identifiers(card.identifiers),
        abstract=Markup(card.abstract_html) if card.abstract_html else None,  # noqa: S704 - as the title
    )


def _reason(reason: Reason, words: Catalogue) -> ReasonLine:
    weight = reason.weight
    side = "even" if abs(weight) < _SMALLEST else "for" if weight > 0 else "against"
    length = min(abs(weight) / _FULL_WEIGHT, 1.0) * _HALF if side != "even" else 0.0
    return ReasonLine(
        words=_reason_words(reason, words),
        weight=_weight(reason),
        side=side,
        x=f"{_HALF if side == 'for' else _HALF - length:.1f}",
        width=f"{length:.1f}",
    )


def _weight(reason: Reason) -> str:
    if reason.name == "held back":  # it is not weighed: it is why a person is asked
        return ""
    return "0" if abs(reason.weight) < _SMALLEST else f"{reason.weight:+.1f}".replace("-", "−")


def _reason_words(reason: Reason, words: Catalogue) -> str:
    """Say a reason; one that another version of the hub knew is shown as it was written."""
    name, value = reason.name, reason.value
    if name in _WORDED and value in _WORDED[name]:
        return words.text(f"{name}:{value.replace(' ', '-')}")
    if name not in _REASONS:
        return f"{name}: {value}" if value else name
    if name in _SHARES:
        value = _per_cent(value)
    elif name in _SCHEMES:
        value = scheme_name(value)
    return words.text(f"reason:{name.replace(' ', '-')}", value=value.removesuffix(".0"))


def _per_cent(value: str) -> str:
    try:
        return f"{float(value):.0%}"
    except ValueError:
        return value


# -- merges ---------------------------------------------------------------------------------------


def _merge(row: MergeRow, visit: Visit, now: datetime) -> MergeLine:
    words = visit.words
    at = row.at.astimezone(now.tzinfo)
    undone = row.undone_at.astimezone(now.tzinfo) if row.undone_at else None
    return MergeLine(
        merge_id=row.merge_id,
        at=words.stamp(at),
        at_iso=at.isoformat(timespec="minutes"),
        href=f"/p/{row.kept.work_id}{visit.suffix}",
        title=Markup(row.kept.title_html),  # noqa: S704 - sanitised when it was shelved
        language=row.kept.language,
        gone_title=row.gone_title,
        gone_language=guess(row.gone_title),
        gone_venue=row.gone_venue,
        because=_because(row, words),
        undone=words.text("undone {when}", when=words.stamp(undone)) if undone else "",
    )


def _because(row: MergeRow, words: Catalogue) -> str:
    if row.because == "text" and row.score is not None:
        return words.text("read alike {score}", score=f"{row.score:.2f}")
    return words.text(f"because:{row.because}") if row.because in _BECAUSE else row.because
