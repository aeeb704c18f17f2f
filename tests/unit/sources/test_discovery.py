"""What stands behind a page, an address, a DOI or an ISSN that somebody pasted."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.sources.catalogue import entry
from academichub.sources.discovery import MOST_BYTES, MOST_FOUND, discover
from academichub.sources.recognising import recognise
from academichub.sources.tags import Tag, tags, text_after

BASE = "https://www.letters.example/journal/index.html"


def found_in(page: str, *, base: str = BASE) -> list[tuple[str, str]]:
    return [(one.because, one.url) for one in discover(page.encode(), base=base)]


# -- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/rss+xml" href="/feed.rss">',
        "<LINK REL='Alternate Stylesheet' TYPE='application/atom+xml; charset=utf-8' HREF='../feed.rss' />",
        "<link href=/feed.rss rel=alternate type=application/rdf+xml>",
        '<link rel="feed" href="https://www.letters.example/feed.rss">',
        '<link rel="alternate" type="application/feed+json" href="//www.letters.example/feed.rss">',
        '<link\nrel="alternate"\ttype="application/rss+xml"\ntitle="a > b" href=" /feed&#46;rss\n">',
        '<link rel="alternate" type="text/xml" href="/feed.rss">',
        '<p><body><link rel="alternate" type="application/rss+xml" href="feed:/feed.rss">',
        '<link rel="alternate" type="application/rss+xml" href="/feed.rss" href="/other.rss">',
    ],
)
def test_the_feed_that_a_page_names_is_found_however_it_is_written(link: str) -> None:
    assert found_in(link) == [("link", "https://www.letters.example/feed.rss")]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="stylesheet" type="text/css" href="/feed.css">',
        '<link rel="alternate" type="text/html" hreflang="zh" href="/zh/">',
        '<link rel="alternate" type="application/json" href="/wp-json/pages/2">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="ftp://a.example/feed">',
        '<link rel="alternate" type="application/rss+xml" href="https://me:secret@a.example/feed">',
        '<link rel="alternate" type="application/rss+xml" href="https://[::1/feed">',
        '<link rel="alternate" type="application/rss+xml" href="a b">',
        f'<link rel="alternate" type="application/rss+xml" href="/{"a" * 3000}">',
        '<link rel="alternate" type="application/rss+xml" href="https://rss.arxiv.org/rss/cs">',
        '<!-- <link rel="alternate" type="application/rss+xml" href="/feed"> -->',
        '<script>"<link rel=alternate type=application/rss+xml href=/feed>"</script>',
        '<style><link rel="feed" href="/feed"></style><textarea><link rel="feed" href="/f"></textarea>',
        '<script><link rel="feed" href="/feed">',
        '<!-- <link rel="feed" href="/feed">',
        '<links rel="feed" href="/feed"></link>',
    ],
)
def test_what_only_looks_like_it_is_not_found(link: str) -> None:
    assert found_in(link) == []


def test_a_base_moves_all_addresses_after_it_and_only_the_first_counts() -> None:
    page = """
      <base target="_blank"><base href="javascript:void(0)"><base href="https://cdn.example/a/">
      <link rel="alternate" type="application/rss+xml" href="feed">"""

    assert found_in(page) == [("link", "https://www.letters.example/journal/feed")]
    assert found_in(page.replace("javascript:void(0)", "/b/")) == [
        ("link", "https://www.letters.example/b/feed")
    ]


def test_links_that_look_like_feeds_come_after_those_the_page_names() -> None:
    page = """
      <a href="/rss.xml">News</a> <a href="/list.xml">our RSS feed</a> <a href="/data.xml">the data</a>
      <a href="/blog/feed/">b</a> <a href="/x?format=atom" title="Atom">  </a> <a href="/subs.opml">All</a>
      <a href="/feeding-birds.html">birds</a> <a href="/rss/help.html">help</a> <a href="#feed">up</a>
      <a href="/sitemap-feed.xml">map</a> <a href="mailto:feed@a.b">mail</a> <a href="/rss.xml">again</a>
      <a href="/get/1" type="application/atom+xml">typed</a> <a>nothing</a>
      <link rel="alternate" type="application/rss+xml" href="/main" title=" The  main\nfeed ">
      <link rel="outline" type="text/x-opml" href="/all" title="All">"""

    found = discover(page.encode(), base=BASE)

    home = "https://www.letters.example"
    assert [(one.because, one.url, one.title) for one in found] == [
        ("link", f"{home}/main", "The main feed"),
        ("anchor", f"{home}/rss.xml", "News"),
        ("anchor", f"{home}/list.xml", "our RSS feed"),
        ("anchor", f"{home}/blog/feed/", "b"),
        ("anchor", f"{home}/x?format=atom", "Atom"),
        ("anchor", f"{home}/get/1", "typed"),
        ("opml", f"{home}/subs.opml", "All"),
        ("opml", f"{home}/all", "All"),
    ]
    assert found[0].entry is not None
    assert found[0].entry.title == "The main feed"
    assert found[-1].entry is None


def test_a_link_that_the_page_names_too_is_given_once_with_the_better_reason() -> None:
    page = '<a href="/feed">here</a><link rel="alternate" type="application/rss+xml" href="/feed" title="T">'

    (found,) = discover(page.encode(), base=BASE)
    (again,) = discover((page + '<a href="../feed">there</a>').encode(), base=BASE)

    assert (found.because, found.title) == ("link", "T")
    assert again == found


def test_a_feed_that_the_catalogue_knows_is_its_entry() -> None:
    page = '<link rel="alternate" type="application/rss+xml" href="http://www.nature.com/nphys.rss">'

    (found,) = discover(page.encode(), base=BASE)

    assert found.entry == entry("nature-physics")
    assert found.url == "https://www.nature.com/nphys.rss"


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><rss version="2.0"><channel/></rss>',
        '\ufeff<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        "<!-- made by hand --><rdf:RDF></rdf:RDF>",
        '{ "version": "https://jsonfeed.org/version/1.1" }',
    ],
)
def test_a_feed_in_place_of_a_page_is_found_itself(body: str) -> None:
    assert found_in(body) == [("itself", BASE)]
    assert found_in(body, base="nowhere") == found_in(body, base="https://[::1") == []


def test_the_issn_in_a_pages_head_leads_to_its_journal() -> None:
    page = """
      <meta name="citation_issn" content="0028-0836"><meta name="prism.issn" content="ISSN 2049-3630">
      <meta name="citation_issn" content="nonsense"><meta name="description" content="0031-9007">"""

    assert found_in(page) == [
        ("issn", "https://www.nature.com/nature.rss"),
        ("issn", "https://api.crossref.org/v1/journals/2049-3630/works"),
    ]


def test_a_journals_page_at_sciencedirect_tells_its_issn_in_the_text() -> None:
    page = '<script>{"issn":"03044076"}</script> <b>Online ISSN: 1234-5679</b> ISSN 2049-3630'

    assert found_in(page, base="https://www.sciencedirect.com/journal/a-journal") == [
        ("issn", "https://rss.sciencedirect.com/publication/science/03044076"),
        ("issn", "https://rss.sciencedirect.com/publication/science/12345679"),
        ("issn", "https://rss.sciencedirect.com/publication/science/20493630"),
    ]
    assert found_in(page) == []


def test_the_address_of_a_page_comes_before_what_the_page_says() -> None:
    page = '<link rel="alternate" type="application/rss+xml" href="/prl/toc.rss">'

    found = found_in(page, base="https://journals.aps.org/prl/")

    assert found == [
        ("address", "https://feeds.aps.org/rss/recent/prl.xml"),
        ("link", "https://journals.aps.org/prl/toc.rss"),
    ]


def test_a_title_is_read_in_the_charset_that_only_the_page_tells() -> None:
    page = (
        '<meta charset="gbk"><link rel="alternate" type="application/rss+xml" href="/feed" title="中文期刊">'
    )

    (told,) = discover(page.encode("gbk"), base=BASE)
    (served,) = discover(
        page.replace("gbk", "big5").encode("gbk"), base=BASE, content_type="text/html; charset=gbk"
    )

    assert told.title == served.title == "中文期刊"


# -- by what people have at hand ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("nature", "nature"),
        ("cs.CV", "arxiv:cs.CV"),
        ("0028-0836", "nature"),
        ("eISSN: 1476-4687", "nature"),
        ("https://arxiv.org/list/cs.CV/recent", "arxiv:cs.CV"),
        ("arxiv.org/archive/quant-ph", "arxiv:quant-ph"),
        ("https://export.arxiv.org/list/math.IT/new", "arxiv:cs.IT"),
        ("https://www.nature.com/nature/articles?type=article", "nature"),
        ("http://feeds.nature.com/nphys/rss/current", "nature-physics"),
        ("https://journals.plos.org/plosone/", "plos-one"),
        ("https://www.biorxiv.org/collection/cell-biology", "biorxiv:cell-biology"),
        ("https://www.medrxiv.org/collection/hivaids", "medrxiv:hiv-aids"),
        ("https://www.sciencedirect.com/science/journal/03044076", "journal-of-econometrics"),
        ("https://onlinelibrary.wiley.com/journal/14680262", "econometrica"),
        ("https://agupubs.onlinelibrary.wiley.com/toc/19448007/current", "geophysical-research-letters"),
        ("https://ieeexplore.ieee.org/xpl/RecentIssue.jsp?punumber=34", "tpami"),
        ("https://dl.acm.org/journal/tog", "tog"),
        ("https://academic.oup.com/qje/advance-articles", "qje"),
        ("https://academic.oup.com/mnras", "mnras"),
        ("https://link.springer.com/journal/222/volumes-and-issues", "inventiones-mathematicae"),
        ("https://www.science.org/toc/science/current", "science"),
        ("https://www.pnas.org/", "pnas"),
        ("https://pubs.acs.org/journal/jacsat", "jacs"),
        ("https://www.cell.com/trends/genetics/home", "trends-in-genetics"),
        ("https://www.thelancet.com/journals/lanonc/home", "lancet-oncology"),
        ("https://iopscience.iop.org/journal/1367-2630", "new-journal-of-physics"),
        ("https://jamanetwork.com/journals/jamaoncology/currentissue", "jama-oncology"),
        ("https://gut.bmj.com/content/early/recent", "gut"),
        ("https://pubs.rsc.org/en/journals/journalissues/sc", "chemical-science"),
        ("https://navi.cnki.net/knavi/journals/JJYJ/detail?uniplatform=NZKPT", "jingji-yanjiu"),
        ("https://osf.io/preprints/psyarxiv", "psyarxiv"),
        ("https://papers.ssrn.com/sol3/papers.cfm?abstract_id=1", "ssrn"),
        ("https://dblp.org/db/conf/nips/index.html", "neurips"),
        ("https://harvardlawreview.org/", "harvard-law-review"),
        ("10.1038/s41586-020-2649-2", "nature"),
        ("https://doi.org/10.1103/PhysRevLett.116.061102", "prl"),
        ("doi:10.1016/S0140-6736(20)30183-5", "lancet"),
        ("10.1007/s00222-020-01000-1", "inventiones-mathematicae"),
        ("10.26434/chemrxiv-2021-abc", "chemrxiv"),
        ("10.5555/12345678", "crossref:prefix:10.5555"),
        ("10.5555/2049-3630.1", "crossref:prefix:10.5555"),
        ("2049-3630", "crossref:issn:2049-3630"),
    ],
)
def test_a_source_is_known_by_what_people_have_at_hand(said: str, key: str) -> None:
    assert [one.key for one in recognise(said)] == [key]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (
            "https://onlinelibrary.wiley.com/page/journal/12345679/homepage",
            "https://onlinelibrary.wiley.com/feed/12345679/most-recent",
        ),
        ("https://dl.acm.org/journal/taco", "https://dl.acm.org/action/showFeed?type=etoc&feed=rss&jc=taco"),
        ("https://www.tandfonline.com/journals/xxxx20", "https://www.tandfonline.com/feed/rss/xxxx20"),
        ("https://www.nature.com/subjects/optics", "https://www.nature.com/subjects/optics.rss"),
        (
            "https://ieeexplore.ieee.org/xpl/aboutJournal.jsp?punumber=99999",
            "https://ieeexplore.ieee.org/rss/TOC99999.XML",
        ),
    ],
)
def test_a_journal_that_the_catalogue_lacks_has_the_feed_that_its_publishers_journals_have(
    page: str, feed: str
) -> None:
    (found,) = recognise(page)

    assert (found.url, found.kind) == (feed, "feed")


def test_an_archive_of_arxiv_stands_for_its_categories() -> None:
    keys = [one.key for one in recognise("https://arxiv.org/archive/econ")]

    assert keys == ["arxiv:econ.EM", "arxiv:econ.GN", "arxiv:econ.TH"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "hello world",
        "nothing.",
        "0028-0837",
        "10.48550/arXiv.1706.03762",
        "ftp://arxiv.org/list/cs.CV/recent",
        "https://arxiv.org/list/unknown/recent",
        "https://arxiv.org/abs/1706.03762",
        "https://www.nature.com/articles/s41586-020-2649-2",
        "https://www.biorxiv.org/collection/alchemy",
        "https://ieeexplore.ieee.org/xpl/RecentIssue.jsp?punumber=x",
        "https://osf.io/preprints/unknown",
        "https://www.letters.example/",
        "https://www.nature.com/",
        "https://[::1",
        "https://",
    ],
)
def test_what_stands_for_nothing_is_not_guessed_at(said: str) -> None:
    assert recognise(said) == ()


# -- hostile pages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        '<a href="',
        "<a href='x",
        "<link rel=alternate type=application/rss+xml href=",
        '<link rel="feed" href="/f">',
        "<a href=javascript:rss>",
        "<a href=https://rss.arxiv.org/rss/x>",
        "<a a=1 b=2 c=3 ",
        "<script",
        "<!--",
        "<base href=x/>",
        '<meta name=issn content="',
        "&#",
        "<a href=/rss" + "x" * 50 + ">",
        "\x00<\x00a",
    ],
)
def test_a_page_made_to_take_long_takes_no_longer_than_its_length_deserves(piece: str) -> None:
    body = (piece * (MOST_BYTES // len(piece))).encode()

    started = time.process_time()
    found = discover(body, base=BASE)

    assert time.process_time() - started < 5  # the worst takes one
    assert len(found) <= MOST_FOUND


def test_a_page_gives_no_more_than_a_hundred_finds_and_is_read_no_further_than_two_megabytes() -> None:
    many = "".join(f'<a href="/rss/{number}">x</a>' for number in range(3_000))
    late = " " * MOST_BYTES + '<link rel="feed" href="/feed">'

    assert len(found_in(many)) == MOST_FOUND
    assert found_in(late) == []


def test_no_more_than_two_thousand_tags_are_looked_at_closely() -> None:
    tags_of_a_page = [f'<a href="rss{number}.pdf">x</a>' for number in range(2_000)]
    last = '<link rel="feed" href="/feed">'

    assert found_in("".join([*tags_of_a_page, last])) == []
    assert found_in("".join([*tags_of_a_page[1:], last])) == [("link", "https://www.letters.example/feed")]


@given(st.binary(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_pasted_only_web_addresses_come_of_it(body: bytes, base: str, content_type: str) -> None:
    found = discover(b"<a href=" + body, base=base, content_type=content_type)

    assert all(one.url.lower().startswith(("http://", "https://")) for one in found)
    assert isinstance(recognise(base), tuple)


# -- tags -----------------------------------------------------------------------------------------


def only(text: str, *names: str) -> Tag:
    (tag,) = tags(text, *names)
    return tag


def test_an_attribute_is_read_as_html_reads_it() -> None:
    tag = only("<A HREF=x?a=1&amp;b=2&section=3&#x41;&copy; Title='a\"b' empty DOUBLE=1 double=2>", "a")

    assert tag.attributes == {
        "href": "x?a=1&b=2&section=3A©",
        "title": 'a"b',
        "empty": "",
        "double": "1",
    }
    assert (tag.name, tag.is_end, tag.is_empty, tag.is_whole) == ("a", False, False, True)


def test_ends_and_empty_tags_are_told_apart_and_broken_ones_too() -> None:
    found = list(tags('<o a="1"/><o / ></o><o a="1 ><o>', "o"))

    assert [(one.is_end, one.is_empty, one.is_whole) for one in found] == [
        (False, True, True),
        (False, True, True),
        (True, False, True),
        (False, False, False),
        (False, False, True),
    ]


def test_no_tag_has_more_than_a_hundred_attributes() -> None:
    tag = only("<a " + " ".join(f"x{number}=1" for number in range(300)) + ">", "a")

    assert len(tag.attributes) == 100
    assert not tag.is_whole


def test_the_text_after_a_tag_ends_at_the_next_one() -> None:
    text = "<a> R&amp;D \n news<b>more</b></a>"

    assert text_after(text, next(tags(text, "a"))) == "R&D news"


def test_a_name_that_is_asked_for_is_no_raw_text() -> None:
    assert [tag.name for tag in tags("<script><a></script><![CDATA[<a>]]><a>", "script", "a")] == [
        "script",
        "a",
        "script",
        "a",
    ]
