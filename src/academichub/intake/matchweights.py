"""Weights of the evidence that two descriptions are one work.

Written by evaluation/tune_matching.py; docs/matching.md says how, and what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Scores from which two works are joined, are called one for F1, and are put before a person.
AUTOMATIC: Final = 0.9
BEST: Final = 0.6
DOUBTFUL: Final = 0.13

# Where the evidence lies and what it weighs there; straight in between, level beyond.
CURVES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "start": ((0.0, 0.911),),
    "title": (
        (0.3, -5.204),
        (0.5, -3.276),
        (0.7, -3.276),
        (0.8, -1.647),
        (0.9, -0.649),
        (0.96, 1.853),
        (1.0, 2.334),
    ),
    "title unknown": ((0.0, -6.0),),
    "title swapped": ((0.0, 0.366), (0.1, -1.618), (0.3, -2.202), (0.7, -3.951)),
    "title within": ((2.0, -0.178), (4.0, 2.211), (7.0, 2.211)),
    "title of many": ((0.0, -2.799),),
    "title words": ((1.0, -2.458), (3.0, -2.458), (5.0, -0.757), (9.0, 0.214)),
    "numbers": ((1.0, -0.407), (2.0, -6.358), (3.0, -6.735)),
    "authors": ((0.0, -1.599), (0.5, 0.254), (0.8, 1.046), (1.0, 1.242)),
    "one author": ((0.0, -0.525),),
    "authors more": ((0.0, -0.322), (1.0, -3.353)),
    "authors unknown": ((0.0, 0.168),),
    "year": ((0.0, 0.863), (1.0, -1.371), (2.0, -4.578), (4.0, -4.578)),
    "year after preprint": (
        (-2.0, -2.99),
        (-1.0, -0.256),
        (0.0, 1.269),
        (1.0, 1.24),
        (3.0, 0.489),
        (5.0, -2.14),
    ),
    "venue": ((0.0, 0.089), (1.0, 0.0), (2.0, -6.846), (3.0, -7.618)),
}
