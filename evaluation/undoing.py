"""Take every merge of a hub back, and compare what is there with what was before. Used by `preprints`."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from academichub.db.tables import (
    apart,
    authors,
    blocks,
    categories,
    day_tallies,
    identifiers,
    manifestations,
    merges,
    ties,
    works,
)
from academichub.flows.reviewing import undo_merge
from academichub.store import merging

if TYPE_CHECKING:
    from academichub.db.engine import Database

COMPARED: Final = (works, manifestations, identifiers, categories, ties, blocks, authors, day_tallies)
MOVING: Final = frozenset({"changed_at", "change"})  # tell followers that something happened
Row = tuple[Any, ...]


def take_back(database: Database, *, now: datetime) -> dict[str, Any]:
    """Undo every merge, the newest first; then make those of cards once more, undo them, and compare.

    Returns:
        How many works and keepers came back as they were, and what did not; how many rows are equal and
        different after the second round; how the days' counts compare with a recount.
    """
    with database.reading() as connection:
        made = connection.execute(sa.select(merges).order_by(merges.c.id)).all()
    faults: list[str] = []
    counts: Counter[str] = Counter()
    for merge in reversed(made):
        undo_merge(database, merge.id, now=now)
        if merge.gone_id is None:
            counts["copies given a card"] += 1
            continue
        with database.reading() as connection:
            _compare_cards(connection, merge, counts, faults)
    with database.reading() as connection:
        before = all_rows(connection)
        faults += recount(connection)
    _again(database, [merge for merge in made if merge.gone_id is not None], now=now)
    with database.reading() as connection:
        after = all_rows(connection)
    different = 0
    for name, rows in before.items():
        unlike = [key for key in rows.keys() | after[name].keys() if rows.get(key) != after[name].get(key)]
        different += len(unlike)
        faults += [f"{name} {key}: {rows.get(key)} became {after[name].get(key)}"[:400] for key in unlike[:5]]
    return {
        "merges": len(made),
        **counts,
        "rows_equal": sum(map(len, before.values())) - different,
        "rows_different": different,
        "faults": faults,
    }


def _compare_cards(
    connection: sa.Connection, merge: sa.Row[Any], counts: Counter[str], faults: list[str]
) -> None:
    """Compare the card that is back, and the one that stayed, with what the log says of them."""
    snapshot = merge.snapshot
    gone = _work(connection, merge.gone_id)
    held = {
        "manifestations": _column(connection, manifestations.c.id, manifestations, merge.gone_id),
        "identifiers": [
            list(row)
            for row in connection.execute(
                sa.select(identifiers.c.scheme, identifiers.c.value)
                .where(identifiers.c.work_id == merge.gone_id)
                .order_by(identifiers.c.scheme, identifiers.c.value)
            )
        ],
        "blocks": _column(connection, blocks.c.block, blocks, merge.gone_id),
    }
    wrong = [name for name, value in held.items() if value != snapshot[name]]
    wrong += [name for name, value in snapshot["gone"].items() if name not in MOVING and gone[name] != value]
    counts["cards back as they were" if not wrong else "cards back otherwise"] += 1
    faults += [f"merge {merge.id}: {name} of the card that is back" for name in wrong]
    kept = _work(connection, merge.kept_id)
    if kept["manifestation_count"] != snapshot["kept"]["manifestation_count"]:
        counts["keepers that got more since"] += 1
        return
    wrong = [name for name, value in snapshot["kept"].items() if name not in MOVING and kept[name] != value]
    counts["keepers as they were" if not wrong else "keepers otherwise"] += 1
    faults += [f"merge {merge.id}: {name} of the card that stayed" for name in wrong]


def _again(database: Database, made: list[sa.Row[Any]], *, now: datetime) -> None:
    """Make merges that were undone once more, and undo them."""
    done: list[int] = []
    with database.shelving() as connection:
        connection.execute(sa.delete(apart))  # an undone pair is never merged again, but for this
        for merge in made:
            number = merging.merge(
                connection, kept_id=merge.kept_id, gone_id=merge.gone_id, because=merge.because, now=now
            )
            done += [number] if number is not None else []
    for number in reversed(done):
        undo_merge(database, number, now=now)


def all_rows(connection: sa.Connection) -> dict[str, dict[Row, Row]]:
    """Read every row that a merge may touch, by table and key; counts of nothing are left out."""
    found: dict[str, dict[Row, Row]] = {}
    for table in COMPARED:
        keys = list(table.primary_key.columns)
        others = [one for one in table.columns if one not in keys and one.name not in MOVING]
        rows = connection.execute(sa.select(*keys, *others))
        found[table.name] = {
            tuple(row[: len(keys)]): tuple(map(_plain, row[len(keys) :]))
            for row in rows
            if table is not day_tallies or any(row[len(keys) :])
        }
    return found


def recount(connection: sa.Connection) -> list[str]:
    """Count the cards of every day anew; tell where the kept counts differ."""
    cards: Counter[Row] = Counter()
    minutes: Counter[Row] = Counter()
    for row in connection.execute(sa.select(works)):
        named = [("all", ""), ("venue", row.venue), ("kind", row.kind)]
        for facet, value in named + [("category", one) for one in row.categories]:
            cards[facet, row.listed_on, value] += 1
            minutes[facet, row.listed_on, value] += row.minutes
    kept = {
        (row.facet, row.listed_on, row.value): (row.works, row.minutes)
        for row in connection.execute(sa.select(day_tallies).where(day_tallies.c.facet != "revised"))
        if row.works or row.minutes
    }
    counted = {key: (count, minutes[key]) for key, count in cards.items()}
    return [
        f"tally {key}: {kept.get(key)} kept, {counted.get(key)} counted"
        for key in kept.keys() | counted.keys()
        if kept.get(key) != counted.get(key)
    ]


def _work(connection: sa.Connection, work_id: int) -> dict[str, Any]:
    row = connection.execute(sa.select(works).where(works.c.id == work_id)).mappings().one()
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column of any type
    """Write a value as the log does."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _column(connection: sa.Connection, column: sa.Column[Any], table: sa.Table, work_id: int) -> list[Any]:
    statement = sa.select(column).where(table.c.work_id == work_id).order_by(column)
    return list(connection.execute(statement).scalars())
