from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from academichub.errors import (
    AnswerMovedCursor,
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerTokenExpired,
    AnswerUnknown,
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedThrottled,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
    RecordBroken,
)
from academichub.sources.harvest import Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.oai import CONNECTOR, Scope, first, read, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from academichub.sources.harvest import Page

OAI = "http://www.openarchives.org/OAI/2.0/"
ARXIV = "https://oaipmh.arxiv.org/oai|arXiv|cs:cs:AI"
LIBRARY = "https://library.example.org/oai|arXiv"
NOW = datetime(2026, 6, 19, 3, 0, tzinfo=UTC)


def record(number: int, *, title: str = "Lamps") -> str:
    name = f"2606.{number:05}"
    return (
        f"<record><header><identifier>oai:arXiv.org:{name}</identifier><datestamp>2026-06-18</datestamp></header>"
        f'<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{name}</id><title>{title}</title></arXiv>'
        "</metadata></record>"
    )


def answer(inside: str, *, verb: str = "ListRecords") -> bytes:
    list_of = f"<{verb}>{inside}</{verb}>" if verb else inside
    return (
        f'<?xml version="1.0"?><OAI-PMH xmlns="{OAI}"><responseDate>2026-06-19T02:41:07Z</responseDate>'
        f"<request>https://library.example.org/oai</request>{list_of}</OAI-PMH>"
    ).encode()


def page(numbers: Sequence[int], token: str | None = None, *, total: int | None = None) -> bytes:
    size = f' completeListSize="{total}"' if total is not None else ""
    end = f"<resumptionToken{size}>{token}</resumptionToken>" if token is not None else ""
    return answer("".join(map(record, numbers)) + end)


def begin(scope: str = LIBRARY) -> Step:
    return first(scope, Window(date(2026, 6, 18), None, NOW))


def walk(step: Step | None, *bodies: bytes) -> list[Page]:
    """Read answers one after another, each with the step that the one before it gave."""
    pages = []
    for body in bodies:
        assert step is not None, "the harvest ended too soon"
        pages.append(read(body, step, DEFAULT_LIMITS))
        step = pages[-1].next
    return pages


# -- asking ---------------------------------------------------------------------------------------


def test_a_harvest_of_arxiv_begins_on_a_day_and_never_ends_on_one() -> None:
    window = Window(date(2026, 6, 18), date(2026, 6, 18), NOW)

    step = first(ARXIV, window)

    asked = parse_qs(urlsplit(step.url).query)
    assert step.url.startswith("https://oaipmh.arxiv.org/oai?verb=ListRecords&")
    assert asked == {
        "verb": ["ListRecords"],
        "metadataPrefix": ["arXiv"],
        "set": ["cs:cs:AI"],
        "from": ["2026-06-18"],
    }
    assert (step.scope, step.since) == (ARXIV, "2026-06-18")


def test_other_repositories_are_told_both_days() -> None:
    step = first("https://library.example.org/oai|oai_dc", Window(None, date(2026, 6, 18), NOW))

    assert step.url == (
        "https://library.example.org/oai?verb=ListRecords&metadataPrefix=oai_dc&until=2026-06-18"
    )
    assert step.since == ""


def test_an_address_with_a_query_of_its_own_keeps_it() -> None:
    step = first("https://library.example.org/cgi?repo=a|oai_dc|", Window(None, None, NOW))

    assert step.url == "https://library.example.org/cgi?repo=a&verb=ListRecords&metadataPrefix=oai_dc"


def test_a_set_may_hold_any_character() -> None:
    scope = scope_of("https://pos.example.org/oai|pex|conference:TIDE 2026|B&W")

    step = first("https://pos.example.org/oai|pex|conference:TIDE 2026|B&W", Window(None, None, NOW))

    assert scope == Scope("https://pos.example.org/oai", "pex", "conference:TIDE 2026|B&W")
    assert step.url.endswith("&set=conference%3ATIDE%202026%7CB%26W")


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "https://library.example.org/oai",
        "https://library.example.org/oai|",
        "library.example.org/oai|oai_dc",
        "ftp://library.example.org/oai|oai_dc",
        "https:///oai|oai_dc",
        "https://[library/oai|oai_dc",
        "https://library.example.org/oai#part|oai_dc",
        "https://ada:secret@library.example.org/oai|oai_dc",
        "https://library.example.org/oai|oai_dc|a\nb",
        "https://library.example.org/oai|oai_dc|" + "a" * 1000,
    ],
)
def test_what_is_no_scope_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match=r"scope|IPv6"):
        first(scope, Window(None, None, NOW))


