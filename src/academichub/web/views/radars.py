"""All radars of the reader: how each is doing, and a way to begin another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.model.shelf import DayCount
from academichub.web.address import quote
from academichub.web.views.radarform import field_name
from academichub.web.views.strip import draw_strip

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup

    from academichub.model.radar import Interest
    from academichub.model.radarpages import RadarRow, RadarsPage, StartingPoint
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

_DAYS = 30
_LONGEST_SAYING = 140


@dataclass(frozen=True, slots=True)
class RadarLine:
    """One radar in the list."""

    href: str
    edit: str
    key: str
    name: str
    saying: str
    rule: str
    state: str
    health: str
    meta: tuple[str, ...]
    latest: str
    shown: str
    unit: str
    strip: Markup
    strip_label: str


@dataclass(frozen=True, slots=True)
class PointView:
    """A ready-made interest."""

    href: str
    field: str
    name: str


@dataclass(frozen=True, slots=True)
class RadarsView:
    """The page of all radars."""

    title: str
    tally: str
    coverage: str
    coverage_health: str
    notice: str
    radars: tuple[RadarLine, ...]
    new: str
    points: tuple[PointView, ...]


def build_radars(
    page: RadarsPage, points: tuple[StartingPoint, ...], visit: Visit, *, today: date
) -> RadarsView:
    """Build the list of all radars."""
    words = visit.words
    done = visit.parameters.get("done", "")
    return RadarsView(
        title=words.text("Radars"),
        tally=words.count("{n} radar", "{n} radars", len(page.rows)) if page.rows else "",
        coverage=say_coverage(page.embedded, page.of, words, space=page.space),
        coverage_health="ok" if page.space and page.embedded == page.of else "quiet",
        notice=words.text("done:radar-removed") if done == "radar-removed" else "",
        radars=tuple(_line(row, visit, today) for row in page.rows),
        new=f"/radars/new{visit.suffix}",
        points=tuple(
            PointView(
                href=f"/radars/new?start={quote(point.key)}{visit.suffix.replace('?', '&')}",
                field=field_name(point.field, words),
                name=point.name_zh if words.language == "zh" else point.name_en,
            )
            for point in points
        ),
    )


def say_coverage(embedded: int, total: int, words: Catalogue, *, space: str | None) -> str:
    """Say how many papers are compared by meaning; the others, by words alone.

    `space` "" means that there is no model; None, that the page does not know of one.
    """
    if space == "" or (space is None and total and not embedded):
        return words.text("Ranked by words alone: no embeddings are there.")
    if not total:
        return ""
    covered = words.text("Embedded {embedded} of {total}", embedded=f"{embedded:,}", total=f"{total:,}")
    if embedded < total:
        covered = words.text("{covered}; the others are ranked by words alone", covered=covered)
    return covered + words.text("full stop")


def say_interest(interest: Interest) -> str:
    """Say in one line what a radar looks for, beside its rule: the text, or the names it follows."""
    if interest.text:
        line = " ".join(interest.text.split())
    else:
        line = " · ".join((*(one.name for one in interest.follows), *interest.include_fields))
    return line if len(line) <= _LONGEST_SAYING else f"{line[: _LONGEST_SAYING - 1].rstrip()}…"


def draw_days(
    days: tuple[tuple[date, int], ...], here: date | None, key: str, visit: Visit, *, last: date
) -> Markup:
    """Draw thirty days up to the last one, each a link to the radar on that day."""
    counts = dict(days)
    calendar = (last - timedelta(days=back) for back in reversed(range(_DAYS)))
    around = (f"/radars/{quote(key)}/", visit.suffix)
    return draw_strip(tuple(DayCount(on, counts.get(on, 0)) for on in calendar), here, around, visit.words)


def _line(row: RadarRow, visit: Visit, today: date) -> RadarLine:
    words, radar = visit.words, row.radar
    home = f"/radars/{quote(radar.key)}"
    saying = say_interest(radar.interest)
    return RadarLine(
        href=f"{home}{visit.suffix}",
        edit=f"{home}/edit{visit.suffix}",
        key=radar.key,
        name=radar.interest.name,
        saying=saying if saying != radar.interest.name else "",
        rule=radar.interest.rule,
        state=words.text("health:paused") if radar.is_paused else "",
        health="paused" if radar.is_paused else "ok",
        meta=tally_of(row, words),
        latest=words.day_of(row.latest_on, today.year) if row.latest_on else words.text("not ranked yet"),
        shown=f"{row.shown:,}" if row.latest_on else "—",
        unit=words.count("paper", "papers", row.shown) if row.latest_on else "",
        strip=draw_days(row.days, row.latest_on, radar.key, visit, last=max(row.latest_on or today, today)),
        strip_label=words.text("Thirty days of “{name}”", name=radar.interest.name),
    )


def tally_of(row: RadarRow, words: Catalogue) -> tuple[str, ...]:
    """Count what a radar has learned from."""
    parts = []
    if row.seeds:
        parts.append(words.count("{n} seed paper", "{n} seed papers", row.seeds))
    parts.append(words.count("{n} like", "{n} likes", row.likes))
    if row.dislikes:
        parts.append(words.count("{n} “less”", "{n} “less”", row.dislikes))
    return tuple(parts)
