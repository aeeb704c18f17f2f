"""Read dates as feeds and journals write them. Never invents a day, a month or a zone's calendar."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Moment, Precision

if TYPE_CHECKING:
    from collections.abc import Mapping

_EARLIEST_YEAR: Final = 1600  # before the first journals (1665); anything older is a fault
_AHEAD: Final = timedelta(days=731)  # publishers print the dates of issues to come
_MAX_LENGTH: Final = 100  # characters; a longer text is prose, not a date
_PIVOT: Final = 69  # two-digit years: 00-68 are 2000-2068, 69-99 are 1969-1999, as in POSIX

_MONTH_NAMES: Final = (
    "january jan januar janvier janv enero ene gennaio gen janeiro",
    "february feb februar fevrier fev fevr febrero febbraio fevereiro",
    "march mar marz mrz maerz mars marzo marco",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug aout aou agosto ago",
    "september sept sep septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dicembre dezembro",
)
# English, French, German, Spanish, Italian and Portuguese, without accents; no name means two months.
_MONTH_BY_NAME: Final[Mapping[str, int]] = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
_SEASONS: Final = frozenset(("spring", "summer", "autumn", "fall", "winter"))
# Words that stand in dates and add nothing. "Issue" and "volume" are not here: their number would
# be taken for a day.
_FILLER_WORDS: Final = (
    "de del do of the le den am on at um and st nd rd th er",
    "available online published publication date first",
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "segunda terca quarta quinta sexta feira",
)
_FILLERS: Final = frozenset(word for words in _FILLER_WORDS for word in words.split())
# Minutes east of Greenwich. RFC 822 names the American ones; "CST" is theirs, not China's.
_ZONE_NAMES: Final = (
    (-600, "HST"),
    (-540, "AKST"),
    (-480, "PST AKDT"),
    (-420, "PDT MST"),
    (-360, "MDT CST"),
    (-300, "CDT EST"),
    (-240, "EDT"),
    (-180, "BRT"),
    (0, "UT UTC GMT Z WET"),
    (60, "CET MET BST WEST"),
    (120, "CEST MEST EET"),
    (180, "EEST MSK"),
    (480, "HKT SGT"),
    (540, "JST KST"),
    (600, "AEST"),
    (660, "AEDT"),
    (720, "NZST"),
    (780, "NZDT"),
)
_ZONES: Final[Mapping[str, int]] = {name: east for east, names in _ZONE_NAMES for name in names.split()}

_TIME: Final = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?(?:\s?([ap])\.?m\b\.?)?"
_OFFSET: Final = r"(?:GMT|UTC)?([+-][0-9]{2}):?([0-9]{2})\b"
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]|$)|[0-9]{8}(?:T[0-9]|$)")
_RFC822: Final = re.compile(
    r"(?:[a-z]{2,9}\.?,?\s+)?([0-9]{1,2})[\s-]+([a-z]{3,9})\.?[\s-]+([0-9]{4}|[0-9]{2}),?\s+"
    rf"{_TIME}(?:\s*(?:{_OFFSET}|([a-z]{{1,5}})))?\s*(?:\([^()]*\))?",
    re.IGNORECASE | re.ASCII,
)
_BIG_ENDIAN: Final = re.compile(  # 2026 2026-6 2026/6/18 2026-06-18-08:00 2026.6.18 10:30 +0800
    rf"([0-9]{{4}})(?:([-/.])([0-9]{{1,2}})(?:\2([0-9]{{1,2}})(?:[T\s]+{_TIME})?\s*(?:{_OFFSET}|([a-z]{{1,5}}))?)?)?",
    re.IGNORECASE | re.ASCII,
)
_LITTLE_ENDIAN: Final = re.compile(  # 18.06.2026 18/6/2026, and the American 6/18/2026
    rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}})(?:,?\s+{_TIME})?\s*(?:{_OFFSET}|([a-z]{{1,5}}))?",
    re.IGNORECASE | re.ASCII,
)
_CJK: Final = re.compile(  # 2026年 2026年6月 2026年6月18日 星期四 10:30
    r"([0-9]{4})\s*[年년]\s*(?:([0-9]{1,2})\s*[月월]\s*(?:([0-9]{1,2})\s*[日号號일]\s*)?)?"
    rf"(?:\(?(?:星期|周|週|礼拜)[一二三四五六日天]\)?\s*)?(?:{_TIME})?"
)
_TIME_IN_TEXT: Final = re.compile(rf"\b{_TIME}(?:\s*{_OFFSET})?", re.IGNORECASE | re.ASCII)
_NOTE: Final = re.compile(r"\([^()]*\)$")
_TOKEN: Final = re.compile(r"[a-z]+|[0-9]+")
_BETWEEN_TOKENS: Final = " ,.;:/&-–—'"
# Orders in which Day, Month, Season and Year are written. Of two, the first counts: "Jun-Jul 2026" is an
# issue dated June.
_ORDERS: Final = frozenset(
    (
        *("DMY", "MDY", "YMD", "DDMY", "MDDY", "YMDD"),
        *("MY", "YM", "MMY", "YMM", "MYMY", "YMYM"),
        *("Y", "SY", "YS", "SSY", "YSS", "SYY", "SYSY"),
    )
)

_Clock = tuple[str | None, str | None, str | None, str | None]  # hour, minute, second, "a" or "p"


def read_date(value: str, *, now: datetime) -> Moment | None:
    """Read a date in any form that feeds and journals use.

    ISO 8601, RFC 822 with named zones and two-digit years, ctime, "18 June 2026", "2026 Jun 18",
    "Jun-Jul 2026", "Summer 2026", 2026年6月18日, and month names of six languages. A wrong weekday is
    ignored. A zone that nobody knows is taken for UTC. "06/07/2026" is only sure of its year.

    Args:
        value: The text of one date, nothing around it.
        now: UTC-aware; dates more than two years ahead of it are faults.

    Returns:
        The instant, the day as written and how much of it was said; None where it cannot be
        read or lies outside 1600 to two years from now.
    """
    text = value.strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        moment = _read_iso(text) or _read_rfc822(text) or _read_numbers(text) or _read_words(text)
    except (ValueError, OverflowError):  # 31 June, or midnight east of Greenwich on the first day ever
        return None
    if moment is None or moment.on.year < _EARLIEST_YEAR or moment.at > now + _AHEAD:
        return None
    return moment


def _read_iso(text: str) -> Moment | None:
    """Read what the standard library reads well: full dates with or without a time."""
    # Unchecked, fromisoformat takes any character for the "T": "2018-12-17-08:00" would be eight o'clock.
    if not _ISO.match(text):
        return None
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    if ":" not in text and "T" not in text:
        return _day(written.year, written.month, written.day)
    at = written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    return Moment(at, written.date(), Precision.INSTANT)


def _read_rfc822(text: str) -> Moment | None:
    """Read the dates of RSS: "Thu, 18 Jun 2026 12:00:00 PDT"."""
    match = _RFC822.fullmatch(text)
    if match is None:
        return None
    day, name, year, hour, minute, second, half, east, east_minutes, zone = match.groups()
    month = _MONTH_BY_NAME.get(name.lower())
    if month is None:
        return None
    return _instant(
        date(_full_year(year), month, int(day)), (hour, minute, second, half), _east(east, east_minutes, zone)
    )


def _read_numbers(text: str) -> Moment | None:
    """Read dates that are all numbers, in the orders that Europe, America and Asia write them."""
    match = _BIG_ENDIAN.fullmatch(text)
    if match:
        year, _, month, day, *rest = match.groups()
        return _from_numbers(year, month, day, rest)
    match = _LITTLE_ENDIAN.fullmatch(text)
    if match:
        first, separator, second, year, *rest = match.groups()
        if separator == "." or int(first) > 12 or first == second:  # noqa: PLR2004  months of a year
            return _from_numbers(year, second, first, rest)
        if int(second) > 12:  # noqa: PLR2004  months of a year
            return _from_numbers(year, first, second, rest)
        return _day(int(year), 0, 0)  # day and month cannot be told apart
    match = _CJK.fullmatch(unicodedata.normalize("NFKC", text)) if not text.isascii() else None
    if match:
        year, month, day, *rest = match.groups()
        return _from_numbers(year, month, day, [*rest, None, None, None])
    return None


def _from_numbers(year: str, month: str | None, day: str | None, rest: list[str | None]) -> Moment:
    """Make a moment of matched digits; `rest` holds the clock (4) and the zone (3)."""
    hour, minute, second, half, east, east_minutes, zone = rest
    numbers = int(year), int(month or 0), int(day or 0)
    if hour and all(numbers):
        return _instant(date(*numbers), (hour, minute, second, half), _east(east, east_minutes, zone))
    return _day(*numbers)


def _read_words(text: str) -> Moment | None:
    """Read dates with a month or season in words, by the order of the parts."""
    plain = _NOTE.sub("", _unaccented(text))
    time = _TIME_IN_TEXT.search(plain)
    if time:
        plain = plain[: time.start()] + " " + plain[time.end() :]
    if _TOKEN.sub("", plain).strip(_BETWEEN_TOKENS):
        return None
    order, zone = "", ""
    numbers: list[int] = []
    for token in _TOKEN.findall(plain):
        kind, number = _kind_of(token)
        if kind == "Z":
            zone = token
        elif kind:
            order += kind
            numbers.append(number)
    if order == "DMD":  # 18-Jun-26
        order, numbers[2] = "DMY", _full_year(f"{numbers[2]:02}")
    if order not in _ORDERS:
        return None
    year, month, day = (numbers[place] if (place := order.find(part)) >= 0 else 0 for part in "YMD")
    if not (time and day):
        return _day(year, month, day)
    hour, minute, second, half, east, east_minutes = time.groups()
    return _instant(date(year, month, day), (hour, minute, second, half), _east(east, east_minutes, zone))


def _kind_of(token: str) -> tuple[str, int]:
    """Sort a token: Year, Day, Month, Season, Zone, "" for a filler, "?" for anything else."""
    if token.isdigit():
        return {1: "D", 2: "D", 4: "Y"}.get(len(token), "?"), int(token)
    month = _MONTH_BY_NAME.get(token)
    if month:
        return "M", month
    if token in _SEASONS:
        return "S", 0
    if token in _FILLERS:
        return "", 0
    return ("Z" if token.upper() in _ZONES else "?"), 0


def _unaccented(text: str) -> str:
    """Give the text in lower case without accents, so that "Août" is "aout"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).lower()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _full_year(year: str) -> int:
    """Give a year its century."""
    number = int(year)
    if len(year) > 2:  # noqa: PLR2004  two digits of a year
        return number
    return number + (2000 if number < _PIVOT else 1900)


