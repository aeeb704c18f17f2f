"""Sources are found by words, on a page that somebody pasted, and in the files of other readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.db.tables import sources
from academichub.errors import (
    AddressForbidden,
    AddressMalformed,
    FeedIsWebPage,
    FeedUnreadable,
    SourceRefused,
)
from academichub.flows.finding import broad_fields, export_opml, find_feeds, import_opml, search_catalogue
from academichub.store import sources as shelf
from tests.fakes.answers import journal_feed, journal_item
from tests.fakes.house import FRIDAY, House
from tests.fakes.web import Page, redirect

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.model.shelf import FoundFeed, OpmlReport
    from tests.fakes.web import FakeWeb

HTML = {"Content-Type": "text/html; charset=utf-8"}
LISTS = """<?xml version="1.0"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Physics">
    <outline text="Letters of Lamps" type="rss" xmlUrl="https://letters.example/feed"/>
    <outline text="Machine learning" type="rss" xmlUrl="https://rss.arxiv.org/rss/cs.LG"/>
    <outline text="Nature" type="rss" xmlUrl="https://www.nature.com/nature.rss"/>
  </outline>
  <outline text="Letters of Lamps, again" type="rss" xmlUrl="https://letters.example/feed"/>
  <outline text="At home" type="rss" xmlUrl="http://127.0.0.1/feed"/>
  <outline text="By file transfer" type="rss" xmlUrl="ftp://letters.example/feed"/>
  <outline text="All of physics" type="rss" xmlUrl="https://rss.arxiv.org/rss/physics"/>
  <outline text="No address" type="rss"/>
