from __future__ import annotations

import pytest

from academichub.errors import RecordBroken
from academichub.model.papers import Form, Record, RecordAuthor, Text
from academichub.sources.limits import Limits
from academichub.sources.names import PREFIX_BY_NAMESPACE, namespace_of, prefix_of
from academichub.sources.reading import read

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACES = """ xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.1/" """


def item(inside: str, *, base: str = "", limits: Limits | None = None) -> Record:
    body = f'<rss version="2.0"{SPACES}><channel><item>{inside}</item></channel></rss>'.encode()
    return read(body, base=base, limits=limits or Limits()).records[0]


def entry(inside: str, *, base: str = "") -> Record:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"{SPACES}><entry>{inside}</entry></feed>'.encode()
    return read(body, base=base).records[0]


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<title>a</title><dc:title>b</dc:title>", "a"),
        ("<title> </title><dc:title>b</dc:title>", "b"),
        ("<media:title>m</media:title><title>a</title>", "a"),
        ("<media:group><media:title>m</media:title></media:group>", "m"),
        ("<image><title>no</title></image>", ""),
        ("<TITLE>upper</TITLE>", "upper"),
    ],
)
def test_the_title_is_the_entrys_own_where_it_has_one(inside: str, title: str) -> None:
    assert item(inside).title.value == title


@pytest.mark.parametrize(
    ("inside", "summary", "content"),
    [
        ("<description>d</description>", "d", ""),
        ("<content:encoded>c</content:encoded>", "c", "c"),
        ("<description>d</description><content:encoded>c</content:encoded>", "d", "c"),
        ("<content:encoded>c</content:encoded><description>d</description>", "d", "c"),
        ("<description>d</description><dc:description>e</dc:description>", "d", "e"),
        ("<media:group><media:description>m</media:description></media:group>", "m", ""),
        (
            "<media:content><media:description>m</media:description></media:content><description>d</description>",
            "d",
            "",
        ),
        ("<fullitem>f</fullitem>", "f", "f"),
        ("<description>one</description><itunes:summary>two</itunes:summary>", "one", "two"),
    ],
)
def test_summary_and_content_are_told_apart(inside: str, summary: str, content: str) -> None:
    record = item(inside)

    assert (record.summary.value, record.content.value) == (summary, content)


@pytest.mark.parametrize(
    ("inside", "link"),
    [
        ("<link>http://a/</link>", "http://a/"),
        ("<link>\n http://a/ \n</link>", "http://a/"),
        ("<link>http://a/?b=1&amp;amp;c=2</link>", "http://a/?b=1&c=2"),
        ('<link href="http://a/"/>', "http://a/"),
        ('<atom:link href="http://self/" rel="self"/><link>http://a/</link>', "http://a/"),
        ("<link/><guid>http://g/</guid>", "http://g/"),
        ('<guid isPermaLink="false">http://g/</guid>', ""),
        ('<guid ispermalink="false">http://g/</guid>', ""),
        ("<guid>http://g/1</guid><guid>http://g/2</guid>", "http://g/1"),
        ("<link>/relative</link>", "http://base.example.org/relative"),
        ("<link>http://[broken</link>", "http://[broken"),
        ("<link>//[broken</link>", "//[broken"),
    ],
)
def test_the_link_leads_to_the_entry(inside: str, link: str) -> None:
    assert item(inside, base="http://base.example.org/feeds/1.xml").link == link


def test_what_says_nothing_is_passed_over() -> None:
    record = item("<guid> </guid><enclosure/><category/><link/><pubDate/><media:content><x/></media:content>")

    assert (record.external_id, record.links, record.categories, record.published) == ("", (), (), "")


def test_the_last_html_alternate_is_the_link_and_all_are_kept() -> None:
    record = entry(
        '<id>i</id><link href="http://a/1"/><link rel="alternate" type="text/html" href="http://a/2"/>'
        '<link rel="alternate" type="application/pdf" href="http://a/3"/><link rel="related" href=""/>'
    )

    assert record.link == "http://a/2"
    assert [link.href for link in record.links] == ["http://a/1", "http://a/2", "http://a/3"]


def test_a_pdf_is_the_link_where_there_is_nothing_else() -> None:
    assert entry('<link type="application/pdf" href="http://a/3"/>').link == "http://a/3"


