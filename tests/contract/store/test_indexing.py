"""What an index reads: every change once, in order, whatever happens meanwhile; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.model.papers import Author, Link, LinkRole
from academichub.store import indexing, merging, vectors
from academichub.store.vectors import Vector
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.store.indexing import Changed, Shelved


@pytest.fixture
def shelf(database_url: str) -> Iterator[TestShelf]:
    opened = TestShelf(database_url)
    yield opened
    opened.close()


def read(shelf: TestShelf, after: int = 0, *, limit: int = 100) -> Changed:
    with shelf.database.reading() as connection:
        return indexing.changed(connection, after, limit=limit)


def one(shelf: TestShelf, work_id: int = 1) -> Shelved:
    with shelf.database.reading() as connection:
        return indexing.shelved(connection, [work_id])[work_id]


def test_a_work_is_read_with_everything_that_an_index_holds(shelf: TestShelf) -> None:
    draft = arxiv_draft(
        "2606.00001",
        title="Lanterns on ice",
        abstract="They glow.",
        categories=("cs.LG", "math.ST"),
        comment="12 pages",
        links=(
            Link("https://arxiv.org/abs/2606.00001", LinkRole.LANDING),
            Link("https://code.example/a", LinkRole.CODE),
        ),
    )

    shelf.put(draft)

    work = one(shelf)
    assert (work.title, work.abstract, work.is_teaser) == ("Lanterns on ice", "They glow.", False)
    assert (work.byline, work.orcids) == (("Ada Example", "Bo Sample"), ("0000-0002-1825-0097",))
    assert (work.categories, work.venue, work.kind.value) == (("cs.LG", "math.ST"), "arXiv", "preprint")
    assert (work.identifiers, work.sources) == (("arxiv:2606.00001",), ("arxiv:cs.LG",))
    assert work.links[1] == "code https://code.example/a"
    assert (work.comment, work.listed_on) == ("12 pages", DAY)


def test_a_teaser_is_read_and_marked_as_one(shelf: TestShelf) -> None:
    shelf.put(journal_draft())

    work = one(shelf)

    assert (work.abstract, work.is_teaser) == ("A standfirst.", True)


def test_following_in_small_steps_reads_every_work_once_and_in_order(shelf: TestShelf) -> None:
    shelf.put(*(arxiv_draft(f"2606.{number:05d}", title=f"Title {number}") for number in range(1, 8)))

    seen: list[int] = []
    after, is_last = 0, False
    while not is_last:
        part = read(shelf, after, limit=3)
        seen += [work.work_id for work in part.works]
        after, is_last = part.until, part.is_last

    assert seen == [1, 2, 3, 4, 5, 6, 7]
    with shelf.database.reading() as connection:
        assert after == indexing.latest_change(connection)


def test_what_changes_again_comes_again(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft("2606.00001"), arxiv_draft("2606.00002", title="Another"))
    before = read(shelf).until

    shelf.put(arxiv_draft("2606.00001", version=2, title="A title, revised", on=DAY + timedelta(days=1)))

    part = read(shelf, before)
    assert [(work.work_id, work.title) for work in part.works] == [(1, "A title, revised")]
    assert read(shelf, part.until).works == ()


def test_a_work_that_one_more_source_brings_comes_again_once(shelf: TestShelf) -> None:
    other = shelf.add_source("arxiv:cs.AI")
    shelf.put(arxiv_draft("2606.00001"), arxiv_draft("2606.00002", title="Another"))
    before = read(shelf).until

    shelf.put(arxiv_draft("2606.00001"), source_id=other)
    part = read(shelf, before)
    shelf.put(arxiv_draft("2606.00001"), source_id=other)

    assert [(work.work_id, work.sources) for work in part.works] == [(1, ("arxiv:cs.AI", "arxiv:cs.LG"))]
    assert read(shelf, part.until).works == ()


def test_a_card_that_went_is_told_until_it_is_back(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft("2606.00001"), arxiv_draft("2606.00002", title="Another"))
    before = read(shelf).until
    with shelf.database.shelving() as connection:
        merge_id = merging.merge(connection, kept_id=1, gone_id=2, because="hand", now=NOW)
    assert merge_id is not None

    merged = read(shelf, before)
    with shelf.database.shelving() as connection:
        merging.undo(connection, shelf.database, merge_id, now=NOW)
    undone = read(shelf, merged.until)
    all_at_once = read(shelf, before)

    assert ([work.work_id for work in merged.works], merged.gone) == ([1], (2,))
    assert (sorted(work.work_id for work in undone.works), undone.gone) == ([1, 2], ())
    assert (sorted(work.work_id for work in all_at_once.works), all_at_once.gone) == ([1, 2], ())


def test_shelves_are_named_once_and_keep_their_name(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection:
        assert indexing.identity(connection) == 0

    with shelf.database.writing() as connection:
        first = indexing.name_shelves(connection, 77)
        second = indexing.name_shelves(connection, 88)

    assert (first, second) == (77, 77)


def test_counts_follow_the_shelves(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection:
        assert (indexing.count_works(connection), indexing.latest_change(connection)) == (0, 0)

    shelf.put(arxiv_draft("2606.00001"), arxiv_draft("2606.00002", title="Another"))

    with shelf.database.reading() as connection:
        assert indexing.count_works(connection) == 2
        assert indexing.count_changed(connection, 0) == 2
        assert indexing.count_changed(connection, 1) == 1


def test_the_newest_works_come_first(shelf: TestShelf) -> None:
    shelf.put(
        arxiv_draft("2606.00001", on=DAY - timedelta(days=1)),
        arxiv_draft("2606.00002", title="Another"),
        arxiv_draft("2606.00003", title="A third", on=DAY - timedelta(days=2)),
    )

    with shelf.database.reading() as connection:
        newest = indexing.newest(connection, limit=2)

    assert [work.work_id for work in newest] == [2, 1]


def test_the_orcids_of_another_version_are_not_the_work_s(shelf: TestShelf) -> None:
    draft = arxiv_draft("2606.00001")
    shelf.put(draft)

    later = replace(
        arxiv_draft("2606.00001", version=2, on=DAY + timedelta(days=1)), authors=(Author("Ada Example"),)
    )
    shelf.put(later)

    assert one(shelf).orcids == ()


def test_vectors_are_read_page_by_page_and_since_an_instant(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        old = [Vector(number, "h", 1, bytes([number])) for number in (3, 1, 2)]
        vectors.keep(connection, "a@1", old, now=NOW)
        vectors.keep(connection, "a@1", [Vector(9, "h", 1, b"9")], now=NOW + timedelta(hours=1))
        vectors.keep(connection, "b@1", [Vector(4, "h", 1, b"4")], now=NOW)

    with shelf.database.reading() as connection:
        first = indexing.vectors_after(connection, "a@1", 0, since=None, limit=2)
        rest = indexing.vectors_after(connection, "a@1", 2, since=None, limit=2)
        new = indexing.vectors_after(connection, "a@1", 0, since=NOW + timedelta(minutes=1), limit=9)

    assert [kept.work_id for kept in first] == [1, 2]
    assert [(kept.work_id, kept.vector) for kept in rest] == [(3, b"\x03"), (9, b"9")]
    assert [(kept.work_id, kept.at) for kept in new] == [(9, NOW + timedelta(hours=1))]
