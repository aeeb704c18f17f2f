"""Two workers on one PostgreSQL: polite to arXiv together, each source once, and one may die."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import fetches, manifestations, works
from academichub.fetch.manners import ARXIV_INTERVAL_SECONDS
from academichub.flows.subscribing import subscribe
from academichub.hub import Hub, open_hub, utc_now
from academichub.model.shelf import FetchStatus
from academichub.settings import Settings
from academichub.store.indexing import latest_change
from benchmarks.corpus import made_up_records, rss
from tests.fakes.databases import fresh_database
from tests.fakes.waiting import eventually
from tests.fakes.web import FakeWeb, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CATEGORIES = ("cs.CV", "cs.LG", "cs.AI", "cs.CL", "quant-ph", "math.PR", "hep-th", "stat.ML")
OWN = 5  # papers that only one category's feed has; one more is in all of them
NATURE = b"""<rss version="2.0"><channel><title>Nature</title><item><title>Frogs sing in tune</title>
<link>https://www.nature.com/articles/made-up-1</link><guid>made-up-1</guid></item></channel></rss>"""
REAL = ("-m", "academichub", "worker")
IMPATIENT = ("-m", "tests.fakes.hub_worker")


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    """Stand for rss.arxiv.org, slow enough that two requests at once would be seen, and for nature.com."""
    everything = made_up_records(len(CATEGORIES) * OWN + 1)
    today = utc_now().date()
    with FakeWeb() as opened:
        for number, name in enumerate(CATEGORIES):
            own = everything[1 + number * OWN : 1 + (number + 1) * OWN]
            feed = rss([everything[0], *own], on=today, name=name)
            opened.put(f"//rss.arxiv.org/rss/{name}", Page(feed, delay_seconds=0.4))
        opened.put("//www.nature.com/nature.rss", Page(NATURE))
        yield opened


@pytest.fixture
def hub(request: pytest.FixtureRequest, tmp_path: Path, web: FakeWeb) -> Iterator[Hub]:
    with fresh_database("postgresql", config=request.config, folder=tmp_path) as url:
        settings = Settings(home=tmp_path / "home", database=url, fetch_replay=web.url(""))
        with open_hub(settings) as opened:
            yield opened


@contextmanager
def worker(hub: Hub, program: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker in a process of its own; end it afterwards."""
    settings = {
        "ACADEMICHUB_HOME": str(hub.settings.home),
        "ACADEMICHUB_DATABASE": hub.settings.database,
        "ACADEMICHUB_FETCH_REPLAY": hub.settings.fetch_replay,
    }
    process = subprocess.Popen([sys.executable, *program], cwd=ROOT, env={**os.environ, **settings})
    try:
        yield process
        process.terminate()
        assert process.wait(40) in {0, -signal.SIGKILL}
    finally:
        process.kill()
        process.wait()


def answered(hub: Hub) -> int:
    return sum(row.last_ok_at is not None for row in hub.sources(now=utc_now()).sources)


def test_arxiv_is_asked_by_one_at_a_time_with_three_seconds_between_and_each_source_once(
    hub: Hub, web: FakeWeb
) -> None:
    for name in (*CATEGORIES, "nature"):
        subscribe(hub.database, name, now=utc_now())

    with worker(hub, REAL), worker(hub, REAL):
        eventually(lambda: answered(hub) == 9, within_seconds=55, what="an answer of every source")
        heard = [one for one in hub.desk.heartbeats() if one.role == "worker"]

    assert len(heard) == 2
    visits = web.visits
    arxiv = sorted((one for one in visits if one.host == "rss.arxiv.org"), key=lambda one: one.started_at)
    gaps = [after.started_at - before.ended_at for before, after in itertools.pairwise(arxiv)]
    assert min(gaps) >= ARXIV_INTERVAL_SECONDS, gaps
    assert sorted(one.path for one in arxiv) == sorted(f"/rss/{name}" for name in CATEGORIES)
    assert len(visits) == len(CATEGORIES) + 1
    assert arxiv[0].started_at - min(one.started_at for one in visits) < 3.0  # nature held nobody up

    with hub.database.reading() as connection:
        log = connection.execute(sa.select(fetches)).all()
        papers = connection.execute(sa.select(works)).all()
        places = connection.execute(sa.select(sa.func.count()).select_from(manifestations)).scalar_one()
        latest = latest_change(connection)
    assert [row.status for row in log] == [FetchStatus.OK.value] * 9
    assert len(papers) == places == len(CATEGORIES) * OWN + 1 + 1
    assert sum(row.new for row in log) == len(papers)
    assert sum(row.unchanged for row in log) == len(CATEGORIES) - 1  # the paper that all of them had
    assert all(row.received == row.new + row.unchanged for row in log)
    # Each paper has a number of its own; the one that all have takes another with every source that has it.
    assert len({row.change for row in papers}) == len(papers)
    assert latest == len(papers) + len(CATEGORIES) - 1
    rows = hub.sources(now=utc_now()).sources
    assert all(row.next_due_at and row.last_ok_at and row.next_due_at > row.last_ok_at for row in rows)


def test_what_a_killed_worker_was_fetching_is_finished_by_the_other(hub: Hub, web: FakeWeb) -> None:
    names = CATEGORIES[:3]
    for name in names:
        subscribe(hub.database, name, now=utc_now())

    with ExitStack() as stack:
        by_pid = {one.pid: one for one in (stack.enter_context(worker(hub, IMPATIENT)) for _ in range(2))}
        eventually(lambda: len(holders(hub)) == 1, within_seconds=20, what="a fetch under way")
        (pid,) = holders(hub)
        by_pid[pid].send_signal(signal.SIGKILL)
        by_pid[pid].wait()
        eventually(lambda: answered(hub) == len(names), within_seconds=30, what="an answer of every source")
        survivors = {one.pid for one in hub.desk.heartbeats() if one.role == "worker"}

    assert survivors == set(by_pid) - {pid}
    assert max(one.in_flight for one in web.visits) == 1
    with hub.database.reading() as connection:
        log = connection.execute(sa.select(fetches)).all()
        papers = connection.execute(sa.select(sa.func.count()).select_from(works)).scalar_one()
    finished = [row for row in log if row.status == FetchStatus.OK.value]
    assert len(finished) == len(names)
    assert papers == sum(row.new for row in log) == len(names) * OWN + 1
    assert all(row.received == row.new + row.unchanged for row in log)


def holders(hub: Hub) -> set[int]:
    """List the processes that are working on a job just now."""
    running = sa.text(
        "SELECT executor_id FROM academichub_jobs.workflow_status"
        " WHERE status = 'PENDING' AND name = 'sources.refresh'"
    )
    pids = {one.executor: one.pid for one in hub.desk.heartbeats()}
    with hub.database.reading() as connection:
        return {pids[executor] for executor in connection.execute(running).scalars() if executor in pids}
