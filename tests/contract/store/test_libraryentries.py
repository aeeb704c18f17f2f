"""Entries of readers' libraries are kept whole, once, and tied to works when those come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import WorkUnknown
from academichub.model.keeping import LibraryEntry
from academichub.model.papers import Identifiers
from academichub.store import collections, libraryentries
from academichub.store.libraryentries import KnownEntry
from tests.fakes.drafts import NOW
from tests.fakes.kept import LATER, entry, fill, merge, revisions, unmerge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from academichub.model.keeping import CollectionRow
    from academichub.store.libraryentries import KeptReference, NewEntry
    from tests.fakes.shelf import TestShelf


def made(shelf: TestShelf, name: str = "Library") -> int:
    with shelf.database.writing() as connection:
        return collections.create(connection, name, now=NOW, origin="file:a.bib").collection_id


def add(shelf: TestShelf, collection_id: int, *entries: NewEntry) -> int:
    with shelf.database.writing() as connection:
        return libraryentries.add(connection, collection_id, entries, now=LATER)


def change(shelf: TestShelf, entry_id: int, new: NewEntry) -> None:
    with shelf.database.writing() as connection:
        libraryentries.change(connection, entry_id, new, now=LATER)


def remove(shelf: TestShelf, collection_id: int, entry_ids: Iterable[int]) -> int:
    with shelf.database.writing() as connection:
        return libraryentries.remove(connection, collection_id, entry_ids, now=LATER)


def known(shelf: TestShelf, collection_id: int) -> list[KnownEntry]:
    with shelf.database.reading() as connection:
        return libraryentries.known(connection, collection_id)


def works(shelf: TestShelf, collection_id: int) -> tuple[int, ...]:
    with shelf.database.reading() as connection:
        return collections.works_of(connection, collection_id).work_ids


def row(shelf: TestShelf) -> CollectionRow:
    with shelf.database.reading() as connection:
        return collections.rows(connection)[0]


def references(shelf: TestShelf, collection_id: int, **more: Any) -> list[KeptReference]:
    with shelf.database.reading() as connection:
        return libraryentries.references_of(connection, collection_id, **more)


def test_an_entry_without_a_work_is_shown_as_it_was_written(shelf: TestShelf) -> None:
    library = made(shelf)

    added = add(shelf, library, entry("b", position=1, year=None), entry("a", position=0))

    shown = LibraryEntry(
        entry_id=2,
        title="Title of a",
        authors=("Ada Example", "示例"),
        year=2020,
        venue="Journal of Examples",
        identifiers=Identifiers(doi="10.5555/x"),
        url="https://x.example/1",
    )
    with shelf.database.reading() as connection:
        entries = libraryentries.entries_of(connection, library)
        assert [one.title for one in libraryentries.entries_of(connection, library, limit=1)] == [
            "Title of a"
        ]
    assert added == 2
    assert entries == [shown, shown._replace(entry_id=1, title="Title of b", year=None)]
    assert (row(shelf).works, row(shelf).entries, row(shelf).changed_at) == (0, 2, LATER)


def test_an_entry_comes_back_whole(shelf: TestShelf) -> None:
    library = made(shelf)
    whole = {"fields": {"note": ["蛙 🐸", "a\nb", ""]}, "deep": [[[1, 2.5, None, True]]]}

    add(shelf, library, entry(reference=whole))

    assert references(shelf, library) == [(1, None, whole)]


def test_the_same_library_again_adds_nothing_and_moves_nothing(shelf: TestShelf) -> None:
    fill(shelf, 1)
    library = made(shelf)
    first = add(shelf, library, entry("a", work_id=1), entry("a"), entry("b"))
    once = revisions(shelf)

    again = add(shelf, library, entry("b"), entry("a", work_id=1))

    assert (first, again) == (2, 0)
    assert revisions(shelf) == once
    assert add(shelf, library) == 0


def test_an_entry_with_a_work_puts_it_into_the_collection_and_is_shown_as_that(shelf: TestShelf) -> None:
    fill(shelf, 3)
    library = made(shelf)

    add(
        shelf,
        library,
        entry("a", position=0, work_id=2),
        entry("b", position=1),
        entry("c", position=2, work_id=1),
        entry("d", position=3, work_id=2),
    )

    assert works(shelf, library) == (2, 1)
    assert (row(shelf).works, row(shelf).entries) == (2, 1)
    assert [one.work_id for one in references(shelf, library)] == [2, None, 1, 2]
    assert [one.entry_id for one in references(shelf, library, after=2, size=1)] == [3]


def test_an_entry_of_a_work_that_is_not_there_keeps_all_out(shelf: TestShelf) -> None:
    library = made(shelf)

    with pytest.raises(WorkUnknown):
        add(shelf, library, entry("a"), entry("b", work_id=7))

    assert known(shelf, library) == []


def test_two_libraries_may_hold_the_same_entry(shelf: TestShelf) -> None:
    one, other = made(shelf), made(shelf, "Other")

    assert add(shelf, one, entry()) == add(shelf, other, entry()) == 1
    assert [entry_.entry_id for entry_ in known(shelf, one) + known(shelf, other)] == [1, 2]


def test_hostile_values_are_kept_as_far_as_a_database_can(shelf: TestShelf) -> None:
    library = made(shelf)
    odd = entry(
        title="a\x00b\ud800",
        authors=("Line\nbreak", "\n", ""),
        year=10**12,
        key="k\x00",
        venue="\ud800",
        url="javascript:\x00",
        reference={"nul": "a", "lone": "b"},
    )

    add(shelf, library, odd)

    with shelf.database.reading() as connection:
        (shown,) = libraryentries.entries_of(connection, library)
    assert (shown.title, shown.authors, shown.year, shown.venue) == ("ab?", ("Line break",), None, "?")


def test_an_entry_that_changed_elsewhere_keeps_its_number_and_its_work_follows(shelf: TestShelf) -> None:
    fill(shelf, 2)
    library = made(shelf)
    add(shelf, library, entry("a", work_id=1))

    change(shelf, 1, entry("a2", title="Another", work_id=2))
    moved = works(shelf, library), known(shelf, library)
    change(shelf, 1, entry("a3", title="No work"))
    alone = works(shelf, library)
    change(shelf, 77, entry("a4"))

    assert moved == ((2,), [KnownEntry(1, "key-a2", "a2", 2)])
    assert (alone, row(shelf).entries) == ((), 1)
    assert [one.fingerprint for one in known(shelf, library)] == ["a3"]


def test_removed_entries_take_out_what_they_alone_brought(shelf: TestShelf) -> None:
    fill(shelf, 3)
    library = made(shelf)
    with shelf.database.writing() as connection:
        collections.put_in(connection, library, [3], now=NOW)
    both = entry("a", work_id=1), entry("b", work_id=1)
    add(shelf, library, *both, entry("c", work_id=2), entry("d", work_id=3), entry("e"))

    first = remove(shelf, library, [1, 3, 4, 5, 77, 2**70, -3])
    kept = works(shelf, library)
    second = remove(shelf, library, [2])

    assert (first, kept) == (4, (1, 3))  # 1: the other entry stands for it; 3: put in by hand
    assert (second, works(shelf, library)) == (1, (3,))


def test_an_entry_of_another_collection_is_not_removed(shelf: TestShelf) -> None:
    one, other = made(shelf), made(shelf, "Other")
    add(shelf, one, entry())
    before = revisions(shelf)

    assert remove(shelf, other, [1]) == 0
    assert revisions(shelf) == before
    assert len(known(shelf, one)) == 1


def test_waiting_entries_are_tied_to_their_works_when_those_come(shelf: TestShelf) -> None:
    fill(shelf, 2)
    one, other = made(shelf), made(shelf, "Other")
    add(shelf, one, entry("a"), entry("b", work_id=2), entry("c"))
    add(shelf, other, entry("d"))
    with shelf.database.reading() as connection:
        waiting = libraryentries.waiting(connection)
        behind = libraryentries.waiting(connection, after=waiting[0].entry_id, limit=1)
    with shelf.database.writing() as connection:
        tied = libraryentries.tie(connection, {1: 1, 2: 1, 4: 2, 77: 1}, now=LATER)
        again = libraryentries.tie(connection, {1: 1, 4: 2}, now=LATER)

    assert [(entry_.entry_id, entry_.collection_id, entry_.title) for entry_ in waiting] == [
        (1, one, "Title of a"),
        (3, one, "Title of c"),
        (4, other, "Title of d"),
    ]
    assert waiting[0].identifiers == ("doi:10.5555/x",)
    assert [entry_.entry_id for entry_ in behind] == [3]
    assert (tied, again) == (2, 0)
    assert (works(shelf, one), works(shelf, other)) == ((1, 2), (2,))


def test_entries_follow_works_that_become_one(shelf: TestShelf) -> None:
    fill(shelf, 2)
    library = made(shelf)
    add(shelf, library, entry("a", work_id=2))

    merge_id = merge(shelf, 1, 2)
    merged = references(shelf, library)[0].work_id, works(shelf, library)
    again = add(shelf, library, entry("b", work_id=2))
    removed = remove(shelf, library, [1])
    left = works(shelf, library)
    unmerge(shelf, merge_id)

    assert merged == (1, (1,))
    assert (again, removed, left) == (1, 1, (1,))
    assert works(shelf, library) == (1,)


def test_a_work_stays_in_its_place_while_any_entry_stands_for_it_also_by_the_copy_of_it(
    shelf: TestShelf,
) -> None:
    fill(shelf, 4)
    library = made(shelf)
    brought = [entry("a", work_id=1), entry("b", work_id=2), entry("c", work_id=3), entry("d", work_id=4)]
    add(shelf, library, *brought)
    merge(shelf, 1, 3)
    before = works(shelf, library)

    remove(shelf, library, [1])
    without_one = works(shelf, library)
    remove(shelf, library, [3, 4])

    assert before == (1, 2, 4)
    assert without_one == (2, 1, 4)  # the copy's own place
    assert works(shelf, library) == (2,)


def test_thousands_of_entries_are_kept_in_a_few_statements(shelf: TestShelf) -> None:
    library = made(shelf)

    added = add(shelf, library, *(entry(str(number), position=number) for number in range(2500)))

    assert added == 2500
    assert [one.key for one in known(shelf, library)][::1000] == ["key-0", "key-1000", "key-2000"]
