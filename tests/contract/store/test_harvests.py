"""Where a harvest has come to is written down the same way on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import fetches, harvests, works
from academichub.errors import AnswerPageEmpty, SourceUnknown
from academichub.model.shelf import Account, FetchStatus
from academichub.store import harvests as store
from academichub.store import log
from academichub.store import sources as shelf
from tests.fakes.answers import CROSSREF, crossref_list, crossref_work, oai_error, oai_page
from tests.fakes.harvesting import assert_whole, harvest_by_hand, pages, records
from tests.fakes.house import FRIDAY, KEY, House
from tests.fakes.network import a_fetcher
from tests.fakes.web import FakeWeb, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.flows.harvesting import Harvested
    from academichub.store.harvests import OpenHarvest

RUN = f"{KEY}@backfill:a:b"
STEP = {"url": "https://x.example/2", "token": "t%1_", "seen": 2, "pages": 1, "total": None}


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb() as opened:
        yield opened


@pytest.fixture
def house(database_url: str, web: FakeWeb) -> Iterator[House]:
    with a_fetcher(replay=web.url("")) as fetcher:
        built = House.build(database_url, fetcher)
        built.subscribe()
        yield built
        built.database.close()


def opened(connection: sa.Connection, *, run: str = RUN, purpose: str = "backfill") -> OpenHarvest:
    return store.open_harvest(
        connection,
        source_id=shelf.subscription(connection, KEY).source_id,
        run=run,
        purpose=purpose,
        since=None,
        until=None,
        now=FRIDAY,
    )


def test_a_harvest_that_is_opened_again_is_where_it_was(house: House) -> None:
    with house.database.writing() as connection:
        first = opened(connection)
        moved = store.move_on(connection, first, step=STEP, entries=2, total=None, now=FRIDAY)
        second = opened(connection)

    assert moved
    assert (first.step, first.status, first.seen, first.pages) == (None, FetchStatus.RUNNING, 0, 0)
    assert (second.step, second.seen, second.pages, second.total) == (STEP, 2, 1, None)
    assert second.started_at == FRIDAY
    assert second.page_run("f" * 64) == f"{RUN}#0.1:{'f' * 16}"


def test_only_who_knows_where_a_harvest_is_may_move_it(house: House) -> None:
    with house.database.writing() as connection:
        sleeper = opened(connection)
        store.move_on(connection, sleeper, step=STEP, entries=2, total=9, now=FRIDAY)

        assert not store.move_on(connection, sleeper, step=None, entries=2, total=None, now=FRIDAY)
        store.begin_again(connection, sleeper, now=FRIDAY)
        store.give_up(connection, sleeper, error=AnswerPageEmpty(seen=0, total=9), now=FRIDAY)
        now = opened(connection)

    assert (now.status, now.step, now.seen, now.total, now.restarts) == (
        FetchStatus.RUNNING,
        STEP,
        2,
        9,
        0,
    )


def test_what_is_finished_stays_finished(house: House) -> None:
    with house.database.writing() as connection:
        first = opened(connection)
        store.move_on(connection, first, step=None, entries=1, total=1, now=FRIDAY)
        done = opened(connection)
        store.begin_again(connection, done, now=FRIDAY)
        store.give_up(connection, done, error=AnswerPageEmpty(seen=0, total=9), now=FRIDAY)

        assert not store.move_on(connection, done, step=STEP, entries=1, total=None, now=FRIDAY)
        assert opened(connection) == done
        assert store.newest_unfinished(connection, done.source_id, purpose="backfill") is None


def test_a_harvest_that_stands_still_keeps_its_reason_until_it_gets_on(house: House) -> None:
    with house.database.writing() as connection:
        store.give_up(connection, opened(connection), error=AnswerPageEmpty(seen=2, total=9), now=FRIDAY)
        still = opened(connection)
        (row,) = connection.execute(sa.select(harvests)).all()
        store.begin_again(connection, still, now=FRIDAY + timedelta(hours=1))
        again = opened(connection)
        store.move_on(connection, again, step=STEP, entries=1, total=None, now=FRIDAY)
        on = opened(connection)

    assert (still.status, still.error_code) == (FetchStatus.FAILED, "answer.page_empty")
    assert row.error_facts == {"seen": 2, "total": 9}
    assert (again.restarts, again.step, again.seen) == (1, None, 0)
    assert (on.status, on.error_code, on.pages) == (FetchStatus.RUNNING, None, 1)


def test_a_harvest_of_a_source_that_is_gone_is_not_opened(house: House) -> None:
    with house.database.writing() as connection:
        gone = opened(connection)
        shelf.remove_source(connection, KEY)

    with pytest.raises(SourceUnknown) as caught, house.database.writing() as connection:
        store.open_harvest(
            connection,
            source_id=gone.source_id,
            run=RUN,
            purpose="backfill",
            since=None,
            until=None,
            now=FRIDAY,
        )

    assert caught.value.facts["source"] == KEY


def test_only_pages_of_the_same_harvest_are_closed(house: House) -> None:
    runs = (f"{RUN}#0.0:aa", f"{RUN}#0.1:bb", f"{RUN}2#0.0:cc", f"{KEY}@1:dd", f"{RUN}")
    with house.database.writing() as connection:
        harvest = opened(connection)
        for run in runs:
            log.open_fetch(
                connection,
                source_id=harvest.source_id,
                run=run,
                address="",
                fingerprint=None,
                byte_count=0,
                now=FRIDAY,
            )

        closed = store.close_left(connection, harvest, but_run=runs[1], now=FRIDAY)

        rows = connection.execute(sa.select(fetches.c.run, fetches.c.status)).all()
    assert closed == 1
    assert {row.run for row in rows if row.status == "interrupted"} == {runs[0]}


def test_a_whole_harvest_with_a_lie_an_error_and_an_expired_token(house: House, web: FakeWeb) -> None:
    first = oai_page(*records(1, 2), then="t1", total=4)
    pages(
        web,
        first,
        oai_page(then="t2", total=4),
        Page(b"", status=500),
        oai_error("badResumptionToken"),
        first,
        oai_page(*records(3, 4), then="", total=4),
    )

    failed = harvest_by_hand(house)
    done = harvest_by_hand(house)

    assert failed.status is FetchStatus.FAILED
    assert done.account == Account(received=4, new=2, unchanged=2)
    assert_whole(house, 4)


def test_a_cursor_that_no_database_keeps_is_kept_without_what_is_odd(house: House, web: FakeWeb) -> None:
    made = [crossref_work(f"10.5555/{number}") for number in range(2)]
    web.put(
        f"{CROSSREF}/journals/0028-0836/works",
        crossref_list(made[0], total=2, cursor="a\x00b\ud800c"),
        Page(b"", status=500),
        crossref_list(made[1], total=2),
    )
    plan = {"name": "crossref", "scope": "issn:0028-0836"}

    harvest_by_hand(house, **plan)
    done = harvest_by_hand(house, **plan)

    assert (done.status, done.seen) == (FetchStatus.OK, 2)
    assert len(house.rows(works)) == 2


def test_two_workers_on_one_harvest_at_once_count_everything_once(house: House, web: FakeWeb) -> None:
    pages(
        web,
        *[oai_page(*records(1, 2), then="t1", total=4)] * 2,
        *[oai_page(*records(3, 4), then="", total=4)] * 2,
    )
    barrier = threading.Barrier(2)
    done: list[Harvested] = []

    def work() -> None:
        barrier.wait()
        done.append(harvest_by_hand(house))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (row,) = house.rows(harvests)
    assert (row.status, row.seen, row.pages) == ("ok", 4, 2)
    assert sum(one.pages for one in done) == 2
    assert sum(one.account.new for one in done) <= 4
    assert_whole(house, 4)