# -- walking --------------------------------------------------------------------------------------


def test_a_harvest_goes_on_with_the_token_alone_until_it_is_empty() -> None:
    pages = walk(begin(), page([1, 2, 3], "a/b c&d=1%3D"), page([4, 5], "second"), page([6], ""))

    asked = [parse_qs(urlsplit(each.next.url).query) for each in pages if each.next]
    assert asked == [
        {"verb": ["ListRecords"], "resumptionToken": ["a/b c&d=1%3D"]},
        {"verb": ["ListRecords"], "resumptionToken": ["second"]},
    ]
    assert [each.next and (each.next.seen, each.next.pages) for each in pages] == [(3, 1), (5, 2), None]
    assert [len(each.feed.records) for each in pages] == [3, 2, 1]
    assert all(each.next.since == "2026-06-18" and each.next.scope == LIBRARY for each in pages if each.next)


def test_a_last_token_of_white_space_is_the_end() -> None:
    (only,) = walk(begin(), page([1], "\n\n    "))

    assert only.next is None
    assert only.feed.warnings == ()


def test_a_list_without_a_token_is_the_end() -> None:
    pages = walk(begin(), page([1], "next"), page([2]))

    assert pages[-1].next is None


def test_the_total_is_remembered_from_the_page_that_told_it() -> None:
    pages = walk(begin(), page([1, 2], "next", total=3), page([3], ""))

    assert [each.total for each in pages] == [3, 3]
    assert pages[-1].feed.warnings == ()


def test_a_list_that_ends_before_its_count_says_so() -> None:
    pages = walk(begin(), page([1, 2], "next", total=9), page([3], ""))

    assert pages[-1].feed.warnings == ("ended early: 3 of 9 records came",)


@pytest.mark.parametrize("total", ["many", "-1", "", "1" * 40, "３"])
def test_a_count_that_is_none_is_as_good_as_missing(total: str) -> None:
    body = answer(record(1) + f'<resumptionToken completeListSize="{total}">next</resumptionToken>')

    assert read(body, begin(), DEFAULT_LIMITS).total is None


def test_the_place_of_a_saved_page_is_taken_from_its_cursor() -> None:
    body = answer(record(1) + '<resumptionToken cursor="8" completeListSize="9"/>')

    page = read_saved(CONNECTOR, body)

    assert (page.next, page.total, page.feed.warnings) == (None, 9, ())


def test_a_saved_page_with_a_token_leads_nowhere() -> None:
    page_read = read_saved(CONNECTOR, page([1], "next", total=9))

    assert page_read.next is None
    assert page_read.feed.warnings == ()


def test_when_the_server_answered_is_kept_for_the_next_harvest() -> None:
    (only,) = walk(begin(), page([1], ""))

    assert only.feed.updated == "2026-06-19T02:41:07Z"
    assert (only.feed.title, only.feed.link) == ("library.example.org", "https://library.example.org/")


# -- pages that lie -------------------------------------------------------------------------------


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    (before,) = walk(begin(), page([1, 2], "next", total=9))

    for empty in (page([], "another", total=9), page([], "another"), page([])):
        with pytest.raises(AnswerPageEmpty) as caught:
            walk(before.next, empty)

        assert caught.value.facts == {"seen": 2, "total": 9}


def test_an_empty_page_with_a_token_is_not_passed_over() -> None:
    with pytest.raises(AnswerPageEmpty) as caught:
        read(page([], "next"), begin(), DEFAULT_LIMITS)

    assert caught.value.facts == {"seen": 0, "total": None}


def test_an_empty_page_that_says_it_is_the_last_is_the_end() -> None:
    pages = walk(begin(), page([1, 2], "next", total=3), page([], ""))

    assert pages[-1].next is None
    assert pages[-1].feed.warnings == ("ended early: 2 of 3 records came",)


def test_an_empty_list_as_the_first_answer_is_believed_and_told() -> None:
    (only,) = walk(begin(), page([]))

    assert (only.next, only.feed.records) == (None, ())
    assert only.feed.warnings == ("empty list: neither records nor the error noRecordsMatch",)


def test_a_page_that_comes_again_is_recognised() -> None:
    (before,) = walk(begin(), page([1, 2], "next"))

    with pytest.raises(AnswerPageRepeated):
        walk(before.next, page([1, 2], "another"))


