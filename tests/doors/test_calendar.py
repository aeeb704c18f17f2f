"""Months: how many papers each day has, what is unread, and why a day has none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from academichub.web.i18n import LANGUAGES
from tests.doors.test_every_page import check
from tests.fakes.hub import FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

PAGES = ("/calendar", "/calendar?month=2026-06", "/calendar?month=2026-05&lang=zh", "/calendar?month=1999-02")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_month_is_a_strict_page_in_both_languages(reader: TestClient, path: str, language: str) -> None:
    answer = reader.get(path, headers={"accept-language": language})

    assert answer.status_code == 200
    check(answer.text)


def test_each_day_with_papers_leads_to_them_and_says_what_is_unread(reader: TestClient) -> None:
    page = reader.get("/calendar").text

    assert re.findall(r'<a href="(/\?date=[^"]*)"', page)[-1] == "/?date=2026-06-19"
    assert '<span class="vh">19 June 2026, 60 papers, 40 unread</span>' in page
    assert '<td class="s5 today">' in page
    assert 'aria-current="date"' in page
    assert page.count("<td") == 35
    assert page.count('class="other"') == 5


def test_a_day_without_papers_says_why_in_the_readers_language(reader: TestClient) -> None:
    english = reader.get("/calendar?month=2026-06").text
    chinese = reader.get("/calendar?month=2026-06", headers={"accept-language": "zh"}).text

    assert "<h1>June 2026</h1>" in english
    assert "<i>Juneteenth</i>" in english
    assert "<i>六月节</i>" in chinese
    assert "<h1>2026年6月</h1>" in chinese


def test_a_month_leads_to_its_neighbours_with_papers(visit: Callable[..., TestClient]) -> None:
    page = visit(FakeHub()).get("/calendar?month=2026-05&lang=en").text

    assert "No papers in this month." in page
    assert 'rel="next" data-day="later" href="/calendar?month=2026-06&amp;lang=en"' in page
    assert 'name="lang" value="en"' in page


@pytest.mark.parametrize("month", ["2026-13", "2026-6", "2026-06-19", "june", "0001-01", "9999-12"])
def test_a_month_that_is_none_is_refused_with_words(reader: TestClient, month: str) -> None:
    answer = reader.get(f"/calendar?month={month}")

    assert answer.status_code == 400
    check(answer.text)


def test_an_empty_hub_has_a_calendar(visit: Callable[..., TestClient]) -> None:
    page = visit(FakeHub(is_empty=True)).get("/calendar").text

    assert "No papers in this month." in page
    check(page)
