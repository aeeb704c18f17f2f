"""Say things in the reader's language: catalogues, dates, numbers, and the words for errors.

Catalogues are plain .po files, read once; there is no compile step. Message ids are English sentences, except
for words that belong to a value (`kind:news`, `health:ok`, `error:source.throttled`).
"""

from __future__ import annotations

import warnings
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_month_names
from babel.messages.pofile import read_po

from academichub.model.papers import Precision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from academichub.errors import AcademicHubError, Fact
    from academichub.model.papers import Moment
    from academichub.model.shelf import Dated

LANGUAGES: Final = ("zh", "en")
HTML_LANG: Final = {"zh": "zh-CN", "en": "en"}
# British order, "19 June 2026": unambiguous to readers on every continent.
_LOCALES: Final = {"zh": "zh_CN", "en": "en_GB"}
_PATTERNS: Final = {
    "zh": {"day": "M月d日", "month": "y年M月", "long_month": "y年M月", "stamp": "M月d日 HH:mm"},
    "en": {"day": "d MMM", "month": "MMM y", "long_month": "MMMM y", "stamp": "d MMM HH:mm"},
}


class MissingTranslation(UserWarning):
    """A catalogue has no entry for a message; the English id is shown. Tests turn this into a failure."""


class _Facts(dict[str, object]):
    """Facts for a message; one that the error did not carry shows as a dash, never as a crash."""

    def __missing__(self, key: str) -> str:
        return "—"


class Catalogue:
    """One language: its messages, and its way of writing days and numbers."""

    def __init__(
        self, language: str, messages: Mapping[str, str], plurals: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.language = language
        self._messages = messages
        self._plurals = plurals
        self._locale = Locale.parse(_LOCALES[language])
        # A page names the same few days many times; Babel needs some 20 microseconds for each.
        self.day = lru_cache(4096)(self._day)
        self.day_of = lru_cache(4096)(self._day_of)
        self.long_day = lru_cache(512)(self._long_day)
        self.weekday = lru_cache(512)(self._weekday)

    # -- words ------------------------------------------------------------------------------------

    def text(self, msgid: str, /, **facts: object) -> str:
        """Give a message, with `{fact}` filled in."""
        words = self._messages.get(msgid)
        if words is None:
            warnings.warn(f"{self.language}: {msgid}", MissingTranslation, stacklevel=2)
            words = msgid
        return words.format_map(_Facts(facts)) if facts else words

    def count(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """Give the form of a message that fits a number; `{n}` is the number with its separators."""
        forms = self._plurals.get(one)
        if forms is None:
            warnings.warn(f"{self.language}: {one}", MissingTranslation, stacklevel=2)
            forms = (one, many)
        words = forms[min(0 if n == 1 else 1, len(forms) - 1)]
        return words.format_map(_Facts(facts, n=f"{n:,}"))

    def error(self, code: str, facts: Mapping[str, Fact]) -> str:
        """Say what happened and what to do about it."""
        shown: dict[str, Fact] = {
            name: "—" if value in {None, ""} else value for name, value in facts.items()
        }
        words = self._messages.get(f"error:{code}")
        if words is None:  # a code stored by another version: say the little we know
            words = self.text("error:hub.failed")
        shown["reason"] = self._fault(code.partition(".")[0], shown.get("reason", "—"), facts)
        return words.format_map(_Facts(shown))

    def _fault(self, family: str, reason: Fact, facts: Mapping[str, Fact]) -> Fact:
        """Put the key of a fault into words, its own family first; others stay as they are."""
        for kind in (family, "query", "radar", "briefing", "keeping"):
            words = self._messages.get(f"{kind} fault:{reason}")
            if words is not None:
                return words.format_map(_Facts({"suggestion": facts.get("suggestion") or ""}))
        return reason

    # -- days and times ---------------------------------------------------------------------------

    def _day(self, on: date) -> str:
        """Write a day without its year: 19 Jun, 6月19日."""
        return format_date(on, _PATTERNS[self.language]["day"], locale=self._locale)

    def _day_of(self, on: date, year: int) -> str:
        """Write a day, with its year unless that is the given one."""
        return self._day(on) if on.year == year else format_date(on, "medium", locale=self._locale)

    def _long_day(self, on: date) -> str:
        """Write a day in full: 19 June 2026, 2026年6月19日."""
        return format_date(on, "long", locale=self._locale)

    def _weekday(self, on: date) -> str:
        """Name a day of the week: Friday, 星期五."""
        return format_date(on, "EEEE", locale=self._locale)

    def month(self, on: date) -> str:
        """Name a month, short: Jun, 6月."""
        return str(get_month_names("abbreviated", locale=self._locale)[on.month])

    def long_month(self, on: date) -> str:
        """Write a month in full: June 2026, 2026年6月."""
        return format_date(on, _PATTERNS[self.language]["long_month"], locale=self._locale)

    def moment(self, moment: Moment | Dated, year: int) -> str:
        """Write a date, but no more of it than its source gave."""
        if moment.precision is Precision.YEAR:
            return str(moment.on.year)
        if moment.precision is Precision.MONTH:
            return format_date(moment.on, _PATTERNS[self.language]["month"], locale=self._locale)
        return self.day_of(moment.on, year)

    def clock(self, at: datetime) -> str:
        """Write a time of day, in the zone of `at`."""
        return format_time(at, "HH:mm", tzinfo=at.tzinfo, locale=self._locale)

    def stamp(self, at: datetime) -> str:
        """Write a day and a time, in the zone of `at`."""
        return format_datetime(at, _PATTERNS[self.language]["stamp"], tzinfo=at.tzinfo, locale=self._locale)

    def ago(self, at: datetime, now: datetime) -> str:
        """Write an instant as seen from now: 12 minutes ago, in 3 hours."""
        return format_timedelta(at - now, add_direction=True, locale=self._locale)


@cache
def catalogue(language: str) -> Catalogue:
    """Read one language's catalogue.

    Raises:
        KeyError: The language is none of LANGUAGES.
    """
    locale = _LOCALES[language]
    messages: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    with (Path(__file__).parent / "locale" / f"{language}.po").open("rb") as file:
        for message in read_po(file, locale=locale):
            match message.id, message.string:
                case (one, _), (tuple() | list()) as forms:
                    plurals[one] = tuple(forms)
                case str() as msgid, str() as words if msgid:
                    messages[msgid] = words
    return Catalogue(language, messages, plurals)


def translate_error(error: AcademicHubError, language: str) -> str:
    """Say in the given language what happened and what to do about it."""
    return catalogue(language).error(error.code, error.facts)


def choose_language(accept: str, *, default: str = "zh") -> str:
    """Pick the language a browser asks for most, from its Accept-Language header."""
    best, best_weight = default, 0.0
    for part in accept.split(",")[:20]:
        name, _, weight_text = part.partition(";q=")
        language = name.strip().lower().partition("-")[0]
        try:
            weight = float(weight_text) if weight_text else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and best_weight < weight <= 1.0:
            best, best_weight = language, weight
    return best
