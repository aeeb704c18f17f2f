"""kill -9 at every step of what a model writes: it goes on, pays for nothing twice, and ends the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

import pytest

from academichub.model.briefing import BriefingOrder, Cost, Maker
from academichub.model.radar import Interest
from academichub.store import aitexts, briefings, ledger, radars, rankings
from tests.fakes import briefpapers, translated
from tests.fakes.chat_server import ChatServer, Said
from tests.fakes.databases import KINDS, fresh_database
from tests.fakes.drafts import DAY, NOW
from tests.fakes.honest_writer import answering
from tests.fakes.mortal import HOLD_SECONDS, TEXTS
from tests.fakes.radars import ranked, ranking
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.model.briefing import Briefing
    from academichub.store.briefings import Kept
    from tests.fakes.chat_server import Asked

pytestmark = pytest.mark.slow
# A kill behind a step is the harder one: on both databases.
MOMENTS = [("sqlite", "before"), ("sqlite", "behind"), ("postgresql", "behind")]
ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 60
MOST_RUNS = 60
PAPERS = 2
Moment: TypeAlias = Literal["before", "behind"]


@dataclass(frozen=True, slots=True)
class Place:
    """A database with papers, and a folder beside it."""

    shelf: TestShelf
    home: Path

    @property
    def url(self) -> str:
        return self.shelf.database.engine.url.render_as_string(hide_password=False)

    def order(self) -> str:
        order = BriefingOrder((), DAY, DAY, "en", Maker.MODEL)
        with self.shelf.database.writing() as connection:
            return briefings.order(connection, order, now=NOW)

    def read(self, key: str) -> Kept:
        with self.shelf.database.reading() as connection:
            return briefings.read(connection, key)

    def cost(self, run: str) -> Cost:
        with self.shelf.database.reading() as connection:
            return ledger.spent(connection, run=run)


@pytest.fixture
def undisturbed(tmp_path: Path) -> Iterator[Place]:
    """Give a place of the same papers where nobody dies."""
    (tmp_path / "undisturbed").mkdir()
    shelf = filled(f"sqlite:///{tmp_path / 'undisturbed' / 'hub.sqlite'}")
    yield Place(shelf, tmp_path / "undisturbed")
    shelf.close()


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give a place on each database; what a test names by itself is `indirect`."""
    with fresh_database(request.param, config=request.config, folder=tmp_path) as url:
        shelf = filled(url)
        yield Place(shelf, tmp_path)
        shelf.close()


def filled(url: str) -> TestShelf:
    shelf = TestShelf(url)
    shelf.put(*briefpapers.drafts())
    return shelf


class Worker:
    """Runs the task in one process after the other; how each ended is told by `run`."""

    def __init__(self, place: Place, server: ChatServer, task: str) -> None:
        words = (place.url, server.url, str(place.home), task)
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.mortal", *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.child = 0  # the number of the process that works

    def run(self, *, step: int = 0, moment: Moment = "before") -> str:
        """Run once; "" where the process died."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(f"{step} {moment}\n")
        self._mother.stdin.flush()
        self.child = int(self._mother.stdout.readline())
        return self._mother.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._mother.communicate(timeout=LIMIT_SECONDS)


def written_undisturbed(place: Place) -> tuple[str, int]:
    """Have a briefing written where nobody dies; give its key and how many questions were paid."""
    key = place.order()
    with ChatServer(answering(briefpapers.honest)) as server, Worker(place, server, key) as worker:
        assert worker.run() == "done"
        return key, len(server.paid)


def bare(briefing: Briefing | None) -> Briefing:
    """Leave out what each writing has of its own: what was paid again in the kept answers' place."""
    assert briefing is not None
    return replace(briefing, cost=Cost())


