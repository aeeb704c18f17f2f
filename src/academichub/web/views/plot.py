"""Draw a radar's day: the polar plot with its rings, its themes and its papers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.web.views.polar import (
    CENTRE_X,
    CENTRE_Y,
    HEIGHT,
    RADIUS,
    WIDTH,
    divide,
    place,
    point,
    ring,
    scale_of,
)
from academichub.web.views.why import per_cent

if TYPE_CHECKING:
    from academichub.model.radarpages import Blip, RadarPage
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.polar import Sector, Spot

_RINGS: Final = (0.75, 0.5, 0.25, 0.0)  # of the scale
_AGES: Final = ((1, "new"), (7, "week"), (30, "month"))  # days at most, and the class; older is "old"
_MOST_DRAWN: Final = 150  # the best; more would be a cloud
_LABEL_GAP: Final = 16.0  # from the outer ring
_LABEL_WIDTH: Final = 13  # of a line, in Latin letters; a Chinese one takes the room of two
_LABEL_LINES: Final = 2
_SIDEWAYS: Final = 0.35  # of the radius: labels further from the middle lean away from the plot
_LINE: Final = 17.0  # between the two lines of a label


@dataclass(frozen=True, slots=True)
class RingView:
    """A ring of papers that match equally."""

    radius: str
    label: str
    label_y: str


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme: its line, its label at the rim, and its terms in full."""

    line: str  # path
    label_x: str
    anchor: str
    lines: tuple[tuple[str, str], ...]  # height and text of each line
    terms: str
    count: str


@dataclass(frozen=True, slots=True)
class DotView:
    """A paper on the plot."""

    work: str
    href: str  # "" for one that is below the threshold
    title: str
    x: str
    y: str
    radius: str
    age: str


@dataclass(frozen=True, slots=True)
class PlotView:
    """The whole plot."""

    width: int
    height: int
    centre_x: str
    centre_y: str
    box: str
    rings: tuple[RingView, ...]
    threshold: str
    themes: tuple[ThemeView, ...]
    dots: tuple[DotView, ...]
    label: str
    middle: str  # what the middle stands for, where it is not a match of 100 %
    more: str
    ages: tuple[tuple[str, str], ...]


def build_plot(page: RadarPage, visit: Visit) -> PlotView:
    """Build the plot of a radar's day."""
    words = visit.words
    blips = sorted(page.blips, key=lambda blip: (blip.place, blip.work_id))[:_MOST_DRAWN]
    sectors, scale = divide(blips), scale_of(blip.match for blip in blips)
    more = len(page.blips) - len(blips)
    ages = {_age(blip.age_days) for blip in blips}
    return PlotView(
        width=WIDTH,
        height=HEIGHT,
        centre_x=f"{CENTRE_X:g}",
        centre_y=f"{CENTRE_Y:g}",
        box=f"0 0 {WIDTH} {HEIGHT}",
        rings=tuple(
            RingView(f"{ring(at):.1f}", f"{at * scale * 100:.3g}%", f"{CENTRE_Y + ring(at) - 4:.1f}")
            for at in _RINGS
        ),
        threshold=f"{ring(page.row.radar.interest.threshold, scale):.1f}",
        themes=tuple(_theme(sector, page, blips, words) for sector in sectors),
        dots=_dots(page, blips, place(blips, sectors, scale=scale)),
        label=words.text(
            "The nearer to the middle, the better the match; directions are themes. The list has all of it."
        ),
        middle=words.text("The middle is a match of {match}.", match=f"{scale * 100:g}%")
        if scale < 1
        else "",
        more=words.count("{n} more is only in the list", "{n} more are only in the list", more)
        if more
        else "",
        ages=tuple((age, words.text(f"age:{age}")) for age in ("new", "week", "month", "old") if age in ages),
    )


def _dots(page: RadarPage, blips: list[Blip], spots: tuple[Spot, ...]) -> tuple[DotView, ...]:
    title_by_work = {shown.card.work_id: shown.card.title_plain for shown in page.cards}
    dots = []
    for blip, spot in zip(blips, spots, strict=True):
        title = title_by_work.get(blip.work_id)
        dots.append(
            DotView(
                work=str(blip.work_id),
                href=f"#w{blip.work_id}" if title is not None else "",
                title=f"{per_cent(blip.match)} · {title}" if title is not None else "",
                x=f"{spot.x:g}",
                y=f"{spot.y:g}",
                radius=f"{spot.radius:g}",
                age=_age(blip.age_days),
            )
        )
    return tuple(dots)


def _theme(sector: Sector, page: RadarPage, blips: list[Blip], words: Catalogue) -> ThemeView:
    terms = next((theme.terms for theme in page.themes if theme.number == sector.theme), ())
    is_whole = sector.end - sector.start > 1 - 1e-9
    x, y = point(sector.start, RADIUS)
    label_x, label_y = point(sector.middle, RADIUS + _LABEL_GAP)
    lines = wrap(terms[0]) if terms else [words.text("Other")]
    # Labels above the middle grow upwards and those below it downwards, away from the plot.
    label_y -= _LINE * (len(lines) - 1) * (1 - (label_y - CENTRE_Y) / (RADIUS + _LABEL_GAP)) / 2
    away = (label_x - CENTRE_X) / RADIUS
    return ThemeView(
        line="" if is_whole else f"M{CENTRE_X:g} {CENTRE_Y:g}L{x:.1f} {y:.1f}",
        label_x=f"{label_x:.1f}",
        anchor="start" if away > _SIDEWAYS else "end" if away < -_SIDEWAYS else "middle",
        lines=tuple((f"{label_y + 4 + row * _LINE:.1f}", line) for row, line in enumerate(lines)),
        terms=words.text("list comma").join(terms) or words.text("Other"),
        count=str(sum(blip.theme == sector.theme for blip in blips)),
    )


def wrap(term: str) -> list[str]:
    """Break a term into the lines of a label; what does not fit is cut off, for the list has it in full."""
    lines = [""]
    for word in term.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or _width(longer) <= _LABEL_WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > _LABEL_LINES:
        lines = [*lines[: _LABEL_LINES - 1], f"{lines[_LABEL_LINES - 1]}…"]
    return [_cut(line) for line in lines]


def _cut(line: str) -> str:
    if _width(line) <= _LABEL_WIDTH:
        return line
    while line and _width(line) > _LABEL_WIDTH - 1:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _age(days: int) -> str:
    return next((name for limit, name in _AGES if days <= limit), "old")
