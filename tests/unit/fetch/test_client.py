from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from academichub.errors import (
    AddressForbidden,
    AddressMalformed,
    FetchError,
    GateTimeout,
    SettingInvalid,
    SourceGone,
    SourceNotFound,
    SourceRedirects,
    SourceRefused,
    SourceThrottled,
    SourceUnreachable,
)
from academichub.fetch.client import ACCEPT_FEEDS, Ask, Reply
from academichub.fetch.limits import Limits
from tests.fakes.gates import LocalGate, OpenGate, Turn
from tests.fakes.network import ALSO_PUBLIC, NOW, PUBLIC, FakeNames, Shortcut, a_fetcher
from tests.fakes.web import FakeWeb, Page, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

FEED = b"<rss><channel/></rss>"
NAMES = {
    "journal_example": [[PUBLIC]],
    "other_example": [[ALSO_PUBLIC]],
    "rss_arxiv_org": [[PUBLIC]],
    "export_arxiv_org": [[PUBLIC]],
}


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb({"/feed": Page(FEED)}) as web:
        yield web


def fetch(web: FakeWeb, ask: Ask, **changes: object) -> Reply:
    """Fetch over a made-up Internet in which every host is the fake web."""
    with a_fetcher(resolve=FakeNames(**NAMES), dial=Shortcut(web.port), **changes) as fetcher:
        return fetcher.get(ask, now=NOW)


# -- what is sent -----------------------------------------------------------------------------------


def test_a_server_is_told_who_asks_for_what(web: FakeWeb) -> None:
    fetch(web, Ask("http://journal.example/feed?cat=cs.AI#top"), contact="ops@hub.example", version="1.2")

    (visit,) = web.visits
    assert visit.path == "/feed?cat=cs.AI"
    assert visit.headers == {
        "host": "journal.example",
        "user-agent": "AcademicHub/1.2 (mailto:ops@hub.example)",
        "accept": ACCEPT_FEEDS,
        "accept-encoding": "gzip, deflate",
    }


def test_the_accept_header_of_an_ask_is_sent(web: FakeWeb) -> None:
    fetch(web, Ask("http://journal.example/feed", accept="application/json"))

    assert web.visits[0].headers["accept"] == "application/json"


def test_no_cookie_of_a_server_comes_back_to_it(web: FakeWeb) -> None:
    web.put("/feed", Page(FEED, headers={"Set-Cookie": "id=1"}))

    with a_fetcher(allow=frozenset({web.place})) as fetcher:
        fetcher.get(Ask(web.url("/feed")), now=NOW)
        fetcher.get(Ask(web.url("/feed")), now=NOW)

    assert all("cookie" not in visit.headers for visit in web.visits)


