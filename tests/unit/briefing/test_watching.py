"""Phrases to keep an eye on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from academichub.briefing.axes import learn_axes
from academichub.briefing.concepts import learn_concepts
from academichub.briefing.watching import FEWEST_PAST, watch
from tests.fakes.subjects import many_papers

if TYPE_CHECKING:
    from academichub.briefing.axes import Axes
    from academichub.briefing.concepts import Concepts
    from academichub.model.briefing import Paper


@pytest.fixture(scope="module")
def past() -> tuple[Concepts, Axes]:
    papers = many_papers(FEWEST_PAST)
    return learn_concepts(papers), learn_axes(papers)


def saying(papers: list[Paper], phrase: str, *places: int) -> list[Paper]:
    return [
        replace(paper, title=f"{phrase}, {paper.title}", abstract=f"{paper.abstract} So is the {phrase}.")
        if at in places
        else paper
        for at, paper in enumerate(papers)
    ]


def test_a_usual_day_has_nothing_to_watch(past: tuple[Concepts, Axes]) -> None:
    assert watch(many_papers(80, first=5_000), *past) == ()


def test_a_coined_word_is_watched(past: tuple[Concepts, Axes]) -> None:
    papers = saying(many_papers(80, first=5_000), "Glimmeron", *range(8))

    found = watch(papers, *past)

    assert [one.term for one in found] == ["Glimmeron"]
    assert found[0].works == tuple(range(5_000, 5_008))
    assert (found[0].now, found[0].expected < 1) == (8, True)


def test_a_known_phrase_that_is_everywhere_is_watched_once(past: tuple[Concepts, Axes]) -> None:
    papers = saying(many_papers(80, first=5_000), "violin varnish", *range(50))

    found = watch(papers, *past)

    assert [one.term for one in found] == ["violin varnish"]
    assert found[0].now >= 50
    assert found[0].expected < 20


def test_a_day_of_one_field_alone_makes_nothing_rise(past: tuple[Concepts, Axes]) -> None:
    papers = [paper for paper in many_papers(400, first=5_000) if paper.category == "mu.VI"]

    assert watch(papers, *past) == ()


def test_known_words_in_a_new_order_are_not_judged(past: tuple[Concepts, Axes]) -> None:
    papers = saying(many_papers(80, first=5_000), "violin tea", *range(8))

    assert watch(papers, *past) == ()


def test_only_so_many_are_given(past: tuple[Concepts, Axes]) -> None:
    papers = many_papers(80, first=5_000)
    for at, name in enumerate(("Glimmeron", "Flickerade", "Shimmerite")):
        papers = saying(papers, name, *range(20 * at, 20 * at + 8 + at))

    assert [one.term for one in watch(papers, *past, most=2)] == ["Shimmerite", "Flickerade"]


def test_without_enough_of_a_past_nothing_is_expected() -> None:
    few = many_papers(50)

    assert watch(many_papers(30, first=5_000), learn_concepts(few), learn_axes(few)) == ()


def test_a_day_without_papers_has_nothing_to_watch(past: tuple[Concepts, Axes]) -> None:
    assert watch([], *past) == ()
