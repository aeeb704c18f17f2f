"""One source: how it is doing, what its first answer held, its log and its quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from academichub.model.shelf import FetchStatus
from academichub.web.views.sources import STRIP_WIDTH, source_line, source_notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.shelf import FetchRow, QuarantineRow, SourceDetail
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.sources import SourceLine

# How formats write themselves; the rest is shown as the parser names it.
_FORMATS: Final[Mapping[str, str]] = {"rss": "RSS", "atom": "Atom", "json": "JSON", "rdf": "RDF"}
_MOST: Final = 0.5  # of the entries


@dataclass(frozen=True, slots=True)
class CheckedView:
    """What the first answer was found to hold, in short, and what follows from it."""

    at: str
    parts: tuple[str, ...]
    verdict: str
    is_good: bool


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
    checked: CheckedView | None
    strip_width: int
    log: tuple[LogLine, ...]
    quarantine: tuple[QuarantineLine, ...]
    notice: str
    action: str
    back: str


def build_source(detail: SourceDetail, visit: Visit, *, now: datetime) -> SourceView:
    """Build the page of one source."""
    words = visit.words
    line = source_line(detail.source, visit, now)
    return SourceView(
        title=line.title,
        source=line,
        checked=_checked(detail.source.checked, words, now) if detail.source.checked else None,
        strip_width=STRIP_WIDTH,
        log=tuple(_log_line(row, words, now) for row in detail.log),
        quarantine=tuple(_quarantine_line(row, words, now) for row in detail.quarantine),
        notice=source_notice(visit),
        action=f"/sources{visit.suffix}",
        back=f"/sources{visit.suffix}",
    )


# -- the first answer -----------------------------------------------------------------------------


def _checked(checked: Mapping[str, Any], words: Catalogue, now: datetime) -> CheckedView:
    """Write a verdict that another version of the hub may have stored: what is not there is left out."""
    at = _instant(checked.get("at"), words, now)
    if "error" in checked:
        facts = checked.get("facts")
        said = words.error(str(checked["error"]), facts if isinstance(facts, dict) else {})
        return CheckedView(at=at, parts=(), verdict=said, is_good=False)
    entries, rejected = _number(checked.get("entries")), _number(checked.get("rejected"))
    parts = [f"HTTP {status}" if (status := _number(checked.get("status"))) else "", _format(checked)]
    parts.append(words.count("{n} entry", "{n} entries", entries))
    if rejected:
        parts.append(words.count("{n} could not be read", "{n} could not be read", rejected))
    shares = {name: _share(checked.get(name)) for name in ("doi", "date", "authors", "abstract")}
    parts += [
        words.text(f"share:{name}", share=f"{share:.0%}")
        for name, share in shares.items()
        if share is not None
    ]
    return CheckedView(
        at=at,
        parts=tuple(part for part in parts if part),
        verdict=_verdict(entries, shares, words),
        is_good=bool(entries),
    )


def _verdict(entries: int, shares: Mapping[str, float | None], words: Catalogue) -> str:
    if not entries:
        return words.text("The answer was in order and empty.")
    if (shares["abstract"] or 0.0) >= _MOST:
        return words.text("It brings abstracts itself.")
    if (shares["doi"] or 0.0) >= _MOST:
        return words.text("Most entries have no abstract; they are completed by DOI.")
    return words.text("Most entries have neither abstract nor DOI; titles and links are what it gives.")


def _instant(value: object, words: Catalogue, now: datetime) -> str:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return ""
    return words.stamp(at.astimezone(now.tzinfo)) if at is not None and at.tzinfo else ""


def _number(value: object) -> int:
    return value if type(value) is int and value >= 0 else 0


def _share(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return min(max(float(value), 0.0), 1.0)


def _format(checked: Mapping[str, Any]) -> str:
    said = checked.get("format")
    if not isinstance(said, str):
        return ""
    first, _, rest = said.partition(" ")
    return f"{_FORMATS.get(first, first)} {rest.replace('feed', 'Feed')}".strip()


# -- the log --------------------------------------------------------------------------------------


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
