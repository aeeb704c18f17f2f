"""Learn from the records up to a day, find the themes of the days after, and measure them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from academichub.briefing.axes import learn_axes, read
from academichub.briefing.concepts import learn_concepts
from academichub.briefing.conceptuses import uses_of
from academichub.briefing.grouping import group, how_many
from academichub.briefing.naming import name_groups
from academichub.briefing.themes import find_groups
from academichub.errors import EvaluationUnreadable
from academichub.flows import themesbaselines
from academichub.flows.recordsfile import papers_of, read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray
    from scipy import sparse

    from academichub.briefing.axes import Axes
    from academichub.briefing.concepts import Concepts
    from academichub.briefing.conceptuses import Uses
    from academichub.briefing.naming import Names
    from academichub.model.briefing import Paper

    Grouping: TypeAlias = Callable[[NDArray[np.int64]], NDArray[np.int64]]

AXES_PAPERS: Final = 20_000  # the last before the days, of which axes are learned
KEPT: Final = 0.85  # of the papers, in a draw
DRAWS: Final = 5
FEWEST: Final = 100  # papers of a window that is measured
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the groups of papers are."""

    groups: float
    stability: float  # adjusted Rand index of the groups of 85 % of the papers with those of all
    purity: float  # share of the papers that have their group's most common primary category
    nmi: float  # mutual information with the primary category, by the mean of the entropies
    npmi: float  # of the names of a group with each other, in the papers of the past
    largest: float  # share of the papers in the largest group
    hidden: float | None  # share of the papers in grab-bags; None where no method tells them
    seconds: float  # of the processor: reading, grouping and, for ours, naming


@dataclass(frozen=True, slots=True)
class Window:
    """The papers of a day or a week, measured."""

    first: date
    last: date
    papers: int
    is_repeated: bool  # a second run, on the papers in the reverse order, gave the same themes
    ours: Quality


@dataclass(frozen=True, slots=True)
class ThemesFigures:
    """What a file measured. Methods are means over the windows, ours first."""

    trained: int
    axes_papers: int
    axes_seconds: float
    concepts_seconds: float
    windows: tuple[Window, ...]
    methods: Mapping[str, Quality]


@dataclass(frozen=True, slots=True)
class _Learned:
    axes: Axes
    concepts: Concepts
    past: sparse.csc_array  # shape (papers, concepts): which papers of the past use which
    stopwatch: Callable[[], float]


def evaluate_themes(
    path: Path,
    *,
    train_before: date,
    first: date,
    last: date,
    by_week: bool,
    stopwatch: Callable[[], float],
) -> ThemesFigures:
    """Measure themes on days or weeks, beside k-means, Ward and spectral clustering of the day's own axes.

    Args:
        path: Records, as `recordsfile` reads them.
        train_before: Papers of earlier days are learned from.
        first: The first day to be measured, not before `train_before`.
        last: The last one.
        by_week: Measure seven days together, from `first` on, and not each day.
        stopwatch: The process time in seconds.

    Raises:
        EvaluationUnreadable: The file cannot be read, or the days hold too little. Facts: path, line, reason.
    """
    if first < train_before or last < first:
        raise EvaluationUnreadable(path=str(path), line=0, reason="the days to measure overlap those learned")
    papers = papers_of(read_records(path, until=last))
    train = sorted(
        (paper for paper in papers if paper.listed_on < train_before),
        key=lambda paper: (paper.listed_on, paper.work_id),
    )
    days = [paper for paper in papers if paper.listed_on >= first and paper.category]
    windows = [one for one in _windows(days, first, last, _WEEK if by_week else 1) if len(one[2]) >= FEWEST]
    if not train or not windows:
        reason = (
            f"no papers before {train_before}, or no day or week of {FEWEST} papers from {first} to {last}"
        )
        raise EvaluationUnreadable(path=str(path), line=0, reason=reason)
    return _evaluated(train, windows, stopwatch)


def _windows(
    papers: Sequence[Paper], first: date, last: date, days: int
) -> Iterator[tuple[date, date, list[Paper]]]:
    start = first
    while start <= last:
        end = min(start + timedelta(days=days - 1), last)
        yield start, end, [paper for paper in papers if start <= paper.listed_on <= end]
        start = end + timedelta(days=1)


def _evaluated(
    train: Sequence[Paper], windows: Sequence[tuple[date, date, list[Paper]]], stopwatch: Callable[[], float]
) -> ThemesFigures:
    latest = train[-AXES_PAPERS:]
    start = stopwatch()
    axes = learn_axes(latest)
    axes_seconds = stopwatch() - start
    start = stopwatch()
    concepts = learn_concepts(train)
    concepts_seconds = stopwatch() - start
    learned = _Learned(axes, concepts, uses_of(read(latest), concepts).table.tocsc(), stopwatch)
    found: list[Window] = []
    methods: dict[str, list[Quality]] = {}
    for first, last, papers in windows:
        qualities = _measured(papers, learned)
        for name, quality in qualities.items():
            methods.setdefault(name, []).append(quality)
        is_repeated = _are_the_same(papers, learned)
        found.append(Window(first, last, len(papers), is_repeated, next(iter(qualities.values()))))
    return ThemesFigures(
        trained=len(train),
        axes_papers=len(latest),
        axes_seconds=axes_seconds,
        concepts_seconds=concepts_seconds,
        windows=tuple(found),
        methods={name: _mean(each) for name, each in methods.items()},
    )


