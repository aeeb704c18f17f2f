"""kill -9 while a model is asked: before its answer, within it and after it. Nothing is paid for twice."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.store import ledger
from tests.fakes.asking_worker import TARIFF
from tests.fakes.chat_server import ChatServer, Said
from tests.fakes.databases import KINDS, fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.chat_server import Asked

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = 3
LIMIT_SECONDS = 60


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_database(request.param, config=request.config, folder=tmp_path) as url:
        opened = Database(url)
        migrate(opened)
        yield opened
        opened.close()


class Executioner:
    """Answers, and kills whoever asks: the first time for each question before its answer, then within it."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[str] | None = None
        self.kills = 0
        self._times: dict[str, int] = {}
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Said:
        with self._lock:
            times = self._times[asked.user] = self._times.get(asked.user, 0) + 1
        long = Said(f"{asked.user} Three. " * 40)
        if times == 1:
            self._kill()
            return Said(status=503)  # nobody is there to take it, and it is not paid
        if times == 2:
            threading.Timer(0.1, self._kill).start()
            return Said(long.text, drip_seconds=0.03)
        return long

    def _kill(self) -> None:
        assert self.child is not None
        self.kills += 1
        self.child.kill()


def work(database: Database, server: ChatServer, executioner: Executioner) -> list[str]:
    """Run the process once; give the lines it came to say."""
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.fakes.asking_worker", url, server.url, str(QUESTIONS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        executioner.child = child
        said, _ = child.communicate(timeout=LIMIT_SECONDS)
    return said.splitlines()


def test_a_process_killed_before_and_within_every_answer_goes_on_and_pays_once(database: Database) -> None:
    executioner = Executioner()

    with ChatServer(executioner) as server:
        lines: list[str] = []
        runs = 0
        while not lines or lines[-1] != "done":
            lines = work(database, server, executioner)
            runs += 1
            assert runs <= 3 * QUESTIONS

        assert executioner.kills == 2 * QUESTIONS
        assert len(server.paid) == QUESTIONS
        assert server.paid_twice == []
    with database.reading() as connection:
        cost = ledger.spent(connection, run="killed")
        states = {one.state.value for one in ledger.calls(connection)}
    assert (cost.calls, states) == (QUESTIONS, {"answered"})
    assert cost.money == pytest.approx(TARIFF.money(tokens_in=cost.tokens_in, tokens_out=cost.tokens_out))
