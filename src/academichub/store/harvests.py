"""Where a harvest has come to, so that it goes on after its process died."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.tables import harvests
from academichub.model.shelf import FetchStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from academichub.errors import AcademicHubError


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
    pages: int
    restarts: int


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
    """Start a harvest, or find the one of that name."""
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
    row = connection.execute(sa.select(harvests).where(harvests.c.run == run)).one()
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
    )


def move_on(
    connection: sa.Connection,
    harvest: OpenHarvest,
    *,
    step: Mapping[str, Any] | None,
    entries: int,
    total: int | None,
    now: datetime,
) -> None:
    """Write down that a page is on the shelves, and which question comes next."""
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
    connection.execute(sa.update(harvests).where(harvests.c.id == harvest.harvest_id).values(**values))


def begin_again(connection: sa.Connection, harvest: OpenHarvest, *, now: datetime) -> None:
    """Go back to the first question: the server has forgotten where we were."""
    connection.execute(
        sa.update(harvests)
        .where(harvests.c.id == harvest.harvest_id)
        .values(step=sa.null(), seen=0, restarts=harvests.c.restarts + 1, touched_at=now)
    )


def give_up(
    connection: sa.Connection, harvest: OpenHarvest, *, error: AcademicHubError, now: datetime
) -> None:
    """Write down why a harvest stands still; asked for again under its name, it goes on from there."""
    connection.execute(
        sa.update(harvests)
        .where(harvests.c.id == harvest.harvest_id)
        .values(
            status=FetchStatus.FAILED.value,
            error_code=error.code,
            error_facts=error.facts,
            touched_at=now,
        )
    )


def unfinished(connection: sa.Connection, source_id: int, *, purpose: str) -> list[str]:
    """List the names of a source's harvests that have not come to their end, oldest first."""
    rows = connection.execute(UNFINISHED, {"source_id": source_id, "purpose": purpose})
    return list(rows.scalars())


UNFINISHED = (
    sa.select(harvests.c.run)
    .where(
        harvests.c.source_id == sa.bindparam("source_id"),
        harvests.c.purpose == sa.bindparam("purpose"),
        harvests.c.status != FetchStatus.OK.value,
    )
    .order_by(harvests.c.id)
)