def test_a_proxy_in_the_environment_is_not_used(web: FakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetch(web, Ask("http://journal.example/feed")).status == 200


# -- what comes back --------------------------------------------------------------------------------


def test_a_reply_tells_what_came_and_when_to_come_again(web: FakeWeb) -> None:
    hints = {"Cache-Control": "max-age=3600", "Age": "600", "Retry-After": "120"}
    page = Page(FEED, gzip=True, etag='"v1"', last_modified="Sun, 22 Nov 2026 05:00:00 GMT", headers=hints)
    web.put("/feed", page)

    reply = fetch(web, Ask("http://journal.example/feed"))

    assert reply == Reply(
        url="http://journal.example/feed",
        status=200,
        body=FEED,
        content_type="application/rss+xml",
        etag='"v1"',
        last_modified="Sun, 22 Nov 2026 05:00:00 GMT",
        max_age_seconds=3000,
        retry_after_seconds=120.0,
        moved_permanently_to=None,
        elapsed_ms=reply.elapsed_ms,
        redirects=(),
        headers=reply.headers,
    )
    assert {name: reply.headers[name] for name in ("age", "retry-after")} == {
        "age": "600",
        "retry-after": "120",
    }
    assert 0 <= reply.elapsed_ms < 10_000


@pytest.mark.parametrize(
    ("etag", "date"), [('"v1"', None), (None, "Sun, 22 Nov 2026 05:00:00 GMT")], ids=["etag", "date"]
)
def test_what_we_hold_already_is_not_sent_again(etag: str | None, date: str | None, web: FakeWeb) -> None:
    web.put("/feed", Page(FEED, etag='"v1"', last_modified="Sun, 22 Nov 2026 05:00:00 GMT"))

    reply = fetch(web, Ask("http://journal.example/feed", etag=etag, last_modified=date))

    assert (reply.status, reply.body) == (304, b"")
    assert (reply.etag, reply.last_modified) == ('"v1"', date)


def test_a_connection_is_kept_after_a_304(web: FakeWeb) -> None:
    web.put("/feed", Page(FEED, etag='"v1"'))

    with a_fetcher(allow=frozenset({web.place})) as fetcher:
        for _ in range(3):
            fetcher.get(Ask(web.url("/feed"), etag='"v1"'), now=NOW)

    assert {visit.connection for visit in web.visits} == {1}


def test_a_304_that_nobody_asked_for_is_no_answer(web: FakeWeb) -> None:
    web.put("/feed", Page(status=304))

    with pytest.raises(SourceUnreachable):
        fetch(web, Ask("http://journal.example/feed"))


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', '"名"', "", "  ", '"' + "a" * 2000 + '"'])
def test_a_validator_that_no_header_can_hold_is_left_out(etag: str, web: FakeWeb) -> None:
    reply = fetch(web, Ask("http://journal.example/feed", etag=etag))

    assert reply.status == 200
    assert {"if-none-match", "x-evil"}.isdisjoint(web.visits[0].headers)


def test_an_endless_etag_is_not_kept(web: FakeWeb) -> None:
    web.put("/feed", Page(FEED, etag='"' + "a" * 2000 + '"'))

    assert fetch(web, Ask("http://journal.example/feed")).etag is None


def test_an_old_servers_latin_letters_in_an_etag_come_back_to_it_unharmed(web: FakeWeb) -> None:
    web.put("/feed", Page(FEED, etag='"Ausgabe für März"'))

    first = fetch(web, Ask("http://journal.example/feed"))
    second = fetch(web, Ask("http://journal.example/feed", etag=first.etag))

    assert (first.status, second.status) == (200, 304)


# -- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SourceNotFound),
        (401, SourceRefused),
        (403, SourceRefused),
        (404, SourceNotFound),
        (406, SourceNotFound),
        (408, SourceUnreachable),
        (410, SourceGone),
        (418, SourceRefused),
        (429, SourceThrottled),
        (451, SourceRefused),
        (202, SourceUnreachable),
        (204, SourceUnreachable),
        (206, SourceUnreachable),
        (300, SourceUnreachable),
        (500, SourceUnreachable),
        (503, SourceUnreachable),
    ],
)
def test_a_status_without_a_document_is_named_and_not_asked_for_twice(
    status: int, error: type[FetchError], web: FakeWeb
) -> None:
    web.put("/feed", Page(status=status))

    with pytest.raises(error) as caught:
        fetch(web, Ask("http://journal.example/feed?api_key=s3cret"))

    assert type(caught.value) is error
    assert caught.value.facts["status"] == status
    assert caught.value.facts["url"] == "http://journal.example/feed?api_key=***"
    assert len(web.visits) == 1


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "30", 30.0),
        (429, "Sun, 22 Nov 2026 12:01:00 GMT", 60.0),
        (429, "9999999", 86_400.0),
        (429, "later", None),
        (503, "30", 30.0),
    ],
)
def test_a_server_that_asks_us_to_wait_is_not_waited_for_here(
    status: int, value: str, seconds: float | None, web: FakeWeb
) -> None:
    web.put("/feed", Page(status=status, headers={"Retry-After": value}))
    slept: list[float] = []

    with pytest.raises(SourceThrottled) as caught:
        fetch(web, Ask("http://journal.example/feed"), sleep=slept.append)

    assert caught.value.facts["retry_after_seconds"] == seconds
    assert slept == []


# -- redirects --------------------------------------------------------------------------------------


def test_redirects_are_followed_and_told(web: FakeWeb) -> None:
    web.put("/old", redirect("/older/../new?x=1", 302))
    web.put("/new?x=1", redirect("http://other.example/feed#part", 307))

    reply = fetch(web, Ask("http://journal.example/old"))

    assert reply.body == FEED
    assert reply.url == "http://other.example/feed"
    assert reply.redirects == ("http://journal.example/new?x=1", "http://other.example/feed")
    assert reply.moved_permanently_to is None
    assert [visit.host for visit in web.visits] == ["journal.example", "journal.example", "other.example"]


@pytest.mark.parametrize(
    ("statuses", "is_permanent"),
    [((301, 308), True), ((308,), True), ((301, 302), False), ((303, 301), False), ((), False)],
)
def test_a_feed_has_moved_only_if_every_redirect_says_so(
    statuses: tuple[int, ...],
    is_permanent: bool,  # noqa: FBT001  a column of the table
    web: FakeWeb,
) -> None:
    for place, status in enumerate(statuses):
        web.put(f"/{place}", redirect(f"/{place + 1}", status))
    web.put(f"/{len(statuses)}", Page(FEED))

    reply = fetch(web, Ask("http://journal.example/0"))

    assert reply.moved_permanently_to == (reply.url if is_permanent else None)


