"""Follow a Zotero library: its collections become collections here, and what changes there changes here.

Zotero is only read. A library has one version, which counts its changes: the pages of one reading must all be
of one version, else the reading begins again; and the next time only what changed after it is asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.errors import (
    CollectionUnknown,
    KeepingInvalid,
    SourceNotFound,
    SourceUnreachable,
    ZoteroRefused,
)
from academichub.flows.keptentries import digest_of, entry_of, written
from academichub.flows.tying import find_works
from academichub.flows.zoteroweb import Moved, ZoteroWeb
from academichub.model.keeping import Imported
from academichub.sources import zoteroapi
from academichub.store import collections, libraryentries, origins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.flows.zoteroweb import Asks
    from academichub.sources.zoteroapi import RemoteCollection, RemoteItem
    from academichub.store.collections import Found
    from academichub.store.libraryentries import NewEntry

MOST_RESTARTS: Final = 5  # of a reading during which the library changes
MOST_COLLECTIONS: Final = 5_000
BATCH: Final = 2_000  # items that are written in one transaction
LONGEST_NAME: Final = 200  # characters of a collection's name
FORMAT: Final = "zotero-json"


@dataclass(frozen=True, slots=True)
class ZoteroSynced:
    """What a reading of a library brought. An item that is in several collections counts once."""

    library: str  # "users/12"
    name: str
    version: int | None
    is_unchanged: bool  # nothing has changed there since the last time, and nothing was read
    account: Imported
    collections: int  # of the hub, that follow this library
    removed: int  # entries taken out, because they are gone there
    skipped: Mapping[str, int]  # what is no reference, by kind: "attachment", "note", "trash"
    broken: tuple[tuple[str, str], ...] = ()  # key of the item, reason


class _Held(NamedTuple):
    """An entry that is here already."""

    collection_id: int
    entry_id: int
    fingerprint: str
    work_id: int | None


@dataclass(slots=True)
class _Past:
    """What readings that had to begin again have done already."""

    works: dict[str, bool] = field(default_factory=dict)  # by item that was taken in: is it a work of the hub
    removed: int = 0


@dataclass(slots=True)
class _Count:
    """The account of one reading, while it grows."""

    matched: int = 0
    kept: int = 0
    unchanged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def account(self, key: str) -> Imported:
        """Sum it up."""
        broken = len(self.broken)
        entries = self.matched + self.kept + self.unchanged + broken
        return Imported(key, entries, self.matched, self.kept, self.unchanged, broken)


@dataclass(slots=True)
class _Shelves:
    """The collections here that stand for a library's, and every entry in them by its key there."""

    root: Found  # for what is in no collection there; or the one collection that is followed
    by_key: dict[str, Found]  # for each collection there
    held: dict[str, list[_Held]] = field(default_factory=lambda: defaultdict(list))

    def all(self) -> list[Found]:
        """Name every one of them once."""
        return list({one.collection_id: one for one in (self.root, *self.by_key.values())}.values())

    def places_of(self, item: RemoteItem) -> set[int]:
        """Tell where an item belongs."""
        here = {self.by_key[key].collection_id for key in item.collections if key in self.by_key}
        return here or {self.root.collection_id}


@dataclass(slots=True)
class _Changes:
    """What some items change in the collections."""

    fresh: dict[int, list[NewEntry]] = field(default_factory=lambda: defaultdict(list))  # by collection
    changed: dict[int, NewEntry] = field(default_factory=dict)  # by entry
    tied: dict[int, int] = field(default_factory=dict)  # works by entry
    left: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # entries by collection


