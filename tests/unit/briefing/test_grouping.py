"""Groups of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.briefing.axes import learn_axes, read
from academichub.briefing.grouping import FEW, group, how_many
from tests.fakes.subjects import many_papers

if TYPE_CHECKING:
    from academichub.briefing.axes import Axes
    from academichub.model.briefing import Paper


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


@pytest.mark.parametrize("count", [40, 240])
def test_embeddings_have_a_say(axes: Axes, count: int) -> None:
    papers = many_papers(count, first=5_000)
    vectors = np.random.default_rng(5).normal(size=(count, 8))
    vectors[::3] = 0

    found = groups_of(axes, papers, vectors)

    assert len(set(found.tolist())) >= how_many(count) - 1
    assert np.array_equal(groups_of(axes, papers, np.zeros((count, 8))), groups_of(axes, papers))
    assert not np.array_equal(groups_of(axes, papers, 100 * vectors), groups_of(axes, papers))
