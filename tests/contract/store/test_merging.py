"""Two works become one and two again, on both databases, with every count in step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from academichub.db.tables import (
    apart,
    blocks,
    categories,
    day_tallies,
    doubts,
    identifiers,
    manifestations,
    merges,
    ties,
    works,
)
from academichub.errors import DoubtUnknown, MergeUnknown
from academichub.flows.joining import join_by_text
from academichub.flows.reviewing import decide, merge_by_hand, undo_merge
from academichub.intake.kinship import keys_of, prepared
from academichub.model.kinship import Reason
from academichub.model.papers import Bond, Flag, Key, Kind, New, Relation, Twin, Unchanged
from academichub.store import merging, reading, reviewing
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft, sealed

if TYPE_CHECKING:
    from academichub.model.papers import Draft
    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(days=1)
REASONS = (Reason("title", "the same", 3.0), Reason("authors", "all", 2.0))
KEPT = (works, manifestations, identifiers, categories, ties, blocks, day_tallies)


def everything(shelf: TestShelf) -> dict[str, list[dict[str, Any]]]:
    """Read every row that belongs to works, without what only says when it changed."""
    found = {}
    with shelf.database.reading() as connection:
        for table in KEPT:
            rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()
            found[table.name] = [
                {name: value for name, value in row.items() if name not in {"changed_at", "change"}}
                for row in rows
                if table is not day_tallies or row["works"] or row["minutes"]
            ]
    return found


def preprint(number: int = 1, **more: Any) -> Draft:
    doi = f"10.1101/2026.06.01.{number:06d}"
    draft = journal_draft(doi, kind=Kind.PREPRINT, abstract="An abstract.", is_teaser=False, **more)
    return sealed(replace(draft, key=Key("biorxiv.org", doi), venue="bioRxiv"))


def keyed(shelf: TestShelf, *drafts: Draft) -> dict[int, tuple[int, ...]]:
    """Give the keys of works that were put on the shelf."""
    found = {}
    with shelf.database.reading() as connection:
        for draft in drafts:
            scheme, value = draft.identifiers.pairs()[0]
            work_id = reading.find_work(connection, scheme, value)
            found[work_id] = keys_of(prepared(draft))
    return found


def test_a_merge_leaves_one_card_and_undoing_it_restores_every_row(shelf: TestShelf) -> None:
    shelf.put(preprint(categories=("neuroscience",)), journal_draft("10.5555/j.1", categories=("brain",)))
    before = everything(shelf)

    merge_id = merge_by_hand(shelf.database, 2, 1, now=LATER)
    (card,) = shelf.page().cards
    merged = everything(shelf)
    back = undo_merge(shelf.database, merge_id, now=LATER)

    assert (card.work_id, card.manifestations) == (1, 2)
    assert set(card.categories) == {"neuroscience", "brain"}
    assert merged != before
    assert back == 2
    assert everything(shelf) == before
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_a_merged_work_is_found_where_it_went_and_counts_once(shelf: TestShelf) -> None:
    shelf.put(preprint(), journal_draft("10.5555/j.1"), journal_draft("10.5555/j.2"))

    merge_by_hand(shelf.database, 2, 3, now=LATER)
    merge_by_hand(shelf.database, 1, 2, now=LATER)

    with shelf.database.reading() as connection:
        assert merging.where_it_went(connection, 3) == 1
        assert merging.where_it_went(connection, 2) == 1
        assert merging.where_it_went(connection, 1) is None
        assert reading.find_work(connection, "doi", "10.5555/j.2") == 1
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_merges_are_undone_in_any_order_that_leaves_their_keeper(shelf: TestShelf) -> None:
    shelf.put(preprint(), journal_draft("10.5555/j.1"), journal_draft("10.5555/j.2"))
    before = everything(shelf)
    first = merge_by_hand(shelf.database, 1, 2, now=LATER)
    second = merge_by_hand(shelf.database, 1, 3, now=LATER)

    undo_merge(shelf.database, first, now=LATER)
    undo_merge(shelf.database, second, now=LATER)

    assert {row["id"] for row in everything(shelf)["works"]} == {1, 2, 3}
    assert everything(shelf)["identifiers"] == before["identifiers"]
    assert everything(shelf)["categories"] == before["categories"]
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_what_arrived_after_a_merge_stays_with_its_work_when_it_is_undone(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(), journal_draft("10.5555/j.1"))
    merge_id = merge_by_hand(shelf.database, 1, 2, now=LATER)
    shelf.put(arxiv_draft(version=2, title="Second"), now=LATER)

    undo_merge(shelf.database, merge_id, now=LATER)

    cards = {card.work_id: card for card in shelf.page().cards}
    assert cards[1].title_html == "Second"
    assert (cards[1].manifestations, cards[2].manifestations) == (2, 1)
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_an_undone_merge_is_not_made_again_by_the_hub_and_undone_only_once(shelf: TestShelf) -> None:
    shelf.put(preprint(), journal_draft("10.5555/j.1"))
    merge_id = merge_by_hand(shelf.database, 1, 2, now=LATER)
    undo_merge(shelf.database, merge_id, now=LATER)

    with pytest.raises(MergeUnknown):
        undo_merge(shelf.database, merge_id, now=LATER)
    with pytest.raises(MergeUnknown):
        merge_by_hand(shelf.database, 1, 2, now=LATER)
    with pytest.raises(MergeUnknown):
        merge_by_hand(shelf.database, 1, 77, now=LATER)
    assert shelf.count(works) == 2


def test_the_number_of_a_work_that_went_is_never_given_again(shelf: TestShelf) -> None:
    shelf.put(preprint(), journal_draft("10.5555/j.1"))
    merge_id = merge_by_hand(shelf.database, 1, 2, now=LATER)

    shelf.put(journal_draft("10.5555/j.2"), now=LATER)
    undo_merge(shelf.database, merge_id, now=LATER)

    assert {row["id"] for row in everything(shelf)["works"]} >= {1, 2, 3}


def test_a_copy_by_identifier_is_logged_and_undoing_it_gives_it_a_card(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft())
    verdicts = shelf.put(journal_draft("10.5555/j.1", arxiv="2606.00001"), now=LATER)
    with shelf.database.reading() as connection:
        (row,) = reviewing.review_page(connection).merges

    back = undo_merge(shelf.database, row.merge_id, now=LATER)
    again = shelf.put(journal_draft("10.5555/j.1", arxiv="2606.00001"), now=LATER)

    assert verdicts == [Twin(of=1, because="arxiv")]
    assert (row.because, row.kept.work_id, row.gone_title) == ("arxiv", 1, "A title in a journal")
    assert {card.work_id: card.manifestations for card in shelf.page().cards} == {1: 1, back: 1}
    assert again == [Unchanged(back, 2, joins=(1,))]
    assert shelf.count(works) == 2
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_a_preprint_that_learns_of_its_article_joins_it(shelf: TestShelf) -> None:
    shelf.put(preprint(), journal_draft("10.5555/j.1"))
    said = (Relation(Bond.PREPRINT_OF, "doi", "10.5555/j.1"),)

    shelf.put(sealed(replace(preprint(), relations=said)), now=LATER)

    (card,) = shelf.page().cards
    assert (card.work_id, card.manifestations) == (1, 2)
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_an_article_joins_the_preprint_that_named_it_before(shelf: TestShelf) -> None:
    said = (Relation(Bond.PREPRINT_OF, "doi", "10.5555/j.1"),)
    shelf.put(sealed(replace(preprint(), relations=said)))

    verdicts = shelf.put(journal_draft("10.5555/j.1"), now=LATER)

    assert verdicts == [Twin(of=1, because="said")]


def test_news_about_a_paper_is_one_of_its_manifestations_and_never_its_face(shelf: TestShelf) -> None:
    shelf.put(journal_draft("10.5555/j.1", abstract=None))
    news = journal_draft("10.5555/d.1", kind=Kind.NEWS, title="Frogs sing", abstract="They do.")
    about = (Relation(Bond.ABOUT, "doi", "10.5555/j.1"),)

    verdicts = shelf.put(sealed(replace(news, key=Key("news.example", "d.1"), relations=about)), now=LATER)

    assert verdicts == [Twin(of=1, because="about")]
    (card,) = shelf.page().cards
    assert (card.title_html, card.kind, card.manifestations) == ("A title in a journal", Kind.ARTICLE, 2)


@pytest.mark.parametrize("notice_first", [False, True])
def test_a_retraction_flags_its_paper_whichever_comes_first(shelf: TestShelf, *, notice_first: bool) -> None:
    paper = journal_draft("10.5555/j.1")
    said = (Relation(Bond.RETRACTS, "doi", "10.5555/j.1"), Relation(Bond.CORRECTS, "doi", "10.5555/j.1"))
    notice = sealed(
        replace(journal_draft("10.5555/r.1", kind=Kind.RETRACTION, title="Retraction"), relations=said)
    )

    for draft in (notice, paper) if notice_first else (paper, notice):
        assert shelf.put(draft) == [New()]

    flags = {card.title_plain: card.flags for card in shelf.page().cards}
    assert flags == {"A title in a journal": (Flag.RETRACTED, Flag.CORRECTED), "Retraction": ()}
    with shelf.database.reading() as connection:
        page = reading.paper_page(connection, reading.find_work(connection, "doi", "10.5555/j.1"))
    assert [(one.bond, one.title_html) for one in page.related] == [
        (Bond.CORRECTED_BY, "Retraction"),
        (Bond.RETRACTED_BY, "Retraction"),
    ]
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_alike_texts_merge_and_doubtful_ones_wait_for_a_person(shelf: TestShelf) -> None:
    title = "Sparse attention lets small language models read long documents cheaply"
    one = arxiv_draft(title=title)
    other = sealed(replace(journal_draft("10.5555/j.1", title=title), authors=one.authors))
    shelf.put(one)
    shelf.put(other, now=LATER)
    keys = keyed(shelf, one, other)

    with shelf.database.shelving() as connection:
        merged = join_by_text(connection, {2: keys[2]}, now=LATER)

    assert merged == 1
    (card,) = shelf.page().cards
    assert (card.work_id, card.manifestations) == (1, 2)
    with shelf.database.reading() as connection:
        (row,) = reviewing.review_page(connection).merges
    assert row.because == "text"
    assert row.score is not None
    assert row.score > 0.9
    assert row.reasons


def test_a_doubt_is_settled_once_either_way(shelf: TestShelf) -> None:
    shelf.put(preprint(), journal_draft("10.5555/j.1"), journal_draft("10.5555/j.2"))
    with shelf.database.shelving() as connection:
        for other in (2, 3, 2):
            merging.doubt(connection, other, 1, score=0.7, reasons=REASONS, now=LATER)
        page = reviewing.review_page(connection)

    first, second = page.doubts
    decide(shelf.database, first.doubt_id, is_same=True, now=LATER)
    decide(shelf.database, second.doubt_id, is_same=False, now=LATER)

    assert page.doubts_total == 2
    assert (first.one.work_id, first.other.work_id, first.reasons) == (1, 2, REASONS)
    assert {card.work_id for card in shelf.page().cards} == {1, 3}
    assert shelf.count(apart) == 1
    with shelf.database.reading() as connection:
        assert reviewing.review_page(connection).doubts == ()
        states = connection.execute(sa.select(doubts.c.state).order_by(doubts.c.id)).scalars().all()
    assert states == ["merged", "apart"]
    with pytest.raises(DoubtUnknown):
        decide(shelf.database, first.doubt_id, is_same=True, now=LATER)


def test_followers_hear_of_the_card_that_went(shelf: TestShelf) -> None:
    shelf.put(preprint(), journal_draft("10.5555/j.1"))

    merge_by_hand(shelf.database, 1, 2, now=LATER)

    with shelf.database.reading() as connection:
        kept = connection.execute(sa.select(works.c.change).where(works.c.id == 1)).scalar_one()
        gone = connection.execute(sa.select(merges.c.change, merges.c.gone_id)).one()
    assert (gone.gone_id, gone.change > kept > 2) == (2, True)


def test_the_day_of_the_kept_card_stays(shelf: TestShelf) -> None:
    shelf.put(preprint(on=DAY - timedelta(days=3)))
    shelf.put(journal_draft("10.5555/j.1"), now=LATER)

    merge_by_hand(shelf.database, 1, 2, now=LATER)

    assert [day.on for day in shelf.page().strip if day.works] == [DAY - timedelta(days=3)]
