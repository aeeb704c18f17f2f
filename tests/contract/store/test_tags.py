"""Tags of works: set, listed, merged with their works, gone with the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.keepingtables import tags as tags_table
from academichub.db.radartables import readers
from academichub.errors import KeepingInvalid, WorkUnknown
from academichub.model.keeping import State, TagRow
from academichub.store import keeping, tags
from academichub.store.tags import Tagged
from tests.fakes.drafts import NOW
from tests.fakes.kept import counted, fill, members, merge, revisions, states, unmerge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fakes.shelf import TestShelf


def tag(shelf: TestShelf, work_id: int, *names: str, reader_id: int = 1) -> None:
    with shelf.database.writing() as connection:
        tags.set_tags(connection, work_id, names, now=NOW, reader_id=reader_id)


def add(shelf: TestShelf, names_by_work: dict[int, Iterable[str]]) -> Tagged:
    with shelf.database.writing() as connection:
        return tags.add_tags(connection, names_by_work, now=NOW)


def listed(shelf: TestShelf, *, reader_id: int = 1) -> tuple[TagRow, ...]:
    with shelf.database.reading() as connection:
        return tags.all_tags(connection, reader_id=reader_id)


def page(shelf: TestShelf, name: str) -> tuple[int, ...]:
    with shelf.database.reading() as connection:
        found = keeping.kept_works(connection, None, name, after=None, size=50)
        assert keeping.kept_count(connection, None, name) == len(found.work_ids)
        return found.work_ids


def test_a_work_has_the_tags_given_last_and_no_others(shelf: TestShelf) -> None:
    fill(shelf, 2)
    tag(shelf, 1, "to read", "Frogs", "蛙鸣")
    tag(shelf, 2, "frogs")
    tag(shelf, 1, "蛙鸣", "ponds")

    assert states(shelf, 1, 2) == {1: State(tags=("ponds", "蛙鸣")), 2: State(tags=("Frogs",))}
    assert listed(shelf) == (TagRow("Frogs", 1), TagRow("ponds", 1), TagRow("蛙鸣", 1))


def test_spellings_of_one_tag_are_one_tag_as_it_was_first_written(shelf: TestShelf) -> None:
    fill(shelf, 3)
    tag(shelf, 1, "  Machine\nLearning ", "machine learning")
    tag(shelf, 2, "MACHINE LEARNING")
    tag(shelf, 3, "Ｍachine learning")

    assert listed(shelf) == (TagRow("Machine Learning", 3),)
    assert page(shelf, "machine LEARNING") == (3, 2, 1)
    assert members(shelf, "tag:machine learning") == {1, 2, 3}


def test_a_tag_goes_with_the_last_work_that_has_it(shelf: TestShelf) -> None:
    fill(shelf, 1)
    tag(shelf, 1, "frogs")
    tag(shelf, 1)

    assert listed(shelf) == ()
    assert shelf.count(tags_table) == 0
    assert (page(shelf, "frogs"), members(shelf, "tag:frogs")) == ((), set())


def test_the_same_tags_again_move_nothing_that_pages_follow(shelf: TestShelf) -> None:
    fill(shelf, 1)
    before = revisions(shelf)
    tag(shelf, 1, "a", "b")
    once = revisions(shelf)
    tag(shelf, 1, "B", "a")

    assert once > before
    assert revisions(shelf) == once


@pytest.mark.parametrize(
    ("names", "facts"),
    [
        (["ok", " \t\n"], {"field": "tag", "reason": "empty"}),
        (["\u202e\u200b\x00"], {"field": "tag", "reason": "empty"}),
        (["x" * 101], {"field": "tag", "reason": "too-long"}),
        ([f"tag {number}" for number in range(51)], {"field": "tags", "reason": "too-many"}),
    ],
)
def test_tags_that_cannot_be_kept_are_refused_whole(
    shelf: TestShelf, names: list[str], facts: dict[str, str]
) -> None:
    fill(shelf, 1)
    tag(shelf, 1, "before")

    with pytest.raises(KeepingInvalid) as caught:
        tag(shelf, 1, *names)

    assert caught.value.facts == facts
    assert states(shelf, 1) == {1: State(tags=("before",))}


def test_a_work_may_have_fifty_tags_of_a_hundred_characters(shelf: TestShelf) -> None:
    fill(shelf, 1)
    names = [f"{number:02} {'蛙' * 97}" for number in range(50)]

    tag(shelf, 1, *names, names[0].upper())

    assert states(shelf, 1)[1].tags == tuple(names)


def test_a_work_that_is_not_there_is_not_tagged(shelf: TestShelf) -> None:
    with pytest.raises(WorkUnknown):
        tag(shelf, 7, "frogs")

    assert listed(shelf) == ()


@pytest.mark.parametrize("name", ["🐸", "👩‍🔬", 'say "hi"', "a/b?c#d", "'; DROP TABLE tags; --", "می‌خواهم"])
def test_a_tag_may_be_written_with_any_character_that_is_seen(shelf: TestShelf, name: str) -> None:
    fill(shelf, 1)

    tag(shelf, 1, name)

    assert states(shelf, 1) == {1: State(tags=(name,))}
    assert members(shelf, f"tag:{name}") == {1}


def test_of_works_that_become_one_all_tags_are_shown_and_counted_once(shelf: TestShelf) -> None:
    fill(shelf, 3)
    tag(shelf, 1, "both", "one")
    tag(shelf, 2, "both", "two")
    tag(shelf, 3, "two")

    merge_id = merge(shelf, 1, 2)
    merged = states(shelf, 1), listed(shelf), page(shelf, "two"), members(shelf, "tag:both")
    unmerge(shelf, merge_id)

    assert merged == (
        {1: State(tags=("both", "one", "two"))},
        (TagRow("both", 1), TagRow("one", 1), TagRow("two", 2)),
        (3, 1),
        {1},
    )
    assert states(shelf, 1, 2) == {1: State(tags=("both", "one")), 2: State(tags=("both", "two"))}


def test_tags_are_taken_from_a_merged_work_under_whichever_number_they_were_given(shelf: TestShelf) -> None:
    fill(shelf, 2)
    tag(shelf, 1, "both")
    tag(shelf, 2, "both", "two")
    merge(shelf, 1, 2)

    tag(shelf, 2, "new")

    assert states(shelf, 1) == {1: State(tags=("new",))}
    assert listed(shelf) == (TagRow("new", 1),)


def test_readers_have_tags_of_their_own(shelf: TestShelf) -> None:
    fill(shelf, 1)
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(readers), [{"name": "second", "created_at": NOW}])
    tag(shelf, 1, "mine")
    tag(shelf, 1, "theirs", reader_id=2)
    tag(shelf, 1, "mine", "more")

    assert listed(shelf) == (TagRow("mine", 1), TagRow("more", 1))
    assert listed(shelf, reader_id=2) == (TagRow("theirs", 1),)


def test_tags_of_many_works_are_added_and_what_cannot_be_kept_is_counted(shelf: TestShelf) -> None:
    fill(shelf, 3)
    tag(shelf, 1, "a", *(f"tag {number}" for number in range(48)))

    added = add(shelf, {1: ["A", "b", "c", "d"], 2: ["B", " ", "x" * 101, "b"], 3: []})
    again = add(shelf, {1: ["b"], 2: ["b"]})

    assert added == Tagged(added=2, left_out=4)
    assert again == Tagged(added=0, left_out=0)
    assert page(shelf, "b") == (1, 2)
    with pytest.raises(WorkUnknown):
        add(shelf, {1: ["new"], 77: ["new"]})


def test_listing_tags_asks_no_more_for_more_tags(shelf: TestShelf) -> None:
    fill(shelf, 6)
    tag(shelf, 1, "one")
    tag(shelf, 6, "six")
    merge(shelf, 5, 6)
    with counted(shelf.database) as few:
        listed(shelf)
    for work_id in range(1, 6):
        add(shelf, {work_id: [f"tag {number}" for number in range(40)]})
    with counted(shelf.database) as many:
        assert len(listed(shelf)) == 42

    assert len(few) == len(many) <= 6
