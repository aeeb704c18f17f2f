"""Seeds and feedback are kept once, are taken back step by step, and follow works that are merged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.radartables import radar_feedback, radar_seeds
from academichub.db.tables import merges
from academichub.errors import WorkUnknown
from academichub.flows.reviewing import merge_by_hand, undo_merge
from academichub.model.radar import Feedback, Interest, LessReason, Seed, SeedKind, Verdict
from academichub.store import corpus, feedback, radars, seeds
from academichub.store.log import pages_revision
from academichub.store.whereabouts import whereabouts
from tests.fakes.drafts import NOW, journal_draft

if TYPE_CHECKING:
    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(hours=1)
MORE, LESS = Verdict.MORE, Verdict.LESS


def radar_of(shelf: TestShelf) -> int:
    with shelf.database.writing() as connection:
        return radars.create(connection, Interest(name="Frogs"), now=NOW).id


def filled(shelf: TestShelf, count: int = 4) -> int:
    """Put works on the shelf, numbered from 1, and make a radar."""
    shelf.put(
        *(journal_draft(f"10.5555/j.{number}", title=f"Frog {number}") for number in range(1, count + 1))
    )
    return radar_of(shelf)


def add(shelf: TestShelf, radar_id: int, *added: Seed) -> int:
    with shelf.database.writing() as connection:
        return seeds.add(connection, radar_id, added, now=LATER)


def kept(shelf: TestShelf, radar_id: int) -> list[tuple[str, int | None]]:
    with shelf.database.reading() as connection:
        return [(row.seed.title, row.seed.work_id) for row in seeds.of_radar(connection, radar_id)]


def say(
    shelf: TestShelf, radar_id: int, work_id: int, verdict: Verdict, reason: LessReason | None = None
) -> bool:
    with shelf.database.writing() as connection:
        return feedback.say(connection, radar_id, work_id, verdict, reason=reason, now=LATER)


def take_back(shelf: TestShelf, radar_id: int, work_id: int) -> Feedback | None:
    with shelf.database.writing() as connection:
        return feedback.take_back(connection, radar_id, work_id, now=LATER)


def holding(shelf: TestShelf, radar_id: int) -> dict[int, tuple[Verdict, LessReason | None]]:
    with shelf.database.reading() as connection:
        return {one.work_id: (one.verdict, one.reason) for one in feedback.of_radar(connection, radar_id)}


def revisions(shelf: TestShelf, radar_id: int) -> tuple[int, int]:
    with shelf.database.reading() as connection:
        return radars.by_id(connection, radar_id).revision, pages_revision(connection)


# -- seeds ----------------------------------------------------------------------------------------


def test_a_seed_comes_back_as_it_was_given(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    seed = Seed(
        SeedKind.LIBRARY,
        "蛙鸣",
        "摘要",
        2,
        label="frog2026",
        origin="frogs.bib",
        identifiers=("doi:10.5555/x",),
    )

    assert add(shelf, radar_id, seed) == 1

    with shelf.database.reading() as connection:
        (row,) = seeds.of_radar(connection, radar_id)
    assert row.seed == seed
    assert (row.added_at, row.text_hash) == (LATER, corpus.text_hash("蛙鸣", "摘要"))


def test_a_library_that_is_imported_twice_adds_nothing(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    library = [Seed(SeedKind.LIBRARY, f"A toad {number}", label=f"toad{number}") for number in range(900)]

    first = add(shelf, radar_id, *library, *library)
    before = revisions(shelf, radar_id)
    again = add(shelf, radar_id, *library)

    assert (first, again) == (900, 0)
    assert shelf.count(radar_seeds) == 900
    assert revisions(shelf, radar_id) == before


def test_a_work_is_a_seed_once_whatever_text_it_comes_with(shelf: TestShelf) -> None:
    radar_id = filled(shelf)

    first = add(shelf, radar_id, Seed(SeedKind.SEED, "Frog 1", work_id=1))
    second = add(
        shelf,
        radar_id,
        Seed(SeedKind.LIBRARY, "Frog, the first", work_id=1),
        Seed(SeedKind.LIBRARY, "Frog 2", work_id=2),
        Seed(SeedKind.LIBRARY, "Frog, the second", work_id=2),
    )

    assert (first, second) == (1, 1)
    assert kept(shelf, radar_id) == [("Frog 1", 1), ("Frog 2", 2)]


def test_papers_that_are_only_named_are_told_apart_by_their_names(shelf: TestShelf) -> None:
    radar_id = filled(shelf)

    added = add(shelf, radar_id, *(Seed(SeedKind.SEED, "", label=f"10.5555/t.{n % 2}") for n in range(4)))

    assert added == 2


def test_a_seed_learns_its_work_when_the_same_text_comes_with_it(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    add(shelf, radar_id, Seed(SeedKind.LIBRARY, "Frog 1"))
    before = revisions(shelf, radar_id)

    added = add(shelf, radar_id, Seed(SeedKind.LIBRARY, "Frog 1", work_id=1))

    assert added == 0
    assert kept(shelf, radar_id) == [("Frog 1", 1)]
    assert revisions(shelf, radar_id) > before


def test_seeds_without_a_work_wait_for_it(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    add(shelf, radar_id, Seed(SeedKind.SEED, "Frog 1", work_id=1))
    add(
        shelf,
        radar_id,
        *(Seed(SeedKind.SEED, f"Toad {n}", identifiers=(f"doi:10.5555/j.{n}",)) for n in (2, 3)),
    )
    before = revisions(shelf, radar_id)
    with shelf.database.writing() as connection:
        first, second = seeds.unlinked(connection)
        behind = seeds.unlinked(connection, after=first.seed_id, limit=1)
        pair = ("doi", first.identifiers[0].removeprefix("doi:"))
        work_id = corpus.works_of(connection, [pair, ("doi", "10.5555/none")])[pair]

        linked = seeds.link(connection, {first.seed_id: work_id, 99: 1}, now=LATER)
        again = seeds.link(connection, {first.seed_id: 4}, now=LATER)

    assert (first.title, second.title, behind) == ("Toad 2", "Toad 3", [second])
    assert (linked, again) == (1, 0)
    assert kept(shelf, radar_id) == [("Frog 1", 1), ("Toad 2", 2), ("Toad 3", None)]
    assert revisions(shelf, radar_id) > before


def test_a_seed_is_taken_off(shelf: TestShelf) -> None:
    radar_id, other_id = filled(shelf), radar_of(shelf)
    add(
        shelf,
        radar_id,
        Seed(SeedKind.SEED, "Frog 1", work_id=1),
        Seed(SeedKind.SEED, "Toad"),
        Seed(SeedKind.SEED, "Newt"),
    )
    with shelf.database.writing() as connection:
        frog, toad, _ = [row.seed_id for row in seeds.of_radar(connection, radar_id)]

        removed = [seeds.remove(connection, radar_id, seed_id, now=LATER) for seed_id in (frog, toad, toad)]
        elsewhere = seeds.remove(connection, other_id, frog, now=LATER)

    assert (removed, elsewhere) == ([True, True, False], False)
    assert kept(shelf, radar_id) == [("Newt", None)]


def test_seeds_follow_a_merge_and_its_undoing(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    add(
        shelf, radar_id, Seed(SeedKind.SEED, "Frog 1", work_id=1), Seed(SeedKind.LIBRARY, "Frog 2", work_id=2)
    )

    merge_id = merge_by_hand(shelf.database, 1, 2, now=LATER)
    merged = kept(shelf, radar_id)
    added = add(shelf, radar_id, Seed(SeedKind.SEED, "Frog two", work_id=2))
    undo_merge(shelf.database, merge_id, now=LATER)

    assert (merged, added) == ([("Frog 1", 1)], 0)
    assert kept(shelf, radar_id) == [("Frog 1", 1), ("Frog 2", 2)]


def test_a_seed_of_a_merged_work_goes_with_its_twin(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    add(shelf, radar_id, Seed(SeedKind.SEED, "Frog 1", work_id=1), Seed(SeedKind.SEED, "Frog 2", work_id=2))
    merge_by_hand(shelf.database, 1, 2, now=LATER)

    with shelf.database.writing() as connection:
        (row,) = seeds.of_radar(connection, radar_id)
        seeds.remove(connection, radar_id, row.seed_id, now=LATER)

    assert kept(shelf, radar_id) == []
    assert shelf.count(radar_seeds) == 0


# -- feedback -------------------------------------------------------------------------------------


def test_the_last_word_on_a_work_holds(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    before = revisions(shelf, radar_id)

    said = [
        say(shelf, radar_id, 1, MORE),
        say(shelf, radar_id, 2, LESS, LessReason.WEAK),
        say(shelf, radar_id, 1, LESS, LessReason.SEEN),
    ]

    with shelf.database.reading() as connection:
        words = feedback.of_radar(connection, radar_id)
    assert said == [True] * 3
    assert words == [
        Feedback(2, LESS, LessReason.WEAK, LATER),
        Feedback(1, LESS, LessReason.SEEN, LATER),
    ]
    assert revisions(shelf, radar_id)[0] == before[0] + 3
    assert revisions(shelf, radar_id)[1] > before[1]


def test_the_same_word_again_changes_nothing(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    say(shelf, radar_id, 1, MORE)
    before = revisions(shelf, radar_id)

    again = say(shelf, radar_id, 1, MORE, LessReason.WEAK)  # "more" has no reason

    assert not again
    assert revisions(shelf, radar_id) == before
    assert holding(shelf, radar_id) == {1: (MORE, None)}


def test_words_are_taken_back_one_by_one(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    say(shelf, radar_id, 1, MORE)
    say(shelf, radar_id, 1, LESS, LessReason.OFF_TOPIC)
    say(shelf, radar_id, 2, MORE)

    first = take_back(shelf, radar_id, 1)
    after_first = holding(shelf, radar_id)
    second = take_back(shelf, radar_id, 1)
    before = revisions(shelf, radar_id)
    third = take_back(shelf, radar_id, 1)

    assert first == Feedback(1, MORE, None, LATER)
    assert after_first == {1: (MORE, None), 2: (MORE, None)}
    assert (second, third) == (None, None)
    assert holding(shelf, radar_id) == {2: (MORE, None)}
    assert revisions(shelf, radar_id) == before
    assert shelf.count(radar_feedback) == 3


def test_radars_do_not_hear_what_is_said_to_others(shelf: TestShelf) -> None:
    radar_id, other_id = filled(shelf), radar_of(shelf)

    say(shelf, radar_id, 1, MORE)
    say(shelf, other_id, 1, LESS)
    take_back(shelf, other_id, 1)

    assert holding(shelf, radar_id) == {1: (MORE, None)}
    assert holding(shelf, other_id) == {}


def test_nothing_is_said_of_a_work_that_is_not_there(shelf: TestShelf) -> None:
    radar_id = filled(shelf)

    with pytest.raises(WorkUnknown):
        say(shelf, radar_id, 77, MORE)

    assert take_back(shelf, radar_id, 77) is None


def test_of_merged_works_the_last_word_holds_and_undoing_the_merge_loses_none(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    say(shelf, radar_id, 1, LESS, LessReason.WEAK)
    say(shelf, radar_id, 2, MORE)

    merge_id = merge_by_hand(shelf.database, 1, 2, now=LATER)
    merged = holding(shelf, radar_id)
    again = say(shelf, radar_id, 2, MORE)  # by a page that was drawn before
    undo_merge(shelf.database, merge_id, now=LATER)

    assert (merged, again) == ({1: (MORE, None)}, False)
    assert holding(shelf, radar_id) == {1: (LESS, LessReason.WEAK), 2: (MORE, None)}


def test_what_was_said_of_a_work_that_went_is_taken_back_by_the_name_of_its_keeper(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    say(shelf, radar_id, 1, LESS)
    say(shelf, radar_id, 3, MORE)
    merge_by_hand(shelf.database, 2, 3, now=LATER)
    merge_by_hand(shelf.database, 1, 2, now=LATER)

    first = take_back(shelf, radar_id, 1)
    second = take_back(shelf, radar_id, 3)

    assert first == Feedback(1, LESS, None, LATER)
    assert second is None


def test_a_ring_of_merges_that_no_program_made_leads_nowhere(shelf: TestShelf) -> None:
    radar_id = filled(shelf)
    said = {"radar_id": radar_id, "work_id": 77, "verdict": "more", "at": NOW}
    merge = {"at": NOW, "because": "hand", "reasons": [], "snapshot": {}, "change": 0}
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(radar_feedback), [said])
        ring = [merge | {"gone_id": 77, "kept_id": 78}, merge | {"gone_id": 78, "kept_id": 77}]
        connection.execute(sa.insert(merges), ring)

        assert whereabouts(connection, [1, 77]) == {1: 1}
    assert holding(shelf, radar_id) == {}


def test_works_are_followed_along_chains_of_merges(shelf: TestShelf) -> None:
    filled(shelf)
    merge_by_hand(shelf.database, 3, 4, now=LATER)
    merge_by_hand(shelf.database, 1, 3, now=LATER)

    with shelf.database.reading() as connection:
        assert whereabouts(connection, [1, 2, 3, 4, 77]) == {1: 1, 2: 2, 3: 1, 4: 1}
        assert whereabouts(connection, []) == {}
