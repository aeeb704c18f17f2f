"""Collections are made, filled, renamed and removed; they follow works that become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.keepingtables import collection_works, library_entries
from academichub.db.keepingtables import collections as collections_table
from academichub.db.radartables import readers
from academichub.errors import CollectionUnknown, KeepingInvalid, WorkUnknown
from academichub.model.keeping import CollectionRow, State
from academichub.store import collections, libraryentries
from tests.fakes.drafts import NOW
from tests.fakes.kept import LATER, counted, entry, fill, members, merge, revisions, states, unmerge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from academichub.store.collections import Found
    from academichub.store.keepinglists import Stretch
    from tests.fakes.shelf import TestShelf


def made(shelf: TestShelf, name: str = "Frogs", *, origin: str = "", reader_id: int = 1) -> Found:
    with shelf.database.writing() as connection:
        return collections.create(connection, name, now=NOW, origin=origin, reader_id=reader_id)


def put(shelf: TestShelf, collection_id: int, work_ids: Iterable[int]) -> int:
    with shelf.database.writing() as connection:
        return collections.put_in(connection, collection_id, work_ids, now=LATER)


def take(shelf: TestShelf, collection_id: int, work_ids: Iterable[int]) -> int:
    with shelf.database.writing() as connection:
        return collections.take_out(connection, collection_id, work_ids, now=LATER)


def rows(shelf: TestShelf) -> list[CollectionRow]:
    with shelf.database.reading() as connection:
        return collections.rows(connection)


def page(shelf: TestShelf, collection_id: int, *, after: int | None = None, size: int = 50) -> Stretch:
    with shelf.database.reading() as connection:
        return collections.works_of(connection, collection_id, after=after, size=size)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Frogs & Ponds!", "frogs-ponds"),
        ("多模态", "多模态"),
        ("2026", "collection-2026"),
        ("New", "collection-new"),
        ("☃", "collection"),
        ("é" * 200, "e" * 60),
    ],
)
def test_a_collection_has_a_key_made_of_its_name(shelf: TestShelf, name: str, key: str) -> None:
    found = made(shelf, f" {name}\n", origin="file:a.bib")

    assert (found.key, found.name, found.origin, found.version) == (key, name, "file:a.bib", None)
    with shelf.database.reading() as connection:
        assert collections.find(connection, key) == found
        assert collections.find_by_name(connection, name) == found
        assert collections.find_by_origin(connection, "file:a.bib") == found
        assert collections.find_by_name(connection, "another") is None
        assert collections.find_by_origin(connection, "file:b.bib") is None


def test_collections_of_one_name_have_keys_of_their_own(shelf: TestShelf) -> None:
    assert [made(shelf).key, made(shelf, "FROGS").key, made(shelf).key] == ["frogs", "frogs-2", "frogs-3"]
    with shelf.database.reading() as connection:
        first = collections.find_by_name(connection, "Frogs")
    assert first is not None
    assert first.key == "frogs"


@pytest.mark.parametrize(("name", "reason"), [(" \n", "empty"), ("\u200b", "empty"), ("x" * 201, "too-long")])
def test_a_name_that_cannot_be_kept_is_refused(shelf: TestShelf, name: str, reason: str) -> None:
    with pytest.raises(KeepingInvalid) as caught:
        made(shelf, name)

    assert caught.value.facts == {"field": "name", "reason": reason}


@pytest.mark.parametrize("key", ["frogz", "", "\x00", "x" * 100_000])
def test_a_collection_that_is_not_there_is_named_with_the_nearest_that_is(shelf: TestShelf, key: str) -> None:
    made(shelf)

    with shelf.database.writing() as connection, pytest.raises(CollectionUnknown) as caught:
        collections.hold(connection, key)

    assert caught.value.facts == {"collection": key, "suggestion": "frogs" if key == "frogz" else None}
    assert members(shelf, f"in:{key}") == set()


def test_works_stand_in_a_collection_newest_in_first_and_each_once(shelf: TestShelf) -> None:
    fill(shelf, 5)
    frogs = made(shelf).collection_id

    added = put(shelf, frogs, [3, 1, 3]), put(shelf, frogs, [1, 5, 2])

    assert added == (2, 2)
    assert page(shelf, frogs) == ((5, 2, 3, 1), None)
    first = page(shelf, frogs, size=3)
    assert first.work_ids + page(shelf, frogs, after=first.next).work_ids == (5, 2, 3, 1)
    assert rows(shelf) == [CollectionRow("frogs", "Frogs", 4, 0, "", LATER)]
    assert states(shelf, 1, 4) == {1: State(collections=("frogs",))}
    assert members(shelf, "in:frogs") == {1, 2, 3, 5}


def test_a_work_that_is_not_there_goes_nowhere_and_takes_the_others_along(shelf: TestShelf) -> None:
    fill(shelf, 1)
    frogs = made(shelf).collection_id

    with pytest.raises(WorkUnknown):
        put(shelf, frogs, [1, 77])
    with pytest.raises(WorkUnknown):
        take(shelf, frogs, [2**64])

    assert page(shelf, frogs) == ((), None)


def test_changes_move_what_pages_follow_and_repeating_them_does_not(shelf: TestShelf) -> None:
    fill(shelf, 1)
    frogs = made(shelf).collection_id
    seen = [revisions(shelf)]

    def again(change: str) -> None:
        with shelf.database.writing() as connection:
            if change == "rename":
                collections.rename(connection, frogs, "Toads", now=LATER)
            elif change == "put":
                collections.put_in(connection, frogs, [1], now=LATER)
            else:
                collections.take_out(connection, frogs, [1], now=LATER)

    for change in ("rename", "put", "take"):
        again(change)
        seen.append(revisions(shelf))
        again(change)
        assert revisions(shelf) == seen[-1]

    assert seen == sorted(set(seen))


def test_a_collection_that_is_renamed_keeps_its_key_and_one_that_is_removed_leaves_its_works(
    shelf: TestShelf,
) -> None:
    fill(shelf, 2)
    frogs, toads = made(shelf).collection_id, made(shelf, "Toads").collection_id
    put(shelf, frogs, [1, 2])
    put(shelf, toads, [2])
    with shelf.database.writing() as connection:
        libraryentries.add(connection, frogs, [entry(), entry("two", work_id=1)], now=NOW)
        collections.rename(connection, toads, "Kröten", now=LATER)
        collections.remove(connection, frogs)

    assert rows(shelf) == [CollectionRow("toads", "Kröten", 1, 0, "", LATER)]
    assert (shelf.count(collection_works), shelf.count(library_entries)) == (1, 0)
    assert states(shelf, 1, 2) == {2: State(collections=("toads",))}
    assert made(shelf, "New one").collection_id > toads


def test_collections_are_listed_by_name_whatever_their_capitals(shelf: TestShelf) -> None:
    fill(shelf, 1)
    for name in ("pond", "Frogs", "Ähre", "bees"):
        put(shelf, made(shelf, name).collection_id, [1])

    assert [row.name for row in rows(shelf)] == ["bees", "Frogs", "pond", "Ähre"]
    assert states(shelf, 1)[1].collections == ("bees", "frogs", "pond", "ahre")


def test_works_that_become_one_are_one_in_a_collection_and_two_again(shelf: TestShelf) -> None:
    fill(shelf, 4)
    both, one, none = (made(shelf, name).collection_id for name in ("both", "one", "none"))
    put(shelf, both, [3, 2, 1])
    put(shelf, one, [2])
    put(shelf, none, [4])

    merge_id = merge(shelf, 1, 2)
    merged = [row.works for row in rows(shelf)], page(shelf, both).work_ids, members(shelf, "in:one")
    again = put(shelf, one, [1])
    unmerge(shelf, merge_id)

    assert merged == ([2, 1, 1], (3, 1), {1})
    assert again == 0
    assert (page(shelf, both).work_ids, page(shelf, one).work_ids) == ((3, 2, 1), (2,))
    assert [row.works for row in rows(shelf)] == [3, 1, 1]


def test_a_merged_work_is_taken_out_under_whichever_number_it_was_put_in(shelf: TestShelf) -> None:
    fill(shelf, 2)
    frogs = made(shelf).collection_id
    put(shelf, frogs, [1, 2])
    merge(shelf, 1, 2)

    assert take(shelf, frogs, [2]) == 1
    assert take(shelf, frogs, [1]) == 0
    assert page(shelf, frogs) == ((), None)


def test_a_work_that_is_taken_out_takes_the_entries_that_stand_for_it_along(shelf: TestShelf) -> None:
    fill(shelf, 2)
    frogs = made(shelf).collection_id
    with shelf.database.writing() as connection:
        brought = [entry("a", work_id=1), entry("b", work_id=1), entry("c", work_id=2), entry("d")]
        libraryentries.add(connection, frogs, brought, now=NOW)

    take(shelf, frogs, [1])

    with shelf.database.reading() as connection:
        assert [one.fingerprint for one in libraryentries.known(connection, frogs)] == ["c", "d"]
    assert page(shelf, frogs).work_ids == (2,)


def test_readers_do_not_find_each_others_collections(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(readers), [{"name": "second", "created_at": NOW}])
    mine, theirs = made(shelf), made(shelf, reader_id=2)

    assert mine.key == theirs.key
    assert [row.key for row in rows(shelf)] == ["frogs"]
    with shelf.database.reading() as connection:
        assert collections.find(connection, "frogs", reader_id=2) == theirs


def test_the_version_of_a_library_elsewhere_is_remembered(shelf: TestShelf) -> None:
    frogs = made(shelf, origin="zotero:users/12").collection_id
    with shelf.database.writing() as connection:
        collections.set_version(connection, frogs, 2**40)

    with shelf.database.reading() as connection:
        assert collections.find(connection, "frogs").version == 2**40


def test_listing_collections_asks_no_more_for_more_of_them(shelf: TestShelf) -> None:
    fill(shelf, 6)
    put(shelf, made(shelf).collection_id, [2])
    merge(shelf, 1, 2)
    with counted(shelf.database) as few:
        rows(shelf)
    for number in range(30):
        put(shelf, made(shelf, f"Of {number}").collection_id, [1, 3, 4])
    with counted(shelf.database) as many:
        listed = rows(shelf)

    assert len(listed) == shelf.count(collections_table) == 31
    assert len(few) == len(many) <= 8
