"""A map of the past: small topics and the tree that joins them, by which the papers of a day are grouped.

The tree is learned once. A day opens it at the branches where its own papers part most, so that the same
topics come back tomorrow, and leaving out some papers moves few others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from academichub.text.terms import Matrix, Vector

MOST_TOPICS: Final = 150
TOPIC_PAPERS: Final = 40  # of the background, for each topic, where it is small
_ROUNDS: Final = 15
_SEED: Final = 20_011

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TopicMap:
    """A binary tree. Nodes 0 to topics - 1 are topics; the others join two earlier ones, the root last."""

    middles: Matrix  # shape (nodes, coordinates), of the background's papers below each
    children: Numbers  # shape (topics - 1, 2), of the nodes from `topics` on

    @property
    def topics(self) -> int:
        """How many topics there are; 0 where nothing was learned."""
        return len(self.middles) - len(self.children)

    def topic_of(self, places: Matrix) -> Numbers:
        """Give each paper the topic whose middle is nearest; the first of equals."""
        return nearest(places, self.middles[: self.topics])

    def cut(self, topic: Numbers, groups: int) -> tuple[Numbers, Matrix]:
        """Open the tree until there are so many groups, always where the papers part most.

        A branch with papers on both sides parts them by Ward's measure, m n / (m + n) times the squared
        distance of the two middles; the first of equals is opened.

        Args:
            topic: Of each paper.
            groups: How many are wanted; fewer where the papers lie in fewer topics.

        Returns:
            The group of each paper, and the middles of the groups in the background.
        """
        counts = self._counts(topic)
        front = [len(self.middles) - 1]
        while len(front) < groups:
            gains = [self._gain(node, counts) for node in front]
            best = int(np.argmax(gains))
            if gains[best] < 0:
                break
            opened = self.children[front.pop(best) - self.topics]
            front += [int(child) for child in opened if counts[child]]
        group = np.zeros(len(self.middles), dtype=np.int64)
        for at, node in enumerate(front):
            group[self._below(node)] = at
        return group[topic], self.middles[front]

    def _counts(self, topic: Numbers) -> Numbers:
        counts = np.zeros(len(self.middles), dtype=np.int64)
        counts[: self.topics] = np.bincount(topic, minlength=self.topics)
        for at, (one, other) in enumerate(self.children, start=self.topics):
            counts[at] = counts[one] + counts[other]
        return counts

    def _gain(self, node: int, counts: Numbers) -> float:
        """Tell how much a branch parts its papers; below zero for a topic, which cannot be opened."""
        if node < self.topics:
            return -1.0
        one, other = self.children[node - self.topics]
        gap = self.middles[one] - self.middles[other]
        return float(counts[one] * counts[other] / counts[node] * (gap @ gap))

    def _below(self, node: int) -> list[int]:
        left, found = [node], []
        while left:
            at = left.pop()
            found.append(at)
            if at >= self.topics:
                left += [int(child) for child in self.children[at - self.topics]]
        return found


def learn_map(places: Matrix) -> TopicMap:
    """Learn topics (k-means) and their tree (Ward) from the places of the background's papers.

    Source:
        Seeds spread by squared distance: Arthur and Vassilvitskii, k-means++ (2007). Ward, Hierarchical
        grouping to optimize an objective function (1963).
    """
    placed = places[np.any(places, axis=1)]
    count = min(MOST_TOPICS, len(placed) // TOPIC_PAPERS)
    if not count:
        return TopicMap(np.zeros((0, places.shape[1])), np.zeros((0, 2), dtype=np.int64))
    middles = _seeds(placed, count)
    for _ in range(_ROUNDS):
        middles = means(placed, nearest(placed, middles), middles)
    topic = nearest(placed, middles)
    held = np.bincount(topic, minlength=count)
    return _tree(means(placed, topic, middles)[held > 0], held[held > 0].astype(np.float64))


def nearest(places: Matrix, middles: Matrix) -> Numbers:
    """Give each place the nearest of the middles; the first of equals."""
    return np.asarray(np.argmax(2 * places @ middles.T - np.sum(middles**2, axis=1), axis=1))


def means(places: Matrix, group: Numbers, prior: Matrix, weight: float = 0.0) -> Matrix:
    """Find the middle of each group, its prior counting as so many places; an empty group keeps it."""
    held = np.bincount(group, minlength=len(prior)).astype(np.float64)[:, None]
    sums = weight * prior
    np.add.at(sums, group, places)
    total = held + weight
    return np.where(total > 0, sums / np.where(total > 0, total, 1.0), prior)


def _seeds(placed: Matrix, count: int) -> Matrix:
    rng = np.random.default_rng(_SEED)
    chosen = [int(rng.integers(len(placed)))]
    gap = np.sum((placed - placed[chosen[0]]) ** 2, axis=1)
    while len(chosen) < count:
        reach = np.cumsum(gap)
        at = int(np.searchsorted(reach, rng.random() * reach[-1], side="right"))
        chosen.append(min(at, len(placed) - 1))
        gap = np.minimum(gap, np.sum((placed - placed[chosen[-1]]) ** 2, axis=1))
    return placed[chosen]


def _tree(topics: Matrix, held: Vector) -> TopicMap:
    """Join the two nodes whose union costs least, until one is left; the first of equals."""
    count = len(topics)
    middles = np.zeros((2 * count - 1, topics.shape[1]))
    middles[:count] = topics
    papers = np.zeros(2 * count - 1)
    papers[:count] = held
    cost = np.full((2 * count - 1, 2 * count - 1), np.inf)
    children = np.zeros((count - 1, 2), dtype=np.int64)
    open_nodes: list[int] = []
    for node in range(2 * count - 1):
        if node >= count:
            one, other = divmod(int(np.argmin(cost)), 2 * count - 1)
            children[node - count] = one, other
            papers[node] = papers[one] + papers[other]
            middles[node] = (papers[one] * middles[one] + papers[other] * middles[other]) / papers[node]
            for closed in (one, other):
                cost[closed, :] = cost[:, closed] = np.inf
                open_nodes.remove(closed)
        weight = papers[node] * papers[open_nodes] / (papers[node] + papers[open_nodes])
        cost[open_nodes, node] = weight * np.sum((middles[open_nodes] - middles[node]) ** 2, axis=1)
        open_nodes.append(node)
    return TopicMap(middles, children)