def test_an_identifier_does_not_change_with_the_address_of_the_feed() -> None:
    record = item("<guid>relative/1</guid>", base="http://base.example.org/")

    assert record.external_id == "relative/1"
    assert record.link == "http://base.example.org/relative/1"


@pytest.mark.parametrize(
    ("inside", "published", "updated"),
    [
        ("<pubDate> Mon, 04 May 2026 </pubDate>", "Mon, 04 May 2026", ""),
        ("<dc:date>2026</dc:date>", "2026", ""),
        ("<pubDate>2025</pubDate><dc:date>2026</dc:date>", "2025", "2026"),
        ("<prism:publicationDate>2024</prism:publicationDate>", "2024", ""),
        ("<dcterms:issued>2023</dcterms:issued><dcterms:modified>2024</dcterms:modified>", "2023", "2024"),
        ("<dcterms:created>2022</dcterms:created>", "2022", ""),
        ("<pubDate/><dc:date>2026</dc:date>", "2026", ""),
    ],
)
def test_dates_are_taken_from_where_feeds_put_them(inside: str, published: str, updated: str) -> None:
    record = item(inside)

    assert (record.published, record.updated) == (published, updated)


@pytest.mark.parametrize(
    ("inside", "authors"),
    [
        (
            "<dc:creator>A, B</dc:creator><dc:creator>C</dc:creator>",
            [RecordAuthor("A, B"), RecordAuthor("C")],
        ),
        ("<dc:creator> </dc:creator>", []),
        ("<author>a@b.org (Ann Lee)</author>", [RecordAuthor("Ann Lee", email="a@b.org")]),
        ("<author>Ann Lee &lt;a@b.org&gt;</author>", [RecordAuthor("Ann Lee", email="a@b.org")]),
        ("<author>a@b.org</author>", [RecordAuthor("", email="a@b.org")]),
        ("<author>Ann (Lee)</author>", [RecordAuthor("Ann (Lee)")]),
        (
            "<author>a@b.org (Ann)</author><dc:creator>ann</dc:creator>",
            [RecordAuthor("Ann", email="a@b.org")],
        ),
        (
            "<dc:creator>Wei</dc:creator><dc:creator>Wei</dc:creator>",
            [RecordAuthor("Wei"), RecordAuthor("Wei")],
        ),
        ("<author><first>Ann</first> <last>Lee</last></author>", [RecordAuthor("Ann Lee")]),
        ("<author>Ann<uri>http://a</uri></author>", [RecordAuthor("Ann", uri="http://a")]),
    ],
)
def test_authors_are_read_however_they_are_written(inside: str, authors: list[RecordAuthor]) -> None:
    assert list(item(inside).authors) == authors


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<title>a &lt;b></title>", Text("a <b>", Form.PLAIN)),
        ('<title type="html">a &lt;b></title>', Text("a <b>", Form.HTML)),
        ('<title type="xhtml">a &lt; b</title>', Text("a < b", Form.HTML)),
        ('<title type="xhtml">a &amp; b</title>', Text("a &amp; b", Form.XHTML)),
        ('<title type="xhtml"><div>a <b>c</b></div></title>', Text("a <b>c</b>", Form.XHTML)),
        ('<title type="xhtml"><div>a</div> b</title>', Text("<div>a</div> b", Form.XHTML)),
        ('<title type="html">a <i>b</i></title>', Text("a <i>b</i>", Form.XHTML)),
        ('<title type="text/markdown">*a*</title>', Text("*a*", Form.PLAIN)),
        ('<title type="application/x+xml">a</title>', Text("a", Form.XHTML)),
        ('<title type="image/png">no base64!</title>', Text("no base64!", Form.UNSAID)),
        ("<dc:title>a</dc:title>", Text("a", Form.UNSAID)),
        ('<media:title type="plain">a</media:title>', Text("a", Form.PLAIN)),
    ],
)
def test_atom_says_how_its_texts_are_to_be_read(inside: str, title: Text) -> None:
    assert entry(inside).title == title


