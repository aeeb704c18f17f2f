from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

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
    RecordBroken,
    RecordUnidentified,
)
from academichub.sources.core import CONNECTOR, lookup, read, recognises
from academichub.sources.harvest import Page, Step, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from academichub.model.papers import Record

ASKED = lookup(["10.5555/1", "10.5555/2"])
WORK: dict[str, Any] = {
    "id": 1,
    "title": "A title",
    "abstract": "Text",
    "doi": "10.5555/1",
    "arxivId": "2601.00042",
    "authors": [{"name": "First, Ada"}],
    "dataProviders": [{"name": "Somewhere"}],
    "oaiIds": ["oai:arXiv.org:2601.00042"],
    "outputs": [],
    "journals": [{"title": "Journal", "identifiers": ["1234-5679"]}],
    "links": [{"type": "display", "url": "https://core.ac.uk/works/1"}],
    "language": {"code": "en"},
    "publishedDate": "2026-06-18T01:00:00",
    "downloadUrl": "https://arxiv.org/pdf/2601.00042",
    "sourceFulltextUrls": "https://example.org/1",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "results", "outputs", "oaiIds", "magId", "totalHits", "name", "url"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def body_of(*works: object, total: int | None = None) -> bytes:
    return json.dumps(
        {"totalHits": len(works) if total is None else total, "results": works, "searchId": "x"}
    ).encode()


def works(start: int, count: int) -> list[dict[str, Any]]:
    return [WORK | {"id": place} for place in range(start, start + count)]


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, body_of(WORK | members)).feed.records[0]


def page_of(body: bytes, step: Step = ASKED) -> Page:
    return read(body, step, DEFAULT_LIMITS)


def test_works_are_asked_for_by_doi_or_arxiv_identifier_at_the_address_with_its_slash() -> None:
    assert lookup(["10.5555/A", "arXiv:2601.00042"]).url == (
        "https://api.core.ac.uk/v3/search/works/?q=doi:%2210.5555/a%22+OR+arxivId:%222601.00042%22"
        "&limit=100&offset=0"
    )


@pytest.mark.parametrize("names", [[], ["x"], ['10.5555/"1'], ["10.5555/1"] * 21])
def test_what_is_no_name_of_a_work_cannot_be_looked_up(names: list[str]) -> None:
    with pytest.raises(ValueError, match="1 to 20 DOIs"):
        lookup(names)


def test_a_search_is_walked_by_what_came() -> None:
    step: Step | None = ASKED
    seen: list[str] = []
    for start, count in ((0, 40), (40, 25), (65, 5)):
        assert step is not None
        page = page_of(body_of(*works(start, count), total=70), step)
        seen += [record.external_id for record in page.feed.records]
        step = page.next
        if step is not None:
            assert step.url.endswith(f"&limit=100&offset={start + count}")

    assert step is None
    assert len(set(seen)) == 70


def test_pages_that_lie_are_refused() -> None:
    following = page_of(body_of(*works(0, 2), total=6)).next

    assert following is not None
    with pytest.raises(AnswerPageEmpty):
        page_of(body_of(total=6), following)
    with pytest.raises(AnswerPageRepeated):
        page_of(body_of(*works(0, 2), total=6), following)


def test_a_saved_page_has_no_next() -> None:
    assert read_saved(CONNECTOR, body_of(*works(0, 2), total=6)).next is None


def test_a_single_work_is_read() -> None:
    page = read_saved(CONNECTOR, json.dumps(WORK).encode())

    assert (len(page.feed.records), page.total) == (1, 1)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"message": "Rate limit exceeded"}', FeedThrottled),
        (b'{"message": "Unauthorized"}', FeedSaysError),
        (b'{"totalHits": 1, "results": [{"id": 144, "name": "A repository"}]}', AnswerUnknown),
        (b"[]", AnswerUnknown),
    ],
)
def test_errors_and_other_lists_are_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        page_of(body)


@pytest.mark.parametrize(
    ("answer", "is_known"),
    [
        (WORK, True),
        ({"results": [WORK]}, True),
        ({"totalHits": 0, "results": [], "searchId": "x"}, True),
        ({"totalHits": 0, "results": []}, False),
        ({"results": [{"id": 1, "outputs": []}]}, False),
        ({"results": [WORK | {"id": None}]}, False),
        ([WORK], False),
    ],
)
def test_an_answer_is_known_by_the_members_of_its_works(answer: object, *, is_known: bool) -> None:
    assert recognises(answer) is is_known


def test_limits_are_kept_and_a_work_without_a_number_is_rejected() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(body_of(WORK, WORK), Step(url=""), Limits(entries=1))
    feed = read(
        body_of(WORK, WORK | {"abstract": "x" * 9}, WORK | {"id": None}),
        Step(url=""),
        Limits(text_characters=8),
    ).feed
    assert [type(each.error) for each in feed.rejected] == [RecordBroken, RecordUnidentified]


@pytest.mark.parametrize(
    ("abstract", "arxiv", "parts"),
    [
        ("Text.Comment: 5 pages", "2601.00042", ("Text.", "5 pages")),
        ("Text. Comment: this is the abstract's", "", ("Text. Comment: this is the abstract's", "")),
        ("Comment: all there is", "2601.00042", ("Comment: all there is", "")),
    ],
)
def test_only_arxivs_comment_is_parted_from_its_abstract(
    abstract: str, arxiv: str, parts: tuple[str, str]
) -> None:
    record = record_of(abstract=abstract, arxivId=arxiv)

    assert (record.summary.value, record.first("hub:comment")) == parts


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-06-18T01:00:00", "2026-06-18"),
        ("2026-06-18T00:00:00Z", "2026-06-18"),
        ("2026-06-18T14:30:00", "2026-06-18T14:30:00"),
        ("2026", "2026"),
    ],
)
def test_an_hour_that_is_only_a_time_zone_is_left_out(written: str, said: str) -> None:
    assert record_of(publishedDate=written).published == said


def test_a_work_without_a_page_has_cores_own() -> None:
    assert record_of(links=None).link == "https://core.ac.uk/works/1"
    assert [link.title for link in record_of().links] == ["pdf", ""]


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    for answer in (value, {"results": value}, {"results": [WORK, value], "totalHits": value}):
        with contextlib.suppress(FeedError):
            page_of(json.dumps(answer).encode())
        assert recognises(answer) in {True, False}


@given(st.sampled_from(sorted(WORK)), JSON)
def test_a_member_of_any_shape_harms_its_own_work_alone(name: str, value: object) -> None:
    feed = read_saved(CONNECTOR, body_of(WORK, WORK | {name: value})).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[0].position == 0
