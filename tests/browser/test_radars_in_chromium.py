"""Radars in a real browser: a dot and its card, the live preview, keys, and all of it without JavaScript."""

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

SPATIAL = "/radars/空间推理"
QUANTUM = "/radars/quantum-attention"


def classes(page: Page, selector: str) -> str:
    return page.locator(selector).get_attribute("class") or ""


def test_a_dot_and_its_card_light_up_together(open_page: Callable[..., Page]) -> None:
    page = open_page(SPATIAL)
    work = page.locator(".ranked article").nth(3).get_attribute("data-work")
    dot, card = f'.dot[data-work="{work}"]', f'.ranked article[data-work="{work}"]'

    page.locator(f"{dot} .hit").hover()
    assert "lit" in classes(page, card)
    page.locator("h1").hover()
    assert "lit" not in classes(page, card)

    page.locator(card).hover()
    assert "lit" in classes(page, dot)


def test_a_dot_leads_to_its_card_and_gives_it_the_focus(open_page: Callable[..., Page]) -> None:
    page = open_page(SPATIAL)
    dot = page.locator("a.dot").nth(5)
    work = dot.get_attribute("data-work")

    dot.focus()
    page.keyboard.press("Enter")

    page.locator(f'.ranked article[data-work="{work}"]:focus').wait_for()
    assert page.url.endswith(f"#w{work}")


def test_keys_teach_a_radar_and_take_it_back(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{QUANTUM}/2026-06-19")
    page.keyboard.press("j")
    work = page.evaluate("document.activeElement.dataset.work")

    page.keyboard.press("+")
    page.wait_for_url(f"**?done=more&count={work}#w{work}")
    page.locator(f'.ranked article[data-work="{work}"]:focus').wait_for()
    assert "You said: more like this" in page.locator(f'article[data-work="{work}"]').inner_text()

    page.keyboard.press("z")
    page.wait_for_url(f"**?done=undone&count={work}#w{work}")
    page.locator(f'.ranked article[data-work="{work}"]:focus').wait_for()

    page.keyboard.press("-")
    assert page.evaluate("document.activeElement.textContent") == "off-topic"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?done=less&count={work}#w{work}")
    page.keyboard.press("z")  # of what was said last, wherever its card went
    page.wait_for_url(f"**?done=undone&count={work}#w{work}")


def test_the_preview_follows_what_is_typed(open_page: Callable[..., Page]) -> None:
    page = open_page("/radars/new")
    page.locator("#text").press_sequentially("spatial reasoning", delay=5)
    page.locator("#preview .caught").wait_for()
    assert "181 papers in the last 30 days" in page.locator("#preview").inner_text()

    page.locator('#preview button[value="40"]').click()
    page.locator("#preview .caught", has_text="26 papers").wait_for()
    assert page.locator("output").inner_text() == "40%"
    assert page.url.endswith("/radars/new")

    page.get_by_text("A rule", exact=True).click()
    page.locator("#rule").fill("(RAG")
    page.locator(".fault mark").wait_for()
    assert page.locator("#rule").get_attribute("aria-invalid") == "true"
    assert page.locator("#text").input_value() == "spatial reasoning"
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}).response["violations"]
    assert not [violation["id"] for violation in found]

    page.locator("#rule").fill("(RAG)")
    page.locator("#preview .caught").wait_for()
    assert page.locator("#rule").get_attribute("aria-invalid") is None


def test_a_radar_is_made_from_one_line_and_from_a_file_without_javascript(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/radars", java_script_enabled=False)
    follow(page, page.get_by_role("link", name="New radar"))
    page.get_by_label("What are you interested in?").fill("rivers that remember")
    follow(page, page.get_by_role("button", name="Preview"))
    assert "181 papers in the last 30 days" in page.locator("#preview").inner_text()
    follow(page, page.get_by_role("button", name=re.compile("^40%")))
    assert page.locator("#threshold").input_value() == "40"
    follow(page, page.get_by_role("button", name="Save"))
    assert page.locator("h1").inner_text() == "rivers that remember"
    assert "The radar is made." in page.locator(".notice").inner_text()

    page.goto("/radars/new")
    body = b"@article{one, title={A}}\n@article{two, title={B}}"
    page.locator("#file").set_input_files({"name": "thesis.bib", "mimeType": "text/plain", "buffer": body})
    follow(page, page.get_by_role("button", name="Preview"))
    assert "thesis.bib (BibTeX): 2 entries read" in page.locator("#preview").inner_text()
    follow(page, page.get_by_role("button", name="Save"))
    assert page.locator("h1").inner_text() == "thesis"

    follow(page, page.get_by_role("link", name="Remove"))
    follow(page, page.get_by_role("button", name="Really remove"))
    assert "The radar is removed." in page.locator(".notice").inner_text()


def test_a_radar_is_taught_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{SPATIAL}/2026-06-17", java_script_enabled=False)
    card = page.locator(".ranked article").first
    work = card.get_attribute("data-work")
    card.locator(".grounds > summary").click()
    assert card.get_by_role("row", name=re.compile("^Sum ")).is_visible()
    card.locator(".less summary").click()
    follow(page, card.get_by_role("button", name="seen already"))

    said = page.locator(f'article[data-work="{work}"]')
    assert "You said: less like this (seen already)" in said.inner_text()
    follow(page, said.get_by_role("button", name="Undo"))
    assert "Taken back." in page.locator(".notice").inner_text()


def test_the_plot_can_be_read_without_colours(open_page: Callable[..., Page]) -> None:
    page = open_page(SPATIAL, forced_colors="active")

    assert page.locator("a.dot").count() > 20
    assert page.locator(".plot svg title").first.text_content()
