"""What pages ask of a reader's keeping: marks, tags, notes, collections, each seen by the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.errors import CollectionUnknown, KeepingInvalid, WorkUnknown
from academichub.flows.keepingdesk import KeepingDesk
from academichub.model.keeping import CollectionRow, KeptQuery, Mark, Note, Pile, State, TagRow
from academichub.store import libraryentries
from tests.fakes.drafts import DAY, NOW
from tests.fakes.kept import LATER, entry, fill, merge
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.model.keeping import KeptPage


class Desk(KeepingDesk):
    """A desk of its own, which counts how often pages are told of writing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.noticed = 0

    def notice_writing(self) -> None:
        self.noticed += 1


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[TestShelf]:
    made = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    fill(made, 5)
    yield made
    made.close()


@pytest.fixture
def desk(shelf: TestShelf) -> Desk:
    return Desk(shelf.database)


def numbers(page: KeptPage) -> list[int]:
    return [card.work_id for card in page.cards]


def test_a_day_is_read_star_by_star_and_the_last_step_taken_back(desk: Desk) -> None:
    desk.mark([2], Mark.STARRED, on=True, now=NOW)
    hidden = desk.mark([3], Mark.HIDDEN, on=True, now=NOW)
    before = desk.unread(DAY)
    day = desk.mark_day(DAY, now=NOW)
    read = desk.unread(DAY)

    assert (before, read) == (4, 0)
    assert desk.take_back(day, now=LATER)
    assert desk.take_back(hidden, now=LATER)
    assert not desk.take_back(hidden, now=LATER)
    assert desk.unread(DAY) == 5
    assert desk.unread_days(DAY, DAY) == {DAY: 5}
    assert desk.states([1, 2, 3]) == {2: State(marks=frozenset({Mark.STARRED}))}
    assert desk.noticed == 6


def test_a_pile_is_read_in_pages_of_cards_with_their_numbers(desk: Desk) -> None:
    desk.mark([1, 2, 3, 4, 5], Mark.LATER, on=True, now=NOW)

    first = desk.kept(KeptQuery(pile=Pile.LATER, size=2))
    second = desk.kept(KeptQuery(pile=Pile.LATER, size=2, after=first.next, number=2))
    third = desk.kept(KeptQuery(pile=Pile.LATER, size=2, after=second.next, number=4))

    assert [numbers(page) for page in (first, second, third)] == [[1, 2], [3, 4], [5]]
    assert [page.first_number for page in (first, second, third)] == [1, 3, 5]
    assert {page.works for page in (first, second, third)} == {5}
    assert third.next is None
    assert numbers(desk.kept(KeptQuery(pile=Pile.LATER, size=0))) == [1]


def test_a_tag_is_a_list_and_one_that_is_not_there_an_empty_one(desk: Desk) -> None:
    desk.set_tags(1, ["Frogs", "蛙"], now=NOW)
    desk.set_tags(4, ["frogs"], now=NOW)

    page = desk.kept(KeptQuery(tag="FROGS"))
    none = desk.kept(KeptQuery(tag="toads"))

    assert (numbers(page), page.works) == ([4, 1], 2)
    assert (none.cards, none.works, none.next) == ((), 0, None)
    assert desk.tags() == (TagRow("Frogs", 2), TagRow("蛙", 1))


@pytest.mark.parametrize("query", [KeptQuery(), KeptQuery(pile=Pile.READ, tag="x")])
def test_a_query_that_names_no_list_or_two_is_refused(desk: Desk, query: KeptQuery) -> None:
    with pytest.raises(ValueError, match="one of them"):
        desk.kept(query)


def test_a_note_is_shown_as_safe_html(desk: Desk) -> None:
    desk.save_note(2, "**Read** <script>", now=NOW)

    assert desk.note(2) == Note("**Read** <script>", "<p><strong>Read</strong> &lt;script&gt;</p>", NOW)
    assert desk.note(1) is None
    assert numbers(desk.kept(KeptQuery(pile=Pile.NOTED))) == [2]
    with pytest.raises(WorkUnknown):
        desk.note(77)


