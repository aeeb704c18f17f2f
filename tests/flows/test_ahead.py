"""Pages of a harvest that are read and cleaned ahead of time are the pages that would have come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from academichub.errors import AnswerTokenExpired, SourceUnreachable
from academichub.fetch.client import Reply
from academichub.flows.ahead import Ahead, Here
from academichub.sources.connectors import connector
from academichub.sources.harvest import Window
from tests.fakes.answers import oai_error, oai_page, raw_record
from tests.fakes.harvesting import SCOPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from academichub.errors import AcademicHubError
    from academichub.fetch.client import Ask
    from academichub.flows.ahead import Pages
    from academichub.flows.shelving import Cleaned
    from academichub.sources.harvest import Step

NOW = datetime(2026, 6, 19, 12, tzinfo=UTC)
MANY = 600  # records on a page: more than one message, and more than a pipe holds


class Answers:
    """A server that gives its answers in turn."""

    def __init__(self, *answers: bytes | AcademicHubError) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        del now
        self.asked.append(ask.url)
        answer = self._answers.pop(0)
        if not isinstance(answer, bytes):
            raise answer
        return Reply(ask.url, 200, answer, "text/xml", None, None, None, None, None, 5, ())


def page(number: int, *, then: str, entries: int = 3, total: int = 9) -> bytes:
    records = [raw_record(f"2603.{number}{place:04d}") for place in range(entries)]
    return oai_page(*records, then=then, total=total).body


def first() -> Step:
    begin = connector("oai").first
    assert begin is not None
    return begin(SCOPE, Window(date(2026, 3, 1), None, NOW, is_past=True))


def walk(pages: Pages) -> Iterator[list[Cleaned]]:
    step: Step | None = first()
    while step is not None:
        taken = pages.take(step, now=NOW)
        yield list(taken.cleaned(0))
        step = taken.next


@pytest.fixture
def ahead_of() -> Iterator[Callable[..., Ahead]]:
    opened: list[Ahead] = []

    def make(*answers: bytes | AcademicHubError) -> Ahead:
        opened.append(Ahead(Answers(*answers), name="oai", scope=SCOPE))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def kill_child(ahead: Ahead) -> None:
    assert ahead._child is not None
    ahead._child._process.kill()
    ahead._child._process.wait()


THREE = (page(1, then="a"), page(2, then="b"), page(3, then=""))


def test_the_same_entries_come_from_here_and_from_elsewhere(ahead_of: Callable[..., Ahead]) -> None:
    here = Here(Answers(*THREE), name="oai", scope=SCOPE)

    ahead = ahead_of(*THREE)
    found = list(walk(ahead))

    assert found == list(walk(here))
    assert [len(entries) for entries in found] == [3, 3, 3]


def test_the_next_page_is_asked_for_before_this_one_is_shelved(ahead_of: Callable[..., Ahead]) -> None:
    ahead = ahead_of(*THREE)

    ahead.take(first(), now=NOW)
    ahead._asker.shutdown()  # it has asked then

    asked = ahead._web.asked  # type: ignore[attr-defined]  # the fake's own
    assert asked[1].endswith("resumptionToken=a")


def test_without_its_child_everything_is_read_here(ahead_of: Callable[..., Ahead]) -> None:
    ahead = ahead_of(*THREE)
    pages = walk(ahead)
    one = next(pages)
    kill_child(ahead)

    rest = list(pages)

    assert [len(entries) for entries in [one, *rest]] == [3, 3, 3]


def test_a_child_that_dies_in_the_middle_of_a_page_loses_nothing_of_it(
    ahead_of: Callable[..., Ahead],
) -> None:
    answers = (page(1, then="a"), page(2, then="", entries=MANY))
    ahead = ahead_of(*answers)
    taken = ahead.take(first(), now=NOW)
    assert taken.next is not None
    cleaned = ahead.take(taken.next, now=NOW).cleaned(2)
    begun = list(islice(cleaned, 1))

    kill_child(ahead)
    both = begun + list(cleaned)

    numbers = [one.external_id for one in both]  # type: ignore[union-attr]  # no signals here
    assert len(numbers) == len(set(numbers)) == MANY - 2
    assert "2603.20002" in numbers[0]


def test_a_page_that_was_half_heard_is_passed_over(ahead_of: Callable[..., Ahead]) -> None:
    answers = (page(1, then="a"), page(2, then="b", entries=MANY), page(3, then=""))
    ahead = ahead_of(*answers)
    step = ahead.take(first(), now=NOW).next
    assert step is not None
    step = ahead.take(step, now=NOW).next  # it was on the shelves already
    assert step is not None

    last = list(ahead.take(step, now=NOW).cleaned(0))

    assert len(last) == 3


def test_another_question_than_the_one_foreseen_is_asked_anew(ahead_of: Callable[..., Ahead]) -> None:
    ahead = ahead_of(THREE[0], page(2, then="b", entries=MANY), *THREE)
    assert ahead.take(first(), now=NOW).next is not None

    again = list(walk(ahead))

    assert [len(entries) for entries in again] == [3, 3, 3]


def test_an_error_that_is_found_elsewhere_is_raised_here(ahead_of: Callable[..., Ahead]) -> None:
    ahead = ahead_of(THREE[0], oai_error("badResumptionToken").body)

    with pytest.raises(AnswerTokenExpired):
        list(walk(ahead))


def test_a_request_that_failed_ahead_of_time_fails_when_its_page_is_wanted(
    ahead_of: Callable[..., Ahead],
) -> None:
    ahead = ahead_of(THREE[0], SourceUnreachable(url="u", status=503, reason="busy"))
    pages = walk(ahead)

    assert len(next(pages)) == 3
    with pytest.raises(SourceUnreachable):
        next(pages)


PARENT = """
import time
from tests.flows.test_ahead import Ahead, Answers, SCOPE, THREE, NOW, first
ahead = Ahead(Answers(*THREE), name="oai", scope=SCOPE)
taken = ahead.take(first(), now=NOW)
list(ahead.take(taken.next, now=NOW).cleaned(0))
print(ahead._child._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_a_child_does_not_outlive_the_one_who_started_it() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())

        parent.send_signal(signal.SIGKILL)

        for _ in range(300):
            try:
                os.kill(child, 0)
            except ProcessLookupError:
                return
            if _is_zombie(child):
                return
            time.sleep(0.1)
    pytest.fail("the child lives on")


def _is_zombie(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123  # no path of a person's
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
