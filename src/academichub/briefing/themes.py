"""Find the themes of a day, a week, a month or a radar: groups of papers, named, the grab-bags left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.briefing.axes import read
from academichub.briefing.conceptuses import uses_of
from academichub.briefing.grouping import cohesion, group
from academichub.briefing.naming import name_groups
from academichub.model.briefing import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.briefing.axes import Axes
    from academichub.briefing.concepts import Concepts
    from academichub.briefing.naming import Names
    from academichub.model.briefing import Paper
    from academichub.text.terms import Matrix

LEAST_COHESION: Final = 0.4
LEAST_COVERAGE: Final = 0.3  # of a theme's papers that use one of its names
LEAST_WORKS: Final = 2


@dataclass(frozen=True, slots=True)
class Grouped:
    """A group of papers, a theme or a grab-bag."""

    theme: Theme
    members: tuple[int, ...]  # places of the papers in the order they were given, ascending
    is_shown: bool  # a grab-bag is not


def find_themes(
    papers: Sequence[Paper], axes: Axes, concepts: Concepts, *, vectors: Matrix | None = None
) -> tuple[tuple[Theme, ...], tuple[int, ...]]:
    """Find the themes of papers. 0.5 ms a paper; two runs agree, and so do two orders of the papers.

    Args:
        papers: Of a briefing, each work once.
        axes: Learned from the papers before; see `axes.learn_axes`.
        concepts: Learned from the papers before; see `concepts.learn_concepts`.
        vectors: Embeddings, shape (papers, dimensions); zeros where there is none.

    Returns:
        The themes, the largest first, and for each paper the place of its theme among them, or -1.
    """
    shown = [one for one in find_groups(papers, axes, concepts, vectors=vectors) if one.is_shown]
    theme_by_paper = [-1] * len(papers)
    for number, one in enumerate(shown):
        for at in one.members:
            theme_by_paper[at] = number
    return tuple(one.theme for one in shown), tuple(theme_by_paper)


def find_groups(
    papers: Sequence[Paper], axes: Axes, concepts: Concepts, *, vectors: Matrix | None = None
) -> tuple[Grouped, ...]:
    """Find all groups of papers, grab-bags among them, the largest first; see `find_themes`."""
    order = sorted(range(len(papers)), key=lambda at: (papers[at].work_id, papers[at].title))
    reading = read([papers[at] for at in order])
    rows = axes.rows(reading)
    places = axes.place(rows)
    chosen = group(rows, places, axes.topics, None if vectors is None else np.asarray(vectors)[order])
    members = [np.flatnonzero(chosen == number) for number in range(int(chosen.max(initial=-1)) + 1)]
    named = name_groups(members, uses_of(reading, concepts), concepts)
    groups = [
        _grouped([(order[at], papers[order[at]]) for at in one], places[one], names)
        for one, names in zip(members, named, strict=True)
    ]
    return tuple(sorted(groups, key=lambda one: (-len(one.members), -one.theme.cohesion, one.theme.works)))


def _grouped(members: Sequence[tuple[int, Paper]], places: Matrix, names: Names) -> Grouped:
    held = cohesion(places)
    from_the_middle = np.argsort(-(places @ places.sum(axis=0)), kind="stable")
    counted = Counter(paper.category for _, paper in members if paper.category)
    is_shown = len(members) >= LEAST_WORKS and held >= LEAST_COHESION and names.coverage >= LEAST_COVERAGE
    theme = Theme(
        terms=names.names,
        fields=tuple(sorted(counted, key=lambda name: (-counted[name], name))),
        works=tuple(members[at][1].work_id for at in from_the_middle),
        cohesion=held,
    )
    return Grouped(theme, tuple(sorted(at for at, _ in members)), is_shown)
