"""The form that makes a radar, and what it would have caught."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from academichub.errors import LibraryUnreadable, QueryInvalid, RadarInvalid
from academichub.model.query import QueryFault
from academichub.model.radar import DEFAULT_THRESHOLD, RuleRole
from academichub.model.taxonomy import archives, groups
from academichub.text.language import guess
from academichub.web.address import quote
from academichub.web.views.desk import Option
from academichub.web.views.names import scheme_name
from academichub.web.views.why import per_cent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.errors import AcademicHubError
    from academichub.model.radarpages import (
        Found,
        LibraryReport,
        Preview,
        PreviewRow,
        SeedLine,
        StartingPoint,
    )
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

_STEP_WIDTH: Final = 120  # of the longest bar of the preview's steps
_BROKEN_SHOWN: Final = 50
_WARNINGS: Final = frozenset({"no-likes", "nothing-stored", "words-only"})
# How a paper that is on the shelves was found; any other way is an identifier's.
_HOWS: Final = frozenset({"title", "text"})
_FAULTS: Final = frozenset(
    {"empty", "too-long", "too-many", "no-words", "not-between-0-and-1", "no-such-collection"}
)
# The fields that stand behind "more": it is open where one of them has been used.
MORE: Final = {
    "rule": ("rule",),
    "follow": ("authors", "institutions", "venues"),
    "limits": (
        *("include_fields", "exclude_fields", "include_sources", "exclude_sources"),
        *("exclude_terms", "quota"),
    ),
}
_FIELDS: Final = frozenset(
    {
        "name",
        "text",
        "papers",
        "threshold",
        "library",
        "collection",
        *(name for names in MORE.values() for name in names),
    }
)
_FIELD_BY_ATTRIBUTE: Final = {"follows": "authors", "interest": "text"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a query cannot be read: what stands before, what is wrong, and what follows."""

    before: str
    wrong: str
    after: str
    words: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a form, by field."""

    by_field: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """One threshold, and what it would let through."""

    value: str
    label: str
    count: str
    width: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class CaughtView:
    """One paper that the radar would have shown."""

    href: str
    title: Markup
    language: str
    match: str
    listed: str
    because: tuple[tuple[str, str], ...]  # words and their language


@dataclass(frozen=True, slots=True)
class FoundView:
    """What became of one line that names a paper."""

    asked: str
    title: str
    language: str
    href: str
    how: str
    health: str


@dataclass(frozen=True, slots=True)
class LibraryView:
    """What became of a library."""

    sentence: str
    broken: tuple[tuple[str, str, str], ...]  # where, entry, reason
    more: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What the radar would have caught in the last days."""

    caught: str
    of: str
    nothing: str  # said where the threshold lets nothing through
    warnings: tuple[str, ...]
    understood: str
    unknown: str
    steps: tuple[StepView, ...]
    rows: tuple[CaughtView, ...]
    found: tuple[FoundView, ...]
    library: LibraryView | None


@dataclass(frozen=True, slots=True)
class SeedView:
    """A paper that stands for the radar."""

    seed_id: int
    title: str
    language: str
    href: str
    meta: str


@dataclass(frozen=True, slots=True)
class StartView:
    """A ready-made interest."""

    href: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MakerView:
    """The page on which a radar is made or changed."""

    title: str
    is_new: bool
    action: str
    back: str
    back_label: str
    typed: Mapping[str, str]
    roles: tuple[Option, ...]
    opened: Mapping[str, bool]
    wrong: Mapping[str, str]
    fault: Fault | None
    is_library_lost: bool  # chosen, and not in the page: to be chosen again
    preview: PreviewView | None
    starts: tuple[tuple[str, tuple[StartView, ...]], ...]
    seeds: tuple[SeedView, ...]
    seeds_tally: str
    seeds_action: str
    notice: str


@dataclass(frozen=True, slots=True)
class Making:
    """What the page is made from."""

    typed: Mapping[str, str]
    key: str | None = None  # None: a new radar
    name: str = ""
    wrong: Wrong = field(default_factory=Wrong)
    preview: Preview | None = None
    seeds: tuple[SeedLine, ...] = ()
    starts: tuple[StartingPoint, ...] = ()
    started: str = ""
    is_library_lost: bool = False
    is_live: bool = False


