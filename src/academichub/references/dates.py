"""Read the dates of library files into ISO 8601, as precise as they are. Never invents a month or day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from academichub.model.papers import Precision
from academichub.text.dates import read_date

MAX_LENGTH: Final = 200  # characters; anything longer is prose
_LAST_MONTH: Final = 12
# A library may hold a book of any year: no date in it is too far ahead.
_ANY_TIME: Final = datetime(9990, 1, 1, tzinfo=UTC)
_ISO: Final = re.compile(
    r"([0-9]{3,4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?(?:T[0-9:.+Zz-]*)?[~?%]?", re.ASCII
)
_RIS: Final = re.compile(r"([0-9]{4})/([0-9]{0,2})(?:/([0-9]{0,2})(?:/(.*))?)?", re.ASCII | re.DOTALL)
_RANGE: Final = re.compile(r"\s*(?:/|–|—|--|\bto\b|\bbis\b|\.\.)\s*")
_YEAR: Final = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})(?![0-9])", re.ASCII)


def iso(year: int, month: int = 0, day: int = 0) -> str:
    """Write a date as precisely as the calendar has it; '' where there is no such year."""
    if not 0 < year <= date.max.year:
        return ""
    if not 0 < month <= _LAST_MONTH:
        return f"{year:04}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return f"{year:04}-{month:02}"


def iso_date(written: str) -> str:
    """Read a date written in any way; of a range, where it begins. '' where there is none.

    Reads ISO 8601 and EDTF (`2021-05/2021-06`, `1964~`), RIS (`2019/07//Summer`), words of six languages,
    Chinese, and at last any year in the text.
    """
    text = " ".join(written.split())
    if not text or len(text) > MAX_LENGTH:
        return ""
    if found := _RIS.fullmatch(text):
        return iso(int(found[1]), int(found[2] or 0), int(found[3] or 0))
    start = _RANGE.split(text, maxsplit=1)[0]
    for part in (text, start):
        if found := _ISO.fullmatch(part):
            return iso(int(found[1]), int(found[2] or 0), int(found[3] or 0))
        if read := _in_words(part):
            return read
    year = _YEAR.search(text)
    return year[1] if year else ""


def year_of(date_written: str) -> int | None:
    """Give the year of an ISO date, or None for ''."""
    return int(date_written[:4]) if date_written else None


def finest(written: list[str]) -> str:
    """Give the most precise of several dates that agree with the first one's year."""
    read = [found for each in written if (found := iso_date(each))]
    return max((each for each in read if each[:4] == read[0][:4]), key=len, default="")


def _in_words(text: str) -> str:
    moment = read_date(text, now=_ANY_TIME)
    if moment is None:
        return ""
    on = moment.on
    if moment.precision is Precision.YEAR:
        return iso(on.year)
    return iso(on.year, on.month) if moment.precision is Precision.MONTH else iso(on.year, on.month, on.day)
