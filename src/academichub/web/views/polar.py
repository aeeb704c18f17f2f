"""Place papers on a polar plot: angle = theme, distance = 1 - match, size = attention. Pure geometry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from academichub.model.radarpages import Blip

WIDTH: Final = 560  # of the drawing, in its own units
HEIGHT: Final = 440
CENTRE_X: Final = WIDTH / 2
CENTRE_Y: Final = HEIGHT / 2
RADIUS: Final = 178.0  # of the outer ring: match 0
# What a match in the middle can be. Most days' best match is far below 1, and near the rim nothing can be
# told apart; the plot then shows the distance from the next of these.
_SCALES: Final = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
_SMALLEST: Final = 4.2  # a dot's radius; attention 0
_LARGEST: Final = 9.5  # attention 1
_GAP: Final = 2.5  # between dots, where there is room
_CANDIDATES: Final = 64  # angles tried for each dot
_GOLDEN: Final = (math.sqrt(5) - 1) / 2  # steps of it spread evenly however many there are
_EVEN: Final = 0.5  # of the circle shared out evenly between themes; the rest by how many papers each has


@dataclass(frozen=True, slots=True)
class Sector:
    """A theme's share of the circle; angles in turns, clockwise from the top."""

    theme: int
    start: float
    end: float

    @property
    def middle(self) -> float:
        """The angle that its label stands at."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one paper stands, and how large."""

    work_id: int
    x: float
    y: float
    radius: float


def divide(blips: Sequence[Blip]) -> tuple[Sector, ...]:
    """Share the circle out between the themes that have papers, by number; papers without a theme come last.

    Half of the circle is shared evenly, so that a small theme can be seen; half by the number of papers, so
    that a large one has room.
    """
    tally: dict[int, int] = {}
    for blip in blips:
        tally[blip.theme] = tally.get(blip.theme, 0) + 1
    sectors, start = [], 0.0
    for theme in sorted(tally, key=lambda number: (number < 0, number)):
        width = _EVEN / len(tally) + (1 - _EVEN) * tally[theme] / len(blips)
        sectors.append(Sector(theme, start, start + width))
        start += width
    return tuple(sectors)


def scale_of(matches: Iterable[float]) -> float:
    """Choose what match the middle of the plot stands for: the least of a few round ones that holds all."""
    best = max((_clamp(match) for match in matches), default=1.0)
    return min((scale for scale in _SCALES if scale >= best), default=1.0)


def place(blips: Sequence[Blip], sectors: Sequence[Sector], *, scale: float = 1.0) -> tuple[Spot, ...]:
    """Place papers, in the order they are given; `scale` is the match that the middle stands for.

    The distance from the centre is 1 - match, in parts of the scale, and is never bent. The angle is free
    within the theme's sector: of a row of angles, which begins where the paper's own number says, the first
    is taken at which the dot touches no other, or the one with most room. Dots overlap only where a ring of
    the sector is full.
    """
    sector_by_theme: Mapping[int, Sector] = {sector.theme: sector for sector in sectors}
    placed: list[Spot] = []
    spots: dict[int, Spot] = {}
    # From the centre outwards: there the room is least.
    for blip in sorted(blips, key=lambda one: (-_clamp(one.match), one.place, one.work_id)):
        spot = _find_room(blip, sector_by_theme[blip.theme], placed, scale)
        placed.append(spot)
        spots[blip.work_id] = spot
    return tuple(spots[blip.work_id] for blip in blips)


def ring(match: float, scale: float = 1.0) -> float:
    """Give the radius of the ring on which papers of a match stand."""
    return (1 - _clamp(match / scale)) * RADIUS


def point(turn: float, distance: float) -> tuple[float, float]:
    """Turn an angle, clockwise from the top, and a distance into a place in the drawing."""
    angle = 2 * math.pi * turn
    return CENTRE_X + distance * math.sin(angle), CENTRE_Y - distance * math.cos(angle)


def _find_room(blip: Blip, sector: Sector, placed: Sequence[Spot], scale: float) -> Spot:
    radius = _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(_clamp(blip.attention))
    distance = ring(blip.match, scale)
    # Dots keep off the lines between sectors, but where the sector is narrower than a dot.
    inset = math.asin(min(1.0, (radius + _GAP) / max(distance, 1e-9))) / (2 * math.pi)
    inset = min(inset, 0.45 * (sector.end - sector.start))
    first, span = sector.start + inset, sector.end - sector.start - 2 * inset
    near = [spot for spot in placed if _may_touch(spot, distance, radius)]
    best, most_room = None, -math.inf
    for step in range(_CANDIDATES):
        x, y = point(first + span * (((blip.work_id + step) * _GOLDEN) % 1.0), distance)
        room = min(
            (math.hypot(x - spot.x, y - spot.y) - spot.radius - radius for spot in near), default=math.inf
        )
        if room > most_room:
            best, most_room = Spot(blip.work_id, round(x, 1), round(y, 1), round(radius, 1)), room
        if room >= _GAP:
            break
    assert best is not None  # noqa: S101 - the first candidate has more room than minus infinity
    return best


def _may_touch(spot: Spot, distance: float, radius: float) -> bool:
    from_centre = math.hypot(spot.x - CENTRE_X, spot.y - CENTRE_Y)
    return abs(from_centre - distance) < spot.radius + radius + _GAP + 1


def _clamp(value: float) -> float:
    return min(1.0, max(0.0, value)) if math.isfinite(value) else 0.0
