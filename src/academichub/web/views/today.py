"""Today: one day of the feed, with its bar, its filters and its account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup

from academichub.model.shelf import Health
from academichub.web.address import DEFAULT_SIZE, TODAY_NAMES, around, quote, write
from academichub.web.exportaddress import feed_links
from academichub.web.reader import DENSITIES
from academichub.web.views.announced import build_announced
from academichub.web.views.aside import NOTHING
from academichub.web.views.card import CardSlot, category_title
from academichub.web.views.marks import build_done, build_marks, here
from academichub.web.views.matching import UNORDERED, badge_views, build_orders, build_radar_notes
from academichub.web.views.sources import shown_title
from academichub.web.views.strip import draw_strip
from academichub.web.views.takeaway import build_takeaway

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from academichub.model.shelf import Facet, FeedPage, SourceNote
    from academichub.web.address import TodayAddress
    from academichub.web.exportaddress import FeedLink
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.announced import AnnouncedView
    from academichub.web.views.marks import DoneView, Held
    from academichub.web.views.matching import OrderView, RadarNote, Told
    from academichub.web.views.takeaway import Takeaway

_CATEGORIES_SHOWN: Final = 16
_CHIPS_SHOWN: Final = 6
_TROUBLES_SHOWN: Final = 6
_WEEKEND: Final = frozenset({5, 6})
_UNWELL: Final = frozenset({Health.LATE, Health.FAILING})


@dataclass(frozen=True, slots=True)
class DayLink:
    """A link to a neighbouring day."""

    href: str
    label: str
    title: str


class Chip(NamedTuple):
    """A filter as a link: active ones take themselves away."""

    href: str
    label: str
    tally: str
    is_active: bool
    title: str = ""  # the full name behind a short one


class NoteLine(NamedTuple):
    """One source in brief."""

    href: str
    title: str
    health: str
    label: str
    tally: str


class RevisedLine(NamedTuple):
    """A work of an earlier day with a new version."""

    href: str
    title: Markup
    language: str
    meta: str


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing to see, and the one thing to do about it."""

    title: str
    reason: str
    href: str
    action: str


class UnreadView(NamedTuple):
    """How much of the day is unread, where it is listed, and the form that ends it."""

    words: str
    href: str
    action: str
    back: str


class Pick(NamedTuple):
    """The form that goes to any day: what it carries along."""

    hidden: tuple[tuple[str, str], ...]
    latest: str  # the last day that has papers; "" where there is none


@dataclass(frozen=True, slots=True)
class TodayView:
    """The daily page."""

    title: str
    day: str
    day_iso: str
    weekday: str
    earlier: DayLink | None
    later: DayLink | None
    tally: str
    unread: UnreadView | None
    calendar: str
    pick: Pick
    done: DoneView | None
    takeaway: tuple[Takeaway, ...]
    feeds: tuple[FeedLink, ...]
    strip: Markup
    honest: str
    honest_health: str
    sources_href: str
    troubles: tuple[str, ...]
    announced: AnnouncedView | None
    chips: tuple[Chip, ...]
    clear: str | None
    density: str
    densities: tuple[Chip, ...]
    cards: tuple[CardSlot, ...]
    works: str
    more: str | None
    more_label: str
    start: str | None
    categories: tuple[Chip, ...]
    categories_more: tuple[Chip, ...]
    revised: tuple[RevisedLine, ...]
    revised_total: int
    notes: tuple[NoteLine, ...]
    orders: tuple[OrderView, ...]
    radars: tuple[RadarNote, ...]
    radars_href: str
    empty: Empty | None
    show_abstracts: bool
    canonical: str


