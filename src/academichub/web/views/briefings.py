"""All briefings: the archive, the form of a new one, and those that write themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from babel.dates import format_date, get_day_names

from academichub.model.briefing import Maker
from academichub.model.briefingpages import BriefingState
from academichub.web.address import quote
from academichub.web.briefingform import RADAR, WEEKDAY
from academichub.web.i18n import LANGUAGES
from academichub.web.views.briefing import LIVE
from academichub.web.views.briefingwords import say_days, say_money, say_radars, say_writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from academichub.model.briefing import Cost
    from academichub.model.briefingpages import (
        BriefingLine,
        BriefingSchedule,
        BriefingsPage,
        Estimate,
    )
    from academichub.web.briefingform import Typed
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

_LOCALES: Final = {"zh": "zh_CN", "en": "en_GB"}
_DONE: Final = frozenset({"removed", "scheduled", "unscheduled"})
_ZONES: Final = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul"),
    *("Asia/Kolkata", "Australia/Sydney", "Europe/London", "Europe/Paris", "Europe/Berlin", "UTC"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo"),
)


class LineView(NamedTuple):
    """A briefing in the archive."""

    href: str
    days: str
    headline: str
    headline_language: str
    meta: tuple[str, ...]
    state: str
    state_words: str  # "" of one that is done
    is_ai: bool


class MonthView(NamedTuple):
    """A month of the archive."""

    name: str
    lines: tuple[LineView, ...]


class ScheduleView(NamedTuple):
    """A briefing that writes itself."""

    schedule_id: int
    when: str
    what: str
    last: str


class Box(NamedTuple):
    """A box or a button of a choice."""

    name: str
    value: str
    label: str
    is_chosen: bool


class EstimateView(NamedTuple):
    """What a briefing would take."""

    works: str
    parts: tuple[str, ...]
    over: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class BriefingsView:
    """The page of all briefings."""

    title: str
    tally: tuple[str, ...]
    notice: str
    months: tuple[MonthView, ...]
    is_live: bool
    schedules: tuple[ScheduleView, ...]
    action: str
    radars: tuple[Box, ...]
    languages: tuple[Box, ...]
    writers: tuple[Box, ...]
    weekdays: tuple[Box, ...]
    zones: tuple[str, ...]
    typed: Typed
    errors: Mapping[str, str]
    model: str
    estimate: EstimateView | None
    is_scheduling: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form was sent with, and what came of it."""

    typed: Typed
    errors: Mapping[str, str] = field(default_factory=dict)
    estimate: Estimate | None = None
    is_scheduling: bool = False


def build_briefings(page: BriefingsPage, asked: Asked, visit: Visit, *, now: datetime) -> BriefingsView:
    """Build the page of all briefings."""
    words, typed = visit.words, asked.typed
    done = visit.parameters.get("done", "").removeprefix("briefing-")
    names = dict(page.radars)
    return BriefingsView(
        title=words.text("Briefings"),
        tally=_tally(page, words),
        notice=words.text(f"done:briefing-{done}") if done in _DONE else "",
        months=_months(page.lines, names, visit),
        is_live=any(line.state in LIVE for line in page.lines),
        schedules=tuple(_schedule(one, names, words, now.date()) for one in page.schedules),
        action=f"/b{visit.suffix}",
        radars=tuple(Box(f"{RADAR}{key}", "on", name, key in typed.radars) for key, name in page.radars),
        languages=tuple(
            Box("language", language, words.text(f"language:{language}"), language == typed.language)
            for language in LANGUAGES
        ),
        writers=tuple(
            Box("writer", maker.value, words.text(f"writer:{maker.value}"), maker.value == typed.writer)
            for maker in Maker
            if maker is Maker.EXTRACTIVE or page.model
        ),
        weekdays=tuple(
            Box(f"{WEEKDAY}{place}", "on", name, place in typed.weekdays)
            for place, name in enumerate(_day_names(words))
        ),
        zones=_ZONES,
        typed=typed,
        errors=asked.errors,
        model=page.model,
        estimate=_estimate(asked.estimate, words) if asked.estimate else None,
        is_scheduling=asked.is_scheduling,
    )


