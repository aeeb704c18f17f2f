from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evaluation.replay.ledger import Ledger

START = datetime(2026, 5, 4, 4, 20, tzinfo=UTC)


class Time:
    """Real seconds and replayed ones, a minute for each second."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(minutes=self.seconds)


class Book:
    """A ledger and the time it lives in."""

    def __init__(self, *, most: int = 100) -> None:
        self.time = Time()
        self.ledger = Ledger(self.time.now, monotonic=self.time.monotonic, most=most)

    def visit(self, host: str, at: float, until: float, *, connection: int = 1) -> None:
        self.time.seconds = at
        entry = self.ledger.begin(method="GET", host=host, path="/feed", connection=connection)
        self.time.seconds = until
        self.ledger.finish(entry, status=200)


def test_gaps_are_measured_from_the_end_of_one_answer_to_the_start_of_the_next_behind_a_gate() -> None:
    book = Book()
    book.visit("rss.arxiv.org", 0.0, 1.0)
    book.visit("press.example", 1.5, 1.6)
    book.visit("export.arxiv.org", 4.5, 5.0)

    (gap,) = book.ledger.gaps("arxiv.org")

    assert (gap.seconds, gap.replay_seconds) == (3.5, 210.0)
    assert book.ledger.smallest_gap("arxiv.org") == 3.5
    assert book.ledger.smallest_gap("press.example") is None
    assert book.ledger.gates() == ("arxiv.org", "press.example")
    assert book.ledger.complaints() == ()


def test_a_visit_too_soon_after_an_answer_is_complained_of() -> None:
    book = Book()
    book.visit("rss.arxiv.org", 0.0, 1.0)
    book.visit("oaipmh.arxiv.org", 3.9, 4.0)

    (complaint,) = book.ledger.complaints()

    assert complaint == "arxiv.org: oaipmh.arxiv.org/feed came 2.900 s after an answer, not 3.0 s"
    assert book.ledger.complaints(pace=0.1) == ()


def test_a_hub_that_lives_by_the_replays_clock_is_judged_by_it() -> None:
    book = Book()
    book.visit("rss.arxiv.org", 0.0, 1.0)
    book.visit("rss.arxiv.org", 1.05, 1.1)  # three replayed seconds
    book.visit("rss.arxiv.org", 1.14, 1.2)  # 2.4 of them

    (complaint,) = book.ledger.complaints(in_replay_time=True)

    assert complaint == "arxiv.org: rss.arxiv.org/feed came 2.400 s after an answer, not 3.0 s"


def test_two_visits_at_once_are_complained_of_though_the_first_is_the_longer() -> None:
    book = Book()
    long = book.ledger.begin(host="rss.arxiv.org", connection=1)
    book.visit("rss.arxiv.org", 1.0, 2.0, connection=2)
    book.time.seconds = 10.0
    book.ledger.finish(long, status=200)
    book.visit("rss.arxiv.org", 12.0, 12.1, connection=2)

    gaps = [gap.seconds for gap in book.ledger.gaps("arxiv.org")]
    complaints = book.ledger.complaints()

    assert gaps == [-9.0, 2.0]
    assert book.ledger.most_at_once("arxiv.org") == 2
    assert sum("at once" in one for one in complaints) == 1
    assert sum("after an answer" in one for one in complaints) == 2


def test_a_second_connection_to_arxiv_is_complained_of_until_the_first_is_closed() -> None:
    book = Book()
    book.visit("rss.arxiv.org", 0.0, 1.0, connection=1)
    book.visit("arxiv.org", 5.0, 6.0, connection=2)
    book.ledger.hung_up(1)
    book.visit("rss.arxiv.org", 10.0, 11.0, connection=2)

    assert book.ledger.complaints() == ("arxiv.org: arxiv.org/feed came while 2 connections were open",)


def test_an_entry_is_written_once_however_often_it_is_finished() -> None:
    book = Book()
    entry = book.ledger.begin(host="press.example")

    book.ledger.finish(entry, status=200)
    book.ledger.finish(entry, status=500)

    assert [one.status for one in book.ledger.entries()] == [200]


def test_a_visitor_that_left_is_booked_when_it_was_last_seen() -> None:
    book = Book()
    entry = book.ledger.begin(host="press.example")

    book.time.seconds = 9.0
    book.ledger.finish(entry, status=0, ended_at=8.9)

    assert [one.ended_at for one in book.ledger.entries()] == [8.9]


def test_the_oldest_entries_go_where_there_are_too_many_and_are_counted() -> None:
    book = Book(most=3)

    for number in range(5):
        book.visit(f"press{number}.example", number, number + 0.5)

    assert [one.number for one in book.ledger.entries()] == [3, 4, 5]
    assert book.ledger.dropped == 2


def test_entries_are_found_by_host_path_gate_and_number() -> None:
    book = Book()
    book.visit("rss.arxiv.org", 0.0, 1.0)
    book.visit("a.press.example", 1.0, 2.0)

    assert [one.number for one in book.ledger.entries(host="*.arxiv.org")] == [1]
    assert [one.number for one in book.ledger.entries(gate="press.example", path="/fe*")] == [2]
    assert [one.number for one in book.ledger.entries(after=1)] == [2]


def test_a_ledger_can_be_waited_for_until_nothing_is_under_way() -> None:
    book = Book()
    entry = book.ledger.begin(host="press.example")

    before = book.ledger.settle(timeout_seconds=0.01)
    book.ledger.finish(entry, status=200)

    assert (before, book.ledger.settle(timeout_seconds=0.01)) == (False, True)


@pytest.mark.parametrize("host", ["", "press.example"])
def test_an_entry_can_be_told_as_json(host: str) -> None:
    book = Book()
    book.ledger.finish(book.ledger.begin(host=host), status=0, fault="refuse")

    (entry,) = book.ledger.entries()

    assert entry.spoken()["replay_started_at"] == START.isoformat()
    assert entry.spoken()["fault"] == "refuse"