def test_validators_follow_on_the_same_host_and_are_not_shown_to_another(web: FakeWeb) -> None:
    web.put("/a", redirect("/b"))
    web.put("/b", redirect("http://other.example/feed"))

    fetch(web, Ask("http://journal.example/a", etag='"v1"', last_modified="yesterday"))

    sent = [
        (visit.headers.get("if-none-match"), visit.headers.get("if-modified-since")) for visit in web.visits
    ]
    assert sent == [('"v1"', "yesterday"), ('"v1"', "yesterday"), (None, None)]


def test_a_304_from_the_other_end_of_a_redirect_on_the_same_host_counts(web: FakeWeb) -> None:
    web.put("/a", redirect("/b", 301))
    web.put("/b", Page(FEED, etag='"v1"'))

    reply = fetch(web, Ask("http://journal.example/a", etag='"v1"'))

    assert (reply.status, reply.moved_permanently_to) == (304, "http://journal.example/b")


def test_five_redirects_are_followed_and_six_are_not(web: FakeWeb) -> None:
    for place in range(6):
        web.put(f"/{place}", redirect(f"/{place + 1}"))
    web.put("/6", Page(FEED))

    assert len(fetch(web, Ask("http://journal.example/1")).redirects) == 5
    with pytest.raises(SourceRedirects) as caught:
        fetch(web, Ask("http://journal.example/0"))
    assert caught.value.facts == {"url": "http://journal.example/0", "reason": "more than 5 redirects"}


@pytest.mark.parametrize(
    ("location", "error"),
    [
        (None, SourceRedirects),
        ("", SourceRedirects),
        ("/feed", SourceRedirects),
        ("#here", SourceRedirects),
        ("ftp://other.example/feed", AddressMalformed),
        ("http://reader:hunter2@other.example/", AddressMalformed),
        ("http://[broken/", AddressMalformed),
        ("http://256.1.1.1/", AddressMalformed),
        ("http://other.example:6379/", AddressForbidden),
        ("//127.0.0.1/", AddressForbidden),
    ],
)
def test_a_redirect_that_must_not_be_followed_is_not(
    location: str | None, error: type[Exception], web: FakeWeb
) -> None:
    web.put("/feed", Page(status=302) if location is None else redirect(location))

    with pytest.raises(error) as caught:
        fetch(web, Ask("http://journal.example/feed"))

    assert "hunter2" not in str(caught.value)
    assert len(web.visits) == 1


# -- gates and retries ------------------------------------------------------------------------------


def test_each_hop_takes_the_gate_of_its_own_host(web: FakeWeb) -> None:
    web.put("/a", redirect("http://export.arxiv.org/feed"))
    gate = OpenGate()

    fetch(web, Ask("http://journal.example/a"), gate=gate, limits=Limits(gate_seconds=7))

    assert gate.turns == [Turn("journal.example", 1.0, 105.0, 7), Turn("arxiv.org", 3.0, 105.0, 7)]
    assert gate.inside == 0


def test_no_gate_is_taken_for_an_address_that_is_not_opened(web: FakeWeb) -> None:
    gate = OpenGate()

    with pytest.raises(AddressForbidden):
        fetch(web, Ask("http://10.0.0.1/feed"), gate=gate)

    assert gate.turns == []


def test_a_broken_connection_is_tried_twice_more_each_in_its_own_turn(web: FakeWeb) -> None:
    web.put("/feed", Page(raw=b""), Page(FEED, cut_after=5), Page(FEED))
    gate, slept = OpenGate(), list[float]()

    reply = fetch(web, Ask("http://journal.example/feed"), gate=gate, sleep=slept.append)

    assert reply.body == FEED
    assert gate.names == ["journal.example"] * 3
    assert slept == [0.375, 0.75]  # a quarter and half a second, half as much again by chance


def test_a_host_where_nobody_listens_is_unreachable_after_three_tries() -> None:
    with FakeWeb() as closed:
        place, address = closed.place, closed.url("/feed")
    gate = OpenGate()

    with (
        a_fetcher(gate=gate, allow=frozenset({place})) as fetcher,
        pytest.raises(SourceUnreachable) as caught,
    ):
        fetcher.get(Ask(address), now=NOW)

    assert caught.value.facts == {"url": address, "status": None, "reason": "no connection"}
    assert len(gate.turns) == 3
    assert gate.inside == 0


