"""The list of what papers lack, and what others make of them, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import fetches, manifestations, wanted
from academichub.model.papers import Signal
from academichub.model.shelf import Account
from academichub.store import completing, signals
from tests.fakes.answers import (
    ABSTRACT,
    CROSSREF,
    OPENALEX,
    as_json,
    crossref_list,
    crossref_one,
    crossref_work,
    journal_item,
    openalex_work,
)
from tests.fakes.completing import DOI, ONE, OTHER, PEOPLE, complete, plain, shelve, the_paper, waiting
from tests.fakes.drafts import DAY, NOW
from tests.fakes.house import House
from tests.fakes.network import a_fetcher
from tests.fakes.web import FakeWeb, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb() as opened:
        yield opened


@pytest.fixture
def house(database_url: str, web: FakeWeb) -> Iterator[House]:
    with a_fetcher(replay=web.url("")) as fetcher:
        built = House.build(database_url, fetcher)
        yield built
        built.database.close()


# -- who waits for whom ------------------------------------------------------------------------------


def names(house: House, *, stage: int = 0, size: int = 50, later: float = 0) -> list[str]:
    now = house.clock() + timedelta(hours=later)
    with house.database.reading() as connection:
        found = completing.due(connection, scheme="doi", stage=stage, now=now, size=size)
    return [one.value for one in found]


def change(house: House, does: str, ids: Sequence[int], **more: object) -> None:
    with house.database.writing() as connection:
        getattr(completing, does)(connection, ids, **more)


def test_those_who_wait_longest_come_first_and_no_more_than_wanted(house: House, web: FakeWeb) -> None:
    shelve(house, web, *[journal_item(f"10.5555/{number}") for number in range(5)])
    now = house.clock()
    change(house, "pass_on", [1], stage=0, rounds=1, next_try_at=now + timedelta(hours=2))
    change(house, "pass_on", [2], stage=0, rounds=0, next_try_at=now - timedelta(hours=2))
    change(house, "pass_on", [3], stage=2, rounds=0, next_try_at=now)

    assert names(house) == ["10.5555/1", "10.5555/3", "10.5555/4"]
    assert names(house, size=2) == ["10.5555/1", "10.5555/3"]
    assert names(house, later=2) == ["10.5555/1", "10.5555/3", "10.5555/4", "10.5555/0"]
    assert names(house, stage=2) == ["10.5555/2"]
    with house.database.reading() as connection:
        assert completing.stages(connection, now=now) == [("doi", 0, 3), ("doi", 2, 1)]
        assert completing.count_waiting(connection) == 5


def test_what_is_fulfilled_waits_no_more_and_a_better_name_begins_anew(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI), journal_item(OTHER))
    with house.database.writing() as connection:
        completing.fulfil(connection, [1])
        completing.want(connection, 2, name=("pii", "S1"), stage=1, now=house.clock())
        completing.fulfil(connection, [])

        still = completing.still_due(connection, [1, 2], stage=1)

        assert [(one.manifestation_id, one.scheme, one.value) for one in still] == [(2, "pii", "S1")]
        assert completing.still_due(connection, [1, 2], stage=0) == []
    assert waiting(house) == [("pii", "S1", 1, 0)]


# -- asking ------------------------------------------------------------------------------------------


def test_abstract_and_authors_from_two_providers_and_the_books_balance(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI), journal_item(OTHER))
    known = [crossref_work(DOI, authors=PEOPLE), crossref_work(OTHER, abstract=ABSTRACT, authors=PEOPLE)]
    web.put(f"{CROSSREF}/works", crossref_list(*known, crossref_work("10.5555/x") | {"title": []}))
    web.put(f"{OPENALEX}/doi:{DOI}", as_json(openalex_work(DOI, abstract=ABSTRACT)))

    first, second = complete(house), complete(house, stage=1)

    assert first.account == Account(received=3, revised=2, rejected=1)
    assert second.account == Account(received=1, revised=1)
    for number in (1, 2):
        assert plain(the_paper(house, number)[0]) == ABSTRACT.strip()
    origins = the_paper(house)[1]
    assert (origins["abstract"], origins["authors"]) == ("openalex", "crossref")
    assert waiting(house) == []
    for row in house.rows(fetches):
        assert row.received == row.new + row.revised + row.twin + row.unchanged + row.rejected
    with house.database.reading() as connection:
        byline = connection.execute(
            sa.select(manifestations.c.byline).where(manifestations.c.id == 1)
        ).scalar_one()
    assert byline == ["Ada Lind", "Bo Chen"]


def test_a_failing_provider_hands_over_all_that_wait_for_it(house: House, web: FakeWeb) -> None:
    shelve(house, web, *[journal_item(f"10.5555/{number}") for number in range(450)])
    web.put(f"{CROSSREF}/works", Page(b"", status=502))

    for _ in range(3):
        complete(house)
        house.clock.forward(days=1)

    rows = house.rows(wanted)
    assert (len(rows), {row.stage for row in rows}) == (450, {1})


def test_one_answer_is_booked_once_however_often_it_is_asked(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))

    done = [complete(house) for _ in range(3)]

    assert [one.asked for one in done] == [1, 0, 0]
    assert [line.account for line in house.log("service:crossref")] == [Account(received=1, revised=1)]


# -- signals -----------------------------------------------------------------------------------------


def test_a_signal_takes_its_newest_strength_and_a_paper_its_greatest(shelf: TestShelf) -> None:
    def heard(strength: int, *, back: int = 0, name: str = "hf-daily") -> Signal:
        return Signal(name, "arxiv", "2606.00001", DAY - timedelta(days=back), strength)

    with shelf.database.writing() as connection:
        signals.keep(connection, [heard(3), heard(5), heard(40, back=2)], now=NOW)
        signals.keep(connection, [heard(9), heard(7, name="other")], now=LATER)
        signals.keep(connection, [], now=LATER)

        found = signals.of_pairs(connection, [("doi", "10.5555/1"), ("arxiv", "2606.00001")])
        today = signals.of_pairs(connection, [("arxiv", "2606.00002")])

    assert found == {"hf-daily": 40, "other": 7}
    assert today == {}
