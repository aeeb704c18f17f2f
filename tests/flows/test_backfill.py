"""A stretch of a source's past is fetched from whoever keeps it, and a stopped one goes on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from academichub.db.tables import fetches, harvests, manifestations, sources, works
from academichub.errors import BackfillImpossible, SourceUnknown
from academichub.flows.backfilling import backfill, plan
from academichub.model.shelf import Account, FetchStatus
from academichub.store import sources as shelf
from tests.fakes.answers import CROSSREF, OAI, crossref_list, crossref_work, oai_page, raw_record
from tests.fakes.harvesting import CutBefore, PowerCut, assert_whole
from tests.fakes.house import KEY
from tests.fakes.web import Page

if TYPE_CHECKING:
    from academichub.flows.backfilling import BackfillPlan
    from academichub.flows.harvesting import Harvested
    from academichub.flows.refreshing import Asks
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 6)


def fill(house: House, key: str = KEY, *, web: Asks | None = None, **more: Any) -> Harvested:
    return backfill(
        house.database, web or house.fetcher, key, since=SINCE, until=UNTIL, clock=house.clock, **more
    )


def planned(house: House, key: str = KEY, *, until: date = UNTIL) -> BackfillPlan:
    return plan(house.database, key, since=SINCE, until=until, now=house.clock())


# -- who keeps it ------------------------------------------------------------------------------------


def test_arxivs_past_is_in_its_archive_with_the_days_of_announcement(house: House, web: FakeWeb) -> None:
    sent = ["Tue, 3 Mar 2026 12:00:00 GMT"]
    web.put(OAI, oai_page(*[raw_record(f"2603.1000{number}", sent=sent) for number in range(4)]))
    house.subscribe()

    done = fill(house)

    assert (done.status, done.account) == (FetchStatus.OK, Account(received=4, new=4))
    (path,) = [visit.path for visit in web.visits]
    assert path.endswith("metadataPrefix=arXivRaw&set=cs%3Acs%3ALG&from=2026-03-02")
    assert {row.announced_on for row in house.rows(manifestations)} == {date(2026, 3, 4)}
    assert {row.listed_on for row in house.rows(works)} == {date(2026, 3, 4)}
    assert_whole(house, 4)


def test_a_journals_past_is_asked_of_crossref_by_issn_and_by_the_days_of_publication(
    house: House, web: FakeWeb
) -> None:
    web.put(f"{CROSSREF}/journals/0028-0836/works", crossref_list(crossref_work("10.5555/1")))
    house.subscribe("nature")

    done = fill(house, "nature")

    assert done.account == Account(received=1, new=1)
    (path,) = [visit.path for visit in web.visits]
    # Crossref indexes everything anew all the time: by the days of indexing nothing old would be found.
    assert "filter=from-pub-date:2026-03-02,until-pub-date:2026-03-06&" in path


def test_a_services_past_is_asked_of_itself(house: House, web: FakeWeb) -> None:
    web.put(f"{CROSSREF}/journals/2521-327X/works", crossref_list(crossref_work("10.5555/1")))
    house.subscribe("quantum")

    done = fill(house, "quantum")

    assert done.account == Account(received=1, new=1)
    with house.database.reading() as connection:
        assert shelf.subscription(connection, "quantum").harvested_to is None  # it says nothing of today


def test_what_nobody_keeps_is_named(house: House, web: FakeWeb) -> None:
    house.subscribe("https://letters.example/feed")
    (typed,) = [row.key for row in house.rows(sources)]
    reviews = house.subscribe("harvard-law-review")
    with house.database.writing() as connection:
        for key, kind, name in (("ids", "api", "arxivapi"), ("service:crossref", "service", "crossref")):
            shelf.add_source(
                connection, key=key, kind=kind, title=key, url="", now=house.clock(), connector=name
            )

    for key in (typed, reviews, "ids", "service:crossref"):
        with pytest.raises(BackfillImpossible):
            planned(house, key)
        with pytest.raises(BackfillImpossible):
            fill(house, key)
    with pytest.raises(SourceUnknown):
        fill(house, "nature")

    assert web.visits == []
    assert house.rows(harvests) == []


def test_the_plan_says_who_is_asked_and_guesses_how_much(house: House) -> None:
    house.subscribe()
    house.subscribe("nature")

    arxiv, nature = planned(house), planned(house, "nature")

    assert (arxiv.connector, arxiv.scope) == ("oai", "https://oaipmh.arxiv.org/oai|arXivRaw|cs:cs:LG")
    assert (nature.connector, nature.scope) == ("crossref", "issn:0028-0836")
    assert nature.estimate == 5 * 20
    assert arxiv.estimate == 110 * 20  # up to today: the archive cannot be asked where to end


# -- going on ----------------------------------------------------------------------------------------


def test_a_stopped_backfill_goes_on_and_a_finished_one_asks_nobody(house: House, web: FakeWeb) -> None:
    first = oai_page(raw_record("2603.10001"), raw_record("2603.10002"), then="t1", total=3)
    web.put(OAI, first, Page(b"", status=500), oai_page(raw_record("2603.10003"), then="", total=3))
    house.subscribe()
    told: list[tuple[int, int | None]] = []
    with pytest.raises(PowerCut):
        fill(house, web=CutBefore(house, request=2))
    failed = fill(house)

    done = fill(house, progress=lambda seen, total: told.append((seen, total)))
    again = fill(house)

    assert failed.status is FetchStatus.FAILED
    assert (done.account, done.seen, told) == (Account(received=1, new=1), 3, [(3, 3)])
    assert (again.status, again.account, again.pages) == (FetchStatus.OK, Account(), 0)
    assert len(web.visits) == 3
    assert_whole(house, 3)


def test_another_stretch_is_another_harvest_and_doubles_nothing(house: House, web: FakeWeb) -> None:
    web.put(OAI, oai_page(raw_record("2603.10001")))
    house.subscribe()
    fill(house)

    done = backfill(
        house.database, house.fetcher, KEY, since=date(2026, 2, 2), until=UNTIL, clock=house.clock
    )

    assert done.account == Account(received=1, unchanged=1)
    assert [row.run for row in house.rows(harvests)] == [
        f"{KEY}@backfill:2026-03-02:2026-03-06",
        f"{KEY}@backfill:2026-02-02:2026-03-06",
    ]
    assert len(house.rows(works)) == 1


def test_what_the_past_brings_changes_neither_todays_counts_nor_how_often_a_source_is_asked(
    house: House, web: FakeWeb
) -> None:
    made = [crossref_work(f"10.5555/{number}") for number in range(150)]
    web.put(f"{CROSSREF}/journals/2521-327X/works", crossref_list(*made))
    house.subscribe("quantum")

    fill(house, "quantum")

    row = house.row("quantum")
    assert (row.new_per_day, row.strip[-1].new, row.last_ok_at) == (0.0, 0, None)
    assert [line.account.new for line in house.log("quantum")] == [150]
    assert sum(row.new for row in house.rows(fetches)) == 150
