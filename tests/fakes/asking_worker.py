"""A process that asks a model some questions behind the ledger and says what it heard.

`python -m tests.fakes.asking_worker DATABASE SERVER QUESTIONS`: a line for each answer, and "done".
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from academichub.db.engine import Database
from academichub.flows.asking import Asking, Tariff
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.model.asking import Question
from academichub.store.ledger import Caps

TARIFF = Tariff(1_000.0, 2_000.0, "EUR")  # a thousandth, and two, for a token


def question(number: int) -> Question:
    """Give one of the questions."""
    return Question("You count.", f"How many lamps burn on pier {number}?", None, 100, "briefing", "points")


def main(database_url: str, server_url: str, questions: str) -> None:
    """Ask them in turn."""
    database = Database(database_url)
    with ChatEndpoint(ChatService(server_url, "scripted-1")) as chat:
        asking = Asking(
            chat,
            database,
            run="killed",
            manner=chat.manner,
            tariff=TARIFF,
            caps=Caps(),
            clock=lambda: datetime.now(UTC),
        )
        for number in range(int(questions)):
            print(asking.ask(question(number)).text, flush=True)  # noqa: T201  the parent process reads it
    print("done", flush=True)  # noqa: T201  likewise
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
