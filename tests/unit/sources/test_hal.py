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
    FeedTooManyEntries,
    RecordBroken,
)
from academichub.sources.hal import CONNECTOR, read, recognises
from academichub.sources.harvest import Step, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from academichub.model.papers import Record

WORK: dict[str, Any] = {
    "halId_s": "hal-1",
    "uri_s": "https://hal.science/hal-1v2",
    "title_s": ["A title"],
    "abstract_s": ["Text"],
    "authFullName_s": ["Ada First"],
    "docType_s": "ART",
    "publicationDateY_i": 2026,
    "fileMain_s": "https://hal.science/hal-1/document",
    "issue_s": ["3"],
    "page_s": "1-2",
    "language_s": ["en"],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["response", "docs", "halId_s", "uri_s", "error", "msg", "title_s"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def body_of(*works: object, total: int | None = None) -> bytes:
    found = {"numFound": len(works) if total is None else total, "start": 0, "docs": works}
    return json.dumps({"response": found}).encode()


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, body_of(WORK | members)).feed.records[0]


@pytest.mark.parametrize(
    ("address", "said", "version"),
    [
        ("https://hal.science/hal-1v12", None, "12"),
        ("https://hal.science/hal-1v12", 3, "3"),
        ("https://hal.science/hal-1", None, ""),
    ],
)
def test_the_version_is_said_or_stands_in_the_address(address: str, said: object, version: str) -> None:
    assert record_of(uri_s=address, version_i=said).first("hub:version") == version


def test_a_deposit_is_known_by_its_own_name_whatever_its_doi() -> None:
    record = record_of(doiId_s="10.5555/1")

    assert record.first("hub:item") == "hal-1"
    assert record.first("prism:doi") == "10.5555/1"


@pytest.mark.parametrize(
    ("kind", "said"), [("ART", "article"), ("UNDEFINED", "preprint"), ("THESE", ""), ("COMM", "")]
)
def test_only_a_type_without_doubt_is_the_kind(kind: str, said: str) -> None:
    assert record_of(docType_s=kind).first("hub:kind") == said


def test_the_most_exact_date_is_taken() -> None:
    assert record_of(publicationDate_s="2026-06-18").published == "2026-06-18"
    assert record_of(publicationDateY_i=None, producedDate_s="2025-12").published == "2025-12"


def test_a_conference_and_a_book_are_venues_too() -> None:
    assert record_of(conferenceTitle_s=["Lanterns 2026"]).first("prism:publicationName") == "Lanterns 2026"
    assert record_of(bookTitle_s="All of Light").first("prism:publicationName") == "All of Light"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error": {"msg": "undefined field x", "code": 400}}', FeedSaysError),
        (b'{"error": "bad request"}', FeedSaysError),
        (b'{"response": {"numFound": 1, "docs": [{"id": "10.1371/journal.pone.1"}]}}', AnswerUnknown),
        (b'{"response": {"numFound": 1}}', AnswerUnknown),
        (b"[]", AnswerUnknown),
    ],
)
def test_errors_and_other_documents_are_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_an_empty_page_before_the_end_is_refused_where_the_question_is_known() -> None:
    assert read_saved(CONNECTOR, body_of(total=7)).feed.records == ()
    with pytest.raises(AnswerPageEmpty):
        read(body_of(total=7), Step(url="https://api.archives-ouvertes.fr/search/"), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("work", "is_known"),
    [
        (WORK, True),
        ({"uri_s": "https://theses.hal.science/tel-1"}, True),
        ({"uri_s": "https://halcyon.example.org/1"}, False),
        ({"id": "10.1371/journal.pone.1", "title_display": "A"}, False),
        (None, False),
    ],
)
def test_an_answer_is_known_by_hals_names(work: object, *, is_known: bool) -> None:
    assert recognises({"response": {"docs": [work]}}) is is_known
    assert not recognises([work])


def test_limits_are_kept() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(body_of(WORK, WORK), Step(url=""), Limits(entries=1))
    feed = read(body_of(WORK | {"abstract_s": "x" * 9}, WORK), Step(url=""), Limits(text_characters=8)).feed
    assert [each.external_id for each in feed.rejected] == ["hal-1"]
    assert isinstance(feed.rejected[0].error, RecordBroken)


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    for answer in (
        value,
        {"response": value},
        {"response": {"docs": value}},
        {"response": {"docs": [WORK, value]}},
    ):
        with contextlib.suppress(FeedError):
            read_saved(CONNECTOR, json.dumps(answer).encode())
        assert recognises(answer) in {True, False}


@given(st.sampled_from(sorted(WORK)), JSON)
def test_a_member_of_any_shape_harms_its_own_document_alone(name: str, value: object) -> None:
    feed = read_saved(CONNECTOR, body_of(WORK, WORK | {name: value})).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[0].position == 0
