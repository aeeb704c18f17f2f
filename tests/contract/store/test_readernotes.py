"""What readers write about works is kept, also while works are one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.errors import KeepingInvalid, WorkUnknown
from academichub.model.keeping import Pile, State
from academichub.store import keeping, notes
from academichub.store.notes import KeptNote
from tests.fakes.drafts import NOW
from tests.fakes.kept import LATER, fill, members, merge, revisions, states, unmerge

if TYPE_CHECKING:
    from datetime import datetime

    from tests.fakes.shelf import TestShelf


def write(shelf: TestShelf, work_id: int, text: str, *, now: datetime = NOW) -> None:
    with shelf.database.writing() as connection:
        notes.save(connection, work_id, text, now=now)


def read(shelf: TestShelf, work_id: int) -> KeptNote | None:
    with shelf.database.reading() as connection:
        return notes.read(connection, work_id)


def pile(shelf: TestShelf) -> tuple[int, ...]:
    with shelf.database.reading() as connection:
        return keeping.kept_works(connection, Pile.NOTED, "", after=None, size=50).work_ids


def test_a_note_is_kept_changed_and_removed(shelf: TestShelf) -> None:
    fill(shelf, 1)
    write(shelf, 1, "\r\n  First *thoughts*.\r\nSecond.  \n\n")
    first = read(shelf, 1), states(shelf, 1)
    write(shelf, 1, "Better.", now=LATER)
    second = read(shelf, 1)
    write(shelf, 1, " \n ")

    assert first == (KeptNote("  First *thoughts*.\nSecond.", NOW), {1: State(has_note=True)})
    assert second == KeptNote("Better.", LATER)
    assert (read(shelf, 1), states(shelf, 1), members(shelf, "is:noted")) == (None, {}, set())


def test_the_same_note_again_keeps_its_time_and_moves_nothing(shelf: TestShelf) -> None:
    fill(shelf, 1)
    write(shelf, 1, "Same.")
    once = revisions(shelf)

    write(shelf, 1, "Same.\n", now=LATER)
    write(shelf, 1, "Same.", now=LATER)

    assert read(shelf, 1) == KeptNote("Same.", NOW)
    assert revisions(shelf) == once


def test_a_note_of_a_hundred_thousand_characters_is_kept_and_a_longer_one_refused(shelf: TestShelf) -> None:
    fill(shelf, 1)
    write(shelf, 1, "蛙" * 100_000)

    with pytest.raises(KeepingInvalid) as caught:
        write(shelf, 1, "x" * 100_001)

    assert caught.value.facts == {"field": "note", "reason": "too-long"}
    assert read(shelf, 1) == KeptNote("蛙" * 100_000, NOW)


def test_what_no_database_can_keep_is_left_out_of_a_note(shelf: TestShelf) -> None:
    fill(shelf, 1)

    write(shelf, 1, "a\x00b\ud800c")

    assert read(shelf, 1) == KeptNote("ab?c", NOW)


@pytest.mark.parametrize("work_id", [7, 2**80])
def test_a_work_that_is_not_there_has_no_note(shelf: TestShelf, work_id: int) -> None:
    with pytest.raises(WorkUnknown):
        read(shelf, work_id)
    with pytest.raises(WorkUnknown):
        write(shelf, work_id, "Words.")


def test_noted_works_are_listed_by_the_last_change(shelf: TestShelf) -> None:
    fill(shelf, 3)
    for work_id in (1, 2, 3, 1):
        write(shelf, work_id, f"About {work_id}, again {len(pile(shelf))}.")

    assert pile(shelf) == (1, 3, 2)
    assert members(shelf, "is:noted") == {1, 2, 3}


def test_notes_of_works_that_become_one_are_shown_together_and_part_again(shelf: TestShelf) -> None:
    fill(shelf, 2)
    write(shelf, 2, "Of the preprint.")
    write(shelf, 1, "Of the article.", now=LATER)

    merge_id = merge(shelf, 1, 2)
    merged = read(shelf, 1), read(shelf, 2), pile(shelf), members(shelf, "is:noted")
    unmerge(shelf, merge_id)

    both = KeptNote("Of the preprint.\n\nOf the article.", LATER)
    assert merged == (both, both, (1,), {1})
    assert read(shelf, 1) == KeptNote("Of the article.", LATER)
    assert read(shelf, 2) == KeptNote("Of the preprint.", NOW)


def test_a_note_saved_while_works_are_one_says_nothing_twice_and_loses_nothing(shelf: TestShelf) -> None:
    fill(shelf, 2)
    write(shelf, 1, "One.")
    write(shelf, 2, "Two.")
    merge_id = merge(shelf, 1, 2)

    write(shelf, 2, "One and two.", now=LATER)
    merged = read(shelf, 1), pile(shelf)
    unmerge(shelf, merge_id)

    assert merged == (KeptNote("One and two.", LATER), (1,))
    assert read(shelf, 1) == KeptNote("One and two.", LATER)
    assert read(shelf, 2) == KeptNote("Two.", NOW)


def test_the_note_that_took_others_in_shows_them_again_when_it_goes_after_they_part(shelf: TestShelf) -> None:
    fill(shelf, 3)
    write(shelf, 2, "Two.")
    merge_id = merge(shelf, 1, 2)
    write(shelf, 1, "One and two.")
    unmerge(shelf, merge_id)
    write(shelf, 1, "")
    merge(shelf, 1, 3)
    write(shelf, 2, "Two, on its own.", now=LATER + timedelta(hours=1))

    assert read(shelf, 1) is None
    assert read(shelf, 2) == KeptNote("Two, on its own.", LATER + timedelta(hours=1))


def test_a_note_removed_while_works_are_one_is_removed_of_all_of_them(shelf: TestShelf) -> None:
    fill(shelf, 2)
    write(shelf, 2, "Two.")
    merge_id = merge(shelf, 1, 2)

    write(shelf, 1, "")
    unmerge(shelf, merge_id)

    assert (read(shelf, 1), read(shelf, 2), members(shelf, "is:noted")) == (None, None, set())