def _east(hours: str | None, minutes: str | None, name: str | None) -> int:
    """Give the minutes east of Greenwich of a zone; 0 where it is not named or not known."""
    if hours and minutes:
        return int(hours) * 60 + (-int(minutes) if hours[0] == "-" else int(minutes))
    return _ZONES.get(name.upper(), 0) if name else 0


def _instant(on: date, clock: _Clock, east_minutes: int) -> Moment:
    """Put a clock time of a day on the UTC line.

    24:00 and the leap second 23:59:60 are legal and fall on the next day.

    Raises:
        ValueError: No clock shows that time.
        OverflowError: The instant is outside the calendar.
    """
    hour, minute, second = (int(part or 0) for part in clock[:3])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3] in "pP" else 0)
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004  a clock's own limits
        raise ValueError(clock)
    at = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(
        hours=hour, minutes=minute - east_minutes, seconds=second
    )
    return Moment(at, on, Precision.INSTANT)


def _day(year: int, month: int, day: int) -> Moment:
    """Make a moment of a calendar date; a month or day of 0 was not said.

    Raises:
        ValueError: The calendar has no such date.
    """
    precision = Precision.YEAR if not month else Precision.DAY if day else Precision.MONTH
    at = datetime(year, month or 1, (day or 1) if month else 1, tzinfo=UTC)
    return Moment(at, at.date(), precision)