</body></opml>"""


def keys(house: House) -> dict[str, str]:
    return {row.key: row.kind for row in house.rows(sources)}


def take(house: House, text: str) -> OpmlReport:
    return import_opml(house.database, text.encode(), now=FRIDAY)


def find(house: House, url: str) -> tuple[FoundFeed, ...]:
    return find_feeds(house.fetcher, url, now=FRIDAY)


# -- by words ----------------------------------------------------------------------------------------


def test_the_catalogue_is_searched_in_both_languages_and_knows_what_is_subscribed(house: House) -> None:
    house.subscribe("nature")

    english, chinese = (search_catalogue(house.database, words) for words in ("nature", "物理学报"))

    assert (english[0].key, english[0].is_subscribed, english[0].issn) == ("nature", True, "1476-4687")
    assert not any(row.is_subscribed for row in english[1:])
    assert chinese[0].key == "wuli-xuebao"


def test_a_search_keeps_to_a_field_and_a_way_of_access(house: House) -> None:
    everything = search_catalogue(house.database, "")
    by_crossref = search_catalogue(house.database, "", access="crossref")
    in_law = search_catalogue(house.database, "", field="law")

    assert len(everything) > 1000
    assert {row.access for row in by_crossref} == {"crossref"}
    assert {row.field for row in in_law} == {"law"}
    assert search_catalogue(house.database, "no such journal anywhere") == ()


def test_every_field_has_a_name_in_both_languages() -> None:
    fields = broad_fields()

    assert {row.key for row in fields} >= {"physics", "law", "medicine"}
    assert all(name.strip() for row in fields for name in row)


# -- files of subscriptions --------------------------------------------------------------------------


def test_a_file_of_subscriptions_is_taken_in_and_what_cannot_be_is_named(house: House) -> None:
    report = take(house, LISTS)

    assert (report.added, report.known) == (3, 0)
    assert keys(house).keys() - {"nature", "arxiv:cs.LG"} == {
        next(key for key in keys(house) if key.startswith("feed:letters.example-"))
    }
    assert {(one.title, one.error_code) for one in report.rejected} == {
        ("At home", "address.forbidden"),
        ("By file transfer", "address.malformed"),
        ("All of physics", "category.unknown"),
        ("No address", "record.broken"),
    }


def test_the_same_file_again_adds_nothing(house: House) -> None:
    take(house, LISTS)
    before = keys(house)

    again = take(house, LISTS)

    assert (again.added, again.known, keys(house)) == (0, 3, before)


def test_a_file_with_broken_lines_is_read_as_far_as_it_goes(house: House) -> None:
    report = take(house, LISTS.replace("Letters of Lamps, again", "Lamps & sons"))

    assert report.added == 3


@pytest.mark.parametrize(
    ("text", "error"),
    [("<rss version='2.0'/>", FeedUnreadable), ("<html><title>Log in</title></html>", FeedIsWebPage)],
)
def test_what_is_no_file_of_subscriptions_is_refused(house: House, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        take(house, text)

    assert keys(house) == {}


def test_what_is_exported_can_be_imported_elsewhere_and_is_the_same(
    house: House, web: FakeWeb, tmp_path: Path
) -> None:
    web.put("//letters.example/feed", journal_feed(title='Lamps & "Letters" <of> 灯塔'))
    for name in ("cs.LG", "nature", "quantum", "chemrxiv", "neurips", "crossref:issn:2049-3630"):
        house.subscribe(name)
    house.refresh(house.subscribe("https://letters.example/feed"))
    house.refresh(house.subscribe("https://letters.example/feed"))

    written = export_opml(house.database, now=FRIDAY)
    other = House.build(f"sqlite:///{tmp_path / 'other.sqlite'}", house.fetcher)
    report = import_opml(other.database, written, now=FRIDAY)

    assert (report.added, report.rejected) == (7, ())
    assert keys(other) == keys(house)
    told = {row.key: (row.title, row.url, row.connector, row.scope) for row in house.rows(sources)}
    assert {row.key: (row.title, row.url, row.connector, row.scope) for row in other.rows(sources)} == told
    assert export_opml(other.database, now=FRIDAY) == written
    other.database.close()


def test_services_and_files_are_no_subscriptions_to_hand_on(house: House) -> None:
    with house.database.writing() as connection:
        for key, kind in (("service:crossref", "service"), ("file", "file")):
            shelf.add_source(connection, key=key, kind=kind, title=key, url="", now=FRIDAY)

    assert b"<outline" not in export_opml(house.database, now=FRIDAY)


# -- what somebody pasted ----------------------------------------------------------------------------


def test_the_feeds_that_a_page_names_are_found(house: House, web: FakeWeb) -> None:
    page = b"""<html><head><title>Lamps</title>
      <link rel="alternate" type="application/rss+xml" title="All lamps" href="/all.xml">
      <link rel="stylesheet" href="/style.css"></head>
      <body><a href="https://www.nature.com/nature.rss">Nature</a></body></html>"""
    web.put("//lamps.example/", redirect("https://lamps.example/home/"))
    web.put("//lamps.example/home/", Page(page, headers=HTML))

    found = find(house, "https://lamps.example/")

    assert [tuple(one) for one in found] == [
        ("https://lamps.example/all.xml", "All lamps", "link"),
        ("nature", "Nature", "anchor"),
    ]


def test_an_address_that_is_a_feed_is_its_own_answer(house: House, web: FakeWeb) -> None:
    web.put("//lamps.example/feed", journal_feed(journal_item("10.5555/1"), title="Lamps"))

    found = find(house, "https://lamps.example/feed")

    assert [tuple(one) for one in found] == [("https://lamps.example/feed", "Lamps", "rss 2.0")]


@pytest.mark.parametrize(
    ("issn", "name"), [("1476-4687", "nature"), ("2049-3630", "crossref:issn:2049-3630")]
)
def test_a_journal_is_known_by_the_issn_on_its_page_and_can_be_subscribed_by_that_name(
    house: House, web: FakeWeb, issn: str, name: str
) -> None:
    page = f'<html><head><meta name="citation_issn" content="{issn}"></head></html>'
    web.put("//lamps.example/journal", Page(page.encode(), headers=HTML))

    (found,) = find(house, "https://lamps.example/journal")

    assert (found.url, found.kind) == (name, "issn")
    assert house.subscribe(found.url) == name
    assert keys(house) == {name: "feed" if name == "nature" else "api"}


def test_a_page_that_refuses_us_is_found_where_the_catalogue_knows_its_address(
    house: House, web: FakeWeb
) -> None:
    for path in ("//rss.arxiv.org/rss/cs.LG", "//lamps.example/journal"):
        web.put(path, Page(b"", status=403))

    (found,) = find(house, "https://rss.arxiv.org/rss/cs.LG")

    assert (found.url, found.kind) == ("arxiv:cs.LG", "address")
    with pytest.raises(SourceRefused):
        find(house, "https://lamps.example/journal")


def test_a_page_without_feeds_offers_none(house: House, web: FakeWeb) -> None:
    web.put("//lamps.example/", Page(b"<html><title>Lamps</title></html>", headers=HTML))

    assert find(house, "https://lamps.example/") == ()


@pytest.mark.parametrize(
    ("url", "error"),
    [("http://10.0.0.8/feed", AddressForbidden), ("lamps of the north", AddressMalformed)],
)
def test_an_address_that_may_not_be_asked_is_not(
    house: House, web: FakeWeb, url: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        find(house, url)

    assert web.visits == []


@pytest.mark.parametrize(
    "name",
    [
        "crossref:issn:1234-5678",
        "crossref:somewhere",
        "crossref:",
        "https://api.crossref.org/v1/journals/1234-5678/works",
    ],
)
def test_what_crossref_cannot_be_asked_for_is_not_subscribed(house: House, name: str) -> None:
    with pytest.raises(AddressMalformed):
        house.subscribe(name)

    assert keys(house) == {}
