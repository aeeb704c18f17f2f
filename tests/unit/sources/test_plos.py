from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.plos import CONNECTOR, first, lookup, read

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
EVER = Window(since=None, until=None, now=NOW)
SCOPE = "journal:PLOS ONE"


def paper(number: int, **said: object) -> dict[str, object]:
    told: dict[str, object] = {
        "id": f"10.1371/journal.pone.{number:07}",
        "title_display": f"Paper {number}",
        "publication_date": "2026-03-01T00:00:00Z",
    }
    return told | said


def answer(*entries: object, total: object) -> bytes:
    return json.dumps({"response": {"numFound": total, "start": 0, "docs": entries}}).encode()


def only(**said: object) -> Any:
    return read_saved(CONNECTOR, answer(paper(1, **said), total=1)).feed.records[0]


def asked_for(step: Step) -> dict[str, list[str]]:
    return parse_qs(urlsplit(step.url).query)


def test_a_harvest_asks_for_the_papers_of_a_journal_within_its_window() -> None:
    step = first(SCOPE, Window(since=date(2026, 3, 1), until=date(2026, 3, 2), now=NOW))

    asked = asked_for(step)
    assert step.url.startswith("https://api.plos.org/search?q=publication_date%3A%5B2026-03-01T")
    assert asked["q"] == [
        'publication_date:[2026-03-01T00:00:00Z TO 2026-03-02T23:59:59Z] AND journal:"PLOS ONE"'
    ]
    assert asked["fq"][0].startswith("doc_type:full")
    assert (asked["rows"], asked["start"], asked["wt"]) == (["100"], ["0"], ["json"])


def test_all_journals_are_asked_for_at_once() -> None:
    step = first("journal:*", EVER)

    assert asked_for(step)["q"] == ["publication_date:[2003-08-01T00:00:00Z TO 2026-03-05T23:59:59Z]"]


@pytest.mark.parametrize("scope", ["", "PLOS ONE", "journal:", 'journal:"', "journal:a\\", "subject:Ice"])
def test_another_scope_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="journal:NAME"):
        first(scope, EVER)


def test_papers_are_looked_up_by_their_dois() -> None:
    step = lookup(["10.1371/journal.pone.0000001", " 10.1371/JOURNAL.PONE.0000002"])

    assert asked_for(step)["q"] == ['id:"10.1371/journal.pone.0000001" OR id:"10.1371/journal.pone.0000002"']


@pytest.mark.parametrize(
    "identifiers", [[], ["10.5555/1"], ['10.1371/journal.pone.1"'], ["10.1371/journal.pone.0000001"] * 26]
)
def test_what_cannot_be_looked_up_is_refused(identifiers: list[str]) -> None:
    with pytest.raises(ValueError, match="DOI"):
        lookup(identifiers)


@pytest.mark.parametrize("total", [230, "230", None])
def test_a_harvest_steps_by_what_came_to_the_end(total: object) -> None:
    pages: list[Page] = []
    asked: Step | None = first(SCOPE, EVER)
    while asked:
        start = int(asked.url.rpartition("=")[2])
        told = [paper(number) for number in range(start, min(start + 50, 230))]
        pages.append(read(answer(*told, total=total), asked, DEFAULT_LIMITS))
        asked = pages[-1].next

    names = [record.external_id for page in pages for record in page.feed.records]
    assert len(names) == len(set(names)) == 230


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    with pytest.raises(AnswerPageEmpty):
        read(answer(total=7), first(SCOPE, EVER), DEFAULT_LIMITS)


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer(paper(1), total=7), first(SCOPE, EVER), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer(paper(1), total=7), page.next, DEFAULT_LIMITS)


def test_no_papers_are_an_honest_answer() -> None:
    page = read(answer(total=0), first(SCOPE, EVER), DEFAULT_LIMITS)

    assert page.feed.records == ()
    assert page.next is None


def test_a_saved_answer_leads_nowhere() -> None:
    assert read_saved(CONNECTOR, answer(paper(1), total=700)).next is None


@pytest.mark.parametrize(
    ("doi", "link"),
    [
        (
            "10.1371/journal.pbio.3000001",
            "https://journals.plos.org/plosbiology/article?id=10.1371/journal.pbio.3000001",
        ),
        ("10.1371/journal.pnew.0000001", "https://doi.org/10.1371/journal.pnew.0000001"),
        ("10.1371/annotation/0-a", "https://doi.org/10.1371/annotation/0-a"),
    ],
)
def test_a_paper_is_found_in_its_journal_or_by_its_doi(doi: str, link: str) -> None:
    record = only(id=doi)

    assert record.link == link
    assert bool(record.links) is link.startswith("https://journals")


def test_a_section_of_a_paper_is_no_paper() -> None:
    page = read_saved(CONNECTOR, answer(paper(1), paper(1, id="10.1371/journal.pone.1/title"), total=2))

    assert len(page.feed.records) == 1
    assert isinstance(page.feed.rejected[0].error, RecordBroken)


@pytest.mark.parametrize("doi", [None, "", "10.5555/1", "10.1371/image.pone.v01.i01"])
def test_what_has_no_doi_of_a_paper_is_no_paper(doi: object) -> None:
    page = read_saved(CONNECTOR, answer(paper(1, id=doi), total=1))

    assert isinstance(page.feed.rejected[0].error, RecordUnidentified)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Research Article", "article"),
        ("Review", "review"),
        ("Editorial", "editorial"),
        ("Correction", "correction"),
        ("Retraction", "retraction"),
        ("Expression of Concern", ""),
        ("", ""),
    ],
)
def test_the_kind_is_told_where_the_word_is_unmistakable(said: str, kind: str) -> None:
    assert only(article_type=said).first("hub:kind") == kind


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error":{"msg":"undefined field nothing","code":400}}', FeedSaysError),
        (b'{"error":"Rate limit exceeded"}', FeedSaysError),
        (b'{"response":{"docs":{}}}', AnswerUnknown),
        (b"[]", AnswerUnknown),
        (b"<!DOCTYPE html><title>Just a moment...</title>", FeedIsWebPage),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer(paper(1), paper(2), total=2), Step(url=""), Limits(entries=1))


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer(paper(1), total=1)), True),
        ({"response": {"numFound": 1, "docs": [{"id": "10.5281/zenodo.1"}]}}, False),
        ({"response": {"numFound": 1, "docs": [{"docid": 1}]}}, False),
        ({"response": {"numFound": 0, "docs": []}}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = ["title_display", "title", "journal", "author_display", "abstract", "subject", "publication_date"]
INNER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
ENTRY = st.dictionaries(st.sampled_from(NAMES), INNER, max_size=7).map(lambda said: paper(1) | said)


@given(INNER | st.lists(ENTRY | INNER, max_size=4), INNER)
def test_whatever_comes_is_read_or_refused_by_name(value: object, count: object) -> None:
    body = json.dumps({"response": {"numFound": count, "docs": value}}).encode()

    try:
        page = read(body, first(SCOPE, EVER), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
