"""Ask the shelves what a batch of drafts could be: by place and item, by name, by what others say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.tables import (
    apart,
    authors,
    blocks,
    identifiers,
    manifestations,
    sightings,
    sources,
    ties,
    works,
)
from academichub.model.kinship import Likeness, Stored
from academichub.model.lookalikes import Lookalikes, names_of
from academichub.model.papers import Bond
from academichub.store.rows import KINDS, author_of, draft_of, identifiers_of, known_of, origins_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from academichub.model.papers import Draft
    from academichub.store.rows import SqlRow

CHUNK = 400  # values in one IN list; SQLite's oldest limit on variables is 999
SAME_WORK = tuple(bond.value for bond in Bond if bond.is_same_work)
ARXIV = "arXiv"  # the venue of works whose face is arXiv's
MOST_LIKE = 12  # works compared with one draft; a block that many share says nothing


def lookalikes(connection: sa.Connection, drafts: Sequence[Draft], *, source_id: int) -> Lookalikes:
    """Read everything on the shelves that the drafts could be, and what the source said of it before."""
    items: dict[str, set[str]] = defaultdict(set)
    own: dict[str, set[str]] = defaultdict(set)
    pairs: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        items[draft.key.place].add(draft.key.item)
        for scheme, value in draft.identifiers.pairs():
            own[scheme].add(value)
        for scheme, value in names_of(draft):
            pairs[scheme].add(value)
    names: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for scheme, row in _each(connection, WORKS_OF_PAIRS, "scheme", pairs):
        names[row.work_id].append((scheme, row.value))
    found = {row.work_id for _, row in _each(connection, WORKS_OF_ITEMS, "place", items)}
    found |= {row.work_id for _, row in _each(connection, WORKS_OF_TIES, "scheme", own)}
    return _known(connection, found | set(names), names, source_id=source_id)


def _each(
    connection: sa.Connection, statement: sa.Select[Any], name: str, wanted: Mapping[str, set[str]]
) -> Iterator[tuple[str, SqlRow]]:
    """Ask a question about values of several kinds, in statements of bearable length."""
    for kind, values in wanted.items():
        for chunk in chunks(values):
            for row in connection.execute(statement, {name: kind, "values": chunk}):
                yield kind, row


def _known(
    connection: sa.Connection,
    work_ids: set[int],
    names: Mapping[int, Sequence[tuple[str, str]]],
    *,
    source_id: int,
) -> Lookalikes:
    tied: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for chunk in chunks(work_ids):
        for tie in connection.execute(TIES_OF_WORKS, {"ids": chunk}):
            tied[tie.work_id].append((tie.scheme, tie.value))
    gathered = Lookalikes()
    for chunk in chunks(work_ids):
        for row in connection.execute(KNOWN, {"ids": chunk, "source_id": source_id}):
            gathered.learn(
                known_of(row, names=tuple(names.get(row.work_id, ())), ties=tuple(tied.get(row.work_id, ())))
            )
    return gathered


def stored(connection: sa.Connection, manifestation_id: int) -> Stored:
    """Read one manifestation whole, with the provider that first brought it."""
    row = connection.execute(VERSION, {"id": manifestation_id}).mappings().one()
    people = [author_of(one) for one in connection.execute(AUTHORS, {"id": manifestation_id})]
    brought = connection.execute(FIRST_SOURCE, {"id": manifestation_id}).first()
    return Stored(
        draft=draft_of(row, people),
        origins=origins_of(row["origins"]),
        first="feed" if brought is None else brought.connector or brought.kind,
    )


def still_there(connection: sa.Connection, work_ids: Iterable[int]) -> set[int]:
    """Tell which of the works have a card of their own."""
    found: set[int] = set()
    for chunk in chunks(set(work_ids)):
        found.update(connection.execute(THERE, {"ids": chunk}).scalars())
    return found


def likenesses(
    connection: sa.Connection, wanted: Mapping[int, Sequence[int]], *, at_arxiv: frozenset[int]
) -> dict[int, tuple[Likeness, ...]]:
    """Find the works that share a block with each of the given works, and what is needed to compare them.

    Args:
        connection: Inside the transaction that shelved the works.
        wanted: Work ids with their blocks.
        at_arxiv: Those of them that are arXiv's. Its numbers tell its own papers apart, so they are only
            compared with works of other places; a day of arXiv has thousands.

    Returns:
        For each work that has any, the others, oldest first, and itself last.
    """
    elsewhere = {work_id: own for work_id, own in wanted.items() if work_id in at_arxiv}
    anywhere = {work_id: own for work_id, own in wanted.items() if work_id not in at_arxiv}
    others = _sharing(connection, elsewhere, HOLDERS_ELSEWHERE) | _sharing(connection, anywhere, HOLDERS)
    if not others:
        return {}
    parted = _parted(connection, {one for group in others.values() for one in group})
    ids = {one for work_id, group in others.items() for one in (work_id, *group)}
    shapes = {one.work_id: one for one in likeness_of(connection, ids)}
    found = {}
    for work_id, group in others.items():
        kept = [one for one in group if (min(one, work_id), max(one, work_id)) not in parted][:MOST_LIKE]
        if kept:
            found[work_id] = tuple(shapes[one] for one in (*kept, work_id))
    return found


def _sharing(
    connection: sa.Connection, wanted: Mapping[int, Sequence[int]], statement: sa.Select[Any]
) -> dict[int, list[int]]:
    """Give, for each work, the others that share a block with it, where there are any."""
    holders: dict[int, list[int]] = defaultdict(list)
    for chunk in chunks({block for own in wanted.values() for block in own}):
        for row in connection.execute(statement, {"blocks": chunk}):
            holders[row.block].append(row.work_id)
    found = {}
    for work_id, own in wanted.items():
        group = sorted({other for block in own for other in holders.get(block, ()) if other != work_id})
        if group:
            found[work_id] = group
    return found


def sharing(connection: sa.Connection, wanted: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Give the works that share a key with descriptions that are on no shelf, by their numbers."""
    unlike_any_work = {-1 - number: keys for number, keys in wanted.items()}
    return {-1 - number: group for number, group in _sharing(connection, unlike_any_work, HOLDERS).items()}


