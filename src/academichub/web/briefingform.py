"""Read what a reader filled in for a briefing, or for a schedule of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import available_timezones

from academichub.errors import DateMalformed, FormInvalid
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import BriefingSchedule
from academichub.web.address import read_day
from academichub.web.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.briefingpages import BriefingsPage
    from academichub.web.i18n import Catalogue

RADAR: Final = "radar:"  # in front of a radar's key: the name of its box
WEEKDAY: Final = "weekday:"
MOST_DAYS: Final = 31
_WEEK: Final = 7
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_LONGEST_ZONE: Final = 64
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled in, for showing it again."""

    radars: frozenset[str]
    first: str
    last: str
    language: str
    writer: str
    time: str = "08:00"
    zone: str = "Asia/Shanghai"
    weekdays: frozenset[int] = frozenset()
    days: str = "1"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent: what was typed, what is wrong with it, and what it asks for."""

    typed: Typed
    errors: Mapping[str, str]  # by field, in the reader's language
    order: BriefingOrder | None = None
    schedule: BriefingSchedule | None = None


def blank(page: BriefingsPage, *, language: str, today: date) -> Typed:
    """Give the form that nothing was filled into: the last day with works, in the reader's language."""
    day = (page.latest or today).isoformat()
    writer = Maker.MODEL if page.model else Maker.EXTRACTIVE
    zone = "Asia/Shanghai" if language == "zh" else "UTC"
    return Typed(frozenset(), day, day, language, writer.value, zone=zone)


def read_typed(form: Mapping[str, str]) -> Typed:
    """Read a form as it was typed.

    Raises:
        FormInvalid: A field holds what no reader can type into it.
    """
    clean = {name: _CONTROL.sub("", value).strip()[:200] for name, value in form.items()}
    if clean.get("language") not in LANGUAGES:
        raise FormInvalid(field="language", value=clean.get("language", "")[:40])
    if clean.get("writer") not in set(Maker):
        raise FormInvalid(field="writer", value=clean.get("writer", "")[:40])
    weekdays = frozenset(place for place in range(_WEEK) if f"{WEEKDAY}{place}" in clean)
    return Typed(
        radars=frozenset(name.removeprefix(RADAR) for name in clean if name.startswith(RADAR)),
        first=clean.get("from", ""),
        last=clean.get("to", ""),
        language=clean["language"],
        writer=clean["writer"],
        time=clean.get("time", ""),
        zone=clean.get("zone", ""),
        weekdays=weekdays,
        days=clean.get("days", ""),
    )


def read_order(form: Mapping[str, str], words: Catalogue) -> Filled:
    """Read what is to be briefed. Raises FormInvalid as `read_typed` does."""
    typed, errors = read_typed(form), {}
    days: dict[str, date | None] = {}
    for name, value in (("from", typed.first), ("to", typed.last)):
        try:
            days[name] = read_day(value or None)
        except DateMalformed as error:
            errors[name] = words.error(error.code, error.facts)
    if errors:
        return Filled(typed, errors)
    last, first = days["to"], days["from"]
    if last is None:
        return Filled(typed, {"to": words.text("A day is wanted.")})
    first = first or last
    if first > last:
        return Filled(typed, {"from": words.text("The first day is after the last one.")})
    if last - first >= timedelta(days=MOST_DAYS):
        return Filled(typed, {"from": words.text("A briefing covers {n} days at most.", n=MOST_DAYS)})
    order = BriefingOrder(tuple(sorted(typed.radars)), first, last, typed.language, Maker(typed.writer))
    return Filled(typed, {}, order=order)


def read_schedule(form: Mapping[str, str], words: Catalogue) -> Filled:
    """Read when a briefing is to be written by itself. Raises FormInvalid as `read_typed` does."""
    typed, errors = read_typed(form), {}
    time = _TIME.fullmatch(typed.time)
    if time is None:
        errors["time"] = words.text("A time is wanted, such as 08:00.")
    if typed.zone not in _zones():
        errors["zone"] = words.text("There is no such time zone; one is Asia/Shanghai.")
    days = typed.days
    if not (days.isascii() and days.isdigit() and len(days) < len("100") and 1 <= int(days) <= MOST_DAYS):
        errors["days"] = words.text("A number from 1 to {n} is wanted.", n=MOST_DAYS)
    if errors or time is None:
        return Filled(typed, errors)
    schedule = BriefingSchedule(
        id=0,
        radars=tuple(sorted(typed.radars)),
        language=typed.language,
        writer=Maker(typed.writer),
        hour=int(time[1]),
        minute=int(time[2]),
        weekdays=tuple(sorted(typed.weekdays)) if len(typed.weekdays) < _WEEK else (),
        zone=typed.zone,
        days=int(days),
    )
    return Filled(typed, {}, schedule=schedule)


@cache
def _zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if len(zone) <= _LONGEST_ZONE)
