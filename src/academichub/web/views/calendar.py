"""A month as a table of days, each a link to its papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.web.address import write

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.calendar import CalendarDay, MonthPage
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

PATH: Final = "/calendar"
_WEEK: Final = 7
_SHADES: Final = 5
_WEEKEND: Final = frozenset({5, 6})


class DayCell(NamedTuple):
    """One day of the month."""

    iso: str
    number: str
    href: str  # "" for a day without papers
    label: str  # what a link says of its day, without the sight of the table
    works: str
    unread: str  # "" where all is read
    said: str  # why a day without papers has none
    shade: int  # 0 to 5: how many papers, of the month's fullest day
    is_today: bool
    is_weekend: bool


class MonthLink(NamedTuple):
    """A neighbouring month."""

    href: str
    label: str


@dataclass(frozen=True, slots=True)
class CalendarView:
    """One month."""

    title: str
    month: str  # as addresses write it
    weekdays: tuple[tuple[str, str], ...]  # short name and full one, Monday first
    weeks: tuple[tuple[DayCell | None, ...], ...]  # None where a week is of two months
    earlier: MonthLink | None
    later: MonthLink | None
    tally: str
    nothing: str
    nearest: MonthLink | None  # to the latest month with papers, where this one has none
    today: MonthLink
    carried: tuple[tuple[str, str], ...]


def build_calendar(page: MonthPage, visit: Visit, *, today: date) -> CalendarView:
    """Build the page of a month."""
    words = visit.words
    most = max((day.works for day in page.days), default=0)
    cells: list[DayCell | None] = [None] * page.month.weekday()
    cells += [_cell(day, visit, most=most, today=today) for day in page.days]
    cells += [None] * (-len(cells) % _WEEK)
    monday = page.month - timedelta(days=page.month.weekday())
    days = [monday + timedelta(days=step) for step in range(_WEEK)]
    is_empty = not any(day.works for day in page.days)
    return CalendarView(
        title=_name(page.month, words),
        month=f"{page.month:%Y-%m}",
        weekdays=tuple((_short(words.weekday(day), words), words.weekday(day)) for day in days),
        weeks=tuple(tuple(cells[start : start + _WEEK]) for start in range(0, len(cells), _WEEK)),
        earlier=_link(page.earlier, visit),
        later=_link(page.later, visit),
        tally=_tally(page, words),
        nothing=words.text("No papers in this month.") if is_empty else "",
        nearest=_link(page.latest, visit) if is_empty else None,
        today=MonthLink(write("/", {}, date=today.isoformat(), lang=visit.lang), words.text("Today")),
        carried=(("lang", visit.lang),) if visit.lang else (),
    )


def _cell(day: CalendarDay, visit: Visit, *, most: int, today: date) -> DayCell:
    words, on = visit.words, day.on
    said = _why(day, words)
    parts = [words.long_day(on)]
    if day.works:
        parts.append(words.count("{n} paper", "{n} papers", day.works))
    if day.unread:
        parts.append(words.count("{n} unread", "{n} unread", day.unread))
    if said:
        parts.append(said)
    return DayCell(
        iso=on.isoformat(),
        number=str(on.day),
        href=write("/", {}, date=on.isoformat(), lang=visit.lang) if day.works else "",
        label=words.text("list comma").join(parts),
        works=f"{day.works:,}" if day.works else "",
        unread=words.count("{n} unread", "{n} unread", day.unread) if day.unread else "",
        said=said,
        # The square root lets a quiet day's four papers be seen beside a busy day's four hundred.
        shade=max(round(_SHADES * (day.works / most) ** 0.5), 1) if day.works else 0,
        is_today=on == today,
        is_weekend=on.weekday() in _WEEKEND,
    )


def _why(day: CalendarDay, words: Catalogue) -> str:
    """Name the holiday on which arXiv announces nothing."""
    if day.holiday is None:
        return ""
    english, chinese = day.holiday
    return chinese if words.language == "zh" else english


def _link(month: date | None, visit: Visit) -> MonthLink | None:
    if month is None:
        return None
    return MonthLink(write(PATH, {}, month=f"{month:%Y-%m}", lang=visit.lang), _name(month, visit.words))


def _name(month: date, words: Catalogue) -> str:
    """Write a month: June 2026, 2026年6月."""
    return words.long_month(month)


def _short(weekday: str, words: Catalogue) -> str:
    """Shorten a day of the week to the head of a column: Fri, 五."""
    return weekday[-1:] if words.language == "zh" else weekday[:3]


def _tally(page: MonthPage, words: Catalogue) -> str:
    works, unread = sum(day.works for day in page.days), sum(day.unread for day in page.days)
    if not works:
        return ""
    papers = words.count("{n} paper", "{n} papers", works)
    if not unread:
        return papers
    return words.text("{papers} · {n} unread", papers=papers, n=f"{unread:,}")
