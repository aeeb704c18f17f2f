"""The works' texts as ranking reads them: by number, by day, and the recent past as a background."""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.tables import authors as authors_table
from academichub.db.tables import day_tallies, identifiers, manifestations, sightings, sources, works
from academichub.store.kinship import chunks
from academichub.store.questions import as_kept
from academichub.store.rows import FLAGS, KINDS, author_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from academichub.model.papers import Author, Flag, Kind
    from academichub.store.rows import SqlRow

HASH_DIGITS = 16
STREAMED = 2000  # rows held at once while streaming


class WorkText(NamedTuple):
    """A work as ranking sees it: the text of its face, and what rules and follows look at.

    A named tuple: a background has twenty thousand, at a fifth of what frozen dataclasses cost.
    """

    work_id: int
    listed_on: date
    kind: Kind
    venue: str
    title: str
    abstract: str | None  # None where there is none, or only a teaser
    language: str
    byline: tuple[str, ...]  # authors' names in order
    categories: tuple[str, ...]  # primary first
    dois: tuple[str, ...]  # of all its manifestations
    sources: tuple[str, ...]  # keys of the sources that brought it, sorted
    change: int
    text_hash: str


def text_hash(title: str, abstract: str | None) -> str:
    """Name a text: 16 hexadecimal digits, the same for the same title and abstract."""
    text = f"{title}\n{abstract or ''}".encode("utf-8", "replace")
    return sha256(text).hexdigest()[:HASH_DIGITS]


def texts(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, WorkText]:
    """Read works by number, those that are there, newest first."""
    keys = _source_keys(connection)
    found: list[WorkText] = []
    for chunk in chunks(set(work_ids)):
        found += _completed(connection, connection.execute(BY_ID, {"ids": chunk}).all(), keys)
    return {one.work_id: one for one in sorted(found, key=_newest, reverse=True)}


def day_texts(connection: sa.Connection, on: date) -> list[WorkText]:
    """Read the works that a day lists, the newest number first."""
    return _completed(connection, connection.execute(OF_DAY, {"day": on}).all(), _source_keys(connection))


def revised_texts(connection: sa.Connection, on: date) -> list[WorkText]:
    """Read works of earlier days whose face is a version announced on that day, newest first."""
    rows = connection.execute(REVISED_ON, {"day": on}).all()
    return _completed(connection, rows, _source_keys(connection))


def recent_texts(connection: sa.Connection, *, until: date, limit: int = 20_000) -> Iterator[WorkText]:
    """Stream the latest works listed up to a day, newest first; in one order, whatever the database."""
    keys = _source_keys(connection)
    wanted = {"until": until, "size": limit}
    rows = connection.execute(RECENT, wanted, execution_options={"yield_per": STREAMED})
    for part in rows.partitions():
        yield from _completed(connection, part, keys)


def count_before(connection: sa.Connection, day: date) -> int:
    """Count the works listed before a day, from the days' tallies."""
    return connection.execute(COUNT_BEFORE, {"day": day}).scalar() or 0


def days(connection: sa.Connection, *, until: date, limit: int) -> list[date]:
    """List the last days with works, up to one, newest first."""
    return list(connection.execute(DAYS_UNTIL, {"until": until, "size": limit}).scalars())


def faces(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, tuple[str, tuple[Flag, ...]]]:
    """Tell of works which version their text is ("v2", "" where none is counted), and their flags."""
    found: dict[int, tuple[str, tuple[Flag, ...]]] = {}
    for chunk in chunks(set(work_ids)):
        for row in connection.execute(FACES_OF, {"ids": chunk}):
            version = f"v{row.version}" if row.counts_versions else ""
            found[row.id] = version, tuple([FLAGS[flag] for flag in row.flags])
    return found


def authors(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, tuple[Author, ...]]:
    """Read who wrote works, in the order of each work's face, with ORCIDs and affiliations."""
    found: dict[int, list[Author]] = defaultdict(list)
    for chunk in chunks(set(work_ids)):
        for row in connection.execute(AUTHORS_OF, {"ids": chunk}):
            found[row.work_id].append(author_of(row))
    return {work_id: tuple(people) for work_id, people in found.items()}


