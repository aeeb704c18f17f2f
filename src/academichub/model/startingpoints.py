"""Ready-made interests for a newcomer, kept as data in `startingpoints.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from academichub.model.radar import Interest
from academichub.model.radarpages import StartingPoint


@cache
def starting_points() -> tuple[StartingPoint, ...]:
    """Give all of them, in the order of the file."""
    text = files("academichub.model").joinpath("startingpoints.toml").read_text(encoding="utf-8")
    return tuple(
        StartingPoint(
            key=point["key"],
            field=point["field"],
            name_en=point["en"],
            name_zh=point["zh"],
            interest=Interest(name=point["en"], text=point["text"]),
        )
        for point in tomllib.loads(text)["point"]
    )
