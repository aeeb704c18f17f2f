"""What a reader told the hub about one interest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.radar.corpus import Papers
    from academichub.text.terms import Vector


class Sign(StrEnum):
    """How a paper, or a text, came into a profile."""

    STAR = "star"
    SEED = "seed"
    LIBRARY = "library"
    MORE = "more"
    TEXT = "text"
    OFF_TOPIC = "off_topic"
    WEAK = "weak"
    SEEN = "seen"


# A library also holds what was read once and is of no more interest. A paper that is off topic says less
# about what is wanted than a star does; a weak one is at least on topic; one that was seen says nothing.
WEIGHTS: Final = {
    Sign.STAR: 1.0,
    Sign.SEED: 1.0,
    Sign.LIBRARY: 0.5,
    Sign.MORE: 1.0,
    Sign.TEXT: 1.0,
    Sign.OFF_TOPIC: -0.5,
    Sign.WEAK: -0.25,
    Sign.SEEN: 0.0,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Papers, and lines of free text, each with a weight: above zero wanted, below zero not."""

    papers: Papers
    weights: Vector  # shape (papers,)
    lines: int = 0  # how many of the last papers are not papers but lines of free text


def profile(papers: Papers, signs: Sequence[Sign]) -> Profile:
    """Weigh papers by how they came into the profile; lines of free text must come last.

    Raises:
        ValueError: There are not as many signs as papers, or a text stands before a paper.
    """
    lines = sum(sign is Sign.TEXT for sign in signs)
    if len(signs) != len(papers) or Sign.TEXT in signs[: len(signs) - lines]:
        message = f"{len(signs)} signs for {len(papers)} papers, texts last"
        raise ValueError(message)
    return Profile(papers, np.array([WEIGHTS[sign] for sign in signs], dtype=np.float64), lines)
