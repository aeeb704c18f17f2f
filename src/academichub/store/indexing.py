"""What a search index reads of the shelves: works by the change sequence, and those that went."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.radartables import embeddings
from academichub.db.tables import (
    authors,
    counters,
    day_tallies,
    manifestations,
    merges,
    sightings,
    sources,
    works,
)
from academichub.store.kinship import chunks
from academichub.store.questions import as_kept
from academichub.store.rows import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from academichub.model.papers import Kind
    from academichub.store.rows import SqlRow

IDENTITY: Final = "identity"  # the counter that names these shelves; it never moves


class Shelved(NamedTuple):
    """A work as an index reads it: the text of its face, and what belongs to all its manifestations.

    A named tuple: an index of all works is made of hundreds of thousands.
    """

    work_id: int
    change: int
    listed_on: date
    kind: Kind
    venue: str
    minutes: int
    title: str
    abstract: str  # "" where there is none; a teaser is read too
    is_teaser: bool
    byline: tuple[str, ...]  # authors' names in order
    orcids: tuple[str, ...]  # of the face's authors, in their order
    categories: tuple[str, ...]  # primary first
    identifiers: tuple[str, ...]  # "scheme:value"
    sources: tuple[str, ...]  # keys of the sources that brought it, sorted
    links: tuple[str, ...]  # "role href" of the face
    comment: str


class Changed(NamedTuple):
    """A stretch of the change sequence: what an index must replace and remove to have followed it."""

    works: tuple[Shelved, ...]  # in the order in which they changed
    gone: tuple[int, ...]  # numbers of works that have no card any more
    until: int  # the change up to which nothing is missing now
    is_last: bool  # nothing newer was there when it was read


class KeptVector(NamedTuple):
    """A work's vector as it is kept."""

    work_id: int
    vector: bytes
    at: datetime


def identity(connection: sa.Connection) -> int:
    """Give the number that tells these shelves from all others; 0 where `name_shelves` was never called."""
    return int(connection.execute(COUNTER, {"name": IDENTITY}).scalar() or 0)


def name_shelves(connection: sa.Connection, drawn: int) -> int:
    """Give these shelves a number of their own where they have none, and tell the one they have.

    An index follows one database: where another one is put in its place, by a setting or a backup, the
    change numbers of the two mean nothing to each other.

    Args:
        connection: For writing.
        drawn: A number drawn at random, 1 to 2**62.
    """
    connection.execute(insert_ignore(connection.dialect, counters), [{"name": IDENTITY, "value": drawn}])
    return identity(connection)


def latest_change(connection: sa.Connection) -> int:
    """Give the last number of the change sequence; 0 before anything happened."""
    return int(connection.execute(COUNTER, {"name": "change"}).scalar() or 0)


def changed(connection: sa.Connection, after: int, *, limit: int) -> Changed:
    """Read what changed after a number of the change sequence, at most so many works at once.

    Numbers are given one transaction at a time (`log.next_change`), so what is read here is complete up to
    `until`, whatever is being written meanwhile: a work that changes again comes again.
    """
    latest = latest_change(connection)
    rows = connection.execute(CHANGED, {"after": after, "until": latest, "size": limit}).all()
    is_last = len(rows) < limit
    until = latest if is_last else rows[-1].change
    went = set(connection.execute(GONE, {"after": after, "until": until}).scalars())
    there = _there(connection, went)  # a merge that was taken back in the meantime
    return Changed(tuple(_shelved(connection, rows)), tuple(sorted(went - there)), until, is_last)


def count_changed(connection: sa.Connection, after: int) -> int:
    """Count the works that changed after a number of the change sequence."""
    return int(connection.execute(COUNT_CHANGED, {"after": after}).scalar_one())


def count_works(connection: sa.Connection) -> int:
    """Count all works, from the days' tallies."""
    return int(connection.execute(COUNT_WORKS).scalar() or 0)


def newest(connection: sa.Connection, *, limit: int) -> list[Shelved]:
    """Read the works listed last, newest first."""
    return _shelved(connection, connection.execute(NEWEST, {"size": limit}).all())


def shelved(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, Shelved]:
    """Read works by number, those that are there."""
    found: dict[int, Shelved] = {}
    for chunk in chunks(set(work_ids)):
        rows = connection.execute(BY_ID, {"ids": chunk}).all()
        found |= {one.work_id: one for one in _shelved(connection, rows)}
    return found


def vectors_after(
    connection: sa.Connection, space: str, after: int, *, since: datetime | None, limit: int
) -> list[KeptVector]:
    """Read vectors of a space by the works' numbers, at most so many at once.

    Args:
        connection: For reading.
        space: Whose vectors.
        after: The number of the last work of the page before; 0 for the first page.
        since: Only those kept at this instant or later.
        limit: How many at most.
    """
    statement = VECTORS if since is None else VECTORS_SINCE
    wanted = {"space": space, "after": after, "size": limit}
    rows = connection.execute(statement, wanted if since is None else wanted | {"since": since})
    return [KeptVector(*row) for row in rows]


