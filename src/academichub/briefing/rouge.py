"""Measure how much of a summary's wording another summary has: ROUGE-1, ROUGE-2 and ROUGE-L.

Source:
    Lin, ROUGE: a package for automatic evaluation of summaries (2004). Words are runs of ASCII letters and
    digits in lower case, those of more than three letters stemmed; F1; against several references the best,
    for each measure by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from academichub.briefing.porter import porter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD: Final = re.compile(r"[a-z0-9]+")
_LEAST_STEMMED: Final = 4  # letters
_Counted = TypeVar("_Counted")  # a word, or two in a row


@dataclass(frozen=True, slots=True)
class Rouge:
    """The three measures, each 0 to 1."""

    one: float
    two: float
    longest: float


def rouge_words(text: str) -> tuple[str, ...]:
    """Cut a text into the words that are compared."""
    found = _WORD.findall(text.lower())
    return tuple(porter(word) if len(word) >= _LEAST_STEMMED else word for word in found)


def rouge(words: Sequence[str], references: Iterable[Sequence[str]]) -> Rouge:
    """Compare the words of a summary with those of at least one reference, and keep the best of each."""
    scores = [
        (_shared(Counter(words), Counter(one)), _shared(_pairs(words), _pairs(one)), _longest(words, one))
        for one in references
    ]
    return Rouge(*(max(each) for each in zip(*scores, strict=True)))


def _pairs(words: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter(pairwise(words))


def _shared(ours: Counter[_Counted], theirs: Counter[_Counted]) -> float:
    return _f1((ours & theirs).total(), ours.total(), theirs.total())


def _longest(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Find the longest row of words that both hold in the same order, others between them or not."""
    row = [0] * (len(theirs) + 1)
    for word in ours:
        before = 0
        for at, other in enumerate(theirs, 1):
            here = row[at]
            row[at] = before + 1 if word == other else max(here, row[at - 1])
            before = here
    return _f1(row[-1], len(ours), len(theirs))


def _f1(hits: int, ours: int, theirs: int) -> float:
    return 2 * hits / (ours + theirs) if hits else 0.0
