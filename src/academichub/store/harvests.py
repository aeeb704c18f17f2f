"""Where a harvest has come to, so that it goes on after its process died."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.tables import fetches, harvests, sources
from academichub.errors import SourceUnknown
from academichub.model.shelf import FetchStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from academichub.errors import AcademicHubError
    from academichub.store.rows import SqlRow


@dataclass(frozen=True, slots=True)
class OpenHarvest:
    """A harvest that is under way, or ended."""

    harvest_id: int
    source_id: int
    run: str
    purpose: str
    since: date | None
    until: date | None
    step: Mapping[str, Any] | None  # the next question; None before the first and after the last
    status: FetchStatus
    seen: int
    total: int | None
    pages: int  # since it was first begun, those before a restart included
    restarts: int
    started_at: datetime
    error_code: str | None  # why it stands still; None while it gets on

    def page_run(self, fingerprint: str) -> str:
        """Name the fetch of the page that comes next."""
        return f"{self.run}#{self.restarts}.{self.pages}:{fingerprint[:16]}"


def open_harvest(
    connection: sa.Connection,
    *,
    source_id: int,
    run: str,
    purpose: str,
    since: date | None,
    until: date | None,
    now: datetime,
) -> OpenHarvest:
    """Start a harvest, or find the one of that name.

    Raises:
        SourceUnknown: Somebody removed the source.
    """
    # Held until the transaction ends, so that it cannot vanish between the look and the insert.
    if connection.execute(HELD_SOURCE, {"source_id": source_id}).first() is None:
        raise SourceUnknown(source=run.partition("@")[0], suggestion=None)
    connection.execute(
        insert_ignore(connection.dialect, harvests),
        [
            {
                "source_id": source_id,
                "run": run,
                "purpose": purpose,
                "since": since,
                "until": until,
                "step": None,
                "status": FetchStatus.RUNNING.value,
                "seen": 0,
                "pages": 0,
                "restarts": 0,
                "started_at": now,
                "touched_at": now,
            }
        ],
    )
    return _opened(connection.execute(sa.select(harvests).where(harvests.c.run == run)).one())


def move_on(
    connection: sa.Connection,
    harvest: OpenHarvest,
    *,
    step: Mapping[str, Any] | None,
    entries: int,
    total: int | None,
    now: datetime,
) -> bool:
    """Write down that a page is on the shelves, and which question comes next.

    Says whether it was: another process may have taken the page first, and then its word stands.
    """
    values: dict[str, Any] = {
        "step": step,
        "seen": harvests.c.seen + entries,
        "pages": harvests.c.pages + 1,
        "touched_at": now,
        "status": (FetchStatus.RUNNING if step is not None else FetchStatus.OK).value,
        "error_code": None,
        "error_facts": None,
    }
    if total is not None:
        values["total"] = total
    return bool(connection.execute(_where_it_was(harvest).values(**values)).rowcount)


def begin_again(connection: sa.Connection, harvest: OpenHarvest, *, now: datetime) -> None:
    """Go back to the first question: the server has forgotten where we were."""
    connection.execute(
        _where_it_was(harvest).values(
            step=sa.null(), seen=0, restarts=harvests.c.restarts + 1, touched_at=now
        )
    )


def give_up(
    connection: sa.Connection, harvest: OpenHarvest, *, error: AcademicHubError, now: datetime
) -> None:
    """Write down why a harvest stands still; asked for again under its name, it goes on from there."""
    connection.execute(
        _where_it_was(harvest).values(
            status=FetchStatus.FAILED.value,
            error_code=error.code,
            error_facts=error.facts,
            touched_at=now,
        )
    )


def close_left(connection: sa.Connection, harvest: OpenHarvest, *, but_run: str, now: datetime) -> int:
    """Close pages that a vanished process left half shelved; give how many there were.

    A page that is asked for again rarely has the same bytes: OAI-PMH dates its answers to the second.
    """
    closed = connection.execute(
        sa.update(fetches)
        .where(
            fetches.c.run >= f"{harvest.run}#",
            fetches.c.run < f"{harvest.run}$",  # the sign after "#"
            fetches.c.run != but_run,
            fetches.c.status == FetchStatus.RUNNING.value,
        )
        .values(status=FetchStatus.INTERRUPTED.value, finished_at=now)
    )
    return int(closed.rowcount)


def newest_unfinished(connection: sa.Connection, source_id: int, *, purpose: str) -> OpenHarvest | None:
    """Give a source's newest harvest that has not come to its end; None where all have."""
    row = connection.execute(UNFINISHED, {"source_id": source_id, "purpose": purpose}).first()
    return None if row is None else _opened(row)


def _where_it_was(harvest: OpenHarvest) -> sa.Update:
    """Change a harvest only where it still is at the page that the caller knows of."""
    return sa.update(harvests).where(
        harvests.c.id == harvest.harvest_id,
        harvests.c.pages == harvest.pages,
        harvests.c.restarts == harvest.restarts,
        harvests.c.status != FetchStatus.OK.value,
    )


def _opened(row: SqlRow) -> OpenHarvest:
    return OpenHarvest(
        harvest_id=row.id,
        source_id=row.source_id,
        run=row.run,
        purpose=row.purpose,
        since=row.since,
        until=row.until,
        step=row.step,
        status=FetchStatus(row.status),
        seen=row.seen,
        total=row.total,
        pages=row.pages,
        restarts=row.restarts,
        started_at=row.started_at,
        error_code=row.error_code,
    )


HELD_SOURCE = (
    sa.select(sources.c.id)
    .where(sources.c.id == sa.bindparam("source_id"))
    .with_for_update(read=True, key_share=True)
)
UNFINISHED = (
    sa.select(harvests)
    .where(
        harvests.c.source_id == sa.bindparam("source_id"),
        harvests.c.purpose == sa.bindparam("purpose"),
        harvests.c.status != FetchStatus.OK.value,
    )
    .order_by(harvests.c.id.desc())
    .limit(1)
)