def test_extension_elements_are_kept_with_their_attributes() -> None:
    fields = item(
        '<media:group><media:content url="u" xml:lang="en"><media:credit role="r">c</media:credit>'
        "</media:content></media:group><prism:doi>1</prism:doi><prism:doi>2</prism:doi>"
        "<dc:rights>a <i>b</i></dc:rights>"
        '<x:y xmlns:x="urn:x" x:z="0">text<x:w>inner</x:w></x:y>'
    ).fields

    assert fields == {
        "media:content@url": ("u",),
        "media:credit": ("c",),
        "media:credit@role": ("r",),
        "prism:doi": ("1", "2"),
        "dc:rights": ("a <i>b</i>",),
        "x:y": ("text",),
        "x:w": ("inner",),
        "x:y@z": ("0",),
    }


def test_an_entry_beyond_its_cap_is_kept_aside_and_harms_no_neighbour() -> None:
    body = (
        '<rss version="2.0"><channel><item><title>one</title></item>'
        f"<item><guid>2</guid><link>http://a/2</link><title>{'x' * 100}</title></item>"
        "<item><title>three</title></item></channel></rss>"
    ).encode()

    feed = read(body, limits=Limits(title_characters=50))

    assert [record.position for record in feed.records] == [0, 2]
    [rejected] = feed.rejected
    assert (rejected.position, rejected.external_id) == (1, "2")
    assert isinstance(rejected.error, RecordBroken)
    assert rejected.title == "x" * 100
    assert rejected.excerpt.startswith("<item><guid>2</guid>")


def test_entries_are_found_outside_the_channel_and_in_several() -> None:
    body = b"<rss><channel><item/></channel><item/><channel><items><item/></items></channel></rss>"

    assert len(read(body).records) == 3


@pytest.mark.parametrize(
    ("root", "name"),
    [
        ('<rss version="2.0"/>', "rss 2.0"),
        ("<rss/>", "rss"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "atom 1.0"),
        ('<feed xmlns="http://purl.org/atom/ns#"/>', "atom 0.3"),
        ("<feed/>", "atom"),
        (f'<rdf:RDF xmlns:rdf="{RDF}"/>', "rss 1.0"),
        (f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://my.netscape.com/rdf/simple/0.9/"/>', "rss 0.90"),
        ("<channel/>", "cdf"),
        ("<wrapped><item/></wrapped>", "unknown"),
    ],
)
def test_the_format_is_named(root: str, name: str) -> None:
    assert read(root.encode()).format == name


def test_the_first_link_of_a_channel_that_leads_to_a_page_is_its_own() -> None:
    spaces = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    links = '<atom:link rel="self" href="http://a/feed"/><link>/home</link><link>/other</link>'

    feed = read(f"<rss {spaces}><channel>{links}</channel></rss>".encode(), base="http://a/feed")

    assert feed.link == "http://a/home"


def test_a_second_title_of_a_channel_does_not_count() -> None:
    assert read(b"<rss><channel><title>a</title><title>b</title></channel></rss>").title == "a"


def test_nonsense_in_the_channel_is_passed_over() -> None:
    feed = read(
        b"<rss><channel><ttl>soon</ttl><skipHours><hour>25</hour><hour>-1</hour></skipHours></channel></rss>"
    )

    assert (feed.ttl_minutes, feed.skip_hours) == (None, ())


@pytest.mark.parametrize(
    ("namespace", "prefix"),
    [
        ("http://prismstandard.org/namespaces/1.2/basic/", "prism"),
        ("http://prismstandard.org/namespaces/basic/2.0/", "prism"),
        ("http://prismstandard.org/namespaces/basic/2.1/", "prism"),
        ("http://www.prismstandard.org/namespaces/basic/3.0/", "prism"),
        ("HTTPS://purl.org/dc/elements/1.1", "dc"),
        ("http://wellformedweb.org/CommentAPI/", "wfw"),
        ("http://backend.userland.com/rss2", ""),
        ("https://www.w3.org/2005/Atom", ""),
        ("urn:nobody", None),
    ],
)
def test_a_vocabulary_is_known_by_its_address(namespace: str, prefix: str | None) -> None:
    assert prefix_of(namespace) == prefix


@pytest.mark.parametrize("prefix", sorted({*PREFIX_BY_NAMESPACE.values(), "prism"}))
def test_the_address_of_a_prefix_leads_back_to_it(prefix: str) -> None:
    assert prefix_of(namespace_of(prefix)) == prefix
