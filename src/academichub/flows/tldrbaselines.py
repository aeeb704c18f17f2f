"""Choose the one sentence of an abstract that stands for it, as simple and well-known methods do."""

from __future__ import annotations

import random
from collections import Counter
from math import log
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from academichub.briefing.cues import CUES, cues, tokens
from academichub.text.cutting import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.text.terms import Matrix, Vector

_SEED: Final = 20260501  # any number; the same one draws the same sentences
_DAMPING: Final = 0.85
_STEPS: Final = 50
_DEEDS: Final = [CUES.index(name) for name in ("makes", "studies", "shows")]
_WRITERS: Final = [CUES.index(name) for name in ("writer", "names itself")]

Chosen: TypeAlias = list[int]
"""For each abstract the place of its sentence, from 0."""


def baselines(abstracts: Sequence[Sequence[str]]) -> dict[str, Chosen]:
    """Choose by every method.

    Args:
        abstracts: The sentences of each, at least one.

    Returns:
        Places by the name of the method. No method sees a title or a summary.
    """
    rng = random.Random(_SEED)  # noqa: S311  # a fair draw that can be repeated, no secret
    terms = [[[term for run in cut(one) for term in run] for one in each] for each in abstracts]
    idf = _idf(terms)
    return {
        "we-propose rule": [_first_deed(each) for each in abstracts],
        "lead": [0 for _ in abstracts],
        "last": [len(each) - 1 for each in abstracts],
        "random": [rng.randrange(len(each)) for each in abstracts],
        "longest": [_highest([len(one.split()) for one in each]) for each in abstracts],
        "textrank": [_highest(_walk(_overlaps(each))) for each in terms],
        "lexrank": [_highest(_walk(_cosines(_weighed(each, idf)))) for each in terms],
        "centroid": [_highest(_to_middle(_weighed(each, idf))) for each in terms],
    }


def _first_deed(sentences: Sequence[str]) -> int:
    """Take the first sentence with "we propose" or the like, else "we" or "this paper", else the first."""
    found = [cues(one, tokens(one)) for one in sentences]
    for wanted in (_DEEDS, _WRITERS):
        for place, held in enumerate(found):
            if any(held[at] for at in wanted):
                return place
    return 0


def _highest(scores: Vector | Sequence[float]) -> int:
    """Find the greatest, the first of equals; rounded, since the last bits differ between machines."""
    return int(np.argmax(np.round(np.asarray(scores, dtype=np.float64), 9)))


def _idf(abstracts: Sequence[Sequence[Sequence[str]]]) -> dict[str, float]:
    """Weigh terms by how few of the abstracts hold them."""
    held = Counter(term for each in abstracts for term in {term for its in each for term in its})
    return {term: log((1 + len(abstracts)) / (1 + count)) + 1 for term, count in held.items()}


def _weighed(sentences: Sequence[Sequence[str]], idf: Mapping[str, float]) -> Matrix:
    """Give each sentence as a row of counted terms times their idf."""
    column: dict[str, int] = {}
    for its in sentences:
        for term in its:
            column.setdefault(term, len(column))
    table = np.zeros((len(sentences), len(column)))
    for row, its in zip(table, sentences, strict=True):
        for term in its:
            row[column[term]] += idf[term]
    return table


def _cosines(table: Matrix) -> Matrix:
    """Compare every two rows, each with itself too.

    Source:
        Erkan and Radev, LexRank (2004), the continuous form.
    """
    unit = table / np.maximum(np.sqrt((table**2).sum(axis=1, keepdims=True)), 1e-12)
    near: Matrix = unit @ unit.T
    return near


def _overlaps(sentences: Sequence[Sequence[str]]) -> Matrix:
    """Count the terms that two sentences share, over the logarithms of their lengths.

    Source:
        Mihalcea and Tarau, TextRank (2004).
    """
    sets = [frozenset(its) for its in sentences]
    near = np.zeros((len(sets), len(sets)))
    for at, one in enumerate(sets):
        for beside, other in enumerate(sets[:at]):
            size = log(max(1, len(sentences[at]))) + log(max(1, len(sentences[beside])))
            near[at, beside] = near[beside, at] = len(one & other) / size if size else 0.0
    return near


def _walk(near: Matrix) -> Vector:
    """Give the share of a walk along the likenesses that is spent at each sentence."""
    count = len(near)
    sums = near.sum(axis=1, keepdims=True)
    # From a sentence that is like no other, the walk goes on anywhere.
    steps = np.where(sums > 0, near / np.where(sums > 0, sums, 1.0), 1 / count)
    share: Vector = np.full(count, 1 / count)
    for _ in range(_STEPS):
        share = (1 - _DAMPING) / count + _DAMPING * (share @ steps)
    return share


def _to_middle(table: Matrix) -> Vector:
    """Compare each sentence with the sum of all.

    Source:
        Radev, Jing and Budzikowska, Centroid-based summarization of multiple documents (2000).
    """
    near: Vector = _cosines(np.vstack([table, table.sum(axis=0)]))[-1, :-1]
    return near
