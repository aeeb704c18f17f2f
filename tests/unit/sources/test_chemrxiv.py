from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerUnknown,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedTooManyEntries,
)
from academichub.sources.chemrxiv import CONNECTOR, first, lookup, read
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
EVER = Window(since=None, until=None, now=NOW)


def item(number: int, **said: object) -> dict[str, object]:
    told: dict[str, object] = {
        "id": str(number),
        "doi": f"10.26434/chemrxiv-2025-{number:05}",
        "title": f"Paper {number}",
        "authors": [],
        "statusDate": "2025-03-02T00:00:00.000Z",
        "contentType": {"name": "Working Paper"},
    }
    return told | said


def answer(*items: object, total: object) -> bytes:
    return json.dumps({"totalCount": total, "itemHits": [{"item": each} for each in items]}).encode()


def only(**said: object) -> Any:
    return read_saved(CONNECTOR, json.dumps(item(1, **said)).encode()).feed.records[0]


def test_a_harvest_asks_for_fifty_at_a_time_within_its_window() -> None:
    step = first("chemrxiv", Window(since=date(2026, 3, 1), until=date(2026, 3, 2), now=NOW))

    assert step.url == (
        "https://chemrxiv.org/engage/chemrxiv/public-api/v1/items?limit=50&sort=PUBLISHED_DATE_DESC"
        "&searchDateFrom=2026-03-01&searchDateTo=2026-03-02&skip=0"
    )


def test_another_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="chemrxiv"):
        first("biorxiv", EVER)


def test_a_preprint_is_looked_up_by_its_doi() -> None:
    step = lookup(["10.26434/chemrxiv-2025-abcde"])

    assert step.url.endswith("/public-api/v1/items/doi/10.26434/chemrxiv-2025-abcde")


@pytest.mark.parametrize("identifiers", [[], ["10.1101/1"], ["10.26434/1", "10.26434/2"]])
def test_what_cannot_be_looked_up_is_refused(identifiers: list[str]) -> None:
    with pytest.raises(ValueError, match="DOI"):
        lookup(identifiers)


@pytest.mark.parametrize("total", [7, "7", None])
def test_a_harvest_steps_by_what_came_to_the_end(total: object) -> None:
    pages: list[Page] = []
    asked: Step | None = first("chemrxiv", EVER)
    while asked:
        skip = int(asked.url.rpartition("=")[2])
        told = [item(number) for number in range(skip, min(skip + 3, 7))]
        pages.append(read(answer(*told, total=total), asked, DEFAULT_LIMITS))
        asked = pages[-1].next

    names = [record.external_id for page in pages for record in page.feed.records]
    assert len(names) == len(set(names)) == 7


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    with pytest.raises(AnswerPageEmpty):
        read(answer(total=7), first("chemrxiv", EVER), DEFAULT_LIMITS)


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer(item(1), total=7), first("chemrxiv", EVER), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer(item(1), total=7), page.next, DEFAULT_LIMITS)


def test_one_item_that_was_looked_up_is_read_alone() -> None:
    page = read(json.dumps(item(1)).encode(), lookup(["10.26434/chemrxiv-2025-00001"]), DEFAULT_LIMITS)

    assert [record.external_id for record in page.feed.records] == ["10.26434/chemrxiv-2025-00001"]
    assert page.next is None


@pytest.mark.parametrize(
    ("said", "published", "updated"),
    [
        ({"version": "1", "publishedDate": "2025-03-01T01:02:03.000Z"}, "2025-03-01T01:02:03.000Z", ""),
        ({"version": None}, "2025-03-02T00:00:00.000Z", ""),
        ({"statusDate": None, "submittedDate": "2025-02-01"}, "2025-02-01", ""),
        ({"version": 2, "publishedDate": "2025-04-01"}, "", "2025-04-01"),
    ],
)
def test_a_later_version_tells_only_its_own_day(said: dict[str, Any], published: str, updated: str) -> None:
    record = only(**said)

    assert (record.published, record.updated) == (published, updated)


def test_a_withdrawn_preprint_says_so() -> None:
    assert only(status="WITHDRAWN").first("hub:retracted") == "yes"
    assert only(status="PUBLISHED").first("hub:retracted") == ""


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"message":"bad limit"}', FeedSaysError),
        (b'{"error":"gone"}', FeedSaysError),
        (b"{}", AnswerUnknown),
        (b"[]", AnswerUnknown),
        (b"<!DOCTYPE html><title>Just a moment...</title>", FeedIsWebPage),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer(item(1), item(2), total=2), Step(url=""), Limits(entries=1))


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer(item(1), total=1)), True),
        ({"itemHits": [], "totalCount": 0}, True),
        (item(1), True),
        ({"itemHits": [{"item": {"doi": "10.33774/apsa-2025-1"}}]}, False),
        (item(1, doi="10.33774/apsa-2025-1"), False),
        ({"doi": "10.26434/1"}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = [
    "item",
    "id",
    "doi",
    "title",
    "authors",
    "institutions",
    "name",
    "categories",
    "vor",
    "asset",
    "license",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(JSON, JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object, count: object) -> None:
    body = json.dumps({"totalCount": count, "itemHits": value}).encode()

    try:
        page = read(body, first("chemrxiv", EVER), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
