from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerMovedCursor,
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerUnknown,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedTooManyEntries,
)
from academichub.sources.europepmc import CONNECTOR, MOST_LOOKUPS, first, lookup, read
from academichub.sources.harvest import Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
WINDOW = Window(since=date(2026, 3, 1), until=date(2026, 3, 2), now=NOW)
CURSOR = "AoE="
EVER = Window(since=None, until=None, now=NOW)


def entry(number: int, **said: object) -> dict[str, object]:
    return {"id": str(number), "source": "MED", "title": f"Paper {number}."} | said


def answer(*entries: object, hits: int, cursor: str | None) -> bytes:
    told: dict[str, object] = {"version": "6.9", "hitCount": hits, "resultList": {"result": entries}}
    return json.dumps(told | ({} if cursor is None else {"nextCursorMark": cursor})).encode()


def asked(step: Step) -> dict[str, list[str]]:
    return parse_qs(urlsplit(step.url).query)


def only(**said: object) -> Any:
    return read_saved(CONNECTOR, answer(entry(1, **said), hits=1, cursor="x")).feed.records[0]


def test_a_harvest_asks_for_the_core_of_all_that_was_published_in_the_window() -> None:
    step = first('ISSN:"1234-5679"', WINDOW)

    assert step.url.startswith("https://www.ebi.ac.uk/europepmc/webservices/rest/search?")
    assert asked(step) == {
        "query": ['(ISSN:"1234-5679") AND (FIRST_PDATE:[2026-03-01 TO 2026-03-02])'],
        "format": ["json"],
        "resultType": ["core"],
        "pageSize": ["100"],
        "cursorMark": ["*"],
    }


def test_an_open_window_has_no_dates_and_a_half_open_one_has_both() -> None:
    ever = first("SRC:PPR", EVER)
    lately = first("SRC:PPR", Window(since=None, until=date(2026, 1, 1), now=NOW))
    since = first("SRC:PPR", Window(since=date(2026, 3, 1), until=None, now=NOW))

    assert asked(ever)["query"] == ["SRC:PPR"]
    assert "[1700-01-01 TO 2026-01-01]" in asked(lately)["query"][0]
    assert "[2026-03-01 TO 2026-03-05]" in asked(since)["query"][0]


def test_a_harvest_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="query"):
        first("  ", EVER)


def test_works_are_looked_up_by_whatever_number_they_have() -> None:
    step = lookup(["10.5555/a(b)", "PMC123", "456"])

    assert asked(step)["query"] == ['DOI:"10.5555/a(b)" OR PMCID:PMC123 OR (EXT_ID:456 AND SRC:MED)']


@pytest.mark.parametrize("identifiers", [[], ["1"] * (MOST_LOOKUPS + 1), ['10.1/"'], ["arXiv:2601.00001"]])
def test_what_cannot_be_looked_up_is_refused(identifiers: list[str]) -> None:
    with pytest.raises(ValueError, match=r"identifiers|not a DOI"):
        lookup(identifiers)


def test_a_harvest_follows_the_cursor_to_the_end() -> None:
    step = first("SRC:PPR", EVER)

    one = read(answer(entry(1), entry(2), hits=3, cursor="AoE=="), step, DEFAULT_LIMITS)
    assert one.next
    assert one.next.url.endswith("&cursorMark=AoE%3D%3D")
    two = read(answer(entry(3), hits=3, cursor="BoE=="), one.next, DEFAULT_LIMITS)

    assert (one.total, one.next.seen, one.next.pages) == (3, 2, 1)
    assert two.next is None


def test_the_cursor_that_we_have_already_ends_an_empty_page() -> None:
    step = Step(url=first("a", EVER).url, token=CURSOR, seen=10, total=10)

    page = read(answer(hits=10, cursor=CURSOR), step, DEFAULT_LIMITS)

    assert page.next is None
    assert page.feed.warnings == ()


def test_an_end_a_few_papers_early_is_told_and_not_refused() -> None:
    step = Step(url=first("a", EVER).url, token=CURSOR, seen=10, total=10)

    page = read(answer(hits=13, cursor=CURSOR), step, DEFAULT_LIMITS)

    assert page.feed.warnings == ("the server counts 13 and gave 10",)


@pytest.mark.parametrize(("seen", "cursor"), [(0, "Y"), (10, "Y"), (10, CURSOR)])
def test_a_page_that_is_empty_before_the_end_is_not_the_end(seen: int, cursor: str) -> None:
    step = Step(url=first("a", EVER).url, token=CURSOR, seen=seen)

    with pytest.raises(AnswerPageEmpty):
        read(answer(hits=1000, cursor=cursor), step, DEFAULT_LIMITS)


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer(entry(1), hits=9, cursor="Y"), first("a", EVER), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer(entry(1), hits=9, cursor="Z"), page.next, DEFAULT_LIMITS)


@pytest.mark.parametrize("cursor", ["*", None])
def test_a_cursor_that_does_not_move_before_the_end_is_recognised(cursor: str | None) -> None:
    with pytest.raises(AnswerMovedCursor):
        read(answer(entry(1), hits=9, cursor=cursor), first("a", EVER), DEFAULT_LIMITS)


