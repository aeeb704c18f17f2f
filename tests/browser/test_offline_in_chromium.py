"""Reading without a connection, in a real browser with a real worker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HAS_PLAN = """async () => {
  for (const key of await caches.keys()) {
    const kept = await (await caches.open(key)).keys();
    if (kept.some((request) => new URL(request.url).pathname === "/offline.json")) return true;
  }
  return false;
}"""


@pytest.fixture
def open_context(chromium: Browser, server: str) -> Iterator[Callable[..., BrowserContext]]:
    """Open browsers that may keep pages. A lost connection is a complaint of theirs, so none are counted."""
    opened: list[BrowserContext] = []

    def open_one(language: str = "en-GB", **options: object) -> BrowserContext:
        context = chromium.new_context(base_url=server, locale=language, **options)  # type: ignore[arg-type]  # passed on as they are
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


def settle(page: Page) -> None:
    """Wait until the worker has fetched all that it keeps."""
    for _ in range(300):
        if page.evaluate(HAS_PLAN):
            return
        page.wait_for_timeout(200)
    pytest.fail("the worker did not keep its pages within a minute")


def test_the_last_days_and_their_papers_are_read_without_a_connection(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context()
    page = context.new_page()
    page.goto("/")
    settle(page)
    context.set_offline(True)

    page.goto("/")
    assert page.locator(".feed article").count() == 50
    assert "The hub cannot be reached" in page.locator(".kept-page").inner_text()
    page.locator(".more a").click()
    assert page.locator(".feed .n").first.inner_text() == "51."
    page.goto("/?date=2026-06-17")
    page.locator(".feed h2 a").first.click()
    page.wait_for_url(re.compile(r"/p/\d+$"))
    assert page.locator(".sheet h1").inner_text()
    assert page.locator(".abstract .abs").is_visible()
    style = "getComputedStyle(document.querySelector('.sheet h1')).fontFamily"
    assert "serif" in page.evaluate(style)  # the style sheets are kept too


def test_a_page_that_is_not_kept_gives_one_that_says_what_is(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context()
    page = context.new_page()
    page.goto("/")
    settle(page)
    context.set_offline(True)

    answer = page.goto("/radars")

    assert answer
    assert answer.status == 503
    assert page.locator("h1").inner_text() == "You are offline"
    page.locator("[data-stored]").wait_for()
    assert page.locator("[data-stored-days] li").count() == 7
    assert page.locator("[data-stored-days] a").first.inner_text() == "19 June 2026"
    assert page.locator("[data-stored-papers] li").count() > 60
    page.locator("[data-stored-days] a").nth(1).click()
    page.wait_for_url("**/?date=2026-06-18")
    assert page.locator(".feed article").count() > 0


def test_language_and_theme_are_the_readers_without_a_connection_too(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context()
    page = context.new_page()
    page.goto("/")
    settle(page)
    page.goto("/settings")
    page.locator('input[name="lang"][value="zh"]').check()
    page.locator('input[name="theme"][value="dark"]').check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/settings?done=saved")
    page.wait_for_timeout(300)
    page.reload()
    settle(page)
    context.set_offline(True)

    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto("/search")
    assert page.locator("h1").inner_text() == "当前离线"
    page.goto("/search?lang=en")
    assert page.locator("h1").inner_text() == "You are offline"


def test_nothing_is_kept_of_forms_nor_of_pages_that_are_not_for_reading(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context().new_page()
    page.goto("/")
    settle(page)
    for path in ("/search?q=quantum", "/settings", "/radars", "/sources", "/?done=day-read", "/nowhere"):
        page.goto(path)
    kept = page.evaluate(
        """async () => {
          const names = [];
          for (const key of await caches.keys())
            for (const request of await (await caches.open(key)).keys())
              names.push(request.method + " " + request.url.slice(location.origin.length));
          return names;
        }"""
    )

    allowed = re.compile(r"GET (/(\?(date|lang)=\S+)?|/p/\d+|/offline(\.json)?(\?lang=(zh|en))?|/static/\S+)")
    assert [name for name in kept if not allowed.fullmatch(name)] == []
    assert "GET /" in kept


def test_a_page_that_was_kept_makes_way_for_what_the_hub_says_now(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context()
    page = context.new_page()
    page.goto("/")
    settle(page)
    context.set_offline(True)
    page.goto("/")
    assert page.locator(".kept-page").count() == 1

    context.set_offline(False)
    page.goto("/")

    assert page.locator(".kept-page").count() == 0


def test_without_javascript_pages_are_as_ever(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/")

    assert page.locator(".feed article").count() == 50
