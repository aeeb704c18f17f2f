"""The shapes of the calendar: one month of days, and what each holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class CalendarDay(NamedTuple):
    """One day of a month."""

    on: date
    works: int = 0
    unread: int = 0  # of its works, neither read nor hidden; never more than `works`
    holiday: tuple[str, str] | None = None  # English and Chinese name, where arXiv announces nothing for it


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month of the calendar. Months are named by their first day."""

    month: date
    days: tuple[CalendarDay, ...]  # every day of the month, in order
    earlier: date | None  # nearest month before with works
    later: date | None
    latest: date | None  # the last day with works; None only when the shelves are empty