def test_no_hits_are_an_honest_answer() -> None:
    page = read(answer(hits=0, cursor="*"), first("a", EVER), DEFAULT_LIMITS)

    assert page.feed.records == ()
    assert page.next is None


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ({"fullName": "Fant A", "firstName": "Adele B", "lastName": "Fant"}, "Adele B Fant"),
        ({"fullName": "Fant AB", "lastName": "Fant", "initials": "AB"}, "A. B. Fant"),
        ({"fullName": "van den Berg AB"}, "A. B. van den Berg"),
        ({"fullName": "Dragon Study Group"}, "Dragon Study Group"),
        ({"collectiveName": "Dragon Study Group", "fullName": "Group DS"}, "Dragon Study Group"),
        ({"lastName": "Sukarno"}, "Sukarno"),
        ({"firstName": "Al", "lastName": "Fant", "suffix": "Jr"}, "Al Fant Jr"),
        ({"lastName": "Fant", "initials": "A-B"}, "A-B Fant"),
    ],
)
def test_a_name_is_given_in_reading_order(author: dict[str, str], name: str) -> None:
    record = only(authorList={"author": [author]})

    assert [each.name for each in record.authors] == [name]


def test_where_no_authors_are_listed_the_line_of_authors_is_read() -> None:
    record = only(authorString="Fant A, van Berg CD, Dragon Study Group.", authorList={"author": [{}]})

    assert [each.name for each in record.authors] == ["A. Fant", "C. D. van Berg", "Dragon Study Group"]


def test_an_affiliation_of_the_old_form_is_read() -> None:
    record = only(authorList={"author": {"lastName": "Fant", "affiliation": "Fire Lab"}})

    assert record.authors[0].affiliations == ("Fire Lab",)


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["Journal Article", "Retraction of Publication"], "retraction"),
        (["Published Erratum"], "correction"),
        (["Journal Article", "Review"], "review"),
        (["Editorial"], "editorial"),
        (["News"], "news"),
        (["Preprint"], "preprint"),
        (["research-article"], "article"),
        (["Letter"], ""),
    ],
)
def test_the_kind_is_the_strongest_of_the_types(types: list[str], kind: str) -> None:
    record = only(pubTypeList={"pubType": types})

    assert record.first("hub:kind") == kind


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        ("Erratum for", "corrects pmid:7"),
        ("Retraction of", "retracts pmid:7"),
        ("Expression of concern for", "raises-concern pmid:7"),
        ("Update of", "version-of pmid:7"),
        ("Update in", "version-of pmid:7"),
        ("Original report in", ""),
    ],
)
def test_a_link_to_another_paper_says_how_they_stand(said: str, relation: str) -> None:
    link = {"id": "7", "source": "MED", "type": said}

    record = only(commentCorrectionList={"commentCorrection": [link]})

    assert record.first("hub:relation") == relation
    assert record.first("europepmc:relation") == f"{said} MED/7"


def test_the_update_of_a_preprint_is_its_journal_version() -> None:
    link = {"id": "7", "source": "MED", "type": "Update in", "reference": "J. 2026. doi: 10.5555/j.7."}

    record = only(source="PPR", commentCorrectionList={"commentCorrection": [link]})

    assert record.fields["hub:relation"] == ("preprint-of doi:10.5555/j.7", "preprint-of pmid:7")


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("cc by", "https://creativecommons.org/licenses/by/"),
        ("CC-BY-NC-ND", "https://creativecommons.org/licenses/by-nc-nd/"),
        ("cc0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("publisher's own", ""),
    ],
)
def test_a_licence_is_given_no_version_that_is_not_told(licence: str, address: str) -> None:
    record = only(license=licence)

    assert record.first("dcterms:license") == address


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ({"firstPublicationDate": "2026-01-02", "electronicPublicationDate": "2026-02-03"}, "2026-01-02"),
        ({"electronicPublicationDate": "2026-02-03", "pubYear": "2026"}, "2026-02-03"),
        ({"journalInfo": {"printPublicationDate": "2026-04-01"}, "pubYear": "2026"}, "2026-04-01"),
        ({"pubYear": "2026"}, "2026"),
    ],
)
def test_the_first_day_of_publication_is_given(said: dict[str, object], published: str) -> None:
    assert only(**said).published == published


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"version":"6.9","errCode":404,"errMsg":"no such page"}', FeedSaysError),
        (b'{"version":"6.9","errMsg":"no such page"}', FeedSaysError),
        (b'{"version":"6.9","hitCount":3}', AnswerUnknown),
        (b'{"resultList":{"result":{}}}', AnswerUnknown),
        (b"<html>", FeedIsWebPage),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer(entry(1), entry(2), hits=2, cursor="x"), Step(url=""), Limits(entries=1))


def test_a_name_that_is_no_text_for_an_address_does_not_stop_its_neighbours() -> None:
    page = read_saved(CONNECTOR, answer(entry(1, id="\ud800"), None, entry(2), hits=3, cursor="\ud800"))

    assert len(page.feed.records) == 2
    assert [each.position for each in page.feed.rejected] == [1]


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer(entry(1), hits=1, cursor="x")), True),
        ({"version": "6.9", "errCode": 404, "errMsg": "x"}, True),
        ({"hitCount": 1, "resultList": {"result": []}}, False),
        ({"version": "6.9", "hitCount": 1}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


NAMES = [
    "id",
    "source",
    "title",
    "authorList",
    "author",
    "commentCorrectionList",
    "commentCorrection",
    "type",
]
NAMES += ["pubTypeList", "pubType", "journalInfo", "journal", "license", "keywordList", "fullTextUrlList"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(JSON, JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object, count: object) -> None:
    body = json.dumps({"hitCount": count, "nextCursorMark": count, "resultList": {"result": value}}).encode()

    try:
        page = read(body, first("a", EVER), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
