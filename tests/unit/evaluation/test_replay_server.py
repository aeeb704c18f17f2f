from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import (
    FetchError,
    SourceNotFound,
    SourceRedirects,
    SourceThrottled,
    SourceUnreachable,
)
from academichub.fetch.client import Ask, Fetcher, Reply
from academichub.fetch.limits import Limits
from evaluation.replay import Answer, Faults, Kind, Replay, ReplayClock, Rule, Script
from evaluation.replay.script import etag_of
from tests.fakes.gates import LocalGate, OpenGate

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 5, 4, 4, 20, tzinfo=UTC)
FEED = b"<rss>" + b"<item>an entry</item>" * 100 + b"</rss>"
URL = "https://press.example/feed"
QUICK = Limits(connect_seconds=1.0, read_seconds=0.5, total_seconds=2.0, retries=0)


def a_script() -> Script:
    script = Script()
    script.put(URL, Answer(FEED, content_type="application/rss+xml", etag=etag_of(FEED), max_age_seconds=60))
    script.put("https://rss.arxiv.org/rss/cs.CV", FEED)
    script.put("https://export.arxiv.org/api/query", FEED)
    return script


@contextmanager
def a_replay(*rules: Rule, **options: Any) -> Iterator[Replay]:
    with Replay(a_script(), clock=ReplayClock(NOW), faults=Faults(rules), **options) as replay:
        yield replay


@contextmanager
def a_visitor(replay: Replay, *, gate: Any = None) -> Iterator[Fetcher]:
    fetcher = Fetcher(
        gate=gate or OpenGate(), contact="a@hub.example", version="0", replay=replay.address, limits=QUICK
    )
    try:
        yield fetcher
    finally:
        fetcher.close()


def fetch(replay: Replay, url: str = URL, **ask: Any) -> Reply:
    with a_visitor(replay) as visitor:
        return visitor.get(Ask(url, **ask), now=NOW)


def failure(*rules: Rule, url: str = URL) -> FetchError:
    with a_replay(*rules) as replay, pytest.raises(FetchError) as caught:
        fetch(replay, url)
    return caught.value


def control(replay: Replay, method: str, path: str, body: str = "") -> tuple[int, Any]:
    line = http.client.HTTPConnection(replay.place, timeout=5)
    try:
        line.request(method, f"/-/{path}", body=body)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        line.close()


# -- good days --------------------------------------------------------------------------------------


def test_a_hub_is_answered_as_the_true_server_would_with_the_replays_date() -> None:
    with a_replay() as replay:
        reply = fetch(replay)

        (entry,) = replay.ledger.entries()

    assert (reply.status, reply.body, reply.content_type) == (200, FEED, "application/rss+xml")
    assert (reply.etag, reply.max_age_seconds) == (etag_of(FEED), 60)
    assert (entry.host, entry.path, entry.gate, entry.status) == (
        "press.example",
        "/feed",
        "press.example",
        200,
    )
    assert (entry.replay_started_at, entry.replay_ended_at) == (NOW, NOW)
    assert entry.agent.startswith("AcademicHub/0")
    assert 0 < entry.sent_bytes < len(FEED)  # packed


def test_a_visitor_who_holds_the_answer_is_told_so() -> None:
    with a_replay() as replay:
        reply = fetch(replay, etag=etag_of(FEED))

        (entry,) = replay.ledger.entries()

    assert (reply.status, reply.body) == (304, b"")
    assert (entry.status, entry.is_conditional) == (304, True)


def test_an_address_that_nobody_plays_is_not_found_and_the_ledger_says_so() -> None:
    with a_replay() as replay:
        with pytest.raises(SourceNotFound):
            fetch(replay, "https://press.example/other")

        (entry,) = replay.ledger.entries()

    assert (entry.status, entry.is_known) == (404, False)


def test_only_this_machine_can_reach_it() -> None:
    with a_replay() as replay:
        assert replay.address.startswith("http://127.0.0.1:")
        assert replay._server.server_address[0] == "127.0.0.1"


def test_a_head_request_brings_the_head_alone() -> None:
    with a_replay() as replay:
        line = http.client.HTTPConnection(replay.place, timeout=5)
        line.request("HEAD", "/feed", headers={"Host": "press.example"})
        answer = line.getresponse()
        body = answer.read()
        line.close()

    assert (answer.status, body, answer.headers["Content-Length"]) == (200, b"", str(len(FEED)))
    assert answer.headers["Date"] == "Mon, 04 May 2026 04:20:00 GMT"


# -- bad days ---------------------------------------------------------------------------------------


