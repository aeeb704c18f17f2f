"""What a reader keeps, in memory: marks, tags, notes and collections of the made-up hub."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from markupsafe import escape

from academichub.errors import CollectionUnknown, KeepingInvalid, WorkUnknown
from academichub.model.keeping import (
    UNTOUCHED,
    CollectionPage,
    CollectionRow,
    Imported,
    KeptPage,
    KeptQuery,
    LibraryEntry,
    Mark,
    Note,
    Pile,
    State,
    TagRow,
)
from academichub.model.papers import Identifiers
from academichub.references.reading import read_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from academichub.model.shelf import Card

_EARLIER = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
_LONGEST_TAG, _MOST_TAGS, _LONGEST_NOTE, _LONGEST_NAME = 100, 50, 100_000, 200


class FakeKeeping:
    """A KeepingPort without a database. The hub that mixes it in has `_cards` and `_revision`."""

    _cards: tuple[Card, ...]
    _revision: int

    def stock_keeping(self, *, is_empty: bool = False) -> None:
        """Keep a few papers, so that every list has something in it; nothing where the hub is empty."""
        self.asked_states: list[tuple[int, ...]] = []
        self._marks: dict[tuple[int, Mark], int] = {}  # -> when, counted
        self._undo: dict[int, dict[tuple[int, Mark], int | None]] = {}
        self._ticks = 0
        self._tags: dict[int, set[str]] = {}
        self._notes: dict[int, Note] = {}
        self._shelves: dict[str, CollectionRow] = {}
        self._held: dict[str, dict[int, int]] = {}  # collection -> work -> when it came in
        self._entries: dict[str, list[LibraryEntry]] = {}
        if is_empty:
            return
        for mark, works in (
            (Mark.READ, (3, 7)),
            (Mark.STARRED, (2, 3)),
            (Mark.LATER, (5,)),
            (Mark.HIDDEN, (4,)),
        ):
            for work_id in works:
                self._ticks += 1
                self._marks[work_id, mark] = self._ticks
        self._tags = {2: {"quantum", "to cite"}, 3: {"量子注意力"}}
        self._notes[2] = Note(
            "Compare **figure 3** with ours.", _html("Compare **figure 3** with ours."), _EARLIER
        )
        self._shelves["spatial"] = CollectionRow("spatial", "Spatial reasoning", 0, 0, "", _EARLIER)
        self._shelves["thesis"] = CollectionRow("thesis", "博士论文", 0, 0, "file:refs.bib", _EARLIER)
        self._held = {"spatial": {1: 1, 2: 2, 8: 3}, "thesis": {}}
        self._entries = {"spatial": [], "thesis": [_entry(1), _entry(2)]}

    # -- marks --------------------------------------------------------------------------------------

    def states(self, work_ids: Sequence[int]) -> Mapping[int, State]:
        """Give what is held about some works."""
        self.asked_states.append(tuple(work_ids))
        found = {work_id: self._state(work_id) for work_id in work_ids}
        return {work_id: state for work_id, state in found.items() if state != UNTOUCHED}

    def mark(self, work_ids: Sequence[int], mark: Mark, *, on: bool, now: datetime) -> int:
        """Set or take away a mark."""
        assert now.tzinfo
        for work_id in work_ids:
            self._must_be_here(work_id)
        self._ticks += 1
        self._undo[self._ticks] = {(work_id, mark): self._marks.get((work_id, mark)) for work_id in work_ids}
        for work_id in work_ids:
            if on:
                self._marks.setdefault((work_id, mark), self._ticks)
            else:
                self._marks.pop((work_id, mark), None)
        self._revision += 1
        return self._ticks

    def mark_day(self, on: date, *, now: datetime) -> int:
        """Mark a day as read."""
        return self.mark(
            [card.work_id for card in self._cards if card.listed_on == on], Mark.READ, on=True, now=now
        )

    def take_back(self, action: int, *, now: datetime) -> bool:
        """Put marks back."""
        assert now.tzinfo
        before = self._undo.pop(action, None)
        if before is None:
            return False
        for key, at in before.items():
            if at is None:
                self._marks.pop(key, None)
            else:
                self._marks[key] = at
        self._revision += 1
        return True

    def unread(self, on: date) -> int:
        """Count what is neither read nor hidden."""
        return sum(
            card.listed_on == on
            and not {(card.work_id, Mark.READ), (card.work_id, Mark.HIDDEN)} & self._marks.keys()
            for card in self._cards
        )

    # -- tags and notes -----------------------------------------------------------------------------

    def set_tags(self, work_id: int, tags: Iterable[str], *, now: datetime) -> None:
        """Give a work these tags."""
        assert now.tzinfo
        self._must_be_here(work_id)
        wanted = {" ".join(tag.split()) for tag in tags}
        if "" in wanted:
            raise KeepingInvalid(field="tag", reason="empty")
        if any(len(tag) > _LONGEST_TAG for tag in wanted):
            raise KeepingInvalid(field="tag", reason="too-long")
        if len(wanted) > _MOST_TAGS:
            raise KeepingInvalid(field="tags", reason="too-many")
        self._tags[work_id] = wanted
        self._revision += 1

    def tags(self) -> tuple[TagRow, ...]:
        """List all tags."""
        names = sorted({tag for tags in self._tags.values() for tag in tags})
        return tuple(TagRow(name, sum(name in tags for tags in self._tags.values())) for name in names)

    def note(self, work_id: int) -> Note | None:
        """Give the note on a work."""
        self._must_be_here(work_id)
        return self._notes.get(work_id)

    def save_note(self, work_id: int, text: str, *, now: datetime) -> None:
        """Keep a note."""
        self._must_be_here(work_id)
        if len(text) > _LONGEST_NOTE:
            raise KeepingInvalid(field="note", reason="too-long")
        self._notes.pop(work_id, None)
        if text.strip():
            self._notes[work_id] = Note(text, _html(text), now)
        self._revision += 1

    # -- lists --------------------------------------------------------------------------------------

    def kept(self, query: KeptQuery) -> KeptPage:
        """Give a page of a pile or a tag."""
        works = self._kept_works(query)
        start = works.index(query.after) + 1 if query.after in works else 0
        shown = works[start : start + query.size]
        return KeptPage(
            query=query,
            cards=self._cards_in_order(shown),
            works=len(works),
            first_number=query.number + 1,
            next=shown[-1] if start + query.size < len(works) else None,
        )

    def _kept_works(self, query: KeptQuery) -> list[int]:
        if query.tag is not None:
            return sorted(work_id for work_id, tags in self._tags.items() if query.tag in tags)
        if query.pile is Pile.NOTED:
            return sorted(
                self._notes, key=lambda work_id: (self._notes[work_id].changed_at, work_id), reverse=True
            )
        mark = Mark((query.pile or Pile.READ).value)
        found = sorted(
            ((at, work_id) for (work_id, set_), at in self._marks.items() if set_ is mark), reverse=True
        )
        return [work_id for _, work_id in found]

    def collections(self) -> tuple[CollectionRow, ...]:
        """List all collections."""
        return tuple(
            sorted((self._shelf_row(key) for key in self._shelves), key=lambda row: (row.name, row.key))
        )

    def collection(
        self, key: str, *, after: int | None = None, number: int = 0, size: int = 50
    ) -> CollectionPage:
        """Give a page of a collection."""
        row = self._shelf_row(key)
        works = sorted(self._held[key], key=lambda work_id: (-self._held[key][work_id], work_id))
        start = works.index(after) + 1 if after in works else 0
        shown = works[start : start + size]
        return CollectionPage(
            row=row,
            cards=self._cards_in_order(shown),
            first_number=number + 1,
            next=shown[-1] if start + size < len(works) else None,
            entries=() if after is not None else tuple(self._entries[key][:500]),
        )

    def make_collection(self, name: str, *, now: datetime) -> str:
        """Make a collection."""
        wanted = self._named(name)
        key = re.sub(r"[^\w]+", "-", wanted.casefold()).strip("-") or "list"
        while key in self._shelves or key == "new":
            key += "-2"
        self._shelves[key] = CollectionRow(key, wanted, 0, 0, "", now)
        self._held[key], self._entries[key] = {}, []
        self._revision += 1
        return key

    def rename_collection(self, key: str, name: str, *, now: datetime) -> None:
        """Give a collection another name."""
        row = self._shelf_row(key)
        self._shelves[key] = row._replace(name=self._named(name), changed_at=now)
        self._revision += 1

    def remove_collection(self, key: str) -> None:
        """Remove a collection."""
        self._shelf_row(key)
        del self._shelves[key], self._held[key], self._entries[key]
        self._revision += 1

    def put_in(self, key: str, work_ids: Sequence[int], *, now: datetime) -> None:
        """Put works into a collection."""
        assert now.tzinfo
        self._shelf_row(key)
        for work_id in work_ids:
            self._must_be_here(work_id)
            self._ticks += 1
            self._held[key].setdefault(work_id, self._ticks)
        self._revision += 1

    def take_out(self, key: str, work_ids: Sequence[int], *, now: datetime) -> None:
        """Take works out of a collection."""
        assert now.tzinfo
        self._shelf_row(key)
        for work_id in work_ids:
            self._held[key].pop(work_id, None)
        self._revision += 1

    def remove_entry(self, key: str, entry_id: int, *, now: datetime) -> None:
        """Remove an entry."""
        assert now.tzinfo
        self._shelf_row(key)
        self._entries[key] = [entry for entry in self._entries[key] if entry.entry_id != entry_id]
        self._revision += 1

    def import_library(self, body: bytes, name: str, *, collection: str, now: datetime) -> Imported:
        """Read a library: entries with an arXiv number we have are matched, the rest are kept."""
        library = read_library(body, name=name)
        known = next((row.key for row in self.collections() if row.name == collection), None)
        key = known or self.make_collection(collection, now=now)
        matched = kept = unchanged = 0
        for reference in library.references:
            work_id = self._matching(reference.identifiers.pairs())
            if work_id is not None and work_id in self._held[key]:
                unchanged += 1
            elif work_id is not None:
                self.put_in(key, [work_id], now=now)
                matched += 1
            elif any(entry.title == reference.title for entry in self._entries[key]):
                unchanged += 1
            else:
                names = tuple(author.name for author in reference.authors)
                entry_id = 100 + len(self._entries[key])
                self._entries[key].append(
                    LibraryEntry(
                        entry_id, reference.title, names, reference.year, "", reference.identifiers, ""
                    )
                )
                kept += 1
        self._revision += 1
        total = len(library.references) + len(library.broken)
        return Imported(key, total, matched, kept, unchanged, len(library.broken))

    # -- underneath ---------------------------------------------------------------------------------

    def _matching(self, pairs: Iterable[tuple[str, str]]) -> int | None:
        wanted = set(pairs)
        found = (card.work_id for card in self._cards if wanted & set(card.identifiers.pairs()))
        return next(found, None)

    def _state(self, work_id: int) -> State:
        keys = [row.key for row in self.collections() if work_id in self._held[row.key]]
        return State(
            frozenset(mark for marked, mark in self._marks if marked == work_id),
            tuple(sorted(self._tags.get(work_id, ()))),
            tuple(keys),
            has_note=work_id in self._notes,
        )

    def _must_be_here(self, work_id: int) -> None:
        if all(card.work_id != work_id for card in self._cards):
            raise WorkUnknown(work=work_id)

    def _shelf_row(self, key: str) -> CollectionRow:
        row = self._shelves.get(key)
        if row is None:
            raise CollectionUnknown(collection=key, suggestion=None)
        return row._replace(works=len(self._held[key]), entries=len(self._entries[key]))

    @staticmethod
    def _named(name: str) -> str:
        wanted = " ".join(name.split())
        if not wanted:
            raise KeepingInvalid(field="name", reason="empty")
        if len(wanted) > _LONGEST_NAME:
            raise KeepingInvalid(field="name", reason="too-long")
        return wanted

    def _cards_in_order(self, work_ids: Sequence[int]) -> tuple[Card, ...]:
        by_id = {card.work_id: card for card in self._cards}
        return tuple(by_id[work_id] for work_id in work_ids)


def _entry(number: int) -> LibraryEntry:
    return LibraryEntry(
        entry_id=number,
        title=("Notes on <Careful> Reading", "河流沉积物的慢变量")[number - 1],
        authors=("Ada Reader", "Bo Shelf")[:number],
        year=(2019, None)[number - 1],
        venue=("Made-up Letters", "")[number - 1],
        identifiers=Identifiers(doi="10.5555/careful.reading") if number == 1 else Identifiers(),
        url="" if number == 1 else "https://example.org/rivers",
    )


def _html(text: str) -> str:
    """Set a note as the hub would: here only bold words and paragraphs."""
    paragraphs = [str(escape(part.strip())) for part in text.split("\n\n") if part.strip()]
    bold = (re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", part) for part in paragraphs)
    return "".join(f"<p>{part}</p>" for part in bold)
