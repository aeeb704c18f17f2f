from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerPageRepeated,
    AnswerUnknown,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedTooManyEntries,
)
from academichub.sources.harvest import Step, Window, read_saved
from academichub.sources.hfdaily import CONNECTOR, MOST, first, read
from academichub.sources.limits import DEFAULT_LIMITS, Limits

NOW = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
WINDOW = Window(since=date(2026, 6, 12), until=date(2026, 6, 15), now=NOW)


def entry(number: int, **said: object) -> dict[str, object]:
    return {
        "paper": {"id": f"2606.{number:05}", "upvotes": 1},
        "title": f"Paper {number}",
        "numComments": 0,
    } | said


def answer(*entries: object) -> bytes:
    return json.dumps(entries).encode()


def days(window: Window) -> list[str]:
    """Walk a harvest in which every day but the weekend has one paper."""
    seen: list[str] = []
    asked: Step | None = first("daily", window)
    while asked:
        day = date.fromisoformat(asked.url.partition("date=")[2][:10])
        seen.append(day.isoformat())
        told = () if day.weekday() > 4 else (entry(day.day),)
        asked = read(answer(*told), asked, DEFAULT_LIMITS).next
    return seen


def test_a_harvest_asks_for_one_day_after_the_other_over_empty_weekends() -> None:
    assert days(WINDOW) == ["2026-06-12", "2026-06-13", "2026-06-14", "2026-06-15"]


def test_a_list_of_tomorrow_is_never_asked_for() -> None:
    late = Window(since=date(2026, 6, 15), until=date(2026, 7, 1), now=NOW)
    later = Window(since=date(2026, 6, 30), until=date(2026, 7, 1), now=NOW)

    assert days(late) == days(later) == ["2026-06-15"]


def test_an_open_window_begins_with_the_first_list() -> None:
    step = first("daily", Window(since=None, until=None, now=NOW))

    assert step.url == "https://huggingface.co/api/daily_papers?date=2023-05-04&limit=100"
    assert step.token.split("/") == ["2023-05-04", "2026-06-15", "0"]


def test_another_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="daily"):
        first("weekly", WINDOW)


def test_a_day_that_fills_its_page_is_asked_for_the_next_page() -> None:
    full = answer(*(entry(number) for number in range(MOST)))

    page = read(full, first("daily", WINDOW), DEFAULT_LIMITS)
    assert page.next
    rest = read(answer(entry(MOST)), page.next, DEFAULT_LIMITS)

    assert page.next.url.endswith("?date=2026-06-12&limit=100&p=1")
    assert rest.next
    assert rest.next.url.endswith("?date=2026-06-13&limit=100")
    assert rest.next.seen == MOST + 1


def test_the_list_of_another_day_again_is_recognised_over_an_empty_day() -> None:
    friday = read(answer(entry(1)), first("daily", WINDOW), DEFAULT_LIMITS)
    assert friday.next
    saturday = read(answer(), friday.next, DEFAULT_LIMITS)
    assert saturday.next

    with pytest.raises(AnswerPageRepeated):
        read(answer(entry(1)), saturday.next, DEFAULT_LIMITS)


def test_the_day_of_the_list_is_the_day_asked_for_where_the_entry_does_not_say() -> None:
    page = read(answer(entry(1)), first("daily", WINDOW), DEFAULT_LIMITS)

    assert page.feed.records[0].first("hf:on") == "2026-06-12"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error":"Invalid date"}', FeedSaysError),
        (b"{}", AnswerUnknown),
        (b"<html>", FeedIsWebPage),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer(entry(1), entry(2)), Step(url=""), Limits(entries=1))


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        ([entry(1)], True),
        ([], False),
        ([{"paper": {"id": "1"}, "numComments": 0}], False),
        ([{"paper": "1"}], False),
        (["x"], False),
        ({"paper": {"id": "1", "upvotes": 0}, "numComments": 0}, False),
    ],
)
def test_only_lists_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = [
    "paper",
    "id",
    "title",
    "authors",
    "name",
    "upvotes",
    "numComments",
    "organization",
    "submittedOnDailyAt",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object) -> None:
    try:
        page = read(json.dumps(value).encode(), first("daily", WINDOW), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
