from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

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
from academichub.sources.doaj import CONNECTOR, first, lookup, read
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
EVER = Window(since=None, until=None, now=NOW)
ISSN = "issn:8765-4321"


def created(number: int) -> str:
    return f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"


def article(number: int, *, at: str = "", **said: Any) -> dict[str, object]:
    told: dict[str, object] = {"title": f"Paper {number}", "journal": {"title": "Open Letters"}}
    return {"id": f"{number:032}", "created_date": at or created(number), "bibjson": told | said}


def answer(*entries: object, total: object, size: object = 100) -> bytes:
    said = {"total": total, "page": 1, "pageSize": size, "timestamp": "", "query": "", "results": entries}
    return json.dumps(said).encode()


def only(**said: Any) -> Any:
    return read_saved(CONNECTOR, answer(article(1, **said), total=1)).feed.records[0]


def served(step: Step, stock: list[dict[str, object]]) -> bytes:
    """Answer as the server does: a page of what was created since the instant that is asked for."""
    asked, _, page = step.url.rpartition("&page=")
    since = unquote(asked).partition("created_date:[")[2].partition(" TO ")[0].replace("\\", "")
    found = [each for each in stock if str(each["created_date"]) >= since]
    begin = (int(page) - 1) * 100
    assert begin < 1000, "the server refuses pages beyond the thousandth entry"
    return answer(*found[begin : begin + 100], total=len(found))


def walk(stock: list[dict[str, object]]) -> list[Page]:
    pages: list[Page] = []
    asked: Step | None = first(ISSN, EVER)
    while asked:
        pages.append(read(served(asked, stock), asked, DEFAULT_LIMITS))
        asked = pages[-1].next
    return pages


def test_a_harvest_asks_for_what_came_to_the_directory_within_its_window() -> None:
    step = first(ISSN, Window(since=date(2026, 3, 1), until=date(2026, 3, 2), now=NOW))

    assert step.url == (
        "https://doaj.org/api/v4/search/articles/"
        "%28issn%3A8765-4321%29%20AND%20created_date%3A%5B2026-03-01%20TO%202026-03-02%5D"
        "?pageSize=100&sort=created_date%3Aasc&page=1"
    )


@pytest.mark.parametrize("scope", ["", " ", "issn:1*", "title:wh?t", "near~2", "a\\b"])
def test_a_query_that_the_server_refuses_is_not_asked(scope: str) -> None:
    with pytest.raises(ValueError, match="wild cards"):
        first(scope, EVER)


def test_a_phrase_in_a_query_may_be_quoted() -> None:
    step = first('bibjson.journal.title:"Open Letters"', EVER)

    assert "%22Open%20Letters%22" in step.url


def test_articles_are_looked_up_in_both_spellings_of_their_doi() -> None:
    step = lookup(["10.5555/a", "10.5555/B"])

    asked = unquote(step.url.rpartition("/")[2])
    assert asked.startswith('doi:"10.5555/a" OR doi:"10.5555/A" OR doi:"10.5555/B"?pageSize=100')


@pytest.mark.parametrize("identifiers", [[], ["1"], ['10.5555/a"'], ["10.5555/1"] * 11])
def test_what_cannot_be_looked_up_is_refused(identifiers: list[str]) -> None:
    with pytest.raises(ValueError, match="DOI"):
        lookup(identifiers)


@pytest.mark.parametrize("size", [1, 100, 101, 230, 1000])
def test_a_harvest_turns_the_pages_to_the_end(size: int) -> None:
    pages = walk([article(number) for number in range(size)])

    names = [record.external_id for page in pages for record in page.feed.records]
    assert len(names) == len(set(names)) == size
    assert {page.total for page in pages} == {size}


def test_a_harvest_beyond_the_last_page_asks_anew_from_where_it_is() -> None:
    pages = walk([article(number) for number in range(2345)])

    names = {record.external_id for page in pages for record in page.feed.records}
    assert len(names) == 2345
    assert {page.total for page in pages} == {2345}
    assert not any(page.feed.warnings for page in pages)


@pytest.mark.parametrize("instant", ["2026-01-01T00:00:00Z", "yesterday"])
def test_a_harvest_that_cannot_ask_anew_says_what_is_left_out(instant: str) -> None:
    step = first(ISSN, EVER)
    last = Step(url=step.url.replace("2002-01-01", r"2026-01-01T00%5C%3A00%5C%3A00Z").replace("=1", "=10"))

    page = read(answer(article(1, at=instant), total=1200), last, DEFAULT_LIMITS)

    assert page.next is None
    assert page.feed.warnings == ("299 entries cannot be reached",)


