"""The pages in a real browser: accessible, quiet, at home on phones and paper, and driven by keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.steps import follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "/?per=25",
    "/?density=compact&per=25",
    "/?date=2026-06-14",
    "/p/2",
    "/p/5",
    "/p/9",
    "/p/10",
    "/?sort=match&per=25",
    "/radars",
    "/radars/new",
    "/radars/空间推理",
    "/radars/空间推理/2026-06-14",
    "/radars/quantum-attention/edit",
    "/radars/空间推理/why/1",
    "/radars/rivers/remove",
    "/review",
    "/review?done=same&count=2",
    "/sources",
    "/sources/nature",
    "/sources/delta-review",
    "/sources/add",
    "/sources/add?q=no+such+journal",
    "/kept/starred",
    "/kept/hidden",
    "/kept/noted",
    "/tags",
    "/c",
    "/c/new",
    "/c/spatial",
    "/c/thesis",
    "/go",
    "/?done=hidden-on&count=9&per=25",
    "/settings",
    "/about",
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def unfold(page: Page) -> None:
    """Open everything that is folded, so that what is in it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_page_passes_axe(open_page: Callable[..., Page], language: str, scheme: str) -> None:
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
def test_no_page_scrolls_sideways_on_a_phone(open_page: Callable[..., Page], language: str) -> None:
    page = open_page("/about", language=language, width=360)
    for path in (*PAGES, "/?density=titles", "/p/8", "/p/3", "/?cat=cs.LG&kind=preprint"):
        page.goto(path)
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_keys_walk_through_the_papers_with_real_focus_and_open_one(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25")
    page.keyboard.press("j")
    assert focused(page) == "n1"
    page.keyboard.press("n")
    page.keyboard.press("j")
    assert focused(page) == "n3"
    page.keyboard.press("k")
    assert focused(page) == "n2"
    page.keyboard.press("p")
    page.keyboard.press("k")
    assert page.locator(".toast").inner_text() == "That is the first paper on this page."

    page.keyboard.press("o")

    page.wait_for_url("**/p/1")
    assert "Maps That Remember" in page.locator("h1").inner_text()


def test_brackets_turn_the_days_and_g_goes_to_pages(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.press("[")
    page.wait_for_url("**/?date=2026-06-18")
    page.keyboard.press("]")
    page.wait_for_url("**/?date=2026-06-19")
    page.keyboard.press("]")
    assert page.locator(".toast").inner_text() == "There is no such day with papers."
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/sources")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/settings")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/radars")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url(lambda address: address.endswith("/"))


def test_the_help_opens_and_closes_and_gives_the_focus_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/", language="zh-CN")
    page.keyboard.press("j")
    page.keyboard.press("?")
    dialog = page.locator("dialog.help")
    dialog.wait_for(state="visible")

    assert "下一篇" in dialog.inner_text()
    assert not [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]

    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert focused(page) == "n1"


def test_e_unfolds_an_abstract_where_abstracts_are_folded(open_page: Callable[..., Page]) -> None:
    page = open_page("/?density=compact&per=25")
    page.keyboard.press("j")
    folded = page.locator("#n1 .abs").bounding_box()
    page.keyboard.press("e")
    unfolded = page.locator("#n1 .abs").bounding_box()

    assert folded
    assert unfolded
    assert unfolded["height"] > folded["height"] * 1.5


def test_keys_do_nothing_in_fields_nor_when_turned_off(open_page: Callable[..., Page]) -> None:
    page = open_page("/sources/add")
    page.locator("#url").fill("")
    page.locator("#url").press("g")
    page.locator("#url").press("t")
    assert page.locator("#url").input_value() == "gt"
    assert page.url.endswith("/sources/add")

    page.goto("/settings")
    page.locator('input[name="keys"][value="off"]').check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/settings?done=saved")
    page.goto("/")
    page.keyboard.press("j")
    assert focused(page) == ""


def test_everything_can_be_read_and_changed_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25", java_script_enabled=False)
    follow(page, page.locator(".more a"))
    expect(page.locator(".feed .n").first).to_have_text("26.")
    follow(page, page.locator(".tongue a", has_text="中文"))
    assert page.locator(".nav a").first.inner_text() == "今日"
    follow(page, page.locator(".nav a", has_text="设置"))
    page.locator('input[name="theme"][value="dark"]').check()
    follow(page, page.get_by_role("button", name="保存"))
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto("/sources")
    follow(page, page.locator('button[value="fetch"]').first)
    assert "will be fetched now" in page.get_by_role("status").first.inner_text()


def test_sources_are_found_and_subscribed_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page("/sources", java_script_enabled=False)
    follow(page, page.get_by_role("link", name="Add sources"))
    page.get_by_label("Words to look for").fill("sediment")
    follow(page, page.get_by_role("button", name="Search"))
    follow(page, page.get_by_role("button", name="Subscribe Notes on Sediment"))
    assert "The source is added" in page.locator(".notice").inner_text()
    assert page.get_by_role("link", name="Subscribed Notes on Sediment").is_visible()

    page.get_by_label("Address of a feed or of any page").fill("https://page.example.org/")
    follow(page, page.get_by_role("button", name="Add", exact=True))
    assert "This page offers 4 sources:" in page.locator(".found").inner_text()
    follow(page, page.get_by_role("button", name="Subscribe Latest articles"))
    assert "The source is added" in page.locator(".notice").inner_text()

    body = b'<opml version="2.0"><body/></opml>'
    page.locator("#file").set_input_files({"name": "subs.opml", "mimeType": "text/x-opml", "buffer": body})
    follow(page, page.get_by_role("button", name="Import"))
    assert "1 source added" in page.locator(".report").inner_text()
    with page.expect_download() as started:
        follow(page, page.get_by_role("link", name="Export all subscriptions as OPML"))
    assert started.value.suggested_filename == "academichub.opml"


def test_pairs_are_decided_and_merges_undone_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page("/sources", java_script_enabled=False)
    follow(page, page.get_by_role("link", name="Decide"))
    follow(page, page.get_by_role("article", name="Pair 3").get_by_role("button", name="Two works"))
    assert "They stay two works" in page.locator(".notice").inner_text()
    assert page.get_by_role("article", name="Pair 3").count() == 0

    page.goto("/p/2")
    follow(page, page.get_by_role("button", name="Undo the last of 3 merges"))
    assert "The merge is undone" in page.locator(".notice").inner_text()
    follow(page, page.get_by_text("What changed in v2"))
    assert page.locator("ins").first.is_visible()


def test_a_retraction_is_part_of_what_a_screen_reader_says_of_a_card(open_page: Callable[..., Page]) -> None:
    page = open_page("/?density=titles")

    assert page.get_by_role("article", name=re.compile(r"^Retracted\s+Slow Rivers")).count() > 0


def test_what_changed_can_be_told_without_colours(open_page: Callable[..., Page]) -> None:
    page = open_page("/p/10", forced_colors="active")
    unfold(page)

    for name, line in (("ins", "underline"), ("del", "line-through")):
        style = f"getComputedStyle(document.querySelector('{name}')).textDecorationLine"
        assert page.evaluate(style) == line


def test_the_chosen_theme_wins_over_the_systems(open_page: Callable[..., Page]) -> None:
    page = open_page("/settings", color_scheme="dark")
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.locator('input[name="theme"][value="light"]').check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/settings?done=saved")

    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != before


def test_readers_who_want_no_motion_get_none(open_page: Callable[..., Page]) -> None:
    page = open_page("/", reduced_motion="reduce")

    assert page.evaluate("getComputedStyle(document.querySelector('.chip')).transitionDuration") == "0s"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_readers_who_want_contrast_or_forced_colours_lose_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25", forced_colors="active", contrast="more")

    assert page.locator(".feed article").count() == 25
    assert page.evaluate("getComputedStyle(document.documentElement).color") in {
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    }


def test_the_skip_link_is_first_and_leads_to_the_papers(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("Boolean(document.activeElement.closest('main'))")


@pytest.mark.parametrize("path", ["/?per=25", "/p/2", "/p/9", "/radars/空间推理"])
def test_a_page_prints_like_a_page_of_a_journal(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path)
    page.emulate_media(media="print")

    assert page.locator(".head").is_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