def sync_zotero(
    database: Database,
    web: Asks,
    *,
    library: str = "",
    collection: str = "",
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    progress: Callable[[int], None] | None = None,
) -> ZoteroSynced:
    """Read a Zotero library, or what has changed in it, into collections of the hub.

    Items that are gone there, or in its trash, are taken out here; their works stay on the shelves with
    every mark. A collection that is gone there goes here too, unless something was put into it by hand.
    Attachments, notes and annotations are counted and not taken.

    Args:
        database: The hub's.
        web: The polite client, which has the key.
        library: "users/12" or "groups/34"; "" for that of the key's owner.
        collection: The key of one collection, to follow that alone; "" for all.
        clock: The present, UTC.
        sleep: Waits, where Zotero asks for that.
        progress: Called with the number of items of each page.

    Raises:
        KeepingInvalid: That is no library or collection, or it has far too many collections.
        ZoteroRefused: The key does not open the library, or there is none.
        CollectionUnknown: The library has no such collection.
        FetchError: Zotero does not answer, or the library keeps changing while it is read.
        FeedError: Its answers cannot be read.
    """
    only = _collection_key(collection) if collection else ""
    place, name = _place(ZoteroWeb(web, library=library, clock=clock, sleep=sleep), library)
    past = _Past()
    for _ in range(MOST_RESTARTS):
        asked = ZoteroWeb(web, library=place, clock=clock, sleep=sleep)
        reading = _Reading(database, asked, place, name, only, clock, progress or (lambda _: None), past)
        try:
            return reading.run()
        except Moved:
            continue
        except SourceNotFound as error:
            raise ZoteroRefused(library=place, status=error.facts.get("status")) from error
    reason = "the library kept changing while it was read"
    raise SourceUnreachable(url=f"{zoteroapi.API}/{place}", status=None, reason=reason)


def _collection_key(said: str) -> str:
    try:
        return zoteroapi.read_collection_key(said)
    except ValueError as error:
        raise KeepingInvalid(field="collection", reason="malformed", value=said) from error


def _place(asked: ZoteroWeb, library: str) -> tuple[str, str]:
    """Find out which library is meant, and what it is called."""
    try:
        if not library:
            owner = asked.ask(
                zoteroapi.key_question(), lambda body, _: zoteroapi.read_key(body), is_versioned=False
            )
            place = f"users/{owner.user_id}"
            return place, owner.name or place
        place = zoteroapi.read_place(library)
        if place.startswith("users/"):
            return place, place
        question = zoteroapi.group_question(place)
        name = asked.ask(question, lambda body, _: zoteroapi.read_name(body), is_versioned=False)
    except ValueError as error:
        raise KeepingInvalid(field="library", reason="malformed", value=library) from error
    except SourceNotFound as error:  # so it answers, too, where no key came along
        raise ZoteroRefused(library=library, status=error.facts.get("status")) from error
    return place, name or place