@pytest.mark.parametrize("total", [None, 9, 2])
def test_a_token_that_comes_again_is_recognised(total: int | None) -> None:
    (before,) = walk(begin(), page([1, 2], "stuck", total=total))

    with pytest.raises(AnswerMovedCursor):
        walk(before.next, page([3, 4], "stuck", total=total))


# -- errors ---------------------------------------------------------------------------------------


def error(code: str, text: str = "") -> bytes:
    return answer(f'<error code="{code}">{text}</error>', verb="")


def test_nothing_new_is_an_empty_page_and_no_error() -> None:
    (only,) = walk(begin(), error("noRecordsMatch", "nothing"))

    assert (only.next, only.feed.records, only.feed.rejected) == (None, (), ())
    assert only.feed.updated == "2026-06-19T02:41:07Z"


def test_nothing_more_in_the_middle_of_a_harvest_is_its_end() -> None:
    pages = walk(begin(), page([1], "next", total=2), error("noRecordsMatch"))

    assert pages[-1].next is None
    assert pages[-1].feed.warnings == ("ended early: 1 of 2 records came",)


def test_a_token_that_the_server_forgot_starts_the_harvest_again() -> None:
    (before,) = walk(begin(), page([1], "next"))

    with pytest.raises(AnswerTokenExpired) as caught:
        walk(before.next, error("badResumptionToken", "expired"))

    assert caught.value.facts == {"token": "next"}
    assert caught.value.retryable


def test_any_other_error_is_told_in_the_servers_words() -> None:
    body = answer('<error code="badArgument">no such\n set</error><error code="badVerb"/>', verb="")

    with pytest.raises(FeedSaysError) as caught:
        read(body, begin(), DEFAULT_LIMITS)

    assert caught.value.facts == {"message": "badArgument: no such set; badVerb"}


@pytest.mark.parametrize(("inside", "message"), [("<error/>", "error"), ("<error> a  b</error>", "a b")])
def test_an_error_without_a_code_is_an_error(inside: str, message: str) -> None:
    with pytest.raises(FeedSaysError) as caught:
        read(answer(inside, verb=""), begin(), DEFAULT_LIMITS)

    assert caught.value.facts == {"message": message}


def test_records_beside_an_error_that_says_there_are_none_are_read() -> None:
    body = page([1], "").replace(b"<ListRecords>", b'<error code="noRecordsMatch"/><ListRecords>')

    (only,) = walk(begin(), body)

    assert len(only.feed.records) == 1


@pytest.mark.parametrize("verb", ["ListIdentifiers", "Identify", "ListSets", "ListMetadataFormats"])
def test_the_answer_to_another_question_is_refused_by_its_name(verb: str) -> None:
    with pytest.raises(AnswerUnknown) as caught:
        read_saved(CONNECTOR, answer("<set/>", verb=verb))

    assert caught.value.facts == {"looks_like": f"OAI-PMH {verb}"}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (b"", FeedEmptyAnswer),
        (b"Rate exceeded.", FeedThrottled),
        (b"<html><title>Busy</title><p>later</html>", FeedIsWebPage),
        (b'<rss version="2.0"/>', AnswerUnknown),
        (answer("", verb=""), AnswerUnknown),
        (b"no XML", FeedUnreadable),
        (page([1], "next")[:-40], FeedUnreadable),
        (b"<!DOCTYPE a [", FeedUnreadable),
    ],
)
def test_what_is_no_answer_is_recognised(body: bytes, wrong: type[FeedError]) -> None:
    with pytest.raises(wrong):
        read(body, begin(), DEFAULT_LIMITS)


# -- records --------------------------------------------------------------------------------------


def test_a_deleted_record_is_told_and_counted() -> None:
    gone = '<record><header status="deleted"><identifier>oai:a:1</identifier></header></record>'

    (only,) = walk(begin(), answer(record(1) + gone + "<resumptionToken>next</resumptionToken>"))

    assert only.feed.warnings == ("deleted: oai:a:1",)
    assert len(only.feed.records) == 1
    assert only.next
    assert only.next.seen == 2


def test_a_record_that_cannot_be_read_is_kept_aside_and_harms_no_neighbour() -> None:
    broken = "<record><header><identifier>oai:a:1</identifier></header></record>"

    (only,) = walk(begin(), answer(record(1) + broken + "<record/>" + record(2)))

    assert [each.position for each in only.feed.records] == [0, 3]
    assert [(each.position, each.external_id, each.error.facts) for each in only.feed.rejected] == [
        (1, "oai:a:1", {"reason": "no metadata"}),
        (2, "", {"reason": "no metadata"}),
    ]


