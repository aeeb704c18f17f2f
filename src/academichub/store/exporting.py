"""Read works whole, for files and feeds of lists: texts, authors, identifiers, links and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.tables import authors, manifestations, works
from academichub.model.papers import Identifiers
from academichub.store.kinship import chunks
from academichub.store.rows import (
    KINDS,
    author_of,
    identifiers_of,
    links_of,
    moment_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from academichub.model.papers import Author, Kind, Link, Moment
    from academichub.store.rows import SqlRow


class WholeWork(NamedTuple):
    """A work with the text that its card shows."""

    work_id: int
    kind: Kind
    venue: str
    categories: tuple[str, ...]
    identifiers: Identifiers
    listed_on: date
    title_raw: str
    title_plain: str
    title_html: str
    abstract_plain: str  # "" where there is none
    abstract_html: str
    is_teaser: bool  # it is a standfirst or a citation line, not an abstract
    language: str
    authors: tuple[Author, ...]
    links: tuple[Link, ...]
    published: Moment | None
    updated: Moment | None
    journal_ref: str
    licence: str


_WORKS = (
    sa.select(
        works.c.id,
        works.c.face_id,
        works.c.kind,
        works.c.venue,
        works.c.categories,
        works.c.identifiers,
        works.c.listed_on,
        manifestations.c.title_raw,
        manifestations.c.title_plain,
        manifestations.c.title_html,
        manifestations.c.abstract_plain,
        manifestations.c.abstract_html,
        manifestations.c.is_teaser,
        manifestations.c.language,
        manifestations.c.links,
        manifestations.c.published_at,
        manifestations.c.published_on,
        manifestations.c.published_precision,
        manifestations.c.updated_at,
        manifestations.c.updated_on,
        manifestations.c.updated_precision,
        manifestations.c.journal_ref,
        manifestations.c.licence,
    )
    .join(manifestations, manifestations.c.id == works.c.face_id)
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_AUTHORS = (
    sa.select(authors.c.manifestation_id, authors.c.name, authors.c.orcid, authors.c.affiliations)
    .where(authors.c.manifestation_id.in_(sa.bindparam("faces", expanding=True)))
    .order_by(authors.c.manifestation_id, authors.c.position)
)


def whole_works(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, WholeWork]:
    """Read works by number, those that are there: two statements for every few hundred works."""
    found: dict[int, WholeWork] = {}
    for chunk in chunks(set(work_ids)):
        rows = connection.execute(_WORKS, {"ids": chunk}).all()
        people: dict[int, list[Author]] = {}
        for one in connection.execute(_AUTHORS, {"faces": [row.face_id for row in rows]}):
            people.setdefault(one.manifestation_id, []).append(author_of(one))
        for row in rows:
            found[row.id] = _whole(row, tuple(people.get(row.face_id, ())))
    return found


def _whole(row: SqlRow, people: tuple[Author, ...]) -> WholeWork:
    return WholeWork(
        work_id=row.id,
        kind=KINDS[row.kind],
        venue=row.venue,
        categories=tuple(row.categories),
        identifiers=identifiers_of(row.identifiers) if row.identifiers else Identifiers(),
        listed_on=row.listed_on,
        title_raw=row.title_raw,
        title_plain=row.title_plain,
        title_html=row.title_html,
        abstract_plain=row.abstract_plain or "",
        abstract_html=row.abstract_html or "",
        is_teaser=row.is_teaser,
        language=row.language,
        authors=people,
        links=links_of(row.links) if row.links else (),
        published=moment_of(row.published_at, row.published_on, row.published_precision),
        updated=moment_of(row.updated_at, row.updated_on, row.updated_precision),
        journal_ref=row.journal_ref,
        licence=row.licence or "",
    )
