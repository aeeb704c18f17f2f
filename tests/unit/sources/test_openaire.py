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
)
from academichub.sources.harvest import Step, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.openaire import CONNECTOR, read, recognises

if TYPE_CHECKING:
    from academichub.model.papers import Record

WORK: dict[str, Any] = {
    "id": "doi_dedup___::1",
    "mainTitle": "A title",
    "descriptions": ["Text"],
    "authors": [{"fullName": "First, Ada", "rank": 1, "pid": {"id": {"scheme": "orcid", "value": "x"}}}],
    "pids": [{"scheme": "doi", "value": "10.5555/1"}],
    "instances": [
        {
            "type": "Article",
            "urls": ["https://example.org/1.pdf"],
            "license": "CC BY",
            "refereed": "peerReviewed",
        }
    ],
    "originalIds": [],
    "subjects": [{"subject": {"scheme": "FOS", "value": "light"}}],
    "container": {"name": "Journal"},
    "language": {"code": "eng"},
    "type": "publication",
    "publicationDate": "2026-06-18",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["results", "header", "mainTitle", "instances", "scheme", "value", "pid", "id"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def body_of(*works: object, total: int | None = None) -> bytes:
    header = {"numFound": len(works) if total is None else total, "page": 1}
    return json.dumps({"header": header, "results": works}).encode()


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, body_of(WORK | members)).feed.records[0]


def test_a_second_doi_is_kept_but_ties_nothing() -> None:
    record = record_of(pids=[{"scheme": "doi", "value": f"10.5555/{i}"} for i in (1, 2)])

    assert record.fields["prism:doi"] == ("10.5555/1",)
    assert record.fields["openaire:doi"] == ("10.5555/2",)
    assert "hub:relation" not in record.fields


def test_the_licence_is_the_one_of_the_refereed_version() -> None:
    copy = {"license": "CC BY-SA 4.0", "refereed": "nonPeerReviewed"}
    terms = {"license": "https://example.org/tdm", "refereed": "peerReviewed"}

    assert record_of().first("dcterms:license") == "https://creativecommons.org/licenses/by/"
    assert record_of(instances=[copy]).first("dcterms:license") == ""
    assert record_of(instances=[terms]).first("dcterms:license") == ""


@pytest.mark.parametrize(
    ("types", "kind", "said"),
    [
        (["Preprint"], "publication", "preprint"),
        (["Preprint", "Article"], "publication", ""),
        (["Article"], "publication", ""),
        ([], "dataset", "dataset"),
    ],
)
def test_the_kind_is_what_all_places_agree_on(types: list[str], kind: str, said: str) -> None:
    assert record_of(instances=[{"type": each} for each in types], type=kind).first("hub:kind") == said


def test_an_abstract_in_the_markup_of_journals_is_turned_into_html() -> None:
    summary = record_of(
        descriptions=["<jats:title>Abstract</jats:title><jats:p>In <jats:italic>light</jats:italic></jats:p>"]
    ).summary

    assert (summary.value, summary.form) == ("<p>In <i>light</i></p>", "html")


def test_a_product_without_a_doi_is_shown_by_openaire() -> None:
    assert record_of(pids=None).link.endswith("articleId=doi_dedup___::1")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"message": "Rate limit exceeded", "code": 429}', FeedThrottled),
        (b'{"message": "Page size must be less than 100", "code": 400}', FeedSaysError),
        (b'{"header": {"numFound": 1}, "results": [{"id": "1", "acronym": "LIGHT"}]}', AnswerUnknown),
        (b'{"results": []}', AnswerUnknown),
        (b"[]", AnswerUnknown),
    ],
)
def test_errors_and_other_lists_are_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_a_single_product_is_read_and_an_empty_search_is_empty() -> None:
    assert len(read_saved(CONNECTOR, json.dumps(WORK).encode()).feed.records) == 1
    assert read_saved(CONNECTOR, body_of()).total == 0


def test_an_empty_page_before_the_end_is_refused_where_the_question_is_known() -> None:
    with pytest.raises(AnswerPageEmpty):
        read(body_of(total=7), Step(url="https://api.openaire.eu/graph/"), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("answer", "is_known"),
    [
        (WORK, True),
        ({"header": {}, "results": [WORK]}, True),
        ({"results": [{"mainTitle": "A"}]}, False),
        ({"results": []}, False),
        ([WORK], False),
    ],
)
def test_an_answer_is_known_by_the_members_of_its_products(answer: object, *, is_known: bool) -> None:
    assert recognises(answer) is is_known


def test_limits_are_kept() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(body_of(WORK, WORK), Step(url=""), Limits(entries=1))
    feed = read(body_of(WORK | {"mainTitle": "x" * 9}, WORK), Step(url=""), Limits(title_characters=8)).feed
    assert [each.external_id for each in feed.rejected] == ["doi_dedup___::1"]
    assert isinstance(feed.rejected[0].error, RecordBroken)


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    for answer in (value, {"header": value, "results": value}, {"header": {}, "results": [WORK, value]}):
        with contextlib.suppress(FeedError):
            read_saved(CONNECTOR, json.dumps(answer).encode())
        assert recognises(answer) in {True, False}


@given(st.sampled_from(sorted(WORK)), JSON)
def test_a_member_of_any_shape_harms_its_own_product_alone(name: str, value: object) -> None:
    feed = read_saved(CONNECTOR, body_of(WORK, WORK | {name: value})).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[0].position == 0
