"""Briefings on the shelf: ordered, then written, then there.

The pages follow what begins and what ends. What happens while a briefing is being written moves no page's
revision: `advance` writes to the briefing's own row, and the page of one that is being written is not
cached but asks `progress`. A model that writes for a minute empties no cache that way.

A briefing keeps the works' numbers it was written with, for its quotes are of those texts;
`store.whereabouts` tells which card each is on now.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa
import zstandard

from academichub.db.briefingtables import briefings
from academichub.db.dialect import upsert
from academichub.db.tables import counters
from academichub.errors import BriefingUnknown
from academichub.model.briefing import Account, Briefing, BriefingOrder
from academichub.model.briefingpages import BriefingLine, BriefingState, Progress
from academichub.model.packing import pack, unpack
from academichub.model.radar import LOCAL_READER
from academichub.store.log import storable, touch_pages

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.store.rows import Row, SqlRow

KEY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-([1-9][0-9]{0,8}))?")
ENDED: Final = tuple(
    state.value for state in (BriefingState.DONE, BriefingState.FAILED, BriefingState.CANCELLED)
)
HEADLINE_THEMES: Final = 3
COMPRESSION: Final = 9  # of Zstandard: a briefing of 100 kB takes some 20, in a few milliseconds


class Standing(NamedTuple):
    """How far a briefing is."""

    state: BriefingState
    progress: Progress


class Kept(NamedTuple):
    """A briefing as it stands on the shelf."""

    line: BriefingLine
    briefing: Briefing | None  # what there is so far; None before the first part
    progress: Progress
    error: str  # code, of one that failed


class Place(NamedTuple):
    """Where a briefing stands in the archive."""

    last: date
    number: int  # of the briefings of that day, from 1


def order(
    connection: sa.Connection, order: BriefingOrder, *, now: datetime, reader_id: int = LOCAL_READER
) -> str:
    """Keep an order; give the briefing's key, which is never given to another, even after `remove`."""
    place = Place(order.last, _next_number(connection, order.last, reader_id))
    key = key_of(place)
    connection.execute(
        sa.insert(briefings).values(
            reader_id=reader_id,
            key=key,
            last=place.last,
            number=place.number,
            scope=_scope(order),
            order=pack(order),
            state=BriefingState.WAITING.value,
            ordered_at=now,
            progress=pack(Progress()),
            model="",
            fingerprint="",
            headline=[],
        )
    )
    touch_pages(connection)
    return key


def start(connection: sa.Connection, key: str, *, now: datetime, reader_id: int = LOCAL_READER) -> bool:
    """Begin to write a briefing, or go on after a crash.

    Returns:
        False where there is nothing to write: it has ended, or somebody removed it.
    """
    row = _held(connection, key, reader_id)
    if row is None or row.state in ENDED:
        return False
    if row.state == BriefingState.WAITING:
        _set(connection, row, state=BriefingState.WRITING.value, started_at=now)
        touch_pages(connection)
    return True


def advance(
    connection: sa.Connection,
    key: str,
    progress: Progress,
    briefing: Briefing | None = None,
    *,
    reader_id: int = LOCAL_READER,
) -> bool:
    """Note how far the writing is, and keep what there is so far where it is given. Pages do not follow.

    Returns:
        False where the writer should stop: the briefing was cancelled, removed or has ended.
    """
    row = _held(connection, key, reader_id)
    if row is None or row.state in ENDED:
        return False
    written = {} if briefing is None else {"body": _packed(briefing)}
    _set(connection, row, progress=pack(progress), **written)
    return True


def finish(
    connection: sa.Connection,
    key: str,
    briefing: Briefing,
    *,
    now: datetime,
    reader_id: int = LOCAL_READER,
) -> bool:
    """Keep a whole briefing, once; one that was called failed meanwhile is done after all.

    Returns:
        Whether it is done: False where it was cancelled or removed.
    """
    row = _held(connection, key, reader_id)
    if row is None or row.state == BriefingState.CANCELLED:
        return False
    if row.state == BriefingState.DONE:
        return True
    _set(
        connection,
        row,
        state=BriefingState.DONE.value,
        ended_at=now,
        progress=pack(Progress(stage="done")),
        error_code=None,
        model=storable(briefing.model),
        fingerprint=storable(briefing.fingerprint),
        headline=_headline(briefing),
        body=_packed(briefing),
        **{name: getattr(briefing.account(), name) for name in COUNTS},
    )
    touch_pages(connection)
    return True


def fail(
    connection: sa.Connection, key: str, code: str, *, now: datetime, reader_id: int = LOCAL_READER
) -> None:
    """Say that a briefing could not be made, and why; one that has ended stays as it is."""
    _end(connection, _held(connection, key, reader_id), BriefingState.FAILED, error_code=code, ended_at=now)


