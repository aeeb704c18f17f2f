"""What the radars say on other pages: badges on cards, the order by match, the list beside the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.web.address import quote, write
from academichub.web.views.why import per_cent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from academichub.model.radarpages import Badge, RadarRow, RadarsPage
    from academichub.web.press import Visit
    from academichub.web.views.aside import Remarks

_RADARS_OFFERED: Final = 8
_LONGEST_NAME: Final = 24
# What means nothing where papers are ordered by match: filters are of the order by time.
UNORDERED: Final = {"cat": None, "venue": None, "kind": None, "after": None, "n": None}


class BadgeView(NamedTuple):
    """A radar that a card matched."""

    href: str
    name: str
    match: str


class OrderView(NamedTuple):
    """An order that the day can be read in."""

    href: str
    label: str
    title: str
    is_chosen: bool


class RadarNote(NamedTuple):
    """A radar beside the day."""

    href: str
    name: str
    tally: str
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What the radars and the models say of a page of cards."""

    radars: RadarsPage
    badges: Mapping[int, Sequence[Badge]]
    remarks: Mapping[int, Remarks]  # what else is known of the papers


def badge_views(badges: Sequence[Badge], visit: Visit, *, work_id: int) -> tuple[BadgeView, ...]:
    """Write the badges of one card; each leads to why."""
    return tuple(
        BadgeView(
            href=f"/radars/{quote(badge.key)}/why/{work_id}{visit.suffix}",
            name=badge.name,
            match=per_cent(badge.match),
        )
        for badge in badges
    )


def build_orders(
    radars: Sequence[RadarRow], parameters: Mapping[str, str], visit: Visit
) -> tuple[OrderView, ...]:
    """Offer the orders: by time, by the best radar, by each of some radars; nothing without radars."""
    if not radars:
        return ()
    words, chosen = visit.words, parameters.get("radar")
    ranked = [row for row in radars if row.latest_on is not None or row.radar.key == chosen]
    offered = ranked[:_RADARS_OFFERED]
    offered += [row for row in ranked[_RADARS_OFFERED:] if row.radar.key == chosen]
    by_match = chosen is None and parameters.get("sort") == "match"
    return (
        OrderView(
            write("/", parameters, radar=None, sort=None, after=None, n=None),
            words.text("By time"),
            "",
            is_chosen=chosen is None and not by_match,
        ),
        OrderView(
            write("/", parameters, **{**UNORDERED, "radar": None, "sort": "match"}),
            words.text("Best match"),
            words.text("Each paper by the radar it matches best"),
            is_chosen=by_match,
        ),
        *(
            OrderView(
                write("/", parameters, **{**UNORDERED, "radar": row.radar.key, "sort": None}),
                _shorten(row.radar.interest.name),
                row.radar.interest.name,
                is_chosen=row.radar.key == chosen,
            )
            for row in offered
        ),
    )


def build_radar_notes(radars: Sequence[RadarRow], on: date | None, visit: Visit) -> tuple[RadarNote, ...]:
    """List the radars beside the day, each with how many papers it shows then."""
    day = on.isoformat() if on else ""
    notes = []
    for row in radars:
        shown = dict(row.days).get(on) if on else None
        if shown is None and row.latest_on == on:
            shown = row.shown
        home = f"/radars/{quote(row.radar.key)}"
        notes.append(
            RadarNote(
                href=f"{home}/{day}{visit.suffix}" if shown is not None else f"{home}{visit.suffix}",
                name=row.radar.interest.name,
                tally=f"{shown:,}" if shown else "",
                is_paused=row.radar.is_paused,
            )
        )
    return tuple(notes)


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
