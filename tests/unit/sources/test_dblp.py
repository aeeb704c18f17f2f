from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

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
    FeedThrottled,
    FeedTooManyEntries,
)
from academichub.sources.dblp import CONNECTOR, first, read
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
EVER = Window(since=None, until=None, now=NOW)
TOC = "toc:db/conf/nowhere/nowhere2025.bht:"


def hit(number: int, **said: object) -> dict[str, object]:
    return {"info": {"key": f"conf/nowhere/{number}", "title": f"Paper {number}.", "year": "2025"} | said}


def answer(hits: object, total: object) -> bytes:
    told = {"@total": total, "@sent": "1", "hit": hits}
    return json.dumps({"result": {"status": {"@code": "200", "text": "OK"}, "hits": told}}).encode()


def xml(inside: str, *, code: str = "200", total: str = "1") -> bytes:
    head = f'<?xml version="1.0"?>\n<result><status code="{code}">OK</status>'
    return f'{head}<hits total="{total}" sent="1">{inside}</hits></result>'.encode()


def only(**said: object) -> Any:
    return read_saved(CONNECTOR, answer([hit(1, **said)], "1")).feed.records[0]


def test_a_table_of_contents_is_asked_for_whole() -> None:
    step = first(TOC, Window(since=date(2026, 1, 1), until=None, now=NOW))

    assert step.url == (
        "https://dblp.org/search/publ/api?q=toc:db/conf/nowhere/nowhere2025.bht:&format=json&h=1000&f=0"
    )


def test_a_venue_is_asked_for_the_one_year_of_its_window() -> None:
    one = first("venue:Proc. Nowhere", Window(since=date(2026, 1, 1), until=None, now=NOW))
    many = first("venue:Proc. Nowhere:", Window(since=date(2025, 1, 1), until=None, now=NOW))

    assert "?q=venue:Proc.%20Nowhere:%20year:2026:&" in one.url
    assert "?q=venue:Proc.%20Nowhere:&" in many.url


@pytest.mark.parametrize("scope", ["", "ICLR", "toc:", "toc:db/conf/x", "venue:", "venue:a:b"])
def test_another_scope_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="venue"):
        first(scope, EVER)


def test_a_harvest_steps_by_what_came_to_the_end() -> None:
    pages: list[Page] = []
    asked: Step | None = first(TOC, EVER)
    while asked:
        offset = int(asked.url.rpartition("=")[2])
        told = [hit(number) for number in range(offset, min(offset + 100, 230))]
        pages.append(read(answer(told, "230"), asked, DEFAULT_LIMITS))
        asked = pages[-1].next

    assert [len(page.feed.records) for page in pages] == [100, 100, 30]


def test_a_harvest_in_xml_goes_on_as_one_in_json() -> None:
    info = "<info><key>a/b</key><title>T.</title></info>"

    page = read(xml(f"<hit>{info}</hit>", total="2"), first(TOC, EVER), DEFAULT_LIMITS)

    assert page.next
    assert page.next.url.endswith("&f=1")


def test_a_remark_within_a_hit_is_no_part_of_it() -> None:
    page = read_saved(CONNECTOR, xml("<hit><info><!-- new --><key>a/b</key><title>T.</title></info></hit>"))

    assert page.feed.records[0].title.value == "T"


@pytest.mark.parametrize("hits", [[], None])
def test_a_page_that_is_empty_before_the_end_is_not_the_end(hits: object) -> None:
    with pytest.raises(AnswerPageEmpty):
        read(answer(hits, "7"), first(TOC, EVER), DEFAULT_LIMITS)


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer([hit(1)], "7"), first(TOC, EVER), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer([hit(1)], "7"), page.next, DEFAULT_LIMITS)


@pytest.mark.parametrize("body", [answer(None, "0"), xml("", total="0")])
def test_no_hits_are_an_honest_answer(body: bytes) -> None:
    page = read(body, first(TOC, EVER), DEFAULT_LIMITS)

    assert page.feed.records == ()
    assert page.next is None


