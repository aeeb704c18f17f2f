"""The daily page: numbers, filters, days."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academichub.model.shelf import FeedQuery, Health
from tests.fakes.hub import NOW, FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

NAMES = ("date", "cat", "venue", "kind", "after", "n", "per", "density", "lang", "done", "count")


def numbers(page: str) -> list[str]:
    return re.findall(r'<p class="n">(\d+\.)</p>', page)


def more(page: str) -> str | None:
    found = re.search(r'<a class="button" rel="next" href="([^"]+)"', page)
    return found.group(1).replace("&amp;", "&") if found else None


def test_numbers_run_through_all_pages_of_a_day_without_a_gap(visit: Callable[..., TestClient]) -> None:
    door = visit(FakeHub(newest=113))
    seen: list[str] = []
    path: str | None = "/?per=25"
    while path:
        page = door.get(path).text
        seen += numbers(page)
        path = more(page)

    assert seen == [f"{number:02d}." for number in range(1, 114)]
    assert seen[0] == "01."
    assert seen[98:101] == ["99.", "100.", "101."]


def test_a_filtered_page_is_numbered_from_one_without_a_gap(client: TestClient) -> None:
    page = client.get("/?cat=cs.LG").text

    assert numbers(page) == [f"{number:02d}." for number in range(1, len(numbers(page)) + 1)]
    assert len(numbers(page)) < 50


def test_an_active_filter_takes_itself_away_and_keeps_the_others(client: TestClient) -> None:
    page = client.get("/?date=2026-06-19&cat=cs.LG&kind=preprint").text

    assert re.search(r'<a class="chip on" href="/\?date=2026-06-19&amp;kind=preprint"', page)
    assert re.search(r'<a class="chip on" href="/\?date=2026-06-19&amp;cat=cs.LG"', page)
    assert re.search(r'<a class="clear" href="/\?date=2026-06-19"', page)


def test_a_filter_that_nothing_passes_says_so_and_offers_to_clear_it(client: TestClient) -> None:
    page = client.get("/?cat=no.such").text

    assert "Nothing passes this filter" in page
    assert '<a class="button" href="/">Clear the filter</a>' in page


def test_a_day_without_papers_leads_to_the_nearest_that_has_some(client: TestClient) -> None:
    page = client.get("/?date=2026-06-14").text

    assert "No papers on this day" in page
    assert '<a class="button" href="/?date=2026-06-12">Go to 12 June 2026</a>' in page


def test_the_days_before_and_after_keep_the_filter_but_not_the_place_in_the_list(client: TestClient) -> None:
    page = client.get("/?date=2026-06-18&cat=cs.LG&after=x&n=50").text

    assert 'data-day="earlier" href="/?date=2026-06-17&amp;cat=cs.LG"' in page
    assert 'data-day="later" href="/?date=2026-06-19&amp;cat=cs.LG"' in page


def test_the_honest_line_names_what_failed_and_when_it_is_tried_again(client: TestClient) -> None:
    page = client.get("/").text

    assert "3 sources answered; 203 received, 196 of them new; 2 could not be read." in page
    assert "Nature: late, next try 14:00." in page
    assert "bioRxiv: failing, next try 14:00." in page


def test_a_card_without_authors_has_no_label_for_them(client: TestClient) -> None:
    cards = client.get("/").text.split("<article ")

    assert 'class="by"' in cards[1]
    assert "Daily briefing" in cards[3]
    assert 'class="by"' not in cards[3]


def test_many_authors_are_shortened_and_few_are_not(client: TestClient) -> None:
    cards = client.get("/").text.split("<article ")

    assert "Mei Tanaka, Sol Adeyemi" in cards[1]  # seven: "+ 1" would be no shorter
    assert "唐若溪 + 2" in re.sub(r"\s+", " ", cards[8]) or "叶知秋 + 2" in cards[8]


def test_a_date_is_shown_no_more_exactly_than_its_source_gave_it(client: TestClient) -> None:
    cards = client.get("/").text.split("<article ")

    assert "Astronomy Letters" in cards[5]
    assert "<span>Jun 2026</span>" in cards[5]


def test_cross_lists_and_updates_are_named(client: TestClient) -> None:
    cards = client.get("/").text.split("<article ")

    assert "quant-ph (cross: cs.LG)" in cards[2]
    assert "v2 · updated 19 Jun" in cards[2]


def test_titles_only_leaves_out_the_abstracts(client: TestClient) -> None:
    assert 'class="abs"' not in client.get("/?density=titles").text
    assert 'class="abs"' in client.get("/?density=compact").text


hostile = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "' OR 1=1 --",
            "../../etc/passwd",
            "0000-00-00",
            "9999-12-31",
            "0001-01-01",
            "-1",
            "1e9",
            "٣",
            "%00",
            "\x00",
            "\ud7ff",
            "2026-06-19",
            "25",
            "zh",
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parameters=st.dictionaries(st.sampled_from(NAMES), hostile, max_size=6))
def test_hostile_parameters_never_break_a_page_and_never_come_back_as_markup(
    client: TestClient, parameters: dict[str, str]
) -> None:
    for path in ("/", "/sources", "/about"):
        answer = client.get(f"{path}?{urlencode(parameters)}")

        assert answer.status_code in {200, 400}
        assert "<script>alert" not in answer.text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.binary(max_size=60))
def test_hostile_query_strings_never_break_a_page(client: TestClient, query: bytes) -> None:
    answer = client.get(f"/?{quote(query, safe='&=%;+')}")

    assert answer.status_code in {200, 400}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(min_size=1, max_size=30))
def test_hostile_paths_never_break_a_page(client: TestClient, value: str) -> None:
    for prefix in ("/p/", "/p/doi/", "/p/arxiv/", "/sources/", "/static/", "/"):
        answer = client.get(prefix + quote(value, safe=""))
        assert answer.status_code in {200, 302, 307, 404, 400}, (prefix, value)


def test_only_arxiv_has_cross_lists(hub: FakeHub, visit: Callable[..., TestClient]) -> None:
    keywords = hub.feed(FeedQuery(), today=NOW.date()).cards[4]._replace(categories=("Optics", "Lasers"))
    hub.__dict__["_cards"] = (keywords,)

    assert "<span>Optics, Lasers</span>" in visit(hub).get("/").text


def test_a_long_list_of_troubles_is_cut_short_and_counted(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    page = hub.feed(FeedQuery(), today=NOW.date())
    sick = replace(page.notes[0], health=Health.FAILING, next_try_at=NOW)
    notes = tuple(replace(sick, key=f"feed:{number}", title=f"Feed {number}") for number in range(9))
    hub.feed = lambda query, *, today: replace(page, notes=notes)  # type: ignore[method-assign]  # noqa: ARG005

    text = visit(hub).get("/?lang=en").text

    assert "Feed 5: failing" in text
    assert "Feed 6: failing" not in text
    assert "3 more sources" in text


def test_an_empty_hub_that_reaches_nothing_says_so(hub: FakeHub, visit: Callable[..., TestClient]) -> None:
    page = hub.feed(FeedQuery(), today=NOW.date())
    sick = replace(page.notes[0], health=Health.LATE, next_try_at=NOW)
    empty = replace(page, on=None, cards=(), works=0, earlier=None, later=None, latest=None, notes=(sick,))
    hub.feed = lambda query, *, today: empty  # type: ignore[method-assign]  # noqa: ARG005

    text = visit(hub).get("/?lang=en").text

    assert "No source can be reached just now" in text
