"""Processes that write for a hub and kill themselves (kill -9) at one of their steps.

`python -m tests.fakes.mortal DATABASE SERVER HOME TASK` reads lines "STEP MOMENT" and has a new child do the
task for each, so that what Python loads is loaded once. TASK is a briefing's key, or "texts" for lines and
translations of papers. A step is a writing transaction, counted from 1; the child dies there before its end
("before"), so that nothing of it is kept, or behind it ("behind"); at step 0 it lives. For each line two are
written: the child's number, and how the task ended, "" where the child did not live to say it.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from academichub.db.engine import Database
from academichub.flows.briefingdesk import KeptBriefings
from academichub.flows.papertexts import Wish, write_paper_texts
from academichub.flows.radardesk import Kept
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from tests.fakes.briefdesk import BriefDesk
from tests.fakes.drafts import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.briefing.ports import Chat
    from academichub.db.engine import Connection

TEXTS = "texts"
HOLD_SECONDS = 0.2  # how long a dead process keeps others from asking


class MortalDatabase(Database):
    """A database whose process dies at one of its writing transactions."""

    def __init__(self, url: str, *, step: int, moment: str) -> None:
        super().__init__(url)
        self._step = step
        self._moment = moment
        self._steps = 0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._steps += 1
        is_last = self._steps == self._step
        with super().writing() as connection:
            yield connection
            if is_last and self._moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalDesk(BriefDesk):
    """A desk over a database that is there already."""

    def __init__(self, database: Database, home: Path, chat: Chat) -> None:
        self.database = database
        self.now = NOW
        self.clock = lambda: self.now
        self.kept = Kept()
        self.kept_briefings = KeptBriefings()
        self.chat = chat
        self.sent: list[str] = []
        self._files = home / "briefings"

    def close(self) -> None:
        self.database.close()


def work(url: str, server: str, home: str, task: str, *, step: int, moment: str) -> str:
    """Do the task, or die; say how it ended."""
    database = MortalDatabase(url, step=step, moment=moment)
    with ChatEndpoint(ChatService(server, "scripted-1")) as endpoint:
        desk = MortalDesk(database, Path(home), endpoint)
        if task == TEXTS:
            chat = desk.choose_chat(TEXTS)
            assert chat is not None
            told = write_paper_texts(
                database,
                chat,
                wish=Wish.ALL,
                languages=["zh"],
                clock=desk.clock,
                hold_seconds=HOLD_SECONDS,
            )
            ended = told.stopped or "done"
        else:
            ended = desk.write_briefing(task).value
    desk.close()
    return ended


def main(url: str, server: str, home: str, task: str) -> None:
    """Have one child after the other do the task."""
    for line in sys.stdin:
        step, moment = line.split()
        reading, writing = os.pipe()
        child = os.fork()  # nothing is open here and no thread runs
        if child == 0:
            os.write(writing, work(url, server, home, task, step=int(step), moment=moment).encode())
            os._exit(0)
        os.close(writing)
        print(child, flush=True)  # noqa: T201  the parent process reads it
        with os.fdopen(reading) as said:
            ended = said.read()
        os.waitpid(child, 0)
        print(ended, flush=True)  # noqa: T201  likewise


if __name__ == "__main__":
    main(*sys.argv[1:])  # four words, as above
