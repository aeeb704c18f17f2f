from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
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
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.openalex import (
    CONNECTOR,
    MOST_POSITIONS,
    first,
    lookup,
    read,
    rebuilt,
    recognises,
)

if TYPE_CHECKING:
    from academichub.model.papers import Record

NOW = datetime(2026, 6, 20, tzinfo=UTC)
WINDOW = Window(date(2026, 6, 1), date(2026, 6, 18), NOW)
BEGINNING = first("issn:1234-5679", WINDOW)
WORK: dict[str, Any] = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.5555/1",
    "title": "A title",
    "type": "article",
    "ids": {
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/1",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/2",
    },
    "authorships": [{"raw_author_name": "Ada First", "institutions": [{"display_name": "Here"}]}],
    "locations": [{"landing_page_url": "https://arxiv.org/abs/2601.00042"}],
    "primary_location": {"source": {"issn": ["1234-5679"]}, "landing_page_url": "https://example.org/1"},
    "best_oa_location": {"pdf_url": "https://example.org/1.pdf"},
    "topics": [{"display_name": "Light"}],
    "abstract_inverted_index": {"Text": [0]},
    "publication_date": "2026-06-18",
    "biblio": {"volume": "1"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "source", "issn", "display_name", "results", "meta", "landing_page_url"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def body_of(*works: object, count: int | None = None, cursor: object = None, **members: object) -> bytes:
    meta = {"count": len(works) if count is None else count, "db_response_time_ms": 3, "next_cursor": cursor}
    return json.dumps({"meta": meta, "results": works, "group_by": []} | members).encode()


def works(start: int, count: int) -> list[dict[str, Any]]:
    return [{"id": f"https://openalex.org/W{place}", "title": "A"} for place in range(start, start + count)]


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, body_of(WORK | members)).feed.records[0]


def page_of(body: bytes, step: Step = BEGINNING) -> Page:
    return read(body, step, DEFAULT_LIMITS)


# -- asking -----------------------------------------------------------------------------------------


def test_a_journal_is_asked_for_by_its_days_of_publication() -> None:
    assert BEGINNING.url == (
        "https://api.openalex.org/works?filter=primary_location.source.issn:1234-5679,"
        "from_publication_date:2026-06-01,to_publication_date:2026-06-18&per_page=100&cursor=*"
    )
    assert (BEGINNING.scope, BEGINNING.since) == ("issn:1234-5679", "2026-06-01")


def test_a_source_is_asked_for_by_its_openalex_name() -> None:
    assert first("source:s137", Window(None, None, NOW)).url == (
        "https://api.openalex.org/works?filter=primary_location.source.id:S137&per_page=100&cursor=*"
    )


@pytest.mark.parametrize("scope", ["", "issn:1", "source:W1", "topic:T1"])
def test_another_scope_cannot_be_asked_for(scope: str) -> None:
    with pytest.raises(ValueError, match="OpenAlex is harvested"):
        first(scope, WINDOW)


@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        ("10.5555/A#1", "doi:10.5555/a%231"),
        ("arXiv:2601.00042v2", "doi:10.48550/arxiv.2601.00042"),
        ("pmid:123", "pmid:123"),
        ("PMC123", "pmcid:PMC123"),
        ("https://openalex.org/W123", "W123"),
    ],
)
def test_one_work_is_asked_for_by_its_own_address(identifier: str, path: str) -> None:
    assert lookup([identifier]).url == f"https://api.openalex.org/works/{path}"


def test_several_works_are_asked_for_by_one_filter() -> None:
    assert lookup(["10.5555/1", "10.5555/2"]).url == (
        "https://api.openalex.org/works?filter=doi:10.5555/1|10.5555/2&per_page=100"
    )
    assert "filter=ids.openalex:W1|W2&" in lookup(["W1", "W2"]).url


@pytest.mark.parametrize(
    "names", [[], ["123"], ["W1", "x"], ["W1", "10.5555/1"], [f"W{i}" for i in range(1, 60)]]
)
def test_what_cannot_be_named_in_one_question_is_not_looked_up(names: list[str]) -> None:
    with pytest.raises(ValueError, match="OpenAlex is asked for"):
        lookup(names)


