from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerUnknown,
    FeedError,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    FeedUnreadable,
    KeyMissing,
)
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.openreview import CONNECTOR, PAGE, first, lookup, read

EVER = Window(since=None, until=None, now=datetime(2026, 3, 5, 12, tzinfo=UTC))
VENUE = "venueid:ICLR.cc/2026/Conference"


def note(name: str, **content: object) -> dict[str, object]:
    wrapped = {member: {"value": value} for member, value in ({"title": name} | content).items()}
    return {"id": name, "forum": name, "content": wrapped}


def bare(name: str, **content: object) -> dict[str, object]:
    return {"id": name, "forum": name, "content": {"title": name} | content}


def answer(*notes: object, **said: object) -> bytes:
    return json.dumps({"notes": notes} | said).encode()


def only(entry: object) -> Any:
    return read_saved(CONNECTOR, answer(entry)).feed.records[0]


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        (VENUE, "content.venueid=ICLR.cc/2026/Conference"),
        ("invitation:TMLR/-/Submission", "invitation=TMLR/-/Submission"),
        ("forum:a&b", "forum=a%26b"),
    ],
)
def test_a_harvest_asks_for_a_thousand_notes_in_the_order_of_their_numbers(scope: str, asked: str) -> None:
    step = first(scope, EVER)

    assert step.url == f"https://api2.openreview.net/notes?{asked}&sort=number:asc&limit=1000&offset=0"


@pytest.mark.parametrize("scope", ["", "venueid:", "ICLR.cc/2026/Conference", "group:x"])
def test_another_scope_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="venueid"):
        first(scope, EVER)


def test_a_submission_is_looked_up_by_its_name() -> None:
    assert lookup(["a/b"]).url == "https://api2.openreview.net/notes?id=a%2Fb"


@pytest.mark.parametrize("identifiers", [[], [" "], ["a", "b"]])
def test_what_cannot_be_looked_up_is_refused(identifiers: list[str]) -> None:
    with pytest.raises(ValueError, match="one"):
        lookup(identifiers)


def test_a_harvest_steps_by_what_came_to_the_end() -> None:
    pages: list[Page] = []
    asked: Step | None = first(VENUE, EVER)
    while asked:
        offset = int(asked.url.rpartition("=")[2])
        told = [note(str(number)) for number in range(offset, min(offset + 3, 7))]
        pages.append(read(answer(*told, count=7), asked, DEFAULT_LIMITS))
        asked = pages[-1].next

    assert [len(page.feed.records) for page in pages] == [3, 3, 1]


def test_without_a_count_a_full_page_is_followed_and_a_short_one_is_the_last() -> None:
    full = read(answer(*(note(str(number)) for number in range(PAGE))), first(VENUE, EVER), DEFAULT_LIMITS)
    short = read(answer(note("a")), first(VENUE, EVER), DEFAULT_LIMITS)

    assert full.next
    assert full.next.url.endswith("&offset=1000")
    assert short.next is None


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    with pytest.raises(AnswerPageEmpty):
        read(answer(count=7), first(VENUE, EVER), DEFAULT_LIMITS)


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer(note("a"), count=7), first(VENUE, EVER), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer(note("a"), count=7), page.next, DEFAULT_LIMITS)


