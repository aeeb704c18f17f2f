"""A page of a harvest that lies is not believed, and a server that forgets is asked from the beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import fetches, harvests
from academichub.flows.harvesting import MOST_PAGES, MOST_RESTARTS, MOST_TRIES
from academichub.model.shelf import Account, FetchStatus
from tests.fakes.answers import OAI, oai_error, oai_page
from tests.fakes.harvesting import FIRST_QUESTION, asked_for, assert_whole, pages, records
from tests.fakes.harvesting import harvest_by_hand as ask
from tests.fakes.web import Page

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

# -- pages that lie ----------------------------------------------------------------------------------

FIRST = oai_page(*records(1, 2), then="t1", total=4)
LAST = oai_page(*records(3, 4), then="", total=4)
LIES = {
    "empty before the end": (oai_page(then="t2", total=4), "answer.page_empty"),
    "the same again": (FIRST, "answer.page_repeated"),
    "a cursor that stands still": (oai_page(*records(3), then="t1", total=4), "answer.cursor_moved"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_page_that_lies_is_asked_for_again(house: House, web: FakeWeb, lie: str) -> None:
    pages(web, FIRST, LIES[lie][0], LIES[lie][0], LAST)
    house.subscribe()

    done = ask(house)

    assert (done.status, done.account, done.pages) == (FetchStatus.OK, Account(received=4, new=4), 2)
    assert asked_for(web)[1:] == ["resumptionToken=t1"] * MOST_TRIES
    assert_whole(house, 4)


@pytest.mark.parametrize("lie", LIES)
def test_a_page_that_goes_on_lying_stands_still_with_its_reason(house: House, web: FakeWeb, lie: str) -> None:
    page, code = LIES[lie]
    pages(web, FIRST, page)
    house.subscribe()

    done = ask(house)

    assert (done.status, done.account) == (FetchStatus.FAILED, Account(received=2, new=2))
    assert done.error is not None
    assert done.error.code == code
    assert len(web.visits) == 1 + MOST_TRIES
    (row,) = house.rows(harvests)
    assert (row.status, row.error_code, row.seen) == ("failed", code, 2)
    assert row.step["url"].endswith("resumptionToken=t1")


def test_the_next_call_goes_on_where_a_lie_has_stopped_the_last(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, *[LIES["empty before the end"][0]] * MOST_TRIES, LAST)
    house.subscribe()
    ask(house)

    done = ask(house)

    assert (done.status, done.account) == (FetchStatus.OK, Account(received=2, new=2))
    assert_whole(house, 4)


def test_a_lie_that_stops_it_a_second_time_begins_it_anew(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, *[LIES["empty before the end"][0]] * 2 * MOST_TRIES, FIRST, LAST)
    house.subscribe()
    ask(house)

    done = ask(house)

    assert done.account == Account(received=4, new=2, unchanged=2)
    assert "from=2026-06-01" in asked_for(web)[1 + 2 * MOST_TRIES]
    assert_whole(house, 4)


def test_a_server_that_never_comes_to_an_end_is_stopped(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, Page(b"", status=500))
    house.subscribe()
    ask(house)
    with house.database.writing() as connection:
        connection.execute(sa.update(harvests).values(pages=MOST_PAGES))

    done = ask(house)

    assert done.error is not None
    assert (done.error.code, done.error.facts) == (
        "feed.too_many_entries",
        {"entries": 2, "limit": MOST_PAGES},
    )


# -- forgotten places --------------------------------------------------------------------------------


def test_an_expired_token_begins_the_harvest_again_and_doubles_nothing(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, oai_error("badResumptionToken"), FIRST, LAST)
    house.subscribe()

    done = ask(house)

    assert done.account == Account(received=6, new=4, unchanged=2)
    assert (done.status, done.seen, done.pages) == (FetchStatus.OK, 4, 3)
    runs = [row.run.partition("#")[2].partition(":")[0] for row in house.rows(fetches)]
    assert runs == ["0.0", "1.1", "1.2"]
    assert_whole(house, 4)


@pytest.mark.parametrize("status", [404, 410])
def test_a_server_that_answers_nothing_here_for_a_forgotten_place_is_asked_from_the_beginning(
    house: House, web: FakeWeb, status: int
) -> None:
    pages(web, FIRST, Page(b"Resource not found.", status=status), FIRST, LAST)
    house.subscribe()

    done = ask(house)

    assert (done.status, done.seen) == (FetchStatus.OK, 4)
    assert_whole(house, 4)


def test_a_token_that_always_expires_stands_still_and_every_call_tries_anew(
    house: House, web: FakeWeb
) -> None:
    web.put(f"{OAI}?verb=ListRecords&{FIRST_QUESTION}", FIRST)
    web.put(f"{OAI}?verb=ListRecords&resumptionToken=t1", oai_error("badResumptionToken"))
    house.subscribe()

    first, second = ask(house), ask(house)

    for done in (first, second):
        assert done.error is not None
        assert done.error.code == "answer.token_expired"
    assert len(web.visits) == 2 * (MOST_RESTARTS + 1) + (2 * MOST_RESTARTS + 1)
    web.put(f"{OAI}?verb=ListRecords&resumptionToken=t1", LAST)
    assert ask(house).status is FetchStatus.OK
    assert_whole(house, 4)


def test_a_first_question_that_is_refused_is_not_asked_for_ever(house: House, web: FakeWeb) -> None:
    pages(web, Page(b"", status=404))
    house.subscribe()

    done = ask(house)

    assert done.error is not None
    assert done.error.code == "source.not_found"
    assert len(web.visits) == 1
