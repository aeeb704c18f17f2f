"""All connectors by name, and the one door for any answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import academichub.sources
from academichub.errors import (
    AnswerUnknown,
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooDeep,
    FeedTooLarge,
    FeedUnreadable,
)
from academichub.intake.normalising import normalise
from academichub.model.papers import Feed
from academichub.sources.connectors import HEAD, MODULES, all_connectors, connector, read_any
from academichub.sources.harvest import Connector
from academichub.sources.jsonanswer import parse_json
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.reading import read
from academichub.sources.xmlanswer import parse_xml
from tests.fakes.records import NOW
from tests.fakes.spoken import spoken

GOLDEN = Path(__file__).parents[2] / "golden"
# Layouts that several servers share have goldens of their own, and one connector.
SHARED = dict.fromkeys(("datacitexml", "dublincore", "jatsarticle", "marcxml", "unixref"), "xml metadata")
BY_FEED_READER = {"feeds", "arxivapi"}  # arXiv's API answers with an Atom feed
# A page for people; files of reference managers; a reader's own library at a service.
BY_ITS_OWN_READER = {"arxivlisting", "references", "zotero"}
ANSWERS = sorted(
    path
    for path in GOLDEN.glob("*/*.*")
    if not path.name.endswith(".expected.json") and path.parent.name not in BY_FEED_READER | BY_ITS_OWN_READER
)
FEEDS = sorted(
    path
    for folder in BY_FEED_READER
    for path in (GOLDEN / folder).iterdir()
    if not path.name.endswith(".expected.json")
)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def a_feed(*items: str, before: str = "", spaces: str = "") -> bytes:
    inside = "".join(items) or "<item><title>A</title><guid>1</guid></item>"
    return f'{before}<rss version="2.0" {spaces}><channel><title>t</title>{inside}</channel></rss>'.encode()


def a_json_feed(**item: object) -> bytes:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "t",
            "items": [{"id": "1", "title": "A"} | item],
        }
    ).encode()


# -- by name --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
def test_every_name_gives_the_connector_of_that_name(name: str) -> None:
    found = connector(name)

    assert isinstance(found, Connector)
    assert found.name == name
    assert connector(name) is found
    assert found in all_connectors()


def test_every_module_with_a_connector_has_a_name() -> None:
    folder = Path(str(academichub.sources.__file__)).parent
    written = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^CONNECTOR\b", path.read_text(), re.MULTILINE)
    }

    assert written == set(MODULES.values())


def test_a_name_that_nobody_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        connector("nobody")


@pytest.mark.parametrize("name", MODULES)
def test_a_connector_that_is_asked_by_identifier_says_how_many_and_what_for(name: str) -> None:
    found = connector(name)

    assert found.most_lookups >= 1
    assert found.lookup is None or found.first or found.fields or name == "arxivapi"
    assert found.key_setting or not found.needs_key


# -- who reads what -------------------------------------------------------------------------------


def test_every_connector_has_an_answer_to_be_known_by() -> None:
    tried = {SHARED.get(path.parent.name, path.parent.name) for path in ANSWERS}

    assert tried | {"arxivapi"} == set(MODULES)


@pytest.mark.parametrize("path", ANSWERS, ids=named)
def test_an_answer_is_read_by_the_connector_of_its_server(path: Path) -> None:
    feed = read_any(path.read_bytes())

    assert feed.provider == SHARED.get(path.parent.name, path.parent.name)


@pytest.mark.parametrize("path", ANSWERS, ids=named)
def test_no_two_connectors_recognise_one_answer(path: Path) -> None:
    body = path.read_bytes()

    if path.suffix == ".json":
        value = parse_json(body, DEFAULT_LIMITS)
        found = [one.name for one in all_connectors() if one.recognises_json and one.recognises_json(value)]
    else:
        tag = str(parse_xml(body, DEFAULT_LIMITS).tag)
        found = [one.name for one in all_connectors() if one.recognises_xml and one.recognises_xml(tag)]

    assert found == [SHARED.get(path.parent.name, path.parent.name)]


@pytest.mark.parametrize("path", FEEDS, ids=named)
def test_feeds_are_still_read_as_feeds(path: Path) -> None:
    feed = read_any(path.read_bytes(), base="https://a.example/")

    assert spoken(feed) == spoken(read(path.read_bytes(), base="https://a.example/"))
    assert feed.provider == ""


@pytest.mark.parametrize(
    "value", [{}, [], [{}], [[]], {"items": []}, {"message": {}}, {"results": None}, [None]]
)
def test_a_shape_that_anybody_could_have_is_nobodys(value: object) -> None:
    assert [one.name for one in all_connectors() if one.recognises_json and one.recognises_json(value)] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["message", "items", "results", "meta", "data", "id", "doi", "paper", "status", "response"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)  # the first example loads all connectors
@given(JSON, st.text(max_size=30))
def test_recognising_never_fails(value: object, tag: str) -> None:
    for one in all_connectors():
        if one.recognises_json:
            assert one.recognises_json(value) in {True, False}
        if one.recognises_xml:
            assert one.recognises_xml(tag) in {True, False}


# -- feeds that look like something else ----------------------------------------------------------


@pytest.mark.parametrize(
    "markup", ["<em>x</em>", "<section>x</section>", "<a href='#'>x</a>", "<OAI-PMH>", "<!-- <x> -->", "x"]
)
def test_markup_in_a_json_feed_does_not_make_it_xml(markup: str) -> None:
    assert read_any(a_json_feed(content_html=markup)).format == "json feed 1.1"


def test_a_json_feed_whose_version_comes_late_is_read_all_the_same() -> None:
    body = json.dumps(
        {
            "items": [{"id": "1", "title": "A", "content_html": "<p>" + "x" * HEAD}],
            "version": "https://jsonfeed.org/version/1",
        }
    ).encode()

    assert read_any(body).format == "json feed 1.0"


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0"?>\n',
        "\ufeff\n \0",
        "<!-- made by <generator/> and <others> -->\n",
        "<!-- " + "<x> " * HEAD + "-->\n",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]>\n",
        '<?xml-stylesheet href="x.css"?>\n',
        "<br />\n<b>Warning</b>: something in <b>/made/up.php</b> on line 1\n",
        "Notice: something\n",
    ],
)
def test_a_feed_is_a_feed_whatever_stands_before_it(before: str) -> None:
    assert [record.external_id for record in read_any(a_feed(before=before)).records] == ["1"]


def test_a_feed_with_a_root_of_its_own_making_is_read_if_it_has_entries() -> None:
    whole = "<wrapper><channel><title>t</title>{}</channel></wrapper>"

    feed = read_any(whole.format("<item><title>A</title><guid>1</guid></item>").encode())

    assert [record.external_id for record in feed.records] == ["1"]
    with pytest.raises(AnswerUnknown):
        read_any(whole.format("").encode())


def test_the_base_and_the_charset_reach_the_feed_reader() -> None:
    item = "<item><title>\xb9\xfb</title><link>/1</link></item>".encode("latin-1")
    body = b'<rss version="2.0"><channel><title>t</title>' + item + b"</channel></rss>"

    feed = read_any(body, content_type="text/xml; charset=gb2312", base="https://a.example/")

    assert [(record.title.value, record.link) for record in feed.records] == [("果", "https://a.example/1")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_a_saved_answer_may_be_in_any_encoding(encoding: str) -> None:
    crossref = (GOLDEN / "crossref" / "works.json").read_text(encoding="utf-8")
    archive = (GOLDEN / "oai" / "arxiv.xml").read_text(encoding="utf-8").partition("?>")[2]

    assert read_any(crossref.encode(encoding)).provider == "crossref"
    assert read_any(archive.encode(encoding)).provider == "oai"


# -- a stranger's words are not the hub's ---------------------------------------------------------


def test_a_feed_cannot_speak_in_the_name_of_a_connector() -> None:
    item = (
        "<item><title>A</title><link>https://a.example/1</link><hub:place>arxiv</hub:place>"
        "<hub:item>2606.00001</hub:item><hub:version>99</hub:version><prism:doi>10.5555/a</prism:doi>"
        "<hub:relation>retracts doi:10.5555/b</hub:relation></item>"
    )
    spaces = 'xmlns:hub="urn:x" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'

    feed = read_any(a_feed(item, spaces=spaces))
    draft = normalise(feed.records[0], feed=feed, now=NOW)

    assert (draft.key.place, draft.key.item, draft.relations) == ("a.example", "10.5555/a", ())
    assert feed.records[0].fields["x-hub:place"] == ("arxiv",)
    assert feed.records[0].fields["prism:doi"] == ("10.5555/a",)


def test_nor_can_a_json_feed_or_one_that_is_mended_first() -> None:
    mended = a_feed("<item><title>A & B</title><guid>1</guid><hub:place>arxiv</hub:place></item>")

    for body in (a_json_feed(**{"hub:place": "arxiv"}), mended):
        (record,) = read_any(body).records
        assert not [name for name in record.fields if name.startswith("hub:")]


def test_a_day_of_announcement_that_a_feed_made_up_stops_nobody() -> None:
    item = (
        "<item><title>A</title><guid>oai:arXiv.org:2606.00001v1</guid><hub:announced>soon</hub:announced>"
        "<arxiv:announce_type>new</arxiv:announce_type></item>"
    )
    feed = read_any(a_feed(item, spaces='xmlns:hub="urn:x" xmlns:arxiv="http://arxiv.org/schemas/atom"'))

    assert normalise(feed.records[0], feed=feed, now=NOW).announced_on is None


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b" \n", b"\xef\xbb\xbf", b"\0\0"])
def test_nothing_is_an_empty_answer(body: bytes) -> None:
    with pytest.raises(FeedEmptyAnswer):
        read_any(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        b"<div>Down for maintenance</div>",
        b"<!-- <oai> --><HTML><p>",
    ],
)
def test_a_page_for_people_is_refused(body: bytes) -> None:
    with pytest.raises(FeedIsWebPage):
        read_any(body)


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        (b'{"made": 1, "up": 2}', "JSON {made, up}"),
        (b"{}", "JSON {}"),
        (b"[]", "a JSON list"),
        (b"[1, 2]", "a JSON list"),
        (
            json.dumps({f"{n}" * 99: n for n in range(9)}).encode(),
            "JSON {" + ", ".join(f"{n}" * 30 for n in range(6)) + "}",
        ),
        (b"<made-up/>", "XML <made-up>"),
        (b"<x:made xmlns:x='urn:x'><up/></x:made>", "XML <{urn:x}made>"),
        (b"<opml version='2.0'><body><outline/></body></opml>", "XML <opml>"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "XML <{http://www.w3.org/2000/svg}svg>"),
    ],
)
def test_an_answer_that_nobody_reads_is_refused_with_what_it_looks_like(body: bytes, looks_like: str) -> None:
    with pytest.raises(AnswerUnknown) as caught:
        read_any(body)

    assert caught.value.facts == {"looks_like": looks_like}


@pytest.mark.parametrize("body", [b"Rate exceeded.", b'{"message": "Too many requests"}'])
def test_a_request_to_wait_is_not_taken_for_an_answer(body: bytes) -> None:
    with pytest.raises(FeedThrottled):
        read_any(body)


@pytest.mark.parametrize(
    "body", [b"{", b"[1,", b'{"a": }', b"<made-up>", b"<made-up></other>", b"\x1f\x8b\x08", b"%PDF-1.7"]
)
def test_what_is_broken_is_refused(body: bytes) -> None:
    with pytest.raises(FeedUnreadable):
        read_any(body)


@pytest.mark.parametrize("path", ANSWERS, ids=named)
def test_an_answer_that_was_cut_off_is_refused_or_mended_by_its_own_reader(path: Path) -> None:
    cut = path.read_bytes().rstrip()[:-5]

    try:
        feed = read_any(cut)
    except FeedError:
        return

    assert feed.provider == SHARED.get(path.parent.name, path.parent.name)


# -- limits ---------------------------------------------------------------------------------------


def test_an_answer_of_a_server_may_be_larger_than_a_feed() -> None:
    for path in (GOLDEN / "crossref" / "works.json", GOLDEN / "oai" / "arxiv.xml"):
        body = path.read_bytes()
        feed = read_any(body, limits=Limits(body_bytes=len(body) - 1))
        assert feed.provider == path.parent.name


def test_a_feed_that_is_larger_than_feeds_may_be_is_refused() -> None:
    with pytest.raises(FeedTooLarge):
        read_any(a_feed(), limits=Limits(body_bytes=50))
    with pytest.raises(FeedTooLarge):
        read_any(a_json_feed(), limits=Limits(body_bytes=50))


def test_an_unknown_answer_that_is_larger_than_feeds_may_be_is_unknown() -> None:
    for body in (b"<made-up>" + b" " * 50 + b"</made-up>", b'{"made": "' + b" " * 50 + b'up"}'):
        with pytest.raises(AnswerUnknown):
            read_any(body, limits=Limits(body_bytes=50))


@pytest.mark.parametrize("body", [b"<made-up/>", b"{}"])
def test_no_answer_may_be_larger_than_any_servers(body: bytes) -> None:
    with pytest.raises(FeedTooLarge):
        read_any(body, limits=Limits(body_bytes=1, api_bytes=1))


def test_a_list_longer_than_feeds_may_be_is_still_offered_to_the_connectors() -> None:
    body = (GOLDEN / "hfdaily" / "2026-06-12.json").read_bytes()

    assert read_any(body, limits=Limits(entries=4)).provider == "hfdaily"


@pytest.mark.parametrize("depth", [2_000, 300_000])
def test_nesting_without_end_is_refused(depth: int) -> None:
    for body in (b"[" * depth + b"]" * depth, b"<x>" * depth + b"</x>" * depth):
        with pytest.raises((FeedTooDeep, FeedTooLarge)):
            read_any(body)


PIECES = st.sampled_from(
    [
        "<rss>", "</rss>", "<item>", "<title>A</title>", "<OAI-PMH>", "<html>", "<article>", "<resource>",
        "<!--", "-->", "<?xml", "?>", "<!DOCTYPE a [", "&x;", "<feed ", "xmlns='http://x'", ">", "{", "}",
        "[", "]", '"', ":", ",", '"items"', "jsonfeed.org/version", "\0", "\ufeff", "Rate exceeded",
    ]
)  # fmt: skip


@settings(deadline=None)  # the first example loads all connectors
@given(
    st.binary(max_size=80)
    | st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join).map(str.encode)
    | st.builds(lambda text: text.encode("utf-16"), st.lists(PIECES, max_size=6).map("".join))
)
def test_any_bytes_are_a_feed_or_a_named_error(body: bytes) -> None:
    # Nothing is given to the tolerant reader, whose process takes its time.
    try:
        feed = read_any(body, limits=Limits(tolerant_bytes=1))
    except FeedError:
        return

    assert isinstance(feed, Feed)


@settings(deadline=None)  # the first example loads all connectors
@given(JSON)
def test_any_json_is_an_answer_or_a_named_error(value: object) -> None:
    try:
        feed = read_any(json.dumps([value] if not isinstance(value, dict | list) else value).encode())
    except FeedError:
        return

    assert isinstance(feed, Feed)
