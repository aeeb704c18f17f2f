from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerUnknown,
    FeedError,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    RecordBroken,
)
from academichub.sources.harvest import Step, read_saved
from academichub.sources.limits import Limits
from academichub.sources.unpaywall import CONNECTOR, licence_address, lookup, read, recognises

if TYPE_CHECKING:
    from academichub.model.papers import Record

WORK: dict[str, Any] = {
    "doi": "10.5555/1",
    "data_standard": 2,
    "title": "A title",
    "is_oa": True,
    "genre": "journal-article",
    "best_oa_location": {
        "url_for_pdf": "https://example.org/1.pdf",
        "license": "cc-by",
        "version": "publishedVersion",
    },
    "oa_locations": [
        {"url_for_landing_page": "https://arxiv.org/abs/2601.00042", "pmh_id": "oai:arXiv.org:2601.00042"}
    ],
    "z_authors": [{"given": "Ada", "family": "First"}],
    "journal_issns": "1234-5679",
    "published_date": "2026-06-18",
    "year": 2026,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["doi", "results", "response", "pmh_id", "oa_locations", "message", "name"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, json.dumps(WORK | members).encode()).feed.records[0]


def test_a_doi_is_asked_for_without_our_address() -> None:
    step = lookup(["https://doi.org/10.5555/A<1>"])

    assert step == Step(url="https://api.unpaywall.org/v2/10.5555/a%3C1%3E", scope="10.5555/a<1>")
    assert CONNECTOR.needs_key
    assert CONNECTOR.key_setting == "contact"


@pytest.mark.parametrize("names", [[], ["x"], ["10.5555/1", "10.5555/2"]])
def test_anything_but_one_doi_cannot_be_asked_for(names: list[str]) -> None:
    with pytest.raises(ValueError, match="one DOI at a time"):
        lookup(names)


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("cc-by", "https://creativecommons.org/licenses/by/"),
        ("CCBYNCND", "https://creativecommons.org/licenses/by-nc-nd/"),
        ("cc-by-nc-sa-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        ("CC BY-SA 2.5", "https://creativecommons.org/licenses/by-sa/2.5/"),
        ("CC BY NC", "https://creativecommons.org/licenses/by-nc/"),
        ("cc0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (" https://example.org/terms ", "https://example.org/terms"),
        ("publisher-specific-oa", ""),
        ("cc", ""),
        ("by", ""),
        ("", ""),
    ],
)
def test_a_licence_has_the_address_that_its_word_stands_for(word: str, address: str) -> None:
    assert licence_address(word) == address


def test_the_licence_of_a_repositorys_copy_is_not_the_papers() -> None:
    copy = {"license": "cc-by", "version": "submittedVersion"}

    assert record_of().first("dcterms:license") == "https://creativecommons.org/licenses/by/"
    assert record_of(best_oa_location=copy).first("dcterms:license") == ""
    assert record_of(best_oa_location=None).first("dcterms:license") == ""


def test_an_old_name_of_the_doi_leads_where_the_answer_says() -> None:
    record = record_of(doi="damaged", doi_url="https://doi.org/damaged")

    assert record.link == "https://doi.org/damaged"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            b'{"HTTP_status_code": 404, "error": true, "message": "\'10.5555/9\' isn\'t in Unpaywall."}',
            FeedSaysError,
        ),
        (b'{"HTTP_status_code": 429, "error": true, "message": "Too many requests"}', FeedThrottled),
        (b'{"status": "fine"}', AnswerUnknown),
        (b"[]", AnswerUnknown),
    ],
)
def test_an_error_dressed_as_an_answer_is_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


@pytest.mark.parametrize(
    ("answer", "is_known"),
    [
        (WORK, True),
        ({"results": [{"response": WORK}]}, True),
        ({"doi": "10.5555/1", "is_oa": True}, False),
        ({"results": []}, False),
        ([WORK], False),
    ],
)
def test_an_answer_is_known_by_its_open_access_members(answer: object, *, is_known: bool) -> None:
    assert recognises(answer) is is_known


def test_limits_are_kept() -> None:
    found = {"results": [{"response": WORK | {"title": "x" * 9}}, {"response": WORK}]}

    with pytest.raises(FeedTooManyEntries):
        read(json.dumps(found).encode(), Step(url=""), Limits(entries=1))
    feed = read(json.dumps(found).encode(), Step(url=""), Limits(title_characters=8)).feed
    assert [each.external_id for each in feed.rejected] == ["10.5555/1"]
    assert isinstance(feed.rejected[0].error, RecordBroken)


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    for answer in (value, {"results": value}, {"results": [value]}, {"results": [{"response": value}]}):
        with contextlib.suppress(FeedError):
            read_saved(CONNECTOR, json.dumps(answer).encode())
        assert recognises(answer) in {True, False}


@given(st.sampled_from(sorted(WORK)), JSON)
def test_a_member_of_any_shape_harms_its_own_work_alone(name: str, value: object) -> None:
    found = {"results": [{"response": WORK}, {"response": WORK | {name: value}}]}

    feed = read_saved(CONNECTOR, json.dumps(found).encode()).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[0].position == 0