def test_what_the_protocol_does_not_know_is_passed_over() -> None:
    odd = record(1).replace("<datestamp>2026-06-18</datestamp>", "<rank>1</rank><setSpec> </setSpec>")

    (only,) = walk(begin(), answer("<note/>" + odd.replace("</record>", "<about/></record>")))

    (found,) = only.feed.records
    assert not {"oai:datestamp", "oai:set"} & found.fields.keys()


def test_a_title_or_an_abstract_without_measure_is_rejected() -> None:
    limits = Limits(title_characters=10, text_characters=10)
    long = record(2).replace("</title>", "</title><abstract>far too long a text</abstract>")

    found = read(answer(record(1, title="far too long") + long + record(3)), begin(), limits).feed

    assert [each.external_id for each in found.records] == ["oai:arXiv.org:2606.00003"]
    assert [each.error.facts["reason"] for each in found.rejected] == [
        "title longer than 10 characters",
        "abstract longer than 10 characters",
    ]


def test_metadata_in_a_format_nobody_reads_is_rejected_by_its_name() -> None:
    strange = (
        "<record><header><identifier>oai:a:1</identifier></header>"
        '<metadata><sheet xmlns="urn:music"><title>Lamp song</title></sheet></metadata></record>'
    )

    (only,) = walk(begin(), answer(strange))

    (left,) = only.feed.rejected
    assert isinstance(left.error, RecordBroken)
    assert left.error.facts["reason"] == "metadata in an unknown format: {urn:music}sheet"
    assert left.title == "Lamp song"


def test_other_formats_are_read_and_told_what_the_header_says() -> None:
    plain = (
        "<record><header><identifier>oai:a:1</identifier><datestamp>2026-06-18T01:02:03Z</datestamp>"
        "<setSpec>lamps</setSpec></header><metadata>"
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Lamps</dc:title></oai_dc:dc>'
        "</metadata></record>"
    )

    (only,) = walk(begin(), answer(plain))

    (found,) = only.feed.records
    assert found.title.value == "Lamps"
    assert found.fields["oai:datestamp"] == ("2026-06-18T01:02:03Z",)
    assert found.fields["oai:set"] == ("lamps",)


def test_an_answer_without_the_namespace_is_read_all_the_same() -> None:
    body = page([1, 2], "next").replace(f' xmlns="{OAI}"'.encode(), b"")

    (only,) = walk(begin(), body)

    assert len(only.feed.records) == 2
    assert only.next


def test_a_stray_ampersand_does_not_stop_a_harvest() -> None:
    body = page([1], "next").replace(b"Lamps", b"Lamps & tides")

    (only,) = walk(begin(), body)

    assert only.feed.records[0].title.value == "Lamps & tides"
    assert only.feed.warnings[0].startswith("mended: XML: ")


def test_what_mending_turns_into_something_else_is_refused() -> None:
    # The repair looks for a feed, and cuts off what stands around it.
    body = answer('<record><metadata><rdf:RDF xmlns:rdf="urn:rdf">a & b</rdf:RDF></metadata></record>')

    with pytest.raises(FeedUnreadable):
        read(body, begin(), DEFAULT_LIMITS)


def test_a_broken_page_too_large_to_mend_is_refused() -> None:
    body = page([1], "next").replace(b"Lamps", b"Lamps & tides")

    with pytest.raises(FeedUnreadable):
        read(body, begin(), Limits(tolerant_bytes=100))


def test_more_records_than_the_limit_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(page(range(1, 12), "next"), begin(), Limits(entries=10))


def test_more_bytes_than_the_limit_are_refused() -> None:
    with pytest.raises(FeedTooLarge):
        read(page([1]), begin(), Limits(api_bytes=100))


@pytest.mark.parametrize(
    ("address", "title", "link"),
    [
        ("http://oaipmh.arxiv.org/oai", "arXiv", "https://arxiv.org/"),
        ("http://arxiv.org/oai2", "arXiv", "https://arxiv.org/"),
        ("https://notarxiv.org/oai", "notarxiv.org", "https://notarxiv.org/"),
        ("https://ada:pw@a.example.org:8080/oai", "a.example.org", "https://a.example.org:8080/"),
        ("http://[broken", "", ""),
        ("file:///etc/passwd", "", ""),
        ("", "", ""),
    ],
)
def test_a_saved_answer_is_named_after_the_server_it_names(address: str, title: str, link: str) -> None:
    body = page([1]).replace(b"https://library.example.org/oai", address.encode())

    feed = read_saved(CONNECTOR, body).feed

    assert (feed.title, feed.link) == (title, link)


