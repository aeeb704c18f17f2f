"""Groups of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import csr_array

from academichub.briefing.axes import learn_axes, read
from academichub.briefing.grouping import FEW, MOST_SPLIT, cohesion, group, how_many
from academichub.briefing.topicmap import TOPIC_PAPERS, TopicMap, learn_map
from tests.fakes.subjects import many_papers

if TYPE_CHECKING:
    from academichub.briefing.axes import Axes
    from academichub.model.briefing import Paper


CORNERS = np.eye(20)


@pytest.fixture(scope="module")
def axes() -> Axes:
    return learn_axes(many_papers(800))


def groups_of(axes: Axes, papers: list[Paper], vectors: np.ndarray | None = None) -> np.ndarray:
    rows = axes.rows(read(papers))
    return group(rows, axes.place(rows), axes.topics, vectors)


@pytest.mark.parametrize(
    ("papers", "groups"), [(0, 0), (1, 1), (8, 2), (12, 2), (30, 3), (224, 8), (500, 17), (5_000, 30)]
)
def test_there_are_more_groups_of_more_papers(papers: int, groups: int) -> None:
    assert how_many(papers) == groups


@pytest.mark.parametrize("count", [240, FEW - 4])
def test_a_group_holds_papers_of_one_subject(axes: Axes, count: int) -> None:
    papers = many_papers(count, first=5_000)

    found = groups_of(axes, papers)

    by_group: dict[int, set[str]] = {}
    for paper, at in zip(papers, found, strict=True):
        by_group.setdefault(int(at), set()).add(paper.category)
    assert len(by_group) == how_many(count)
    if count > FEW:
        assert all(len(fields) == 1 for fields in by_group.values())
    assert np.array_equal(groups_of(axes, papers), found)


def test_a_paper_without_a_place_is_in_no_group(axes: Axes) -> None:
    papers = many_papers(9, first=5_000)
    rows = axes.rows(read(papers))
    places = axes.place(rows)
    places[4] = 0

    found = group(rows, places, axes.topics)

    assert found[4] == -1
    assert sorted(set(found.tolist())) == [-1, 0, 1]


def test_no_paper_and_one_paper_are_no_trouble(axes: Axes) -> None:
    assert groups_of(axes, []).tolist() == []
    assert groups_of(axes, many_papers(1)).tolist() == [0]


def test_embeddings_part_what_words_do_not(axes: Axes) -> None:
    same = [many_papers(1)[0]] * 40
    sides = np.eye(2)[np.arange(40) % 2]
    sides[:2] = 0

    found = groups_of(axes, same, sides)

    assert set(found[2::2].tolist()).isdisjoint(found[3::2].tolist())


def test_embeddings_move_papers_on_the_map() -> None:
    places = np.repeat(CORNERS, 6, axis=0)
    topics = learn_map(np.repeat(CORNERS, TOPIC_PAPERS, axis=0))
    sides = np.repeat(np.eye(20), 6, axis=0)
    sides[0] = sides[-1]
    sides[7] = 0

    found = group(csr_array((120, 1)), places, topics, sides)

    assert np.array_equal(
        group(csr_array((120, 1)), places, topics, np.zeros((120, 4))),
        group(csr_array((120, 1)), places, topics),
    )
    assert found[7] == found[8]
    assert len(found) == 120


def test_a_group_that_does_not_hold_together_is_parted_again() -> None:
    places = np.repeat(CORNERS, 6, axis=0)
    topics = learn_map(np.repeat(CORNERS, TOPIC_PAPERS, axis=0))

    found = group(csr_array((120, 1)), places, topics)

    assert how_many(120) < len(set(found.tolist())) <= MOST_SPLIT * how_many(120)


def test_a_loose_group_of_one_topic_stays() -> None:
    far = np.vstack([np.eye(60), np.eye(60)])
    middles = np.vstack([np.ones((1, 60)) / 60, 9 * np.ones((26, 60))])
    children = np.array([[0, 1], *([13 + at, at + 1] for at in range(1, 13))])

    found = group(csr_array((120, 1)), far, TopicMap(middles, children))

    assert set(found.tolist()) == {0}


def test_cohesion_is_the_mean_cosine_of_two_papers() -> None:
    assert cohesion(np.array([[1.0, 0.0], [0.6, 0.8]])) == pytest.approx(0.6)
    assert cohesion(np.array([[1.0, 0.0], [-1.0, 0.0]])) == 0
    assert cohesion(np.array([[1.0, 0.0]])) == 0
