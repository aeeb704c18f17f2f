from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerMovedCursor,
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerUnknown,
    FeedError,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    RecordBroken,
)
from academichub.sources.harvest import Page, Step, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.semanticscholar import CONNECTOR, lookup, read, recognises

if TYPE_CHECKING:
    from academichub.model.papers import Record

BULK = Step(
    url="https://api.semanticscholar.org/graph/v1/paper/search/bulk?query=light%20of&fields=title,year"
)
PAPER: dict[str, Any] = {
    "paperId": "0" * 40,
    "externalIds": {"DOI": "10.5555/1", "CorpusId": 7},
    "title": "A title",
    "abstract": "Text",
    "venue": "Journal of Made-Up Ecology",
    "publicationVenue": {"name": "Journal", "issn": "1234-5679"},
    "journal": {"name": "Journal", "pages": "1-2"},
    "authors": [{"authorId": "1", "name": "Ada First"}],
    "openAccessPdf": {"url": "https://example.org/1.pdf", "license": "CCBY", "status": "GOLD"},
    "publicationTypes": ["JournalArticle"],
    "s2FieldsOfStudy": [{"category": "Biology"}],
    "year": 2026,
    "tldr": {"text": "Short"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["paperId", "data", "name", "citingPaper", "authorId", "token", "next", "total"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def search(*papers: object, **members: object) -> bytes:
    return json.dumps({"total": len(papers), "data": papers} | members).encode()


def papers(start: int, count: int) -> list[dict[str, Any]]:
    return [{"paperId": f"{place:040x}", "title": "A"} for place in range(start, start + count)]


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, search(PAPER | members)).feed.records[0]


def page_of(body: bytes, step: Step = BULK) -> Page:
    return read(body, step, DEFAULT_LIMITS)


# -- asking -----------------------------------------------------------------------------------------


def test_papers_are_asked_for_in_one_post_by_whatever_name_they_have() -> None:
    step = lookup(
        ["10.5555/A", "DOI:10.5555/b", "ARXIV:2601.00042", "arXiv:2601.00042v3", "PMID:123", "PMC456",
         "CorpusId:789", "F" * 40]
    )  # fmt: skip

    assert step.url.startswith(
        "https://api.semanticscholar.org/graph/v1/paper/batch?fields=paperId,externalIds,"
    )
    assert json.loads(step.post) == {
        "ids": ["DOI:10.5555/a", "DOI:10.5555/b", "ARXIV:2601.00042", "ARXIV:2601.00042", "PMID:123",
                "PMCID:456", "CorpusId:789", "f" * 40]
    }  # fmt: skip


@pytest.mark.parametrize("names", [[], ["123"], ["W123"], ["10.5555/1", "x"], ["10.5555/1"] * 501])
def test_what_is_no_name_of_a_paper_cannot_be_looked_up(names: list[str]) -> None:
    with pytest.raises(ValueError, match="1 to 500 known identifiers"):
        lookup(names)


def test_a_batch_names_the_papers_that_are_not_known() -> None:
    step = lookup(["10.5555/1", "10.5555/2", "arXiv:2601.00042"])

    page = page_of(json.dumps([PAPER, None, None]).encode(), step)

    assert page.feed.warnings == ("missing: DOI:10.5555/2", "missing: ARXIV:2601.00042")
    assert (len(page.feed.records), page.feed.rejected, page.next) == (1, (), None)


# -- paging -----------------------------------------------------------------------------------------


def test_a_bulk_search_goes_from_token_to_token_until_there_is_none() -> None:
    step: Step | None = BULK
    seen: list[str] = []
    for start, count, token in ((0, 3, "A/B"), (3, 2, "C"), (5, 1, None)):
        assert step is not None
        page = page_of(search(*papers(start, count), total=6, token=token), step)
        seen += [record.external_id for record in page.feed.records]
        step = page.next
        if token == "A/B":  # noqa: S105  # a page's token, no secret
            assert step is not None
            assert step.url == BULK.url + "&token=A%2FB"

    assert step is None
    assert len(set(seen)) == 6


def test_a_search_goes_on_at_the_offset_that_the_answer_gives() -> None:
    asked = Step(url="https://api.semanticscholar.org/graph/v1/paper/search?query=x&offset=0&limit=100")

    following = page_of(search(*papers(0, 2), total=6, offset=0, next=2), asked).next

    assert following is not None
    assert following.url == "https://api.semanticscholar.org/graph/v1/paper/search?query=x&limit=100&offset=2"
    assert (following.seen, following.token, following.total) == (2, "2", 6)


def test_pages_that_lie_are_refused() -> None:
    following = page_of(search(*papers(0, 2), total=6, token="A")).next  # noqa: S106  # a cursor, no secret

    assert following is not None
    with pytest.raises(AnswerPageEmpty):
        page_of(search(total=6, token="B"), following)  # noqa: S106  # a cursor, no secret
    with pytest.raises(AnswerPageRepeated):
        page_of(search(*papers(0, 2), total=6, token="B"), following)  # noqa: S106  # a cursor, no secret
    with pytest.raises(AnswerMovedCursor):
        page_of(search(*papers(2, 2), total=6, token="A"), following)  # noqa: S106  # a cursor, no secret


def test_a_saved_page_has_no_next() -> None:
    assert read_saved(CONNECTOR, search(*papers(0, 2), total=6, token="A")).next is None  # noqa: S106  # a cursor, no secret


# -- the shapes of answers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        PAPER,
        [None, PAPER],
        {"total": 1, "offset": 0, "data": [PAPER]},
        {"offset": 0, "data": [{"citingPaper": PAPER}]},
        {"offset": 0, "data": [{"citedPaper": PAPER}]},
        {"recommendedPapers": [PAPER]},
        {"authorId": "1", "name": "Ada First", "papers": [PAPER]},
    ],
)
def test_papers_are_read_wherever_they_stand(answer: object) -> None:
    assert recognises(answer)
    assert [each.external_id for each in read_saved(CONNECTOR, json.dumps(answer).encode()).feed.records] == [
        "0" * 40
    ]


