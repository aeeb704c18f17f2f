"""Make the shapes that radar pages show of what the shelves keep."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from academichub.model.radarpages import Blip, RadarPage, RadarRow
from academichub.store import radars, rankings, strips

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from academichub.db.engine import Connection
    from academichub.model.radar import Radar, RadarDay
    from academichub.model.radarpages import RadarCard, SeedLine

STRIP_DAYS: Final = 30
BUSY: Final = 20.0  # votes elsewhere at which a paper has half of all attention


def radar_rows(connection: Connection, every: Sequence[Radar], *, today: date) -> tuple[RadarRow, ...]:
    """Read what the list says of radars; as many questions for one as for fifty."""
    ids = [radar.id for radar in every]
    counts = radars.counts(connection, ids)
    lines = strips.strips(connection, ids, since=today - timedelta(days=STRIP_DAYS))
    latest = rankings.latest(connection, ids)
    rows = []
    for radar in every:
        last = latest.get(radar.id)
        rows.append(
            RadarRow(
                radar=radar,
                seeds=counts[radar.id].seeds,
                likes=counts[radar.id].more,
                dislikes=counts[radar.id].less,
                latest_on=last.on if last is not None else None,
                shown=last.shown if last is not None else 0,
                days=lines.get(radar.id, ()),
            )
        )
    return tuple(rows)


def empty_page(row: RadarRow, on: date | None, lines: tuple[SeedLine, ...]) -> RadarPage:
    """Show a day for which a radar has nothing stored."""
    return RadarPage(
        row=row,
        on=on,
        earlier=max((one for one, _ in row.days if on is None or one < on), default=None),
        later=min((one for one, _ in row.days if on is not None and one > on), default=None),
        days=row.days,
        cards=(),
        below=0,
        candidates=0,
        embedded=0,
        themes=(),
        blips=(),
        seeds=lines,
    )


def blip_of(one: RadarCard, day: RadarDay, votes: int) -> Blip:
    """Place a paper on the polar plot, by its match, theme, attention and age."""
    seen = votes + 2.0 * (one.card.manifestations - 1)
    first = one.card.published
    return Blip(
        work_id=one.card.work_id,
        place=one.ranked.place,
        match=one.ranked.match,
        theme=one.ranked.theme,
        attention=seen / (seen + BUSY),
        age_days=max((day.on - first.on).days, 0) if first is not None else 0,
    )
