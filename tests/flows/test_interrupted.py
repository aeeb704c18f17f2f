"""What happens half way: processes that die, stand still, or find the source gone."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest

from academichub.db.tables import fetches, manifestations, sources, works
from academichub.errors import RecordBroken, SourceUnknown
from academichub.flows.ingesting import ingest_file
from academichub.flows.shelving import BATCH, shelve
from academichub.model.papers import Feed, Rejected
from academichub.model.shelf import Account, FetchStatus
from academichub.sources import reading
from academichub.store import log
from academichub.store import sources as shelf
from benchmarks.corpus import made_up_records, rss
from tests.fakes.house import KEY, SCRIPT
from tests.fakes.web import Page

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from academichub.fetch.client import Ask, Reply
    from academichub.store.log import OpenFetch
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

TODAY = date(2026, 6, 19)
ENTRIES = 2 * BATCH + 40


class PowerCut(BaseException):
    """Nobody catches this, as nobody catches a kill."""


def cut_after(batches: int) -> object:
    """Give a progress callback that ends the process after so many batches."""
    seen = []

    def advance(done: int) -> None:
        seen.append(done)
        if len(seen) == batches:
            raise PowerCut

    return advance


@pytest.fixture
def body(web: FakeWeb) -> bytes:
    made = rss(made_up_records(ENTRIES), on=TODAY)
    web.put(SCRIPT, Page(made, etag='"a"'))
    return made


@pytest.mark.usefixtures("body")
@pytest.mark.parametrize("batches", [1, 2])
def test_a_run_cut_off_between_batches_goes_on_where_it_stopped(house: House, batches: int) -> None:
    house.subscribe()
    with pytest.raises(PowerCut):
        house.refresh(run="turn", progress=cut_after(batches))
    assert [line.status for line in house.log()] == [FetchStatus.RUNNING]
    assert house.log()[0].account == Account(received=batches * BATCH, new=batches * BATCH)
    parts: list[int] = []

    outcome = house.refresh(run="turn", progress=parts.append)

    assert sum(parts) == ENTRIES - batches * BATCH  # nothing is done again
    assert outcome.account == Account(received=ENTRIES, new=ENTRIES)
    assert [(line.status, line.account) for line in house.log()] == [(FetchStatus.OK, outcome.account)]
    assert len(house.rows(works)) == len(house.rows(manifestations)) == ENTRIES
    assert house.row().strip[-1].new == ENTRIES


@pytest.mark.usefixtures("body")
def test_another_turn_after_a_cut_closes_the_old_one_and_counts_what_was_there_as_unchanged(
    house: House,
) -> None:
    house.subscribe()
    with pytest.raises(PowerCut):
        house.refresh(run="first", progress=cut_after(1))

    outcome = house.refresh(run="second")

    assert outcome.account == Account(received=ENTRIES, new=ENTRIES - BATCH, unchanged=BATCH)
    assert [line.status for line in house.log()] == [FetchStatus.OK, FetchStatus.INTERRUPTED]
    assert all(line.account.balances for line in house.log())
    assert len(house.rows(works)) == ENTRIES


@pytest.mark.usefixtures("body")
def test_a_failure_after_a_cut_closes_the_old_run_too(house: House, web: FakeWeb) -> None:
    house.subscribe()
    with pytest.raises(PowerCut):
        house.refresh(run="first", progress=cut_after(1))
    web.put(SCRIPT, Page(b"", status=500))

    house.refresh(run="second")

    assert {line.status for line in house.log()} == {FetchStatus.FAILED, FetchStatus.INTERRUPTED}


def test_a_retry_that_brings_other_bytes_is_another_fetch(house: House, web: FakeWeb, body: bytes) -> None:
    house.subscribe()
    with pytest.raises(PowerCut):
        house.refresh(run="turn", progress=cut_after(1))
    longer = rss(made_up_records(ENTRIES + 1), on=TODAY)
    assert longer != body
    web.put(SCRIPT, Page(longer))

    outcome = house.refresh(run="turn")

    assert outcome.account == Account(received=ENTRIES + 1, new=ENTRIES + 1 - BATCH, unchanged=BATCH)
    assert [line.status for line in house.log()] == [FetchStatus.OK, FetchStatus.INTERRUPTED]


@pytest.mark.usefixtures("body")
def test_a_run_that_was_finished_is_not_made_again(house: House, web: FakeWeb) -> None:
    house.subscribe()
    first = house.refresh(run="turn")

    again = house.refresh(run="turn")

    assert again == first
    assert len(web.visits) == 1
    assert len(house.log()) == 1


@pytest.mark.usefixtures("body")
def test_a_run_whose_name_begins_like_a_finished_one_is_its_own(house: House, web: FakeWeb) -> None:
    house.subscribe()
    house.refresh(run="turn1")

    house.refresh(run="turn")

    assert len(web.visits) == 2


# -- the shelves, without the web --------------------------------------------------------------------


def open_run(house: House, *, run: str = "turn") -> OpenFetch:
    house.subscribe()
    with house.database.writing() as connection:
        return log.open_fetch(
            connection,
            source_id=shelf.subscription(connection, KEY).source_id,
            run=run,
            address="https://rss.arxiv.org/rss/cs.LG",
            fingerprint=None,
            byte_count=0,
            now=house.clock(),
        )


def test_rejected_entries_among_good_ones_are_counted_and_kept_in_their_places(house: House) -> None:
    feed = reading.read(rss(made_up_records(6), on=TODAY))
    broken = tuple(
        Rejected(
            position, f"id {position}\x00", "title \ud800", RecordBroken(reason="mangled", line=position), ""
        )
        for position in (2, 4)
    )
    records = tuple(one for one in feed.records if one.position not in {2, 4})
    fetch = open_run(house)

    account = shelve(
        house.database,
        Feed(format="rss 2.0", parser="lxml", records=records, rejected=broken),
        fetch,
        now=house.clock(),
    )

    assert account == Account(received=6, new=4, rejected=2)
    held = house.quarantine()
    assert sorted(row.position for row in held) == [2, 4]
    assert {row.error_code for row in held} == {"record.broken"}
    assert {row.external_id for row in held} == {"id 2", "id 4"}


def test_a_feed_of_nothing_but_broken_entries_still_balances(house: House) -> None:
    broken = tuple(Rejected(position, "", "", RecordBroken(reason="mangled"), "") for position in range(3))
    fetch = open_run(house)

    account = shelve(
        house.database, Feed(format="rss 2.0", parser="lxml", rejected=broken), fetch, now=house.clock()
    )

    assert account == Account(received=3, rejected=3)
    assert len(house.quarantine()) == 3
    assert house.page().on is None


def test_a_process_that_wakes_up_after_another_went_on_counts_nothing_twice(house: House) -> None:
    feed = reading.read(rss(made_up_records(BATCH + 8), on=TODAY))
    sleeper = open_run(house)
    shelve(house.database, feed, open_run(house), now=house.clock())

    woken = shelve(house.database, feed, sleeper, now=house.clock())

    assert woken == Account()
    assert house.log()[0].account == Account(received=BATCH + 8, new=BATCH + 8)


def test_two_processes_that_take_in_the_same_file_at_once_share_the_work(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(made_up_records(ENTRIES), on=TODAY))
    barrier = threading.Barrier(2)
    taken: list[Account] = []

    def take_in() -> None:
        barrier.wait()
        taken.append(ingest_file(house.database, path, clock=house.clock).account)

    threads = [threading.Thread(target=take_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (line,) = house.log("file")
    assert line.account == Account(received=ENTRIES, new=ENTRIES)
    assert line.account in taken
    assert len(house.rows(works)) == ENTRIES
    assert house.row("file").strip[-1].new == ENTRIES  # the day counts it once


def test_a_source_removed_while_its_batches_are_shelved_ends_the_run_and_keeps_the_papers(
    house: House,
) -> None:
    feed = reading.read(rss(made_up_records(BATCH + 5), on=TODAY))
    fetch = open_run(house)

    def remove(_done: int) -> None:
        with house.database.writing() as connection:
            shelf.remove_source(connection, KEY)

    with pytest.raises(SourceUnknown):
        shelve(house.database, feed, fetch, now=house.clock(), progress=remove)

    assert len(house.rows(works)) == BATCH
    assert house.rows(fetches) == house.rows(sources) == []


class RemovesIt:
    """A web during whose answer somebody removes the source."""

    def __init__(self, house: House) -> None:
        self.house = house

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        with self.house.database.writing() as connection:
            shelf.remove_source(connection, KEY)
        return self.house.fetcher.get(ask, now=now)


@pytest.mark.parametrize("page", [Page(rss(made_up_records(1), on=TODAY)), Page(b"", status=500)])
def test_a_source_removed_while_it_answers_leaves_nothing_behind(
    house: House, web: FakeWeb, page: Page
) -> None:
    web.put(SCRIPT, page)
    house.subscribe()

    with pytest.raises(SourceUnknown):
        house.refresh(web=RemovesIt(house))

    assert house.rows(fetches) == house.rows(sources) == []