def build_today(
    page: FeedPage, address: TodayAddress, visit: Visit, *, now: datetime, told: Told, held: Held
) -> TodayView:
    """Build the daily page: what the shelves gave, what the radars tell of it, what the reader holds."""
    words, by_time = visit.words, address.order is None
    is_first = page.query.after is None and (address.order is None or address.order.after is None)
    parameters = {name: value for name, value in address.parameters.items() if name in TODAY_NAMES}
    density = address.density or visit.reader.density
    on = page.on
    categories = tuple(
        [
            chip._replace(title=category_title(chip.label, words))
            for chip in _facet_chips(page.categories, "cat", parameters)
        ]
    )
    honest, troubles = _account(page.notes, words, now)
    return TodayView(
        title=words.long_day(on) if on else words.text("Today"),
        day=words.long_day(on) if on else "",
        day_iso=on.isoformat() if on else "",
        weekday=words.weekday(on) if on else "",
        earlier=_day_link(page.earlier, on, parameters, words),
        later=_day_link(page.later, on, parameters, words),
        tally=_tally(page, words),
        unread=_unread(page, held, visit),
        calendar=write("/calendar", {}, month=f"{on:%Y-%m}" if on else None, lang=visit.lang),
        pick=_pick(page, parameters),
        done=build_done(visit),
        takeaway=build_takeaway("/", visit) if page.cards else (),
        feeds=feed_links("/", {name: value for name, value in parameters.items() if name != "date"}),
        strip=draw_strip(page.strip, on, around("/", parameters, "date"), words),
        honest=honest,
        honest_health="late" if troubles else "ok",
        sources_href=f"/sources{visit.suffix}",
        troubles=troubles,
        announced=build_announced(page.announced, words, now=now, holiday=page.holiday),
        chips=_chips(page, categories, parameters, words) if by_time else (),
        clear=_clear(parameters),
        density=density,
        densities=_densities(density, parameters, words),
        cards=_slots(page, told, held, visit),
        # How many a radar matched is not counted; -1 is what ARIA calls "unknown".
        works=str(page.works) if by_time else "-1",
        more=_more(page, parameters),
        more_label=_more_label(page, words) if by_time else words.text("Load more"),
        start=write("/", parameters, after=None, n=None) if not is_first else None,
        categories=categories[:_CATEGORIES_SHOWN] if by_time else (),
        categories_more=categories[_CATEGORIES_SHOWN:] if by_time else (),
        revised=_revised(page, visit) if is_first else (),
        revised_total=page.revised_total,
        notes=tuple([_note_line(note, visit) for note in page.notes]),
        orders=build_orders(told.radars.rows, parameters, visit),
        radars=build_radar_notes(told.radars.rows, on, visit),
        radars_href=f"/radars{visit.suffix}",
        empty=None if page.cards else _empty(page, parameters, visit, now.date()),
        show_abstracts=density != "titles",
        canonical=write("/", parameters, lang=None, density=None),
    )


def _slots(page: FeedPage, told: Told, held: Held, visit: Visit) -> tuple[CardSlot, ...]:
    back, states = here(visit), held.states
    return tuple(
        [
            CardSlot(
                str(place),
                f"{place:02d}.",
                card,
                badge_views(found, visit, work_id=card.work_id)
                if (found := told.badges.get(card.work_id))
                else (),
                told.remarks.get(card.work_id, NOTHING),
                build_marks(card.work_id, states.get(card.work_id), visit, back=back),
            )
            for place, card in enumerate(page.cards, start=page.first_number)
        ]
    )


# -- the day bar ----------------------------------------------------------------------------------


def _day_link(
    day: date | None, on: date | None, parameters: Mapping[str, str], words: Catalogue
) -> DayLink | None:
    if day is None or on is None:
        return None
    return DayLink(
        href=write("/", parameters, date=day.isoformat(), after=None, n=None),
        label=words.day_of(day, on.year),
        title=words.long_day(day),
    )


def _tally(page: FeedPage, words: Catalogue) -> str:
    if not page.works:
        return ""
    papers = words.count("{n} paper", "{n} papers", page.works)
    return words.text("{papers} · about {minutes} min", papers=papers, minutes=f"{page.minutes:,}")


def _unread(page: FeedPage, held: Held, visit: Visit) -> UnreadView | None:
    if page.on is None or not held.unread:
        return None
    words = visit.words
    return UnreadView(
        words=words.count("{n} unread", "{n} unread", held.unread),
        href=write("/search", {}, q=f"date:{page.on.isoformat()} is:unread", sort="date", lang=visit.lang),
        action=f"/marks{visit.suffix}",
        back=here(visit),
    )


def _pick(page: FeedPage, parameters: Mapping[str, str]) -> Pick:
    kept = {name: value for name, value in parameters.items() if name not in {"date", "after", "n"}}
    return Pick(tuple(kept.items()), page.latest.isoformat() if page.latest else "")


