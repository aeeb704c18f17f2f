"""Radars are kept, found, changed and forgotten, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.radartables import radar_days, radar_feedback, radar_items, radar_seeds, readers
from academichub.db.radartables import radars as radars_table
from academichub.errors import RadarInvalid, RadarUnknown
from academichub.model.radar import (
    LOCAL_READER,
    Follow,
    FollowKind,
    Interest,
    RuleRole,
    Seed,
    SeedKind,
    Verdict,
)
from academichub.store import feedback, interests, radars, rankings, seeds
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW, arxiv_draft
from tests.fakes.radars import ranked, ranking

if TYPE_CHECKING:
    from academichub.model.radar import Radar
    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(hours=1)
WHOLE = Interest(
    name="Frogs that sing 蛙鸣",
    rule='ti:"frog song" AND NOT cat:q-bio.NC',
    rule_role=RuleRole.FILTER,
    text="How frogs choose whom to sing to.",
    follows=(
        Follow(FollowKind.AUTHOR, "Ada Example", "0000-0002-1825-0097"),
        Follow(FollowKind.INSTITUTION, "蛙类研究所"),
    ),
    include_fields=("q-bio", "cs.SD"),
    exclude_fields=("cs.CR",),
    include_sources=("arxiv:cs.SD",),
    exclude_sources=("feed:pond",),
    exclude_terms=("toad", "牛蛙"),
    threshold=0.1 + 0.2,
    quota=7,
)


def made(shelf: TestShelf, name: str = "Frogs", **more: object) -> Radar:
    with shelf.database.writing() as connection:
        return radars.create(connection, replace(WHOLE, name=name), now=NOW, **more)  # type: ignore[arg-type]  # handed through


def found(shelf: TestShelf, key: str) -> Radar:
    with shelf.database.reading() as connection:
        return radars.find(connection, key)


def revision(shelf: TestShelf) -> int:
    with shelf.database.reading() as connection:
        return pages_revision(connection)


def test_a_hub_without_accounts_has_one_reader(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        rows = connection.execute(sa.select(readers.c.id, readers.c.name)).all()
        row = {"name": "second", "created_at": NOW}
        second = connection.execute(sa.insert(readers).values(row).returning(readers.c.id)).scalar_one()

    assert [tuple(row) for row in rows] == [(LOCAL_READER, "local")]
    assert second == 2


def test_a_radar_comes_back_as_it_was_made(shelf: TestShelf) -> None:
    before = revision(shelf)

    radar = made(shelf, WHOLE.name)

    assert radar.interest == WHOLE
    assert (radar.key, radar.revision, radar.is_paused) == ("frogs-that-sing-蛙鸣", 1, False)
    assert (radar.created_at, radar.changed_at) == (NOW, NOW)
    assert found(shelf, radar.key) == radar == found(shelf, str(radar.id))
    assert revision(shelf) > before


def test_an_interest_that_an_older_program_wrote_takes_the_usual_values() -> None:
    assert interests.read({"text": "frogs"}, "Frogs") == Interest(name="Frogs", text="frogs")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Computer vision!", "computer-vision"),
        ("多模态大模型", "多模态大模型"),
        ("Génétique & Évolution", "genetique-evolution"),
        ("がん研究", "がん研究"),
        ("C++/Rust", "c-rust"),
        ("2026", "radar-2026"),
        ("☃", "radar"),
        ("New", "radar-new"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_key_is_made_of_the_letters_of_the_name(shelf: TestShelf, name: str, key: str) -> None:
    assert made(shelf, name).key == key


def test_radars_of_one_name_have_keys_of_their_own(shelf: TestShelf) -> None:
    keys = [made(shelf, "Frogs").key, made(shelf, "frogs").key, made(shelf, "FROGS").key]

    assert keys == ["frogs", "frogs-2", "frogs-3"]


def test_readers_do_not_find_each_others_radars(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(readers), [{"name": "second", "created_at": NOW}])
    mine, theirs = made(shelf), made(shelf, reader_id=2)

    with shelf.database.reading() as connection:
        assert mine.key == theirs.key
        assert radars.find(connection, "frogs").id == mine.id
        assert radars.find(connection, "frogs", reader_id=2).id == theirs.id
        assert [radar.id for radar in radars.radars_of(connection)] == [mine.id]
        with pytest.raises(RadarUnknown):
            radars.find(connection, str(theirs.id))
        both = radars.radars_to_rank(connection)
    assert [(one.reader_id, one.radar.id) for one in both] == [(1, mine.id), (2, theirs.id)]


@pytest.mark.parametrize("key", ["frogz", "9" * 30, "٣", "", "77"])
def test_a_radar_that_is_not_there_is_named_with_the_nearest_that_is(shelf: TestShelf, key: str) -> None:
    made(shelf)

    with pytest.raises(RadarUnknown) as caught:
        found(shelf, key)

    assert caught.value.facts == {"radar": key, "suggestion": "frogs" if key == "frogz" else None}


@pytest.mark.parametrize(
    ("interest", "field"),
    [
        (Interest(name=" \n "), "name"),
        (Interest(name="x" * 201), "name"),
        (Interest(name="x", threshold=1.5), "threshold"),
        (Interest(name="x", threshold=float("nan")), "threshold"),
        (Interest(name="x", quota=-1), "quota"),
        (Interest(name="x", follows=(Follow(FollowKind.VENUE, " "),)), "follows"),
    ],
)
def test_what_cannot_be_ranked_is_not_kept(shelf: TestShelf, interest: Interest, field: str) -> None:
    radar = made(shelf)

    with pytest.raises(RadarInvalid) as caught, shelf.database.writing() as connection:
        radars.create(connection, interest, now=NOW)
    with pytest.raises(RadarInvalid), shelf.database.writing() as connection:
        radars.change(connection, radar.id, interest, now=NOW)

    assert caught.value.facts["field"] == field
    assert found(shelf, radar.key) == radar


def test_text_that_no_database_keeps_loses_only_what_cannot_be_kept(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        radar = radars.create(connection, Interest(name="a\x00b", text="c\x00\ud800d"), now=NOW)

    assert (radar.interest.name, radar.interest.text) == ("ab", "c?d")


def test_a_changed_interest_is_a_new_revision_at_the_same_address(shelf: TestShelf) -> None:
    radar = made(shelf)

    with shelf.database.writing() as connection:
        changed = radars.change(connection, radar.id, replace(radar.interest, text="Toads"), now=LATER)
        same = radars.change(connection, radar.id, changed.interest, now=LATER + timedelta(hours=1))

    assert (changed.key, changed.revision, changed.changed_at) == (radar.key, 2, LATER)
    assert changed.interest.text == "Toads"
    assert same == changed


def test_a_new_name_changes_no_ranking_and_no_address(shelf: TestShelf) -> None:
    radar = made(shelf)

    with shelf.database.writing() as connection:
        renamed = radars.rename(connection, radar.id, " Singing\nfrogs ", now=LATER)
        again = radars.change(connection, radar.id, replace(renamed.interest, name="Toads"), now=LATER)

    assert (renamed.interest.name, renamed.key, renamed.revision) == ("Singing frogs", "frogs", 1)
    assert (again.interest.name, again.key, again.revision) == ("Toads", "frogs", 1)


def test_a_radar_that_rests_is_listed_and_not_ranked(shelf: TestShelf) -> None:
    first, second, third = made(shelf), made(shelf), made(shelf)

    with shelf.database.writing() as connection:
        radars.pause(connection, second.id, is_paused=True, now=LATER)
        awake = [one.radar.id for one in radars.radars_to_rank(connection)]
        behind = [one.radar.id for one in radars.radars_to_rank(connection, after=first.id, limit=1)]
        listed = {radar.id: radar.is_paused for radar in radars.radars_of(connection)}

    assert awake == [first.id, third.id]
    assert behind == [third.id]
    assert listed == {first.id: False, second.id: True, third.id: False}


def test_a_radar_goes_with_everything_it_knew_and_its_number_never_comes_again(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft())
    kept, gone = made(shelf, "Kept"), made(shelf, "Gone")
    with shelf.database.writing() as connection:
        for radar in (kept, gone):
            seeds.add(connection, radar.id, [Seed(SeedKind.SEED, "A frog")], now=NOW)
            feedback.say(connection, radar.id, 1, Verdict.MORE, now=NOW)
            rankings.save_day(connection, ranking(radar.id, DAY, ranked(1)), text_hashes={1: "a"})
    before = revision(shelf)

    with shelf.database.writing() as connection:
        radars.remove(connection, gone.id)

    assert [shelf.count(one) for one in (radar_seeds, radar_feedback, radar_days, radar_items)] == [1] * 4
    assert revision(shelf) > before
    assert made(shelf, "Gone").id > gone.id


def test_what_is_not_there_cannot_be_changed(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        for ask in (
            lambda: radars.change(connection, 7, WHOLE, now=NOW),
            lambda: radars.rename(connection, 7, "x", now=NOW),
            lambda: radars.pause(connection, 7, is_paused=True, now=NOW),
            lambda: radars.remove(connection, 7),
            lambda: radars.by_id(connection, 7),
            lambda: seeds.add(connection, 7, [], now=NOW),
            lambda: seeds.remove(connection, 7, 1, now=NOW),
            lambda: feedback.take_back(connection, 7, 1, now=NOW),
            lambda: rankings.save_day(connection, ranking(7, DAY), text_hashes={}),
        ):
            with pytest.raises(RadarUnknown):
                ask()

    assert shelf.count(radars_table) == 0


def test_a_radar_tells_how_much_it_knows(shelf: TestShelf) -> None:
    shelf.put(*(arxiv_draft(f"2606.0000{number}", title=f"Frog {number}") for number in range(1, 5)))
    radar, other = made(shelf), made(shelf)
    with shelf.database.writing() as connection:
        kept = [Seed(SeedKind.SEED, "A frog", work_id=1), Seed(SeedKind.LIBRARY, "A toad")]
        seeds.add(connection, radar.id, kept, now=NOW)
        for work_id, verdict in ((1, Verdict.MORE), (2, Verdict.MORE), (3, Verdict.LESS), (4, Verdict.MORE)):
            feedback.say(connection, radar.id, work_id, verdict, now=NOW)
        feedback.take_back(connection, radar.id, 4, now=NOW)

        counts = radars.counts(connection, [radar.id, other.id])

    assert counts == {
        radar.id: radars.Counts(seeds=2, linked=1, more=2, less=1),
        other.id: radars.Counts(),
    }