def test_a_doi_that_ends_a_filter_is_asked_for_alone_and_told_as_missing_among_others() -> None:
    step = lookup(["10.5555/a,b", "10.5555/a|b", "10.5555/1", "10.5555/2", "10.48550/arxiv.2601.00042"])

    page = page_of(body_of(WORK), step)

    assert lookup(["10.5555/a,b"]).url == "https://api.openalex.org/works/doi:10.5555/a%2Cb"
    assert step.url.endswith("filter=doi:10.5555/1|10.5555/2|10.48550/arxiv.2601.00042&per_page=100")
    assert page.feed.warnings == (
        "missing: doi:10.5555/a,b",
        "missing: doi:10.5555/a|b",
        "missing: doi:10.5555/2",
    )


def test_works_are_missing_by_any_of_their_names() -> None:
    assert page_of(body_of(WORK), lookup(["pmid:1", "pmid:3"])).feed.warnings == ("missing: pmid:3",)
    assert page_of(body_of(WORK), lookup(["PMC2"])).feed.warnings == ()
    assert page_of(body_of(WORK), lookup(["W1"])).feed.warnings == ()


# -- paging -----------------------------------------------------------------------------------------


def test_a_harvest_goes_from_cursor_to_cursor_until_the_answer_says_that_none_follows() -> None:
    step: Step | None = BEGINNING
    seen: list[str] = []
    for start, count, cursor in ((1, 100, "one="), (101, 60, "two"), (161, 0, None)):
        assert step is not None
        page = page_of(body_of(*works(start, count), count=170, cursor=cursor), step)
        seen += [record.external_id for record in page.feed.records]
        step = page.next

    assert step is None
    assert len(seen) == 160
    following = page_of(body_of(*works(1, 2), count=9, cursor="one=")).next
    assert following is not None
    assert following.url == BEGINNING.url[:-1] + "one%3D"
    assert (following.seen, following.pages, following.total) == (2, 1, 9)


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    with pytest.raises(AnswerPageEmpty):
        page_of(body_of(count=170, cursor="more"))


def test_the_same_page_again_is_refused() -> None:
    following = page_of(body_of(*works(1, 2), count=9, cursor="one")).next

    assert following is not None
    with pytest.raises(AnswerPageRepeated):
        page_of(body_of(*works(1, 2), count=9, cursor="two"), following)


def test_a_cursor_that_stands_still_is_refused() -> None:
    following = page_of(body_of(*works(1, 2), count=9, cursor="one")).next

    assert following is not None
    with pytest.raises(AnswerMovedCursor):
        page_of(body_of(*works(3, 2), count=9, cursor="one"), following)


def test_a_page_without_a_word_about_the_next_ends_the_harvest_only_when_all_are_seen() -> None:
    with pytest.raises(AnswerMovedCursor):
        page_of(body_of(*works(1, 2), count=9, cursor=""))
    assert page_of(body_of(*works(1, 2), cursor="")).next is None


def test_an_empty_answer_that_says_so_is_empty() -> None:
    page = page_of(body_of(count=0), lookup(["10.5555/1", "10.5555/2"]))

    assert (page.feed.records, page.next, page.total) == ((), None, 0)


# -- what is no list of works -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        {"meta": {"count": 2}, "results": [], "group_by": [{"key": "article", "count": 2}]},
        {"results": [{"id": "https://openalex.org/A1", "display_name": "A person"}]},
        {"results": [{"id": "https://openalex.org/W1", "entity_type": "work", "hint": "completion"}]},
        {"id": "https://openalex.org/S1", "display_name": "A journal"},
        {"results": "none"},
        [],
        7,
    ],
)
def test_groups_people_journals_and_completions_are_refused(answer: object) -> None:
    with pytest.raises(FeedError) as caught:
        page_of(json.dumps(answer).encode())

    assert caught.value.code == ("answer.unknown" if answer != 7 else "feed.unreadable")


def test_an_error_is_told_in_openalexs_words_and_a_request_to_wait_is_known() -> None:
    with pytest.raises(FeedSaysError) as caught:
        page_of(b'{"error": "Invalid query parameters error.", "message": "x is not a valid field"}')
    assert caught.value.facts == {"message": "x is not a valid field"}
    with pytest.raises(FeedThrottled):
        page_of(b'{"error": "Rate limit exceeded", "message": "You have used up your daily budget"}')


