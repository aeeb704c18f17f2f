"""The map of the past: topics and their tree."""

from __future__ import annotations

import numpy as np
import pytest

from academichub.briefing.topicmap import MOST_TOPICS, TOPIC_PAPERS, TopicMap, learn_map, means


def corners(each: int) -> np.ndarray:
    """Places around four corners, two of them near each other."""
    rng = np.random.default_rng(3)
    middles = np.array([[1.0, 0, 0], [0.9, 0.3, 0], [0, 0, 1], [0, 1, 0]])
    return np.repeat(middles, each, axis=0) + rng.normal(0, 0.01, (4 * each, 3))


@pytest.fixture
def topics() -> TopicMap:
    return TopicMap(
        middles=np.array([[0.0, 0], [0, 1], [4, 0], [0, 0.5], [1.3, 0.3]]),
        children=np.array([[0, 1], [2, 3]]),
    )


def test_a_map_has_a_topic_for_every_so_many_papers() -> None:
    found = learn_map(corners(TOPIC_PAPERS))

    assert found.topics == 4
    assert len(found.middles) == 7
    assert found.children[-1].max() == 5
    assert learn_map(np.repeat(corners(50), 40, axis=0)).topics <= MOST_TOPICS


def test_too_few_papers_make_no_map() -> None:
    assert learn_map(np.ones((TOPIC_PAPERS - 1, 3))).topics == 0
    assert learn_map(np.zeros((500, 3))).topics == 0


def test_places_that_are_all_the_same_make_one_topic() -> None:
    found = learn_map(np.ones((4 * TOPIC_PAPERS, 2)))

    assert found.topics == 1
    assert found.cut(np.zeros(5, dtype=np.int64), 3)[0].tolist() == [0] * 5


def test_the_tree_is_opened_where_the_papers_part_most(topics: TopicMap) -> None:
    topic = np.array([0, 0, 1, 2])

    two, middles = topics.cut(topic, 2)
    three, _ = topics.cut(topic, 3)

    assert len(set(two[:3].tolist())) == 1
    assert two[3] != two[0]
    assert middles.shape == (2, 2)
    assert len(set(three.tolist())) == 3


def test_a_branch_without_papers_is_no_group(topics: TopicMap) -> None:
    group, middles = topics.cut(np.array([0, 0, 0]), 3)

    assert group.tolist() == [0, 0, 0]
    assert middles.tolist() == [[0.0, 0.0]]


def test_topics_are_the_nearest_middles(topics: TopicMap) -> None:
    assert topics.topic_of(np.array([[3.0, 0.0], [0.0, 0.9], [0.0, 0.1]])).tolist() == [2, 1, 0]


def test_an_empty_group_keeps_its_prior_middle() -> None:
    found = means(np.array([[2.0], [4.0]]), np.array([0, 0]), np.array([[9.0], [7.0]]))

    assert found.tolist() == [[3.0], [7.0]]
    assert means(np.array([[2.0]]), np.array([0]), np.array([[8.0]]), weight=2.0).tolist() == [[6.0]]
