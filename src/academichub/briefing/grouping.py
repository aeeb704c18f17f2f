"""Put the papers of a briefing into groups. Two runs give the same groups, in whatever order papers come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.cluster import hierarchy
from scipy.spatial import distance

from academichub.briefing.axes import unit
from academichub.briefing.topicmap import means, nearest

if TYPE_CHECKING:
    from scipy import sparse

    from academichub.briefing.topicmap import Numbers, TopicMap
    from academichub.text.terms import Matrix

GROUP_PAPERS: Final = 28  # of a day or a week, for each group
FEWEST_GROUPS: Final = 8  # of a day or a week
MOST_GROUPS: Final = 30
FEW: Final = 100  # papers; fewer are grouped by themselves, without the map
WORDS_WEIGHT: Final = 0.7  # of the words themselves beside the places, among few papers
VECTOR_WEIGHT: Final = 0.5  # of embeddings beside the places
LOOSE: Final = 0.45  # a group of less cohesion is parted again
PARTED_PAPERS: Final = 14  # of a group, or it is not parted
MOST_SPLIT: Final = 1.5  # groups there may be for each wanted, after that
PRIOR: Final = 10.0  # papers that the map's middle of a group counts as
_ROUNDS: Final = 3
_LEAST_TOPICS: Final = 2  # of the map, for each group wanted


def how_many(papers: int) -> int:
    """Give the number of groups: a 28th of a day's papers, 8 to 30; below 224 papers the root of 2/7 of them.

    Source:
        Measured on arXiv, docs/themes.md; the root is ours, and meets the other line at 8 groups.
    """
    if papers >= GROUP_PAPERS * FEWEST_GROUPS:
        return min(papers // GROUP_PAPERS, MOST_GROUPS)
    return round(float(np.sqrt(papers * FEWEST_GROUPS / GROUP_PAPERS)))


def group(rows: sparse.csr_array, places: Matrix, topics: TopicMap, vectors: Matrix | None = None) -> Numbers:
    """Group papers.

    Many papers are laid on the map, the map is opened into as many groups as are wanted, and the middles of
    the groups move a little towards the day's papers. Few are joined by Ward's method on their own.

    Args:
        rows: Weighed words, shape (papers, terms); see `Axes.rows`.
        places: Shape (papers, coordinates); see `Axes.place`.
        topics: The map of the past.
        vectors: Embeddings, shape (papers, dimensions); zeros where there is none.

    Returns:
        The group of each paper, from 0, none empty; -1 for a paper that has no place.

    Source:
        Ward, Hierarchical grouping to optimize an objective function (1963); k-means with a prior: maximum
        a posteriori means, Gauvain and Lee (1994).
    """
    found = np.full(len(places), -1, dtype=np.int64)
    has_place = np.any(places, axis=1)
    count = int(has_place.sum())
    groups = how_many(count)
    if groups < 1:
        return found
    meanings = unit(np.asarray(vectors, dtype=np.float64)[has_place]) if vectors is not None else None
    if count < FEW or topics.topics < _LEAST_TOPICS * groups:
        chosen = _by_themselves(rows[has_place], places[has_place], meanings, groups)
    else:
        chosen = _on_the_map(places[has_place], topics, meanings, groups)
    found[has_place] = np.unique(chosen, return_inverse=True)[1]
    return found


def _on_the_map(places: Matrix, topics: TopicMap, meanings: Matrix | None, groups: int) -> Numbers:
    chosen = _cut(places, topics, meanings, groups)
    at, count = 0, int(chosen.max()) + 1
    while at < count < min(MOST_SPLIT * groups, MOST_GROUPS):
        members = np.flatnonzero(chosen == at)
        if len(members) >= PARTED_PAPERS and cohesion(places[members]) < LOOSE:
            side = _cut(places[members], topics, None if meanings is None else meanings[members], 2)
            if side.any() and not side.all():
                chosen[members[side == 1]] = count
                count += 1
                continue
        at += 1
    return chosen


def _cut(places: Matrix, topics: TopicMap, meanings: Matrix | None, groups: int) -> Numbers:
    """Open the map for these papers, and let the middles of the groups move a little towards them."""
    chosen, middles = topics.cut(topics.topic_of(places), groups)
    if meanings is not None:
        moved = VECTOR_WEIGHT * _centred(meanings)
        sides = means(moved, chosen, np.zeros((len(middles), moved.shape[1])))
        places, middles = np.hstack([places, moved]), np.hstack([middles, sides])
    for _ in range(_ROUNDS):
        chosen = nearest(places, means(places, chosen, middles, PRIOR))
    return chosen


def cohesion(places: Matrix) -> float:
    """Give the mean cosine of two papers, 0 to 1; 0 for one paper alone."""
    count = len(places)
    if count < 2:  # noqa: PLR2004 - a pair
        return 0.0
    whole = places.sum(axis=0)
    return float(np.clip((whole @ whole - count) / (count * (count - 1)), 0.0, 1.0))


def _by_themselves(rows: sparse.csr_array, places: Matrix, meanings: Matrix | None, groups: int) -> Numbers:
    """Join papers by Ward's method; the words themselves have a say, since few papers may be of one topic."""
    if len(places) == 1:
        return np.zeros(1, dtype=np.int64)
    near = places @ places.T + WORDS_WEIGHT**2 * (rows @ rows.T).toarray()
    if meanings is not None:
        moved = VECTOR_WEIGHT * _centred(meanings)
        near += moved @ moved.T
    own = np.diag(near)
    gaps = np.sqrt(np.maximum(own[:, None] + own - near - near.T, 0.0))
    np.fill_diagonal(gaps, 0.0)
    tree = hierarchy.linkage(distance.squareform(gaps, checks=False), method="ward")
    return np.asarray(hierarchy.fcluster(tree, groups, criterion="maxclust"), dtype=np.int64) - 1


def _centred(meanings: Matrix) -> Matrix:
    """Measure unit vectors from the day's middle, at length 1; what has none stays at zero."""
    is_known = np.any(meanings, axis=1)
    moved = np.zeros_like(meanings)
    if is_known.any():
        moved[is_known] = unit(meanings[is_known] - meanings[is_known].mean(axis=0))
    return moved
