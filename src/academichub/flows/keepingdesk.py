"""Everything that doors may ask about what a reader keeps, in one place: the part of the hub for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from academichub.model.keeping import CollectionPage, KeptPage, Note
from academichub.model.radar import LOCAL_READER
from academichub.store import collections, keeping, libraryentries, marks, notes, reading, tags
from academichub.text.notes import to_html

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from academichub.db.engine import Connection, Database
    from academichub.model.keeping import CollectionRow, KeptQuery, Mark, State, TagRow
    from academichub.model.shelf import Card

MOST_CARDS: Final = 200  # of a page
MOST_ENTRIES: Final = 500  # of a collection, that are no works


class KeepingDesk(ABC):
    """Marks, tags, notes and collections of the hub's reader. The hub is one of these."""

    database: Database

    @abstractmethod
    def notice_writing(self) -> None:
        """Have the next page see what was just written, whatever is remembered of the revision."""

    # -- marks ------------------------------------------------------------------------------------

    def states(self, work_ids: Sequence[int]) -> Mapping[int, State]:
        """Give what the reader holds about some works; those never touched are left out. One question."""
        with self.database.reading() as connection:
            return keeping.states(connection, work_ids)

    def mark(self, work_ids: Sequence[int], mark: Mark, *, on: bool, now: datetime) -> int:
        """Set or take away a mark; give the number of the action. Raises WorkUnknown."""
        with self._writing() as connection:
            return marks.mark(connection, work_ids, mark, on=on, now=now)

    def mark_day(self, on: date, *, now: datetime) -> int:
        """Mark every work of a day as read; give the number of the action."""
        with self._writing() as connection:
            return marks.mark_day(connection, on, now=now)

    def take_back(self, action: int, *, now: datetime) -> bool:
        """Put marks back as they were before an action; false where it was taken back or is not known."""
        with self._writing() as connection:
            return marks.take_back(connection, action, now=now)

    def unread(self, on: date) -> int:
        """Count the works of a day that are neither read nor hidden."""
        return self.unread_days(on, on).get(on, 0)

    def unread_days(self, first: date, last: date) -> Mapping[date, int]:
        """Count the works of each day that are neither read nor hidden; days without works are left out."""
        with self.database.reading() as connection:
            return keeping.unread_days(connection, first, last)

    def kept(self, query: KeptQuery) -> KeptPage:
        """Give a page of a pile or a tag; a tag that is not there has none.

        Raises:
            ValueError: The query names both, or neither.
        """
        if (query.pile is None) == (query.tag is None):
            msg = "a pile or a tag is asked for, one of them"
            raise ValueError(msg)
        tag = query.tag or ""
        with self.database.reading() as connection:
            found = keeping.kept_works(connection, query.pile, tag, after=query.after, size=_size(query.size))
            works = keeping.kept_count(connection, query.pile, tag)
            cards = _cards(connection, found.work_ids)
        return KeptPage(query=query, cards=cards, works=works, first_number=query.number + 1, next=found.next)

    # -- words ------------------------------------------------------------------------------------

    def set_tags(self, work_id: int, tags_wanted: Iterable[str], *, now: datetime) -> None:
        """Give a work these tags and no others. Raises KeepingInvalid, WorkUnknown."""
        with self._writing() as connection:
            tags.set_tags(connection, work_id, tags_wanted, now=now)

    def tags(self) -> tuple[TagRow, ...]:
        """List all tags, by name."""
        with self.database.reading() as connection:
            return tags.all_tags(connection)

    def note(self, work_id: int) -> Note | None:
        """Give the note on a work. Raises WorkUnknown."""
        with self.database.reading() as connection:
            found = notes.read(connection, work_id)
        return None if found is None else Note(found.text, to_html(found.text), found.changed_at)

    def save_note(self, work_id: int, text: str, *, now: datetime) -> None:
        """Keep a note; an empty one goes. Raises KeepingInvalid, WorkUnknown."""
        with self._writing() as connection:
            notes.save(connection, work_id, text, now=now)

    # -- collections ------------------------------------------------------------------------------

    def collections(self) -> tuple[CollectionRow, ...]:
        """List all collections, by name."""
        with self.database.reading() as connection:
            return tuple(collections.rows(connection))

    def collection(
        self, key: str, *, after: int | None = None, number: int = 0, size: int = 50
    ) -> CollectionPage:
        """Give a page of a collection. Raises CollectionUnknown."""
        with self.database.reading() as connection:
            collection_id = collections.find(connection, key).collection_id
            (row,) = collections.rows(connection, key=key)
            found = collections.works_of(connection, collection_id, after=after, size=_size(size))
            cards = _cards(connection, found.work_ids)
            entries = (
                libraryentries.entries_of(connection, collection_id, limit=MOST_ENTRIES)
                if after is None
                else ()
            )
        return CollectionPage(
            row=row, cards=cards, first_number=number + 1, next=found.next, entries=tuple(entries)
        )

    def make_collection(self, name: str, *, now: datetime) -> str:
        """Make a collection; give its key. Raises KeepingInvalid."""
        with self._writing() as connection:
            return collections.create(connection, name, now=now).key

    def rename_collection(self, key: str, name: str, *, now: datetime) -> None:
        """Give a collection another name; its key stays. Raises CollectionUnknown, KeepingInvalid."""
        with self._writing() as connection:
            collection_id = collections.hold(connection, key).collection_id
            collections.rename(connection, collection_id, name, now=now)

    def remove_collection(self, key: str) -> None:
        """Remove a collection; its works stay on the shelves. Raises CollectionUnknown."""
        with self._writing() as connection:
            collections.remove(connection, collections.hold(connection, key).collection_id)

    def put_in(self, key: str, work_ids: Sequence[int], *, now: datetime) -> None:
        """Put works into a collection. Raises CollectionUnknown, WorkUnknown."""
        with self._writing() as connection:
            collection_id = collections.hold(connection, key).collection_id
            collections.put_in(connection, collection_id, work_ids, now=now)

    def take_out(self, key: str, work_ids: Sequence[int], *, now: datetime) -> None:
        """Take works out of a collection. Raises CollectionUnknown, WorkUnknown."""
        with self._writing() as connection:
            collection_id = collections.hold(connection, key).collection_id
            collections.take_out(connection, collection_id, work_ids, now=now)

    def remove_entry(self, key: str, entry_id: int, *, now: datetime) -> None:
        """Remove an entry that is no work of the hub. Raises CollectionUnknown."""
        with self._writing() as connection:
            collection_id = collections.hold(connection, key).collection_id
            libraryentries.remove(connection, collection_id, [entry_id], now=now)

    # -- for searching ----------------------------------------------------------------------------

    def members(self, names: Collection[str]) -> Mapping[str, Collection[int]]:
        """Give whole lists of works by the names that queries have for them, as `store.keeping.members`."""
        with self.database.reading() as connection:
            return keeping.members(connection, LOCAL_READER, names)

    def marks_revision(self) -> int:
        """Give a number that grows with every change of what is kept."""
        with self.database.reading() as connection:
            return keeping.marks_revision(connection)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.database.writing() as connection:
            yield connection
        self.notice_writing()


def _cards(connection: Connection, work_ids: Sequence[int]) -> tuple[Card, ...]:
    cards = reading.cards_of(connection, work_ids)
    return tuple(cards[work_id] for work_id in work_ids if work_id in cards)


def _size(size: int) -> int:
    return max(1, min(size, MOST_CARDS))
