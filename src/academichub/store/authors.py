"""Who signed works: an author's works, names, namesakes and co-authors, by ORCID or by name.

A name is looked for as it is written, by an index that the database keeps; a key of names would have to be
kept up with every paper that comes in, and would throw "Wang L" of all the world together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from academichub.db.tables import authors, manifestations, works
from academichub.model.authors import CoAuthor, NameVariant, Person
from academichub.store.kinship import chunks
from academichub.store.log import storable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

MOST_VARIANTS: Final = 30
MOST_PEOPLE: Final = 20
MOST_COAUTHORS: Final = 12
NEWEST: Final = 200  # works whose co-authors are counted
FIRST_AUTHORS: Final = 100  # of a work; the co-authors of three thousand say nothing of who works with whom


class Signed(NamedTuple):
    """A work and its day."""

    work_id: int
    on: date


class Who(NamedTuple):
    """Of whom the questions are: an ORCID, or a name as it is written."""

    orcid: str | None
    name: str = ""

    def values(self) -> dict[str, str]:
        """Give what the statements ask for."""
        return {"who": storable(self.name) if self.orcid is None else self.orcid}


def signed(connection: sa.Connection, who: Who, *, after: Signed | None, size: int) -> list[Signed]:
    """List works, newest first, those behind `after`."""
    which: dict[str, Any] = {**who.values(), "size": size}
    if after is None:
        found = connection.execute(SIGNED[who.orcid is not None, False], which)
    else:
        which |= {"on": after.on, "work_id": after.work_id}
        found = connection.execute(SIGNED[who.orcid is not None, True], which)
    return [Signed(row.id, row.listed_on) for row in found]


def count(connection: sa.Connection, who: Who) -> int:
    """Count works."""
    return int(connection.execute(COUNTS[who.orcid is not None], who.values()).scalar_one())


def names_of(connection: sa.Connection, orcid: str) -> tuple[NameVariant, ...]:
    """List the names under an ORCID, most works first."""
    found = connection.execute(NAMES_OF, {"who": orcid, "size": MOST_VARIANTS})
    return tuple(NameVariant(row.name, row.works) for row in found)


def written_so(connection: sa.Connection, names: Iterable[str]) -> tuple[NameVariant, ...]:
    """Tell which of some names works are signed with, most works first."""
    found = [
        NameVariant(row.name, row.works)
        for chunk in chunks({storable(name) for name in names})
        for row in connection.execute(WRITTEN_SO, {"names": chunk})
    ]
    return tuple(sorted(found, key=lambda one: (-one.works, one.name)))[:MOST_VARIANTS]


def people_of(connection: sa.Connection, name: str) -> tuple[Person, ...]:
    """List the ORCIDs that sign with a name, most works first."""
    found = connection.execute(PEOPLE, {"who": storable(name), "size": MOST_PEOPLE})
    return tuple(Person(row.orcid, name, row.works) for row in found)


def unsure(connection: sa.Connection, names: Iterable[str], *, but: str | None) -> int:
    """Count works signed with one of some names for which no ORCID speaks.

    Args:
        connection: For reading.
        names: As they are written.
        but: Works of this ORCID are left out, whichever version of theirs names it.
    """
    which = {"names": sorted({storable(name) for name in names}), "orcid": but or ""}
    return int(connection.execute(UNSURE, which).scalar_one())


def coauthors(connection: sa.Connection, who: Who, *, but: Iterable[str]) -> tuple[CoAuthor, ...]:
    """List who signed the newest works too, most works first; names in `but` are the author's own."""
    own = set(but)
    newest = [one.work_id for one in signed(connection, who, after=None, size=NEWEST)]
    counts: dict[str, int] = defaultdict(int)
    orcids: dict[str, set[str]] = defaultdict(set)
    for chunk in chunks(newest):
        for row in connection.execute(TOGETHER, {"ids": chunk}):
            if row.name in own or (who.orcid is not None and row.orcid == who.orcid):
                continue
            counts[row.name] += row.works
            if row.orcid is not None:
                orcids[row.name].add(row.orcid)
    best = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_COAUTHORS]
    return tuple(
        CoAuthor(name, next(iter(orcids[name])) if len(orcids[name]) == 1 else None, counts[name])
        for name in best
    )


