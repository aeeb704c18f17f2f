"""Searching, authors and months in a real browser: accessible, on phones, by keys, and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.steps import follow
from tests.browser.test_pages_in_chromium import RULES, unfold

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "/search",
    "/search?q=quantum+attention",
    "/search?q=the&cat=cs.LG&kind=preprint&density=compact",
    "/search?q=nowhere&mode=words&cat=cs.LG",
    "/search?q=quantm&mode=words",
    "/authors/0000-0002-1825-0097",
    "/authors?name=Li+Wenqing",
    "/calendar",
    "/calendar?month=2026-05",
    "/offline",
    "/p/2",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_page_of_finding_passes_axe(open_page: Callable[..., Page], language: str, scheme: str) -> None:
    page = open_page("/about", language=language, color_scheme=scheme)
    found = []
    for path in PAGES:
        page.goto(path)
        unfold(page)
        answer = Axe().run(page, options=RULES).response
        found += [
            (path, violation["id"], [node["html"][:160] for node in violation["nodes"]][:3])
            for violation in answer["violations"]
        ]

    assert not found


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_no_page_of_finding_scrolls_sideways_on_a_phone(
    open_page: Callable[..., Page], language: str
) -> None:
    page = open_page("/about", language=language, width=360)
    for path in PAGES:
        page.goto(path)
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_search_is_made_with_keys_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("/search")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("quantum attention")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=quantum+attention**")

    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "n1"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**mode=meaning**")


def test_everything_is_found_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page("/search", java_script_enabled=False)
    page.get_by_role("searchbox").fill("the")
    page.get_by_label("words", exact=True).check()
    follow(page, page.get_by_role("button", name="Search"))
    assert page.locator(".feed article").count() == 25
    follow(page, page.get_by_role("link", name="By date"))
    follow(page, page.locator(".more a"))
    assert page.locator(".feed .n").first.inner_text() == "26."
    follow(page, page.locator(".facets .cat a", has_text="cs.LG"))
    assert page.locator(".chips a.on").inner_text().startswith("Category")
    assert page.locator(".feed .n").first.inner_text() == "01."
    follow(page, page.locator(".chips a.on"))
    assert page.locator(".chips").count() == 0

    follow(page, page.get_by_role("link", name="Save as a radar"))
    assert page.locator("#rule").input_value() == "the"


def test_an_author_is_followed_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page("/authors?name=Ruth+Osei", java_script_enabled=False)
    page.get_by_label("Follow with the radar").select_option("rivers")
    follow(page, page.get_by_role("button", name="Follow", exact=True))

    assert "From now on this radar follows the author" in page.locator(".notice").inner_text()
    follow(page, page.locator(".notice a"))
    assert page.locator("h1").inner_text() == "Slow rivers"


def test_recent_searches_are_remembered_by_the_browser_until_they_are_forgotten(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/search?q=quantum")
    page.goto("/search?q=%3Cb%3Erivers%3C%2Fb%3E")
    page.goto("/search?q=quantum&mode=words")
    page.goto("/search")

    assert page.locator("[data-recent] li").all_inner_texts() == ["quantum", "<b>rivers</b>"]
    page.locator("[data-recent] a").last.click()
    page.wait_for_url("**q=%3Cb%3Erivers**")
    page.goto("/search")
    page.get_by_role("button", name="Forget them").click()
    assert page.locator("[data-recent]").is_hidden()
    page.reload()
    assert page.locator("[data-recent]").is_hidden()


def test_what_others_left_in_the_browsers_storage_counts_for_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("/search")
    for kept in ("{", '{"a": 1}', '[1, null, "rivers"]'):
        page.evaluate("kept => localStorage.setItem('hub.searches', kept)", kept)
        page.reload()

    assert page.locator("[data-recent] li").all_inner_texts() == ["rivers"]


def test_the_caret_goes_to_where_a_query_cannot_be_read(open_page: Callable[..., Page]) -> None:
    page = open_page("/search?q=ti%3Aquantum")
    page.route("**/search?q=fault", lambda route: route.fulfill(body=_fault(page), content_type="text/html"))
    page.goto("/search?q=fault")

    box = "document.querySelector('#q')"
    assert page.evaluate(f"[{box}.selectionStart, {box}.selectionEnd]") == [6, 9]
    assert page.evaluate("document.activeElement.id") == "q"


def _fault(page: Page) -> str:
    """Make the page of a fault as a good answer: a refusal would be a complaint of the browser's."""
    answer = page.request.get("/search?q=𝒳𝒴 (AND")
    assert answer.status == 400
    return answer.text()


def test_days_of_the_calendar_are_reached_with_keys(open_page: Callable[..., Page]) -> None:
    page = open_page("/calendar?month=2026-05")
    page.keyboard.press("]")
    page.wait_for_url("**/calendar?month=2026-06")
    page.get_by_role("link", name="18 June 2026").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?date=2026-06-18")


def test_an_answer_prints_without_its_controls(open_page: Callable[..., Page]) -> None:
    page = open_page("/search?q=quantum")
    page.emulate_media(media="print")

    assert page.locator(".ask-box").is_hidden()
    assert page.locator(".facets").is_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_what_was_found_can_be_told_without_colours(open_page: Callable[..., Page]) -> None:
    page = open_page("/search?q=quantum", forced_colors="active")
    style = "getComputedStyle(document.querySelector('.feed mark')).backgroundColor"

    assert page.evaluate(style) != "rgba(0, 0, 0, 0)"