# -- recognising, and strangers -------------------------------------------------------------------


def test_only_answers_of_the_protocol_are_recognised() -> None:
    recognises = CONNECTOR.recognises_xml
    assert recognises

    assert recognises(f"{{{OAI}}}OAI-PMH")
    assert not any(map(recognises, ("{http://www.w3.org/2005/Atom}feed", "rss", "record", "")))


NAMES = st.sampled_from(
    [
        *("OAI-PMH", "ListRecords", "GetRecord", "record", "header", "metadata", "resumptionToken", "error"),
        *("identifier", "datestamp", "setSpec", "responseDate", "request", "about"),
        *("{http://arxiv.org/OAI/arXiv/}arXiv", "{http://arxiv.org/OAI/arXivRaw/}arXivRaw"),
        *(f"{{http://arxiv.org/OAI/arXiv/}}{name}" for name in ("id", "authors", "author", "keyname", "doi")),
        *(f"{{http://arxiv.org/OAI/arXivRaw/}}{name}" for name in ("id", "version", "date", "categories")),
    ]
)
TEXTS = st.sampled_from(["", " ", "2606.00001", "v1", "v99999", "2026-13-45", "noRecordsMatch", "a|b"])
ATTRIBUTES = st.dictionaries(st.sampled_from(["code", "status", "version", "cursor"]), TEXTS, max_size=2)
# name, attributes, text, children
TREES: st.SearchStrategy[Any] = st.recursive(
    st.tuples(NAMES, ATTRIBUTES, TEXTS, st.just([])),
    lambda inner: st.tuples(NAMES, ATTRIBUTES, TEXTS, st.lists(inner, max_size=4)),
    max_leaves=25,
)


def grow(tree: Any) -> etree._Element:
    name, attributes, text, children = tree
    element = etree.Element(name if name[0] == "{" else f"{{{OAI}}}{name}", attributes)
    element.text = text
    element.extend([grow(child) for child in children])
    return element


@given(TREES)
def test_no_tree_of_elements_raises_anything_but_a_feed_error(tree: Any) -> None:
    root = etree.Element(f"{{{OAI}}}OAI-PMH")
    root.append(grow(tree))

    try:
        found = read_saved(CONNECTOR, etree.tostring(root)).feed
    except FeedError:
        return

    assert all(each.link.startswith("https://arxiv.org/abs/") for each in found.records)


@given(st.lists(TREES, max_size=3))
def test_whatever_metadata_holds_becomes_a_record_or_is_kept_aside(trees: list[Any]) -> None:
    body = record(1).partition("<title>")[0]
    inside = "".join(etree.tostring(grow(tree), encoding="unicode") for tree in trees)

    found = read_saved(CONNECTOR, answer(f"{body}{inside}</arXiv></metadata></record>")).feed

    assert len(found.records) + len(found.rejected) == 1
    assert all(each.link == "https://arxiv.org/abs/2606.00001" for each in found.records)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_feed_error(body: bytes) -> None:
    try:
        read_saved(CONNECTOR, body)
    except FeedError:
        return


# -- real answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "records"), [("1", 1000), ("2", 1000), ("103", 538)])
def test_every_record_of_a_real_page_is_read(data: Callable[[str], Path], number: str, records: int) -> None:
    body = data(f"captures/oai_pmh/arxiv_cs_2016/{number}.xml").read_bytes()

    found = read_saved(CONNECTOR, body)

    assert (len(found.feed.records), found.feed.rejected, found.total) == (records, (), 102538)
    assert found.feed.warnings == ()
    assert all(
        each.title and each.summary and each.authors and each.categories for each in found.feed.records
    )


def test_a_real_page_costs_no_more_than_a_backfill_can_afford(data: Callable[[str], Path]) -> None:
    body = data("captures/oai_pmh/arxiv_cs_2016/1.xml").read_bytes()
    seconds = []

    for _ in range(5):
        start = time.process_time()
        read_saved(CONNECTOR, body)
        seconds.append(time.process_time() - start)

    # About 50 microseconds a record on one quiet core; squares would take minutes.
    assert min(seconds) < 2.0
