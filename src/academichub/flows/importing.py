"""Bring libraries in: each entry becomes the work of the hub that it is, or waits for it as written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from academichub.errors import KeepingInvalid
from academichub.flows.keptentries import arrivals, read_back
from academichub.flows.tying import find_works
from academichub.model.keeping import Imported
from academichub.references.reading import read_library
from academichub.store import collections, libraryentries, tags
from academichub.store.log import storable
from academichub.text.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.flows.keptentries import Arriving
    from academichub.references.entry import Library, Reference
    from academichub.store.collections import Found
    from academichub.store.libraryentries import KnownEntry, NewEntry

BATCH: Final = 500  # entries that are looked for at a time
WRITTEN: Final = 5_000  # entries that are written in one transaction: each looks through the collection once
MOST_GROUPS: Final = 500  # sub-collections of one file
LONGEST_NAME: Final = 200  # characters of a collection's name
LONGEST_ORIGIN: Final = 1_000
_SEPARATOR: Final = " / "


@dataclass(frozen=True, slots=True)
class Wish:
    """How a library is to be taken in."""

    collection: str = ""  # by name; "": named after the file
    only: str = ""  # entries in this group of the file alone, whatever the case of its name; "": all
    groups: bool = False  # its groups become collections of their own, "Name / Group"
    keywords_as_tags: bool = False  # of entries that are works of the hub
    is_dry: bool = False  # nothing is written


@dataclass(frozen=True, slots=True)
class LibraryImported:
    """What became of a file, with what its owner should know."""

    name: str
    format: str
    account: Imported
    broken: tuple[tuple[int, str, str], ...]  # line, entry, reason
    warnings: tuple[tuple[int, str, str], ...]  # likewise; those entries were taken in
    skipped: Mapping[str, int]  # what is no reference, by kind
    groups: tuple[str, ...] = ()  # names of the collections made of groups
    tags: int = 0  # given to works
    tags_left_out: int = 0  # too long, or too many for one work


@dataclass(slots=True)
class Count:
    """The account, while it grows."""

    matched: int = 0
    kept: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Changes:
    """What some entries change in a collection."""

    fresh: list[NewEntry] = field(default_factory=list)
    changed: dict[int, NewEntry] = field(default_factory=dict)  # by entry
    tied: dict[int, int] = field(default_factory=dict)  # works by entry


@dataclass(slots=True)
class Shelf:
    """What a collection holds of earlier imports."""

    collection_id: int | None  # where to write; None while nothing is written
    key: str
    of: int = 0  # what is read
    by_fingerprint: dict[str, KnownEntry] = field(default_factory=dict)
    by_key: dict[str, KnownEntry] = field(default_factory=dict)  # keys that one entry has
    may_correct: bool = False  # the collection was made of this very file


@dataclass(frozen=True, slots=True)
class Aim:
    """Where entries go, and how they are written."""

    shelf: Shelf
    file_format: str
    now: datetime


# -- a file -----------------------------------------------------------------------------------------


def import_library(
    database: Database,
    content: bytes,
    *,
    name: str,
    wish: Wish,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> LibraryImported:
    """Read a library file into a collection.

    Each entry is tied to the work of the hub that has its identifier, or that the rule which joins works is
    sure of by its text. Any other is kept whole and waits for its work. The same file again changes nothing;
    an entry that was corrected meanwhile takes the place of what it was. It is written in batches, so that
    an import that was interrupted goes on where it was when it is made again.

    Args:
        database: The hub's.
        content: The file's bytes.
        name: Its name, for messages and as the collection's origin.
        wish: How.
        now: For the log.
        progress: Called with the number of entries done since the last call.

    Raises:
        LibraryUnreadable: It is in no format that the hub reads.
        KeepingInvalid: The collection cannot have that name, or there is no such group, or there are far
            too many.
    """
    library = read_library(content, name=name)
    references = _chosen(library.references, wish)
    target = " ".join(wish.collection.split()) or PurePath(name).stem[:LONGEST_NAME] or "library"
    groups = groups_of(references, target) if wish.groups else {}
    count, work_by_place = Count(), dict[int, int]()
    origin = f"file:{storable(name)}"[:LONGEST_ORIGIN]
    shelf = open_shelf(database, target, origin=origin, wish=wish, now=now)
    aim = Aim(shelf, library.format, now)
    take(database, aim, references, count=count, works=work_by_place, progress=progress)
    for group, members in groups.items():
        chosen = [one for one in references if one.position in members]
        aim = Aim(open_shelf(database, group, origin=origin, wish=wish, now=now), library.format, now)
        take(database, aim, chosen, count=Count(), works=work_by_place, are_known=True)
    given, left_out = 0, 0
    if wish.keywords_as_tags:
        given, left_out = _give_tags(database, references, work_by_place, is_dry=wish.is_dry, now=now)
    return _report(library, shelf.key, count, name, tuple(groups), (given, left_out), len(references))


def _report(
    library: Library,
    key: str,
    count: Count,
    name: str,
    groups: tuple[str, ...],
    tagged: tuple[int, int],
    read: int,
) -> LibraryImported:
    broken = len(library.broken)
    account = Imported(key, read + broken, count.matched, count.kept, count.unchanged, broken)
    return LibraryImported(
        name=name,
        format=library.format,
        account=account,
        broken=tuple(
            (int(one.facts["line"] or 0), str(one.facts["entry"]), str(one.facts["reason"]))
            for one in library.broken
        ),
        warnings=tuple((one.line, one.entry, one.reason) for one in library.warnings),
        skipped=library.skipped,
        groups=groups,
        tags=tagged[0],
        tags_left_out=tagged[1],
    )


def _chosen(references: Sequence[Reference], wish: Wish) -> tuple[Reference, ...]:
    wanted = " ".join(wish.only.split()).casefold()
    if not wanted:
        return tuple(references)
    kept = tuple(one for one in references if wanted in {each.casefold() for each in one.collections})
    if not kept:
        raise KeepingInvalid(field="only", reason="no-such-collection", value=wish.only)
    return kept


def groups_of(references: Iterable[Reference], target: str) -> dict[str, frozenset[int]]:
    """Name the collections that groups become, with the positions of their entries.

    Raises:
        KeepingInvalid: There are too many.
    """
    found: dict[str, set[int]] = {}
    for one in references:
        for group in one.collections:
            name = f"{target}{_SEPARATOR}{' '.join(group.split())}"
            if len(name) > LONGEST_NAME:
                name = f"{name[: LONGEST_NAME - 1]}…"
            found.setdefault(name, set()).add(one.position)
    if len(found) > MOST_GROUPS:
        raise KeepingInvalid(field="groups", reason="too-many", value=str(len(found)))
    return {name: frozenset(places) for name, places in sorted(found.items())}


# -- into a collection ------------------------------------------------------------------------------


def open_shelf(database: Database, name: str, *, origin: str, wish: Wish, now: datetime) -> Shelf:
    """Find or make a collection, and read what is in it. Raises KeepingInvalid."""
    if wish.is_dry:
        with database.reading() as connection:
            found = collections.find_by_name(connection, name)
            known = [] if found is None else libraryentries.known(connection, found.collection_id)
    else:
        with database.writing() as connection:
            found = collections.find_by_name(connection, name)
            found = found or collections.create(connection, name, origin=origin, now=now)
            known = libraryentries.known(connection, found.collection_id)
    shelf = shelf_of(found, known, is_dry=wish.is_dry)
    shelf.may_correct = found is not None and found.origin == origin
    return shelf


def shelf_of(found: Found | None, known: Iterable[KnownEntry], *, is_dry: bool = False) -> Shelf:
    """Sort what a collection holds, for recognising it; None is one that is not made."""
    shelf = Shelf(None, "")
    if found is not None:
        shelf = Shelf(None if is_dry else found.collection_id, found.key, found.collection_id)
    doubled: set[str] = set()
    for one in known:
        shelf.by_fingerprint[one.fingerprint] = one
        if one.key in shelf.by_key:
            doubled.add(one.key)
        shelf.by_key[one.key] = one
    for written in {"", *doubled} & shelf.by_key.keys():
        del shelf.by_key[written]
    return shelf


def take(
    database: Database,
    aim: Aim,
    references: Sequence[Reference],
    *,
    count: Count,
    works: dict[int, int],
    are_known: bool = False,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Put entries into a collection, and count what became of each.

    Args:
        database: The hub's.
        aim: Where to.
        references: The entries.
        count: The account, which grows.
        works: The works of entries by position, which grows.
        are_known: The works of these entries have been looked for.
        progress: Called with the number of entries of each batch.
    """
    shelf = aim.shelf
    times = Counter(storable(one.key) for one in references)
    single = {key for key, often in times.items() if key and often == 1} if shelf.may_correct else set()
    staying: set[str] = set()
    if single & shelf.by_key.keys():
        coming = arrivals(references, file_format=aim.file_format)
        staying = {one.entry.fingerprint for one in coming} & shelf.by_fingerprint.keys()
    batches = arrivals(references, file_format=aim.file_format)
    while batch := list(islice(batches, WRITTEN)):
        if not are_known:
            _look_up(database, shelf, batch, works, progress=progress)
        before = _before(database, shelf, batch, staying=staying, single=single)
        changes = Changes()
        for one in batch:
            _sort(one.entry, shelf, works.get(one.entry.position), before, changes, count)
        _write(database, shelf.collection_id, changes, now=aim.now)


