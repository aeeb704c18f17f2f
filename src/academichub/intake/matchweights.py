"""Weights of the evidence that two descriptions are one work.

Written by evaluation/tune_matching.py; docs/matching.md says what they mean and how they were found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Scores from which two works are joined, are called one for F1, and are put before a person.
AUTOMATIC: Final = 0.9
BEST: Final = 0.54
DOUBTFUL: Final = 0.08

# Where the evidence lies and what it weighs there; straight in between, level beyond.
CURVES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "start": ((0.0, 1.523),),
    "title": (
        (0.3, -3.949),
        (0.5, -3.823),
        (0.7, -3.636),
        (0.8, -2.429),
        (0.9, -1.098),
        (0.96, 1.958),
        (1.0, 1.958),
    ),
    "title unknown": ((0.0, -6.0),),
    "title swapped": ((0.0, -0.394), (0.1, -1.093), (0.3, -1.51), (0.7, -4.153)),
    "title extra": ((0.0, -0.091), (0.2, -0.091), (0.6, -0.091)),
    "title within": ((2.0, 0.173), (4.0, 2.131), (7.0, 2.131)),
    "title of many": ((0.0, -2.563),),
    "title words": ((1.0, -2.365), (3.0, -2.365), (5.0, -0.551), (9.0, 0.32)),
    "numbers": ((1.0, -0.096), (2.0, -2.057), (3.0, -4.843)),
    "authors": ((0.0, -1.869), (0.5, 0.938), (0.8, 1.234), (1.0, 1.234)),
    "authors in both": ((1.0, -0.932), (2.0, -0.513), (4.0, -0.513)),
    "authors more": ((0.0, -0.008), (1.0, -3.564)),
    "authors unknown": ((0.0, -0.33),),
    "year": ((0.0, 0.773), (1.0, -1.67), (2.0, -3.378), (4.0, -4.409)),
    "year after preprint": (
        (-2.0, -2.924),
        (-1.0, -0.637),
        (0.0, 0.983),
        (1.0, 0.886),
        (3.0, 0.506),
        (5.0, -2.491),
    ),
    "venue": ((0.0, 0.14), (1.0, 0.0), (2.0, -6.352), (3.0, -7.214)),
}
