"""A service is asked for what it has added since the last time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from academichub.db.tables import harvests, works
from academichub.model.shelf import Account, FetchStatus
from academichub.store import harvests as harvest_rows
from academichub.store import sources as shelf
from tests.fakes.answers import CROSSREF, crossref_list, crossref_work
from tests.fakes.house import FRIDAY, KEY
from tests.fakes.web import Page

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

API_KEY = "quantum"  # of kind "api": Crossref, issn:2521-327X
API_PAGES = f"{CROSSREF}/journals/2521-327X/works"


def crossref_pages(web: FakeWeb, *counts: int) -> None:
    made = [
        [crossref_work(f"10.5555/{page}.{one}") for one in range(count)] for page, count in enumerate(counts)
    ]
    web.put(API_PAGES, *[crossref_list(*page) for page in made])


def harvested_to(house: House) -> date | None:
    with house.database.reading() as connection:
        return shelf.subscription(connection, API_KEY).harvested_to


def since_of(web: FakeWeb) -> list[str]:
    return [visit.path.partition("from-index-date:")[2][:10] for visit in web.visits]


def test_a_service_is_asked_for_a_week_at_first_and_then_for_what_came_since(
    house: House, web: FakeWeb
) -> None:
    crossref_pages(web, 3, 2)
    house.subscribe(API_KEY)

    first = house.refresh(API_KEY)
    house.clock.forward(days=2)
    second = house.refresh(API_KEY)

    assert first.account == Account(received=3, new=3)
    assert second.account == Account(received=2, new=2)
    assert since_of(web) == ["2026-06-12", "2026-06-18"]
    assert harvested_to(house) == date(2026, 6, 21)
    assert first.next_due_at is not None
    assert first.next_due_at > FRIDAY


def test_somebody_who_waits_is_told_how_many_more_have_come(house: House, web: FakeWeb) -> None:
    works_of = [crossref_work(f"10.5555/{number}") for number in range(5)]
    web.put(
        API_PAGES,
        crossref_list(*works_of[:3], total=5, cursor="c1"),
        crossref_list(*works_of[3:], total=5, cursor="c1"),
    )
    house.subscribe(API_KEY)
    told: list[int] = []

    house.refresh(API_KEY, progress=told.append)

    assert told == [3, 2]


def test_a_service_that_is_asked_thrice_a_day_answers_thrice(house: House, web: FakeWeb) -> None:
    crossref_pages(web, 1, 1, 1)
    house.subscribe(API_KEY)

    for _ in range(3):
        assert house.refresh(API_KEY).account.received == 1
        house.clock.forward(hours=6)

    assert len(web.visits) == len(house.rows(works)) == 3


def test_an_interrupted_harvest_is_finished_first_on_whatever_day(house: House, web: FakeWeb) -> None:
    one, two, three = (crossref_work(f"10.5555/{number}") for number in range(3))
    web.put(
        API_PAGES,
        crossref_list(one, total=2, cursor="c1"),
        Page(b"", status=503),
        crossref_list(two, total=2, cursor="c1"),
        crossref_list(three),
    )
    house.subscribe(API_KEY)
    failed = house.refresh(API_KEY)
    assert failed.status is FetchStatus.FAILED
    assert harvested_to(house) is None
    house.clock.forward(days=3)

    finished = house.refresh(API_KEY)
    caught_up = house.refresh(API_KEY)

    assert finished.account == Account(received=1, new=1)
    assert "cursor=c1" in web.visits[2].path
    # What was added while it lay still is asked for from the day on which it began.
    assert since_of(web)[3] == "2026-06-18"
    assert caught_up.account == Account(received=1, new=1)
    assert harvested_to(house) == date(2026, 6, 22)
    assert [row.status for row in house.rows(harvests)] == ["ok", "ok"]


def test_a_failed_service_waits_longer_each_time_and_one_answer_forgives(house: House, web: FakeWeb) -> None:
    web.put(API_PAGES, *[Page(b"", status=500)] * 2, crossref_list(crossref_work("10.5555/1")))
    house.subscribe(API_KEY)
    waits = []
    for _ in range(2):
        outcome = house.refresh(API_KEY)
        assert outcome.next_due_at is not None
        waits.append(outcome.next_due_at - house.clock())
        house.clock.now = outcome.next_due_at

    good = house.refresh(API_KEY)

    assert waits == [timedelta(minutes=13.5), timedelta(minutes=27)]
    assert good.status is FetchStatus.OK
    assert (house.row(API_KEY).failures, house.row(API_KEY).error_code) == (0, None)
    assert [line.status for line in house.log(API_KEY)] == [
        FetchStatus.OK,
        FetchStatus.FAILED,
        FetchStatus.FAILED,
    ]


def test_the_newest_harvest_that_is_not_finished_is_the_one_to_go_on_with(house: House) -> None:
    house.subscribe()
    with house.database.writing() as connection:
        source_id = shelf.subscription(connection, KEY).source_id
        opened = [
            harvest_rows.open_harvest(
                connection,
                source_id=source_id,
                run=f"{KEY}@harvest:{number}",
                purpose=purpose,
                since=None,
                until=None,
                now=FRIDAY,
            )
            for number, purpose in enumerate(("refresh", "refresh", "backfill"))
        ]
        harvest_rows.move_on(connection, opened[1], step=None, entries=0, total=None, now=FRIDAY)

        left = harvest_rows.newest_unfinished(connection, source_id, purpose="refresh")

        assert left == opened[0]
        assert harvest_rows.newest_unfinished(connection, source_id, purpose="heal") is None
