"""Months of made-up papers, for the doors' tests."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

from academichub.model.calendar import CalendarDay, MonthPage

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.shelf import Card

HOLIDAYS = {(6, 22): ("Juneteenth", "六月节")}


class FakeCalendar:
    """Counts the made-up cards by day; of the works of a day every third is read."""

    if TYPE_CHECKING:
        _cards: tuple[Card, ...]

    def month(self, on: date) -> MonthPage:
        """Give the month that a day is in."""
        first = on.replace(day=1)
        days = [first.replace(day=number) for number in range(1, monthrange(on.year, on.month)[1] + 1)]
        listed = [card.listed_on for card in self._cards]
        return MonthPage(
            month=first,
            days=tuple(
                CalendarDay(
                    on=day,
                    works=listed.count(day),
                    unread=sum(card.listed_on == day and card.work_id % 3 > 0 for card in self._cards),
                    holiday=HOLIDAYS.get((day.month, day.day)),
                )
                for day in days
            ),
            earlier=max((day.replace(day=1) for day in listed if day < first), default=None),
            later=min((day.replace(day=1) for day in listed if day > days[-1]), default=None),
            latest=max(listed, default=None),
        )
