"""Vectors of works and of free texts, space by space; what a vector's bytes mean is its maker's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import upsert
from academichub.db.radartables import embeddings, text_vectors
from academichub.db.tables import manifestations, works
from academichub.store.corpus import text_hash
from academichub.store.kinship import chunks
from academichub.store.log import touch_pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime


class Vector(NamedTuple):
    """What a text became, and which text of which work that was."""

    work_id: int
    text_hash: str
    change: int  # of the work, when its text was read
    vector: bytes


class Waiting(NamedTuple):
    """A work that has no vector, or that has changed since it got one."""

    work_id: int
    listed_on: date
    title: str
    abstract: str | None  # None where there is none, or only a teaser
    language: str
    text_hash: str
    change: int
    is_same: bool  # there is a vector of this very text: `confirm` it, and spare the model


def waiting(
    connection: sa.Connection,
    space: str,
    *,
    limit: int = 256,
    since: date | None = None,
    after: tuple[date, int] | None = None,
) -> list[Waiting]:
    """List works whose vectors are to be made or looked at, newest first.

    Args:
        connection: For reading.
        space: Whose vectors.
        limit: How many at most.
        since: Only works listed on this day or later.
        after: (listed_on, work_id) of the last one of the page before.
    """
    statement = WAITING
    if since is not None:
        statement = statement.where(works.c.listed_on >= since)
    if after is not None:
        place = sa.tuple_(works.c.listed_on, works.c.id)
        statement = statement.where(works.c.listed_on <= after[0], place < sa.tuple_(*after))
    return [
        Waiting(
            work_id=row.id,
            listed_on=row.listed_on,
            title=row.title_plain,
            abstract=None if row.is_teaser else row.abstract_plain,
            language=row.language,
            text_hash=(digest := text_hash(row.title_plain, None if row.is_teaser else row.abstract_plain)),
            change=row.change,
            is_same=digest == row.text_hash,
        )
        for row in connection.execute(statement, {"space": space, "size": limit})
    ]


def keep(connection: sa.Connection, space: str, vectors: Sequence[Vector], *, now: datetime) -> None:
    """Keep vectors of works in the place of those that were there."""
    rows = [
        {
            "space": space,
            "work_id": one.work_id,
            "text_hash": one.text_hash,
            "change": one.change,
            "vector": one.vector,
            "at": now,
        }
        for one in sorted(vectors)  # in one order, so that two that keep the same never wait for each other
    ]
    if rows:
        connection.execute(upsert(connection, embeddings, take=("text_hash", "change", "vector", "at")), rows)
        touch_pages(connection)  # which say how many have one


def confirm(connection: sa.Connection, space: str, change_by_work: Mapping[int, int]) -> None:
    """Note that works were looked at and their texts had not changed."""
    rows = [{"asked": work_id, "seen": change} for work_id, change in sorted(change_by_work.items())]
    if rows:
        connection.execute(CONFIRM, [row | {"within": space} for row in rows])


def read(connection: sa.Connection, space: str, work_ids: Iterable[int]) -> dict[int, bytes]:
    """Read the vectors of works, those that have one."""
    found: dict[int, bytes] = {}
    for chunk in chunks(set(work_ids)):
        found.update(connection.execute(VECTORS, {"space": space, "ids": chunk}).all())
    return found


def coverage(connection: sa.Connection, space: str, work_ids: Iterable[int]) -> int:
    """Count those of the works that have a vector."""
    return sum(
        connection.execute(COVERED, {"space": space, "ids": chunk}).scalar_one()
        for chunk in chunks(set(work_ids))
    )


def spaces(connection: sa.Connection) -> dict[str, int]:
    """Count the works with a vector in each space, by the space's name."""
    return dict(connection.execute(SPACES).all())


def drop_space(connection: sa.Connection, space: str) -> int:
    """Forget all vectors of a space; give how many works had one."""
    connection.execute(sa.delete(text_vectors).where(text_vectors.c.space == space))
    dropped = connection.execute(sa.delete(embeddings).where(embeddings.c.space == space)).rowcount
    touch_pages(connection)
    return int(dropped)


def read_texts(connection: sa.Connection, space: str, text_hashes: Iterable[str]) -> dict[str, bytes]:
    """Read the vectors of free texts, those that have one."""
    found: dict[str, bytes] = {}
    for chunk in chunks(set(text_hashes)):
        found.update(connection.execute(TEXT_VECTORS, {"space": space, "hashes": chunk}).all())
    return found


def keep_texts(connection: sa.Connection, space: str, vectors: Mapping[str, bytes], *, now: datetime) -> None:
    """Keep vectors of free texts, by the texts' hashes."""
    rows = [
        {"space": space, "text_hash": digest, "vector": vector, "at": now}
        for digest, vector in sorted(vectors.items())
    ]
    if rows:
        connection.execute(upsert(connection, text_vectors, take=("vector", "at")), rows)


def forget_texts(connection: sa.Connection, *, before: datetime) -> int:
    """Forget vectors of free texts that were kept before an instant; they can be made again."""
    return int(connection.execute(sa.delete(text_vectors).where(text_vectors.c.at < before)).rowcount)


WAITING = (
    sa.select(
        works.c.id,
        works.c.listed_on,
        works.c.change,
        manifestations.c.title_plain,
        manifestations.c.abstract_plain,
        manifestations.c.is_teaser,
        manifestations.c.language,
        embeddings.c.text_hash,
    )
    .join(manifestations, manifestations.c.id == works.c.face_id)
    .outerjoin(
        embeddings,
        sa.and_(embeddings.c.work_id == works.c.id, embeddings.c.space == sa.bindparam("space")),
    )
    .where(sa.or_(embeddings.c.change.is_(None), embeddings.c.change < works.c.change))
    .order_by(works.c.listed_on.desc(), works.c.id.desc())
    .limit(sa.bindparam("size"))
)
CONFIRM = (
    sa.update(embeddings)
    .where(embeddings.c.space == sa.bindparam("within"), embeddings.c.work_id == sa.bindparam("asked"))
    .values(change=sa.bindparam("seen"))
)
VECTORS = (
    sa.select(embeddings.c.work_id, embeddings.c.vector)
    .where(
        embeddings.c.space == sa.bindparam("space"),
        embeddings.c.work_id.in_(sa.bindparam("ids", expanding=True)),
    )
    .order_by(embeddings.c.work_id)
)
COVERED = sa.select(sa.func.count()).where(
    embeddings.c.space == sa.bindparam("space"),
    embeddings.c.work_id.in_(sa.bindparam("ids", expanding=True)),
)
SPACES = (
    sa.select(embeddings.c.space, sa.func.count()).group_by(embeddings.c.space).order_by(embeddings.c.space)
)
TEXT_VECTORS = (
    sa.select(text_vectors.c.text_hash, text_vectors.c.vector)
    .where(
        text_vectors.c.space == sa.bindparam("space"),
        text_vectors.c.text_hash.in_(sa.bindparam("hashes", expanding=True)),
    )
    .order_by(text_vectors.c.text_hash)
)
