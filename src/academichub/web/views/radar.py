"""One radar on one day: the plot, the papers beside it, and why each is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.radar import LessReason, Shown, Verdict
from academichub.web.address import quote
from academichub.web.views.plot import build_plot
from academichub.web.views.radars import draw_days, say_coverage, say_interest, tally_of
from academichub.web.views.why import build_why

if TYPE_CHECKING:
    from datetime import date, datetime

    from markupsafe import Markup

    from academichub.model.radarpages import RadarCard, RadarPage
    from academichub.model.shelf import Card
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.plot import PlotView
    from academichub.web.views.why import WhyView

METER_WIDTH: Final = 30
_DONE: Final = frozenset({"created", "changed", "paused", "resumed", "more", "less", "undone"})
_LONGEST_NUMBER: Final = 18  # digits


class RadarSlot(NamedTuple):
    """A paper in the list."""

    place: str
    number: str
    card: Card
    match: str
    meter: str
    is_revised: bool
    verdict: str  # what the reader said of it, in words; "" where nothing
    why: WhyView
    why_href: str


@dataclass(frozen=True, slots=True)
class DayStep:
    """A link to a neighbouring day."""

    href: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class RadarNotice:
    """What was done; `work` is the paper it can be taken back for."""

    words: str
    work: str = ""


@dataclass(frozen=True, slots=True)
class RadarView:
    """One radar on one day."""

    title: str
    key: str
    back: str
    saying: str
    rule: str
    is_paused: bool
    state: str
    meta: tuple[str, ...]
    notice: RadarNotice | None
    day: str
    day_iso: str
    weekday: str
    earlier: DayStep | None
    later: DayStep | None
    tally: str
    strip: Markup | None
    account: str
    coverage: str
    plot: PlotView | None
    slots: tuple[RadarSlot, ...]
    works: str
    meter_width: int
    less: tuple[tuple[str, str], ...]  # value and words of each reason
    action: str
    edit: str
    remove: str
    empty_title: str
    empty_words: str


def build_radar(page: RadarPage, visit: Visit, *, now: datetime) -> RadarView:
    """Build the page of a radar's day."""
    words, radar = visit.words, page.row.radar
    home = f"/radars/{quote(radar.key)}"
    on = page.on
    saying = say_interest(radar.interest)
    empty_title, empty_words = _empty(page, words)
    return RadarView(
        title=radar.interest.name,
        key=radar.key,
        back=f"/radars{visit.suffix}",
        saying=saying if saying != radar.interest.name else "",
        rule=radar.interest.rule,
        is_paused=radar.is_paused,
        state=words.text("radar:paused") if radar.is_paused else words.text("radar:running"),
        meta=tally_of(page.row, words),
        notice=_notice(page, visit),
        day=words.long_day(on) if on else "",
        day_iso=on.isoformat() if on else "",
        weekday=words.weekday(on) if on else "",
        earlier=_step(page.earlier, on, home, visit),
        later=_step(page.later, on, home, visit),
        tally=words.count("{n} paper", "{n} papers", len(page.cards)) if on else "",
        strip=draw_days(page.days, on, radar.key, visit, last=_last(page, now.date())) if on else None,
        account=_account(page, words) if on else "",
        coverage=say_coverage(page.embedded, page.candidates, words, space=None),
        plot=build_plot(page, visit) if page.cards else None,
        slots=tuple(_slot(card, place, page, visit) for place, card in enumerate(page.cards, start=1)),
        works=str(len(page.cards)),
        meter_width=METER_WIDTH,
        less=tuple((reason.value, words.text(f"less:{reason.value}")) for reason in LessReason),
        action=f"{home}{visit.suffix}",
        edit=f"{home}/edit{visit.suffix}",
        remove=f"{home}/remove{visit.suffix}",
        empty_title=empty_title,
        empty_words=empty_words,
    )


def _last(page: RadarPage, today: date) -> date:
    return max([today, *(on for on, _ in page.days), *([page.on] if page.on else [])])


def _step(day: date | None, on: date | None, home: str, visit: Visit) -> DayStep | None:
    if day is None or on is None:
        return None
    return DayStep(
        href=f"{home}/{day.isoformat()}{visit.suffix}",
        label=visit.words.day_of(day, on.year),
        title=visit.words.long_day(day),
    )


def _account(page: RadarPage, words: Catalogue) -> str:
    """Say what became of all papers of the day: shown, or below the threshold."""
    threshold = f"{page.row.radar.interest.threshold * 100:.4g}%"
    parts = [words.count("{n} paper came that day", "{n} papers came that day", page.candidates)]
    if page.below:
        parts.append(
            words.count(
                "{n} stays below the threshold of {threshold}",
                "{n} stay below the threshold of {threshold}",
                page.below,
                threshold=threshold,
            )
        )
    return words.text("list separator").join(parts) + words.text("full stop")


def _notice(page: RadarPage, visit: Visit) -> RadarNotice | None:
    done, work = visit.parameters.get("done", ""), visit.parameters.get("count", "")
    if done not in _DONE:
        return None
    said = visit.words.text(f"done:radar-{done}")
    is_number = work.isascii() and work.isdigit() and len(work) <= _LONGEST_NUMBER
    return RadarNotice(said, work if done in {"more", "less"} and is_number and page.on else "")


def _slot(shown: RadarCard, place: int, page: RadarPage, visit: Visit) -> RadarSlot:
    ranked, radar = shown.ranked, page.row.radar
    why = build_why(ranked, visit)
    date_part = f"?date={page.on.isoformat()}" if page.on else ""
    return RadarSlot(
        place=str(place),
        number=f"{place:02d}.",
        card=shown.card,
        match=why.match,
        meter=f"{METER_WIDTH * min(1.0, max(0.0, ranked.match)):.1f}",
        is_revised=ranked.shown is Shown.REVISED,
        verdict=_verdict(shown, visit.words),
        why=why,
        why_href=f"/radars/{quote(radar.key)}/why/{ranked.work_id}{date_part}"
        + (visit.suffix.replace("?", "&") if date_part else visit.suffix),
    )


def _verdict(shown: RadarCard, words: Catalogue) -> str:
    if shown.verdict is None:
        return ""
    if shown.verdict is Verdict.MORE:
        return words.text("You said: more like this")
    if shown.reason in set(LessReason):
        return words.text("You said: less like this ({reason})", reason=words.text(f"less:{shown.reason}"))
    return words.text("You said: less like this")


def _empty(page: RadarPage, words: Catalogue) -> tuple[str, str]:
    if page.cards:
        return "", ""
    if page.on is None:
        return (
            words.text("Nothing ranked yet"),
            words.text(
                "The radar is ranked with the next papers that come; the preview shows what it would catch."
            ),
        )
    if page.below:
        return (
            words.text("Nothing above the threshold"),
            words.text(
                "Papers came on this day, but none matches well enough. A lower threshold lets more through."
            ),
        )
    return words.text("No papers on this day"), words.text("Nothing came that this radar could rank.")
