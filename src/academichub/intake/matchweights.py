"""Weights of the evidence that two descriptions are one work.

Written by evaluation/tune_matching.py; docs/matching.md tells what they mean and how they were found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Scores from which two works are joined, are called one for F1, and are put before a person.
AUTOMATIC: Final = 0.95
BEST: Final = 0.56
DOUBTFUL: Final = 0.19

# Where the evidence lies and what it weighs there; straight in between, level beyond.
CURVES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "start": ((0.0, 0.977),),
    "title": (
        (0.3, -4.592),
        (0.5, -3.617),
        (0.7, -3.617),
        (0.8, -2.053),
        (0.9, -0.051),
        (0.96, 1.291),
        (1.0, 1.291),
    ),
    "title unknown": ((0.0, -6.0),),
    "title swapped": ((0.0, -0.297), (0.1, -0.297), (0.3, -2.382)),
    "title extra": ((0.0, 0.241), (0.2, -0.614), (0.6, -0.614)),
    "title within": ((2.0, -0.214), (4.0, 2.002), (7.0, 2.002)),
    "title of many": ((0.0, -2.523),),
    "title words": ((1.0, -1.875), (3.0, -1.875), (5.0, -0.295), (9.0, 1.529)),
    "numbers": ((1.0, -0.408), (2.0, -4.302)),
    "authors": ((0.0, -1.73), (0.5, 0.527), (0.8, 0.826), (1.0, 1.579)),
    "authors in both": ((1.0, -0.606), (2.0, -0.006), (4.0, -0.006)),
    "authors more": ((0.0, -0.515), (1.0, -3.18)),
    "authors unknown": ((0.0, -0.024),),
    "year": ((0.0, 0.883), (1.0, -2.046), (2.0, -3.048), (4.0, -4.089)),
    "year after preprint": (
        (-2.0, -2.888),
        (-1.0, -1.333),
        (0.0, 1.752),
        (1.0, 1.611),
        (3.0, 0.646),
        (5.0, -2.741),
    ),
    "venue": ((0.0, 0.205), (1.0, 0.0), (2.0, -6.253), (3.0, -7.91)),
}