@dataclass(slots=True)
class _Reading:
    """One reading of a library, from its collections to what is gone."""

    database: Database
    asked: ZoteroWeb
    place: str
    name: str
    only: str  # the key of one collection; "" for all
    clock: Callable[[], datetime]
    progress: Callable[[int], None]
    past: _Past
    count: _Count = field(default_factory=_Count)
    thrown: set[str] = field(default_factory=set)  # items in the trash

    @property
    def origin(self) -> str:
        """Where the root collection is from."""
        return self._origin_of(self.only) if self.only else f"zotero:{self.place}"

    def _origin_of(self, key: str) -> str:
        return f"zotero:{self.place}/collections/{key}"

    def run(self) -> ZoteroSynced:
        """Read what there is to read, and write it as it comes; the version is noted last.

        Raises:
            Moved: The library changed meanwhile: what was written is right, and the rest must be read anew.
        """
        with self.database.reading() as connection:
            here = origins.collections_from(connection, self.origin)
        root = here.get(self.origin)
        since = root.version if root is not None else None
        if root is not None and since is not None and self.asked.is_unchanged(self.place, since=since):
            return self._report(root, since, len(here), is_unchanged=True)
        remote = self._collections()
        if self.only and self.only not in {one.key for one in remote}:
            raise CollectionUnknown(collection=self.only, suggestion=None)
        shelves, is_all_there = self._shelves(remote, here, since)
        if not is_all_there or self.only:  # of one collection, what left it is in no list of changes
            since = None
        seen = self._items(shelves, remote, since)
        gone = set(shelves.held) - seen if since is None else self._deleted(since)
        self._finish(shelves, here, gone | self.thrown)
        return self._report(shelves.root, self.asked.version, len(shelves.all()), is_unchanged=False)

    def _report(self, root: Found, version: int | None, made: int, *, is_unchanged: bool) -> ZoteroSynced:
        return ZoteroSynced(
            library=self.place,
            name=self.name,
            version=version,
            is_unchanged=is_unchanged,
            account=self.count.account(root.key),
            collections=made,
            removed=self.past.removed,
            skipped=dict(sorted(self.count.skipped.items())),
            broken=tuple(self.count.broken),
        )

    # -- collections ------------------------------------------------------------------------------

    def _collections(self) -> list[RemoteCollection]:
        found: dict[str, RemoteCollection] = {}
        for page in self.asked.pages(
            lambda start: zoteroapi.collections_question(self.place, start=start),
            lambda body, _: zoteroapi.read_collections(body),
        ):
            found |= {one.key: one for one in page}
            if len(found) > MOST_COLLECTIONS:
                raise KeepingInvalid(field="collections", reason="too-many", value=str(len(found)))
        return list(found.values())

    def _shelves(
        self, remote: Sequence[RemoteCollection], here: Mapping[str, Found], since: int | None
    ) -> tuple[_Shelves, bool]:
        """Find or make the collections.

        Returns:
            The shelves; and whether what changed there since the last time is all that must be read. It is
            not where a collection went, there or here: its items are among no changes.
        """
        followed = [one for one in remote if self.only in {"", one.key}]
        names = zoteroapi.paths_of(remote)
        known = {self._origin_of(one.key) for one in followed} | {self.origin}
        is_all_there = since is not None and here.keys() <= known
        by_key: dict[str, Found] = {}
        with self.database.writing() as connection:
            for one in followed:
                found = here.get(self._origin_of(one.key))
                if found is None:
                    is_all_there = is_all_there and one.version > (since or 0)
                    found = self._make(connection, names[one.key], self._origin_of(one.key))
                elif any(each.version > (since or 0) for each in zoteroapi.around(remote, one.key)):
                    collections.rename(
                        connection, found.collection_id, _cut(names[one.key]), now=self.clock()
                    )
                by_key[one.key] = found
            root = by_key.get(self.only) or here.get(self.origin)
            root = root or self._make(connection, f"Zotero: {self.name}", self.origin)
            shelves = _Shelves(root, by_key)
            for found in shelves.all():
                for entry in libraryentries.known(connection, found.collection_id):
                    held = _Held(found.collection_id, entry.entry_id, entry.fingerprint, entry.work_id)
                    shelves.held[entry.key].append(held)
        return shelves, is_all_there

    def _make(self, connection: Connection, name: str, origin: str) -> Found:
        return collections.create(connection, _cut(name), origin=origin, now=self.clock())

    # -- items ------------------------------------------------------------------------------------

    def _items(self, shelves: _Shelves, remote: Iterable[RemoteCollection], since: int | None) -> set[str]:
        """Take in every item, or every one that changed; give their keys."""
        seen: set[str] = set()
        items = self._read_items({one.key: one.name for one in remote}, since)
        while batch := list(islice(items, BATCH)):
            seen |= {one.key for one in batch if not one.skipped}
            self._take(shelves, batch)
        return seen

    def _read_items(self, names: Mapping[str, str], since: int | None) -> Iterator[RemoteItem]:
        def read(body: bytes, start: int) -> tuple[int, tuple[RemoteItem, ...]]:
            page = zoteroapi.read_items(body, position=start, names=names)
            return len(page), page

        for page in self.asked.pages(
            lambda start: zoteroapi.items_question(
                self.place, start=start, since=since, collection=self.only
            ),
            read,
        ):
            yield from page
            self.progress(len(page))

    def _take(self, shelves: _Shelves, batch: Sequence[RemoteItem]) -> None:
        """Write what some items change."""
        entries: dict[str, NewEntry] = {}
        for item in batch:
            if item.reference is not None:
                kept = written(item.reference, file_format=FORMAT)
                named = f"{digest_of(kept)}:{item.key}"
                entries[item.key] = entry_of(item.reference, kept, fingerprint=named, key=item.key)
            elif item.skipped:
                self.count.skipped[item.skipped] += 1
                self.thrown.add(item.key)
            else:
                self.count.broken.append((item.key, item.broken))
        works = self._works(shelves, batch, entries)
        changes = _Changes()
        for item in batch:
            if item.key in entries:
                entry = entries.pop(item.key)
                self._sort(shelves, item, replace(entry, work_id=works.get(item.key)), changes)
        now = self.clock()
        with self.database.writing() as connection:
            for entry_id, entry in changes.changed.items():
                libraryentries.change(connection, entry_id, entry, now=now)
            for collection_id, fresh in changes.fresh.items():
                libraryentries.add(connection, collection_id, fresh, now=now)
            libraryentries.tie(connection, changes.tied, now=now)
            for collection_id, left in changes.left.items():
                self.past.removed += libraryentries.remove(connection, collection_id, left, now=now)

    def _works(
        self, shelves: _Shelves, batch: Sequence[RemoteItem], entries: Mapping[str, NewEntry]
    ) -> dict[str, int]:
        """Find the works of items; one that is here as it was keeps its own."""
        works: dict[str, int] = {}
        open_ = []
        for item in batch:
            if item.reference is None:
                continue
            same = [
                one.work_id
                for one in shelves.held.get(item.key, ())
                if one.work_id is not None and one.fingerprint == entries[item.key].fingerprint
            ]
            if same:
                works[item.key] = same[0]
            else:
                open_.append((item.key, item.reference))
        with self.database.reading() as connection:
            found = find_works(connection, [reference for _, reference in open_])
        pairs = zip(open_, found, strict=True)
        return works | {key: work_id for (key, _), work_id in pairs if work_id is not None}

    def _sort(self, shelves: _Shelves, item: RemoteItem, entry: NewEntry, changes: _Changes) -> None:
        """Say what one item changes in the collections, and count it."""
        places = {shelves.root.collection_id} if self.only else shelves.places_of(item)
        held = {one.collection_id: one for one in shelves.held.get(item.key, ())}
        is_new = False
        for place in sorted(places):
            here = held.get(place)
            if here is None:
                changes.fresh[place].append(entry)
            elif here.fingerprint != entry.fingerprint:
                changes.changed[here.entry_id] = entry
            elif here.work_id is None and entry.work_id is not None:
                changes.tied[here.entry_id] = entry.work_id
            else:
                continue
            is_new = True
        for place in held.keys() - places:
            changes.left[place].append(held[place].entry_id)
        if is_new:
            self.past.works[item.key] = entry.work_id is not None
        is_work = self.past.works.get(item.key)
        if is_work is None:
            self.count.unchanged += 1
        elif is_work:
            self.count.matched += 1
        else:
            self.count.kept += 1

    # -- what is gone -----------------------------------------------------------------------------

    def _deleted(self, since: int) -> set[str]:
        question = zoteroapi.deleted_question(self.place, since=since)
        return set(self.asked.ask(question, lambda body, _: zoteroapi.read_deleted(body)))

    def _finish(self, shelves: _Shelves, here: Mapping[str, Found], gone: Iterable[str]) -> None:
        """Take out what is gone, and note the version up to which this was read."""
        left: dict[int, list[int]] = defaultdict(list)
        for key in gone:
            for one in shelves.held.get(key, ()):
                left[one.collection_id].append(one.entry_id)
        followed = {one.collection_id for one in shelves.all()}
        now = self.clock()
        with self.database.writing() as connection:
            for collection_id, entries in sorted(left.items()):
                self.past.removed += libraryentries.remove(connection, collection_id, entries, now=now)
            for found in here.values():
                if found.collection_id not in followed:
                    self._close(connection, found.collection_id, now=now)
            for collection_id in followed:
                collections.set_version(connection, collection_id, self.asked.version)

    def _close(self, connection: Connection, collection_id: int, *, now: datetime) -> None:
        """Empty a collection that is gone there; what was put in by hand keeps it here."""
        entries = [one.entry_id for one in libraryentries.known(connection, collection_id)]
        self.past.removed += libraryentries.remove(connection, collection_id, entries, now=now)
        if not collections.works_of(connection, collection_id, size=1)[0]:
            collections.remove(connection, collection_id)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