def likeness_of(connection: sa.Connection, work_ids: Iterable[int]) -> Iterator[Likeness]:
    """Read what is needed to compare works by their text: each one's face."""
    for chunk in chunks(set(work_ids)):
        people: dict[int, list[str]] = {}
        rows = connection.execute(FACE_OF_WORKS, {"ids": chunk}).all()
        for row in rows:
            people[row.id] = list(row.byline)
        for row in rows:
            yield Likeness(
                work_id=row.id,
                title=row.title_plain,
                authors=tuple(people[row.id]),
                venue=row.venue,
                year=row.published_on.year if row.published_on else None,
                identifiers=identifiers_of(row.identifiers),
                kind=KINDS[row.kind],
                place=row.place,
                title_key=row.title_key,
            )


def _parted(connection: sa.Connection, work_ids: set[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for chunk in chunks(work_ids):
        found.update((row.one_id, row.other_id) for row in connection.execute(APART, {"ids": chunk}))
    return found


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut values, in order, into lists that fit one statement."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


WORKS_OF_ITEMS = (
    sa.select(manifestations.c.work_id)
    .where(
        manifestations.c.place == sa.bindparam("place"),
        manifestations.c.item.in_(sa.bindparam("values", expanding=True)),
    )
    .distinct()
)
WORKS_OF_PAIRS = sa.select(identifiers.c.value, identifiers.c.work_id).where(
    identifiers.c.scheme == sa.bindparam("scheme"),
    identifiers.c.value.in_(sa.bindparam("values", expanding=True)),
)
WORKS_OF_TIES = (
    sa.select(ties.c.work_id)
    .where(
        ties.c.scheme == sa.bindparam("scheme"),
        ties.c.value.in_(sa.bindparam("values", expanding=True)),
        ties.c.bond.in_(SAME_WORK),
    )
    .distinct()
)
TIES_OF_WORKS = (
    sa.select(ties.c.work_id, ties.c.scheme, ties.c.value)
    .where(ties.c.work_id.in_(sa.bindparam("ids", expanding=True)), ties.c.bond.in_(SAME_WORK))
    .order_by(ties.c.work_id, ties.c.scheme, ties.c.value)
)
KNOWN = (
    sa.select(
        manifestations.c.id,
        manifestations.c.work_id,
        manifestations.c.place,
        manifestations.c.item,
        manifestations.c.version,
        manifestations.c.fingerprint,
        manifestations.c.identifiers,
        manifestations.c.kind,
        sightings.c.fingerprint.label("said"),
    )
    .select_from(
        manifestations.outerjoin(
            sightings,
            sa.and_(
                sightings.c.manifestation_id == manifestations.c.id,
                sightings.c.source_id == sa.bindparam("source_id"),
            ),
        )
    )
    .where(manifestations.c.work_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(manifestations.c.id)
)
VERSION = sa.select(manifestations).where(manifestations.c.id == sa.bindparam("id"))
AUTHORS = (
    sa.select(authors.c.name, authors.c.orcid, authors.c.affiliations)
    .where(authors.c.manifestation_id == sa.bindparam("id"))
    .order_by(authors.c.position)
)
FIRST_SOURCE = (
    sa.select(sources.c.kind, sources.c.connector)
    .join(sightings, sightings.c.source_id == sources.c.id)
    .where(sightings.c.manifestation_id == sa.bindparam("id"))
    .order_by(sightings.c.first_seen_at, sightings.c.source_id)
    .limit(1)
)
HOLDERS = (
    sa.select(blocks.c.block, blocks.c.work_id)
    .where(blocks.c.block.in_(sa.bindparam("blocks", expanding=True)))
    .order_by(blocks.c.block, blocks.c.work_id)
)
HOLDERS_ELSEWHERE = (
    sa.select(blocks.c.block, blocks.c.work_id)
    .join(works, works.c.id == blocks.c.work_id)
    .where(blocks.c.block.in_(sa.bindparam("blocks", expanding=True)), works.c.venue != ARXIV)
    .order_by(blocks.c.block, blocks.c.work_id)
)
FACE_OF_WORKS = (
    sa.select(
        works.c.id,
        works.c.kind,
        works.c.venue,
        works.c.title_key,
        works.c.identifiers,
        manifestations.c.title_plain,
        manifestations.c.byline,
        manifestations.c.published_on,
        manifestations.c.place,
    )
    .join(manifestations, manifestations.c.id == works.c.face_id)
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(works.c.id)
)
THERE = sa.select(works.c.id).where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
APART = sa.select(apart.c.one_id, apart.c.other_id).where(
    apart.c.one_id.in_(sa.bindparam("ids", expanding=True))
    | apart.c.other_id.in_(sa.bindparam("ids", expanding=True))
)