def test_an_empty_venue_is_an_honest_answer() -> None:
    page = read(answer(count=0), first(VENUE, EVER), DEFAULT_LIMITS)

    assert page.feed.records == ()
    assert page.next is None


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><head><title>Verifying your browser | OpenReview</title></head></html>",
        b"Found. Redirecting to https://openreview.net/challenge?redirect=/notes",
        b'{"name":"ChallengeRequiredError","message":"Challenge verification required"}',
        b'{"name":"ForbiddenError","message":"No"}',
        b'{"message":"x","challengeUrl":"https://openreview.net/challenge"}',
    ],
)
def test_what_a_stranger_gets_asks_for_a_token(body: bytes) -> None:
    with pytest.raises(KeyMissing) as told:
        read_saved(CONNECTOR, body)

    assert told.value.facts == {"server": "OpenReview", "setting": "openreview_token"}
    assert CONNECTOR.needs_key


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"name":"ValidationError","message":"limit must be <= 1000","status":400}', FeedSaysError),
        (b'{"name":"RateLimitError","message":"Too many requests"}', FeedThrottled),
        (b'{"groups":[]}', AnswerUnknown),
        (b"[]", AnswerUnknown),
        (b"nothing of the sort", FeedUnreadable),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (note("a", venueid="ICLR.cc/2026/Conference", venue="ICLR 2026 poster"), "accepted"),
        (note("a", venueid="ICLR.cc/2026/Conference/Submission"), "submitted"),
        (note("a", venueid="ICLR.cc/2026/Conference/Rejected_Submission"), "rejected"),
        (note("a", venueid="ICLR.cc/2026/Conference/Withdrawn_Submission"), "withdrawn"),
        (note("a", venueid="ICLR.cc/2026/Conference/Desk_Rejected_Submission"), "desk-rejected"),
        (note("a", venueid="ICLR.cc/2026/Conference/Odd_Submissions"), ""),
        (note("a", venueid="X.cc", venue="X Withdrawn"), "withdrawn"),
        (bare("a", venueid="ICLR.cc/2022/Conference", venue="Submitted to ICLR 2022"), "submitted"),
        (bare("a", venueid="ICLR.cc/2022/Conference", venue="ICLR 2022 Poster"), ""),
        (note("a"), ""),
    ],
)
def test_a_submission_says_how_it_stands(entry: object, state: str) -> None:
    record = only(entry)

    assert record.first("openreview:state") == state
    assert record.first("hub:kind") == ("article" if state == "accepted" else "preprint")


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ({"pdate": 1769000000000, "cdate": 1}, "2026-01-21T12:53:20Z"),
        ({"cdate": 1758600000000}, "2025-09-23T04:00:00Z"),
        ({"pdate": None, "tcdate": "1758600000000"}, "2025-09-23T04:00:00Z"),
        ({"pdate": 999_999_999_999_999, "cdate": -1, "tcdate": 1.5}, ""),
    ],
)
def test_instants_in_milliseconds_are_written_out(dates: dict[str, object], published: str) -> None:
    assert only(note("a") | dates).published == published


def test_a_doi_that_the_authors_gave_is_kept() -> None:
    record = only(note("a", doi="https://doi.org/10.5555/A", arxiv_id="arXiv:2601.00003v2"))

    assert record.first("prism:doi") == "10.5555/a"
    assert record.first("hub:arxiv") == "2601.00003"


def test_an_e_mail_address_is_nobodys_name() -> None:
    record = only(note("a", authors=["Ada"], authorids=["ada@example.org", "~Ada1"]))

    assert record.fields["openreview:author-id"] == ("~Ada1",)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer(note("a"), note("b")), Step(url=""), Limits(entries=1))


def test_a_name_that_is_no_text_for_an_address_does_not_stop_its_neighbours() -> None:
    page = read_saved(CONNECTOR, answer(note("\ud800", pdf="http://["), "x", note("b")))

    assert len(page.feed.records) == 2
    assert [each.position for each in page.feed.rejected] == [1]


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        ({"notes": [note("a")]}, True),
        ({"notes": [], "count": 0}, True),
        ({"name": "ChallengeRequiredError"}, True),
        ({"notes": []}, False),
        ({"notes": ["x"]}, False),
        ({"notes": [{"id": 1, "text": "a note"}]}, False),
        ({"name": "ForbiddenError"}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = [
    "id",
    "forum",
    "content",
    "title",
    "authors",
    "authorids",
    "value",
    "venueid",
    "venue",
    "pdf",
    "keywords",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(JSON, JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object, count: object) -> None:
    body = json.dumps({"notes": value, "count": count}).encode()

    try:
        page = read(body, first(VENUE, EVER), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