def build_maker(making: Making, visit: Visit) -> MakerView:
    """Build the page on which a radar is made or changed."""
    words, key, suffix = visit.words, making.key, visit.suffix
    home = f"/radars/{quote(key)}" if key else "/radars"
    typed = {**making.typed, "library": ""} if making.is_live else making.typed
    role = typed["rule_role"] or RuleRole.PART.value
    return MakerView(
        title=words.text("A new radar") if key is None else words.text("Edit “{name}”", name=making.name),
        is_new=key is None,
        action=f"/radars/new{suffix}" if key is None else f"{home}/edit{suffix}",
        back=f"{home}{suffix}",
        back_label=making.name if key else words.text("Radars"),
        typed={**typed, "threshold": typed["threshold"].strip() or f"{DEFAULT_THRESHOLD * 100:.4g}"},
        roles=tuple(
            Option(one.value, words.text(f"rule role:{one.value}"), is_chosen=one.value == role)
            for one in (RuleRole.PART, RuleRole.FILTER)
        ),
        opened={
            part: any(typed[name].strip() or name in making.wrong.by_field for name in names)
            for part, names in MORE.items()
        },
        wrong=making.wrong.by_field,
        fault=making.wrong.fault,
        is_library_lost=making.is_library_lost,
        preview=_preview(making.preview, typed["threshold"], visit) if making.preview else None,
        starts=_starts(making, visit) if key is None else (),
        seeds=tuple(_seed(line, visit) for line in making.seeds),
        seeds_tally=words.count("{n} paper", "{n} papers", len(making.seeds)),
        seeds_action=f"{home}{suffix}",
        notice=words.text("done:unseeded") if visit.parameters.get("done") == "unseeded" else "",
    )


# -- what is wrong ----------------------------------------------------------------------------------


def wrong_of(error: AcademicHubError, words: Catalogue) -> Wrong:
    """Put an error of the hub beside the field that it is about."""
    if isinstance(error, QueryInvalid):
        fault = _fault(error, words)
        return Wrong({"rule": fault.words}, fault)
    if isinstance(error, RadarInvalid):
        name = str(error.facts.get("field", ""))
        name = _FIELD_BY_ATTRIBUTE.get(name, name)
        said = words.text("This cannot be kept: {reason}.", reason=_reason(error, words))
        return Wrong({name if name in _FIELDS else "text": said})
    said = words.error(error.code, error.facts)
    return Wrong({"library" if isinstance(error, LibraryUnreadable) else "text": said})


def _reason(error: RadarInvalid, words: Catalogue) -> str:
    reason, value = str(error.facts.get("reason", "")), str(error.facts.get("value") or "")
    if reason in _FAULTS:
        reason = words.text(f"radar fault:{reason}")
    elif reason in set(QueryFault):
        reason = words.text(f"query fault:{reason}", suggestion="")
    return f"{reason} ({value})" if value else reason


def _fault(error: QueryInvalid, words: Catalogue) -> Fault:
    facts = error.facts
    query, column, length = str(facts.get("query", "")), facts.get("column"), facts.get("length")
    start = min(max(column - 1, 0), len(query)) if isinstance(column, int) else 0
    end = start + max(length, 1) if isinstance(length, int) else start + 1
    reason = str(facts.get("reason", ""))
    if reason in set(QueryFault):
        reason = words.text(f"query fault:{reason}", suggestion=str(facts.get("suggestion") or ""))
    return Fault(
        before=query[:start],
        wrong=query[start:end] or " ",
        after=query[end:],
        words=words.error(error.code, {**facts, "reason": reason}),
    )


# -- what it would have caught ----------------------------------------------------------------------


def _preview(preview: Preview, threshold: str, visit: Visit) -> PreviewView:
    words = visit.words
    papers = words.count("{n} paper", "{n} papers", preview.shown)
    return PreviewView(
        caught=words.text("{papers} in the last {days} days", papers=papers, days=preview.days),
        of=words.text("of {n} that came", n=f"{preview.candidates:,}"),
        nothing=_nothing(preview, threshold, words),
        warnings=tuple(
            words.text(f"warning:{code}") if code in _WARNINGS else code for code in preview.warnings
        ),
        understood=preview.english,
        unknown=words.text("list comma").join(preview.unknown),
        steps=_steps(preview.steps, threshold),
        rows=tuple(_caught(row, visit) for row in preview.rows),
        found=tuple(_found(one, visit) for one in preview.found),
        library=_library(preview.library, words) if preview.library else None,
    )


def _nothing(preview: Preview, threshold: str, words: Catalogue) -> str:
    if preview.shown or not preview.rows:
        return ""
    best = per_cent(max(row.match for row in preview.rows))
    return words.text(
        "Nothing reaches {threshold}: the best match is {best}. Choose a lower threshold.",
        threshold=f"{threshold.strip().removesuffix('%').strip() or f'{DEFAULT_THRESHOLD * 100:.4g}'}%",
        best=best,
    )


