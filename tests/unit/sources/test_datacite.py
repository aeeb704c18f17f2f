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
from academichub.sources.datacite import CONNECTOR, first, lookup, read, recognises
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from academichub.model.papers import Record

NOW = datetime(2026, 6, 20, tzinfo=UTC)
WINDOW = Window(date(2026, 6, 1), date(2026, 6, 18), NOW)
BEGINNING = first("prefix:10.5555", WINDOW)
SAID: dict[str, Any] = {
    "doi": "10.5555/1",
    "titles": [{"title": "A title"}],
    "creators": [{"name": "First, Ada", "affiliation": [{"name": "Here"}], "nameIdentifiers": []}],
    "publisher": {"name": "Somewhere"},
    "publicationYear": 2026,
    "dates": [{"date": "2026-06-18", "dateType": "Issued"}],
    "types": {"resourceTypeGeneral": "Text", "resourceType": "Report"},
    "descriptions": [{"description": "Text", "descriptionType": "Abstract"}],
    "relatedIdentifiers": [
        {"relationType": "IsVersionOf", "relatedIdentifier": "10.5555/0", "relatedIdentifierType": "DOI"}
    ],
    "rightsList": [{"rightsUri": "https://example.org/terms"}],
    "subjects": [{"subject": "Light"}],
    "container": {"title": "Series"},
    "contentUrl": "https://example.org/1.pdf",
    "version": "1",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "attributes", "type", "title", "name", "date", "links", "errors", "id"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def work(**members: Any) -> dict[str, Any]:
    return {"id": "10.5555/1", "type": "dois", "attributes": SAID | members}


def body_of(*works: object, total: int | None = None, cursor: str = "") -> bytes:
    links = {"self": "https://api.datacite.org/dois"}
    if cursor:
        links["next"] = f"https://evil.example.org/dois?page%5Bcursor%5D={cursor}&page%5Bsize%5D=200"
    meta = {"total": len(works) if total is None else total, "totalPages": 1}
    return json.dumps({"data": works, "meta": meta, "links": links}).encode()


def works(start: int, count: int) -> list[dict[str, Any]]:
    return [work(doi=f"10.5555/{i}") | {"id": f"10.5555/{i}"} for i in range(start, start + count)]


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, body_of(work(**members))).feed.records[0]


def page_of(body: bytes, step: Step = BEGINNING) -> Page:
    return read(body, step, DEFAULT_LIMITS)


# -- asking -----------------------------------------------------------------------------------------


def test_a_registrant_is_asked_for_by_the_days_of_change() -> None:
    assert BEGINNING.url == (
        "https://api.datacite.org/dois?prefix=10.5555&query=updated:%5B2026-06-01%20TO%202026-06-18%5D"
        "&affiliation=true&page%5Bsize%5D=200&page%5Bcursor%5D=1"
    )
    assert (BEGINNING.scope, BEGINNING.since) == ("prefix:10.5555", "2026-06-01")


def test_a_repository_is_asked_for_by_its_name_and_a_window_may_be_open() -> None:
    assert "client-id=cern.zenodo&affiliation" in first("client:CERN.zenodo", Window(None, None, NOW)).url
    assert "updated:%5B2026-06-01%20TO%20*%5D" in first("prefix:10.5281", Window(WINDOW.since, None, NOW)).url
    assert "updated:%5B*%20TO%202026-06-18%5D" in first("prefix:10.5281", Window(None, WINDOW.until, NOW)).url


@pytest.mark.parametrize("scope", ["", "prefix:5555", "client:zenodo", "issn:1234-5679"])
def test_another_scope_cannot_be_asked_for(scope: str) -> None:
    with pytest.raises(ValueError, match="DataCite is harvested"):
        first(scope, WINDOW)


def test_one_work_is_looked_up_by_its_doi_or_arxiv_identifier() -> None:
    assert lookup(["10.5555/A#1"]).url == "https://api.datacite.org/dois/10.5555/a%231?affiliation=true"
    assert lookup(["arXiv:2601.00042"]).scope == "10.48550/arxiv.2601.00042"


@pytest.mark.parametrize("names", [[], ["x"], ["10.5555/1", "10.5555/2"]])
def test_anything_else_cannot_be_looked_up(names: list[str]) -> None:
    with pytest.raises(ValueError, match="one DOI at a time"):
        lookup(names)


# -- paging -----------------------------------------------------------------------------------------


def test_a_harvest_goes_from_cursor_to_cursor_on_datacites_own_host() -> None:
    step: Step | None = BEGINNING
    seen: list[str] = []
    for start, count, cursor in ((0, 3, "two%3D"), (3, 2, "three"), (5, 1, "")):
        assert step is not None
        assert step.url.startswith("https://api.datacite.org/dois?prefix=10.5555&")
        page = page_of(body_of(*works(start, count), total=6, cursor=cursor), step)
        seen += [record.external_id for record in page.feed.records]
        step = page.next

    assert step is None
    assert len(set(seen)) == 6
    following = page_of(body_of(*works(0, 3), total=6, cursor="two%3D")).next
    assert following is not None
    assert following.url == BEGINNING.url[:-1] + "two%3D"
    assert (following.token, following.seen, following.total) == ("two=", 3, 6)


