"""Schedules of briefings are kept, and each day is claimed once, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from academichub.db.radartables import readers
from academichub.errors import BriefingInvalid
from academichub.model.briefing import Maker
from academichub.model.briefingpages import BriefingSchedule
from academichub.store import briefingschedules
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW

if TYPE_CHECKING:
    from tests.fakes.shelf import TestShelf

DAILY = BriefingSchedule(
    id=0,
    radars=("frogs", "蛙"),
    language="zh",
    writer=Maker.MODEL,
    hour=7,
    minute=30,
    weekdays=(),
    zone="Asia/Shanghai",
    days=1,
)


def save(shelf: TestShelf, schedule: BriefingSchedule = DAILY, *, reader_id: int = 1) -> int:
    with shelf.database.writing() as connection:
        return briefingschedules.save(connection, schedule, now=NOW, reader_id=reader_id)


def all_of(shelf: TestShelf, *, reader_id: int = 1) -> list[BriefingSchedule]:
    with shelf.database.reading() as connection:
        return briefingschedules.all_of(connection, reader_id=reader_id)


def revision(shelf: TestShelf) -> int:
    with shelf.database.reading() as connection:
        return pages_revision(connection)


def test_a_schedule_comes_back_as_it_was_kept_and_pages_follow(shelf: TestShelf) -> None:
    before = revision(shelf)

    first = save(shelf)
    weekly = replace(DAILY, radars=(), weekdays=(4, 0, 4), days=7, zone="UTC")
    second = save(shelf, weekly)

    assert all_of(shelf) == [
        replace(DAILY, id=first),
        replace(weekly, id=second, weekdays=(0, 4)),
    ]
    assert revision(shelf) > before


def test_a_schedule_that_is_changed_keeps_its_number_and_when_it_ran(shelf: TestShelf) -> None:
    number = save(shelf)
    with shelf.database.writing() as connection:
        briefingschedules.ran(connection, number, DAY)

    assert save(shelf, replace(DAILY, id=number, hour=20)) == number

    assert all_of(shelf) == [replace(DAILY, id=number, hour=20, last_on=DAY)]


def test_the_number_of_a_removed_schedule_never_comes_again(shelf: TestShelf) -> None:
    number = save(shelf)
    with shelf.database.writing() as connection:
        assert briefingschedules.remove(connection, number)
        assert not briefingschedules.remove(connection, number)
        assert not briefingschedules.ran(connection, number, DAY)

    with pytest.raises(BriefingInvalid) as caught:
        save(shelf, replace(DAILY, id=number))
    assert caught.value.facts["field"] == "schedule"
    assert save(shelf) > number


def test_a_number_that_no_schedule_has_is_none_of_them(shelf: TestShelf) -> None:
    save(shelf)

    for number in (-1, 10**30):
        with shelf.database.writing() as connection:
            assert not briefingschedules.remove(connection, number)
        with pytest.raises(BriefingInvalid):
            save(shelf, replace(DAILY, id=number))


FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"hour": 24}, "hour"),
    ({"hour": -1}, "hour"),
    ({"minute": 60}, "minute"),
    ({"weekdays": (0, 7)}, "weekdays"),
    ({"days": 0}, "days"),
    ({"days": 32}, "days"),
    ({"language": "de"}, "language"),
    ({"radars": ("a\nb",)}, "radars"),
    ({"radars": ("",)}, "radars"),
    ({"zone": ""}, "zone"),
    ({"zone": "Asia"}, "zone"),
    ({"zone": "Mars/Olympus"}, "zone"),
    ({"zone": "../../etc/passwd"}, "zone"),
    ({"zone": "UTC\x00"}, "zone"),
)


def test_what_cannot_be_a_schedule_is_refused_by_name(shelf: TestShelf) -> None:
    for change, field in FAULTS:  # on one shelf: each leaves it as it was
        with pytest.raises(BriefingInvalid) as caught:
            save(shelf, replace(DAILY, **change))
        assert caught.value.facts["field"] == field
    assert all_of(shelf) == []


def test_a_day_is_claimed_once_and_never_one_before_it(shelf: TestShelf) -> None:
    number, before = save(shelf), revision(shelf)

    with shelf.database.writing() as connection:
        claims = [
            briefingschedules.ran(connection, number, DAY + timedelta(days=day)) for day in (0, 0, -1, 1)
        ]

    assert claims == [True, False, False, True]
    assert all_of(shelf)[0].last_on == DAY + timedelta(days=1)
    assert revision(shelf) > before


def test_of_workers_that_claim_a_day_at_once_one_goes_ahead(shelf: TestShelf) -> None:
    number, barrier = save(shelf), threading.Barrier(4)
    claims: list[bool] = []

    def claim() -> None:
        barrier.wait()
        with shelf.database.writing() as connection:
            claims.append(briefingschedules.ran(connection, number, DAY))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claims) == [False, False, False, True]


def test_readers_have_schedules_of_their_own(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(readers).values(name="other", created_at=NOW))
    mine, theirs = save(shelf), save(shelf, reader_id=2)

    with shelf.database.writing() as connection:
        assert not briefingschedules.remove(connection, theirs)
    with pytest.raises(BriefingInvalid):
        save(shelf, replace(DAILY, id=theirs))
    assert [one.id for one in all_of(shelf)] == [mine]
    assert [one.id for one in all_of(shelf, reader_id=2)] == [theirs]
