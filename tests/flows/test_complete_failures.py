"""Providers fail, refuse a question, are asked twice at once: nothing is lost, and nobody is pestered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from academichub.db.tables import fetches, manifestations, wanted, works
from academichub.flows.completing import complete_papers
from academichub.flows.reviewing import merge_by_hand
from academichub.model.shelf import Account, FetchStatus
from academichub.store import completing
from academichub.store import sources as shelf
from tests.fakes.answers import (
    ABSTRACT,
    CROSSREF,
    EUROPE_PMC,
    OPENALEX,
    crossref_list,
    crossref_one,
    crossref_work,
    europepmc_list,
    journal_item,
    openalex_list,
)
from tests.fakes.completing import (
    DOI,
    ONE,
    PEOPLE,
    asked_of,
    complete,
    plain,
    shelve,
    the_paper,
    waiting,
)
from tests.fakes.harvesting import During, PowerCut
from tests.fakes.house import FRIDAY
from tests.fakes.web import Page

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb


# -- a provider that fails ---------------------------------------------------------------------------


def test_a_provider_that_fails_thrice_hands_all_its_papers_to_the_next(house: House, web: FakeWeb) -> None:
    items = [journal_item(f"10.5555/{number}") for number in range(60)]
    shelve(house, web, *items)
    web.put(f"{CROSSREF}/works", Page(b"", status=503))
    waits = []

    for _ in range(3):
        assert {row.stage for row in house.rows(wanted)} == {0}
        done = complete(house)
        assert (done.asked, done.completed) == (50, 0)
        row = house.row("service:crossref")
        assert row.next_due_at is not None
        waits.append(row.next_due_at - house.clock())
        assert complete(house).asked == 0  # it is left alone until then
        house.clock.now = row.next_due_at

    assert waits == [timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60)]
    assert [row.stage for row in house.rows(wanted)] == [1] * 60
    assert len(asked_of(web, "api.crossref.org")) == 3
    assert [line.status for line in house.log("service:crossref")] == [FetchStatus.FAILED] * 3
    web.put(OPENALEX, openalex_list())
    assert complete(house, stage=1).asked == 50


def test_a_provider_that_asks_for_time_gets_it(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(CROSSREF, Page(b"", status=429, headers={"Retry-After": "7200"}))
    web.put(ONE, Page(b"", status=429, headers={"Retry-After": "7200"}))

    done = complete(house)

    assert done.error is not None
    assert done.error.code == "source.throttled"
    assert house.row("service:crossref").next_due_at == FRIDAY + timedelta(hours=2)
    assert waiting(house) == [("doi", DOI, 0, 0)]


def test_a_provider_that_somebody_paused_is_not_asked(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, Page(b"", status=404))
    complete(house)
    shelve(house, web, journal_item(DOI), journal_item("10.5555/2"))
    with house.database.writing() as connection:
        shelf.pause(connection, "service:crossref", is_paused=True, now=house.clock())

    assert complete(house).asked == 0
    assert waiting(house) == [("doi", DOI, 1, 0), ("doi", "10.5555/2", 0, 0)]


def test_one_good_answer_forgives_a_provider(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, *[Page(b"", status=500)] * 2, crossref_one(crossref_work(DOI, abstract=ABSTRACT)))
    for _ in range(2):
        complete(house)
        house.clock.forward(hours=1)

    done = complete(house)

    assert done.completed == 1
    row = house.row("service:crossref")
    assert (row.failures, row.error_code, row.next_due_at) == (0, None, None)


def test_a_name_that_spoils_the_question_is_found_and_its_neighbours_are_answered(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, *[journal_item(f"10.5555/{number}") for number in range(4)])
    questions = {
        "0123": Page(b"", status=400),
        "01": Page(b"", status=400),
    }
    for numbers, page in questions.items():
        asked = ",".join(f"doi:10.5555/{number}" for number in numbers)
        web.put(f"{CROSSREF}/works?filter={asked}&rows={len(numbers)}", page)
    web.put(f"{CROSSREF}/works/10.5555%2F0", Page(b"", status=404))
    rest = [crossref_work(f"10.5555/{number}", abstract=ABSTRACT, authors=PEOPLE) for number in (1, 2, 3)]
    web.put(f"{CROSSREF}/works?filter=doi:10.5555/1,doi:10.5555/2,doi:10.5555/3&rows=3", crossref_list(*rest))

    first, second = complete(house), complete(house)

    assert (first.asked, first.error, second.completed) == (1, None, 3)
    assert waiting(house) == [("doi", "10.5555/0", 1, 0)]
    assert house.row("service:crossref").failures == 0


def test_a_question_that_is_refused_by_itself_passes_its_paper_on_and_counts_as_a_failure(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, Page(b'{"status":"failed","message":[{"message":"no such thing"}]}'))

    done = complete(house)

    assert done.error is not None
    assert done.error.code == "feed.says_error"
    assert waiting(house) == [("doi", DOI, 1, 0)]
    assert house.row("service:crossref").failures == 1


def test_a_name_that_cannot_stand_in_company_is_asked_for_alone(house: House, web: FakeWeb) -> None:
    odd = "10.5555/a,b"
    shelve(house, web, journal_item(odd), journal_item(DOI))
    web.put(f"{CROSSREF}/works/10.5555%2Fa%2Cb", crossref_one(crossref_work(odd, abstract=ABSTRACT)))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT)))

    done = [complete(house).completed, complete(house).completed]

    assert done == [1, 1]
    assert [plain(the_paper(house, number)[0]) for number in (1, 2)] == [ABSTRACT.strip()] * 2


def test_a_name_that_one_provider_cannot_be_asked_by_is_passed_on(house: House, web: FakeWeb) -> None:
    odd = '10.5555/a"b'
    shelve(house, web, journal_item("10.5555/1"), journal_item(DOI))
    with house.database.writing() as connection:
        for number, value in ((1, odd), (2, DOI)):
            completing.want(connection, number, name=("doi", value), stage=2, now=FRIDAY)
    web.put(EUROPE_PMC, europepmc_list())

    done = complete(house, stage=2)

    assert done.asked == 1
    assert [(value, stage) for _, value, stage, _ in waiting(house)] == [(odd, 3), (DOI, 3)]
    assert DOI in urlsplit(web.visits[-1].path).query.replace("%2F", "/")


# -- others at work ----------------------------------------------------------------------------------


def test_a_work_merged_while_the_provider_answers_is_completed_where_it_went(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, journal_item("", link="https://lamps.example/old"), journal_item(DOI))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))

    def merge() -> None:
        merge_by_hand(house.database, 1, 2, now=house.clock())

    done = complete(house, web=During(house, merge))

    assert done.completed == 1
    (work,) = house.rows(works)
    assert (work.id, {row.work_id for row in house.rows(manifestations)}) == (1, {1})
    assert plain(the_paper(house, 2)[0]) == ABSTRACT.strip()


def test_two_workers_that_ask_the_same_fill_in_once(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))

    late = complete(house, web=During(house, lambda: complete(house)))

    assert (late.completed, late.account) == (0, Account(received=1, unchanged=1))
    assert sum(row.revised for row in house.rows(fetches)) == 1


def test_a_service_removed_while_it_answers_is_there_again(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))

    def remove() -> None:
        with house.database.writing() as connection:
            shelf.remove_source(connection, "service:crossref")

    done = complete(house, web=During(house, remove))

    assert done.completed == 1
    assert house.row("service:crossref").last_ok_at == FRIDAY


def test_an_answer_is_booked_as_a_whole_or_not_at_all(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))
    before = len(house.rows(fetches))

    def clock() -> Any:
        if len(asked_of(web, "api.crossref.org")) == 1:
            ticks.append(1)
            if len(ticks) == 2:  # the answer is being filled in
                raise PowerCut
        return FRIDAY

    ticks: list[int] = []
    with pytest.raises(PowerCut):
        complete_papers(house.database, house.fetcher, scheme="doi", stage=0, clock=clock, dice=lambda: 0.5)

    assert len(house.rows(fetches)) == before
    assert plain(the_paper(house)[0]) == ""
    assert complete(house).completed == 1
    assert len(house.rows(fetches)) == before + 1
