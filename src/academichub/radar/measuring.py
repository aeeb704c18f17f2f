"""Measure how good an order is, and how honest a probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from academichub.text.terms import Vector

MEASURES: Final = ("recall@20", "recall@50", "recall@100", "ndcg@20", "ndcg@10", "p@10", "p@20", "mrr")
DRAWS: Final = 1000  # of the bootstrap
_SEED: Final = 4
BINS: Final = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle 95 % of the means of samples drawn with replacement."""

    low: float
    high: float


def order(scores: Vector) -> np.ndarray:
    """Order by falling score; equals keep their places, so that two runs agree."""
    return np.argsort(-scores, kind="stable")


def measure(scores: Vector, wanted: np.ndarray) -> dict[str, float]:
    """Measure one reader's order of all candidates.

    Args:
        scores: Shape (candidates,); minus infinity takes one out.
        wanted: Their places, at least one.

    Source:
        Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002), with gains 0 and 1
        and the ideal over min(k, wanted). Recall@k is hits / wanted, P@k hits / k, MRR 1 / the place of the
        first hit.
    """
    is_wanted = np.zeros(len(scores), dtype=bool)
    is_wanted[wanted] = True
    hits = is_wanted[order(scores)]
    count = int(is_wanted.sum())
    first = int(np.argmax(hits)) + 1
    return {
        **{f"recall@{k}": float(hits[:k].sum()) / count for k in (20, 50, 100)},
        **{f"ndcg@{k}": _gain(hits[:k]) / _gain(np.ones(min(k, count))) for k in (20, 10)},
        **{f"p@{k}": float(hits[:k].sum()) / k for k in (10, 20)},
        "mrr": 1.0 / first,
    }


def _gain(hits: np.ndarray) -> float:
    return float((hits / np.log2(np.arange(2, len(hits) + 2))).sum())


def mean(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Average the measures over readers."""
    table = _table(rows)
    return dict(zip(MEASURES, map(float, table.mean(axis=0)), strict=True))


def intervals(rows: Iterable[Mapping[str, float]]) -> dict[str, Interval]:
    """Tell how far the averages would move with other readers of the same kind.

    Source:
        Efron, Bootstrap methods: another look at the jackknife (1979); percentile interval.
    """
    table = _table(rows)
    rng = np.random.default_rng(_SEED)
    means = np.array([table[rng.integers(0, len(table), len(table))].mean(axis=0) for _ in range(DRAWS)])
    low, high = np.quantile(means, (0.025, 0.975), axis=0)
    return {name: Interval(float(a), float(b)) for name, a, b in zip(MEASURES, low, high, strict=True)}


def _table(rows: Iterable[Mapping[str, float]]) -> np.ndarray:
    return np.array([[row[name] for name in MEASURES] for row in rows], dtype=np.float64)


def calibration_error(probability: Vector, happened: np.ndarray) -> float:
    """Average how far the said probability is from what happened, over bins of equal width.

    Source:
        Expected calibration error: Naeini, Cooper and Hauskrecht (2015).
    """
    place = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    said = np.bincount(place, probability, minlength=BINS)
    came = np.bincount(place, happened.astype(np.float64), minlength=BINS)
    return float(np.abs(said - came).sum() / len(probability))
