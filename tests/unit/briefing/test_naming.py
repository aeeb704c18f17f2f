"""Names of groups, and the concepts they are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from academichub.briefing.axes import read
from academichub.briefing.concepts import Concepts, learn_concepts
from academichub.briefing.conceptuses import uses_of
from academichub.briefing.naming import MOST_NAMES, name_groups
from academichub.model.briefing import Paper
from tests.fakes.subjects import FIRST_DAY, SUBJECTS, many_papers, subject_paper


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return learn_concepts(many_papers(400))


def written(number: int, title: str, abstract: str = "") -> Paper:
    return Paper(work_id=number, title=title, abstract=abstract, text_hash="", listed_on=FIRST_DAY)


def names(concepts: Concepts, papers: list[Paper], *groups: list[int]) -> list[tuple[str, ...]]:
    uses = uses_of(read(papers), concepts)
    return [one.names for one in name_groups([np.array(group) for group in groups], uses, concepts)]


def test_all_papers_at_once_use_the_concepts_that_each_alone_does(concepts: Concepts) -> None:
    papers = [
        *many_papers(60, first=3_000),
        written(1, "Candle-wax lamps", "a river delta-based wax, candle wax."),
    ]

    table = uses_of(read(papers), concepts).table

    assert [set(table[[at]].indices.tolist()) for at in range(len(papers))] == [
        set(concepts.of(paper).numbers) for paper in papers
    ]


def test_without_concepts_nothing_is_used_and_nothing_named() -> None:
    none = learn_concepts([])
    papers = many_papers(3)

    assert uses_of(read(papers), none).table.shape == (3, 0)
    assert names(none, papers, [0, 1, 2]) == [()]


def test_single_words_alone_make_no_tree() -> None:
    past = [written(at, "Lanterns", "The lanterns. Then more.") for at in range(30)]
    concepts = learn_concepts(past)

    assert concepts.names == ("lantern",)
    assert uses_of(read(past[:2]), concepts).table.toarray().tolist() == [[1.0], [1.0]]


def test_a_group_is_named_by_phrases_that_set_it_apart(concepts: Concepts) -> None:
    papers = [subject_paper(5_000 + at, "mu.VI" if at < 10 else "wa.IC") for at in range(20)]

    violin, ice = names(concepts, papers, list(range(10)), list(range(10, 20)))

    assert set(violin) <= set(SUBJECTS["mu.VI"].split("|"))
    assert set(ice) <= set(SUBJECTS["wa.IC"].split("|"))
    assert violin
    assert ice
    assert not set(violin) & set(ice)
    assert len(violin) <= MOST_NAMES


def test_one_group_alone_is_named_by_what_the_past_does_not_do(concepts: Concepts) -> None:
    papers = [subject_paper(5_000 + at, "fo.TE") for at in range(10)]

    assert "green tea" in names(concepts, papers, list(range(10)))[0]


def test_no_name_contains_or_abbreviates_another() -> None:
    past = [
        written(at, "GLT, the gentle lamp theory", "All of the gentle lamp theory, or GLT, is old.")
        for at in range(12)
    ]
    past += [written(at, "Lamp theory", "A lamp theory.") for at in range(100, 120)]
    past += [written(at, "Glass rivers", "Many glass rivers.") for at in range(200, 240)]
    concepts = learn_concepts(past)

    found = names(concepts, [*past[:6], *past[-6:]], list(range(6)))[0]

    assert {"glt", "gentle lamp theory", "lamp theory"} <= set(concepts.names)
    assert found == ("gentle lamp theory",)


def test_a_word_that_always_leans_on_another_is_no_name(concepts: Concepts) -> None:
    uses = uses_of(read([subject_paper(5_000 + at, "mu.VI") for at in range(10)]), concepts)
    leaning = replace(uses, stands=np.zeros(len(concepts)))

    alone = name_groups([np.arange(10)], leaning, concepts)[0].names

    assert alone
    assert all(" " in name for name in alone)


def test_coverage_is_the_share_of_papers_that_use_a_name(concepts: Concepts) -> None:
    papers = [
        *(subject_paper(5_000 + at, "mu.BE") for at in range(8)),
        written(1, "Empty"),
        written(2, "Void"),
    ]

    found = name_groups([np.arange(10)], uses_of(read(papers), concepts), concepts)[0]

    assert found.coverage == pytest.approx(0.8)


def test_concepts_that_point_nowhere_are_judged_by_their_worth(concepts: Concepts) -> None:
    blind = replace(concepts, directions=np.zeros_like(concepts.directions))
    papers = [subject_paper(5_000 + at, "mu.VI" if at < 10 else "wa.IC") for at in range(20)]

    assert names(blind, papers, list(range(10)))[0]
