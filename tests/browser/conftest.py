"""A real browser at a real server on a loopback port."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from academichub.web.app import create_app
from tests.fakes.hub import NOW, FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve a made-up hub; give its address."""
    app = create_app(FakeHub(), clock=lambda: NOW, version="0.1.0")
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not running.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium, or skip where there is none.

    Not for the whole session: its driver keeps an event loop in this thread, which the job engine's tests
    must not find there.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Open pages whose every request stays on loopback and which say nothing on the console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            complaints.append(said.text)

    def watch(page: Page) -> None:
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def cut_off(route: Route) -> None:
        complaints.append(f"left loopback: {route.request.url}")
        route.abort()

    def open_at(path: str, *, language: str = "en-GB", width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(
            base_url=server,
            locale=language,
            viewport={"width": width, "height": 900},
            **options,  # type: ignore[arg-type]  # passed on as they are
        )
        contexts.append(context)
        # Nothing may leave the machine: anything else than our server is cut off and reported.
        context.route(lambda address: not address.startswith((server, "data:")), cut_off)
        context.on("page", watch)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert not complaints
