"""Servers that are slow, endless, broken or sly: each ends soon, with a named error."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from academichub.errors import (
    FetchError,
    SourceGarbled,
    SourceRedirects,
    SourceTooLarge,
    SourceTooSlow,
    SourceUnreachable,
)
from academichub.fetch.client import Ask
from academichub.fetch.limits import MEBIBYTE, Limits
from tests.fakes.network import NOW, a_fetcher
from tests.fakes.web import FakeWeb, Page, bomb, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT = Limits(connect_seconds=0.3, read_seconds=0.3, total_seconds=0.6)
NO_RATIO = Limits(ratio=10_000, total_seconds=20.0)


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb() as web:
        yield web


def failure(web: FakeWeb, page: Page, *, limits: Limits = SHORT) -> FetchError:
    """Fetch a page that brings nothing, and give the error."""
    address = web.put("/feed", page)
    with (
        a_fetcher(allow=frozenset({web.place}), limits=limits) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.get(Ask(address), now=NOW)
    return caught.value


# -- too much ---------------------------------------------------------------------------------------


def test_a_gzip_bomb_is_put_out_early(web: FakeWeb) -> None:
    page = bomb(300)
    assert len(page.body) < 320_000

    error = failure(web, page, limits=Limits())

    assert isinstance(error, SourceTooLarge)
    assert error.facts["reason"] == "it unpacks to more than 100 times its size"


def test_a_gzip_bomb_stops_at_the_cap_with_little_memory_even_without_the_ratio(web: FakeWeb) -> None:
    page = bomb(300)

    tracemalloc.start()
    try:
        error = failure(web, page, limits=NO_RATIO)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert isinstance(error, SourceTooLarge)
    assert error.facts["limit"] == 16 * MEBIBYTE
    assert peak_bytes < 20 * MEBIBYTE


def test_an_endless_plain_body_stops_at_the_cap(web: FakeWeb) -> None:
    # No length is announced and the end never comes: only the count can stop it.
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"

    error = failure(web, Page(raw=head + b" " * (17 * MEBIBYTE)), limits=Limits())

    assert isinstance(error, SourceTooLarge)


def test_a_body_announced_over_the_cap_is_not_begun(web: FakeWeb) -> None:
    error = failure(web, Page(b"<rss/>", headers={"Content-Length": str(10**12)}))

    assert isinstance(error, SourceTooLarge)
    assert error.facts["reason"] == "the server announces more than the cap"


def test_endless_headers_are_not_collected(web: FakeWeb) -> None:
    lines = b"".join(b"X-Filler-%d: %s\r\n" % (number, b"a" * 1000) for number in range(1000))

    error = failure(web, Page(raw=b"HTTP/1.1 200 OK\r\n" + lines))

    assert isinstance(error, SourceTooLarge)
    assert error.facts["reason"] == "the headers are over the cap"


# -- too slow ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        Page(b"<rss>" + b" " * 1000, drip_seconds=0.05),
        Page(b"<rss>" + b" " * 1000, drip_seconds=0.002),
        Page(raw=b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000, drip_seconds=0.05),
        Page(gzip.compress(b"<rss/>") * 100, headers={"Content-Encoding": "gzip"}, drip_seconds=0.05),
    ],
    ids=["body", "fast body", "headers", "gzip"],
)
def test_a_slow_drip_ends_at_the_deadline(page: Page, web: FakeWeb) -> None:
    began = time.monotonic()
    error = failure(web, page)

    assert isinstance(error, SourceTooSlow)
    assert error.facts["limit_seconds"] == 0.6
    assert 0.5 < time.monotonic() - began < 10  # to its end the slowest would take a minute


def test_redirects_share_one_deadline(web: FakeWeb) -> None:
    for number in range(4):
        page = redirect(f"/{number + 1}")
        web.put(f"/{number}", Page(status=302, headers=page.headers, delay_seconds=0.2))

    with a_fetcher(allow=frozenset({web.place}), limits=SHORT) as fetcher, pytest.raises(SourceTooSlow):
        fetcher.get(Ask(web.url("/0")), now=NOW)


def test_a_server_that_says_nothing_is_left_after_one_read(web: FakeWeb) -> None:
    error = failure(web, Page(b"<rss/>", delay_seconds=0.5))

    assert isinstance(error, SourceUnreachable)
    assert error.facts["reason"] == "no answer in time"
    assert len(web.visits) == 1


def test_a_server_that_does_not_shake_hands_is_left_in_time(web: FakeWeb) -> None:
    # A plain HTTP server waits for the end of the line that TLS never sends.
    place = web.place
    with a_fetcher(allow=frozenset({place}), limits=SHORT) as fetcher, pytest.raises(SourceUnreachable):
        fetcher.get(Ask(f"https://{place}/feed"), now=NOW)


# -- broken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        Page(b"<rss><channel></channel></rss>", cut_after=10),
        Page(b"<rss><channel></channel></rss>", headers={"Content-Length": "1000"}, cut_after=30),
        Page(b"<rss><channel></channel></rss>", gzip=True, cut_after=20),
        Page(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n"),
        Page(raw=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"<rss/>")[:-3]),
        Page(raw=b"HTTP/1.1 200"),
        Page(raw=b""),
        Page(raw=b"SSH-2.0-OpenSSH_9.6\r\n"),
        Page(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n<rss/>"),
        Page(raw=b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n<rss/>"),
    ],
    ids=[
        *("cut", "length too long", "gzip cut", "chunks cut", "gzip without length cut"),
        *("status line cut", "silence", "not HTTP", "two lengths", "no number"),
    ],
)
def test_a_broken_answer_is_an_error_and_never_half_a_feed(page: Page, web: FakeWeb) -> None:
    error = failure(web, page)

    assert isinstance(error, SourceUnreachable)
    assert error.facts["reason"] == "the answer broke off"
    assert len(web.visits) == 3


def test_a_length_that_is_too_short_does_not_spoil_the_next_answer(web: FakeWeb) -> None:
    web.put("/short", Page(b"<rss/> and more", headers={"Content-Length": "6"}))
    web.put("/next", Page(b"<feed/>"))

    with a_fetcher(allow=frozenset({web.place})) as fetcher:
        short = fetcher.get(Ask(web.url("/short")), now=NOW)
        after = fetcher.get(Ask(web.url("/next")), now=NOW)

    assert (short.body, after.body) == (b"<rss/>", b"<feed/>")


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_a_packing_that_nobody_asked_for_is_refused_by_name(coding: str, web: FakeWeb) -> None:
    error = failure(web, Page(b"\x0b\x02\x80<rss/>\x03", headers={"Content-Encoding": coding}))

    assert isinstance(error, SourceGarbled)
    assert error.facts["reason"] == f"packed as {coding}, which was not asked for"
    assert len(web.visits) == 1


# -- sly --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", [["/feed"], ["/a", "/feed"], ["/a", "/b", "/a"]])
def test_a_redirect_loop_is_seen_on_its_first_turn(loop: list[str], web: FakeWeb) -> None:
    for here, there in zip(["/feed", *loop], loop, strict=False):
        web.put(here, redirect(there))

    with a_fetcher(allow=frozenset({web.place})) as fetcher, pytest.raises(SourceRedirects) as caught:
        fetcher.get(Ask(web.url("/feed")), now=NOW)

    assert caught.value.facts["reason"] == "a loop"
    assert len(web.visits) == len(loop)