def works_of(connection: sa.Connection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Find works by canonical identifiers, (scheme, value); those that no work has are left out."""
    by_scheme: dict[str, set[str]] = defaultdict(set)
    for scheme, value in pairs:
        by_scheme[scheme].add(value)
    found: dict[tuple[str, str], int] = {}
    for scheme, values in sorted(by_scheme.items()):
        for chunk in chunks(values):
            for row in connection.execute(BY_IDENTIFIER, {"scheme": scheme, "values": chunk}):
                found[scheme, row.value] = row.work_id
    return found


# -- rows -----------------------------------------------------------------------------------------


def _completed(connection: sa.Connection, rows: Sequence[SqlRow], keys: dict[int, str]) -> list[WorkText]:
    """Add what the manifestations of each work know: their DOIs, and who brought them."""
    dois: dict[int, dict[str, None]] = defaultdict(dict)
    brought: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks({row[0] for row in rows}):
        for work_id, source_id in connection.execute(SOURCES_OF, {"ids": chunk}):
            brought[work_id].add(keys[source_id])
    for chunk in chunks({row[0] for row in rows if row.manifestation_count > 1}):
        for work_id, lines in connection.execute(NAMES_OF, {"ids": chunk}):
            dois[work_id].update(dict.fromkeys(_dois(lines)))
    return [
        _work_text(row, tuple(dois[row[0]]) or _dois(row.identifiers), tuple(sorted(brought[row[0]])))
        for row in rows
    ]


def _work_text(row: SqlRow, dois: tuple[str, ...], brought: tuple[str, ...]) -> WorkText:
    (work_id, listed_on, kind, venue, categories, _, change, _, title, abstract, is_teaser, language,
     byline) = row  # fmt: skip  # by place: names cost 40 % more
    abstract = None if is_teaser else abstract
    return WorkText(
        work_id=work_id,
        listed_on=listed_on,
        kind=KINDS[kind],
        venue=venue,
        title=title,
        abstract=abstract,
        language=language,
        byline=tuple(byline.split("\n")) if byline else (),
        categories=tuple(categories.split("\n")) if categories else (),
        dois=dois,
        sources=brought,
        change=change,
        text_hash=text_hash(title, abstract),
    )


def _dois(lines: str) -> tuple[str, ...]:
    if "doi:" not in lines:
        return ()
    return tuple([line[4:] for line in lines.split("\n") if line.startswith("doi:")])


def _source_keys(connection: sa.Connection) -> dict[int, str]:
    return {row.id: row.key for row in connection.execute(SOURCE_KEYS)}


def _newest(one: WorkText) -> tuple[date, int]:
    return one.listed_on, one.work_id


COLUMNS = (
    works.c.id,
    works.c.listed_on,
    works.c.kind,
    works.c.venue,
    as_kept(works.c.categories),
    as_kept(works.c.identifiers),
    works.c.change,
    works.c.manifestation_count,
    manifestations.c.title_plain,
    manifestations.c.abstract_plain,
    manifestations.c.is_teaser,
    manifestations.c.language,
    as_kept(manifestations.c.byline),
)
TEXTS = sa.select(*COLUMNS).join(manifestations, manifestations.c.id == works.c.face_id)
BY_ID = TEXTS.where(works.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(works.c.id)
OF_DAY = TEXTS.where(works.c.listed_on == sa.bindparam("day")).order_by(works.c.id.desc())
# From the versions to their works, which are few: from the works, all would be looked at.
REVISED_ON = (
    sa.select(*COLUMNS)
    .select_from(manifestations)
    .join(works, sa.and_(works.c.id == manifestations.c.work_id, works.c.face_id == manifestations.c.id))
    .where(manifestations.c.announced_on == sa.bindparam("day"), works.c.listed_on < sa.bindparam("day"))
    .order_by(works.c.listed_on.desc(), works.c.id.desc())
)
RECENT = (
    TEXTS.where(works.c.listed_on <= sa.bindparam("until"))
    .order_by(works.c.listed_on.desc(), works.c.id.desc())
    .limit(sa.bindparam("size"))
)
FACES_OF = (
    sa.select(works.c.id, works.c.flags, manifestations.c.version, manifestations.c.counts_versions)
    .join(manifestations, manifestations.c.id == works.c.face_id)
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(works.c.id)
)
COUNT_BEFORE = sa.select(sa.func.sum(day_tallies.c.works)).where(
    day_tallies.c.facet == "all", day_tallies.c.value == "", day_tallies.c.listed_on < sa.bindparam("day")
)
DAYS_UNTIL = (
    sa.select(day_tallies.c.listed_on)
    .where(
        day_tallies.c.facet == "all",
        day_tallies.c.value == "",
        day_tallies.c.works > 0,
        day_tallies.c.listed_on <= sa.bindparam("until"),
    )
    .order_by(day_tallies.c.listed_on.desc())
    .limit(sa.bindparam("size"))
)
SOURCE_KEYS = sa.select(sources.c.id, sources.c.key).order_by(sources.c.id)
SOURCES_OF = (
    sa.select(manifestations.c.work_id, sightings.c.source_id)
    .join(sightings, sightings.c.manifestation_id == manifestations.c.id)
    .where(manifestations.c.work_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(manifestations.c.work_id, sightings.c.source_id)
)
NAMES_OF = (
    sa.select(manifestations.c.work_id, as_kept(manifestations.c.identifiers))
    .where(manifestations.c.work_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(manifestations.c.work_id, manifestations.c.id)
)
AUTHORS_OF = (
    sa.select(
        works.c.id.label("work_id"),
        authors_table.c.name,
        authors_table.c.orcid,
        authors_table.c.affiliations,
    )
    .join(authors_table, authors_table.c.manifestation_id == works.c.face_id)
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(works.c.id, authors_table.c.position)
)
BY_IDENTIFIER = (
    sa.select(identifiers.c.value, identifiers.c.work_id)
    .where(
        identifiers.c.scheme == sa.bindparam("scheme"),
        identifiers.c.value.in_(sa.bindparam("values", expanding=True)),
    )
    .order_by(identifiers.c.value)
)
