"""Measure what a page costs: made fresh, from the page cache, and as a 304. Processor time, in this process.

    python benchmarks/pages.py [--rounds 200] [--json]

`run(app, urls)` takes any application that `academichub.web.app.create_app` made, whatever hub is behind it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from starlette.types import ASGIApp, Message

    from academichub.model.shelf import FeedPage, FeedQuery

_HOST = (b"host", b"localhost")
_LANGUAGE = (b"accept-language", b"en")


def run(app: ASGIApp, urls: Sequence[str], *, rounds: int = 100) -> dict[str, dict[str, float]]:
    """Measure each page.

    Returns:
        By address, median milliseconds of processor time: a fresh page (`fresh`), a fresh page with its zstd
        form (`fresh_zstd`), one from the page cache (`cached`), a 304 (`unchanged`); and the page's `bytes`.
    """
    return {url: asyncio.run(_measure(app, url, rounds)) for url in urls}


def first_sight(app: ASGIApp, urls: Sequence[str]) -> float:
    """Ask for each page once, none of whose cards was ever set; give the median in milliseconds."""
    return asyncio.run(_first_sight(app, urls))


def show(app: ASGIApp, url: str, *, port: int, runner: asyncio.Runner) -> bytes:
    """Ask for a page under the name of another port, so that no page is kept; give its HTML.

    The runner is one for all pages: a server makes no loop and no threads for each.
    """
    start, body = runner.run(_get(app, url, ((b"host", b"localhost:%d" % port), _LANGUAGE)))
    assert start["status"] == 200, start
    return body


async def _first_sight(app: ASGIApp, urls: Sequence[str]) -> float:
    times = []
    for url in urls:
        before = time.process_time_ns()
        start, _ = await _get(app, url, (_HOST, _LANGUAGE))
        times.append((time.process_time_ns() - before) / 1e6)
        assert start["status"] == 200, start
    return round(statistics.median(times), 4)


async def _measure(app: ASGIApp, url: str, rounds: int) -> dict[str, float]:
    start, body = await _get(app, url, (_HOST, _LANGUAGE))
    assert start["status"] == 200, start
    zstd = (_HOST, _LANGUAGE, (b"accept-encoding", b"gzip, deflate, br, zstd"))
    start, _ = await _get(app, url, zstd)
    tag = dict(start["headers"])[b"etag"]
    unchanged = (*zstd, (b"if-none-match", tag))
    return {
        # Another host name is another key of the cache, so each of these pages is made anew.
        "fresh": await _median(app, url, (_LANGUAGE,), rounds, first_port=1),
        "fresh_zstd": await _median(app, url, zstd[1:], rounds, first_port=20_000),
        "cached": await _median(app, url, zstd, rounds * 10),
        "unchanged": await _median(app, url, unchanged, rounds * 10, status=304),
        "bytes": float(len(body)),
    }


async def _median(
    app: ASGIApp,
    url: str,
    headers: tuple[tuple[bytes, bytes], ...],
    rounds: int,
    *,
    status: int = 200,
    first_port: int | None = None,
) -> float:
    times = []
    for number in range(rounds):
        asked = (
            headers if first_port is None else (*headers, (b"host", b"localhost:%d" % (first_port + number)))
        )
        before = time.process_time_ns()
        start, _ = await _get(app, url, asked)
        times.append((time.process_time_ns() - before) / 1e6)
        assert start["status"] == status, start
    return round(statistics.median(times), 4)


async def _get(app: ASGIApp, url: str, headers: tuple[tuple[bytes, bytes], ...]) -> tuple[Message, bytes]:
    path, _, query = url.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


def main() -> None:
    """Measure the pages of a hub whose answers cost nothing: view, template and layers alone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from academichub.web.app import create_app
    from tests.fakes.hub import NOW, FakeHub

    class StillHub(FakeHub):
        """A hub that answers each question once and for all."""

        @lru_cache(64)  # noqa: B019 - lives as long as the program
        def feed(self, query: FeedQuery, *, today: date) -> FeedPage:
            """Give a page of a day."""
            return super().feed(query, today=today)

        def __hash__(self) -> int:
            return id(self)

    app = create_app(StillHub(), clock=lambda: NOW, version="0")
    figures = run(app, ["/?per=25", "/", "/p/2", "/sources"], rounds=options.rounds)
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    columns = ("fresh", "fresh_zstd", "cached", "unchanged", "bytes")
    print("median milliseconds of processor time")
    print(f"{'page':<12}" + "".join(f"{name:>11}" for name in columns))
    for url, row in figures.items():
        print(f"{url:<12}" + "".join(f"{row[name]:>11g}" for name in columns))


if __name__ == "__main__":
    main()
