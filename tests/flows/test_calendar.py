"""A month as the hub gives it: works, unread works, and arXiv's holidays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.flows.calendardesk import CalendarDesk
from academichub.model.calendar import CalendarDay
from tests.fakes.drafts import arxiv_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TO_READ = {date(2026, 6, 19): 1, date(2026, 6, 18): 9}


class Desk(CalendarDesk):
    """A desk whose reader has read what they have read."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def unread_days(self, first: date, last: date) -> Mapping[date, int]:
        return {day: n for day, n in TO_READ.items() if first <= day <= last}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[TestShelf]:
    made = TestShelf(f"sqlite:///{tmp_path / 'hub.db'}")
    yield made
    made.close()


def test_a_month_has_all_its_days_with_what_they_hold(shelf: TestShelf) -> None:
    shelf.put(
        *(
            arxiv_draft(f"2606.{number:05d}", title=f"Paper {number}", on=date(2026, month, day))
            for number, (month, day) in enumerate([(6, 18), (6, 19), (6, 19), (3, 2)], start=1)
        )
    )

    page = Desk(shelf.database).month(date(2026, 6, 24))

    assert page.month == date(2026, 6, 1)
    assert [day.on.day for day in page.days] == list(range(1, 31))
    assert page.days[18] == CalendarDay(date(2026, 6, 19), works=2, unread=1)
    assert page.days[17].unread == 1  # a mark or a merge between two questions makes no unread work more
    assert (page.earlier, page.later, page.latest) == (date(2026, 3, 1), None, date(2026, 6, 19))


def test_a_holiday_of_arxivs_stands_on_the_day_whose_feed_stays_empty(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    migrate(database)

    january = Desk(database).month(date(2026, 1, 31))

    # Monday the 19th is the office day that is kept; its list would have been Tuesday's.
    assert january.days[19].holiday == ("Martin Luther King Jr. Day", "马丁·路德·金纪念日")
    assert january.days[18].holiday is None
    assert january.latest is None
    database.close()
