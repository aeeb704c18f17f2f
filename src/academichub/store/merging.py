"""Make two works one, with a log, and take it back; keep the pairs that a person must look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.tables import (
    Lines,
    apart,
    blocks,
    categories,
    doubts,
    identifiers,
    manifestations,
    merges,
    ties,
    works,
)
from academichub.errors import MergeUnknown
from academichub.model.kinship import DoubtState
from academichub.store import kinship
from academichub.store.log import next_change, touch_pages
from academichub.store.shelving import work_row
from academichub.store.works import Tallies, category_rows, refresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.db.engine import Database
    from academichub.model.kinship import Reason
    from academichub.model.papers import Relation
    from academichub.store.rows import Row

# Columns that move on when a card changes, and are not part of what it is.
MOVING = ("changed_at", "change")


def merge(
    connection: sa.Connection,
    *,
    kept_id: int,
    gone_id: int,
    because: str,
    now: datetime,
    score: float | None = None,
    reasons: Sequence[Reason] = (),
) -> int | None:
    """Move all manifestations of one work to another, and log what was before.

    The kept card stays on its day. Give the log's number; None where either work is not there (another
    process was faster) or a person has said that they are two.

    Args:
        connection: A shelving transaction.
        kept_id: The work that stays.
        gone_id: The work whose card goes.
        because: What ties them: a scheme, a bond, "text" or "hand".
        now: For the log.
        score: Of the comparison by text, 0 to 1.
        reasons: Of the same.
    """
    if kept_id == gone_id or are_apart(connection, kept_id, gone_id):
        return None
    kept, gone = _work(connection, kept_id), _work(connection, gone_id)
    if kept is None or gone is None:
        return None
    snapshot = _snapshot(connection, kept, gone)
    tallies = Tallies()
    tallies.count(gone, -1)
    for table in (manifestations, identifiers, ties):
        connection.execute(sa.update(table).where(table.c.work_id == gone_id).values(work_id=kept_id))
    _move_blocks(connection, gone_id, kept_id)
    connection.execute(sa.delete(categories).where(categories.c.work_id == gone_id))
    connection.execute(sa.delete(works).where(works.c.id == gone_id))
    change = next_change(connection, 2)
    refresh(connection, kept_id, tallies, change=change + 1, now=now)
    tallies.write(connection)
    row = {
        "at": now,
        "kept_id": kept_id,
        "gone_id": gone_id,
        "because": because,
        "score": score,
        "reasons": [[one.name, one.value, one.weight] for one in reasons],
        "snapshot": snapshot,
        "change": change + 2,
    }
    merge_id = connection.execute(sa.insert(merges).values(**row).returning(merges.c.id)).scalar_one()
    low, high = sorted((kept_id, gone_id))
    connection.execute(
        sa.update(doubts)
        .where(doubts.c.one_id == low, doubts.c.other_id == high)
        .values(state=DoubtState.MERGED.value, decided_at=now)
    )
    _forget_doubts(connection, gone_id, now)
    touch_pages(connection)
    return int(merge_id)


def _snapshot(connection: sa.Connection, kept: Row, gone: Row) -> dict[str, Any]:
    """Write down what the two works are, so that `undo` can put it back."""
    gone_id, kept_id = gone["id"], kept["id"]
    return {
        "kept": _written(kept),
        "gone": _written(gone),
        "manifestations": _ids(connection, manifestations, gone_id),
        "identifiers": _pairs(connection, identifiers, gone_id),
        "blocks": _ids(connection, blocks, gone_id),
        "kept_blocks": _ids(connection, blocks, kept_id),
        "title": _title(connection, gone["face_id"]),
    }


def undo(connection: sa.Connection, database: Database, merge_id: int, *, now: datetime) -> int:
    """Take a merge back: the work that went has its own card again, where and as it was.

    What arrived since for either stays with it. The two are never merged again by the hub itself.

    Returns:
        The number of the work that is back.

    Raises:
        MergeUnknown: There is no such merge, or it was undone before, or its card has gone since.
    """
    found = connection.execute(sa.select(merges).where(merges.c.id == merge_id)).mappings().one_or_none()
    if found is None or found["undone_at"] is not None:
        raise MergeUnknown(merge=merge_id)
    kept = _work(connection, found["kept_id"])
    if kept is None:  # the keeper was merged into another: that merge is undone first
        raise MergeUnknown(merge=merge_id)
    if found["gone_id"] is None:
        back_id = _split(connection, database, kept, found["manifestation_id"], now=now)
        if back_id is None:
            raise MergeUnknown(merge=merge_id)
    else:
        back_id = _restore(connection, kept, found["gone_id"], found["snapshot"], now=now)
    connection.execute(sa.update(merges).where(merges.c.id == merge_id).values(undone_at=now))
    part(connection, found["kept_id"], back_id, now=now)
    touch_pages(connection)
    return back_id


def part(connection: sa.Connection, one_id: int, other_id: int, *, now: datetime) -> None:
    """Remember that two works are two, whatever their texts say."""
    low, high = sorted((one_id, other_id))
    connection.execute(
        insert_ignore(connection.dialect, apart), [{"one_id": low, "other_id": high, "at": now}]
    )
    connection.execute(
        sa.update(doubts)
        .where(doubts.c.one_id == low, doubts.c.other_id == high)
        .values(state=DoubtState.APART.value, decided_at=now)
    )
    touch_pages(connection)


def doubt(
    connection: sa.Connection,
    one_id: int,
    other_id: int,
    *,
    score: float,
    reasons: Sequence[Reason],
    now: datetime,
) -> None:
    """Keep a pair for a person to decide; one that is kept already stays as it is."""
    low, high = sorted((one_id, other_id))
    row = {
        "one_id": low,
        "other_id": high,
        "at": now,
        "score": score,
        "reasons": [[one.name, one.value, one.weight] for one in reasons],
        "state": DoubtState.OPEN.value,
    }
    connection.execute(insert_ignore(connection.dialect, doubts), [row])
    touch_pages(connection)


def note_tie(connection: sa.Connection, work_id: int, relation: Relation, *, now: datetime) -> None:
    """Add to a work what it was found to say of another one, and flag that other."""
    face_id = connection.execute(sa.select(works.c.face_id).where(works.c.id == work_id)).scalar_one()
    row = {
        "scheme": relation.scheme,
        "value": relation.value,
        "manifestation_id": face_id,
        "bond": relation.bond.value,
        "work_id": work_id,
    }
    connection.execute(insert_ignore(connection.dialect, ties), [row])
    about = sa.select(identifiers.c.work_id).where(
        identifiers.c.scheme == relation.scheme, identifiers.c.value == relation.value
    )
    found = connection.execute(about).scalar()
    if found is not None:
        tallies = Tallies()
        refresh(connection, found, tallies, change=next_change(connection, 1) + 1, now=now)
        tallies.write(connection)


def are_apart(connection: sa.Connection, one_id: int, other_id: int) -> bool:
    """Tell whether somebody has said that two works are two."""
    low, high = sorted((one_id, other_id))
    found = sa.select(apart.c.one_id).where(apart.c.one_id == low, apart.c.other_id == high)
    return connection.execute(found).first() is not None


def where_it_went(connection: sa.Connection, work_id: int) -> int | None:
    """Follow a work that was merged to the one that holds it now; None where there is none."""
    for _ in range(32):  # a chain of merges; a ring cannot be, for a gone work keeps nothing
        row = connection.execute(GONE_TO, {"work_id": work_id}).first()
        if row is None:
            return None
        work_id = int(row.kept_id)
        if _work(connection, work_id) is not None:
            return work_id
    return None


# -- taking back ----------------------------------------------------------------------------------


def _restore(
    connection: sa.Connection, kept: Row, gone_id: int, snapshot: dict[str, Any], *, now: datetime
) -> int:
    tallies = Tallies()
    change = next_change(connection, 2)
    gone = _read(snapshot["gone"]) | {"changed_at": now, "change": change + 1}
    connection.execute(sa.insert(works).values(**gone))
    connection.execute(
        sa.update(manifestations)
        .where(manifestations.c.id.in_(snapshot["manifestations"]))
        .values(work_id=gone_id)
    )
    for scheme, value in snapshot["identifiers"]:
        connection.execute(
            sa.update(identifiers)
            .where(
                identifiers.c.scheme == scheme,
                identifiers.c.value == value,
                identifiers.c.work_id == kept["id"],
            )
            .values(work_id=gone_id)
        )
    connection.execute(
        sa.update(ties).where(ties.c.manifestation_id.in_(snapshot["manifestations"])).values(work_id=gone_id)
    )
    connection.execute(
        sa.delete(blocks).where(
            blocks.c.work_id == kept["id"],
            blocks.c.block.in_(sorted(set(snapshot["blocks"]) - set(snapshot["kept_blocks"]))),
        )
    )
    _give_blocks(connection, snapshot["blocks"], gone_id)
    if added := category_rows(gone):
        connection.execute(sa.insert(categories), added)
    tallies.count(gone, 1)
    refresh(connection, gone_id, tallies, change=change + 1, now=now)
    refresh(connection, kept["id"], tallies, change=change + 2, now=now)
    _put_back(connection, kept["id"], _read(snapshot["kept"]), tallies)
    _put_back(connection, gone_id, _read(snapshot["gone"]), tallies)
    tallies.write(connection)
    return gone_id


def _put_back(connection: sa.Connection, work_id: int, before: Row, tallies: Tallies) -> None:
    """Give a work the very columns it had, where its manifestations are those it had.

    What is worked out anew from the same manifestations may differ in what only history tells: the order of
    identifiers, the strongest announcement.
    """
    now = _work(connection, work_id)
    if now is None or now["manifestation_count"] != before["manifestation_count"]:
        return
    if now["face_id"] != before["face_id"]:
        return
    tallies.count(now, -1)
    tallies.count(before, 1)
    columns = {name: value for name, value in before.items() if name not in MOVING}
    connection.execute(sa.update(works).where(works.c.id == work_id).values(**columns))


def _split(
    connection: sa.Connection, database: Database, kept: Row, manifestation_id: int, *, now: datetime
) -> int | None:
    """Give a manifestation, and the other versions at its place, a card of their own."""
    there = connection.execute(
        sa.select(manifestations.c.id, manifestations.c.place, manifestations.c.item).where(
            manifestations.c.id == manifestation_id, manifestations.c.work_id == kept["id"]
        )
    ).first()
    if there is None:
        return None
    group = connection.execute(
        sa.select(manifestations.c.id)
        .where(
            manifestations.c.work_id == kept["id"],
            manifestations.c.place == there.place,
            manifestations.c.item == there.item,
        )
        .order_by(manifestations.c.id)
    ).scalars()
    moved = list(group)
    if len(moved) == kept["manifestation_count"]:
        return None  # nothing would be left
    (work_id,) = database.take_ids(connection, works, 1, but=merges.c.gone_id)
    first = kinship.stored(connection, moved[0]).draft
    received = connection.execute(
        sa.select(manifestations.c.received_at).where(manifestations.c.id == moved[0])
    ).scalar_one()
    row = work_row(first, work_id=work_id, manifestation_id=moved[0], now=received)
    change = next_change(connection, 2)
    connection.execute(sa.insert(works).values(**row | {"change": change + 1}))
    connection.execute(
        sa.update(manifestations).where(manifestations.c.id.in_(moved)).values(work_id=work_id)
    )
    connection.execute(sa.update(ties).where(ties.c.manifestation_id.in_(moved)).values(work_id=work_id))
    _move_names(connection, kept["id"], work_id)
    tallies = Tallies()
    tallies.count(row, 1)
    if added := category_rows(row):
        connection.execute(sa.insert(categories), added)
    refresh(connection, work_id, tallies, change=change + 1, now=now)
    refresh(connection, kept["id"], tallies, change=change + 2, now=now)
    tallies.write(connection)
    return work_id


def _move_names(connection: sa.Connection, kept_id: int, work_id: int) -> None:
    """Give a work the identifiers that only its own manifestations carry."""

    def names(of: int) -> set[tuple[str, str]]:
        found = connection.execute(
            sa.select(manifestations.c.identifiers).where(manifestations.c.work_id == of)
        ).scalars()
        pairs = [line.split(":", 1) for lines in found for line in lines]
        return {(scheme, value) for scheme, value in pairs}

    for scheme, value in sorted(names(work_id) - names(kept_id)):
        connection.execute(
            sa.update(identifiers)
            .where(identifiers.c.scheme == scheme, identifiers.c.value == value)
            .values(work_id=work_id)
        )


# -- rows -----------------------------------------------------------------------------------------


def _work(connection: sa.Connection, work_id: int) -> Row | None:
    row = connection.execute(sa.select(works).where(works.c.id == work_id)).mappings().one_or_none()
    return None if row is None else dict(row)


def _ids(connection: sa.Connection, table: sa.Table, work_id: int) -> list[int]:
    column = table.c.block if table is blocks else table.c.id
    return list(
        connection.execute(sa.select(column).where(table.c.work_id == work_id).order_by(column)).scalars()
    )


def _pairs(connection: sa.Connection, table: sa.Table, work_id: int) -> list[list[str]]:
    rows = connection.execute(
        sa.select(table.c.scheme, table.c.value)
        .where(table.c.work_id == work_id)
        .order_by(table.c.scheme, table.c.value)
    )
    return [[row.scheme, row.value] for row in rows]


def _move_blocks(connection: sa.Connection, gone_id: int, kept_id: int) -> None:
    keys = _ids(connection, blocks, gone_id)
    connection.execute(sa.delete(blocks).where(blocks.c.work_id == gone_id))
    _give_blocks(connection, keys, kept_id)


def _give_blocks(connection: sa.Connection, keys: Sequence[int], work_id: int) -> None:
    rows = [{"block": key, "work_id": work_id} for key in keys]
    if rows:
        connection.execute(insert_ignore(connection.dialect, blocks), rows)


def _forget_doubts(connection: sa.Connection, gone_id: int, now: datetime) -> None:
    """Close doubts about a card that is gone."""
    connection.execute(
        sa.update(doubts)
        .where(
            doubts.c.state == DoubtState.OPEN.value,
            sa.or_(doubts.c.one_id == gone_id, doubts.c.other_id == gone_id),
        )
        .values(state=DoubtState.MERGED.value, decided_at=now)
    )


def _title(connection: sa.Connection, manifestation_id: int) -> str:
    found = sa.select(manifestations.c.title_plain).where(manifestations.c.id == manifestation_id)
    return str(connection.execute(found).scalar_one())


def _written(row: Row) -> Row:
    """Write a row of `works` as JSON values."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in row.items()
    }


def _read(written: Row) -> Row:
    """Read a row of `works` back from JSON values."""
    row = dict(written)
    for column in works.columns:
        value = row[column.name]
        if value is None or isinstance(column.type, Lines):
            continue
        if isinstance(column.type, sa.Date):
            row[column.name] = date.fromisoformat(value)
        elif column.name.endswith("_at"):
            row[column.name] = datetime.fromisoformat(value)
    return row


GONE_TO = (
    sa.select(merges.c.kept_id)
    .where(merges.c.gone_id == sa.bindparam("work_id"), merges.c.undone_at.is_(None))
    .order_by(merges.c.id.desc())
    .limit(1)
)
