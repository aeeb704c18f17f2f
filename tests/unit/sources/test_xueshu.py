from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerUnknown,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedTooManyEntries,
    RecordBroken,
    RecordUnidentified,
)
from academichub.sources.harvest import Step, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.xueshu import CONNECTOR, read


def paper(number: int, **said: object) -> dict[str, object]:
    return {"paperId": f"{number:032}", "title": f"Paper {number}", "type": 1} | said


def answer(papers: object, *, code: object = 0) -> bytes:
    said = {
        "status": {"code": code, "msg": "Success"},
        "data": {"paper": {"paperList": papers, "dispnum": 9}},
    }
    return json.dumps(said).encode()


def only(**said: object) -> Any:
    return read_saved(CONNECTOR, answer([paper(1, **said)])).feed.records[0]


def test_nothing_is_asked_of_a_search_that_is_for_people() -> None:
    assert CONNECTOR.first is None
    assert CONNECTOR.lookup is None


def test_a_saved_page_of_results_is_read_and_leads_nowhere() -> None:
    page = read_saved(CONNECTOR, answer([paper(1), paper(2)]))

    assert [record.external_id for record in page.feed.records] == [f"{1:032}", f"{2:032}"]
    assert page.total == 9
    assert page.next is None


def test_the_words_that_were_searched_for_are_not_marked() -> None:
    record = only(title="On <em>ice</em>", abstract="<em>Ice</em> < 3 &amp; more")

    assert record.title.value == "On ice"
    assert record.summary.value == "Ice < 3 &amp; more"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("张三", "张三"),
        ("Example, Guy A.", "Guy A. Example"),
        ("Guy Example", "Guy Example"),
        ("One, Two, Three", "One, Two, Three"),
        ("Example,", "Example"),
    ],
)
def test_a_name_is_read_with_the_family_name_last(told: str, name: str) -> None:
    assert [author.name for author in only(authors=[{"name": told}, {"name": ""}]).authors] == [name]


@pytest.mark.parametrize(
    ("told", "doi", "other"),
    [
        ("10.5555/xs.1", "10.5555/xs.1", ""),
        ("http://ir.example.org/handle/1", "", "http://ir.example.org/handle/1"),
        ("", "", ""),
    ],
)
def test_only_a_doi_is_taken_for_one(told: str, doi: str, other: str) -> None:
    record = only(doi=told)

    assert (record.first("prism:doi"), record.first("xueshu:number")) == (doi, other)


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ({"url": "https://example.org/a.pdf", "type": 1}, "pdf"),
        ({"url": "https://example.org/pdf/1", "type": 1}, "pdf"),
        ({"url": "https://example.org/a.pdf", "type": 0}, ""),
        ({"url": "https://example.org/login", "type": 1}, ""),
    ],
)
def test_a_source_is_a_file_where_its_address_says_so_too(source: dict[str, Any], title: str) -> None:
    assert [link.title for link in only(sourceList=[source, source]).links] == [title]


def test_an_address_that_is_no_web_address_is_left_out() -> None:
    assert only(sourceList=[{"url": "javascript:void(0)", "type": 1}]).links == ()


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (paper(2, type=5), RecordBroken),
        ({"title": "Nameless"}, RecordUnidentified),
        ("a paper", RecordBroken),
    ],
)
def test_what_is_no_paper_is_left_out_with_its_reason(entry: object, error: type[Exception]) -> None:
    page = read_saved(CONNECTOR, answer([paper(1), entry]))

    assert len(page.feed.records) == 1
    assert isinstance(page.feed.rejected[0].error, error)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (answer([], code=-1), FeedSaysError),
        (b'{"status":{"code":0},"data":{"authors":[]}}', AnswerUnknown),
        (b'{"status":{"code":0},"data":{"paper":null}}', AnswerUnknown),
        (b"[]", AnswerUnknown),
        (b"<!DOCTYPE html><title>x</title>", FeedIsWebPage),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer([paper(1), paper(2)]), Step(url=""), Limits(entries=1))


def test_a_name_that_cannot_be_written_does_not_stop_the_page() -> None:
    assert only(paperId="\ud800").link.endswith("paperid=%3F")


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer([paper(1)])), True),
        (json.loads(answer([])), True),
        ({"data": {"paper": {"paperList": []}}}, False),
        ({"status": {}, "data": {"paper": {"paperList": {}}}}, False),
        ({"status": {}, "data": []}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = [
    "paperId",
    "title",
    "type",
    "authors",
    "name",
    "affiliate",
    "sourceList",
    "url",
    "doi",
    "publishInfo",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object) -> None:
    try:
        page = read(answer(value), Step(url=""), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
