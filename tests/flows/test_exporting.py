from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import feedparser
import pytest
import sqlalchemy as sa

from academichub.errors import CollectionUnknown, FormatUnknown
from academichub.flows.exporting import ListDesk
from academichub.flows.keptentries import written
from academichub.model.papers import Author, Identifiers, Kind, Link, LinkRole, Moment, Precision, Prose
from academichub.references.reading import read_library
from academichub.references.writing.formats import FORMATS, MOST_IN_A_FEED
from academichub.store import collections, libraryentries
from academichub.store.libraryentries import NewEntry
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.model.papers import Draft
    from academichub.references.entry import Library

PAGE = "https://hub.example/kept/starred"
LIBRARY = b"""@article{doe2020rivers,
  title = {On {Rivers}}, author = {Doe, Jane}, year = 2020, journal = {J. Rivers}, custom-field = {kept}
}
@book{roe, title = {Seas}, author = {Roe, Rick}, year = 1999}
"""


class Lists(ListDesk):
    """The part of a hub that writes lists."""

    def __init__(self, shelf: TestShelf) -> None:
        self.database = shelf.database


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[TestShelf]:
    built = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield built
    built.database.close()


def put(shelf: TestShelf, *drafts: Draft) -> list[int]:
    shelf.put(*drafts)
    return [card.work_id for card in reversed(shelf.page().cards)]


def listed(shelf: TestShelf, works: list[int], file_format: str, *, title: str = "Starred") -> bytes:
    body, _ = Lists(shelf).list_file(works, file_format, title=title, address=PAGE, now=NOW)
    return body


def a_collection(
    shelf: TestShelf, library: Library, *works: int, work_of: dict[int, int] | None = None
) -> str:
    entries = [
        NewEntry(
            position=one.position,
            line=one.line,
            key=one.key,
            type=one.type,
            title=one.title,
            authors=tuple(author.name for author in one.authors),
            year=one.year,
            venue=one.venue,
            identifiers=(),
            url=one.url,
            reference=written(one, file_format=library.format),
            fingerprint=f"print-{one.position}",
            work_id=(work_of or {}).get(one.position),
        )
        for one in library.references
    ]
    with shelf.database.writing() as connection:
        found = collections.create(connection, "My rivers", now=NOW)
        libraryentries.add(connection, found.collection_id, entries, now=NOW)
        collections.put_in(connection, found.collection_id, works, now=NOW)
    return found.key


def test_a_work_of_the_hub_is_a_reference_with_all_that_is_known_of_it(shelf: TestShelf) -> None:
    draft = arxiv_draft(
        title="A title",
        abstract="An abstract.",
        authors=(Author("Ada Lovelace"), Author("李怀印")),
        links=(
            Link("https://arxiv.org/pdf/2606.00001", LinkRole.PDF),
            Link("https://arxiv.org/abs/2606.00001", LinkRole.LANDING),
        ),
        published=Moment(NOW, DAY, Precision.INSTANT),
        journal_ref="J. Ex. 1 (2026)",
    )
    works = put(shelf, replace(draft, title=Prose("On $x^2$ DNA", "On x² DNA", "On x²"), venue="arXiv"))

    text = listed(shelf, works, "bib").decode()

    assert text.startswith("@misc{lovelace2026dna,\n  author = {Lovelace, Ada and 李, 怀印},\n")
    for line in (
        "title = {On $x^2$ {DNA}}", "year = {2026}", 'month = jun # "~19"', "eprint = {2606.00001}",
        "primaryclass = {cs.LG}", "url = {https://arxiv.org/abs/2606.00001}", "abstract = {An abstract.}",
        "note = {J. Ex. 1 (2026)}", "publisher = {arXiv}",
    ):  # fmt: skip
        assert f"  {line},\n" in text


@pytest.mark.parametrize(
    ("kind", "type_of_csl"),
    [
        (Kind.ARTICLE, "article-journal"),
        (Kind.PREPRINT, "article"),
        (Kind.NEWS, "webpage"),
        (Kind.POST, "post-weblog"),
        (Kind.DATASET, "dataset"),
    ],
)
def test_each_kind_of_work_has_its_type(shelf: TestShelf, kind: Kind, type_of_csl: str) -> None:
    works = put(shelf, arxiv_draft(kind=kind, identifiers=Identifiers(), links=()))

    entry = json.loads(listed(shelf, works, "csl.json"))[0]

    assert entry["type"] == type_of_csl
    assert "URL" not in entry


@pytest.mark.parametrize(
    ("precision", "parts"),
    [(Precision.YEAR, [2024]), (Precision.MONTH, [2024, 5]), (Precision.DAY, [2024, 5, 1])],
)
def test_a_date_is_as_precise_as_its_source(shelf: TestShelf, precision: Precision, parts: list[int]) -> None:
    published = Moment(NOW, date(2024, 5, 1), precision)
    works = put(shelf, arxiv_draft(published=published))

    entry = json.loads(listed(shelf, works, "csl.json"))[0]

    assert entry["issued"] == {"date-parts": [parts]}


def test_a_teaser_is_shown_in_a_feed_and_is_no_abstract_in_a_file(shelf: TestShelf) -> None:
    works = put(shelf, journal_draft(abstract="A standfirst."))

    feed = feedparser.parse(listed(shelf, works, "atom"))

    assert "abstract" not in json.loads(listed(shelf, works, "csl.json"))[0]
    assert feed.entries[0].summary == "A standfirst."


def test_a_work_without_a_date_has_the_day_that_listed_it(shelf: TestShelf) -> None:
    works = put(shelf, arxiv_draft(published=None, updated=None))

    entry = json.loads(listed(shelf, works, "csl.json"))[0]
    feed = feedparser.parse(listed(shelf, works, "atom"))

    assert entry["issued"] == {"date-parts": [[2026, 6, 19]]}
    assert feed.entries[0].updated == "2026-06-19T00:00:00Z"


