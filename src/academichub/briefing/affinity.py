"""Tell to which other fields a paper belongs: learned from the fields that authors list their papers in.

A field is an archive of arXiv. Authors list a paper in one primary category and, where they think that others
should see it, in further ones. A linear model over words and pairs of words learns that; its score and how
often the paper's category meets the field become a likelihood on works that were held out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from academichub.briefing import bayes, logistic
from academichub.briefing.affinitypriors import Priors, count_priors
from academichub.briefing.affinityterms import Terms, learn_terms
from academichub.briefing.calibration import calibrate, likelihood
from academichub.model.briefing import archive_of
from academichub.model.briefingpages import Belongs
from academichub.model.taxonomy import archives as taxonomy_archives

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from scipy import sparse

    from academichub.model.briefing import Paper

Reals: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

FEWEST_WORKS: Final = 200
FEWEST_FIELDS: Final = 3
FEWEST_OF_FIELD: Final = 20  # works
LOGISTIC_FROM: Final = 5_000  # works; fewer are counted only
SHOWN_FROM: Final = 0.5  # likelihood: more likely than not
ASSUMED_FROM: Final = 0.5  # likelihood at which a work without a category counts as one of a field
FEWEST_TERMS: Final = 5  # known ones; a text with fewer says too little, or is of another language

BLEND: Final = 0.2  # of the counted weights beside the fitted ones
CURVE: Final = 5  # numbers of the curve for papers with a category, the bias among them
OPEN_CURVE: Final = 2
_HELD_OUT: Final = 10  # the last tenth
_FOLDS: Final = 4


@dataclass(frozen=True, slots=True)
class Affinity:
    """What was learned of fields."""

    method: str  # "logistic" or "bayes"
    works: int
    archives: tuple[str, ...]  # by the alphabet
    terms: Terms
    weights: NDArray[np.float16]  # shape (terms + 1, archives); the last row is the bias
    priors: Priors
    curve: Reals  # shape (CURVE,): text, prior, text * prior, the text's score for the own field; bias
    open_curve: Reals  # shape (OPEN_CURVE,): text alone, for works without a category; bias


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """How likely papers belong to fields."""

    values: Reals  # shape (papers, archives)
    own: Integers  # the primary archive of each paper, as a column; -1 where the model has none of it
    known_terms: Integers  # of each paper


def primary(paper: Paper) -> str:
    """Give the first of a paper's categories that is arXiv's; "" where it has none."""
    return next((one for one in paper.categories if archive_of(one) in _known_archives()), "")


def archives_of(paper: Paper) -> frozenset[str]:
    """Name the archives of arXiv that a paper is listed in."""
    return frozenset(map(archive_of, paper.categories)) & _known_archives()


def labels_of(papers: Sequence[Paper], archives: tuple[str, ...]) -> NDArray[np.bool_]:
    """Tell which papers are listed in which archives, shape (papers, archives)."""
    column = {name: at for at, name in enumerate(archives)}
    labels = np.zeros((len(papers), len(archives)), dtype=np.bool_)
    for row, paper in enumerate(papers):
        labels[row, [column[name] for name in archives_of(paper) if name in column]] = True
    return labels


@cache
def _known_archives() -> frozenset[str]:
    return frozenset(one.name for one in taxonomy_archives())


# -- learning -------------------------------------------------------------------------------------


def learn(papers: Sequence[Paper], *, held_out_from: date | None = None) -> Affinity | None:
    """Learn the fields of papers. The same papers give the same bytes, in whatever order they come.

    Args:
        papers: Those without an archive of arXiv are passed over.
        held_out_from: The papers from this day on tell how far scores come true; None takes the last tenth.
            Their words are not fitted: fitting again with them spoils the calibration and gains nothing.
            Under `LOGISTIC_FROM` papers each is held out once, and all are counted.

    Returns:
        None where there are fewer than `FEWEST_WORKS` papers or `FEWEST_FIELDS` fields.
    """
    works = sorted(
        (paper for paper in papers if primary(paper)),
        key=lambda paper: (paper.listed_on, paper.text_hash, paper.categories, paper.work_id),
    )
    archives = _archives(works)
    if len(works) < FEWEST_WORKS or len(archives) < FEWEST_FIELDS:
        return None
    terms, rows = learn_terms(works)
    bench = _Bench(
        rows=rows,
        labels=labels_of(works, archives),
        categories=tuple(map(primary, works)),
        own=_own(works, archives),
    )
    if len(works) >= LOGISTIC_FROM:
        at = _held_out_at(works, held_out_from)
        weights = logistic.fit(rows[:at], bench.labels[:at])
        weights += BLEND * bayes.weigh(rows[:at], bench.labels[:at])
        held_out = [_hold_out(bench, np.arange(at), np.arange(at, len(works)), weights)]
    else:
        held_out = [_fold(bench, fold) for fold in range(_FOLDS)]
        weights = bayes.weigh(rows, bench.labels)
    curve, open_curve = _curves(held_out)
    return Affinity(
        method="logistic" if len(works) >= LOGISTIC_FROM else "bayes",
        works=len(works),
        archives=archives,
        terms=terms,
        weights=weights.astype(np.float16),
        priors=count_priors(bench.categories, bench.labels),
        curve=curve,
        open_curve=open_curve,
    )


@dataclass(frozen=True, slots=True)
class _Bench:
    rows: sparse.csr_array
    labels: NDArray[np.bool_]
    categories: tuple[str, ...]
    own: Integers


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """What a model says of works that it has not seen, and what they are."""

    text: Reals
    features: Reals
    labels: NDArray[np.bool_]
    own: Integers


def _archives(works: Sequence[Paper]) -> tuple[str, ...]:
    counts = Counter(name for paper in works for name in archives_of(paper))
    return tuple(sorted(name for name, count in counts.items() if count >= FEWEST_OF_FIELD))


def _own(papers: Sequence[Paper], archives: tuple[str, ...]) -> Integers:
    column = {name: at for at, name in enumerate(archives)}
    return np.array([column.get(archive_of(primary(paper)), -1) for paper in papers], dtype=np.int64)


def _held_out_at(works: Sequence[Paper], day: date | None) -> int:
    """Find where the held-out works begin; both sides have a tenth of them at least."""
    least = len(works) // _HELD_OUT
    if day is None:
        return len(works) - least
    return min(max(sum(paper.listed_on < day for paper in works), least), len(works) - least)


def _fold(bench: _Bench, fold: int) -> _HeldOut:
    is_held_out = np.arange(len(bench.own)) % _FOLDS == fold
    head, tail = np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)
    return _hold_out(bench, head, tail, bayes.weigh(bench.rows[head], bench.labels[head]))


def _hold_out(bench: _Bench, head: Integers, tail: Integers, weights: Reals) -> _HeldOut:
    priors = count_priors([bench.categories[at] for at in head], bench.labels[head])
    text = _score(bench.rows[tail], weights.astype(np.float16))
    prior = priors.of([bench.categories[at] for at in tail])
    own = bench.own[tail]
    return _HeldOut(text, _features(text, prior, own), bench.labels[tail], own)


def _curves(held_out: Sequence[_HeldOut]) -> tuple[Reals, Reals]:
    """Fit the curve for papers of a field, whose own field does not count, and that for papers of none."""
    own = np.concatenate([part.own for part in held_out])
    labels = np.concatenate([part.labels for part in held_out])
    features = np.concatenate([part.features for part in held_out])
    text = np.concatenate([part.text for part in held_out])
    is_other = own[:, None] != np.arange(labels.shape[1])
    return (
        calibrate(features[is_other], labels[is_other]),
        calibrate(text.reshape(-1, 1), labels.ravel()),
    )


# -- scores ---------------------------------------------------------------------------------------


def _score(rows: sparse.csr_array, weights: NDArray[np.float16]) -> Reals:
    full = weights.astype(np.float32)
    return np.asarray(rows @ full[:-1] + full[-1], dtype=np.float64)


def _features(text: Reals, prior: Reals, own: Integers) -> Reals:
    """Give what the curve reads, shape (papers, archives, 4).

    A paper that fits its own field badly is more likely to belong elsewhere. Where the own field has no
    column, the best one stands for it.
    """
    best = text.max(axis=1)
    of_own = np.where(own >= 0, text[np.arange(len(own)), own], best)
    return np.stack([text, prior, text * prior, np.broadcast_to(of_own[:, None], text.shape)], axis=2)


def likelihoods(model: Affinity, papers: Sequence[Paper]) -> Likelihoods:
    """Say for every paper and field how likely they belong together.

    The value for a paper's own archive means nothing. A paper without a category is taken for one of the
    field that its words fit best.
    """
    rows = model.terms.rows(papers)
    text = _score(rows, model.weights)
    categories = [primary(paper) for paper in papers]
    own = _own(papers, model.archives)
    has_none = np.array([not name for name in categories], dtype=np.bool_)
    own[has_none] = text[has_none].argmax(axis=1)
    prior = model.priors.of(categories)
    for row in np.flatnonzero(has_none):
        prior[row] = model.priors.of_archive(model.archives[own[row]])
    values = likelihood(_features(text, prior, own), model.curve)
    values[has_none, own[has_none]] = likelihood(
        text[has_none, own[has_none]].reshape(-1, 1), model.open_curve
    )
    return Likelihoods(values, own, np.diff(rows.indptr).astype(np.int64))


def predict(
    model: Affinity, papers: Sequence[Paper], *, at_least: float = SHOWN_FROM
) -> list[tuple[Belongs, ...]]:
    """List the other fields that each paper is likely of interest to, the likeliest first.

    Fields that the paper is listed in are left out. A paper without a category gets the field that it fits
    best, too, or nothing where it fits none. A text of too few known words gets nothing.
    """
    said = likelihoods(model, papers)
    return [
        _belongs(model, paper, said.values[row], own=int(said.own[row]), at_least=at_least)
        if said.known_terms[row] >= FEWEST_TERMS
        else ()
        for row, paper in enumerate(papers)
    ]


def _belongs(
    model: Affinity, paper: Paper, values: Reals, *, own: int, at_least: float
) -> tuple[Belongs, ...]:
    if not primary(paper) and values[own] < ASSUMED_FROM:
        return ()
    listed = archives_of(paper)
    found = [
        Belongs(name, float(value))
        for name, value in zip(model.archives, values, strict=True)
        if value >= at_least and name not in listed
    ]
    return tuple(sorted(found, key=lambda one: (-one.likelihood, one.archive)))


def assumed_field(model: Affinity, papers: Sequence[Paper]) -> list[str]:
    """Name the archive of each paper: that of its primary category, else the one it fits; "" where none."""
    said = likelihoods(model, papers)
    return [archive_of(primary(paper)) or _assumed(model, said, row) for row, paper in enumerate(papers)]


def _assumed(model: Affinity, said: Likelihoods, row: int) -> str:
    own = said.own[row]
    is_sure = said.values[row, own] >= ASSUMED_FROM and said.known_terms[row] >= FEWEST_TERMS
    return model.archives[own] if is_sure else ""