def test_one_hit_and_one_author_need_no_list() -> None:
    page = read_saved(CONNECTOR, answer(hit(1, authors={"author": {"@pid": "1/2", "text": "Solo"}}), "1"))

    assert [author.name for author in page.feed.records[0].authors] == ["Solo"]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("On dots.", "On dots"),
        ("On dots...", "On dots..."),
        ("Why?", "Why?"),
        (".", ""),
    ],
)
def test_the_full_stop_behind_a_title_is_dropped(said: str, title: str) -> None:
    assert only(title=said).title.value == title


def test_the_number_that_tells_namesakes_apart_is_no_part_of_the_name() -> None:
    author = {"@pid": "49/3283-1", "text": "Wei Example 0001"}

    record = only(authors={"author": [author, {"text": "Agent 47"}, {"@pid": "1/1"}]})

    assert [each.name for each in record.authors] == ["Wei Example", "Agent 47"]
    assert record.fields["dblp:pid"] == ("49/3283-1 Wei Example 0001", "1/1")


@pytest.mark.parametrize(
    ("said", "doi", "arxiv"),
    [
        ({"doi": "10.5555/A"}, "10.5555/A", ""),
        ({"ee": "https://doi.org/10.5555/a"}, "10.5555/a", ""),
        ({"ee": ["https://nowhere.example/", "https://doi.org/10.5555/a"]}, "10.5555/a", ""),
        ({"ee": ["https://arxiv.org/abs/2601.00004"]}, "", "2601.00004"),
        ({"venue": "CoRR", "volume": "abs/2601.00005"}, "", "2601.00005"),
        ({"venue": "J. Nowhere", "volume": "2601.00005"}, "", ""),
    ],
)
def test_identifiers_are_taken_from_wherever_they_stand(said: dict[str, Any], doi: str, arxiv: str) -> None:
    record = only(**said)

    assert (record.first("prism:doi"), record.first("hub:arxiv")) == (doi, arxiv)


def test_a_publication_without_an_address_is_found_by_its_key() -> None:
    assert only().link == "https://dblp.org/rec/conf/nowhere/1"
    assert only(key="\ud800/x").link == "https://dblp.org/rec/%3F/x"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            b"<!doctype html><html><head><title>Making sure you're not a bot!</title></head></html>",
            FeedIsWebPage,
        ),
        (b"<html><body><p>unclosed<br></body></html>", FeedIsWebPage),
        (xml("", code="500"), FeedSaysError),
        (b'{"result":{"status":{"@code":"400","text":"bad query"}}}', FeedSaysError),
        (b'{"result":{"hits":[]}}', AnswerUnknown),
        (b"<result><status/></result>", AnswerUnknown),
        (b"<dblp><hits/></dblp>", AnswerUnknown),
        (b"Too Many Requests", FeedThrottled),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer([hit(1), hit(2)], "2"), Step(url=""), Limits(entries=1))


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer([hit(1)], "1")), True),
        ({"result": {"hits": {"@total": "0", "@sent": "0"}}}, True),
        ({"result": {"hits": {"total": 0}}}, False),
        ({"result": []}, False),
        ([], False),
    ],
)
def test_only_answers_of_this_server_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_xml
    assert CONNECTOR.recognises_json(value) is is_ours
    assert CONNECTOR.recognises_xml("result")
    assert not CONNECTOR.recognises_xml("{http://www.w3.org/2005/Atom}feed")


NAMES = ["info", "key", "url", "title", "authors", "author", "text", "@pid", "venue", "ee", "doi", "type"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(JSON, JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object, count: object) -> None:
    try:
        page = read(answer(value, count), first(TOC, EVER), DEFAULT_LIMITS)
    except FeedError:
        return

    listed = value if isinstance(value, list) else [value] if value else []
    assert len(page.feed.records) + len(page.feed.rejected) == len(listed)


@given(
    st.recursive(
        st.just("x"),
        lambda inner: st.tuples(st.sampled_from(NAMES[:6]), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
    )
)
def test_whatever_comes_in_xml_is_read_or_refused_by_name(inside: str) -> None:
    page = read(xml(f"<hit>{inside}</hit><hit/>"), first(TOC, EVER), DEFAULT_LIMITS)

    assert len(page.feed.records) + len(page.feed.rejected) == 2
