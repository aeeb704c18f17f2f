"""Make and change radars: check what a reader filled in, find the papers they named, read their library."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from academichub.errors import RadarInvalid
from academichub.flows.naming import named_by, read_lines, seeds_of
from academichub.model.radar import SeedKind
from academichub.model.radarpages import LibraryReport
from academichub.radar.sieve import compile_interest
from academichub.references.reading import read_library
from academichub.store import radars
from academichub.store import seeds as seed_shelf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.model.radar import Interest, Radar, Seed
    from academichub.model.radarpages import Found, RadarForm
    from academichub.references.entry import Library

LONGEST_NAME: Final = 80  # characters
LONGEST_TEXT: Final = 4_000
MOST_QUOTA: Final = 500  # papers a day
_NAME_FROM_TEXT: Final = 40


@dataclass(frozen=True, slots=True)
class Gathered:
    """A form, checked: the interest, the papers that stand for it, and what became of what was named."""

    interest: Interest
    seeds: tuple[Seed, ...]
    found: tuple[Found, ...]
    library: Library | None
    library_seeds: int  # of the seeds, those from the library: the last ones
    library_matched: int  # of them, those that are on the shelves

    @property
    def is_empty(self) -> bool:
        """True where nothing says what the reader is interested in."""
        one = self.interest
        return not (one.rule.strip() or one.text.strip() or one.follows or self.seeds)


def gather(database: Database, form: RadarForm) -> Gathered:
    """Check a form, and find the papers that it names.

    Raises:
        RadarInvalid: A part has a value that it cannot take.
        QueryInvalid: The rule cannot be read.
        LibraryUnreadable: The library is in no format that we read.
    """
    interest = checked(form.interest)
    compile_interest(interest)
    library = (
        _read(form.library, name=form.library_name, collection=form.collection) if form.library else None
    )
    with database.reading() as connection:
        seeds, found = seeds_of(connection, read_lines(form.papers), kind=SeedKind.SEED)
        from_library, told = _of_library(connection, library, name=form.library_name)
    return Gathered(
        interest=replace(interest, name=interest.name or _name(interest, form, seeds or from_library)),
        seeds=(*seeds, *from_library),
        found=found,
        library=library,
        library_seeds=len(from_library),
        library_matched=sum(one.work_id is not None for one in told),
    )


def create(database: Database, form: RadarForm, *, now: datetime) -> Radar:
    """Make a radar of a form; see `gather` for what it raises.

    Raises:
        RadarInvalid: Nothing says what the reader is interested in.
    """
    gathered = gather(database, form)
    if gathered.is_empty:
        raise RadarInvalid(field="interest", reason="empty")
    with database.writing() as connection:
        radar = radars.create(connection, gathered.interest, now=now)
        seed_shelf.add(connection, radar.id, gathered.seeds, now=now)
        return radars.by_id(connection, radar.id)


def change(database: Database, key: str, form: RadarForm, *, now: datetime) -> Radar:
    """Give a radar another interest, and add the papers that the form names.

    Raises:
        RadarUnknown: There is no such radar.
    """
    gathered = gather(database, form)
    with database.writing() as connection:
        radar = radars.find(connection, key)
        if gathered.is_empty and not seed_shelf.of_radar(connection, radar.id):
            raise RadarInvalid(field="interest", reason="empty")
        radars.change(connection, radar.id, gathered.interest, now=now)
        seed_shelf.add(connection, radar.id, gathered.seeds, now=now)
        return radars.by_id(connection, radar.id)


def import_library(
    database: Database, content: bytes, *, name: str, key: str | None, now: datetime, collection: str = ""
) -> LibraryReport:
    """Read a library file, and add its papers to a radar.

    Args:
        database: The hub's database.
        content: The file's bytes.
        name: The file's name, for messages and as the seeds' origin.
        key: The radar; None only says what is in the file.
        now: For the log.
        collection: Only entries that are in this collection, whatever the case of its name; "": all.

    Raises:
        RadarInvalid: It has no such collection.
        LibraryUnreadable: It is in no format that we read.
        RadarUnknown: There is no such radar.
    """
    library = _read(content, name=name, collection=collection)
    added = 0
    with database.reading() as connection:
        seeds, told = _of_library(connection, library, name=name)
    if key is not None:
        with database.writing() as connection:
            added = seed_shelf.add(connection, radars.find(connection, key).id, seeds, now=now)
    matched = sum(one.work_id is not None for one in told)
    return report(library, name=name, matched=matched, added=added)


def report(library: Library, *, name: str, matched: int, added: int) -> LibraryReport:
    """Say what a library brought."""
    return LibraryReport(
        name=name,
        format=library.format,
        entries=len(library.references),
        matched=matched,
        added=added,
        broken=tuple(
            (int(one.facts["line"] or 0), str(one.facts["entry"]), str(one.facts["reason"]))
            for one in library.broken
        ),
        collections=collections_of(library),
    )


def collections_of(library: Library) -> tuple[str, ...]:
    """Name the collections of a library, by the alphabet."""
    return tuple(sorted({name for one in library.references for name in one.collections}))


def _read(content: bytes, *, name: str, collection: str) -> Library:
    library = read_library(content, name=name)
    wanted = " ".join(collection.split()).casefold()
    if not wanted:
        return library
    kept = tuple(one for one in library.references if wanted in {each.casefold() for each in one.collections})
    if not kept:
        raise RadarInvalid(field="collection", reason="no-such-collection", value=collection)
    return replace(library, references=kept)


def checked(interest: Interest) -> Interest:
    """Refuse values that no part of a radar can take, and trim what was typed."""
    name, text = " ".join(interest.name.split()), interest.text.strip()
    if len(name) > LONGEST_NAME:
        raise RadarInvalid(field="name", reason="too-long")
    if len(text) > LONGEST_TEXT:
        raise RadarInvalid(field="text", reason="too-long")
    if not 0 <= interest.threshold <= 1:
        raise RadarInvalid(field="threshold", reason="not-between-0-and-1")
    if not 0 <= interest.quota <= MOST_QUOTA:
        raise RadarInvalid(field="quota", reason="too-many")
    return replace(interest, name=name, text=text)


def _of_library(
    connection: Connection, library: Library | None, *, name: str
) -> tuple[tuple[Seed, ...], tuple[Found, ...]]:
    if library is None:
        return (), ()
    return seeds_of(
        connection,
        [named_by(one) for one in library.references],
        kind=SeedKind.LIBRARY,
        origin=name,
        abstracts=[one.abstract for one in library.references],
    )


def _name(interest: Interest, form: RadarForm, seeds: Sequence[Seed]) -> str:
    """Name a radar after what the reader gave, where they gave no name."""
    given = interest.text or interest.rule or (seeds[0].title if seeds else "")
    given = given or (form.library_name if form.library else "")
    given = given or (interest.follows[0].name if interest.follows else "")
    short = " ".join(given.split())
    if len(short) <= _NAME_FROM_TEXT:
        return short or "radar"
    return short[:_NAME_FROM_TEXT].rsplit(" ", 1)[0].rstrip(",.;，。；、 ") + "…"
