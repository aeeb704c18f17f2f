"""The line under the date that says what arXiv announced, by its own word, and what of it is here."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.model.shelf import AnnouncedDay
from academichub.web.i18n import catalogue
from academichub.web.views.announced import build_announced
from tests.fakes.hub import NOW

if TYPE_CHECKING:
    from starlette.testclient import TestClient

THERE = AnnouncedDay(
    source_key="arxiv:cs.CV",
    title="arXiv cs.CV",
    on=date(2026, 6, 19),
    verdict="there",
    newest=None,
    said_new=182,
    said_cross=74,
    said_replace=61,
    stored_new=182,
    stored_cross=74,
    stored_replace=61,
    healed=0,
    healing_at=None,
    next_try_at=None,
)
QUIET = replace(THERE, verdict="quiet", said_new=None, said_cross=None, said_replace=None)
UNCOUNTED = replace(THERE, said_new=None, said_cross=None, said_replace=None)


def said(*days: AnnouncedDay, language: str = "en") -> str:
    view = build_announced(days, catalogue(language), now=NOW)
    assert view is not None
    return view.sentence


def test_a_hub_without_arxiv_says_nothing_of_it() -> None:
    assert build_announced((), catalogue("en"), now=NOW) is None


def test_a_holiday_is_named_in_the_readers_language() -> None:
    name = ("Juneteenth", "六月节")
    holiday = replace(QUIET, verdict="holiday")

    english = build_announced((holiday,), catalogue("en"), now=NOW, holiday=name)
    chinese = build_announced((), catalogue("zh"), now=NOW, holiday=name)
    in_spite_of_it = build_announced((THERE,), catalogue("en"), now=NOW, holiday=name)

    assert english is not None
    assert chinese is not None
    assert in_spite_of_it is not None
    assert english.sentence == "arXiv holiday (Juneteenth): nothing is announced."
    assert chinese.sentence == "arXiv 假日（六月节），不发布公告。"
    assert "Juneteenth" not in in_spite_of_it.sentence


def test_a_server_that_does_not_answer_is_not_taken_for_one_that_is_not_ready() -> None:
    silent = replace(QUIET, verdict="failing", next_try_at=NOW + timedelta(minutes=15))

    assert said(silent) == "cs.CV: arXiv is not answering; next try 09:45."
    assert "1 without an answer from arXiv" in said(THERE, replace(silent, source_key="arxiv:cs.LG"))


@pytest.mark.parametrize(
    ("day", "english"),
    [
        (
            THERE,
            "cs.CV: announced 182 new · 74 cross-lists · 61 replacements, all on the shelves.",
        ),
        (
            replace(THERE, stored_new=180, stored_replace=60, healing_at=NOW),
            "cs.CV: announced 182 new · 74 cross-lists · 61 replacements, 3 missing, being fetched.",
        ),
        (
            replace(THERE, stored_cross=73),
            "cs.CV: announced 182 new · 74 cross-lists · 61 replacements, 1 missing, will be fetched.",
        ),
        (
            replace(UNCOUNTED, stored_cross=1, stored_replace=1),
            "cs.CV: 182 new · 1 cross-list · 1 replacement on the shelves; its own count is not known.",
        ),
        (replace(THERE, verdict="holiday"), "cs.CV: arXiv holiday, nothing is announced."),
        (replace(THERE, verdict="weekend"), "cs.CV: weekend, nothing is announced."),
        (replace(THERE, verdict="quiet"), "cs.CV: nothing announced in this category."),
        (replace(THERE, verdict="not_yet"), "cs.CV: not yet, expected at 00:15 New York time."),
        (
            replace(
                THERE,
                verdict="stale",
                newest=date(2026, 6, 18),
                next_try_at=NOW + timedelta(hours=4, minutes=10),
            ),
            "cs.CV: arXiv still shows the batch of 18 Jun; next try 13:40.",
        ),
        (
            replace(THERE, verdict="stale", next_try_at=NOW + timedelta(days=1)),
            "cs.CV: arXiv shows no batch yet; next try 20 Jun 09:30.",
        ),
        (replace(THERE, verdict="stale"), "cs.CV: arXiv shows no batch yet."),
        (
            replace(THERE, verdict="healed", healed=211),
            "cs.CV: missed; filled in from arXiv's archive: 211 papers.",
        ),
        (
            replace(THERE, verdict="missed", healing_at=NOW),
            "cs.CV: missed; being fetched from arXiv's archive.",
        ),
        (replace(THERE, verdict="missed"), "cs.CV: missed; will be fetched from arXiv's archive."),
        (
            replace(THERE, source_key="feed:x", title="Another Archive", verdict="weekend"),
            "Another Archive: weekend, nothing is announced.",
        ),
    ],
)
def test_one_category_is_told_of_in_one_sentence(day: AnnouncedDay, english: str) -> None:
    assert said(day) == english
    assert said(day, language="zh").endswith("。")


def test_a_verdict_of_another_version_of_the_hub_is_told_as_what_is_on_the_shelves() -> None:
    assert "182 new" in said(replace(THERE, verdict="delayed by moderators"))


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (
            (THERE, replace(THERE, source_key="arxiv:cs.LG"), QUIET),
            "arXiv: 3 categories, 634 listings announced, all on the shelves.",
        ),
        (
            (UNCOUNTED, UNCOUNTED),
            "arXiv: 2 categories, 634 listings on the shelves; its own counts are still to come.",
        ),
        ((replace(THERE, verdict="weekend"),) * 2, "arXiv announces nothing on Saturdays and Sundays."),
        ((replace(THERE, verdict="holiday"),) * 2, "arXiv holiday: nothing is announced."),
        (
            (replace(THERE, verdict="not_yet"),) * 2,
            "arXiv has not announced yet: expected at 00:15 New York time.",
        ),
        ((replace(THERE, verdict="quiet"),) * 2, "arXiv announced nothing in these categories."),
        ((replace(THERE, verdict="missed"),) * 2, "arXiv: 2 missed."),
        (
            (THERE, replace(THERE, stored_new=0), replace(THERE, verdict="stale")),
            "arXiv: 1 category complete; 1 incomplete; 1 still showing an older batch.",
        ),
    ],
)
def test_many_categories_are_summed_up_in_one_sentence(days: tuple[AnnouncedDay, ...], sentence: str) -> None:
    assert said(*days) == sentence


def test_more_on_the_shelves_than_announced_is_not_something_missing() -> None:
    assert said(replace(THERE, stored_new=190)).endswith("all on the shelves.")


@pytest.mark.parametrize(
    ("days", "health", "lines"),
    [
        ((THERE, THERE), "ok", 2),
        ((THERE, replace(THERE, verdict="missed")), "late", 2),
        ((THERE, replace(THERE, verdict="not_yet")), "ok", 2),
        ((replace(THERE, verdict="not_yet"),) * 2, "never", 2),
        ((replace(THERE, verdict="weekend"),) * 2, "quiet", 0),
        ((THERE,), "ok", 0),
    ],
)
def test_a_day_looks_as_well_as_its_worst_category_and_is_folded_out_where_that_tells_more(
    days: tuple[AnnouncedDay, ...], health: str, lines: int
) -> None:
    view = build_announced(days, catalogue("en"), now=NOW)

    assert view is not None
    assert (view.health, len(view.lines)) == (health, lines)


def test_the_page_of_a_day_says_it_under_the_date_with_the_categories_folded(client: TestClient) -> None:
    page = client.get("/").text
    folded = page.partition('<details class="announced">')[2].partition("</details>")[0]

    assert "1 category complete" in folded
    assert "<b>quant-ph</b><span>announced 40 new · 9 cross-lists · 21 replacements, 3 missing" in folded
    assert len(re.findall("<li>", folded)) == 9


def test_a_quiet_day_has_one_line_and_nothing_to_unfold(client: TestClient) -> None:
    for day, words in (
        ("2026-06-14", "arXiv announces nothing on Saturdays and Sundays."),
        ("2026-06-16", "arXiv holiday: nothing is announced."),
    ):
        page = client.get(f"/?date={day}").text
        assert words in page
        assert 'class="announced"' not in page