def _sort(
    entry: NewEntry,
    shelf: Shelf,
    work_id: int | None,
    before: Mapping[int, int],
    changes: Changes,
    count: Count,
) -> None:
    """Say what one entry changes in a collection, and count it."""
    known = shelf.by_fingerprint.get(entry.fingerprint)
    if known is not None and (known.work_id is not None or work_id is None):
        count.unchanged += 1
        return
    if known is not None and work_id is not None:
        changes.tied[known.entry_id] = work_id
    elif entry.position in before:
        changes.changed[before[entry.position]] = replace(entry, work_id=work_id)
    else:
        changes.fresh.append(replace(entry, work_id=work_id))
    if work_id is None:
        count.kept += 1
    else:
        count.matched += 1


def _write(database: Database, collection_id: int | None, changes: Changes, *, now: datetime) -> None:
    if collection_id is None or not (changes.fresh or changes.changed or changes.tied):
        return
    with database.writing() as connection:
        for entry_id, entry in changes.changed.items():
            libraryentries.change(connection, entry_id, entry, now=now)
        libraryentries.add(connection, collection_id, changes.fresh, now=now)
        libraryentries.tie(connection, changes.tied, now=now)


def _look_up(
    database: Database,
    shelf: Shelf,
    batch: Sequence[Arriving],
    works: dict[int, int],
    *,
    progress: Callable[[int], None] | None,
) -> None:
    """Find the works of a batch; entries that have theirs are not looked for again."""
    pieces = iter(batch)
    while piece := list(islice(pieces, BATCH)):
        open_: list[Reference] = []
        for one in piece:
            known = shelf.by_fingerprint.get(one.entry.fingerprint)
            if known is not None and known.work_id is not None:
                works[one.entry.position] = known.work_id
            else:
                open_.append(one.reference)
        with database.reading() as connection:
            found = find_works(connection, open_)
        works |= {
            reference.position: work_id
            for reference, work_id in zip(open_, found, strict=True)
            if work_id is not None
        }
        if progress is not None:
            progress(len(piece))


