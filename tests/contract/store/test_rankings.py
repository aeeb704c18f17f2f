"""What radars showed is kept day by day and read back as it was, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academichub.db.radartables import radar_days, readers
from academichub.flows.reviewing import merge_by_hand, undo_merge
from academichub.model.radar import Because, Inputs, Interest, Part, PartName, Shown
from academichub.model.radarpages import Badge
from academichub.store import radars, rankings
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW, journal_draft
from tests.fakes.radars import INPUTS, ranked, ranking

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.radar import RadarDay, Ranked
    from academichub.store.rankings import Matched
    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(days=1)
NEXT_DAY = DAY + timedelta(days=1)
BEFORE = DAY - timedelta(days=1)
BEST_THREE = ((1, 0.9), (2, 0.5), (3, 0.5))


def radar_of(shelf: TestShelf, name: str = "Frogs", reader_id: int = 1) -> int:
    with shelf.database.writing() as connection:
        return radars.create(connection, Interest(name=name), now=NOW, reader_id=reader_id).id


def filled(shelf: TestShelf, count: int = 4) -> int:
    """Put works on the shelf, numbered from 1, and make a radar."""
    shelf.put(*(journal_draft(f"10.5555/j.{number}") for number in range(1, count + 1)))
    return radar_of(shelf)


def save(shelf: TestShelf, radar_id: int, on: date, *works: Ranked, text: str = "a") -> RadarDay:
    day = ranking(radar_id, on, *works)
    with shelf.database.writing() as connection:
        rankings.save_day(connection, day, text_hashes={one.work_id: f"{text}{one.work_id}" for one in works})
    return day


def today(
    shelf: TestShelf, on: date = DAY, *, reader_id: int = 1, radar_id: int | None = None
) -> list[tuple[int, float]]:
    with shelf.database.reading() as connection:
        found = rankings.today(connection, on, reader_id=reader_id, radar_id=radar_id)
        assert rankings.matched_total(connection, on, reader_id=reader_id, radar_id=radar_id) == len(found)
    return [(one.work_id, one.match) for one in found]


def test_a_day_comes_back_exactly_as_it_was_ranked(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    with shelf.database.reading() as connection:
        before = pages_revision(connection)

    again = ranked(1, 1 / 3, place=2, shown=Shown.REVISED)
    day = save(shelf, radar_id, DAY, ranked(3, 0.9), again, ranked(2, 0.1, place=3))

    with shelf.database.reading() as connection:
        assert rankings.read_day(connection, radar_id, DAY) == day
        assert rankings.read_day(connection, radar_id, NEXT_DAY) is None
        assert pages_revision(connection) > before


def test_a_day_on_which_nothing_was_shown_is_a_day(shelf: TestShelf) -> None:
    radar_id = filled(shelf)

    day = save(shelf, radar_id, DAY)

    with shelf.database.reading() as connection:
        assert rankings.read_day(connection, radar_id, DAY) == day


numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
reasons = st.builds(
    Because, kind=texts, text=texts, share=numbers, work_id=st.none() | st.integers(0, 2**63 - 1)
)
parts = st.builds(
    Part,
    name=st.sampled_from(PartName),
    value=numbers,
    because=st.lists(reasons, max_size=3).map(tuple),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=st.lists(parts, max_size=4).map(tuple), score=numbers)
def test_no_number_and_no_reason_changes_on_the_shelf(
    shelf: TestShelf, parts: tuple[Part, ...], score: float
) -> None:
    one = replace(ranked(1), parts=parts, score=score)
    if not shelf.count(radar_days):
        filled(shelf)

    save(shelf, 1, DAY, one)

    with shelf.database.reading() as connection:
        day = rankings.read_day(connection, 1, DAY)
    assert day is not None
    assert day.ranked == (one,)


def test_a_day_that_is_ranked_again_is_replaced_whole(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    save(shelf, radar_id, BEFORE, ranked(4))
    save(shelf, radar_id, DAY, ranked(1), ranked(2, place=2))

    again = save(shelf, radar_id, DAY, ranked(2), ranked(3, place=2))

    with shelf.database.reading() as connection:
        assert rankings.read_day(connection, radar_id, DAY) == again
        assert [line.on for line in rankings.days(connection, radar_id)] == [DAY, BEFORE]


def test_a_night_keeps_many_radars_at_once_and_leaves_out_those_that_went(shelf: TestShelf) -> None:
    first, gone, third = filled(shelf), radar_of(shelf), radar_of(shelf)
    night = [ranking(radar_id, DAY, ranked(1), ranked(2, place=2)) for radar_id in (first, gone, third)]
    with shelf.database.writing() as connection:
        radars.remove(connection, gone)

        kept = rankings.save_days(connection, night, text_hashes={1: "a", 2: "b"})
        again = rankings.save_days(connection, night, text_hashes={1: "a", 2: "b"})
        nothing = rankings.save_days(connection, [], text_hashes={})

        assert (kept, again, nothing) == (2, 2, 0)
        assert [rankings.read_day(connection, one, DAY) for one in (first, gone, third)] == [
            night[0],
            None,
            night[2],
        ]


def test_the_past_of_a_radar_is_listed_day_by_day(shelf: TestShelf) -> None:
    radar_id, other_id, never_id = filled(shelf), radar_of(shelf), radar_of(shelf)
    for back in range(4):
        save(shelf, radar_id, DAY - timedelta(days=back), *(ranked(n) for n in range(1, back + 1)))
    save(shelf, other_id, BEFORE, ranked(1))

    with shelf.database.reading() as connection:
        page = rankings.days(connection, radar_id, limit=2)
        rest = rankings.days(connection, radar_id, before=page[-1].on)
        around = [rankings.neighbours(connection, radar_id, on) for on in (DAY, BEFORE)]
        latest = rankings.latest(connection, [radar_id, other_id, never_id])

    assert [(line.on, line.shown) for line in page + rest] == [
        (DAY - timedelta(days=back), back) for back in range(4)
    ]
    assert page[0] == rankings.DayLine(radar_id, DAY, NOW, 430, 412, 3, shown=0)
    assert around == [(BEFORE, None), (DAY - timedelta(days=2), DAY)]
    assert {one: (line.on, line.shown) for one, line in latest.items()} == {
        radar_id: (DAY, 0),
        other_id: (BEFORE, 1),
    }


# -- shown once -----------------------------------------------------------------------------------


def test_a_radar_remembers_every_text_it_showed_of_a_work(shelf: TestShelf) -> None:
    radar_id, other_id = filled(shelf), radar_of(shelf)
    save(shelf, radar_id, BEFORE - timedelta(days=1), ranked(1), text="old")
    save(shelf, radar_id, BEFORE, ranked(1), ranked(2), text="new")
    save(shelf, radar_id, DAY, ranked(3))
    save(shelf, other_id, BEFORE, ranked(4))

    with shelf.database.reading() as connection:
        shown = rankings.shown_before(connection, radar_id, range(1, 500), before=DAY)

    assert shown == {1: frozenset({"old1", "new1"}), 2: frozenset({"new2"})}


def test_a_work_that_was_merged_was_shown_if_either_was(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    save(shelf, radar_id, BEFORE, ranked(2), ranked(4))

    merge_id = merge_by_hand(shelf.database, 1, 2, now=LATER)
    with shelf.database.reading() as connection:
        merged = rankings.shown_before(connection, radar_id, [1, 3], before=DAY)
    undo_merge(shelf.database, merge_id, now=LATER)
    with shelf.database.reading() as connection:
        parted = rankings.shown_before(connection, radar_id, [1, 2], before=DAY)

    assert merged == {1: frozenset({"a2"})}
    assert parted == {2: frozenset({"a2"})}


# -- explained ------------------------------------------------------------------------------------


def test_why_a_work_was_shown_is_told_as_it_was_stored(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    first, second = ranked(1, 0.2), ranked(1, 0.4, shown=Shown.REVISED)
    save(shelf, radar_id, BEFORE, first)
    save(shelf, radar_id, DAY, ranked(2), second)

    with shelf.database.reading() as connection:
        last = rankings.explain(connection, radar_id, 1)
        then = rankings.explain(connection, radar_id, 1, on=BEFORE)
        missing = [
            rankings.explain(connection, radar_id, 2, on=BEFORE),
            rankings.explain(connection, radar_id, 77),
            rankings.explain(connection, 77, 1),
        ]

    assert last == rankings.Explained(DAY, NOW, INPUTS, second, "a1")
    assert then == rankings.Explained(BEFORE, NOW, INPUTS, first, "a1")
    assert missing == [None] * 3


def test_inputs_that_an_older_program_did_not_know_are_empty(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    save(shelf, radar_id, DAY, ranked(1))
    with shelf.database.writing() as connection:
        connection.execute(sa.update(radar_days).values(inputs={"algorithm": "0", "gone": "x"}))

        explained = rankings.explain(connection, radar_id, 1)

    assert explained is not None
    assert explained.inputs == Inputs("0", "", "", "", "", "", "")


# -- badges, and the best of a day ----------------------------------------------------------------


def test_a_card_names_the_three_radars_that_match_best_with_one_question(shelf: TestShelf) -> None:
    filled(shelf)
    for number, match in enumerate((0.3, 0.9, 0.5, 0.5)):
        save(shelf, radar_of(shelf, f"Toads {number}"), DAY, ranked(1, match), ranked(2, 0.1))

    asked: list[object] = []
    with shelf.database.reading() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2]))
        badges = rankings.badges(connection, [1, 3])

    assert badges == {
        1: tuple(Badge(f"toads-{number}", f"Toads {number}", match) for number, match in BEST_THREE)
    }
    assert len([one for one in asked if one != "BEGIN"]) == 1


def test_of_a_work_that_came_back_the_last_day_counts(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    save(shelf, radar_id, DAY, ranked(1, 0.2))
    save(shelf, radar_id, BEFORE, ranked(1, 0.8))

    with shelf.database.reading() as connection:
        assert rankings.badges(connection, [1]) == {1: (Badge("frogs", "Frogs", 0.2),)}


def test_readers_do_not_see_each_others_badges_and_days(shelf: TestShelf) -> None:
    mine = filled(shelf)
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(readers), [{"name": "second", "created_at": NOW}])
    theirs = radar_of(shelf, "Toads", reader_id=2)
    save(shelf, mine, DAY, ranked(1, 0.2))
    save(shelf, theirs, DAY, ranked(1, 0.8), ranked(2, 0.7))

    with shelf.database.reading() as connection:
        assert rankings.badges(connection, [1, 2]) == {1: (Badge("frogs", "Frogs", 0.2),)}
        assert rankings.badges(connection, [2], reader_id=2) == {2: (Badge("toads", "Toads", 0.7),)}
    assert today(shelf) == [(1, 0.2)]
    assert today(shelf, reader_id=2) == [(1, 0.8), (2, 0.7)]
    assert today(shelf, radar_id=theirs) == []


def test_a_day_is_ordered_by_the_best_match_or_by_one_radar(shelf: TestShelf) -> None:
    first, second = filled(shelf), radar_of(shelf)
    save(shelf, first, DAY, ranked(1, 0.9), ranked(2, 0.1), ranked(3, 0.5))
    save(shelf, second, DAY, ranked(2, 0.8), ranked(3, 0.5), ranked(4, 0.5))
    save(shelf, second, BEFORE, ranked(1, 0.99))

    assert today(shelf) == [(1, 0.9), (2, 0.8), (4, 0.5), (3, 0.5)]
    assert today(shelf, radar_id=first) == [(1, 0.9), (3, 0.5), (2, 0.1)]
    assert today(shelf, NEXT_DAY) == []


def test_a_work_that_is_nowhere_is_passed_over(shelf: TestShelf) -> None:
    radar_id = filled(shelf)

    save(shelf, radar_id, DAY, ranked(77), ranked(1, place=2))

    assert today(shelf) == [(1, 0.5)]
    with shelf.database.reading() as connection:
        day = rankings.read_day(connection, radar_id, DAY)
        assert rankings.badges(connection, [77]) == {}
    assert day is not None
    assert [one.work_id for one in day.ranked] == [1]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_pages_of_a_day_neither_repeat_nor_lose_a_work(shelf: TestShelf, size: int) -> None:
    radar_id = filled(shelf, 20)
    matches = (0.1, 1 / 3, 0.1 + 0.2, 0.3)
    save(shelf, radar_id, DAY, *(ranked(number, matches[number % 4]) for number in range(1, 21)))

    paged: list[Matched] = []
    with shelf.database.reading() as connection:
        while page := rankings.today(connection, DAY, after=paged[-1] if paged else None, limit=size):
            paged += page
        whole = rankings.today(connection, DAY)

    assert paged == whole
    assert len(whole) == 20
    assert paged == sorted(paged, reverse=True)


def test_works_that_were_merged_stand_once_on_the_day_and_apart_again_when_undone(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    save(shelf, radar_id, DAY, ranked(3, 0.9), ranked(1, 0.5, place=2), ranked(4, 0.7, place=3))
    before = today(shelf)

    inner = merge_by_hand(shelf.database, 2, 3, now=LATER)
    outer = merge_by_hand(shelf.database, 1, 2, now=LATER)
    merged = today(shelf)
    with shelf.database.reading() as connection:
        day = rankings.read_day(connection, radar_id, DAY)
        badges = rankings.badges(connection, [1])
        explained = rankings.explain(connection, radar_id, 3)
    undo_merge(shelf.database, outer, now=LATER)
    undo_merge(shelf.database, inner, now=LATER)

    assert before == [(3, 0.9), (4, 0.7), (1, 0.5)]
    assert merged == [(1, 0.9), (4, 0.7)]
    assert day is not None
    assert [(one.work_id, one.match) for one in day.ranked] == [(1, 0.9), (4, 0.7)]
    assert badges[1][0].match == 0.9
    assert explained is not None
    assert (explained.ranked.work_id, explained.ranked.match) == (1, 0.9)
    assert today(shelf) == before
