"""Measure bridges: do papers that meet in a bridge belong to each other's fields more often than others do?

A pair of papers of two archives counts as right where one of them is cross-listed in the archive of the
other. The base is how often that is so for any pair of the same two archives. What is measured does not see
the cross-lists.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from academichub.briefing import affinity, bridges
from academichub.briefing.concepts import learn_concepts
from academichub.briefing.meetings import Reader
from academichub.errors import EvaluationUnreadable
from academichub.flows.bridgesbaselines import BASELINES, lay_out
from academichub.flows.recordsfile import papers_of, read_records
from academichub.model.briefing import archive_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from academichub.briefing.affinity import Affinity
    from academichub.briefing.bridges import Ranked
    from academichub.briefing.concepts import Concepts
    from academichub.model.briefing import Bridge, Paper
    from academichub.model.briefingpages import Belongs

Pair: TypeAlias = tuple[int, int]  # places of two papers, the smaller first

DEPTHS: Final = (30, 100, 200)
MOST_CROSS_LISTED: Final = 0.9  # of an archive's papers: with more the file holds them for that alone
FORTNIGHT: Final = timedelta(days=13)  # before the last day


class Rate(NamedTuple):
    """How often the first pairs of an order are right."""

    pairs: int
    rate: float
    base: float  # of any pairs of the same archives

    @property
    def ratio(self) -> float:
        """The rate over its base; 0 where there is no base."""
        return self.rate / self.base if self.base else 0.0


class Listed(NamedTuple):
    """A bridge for reading."""

    bridge: Bridge
    home_id: str
    away_id: str


@dataclass(frozen=True, slots=True)
class BridgesFigures:
    """What a file measured; methods by name, ours first, each by how many pairs are looked at."""

    background: int
    papers: int
    pairs: int  # of papers of different archives
    base: float  # of all those pairs
    left_out: Mapping[str, int]  # papers of archives with too many cross-listed ones, by archive
    concepts: int
    learn_seconds: float  # of the processor
    find_seconds: float
    has_affinity: bool
    methods: Mapping[str, Mapping[int, Rate]]
    listed: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class _Labels:
    """What is right, and how often it is by chance."""

    archives: tuple[str, ...]  # of each paper
    listed: tuple[frozenset[str], ...]  # every archive that each paper is listed in
    base: Mapping[frozenset[str], float]
    pairs: int
    right: int

    def is_right(self, pair: Pair) -> bool:
        """Tell whether one of two papers is cross-listed in the other's archive."""
        one, other = pair
        return self.archives[other] in self.listed[one] or self.archives[one] in self.listed[other]

    def rate(self, pairs: Sequence[Pair]) -> Rate:
        """Measure some pairs."""
        if not pairs:
            return Rate(0, 0.0, 0.0)
        rights = [self.is_right(pair) for pair in pairs]
        bases = [self.base[frozenset(self.archives[at] for at in pair)] for pair in pairs]
        return Rate(len(pairs), float(np.mean(rights)), float(np.mean(bases)))


def evaluate_bridges(
    path: Path,
    *,
    train_before: date,
    first: date,
    last: date,
    stopwatch: Callable[[], float],
    top: int = 100,
    listed: int = 0,
) -> BridgesFigures:
    """Measure the bridges between the papers of some days, beside simple methods.

    Args:
        path: Records, as `recordsfile` reads them.
        train_before: Papers of earlier days are the background.
        first: The first day to be measured, not before `train_before`.
        last: The last one.
        stopwatch: The process time in seconds.
        top: How many pairs are looked at, besides `DEPTHS`.
        listed: How many bridges to list for reading, of those that a briefing would choose from.

    Raises:
        EvaluationUnreadable: The file cannot be read, or the days hold too little. Facts: path, line, reason.
    """
    _check_days(path, train_before=train_before, first=first, last=last)
    records = read_records(path, until=last)
    papers = papers_of(records)
    background = [paper for paper in papers if paper.listed_on < train_before]
    start = stopwatch()
    concepts = learn_concepts(background)
    learned = stopwatch()
    model = affinity.learn(background)
    days = [paper for paper in papers if first <= paper.listed_on and paper.category]
    left_out = _left_out(days)
    test = [paper for paper in days if archive_of(paper.category) not in left_out]
    labels = _labels(test)
    _check_enough(path, background, labels, train_before=train_before, first=first, last=last)
    bare = [replace(paper, categories=paper.categories[:1]) for paper in test]
    started = stopwatch()
    ranked = bridges.rank(bare, (), Reader(concepts), affinity=_belongs(model, bare))
    found = stopwatch()
    depths = sorted({*DEPTHS, top})
    ids = {paper.work_id: record.id for paper, record in zip(papers, records, strict=True)}
    chosen = _listed(papers, first, last, concepts, model, listed) if listed else ()
    return BridgesFigures(
        background=len(background),
        papers=len(test),
        pairs=labels.pairs,
        base=labels.right / labels.pairs,
        left_out=left_out,
        concepts=len(concepts),
        learn_seconds=learned - start,
        find_seconds=found - started,
        has_affinity=model is not None,
        methods=_ours(ranked, bare, labels, depths) | _baselines(bare, concepts, labels, depths),
        listed=tuple(
            Listed(one, ids[one.home_evidence.span.work_id], ids[one.away_evidence.span.work_id])
            for one in chosen
        ),
    )


