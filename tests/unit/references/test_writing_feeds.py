from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import feedparser
import jsonschema  # type: ignore[import-untyped]  # it brings no types
import pytest

from academichub.model.papers import Author
from academichub.references.entry import Reference
from academichub.references.writing.files import write_feed
from academichub.references.writing.rss import rfc822
from academichub.references.writing.sheets import Face, Heading, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MATHML = "<math><mi>x</mi><mo>&lt;</mo><mn>1</mn></math>"
AT = datetime(2026, 6, 19, 6, 30, 12, 345, tzinfo=timezone(timedelta(hours=2)))
HEADING = Heading(
    title="Starred <b>&]]>",
    address="https://hub.example/kept/starred",
    updated_at=AT,
    file_address="https://hub.example/kept/starred.atom?a=1&b=2",
    next_address="https://hub.example/kept/starred.atom?after=7&n=200",
    language="zh-CN",
)
PAPER = Reference(
    position=0,
    line=0,
    key="",
    type="article",
    title="On x < 1 & friends",
    authors=(Author("Ada Lovelace"), Author("李怀印")),
    abstract="We show a < b.\n\nAnd ]]> more.",
    language="en",
)
FACE = Face(
    sheet=Sheet(PAPER, categories=("cs.LG", "math.CO")),
    address="https://hub.example/p/12",
    title_html=f"On {MATHML} &amp; friends",
    abstract_html=f"<p>We show {MATHML}.</p><p>And ]]&gt; more.</p>",
    published_at=AT - timedelta(days=2),
    updated_at=AT - timedelta(days=1),
    pdf="https://arxiv.example/pdf/1",
    links=("https://doi.example/10.1000/x?a=1&b=2",),
)
BARE = Face(
    sheet=Sheet(replace(PAPER, title="", authors=(), abstract="", language="not a tag!")),
    address="https://hub.example/p/13",
    title_html="",
    abstract_html="",
    published_at=None,
    updated_at=AT,
)
HOSTILE = "</title>]]><script>\x00\x0b\ud800\ufffe\u202e&bogus; \"'"
NASTY = replace(
    FACE,
    sheet=Sheet(
        replace(PAPER, title=HOSTILE, abstract=HOSTILE, authors=(Author(HOSTILE),)), categories=(HOSTILE,)
    ),
    links=(HOSTILE,),
    pdf=HOSTILE,
    title_html=HOSTILE,
    abstract_html=HOSTILE,
)


def atom(*faces: Face, heading: Heading = HEADING) -> ET.Element:
    """Read an Atom feed and hold it to what RFC 4287 demands (4.1.1, 4.1.2, 4.1.3.3, 4.2.7, 3.3)."""
    feed = ET.fromstring(write_feed(heading, faces, "atom"))  # noqa: S314 - our own bytes
    assert feed.tag == f"{ATOM}feed"
    for node in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1, name
            assert "".join(node.find(f"{ATOM}{name}").itertext()), name  # type: ignore[union-attr]
        for stamp in (*node.findall(f"{ATOM}updated"), *node.findall(f"{ATOM}published")):
            assert RFC3339.fullmatch(stamp.text or "")
        kinds = [(link.get("rel"), link.get("type")) for link in node.findall(f"{ATOM}link")]
        assert len([kind for kind in kinds if kind[0] == "alternate"]) == 1
        assert all(link.get("href") for link in node.findall(f"{ATOM}link"))
        assert node.find(f"{ATOM}author/{ATOM}name") is not None or node is not feed
        for text in (*node.findall(f"{ATOM}summary"), *node.findall(f"{ATOM}content")):
            assert text.get("type") in {"text", "html"}
            assert len(text) == 0
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    return feed


def rss(*faces: Face, heading: Heading = HEADING) -> ET.Element:
    """Read an RSS feed and hold it to what RSS 2.0 demands."""
    root = ET.fromstring(write_feed(heading, faces, "rss"))  # noqa: S314 - our own bytes
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    for name in ("title", "link", "description"):
        assert channel.findtext(name), name
    for item in channel.findall("item"):
        assert item.findtext("title") or item.findtext("description")
        assert item.find("guid").get("isPermaLink") == "true"  # type: ignore[union-attr]
        assert (item.findtext("guid") or "").startswith("https://")
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo is not None
    assert parsedate_to_datetime(channel.findtext("lastBuildDate") or "").tzinfo is not None
    return channel