def cancel(connection: sa.Connection, key: str, *, now: datetime, reader_id: int = LOCAL_READER) -> bool:
    """Stop a briefing that is not yet there; its writer hears of it from `advance`.

    Returns:
        Whether it is cancelled, by this or before; False where it had ended otherwise.

    Raises:
        BriefingUnknown: There is none of that key.
    """
    row = _held(connection, key, reader_id)
    if row is None:
        raise BriefingUnknown(briefing=key)
    _end(connection, row, BriefingState.CANCELLED, ended_at=now)
    return row.state not in {BriefingState.DONE, BriefingState.FAILED}


def remove(connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER) -> bool:
    """Forget a briefing; tell whether there was one."""
    row = _held(connection, key, reader_id)
    if row is None:
        return False
    connection.execute(sa.delete(briefings).where(briefings.c.id == row.id))
    touch_pages(connection)
    return True


# -- reading --------------------------------------------------------------------------------------


def line(connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER) -> BriefingLine:
    """Read a briefing's line of the archive.

    Raises:
        BriefingUnknown: There is none of that key.
    """
    return _line(_found(connection, LINE_OF, key, reader_id))


def read(connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER) -> Kept:
    """Read a briefing, or what there is of it so far, with the works' numbers it was written with.

    Raises:
        BriefingUnknown: There is none of that key.
    """
    row = _found(connection, WHOLE, key, reader_id)
    return Kept(_line(row), _unpacked(row.body), unpack(Progress, row.progress), row.error_code or "")


def progress(connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER) -> Standing:
    """Read how far a briefing is: a few bytes of one row, for a page that asks every second.

    Raises:
        BriefingUnknown: There is none of that key.
    """
    row = _found(connection, STANDING, key, reader_id)
    return Standing(BriefingState(row.state), unpack(Progress, row.progress))


def lines(
    connection: sa.Connection,
    *,
    before: str | None = None,
    limit: int = 30,
    reader_id: int = LOCAL_READER,
) -> list[BriefingLine]:
    """List a reader's briefings by the last day they are of, newest first.

    Args:
        connection: For reading.
        before: Key of the last one of the page before; it need not be there any more.
        limit: How many at most.
        reader_id: Whose.

    Raises:
        BriefingUnknown: `before` is no key.
    """
    statement = LINES.where(briefings.c.reader_id == reader_id)
    if before is not None:
        statement = statement.where(sa.tuple_(*place_of(before)) > PLACE)
    rows = connection.execute(
        statement.order_by(briefings.c.last.desc(), briefings.c.number.desc()).limit(limit)
    )
    return [_line(row) for row in rows]


def neighbours(
    connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER
) -> tuple[str | None, str | None]:
    """Give the keys of the briefings before and after one in the archive.

    Raises:
        BriefingUnknown: That is no key.
    """
    place = sa.tuple_(*place_of(key))
    keys = sa.select(briefings.c.key).where(briefings.c.reader_id == reader_id).limit(1)
    earlier = keys.where(place > PLACE).order_by(briefings.c.last.desc(), briefings.c.number.desc())
    later = keys.where(place < PLACE).order_by(briefings.c.last, briefings.c.number)
    return connection.execute(earlier).scalar(), connection.execute(later).scalar()


def previous(
    connection: sa.Connection, order: BriefingOrder, *, reader_id: int = LOCAL_READER
) -> Briefing | None:
    """Read the last briefing of the same radars that ended before this one ends, whoever wrote it."""
    wanted = {
        "reader_id": reader_id,
        "scope": _scope(order),
        "last": order.last,
        "done": BriefingState.DONE.value,
    }
    return _unpacked(connection.execute(PREVIOUS, wanted).scalar())


def by_fingerprint(
    connection: sa.Connection, fingerprint: str, *, reader_id: int = LOCAL_READER
) -> BriefingLine | None:
    """Find the last briefing that was made from exactly this; "" is of nothing."""
    if not fingerprint:
        return None
    wanted = {"reader_id": reader_id, "fingerprint": fingerprint, "done": BriefingState.DONE.value}
    row = connection.execute(OF_FINGERPRINT, wanted).first()
    return None if row is None else _line(row)


def unfinished(
    connection: sa.Connection, order: BriefingOrder, *, reader_id: int = LOCAL_READER
) -> str | None:
    """Find the same order where it still waits or is being written: a form that was sent twice, say."""
    rows = connection.execute(UNFINISHED, {"reader_id": reader_id, "last": order.last, "ended": ENDED})
    return next((row.key for row in rows if unpack(BriefingOrder, row.order) == order), None)


def key_of(place: Place) -> str:
    """Spell a place as addresses do: "2026-06-19", "2026-06-19-2"."""
    return place.last.isoformat() if place.number == 1 else f"{place.last.isoformat()}-{place.number}"


def place_of(key: str) -> Place:
    """Read a key.

    Raises:
        BriefingUnknown: It is none.
    """
    found = KEY.fullmatch(key)
    try:
        place = Place(date.fromisoformat(found[1]), int(found[2] or 1)) if found else None
    except ValueError:  # the thirtieth of February
        place = None
    if place is None or key_of(place) != key:
        raise BriefingUnknown(briefing=key)
    return place


