"""Find phrases that papers use more than the past leads to expect."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from academichub.briefing.axes import LEAST_PAPERS, read
from academichub.briefing.concepts import learn_from
from academichub.briefing.conceptuses import uses_of
from academichub.briefing.naming import LEAST_STANDING, LEAST_TERMNESS_WORD
from academichub.model.briefing import Watch
from academichub.text.cutting import STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.briefing.axes import Axes
    from academichub.briefing.concepts import Concepts
    from academichub.model.briefing import Paper
    from academichub.text.terms import Vector

LEAST_USERS: Final = 4  # papers
LEAST_TITLES: Final = 2  # of them that have it in the title
LEAST_RATIO: Final = 2.0  # of papers found to papers expected
MOST_FALSE: Final = 0.01  # of the phrases found, by chance
FEWEST_PAST: Final = 1_000  # papers; of fewer nothing can be expected
PRIOR_PAPERS: Final = 50.0  # that a field's rate is held to the rate of all by
MOST_WATCHED: Final = 8
_ALIKE: Final = 0.6  # two phrases of so much the same papers are one


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    term: str
    works: frozenset[int]
    expected: float

    @property
    def evidence(self) -> float:
        """G2 of a count against the expected one."""
        now = len(self.works)
        return 2 * (now * float(np.log(now / self.expected)) - (now - self.expected))


def watch(
    papers: Sequence[Paper], concepts: Concepts, axes: Axes, *, most: int = MOST_WATCHED
) -> tuple[Watch, ...]:
    """Find phrases that papers use more than the past leads to expect, the clearest first.

    What is expected of a phrase is what the fields of the papers used of it, so that a day with many papers
    of one field does not make all its phrases rise. A phrase that no concept of the past is, is judged only
    if it holds a word that the past hardly knows; it is expected in as few papers as the past could hide.

    Args:
        papers: All of the days briefed, not those of a radar: a radar chose its phrases itself.
        concepts: Learned from the papers before.
        axes: Learned from the papers before.
        most: How many to give.

    Source:
        Poisson counts, one-sided, at a rate of false discoveries of 1 %: Benjamini and Hochberg (1995).
        Order by G2: Dunning (1993).
    """
    if min(concepts.papers, axes.papers) < FEWEST_PAST:
        return ()
    candidates = _candidates(papers, concepts, axes)
    now = np.array([len(one.works) for one in candidates], dtype=np.float64)
    expected = np.array([one.expected for one in candidates], dtype=np.float64)
    is_sure = _discovered(special.gammainc(now, expected)) & (now >= LEAST_RATIO * expected)
    sure = [one for one, fits in zip(candidates, is_sure, strict=True) if fits]
    chosen: list[_Candidate] = []
    for one in sorted(sure, key=lambda each: (-each.evidence, each.name)):
        if len(chosen) < most and not any(_is_the_same(one, other) for other in chosen):
            chosen.append(one)
    return tuple(Watch(one.term, len(one.works), one.expected, tuple(sorted(one.works))) for one in chosen)


def _candidates(papers: Sequence[Paper], concepts: Concepts, axes: Axes) -> list[_Candidate]:
    reading = read(papers)
    own = learn_from(reading)
    uses = uses_of(reading, own)
    table = uses.table.tocsc()
    fields = Counter(paper.category for paper in papers)
    termness = concepts.termness
    found = []
    for at, name in enumerate(own.names):
        if own.df[at] < LEAST_USERS or own.titles[at] < LEAST_TITLES:
            continue
        past = concepts.number.get(name)
        if " " not in name:
            is_known_term = past is None or termness[past] >= LEAST_TERMNESS_WORD
            if uses.stands[at] < LEAST_STANDING or not is_known_term:
                continue
        expected = _expected(name, fields, concepts, axes)
        if expected is not None:
            rows = table.indices[table.indptr[at] : table.indptr[at + 1]]
            works = frozenset(papers[row].work_id for row in rows)
            found.append(_Candidate(name, own.surfaces[at], works, expected))
    return found


def _expected(name: str, fields: Mapping[str, int], concepts: Concepts, axes: Axes) -> float | None:
    """Give how many papers should use a phrase; None where the past cannot tell."""
    at = concepts.number.get(name)
    if at is None:
        is_new = any(_is_unknown(word, axes) for word in name.split(" "))
        return LEAST_PAPERS * sum(fields.values()) / axes.papers if is_new else None
    overall = (float(concepts.df[at]) + 0.5) / concepts.papers
    uses = {field: use.count for field, use in concepts.uses(at).items()}
    size = dict(zip(concepts.fields, map(int, concepts.field_papers), strict=True))
    return sum(
        count * (uses.get(field, 0) + PRIOR_PAPERS * overall) / (size.get(field, 0) + PRIOR_PAPERS)
        for field, count in fields.items()
    )


def _is_unknown(word: str, axes: Axes) -> bool:
    """Tell whether so few papers of the past had a word that it was not learned."""
    root = stem(word)
    return not (word in STOP_WORDS or word.isdigit() or root in axes.column or root in axes.common)


def _discovered(chances: Vector) -> np.ndarray:
    """Tell which of the chances are small enough that few of those chosen are false."""
    order = np.argsort(chances, kind="stable")
    allowed = MOST_FALSE * np.arange(1, len(chances) + 1) / max(len(chances), 1)
    passing = np.flatnonzero(chances[order] <= allowed)
    chosen = np.zeros(len(chances), dtype=bool)
    chosen[order[: int(passing[-1]) + 1 if len(passing) else 0]] = True
    return chosen


def _is_the_same(one: _Candidate, other: _Candidate) -> bool:
    return len(one.works & other.works) >= _ALIKE * min(len(one.works), len(other.works))
