"""A harvest asks page after page, goes on wherever it was stopped, and counts nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import fetches, harvests, manifestations, sightings, sources, works
from academichub.errors import AcademicHubError, SourceUnknown
from academichub.model.shelf import Account, FetchStatus
from academichub.store import sources as shelf
from tests.fakes.answers import (
    CROSSREF,
    crossref_list,
    crossref_work,
    oai_error,
    oai_page,
    raw_record,
    title_of,
)
from tests.fakes.harvesting import (
    FIRST_QUESTION,
    RUN,
    CutBefore,
    During,
    PowerCut,
    asked_for,
    assert_whole,
    pages,
    records,
)
from tests.fakes.harvesting import harvest_by_hand as ask
from tests.fakes.house import FRIDAY, KEY
from tests.fakes.web import Page

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.flows.harvesting import Harvested
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

ISSN_PAGES = f"{CROSSREF}/journals/0028-0836/works"
FIRST = oai_page(*records(1, 2), then="t1", total=4)
LAST = oai_page(*records(3, 4), then="", total=4)


# -- page after page ---------------------------------------------------------------------------------


def test_all_pages_are_asked_for_in_turn_and_shelved(house: House, web: FakeWeb) -> None:
    pages(
        web,
        oai_page(*records(1, 2), then="t1", total=5),
        oai_page(*records(3, 4), then="t2", total=5),
        oai_page(*records(5), then="", total=5),
    )
    house.subscribe()
    told: list[tuple[int, int | None]] = []

    done = ask(house, progress=lambda seen, total: told.append((seen, total)))

    assert (done.status, done.error) == (FetchStatus.OK, None)
    assert done.account == Account(received=5, new=5)
    assert (done.pages, done.seen, done.total) == (3, 5, 5)
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert asked_for(web) == [
        FIRST_QUESTION,
        "resumptionToken=t1",
        "resumptionToken=t2",
    ]
    assert_whole(house, 5)
    runs = [row.run.rpartition(":")[0] for row in house.rows(fetches)]
    assert runs == [f"{RUN}#0.0", f"{RUN}#0.1", f"{RUN}#0.2"]


def test_a_harvest_that_is_finished_asks_nobody_again(house: House, web: FakeWeb) -> None:
    pages(web, oai_page(*records(1, 2)))
    house.subscribe()
    ask(house)

    again = ask(house)

    assert (again.status, again.pages, again.account, again.seen) == (FetchStatus.OK, 0, Account(), 2)
    assert len(web.visits) == 1


def test_the_archive_tells_when_and_how_each_paper_was_announced(house: House, web: FakeWeb) -> None:
    wednesday = "Wed, 17 Jun 2026 12:00:00 GMT"
    after_cutoff = "Wed, 17 Jun 2026 18:30:00 GMT"  # half past two in New York
    pages(
        web,
        oai_page(
            raw_record("2606.10001", sent=[wednesday]),
            raw_record("2606.10002", sent=[after_cutoff]),
            raw_record("2606.10003", sent=[wednesday], categories="math.CO cs.LG"),
            raw_record("2505.10004", sent=["Mon, 5 May 2025 09:00:00 GMT", wednesday]),
            raw_record("2606.10005", sent=["Fri, 12 Jun 2026 19:00:00 GMT"]),
        ),
    )
    house.subscribe()

    ask(house)

    by_item = {row.id: row.item for row in house.rows(manifestations)}
    told = {
        by_item[row.manifestation_id]: (row.announcement, str(row.announced_on))
        for row in house.rows(sightings)
    }
    assert told == {
        "2606.10001": ("new", "2026-06-18"),
        "2606.10002": ("new", "2026-06-19"),
        "2606.10003": ("cross", "2026-06-18"),
        "2505.10004": ("replace", "2026-06-18"),
        "2606.10005": ("new", "2026-06-16"),  # Friday afternoon is Monday's list, Tuesday's feed
    }


def test_nothing_new_is_an_honest_end(house: House, web: FakeWeb) -> None:
    pages(web, oai_error("noRecordsMatch"))
    house.subscribe()

    done = ask(house)

    assert (done.status, done.account, done.pages, done.seen) == (FetchStatus.OK, Account(), 1, 0)
    assert [row.status for row in house.rows(fetches)] == ["empty"]


def test_a_record_that_cannot_be_read_is_kept_aside_and_the_page_balances(house: House, web: FakeWeb) -> None:
    pages(web, oai_page(raw_record("2606.10001"), raw_record("2606.10002", title=" "), *records(3)))
    house.subscribe()

    done = ask(house)

    assert done.account == Account(received=3, new=2, rejected=1)
    assert [row.error_code for row in house.quarantine()] == ["record.untitled"]
    assert_whole(house, 2)


def test_crossref_is_paged_by_cursor_until_all_have_been_seen(house: House, web: FakeWeb) -> None:
    works_of = [crossref_work(f"10.5555/{number}", title=title_of(number)) for number in range(5)]
    web.put(
        ISSN_PAGES,
        crossref_list(*works_of[:2], total=5, cursor="c+1"),
        crossref_list(*works_of[2:4], total=5, cursor="c+1"),  # as real ones do, it stays the same
        crossref_list(*works_of[4:], total=5, cursor="c+1"),
    )
    house.subscribe("nature")

    done = ask(house, key="nature", name="crossref", scope="issn:0028-0836", run="nature@backfill")

    assert (done.status, done.account) == (FetchStatus.OK, Account(received=5, new=5))
    assert [visit.path.rpartition("cursor=")[2] for visit in web.visits] == ["*", "c%2B1", "c%2B1"]
    assert_whole(house, 5)


def test_what_is_brought_from_the_past_is_not_counted_for_today(house: House, web: FakeWeb) -> None:
    pages(web, oai_page(*records(1, 2)))
    house.subscribe()

    ask(house)
    assert house.row().strip[-1].new == 0
    ask(house, run=f"{KEY}@heal", purpose="heal")

    assert house.log()[0].account == Account(received=2, unchanged=2)
    assert sum(mark.new for mark in house.row().strip) == 0


# -- stopped half way --------------------------------------------------------------------------------


def test_stopped_after_a_page_it_goes_on_with_the_next(house: House, web: FakeWeb) -> None:
    pages(web, oai_page(*records(1, 2), then="t1"), oai_page(*records(3), then=""))
    house.subscribe()
    with pytest.raises(PowerCut):
        ask(house, web=CutBefore(house, request=2))

    done = ask(house)

    assert (done.status, done.pages, done.seen) == (FetchStatus.OK, 1, 3)
    assert done.account == Account(received=1, new=1)
    assert asked_for(web)[1:] == ["resumptionToken=t1"]
    assert_whole(house, 3)


@pytest.mark.parametrize("is_dated", [False, True], ids=["the same bytes", "another second"])
def test_stopped_when_a_page_was_shelved_but_not_booked_it_counts_nothing_twice(
    house: House, web: FakeWeb, *, is_dated: bool
) -> None:
    second = "2026-06-19T05:00:09Z" if is_dated else "2026-06-19T05:00:00Z"
    pages(
        web,
        oai_page(*records(1, 2), then="t1"),
        oai_page(*records(1, 2), then="t1", at=second),
        oai_page(*records(3), then=""),
    )
    house.subscribe()
    ticks = iter(range(100))

    def clock() -> datetime:
        # Asked for the question, the request, the page, its shelving, and then for its end.
        if next(ticks) == 5:
            raise PowerCut
        return FRIDAY

    with pytest.raises(PowerCut):
        ask(house, clock=clock)
    assert len(house.rows(works)) == 2
    assert [row.status for row in house.rows(fetches)] == ["running"]

    done = ask(house)

    expected = Account(received=3, new=1, unchanged=2) if is_dated else Account(received=3, new=3)
    assert (done.account, done.seen) == (expected, 3)
    assert_whole(house, 3)
    first = house.rows(fetches)[0]
    assert (first.status, first.new) == ("interrupted" if is_dated else "ok", 2)


def test_an_error_of_the_server_ends_the_call_and_the_next_one_goes_on(house: House, web: FakeWeb) -> None:
    pages(
        web,
        oai_page(*records(1, 2), then="t1"),
        Page(b"", status=500),
        oai_page(*records(3), then=""),
    )
    house.subscribe()

    first = ask(house)
    (row,) = house.rows(harvests)
    again = ask(house)

    assert (first.status, first.pages, first.account) == (FetchStatus.FAILED, 1, Account(received=2, new=2))
    assert first.error is not None
    assert (row.status, row.error_code) == ("failed", "source.unreachable")
    assert row.error_facts["status"] == 500
    assert (again.status, again.account) == (FetchStatus.OK, Account(received=1, new=1))
    assert asked_for(web)[1:] == ["resumptionToken=t1"] * 2
    assert_whole(house, 3)


def test_a_server_that_wants_us_to_wait_is_not_asked_again_at_once(house: House, web: FakeWeb) -> None:
    pages(web, Page(b"Rate exceeded."))
    house.subscribe()

    done = ask(house)

    assert done.error is not None
    assert done.error.code == "feed.throttled"
    assert len(web.visits) == 1


def test_a_step_that_another_version_of_the_hub_wrote_is_understood(house: House, web: FakeWeb) -> None:
    pages(web, oai_page(*records(1), then="t1"), Page(b"", status=500), oai_page(*records(2), then=""))
    house.subscribe()
    ask(house)
    (row,) = house.rows(harvests)
    with house.database.writing() as connection:
        connection.execute(sa.update(harvests).values(step={**row.step, "mood": "hopeful"}))

    done = ask(house)

    assert (done.status, done.seen) == (FetchStatus.OK, 2)


# -- others at work ----------------------------------------------------------------------------------


def test_two_processes_on_one_harvest_count_each_page_once(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, FIRST, LAST)
    house.subscribe()
    other: list[Harvested] = []

    mine = ask(house, web=During(house, lambda: other.append(ask(house))))

    assert other[0].account == Account(received=4, new=4)
    assert mine.account == Account()
    (row,) = house.rows(harvests)
    assert (row.status, row.seen, row.pages, row.step) == ("ok", 4, 2, None)
    assert_whole(house, 4)


def test_a_process_that_wakes_up_late_does_not_lead_another_back(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, FIRST, Page(b"", status=500), LAST)
    house.subscribe()

    mine = ask(house, web=During(house, lambda: ask(house)))

    assert (mine.status, mine.account) == (FetchStatus.OK, Account(received=2, new=2))
    assert asked_for(web)[2:] == ["resumptionToken=t1"] * 2
    assert_whole(house, 4)


def remove(house: House) -> None:
    with house.database.writing() as connection:
        shelf.remove_source(connection, KEY)


def test_a_source_removed_while_its_server_answers_ends_the_harvest(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, LAST)
    house.subscribe()

    with pytest.raises(SourceUnknown):
        ask(house, web=During(house, lambda: remove(house)))

    assert house.rows(fetches) == house.rows(harvests) == house.rows(sources) == []


def test_a_source_removed_between_two_pages_ends_the_harvest_and_keeps_the_papers(
    house: House, web: FakeWeb
) -> None:
    pages(web, FIRST, LAST)
    house.subscribe()

    with pytest.raises(SourceUnknown):
        ask(house, progress=lambda *_: remove(house))

    assert len(house.rows(works)) == 2
    assert house.rows(fetches) == house.rows(harvests) == []


def test_a_source_subscribed_again_meanwhile_is_another_one(house: House, web: FakeWeb) -> None:
    pages(web, FIRST, LAST)
    house.subscribe("cs.AI")
    house.subscribe()

    def again() -> None:
        remove(house)
        house.subscribe("cs.CV")
        house.subscribe()

    with pytest.raises(SourceUnknown):
        ask(house, web=During(house, again))

    assert house.rows(fetches) == house.rows(harvests) == []


def test_what_cannot_be_harvested_is_refused_before_anybody_is_asked(house: House, web: FakeWeb) -> None:
    house.subscribe()

    with pytest.raises(ValueError, match="cannot be harvested"):
        ask(house, name="arxivapi")

    assert web.visits == []


def test_an_error_that_is_the_hubs_own_is_not_the_servers(house: House, web: FakeWeb) -> None:
    class HubError(AcademicHubError):
        """Something of the hub itself."""

        code = "settings.failed"

    def fail() -> None:
        raise HubError

    pages(web, FIRST)
    house.subscribe()

    with pytest.raises(HubError):
        ask(house, web=During(house, fail))

    assert [row.status for row in house.rows(harvests)] == ["running"]
