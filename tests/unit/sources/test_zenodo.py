from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerPageEmpty,
    AnswerUnknown,
    FeedError,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    RecordBroken,
    RecordUnidentified,
)
from academichub.sources.harvest import Step, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.zenodo import CONNECTOR, read, recognises

if TYPE_CHECKING:
    from academichub.model.papers import Record

SAID: dict[str, Any] = {
    "title": "A title",
    "description": "<p>Text</p>",
    "creators": [{"name": "First, Ada", "affiliation": "Here"}],
    "publication_date": "2026-06-18",
    "resource_type": {"type": "publication", "subtype": "article", "title": "Journal article"},
    "license": {"id": "cc-by-4.0"},
    "journal": {"title": "Journal", "pages": "1-2"},
    "keywords": ["light"],
    "related_identifiers": [{"identifier": "10.5555/0", "relation": "isVersionOf", "scheme": "doi"}],
    "relations": {"version": [{"index": 0}]},
}
WORK: dict[str, Any] = {
    "id": 1,
    "conceptrecid": "0",
    "doi": "10.5281/zenodo.1",
    "conceptdoi": "10.5281/zenodo.0",
    "metadata": SAID,
    "links": {"self_html": "https://zenodo.org/records/1"},
    "files": [{"key": "a.pdf", "links": {"self": "https://zenodo.org/api/records/1/files/a.pdf/content"}}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["hits", "metadata", "id", "links", "self", "version", "index", "message"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def body_of(*works: object, total: int | None = None) -> bytes:
    hits = {"hits": works, "total": len(works) if total is None else total}
    return json.dumps({"hits": hits, "links": {"self": "https://zenodo.org/api/records?q=x"}}).encode()


def record_of(**said: Any) -> Record:
    return read_saved(CONNECTOR, body_of(WORK | {"metadata": SAID | said})).feed.records[0]


def test_a_single_record_is_read() -> None:
    page = read_saved(CONNECTOR, json.dumps(WORK).encode())

    assert (page.feed.records[0].external_id, page.total, page.next) == ("1", 1, None)


def test_a_version_is_counted_from_one_and_belongs_to_its_concept() -> None:
    record = record_of(relations={"version": [{"index": 4}]})

    assert record.first("hub:version") == "5"
    assert record.fields["hub:relation"] == ("version-of doi:10.5281/zenodo.0", "version-of doi:10.5555/0")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"type": "publication", "subtype": "preprint"}, "preprint"),
        ({"type": "publication", "subtype": "conferencepaper"}, "article"),
        ({"type": "publication", "subtype": "thesis"}, ""),
        ({"type": "dataset"}, "dataset"),
        ({"type": "software"}, ""),
    ],
)
def test_only_a_type_without_doubt_is_the_kind(kind: dict[str, str], said: str) -> None:
    assert record_of(resource_type=kind).first("hub:kind") == said


def test_a_record_that_names_itself_or_no_paper_has_no_relation_but_to_its_concept() -> None:
    related = [
        {"identifier": "10.5281/zenodo.1", "relation": "isVersionOf", "scheme": "doi"},
        {"identifier": "https://example.org/", "relation": "isVersionOf", "scheme": "url"},
        {"identifier": "10.5555/2", "relation": "cites", "scheme": "doi"},
        {"relation": "cites", "scheme": "doi"},
    ]

    record = record_of(related_identifiers=related)

    assert record.fields["hub:relation"] == ("version-of doi:10.5281/zenodo.0",)
    assert len(record.fields["zenodo:relation"]) == 3


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"status": 404, "message": "The persistent identifier does not exist."}', FeedSaysError),
        (b'{"status": 429, "message": "429 per 1 minute"}', FeedThrottled),
        (b'{"message": "Too many requests"}', FeedThrottled),
        (b'{"hits": {"hits": [{"id": "lanterns", "slug": "lanterns"}], "total": 1}}', AnswerUnknown),
        (b'{"id": 1}', AnswerUnknown),
        (b"[]", AnswerUnknown),
    ],
)
def test_errors_and_other_lists_are_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_an_empty_page_before_the_end_is_refused_where_the_question_is_known() -> None:
    assert read_saved(CONNECTOR, body_of(total=7)).feed.records == ()
    with pytest.raises(AnswerPageEmpty):
        read(body_of(total=7), Step(url="https://zenodo.org/api/records"), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("answer", "is_known"),
    [
        (WORK, True),
        ({"hits": {"hits": [WORK]}}, True),
        ({"hits": {"hits": []}, "links": {"self": "https://zenodo.org/api/records?q=x"}}, True),
        ({"hits": {"hits": []}, "links": {"self": "https://example.org/api/records"}}, False),
        ({"hits": {"hits": [{"id": 1, "metadata": {}}]}}, False),
        ({"conceptrecid": "0"}, False),
        ([WORK], False),
    ],
)
def test_an_answer_is_known_by_its_concept_or_its_address(answer: object, *, is_known: bool) -> None:
    assert recognises(answer) is is_known


def test_limits_are_kept_and_a_record_without_a_name_is_rejected() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(body_of(WORK, WORK), Step(url=""), Limits(entries=1))
    long = WORK | {"metadata": SAID | {"title": "x" * 9}}
    feed = read(body_of(WORK, long, {"metadata": SAID}), Step(url=""), Limits(title_characters=8)).feed
    assert [type(each.error) for each in feed.rejected] == [RecordBroken, RecordUnidentified]


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    for answer in (value, {"hits": value}, {"hits": {"hits": value}}, {"hits": {"hits": [WORK, value]}}):
        with contextlib.suppress(FeedError):
            read_saved(CONNECTOR, json.dumps(answer).encode())
        assert recognises(answer) in {True, False}


@given(st.sampled_from(sorted(SAID)), st.sampled_from(sorted(WORK)), JSON)
def test_a_member_of_any_shape_harms_its_own_record_alone(name: str, member: str, value: object) -> None:
    odd = WORK | {"metadata": SAID | {name: value}}

    feed = read_saved(CONNECTOR, body_of(WORK, odd, WORK | {member: value})).feed

    assert len(feed.records) + len(feed.rejected) == 3
    assert feed.records[0].position == 0