def _tally(page: BriefingsPage, words: Catalogue) -> tuple[str, ...]:
    parts = [words.count("{n} briefing", "{n} briefings", len(page.lines))] if page.lines else []
    if page.spent.calls:
        parts += [
            words.text("spent today {money}", money=_money(page.spent_today, page.spent, words)),
            words.text("in all {money}", money=_money(page.spent, page.spent, words)),
        ]
    return tuple(parts)


def _money(cost: Cost, whole: Cost, words: Catalogue) -> str:
    return say_money(cost.money, cost.currency or whole.currency, words)


def _months(lines: Sequence[BriefingLine], names: Mapping[str, str], visit: Visit) -> tuple[MonthView, ...]:
    words = visit.words

    def month(line: BriefingLine) -> str:
        pattern = "y年M月" if words.language == "zh" else "MMMM y"
        return format_date(line.order.last, pattern, locale=_LOCALES[words.language])

    return tuple(
        MonthView(name, tuple(_line(line, names, visit) for line in group))
        for name, group in groupby(lines, month)
    )


def _line(line: BriefingLine, names: Mapping[str, str], visit: Visit) -> LineView:
    words, account = visit.words, line.account
    is_done = line.state is BriefingState.DONE
    meta = [say_radars(line.order.radars, names, words), say_writer(line.order, line.model, words)]
    if account is not None and account.works:
        meta.append(words.count("{n} work read", "{n} works read", account.works))
        meta.append(words.count("{n} sentence", "{n} sentences", account.sentences))
    headline = words.text("name separator").join(line.headline)
    if is_done and account is not None and not account.works:
        headline = words.text("Nothing new came in these days.")
    return LineView(
        href=f"/b/{quote(line.key)}{visit.suffix}",
        days=say_days(line.order.first, line.order.last, words),
        headline=headline,
        headline_language=line.order.language,
        meta=(*meta, words.text(f"language:{line.order.language}")),
        state=line.state.value,
        state_words="" if is_done else words.text(f"state:{line.state.value}"),
        is_ai=line.order.writer is Maker.MODEL,
    )


def _day_names(words: Catalogue) -> tuple[str, ...]:
    names = get_day_names("abbreviated", locale=_LOCALES[words.language])
    return tuple(str(names[place]) for place in range(7))


def _schedule(one: BriefingSchedule, names: Mapping[str, str], words: Catalogue, today: date) -> ScheduleView:
    day_names = _day_names(words)
    days = (
        words.text("name separator").join(day_names[place] for place in one.weekdays)
        if one.weekdays
        else words.text("every day")
    )
    when = words.text(
        "{days} at {time} ({zone})", days=days, time=f"{one.hour:02d}:{one.minute:02d}", zone=one.zone
    )
    back = words.count("the last {n} day", "the last {n} days", one.days)
    what = (
        say_radars(one.radars, names, words),
        back,
        words.text(f"language:{one.language}"),
        words.text(f"writer:{one.writer.value}"),
    )
    last = words.text("last for {day}", day=words.day_of(one.last_on, today.year)) if one.last_on else ""
    return ScheduleView(one.id, when, " · ".join(what), last)


def _estimate(estimate: Estimate, words: Catalogue) -> EstimateView:
    parts: list[str] = []
    if estimate.calls:
        parts = [
            words.count("{n} call", "{n} calls", estimate.calls),
            words.text(
                "{tokens_in} tokens in, {tokens_out} out",
                tokens_in=f"{estimate.tokens_in:,}",
                tokens_out=f"{estimate.tokens_out:,}",
            ),
            words.text("about {money}", money=say_money(estimate.money, estimate.currency, words)),
        ]
    return EstimateView(
        works=words.count("{n} work to read", "{n} works to read", estimate.works),
        parts=tuple(parts),
        over=words.text(f"cap:{estimate.over}") if estimate.over in {"run", "day", "hub"} else "",
        is_free=not estimate.calls,
    )
