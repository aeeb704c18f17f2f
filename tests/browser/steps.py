"""What readers do without a script, and what a test then waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and wait for the whole of it."""
    link.click()
    page.wait_for_load_state()