def test_a_collection_is_made_filled_renamed_and_removed(desk: Desk, shelf: TestShelf) -> None:
    key = desk.make_collection("Frogs", now=NOW)
    desk.put_in(key, [3, 1, 2], now=LATER)
    desk.take_out(key, [1], now=LATER)
    desk.rename_collection(key, "Toads", now=LATER)
    with shelf.database.writing() as connection:
        brought = [entry(str(number), position=number) for number in range(502)]
        libraryentries.add(connection, 1, [*brought, entry("work", work_id=5)], now=LATER)
    desk.remove_entry(key, 1, now=LATER)

    first = desk.collection(key, size=2)
    second = desk.collection(key, after=first.next, number=2, size=2)

    row = CollectionRow("frogs", "Toads", 3, 501, "", LATER)
    assert desk.collections() == (row,)
    assert [card.work_id for card in first.cards + second.cards] == [5, 3, 2]
    assert (first.row, first.first_number, second.first_number, second.next) == (row, 1, 3, None)
    assert (len(first.entries), first.entries[0].title, second.entries) == (500, "Title of 1", ())
    desk.remove_collection(key)
    assert desk.collections() == ()
    assert desk.states([1, 2, 3]) == {}


def test_a_collection_that_is_not_there_is_named_to_whoever_asks(desk: Desk) -> None:
    desk.make_collection("Frogs", now=NOW)
    noticed = desk.noticed
    for ask in (
        lambda: desk.collection("frog"),
        lambda: desk.rename_collection("frog", "x", now=NOW),
        lambda: desk.remove_collection("frog"),
        lambda: desk.put_in("frog", [1], now=NOW),
        lambda: desk.take_out("frog", [1], now=NOW),
        lambda: desk.remove_entry("frog", 1, now=NOW),
    ):
        with pytest.raises(CollectionUnknown) as caught:
            ask()
        assert caught.value.facts == {"collection": "frog", "suggestion": "frogs"}
    assert desk.noticed == noticed


def test_what_cannot_be_kept_leaves_everything_as_it_was(desk: Desk) -> None:
    key = desk.make_collection("Frogs", now=NOW)
    before = desk.marks_revision()

    with pytest.raises(KeepingInvalid):
        desk.set_tags(1, [""], now=NOW)
    with pytest.raises(KeepingInvalid):
        desk.save_note(1, "x" * 100_001, now=NOW)
    with pytest.raises(KeepingInvalid):
        desk.make_collection(" ", now=NOW)
    with pytest.raises(KeepingInvalid):
        desk.rename_collection(key, "x" * 201, now=NOW)
    with pytest.raises(WorkUnknown):
        desk.mark([1, 77], Mark.READ, on=True, now=NOW)

    assert desk.marks_revision() == before
    assert desk.states([1]) == {}


def test_lists_for_searching_are_those_of_the_reader_and_follow_merges(desk: Desk, shelf: TestShelf) -> None:
    desk.mark([2, 3], Mark.STARRED, on=True, now=NOW)
    desk.mark([4], Mark.READ, on=True, now=NOW)
    desk.set_tags(3, ["frogs"], now=NOW)
    desk.save_note(5, "Words.", now=NOW)
    desk.put_in(desk.make_collection("Pond", now=NOW), [1, 2], now=NOW)
    before = desk.marks_revision()
    merge(shelf, 1, 3)

    found = desk.members(
        ["is:starred", "is:read", "is:later", "is:hidden", "is:noted", "tag:Frogs", "in:pond"]
    )

    assert found == {
        "is:starred": {1, 2},
        "is:read": {4},
        "is:later": set(),
        "is:hidden": set(),
        "is:noted": {5},
        "tag:Frogs": {1},
        "in:pond": {1, 2},
    }
    assert desk.marks_revision() == before
