"""Print what was measured, the same way everywhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEAST: Final = 30  # characters for a name


def print_figures(figures: Mapping[str, float], *, as_json: bool) -> None:
    """Print figures a line each, or as one line of JSON."""
    if as_json:
        print(json.dumps(figures))
        return
    width = max([_LEAST, *map(len, figures)])
    for name, value in figures.items():
        print(f"{name:{width}} {value:>12,}")
