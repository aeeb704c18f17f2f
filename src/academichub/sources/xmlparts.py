"""Read what all bibliographic XML has, in PubMed, JATS, Crossref, MARC and Dublin Core: dates and names."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from academichub.errors import RecordBroken
from academichub.sources.xmlanswer import local, text_of
from academichub.text.names import clean_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO: Final = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2})(?:(?:T|\s+[0-9]{1,2}:).*)?)?)?", re.DOTALL
)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[0-9:.]*(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEAR: Final = re.compile(r"(?<![0-9])(?:1[4-9]|20)[0-9]{2}(?![0-9])")
_DAY_AND_MONTH: Final = re.compile(
    rf"(?:(?<![0-9])([0-9]{{1,2}})[ .-]{{1,3}})?\b({'|'.join(_MONTHS)})[a-z]{{0,7}}\b"
    r"(?:[ .]{1,2}([0-9]{1,2})(?![0-9]))?",
    re.IGNORECASE,
)
_EASTERN: Final = re.compile("[\u2e80-\U0003ffff]+")
# ISO 639-2, both sets, where its two letters are not the first two of the three.
_TWO_LETTERS: Final = {
    "ger": "de", "deu": "de", "spa": "es", "chi": "zh", "zho": "zh", "jpn": "ja", "por": "pt", "pol": "pl",
    "tur": "tr", "swe": "sv", "cze": "cs", "ces": "cs", "dut": "nl", "nld": "nl", "gre": "el", "ell": "el",
    "per": "fa", "fas": "fa", "ukr": "uk", "est": "et", "slv": "sl", "srp": "sr", "mac": "mk", "mkd": "mk",
}  # fmt: skip
_MOST_DATE: Final = 100  # characters of a date that are looked at
_MONTHS_OF_A_YEAR: Final = 12


def broken(element: _Element, reason: str) -> RecordBroken:
    """Make the error of an entry that cannot be read, with the line where it begins."""
    line: int | None = getattr(element, "sourceline", None)
    return RecordBroken(reason=" ".join(reason.split())[:300], line=line)


def date_of(element: _Element | None) -> str:
    """Give a date of year, month and day elements as ISO text, as precise as it is; "" for none.

    A season, or a month that is none, leaves the year.
    """
    if element is None:
        return ""
    said = {local(child).lower(): text_of(child) for child in element}
    if said.get("year"):
        return iso_date(said["year"], said.get("month", ""), said.get("day", ""))
    written = (element.get("iso-8601-date"), said.get("medlinedate"), said.get("string-date"))
    return next((found for one in written if one and (found := written_date(one))), "")


def iso_date(year: str, month: str = "", day: str = "") -> str:
    """Join parts of a date ("2026", "Jun" or "6", "18") as far as the calendar knows them."""
    if not re.fullmatch(r"[0-9]{4}", year):
        return written_date(year)
    name = month.strip().lower()[:3]
    number = _MONTHS.index(name) + 1 if name in _MONTHS else int(name) if _is_short(name) else 0
    if not 1 <= number <= _MONTHS_OF_A_YEAR:
        return year
    if _is_short(day):
        try:
            return date(int(year), number, int(day)).isoformat()
        except ValueError:  # 31 June
            pass
    return f"{year}-{number:02}"


def written_date(text: str) -> str:
    """Give a date written in some way as ISO text: "2019 Nov-Dec" is "2019-11", "[c1962]" is "1962"."""
    text = text.strip()[:_MOST_DATE]
    if _INSTANT.fullmatch(text):
        return text
    if (numbers := _ISO.fullmatch(text)) and _YEAR.match(text):
        return iso_date(numbers[1], numbers[2] or "", numbers[3] or "")
    year, words = _YEAR.search(text), _DAY_AND_MONTH.search(text)
    if year is None:
        return ""
    return iso_date(year[0], words[2], words[1] or words[3] or "") if words else year[0]


def _is_short(number: str) -> bool:
    """Tell the digits of a month or a day."""
    return re.fullmatch(r"\s*[0-9]{1,2}\s*", number) is not None


def two_letters(language: str) -> str:
    """Give the two letters of a language ("fra", "fr-FR" and "FRE" are "fr"); what is not known as it is."""
    said = language.strip().lower()
    return _TWO_LETTERS.get(said[:3], said[:2]) if len(said) == 3 or said[3:4] == "-" else said[:2]  # noqa: PLR2004  ISO 639-2


def full_name(given: str, family: str, suffix: str = "", *, is_eastern: bool = False) -> str:
    """Write a person's name in reading order; Chinese, Japanese and Korean characters without a space."""
    if given and family and _EASTERN.fullmatch(given) and _EASTERN.fullmatch(family):
        return f"{family}{given}"
    parts = (family, given, suffix) if is_eastern else (given, family, suffix)
    return " ".join(" ".join(parts).split())


def reading_order(name: str) -> str:
    """Turn "Family, Given" round; a name without a comma stays as it is written."""
    name = " ".join(name.split())
    return clean_name(name) or name if "," in name else name


def with_subtitle(title: str, subtitle: str) -> str:
    """Join a title and a subtitle, both HTML or both plain, by a colon where no mark stands there yet."""
    if not title or not subtitle or subtitle.lower() in title.lower():
        return title or subtitle
    return f"{title} {subtitle}" if title.endswith((":", "?", "!", ".", "—")) else f"{title}: {subtitle}"