# -- rows -----------------------------------------------------------------------------------------


def _next_number(connection: sa.Connection, last: date, reader_id: int) -> int:
    """Count a reader's briefings of a day; another that orders one waits until this transaction ends."""
    name = f"briefings:{reader_id}:{last.isoformat()}"
    connection.execute(upsert(connection, counters, add=("value",)), [{"name": name, "value": 1}])
    return int(connection.execute(COUNTED, {"name": name}).scalar_one())


def _held(connection: sa.Connection, key: str, reader_id: int) -> SqlRow | None:
    """Keep others from changing a briefing while this transaction lasts; None where there is none."""
    if KEY.fullmatch(key) is None:
        return None
    return connection.execute(HELD, {"reader_id": reader_id, "key": key}).one_or_none()


def _found(connection: sa.Connection, statement: sa.Select[Any], key: str, reader_id: int) -> SqlRow:
    place_of(key)
    row = connection.execute(statement, {"reader_id": reader_id, "key": key}).one_or_none()
    if row is None:
        raise BriefingUnknown(briefing=key)
    return row


def _end(connection: sa.Connection, row: SqlRow | None, state: BriefingState, **values: object) -> None:
    if row is not None and row.state not in ENDED:
        _set(connection, row, state=state.value, **values)
        touch_pages(connection)


def _set(connection: sa.Connection, row: SqlRow, **values: object) -> None:
    connection.execute(sa.update(briefings).where(briefings.c.id == row.id).values(**values))


def _scope(order: BriefingOrder) -> str:
    return storable("\n".join(sorted(set(order.radars))))


def _headline(briefing: Briefing) -> list[str]:
    """Give the first phrase of each of the largest themes."""
    largest = sorted(briefing.themes, key=lambda part: -len(part.theme.works))  # equal ones as they stand
    terms = [" ".join(storable(part.theme.terms[0]).split()) for part in largest if part.theme.terms]
    return [term for term in terms if term][:HEADLINE_THEMES]


def _packed(briefing: Briefing) -> bytes:
    text = json.dumps(pack(briefing), separators=(",", ":"), allow_nan=False)
    return zstandard.ZstdCompressor(level=COMPRESSION).compress(text.encode("ascii"))


def _unpacked(body: bytes | None) -> Briefing | None:
    if body is None:
        return None
    return unpack(Briefing, json.loads(zstandard.ZstdDecompressor().decompress(body)))


def _line(row: SqlRow) -> BriefingLine:
    counted: Row = {name: getattr(row, name) for name in COUNTS}
    return BriefingLine(
        key=row.key,
        order=unpack(BriefingOrder, row.order),
        state=BriefingState(row.state),
        ordered_at=row.ordered_at,
        made_at=row.ended_at if row.state == BriefingState.DONE else None,
        account=None if row.works is None else Account(**counted),
        model=row.model,
        headline=tuple(row.headline),
    )


COUNTS: Final = ("works", "sentences", "citations", "quoted", "close", "loose", "removed")
PLACE = sa.tuple_(briefings.c.last, briefings.c.number)
_LATEST = (briefings.c.last.desc(), briefings.c.number.desc())
_OF_KEY = sa.and_(briefings.c.reader_id == sa.bindparam("reader_id"), briefings.c.key == sa.bindparam("key"))
_IS_DONE = sa.and_(
    briefings.c.reader_id == sa.bindparam("reader_id"), briefings.c.state == sa.bindparam("done")
)
_LINE = (
    briefings.c.key,
    briefings.c.order,
    briefings.c.state,
    briefings.c.ordered_at,
    briefings.c.ended_at,
    briefings.c.model,
    briefings.c.headline,
    *(briefings.c[name] for name in COUNTS),
)
LINES = sa.select(*_LINE)
LINE_OF = LINES.where(_OF_KEY)
WHOLE = sa.select(*_LINE, briefings.c.body, briefings.c.progress, briefings.c.error_code).where(_OF_KEY)
STANDING = sa.select(briefings.c.state, briefings.c.progress).where(_OF_KEY)
HELD = sa.select(briefings.c.id, briefings.c.state).where(_OF_KEY).with_for_update()
COUNTED = sa.select(counters.c.value).where(counters.c.name == sa.bindparam("name"))
PREVIOUS = (
    sa.select(briefings.c.body)
    .where(_IS_DONE, briefings.c.scope == sa.bindparam("scope"), briefings.c.last < sa.bindparam("last"))
    .order_by(*_LATEST)
    .limit(1)
)
OF_FINGERPRINT = (
    LINES.where(_IS_DONE, briefings.c.fingerprint == sa.bindparam("fingerprint")).order_by(*_LATEST).limit(1)
)
UNFINISHED = (
    sa.select(briefings.c.key, briefings.c.order)
    .where(
        briefings.c.reader_id == sa.bindparam("reader_id"),
        briefings.c.last == sa.bindparam("last"),
        briefings.c.state.not_in(sa.bindparam("ended", expanding=True)),
    )
    .order_by(briefings.c.number, briefings.c.id)
)