# -- rows -----------------------------------------------------------------------------------------


def _shelved(connection: sa.Connection, rows: Sequence[SqlRow]) -> list[Shelved]:
    """Add what stands in other tables: who brought the works, and their authors' ORCIDs."""
    keys = {row.id: row.key for row in connection.execute(SOURCE_KEYS)}
    brought: dict[int, set[str]] = defaultdict(set)
    orcids: dict[int, dict[str, None]] = defaultdict(dict)
    for chunk in chunks({row.id for row in rows}):
        for work_id, source_id in connection.execute(SOURCES_OF, {"ids": chunk}):
            brought[work_id].add(keys[source_id])
    for chunk in chunks({row.face_id for row in rows}):
        for face_id, orcid in connection.execute(ORCIDS_OF, {"ids": chunk}):
            orcids[face_id][orcid] = None
    return [_one(row, brought[row.id], orcids[row.face_id]) for row in rows]


def _one(row: SqlRow, brought: Iterable[str], orcids: Iterable[str]) -> Shelved:
    return Shelved(
        work_id=row.id,
        change=row.change,
        listed_on=row.listed_on,
        kind=KINDS[row.kind],
        venue=row.venue,
        minutes=row.minutes,
        title=row.title_plain,
        abstract=row.abstract_plain or "",
        is_teaser=row.is_teaser,
        byline=_lines(row.byline),
        orcids=tuple(orcids),
        categories=_lines(row.categories),
        identifiers=_lines(row.identifiers),
        sources=tuple(sorted(brought)),
        links=_lines(row.links),
        comment=row.comment,
    )


def _lines(kept: str) -> tuple[str, ...]:
    return tuple(kept.split("\n")) if kept else ()


def _there(connection: sa.Connection, work_ids: set[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(work_ids):
        found.update(connection.execute(THERE, {"ids": chunk}).scalars())
    return found


COUNTER = sa.select(counters.c.value).where(counters.c.name == sa.bindparam("name"))
COLUMNS = (
    works.c.id,
    works.c.face_id,
    works.c.change,
    works.c.listed_on,
    works.c.kind,
    works.c.venue,
    works.c.minutes,
    as_kept(works.c.categories),
    as_kept(works.c.identifiers),
    manifestations.c.title_plain,
    manifestations.c.abstract_plain,
    manifestations.c.is_teaser,
    as_kept(manifestations.c.byline),
    as_kept(manifestations.c.links),
    manifestations.c.comment,
)
TEXTS = sa.select(*COLUMNS).join(manifestations, manifestations.c.id == works.c.face_id)
CHANGED = (
    TEXTS.where(works.c.change > sa.bindparam("after"), works.c.change <= sa.bindparam("until"))
    .order_by(works.c.change, works.c.id)
    .limit(sa.bindparam("size"))
)
COUNT_CHANGED = sa.select(sa.func.count()).select_from(works).where(works.c.change > sa.bindparam("after"))
COUNT_WORKS = sa.select(sa.func.sum(day_tallies.c.works)).where(
    day_tallies.c.facet == "all", day_tallies.c.value == ""
)
NEWEST = TEXTS.order_by(works.c.listed_on.desc(), works.c.order_key.desc(), works.c.id.desc()).limit(
    sa.bindparam("size")
)
BY_ID = TEXTS.where(works.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(works.c.id)
GONE = (
    sa.select(merges.c.gone_id)
    .where(
        merges.c.change > sa.bindparam("after"),
        merges.c.change <= sa.bindparam("until"),
        merges.c.gone_id.is_not(None),
    )
    .order_by(merges.c.id)
)
THERE = sa.select(works.c.id).where(works.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(works.c.id)
SOURCE_KEYS = sa.select(sources.c.id, sources.c.key).order_by(sources.c.id)
SOURCES_OF = (
    sa.select(manifestations.c.work_id, sightings.c.source_id)
    .join(sightings, sightings.c.manifestation_id == manifestations.c.id)
    .where(manifestations.c.work_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(manifestations.c.work_id, sightings.c.source_id)
)
ORCIDS_OF = (
    sa.select(authors.c.manifestation_id, authors.c.orcid)
    .where(authors.c.manifestation_id.in_(sa.bindparam("ids", expanding=True)), authors.c.orcid.is_not(None))
    .order_by(authors.c.manifestation_id, authors.c.position)
)
VECTORS = (
    sa.select(embeddings.c.work_id, embeddings.c.vector, embeddings.c.at)
    .where(embeddings.c.space == sa.bindparam("space"), embeddings.c.work_id > sa.bindparam("after"))
    .order_by(embeddings.c.work_id)
    .limit(sa.bindparam("size"))
)
VECTORS_SINCE = VECTORS.where(embeddings.c.at >= sa.bindparam("since"))
