"""Measure how well scores foretell the further fields that authors list their papers in.

A *cell* is a paper and a field that is not the paper's own. A cell is true where the paper is cross-listed
in that field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

if TYPE_CHECKING:
    from collections.abc import Mapping

Reals: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

FEWEST_TRUE: Final = 5  # cells, for a field or a pair of fields to be measured
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Cells whose likelihood lies between two bounds."""

    low: float
    high: float
    cells: int
    said: float  # mean likelihood
    came: float  # share that is true


@dataclass(frozen=True, slots=True)
class Crosslists:
    """What one method reached; None where nothing was there to be measured."""

    micro: float | None  # AUC over all cells
    macro: float | None  # mean AUC of a field
    within: float | None  # mean AUC of a field among the papers of one own field
    average_precision: float | None  # over all cells
    recall_at_1: float | None  # mean share of a cross-listed paper's further fields among the first so many
    recall_at_2: float | None
    calibration_error: float | None
    fields: Mapping[str, float]  # AUC by field
    reliability: tuple[Bin, ...]


def measure(
    fields: tuple[str, ...],
    scores: Reals,
    labels: Flags,
    own: NDArray[np.int64],
    *,
    are_likelihoods: bool = False,
) -> Crosslists:
    """Measure scores.

    Args:
        fields: Their names, in the order of the columns.
        scores: Shape (papers, fields); -inf where a method knows nothing of a field.
        labels: Shape (papers, fields), whether a paper is listed there.
        own: The column of each paper's own field, -1 for none of them.
        are_likelihoods: The scores are likelihoods, whose truth is measured too.

    Source:
        Calibration error: Naeini, Cooper and Hauskrecht (2015), in bins of equal width.
    """
    is_cell = own[:, None] != np.arange(len(fields))
    by_field = {
        name: auc
        for at, name in enumerate(fields)
        if (auc := _auc(scores[is_cell[:, at], at], labels[is_cell[:, at], at], FEWEST_TRUE)) is not None
    }
    said, came = scores[is_cell], labels[is_cell]
    reliability = _reliability(said, came) if are_likelihoods else ()
    return Crosslists(
        micro=_auc(said, came, 1),
        macro=_mean(list(by_field.values())),
        within=_mean(_within(scores, labels, own)),
        average_precision=_average_precision(said, came),
        recall_at_1=_recall(scores, labels & is_cell, is_cell, 1),
        recall_at_2=_recall(scores, labels & is_cell, is_cell, 2),
        calibration_error=sum(one.cells * abs(one.said - one.came) for one in reliability) / len(said)
        if reliability
        else None,
        fields=by_field,
        reliability=reliability,
    )


def _within(scores: Reals, labels: Flags, own: NDArray[np.int64]) -> list[float]:
    """Give the AUC of every field among the papers of every other one."""
    found = []
    for of in np.unique(own):
        rows = own == of
        for at in range(labels.shape[1]):
            auc = None if at == of else _auc(scores[rows, at], labels[rows, at], FEWEST_TRUE)
            if auc is not None:
                found.append(auc)
    return found


def _auc(scores: Reals, labels: Flags, fewest: int) -> float | None:
    """Give the chance that a true cell is above a false one, ties half; None with too few of either."""
    true = int(labels.sum())
    false = len(labels) - true
    if min(true, false) < fewest:
        return None
    above = float(rankdata(scores)[labels].sum()) - true * (true + 1) / 2
    return above / (true * false)


def _average_precision(scores: Reals, labels: Flags) -> float | None:
    """Average the precision at every true cell; of equal scores the order is that of the file."""
    if not labels.any():
        return None
    hits = labels[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def _recall(scores: Reals, wanted: Flags, is_cell: Flags, first: int) -> float | None:
    rows = wanted.any(axis=1)
    if not rows.any():
        return None
    # What is no cell comes last, behind fields that a method knows nothing of.
    order = np.lexsort((-scores[rows], ~is_cell[rows]))[:, :first]
    hits = np.take_along_axis(wanted[rows], order, axis=1).sum(axis=1)
    return float((hits / wanted[rows].sum(axis=1)).mean())


def _reliability(said: Reals, came: Flags) -> tuple[Bin, ...]:
    place = np.minimum((said * BINS).astype(np.int64), BINS - 1)
    cells = np.bincount(place, minlength=BINS)
    sums = np.bincount(place, said, minlength=BINS)
    hits = np.bincount(place, came.astype(np.float64), minlength=BINS)
    return tuple(
        Bin(
            at / BINS,
            (at + 1) / BINS,
            int(cells[at]),
            float(sums[at] / cells[at]),
            float(hits[at] / cells[at]),
        )
        for at in np.flatnonzero(cells).tolist()
    )


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None
