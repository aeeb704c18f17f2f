"""Sources: how each is doing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from academichub.model.shelf import Health
from academichub.web.views.card import category_title
from academichub.web.views.names import provider_name

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.model.shelf import DayMark, SourceRow, SourcesPage
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

# One square of the thirty-day strip: its step, and half-height marks for days that were quiet.
SQUARE_STEP: Final = 7
STRIP_WIDTH: Final = SQUARE_STEP * 30
_FULL: Final = 16
_HEIGHT_BY_HEALTH: Final = {Health.OK: _FULL, Health.FAILING: _FULL, Health.LATE: 10, Health.QUIET: 4}
_KINDS: Final = frozenset({"arxiv", "feed", "api", "service", "file"})
# Files come by hand; services are asked when papers lack something.
_UNFETCHED: Final = frozenset({"file", "service"})
_BECAUSE: Final = frozenset({"refused", "not_found", "unreadable"})
_TENTHS_BELOW: Final = 10
_WORST_FIRST: Final = (Health.FAILING, Health.LATE, Health.NEVER, Health.OK, Health.QUIET, Health.PAUSED)


@dataclass(frozen=True, slots=True)
class Square:
    """One day of a source's strip, in user units."""

    x: int
    y: int
    height: int
    health: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the table."""

    key: str
    href: str
    title: str
    kind: str
    note: str  # under the title: an arXiv category's name, else the kind
    address: str
    health: str
    label: str
    paused: bool
    last_ok: str
    last_ok_iso: str
    next_due: str
    strip: tuple[Square, ...]
    strip_title: str
    per_day: str
    latency: str
    error: str
    parked: str  # why it is left alone, until when, and how its papers come meanwhile
    waiting: str
    quarantined: str
    is_fetched: bool
    is_removable: bool
    is_pausable: bool


@dataclass(frozen=True, slots=True)
class HealthCount:
    """How many sources are in one state."""

    health: str
    label: str
    count: str


@dataclass(frozen=True, slots=True)
class SourcesView:
    """The page of all sources."""

    title: str
    tally: str
    counts: tuple[HealthCount, ...]
    next_due: str
    works: str
    is_worker_alive: bool
    sources: tuple[SourceLine, ...]
    services: tuple[SourceLine, ...]
    strip_width: int
    notice: str
    action: str
    add: str
    export: str
    review: str
    review_label: str  # "" where nothing waits


def build_sources(page: SourcesPage, visit: Visit, *, now: datetime, doubts: int) -> SourcesView:
    """Build the page of all sources; `doubts` pairs of works wait for a person."""
    words = visit.words
    sources = [row for row in page.sources if row.kind != "service"]
    number_by_health = Counter(row.health for row in sources)
    return SourcesView(
        title=words.text("Sources"),
        tally=words.count("{n} source", "{n} sources", len(sources)),
        counts=tuple(
            HealthCount(health.value, words.text(f"health:{health.value}"), str(number_by_health[health]))
            for health in _WORST_FIRST
            if number_by_health[health]
        ),
        # One that is overdue is asked as soon as its turn at the gate comes.
        next_due=words.text("Next fetch {when}", when=words.ago(max(page.next_due_at, now), now))
        if page.next_due_at
        else "",
        works=words.count("{n} paper on the shelves", "{n} papers on the shelves", page.works),
        is_worker_alive=page.is_worker_alive,
        sources=tuple(source_line(row, visit, now) for row in sources),
        services=tuple(source_line(row, visit, now) for row in page.sources if row.kind == "service"),
        strip_width=STRIP_WIDTH,
        notice=source_notice(visit),
        action=f"/sources{visit.suffix}",
        add=f"/sources/add{visit.suffix}",
        export="/sources.opml",
        review=f"/review{visit.suffix}",
        review_label=words.count("{n} pair of works may be one", "{n} pairs of works may be one", doubts)
        if doubts
        else "",
    )


def source_notice(visit: Visit) -> str:
    """Say what a form about sources has just done."""
    words, done = visit.words, visit.parameters.get("done", "")
    if done == "asked":
        count = visit.parameters.get("count", "")
        n = int(count) if count.isascii() and count.isdigit() and len(count) < len("1000000") else 1
        return words.count("{n} source will be fetched now.", "{n} sources will be fetched now.", n)
    if done in {"paused", "resumed", "removed", "added"}:
        return words.text(f"done:{done}")
    return ""


def source_line(row: SourceRow, visit: Visit, now: datetime) -> SourceLine:
    """Write one source as the table shows it."""
    words = visit.words
    last_ok = row.last_ok_at.astimezone(now.tzinfo) if row.last_ok_at else None
    return SourceLine(
        key=row.key,
        href=f"/sources/{quote(row.key, safe=':')}{visit.suffix}",
        title=shown_title(row.key, row.title, words),
        kind=_kind(row, words),
        note=_note(row, words),
        address=row.url,
        health=row.health.value,
        label=words.text(f"health:{row.health.value}"),
        paused=row.paused,
        last_ok=words.ago(last_ok, now) if last_ok else "",
        last_ok_iso=last_ok.isoformat(timespec="minutes") if last_ok else "",
        next_due=words.ago(row.next_due_at, now) if row.next_due_at and not row.paused else "",
        strip=tuple(_square(mark, place) for place, mark in enumerate(row.strip)),
        strip_title=_strip_title(row, words),
        per_day=_per_day(row.new_per_day),
        latency=words.text("{seconds} s", seconds=f"{row.latency_p95_ms / 1000:.1f}")
        if row.latency_p95_ms
        else "",
        error=words.error(row.error_code, row.error_facts) if row.error_code else "",
        parked=_parked(row, words, now),
        waiting=f"{row.waiting:,}",
        quarantined=words.count("{n} in quarantine", "{n} in quarantine", row.quarantined)
        if row.quarantined
        else "",
        is_fetched=row.kind not in _UNFETCHED,
        is_removable=row.kind not in _UNFETCHED,
        is_pausable=row.kind != "file",
    )


def _kind(row: SourceRow, words: Catalogue) -> str:
    kind = words.text(f"source kind:{row.kind}") if row.kind in _KINDS else row.kind
    provider = provider_name(row.connector) if row.connector else ""
    # A service is named after its provider already.
    return f"{kind} · {provider}" if provider and row.kind != "service" else kind


def _note(row: SourceRow, words: Catalogue) -> str:
    if row.kind in {"file", "service"}:  # their titles say it
        return ""
    name = row.key.removeprefix("arxiv:") if row.kind == "arxiv" else ""
    return category_title(name, words) or _kind(row, words)


def _parked(row: SourceRow, words: Catalogue, now: datetime) -> str:
    """Say why a source is left alone, until when, and how its papers come meanwhile; "" where it is not."""
    if row.parked_because == "gone":
        return words.text("No longer asked: it says that it is gone for good.")
    until = row.parked_until.astimezone(now.tzinfo) if row.parked_until else None
    if until is None or until <= now:
        return ""
    because = row.parked_because if row.parked_because in _BECAUSE else "refused"
    said = words.text(f"parked:{because}", day=words.day_of(until.date(), now.year))
    if not row.way_round:
        return said + words.text("full stop")
    return words.text(
        "{state}; its papers come through {provider} meanwhile.",
        state=said,
        provider=provider_name(row.way_round),
    )


def shown_title(key: str, title: str, words: Catalogue) -> str:
    """Give a source's title; saved files have no title of their own."""
    return words.text("source kind:file") if key == "file" else title or key


def _per_day(mean: float) -> str:
    """Write a mean; its tenths matter below ten a day."""
    return f"{mean:.1f}" if 0 < mean < _TENTHS_BELOW else f"{mean:.0f}"


def _strip_title(row: SourceRow, words: Catalogue) -> str:
    number_by_health = Counter(mark.health for mark in row.strip)
    parts = [
        words.text("{state}: {n}", state=words.text(f"health:{health.value}"), n=number_by_health[health])
        for health in _WORST_FIRST
        if number_by_health[health]
    ]
    return (
        words.text("Last thirty days, in days") + words.text("colon") + words.text("list comma").join(parts)
    )


def _square(mark: DayMark, place: int) -> Square:
    height = _HEIGHT_BY_HEALTH.get(mark.health, 1)
    return Square(x=place * SQUARE_STEP, y=_FULL - height, height=height, health=mark.health.value)
