"""A worker in a process of its own, for tests to kill, and the journal that outlives it.

Run as: python -m tests.fakes.jobs_worker DATABASE_URL FOLDER [schedule]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from academichub.errors import SourceUnreachable
from academichub.jobs.engine import Engine, Job, Schedule, Tempo, step
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = Tempo(polling_seconds=0.05, heartbeat_seconds=0.2, reap_after_seconds=1.2, drain_seconds=2.0)


@dataclass(frozen=True, slots=True)
class Journal:
    """Lines in a file that several processes add to: what was really done, whatever the database says."""

    path: Path

    def write(self, line: str) -> None:
        """Add a line, in one write, so that lines of several processes never mix."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def lines(self) -> list[str]:
        """Read what was written so far."""
        return self.path.read_text("utf-8").splitlines() if self.path.exists() else []

    def count(self, line: str) -> int:
        """Tell how often a line was written."""
        return self.lines().count(line)


@dataclass(frozen=True, slots=True)
class Doings:
    """Jobs that write down what they do. A file named `hold` in the folder keeps `in_three` in its step 2."""

    folder: Path

    @property
    def journal(self) -> Journal:
        """The journal in the folder."""
        return Journal(self.folder / "journal")

    def in_three(self, *, name: str) -> str:
        """Take three steps; an error of the first is swallowed and remembered."""
        try:
            step("one", lambda: self._stumble(name))
        except SourceUnreachable as error:
            self.journal.write(f"{name} met {error}")
        step("two", lambda: self._hold(name))
        step("three", lambda: self.journal.write(f"{name} three"))
        return name

    def ask(self, *, host: str) -> None:
        """Ask a host something; its answer takes a while."""
        self.journal.write(f"{host} begins in {os.getpid()}")
        time.sleep(0.05)
        self.journal.write(f"{host} ends in {os.getpid()}")

    def kill(self) -> None:
        """Take the worker along."""
        self.journal.write("kill")
        os.kill(os.getpid(), signal.SIGKILL)

    def note(self, *, line: str) -> None:
        """Write a line."""
        self.journal.write(line)

    def _stumble(self, name: str) -> None:
        self.journal.write(f"{name} one")
        raise SourceUnreachable(url="https://example.org/", status=503, reason="busy")

    def _hold(self, name: str) -> None:
        self.journal.write(f"{name} two begins")
        while (self.folder / "hold").exists():
            time.sleep(0.02)
        self.journal.write(f"{name} two ends")


def worker(database_url: str, folder: Path, *, with_schedule: bool = False) -> Engine:
    """Build the engine that every test worker runs."""
    doings = Doings(folder)
    jobs = [
        Job("in_three", doings.in_three, queue="fetch"),
        Job("ask", doings.ask, queue="fetch"),
        Job("kill", doings.kill, queue="fetch", max_recoveries=1),
        Job("note", doings.note, queue="fetch"),
        Job("tick", lambda: doings.journal.write("tick"), queue="bulk"),
    ]
    schedules = [Schedule("every second", "* * * * * *", job="tick")] if with_schedule else []
    return Engine(database_url=database_url, jobs=jobs, schedules=schedules, tempo=QUICK)


@contextmanager
def worker_process(
    database_url: str, folder: Path, *, with_schedule: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker in a process of its own until it is ready; kill it at the end if it still lives."""
    arguments = [database_url, str(folder), *(["schedule"] if with_schedule else [])]
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.fakes.jobs_worker", *arguments], cwd=ROOT
    )
    try:
        ready = f"ready {process.pid}"
        # A worker that takes up a deadly job at once may be gone before it says that it is ready.
        eventually(
            lambda: process.poll() is not None or ready in Journal(folder / "journal").lines(),
            within_seconds=20,
            what="the worker's start",
        )
        yield process
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Work until asked to end (SIGTERM), then stop in good order."""
    folder = Path(sys.argv[2])
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # before any thread starts: all inherit it
    with worker(sys.argv[1], folder, with_schedule="schedule" in sys.argv[3:]):
        Journal(folder / "journal").write(f"ready {os.getpid()}")
        signal.sigwait({signal.SIGTERM})


if __name__ == "__main__":
    main()
