"""What the shelves promise, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import authors, manifestations, sightings, works
from academichub.errors import WorkUnknown
from academichub.model.papers import Announcement, Author, Kind, New, Revised, Twin, Unchanged
from academichub.model.shelf import FeedQuery
from academichub.store import reading
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft

if TYPE_CHECKING:
    from academichub.model.papers import Draft
    from tests.fakes.shelf import TestShelf


def test_a_new_paper_is_one_card_with_everything_it_came_with(shelf: TestShelf) -> None:
    draft = arxiv_draft(title="Small language models", abstract="They are small.")

    verdicts = shelf.put(draft)

    assert verdicts == [New()]
    page = shelf.page()
    assert page.on == DAY
    assert page.works == 1
    (card,) = page.cards
    assert card.title_html == "Small language models"
    assert card.abstract_html == "They are small."
    assert card.byline == ("Ada Example", "Bo Sample")
    assert card.categories == ("cs.LG", "cs.AI")
    assert card.identifiers.arxiv == "2606.00001"
    assert card.version == 1
    assert draft.published is not None
    assert card.published == (draft.published.on, draft.published.precision)


def test_the_same_feed_again_changes_nothing(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(), arxiv_draft("2606.00002"))
    before = shelf.page()

    verdicts = shelf.put(arxiv_draft(), arxiv_draft("2606.00002"), now=NOW + timedelta(hours=1))

    assert [type(one) for one in verdicts] == [Unchanged, Unchanged]
    assert shelf.page() == before
    assert shelf.count(works) == 2


def test_a_paper_twice_in_one_feed_is_one_work(shelf: TestShelf) -> None:
    verdicts = shelf.put(arxiv_draft(), arxiv_draft())

    assert [type(one) for one in verdicts] == [New, Unchanged]
    assert shelf.count(works) == 1


def test_a_cross_list_in_another_feed_is_no_second_card_and_the_strongest_announcement_stays(
    shelf: TestShelf,
) -> None:
    other = shelf.add_source("arxiv:cs.AI")
    shelf.put(arxiv_draft(announcement=Announcement.CROSS), source_id=other)

    shelf.put(arxiv_draft(announcement=Announcement.NEW))
    shelf.put(arxiv_draft(announcement=Announcement.CROSS), source_id=other)

    (card,) = shelf.page().cards
    assert card.announcement is Announcement.NEW
    assert shelf.count(sightings) == 2


def test_a_new_version_revises_its_card_in_place_and_keeps_its_day(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(title="First thoughts"))
    later = DAY + timedelta(days=9)

    verdicts = shelf.put(
        arxiv_draft(version=2, announcement=Announcement.REPLACE, title="Second thoughts", on=later),
        now=NOW + timedelta(days=9),
    )

    assert isinstance(verdicts[0], Revised)
    (card,) = shelf.page(FeedQuery(on=DAY), today=later).cards
    assert (card.title_html, card.version, card.listed_on) == ("Second thoughts", 2, DAY)
    assert card.manifestations == 2
    page = shelf.page(FeedQuery(on=later), today=later)
    assert page.cards == ()
    assert [(row.title_html, row.version, row.listed_on) for row in page.revised] == [
        ("Second thoughts", 2, DAY)
    ]


def test_an_older_version_that_comes_late_does_not_take_the_face(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(version=3, announcement=Announcement.REPLACE, title="Third"))

    verdicts = shelf.put(arxiv_draft(version=1, title="First"))

    assert verdicts == [Twin(of=1, because="version")]
    (card,) = shelf.page().cards
    assert (card.title_html, card.version, card.manifestations) == ("Third", 3, 2)


def test_a_corrected_record_is_rewritten_in_place(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(title="A titel"))

    verdicts = shelf.put(arxiv_draft(title="A title", authors=(Author("Cy Other"),)))

    assert isinstance(verdicts[0], Revised)
    assert verdicts[0].because == "content"
    (card,) = shelf.page().cards
    assert (card.title_html, card.byline) == ("A title", ("Cy Other",))
    assert shelf.count(manifestations) == 1
    assert shelf.count(authors) == 1


def test_a_corrected_record_that_says_less_keeps_what_was_known(shelf: TestShelf) -> None:
    shelf.put(journal_draft(abstract="A whole abstract.", is_teaser=False))

    verdicts = shelf.put(journal_draft(title="A better title", abstract="A standfirst.", authors=()))
    again = shelf.put(journal_draft(title="A better title", abstract="A standfirst.", authors=()))

    assert isinstance(verdicts[0], Revised)
    assert isinstance(again[0], Unchanged)
    (card,) = shelf.page().cards
    assert (card.title_html, card.abstract_html) == ("A better title", "A whole abstract.")
    assert card.byline == ("Ada Example",)
    assert not card.is_teaser


def test_an_entry_that_comes_twice_and_differently_in_one_batch_ends_as_the_last_said(
    shelf: TestShelf,
) -> None:
    shelf.put(arxiv_draft(title="On the shelf"))

    verdicts = shelf.put(
        arxiv_draft(title="Once"),
        arxiv_draft(title="Twice"),
        arxiv_draft("2606.00002", title="New"),
        arxiv_draft("2606.00002", title="New and corrected"),
    )

    assert [type(one) for one in verdicts] == [Revised, Revised, New, Revised]
    assert [card.title_html for card in shelf.page().cards] == ["New and corrected", "Twice"]
    assert shelf.count(authors) == 4
    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_a_journal_copy_with_a_known_doi_is_a_twin_and_the_abstract_stays_on_the_card(
    shelf: TestShelf,
) -> None:
    preprint = arxiv_draft(title="Preprint title", abstract="A whole abstract.")
    shelf.put(preprint)

    verdicts = shelf.put(journal_draft("10.5555/j.7", arxiv="2606.00001"))

    assert verdicts == [Twin(of=1, because="arxiv")]
    (card,) = shelf.page().cards
    assert (card.title_html, card.abstract_html) == ("Preprint title", "A whole abstract.")
    assert card.identifiers.doi == "10.5555/j.7"
    with shelf.database.reading() as connection:
        assert reading.find_work(connection, "doi", "10.5555/j.7") == card.work_id
        paper = reading.paper_page(connection, card.work_id)
    assert [row.place for row in paper.manifestations] == ["journal.example", "arxiv"]


def test_a_version_of_record_with_a_whole_abstract_becomes_the_face_and_categories_stay(
    shelf: TestShelf,
) -> None:
    shelf.put(arxiv_draft())

    shelf.put(journal_draft(arxiv="2606.00001", abstract="The published abstract.", is_teaser=False))

    (card,) = shelf.page().cards
    assert (card.venue, card.kind, card.abstract_html) == (
        "Journal of Examples",
        Kind.ARTICLE,
        "The published abstract.",
    )
    assert card.categories == ("cs.LG", "cs.AI")
    assert [card.work_id for card in shelf.page(FeedQuery(category="cs.AI")).cards] == [card.work_id]


def test_tallies_equal_a_recount_after_every_sort_of_change(shelf: TestShelf) -> None:
    batches: list[list[Draft]] = [
        [arxiv_draft(f"2606.{number:05d}") for number in range(1, 30)],
        [arxiv_draft("2606.00003", version=2, abstract="word " * 900)],
        [journal_draft(arxiv="2606.00004", abstract="Whole.", is_teaser=False), journal_draft("10.5555/j.2")],
        [arxiv_draft("2606.00005", categories=("math.PR", "cs.LG"))],
        [journal_draft("10.5555/j.3", kind=Kind.NEWS, on=DAY - timedelta(days=1))],
    ]

    for batch in batches:
        shelf.put(*batch)

    assert shelf.stored_tallies() == shelf.recounted_tallies()


def test_pages_follow_each_other_without_gap_or_repetition(shelf: TestShelf) -> None:
    shelf.put(*(arxiv_draft(f"2606.{number:05d}") for number in range(1, 58)))
    seen: list[int] = []
    numbers: list[int] = []
    query = FeedQuery(size=25)

    while True:
        page = shelf.page(query)
        seen += [card.work_id for card in page.cards]
        numbers += range(page.first_number, page.first_number + len(page.cards))
        if page.next is None:
            break
        query = FeedQuery(on=page.on, size=25, after=page.next)

    assert numbers == list(range(1, 58))
    assert len(set(seen)) == 57
    assert page.works == 57


def test_the_order_of_a_day_does_not_depend_on_the_order_of_arrival(shelf: TestShelf) -> None:
    drafts = [
        arxiv_draft("2606.00009"),
        arxiv_draft("2601.12345", version=2, announcement=Announcement.REPLACE),
        journal_draft("10.5555/j.1"),
        journal_draft("10.5555/j.2", kind=Kind.NEWS),
    ]
    for draft in reversed(drafts):
        shelf.put(draft)

    shown = [card.identifiers.pairs()[0][1] for card in shelf.page().cards]

    assert shown == ["10.5555/j.1", "2606.00009", "2601.12345", "10.5555/j.2"]


def test_filters_narrow_and_their_counts_are_right(shelf: TestShelf) -> None:
    shelf.put(
        arxiv_draft("2606.00001", categories=("cs.CV",)),
        arxiv_draft("2606.00002", categories=("cs.LG", "cs.CV")),
        arxiv_draft("2606.00003", categories=("math.PR",)),
        journal_draft(),
    )

    by_category = shelf.page(FeedQuery(category="cs.CV"))
    by_both = shelf.page(FeedQuery(category="cs.CV", venue="arXiv"))
    by_kind = shelf.page(FeedQuery(kind=Kind.ARTICLE))
    none = shelf.page(FeedQuery(category="hep-th"))

    assert by_category.works == len(by_category.cards) == 2
    assert by_both.works == len(by_both.cards) == 2
    assert [card.venue for card in by_kind.cards] == ["Journal of Examples"]
    assert (none.works, none.cards) == (0, ())
    assert [(facet.value, facet.works) for facet in none.categories] == [
        ("cs.CV", 2),
        ("cs.LG", 1),
        ("math.PR", 1),
    ]


def test_days_lead_to_their_neighbours_that_have_papers(shelf: TestShelf) -> None:
    for back in (0, 3, 10):
        shelf.put(arxiv_draft(f"2606.0000{back % 9}", on=DAY - timedelta(days=back)))

    page = shelf.page(FeedQuery(on=DAY - timedelta(days=3)))

    assert page.earlier == DAY - timedelta(days=10)
    assert page.later == page.latest == DAY
    assert len(page.strip) == 30
    assert sum(day.works for day in page.strip) == 3


def test_an_empty_shelf_is_an_empty_page(shelf: TestShelf) -> None:
    page = shelf.page()

    assert (page.on, page.cards, page.works, page.latest) == (None, (), 0, None)


def test_an_unknown_work_is_said_to_be_unknown(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection, pytest.raises(WorkUnknown):
        reading.paper_page(connection, 404)
    with shelf.database.reading() as connection, pytest.raises(WorkUnknown):
        reading.find_work(connection, "doi", "10.5555/none")


def test_a_paper_knows_its_authors_in_order_and_its_neighbours_of_the_day(shelf: TestShelf) -> None:
    shelf.put(*(arxiv_draft(f"2606.0000{number}") for number in (1, 2, 3)))
    middle = shelf.page().cards[1]

    with shelf.database.reading() as connection:
        paper = reading.paper_page(connection, middle.work_id)

    assert [author.name for author in paper.authors] == ["Ada Example", "Bo Sample"]
    assert paper.authors[1].orcid == "0000-0002-1825-0097"
    assert paper.authors[1].affiliations == ("Institute of Tests",)
    first, _middle, last = shelf.page().cards
    assert (paper.earlier, paper.later) == (first.work_id, last.work_id)
    assert paper.manifestations[0].seen_in == ("arxiv:cs.LG",)


def test_the_change_sequence_moves_once_for_every_change(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft("2606.00001"), arxiv_draft("2606.00002"))
    shelf.put(arxiv_draft("2606.00001", version=2))
    shelf.put(arxiv_draft("2606.00003"))

    with shelf.database.reading() as connection:
        rows = connection.execute(sa.select(works.c.id, works.c.change).order_by(works.c.id))
        changes = [row.change for row in rows]

    assert changes == [3, 2, 4]


@pytest.mark.parametrize("days", [400, -2])
def test_a_date_in_the_future_lists_a_paper_on_the_day_it_arrived(shelf: TestShelf, days: int) -> None:
    on = date(2026, 6, 19) + timedelta(days=days)

    shelf.put(journal_draft(on=on))

    assert shelf.page(today=DAY).on == (DAY if days > 0 else on)