def test_a_throttled_hub_learns_how_long_to_wait() -> None:
    error = failure(Rule(kind=Kind.THROTTLE, retry_after=120, retry_after_as="date"))

    assert isinstance(error, SourceThrottled)
    assert error.facts["retry_after_seconds"] == 120.0


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (Rule(kind=Kind.STATUS, status=502), "no document in the answer"),
        (Rule(kind=Kind.HANG_UP), "the answer broke off"),
        (Rule(kind=Kind.CUT, count=20), "the answer broke off"),
        (Rule(kind=Kind.CUT_CHUNKED, count=20), "the answer broke off"),
        (Rule(kind=Kind.SILENCE, seconds=30.0), "no answer in time"),
        (Rule(kind=Kind.DELAY, seconds=30.0), "no answer in time"),
    ],
)
def test_each_broken_answer_is_seen_as_broken(rule: Rule, reason: str) -> None:
    error = failure(rule)

    assert isinstance(error, SourceUnreachable)
    assert error.facts["reason"] == reason


def test_a_refused_connection_brings_nothing() -> None:
    error = failure(Rule(kind=Kind.REFUSE))

    assert isinstance(error, SourceUnreachable)
    assert error.facts["reason"] in {"no connection", "the answer broke off"}  # whichever is seen first


def test_a_redirect_to_itself_is_a_loop() -> None:
    error = failure(Rule(kind=Kind.REDIRECT))

    assert isinstance(error, SourceRedirects)
    assert error.facts["reason"] == "a loop"


def test_a_slow_answer_comes_whole_and_late() -> None:
    with a_replay(Rule(kind=Kind.SLOW, seconds=0.05, count=30)) as replay:
        reply = fetch(replay)

        (entry,) = replay.ledger.entries()

    assert reply.body == FEED
    assert entry.ended_at - entry.started_at >= 0.05
    assert entry.fault == "slow"


def test_an_error_dressed_as_a_good_answer_comes_with_200() -> None:
    with a_replay(Rule(kind=Kind.DISGUISE, disguise="rate")) as replay:
        reply = fetch(replay)

    assert (reply.status, reply.body, reply.etag) == (200, b"Rate exceeded.", None)


def test_faults_stand_in_the_ledger() -> None:
    with a_replay(Rule(kind=Kind.STATUS, times=1), Rule(kind=Kind.REFUSE, times=1)) as replay:
        for _ in range(3):
            with a_visitor(replay) as visitor:
                try:
                    visitor.get(Ask(URL), now=NOW)
                except FetchError:
                    continue

        entries = replay.ledger.entries()

    assert [(one.host, one.status, one.fault) for one in entries] == [
        ("", 0, "refuse"),
        ("press.example", 503, "status"),
        ("press.example", 200, ""),
    ]


def test_a_visitor_who_gives_up_is_booked_as_gone_when_it_goes() -> None:
    with a_replay(Rule(kind=Kind.SILENCE, seconds=30.0, times=1)) as replay:
        with pytest.raises(SourceUnreachable):
            fetch(replay)
        assert replay.ledger.settle(timeout_seconds=5.0)
        fetch(replay)

        gone, _ = replay.ledger.entries()

    assert gone.started_at < gone.ended_at < gone.started_at + 15.0  # and not the thirty of the silence
    assert (gone.status, gone.fault) == (0, "silence")
    assert replay.ledger.most_at_once("press.example") == 1


# -- manners ----------------------------------------------------------------------------------------