def test_works_come_in_the_order_asked_for_once_and_unknown_ones_not_at_all(shelf: TestShelf) -> None:
    first, second = put(shelf, arxiv_draft("2606.00001", title="One"), arxiv_draft("2606.00002", title="Two"))

    entries = json.loads(listed(shelf, [second, 999, first, second], "csl.json"))

    assert len(entries) == 2
    assert entries[0]["title"] != entries[1]["title"]
    assert [entries[0]["title"], entries[1]["title"]] == [
        json.loads(listed(shelf, [each], "csl.json"))[0]["title"] for each in (second, first)
    ]


def test_every_format_is_written_with_its_media_type(shelf: TestShelf) -> None:
    works = put(shelf, arxiv_draft())

    for each in FORMATS:
        body, media_type = Lists(shelf).list_file(works, each.suffix, title="T", address=PAGE, now=NOW)
        assert body
        assert media_type == each.media_type
    with pytest.raises(FormatUnknown):
        listed(shelf, works, "docx")


def test_a_feed_leads_to_the_hubs_own_pages_and_says_when_its_papers_changed(shelf: TestShelf) -> None:
    at = NOW - timedelta(days=3)
    draft = arxiv_draft(
        published=Moment(at, at.date(), Precision.INSTANT),
        updated=Moment(NOW, DAY, Precision.INSTANT),
        links=(Link("https://arxiv.org/pdf/1", LinkRole.PDF), Link("https://code.example/x", LinkRole.CODE)),
    )
    works = put(shelf, draft)

    body, _ = Lists(shelf).list_file(
        works,
        "atom",
        title="Starred",
        address=PAGE,
        now=NOW,
        file_address=f"{PAGE}.atom",
        next_address=f"{PAGE}.atom?after=1",
        language="en",
    )
    feed = feedparser.parse(body)

    entry = feed.entries[0]
    assert not feed.bozo
    assert entry.link == entry.id == f"https://hub.example/p/{works[0]}"
    assert (entry.published, entry.updated) == ("2026-06-16T05:00:00Z", "2026-06-19T05:00:00Z")
    assert feed.feed.updated == "2026-06-19T05:00:00Z"
    assert {link.rel: link.href for link in entry.links}["related"] == "https://code.example/x"


def test_a_feed_holds_no_more_than_two_hundred_papers(shelf: TestShelf) -> None:
    drafts = [
        arxiv_draft(f"2606.{number:05}", title=f"Title {number}") for number in range(MOST_IN_A_FEED + 5)
    ]
    shelf.put(*drafts)
    with shelf.database.reading() as connection:
        works = list(connection.execute(sa.text("SELECT id FROM works ORDER BY id")).scalars())

    feed = feedparser.parse(listed(shelf, works, "rss"))

    assert len(feed.entries) == MOST_IN_A_FEED


def test_a_list_is_read_with_as_many_questions_whatever_its_length(shelf: TestShelf) -> None:
    shelf.put(*(arxiv_draft(f"2606.{number:05}", title=f"Title {number}") for number in range(60)))
    asked: list[str] = []
    sa.event.listen(shelf.database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    counts = []
    for most in (2, 60):
        asked.clear()
        listed(shelf, list(range(1, most + 1)), "ris")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_what_was_imported_leaves_a_collection_as_it_came(shelf: TestShelf) -> None:
    library = read_library(LIBRARY, name="my.bib")
    works = put(shelf, arxiv_draft(title="Not brought along"))
    key = a_collection(shelf, library, *works)

    body, _, is_cut = Lists(shelf).collection_file(key, "bib", title="My rivers")
    again = read_library(body, name="again.bib")

    assert not is_cut
    assert [replace(one, line=0) for one in again.references[:2]] == [
        replace(one, line=0) for one in library.references
    ]
    assert [one.title for one in again.references] == ["On Rivers", "Seas", "Not brought along"]


def test_an_entry_that_is_a_work_of_the_hub_is_listed_once_and_as_it_came(shelf: TestShelf) -> None:
    works = put(shelf, arxiv_draft(title="On Rivers"))
    key = a_collection(shelf, read_library(LIBRARY, name="my.bib"), work_of={0: works[0]})

    body, media_type, _ = Lists(shelf).collection_file(key, "ris", title="My rivers")
    again = read_library(body, name="again.ris")

    assert media_type.startswith("application/x-research-info-systems")
    assert [one.key for one in again.references] == ["doe2020rivers", "roe"]


@pytest.mark.parametrize("size", [1, 2])
def test_a_collection_larger_than_a_file_says_that_it_was_cut(shelf: TestShelf, size: int) -> None:
    works = put(shelf, arxiv_draft(title="Not brought along"))
    key = a_collection(shelf, read_library(LIBRARY, name="my.bib"), *works)

    body, _, is_cut = Lists(shelf).collection_file(key, "csl.json", title="My rivers", size=size)

    assert is_cut
    assert len(json.loads(body)) == size


def test_a_collection_that_is_not_there_is_refused(shelf: TestShelf) -> None:
    with pytest.raises(CollectionUnknown):
        Lists(shelf).collection_file("nowhere", "bib", title="")


def test_the_day_of_a_paper_is_not_the_day_of_asking(shelf: TestShelf) -> None:
    works = put(shelf, arxiv_draft())
    desk = Lists(shelf)

    now, later = (
        desk.list_file(works, "feed.json", title="T", address=PAGE, now=at)
        for at in (NOW, datetime(2030, 1, 1, tzinfo=NOW.tzinfo))
    )

    assert now == later
