"""Briefings in a real browser: evidence by mouse, keys and touch, the live stream, print, no JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.steps import follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRITTEN, EXTRACTED = "/b/2026-06-19", "/b/2026-06-18"
CARD = ".evidence-card:not([hidden])"


def violations(page: Page) -> list[str]:
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
    return [one["id"] for one in Axe().run(page, options={"runOnly": rules}).response["violations"]]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_evidence_opens_under_the_mouse_and_goes_when_it_leaves(open_page: Callable[..., Page]) -> None:
    page = open_page(WRITTEN)
    page.locator("#points a.ref").nth(1).hover()

    card = page.locator(CARD)
    card.wait_for()
    said = card.inner_text()
    assert "Maps That Remember" in said
    assert "verbatim" in said
    assert "abstract sentence 3 · v1" in said
    card.hover()  # it stays while it is read
    page.wait_for_timeout(500)
    assert card.is_visible()
    assert not violations(page)

    page.locator("h1").hover()
    card.wait_for(state="hidden")


def test_evidence_follows_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(EXTRACTED)
    page.locator("#points a.ref").first.focus()
    page.keyboard.press("Tab")

    page.locator(CARD).wait_for()
    assert page.locator("#points a.ref").nth(1).get_attribute("aria-describedby") == "evidence-card"
    page.keyboard.press("Escape")
    page.locator(CARD).wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('a.ref')")

    cited = page.evaluate("document.activeElement.hash.slice(1)")
    page.keyboard.press("Enter")
    page.locator(f"#{cited}:focus").wait_for()
    page.go_back()
    assert page.url.endswith(EXTRACTED)


def test_evidence_opens_at_a_touch_and_closes_at_one_elsewhere(open_page: Callable[..., Page]) -> None:
    page = open_page(WRITTEN, width=360, has_touch=True, is_mobile=True)
    page.locator("#points a.ref").first.tap()

    page.locator(CARD).wait_for()
    assert page.url.endswith(WRITTEN)  # the first touch leads nowhere yet
    assert page.locator(CARD).get_by_role("link", name="To the reference").is_visible()
    page.locator("#themes-h").tap()
    page.locator(CARD).wait_for(state="hidden")

    page.locator("#points a.ref").first.tap()
    page.locator(CARD).get_by_role("link", name="To the reference").tap()
    page.wait_for_url("**#r2q1")


def test_a_touched_card_leads_to_the_paper(open_page: Callable[..., Page]) -> None:
    page = open_page(WRITTEN, width=360, has_touch=True, is_mobile=True)
    page.locator("#points a.ref").first.tap()

    page.locator(CARD).get_by_role("link", name="Open").tap()

    page.wait_for_url("**/p/4")


def test_the_evidence_beside_the_text_follows_the_section_and_can_be_put_away(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(WRITTEN)
    first = page.locator(".evidence .shown").inner_text()
    assert "Maps That Remember" in first

    for _ in range(3):
        page.keyboard.press("j")
    assert focused(page) == "bridges"
    page.locator(".evidence article", has_text="Fair Division").first.wait_for()
    assert page.locator('.contents [aria-current="true"]').inner_text().startswith("Bridges")
    page.keyboard.press("k")
    assert focused(page) == "themes"

    page.keyboard.press("e")
    assert page.locator(".evidence").is_hidden()
    assert page.locator(".toast").inner_text() == "The evidence is hidden."
    page.keyboard.press("e")
    assert page.locator(".evidence").is_visible()
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/b")


def test_a_briefing_is_seen_while_it_is_written(open_page: Callable[..., Page]) -> None:
    page = open_page("/b")
    page.get_by_role("checkbox", name="空间推理").check()
    page.locator(".estimate", has_text="14 calls").wait_for()
    page.get_by_role("button", name="Write", exact=True).click()
    page.wait_for_url("**?done=ordered")

    page.locator(".progress").wait_for()
    assert page.locator("main").get_attribute("aria-busy") == "true"
    page.locator("#points .by-author").first.wait_for()
    page.locator("#points .by-ai").wait_for(timeout=20_000)
    page.locator("article[aria-busy]").first.wait_for()
    assert not violations(page)
    page.locator(".progress").wait_for(state="detached", timeout=20_000)

    assert page.locator("main").get_attribute("aria-busy") is None
    assert page.locator(".toast").inner_text() == "The briefing is written."
    assert page.locator('.contents a[href$=".md?lang=en"], .contents a[href$=".md"]').count() == 1
    whole = page.locator("main").inner_text()
    page.reload()
    assert page.locator("main").inner_text() == whole  # what came bit by bit is what the page says


def test_the_focus_stays_where_it_is_while_parts_come(open_page: Callable[..., Page]) -> None:
    page = open_page("/b")
    page.get_by_role("button", name="Write", exact=True).click()
    page.locator("#themes a.ref").last.wait_for()

    page.locator("#theme-2 a.ref").last.evaluate("one => one.focus()")
    page.locator("#points .by-ai").wait_for(timeout=20_000)

    assert page.evaluate("document.activeElement.closest('article')?.id") == "theme-2"
    page.locator(".progress").wait_for(state="detached", timeout=20_000)


def test_a_briefing_works_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page("/b", java_script_enabled=False)
    follow(page, page.get_by_role("button", name="Estimate"))
    assert "14 calls" in page.locator("#estimate").inner_text()
    follow(page, page.get_by_role("button", name="Write", exact=True))
    page.wait_for_url("**?done=ordered")
    assert page.locator('noscript meta[http-equiv="refresh"]').count() == 1
    follow(page, page.get_by_role("button", name="Stop"))
    assert "The writing is stopped." in page.locator(".notice").first.inner_text()

    page.goto(WRITTEN)
    follow(page, page.locator("#points a.ref").first)
    assert page.url.endswith("#r2q1")
    follow(page, page.get_by_role("link", name="Remove this briefing"))
    follow(page, page.get_by_role("link", name="Keep it"))
    assert page.url.endswith(WRITTEN)


def test_a_schedule_is_made_in_the_readers_own_time_zone(open_page: Callable[..., Page]) -> None:
    page = open_page("/b", timezone_id="America/New_York")
    page.get_by_text("Or regularly").click()
    assert page.locator("#zone").input_value() == "America/New_York"
    page.get_by_role("checkbox", name="Tue").check()
    page.get_by_role("button", name="Save the schedule").click()

    line = page.locator(".schedules li", has_text="America/New_York")
    assert "Tue at 08:00" in line.inner_text()
    line.get_by_role("button", name=re.compile("^Remove")).click()
    assert "The schedule is removed." in page.locator(".notice").inner_text()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/b", WRITTEN, EXTRACTED, f"{WRITTEN}/remove"])
def test_pages_of_briefings_fit_and_are_accessible(
    open_page: Callable[..., Page], path: str, scheme: str, width: int, language: str
) -> None:
    page = open_page(path, language=language, width=width, color_scheme=scheme, reduced_motion="reduce")

    assert overflow(page) <= 0
    assert not violations(page)


@pytest.mark.parametrize(("path", "language"), [(WRITTEN, "zh-CN"), (EXTRACTED, "en-GB")])
def test_a_briefing_prints_as_a_paper_without_chrome(
    open_page: Callable[..., Page], path: str, language: str
) -> None:
    page = open_page(path, language=language)
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True)
    page.set_viewport_size({"width": 658, "height": 980})  # what A4 leaves between its margins

    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) in {2, 3, 4}
    assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf
    assert overflow(page) <= 0
    for gone in (".head", ".contents", ".evidence", ".again", ".foot"):
        assert page.locator(gone).first.is_hidden(), gone
    for there in ("h1", ".account", "#points", "#themes", "#bridges", "#references", "#reading"):
        assert page.locator(there).is_visible(), there
    assert (
        page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()") == "#000"
    )
    cut = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(one => one.checkVisibility() && "
        "!one.matches('.vh, .vh *') && one.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert cut == 0


def test_evidence_can_be_told_without_colours(open_page: Callable[..., Page]) -> None:
    page = open_page(WRITTEN, forced_colors="active")

    assert page.locator("mark").first.is_visible()
    assert page.locator(".label.loose").first.inner_text() == "loose paraphrase"
