"""What one part of a briefing has read, another need not read again. All papers are made up."""

from __future__ import annotations

import pytest

from academichub.briefing import sharing
from academichub.briefing.concepts import Concepts, learn_concepts
from academichub.briefing.sharing import Readings, holding
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


def test_of_many_papers_those_are_kept_whose_best_concepts_are_worth_most_together(
    concepts: Concepts, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {concepts.number["frequency comb"]: 3.0, concepts.number["transit"]: 2.0}
    both = made_paper(1, "One", "Transit and frequency comb.")
    dear = made_paper(2, "Two", "A frequency comb.")
    cheap = made_paper(3, "Three", "A transit.")
    none = made_paper(4, "Four", "Nothing.")

    assert holding(wanted, [none, cheap, dear, both], concepts, most=2) == (dear, both)
    assert holding(wanted, [none, cheap, dear, both], concepts, most=1) == (both,)
    monkeypatch.setattr(sharing, "MOST_WORTH", 1)
    assert holding(wanted, [none, cheap, dear, both], concepts, most=1) == (dear,)
