"""The fetch log: what was asked, what came, and an account that always balances."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore, upsert
from academichub.db.tables import counters, fetches, quarantine, source_days, sources
from academichub.errors import SourceUnknown
from academichub.model.shelf import Account, FetchStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from academichub.errors import AcademicHubError
    from academichub.model.papers import Rejected

EXCERPT_CHARACTERS = 2000
UNFINISHED = (FetchStatus.RUNNING.value, FetchStatus.INTERRUPTED.value)


class Received(Enum):
    """How the entries of an answer count for the day on which it came."""

    REPLACES = auto()  # each answer of a feed repeats the one before: the last good one tells the day's count
    ADDS_UP = auto()  # files, and the pages of a harvest, are different things each time
    NOT_COUNTED = auto()  # what is brought from the past says nothing of today


@dataclass(frozen=True, slots=True)
class OpenFetch:
    """A fetch that is being worked on. `done` entries of its body are accounted for already."""

    fetch_id: int
    source_id: int
    run: str
    done: int
    account: Account
    is_finished: bool


def open_fetch(
    connection: sa.Connection,
    *,
    source_id: int,
    run: str,
    address: str,
    fingerprint: str | None,
    byte_count: int,
    now: datetime,
) -> OpenFetch:
    """Start a fetch, or continue the one of that name where the same bytes came again.

    A run whose body differs from the one it was opened with cannot be continued: the caller names a
    new run, and the old one is closed by `close_interrupted`.
    """
    connection.execute(
        insert_ignore(connection.dialect, fetches),
        [
            {
                "source_id": source_id,
                "run": run,
                "status": FetchStatus.RUNNING.value,
                "started_at": now,
                "address": address,
                "byte_count": byte_count,
                "elapsed_ms": 0,
                "fingerprint": fingerprint,
                **dict.fromkeys(("done", "received", "new", "revised", "twin", "unchanged", "rejected"), 0),
            }
        ],
    )
    row = connection.execute(sa.select(fetches).where(fetches.c.run == run)).one()
    return OpenFetch(
        fetch_id=row.id,
        source_id=row.source_id,
        run=run,
        done=row.done,
        account=account_of(row),
        is_finished=row.status not in UNFINISHED,
    )


def finished_run(connection: sa.Connection, run: str) -> tuple[FetchStatus, Account] | None:
    """Tell how a run ended, and what it brought; None where it was never made or never finished."""
    rows = connection.execute(FINISHED, {"run": run, "since": f"{run}:", "until": f"{run};"})
    row = rows.first()
    return None if row is None else (FetchStatus(row.status), account_of(row))


def has_address_under(connection: sa.Connection, prefix: str) -> bool:
    """Tell whether anything was taken in from an address that begins so."""
    found = sa.select(fetches.c.id).where(fetches.c.address.startswith(prefix, autoescape=True)).limit(1)
    return connection.execute(found).first() is not None


def hold(connection: sa.Connection, fetch: OpenFetch) -> int:
    """Keep a fetch's source from being removed while this transaction lasts.

    Returns:
        How many of the fetch's entries are accounted for by now, whoever did it.

    Raises:
        SourceUnknown: Somebody removed the source before.
    """
    # The source first, as in `remove_source`: two that lock in one order never wait for each other.
    connection.execute(HELD_SOURCE, {"source_id": fetch.source_id})
    found = connection.execute(DONE, {"fetch_id": fetch.fetch_id}).scalar_one_or_none()
    if found is None:
        raise SourceUnknown(source=fetch.run.partition("@")[0], suggestion=None)
    return int(found)


def add_to_account(connection: sa.Connection, fetch_id: int, part: Account) -> None:
    """Count a batch, in the transaction that shelves it."""
    columns = fetches.c
    connection.execute(
        sa.update(fetches)
        .where(columns.id == fetch_id)
        .values(
            done=columns.done + part.received,
            received=columns.received + part.received,
            new=columns.new + part.new,
            revised=columns.revised + part.revised,
            twin=columns.twin + part.twin,
            unchanged=columns.unchanged + part.unchanged,
            rejected=columns.rejected + part.rejected,
        )
    )


def put_in_quarantine(
    connection: sa.Connection,
    fetch: OpenFetch,
    rejected: Sequence[Rejected],
    *,
    now: datetime,
) -> None:
    """Keep entries that could not become papers, each with its reason."""
    rows = [
        {
            "fetch_id": fetch.fetch_id,
            "source_id": fetch.source_id,
            "received_at": now,
            "position": one.position,
            "external_id": storable(one.external_id)[:500],
            "title": storable(one.title)[:500],
            "error_code": one.error.code,
            "error_facts": {name: _storable_fact(fact) for name, fact in one.error.facts.items()},
            "excerpt": storable(one.excerpt)[:EXCERPT_CHARACTERS],
        }
        for one in rejected
    ]
    if rows:
        connection.execute(insert_ignore(connection.dialect, quarantine), rows)


def finish_fetch(
    connection: sa.Connection,
    fetch: OpenFetch,
    *,
    status: FetchStatus,
    now: datetime,
    http_status: int | None = None,
    elapsed_ms: int = 0,
    error: AcademicHubError | None = None,
    received: Received = Received.REPLACES,
) -> Account:
    """Close a fetch, count it for its day, and let every page know that something changed.

    One that another process has closed stays as it is.
    """
    row = connection.execute(sa.select(fetches).where(fetches.c.id == fetch.fetch_id).with_for_update()).one()
    account = account_of(row)
    if row.status not in UNFINISHED:
        return account
    connection.execute(
        sa.update(fetches)
        .where(fetches.c.id == fetch.fetch_id)
        .values(
            status=status.value,
            finished_at=now,
            http_status=http_status,
            elapsed_ms=elapsed_ms,
            error_code=error.code if error else None,
            error_facts=error.facts if error else None,
        )
    )
    touch_pages(connection)
    if received is Received.NOT_COUNTED:
        return account
    adds_up = received is Received.ADDS_UP
    takes = status is FetchStatus.OK and not adds_up
    connection.execute(
        upsert(
            connection,
            source_days,
            add=("good", "quiet", "failed", "new", "rejected", *(("received",) if adds_up else ())),
            take=("received",) if takes else (),
        ),
        [
            {
                "day": now.date(),
                "source_id": fetch.source_id,
                "good": int(status is FetchStatus.OK),
                "quiet": int(status in {FetchStatus.EMPTY, FetchStatus.UNCHANGED}),
                "failed": int(status is FetchStatus.FAILED),
                "received": account.received,
                "new": account.new,
                "rejected": account.rejected,
            }
        ],
    )
    return account


def close_interrupted(connection: sa.Connection, source_id: int, *, but_run: str, now: datetime) -> int:
    """Close fetches of a source that a vanished process left running; give how many there were."""
    closed = connection.execute(
        sa.update(fetches)
        .where(
            fetches.c.source_id == source_id,
            fetches.c.status == FetchStatus.RUNNING.value,
            fetches.c.run != but_run,
        )
        .values(status=FetchStatus.INTERRUPTED.value, finished_at=now)
    )
    return int(closed.rowcount)


def touch_pages(connection: sa.Connection) -> None:
    """Move the revision that page caches follow."""
    connection.execute(upsert(connection, counters, add=("value",)), [{"name": "pages", "value": 1}])


def next_change(connection: sa.Connection, count: int) -> int:
    """Reserve `count` numbers of the store's change sequence; give the number before the first.

    Numbers are taken inside shelving transactions, one at a time, so a follower that has read up to
    some number has missed nothing below it.
    """
    if count == 0:
        return 0
    connection.execute(upsert(connection, counters, add=("value",)), [{"name": "change", "value": count}])
    return int(connection.execute(CHANGE).scalar_one()) - count


def pages_revision(connection: sa.Connection) -> int:
    """Read the revision that page caches follow; 0 before anything happened."""
    return int(connection.execute(PAGES).scalar() or 0)


def account_of(row: sa.Row[*tuple[object, ...]] | sa.RowMapping) -> Account:
    """Read an account from a fetch row."""
    fields = row if isinstance(row, sa.RowMapping) else row._mapping  # noqa: SLF001  # SQLAlchemy's public-by-convention view
    return Account(
        received=fields["received"],
        new=fields["new"],
        revised=fields["revised"],
        twin=fields["twin"],
        unchanged=fields["unchanged"],
        rejected=fields["rejected"],
    )


def storable(text: str) -> str:
    """Drop what PostgreSQL cannot keep in text: NUL, and surrogates that no encoding has."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _storable_fact(fact: object) -> object:
    return storable(fact) if isinstance(fact, str) else fact


FINISHED = (
    sa.select(fetches)
    .where(
        sa.or_(
            fetches.c.run == sa.bindparam("run"),
            sa.and_(fetches.c.run >= sa.bindparam("since"), fetches.c.run < sa.bindparam("until")),
        ),
        fetches.c.status.not_in(UNFINISHED),
    )
    .order_by(fetches.c.id.desc())
    .limit(1)
)
HELD_SOURCE = (
    sa.select(sources.c.id)
    .where(sources.c.id == sa.bindparam("source_id"))
    .with_for_update(read=True, key_share=True)
)
DONE = sa.select(fetches.c.done).where(fetches.c.id == sa.bindparam("fetch_id"))
PAGES = sa.select(counters.c.value).where(counters.c.name == "pages")
CHANGE = sa.select(counters.c.value).where(counters.c.name == "change")
