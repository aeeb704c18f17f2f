"""Learn the fields of papers up to a day, and measure what was learned on the papers of later days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.briefing import affinity, bayes
from academichub.briefing.affinitypriors import count_priors
from academichub.briefing.crosslistmeasures import Crosslists, measure
from academichub.errors import EvaluationUnreadable
from academichub.flows.recordsfile import papers_of, read_records
from academichub.model.briefing import archive_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from academichub.briefing.affinity import Affinity
    from academichub.model.briefing import Paper

MOST_CROSS_LISTED: Final = 0.9
"""Of a primary archive's papers: where more are, the file holds them only because they are cross-listed."""


@dataclass(frozen=True, slots=True)
class CrosslistFigures:
    """What a file measured; methods by name, ours first."""

    trained: int
    tested: int
    cross_listed: int  # of those tested
    left_out: Mapping[str, int]  # papers of archives with too many cross-listed ones, by archive
    method: str  # "logistic" or "bayes"
    archives: tuple[str, ...]  # that were learned
    terms: int
    fit_seconds: float  # of the processor
    predict_milliseconds: float  # for a paper
    shown: int  # cells at or above the threshold of cards
    shown_true: int
    methods: Mapping[str, Crosslists]


@dataclass(frozen=True, slots=True)
class _Test:
    """The papers to be measured on. Columns: the archives learned, then others that the papers name."""

    papers: Sequence[Paper]
    archives: tuple[str, ...]
    labels: NDArray[np.bool_]
    own: NDArray[np.int64]

    def widened(self, scores: NDArray[np.float64], unknown: float) -> NDArray[np.float64]:
        """Add columns for the archives that nothing was learned of."""
        missing = len(self.archives) - scores.shape[1]
        return np.hstack([scores, np.full((len(scores), missing), unknown)])


def evaluate_crosslist(
    path: Path,
    *,
    train_before: date,
    first: date,
    last: date,
    stopwatch: Callable[[], float],
    calibrate_from: date | None = None,
) -> CrosslistFigures:
    """Measure affinity to fields on the papers of some days, beside simple methods.

    Args:
        path: Records, as `recordsfile` reads them.
        train_before: Papers of earlier days are learned from.
        first: The first day to be measured, not before `train_before`.
        last: The last one.
        stopwatch: The process time in seconds.
        calibrate_from: The first day of those trained on that are held out for calibration; None for the
            last tenth of the papers.

    Raises:
        EvaluationUnreadable: The file cannot be read, or the days hold too little. Facts: path, line, reason.
    """
    if first < train_before or last < first:
        raise EvaluationUnreadable(path=str(path), line=0, reason="the days to measure overlap those learned")
    papers = papers_of(read_records(path, until=last))
    train = [paper for paper in papers if paper.listed_on < train_before]
    start = stopwatch()
    model = affinity.learn(train, held_out_from=calibrate_from)
    fitted = stopwatch() - start
    if model is None:
        reason = f"{len(train)} papers before {train_before} are too few, or of too few archives"
        raise EvaluationUnreadable(path=str(path), line=0, reason=reason)
    days = [paper for paper in papers if first <= paper.listed_on and affinity.primary(paper)]
    left_out = _left_out(days)
    test = _test([paper for paper in days if _home(paper) not in left_out], model)
    if not test.papers:
        raise EvaluationUnreadable(path=str(path), line=0, reason=f"no papers from {first} to {last}")
    return _measured(model, test, train, left_out=left_out, fitted=fitted, stopwatch=stopwatch)


def _measured(
    model: Affinity,
    test: _Test,
    train: Sequence[Paper],
    *,
    left_out: Mapping[str, int],
    fitted: float,
    stopwatch: Callable[[], float],
) -> CrosslistFigures:
    start = stopwatch()
    said = test.widened(affinity.likelihoods(model, test.papers).values, 0.0)
    seconds = stopwatch() - start
    is_cell = test.own[:, None] != np.arange(len(test.archives))
    is_shown = is_cell & (said >= affinity.SHOWN_FROM)
    ours = measure(test.archives, said, test.labels, test.own, are_likelihoods=True)
    return CrosslistFigures(
        trained=len(train),
        tested=len(test.papers),
        cross_listed=int((test.labels & is_cell).any(axis=1).sum()),
        left_out=left_out,
        method=model.method,
        archives=model.archives,
        terms=len(model.terms),
        fit_seconds=fitted,
        predict_milliseconds=1000 * seconds / len(test.papers),
        shown=int(is_shown.sum()),
        shown_true=int((is_shown & test.labels).sum()),
        methods={"academichub": ours} | _baselines(model, test, train),
    )


def _baselines(model: Affinity, test: _Test, train: Sequence[Paper]) -> dict[str, Crosslists]:
    """Measure simple methods on the same words and the same papers."""
    train = [paper for paper in train if affinity.primary(paper)]
    rows, asked = model.terms.rows(train), model.terms.rows(test.papers)
    labels = affinity.labels_of(train, model.archives)
    counted = bayes.weigh(rows, labels)[:-1]
    inside, outside = labels / labels.sum(axis=0), ~labels / (~labels).sum(axis=0)
    priors = count_priors([affinity.primary(paper) for paper in train], labels)
    by_archive = np.array([priors.of_archive(_home(paper)) for paper in test.papers])
    by_category = priors.of([affinity.primary(paper) for paper in test.papers])

    def scored(scores: NDArray[np.float64]) -> Crosslists:
        return measure(test.archives, test.widened(scores, -np.inf), test.labels, test.own)

    def said(likelihoods: NDArray[np.float64]) -> Crosslists:
        wide = test.widened(likelihoods, 0.0)
        return measure(test.archives, wide, test.labels, test.own, are_likelihoods=True)

    return {
        "bayes": scored(np.asarray(asked @ counted)),
        "centroid": scored(np.asarray(asked @ (rows.T @ (inside - outside)))),
        "prior-category": said(np.exp(by_category)),
        "prior-archive": said(np.exp(by_archive)),
    }


def _home(paper: Paper) -> str:
    return archive_of(affinity.primary(paper))


def _left_out(papers: Sequence[Paper]) -> dict[str, int]:
    """Count the papers of each primary archive of which nearly all are cross-listed."""
    counts = Counter(map(_home, papers))
    crossed = Counter(_home(paper) for paper in papers if len(affinity.archives_of(paper)) > 1)
    return {name: counts[name] for name in sorted(counts) if crossed[name] > MOST_CROSS_LISTED * counts[name]}


def _test(papers: Sequence[Paper], model: Affinity) -> _Test:
    named = {name for paper in papers for name in affinity.archives_of(paper)}
    archives = (*model.archives, *sorted(named - set(model.archives)))
    column = {name: at for at, name in enumerate(archives)}
    return _Test(
        papers=papers,
        archives=archives,
        labels=affinity.labels_of(papers, archives),
        own=np.array([column[_home(paper)] for paper in papers], dtype=np.int64),
    )
