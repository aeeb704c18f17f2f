"""Marks are set, taken away and taken back; they follow works that become one."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academichub.db.radartables import readers
from academichub.db.tables import merges, works
from academichub.errors import WorkUnknown
from academichub.model.keeping import Mark, Pile, State
from academichub.store import keeping, marks, merging
from tests.fakes.drafts import DAY, NOW
from tests.fakes.kept import (
    LATER,
    back,
    counted,
    fill,
    mark,
    members,
    merge,
    revisions,
    states,
    unmerge,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from academichub.store.keepinglists import Stretch
    from tests.fakes.shelf import TestShelf

STARRED: Final = State(marks=frozenset({Mark.STARRED}))
READ: Final = State(marks=frozenset({Mark.READ}))


def pile(shelf: TestShelf, which: Pile, *, after: int | None = None, size: int = 50) -> Stretch:
    with shelf.database.reading() as connection:
        return keeping.kept_works(connection, which, "", after=after, size=size)


def count(shelf: TestShelf, which: Pile) -> int:
    with shelf.database.reading() as connection:
        return keeping.kept_count(connection, which, "")


def unread(shelf: TestShelf, first: date = DAY, last: date = DAY) -> dict[date, int]:
    with shelf.database.reading() as connection:
        return keeping.unread_days(connection, first, last)


def mark_day(shelf: TestShelf, on: date = DAY) -> int:
    with shelf.database.writing() as connection:
        return marks.mark_day(connection, on, now=NOW)


# -- on and off -------------------------------------------------------------------------------------


def test_a_work_that_was_never_touched_has_no_state(shelf: TestShelf) -> None:
    fill(shelf, 2)
    mark(shelf, [1], Mark.STARRED)

    assert states(shelf, 1, 2, 77, 2**70, -1) == {1: STARRED}
    assert states(shelf) == {}


def test_marks_of_a_work_are_set_and_taken_away_one_by_one(shelf: TestShelf) -> None:
    fill(shelf, 2)
    for which in Mark:
        mark(shelf, [1, 2], which)
    mark(shelf, [1], Mark.LATER, on=False)
    mark(shelf, [2], Mark.READ, on=False)

    assert states(shelf, 1, 2) == {
        1: State(marks=frozenset({Mark.READ, Mark.STARRED, Mark.HIDDEN})),
        2: State(marks=frozenset({Mark.STARRED, Mark.LATER, Mark.HIDDEN})),
    }


def test_marking_moves_what_pages_follow_and_marking_so_again_does_not(shelf: TestShelf) -> None:
    fill(shelf, 1)
    before = revisions(shelf)

    mark(shelf, [1, 1], Mark.STARRED)
    once = revisions(shelf)
    mark(shelf, [1], Mark.STARRED)
    mark(shelf, [1], Mark.LATER, on=False)
    mark(shelf, [], Mark.LATER)

    assert once[0] > before[0]
    assert once[1] > before[1]
    assert revisions(shelf) == once


@pytest.mark.parametrize("work_id", [77, 0, -1, 2**63, 10**30])
def test_a_work_that_is_not_there_cannot_be_marked_and_nothing_else_is(
    shelf: TestShelf, work_id: int
) -> None:
    fill(shelf, 1)

    with pytest.raises(WorkUnknown) as caught:
        mark(shelf, [1, work_id], Mark.READ)

    assert caught.value.facts == {"work": str(work_id)}
    assert states(shelf, 1) == {}


def test_readers_do_not_see_each_others_marks_nor_take_them_back(shelf: TestShelf) -> None:
    fill(shelf, 1)
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(readers), [{"name": "second", "created_at": NOW}])
    mine = mark(shelf, [1], Mark.STARRED)
    mark(shelf, [1], Mark.LATER, reader_id=2)

    assert states(shelf, 1) == {1: STARRED}
    assert states(shelf, 1, reader_id=2) == {1: State(marks=frozenset({Mark.LATER}))}
    assert not back(shelf, mine, reader_id=2)
    assert members(shelf, "is:starred", reader_id=2) == set()
    assert members(shelf, "is:starred") == {1}


# -- days -------------------------------------------------------------------------------------------


def test_a_day_is_marked_as_read_and_that_is_taken_back_as_one(shelf: TestShelf) -> None:
    fill(shelf, 5)
    fill(shelf, 2, on=DAY + timedelta(days=1), first=6)
    mark(shelf, [2], Mark.READ)
    mark(shelf, [3], Mark.HIDDEN)
    before = unread(shelf, DAY, DAY + timedelta(days=7))

    action = mark_day(shelf)
    after = unread(shelf, DAY, DAY + timedelta(days=7))
    back(shelf, action)

    assert before == {DAY: 3, DAY + timedelta(days=1): 2}
    assert after == {DAY: 0, DAY + timedelta(days=1): 2}
    assert unread(shelf) == {DAY: 3}
    assert members(shelf, "is:read") == {2}


def test_a_day_without_works_is_marked_and_nothing_changes(shelf: TestShelf) -> None:
    before = revisions(shelf)

    action = mark_day(shelf)

    assert back(shelf, action)
    assert (unread(shelf), revisions(shelf)) == ({}, before)


def test_a_work_is_read_when_one_that_became_part_of_it_was(shelf: TestShelf) -> None:
    fill(shelf, 3)
    mark(shelf, [2], Mark.READ)

    merge_id = merge(shelf, 1, 2)
    merged = unread(shelf)
    unmerge(shelf, merge_id)

    assert (merged, unread(shelf)) == ({DAY: 1}, {DAY: 2})


# -- taking back ------------------------------------------------------------------------------------


def test_an_action_is_taken_back_once(shelf: TestShelf) -> None:
    fill(shelf, 1)
    action = mark(shelf, [1], Mark.STARRED)

    assert back(shelf, action)
    assert not back(shelf, action)
    assert states(shelf, 1) == {}


@pytest.mark.parametrize("action", [0, -1, 77, 2**63, 10**40])
def test_an_action_that_nobody_did_is_not_taken_back(shelf: TestShelf, action: int) -> None:
    before = revisions(shelf)

    assert not back(shelf, action)
    assert revisions(shelf) == before


def test_taking_back_restores_only_what_the_action_changed(shelf: TestShelf) -> None:
    fill(shelf, 3)
    mark(shelf, [1], Mark.STARRED)
    action = mark(shelf, [1, 2, 3], Mark.STARRED)
    mark(shelf, [3], Mark.STARRED, on=False)
    mark(shelf, [3], Mark.STARRED)

    back(shelf, action)

    assert states(shelf, 1, 2, 3) == {1: STARRED, 3: STARRED}


def test_taking_back_what_others_overrode_changes_nothing_and_moves_nothing(shelf: TestShelf) -> None:
    fill(shelf, 1)
    action = mark(shelf, [1], Mark.STARRED)
    mark(shelf, [1], Mark.STARRED, on=False)
    before = revisions(shelf)

    assert back(shelf, action)
    assert (states(shelf, 1), revisions(shelf)) == ({}, before)


def test_a_mark_that_comes_back_has_the_place_it_had(shelf: TestShelf) -> None:
    fill(shelf, 3)
    mark(shelf, [1], Mark.STARRED)
    mark(shelf, [2], Mark.STARRED)
    mark(shelf, [3], Mark.STARRED)
    action = mark(shelf, [2], Mark.STARRED, on=False)
    without = pile(shelf, Pile.STARRED)

    back(shelf, action)

    assert without.work_ids == (3, 1)
    assert pile(shelf, Pile.STARRED).work_ids == (3, 2, 1)


# -- works that become one --------------------------------------------------------------------------


def test_the_kept_card_has_the_marks_of_the_one_that_went_and_undoing_gives_them_back(
    shelf: TestShelf,
) -> None:
    fill(shelf, 2)
    mark(shelf, [2], Mark.STARRED)
    mark(shelf, [1], Mark.READ)

    merge_id = merge(shelf, 1, 2)
    merged = states(shelf, 1, 2)
    unmerge(shelf, merge_id)

    assert merged == {1: State(marks=frozenset({Mark.STARRED, Mark.READ}))}
    assert states(shelf, 1, 2) == {1: READ, 2: STARRED}


def test_a_mark_goes_from_a_merged_work_under_whichever_number_it_was_set(shelf: TestShelf) -> None:
    fill(shelf, 3)
    mark(shelf, [1, 3], Mark.STARRED)
    merge(shelf, 2, 3)
    merge(shelf, 1, 2)

    action = mark(shelf, [3], Mark.STARRED, on=False)  # by a page that was drawn before
    without = states(shelf, 1), members(shelf, "is:starred")
    back(shelf, action)

    assert without == ({}, set())
    assert (states(shelf, 1), members(shelf, "is:starred")) == ({1: STARRED}, {1})


def test_works_that_became_one_stand_once_in_a_pile_at_the_later_place(shelf: TestShelf) -> None:
    fill(shelf, 5)
    for work_id in (4, 1, 2, 3, 5):
        mark(shelf, [work_id], Mark.LATER)
    merge(shelf, 1, 3)
    merge(shelf, 2, 4)

    first = pile(shelf, Pile.LATER, size=1)
    second = pile(shelf, Pile.LATER, after=first.next, size=1)
    third = pile(shelf, Pile.LATER, after=second.next, size=1)

    assert (first.work_ids, second.work_ids, third.work_ids) == ((5,), (1,), (2,))
    assert third.next is None
    assert count(shelf, Pile.LATER) == 3
    assert members(shelf, "is:later") == {1, 2, 5}


# -- lists ------------------------------------------------------------------------------------------


def test_works_marked_at_once_stand_in_the_order_given_with_the_newest_action_on_top(
    shelf: TestShelf,
) -> None:
    fill(shelf, 4)
    mark(shelf, [3, 1], Mark.STARRED)
    mark(shelf, [2, 4], Mark.STARRED)

    assert pile(shelf, Pile.STARRED) == ((2, 4, 3, 1), None)


def test_a_pile_is_read_page_by_page_without_repeating_or_missing_any(shelf: TestShelf) -> None:
    fill(shelf, 23)
    order = sorted(range(1, 24), key=lambda number: number * 7 % 23)
    mark(shelf, order, Mark.LATER)

    found: list[int] = []
    after: int | None = None
    pages = 0
    while pages == 0 or after is not None:
        page = pile(shelf, Pile.LATER, after=after, size=5)
        found += page.work_ids
        after, pages = page.next, pages + 1

    assert (found, pages) == (order, 5)
    assert pile(shelf, Pile.LATER, after=10**30, size=50).work_ids == tuple(order)


def test_a_list_of_no_such_name_is_refused(shelf: TestShelf) -> None:
    for name in ("is:nice", "of:cats", "starred"):
        with pytest.raises(ValueError, match=r".*"):
            members(shelf, name)


def test_states_of_a_page_are_one_question_and_a_pile_asks_no_more_for_more_works(
    shelf: TestShelf,
) -> None:
    fill(shelf, 200)
    mark(shelf, range(1, 201), Mark.READ)
    with counted(shelf.database) as asked:
        few = states(shelf, 1)
    with counted(shelf.database) as asked_more:
        many = states(shelf, *range(1, 201))
    with counted(shelf.database) as listed:
        pile(shelf, Pile.READ, size=2)
    with counted(shelf.database) as listed_more:
        pile(shelf, Pile.READ, size=190)

    assert (len(few), len(many)) == (1, 200)
    assert len(asked) == len(asked_more) == 1
    assert len(listed) == len(listed_more) <= 3


def test_two_who_mark_at_once_both_keep_their_word(shelf: TestShelf) -> None:
    fill(shelf, 3)
    barrier = threading.Barrier(4)
    actions: list[int] = []

    def press() -> None:
        barrier.wait()
        actions.append(mark(shelf, [1, 2, 3], Mark.STARRED))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(actions)) == 4
    assert members(shelf, "is:starred") == {1, 2, 3}
    taken = [back(shelf, action) for action in actions]
    assert (taken, members(shelf, "is:starred")) == ([True] * 4, set())


# -- any sequence -----------------------------------------------------------------------------------


WORKS: Final = 4


class Naive:
    """Marks as words alone: a mark is what the last word that changed it, and still stands, says."""

    def __init__(self, first: int) -> None:
        self.works = range(first, first + WORKS)
        self.words: list[tuple[Mark, bool, set[int]]] = []
        self.taken_back: set[int] = set()
        self.keeper: dict[int, int] = {}  # of works that went

    def holder(self, work_id: int) -> int:
        return self.holder(self.keeper[work_id]) if work_id in self.keeper else work_id

    def is_on(self, work_id: int, which: Mark) -> bool:
        said = [
            on
            for number, (of, on, changed) in enumerate(self.words)
            if of is which and work_id in changed and number not in self.taken_back
        ]
        return bool(said) and said[-1]

    def shown(self, which: Mark) -> set[int]:
        return {self.holder(work_id) for work_id in self.works if self.is_on(work_id, which)}

    def mark(self, work_ids: Iterable[int], which: Mark, *, on: bool) -> None:
        holders = {self.holder(work_id) for work_id in work_ids}
        if on:
            changed = holders - self.shown(which)
        else:
            named = {work_id for work_id in self.works if self.holder(work_id) in holders}
            changed = {work_id for work_id in named if self.is_on(work_id, which)}
        self.words.append((which, on, changed))


# Works, which mark, and whether it is set; mostly one mark and few works, so that steps meet each other.
MARKING: Final = st.tuples(
    st.lists(st.integers(0, WORKS - 1), min_size=1, max_size=3),
    st.sampled_from([Mark.STARRED, Mark.STARRED, Mark.STARRED, Mark.READ]),
    st.booleans(),
)
OTHER_STEPS: Final = st.one_of(
    st.tuples(st.just("take back"), st.integers(0, 9)),
    st.tuples(st.just("merge"), st.integers(0, WORKS - 1), st.integers(0, WORKS - 1)),
    st.tuples(st.just("undo a merge")),
)
STEPS: Final = st.lists(st.tuples(MARKING, OTHER_STEPS), min_size=5, max_size=12).map(
    lambda pairs: [step for pair in pairs for step in pair]
)


def check(shelf: TestShelf, naive: Naive) -> None:
    """Compare all that is shown with what the words say."""
    shown = {which: naive.shown(which) for which in (Mark.STARRED, Mark.READ)}
    of_works = states(shelf, *naive.works)
    for which, expected in shown.items():
        assert {work_id for work_id, state in of_works.items() if which in state.marks} == expected
        assert members(shelf, f"is:{which}") & set(naive.works) == expected
        assert set(pile(shelf, Pile(which.value), size=200).work_ids) & set(naive.works) == expected
        assert count(shelf, Pile(which.value)) == len(members(shelf, f"is:{which}"))


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_of_marks_undos_and_merges_equals_a_naive_model(
    shelf: TestShelf, steps: list[tuple[object, ...]]
) -> None:
    with shelf.database.reading() as connection:
        first = (connection.execute(sa.select(sa.func.max(works.c.id))).scalar() or 0) + 1
        gone = connection.execute(sa.select(sa.func.max(merges.c.gone_id))).scalar() or 0
    first = max(first, gone + 1)
    fill(shelf, WORKS, first=first)
    naive, actions, merged = Naive(first), list[int](), list[tuple[int, int]]()

    for step in steps:
        match step:
            case (list() as places, Mark() as which, bool() as on):
                named = [first + place for place in places]
                actions.append(mark(shelf, named, which, on=on))
                naive.mark(named, which, on=on)
            case ("take back", int() as place) if actions:
                number = place % len(actions)
                assert back(shelf, actions[number]) == (number not in naive.taken_back)
                naive.taken_back.add(number)
            case ("merge", int() as one, int() as other):
                kept, went = naive.holder(first + one), naive.holder(first + other)
                with shelf.database.shelving() as connection:
                    merge_id = merging.merge(
                        connection, kept_id=kept, gone_id=went, because="hand", now=LATER
                    )
                if merge_id is not None:
                    merged.append((merge_id, went))
                    naive.keeper[went] = kept
            case ("undo a merge",) if merged:
                merge_id, went = merged.pop()
                unmerge(shelf, merge_id)
                del naive.keeper[went]
            case _:
                continue
        check(shelf, naive)
