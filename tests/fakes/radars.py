"""Rankings for tests: small, complete, made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.model.radar import (
    Because,
    Inputs,
    Part,
    PartName,
    RadarDay,
    Ranked,
    Shown,
    Theme,
)
from tests.fakes.drafts import NOW

if TYPE_CHECKING:
    from datetime import date

INPUTS = Inputs(
    algorithm="1", interest="a1", seeds="b2", feedback="c3", background="d4", space="words-3d", coverage="e5"
)


def ranked(work_id: int, match: float = 0.5, *, place: int = 1, shown: Shown = Shown.NEW) -> Ranked:
    """Make a work's place on a day, with numbers that no decimal writes exactly."""
    parts = (
        Part(PartName.WORDS, 0.1, (Because("term", "frog song", 0.7), Because("paper", "Frogs", 0.3, 1))),
        Part(PartName.PRIOR, 0.2),
    )
    return Ranked(work_id, place, 0.1 + 0.2, match, parts, shown, theme=0)


def ranking(radar_id: int, on: date, *works: Ranked) -> RadarDay:
    """Make a radar's day."""
    return RadarDay(
        radar_id=radar_id,
        on=on,
        ranked_at=NOW,
        candidates=430,
        embedded=412,
        likes=3,
        inputs=INPUTS,
        themes=(Theme(0, ("frog", "蛙")),),
        ranked=works,
    )