def _are_the_same(papers: Sequence[Paper], learned: _Learned) -> bool:
    once = find_groups(papers, learned.axes, learned.concepts)
    again = find_groups(papers[::-1], learned.axes, learned.concepts)
    return [(one.theme, one.is_shown) for one in once] == [(one.theme, one.is_shown) for one in again]


def _measured(papers: Sequence[Paper], learned: _Learned) -> dict[str, Quality]:
    """Measure ours and the simple methods; all get the same words and as many groups."""
    ordered = sorted(papers, key=lambda paper: (paper.work_id, paper.title))
    start = learned.stopwatch()
    themes = find_groups(ordered, learned.axes, learned.concepts)
    whole = learned.stopwatch() - start
    start = learned.stopwatch()
    reading = read(ordered)
    rows = learned.axes.rows(reading)
    read_seconds = learned.stopwatch() - start
    places = learned.axes.place(rows)
    uses = uses_of(reading, learned.concepts)

    def ours(chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        return group(rows[chosen], places[chosen], learned.axes.topics)

    def of_the_day(method: Callable[[NDArray[np.float64], int], NDArray[np.int64]]) -> Grouping:
        return lambda chosen: method(themesbaselines.day_places(rows[chosen]), how_many(len(chosen)))

    categories = np.unique([paper.category for paper in ordered], return_inverse=True)[1]
    hidden = sum(len(one.members) for one in themes if not one.is_shown) / len(ordered)
    simple: dict[str, Grouping] = {
        "k-means, axes of the day": of_the_day(themesbaselines.k_means),
        "Ward, axes of the day": of_the_day(themesbaselines.ward),
        "spectral, axes of the day": of_the_day(themesbaselines.spectral),
        "spectral, our places": lambda chosen: themesbaselines.spectral(
            places[chosen], how_many(len(chosen))
        ),
    }
    found = {"ours": _quality(ours, categories, uses, learned, seconds=whole, hidden=hidden)}
    for name, method in simple.items():
        found[name] = _quality(method, categories, uses, learned, seconds=read_seconds, hidden=None)
    return found


def _quality(
    method: Grouping,
    categories: NDArray[np.int64],
    uses: Uses,
    learned: _Learned,
    *,
    seconds: float,
    hidden: float | None,
) -> Quality:
    count = len(categories)
    start = learned.stopwatch()
    groups = method(np.arange(count))
    if hidden is None:
        seconds += learned.stopwatch() - start
    rng = np.random.default_rng(0)
    draws = [np.sort(rng.choice(count, int(KEPT * count), replace=False)) for _ in range(DRAWS)]
    members = [np.flatnonzero(groups == one) for one in np.unique(groups)]
    return Quality(
        groups=float(len(members)),
        stability=float(np.mean([adjusted_rand(method(draw), groups[draw]) for draw in draws])),
        purity=sum(int(np.bincount(categories[one]).max()) for one in members) / count,
        nmi=mutual_information(groups, categories),
        npmi=_npmi(name_groups(members, uses, learned.concepts), learned),
        largest=max(len(one) for one in members) / count,
        hidden=hidden,
        seconds=seconds,
    )


def _mean(qualities: Sequence[Quality]) -> Quality:
    def mean(values: Sequence[float]) -> float:
        return float(np.mean(values))

    hidden = [one.hidden for one in qualities if one.hidden is not None]
    return Quality(
        groups=mean([one.groups for one in qualities]),
        stability=mean([one.stability for one in qualities]),
        purity=mean([one.purity for one in qualities]),
        nmi=mean([one.nmi for one in qualities]),
        npmi=mean([one.npmi for one in qualities]),
        largest=mean([one.largest for one in qualities]),
        hidden=mean(hidden) if hidden else None,
        seconds=mean([one.seconds for one in qualities]),
    )


# -- measures -------------------------------------------------------------------------------------


def _table(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    rows, columns = np.unique(one, return_inverse=True)[1], np.unique(other, return_inverse=True)[1]
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1.0)
    return table


def adjusted_rand(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Compare two groupings of the same papers: 1 if equal, 0 as by chance (Hubert and Arabie, 1985)."""
    table = _table(one, other)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float(np.sum(counts * (counts - 1) / 2))

    both, of_one, of_other = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    chance = of_one * of_other / max(pairs(table.sum(keepdims=True)), 1.0)
    most = (of_one + of_other) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def mutual_information(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Compare two groupings: mutual information by the mean of their entropies, 0 to 1."""
    share = _table(one, other) / len(one)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    there = share > 0
    mutual = float(np.sum(share[there] * np.log(share[there] / np.outer(rows, columns)[there])))
    entropy = -float(np.sum(rows * np.log(rows)) + np.sum(columns * np.log(columns))) / 2
    return mutual / entropy if entropy > 0 else 1.0


def _npmi(named: Sequence[Names], learned: _Learned) -> float:
    """Give how much more often the names of a group meet in papers of the past than by chance, -1 to 1."""
    number = {surface: at for at, surface in enumerate(learned.concepts.surfaces)}
    papers = learned.past.shape[0]
    found = []
    for names in named:
        tables = [learned.past[:, [number[name]]] for name in names.names]
        for at, one in enumerate(tables):
            for other in tables[at + 1 :]:
                both = float(one.multiply(other).sum()) / papers
                chance = float(one.sum()) * float(other.sum()) / papers**2
                found.append(math.log(both / chance) / -math.log(both) if both else -1.0)
    return float(np.mean(found)) if found else 0.0