def test_without_a_turn_nothing_is_asked(web: FakeWeb) -> None:
    gate = LocalGate()
    with (
        a_fetcher(gate=gate, limits=Limits(gate_seconds=0.05), allow=frozenset({web.place})) as fetcher,
        gate.turn("127.0.0.1", interval_seconds=0, hold_seconds=1, timeout_seconds=1),
        pytest.raises(GateTimeout),
    ):
        fetcher.get(Ask(web.url("/feed")), now=NOW)

    assert web.visits == []


def test_threads_take_turns_at_arxiv_over_one_connection_and_rest_between(web: FakeWeb) -> None:
    hosts = ["rss.arxiv.org", "export.arxiv.org"] * 3
    gate = LocalGate(pace=0.02)

    with (
        a_fetcher(gate=gate, resolve=FakeNames(**NAMES), dial=Shortcut(web.port)) as fetcher,
        ThreadPoolExecutor(6) as pool,
    ):
        replies = list(pool.map(lambda host: fetcher.get(Ask(f"http://{host}/feed"), now=NOW), hosts))

    visits = sorted(web.visits, key=lambda visit: visit.started_at)
    rests = [after.started_at - before.started_at for before, after in itertools.pairwise(visits)]
    assert [reply.status for reply in replies] == [200] * 6
    assert web.most_in_flight == 1
    assert len({visit.connection for visit in visits}) == 6  # none is kept open outside its turn
    assert min(rests) >= 3.0 * 0.02


def test_threads_share_one_fetcher(web: FakeWeb) -> None:
    web.put("/slow", Page(FEED, delay_seconds=0.05))
    start = threading.Barrier(8)

    def go(number: int) -> Reply:
        start.wait()
        return fetcher.get(Ask(f"{web.url('/slow')}?{number}"), now=NOW)

    with a_fetcher(allow=frozenset({web.place})) as fetcher, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(go, range(8)))

    assert [reply.url for reply in replies] == [f"{web.url('/slow')}?{number}" for number in range(8)]
    assert web.most_in_flight > 1


# -- replay -----------------------------------------------------------------------------------------


def test_a_replay_answers_for_every_host_and_nothing_else_is_opened(web: FakeWeb) -> None:
    web.put("//rss.arxiv.org/rss/cs.AI", Page(b"arxiv"))
    web.put("//www.nature.com/nature.rss?a=1", redirect("https://other.example/there"))
    web.put("//other.example/there", Page(b"nature"))
    names = FakeNames()

    with a_fetcher(replay=f"http://127.0.0.1:{web.port}", resolve=names) as fetcher:
        first = fetcher.get(Ask("https://rss.arxiv.org/rss/cs.AI"), now=NOW)
        second = fetcher.get(Ask("https://www.nature.com/nature.rss?a=1"), now=NOW)

    assert (first.body, first.url) == (b"arxiv", "https://rss.arxiv.org/rss/cs.AI")
    assert (second.body, second.redirects) == (b"nature", ("https://other.example/there",))
    assert set(names.asked) == {"127.0.0.1"}


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/", "https://journal.example:8443/", "file:///etc/passwd"]
)
def test_a_replay_still_judges_the_true_address(address: str, web: FakeWeb) -> None:
    with (
        a_fetcher(replay=f"http://127.0.0.1:{web.port}") as fetcher,
        pytest.raises((AddressForbidden, AddressMalformed)),
    ):
        fetcher.get(Ask(address), now=NOW)


def test_a_step_from_https_to_http_is_not_taken(web: FakeWeb) -> None:
    web.put("/secure", redirect("http://journal.example/feed"))

    with (
        a_fetcher(replay=f"http://127.0.0.1:{web.port}") as fetcher,
        pytest.raises(SourceRedirects) as caught,
    ):
        fetcher.get(Ask("https://journal.example/secure"), now=NOW)

    assert caught.value.facts["reason"] == "from https to http"


def test_the_replay_server_itself_is_no_source(web: FakeWeb) -> None:
    with a_fetcher(replay=f"http://127.0.0.1:{web.port}") as fetcher, pytest.raises(AddressForbidden):
        fetcher.get(Ask(web.url("/feed")), now=NOW)


@pytest.mark.parametrize(
    "replay", ["http://replay.example:80", "https://127.0.0.1:8000", "http://127.0.0.1", "127.0.0.1:8000"]
)
def test_a_replay_runs_on_this_machine_only(replay: str) -> None:
    with pytest.raises(SettingInvalid), a_fetcher(replay=replay):
        pass


def test_a_condition_of_the_servers_own_making_is_sent_and_its_answer_is_whole(web: FakeWeb) -> None:
    web.put("/items", Page(FEED))

    reply = fetch(web, Ask("http://journal.example/items", conditions=(("If-Modified-Since-Version", "7"),)))

    assert reply.status == 200
    assert web.visits[-1].headers["if-modified-since-version"] == "7"
