"""Months are counted from the shelves, in as many questions however full they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from academichub.store.calendar import Counted, count_days
from tests.contract.store.test_query_counts import counted
from tests.fakes.drafts import arxiv_draft

if TYPE_CHECKING:
    from tests.fakes.shelf import TestShelf

MAY = (date(2026, 5, 1), date(2026, 5, 31))


def count(shelf: TestShelf, first: date, last: date) -> Counted:
    with shelf.database.reading() as connection:
        return count_days(connection, first, last)


def test_empty_shelves_have_no_days_and_no_neighbours(shelf: TestShelf) -> None:
    assert count(shelf, *MAY) == Counted({}, None, None, None)


def test_days_of_a_month_are_counted_and_its_neighbours_found(shelf: TestShelf) -> None:
    days = [(2, 27), (3, 4), (5, 1), (5, 1), (5, 29), (6, 3)]
    drafts = [
        arxiv_draft(f"2606.{number:05d}", title=f"Paper {number}", on=date(2026, month, day))
        for number, (month, day) in enumerate(days, start=1)
    ]
    shelf.put(*drafts)

    assert count(shelf, *MAY) == Counted(
        works={date(2026, 5, 1): 2, date(2026, 5, 29): 1},
        earlier=date(2026, 3, 4),
        later=date(2026, 6, 3),
        latest=date(2026, 6, 3),
    )
    assert count(shelf, date(2026, 4, 1), date(2026, 4, 30)) == Counted(
        works={}, earlier=date(2026, 3, 4), later=date(2026, 5, 1), latest=date(2026, 6, 3)
    )
    assert count(shelf, date(2026, 2, 1), date(2026, 2, 28)).earlier is None
    assert count(shelf, date(2026, 6, 1), date(2026, 6, 30)).later is None


def test_a_month_asks_two_questions_however_many_papers_it_has(shelf: TestShelf) -> None:
    with counted(shelf) as few:
        count(shelf, *MAY)
    shelf.put(*(arxiv_draft(f"2606.{number:05d}", title=f"Paper {number}") for number in range(1, 60)))
    with counted(shelf) as many:
        count(shelf, *MAY)

    assert len(few) == len(many) == 2
