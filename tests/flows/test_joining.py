"""Works that a name ties together become one, whatever the order in which their papers come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from academichub.db.tables import manifestations, merges, works
from academichub.flows.backfilling import backfill
from academichub.flows.joining import join_by_name
from academichub.model.shelf import Account
from tests.fakes.answers import (
    CROSSREF,
    arxiv_feed,
    crossref_list,
    crossref_work,
    journal_feed,
    journal_item,
    title_of,
)
from tests.fakes.house import FRIDAY, SCRIPT

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

FEED = "https://lamps.example/feed"
FEED_PAGE = "//lamps.example/feed"


def take_in(house: House, web: FakeWeb, *items: str) -> Account:
    web.put(FEED_PAGE, journal_feed(*items))
    return house.refresh(house.subscribe(FEED)).account


def test_a_work_that_was_merged_is_followed_where_another_word_ties_it_further(
    house: House, web: FakeWeb
) -> None:
    take_in(house, web, *[journal_item(f"10.5555/{number}") for number in range(4)])

    with house.database.shelving() as connection:
        join_by_name(connection, [(3, 1, "said"), (3, 2, "said"), (4, 3, "said"), (2, 1, "said")], now=FRIDAY)

    (work,) = house.rows(works)
    assert (work.id, work.manifestation_count) == (1, 4)
    assert [(row.kept_id, row.gone_id) for row in house.rows(merges)] == [(1, 3), (1, 2), (1, 4)]


def test_a_paper_that_ties_a_new_card_of_its_own_batch_to_an_older_one_makes_them_one(
    house: House, web: FakeWeb
) -> None:
    web.put(SCRIPT, arxiv_feed({"2606.10001v1": "new"}, on=date(2026, 6, 19)))
    house.subscribe()
    house.refresh()
    alike = title_of(260610001)  # as the preprint is called
    article = crossref_work("10.5555/article", title=alike)
    third = crossref_work(
        "10.5555/third",
        relation={
            "is-version-of": [{"id-type": "doi", "id": "10.5555/article"}],
            "has-preprint": [{"id-type": "arxiv", "id": "2606.10001"}],
        },
    )
    web.put(f"{CROSSREF}/journals/0028-0836/works", crossref_list(article, third))
    house.subscribe("nature")
    done = backfill(
        house.database,
        house.fetcher,
        "nature",
        since=date(2026, 6, 1),
        until=date(2026, 6, 19),
        clock=house.clock,
    )

    assert done.error is None
    (work,) = house.rows(works)
    assert (work.id, work.manifestation_count) == (1, 3)
    # A card that went into another is no new one.
    assert done.account == Account(received=2, twin=2)
    assert {row.work_id for row in house.rows(manifestations)} == {1}
    assert house.page(date(2026, 6, 19)).works == 1
