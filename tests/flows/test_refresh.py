"""A source is asked, its answer shelved, its next turn set: what can come, and what is left of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.db.tables import manifestations, works
from academichub.errors import SourceUnknown
from academichub.model.shelf import Account, FetchStatus, Health
from benchmarks.corpus import HEAD, made_up_records, rss
from tests.fakes.house import FRIDAY, KEY, SCRIPT
from tests.fakes.web import Page, redirect

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

TODAY = date(2026, 6, 19)
EMPTY = (HEAD.format(name="cs.LG") + "</channel></rss>").encode()
FEED_ERROR = (
    b'<rss version="2.0"><channel><title>Feed error for query "cs.LGG"</title>'
    b"<description>Invalid archive cs.LGG</description></channel></rss>"
)


def batch(count: int = 10, *, on: date = TODAY) -> bytes:
    return rss(made_up_records(count), on=on)


# -- honest answers ----------------------------------------------------------------------------------


def test_a_new_batch_is_shelved_and_the_next_turn_is_the_next_announcement(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, Page(batch(10), etag='"a"'))
    house.subscribe()

    outcome = house.refresh()

    assert (outcome.status, outcome.error) == (FetchStatus.OK, None)
    assert outcome.account == Account(received=10, new=10)
    assert outcome.next_due_at == datetime(2026, 6, 23, 4, 15, tzinfo=UTC)  # Monday 00:15 in New York
    assert house.page().works == len(house.rows(works)) == 10
    (line,) = house.log()
    assert (line.status, line.http_status, line.account) == (FetchStatus.OK, 200, outcome.account)
    assert line.byte_count == len(batch(10))
    row = house.row()
    assert (row.health, row.failures, row.strip[-1].new) == (Health.OK, 0, 10)
    assert (row.last_ok_at, row.next_due_at) == (FRIDAY, outcome.next_due_at)
    (visit,) = web.visits
    assert visit.host == "rss.arxiv.org"
    assert "hub@example.org" in visit.headers["user-agent"]


def test_the_same_bytes_again_are_unchanged_and_shelve_nothing(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, Page(batch()))
    house.subscribe()
    house.refresh()

    again = house.refresh()

    assert (again.status, again.account) == (FetchStatus.UNCHANGED, Account())
    assert house.row().strip[-1].new == 10
    assert house.row().health is Health.OK  # the day had a good answer


def test_what_was_not_modified_is_asked_for_with_its_validators_and_costs_nothing(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, Page(batch(), etag='"a"', last_modified="Fri, 19 Jun 2026 04:00:00 GMT"))
    house.subscribe()
    house.refresh()

    again = house.refresh()

    assert again.status is FetchStatus.UNCHANGED
    assert house.log()[0].http_status == 304
    assert web.visits[1].headers["if-none-match"] == '"a"'
    assert web.visits[1].headers["if-modified-since"] == "Fri, 19 Jun 2026 04:00:00 GMT"


def test_a_batch_that_is_there_is_not_looked_for_again_when_somebody_asks_twice(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, Page(batch(), etag='"a"'))
    house.subscribe()
    house.refresh()
    house.clock.forward(hours=1)

    again = house.refresh()

    assert again.status is FetchStatus.UNCHANGED
    assert again.next_due_at == datetime(2026, 6, 23, 4, 15, tzinfo=UTC)


def test_yesterdays_batch_still_being_there_is_tried_again_within_the_hour(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, Page(batch(on=date(2026, 6, 18)), etag='"a"'))
    house.subscribe()
    first = house.refresh()

    second = house.refresh()

    assert first.status is FetchStatus.OK
    assert second.status is FetchStatus.UNCHANGED
    assert {first.next_due_at, second.next_due_at} == {FRIDAY + timedelta(hours=0.9)}


def test_an_empty_weekend_feed_is_quiet_and_no_failure(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, Page(EMPTY))
    house.clock.now = datetime(2026, 6, 20, 9, 0, tzinfo=UTC)  # a Saturday
    house.subscribe()

    outcome = house.refresh()

    assert (outcome.status, outcome.account) == (FetchStatus.EMPTY, Account())
    assert outcome.next_due_at == datetime(2026, 6, 23, 4, 15, tzinfo=UTC)
    row = house.row()
    assert (row.health, row.failures, row.error_code) == (Health.QUIET, 0, None)


def test_the_next_days_feed_brings_what_is_new_and_knows_the_rest(house: House, web: FakeWeb) -> None:
    head = batch(6)
    web.put(SCRIPT, Page(head), Page(batch(10)))
    house.subscribe()
    house.refresh()

    outcome = house.refresh()

    assert outcome.account == Account(received=10, new=4, unchanged=6)


# -- failures ----------------------------------------------------------------------------------------


def test_asked_to_wait_it_waits_as_long_as_the_server_wishes(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, Page(b"slow down", status=429, headers={"Retry-After": "7200"}))
    house.subscribe()

    outcome = house.refresh()

    assert outcome.status is FetchStatus.FAILED
    assert outcome.error is not None
    assert outcome.error.code == "source.throttled"
    assert outcome.next_due_at == FRIDAY + timedelta(hours=2)
    (line,) = house.log()
    assert (line.status, line.http_status, line.error_code) == (FetchStatus.FAILED, 429, "source.throttled")
    assert line.error_facts["retry_after_seconds"] == 7200
    row = house.row()
    assert (row.health, row.error_code, row.next_due_at) == (
        Health.LATE,
        "source.throttled",
        outcome.next_due_at,
    )


BAD_ANSWERS = {
    "a server error": (Page(b"sorry", status=503), "source.unreachable"),
    "a web page": (
        Page(b"<!doctype html><html><head><title>Log in</title></head></html>"),
        "feed.is_web_page",
    ),
    "no bytes": (Page(b""), "feed.no_bytes"),
    "no feed": (Page(b"\x00\x01\x02 nothing of use"), "feed.unreadable"),
    "arXiv's error feed": (Page(FEED_ERROR), "feed.says_error"),
    "a note to slow down": (Page(b"Rate exceeded."), "feed.throttled"),
    "a refusal": (Page(b"", status=403), "source.refused"),
    "nothing there": (Page(b"", status=404), "source.not_found"),
    "gone for good": (Page(b"", status=410), "source.gone"),
    "a way into the house": (redirect("http://169.254.169.254/latest"), "address.forbidden"),
}


@pytest.mark.parametrize("what", BAD_ANSWERS)
def test_a_bad_answer_is_logged_with_its_reason_and_takes_nothing_from_the_shelves(
    house: House, web: FakeWeb, what: str
) -> None:
    page, code = BAD_ANSWERS[what]
    web.put(SCRIPT, Page(batch(3)), page)
    house.subscribe()
    house.refresh()

    outcome = house.refresh()

    assert outcome.error is not None
    assert outcome.error.code == house.log()[0].error_code == house.row().error_code == code
    assert house.row().health is Health.LATE
    assert house.row().last_ok_at == FRIDAY
    assert house.page().works == 3


def test_a_source_that_keeps_failing_is_late_then_failing_and_asked_ever_more_rarely(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, Page(b"sorry", status=500))
    house.subscribe()
    waits, healths = [], []

    for _ in range(9):
        outcome = house.refresh()
        assert outcome.next_due_at is not None
        waits.append((outcome.next_due_at - house.clock()) / timedelta(minutes=0.9))
        healths.append(house.row().health)
        house.clock.now = outcome.next_due_at

    assert waits == pytest.approx([15, 30, 60, 120, 240, 480, 960, 1440, 1440])
    assert healths == [Health.LATE] * 2 + [Health.FAILING] * 7
    assert house.row().failures == 9


def test_one_good_answer_forgives_all_failures(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, *[Page(b"", status=500)] * 4, Page(batch()))
    house.subscribe()
    for _ in range(4):
        house.refresh()

    house.refresh()

    row = house.row()
    assert (row.health, row.failures, row.error_code, row.error_facts) == (Health.OK, 0, None, {})
    assert [line.status for line in house.log()] == [FetchStatus.OK] + [FetchStatus.FAILED] * 4


def test_a_feed_broken_in_the_middle_is_read_as_far_as_it_goes_or_refused_by_name(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, Page(batch(10)[:4000]))
    house.subscribe()

    outcome = house.refresh()

    assert outcome.account.balances
    if outcome.error is None:
        assert outcome.account.received >= 1
        assert house.page().works == outcome.account.new
    else:
        assert outcome.error.code == "feed.unreadable"


def test_the_title_of_a_typed_address_is_the_channels_own_and_a_catalogued_name_stays(
    house: House, web: FakeWeb
) -> None:
    feed = b'<rss version="2.0"><channel><title> Letters of Tests </title></channel></rss>'
    web.put("//letters.example/feed", Page(feed))
    web.put(SCRIPT, Page(batch(1)))
    typed = house.subscribe("https://letters.example/feed")
    house.subscribe()

    house.refresh(typed)
    house.refresh()

    assert house.row(typed).title == "Letters of Tests"
    assert house.row().title == "arXiv cs.LG"


# -- redirects ---------------------------------------------------------------------------------------


def test_a_permanent_redirect_that_leads_to_a_feed_becomes_the_address(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, redirect("https://rss.arxiv.org/new/cs.LG", 301))
    web.put("//rss.arxiv.org/new/cs.LG", Page(batch()))
    house.subscribe()

    house.refresh()

    assert house.row().url == "https://rss.arxiv.org/new/cs.LG"
    assert house.log()[0].address == "https://rss.arxiv.org/new/cs.LG"


@pytest.mark.parametrize("status", [302, 307])
def test_a_temporary_redirect_leaves_the_address_as_it_is(house: House, web: FakeWeb, status: int) -> None:
    web.put(SCRIPT, redirect("https://rss.arxiv.org/today/cs.LG", status))
    web.put("//rss.arxiv.org/today/cs.LG", Page(batch()))
    house.subscribe()

    outcome = house.refresh()

    assert outcome.status is FetchStatus.OK
    assert house.row().url == "https://rss.arxiv.org/rss/cs.LG"


def test_a_permanent_redirect_to_a_login_page_is_not_taken_for_the_address(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, redirect("https://login.example/", 308))
    web.put("//login.example/", Page(b"<html><title>Log in</title></html>"))
    house.subscribe()

    outcome = house.refresh()

    assert outcome.error is not None
    assert outcome.error.code == "feed.is_web_page"
    assert house.row().url == "https://rss.arxiv.org/rss/cs.LG"


# -- one bad entry, one paper in two feeds -----------------------------------------------------------


def test_a_broken_entry_is_kept_aside_with_its_reason_and_its_neighbours_are_stored(
    house: House, web: FakeWeb
) -> None:
    title = made_up_records(3)[1]["title"].encode()
    web.put(SCRIPT, Page(batch(3).replace(b"<title>" + title + b"</title>", b"<title> </title>")))
    house.subscribe()

    outcome = house.refresh()

    assert outcome.account == Account(received=3, new=2, rejected=1)
    assert outcome.account.balances
    (held,) = house.quarantine()
    assert (held.error_code, held.position) == ("record.untitled", 1)
    assert made_up_records(3)[1]["id"] in held.excerpt
    assert house.page().works == 2
    assert (house.row().quarantined, house.row().strip[-1].new) == (1, 2)


def test_a_cross_list_of_another_feed_on_another_day_is_the_same_paper_unrevised(
    house: House, web: FakeWeb
) -> None:
    record = made_up_records(1)
    as_new = rss(record, on=date(2026, 6, 18), name="cs.LG")
    as_cross = rss(record, on=TODAY, name="cs.AI").replace(b"Announce Type: new", b"Announce Type: cross")
    as_cross = as_cross.replace(b"announce_type>new<", b"announce_type>cross<")
    web.put(SCRIPT, Page(as_new))
    web.put("//rss.arxiv.org/rss/cs.AI", Page(as_cross))
    house.subscribe()
    house.subscribe("cs.AI")
    house.refresh()

    outcome = house.refresh("arxiv:cs.AI")

    assert outcome.account == Account(received=1, unchanged=1)
    (card,) = house.page(date(2026, 6, 18)).cards
    assert card.listed_on == date(2026, 6, 18)
    assert len(house.rows(manifestations)) == 1


# -- sources that are none ---------------------------------------------------------------------------


def test_a_source_that_is_not_there_is_named_with_the_nearest_key(house: House) -> None:
    house.subscribe()

    with pytest.raises(SourceUnknown) as caught:
        house.refresh("arxiv:cs.LH")

    assert caught.value.facts == {"source": "arxiv:cs.LH", "suggestion": KEY}


# -- the first answer ----------------------------------------------------------------------------------


def test_the_first_answer_that_holds_something_is_judged_once_and_for_all(house: House, web: FakeWeb) -> None:
    web.put(SCRIPT, Page(b"", status=503), Page(EMPTY), Page(batch(10)), Page(batch(4, on=date(2026, 6, 18))))
    house.subscribe()
    told = []

    for _ in range(4):
        house.refresh()
        told.append(house.row().checked or {})

    assert [(one.get("error"), one.get("entries")) for one in told] == [
        ("source.unreachable", None),
        (None, 0),
        (None, 10),
        (None, 10),
    ]
    assert (told[2]["authors"], told[2]["doi"], told[2]["rejected"]) == (1.0, 0.0, 0)
