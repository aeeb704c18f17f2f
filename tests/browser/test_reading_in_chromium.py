"""Reading in a real browser: marks at once and back, keys alone, the palette, notes, no JavaScript, paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.steps import follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PAGES = (
    "/?per=25",
    "/?per=25&density=titles",
    "/?done=hidden-on&count=9&per=25",
    "/p/2",
    "/p/8",
    "/kept/starred",
    "/kept/hidden",
    "/kept/read?done=read-off&count=3",
    "/tags",
    "/tags/quantum",
    "/c",
    "/c/new",
    "/c/spatial",
    "/c/thesis",
    "/c/thesis/remove",
    "/go",
)
LIBRARY = b"@misc{a, title={An entry from elsewhere}, author={Reader, Ada}}\n@misc{b, title={No end\n"


def mark(page: Page, work: int, name: str) -> Locator:
    return page.locator(f'[data-work="{work}"] .mark[data-mark="{name}"]')


def hear(page: Page, said: str) -> None:
    expect(page.locator(".toast")).to_contain_text(said)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_page_of_reading_passes_axe(open_page: Callable[..., Page], language: str, scheme: str) -> None:
    page = open_page("/about", language=language, color_scheme=scheme)
    found = []
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        found += [(path, *one) for one in violations(page)]

    assert not found


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [320, 768])
def test_no_page_of_reading_scrolls_sideways(
    open_page: Callable[..., Page], language: str, width: int
) -> None:
    page = open_page("/about", language=language, width=width)
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_every_button_is_large_enough_for_a_finger(open_page: Callable[..., Page]) -> None:
    page = open_page("/about", width=360)
    for path in ("/?per=25", "/?per=25&density=titles", "/p/2", "/c/thesis", "/tags"):
        page.goto(path)
        small = page.evaluate(
            """[...document.querySelectorAll("main button, main .label a, .finder input")]
            .map((it) => [it.outerHTML.slice(0, 90), it.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)"""
        )
        assert not small, path


# -- marks --------------------------------------------------------------------------------------------


def test_a_mark_shows_before_the_hub_has_answered_and_stays(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25&date=2026-06-18")
    work = int(page.locator("#n1").get_attribute("data-work") or 0)
    waiting: list[Route] = []
    page.route("**/marks", lambda route: waiting.append(route))  # noqa: PLW0108 - its arity is looked at

    mark(page, work, "starred").click()
    assert mark(page, work, "starred").get_attribute("aria-pressed") == "true"
    page.wait_for_timeout(100)
    assert page.locator(".toast").inner_text() == ""

    waiting[0].continue_()
    hear(page, "Starred.")
    page.reload()
    assert mark(page, work, "starred").get_attribute("aria-pressed") == "true"


def test_a_mark_that_the_hub_refuses_is_taken_back_and_that_is_said(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25")
    before = mark(page, 10, "later").get_attribute("aria-pressed")
    page.route("**/p/10/marks", lambda route: route.fulfill(status=200, body="no hub"))

    mark(page, 10, "later").click()

    hear(page, "could not be kept")
    assert mark(page, 10, "later").get_attribute("aria-pressed") == before


def test_a_hidden_paper_is_one_line_with_the_way_back_under_the_same_finger(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/?per=25&date=2026-06-17")
    work = int(page.locator("#n2").get_attribute("data-work") or 0)
    tall = page.locator("#n2").bounding_box()
    mark(page, work, "hidden").click()
    low = page.locator("#n2").bounding_box()
    assert tall
    assert low
    assert low["height"] < 70 < tall["height"]
    assert page.locator("#n2").inner_text().split("\n")[-1].strip() == "Hidden · undo"
    assert page.evaluate("document.activeElement.dataset.mark") == "hidden"

    page.keyboard.press("Enter")

    expect(page.locator("#n2.is-gone")).to_have_count(0)
    again = page.locator("#n2").bounding_box()
    assert again
    assert again["height"] == tall["height"]


def test_the_last_acts_are_taken_back_one_after_the_other(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25&date=2026-06-16")
    work = int(page.locator("#n1").get_attribute("data-work") or 0)
    mark(page, work, "starred").click()
    mark(page, work, "later").click()
    page.wait_for_timeout(300)
    page.locator(".toast button").click()
    hear(page, "Taken back.")
    assert mark(page, work, "later").get_attribute("aria-pressed") == "false"
    assert mark(page, work, "starred").get_attribute("aria-pressed") == "true"

    page.locator("#n1").focus()
    page.keyboard.press("z")
    page.wait_for_timeout(300)
    assert mark(page, work, "starred").get_attribute("aria-pressed") == "false"

    page.keyboard.press("z")
    hear(page, "There is nothing to take back.")
    page.reload()
    assert mark(page, work, "starred").get_attribute("aria-pressed") == "false"


def test_a_day_is_marked_as_read_and_back_and_the_count_follows(open_page: Callable[..., Page]) -> None:
    page = open_page("/?date=2026-06-15")
    was = page.locator(".tally").inner_text()
    page.keyboard.press("!")
    expect(page.locator(".tally a")).to_have_count(0)
    assert page.locator("article.is-read").count() == page.locator(".feed article").count()

    page.keyboard.press("z")
    expect(page.locator(".tally a")).to_have_count(1)

    assert page.locator(".tally").inner_text() == was
    assert page.locator("article.is-read").count() == 0


def test_opening_a_paper_reads_it_and_the_list_knows_when_one_comes_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/?date=2026-06-12")
    link = page.locator("#n1 h2 a")
    assert page.locator("#n1.is-read").count() == 0
    link.click()
    page.wait_for_url("**/p/*")
    page.wait_for_selector('.sheet .mark[data-mark="read"][aria-pressed="true"]')

    page.go_back()

    page.wait_for_selector("#n1.is-read")
    page.goto("/?date=2026-06-12")
    assert page.locator("#n1.is-read").count() == 1


def test_keys_alone_read_mark_tag_and_file_a_paper(open_page: Callable[..., Page]) -> None:
    page = open_page("/?date=2026-06-11&per=25")
    page.keyboard.press("j")
    for key in ("s", "l", "m"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == "n2"
    pressed = page.locator("#n1 .mark[aria-pressed='true']")
    assert [one.get_attribute("data-mark") for one in pressed.all()] == ["starred", "later", "read"]
    page.keyboard.press("x")
    assert page.locator("#n2.is-gone").count() == 1
    page.keyboard.press("k")

    page.keyboard.press("Enter")
    page.wait_for_url("**/p/*")
    field = page.get_by_label("New tags, with commas between them")
    for _ in range(60):
        page.keyboard.press("Tab")
        if field.evaluate("(it) => it === document.activeElement"):
            break
    page.keyboard.type("sky, 天空")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=tagged**")
    assert page.get_by_role("link", name="天空").is_visible()

    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/tags")
    assert page.get_by_role("link", name=re.compile("^sky")).is_visible()


def test_a_translation_is_shown_by_its_key(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25", language="zh-CN")
    page.keyboard.press("j")
    page.keyboard.press("t")

    assert page.locator("#n1 details.ai-abstract").get_attribute("open") is not None


def test_the_search_box_is_reached_and_left_by_keys(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25")
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "n1"

    page.keyboard.press("/")
    page.keyboard.type("quantum")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?q=quantum")


# -- the palette --------------------------------------------------------------------------------------


def test_the_palette_goes_anywhere_by_typing(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25")
    page.keyboard.press("j")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    box.wait_for()
    page.get_by_role("option", name="Radars").first.wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    assert not violations(page)

    page.keyboard.type("thes")
    assert not page.get_by_role("option", name="Sources").count()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "n1"

    page.keyboard.press(".")
    page.get_by_role("option", name="Slow rivers").wait_for()
    page.keyboard.type("slow riv")
    assert page.get_by_role("option").first.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/radars/rivers")


def test_the_palette_says_which_option_is_chosen_and_goes_round(open_page: Callable[..., Page]) -> None:
    page = open_page("/about", color_scheme="dark", language="zh-CN")
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="研究雷达").first.wait_for()
    box = page.get_by_role("combobox")
    first = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowUp")
    last = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")

    assert first == box.get_attribute("aria-activedescendant") != last
    assert page.locator("[aria-selected='true']").count() == 1
    assert not violations(page)


def test_the_palette_searches_for_what_is_no_place_and_remembers_searches(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/about?lang=en")
    page.evaluate("localStorage.setItem('hub.searches', JSON.stringify(['deep rivers', 7, '']))")
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="deep rivers").wait_for()
    page.keyboard.type("zebra fish")
    assert page.get_by_role("option").count() == 1
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?**q=zebra**")
    assert "lang=en" in page.url


def test_the_palette_survives_a_broken_memory(open_page: Callable[..., Page]) -> None:
    page = open_page("/about")
    for kept in ("{", "7", '{"a": 1}'):
        page.evaluate("(kept) => localStorage.setItem('hub.searches', kept)", kept)
        page.keyboard.press("Control+k")
        page.get_by_role("option", name="Radars").first.wait_for()
        page.keyboard.press("Escape")


def test_keys_that_are_turned_off_do_nothing_and_the_palette_is_still_a_link(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/settings")
    page.locator('input[name="keys"][value="off"]').check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/settings?done=saved")
    page.goto("/?per=25")
    page.locator("#n1").focus()
    page.keyboard.press("s")
    page.keyboard.press(".")
    page.keyboard.press("Control+k")
    assert page.locator("dialog").count() == 0

    page.get_by_role("link", name="Go to anything").click()

    page.get_by_role("combobox").wait_for()


# -- notes and copies ---------------------------------------------------------------------------------


def test_a_note_is_previewed_in_place_and_kept(open_page: Callable[..., Page]) -> None:
    page = open_page("/p/9")
    page.get_by_label("Note, in Markdown").fill("Ask about **table 2**.")
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview strong").wait_for()
    assert page.url.endswith("/p/9")

    page.get_by_role("button", name="Save").click()

    page.wait_for_url("**done=noted**")
    assert page.locator(".noted strong").first.inner_text() == "table 2"


def test_a_citation_is_copied_by_click_and_by_key(open_page: Callable[..., Page]) -> None:
    page = open_page("/p/2", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="RIS").click()
    hear(page, "Copied as RIS")
    assert "Higher-Order Parities" in page.evaluate("navigator.clipboard.readText()")

    page.keyboard.press("y")
    hear(page, "Copied as BibTeX")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@")


def test_where_there_is_no_clipboard_a_citation_is_copied_the_old_way(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/about")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto("/p/2")
    page.get_by_role("link", name="Markdown").click()

    hear(page, "Copied as Markdown")


# -- without JavaScript, on paper ---------------------------------------------------------------------


def test_reading_works_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page("/?per=25&date=2026-06-10", java_script_enabled=False)
    follow(page, page.locator("#n2").get_by_role("button", name="Star"))
    assert "Starred." in page.locator(".notice").inner_text()
    assert page.locator("#n2 .mark[data-mark='starred']").get_attribute("aria-pressed") == "true"
    follow(page, page.get_by_role("button", name="Undo"))
    assert "Taken back." in page.locator(".notice").inner_text()
    assert page.locator("#n2 .mark[data-mark='starred']").get_attribute("aria-pressed") == "false"

    follow(page, page.locator("#n3").get_by_role("button", name="Hide"))
    assert page.locator("#n3.is-gone").count() == 1
    follow(page, page.locator("#n3").get_by_role("button", name="Hidden · undo"))
    assert page.locator("#n3.is-gone").count() == 0

    follow(page, page.locator("#n1 h2 a"))
    follow(page, page.locator(".sheet").get_by_role("button", name="Read"))
    assert "Marked as read." in page.locator(".notice").inner_text()
    page.get_by_label("New tags, with commas between them").fill("plain")
    follow(page, page.get_by_role("button", name="Add"))
    assert page.get_by_role("link", name="plain").is_visible()
    page.get_by_label("Note, in Markdown").fill("**kept** without scripts")
    follow(page, page.get_by_role("button", name="Preview"))
    assert page.locator(".preview strong").inner_text() == "kept"
    follow(page, page.get_by_role("button", name="Save"))
    assert page.locator(".noted strong").first.inner_text() == "kept"

    follow(page, page.locator(".foot").get_by_role("link", name="Go to anything"))
    follow(page, page.get_by_role("main").get_by_role("link", name="With a note"))
    assert page.locator(".feed article").count() >= 2


def test_a_library_is_brought_and_a_collection_removed_without_javascript(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/c", java_script_enabled=False)
    page.locator("#file").set_input_files(
        {"name": "mine.bib", "mimeType": "text/x-bibtex", "buffer": LIBRARY}
    )
    follow(page, page.get_by_role("button", name="Import"))
    assert "mine.bib: 2 entries" in page.locator(".account").inner_text()
    assert "line 2" in page.locator(".account li").first.inner_text().casefold()

    follow(page, page.get_by_role("link", name="Open the collection"))
    assert page.get_by_role("heading", name="An entry from elsewhere").is_visible()
    follow(page, page.get_by_text("Rename or remove"))
    follow(page, page.get_by_role("link", name="Remove", exact=True))
    follow(page, page.get_by_role("button", name="Really remove"))
    assert "Its papers stay." in page.locator(".notice").inner_text()


@pytest.mark.parametrize("path", ["/?per=25", "/p/2", "/kept/starred", "/c/spatial", "/c/thesis"])
def test_lists_and_papers_print_without_buttons(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path)
    page.emulate_media(media="print")

    assert (
        page.evaluate(
            "[...document.querySelectorAll('button, input')].filter((it) => it.offsetParent).length"
        )
        == 0
    )
    assert page.locator(".head").is_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_note_prints_with_its_paper(open_page: Callable[..., Page]) -> None:
    page = open_page("/p/2")
    page.emulate_media(media="print")

    assert page.locator(".noted").first.is_visible()


def test_readers_who_want_no_colours_see_what_is_marked(open_page: Callable[..., Page]) -> None:
    page = open_page("/kept/starred", forced_colors="active")
    on = page.locator('.mark[data-mark="starred"]').first
    off = page.locator('.mark[aria-pressed="false"]').first

    style = "(it) => getComputedStyle(it).color"
    assert on.evaluate(style) != off.evaluate(style)