@pytest.mark.parametrize(
    ("value", "is_known"),
    [
        (WORK, True),
        ({"results": [WORK]}, True),
        ({"meta": {"count": 0, "db_response_time_ms": 5}, "results": []}, True),
        ({"meta": {"count": 0}, "results": []}, False),
        ({"results": [{"id": "W1"}]}, False),
        ([WORK], False),
        ("https://openalex.org/W1", False),
    ],
)
def test_an_answer_is_known_by_the_names_in_it(value: object, *, is_known: bool) -> None:
    assert recognises(value) is is_known


def test_a_single_work_is_read() -> None:
    page = read_saved(CONNECTOR, json.dumps(WORK).encode())

    assert (len(page.feed.records), page.total, page.next) == (1, 1, None)


def test_limits_are_kept() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(body_of(WORK, WORK), Step(url=""), Limits(entries=1))
    feed = read(body_of(WORK | {"title": "x" * 9}, WORK), Step(url=""), Limits(title_characters=8)).feed
    assert [each.position for each in feed.rejected] == [0]
    assert isinstance(feed.rejected[0].error, RecordBroken)


# -- the abstract -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ({"b": [1], "a": [0]}, "a b"),
        ({"a": [0, 2], "b": [1]}, "a b a"),
        ({"a": [0], "late": [7_000_000_000]}, "a late"),
        ({"a": [0], "again": [0], "b": [1]}, "a b"),
        ({"a": [-1], "b": [True], "c": ["3"], "d": [None], "e": [1.0], "f": 7, "g": [2]}, "g"),
        ({}, ""),
        (None, ""),
        ([["a", 0]], ""),
    ],
)
def test_an_abstract_is_put_together_from_its_places(index: object, text: str) -> None:
    assert rebuilt(index, most_characters=1000) == text


def test_an_index_larger_than_any_abstract_costs_its_work_the_abstract_alone() -> None:
    feed = page_of(
        body_of(WORK | {"abstract_inverted_index": {"a": list(range(MOST_POSITIONS + 1))}}, WORK)
    ).feed

    assert [record.summary.value for record in feed.records] == ["", "Text"]
    assert feed.warnings == ("abstract left out: https://openalex.org/W1",)


def test_a_long_word_in_many_places_is_not_multiplied() -> None:
    assert rebuilt({"x" * 1000: list(range(100))}, most_characters=50_000) is None


@given(st.dictionaries(st.text(max_size=3), st.lists(st.integers()) | JSON, max_size=5))
def test_any_index_gives_a_text(index: dict[str, object]) -> None:
    assert rebuilt(index, most_characters=100_000) is not None


# -- one work ---------------------------------------------------------------------------------------


def test_a_work_that_was_retracted_says_so() -> None:
    assert record_of(is_retracted=True).first("hub:retracted") == "yes"
    assert record_of(is_retracted="yes").first("hub:retracted") == ""


@pytest.mark.parametrize(
    ("kind", "said"),
    [("review", "review"), ("preprint", "preprint"), ("article", ""), ("letter", ""), ("paratext", "")],
)
def test_only_a_type_without_doubt_is_the_kind(kind: str, said: str) -> None:
    assert record_of(type=kind).first("hub:kind") == said


def test_a_place_without_a_name_of_a_paper_is_no_version() -> None:
    places = [
        {"landing_page_url": href}
        for href in ("https://example.org/10.5555/2", "https://doi.org/10.5555/1", "")
    ]

    assert "hub:relation" not in record_of(locations=places).fields


# -- hostile answers --------------------------------------------------------------------------------


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    with contextlib.suppress(FeedError):
        page_of(json.dumps(value).encode())
    with contextlib.suppress(FeedError):
        page_of(json.dumps({"results": [WORK, value], "meta": value}).encode())
    assert recognises(value) in {True, False}


@given(st.sampled_from(sorted(WORK)), JSON)
def test_a_member_of_any_shape_harms_its_own_work_alone(name: str, value: object) -> None:
    feed = read_saved(CONNECTOR, body_of(WORK, WORK | {name: value})).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[0].position == 0


def test_an_unknown_answer_names_what_it_is() -> None:
    with pytest.raises(AnswerUnknown) as caught:
        page_of(b'{"results": [{"id": "https://openalex.org/A1"}]}')

    assert caught.value.facts == {"looks_like": "OpenAlex https://openalex.org/A1"}
