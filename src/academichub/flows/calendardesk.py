"""What doors may ask about months: a part of the hub."""

from __future__ import annotations

from abc import ABC, abstractmethod
from calendar import monthrange
from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.model.calendar import CalendarDay, MonthPage
from academichub.sources import arxivcalendar
from academichub.store import calendar as shelf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from academichub.db.engine import Database


class CalendarDesk(ABC):
    """Months, with the works of each day. The hub is one."""

    database: Database

    @abstractmethod
    def unread_days(self, first: date, last: date) -> Mapping[date, int]:
        """Count the works of each day that are neither read nor hidden; days without any may be left out."""

    def month(self, on: date) -> MonthPage:
        """Give the month that a day is in. Three questions, however many works it has."""
        first = on.replace(day=1)
        last = on.replace(day=monthrange(on.year, on.month)[1])
        with self.database.reading() as connection:
            counted = shelf.count_days(connection, first, last)
        unread = self.unread_days(first, last)
        days = (first + timedelta(days=step) for step in range(last.day))
        return MonthPage(
            month=first,
            days=tuple(_day(one, counted.works.get(one, 0), unread.get(one, 0)) for one in days),
            earlier=counted.earlier.replace(day=1) if counted.earlier else None,
            later=counted.later.replace(day=1) if counted.later else None,
            latest=counted.latest,
        )


def _day(on: date, works: int, unread: int) -> CalendarDay:
    holiday = arxivcalendar.mailing_day(on).holiday
    names = (holiday.occasion.english, holiday.occasion.chinese) if holiday is not None else None
    # The two counts are read one after the other: a mark or a merge between them must not show as more
    # unread works than there are.
    return CalendarDay(on, works, min(unread, works), names)