@pytest.mark.parametrize(
    "answer",
    [
        [None, {"authorId": "1", "name": "Ada First"}],
        {"authorId": "1", "name": "Ada First", "paperCount": 3},
        {"authorId": "1", "name": "Ada First", "papers": [{"title": "no name"}]},
        {"data": [{"snippet": {"text": "A piece"}, "paper": {"corpusId": "7"}}], "retrievalVersion": "1"},
        {"total": 1, "offset": 0, "data": [{"authorId": "1", "name": "Ada First"}]},
    ],
)
def test_authors_and_snippets_are_known_and_refused(answer: object) -> None:
    assert recognises(answer)
    with pytest.raises(AnswerUnknown):
        read_saved(CONNECTOR, json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("answer", "is_known"),
    [
        ({"total": 0, "offset": 0, "data": []}, True),
        ({"total": 0, "token": None, "data": []}, True),
        ({"total": 0, "data": []}, False),
        ({"data": [{"id": "10.5555/1", "type": "dois"}]}, False),
        ([], False),
        ([{"paper": {"id": "2601.00042"}}], False),
        ("paperId", False),
    ],
)
def test_an_answer_is_known_by_the_names_in_it(answer: object, *, is_known: bool) -> None:
    assert recognises(answer) is is_known


def test_an_empty_search_is_empty() -> None:
    assert page_of(b'{"total": 0, "offset": 0, "data": []}').feed.records == ()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"message": "Too Many Requests. Please wait.", "code": "429"}', FeedThrottled),
        (b'{"message": "Slow down", "code": "429"}', FeedThrottled),
        (b'{"error": "No valid paper ids given"}', FeedSaysError),
        (b'{"message": "Internal Server Error"}', FeedSaysError),
        (b'{"data": 7}', AnswerUnknown),
    ],
)
def test_an_error_dressed_as_an_answer_is_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        page_of(body)


def test_limits_are_kept() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(search(PAPER, PAPER), Step(url=""), Limits(entries=1))
    feed = read(search(PAPER | {"abstract": "x" * 9}, PAPER), Step(url=""), Limits(text_characters=8)).feed
    assert [each.external_id for each in feed.rejected] == ["0" * 40]
    assert isinstance(feed.rejected[0].error, RecordBroken)


# -- one paper --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "venue", "kind"),
    [
        ({"ArXiv": "2601.00042"}, "arXiv.org", "preprint"),
        ({"ArXiv": "2601.00042", "DOI": "10.48550/arXiv.2601.00042"}, "", "preprint"),
        ({"ArXiv": "2601.00042", "DOI": "10.5555/1"}, "arXiv.org", ""),
        ({"ArXiv": "2601.00042"}, "Journal of Made-Up Ecology", ""),
        ({}, "arXiv.org", ""),
    ],
)
def test_a_preprint_is_what_is_on_arxiv_and_nowhere_else(
    names: dict[str, str], venue: str, kind: str
) -> None:
    record = record_of(externalIds=names, venue=venue, journal=None, publicationVenue=None)

    assert record.first("hub:kind") == kind


def test_the_licence_of_a_repositorys_copy_is_not_the_papers() -> None:
    pdf = {"url": "https://example.org/1.pdf", "license": "CCBY", "status": "GREEN"}

    assert record_of().first("dcterms:license") == "https://creativecommons.org/licenses/by/"
    assert record_of(openAccessPdf=pdf).first("dcterms:license") == ""
    assert record_of(openAccessPdf=pdf).first("s2:license") == "CCBY"


# -- hostile answers --------------------------------------------------------------------------------


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    for answer in (
        value,
        {"data": value},
        {"data": [value]},
        [value, PAPER],
        {"total": 9, "data": [PAPER], "token": value},
    ):
        with contextlib.suppress(FeedError):
            page_of(json.dumps(answer).encode())
        assert recognises(answer) in {True, False}


@given(st.sampled_from(sorted(PAPER)), JSON)
def test_a_member_of_any_shape_harms_its_own_paper_alone(name: str, value: object) -> None:
    feed = page_of(search(PAPER, PAPER | {name: value})).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[0].position == 0