def _before(
    database: Database,
    shelf: Shelf,
    batch: Sequence[Arriving],
    *,
    staying: set[str],
    single: set[str],
) -> dict[int, int]:
    """Find the entries that some of a batch are corrections of, by position.

    They have one key, which nothing else has on either side, and share an identifier or the title. Only the
    file that the collection was made of corrects it: another one may be older, or another person's.
    """
    found: dict[int, int] = {}
    for one in batch:
        known = shelf.by_key.get(one.entry.key) if one.entry.key in single else None
        if known is None or one.entry.fingerprint in shelf.by_fingerprint or known.fingerprint in staying:
            continue
        with database.reading() as connection:
            kept = libraryentries.references_of(connection, shelf.of, after=known.entry_id - 1, size=1)
        was, _ = read_back(kept[0].reference) if kept else (None, "")
        if was is not None and _is_one_entry(was, one.reference):
            found[one.entry.position] = known.entry_id
    return found


def _is_one_entry(was: Reference, now_is: Reference) -> bool:
    if set(was.identifiers.pairs()) & set(now_is.identifiers.pairs()):
        return True
    return bool(was.title) and title_key(was.title) == title_key(now_is.title)


# -- tags -------------------------------------------------------------------------------------------


def _give_tags(
    database: Database,
    references: Iterable[Reference],
    works: Mapping[int, int],
    *,
    is_dry: bool,
    now: datetime,
) -> tuple[int, int]:
    """Give works the keywords of their entries; give how many are new, and how many could be no tags.

    Without writing, what works have already is not looked for: every keyword counts.
    """
    wanted: dict[int, dict[str, None]] = {}
    for one in references:
        if one.position in works:
            wanted.setdefault(works[one.position], {}).update(dict.fromkeys(one.keywords))
    if is_dry:
        return sum(map(len, wanted.values())), 0
    given = left_out = 0
    ordered = iter(sorted(wanted.items()))
    while batch := dict(islice(ordered, BATCH)):
        with database.writing() as connection:
            told = tags.add_tags(connection, batch, now=now)
        given, left_out = given + told.added, left_out + told.left_out
    return given, left_out