def _left_out(papers: Sequence[Paper]) -> dict[str, int]:
    """Count the papers of each archive of which nearly all are cross-listed."""
    counts = Counter(archive_of(paper.category) for paper in papers)
    crossed = Counter(archive_of(paper.category) for paper in papers if len(_archives(paper)) > 1)
    return {name: counts[name] for name in sorted(counts) if crossed[name] > MOST_CROSS_LISTED * counts[name]}


def _archives(paper: Paper) -> frozenset[str]:
    return frozenset(map(archive_of, paper.categories))


def _labels(papers: Sequence[Paper]) -> _Labels:
    """Count the pairs of each two archives and how many of them are right."""
    names = sorted({archive_of(paper.category) for paper in papers})
    own = np.array([names.index(archive_of(paper.category)) for paper in papers], dtype=np.int64)
    member = np.array([[name in _archives(paper) for name in names] for paper in papers], dtype=np.float64)
    base: dict[frozenset[str], float] = {}
    pairs = right = 0
    for one, other in combinations(range(len(names)), 2):
        ones, others = member[own == one, other], member[own == other, one]
        count = len(ones) * len(others)
        wrong = (len(ones) - ones.sum()) * (len(others) - others.sum())
        base[frozenset((names[one], names[other]))] = 1 - wrong / count
        pairs, right = pairs + count, right + int(count - wrong)
    return _Labels(
        archives=tuple(names[at] for at in own),
        listed=tuple(_archives(paper) for paper in papers),
        base=base,
        pairs=pairs,
        right=right,
    )


def _belongs(model: Affinity | None, papers: Sequence[Paper]) -> dict[int, tuple[Belongs, ...]]:
    if model is None:
        return {}
    said = affinity.predict(model, papers, at_least=0.0)
    return {paper.work_id: belongs for paper, belongs in zip(papers, said, strict=True)}


def _ours(
    ranked: Sequence[Ranked], papers: Sequence[Paper], labels: _Labels, depths: Sequence[int]
) -> dict[str, dict[int, Rate]]:
    place = {paper.work_id: at for at, paper in enumerate(papers)}
    across = [
        one
        for one in ranked
        if archive_of(one.meeting.home.paper.category) != archive_of(one.meeting.away.paper.category)
    ]
    rates = {}
    for name, order in (("likely", bridges.by_likely), ("surprising", bridges.by_surprise)):
        chosen = bridges.diverse(sorted(across, key=order), depths[-1])
        pairs = [
            (place[one.meeting.home.paper.work_id], place[one.meeting.away.paper.work_id]) for one in chosen
        ]
        rates[name] = {depth: labels.rate(pairs[:depth]) for depth in depths}
    return rates


def _baselines(
    papers: Sequence[Paper], concepts: Concepts, labels: _Labels, depths: Sequence[int]
) -> dict[str, dict[int, Rate]]:
    table = lay_out(papers, concepts)
    rates = {}
    for name, method in BASELINES.items():
        pairs = _diverse(method(table, labels.archives), depths[-1])
        rates[name] = {depth: labels.rate(pairs[:depth]) for depth in depths}
    return rates


def _diverse(ordered: Iterable[Pair], most: int) -> list[Pair]:
    """Take the first pairs, but no paper more than twice, as for ours."""
    used: Counter[int] = Counter()
    chosen: list[Pair] = []
    for pair in ordered:
        if any(used[at] >= bridges.MOST_OF_A_PAPER for at in pair):
            continue
        used.update(pair)
        chosen.append(pair)
        if len(chosen) >= most:
            break
    return chosen


def _check_days(path: Path, *, train_before: date, first: date, last: date) -> None:
    """Refuse days that overlap those learned. Raises EvaluationUnreadable."""
    if first < train_before or last < first:
        raise EvaluationUnreadable(path=str(path), line=0, reason="the days to measure overlap those learned")


def _check_enough(
    path: Path, background: Sequence[Paper], labels: _Labels, *, train_before: date, first: date, last: date
) -> None:
    """Refuse days that hold too little to be measured. Raises EvaluationUnreadable."""
    if not background or not labels.pairs:
        reason = f"no background before {train_before}, or no papers of two archives from {first} to {last}"
        raise EvaluationUnreadable(path=str(path), line=0, reason=reason)


def _listed(
    papers: Sequence[Paper], first: date, last: date, concepts: Concepts, model: Affinity | None, most: int
) -> tuple[Bridge, ...]:
    """Find the bridges that a briefing over the days would choose from."""
    today = [paper for paper in papers if first <= paper.listed_on]
    others = [paper for paper in papers if last - FORTNIGHT <= paper.listed_on < first]
    belongs = _belongs(model, [*today, *others])
    return bridges.find_bridges(today, others, concepts, affinity=belongs, most=most)