def test_pages_that_lie_are_refused() -> None:
    following = page_of(body_of(*works(0, 2), total=6, cursor="two")).next

    assert following is not None
    with pytest.raises(AnswerPageEmpty):
        page_of(body_of(total=6, cursor="three"), following)
    with pytest.raises(AnswerPageRepeated):
        page_of(body_of(*works(0, 2), total=6, cursor="three"), following)
    with pytest.raises(AnswerMovedCursor):
        page_of(body_of(*works(2, 2), total=6, cursor="two"), following)
    with pytest.raises(AnswerMovedCursor):
        page_of(body_of(*works(2, 2), total=6), following)


def test_an_address_that_is_none_names_no_next_page() -> None:
    body = json.dumps({"data": works(0, 1), "meta": {"total": 1}, "links": {"next": "http://[bad"}}).encode()

    assert page_of(body).next is None


def test_a_single_work_has_no_next() -> None:
    page = page_of(json.dumps({"data": work()}).encode(), lookup(["10.5555/1"]))

    assert (len(page.feed.records), page.total, page.next) == (1, 1, None)


# -- what is no list of works -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"errors": [{"status": "404", "title": "The resource doesn't exist."}]}, FeedSaysError),
        ({"errors": [{"detail": "Too many requests"}]}, FeedThrottled),
        ({"errors": [{}]}, FeedSaysError),
        ({"data": [{"id": "cern.zenodo", "type": "clients"}]}, AnswerUnknown),
        ({"data": "none"}, AnswerUnknown),
        ([], AnswerUnknown),
    ],
)
def test_errors_and_other_lists_are_refused(answer: object, error: type[FeedError]) -> None:
    with pytest.raises(error):
        page_of(json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("answer", "is_known"),
    [
        ({"data": work()}, True),
        ({"data": [work()]}, True),
        ({"data": [], "links": {"self": "https://api.datacite.org/dois?query=x"}}, True),
        ({"data": [], "links": {"self": "https://example.org/"}}, False),
        ({"data": [{"type": "dois"}]}, False),
        ({"data": [{"paperId": "0"}]}, False),
        ([work()], False),
    ],
)
def test_an_answer_is_known_by_the_type_of_what_is_in_it(answer: object, *, is_known: bool) -> None:
    assert recognises(answer) is is_known


def test_limits_are_kept() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(body_of(work(), work()), Step(url=""), Limits(entries=1))
    feed = read(
        body_of(work(titles={"title": "x" * 9}), work()), Step(url=""), Limits(title_characters=8)
    ).feed
    assert [each.external_id for each in feed.rejected] == ["10.5555/1"]
    assert isinstance(feed.rejected[0].error, RecordBroken)


# -- one work ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doi", "dates", "said"),
    [
        ("10.5555/1", {"Issued": "2026-06-18", "Available": "2026-06-18T01:00:00Z"}, "2026-06-18T01:00:00Z"),
        ("10.5555/1", {"Issued": "2026", "Available": "2025-12-31"}, "2026"),
        ("10.5555/1", {"Issued": "2026", "Submitted": "2026-01-02"}, "2026"),
        ("10.48550/arXiv.2601.00042", {"Issued": "2026", "Submitted": "2026-01-02"}, "2026-01-02"),
        ("10.5555/1", {"Available": "2025-12-31/2026-01-31"}, "2026"),
        ("10.5555/1", {}, "2026"),
    ],
)
def test_the_date_is_as_precise_as_the_dates_that_agree(doi: str, dates: dict[str, str], said: str) -> None:
    written = [{"dateType": kind, "date": day} for kind, day in dates.items()]

    assert record_of(doi=doi, dates=written).published == said


def test_a_work_without_a_year_has_the_date_on_which_it_became_available() -> None:
    dates = [{"dateType": "Available", "date": "2025-12-31/2026-01-31"}]

    assert record_of(publicationYear=None, dates=dates).published == "2025-12-31"


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"name": "First, Ada"}, "Ada First"),
        ({"name": "Whatever", "givenName": "Ada", "familyName": "First"}, "Ada First"),
        ({"name": "Lantern, Group", "nameType": "Organizational"}, "Lantern, Group"),
        ({"name": "Ada"}, "Ada"),
    ],
)
def test_a_name_is_in_reading_order(person: dict[str, str], name: str) -> None:
    assert [author.name for author in record_of(creators=[person]).authors] == [name]


def test_a_relation_that_the_hub_has_no_word_for_is_kept() -> None:
    related = [
        {"relationType": "Cites", "relatedIdentifier": "10.5555/2", "relatedIdentifierType": "DOI"},
        {"relationType": "IsVersionOf", "relatedIdentifier": "x", "relatedIdentifierType": "ARK"},
        {"relationType": "IsVersionOf"},
    ]

    record = record_of(relatedIdentifiers=related)

    assert "hub:relation" not in record.fields
    assert record.fields["datacite:relation"] == ("Cites DOI:10.5555/2", "IsVersionOf ARK:x")


# -- hostile answers --------------------------------------------------------------------------------


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    for answer in (value, {"data": value}, {"data": [work(), value], "links": {"next": value}}):
        with contextlib.suppress(FeedError):
            page_of(json.dumps(answer).encode())
        assert recognises(answer) in {True, False}


@given(st.sampled_from(sorted(SAID)), JSON)
def test_a_member_of_any_shape_harms_its_own_work_alone(name: str, value: object) -> None:
    feed = read_saved(CONNECTOR, body_of(work(), work(**{name: value}))).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[0].position == 0
