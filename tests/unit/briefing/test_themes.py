"""Themes of a day and of a radar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.briefing.axes import learn_axes
from academichub.briefing.concepts import learn_concepts
from academichub.briefing.themes import find_groups, find_themes
from tests.fakes.subjects import many_papers, subject_paper

if TYPE_CHECKING:
    from academichub.briefing.axes import Axes
    from academichub.briefing.concepts import Concepts


@pytest.fixture(scope="module")
def axes() -> Axes:
    return learn_axes(many_papers(800))


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return learn_concepts(many_papers(800))


def test_a_day_of_eight_subjects_has_eight_themes(axes: Axes, concepts: Concepts) -> None:
    papers = many_papers(240, first=5_000)

    themes, theme_by_paper = find_themes(papers, axes, concepts)

    assert len(themes) == 8
    assert sorted(theme.fields for theme in themes) == sorted({paper.categories for paper in papers})
    for paper, number in zip(papers, theme_by_paper, strict=True):
        assert paper.work_id in themes[number].works
    assert all(theme.terms and 0.8 < theme.cohesion <= 1 for theme in themes)


def test_the_order_of_the_papers_does_not_matter(axes: Axes, concepts: Concepts) -> None:
    papers = many_papers(240, first=5_000)
    mixed = sorted(papers, key=lambda paper: (paper.title, -paper.work_id))

    themes, by_paper = find_themes(papers, axes, concepts)
    again, by_mixed = find_themes(mixed, axes, concepts)

    assert again == themes
    assert {paper.work_id: at for paper, at in zip(mixed, by_mixed, strict=True)} == {
        paper.work_id: at for paper, at in zip(papers, by_paper, strict=True)
    }


def test_the_largest_theme_comes_first_and_its_middle_work_too(axes: Axes, concepts: Concepts) -> None:
    papers = [subject_paper(5_000 + at, "mu.VI" if at % 4 else "wa.IC") for at in range(24)]

    themes, _ = find_themes(papers, axes, concepts)

    assert [len(theme.works) for theme in themes] == sorted(
        (len(theme.works) for theme in themes), reverse=True
    )
    assert themes[0].fields[0] == "mu.VI"


def test_a_grab_bag_is_hidden(axes: Axes, concepts: Concepts) -> None:
    papers = many_papers(8, first=5_000)

    themes, theme_by_paper = find_themes(papers, axes, concepts)
    groups = find_groups(papers, axes, concepts)

    assert -1 in theme_by_paper
    assert len(themes) < len(groups)
    assert sorted(at for one in groups for at in one.members) == list(range(8))


def test_no_paper_and_one_paper_have_no_theme(axes: Axes, concepts: Concepts) -> None:
    assert find_themes([], axes, concepts) == ((), ())
    assert find_themes(many_papers(1), axes, concepts) == ((), (-1,))


def test_without_a_past_there_are_no_themes() -> None:
    papers = many_papers(30)

    assert find_themes(papers, learn_axes([]), learn_concepts([])) == ((), (-1,) * 30)


def test_embeddings_follow_their_papers(axes: Axes, concepts: Concepts) -> None:
    papers = many_papers(240, first=5_000)
    vectors = np.random.default_rng(5).normal(size=(240, 8))

    themes, _ = find_themes(papers, axes, concepts, vectors=vectors)

    assert find_themes(papers[::-1], axes, concepts, vectors=vectors[::-1])[0] == themes
