"""XML from strangers that is no feed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from academichub.errors import (
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooDeep,
    FeedTooLarge,
    FeedUnreadable,
    RecordBroken,
)
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.xmlanswer import (
    EXCERPT_CHARACTERS,
    children,
    local,
    parse_xml,
    rejected,
    text_at,
    text_of,
    texts_at,
)

RECORDS = """<r xmlns="urn:r" xmlns:o="urn:o"><!-- aside --><?do this?>
<title> A  <i>made-up</i>
 title<!-- x --> </title><title/><o:title>Another</o:title><who><name>Ada</name></who><who/></r>"""


def parsed(body: bytes | str, content_type: str = "") -> etree._Element:
    return parse_xml(
        body.encode() if isinstance(body, str) else body, DEFAULT_LIMITS, content_type=content_type
    )


# -- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<a>é</a>".encode(),
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>',
        b"\xef\xbb\xbf\n<a>\xc3\xa9</a>",
        "<a>é</a>".encode("utf-16"),
        b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&eacute;</a>",
    ],
)
def test_xml_is_read_in_any_encoding_and_without_its_prolog(body: bytes) -> None:
    assert text_of(parsed(body)) == "é"


def test_the_servers_charset_helps_where_the_document_says_nothing() -> None:
    assert text_of(parsed(b"<a>\xb9\xfb</a>", "application/xml; charset=gb2312")) == "果"


@pytest.mark.parametrize("body", ["", " \r\n\t", "\ufeff", "\0\0", "\x0b"])
def test_nothing_is_an_empty_answer(body: str) -> None:
    with pytest.raises(FeedEmptyAnswer):
        parsed(body)


@pytest.mark.parametrize("body", ["Rate exceeded.", "429 Too Many\n Requests"])
def test_a_request_to_wait_is_told_from_an_answer(body: str) -> None:
    with pytest.raises(FeedThrottled) as caught:
        parsed(body)

    assert caught.value.facts == {"message": " ".join(body.split())}


def test_an_answer_that_speaks_of_limits_is_an_answer() -> None:
    assert text_of(parsed("<title>Rate exceeded: a history</title>")) == "Rate exceeded: a history"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<html><head><title>Down for\n maintenance</title></head></html>", "Down for maintenance"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', ""),
        ("<BODY>x</BODY>", ""),
        ("<!DOCTYPE html><html><p>never closed</html>", ""),
        ("<p>oops<HTML>", ""),
    ],
)
def test_a_page_for_people_is_no_answer(body: str, title: str) -> None:
    with pytest.raises(FeedIsWebPage) as caught:
        parsed(body)

    assert caught.value.facts == {"title": title}


@pytest.mark.parametrize(
    ("body", "line"), [("<a>\n<b></a>", 2), ("plain words", 1), ("<a/><a/>", 1), ("<a>&nothing;</a>", 1)]
)
def test_broken_xml_is_refused_with_its_line(body: str, line: int) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        parsed(body)

    assert caught.value.facts["line"] == line
    assert str(caught.value.facts["reason"]).startswith("XML: ")


def test_a_doctype_without_an_end_is_refused() -> None:
    with pytest.raises(FeedUnreadable):
        parsed("<!DOCTYPE a [ <a/>")


def test_an_answer_beyond_the_cap_is_not_decoded() -> None:
    with pytest.raises(FeedTooLarge):
        parse_xml(b"<a/>", Limits(api_bytes=3))

    assert local(parse_xml(b"<a/>", Limits(api_bytes=4))) == "a"


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(FeedTooDeep):
        parsed("<a>" * 5_000 + "</a>" * 5_000)


def test_nothing_is_expanded_and_nothing_is_loaded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>x &b; &c;</a>'

    with pytest.raises(FeedUnreadable):
        parsed(bomb)


@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.text('<>/a b="&;!-[]?', max_size=40).map(str.encode)
)
def test_any_bytes_are_xml_or_a_named_error(body: bytes) -> None:
    try:
        root = parsed(body)
    except FeedError:
        return

    assert local(root)


# -- elements -------------------------------------------------------------------------------------


def test_texts_are_found_in_any_namespace_with_their_white_space_folded() -> None:
    root = parsed(RECORDS)

    assert text_at(root, "{*}title") == "A made-up title"
    assert texts_at(root, "{*}title") == ["A made-up title", "Another"]
    assert (text_at(root, "{*}nothing"), text_of(None)) == ("", "")
    assert text_at(root, "{*}who/{*}name") == "Ada"


def test_children_are_found_by_name_and_comments_are_none() -> None:
    root = etree.fromstring(RECORDS)  # comments and instructions still in it

    assert [text_of(each) for each in children(root, "title")] == ["A made-up title", "", "Another"]
    assert [local(each) for each in root] == ["", "", "title", "title", "title", "who", "who"]
    assert [local(each) for each in parsed(RECORDS)] == ["title", "title", "title", "who", "who"]


def test_a_rejected_entry_is_kept_as_it_was_written() -> None:
    error = RecordBroken(reason="made up", line=1)
    entry = next(children(parsed(f"<r><e>é{'x' * 9_000}</e>tail</r>"), "e"))

    refused = rejected(entry, 2, error, external_id="7", title="t" * 9_000)

    assert (refused.position, refused.external_id, refused.error) == (2, "7", error)
    assert refused.title == "t" * EXCERPT_CHARACTERS
    assert refused.excerpt.startswith("<e>éx")
    assert len(refused.excerpt) == EXCERPT_CHARACTERS
    assert rejected(entry, 2, error).external_id == ""