def _steps(steps: Sequence[tuple[float, int]], threshold: str) -> tuple[StepView, ...]:
    most = max((count for _, count in steps), default=0) or 1
    chosen = threshold.strip().removesuffix("%").strip()
    return tuple(
        StepView(
            value=f"{at * 100:.4g}",
            label=f"{at * 100:.4g}%",
            count=f"{count:,}",
            # The square root lets the few of a high threshold be seen beside the many of a low one.
            width=f"{_STEP_WIDTH * (count / most) ** 0.5:.1f}",
            is_here=f"{at * 100:.4g}" == chosen,
        )
        for at, count in steps
    )


def _caught(row: PreviewRow, visit: Visit) -> CaughtView:
    return CaughtView(
        href=f"/p/{row.work_id}{visit.suffix}",
        title=Markup(row.title_html),  # noqa: S704 - sanitised when it was shelved
        language=row.language,
        match=per_cent(row.match),
        listed=visit.words.day(row.listed_on),
        because=tuple((reason, guess(reason)) for reason in row.because),
    )


def _found(found: Found, visit: Visit) -> FoundView:
    words = visit.words
    if found.work_id is not None and found.how in _HOWS:
        health, how = "ok", words.text(f"found by:{found.how}")
    elif found.work_id is not None:
        health, how = "ok", words.text("found by {scheme}", scheme=scheme_name(found.how))
    elif found.title:
        health, how = "quiet", words.text("not on the shelves; its text is used")
    else:
        health, how = "failing", words.text("not found, and not used")
    title = found.title or found.asked
    return FoundView(
        asked=found.asked if found.title and found.asked != found.title else "",
        title=title,
        language=guess(title),
        href=f"/p/{found.work_id}{visit.suffix}" if found.work_id is not None else "",
        how=how,
        health=health,
    )


def _library(report: LibraryReport, words: Catalogue) -> LibraryView:
    parts = [
        words.count("{n} entry read", "{n} entries read", report.entries),
        words.count("{n} is on the shelves", "{n} are on the shelves", report.matched),
        words.count("{n} is new to the radar", "{n} are new to the radar", report.added),
    ]
    if report.broken:
        parts.append(words.count("{n} could not be read", "{n} could not be read", len(report.broken)))
    more = len(report.broken) - _BROKEN_SHOWN
    return LibraryView(
        sentence=words.text(
            "{name} ({format}): {account}.",
            name=report.name,
            format=report.format,
            account=words.text("list separator").join(parts),
        ),
        broken=tuple(
            (words.text("{name}, line {line}", name=report.name, line=line), entry, reason)
            for line, entry, reason in report.broken[:_BROKEN_SHOWN]
        ),
        more=words.count("{n} more entry", "{n} more entries", more) if more > 0 else "",
    )


# -- seeds and starting points ----------------------------------------------------------------------


def _seed(line: SeedLine, visit: Visit) -> SeedView:
    seed, words = line.seed, visit.words
    title = seed.title or seed.label
    meta = [words.text(f"seed:{seed.kind.value}"), seed.origin, seed.label if seed.label != title else ""]
    if seed.work_id is None:
        meta.append(words.text("not on the shelves; its text is used"))
    return SeedView(
        seed_id=line.seed_id,
        title=title,
        language=guess(title),
        href=f"/p/{seed.work_id}{visit.suffix}" if seed.work_id is not None else "",
        meta=" · ".join(part for part in meta if part),
    )


def _starts(making: Making, visit: Visit) -> tuple[tuple[str, tuple[StartView, ...]], ...]:
    """Group the starting points by field, in the order the hub gives them."""
    groups: dict[str, list[StartView]] = {}
    for start in making.starts:
        groups.setdefault(field_name(start.field, visit.words), []).append(
            StartView(
                href=f"/radars/new?start={quote(start.key)}{visit.suffix.replace('?', '&')}",
                name=start.name_zh if visit.words.language == "zh" else start.name_en,
                is_chosen=start.key == making.started,
            )
        )
    return tuple((name, tuple(starts)) for name, starts in groups.items())


def field_name(name: str, words: Catalogue) -> str:
    """Give the name of an archive or a group of arXiv in the reader's language; else what it is called."""
    titles = {one.name: (one.title_zh, one.title_en) for one in archives()}
    titles |= {one.name.removeprefix("grp_"): (one.title_zh, one.title_en) for one in groups()}
    zh, en = titles.get(name, (name, name))
    return zh if words.language == "zh" else en
