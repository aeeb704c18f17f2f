"""Works' texts are read for ranking: whole, in one order, from the face, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from academichub.flows.reviewing import merge_by_hand
from academichub.model.papers import Author, Kind
from academichub.store import corpus
from academichub.store.sources import remove_source
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft, sealed

if TYPE_CHECKING:
    import pytest

    from tests.fakes.shelf import TestShelf

NEXT_DAY = DAY + timedelta(days=1)
LATER = NOW + timedelta(days=1)


def test_a_work_is_read_with_everything_that_ranking_looks_at(shelf: TestShelf) -> None:
    other = shelf.add_source("arxiv:cs.AI")
    shelf.put(arxiv_draft(title="Frogs", abstract="They sing."))
    shelf.put(arxiv_draft(title="Frogs", abstract="They sing."), source_id=other)

    with shelf.database.reading() as connection:
        found = corpus.texts(connection, [1, 77])

    assert found == {
        1: corpus.WorkText(
            work_id=1,
            listed_on=DAY,
            kind=Kind.PREPRINT,
            venue="arXiv",
            title="Frogs",
            abstract="They sing.",
            language="en",
            byline=("Ada Example", "Bo Sample"),
            categories=("cs.LG", "cs.AI"),
            dois=(),
            sources=("arxiv:cs.AI", "arxiv:cs.LG"),
            change=found[1].change,
            text_hash=corpus.text_hash("Frogs", "They sing."),
        )
    }


def test_a_teaser_is_no_abstract(shelf: TestShelf) -> None:
    shelf.put(journal_draft(abstract="Frogs!", authors=()))

    with shelf.database.reading() as connection:
        (found,) = corpus.day_texts(connection, DAY)

    assert (found.abstract, found.byline, found.categories) == (None, (), ())
    assert found.text_hash == corpus.text_hash(found.title, None)


def test_a_work_in_two_places_has_the_text_of_its_face_and_the_names_of_both(shelf: TestShelf) -> None:
    journals = shelf.add_source("feed:journal", kind="feed")
    preprint = journal_draft(
        "10.1101/1", kind=Kind.PREPRINT, title="Frogs", abstract="They sing.", is_teaser=False
    )
    shelf.put(preprint)
    shelf.put(journal_draft("10.5555/j.1", abstract=None), source_id=journals)
    merge_by_hand(shelf.database, 2, 1, now=LATER)

    with shelf.database.reading() as connection:
        (found,) = corpus.texts(connection, [1, 2]).values()

    assert (found.title, found.abstract) == ("Frogs", "They sing.")
    assert found.dois == ("10.1101/1", "10.5555/j.1")
    assert found.sources == ("arxiv:cs.LG", "feed:journal")


def test_a_work_whose_source_was_removed_is_still_read(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft())
    with shelf.database.writing() as connection:
        remove_source(connection, "arxiv:cs.LG")
        (found,) = corpus.day_texts(connection, DAY)

    assert found.sources == ()


def test_days_are_read_newest_first(shelf: TestShelf) -> None:
    for back in (3, 0, 1):
        on = DAY - timedelta(days=back)
        shelf.put(*(arxiv_draft(f"2606.{back}{number:04d}", on=on) for number in range(1, 4)))

    with shelf.database.reading() as connection:
        of_day = corpus.day_texts(connection, DAY)
        recent = list(corpus.recent_texts(connection, until=DAY - timedelta(days=1)))
        few = list(corpus.recent_texts(connection, until=DAY, limit=4))
        days = corpus.days(connection, until=DAY - timedelta(days=1), limit=30)
        last_day = corpus.days(connection, until=NEXT_DAY, limit=1)
        by_number = list(corpus.texts(connection, range(1, 10)))

    assert [one.work_id for one in of_day] == [6, 5, 4]
    assert [one.work_id for one in recent] == [9, 8, 7, 3, 2, 1]
    assert [one.work_id for one in few] == [6, 5, 4, 9]
    assert by_number == [6, 5, 4, 9, 8, 7, 3, 2, 1]
    assert days == [DAY - timedelta(days=1), DAY - timedelta(days=3)]
    assert last_day == [DAY]


def test_a_long_past_is_streamed_whole(shelf: TestShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "STREAMED", 10)
    shelf.put(*(arxiv_draft(f"2606.{number:05d}") for number in range(1, 32)))

    with shelf.database.reading() as connection:
        streamed = list(corpus.recent_texts(connection, until=DAY))
        at_once = corpus.day_texts(connection, DAY)

    assert len(streamed) == 31
    assert streamed == at_once


def test_a_new_version_is_read_on_the_day_it_was_announced(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(), arxiv_draft("2606.00002"))
    shelf.put(arxiv_draft(version=2, title="Second", on=NEXT_DAY), now=LATER)
    shelf.put(arxiv_draft("2606.00003", title="Third", on=NEXT_DAY), now=LATER)

    with shelf.database.reading() as connection:
        revised = corpus.revised_texts(connection, NEXT_DAY)
        listed = corpus.day_texts(connection, NEXT_DAY)

    assert [(one.work_id, one.title, one.listed_on) for one in revised] == [(1, "Second", DAY)]
    assert [one.title for one in listed] == ["Third"]


def test_authors_are_those_of_the_face(shelf: TestShelf) -> None:
    people = (Author("Cy 陈", None, ("蛙类研究所", "Pond")), Author("Di"))
    shelf.put(arxiv_draft(), sealed(replace(arxiv_draft("2606.00002"), authors=people)))
    shelf.put(journal_draft(authors=()))

    with shelf.database.reading() as connection:
        found = corpus.authors(connection, [1, 2, 3])

    assert found == {
        1: (Author("Ada Example"), Author("Bo Sample", "0000-0002-1825-0097", ("Institute of Tests",))),
        2: people,
    }


def test_works_are_found_by_many_names_at_once(shelf: TestShelf) -> None:
    shelf.put(*(journal_draft(f"10.5555/j.{number}") for number in range(1, 450)), arxiv_draft())

    with shelf.database.reading() as connection:
        pairs = [("doi", f"10.5555/j.{number}") for number in range(500)] + [("arxiv", "2606.00001")]
        found = corpus.works_of(connection, pairs)

    assert len(found) == 450
    assert found["doi", "10.5555/j.7"] == 7
    assert found["arxiv", "2606.00001"] == 450


@given(st.text(), st.text())
def test_a_text_is_named_by_title_and_abstract(title: str, abstract: str) -> None:
    name = corpus.text_hash(title, abstract)

    assert len(name) == 16
    assert name == corpus.text_hash(title, abstract)
    assert corpus.text_hash(title, "") == corpus.text_hash(title, None)
    assert name != corpus.text_hash(title + "x", abstract)


def test_a_day_without_works_is_empty(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection:
        assert corpus.day_texts(connection, date(2020, 1, 1)) == []
        assert corpus.revised_texts(connection, DAY) == []
        assert list(corpus.recent_texts(connection, until=DAY)) == []
        assert corpus.texts(connection, []) == {}
        assert corpus.days(connection, until=DAY, limit=3) == []