URI = {"type": "string", "pattern": "^https?://"}
WORDS = {"type": "string", "minLength": 1}
STAMP = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
# From the text of jsonfeed.org/version/1.1.
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": WORDS,
        "home_page_url": URI,
        "feed_url": URI,
        "next_url": URI,
        "language": WORDS,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "additionalProperties": False,
                "properties": {
                    "id": WORDS,
                    "url": URI,
                    "external_url": WORDS,
                    "title": WORDS,
                    "content_html": {"type": "string"},
                    "content_text": {"type": "string"},
                    "date_published": STAMP,
                    "date_modified": STAMP,
                    "authors": {"type": "array", "items": {"type": "object", "required": ["name"]}},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "language": WORDS,
                    "attachments": {
                        "type": "array",
                        "items": {"type": "object", "required": ["url", "mime_type"]},
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize("suffix", ["atom", "rss"])
@pytest.mark.parametrize(
    "faces", [(), (FACE,), (FACE, BARE), (NASTY,)], ids=["none", "one", "two", "hostile"]
)
def test_a_feed_has_no_fault_that_feedparser_knows(suffix: str, faces: tuple[Face, ...]) -> None:
    found = feedparser.parse(write_feed(HEADING, faces, suffix))

    assert not found.bozo
    assert found.version == {"atom": "atom10", "rss": "rss20"}[suffix]
    assert len(found.entries) == len(faces)
    assert "\ufffd" not in found.feed.title


@pytest.mark.parametrize(
    "faces", [(), (FACE,), (FACE, BARE), (NASTY,)], ids=["none", "one", "two", "hostile"]
)
@pytest.mark.parametrize("check", [atom, rss])
def test_a_feed_has_every_element_that_its_standard_demands(
    check: Callable[..., ET.Element], faces: tuple[Face, ...]
) -> None:
    check(*faces)
    check(*faces, heading=replace(HEADING, title="", language="not a tag!", next_address="", file_address=""))


@pytest.mark.parametrize(
    "faces", [(), (FACE,), (FACE, BARE), (NASTY,)], ids=["none", "one", "two", "hostile"]
)
def test_json_feed_is_as_its_schema_says(faces: tuple[Face, ...]) -> None:
    feed = json.loads(write_feed(HEADING, faces, "feed.json"))

    jsonschema.validate(feed, JSON_FEED)
    assert "language" not in json.loads(write_feed(replace(HEADING, language="?"), faces, "feed.json"))


def test_atom_says_where_it_is_and_where_it_goes_on() -> None:
    feed = atom(FACE)

    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": HEADING.address,
        "self": HEADING.file_address,
        "next": HEADING.next_address,
    }
    assert feed.findtext(f"{ATOM}title") == HEADING.title
    assert feed.findtext(f"{ATOM}updated") == "2026-06-18T04:30:12Z"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"


def test_an_entry_of_atom_leads_to_the_paper_its_places_and_its_pdf() -> None:
    entry = atom(FACE).find(f"{ATOM}entry")

    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == "https://hub.example/p/12"
    assert [(link.get("rel"), link.get("href")) for link in entry.findall(f"{ATOM}link")] == [
        ("alternate", "https://hub.example/p/12"),
        ("related", "https://doi.example/10.1000/x?a=1&b=2"),
        ("enclosure", "https://arxiv.example/pdf/1"),
    ]
    assert [name.text for name in entry.iterfind(f"{ATOM}author/{ATOM}name")] == ["Ada Lovelace", "李怀印"]
    assert [each.get("term") for each in entry.findall(f"{ATOM}category")] == ["cs.LG", "math.CO"]
    assert entry.findtext(f"{ATOM}published") == "2026-06-17T04:30:12Z"


def test_no_formula_is_lost_and_each_has_words_beside_it() -> None:
    entry, item = atom(FACE).find(f"{ATOM}entry"), rss(FACE).find("item")
    story = json.loads(write_feed(HEADING, [FACE], "feed.json"))["items"][0]

    assert entry is not None
    assert item is not None
    for content in (
        entry.findtext(f"{ATOM}content"),
        item.findtext(f"{CONTENT}encoded"),
        story["content_html"],
    ):
        assert content is not None
        assert content.count(MATHML) == 2
    for words in (entry.findtext(f"{ATOM}summary"), story["content_text"]):
        assert words == PAPER.abstract
    assert item.findtext("description") == "We show a &lt; b.\n\nAnd ]]&gt; more."
    assert item.findtext("title") == entry.findtext(f"{ATOM}title") == story["title"] == PAPER.title
    assert [name.text for name in item.findall(f"{DC}creator")] == ["Ada Lovelace", "李怀印"]


def test_rss_names_itself_and_its_next_part() -> None:
    links = {link.get("rel"): link.get("href") for link in rss(FACE).findall(f"{ATOM}link")}

    assert links == {"self": HEADING.file_address, "next": HEADING.next_address}
    assert rfc822(datetime(2026, 6, 19, 4, tzinfo=UTC)) == "Fri, 19 Jun 2026 04:00:00 GMT"


def test_a_title_without_markup_is_not_said_twice_in_the_contents() -> None:
    plain = replace(FACE, title_html="Plain")

    entry = atom(plain).find(f"{ATOM}entry")

    assert entry is not None
    assert entry.findtext(f"{ATOM}content") == plain.abstract_html
    alone = atom(replace(plain, abstract_html="")).find(f"{ATOM}entry")
    assert alone is not None
    assert alone.findtext(f"{ATOM}content") == "<p>Plain</p>"


@pytest.mark.parametrize("suffix", ["atom", "rss", "feed.json"])
def test_the_same_papers_give_the_same_bytes_whenever_they_are_asked_for(suffix: str) -> None:
    later = replace(HEADING, updated_at=AT + timedelta(days=9))

    assert write_feed(HEADING, [FACE], suffix) == write_feed(later, [FACE], suffix)
