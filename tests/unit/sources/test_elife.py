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
    RecordBroken,
    RecordUnidentified,
)
from academichub.sources.elife import CONNECTOR, first, read
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
EVER = Window(since=None, until=None, now=NOW)
SINCE_MARCH = Window(since=date(2026, 3, 1), until=None, now=NOW)


def paper(number: int, **said: object) -> dict[str, object]:
    told: dict[str, object] = {
        "id": str(number),
        "doi": f"10.7554/eLife.{number}",
        "status": "vor",
        "type": "research-article",
        "version": 1,
        "title": f"Paper {number}",
        "published": "2026-03-01T00:00:00Z",
    }
    return told | said


def answer(*entries: object, total: object) -> bytes:
    return json.dumps({"total": total, "items": entries}).encode()


def only(**said: object) -> Any:
    return read_saved(CONNECTOR, answer(paper(1, **said), total=1)).feed.records[0]


def test_each_list_is_asked_for_by_its_own_media_type() -> None:
    papers, preprints = first("articles", EVER), first("reviewed-preprints", EVER)

    assert papers.url == "https://api.elifesciences.org/articles?per-page=100&order=desc&page=1"
    assert papers.accept == "application/vnd.elife.article-list+json; version=1"
    assert preprints.url == "https://api.elifesciences.org/reviewed-preprints?per-page=100&order=desc&page=1"
    assert preprints.accept == "application/vnd.elife.reviewed-preprint-list+json; version=1"


@pytest.mark.parametrize("scope", ["", "podcasts", "articles/1"])
def test_another_scope_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="reviewed-preprints"):
        first(scope, EVER)


@pytest.mark.parametrize("total", [230, "230", None])
def test_a_harvest_turns_the_pages_to_the_end(total: object) -> None:
    pages: list[Page] = []
    asked: Step | None = first("articles", EVER)
    while asked:
        begin = (int(asked.url.rpartition("=")[2]) - 1) * 100
        told = [paper(number) for number in range(begin, min(begin + 100, 230))]
        pages.append(read(answer(*told, total=total), asked, DEFAULT_LIMITS))
        asked = pages[-1].next

    names = [record.external_id for page in pages for record in page.feed.records]
    assert len(names) == len(set(names)) == 230


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        ({"published": "2026-03-01T00:00:00Z"}, True),
        ({"published": "2026-02-28T00:00:00Z"}, False),
        ({"published": "2026-02-28T00:00:00Z", "versionDate": "2026-03-02T00:00:00Z"}, True),
        ({"published": None, "statusDate": "2026-02-28T00:00:00Z"}, False),
        ({"published": None}, True),
    ],
)
def test_a_harvest_ends_where_it_comes_to_what_is_before_its_window(
    said: dict[str, Any], *, goes_on: bool
) -> None:
    page = read(answer(paper(1, **said), total=700), first("articles", SINCE_MARCH), DEFAULT_LIMITS)

    assert bool(page.next) is goes_on


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    with pytest.raises(AnswerPageEmpty):
        read(answer(total=7), first("articles", EVER), DEFAULT_LIMITS)


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer(paper(1), total=700), first("articles", EVER), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer(paper(1), total=700), page.next, DEFAULT_LIMITS)


def test_no_papers_are_an_honest_answer() -> None:
    page = read(answer(total=0), first("articles", EVER), DEFAULT_LIMITS)

    assert page.feed.records == ()
    assert page.next is None


def test_a_saved_answer_leads_nowhere() -> None:
    assert read_saved(CONNECTOR, answer(paper(1), total=700)).next is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("Ada Lovelace et al.", ["Ada Lovelace"]),
        ("A Lovelace, C Babbage ... M Somerville", ["A Lovelace", "C Babbage", "M Somerville"]),
        ("A Lovelace … M Somerville", ["A Lovelace", "M Somerville"]),
        ("", []),
    ],
)
def test_the_authors_of_a_line_are_read_one_by_one(line: str, names: list[str]) -> None:
    record = only(authorLine=line)

    assert [author.name for author in record.authors] == names
    assert record.first("elife:author-line") == line


@pytest.mark.parametrize(
    ("said", "published", "updated"),
    [
        ({}, "2026-03-01T00:00:00Z", ""),
        ({"versionDate": "2026-03-01T00:00:00Z"}, "2026-03-01T00:00:00Z", ""),
        ({"versionDate": "2026-03-02", "statusDate": "2026-03-03"}, "2026-03-01T00:00:00Z", "2026-03-02"),
        ({"published": None, "statusDate": "2026-03-03"}, "2026-03-03", ""),
    ],
)
def test_a_later_version_keeps_the_day_of_the_first(
    said: dict[str, Any], published: str, updated: str
) -> None:
    record = only(**said)

    assert (record.published, record.updated) == (published, updated)


def test_a_reviewed_preprint_is_not_taken_for_the_paper_with_its_doi() -> None:
    preprint, accepted = only(status="reviewed"), only(status="poa")

    assert preprint.external_id == accepted.external_id
    assert preprint.first("hub:kind") == "preprint"
    assert accepted.first("hub:kind") == "article"
    assert preprint.first("hub:item") != accepted.first("hub:item")
    assert preprint.link == "https://elifesciences.org/reviewed-preprints/1"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"doi": None}, RecordUnidentified),
        ({"id": None}, RecordUnidentified),
        ({"status": None, "type": "blog-article"}, RecordBroken),
    ],
)
def test_what_is_no_paper_is_left_out_with_its_reason(said: dict[str, Any], error: type[Exception]) -> None:
    page = read_saved(CONNECTOR, answer(paper(1), paper(2, **said), total=2))

    assert len(page.feed.records) == 1
    assert isinstance(page.feed.rejected[0].error, error)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"title":"not acceptable","detail":"version 1 is gone"}', FeedSaysError),
        (b'{"detail":"gone"}', FeedSaysError),
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
        read(answer(paper(1), paper(2), total=2), Step(url=""), Limits(entries=1))


def test_a_name_that_cannot_be_written_does_not_stop_the_page() -> None:
    assert only(id="\ud800").link == "https://elifesciences.org/articles/%3F"


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer(paper(1), total=1)), True),
        ({"total": 1, "items": [paper(1, status="reviewed")]}, True),
        ({"total": 1, "items": [{"doi": "10.5555/1", "status": "vor"}]}, False),
        ({"total": 1, "items": [{"doi": "10.7554/eLife.1", "status": None}]}, False),
        ({"items": [paper(1)]}, False),
        ({"total": 0, "items": []}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = [
    "id",
    "doi",
    "status",
    "type",
    "title",
    "titlePrefix",
    "authorLine",
    "subjects",
    "pdf",
    "published",
    "version",
]
INNER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
ENTRY = st.dictionaries(st.sampled_from(NAMES), INNER, max_size=7).map(lambda said: paper(1) | said)


@given(INNER | st.lists(ENTRY | INNER, max_size=4), INNER)
def test_whatever_comes_is_read_or_refused_by_name(value: object, count: object) -> None:
    body = json.dumps({"total": count, "items": value}).encode()

    try:
        page = read(body, first("articles", SINCE_MARCH), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
