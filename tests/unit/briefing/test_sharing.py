"""What one part of a briefing has read, another need not read again. All papers are made up."""

from __future__ import annotations

import pytest

from academichub.briefing.concepts import Concepts, learn_concepts
from academichub.briefing.sharing import Readings, held
from tests.fakes.fieldpapers import background, made_paper

SENTENCES = (
    "A frequency comb follows the transit. However, the frequency comb-based method fails",
    "Nothing here! The transit of a star and a frequency comb.",
    "It costs $5. Each transit costs $6 and a frequency comb more.",
    "Frequency\ncomb. Comb of frequency.",
    "",
)


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return learn_concepts(background())


@pytest.mark.parametrize("abstract", SENTENCES)
def test_the_concepts_of_a_sentence_are_the_same_whether_the_whole_was_read_or_not(
    abstract: str, concepts: Concepts
) -> None:
    paper = made_paper(1, "A transit", abstract)
    read, unread = Readings(), Readings()
    assert read.concepts(paper, concepts) == concepts.of(paper) == read.concepts(paper, concepts)

    for start, end in read.sentences(abstract):
        alone = concepts.of(abstract[start:end]).abstract
        assert read.concepts_within(paper, start, end, concepts) == alone
        assert unread.concepts_within(paper, start, end, concepts) == alone


def test_papers_that_may_hold_a_wanted_concept_come_with_what_they_may_hold(concepts: Concepts) -> None:
    comb, transit = concepts.number["frequency comb"], concepts.number["transit"]
    papers = [
        made_paper(1, "Transits", "Of stars."),
        made_paper(2, "Galaxies", "A Frequency-Comb in transit."),
        made_paper(3, "Frequency", "No such thing."),
    ]

    found = [(paper.work_id, sorted(numbers)) for paper, numbers in held({comb, transit}, papers, concepts)]

    assert found == [(1, [transit]), (2, sorted([comb, transit]))]
    assert list(held(set(), papers, concepts)) == []
