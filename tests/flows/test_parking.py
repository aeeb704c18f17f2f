"""A source that refuses us is left alone, its papers come another way, and all of it survives a restart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.db.engine import Database
from academichub.db.tables import sources, works
from academichub.flows.finding import with_patience
from academichub.flows.policies import patience_of
from academichub.model.shelf import FetchStatus, Health
from academichub.sources.policy import Because
from academichub.store import sources as shelf
from tests.fakes.answers import CROSSREF, crossref_list, crossref_work, journal_feed, journal_item, title_of
from tests.fakes.house import FRIDAY, House
from tests.fakes.web import Page

if TYPE_CHECKING:
    from academichub.model.shelf import SourceRow
    from academichub.sources.policy import Patience
    from tests.fakes.web import FakeWeb

NATURE = "//www.nature.com/nature.rss"
NATURE_AT_CROSSREF = f"{CROSSREF}/journals/0028-0836/works"
FEED = "https://lamps.example/feed"
FEED_PAGE = "//lamps.example/feed"
WEEK = timedelta(days=7)


def restarted(house: House) -> House:
    """Close the house, and open it again on what it has written down."""
    house.database.close()
    return House(Database(house.database.url), house.fetcher, house.clock, house.dice, house.runs + 100)


def patience(house: House, key: str) -> Patience:
    with house.database.reading() as connection:
        return patience_of(shelf.subscription(connection, key))


def told(house: House, key: str) -> SourceRow:
    (row,) = with_patience(house.database, [house.row(key)], now=house.clock())
    return row


def is_due(house: House, key: str) -> bool:
    with house.database.reading() as connection:
        return key in {one.key for one in shelf.due_sources(connection, house.clock())}


def hosts(web: FakeWeb) -> list[str]:
    return [visit.host for visit in web.visits]


# -- refused: another way ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 418, 451])
def test_a_journal_that_refuses_us_is_parked_a_week_and_its_papers_come_through_crossref(
    house: House, web: FakeWeb, status: int
) -> None:
    web.put(NATURE, Page(b"", status=status), journal_feed(journal_item("10.1038/3", title=title_of(3))))
    web.put(NATURE_AT_CROSSREF, crossref_list(crossref_work("10.1038/1")), crossref_list())
    house.subscribe("nature")
    refused = house.refresh("nature")
    assert (refused.status, refused.next_due_at) == (FetchStatus.FAILED, FRIDAY + timedelta(minutes=1))
    house = restarted(house)
    house.clock.forward(minutes=1)

    other = house.refresh("nature")

    assert (other.status, other.account.new) == (FetchStatus.OK, 1)
    assert hosts(web) == ["www.nature.com", "api.crossref.org"]
    row = told(house, "nature")
    assert (row.parked_until, row.parked_because, row.way_round) == (FRIDAY + WEEK, "refused", "crossref")
    assert row.error_code == "source.refused"
    assert other.next_due_at is not None
    house = restarted(house)
    while house.clock() < FRIDAY + WEEK:
        outcome = house.refresh("nature")
        assert outcome.next_due_at is not None
        house.clock.now = outcome.next_due_at
    assert house.clock() == FRIDAY + WEEK
    assert hosts(web).count("www.nature.com") == 1

    back = house.refresh("nature")

    assert (hosts(web)[-1], back.status, back.account.new) == ("www.nature.com", FetchStatus.OK, 1)
    assert (patience(house, "nature").failures, told(house, "nature").parked_because) == (0, "")
    assert house.row("nature").health is Health.OK
    assert len(house.rows(works)) == 2


def test_the_way_round_asks_for_what_came_since_the_last_time(house: House, web: FakeWeb) -> None:
    web.put(NATURE, Page(b"", status=403))
    web.put(NATURE_AT_CROSSREF, crossref_list())
    house.subscribe("nature")
    house.refresh("nature")

    for _ in range(3):
        house.clock.forward(days=1)
        house.refresh("nature")

    since = [visit.path.partition("from-index-date:")[2][:10] for visit in web.visits[1:]]
    assert since == ["2026-06-13", "2026-06-19", "2026-06-20"]


def test_a_way_round_that_fails_takes_nothing_from_the_parking(house: House, web: FakeWeb) -> None:
    web.put(NATURE, Page(b"", status=403))
    failing = [Page(b"", status=status) for status in (503, 404, 403)]
    web.put(NATURE_AT_CROSSREF, *failing, crossref_list(crossref_work("10.1038/1")))
    house.subscribe("nature")
    house.refresh("nature")
    parked = patience(house, "nature")

    for code in ("source.unreachable", "source.not_found", "source.refused"):
        house.clock.forward(hours=2)
        outcome = house.refresh("nature")
        assert outcome.error is not None
        assert outcome.error.code == code == house.log("nature")[0].error_code
        assert outcome.next_due_at == house.clock() + timedelta(hours=1)
        assert patience(house, "nature") == parked
    house.clock.forward(hours=2)

    assert house.refresh("nature").account.new == 1
    assert hosts(web).count("www.nature.com") == 1
    assert house.row("nature").error_code == "source.refused"  # its own server's word


def test_a_way_round_that_is_asked_to_wait_waits_but_not_beyond_the_parking(
    house: House, web: FakeWeb
) -> None:
    web.put(NATURE, Page(b"", status=403))
    web.put(NATURE_AT_CROSSREF, Page(b"", status=429, headers={"Retry-After": "20000"}))
    house.subscribe("nature")
    house.refresh("nature")
    house.clock.forward(hours=1)

    first = house.refresh("nature")
    house.clock.now = FRIDAY + WEEK - timedelta(hours=1)
    last = house.refresh("nature")

    assert first.next_due_at == FRIDAY + timedelta(hours=1, seconds=20000)
    assert last.next_due_at == FRIDAY + WEEK


def test_a_refusal_after_the_parking_parks_again_at_once(house: House, web: FakeWeb) -> None:
    web.put(NATURE, Page(b"", status=403))
    web.put(NATURE_AT_CROSSREF, crossref_list())
    house.subscribe("nature")
    house.refresh("nature")
    house.clock.now = FRIDAY + WEEK

    again = house.refresh("nature")

    assert again.error is not None
    assert again.error.code == "source.refused"
    assert told(house, "nature").parked_until == FRIDAY + 2 * WEEK
    assert patience(house, "nature").times_parked == 2


def test_a_journal_that_only_a_person_knows_is_parked_without_a_way_round(house: House, web: FakeWeb) -> None:
    web.put(FEED_PAGE, Page(b"", status=403))
    key = house.subscribe(FEED)

    outcome = house.refresh(key)

    assert outcome.next_due_at == FRIDAY + WEEK
    row = told(house, key)
    assert (row.parked_until, row.parked_because, row.way_round) == (FRIDAY + WEEK, "refused", "")


# -- gone --------------------------------------------------------------------------------------------


def test_a_source_that_is_gone_for_good_is_never_asked_again_but_by_a_person(
    house: House, web: FakeWeb
) -> None:
    web.put(FEED_PAGE, Page(b"", status=410), Page(b"", status=500), journal_feed(journal_item("10.5555/1")))
    key = house.subscribe(FEED)
    gone = house.refresh(key)
    assert gone.next_due_at is None
    house = restarted(house)
    house.clock.forward(days=400)
    assert not is_due(house, key)
    assert told(house, key).parked_because == "gone"

    with house.database.writing() as connection:
        shelf.ask_now(connection, [key], house.clock())
    assert is_due(house, key)
    still = house.refresh(key)
    assert (still.next_due_at, patience(house, key).is_disabled) == (None, True)

    back = house.refresh(key)

    assert back.status is FetchStatus.OK
    assert back.next_due_at is not None
    assert not patience(house, key).is_disabled


# -- not found, unreadable ---------------------------------------------------------------------------


def test_nothing_there_on_five_days_parks_a_source(house: House, web: FakeWeb) -> None:
    web.put(FEED_PAGE, Page(b"", status=404))
    key = house.subscribe(FEED)
    days = []

    while patience(house, key).parked_because is None:
        outcome = house.refresh(key)
        days.append(house.clock().date())
        house = restarted(house)
        assert outcome.next_due_at is not None
        house.clock.now = outcome.next_due_at

    assert patience(house, key).parked_because is Because.NOT_FOUND
    assert len(set(days)) == 5
    assert (set(days), house.clock() - timedelta(days=7)) == (
        {date(2026, 6, day) for day in range(19, 24)},
        patience(house, key).parked_until - timedelta(days=7),  # type: ignore[operator]  # it is parked
    )


def test_another_failure_in_between_breaks_the_row(house: House, web: FakeWeb) -> None:
    missing, down = Page(b"", status=404), Page(b"", status=500)
    web.put(FEED_PAGE, missing, missing, missing, missing, down, missing)
    key = house.subscribe(FEED)

    for _ in range(6):
        house.refresh(key)
        house.clock.forward(days=1)

    assert (patience(house, key).not_found_days, patience(house, key).parked_because) == (1, None)


def test_what_is_no_feed_thrice_is_left_alone_for_a_day_at_first(house: House, web: FakeWeb) -> None:
    web.put(FEED_PAGE, Page(b"<html><title>Sorry</title></html>"))
    key = house.subscribe(FEED)
    lengths = []

    for _ in range(5):
        outcome = house.refresh(key)
        assert outcome.next_due_at is not None
        lengths.append(outcome.next_due_at - house.clock())
        house.clock.now = outcome.next_due_at

    assert lengths[2:] == [timedelta(days=1), timedelta(days=2), timedelta(days=4)]
    assert patience(house, key).parked_because is Because.UNREADABLE


def test_success_forgives_everything(house: House, web: FakeWeb) -> None:
    missing = Page(b"", status=404)
    web.put(FEED_PAGE, *[missing] * 4, journal_feed(journal_item("10.5555/1")), missing)
    key = house.subscribe(FEED)
    for _ in range(5):
        house.refresh(key)
        house.clock.forward(days=1)

    after = house.refresh(key)

    assert patience(house, key).not_found_days == patience(house, key).failures == 1
    assert after.next_due_at == house.clock() + timedelta(minutes=13.5)
    assert told(house, key).parked_because == ""


def test_what_was_stored_and_cannot_be_read_does_not_keep_a_source_from_being_asked(
    house: House, web: FakeWeb
) -> None:
    web.put(FEED_PAGE, journal_feed(journal_item("10.5555/1")))
    key = house.subscribe(FEED)
    with house.database.writing() as connection:
        source_id = shelf.subscription(connection, key).source_id
        connection.execute(
            sources.update()
            .where(sources.c.id == source_id)
            .values(patience={"parked_until": "soon", "parked_because": "moody", "failures": "many"})
        )

    assert house.refresh(key).status is FetchStatus.OK
