"""Sources: how each is doing, and one source's log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from academichub.model.shelf import FetchStatus, Health

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.errors import AcademicHubError
    from academichub.model.shelf import DayMark, FetchRow, QuarantineRow, SourceDetail, SourceRow, SourcesPage
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

# One square of the thirty-day strip: its step, and half-height marks for days that were quiet.
SQUARE_STEP: Final = 7
_FULL: Final = 16
_HEIGHT_BY_HEALTH: Final = {Health.OK: _FULL, Health.FAILING: _FULL, Health.LATE: 10, Health.QUIET: 4}
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
    quarantined: str
    is_fetched: bool  # files are not: they come by hand


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
    strip_width: int
    notice: str
    url: str
    url_error: str
    action: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """One fetch, and what became of what it brought."""

    at: str
    at_iso: str
    status: str
    label: str
    answer: str
    size: str
    elapsed: str
    received: str
    account: str
    error: str


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    """One entry that could not become a paper."""

    at: str
    position: int
    title: str
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """The page of one source."""

    title: str
    source: SourceLine
    kind: str
    strip_width: int
    log: tuple[LogLine, ...]
    quarantine: tuple[QuarantineLine, ...]
    notice: str
    action: str
    back: str


def build_sources(
    page: SourcesPage, visit: Visit, *, now: datetime, url: str = "", refused: AcademicHubError | None = None
) -> SourcesView:
    """Build the page of all sources; `refused` says why the address in the form was not taken."""
    words = visit.words
    number_by_health = Counter(row.health for row in page.sources)
    return SourcesView(
        title=words.text("Sources"),
        tally=words.count("{n} source", "{n} sources", len(page.sources)),
        counts=tuple(
            HealthCount(health.value, words.text(f"health:{health.value}"), str(number_by_health[health]))
            for health in _WORST_FIRST
            if number_by_health[health]
        ),
        next_due=words.text("Next fetch {when}", when=words.ago(page.next_due_at, now))
        if page.next_due_at
        else "",
        works=words.count("{n} paper on the shelves", "{n} papers on the shelves", page.works),
        is_worker_alive=page.is_worker_alive,
        sources=tuple(_line(row, visit, now) for row in page.sources),
        strip_width=SQUARE_STEP * 30,
        notice=_notice(visit),
        url=url,
        url_error=words.error(refused.code, refused.facts) if refused else "",
        action=f"/sources{visit.suffix}",
    )


def build_source(detail: SourceDetail, visit: Visit, *, now: datetime) -> SourceView:
    """Build the page of one source."""
    words = visit.words
    line = _line(detail.source, visit, now)
    return SourceView(
        title=line.title,
        source=line,
        kind=words.text(f"source kind:{detail.source.kind}"),
        strip_width=SQUARE_STEP * 30,
        log=tuple(_log_line(row, words, now) for row in detail.log),
        quarantine=tuple(_quarantine_line(row, words, now) for row in detail.quarantine),
        notice=_notice(visit),
        action=f"/sources{visit.suffix}",
        back=f"/sources{visit.suffix}",
    )


def _notice(visit: Visit) -> str:
    words, done = visit.words, visit.parameters.get("done", "")
    if done == "asked":
        count = visit.parameters.get("count", "")
        n = int(count) if count.isascii() and count.isdigit() and len(count) < len("1000000") else 1
        return words.count("{n} source will be fetched now.", "{n} sources will be fetched now.", n)
    if done in {"paused", "resumed", "removed", "added"}:
        return words.text(f"done:{done}")
    return ""


def _line(row: SourceRow, visit: Visit, now: datetime) -> SourceLine:
    words = visit.words
    last_ok = row.last_ok_at.astimezone(now.tzinfo) if row.last_ok_at else None
    return SourceLine(
        key=row.key,
        href=f"/sources/{quote(row.key, safe=':')}{visit.suffix}",
        title=shown_title(row.key, row.title, words),
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
        quarantined=words.count("{n} in quarantine", "{n} in quarantine", row.quarantined)
        if row.quarantined
        else "",
        is_fetched=row.kind != "file",
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


def _log_line(row: FetchRow, words: Catalogue, now: datetime) -> LogLine:
    started = row.started_at.astimezone(now.tzinfo)
    return LogLine(
        at=words.stamp(started),
        at_iso=started.isoformat(timespec="seconds"),
        status=row.status.value,
        label=words.text(f"fetch:{row.status.value}"),
        answer=f"HTTP {row.http_status}" if row.http_status else "",
        size=_size(row.byte_count),
        elapsed=""
        if row.status is FetchStatus.RUNNING
        else words.text("{seconds} s", seconds=f"{row.elapsed_ms / 1000:.1f}"),
        received=f"{row.account.received:,}" if row.account.received else "",
        account=_account(row, words),
        error=words.error(row.error_code, row.error_facts) if row.error_code else "",
    )


def _account(row: FetchRow, words: Catalogue) -> str:
    account = row.account
    if not account.received:
        return ""
    return words.text(
        "{received} = {new} new + {revised} revised + {twin} twins + {unchanged} same + {rejected} rejected",
        received=account.received,
        new=account.new,
        revised=account.revised,
        twin=account.twin,
        unchanged=account.unchanged,
        rejected=account.rejected,
    )


def _size(byte_count: int) -> str:
    if not byte_count:
        return ""
    return f"{byte_count / 1024:,.0f} kB" if byte_count >= 1024 else f"{byte_count} B"  # noqa: PLR2004 - 1 kB


def _quarantine_line(row: QuarantineRow, words: Catalogue, now: datetime) -> QuarantineLine:
    return QuarantineLine(
        at=words.stamp(row.received_at.astimezone(now.tzinfo)),
        position=row.position + 1,
        title=row.title or row.external_id,
        reason=words.error(row.error_code, row.error_facts),
        excerpt=row.excerpt,
    )