_BY_ORCID = authors.c.orcid == sa.bindparam("who")
_BY_NAME = authors.c.name == sa.bindparam("who")
_HIS = authors.join(manifestations, manifestations.c.id == authors.c.manifestation_id)
_WORKS = sa.func.count(manifestations.c.work_id.distinct()).label("works")


def _signed(condition: sa.ColumnElement[bool], *, is_after: bool) -> sa.Select[Any]:
    statement = (
        sa.select(works.c.id, works.c.listed_on)
        .select_from(_HIS.join(works, works.c.id == manifestations.c.work_id))
        .where(condition)
        .distinct()
        .order_by(works.c.listed_on.desc(), works.c.id.desc())
        .limit(sa.bindparam("size"))
    )
    if not is_after:
        return statement
    day = sa.bindparam("on", type_=sa.Date)
    return statement.where(
        sa.or_(
            works.c.listed_on < day,
            sa.and_(works.c.listed_on == day, works.c.id < sa.bindparam("work_id")),
        )
    )


SIGNED = {
    (is_orcid, is_after): _signed(_BY_ORCID if is_orcid else _BY_NAME, is_after=is_after)
    for is_orcid in (False, True)
    for is_after in (False, True)
}
COUNTS = {
    is_orcid: sa.select(_WORKS).select_from(_HIS).where(_BY_ORCID if is_orcid else _BY_NAME)
    for is_orcid in (False, True)
}
NAMES_OF = (
    sa.select(authors.c.name, _WORKS)
    .select_from(_HIS)
    .where(_BY_ORCID)
    .group_by(authors.c.name)
    .order_by(_WORKS.desc(), authors.c.name)
    .limit(sa.bindparam("size"))
)
WRITTEN_SO = (
    sa.select(authors.c.name, _WORKS)
    .select_from(_HIS)
    .where(authors.c.name.in_(sa.bindparam("names", expanding=True)))
    .group_by(authors.c.name)
    .order_by(authors.c.name)
)
PEOPLE = (
    sa.select(authors.c.orcid, _WORKS)
    .select_from(_HIS)
    .where(_BY_NAME, authors.c.orcid.is_not(None))
    .group_by(authors.c.orcid)
    .order_by(_WORKS.desc(), authors.c.orcid)
    .limit(sa.bindparam("size"))
)
_OTHER = manifestations.alias("other")
_SPEAKS = authors.alias("speaks")
# Another version of the same work may name the ORCID that this one leaves out.
_SPOKEN_FOR = (
    sa.exists()
    .select_from(_OTHER.join(_SPEAKS, _SPEAKS.c.manifestation_id == _OTHER.c.id))
    .where(
        _OTHER.c.work_id == manifestations.c.work_id,
        sa.or_(
            _SPEAKS.c.orcid == sa.bindparam("orcid"),
            sa.and_(_SPEAKS.c.name == authors.c.name, _SPEAKS.c.orcid.is_not(None)),
        ),
    )
)
UNSURE = (
    sa.select(_WORKS)
    .select_from(_HIS)
    .where(authors.c.name.in_(sa.bindparam("names", expanding=True)), authors.c.orcid.is_(None), ~_SPOKEN_FOR)
)
TOGETHER = (
    sa.select(authors.c.name, authors.c.orcid, sa.func.count(works.c.id.distinct()).label("works"))
    .join(works, works.c.face_id == authors.c.manifestation_id)
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)), authors.c.position < FIRST_AUTHORS)
    .group_by(authors.c.name, authors.c.orcid)
    .order_by(authors.c.name, authors.c.orcid)
)
