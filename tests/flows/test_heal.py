"""A day of arXiv's is there, quiet, stale or missed, and says so; what was missed is filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.db.tables import announcements, harvests, manifestations, sightings, works
from academichub.errors import SourceUnknown
from academichub.flows.healing import Missed, Reconciled, heal_day, missed_days, reconcile, unreconciled
from academichub.model.shelf import Account, FetchStatus
from academichub.store import announcements as days
from academichub.store import sources as shelf
from tests.fakes.answers import (
    ARXIV_API,
    OAI,
    arxiv_feed,
    atom,
    journal_feed,
    journal_item,
    listing,
    oai_error,
    oai_page,
    raw_record,
)
from tests.fakes.house import FRIDAY, KEY, SCRIPT
from tests.fakes.web import Page

if TYPE_CHECKING:
    from academichub.flows.harvesting import Harvested
    from academichub.model.shelf import AnnouncedDay
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

TODAY = date(2026, 6, 19)
NOON = datetime(2026, 6, 19, 16, 5, tzinfo=UTC)  # five past twelve in New York
LIST = "//arxiv.org/list/cs.LG/new"
SENT = "Thu, 18 Jun 2026 12:00:00 GMT"  # announced that evening: Friday's batch


def day_of(house: House, on: date = TODAY, key: str = KEY) -> AnnouncedDay | None:
    with house.database.reading() as connection:
        source_id = shelf.subscription(connection, key).source_id
        return days.days_of(connection, source_id=source_id, since=on).get(on)


def verdict(house: House, on: date = TODAY, key: str = KEY) -> str:
    found = day_of(house, on, key)
    return found.verdict if found else ""


def heal(house: House, on: date = TODAY, key: str = KEY) -> Harvested:
    return heal_day(house.database, house.fetcher, key, on, clock=house.clock)


def hold_against_list(house: House, key: str = KEY) -> Reconciled:
    return reconcile(house.database, house.fetcher, key, clock=house.clock)


def stored(house: House, on: date = TODAY) -> tuple[int, int, int]:
    found = day_of(house, on)
    assert found is not None
    return found.stored_new, found.stored_cross, found.stored_replace


def an_archive(web: FakeWeb) -> None:
    """Script the archive's records of Friday's batch, and one of another day."""
    web.put(
        OAI,
        oai_page(
            raw_record("2606.10001", sent=[SENT]),
            raw_record("2606.10002", sent=[SENT], categories="cs.AI cs.LG"),
            raw_record("2605.10003", sent=["Mon, 4 May 2026 09:00:00 GMT", SENT]),
            raw_record("2606.10004", sent=["Fri, 19 Jun 2026 12:00:00 GMT"]),
        ),
    )


# -- missed, and filled in ---------------------------------------------------------------------------


def test_a_feed_that_fails_all_day_is_missed_and_filled_in_from_the_archive(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, Page(b"", status=500))
    house.subscribe()
    house.refresh()
    assert verdict(house) == "failing"
    assert missed_days(house.database, now=house.clock()) == []
    house.clock.now = NOON
    an_archive(web)

    missed = missed_days(house.database, now=house.clock())
    assert (missed, verdict(house)) == ([Missed(KEY, TODAY)], "missed")
    done = heal(house)

    assert (done.status, done.account) == (FetchStatus.OK, Account(received=4, new=4))
    assert "from=2026-06-18" in web.visits[-1].path  # a day before: the archive dates by its own clock
    told = {row.item: (row.announcement, row.announced_on) for row in house.rows(manifestations)}
    assert told == {
        "2606.10001": ("new", TODAY),
        "2606.10002": ("cross", TODAY),
        "2605.10003": ("replace", TODAY),
        "2606.10004": ("new", date(2026, 6, 23)),  # Monday is a holiday's list
    }
    found = day_of(house)
    assert found is not None
    assert (found.verdict, found.healed, stored(house)) == ("healed", 3, (1, 1, 1))
    assert {card.listed_on for card in house.page(TODAY).cards} == {TODAY}


def test_filling_in_twice_changes_nothing(house: House, web: FakeWeb) -> None:
    house.subscribe()
    house.clock.now = NOON
    an_archive(web)
    missed_days(house.database, now=NOON)
    heal(house)
    before = [house.rows(table) for table in (works, manifestations, sightings, announcements)]

    again = heal(house)

    assert (again.pages, again.account) == (0, Account())
    assert [house.rows(table) for table in (works, manifestations, sightings, announcements)] == before
    assert missed_days(house.database, now=NOON + timedelta(days=1)) == []
    assert len(web.visits) == 1


def test_a_day_that_is_half_filled_in_is_still_missed(house: House, web: FakeWeb) -> None:
    first = oai_page(raw_record("2606.10001", sent=[SENT]), then="t1")
    last = oai_page(raw_record("2606.10002", sent=[SENT]), then="")
    web.put(OAI, first, Page(b"", status=503), last)
    web.put(SCRIPT, Page(b"", status=500))
    house.subscribe()
    house.clock.now = NOON
    assert missed_days(house.database, now=NOON) == [Missed(KEY, TODAY)]

    assert heal(house).status is FetchStatus.FAILED
    house.refresh()
    soon = missed_days(house.database, now=NOON + timedelta(hours=1))
    later = missed_days(house.database, now=NOON + timedelta(hours=7))

    assert (soon, later, verdict(house)) == ([], [Missed(KEY, TODAY)], "missed")
    assert heal(house).status is FetchStatus.OK
    found = day_of(house)
    assert found is not None
    assert (found.verdict, found.healed) == ("healed", 2)


def test_a_batch_that_comes_late_by_the_feed_is_there_after_all(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, Page(b"", status=500), arxiv_feed({"2606.10001v1": "new"}, on=TODAY))
    house.subscribe()
    house.refresh()
    house.clock.now = NOON
    missed_days(house.database, now=NOON)
    an_archive(web)

    house.refresh()
    assert verdict(house) == "there"
    heal(house)

    found = day_of(house)
    assert found is not None
    assert (found.verdict, found.healed, stored(house)) == ("there", 0, (1, 1, 1))


def test_a_batch_that_comes_when_all_was_filled_in_adds_to_a_day_that_stays_healed(
    house: House, web: FakeWeb
) -> None:
    late = {"2606.10001v1": "new", "2606.10008v1": "new"}
    web.put(SCRIPT, arxiv_feed(late, on=TODAY))
    house.subscribe()
    house.clock.now = NOON
    missed_days(house.database, now=NOON)
    an_archive(web)
    heal(house)

    house.refresh()

    found = day_of(house)
    assert found is not None
    assert (found.verdict, found.healed, stored(house)) == ("healed", 3, (2, 1, 1))


def test_a_quiet_day_on_which_papers_come_after_all_is_there(house: House, web: FakeWeb) -> None:
    web.put(OAI, oai_error("noRecordsMatch"))
    web.put(SCRIPT, Page(b"", status=500), arxiv_feed({"2606.10001v1": "new"}, on=TODAY))
    house.subscribe()
    house.clock.now = NOON
    missed_days(house.database, now=NOON)
    heal(house)

    house.refresh()
    quiet = verdict(house)
    house.refresh()

    assert (quiet, verdict(house)) == ("quiet", "there")


def test_a_day_of_which_the_archive_has_nothing_either_was_quiet(house: House, web: FakeWeb) -> None:
    web.put(OAI, oai_error("noRecordsMatch"))
    house.subscribe()
    house.clock.now = NOON
    missed_days(house.database, now=NOON)

    heal(house)

    found = day_of(house)
    assert found is not None
    assert (found.verdict, found.healed) == ("quiet", 0)
    assert missed_days(house.database, now=NOON + timedelta(hours=7)) == []


def test_what_the_feed_said_of_a_day_outlives_what_the_archive_lets_one_guess(
    house: House, web: FakeWeb
) -> None:
    held_back = raw_record("2606.10001", sent=["Mon, 15 Jun 2026 12:00:00 GMT"])  # moderated for three days
    web.put(SCRIPT, arxiv_feed({"2606.10001v1": "new"}, on=TODAY))
    web.put(OAI, oai_page(held_back))
    house.subscribe()
    house.refresh()

    heal(house, date(2026, 6, 18))

    (row,) = house.rows(sightings)
    assert (row.announced_on, row.announcement, stored(house)) == (TODAY, "new", (1, 0, 0))
    with house.database.reading() as connection:
        assert days.stored_on(connection, row.source_id, TODAY).total == 1


def test_days_before_the_subscription_and_older_than_ten_are_not_missed(house: House) -> None:
    house.subscribe()
    two_weeks = FRIDAY + timedelta(days=14)

    missed = missed_days(house.database, now=two_weeks)

    assert [one.day.isoformat() for one in missed] == [
        "2026-06-23",  # Monday the 22nd: nothing was closed on Juneteenth
        "2026-06-24",
        "2026-06-25",
        "2026-06-26",
        "2026-06-29",
        "2026-06-30",
        "2026-07-01",
        "2026-07-02",
    ]


def test_a_paused_feed_and_one_that_is_not_arxivs_miss_nothing(house: House, web: FakeWeb) -> None:
    web.put("//lamps.example/feed", journal_feed(journal_item("10.5555/1")))
    house.refresh(house.subscribe("https://lamps.example/feed"))
    house.subscribe()
    with house.database.writing() as connection:
        shelf.pause(connection, KEY, is_paused=True, now=FRIDAY)

    assert missed_days(house.database, now=NOON) == []
    assert house.rows(announcements) == []


def test_a_source_that_is_gone_cannot_be_filled_in(house: House) -> None:
    with pytest.raises(SourceUnknown):
        heal(house)


# -- stale, quiet, weekends and holidays -------------------------------------------------------------


def test_yesterdays_batch_still_being_there_is_stale_until_todays_comes(house: House, web: FakeWeb) -> None:
    yesterday = TODAY - timedelta(days=1)
    web.put(
        SCRIPT,
        arxiv_feed({"2606.10003v1": "new"}, on=yesterday),
        arxiv_feed({"2606.10002v1": "new", "2606.10001v1": "cross"}, on=TODAY),
    )
    web.put("//rss.arxiv.org/rss/cs.AI", arxiv_feed({"2606.10001v1": "new"}, on=yesterday, name="cs.AI"))
    house.refresh(house.subscribe("cs.AI"))
    house.subscribe()

    stale = house.refresh()
    found = day_of(house)
    assert found is not None
    assert (found.verdict, found.next_try_at) == ("stale", stale.next_due_at)
    assert stale.next_due_at == FRIDAY + timedelta(hours=0.9)
    house.clock.now = stale.next_due_at
    house.refresh()

    assert verdict(house) == "there"
    # A late cross-list belongs to its own day, though its paper was announced on an earlier one.
    assert stored(house) == (1, 1, 0)


def test_a_stale_day_names_the_batch_that_the_server_still_shows(house: House, web: FakeWeb) -> None:
    thursday = arxiv_feed({"2606.10001v1": "new"}, on=date(2026, 6, 18))
    web.put(SCRIPT, thursday)
    house.clock.now = FRIDAY - timedelta(days=1)
    house.subscribe()
    house.refresh()
    assert verdict(house, date(2026, 6, 18)) == "there"
    house.clock.now = FRIDAY

    house.refresh()

    found = day_of(house)
    assert found is not None
    assert (found.verdict, found.newest) == ("stale", date(2026, 6, 18))


@pytest.mark.parametrize(
    ("now", "day", "said"),
    [
        (datetime(2026, 6, 20, 9, tzinfo=UTC), date(2026, 6, 20), "weekend"),
        (datetime(2026, 6, 22, 9, tzinfo=UTC), date(2026, 6, 22), "holiday"),  # Juneteenth was a Friday
    ],
)
def test_an_empty_day_on_which_arxiv_announces_nothing_is_named_and_not_missed(
    house: House, web: FakeWeb, now: datetime, day: date, said: str
) -> None:
    web.put(SCRIPT, arxiv_feed({}, on=day))
    house.clock.now = now
    house.subscribe()

    house.refresh()

    assert verdict(house, day) == said
    assert missed_days(house.database, now=now + timedelta(hours=10)) == []


def test_a_small_category_without_papers_is_quiet_once_another_has_its_batch(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, arxiv_feed({}, on=TODAY))
    web.put("//rss.arxiv.org/rss/cs.AI", arxiv_feed({"2606.10001v1": "new"}, on=TODAY, name="cs.AI"))
    house.subscribe()
    house.subscribe("cs.AI")

    house.refresh()
    alone = verdict(house)
    house.refresh("arxiv:cs.AI")
    house.clock.forward(hours=1)
    web.put(SCRIPT, arxiv_feed({}, on=TODAY, name="cs.LG again"))
    house.refresh()

    assert (alone, verdict(house)) == ("stale", "quiet")


# -- held against arXiv's own list -------------------------------------------------------------------


def a_batch(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, arxiv_feed({"2606.10001v1": "new", "2605.10003v2": "replace"}, on=TODAY))
    house.subscribe()
    house.refresh()


def test_the_days_counts_are_noted_and_what_is_missing_is_fetched_by_name(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    assert unreconciled(house.database, now=FRIDAY) == [(KEY, TODAY)]
    web.put(
        LIST,
        listing(new=["2606.10001", "2606.10005"], cross=["2606.10006"], replace=["2605.10003", "2604.10007"]),
    )
    web.put(ARXIV_API, atom("2606.10005v1", "2606.10006v1", "2604.10007v7"))

    done = hold_against_list(house)

    assert (done.day, done.missing, done.error) == (TODAY, ("2606.10005", "2606.10006", "2604.10007"), None)
    assert done.account == Account(received=3, new=3)
    found = day_of(house)
    assert found is not None
    assert (found.said_new, found.said_cross, found.said_replace) == (2, 1, 2)
    assert (stored(house), found.verdict) == ((2, 1, 2), "there")
    told = {row.item: (row.version, row.announcement) for row in house.rows(manifestations)}
    assert told["2604.10007"] == (7, "replace")
    assert told["2606.10006"] == (1, "cross")
    assert unreconciled(house.database, now=FRIDAY) == []


def test_a_whole_day_asks_for_nothing_more(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    web.put(LIST, listing(new=["2606.10001"], replace=["2605.10003"]))

    done = hold_against_list(house)

    assert (done.missing, done.account) == ((), Account())
    assert [visit.host for visit in web.visits] == ["rss.arxiv.org", "arxiv.org"]
    assert unreconciled(house.database, now=FRIDAY) == []


def test_what_the_api_learns_of_an_hour_later_is_fetched_then(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    web.put(LIST, listing(new=["2606.10001", "2606.10005", "2606.10006"]))
    web.put(ARXIV_API, atom("2606.10005v1"), atom("2606.10006v1"))

    first = hold_against_list(house)
    assert unreconciled(house.database, now=FRIDAY) == [(KEY, TODAY)]
    second = hold_against_list(house)

    assert (first.account.new, second.account.new) == (1, 1)
    assert second.missing == ("2606.10006",)
    assert (stored(house), unreconciled(house.database, now=FRIDAY)) == ((3, 0, 1), [])


def test_an_api_that_fails_is_asked_again_though_the_counts_are_known(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    web.put(LIST, listing(new=["2606.10001", "2606.10005"]))
    web.put(ARXIV_API, Page(b"", status=503), atom("2606.10005v1"))

    failed = hold_against_list(house)
    assert failed.error is not None
    found = day_of(house)
    assert found is not None
    assert (found.said_new, unreconciled(house.database, now=FRIDAY)) == (2, [(KEY, TODAY)])

    assert hold_against_list(house).account.new == 1


@pytest.mark.parametrize("page", [Page(b"", status=500), Page(b"<html><title>Sorry</title></html>")])
def test_a_list_that_cannot_be_read_is_an_error_and_is_read_another_time(
    house: House, web: FakeWeb, page: Page
) -> None:
    a_batch(house, web)
    web.put(LIST, page)

    done = hold_against_list(house)

    assert done.error is not None
    assert (done.day, done.account) == (None, Account())
    assert unreconciled(house.database, now=FRIDAY) == [(KEY, TODAY)]


def test_yesterdays_list_says_nothing_of_today(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    web.put(LIST, listing(new=["2606.09999"], day="Thursday, 18 June 2026"))
    web.put(ARXIV_API, atom("2606.09999v1"))

    done = hold_against_list(house)

    found = day_of(house)
    assert found is not None
    assert (done.day, found.said_new) == (date(2026, 6, 18), None)
    assert [row.announced_on for row in house.rows(manifestations)][-1] == date(2026, 6, 18)


def test_many_that_are_missing_are_fetched_a_hundred_at_a_time(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    names = [f"2606.2{number:04d}" for number in range(150)]
    web.put(LIST, listing(new=["2606.10001", *names]))
    web.put(
        ARXIV_API, atom(*[f"{name}v1" for name in names[:100]]), atom(*[f"{name}v1" for name in names[100:]])
    )

    done = hold_against_list(house)

    assert done.account == Account(received=150, new=150)
    assert [visit.host for visit in web.visits].count("export.arxiv.org") == 2
    assert stored(house) == (151, 0, 1)


def test_a_list_without_a_date_is_counted_for_no_day(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    web.put(LIST, listing(new=["2606.10005"], day="some day soon"))

    done = hold_against_list(house)

    assert (done.day, done.missing, done.account) == (None, ("2606.10005",), Account())
    assert unreconciled(house.database, now=FRIDAY) == [(KEY, TODAY)]


def test_the_days_count_of_the_source_keeps_what_the_feed_brought(house: House, web: FakeWeb) -> None:
    a_batch(house, web)
    web.put(LIST, listing(new=["2606.10001", "2606.10005"]))
    web.put(ARXIV_API, atom("2606.10005v1"))

    hold_against_list(house)

    with house.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT received, new FROM source_days").one()
    assert tuple(row) == (3, 3)


def test_a_harvest_of_the_archive_is_one_per_day(house: House, web: FakeWeb) -> None:
    house.subscribe()
    house.clock.now = NOON
    an_archive(web)
    missed_days(house.database, now=NOON)
    heal(house)
    heal(house, date(2026, 6, 18))

    assert [row.run for row in house.rows(harvests)] == [f"{KEY}@heal:2026-06-19", f"{KEY}@heal:2026-06-18"]
    assert {row.purpose for row in house.rows(harvests)} == {"heal"}