def test_a_polite_hub_is_not_complained_of_and_arxiv_sees_one_connection() -> None:
    pace = 0.1
    urls = ["https://rss.arxiv.org/rss/cs.CV", "https://export.arxiv.org/api/query?id_list=1", URL] * 2
    with a_replay() as replay:
        with a_visitor(replay, gate=LocalGate(pace=pace)) as visitor:
            threads = [
                threading.Thread(target=visitor.get, args=(Ask(url),), kwargs={"now": NOW}) for url in urls
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        gap = replay.ledger.smallest_gap("arxiv.org")
        complaints = replay.ledger.complaints(pace=pace)

    assert gap is not None
    assert gap >= 3.0 * pace
    assert complaints == ()
    assert replay.ledger.most_at_once("arxiv.org") == 1


def test_a_rude_hub_is_caught() -> None:
    with a_replay() as replay:
        fetch(replay, "https://rss.arxiv.org/rss/cs.CV")
        fetch(replay, "https://export.arxiv.org/api/query?id_list=1")

        complaints = replay.ledger.complaints()

    assert any("not 3.0 s" in one for one in complaints)


# -- bounds -----------------------------------------------------------------------------------------


def test_more_visitors_than_it_takes_wait_for_their_turn() -> None:
    with a_replay(Rule(kind=Kind.DELAY, seconds=0.1), most_connections=2) as replay:
        threads = [threading.Thread(target=fetch, args=(replay,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        entries = replay.ledger.entries()

    assert [one.status for one in entries] == [200] * 4
    assert max(one.at_gate for one in entries) <= 2


def test_it_closes_at_once_though_a_visitor_is_being_dripped() -> None:
    with a_replay(Rule(kind=Kind.SLOW, seconds=60.0)) as replay:
        line = socket.create_connection(("127.0.0.1", replay._server.server_port))
        line.sendall(b"GET /feed HTTP/1.1\r\nHost: press.example\r\n\r\n")
        line.recv(10)
        started = time.monotonic()
    took = time.monotonic() - started
    line.close()

    assert took < 20.0


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /feed HTTP/1.1\r\n\r\n",
        b"GET feed HTTP/1.1\r\nHost: press.example\r\n\r\n",
        b"POST /feed HTTP/1.1\r\nHost: press.example\r\nContent-Length: 99999999\r\n\r\n",
        b"POST /feed HTTP/1.1\r\nHost: press.example\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /feed?" + b"a=1&" * 300 + b" HTTP/1.1\r\nHost: press.example\r\n\r\n",
    ],
)
def test_a_request_that_cannot_be_read_is_refused_and_booked(request_head: bytes) -> None:
    with a_replay() as replay:
        line = socket.create_connection(("127.0.0.1", replay._server.server_port))
        line.sendall(request_head)
        said = line.recv(100)
        line.close()

        (entry,) = replay.ledger.entries()

    assert said.startswith(b"HTTP/1.1 400 ")
    assert entry.status == 400


# -- control ----------------------------------------------------------------------------------------


def test_clock_and_faults_can_be_steered_from_another_process() -> None:
    with a_replay() as replay:
        moved = control(replay, "POST", "clock", '{"advance_seconds": 60, "speed": 0}')
        added = control(replay, "POST", "faults", '[[fault]]\nkind = "status"\nstatus = 500')
        with pytest.raises(SourceUnreachable):
            fetch(replay)
        struck = control(replay, "GET", "faults")
        control(replay, "DELETE", "faults")
        fetch(replay)

        _, ledger = control(replay, "GET", "ledger?after=1")

    assert moved == (200, {"now": "2026-05-04T04:21:00+00:00", "speed": 0.0})
    assert (added, struck) == ((200, {"struck": {"status": 0}}), (200, {"struck": {"status": 1}}))
    assert [one["status"] for one in ledger["entries"]] == [200]
    assert replay.clock.now() == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "clock", '{"at": "2026-05-01T00:00Z"}', 400),
        ("POST", "clock", '{"tempo": 1}', 400),
        ("POST", "clock", "[", 400),
        ("POST", "faults", "[[fault]]\nkind = 1", 400),
        ("GET", "ledger?after=x", "", 400),
        ("GET", "nothing", "", 404),
        ("DELETE", "ledger", "", 404),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_with_a_reason(
    method: str, path: str, body: str, status: int
) -> None:
    with a_replay() as replay:
        code, said = control(replay, method, path, body)
        _, hosts = control(replay, "GET", "hosts")

    assert code == status
    assert status == 404 or said["error"]
    assert hosts == {"hosts": ["export.arxiv.org", "press.example", "rss.arxiv.org"]}
    assert replay.ledger.entries() == ()  # it is not the web's business


def test_a_player_that_breaks_is_shown_and_the_next_visitor_served(capfd: pytest.CaptureFixture[str]) -> None:
    script = a_script()

    def broken(_: object) -> None:
        message = "a fault of the script"
        raise RuntimeError(message)

    script.play("broken.example", broken)
    with Replay(script, clock=ReplayClock(NOW)) as replay:
        with pytest.raises(SourceUnreachable):
            fetch(replay, "https://broken.example/")
        fetch(replay)

        statuses = [one.status for one in replay.ledger.entries()]

    assert statuses == [0, 200]
    assert "a fault of the script" in capfd.readouterr().err


def test_an_answer_can_carry_headers_and_any_status() -> None:
    script = Script()
    script.put(URL, replace(Answer(b"tea", 299, "text/plain"), headers=(("X-Api-Pool", "polite"),)))
    with Replay(script, clock=ReplayClock(NOW)) as replay:
        line = http.client.HTTPConnection(replay.place, timeout=5)
        line.request("GET", "/feed", headers={"Host": "press.example:443"})
        answer = line.getresponse()
        body = answer.read()
        line.close()

    assert (answer.status, body, answer.headers["X-Api-Pool"]) == (299, b"tea", "polite")