def test_a_harvest_without_a_count_goes_on_until_a_page_is_empty() -> None:
    page = read(answer(article(1), total=None), first(ISSN, EVER), DEFAULT_LIMITS)

    assert page.next
    assert read(answer(total=None), page.next, DEFAULT_LIMITS).next is None


def test_smaller_pages_than_were_asked_for_are_counted_as_they_are() -> None:
    step = Step(url=first(ISSN, EVER).url.replace("&page=1", "&page=2"))

    page = read(answer(article(1), total=11, size=10), step, DEFAULT_LIMITS)

    assert page.next is None


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    with pytest.raises(AnswerPageEmpty):
        read(answer(total=7), first(ISSN, EVER), DEFAULT_LIMITS)


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer(article(1), total=700), first(ISSN, EVER), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer(article(1), total=700), page.next, DEFAULT_LIMITS)


def test_no_articles_are_an_honest_answer() -> None:
    page = read(answer(total=0), first(ISSN, EVER), DEFAULT_LIMITS)

    assert page.feed.records == ()
    assert page.next is None


def test_a_saved_answer_leads_nowhere() -> None:
    page = read_saved(CONNECTOR, answer(article(1), total=700))

    assert page.next is None
    assert page.feed.warnings == ()


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ({"year": "2025", "month": "9"}, "2025-09"),
        ({"year": 2025, "month": 12}, "2025-12"),
        ({"year": "2025", "month": "13"}, "2025"),
        ({"year": "2025", "month": "0"}, "2025"),
        ({"month": "9"}, ""),
    ],
)
def test_a_paper_is_dated_by_its_month_where_that_is_known(said: dict[str, Any], published: str) -> None:
    assert only(**said).published == published


@pytest.mark.parametrize(
    ("told", "licence"),
    [
        ({"type": "CC BY"}, "https://creativecommons.org/licenses/by/"),
        ({"title": "CC BY-NC-ND"}, "https://creativecommons.org/licenses/by-nc-nd/"),
        ({"type": "CC BY", "url": "https://example.org/terms"}, "https://example.org/terms"),
        ({"type": "Publisher's own license"}, ""),
        ("CC BY", ""),
    ],
)
def test_the_licence_of_the_journal_is_its_papers(told: object, licence: str) -> None:
    assert only(journal={"license": [told]}).first("dcterms:license") == licence


def test_a_number_of_the_journal_that_is_not_its_electronic_one_is_the_printed_one() -> None:
    electronic = [{"type": "eissn", "id": "8765-4321"}]

    record = only(identifier=electronic, journal={"issns": ["8765-4321", "1234-5679"]})

    assert (record.first("prism:issn"), record.first("prism:eIssn")) == ("1234-5679", "8765-4321")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"id":"1","status":"bad_request","error":"You cannot access results beyond 1000"}', FeedSaysError),
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
        read(answer(article(1), article(2), total=2), Step(url=""), Limits(entries=1))


@pytest.mark.parametrize(
    ("entry", "error"),
    [({"bibjson": {}}, RecordUnidentified), ({"id": "1"}, RecordBroken), (1, RecordBroken)],
)
def test_what_is_no_article_is_left_out_with_its_reason(entry: object, error: type[Exception]) -> None:
    page = read_saved(CONNECTOR, answer(article(1), entry, total=2))

    assert len(page.feed.records) == 1
    assert isinstance(page.feed.rejected[0].error, error)


def test_a_name_that_cannot_be_written_does_not_stop_the_page() -> None:
    broken = article(1) | {"id": "\ud800"}

    record = read_saved(CONNECTOR, answer(broken, total=1)).feed.records[0]

    assert record.link == "https://doaj.org/article/%3F"


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer(article(1), total=1)), True),
        (json.loads(answer(total=0)), True),
        ({"results": [{"id": "1", "bibjson": {"title": "A journal"}}]}, False),
        ({"results": [{"bibjson": {"journal": {}}}]}, False),
        ({"results": [], "total": 0}, False),
        ({"results": {}}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = ["id", "bibjson", "title", "journal", "issns", "license", "type", "identifier", "author", "name"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(JSON, JSON, JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object, count: object, size: object) -> None:
    body = json.dumps({"total": count, "pageSize": size, "results": value}).encode()

    try:
        page = read(body, first(ISSN, EVER), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