# -- the account ----------------------------------------------------------------------------------


def _account(notes: tuple[SourceNote, ...], words: Catalogue, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Say what the sources answered, and name those that did not, with their next try."""
    if not notes:
        return "", ()
    answered = [note for note in notes if note.health in {Health.OK, Health.QUIET}]
    parts = [
        words.count("{n} source answered", "{n} sources answered", len(answered)),
        words.text(
            "{received} received, {new} of them new",
            received=f"{sum(note.received for note in notes):,}",
            new=f"{sum(note.new for note in notes):,}",
        ),
    ]
    rejected = sum(note.rejected for note in notes)
    if rejected:
        parts.append(words.count("{n} could not be read", "{n} could not be read", rejected))
    waiting = sum(note.health is Health.NEVER for note in notes)
    if waiting:
        parts.append(words.count("{n} not yet fetched", "{n} not yet fetched", waiting))
    unwell = [note for note in notes if note.health in _UNWELL]
    troubles = tuple(_trouble(note, words, now) for note in unwell[:_TROUBLES_SHOWN])
    if more := len(unwell) - len(troubles):
        troubles = (*troubles, words.count("{n} more source", "{n} more sources", more))
    return words.text("list separator").join(parts) + words.text("full stop"), troubles


def _trouble(note: SourceNote, words: Catalogue, now: datetime) -> str:
    state = words.text(f"health:{note.health.value}")
    if note.next_try_at is None:
        return words.text("{source}: {state}.", source=note.title, state=state)
    at = note.next_try_at.astimezone(now.tzinfo)
    when = words.clock(at) if at.date() == now.date() else words.stamp(at)
    return words.text("{source}: {state}, next try {when}.", source=note.title, state=state, when=when)


def _note_line(note: SourceNote, visit: Visit) -> NoteLine:
    return NoteLine(
        href=f"/sources/{note.key}{visit.suffix}",
        title=shown_title(note.key, note.title, visit.words),
        health=note.health.value,
        label=visit.words.text(f"health:{note.health.value}"),
        tally=f"{note.new:,}" if note.new else "",
    )


# -- filters --------------------------------------------------------------------------------------


def _facet_chips(
    facets: tuple[Facet, ...],
    name: str,
    parameters: Mapping[str, str],
    labels: Mapping[str, str] | None = None,
) -> tuple[Chip, ...]:
    before, behind = around("/", parameters, name)
    active = parameters.get(name)
    return tuple(
        [
            Chip(
                href=write("/", parameters, after=None, n=None, **{name: None})
                if facet.value == active
                else f"{before}{quote(facet.value)}{behind}",
                label=labels[facet.value] if labels else facet.value,
                tally=f"{facet.works:,}",
                is_active=facet.value == active,
            )
            for facet in facets
        ]
    )


def _chips(
    page: FeedPage, categories: tuple[Chip, ...], parameters: Mapping[str, str], words: Catalogue
) -> tuple[Chip, ...]:
    kind_labels = {facet.value: words.text(f"kind:{facet.value}") for facet in page.kinds}
    venues = _facet_chips(page.venues, "venue", parameters) if len(page.venues) > 1 else ()
    kinds = _facet_chips(page.kinds, "kind", parameters, kind_labels) if len(page.kinds) > 1 else ()
    offered = (*venues[:_CHIPS_SHOWN], *kinds[:_CHIPS_SHOWN])
    kept = [chip for chip in (*categories, *venues, *kinds) if chip.is_active]
    return (*kept, *_strays(page, parameters, words), *[chip for chip in offered if not chip.is_active])


def _strays(page: FeedPage, parameters: Mapping[str, str], words: Catalogue) -> list[Chip]:
    """Give active filters that no facet of the day has, so that they too can be taken away."""
    known = {
        "cat": {facet.value for facet in page.categories},
        "venue": {facet.value for facet in page.venues} if len(page.venues) > 1 else set(),
        "kind": {facet.value for facet in page.kinds} if len(page.kinds) > 1 else set(),
    }
    return [
        Chip(
            href=write("/", parameters, after=None, n=None, **{name: None}),
            label=words.text(f"kind:{parameters[name]}") if name == "kind" else parameters[name],
            tally="",
            is_active=True,
        )
        for name, values in known.items()
        if name in parameters and parameters[name] not in values
    ]


def _clear(parameters: Mapping[str, str]) -> str | None:
    if not parameters.keys() & {"cat", "venue", "kind"}:
        return None
    return write("/", parameters, cat=None, venue=None, kind=None, after=None, n=None)


def _densities(density: str, parameters: Mapping[str, str], words: Catalogue) -> tuple[Chip, ...]:
    return tuple(
        Chip(
            href=write("/", parameters, density=name),
            label=words.text(f"density:{name}"),
            tally=name,
            is_active=name == density,
        )
        for name in DENSITIES
    )


# -- the end of the page --------------------------------------------------------------------------


def _more(page: FeedPage, parameters: Mapping[str, str]) -> str | None:
    if page.next is None:
        return None
    return write(
        "/",
        parameters,
        date=page.on.isoformat() if page.on else None,
        after=page.next.order_key,
        n=str(page.next.number),
        per=None if page.query.size == DEFAULT_SIZE else str(page.query.size),
    )


def _more_label(page: FeedPage, words: Catalogue) -> str:
    shown = page.first_number + len(page.cards) - 1
    return words.text("Load more ({shown} of {works})", shown=f"{shown:,}", works=f"{page.works:,}")


def _revised(page: FeedPage, visit: Visit) -> tuple[RevisedLine, ...]:
    words = visit.words
    year = page.on.year if page.on else 0
    return tuple(
        [
            RevisedLine(
                href=f"/p/{row.work_id}{visit.suffix}",
                title=Markup(row.title_html),  # noqa: S704 - sanitised when it was shelved
                language=row.language,
                meta=words.text(
                    "{venue} v{version}, first listed {day}",
                    venue=row.venue,
                    version=row.version or 1,
                    day=words.day_of(row.listed_on, year),
                ),
            )
            for row in page.revised
        ]
    )


def _empty(page: FeedPage, parameters: Mapping[str, str], visit: Visit, today: date) -> Empty:
    words = visit.words
    if page.works and {"radar", "sort"} & parameters.keys():
        return Empty(
            title=words.text("No radar matched anything on this day"),
            reason=words.text("The papers are there all the same, in the order they came."),
            href=write("/", parameters, **UNORDERED, radar=None, sort=None),
            action=words.text("By time"),
        )
    clear = _clear(parameters)
    if clear is not None:
        return Empty(
            title=words.text("Nothing passes this filter"),
            reason=words.text("The day has papers, or may have; none of them has all that you asked for."),
            href=clear,
            action=words.text("Clear the filter"),
        )
    nearest = page.earlier or page.later or page.latest
    if nearest is not None:
        return Empty(
            title=words.text("No papers on this day"),
            reason=_why_no_papers(page.on, today, words),
            href=write("/", parameters, date=nearest.isoformat(), after=None, n=None),
            action=words.text("Go to {day}", day=words.long_day(nearest)),
        )
    if not page.notes:
        return Empty(
            title=words.text("The shelves are empty"),
            reason=words.text("There are no sources yet, so there is nothing to gather."),
            href=f"/sources/add{visit.suffix}",
            action=words.text("Add the first source"),
        )
    if all(note.health in _UNWELL for note in page.notes):
        return Empty(
            title=words.text("The shelves are empty"),
            reason=words.text("No source can be reached just now; each is tried again by itself."),
            href=f"/sources{visit.suffix}",
            action=words.text("See how the sources are doing"),
        )
    return Empty(
        title=words.text("The shelves are empty"),
        reason=words.text(
            "The sources have not brought anything yet. The first fetch may still be under way."
        ),
        href=f"/sources{visit.suffix}",
        action=words.text("See how the sources are doing"),
    )


def _why_no_papers(on: date | None, today: date, words: Catalogue) -> str:
    if on is not None and on > today:
        return words.text("This day is still to come.")
    if on is not None and on.weekday() in _WEEKEND:
        return words.text("arXiv announces nothing on Saturdays and Sundays, and journals rest too.")
    return words.text("No source listed anything for this day.")