@pytest.mark.parametrize(("place", "moment"), MOMENTS, indirect=["place"])
def test_a_briefing_that_is_killed_at_each_of_its_steps_is_the_same_and_paid_once(
    place: Place, undisturbed: Place, moment: Moment
) -> None:
    calm, _ = written_undisturbed(undisturbed)
    key = place.order()
    said, step = "", 0

    with ChatServer(answering(briefpapers.honest)) as server, Worker(place, server, key) as worker:
        while not said:
            step += 1
            assert step < MOST_RUNS
            said = worker.run(step=step, moment=moment)
        paid = len(server.paid)
        twice = server.paid_twice

    assert said == "done"
    assert step > 2 * paid  # each question has two steps, and others lie between
    assert twice == []
    assert bare(place.read(key).briefing) == bare(undisturbed.read(calm).briefing)
    cost, due = place.cost(key), undisturbed.cost(calm)
    assert (cost.tokens_in, cost.tokens_out, cost.money) == (due.tokens_in, due.tokens_out, due.money)
    assert paid == due.calls > 3


class Executioner:
    """Answers, and kills whoever asks: the first time for each question before its answer, then within it."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.kills = 0
        self._honest = answering(briefpapers.honest)
        self._times: dict[str, int] = {}
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Said:
        with self._lock:
            times = self._times[asked.words] = self._times.get(asked.words, 0) + 1
        if times == 1:
            self._kill()
            return Said(status=503)  # nobody is there to take it, and it is not paid
        said = self._honest(asked)
        if times == 2:
            threading.Timer(0.1, self._kill).start()
            return replace(said, drip_seconds=0.05)
        return said

    def _kill(self) -> None:
        assert self.worker is not None
        self.kills += 1
        os.kill(self.worker.child, signal.SIGKILL)


def test_a_briefing_that_is_killed_before_and_within_every_answer_is_the_same_and_paid_once(
    place: Place, undisturbed: Place
) -> None:
    calm, questions = written_undisturbed(undisturbed)
    executioner = Executioner()
    key = place.order()
    said, runs = "", 0

    with ChatServer(executioner) as server, Worker(place, server, key) as worker:
        executioner.worker = worker
        while not said:
            runs += 1
            assert runs < MOST_RUNS
            said = worker.run()
        assert (len(server.paid), server.paid_twice) == (questions, [])

    assert said == "done"
    assert executioner.kills == 2 * questions
    assert bare(place.read(key).briefing) == bare(undisturbed.read(calm).briefing)


@pytest.mark.parametrize(("place", "moment"), MOMENTS[1:], indirect=["place"])
def test_texts_of_papers_that_are_killed_at_each_step_are_the_same_and_paid_once(
    place: Place, moment: Moment
) -> None:
    numbers = range(901, 901 + PAPERS)
    place.shelf.put(*map(translated.draft, numbers))
    works = sorted(card.work_id for card in place.shelf.page().cards)[-PAPERS:]
    with place.shelf.database.writing() as connection:
        radar_id = radars.create(connection, Interest("All"), now=NOW).id
        day = ranking(radar_id, DAY, *(ranked(one, place=at) for at, one in enumerate(works, 1)))
        rankings.save_days(connection, [day], text_hashes=dict.fromkeys(works, "ab"))
    said, step = "", 0

    with ChatServer(answering(translated.honest)) as server, Worker(place, server, TEXTS) as worker:
        while not said:
            step += 1
            assert step < MOST_RUNS
            said = worker.run(step=step, moment=moment)
            time.sleep(2 * HOLD_SECONDS)
        assert server.paid_twice == []
        assert len(server.paid) == 2 * PAPERS

    assert said == "done"
    assert step > 2 * PAPERS
    with place.shelf.database.reading() as connection:
        shown = aitexts.of_works(connection, works, "zh")
    for work_id, number in zip(works, numbers, strict=True):
        truth = translated.translated(number)
        assert {one.text for one in shown[work_id]} == {truth.summary_zh, truth.title_zh, truth.abstract_zh}
