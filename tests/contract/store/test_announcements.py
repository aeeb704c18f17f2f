"""What was announced on a day, and what of it is here, is counted the same on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.model.papers import Announcement
from academichub.model.shelf import FetchStatus
from academichub.store import announcements as store
from academichub.store import log
from academichub.store.announcements import Stored
from tests.fakes.drafts import DAY, NOW, arxiv_draft

if TYPE_CHECKING:
    from academichub.model.shelf import AnnouncedDay
    from tests.fakes.shelf import TestShelf

YESTERDAY = DAY - timedelta(days=1)


def note(shelf: TestShelf, *, day: date = DAY, verdict: str = "there", stored: Stored | None = None) -> None:
    with shelf.database.writing() as connection:
        store.note_day(
            connection,
            shelf.source_id,
            day,
            verdict=verdict,
            stored=stored or Stored(),
            newest=None,
            now=NOW,
        )


def the_day(shelf: TestShelf, day: date = DAY) -> AnnouncedDay:
    with shelf.database.reading() as connection:
        return store.days_of(connection, source_id=shelf.source_id, since=day)[day]


def counted(shelf: TestShelf, day: date = DAY, *, source_id: int | None = None) -> Stored:
    with shelf.database.reading() as connection:
        return store.stored_on(connection, source_id or shelf.source_id, day)


def test_what_a_source_announced_on_a_day_is_counted_by_type(shelf: TestShelf) -> None:
    other = shelf.add_source("arxiv:cs.AI")
    shelf.put(
        arxiv_draft("2606.00001"),
        arxiv_draft("2606.00002", announcement=Announcement.CROSS),
        arxiv_draft("2606.00003", version=2, announcement=Announcement.REPLACE),
        arxiv_draft("2606.00004", version=2, announcement=Announcement.REPLACE_CROSS),
        arxiv_draft("2606.00005", on=YESTERDAY),
    )
    # A cross-list in another category, and a day later: the paper is the same, the day is that list's own.
    shelf.put(arxiv_draft("2606.00005", announcement=Announcement.CROSS), source_id=other, now=NOW)

    assert counted(shelf) == Stored(new=1, cross=1, replace=2)
    assert counted(shelf, YESTERDAY) == Stored(new=1)
    assert counted(shelf, source_id=other) == Stored(cross=1)
    assert counted(shelf).total == 4
    assert counted(shelf, YESTERDAY, source_id=other).total == 0


@pytest.mark.parametrize("is_guess_first", [False, True])
def test_the_later_day_that_a_source_tells_of_one_version_is_the_true_one(
    shelf: TestShelf, *, is_guess_first: bool
) -> None:
    said = arxiv_draft(abstract="As the feed has it.", announcement=Announcement.CROSS)
    guessed = arxiv_draft(abstract="As the archive has it.", on=YESTERDAY)

    for draft in (guessed, said) if is_guess_first else (said, guessed):
        shelf.put(draft)

    assert counted(shelf) == Stored(cross=1)
    assert counted(shelf, YESTERDAY) == Stored()


def test_a_day_judged_again_keeps_what_the_server_said(shelf: TestShelf) -> None:
    note(shelf, verdict="stale")
    with shelf.database.writing() as connection:
        store.note_said(connection, shelf.source_id, DAY, new=5, cross=2, replace=1)
        store.note_healing(connection, shelf.source_id, DAY, now=NOW)
    note(shelf, verdict="there", stored=Stored(4, 2, 1))

    day = the_day(shelf)

    assert (day.verdict, day.said_new, day.said_cross, day.said_replace) == ("there", 5, 2, 1)
    assert (day.stored_new, day.stored_cross, day.stored_replace) == (4, 2, 1)
    assert (day.healing_at, day.healed) == (NOW, 0)


@pytest.mark.parametrize(
    ("verdict", "stored", "after", "healed"),
    [
        ("missed", Stored(3, 1, 0), "healed", 4),
        ("missed", Stored(), "quiet", 0),
        ("there", Stored(3, 1, 0), "there", 0),
        ("healed", Stored(5, 1, 0), "healed", 6),
    ],
)
def test_a_day_that_was_filled_in_says_with_how_many(
    shelf: TestShelf, verdict: str, stored: Stored, after: str, healed: int
) -> None:
    note(shelf, verdict=verdict)

    with shelf.database.writing() as connection:
        store.note_healed(connection, shelf.source_id, DAY, stored=stored)
        store.note_healed(connection, shelf.source_id, DAY, stored=stored)

    day = the_day(shelf)
    assert (day.verdict, day.healed) == (after, healed)
    assert (day.stored_new, day.stored_cross) == stored[:2]


def test_the_newest_batch_is_the_last_day_that_was_there(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection:
        assert store.newest_batch(connection, shelf.source_id) is None
    note(shelf, day=YESTERDAY)
    note(shelf, verdict="missed")

    with shelf.database.reading() as connection:
        assert store.newest_batch(connection, shelf.source_id) == YESTERDAY
        assert store.is_there_elsewhere(connection, YESTERDAY)
        assert not store.is_there_elsewhere(connection, DAY)


def test_all_sources_of_a_day_are_listed_by_key(shelf: TestShelf) -> None:
    home = shelf.source_id
    for key in ("arxiv:math.CO", "arxiv:cs.AI"):
        shelf.source_id = shelf.add_source(key)
        note(shelf)
    shelf.source_id = home
    note(shelf)
    note(shelf, day=YESTERDAY)

    with shelf.database.reading() as connection:
        listed = store.on_day(connection, DAY)
        days = store.days_of(connection, source_id=home, since=YESTERDAY)

    assert [one.source_key for one in listed] == ["arxiv:cs.AI", "arxiv:cs.LG", "arxiv:math.CO"]
    assert list(days) == [YESTERDAY, DAY]
    assert {one.on for one in listed} == {DAY}


@pytest.mark.parametrize(
    ("status", "at", "was_asked"),
    [
        (FetchStatus.OK, NOW, True),
        (FetchStatus.EMPTY, NOW, True),
        (FetchStatus.UNCHANGED, NOW, True),
        (FetchStatus.FAILED, NOW, False),
        (FetchStatus.OK, NOW - timedelta(hours=1), False),
        (FetchStatus.OK, NOW + timedelta(days=1), False),
    ],
)
def test_a_source_was_asked_where_it_answered_in_time(
    shelf: TestShelf, status: FetchStatus, at: datetime, *, was_asked: bool
) -> None:
    with shelf.database.writing() as connection:
        fetch = log.open_fetch(
            connection,
            source_id=shelf.source_id,
            run="r",
            address="",
            fingerprint=None,
            byte_count=0,
            now=at,
        )
        log.finish_fetch(connection, fetch, status=status, now=at)

        found = store.was_asked(connection, shelf.source_id, since=NOW, until=NOW + timedelta(days=1))

    assert found is was_asked


def test_names_that_no_work_has_are_given_in_order_each_once(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft("2606.00002"))
    names = [f"2606.{number:05d}" for number in range(1200, 0, -1)]

    with shelf.database.reading() as connection:
        missing = store.not_on_shelf(connection, [*names, *names])

    assert missing == [name for name in names if name != "2606.00002"]
