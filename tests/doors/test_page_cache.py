"""Kept pages: fast, small, and never the wrong one."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import zstandard
from starlette.testclient import TestClient

from academichub.errors import StoreUnreachable
from academichub.web.app import create_app
from academichub.web.pagecache import PageCache, choose_encoding, is_match
from benchmarks.pages import run
from tests.fakes.hub import NOW, FakeHub

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.shelf import FeedPage, FeedQuery


class CountingHub(FakeHub):
    """A hub that counts how often its feed is asked for."""

    questions = 0

    def feed(self, query: FeedQuery, *, today: date) -> FeedPage:
        self.questions += 1
        return super().feed(query, today=today)


def door(hub: FakeHub, clock: list[timedelta] | None = None) -> TestClient:
    now = clock or [timedelta()]
    app = create_app(hub, clock=lambda: NOW + now[0], version="1")
    return TestClient(
        app, base_url="http://localhost", headers={"accept-language": "en", "accept-encoding": ""}
    )


def test_a_page_is_made_once_until_the_shelves_change() -> None:
    hub = CountingHub()
    client = door(hub)
    for _ in range(3):
        client.get("/")
    client.head("/")
    assert hub.questions == 1

    hub.pause("nature", paused=True, now=NOW)
    page = client.get("/").text

    assert hub.questions == 2
    assert "Nature: late" not in page


class LaggingHub(FakeHub):
    """A hub whose revision is behind what was written, as one that reads it five times a second is."""

    def revision(self) -> int:
        return 1


def test_the_page_that_a_form_leads_to_is_made_anew_though_the_revision_lags() -> None:
    client = door(LaggingHub())
    assert "You said: more like this" not in client.get("/radars/quantum-attention").text

    answer = client.post(
        "/radars/quantum-attention",
        data={"do": "more", "work": "43", "on": ""},
        headers={"sec-fetch-site": "same-origin"},
    )

    assert answer.status_code == 200
    assert "You said: more like this" in client.get("/radars/quantum-attention").text


def test_a_page_is_made_again_when_the_day_changes() -> None:
    hub = CountingHub()
    clock = [timedelta()]
    client = door(hub, clock)
    client.get("/")
    clock[0] = timedelta(days=1)
    client.get("/")

    assert hub.questions == 2


def test_a_page_that_says_minutes_ago_is_made_again_each_minute() -> None:
    clock = [timedelta()]
    client = door(FakeHub(), clock)
    assert "12 minutes ago" in client.get("/sources").text

    clock[0] = timedelta(minutes=2)

    assert "14 minutes ago" in client.get("/sources").text


def test_addresses_that_mean_the_same_are_one_page() -> None:
    hub = CountingHub()
    client = door(hub)
    for query in (
        "cat=cs.LG&date=2026-06-19",
        "date=2026-06-19&cat=cs.LG",
        "utm_source=x&cat=cs.LG&date=2026-06-19&",
    ):
        client.get(f"/?{query}")

    assert hub.questions == 1


@pytest.mark.parametrize(
    "cookie", ["hub_theme=dark", "hub_density=titles", "hub_keys=off", "hub_lang=zh", "hub_theme=light"]
)
def test_each_readers_choices_get_their_own_page(cookie: str) -> None:
    client = door(FakeHub())
    plain = client.get("/")

    chosen = client.get("/", headers={"cookie": cookie})

    assert chosen.text != plain.text
    assert chosen.headers["etag"] != plain.headers["etag"]
    assert client.get("/").text == plain.text


def test_an_unchanged_page_is_not_sent_again() -> None:
    client = door(FakeHub())
    tag = client.get("/").headers["etag"]

    answer = client.get("/", headers={"if-none-match": f'"other", {tag}'})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == tag
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "content-security-policy" in answer.headers
    assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_each_encoding_is_the_same_page_under_its_own_strong_tag() -> None:
    client = door(FakeHub())
    tags = set()
    plain = client.get("/")
    for encoding in ("zstd", "gzip", "identity"):
        with client.stream("GET", "/", headers={"accept-encoding": encoding}) as answer:
            raw = b"".join(answer.iter_raw())
        tags.add(answer.headers["etag"])
        assert int(answer.headers["content-length"]) == len(raw)
        if encoding == "zstd":
            body = zstandard.ZstdDecompressor().decompress(raw)
        else:
            body = gzip.decompress(raw) if encoding == "gzip" else raw
        assert body == plain.content
        assert answer.headers.get("content-encoding", "identity") == encoding

    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


def test_head_says_what_get_would_without_the_body() -> None:
    client = door(FakeHub())
    for path in ("/", "/sources", "/nowhere", "/static/none"):
        head = client.head(path)
        assert head.content == b""
        got = client.get(path)
        assert head.status_code == got.status_code
        assert head.headers.get("content-length") == got.headers.get("content-length")


def test_pages_with_errors_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = FakeHub()
    client = door(hub)

    def fail(*_: object, **__: object) -> None:
        raise StoreUnreachable(database="sqlite", reason="locked")

    with monkeypatch.context() as patch:
        patch.setattr(hub, "feed", fail)
        assert client.get("/").status_code == 503
    assert client.get("/").status_code == 200

    with monkeypatch.context() as patch:
        patch.setattr(hub, "revision", fail)
        patch.setattr(hub, "feed", fail)
        assert "The database does not answer (locked)" in client.get("/").text


def test_static_files_are_kept_for_good_and_their_addresses_change_with_them() -> None:
    client = door(FakeHub())
    page = client.get("/").text
    addresses = [part.partition('"')[0] for part in page.split('href="')[1:] if part.startswith("/static/")]

    assert any(address.startswith("/static/style.") for address in addresses)
    for address in {address.partition("#")[0] for address in addresses}:
        answer = client.get(address)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert len(answer.content) <= 25 * 1024


async def _ignore(_: object) -> None:
    """Take a message and do nothing with it."""


def test_kept_pages_stay_under_their_limit() -> None:
    hub = FakeHub()
    app = create_app(hub, clock=lambda: NOW, version="1")
    cache = PageCache(app, hub=hub, clock=lambda: NOW, capacity_bytes=400_000)
    for number in range(40):
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"per=25&cat=cs.LG&venue=%d" % number,
            "scheme": "http",
            "headers": [(b"host", b"localhost"), (b"accept-encoding", b"zstd")],
        }
        asyncio.run(cache(scope, None, _ignore))  # type: ignore[arg-type]  # nothing is received from a GET
        assert cache.kept_bytes <= 400_000

    assert cache.kept_bytes > 100_000


def test_the_best_encoding_both_sides_know_is_chosen() -> None:
    assert choose_encoding(b"gzip, deflate, br, zstd") == "zstd"
    assert choose_encoding(b"gzip;q=1.0, zstd;q=0") == "gzip"
    assert choose_encoding(b"br") == ""
    assert choose_encoding(b"zstd;q=x") == ""
    assert choose_encoding(b"") == ""


def test_tags_are_compared_weakly_and_one_by_one() -> None:
    assert is_match(b'W/"a", "b"', b'"a"')
    assert is_match(b"*", b'"a"')
    assert not is_match(b'"ab"', b'"a"')


def test_the_benchmark_of_pages_still_runs() -> None:
    app = create_app(FakeHub(), clock=lambda: NOW, version="1")

    figures = run(app, ["/?per=25"], rounds=1)

    assert figures["/?per=25"]["cached"] < figures["/?per=25"]["fresh"]
