"""What is a bridge, and what only looks like one. All papers are made up."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import numpy as np
import pytest

from academichub.briefing import bridges
from academichub.briefing.bridges import find_bridges
from academichub.briefing.concepts import Concepts, Use, learn_concepts
from academichub.briefing.fieldlift import Lifts
from academichub.briefing.meetings import Read, Reader
from academichub.model.briefing import Growth, Paper
from academichub.model.briefingpages import Belongs
from tests.fakes.fieldpapers import HOME, LAST_DAY, WORDS, background, made_paper, of_field


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return learn_concepts(background())


def abroad(term: str) -> str:
    return "cs.CY" if HOME[term] != "cs.CY" else "math.PR"


@pytest.mark.parametrize("term", HOME)
def test_a_term_among_the_words_of_its_home_is_a_bridge(term: str, concepts: Concepts) -> None:
    home, away = of_field(1001, term, HOME[term]), of_field(1002, term, abroad(term), words_of=HOME[term])

    found = find_bridges([away], [home], concepts)

    assert [(one.concept, one.home, one.away) for one in found] == [(term, HOME[term], abroad(term))]
    assert found[0].growth is Growth.NEW
    assert (found[0].away_count, found[0].first_seen) == (0, None)
    assert found[0].home_count > 0
    assert found[0].away_total <= 120


@pytest.mark.parametrize("term", HOME)
def test_a_word_of_another_meaning_is_no_bridge(term: str, concepts: Concepts) -> None:
    home, away = of_field(1001, term, HOME[term]), of_field(1002, term, abroad(term))

    assert find_bridges([away], [home], concepts) == ()


def test_both_sentences_hold_the_concept_and_are_verbatim(concepts: Concepts) -> None:
    papers = [
        of_field(1001, "transit", "astro-ph.EP"),
        of_field(1002, "transit", "cs.CY", words_of="astro-ph.EP"),
    ]

    (found,) = find_bridges(papers, (), concepts)

    for evidence, paper in ((found.home_evidence, papers[0]), (found.away_evidence, papers[1])):
        assert evidence.quote == paper.abstract[evidence.span.start : evidence.span.end]
        assert "transit" in evidence.quote
        assert (evidence.span.work_id, evidence.span.version, evidence.sentence) == (paper.work_id, "v1", 2)


def test_papers_of_one_field_or_of_none_make_no_bridge(concepts: Concepts) -> None:
    home = of_field(1001, "transit", "astro-ph.EP")
    near = of_field(1002, "transit", "astro-ph.EP")
    nowhere = made_paper(1003, near.title, near.abstract, "")

    assert find_bridges([home], [near, nowhere], concepts) == ()


def test_a_paper_that_is_in_both_lists_counts_once(concepts: Concepts) -> None:
    home, away = (
        of_field(1001, "transit", "astro-ph.EP"),
        of_field(1002, "transit", "cs.CY", words_of="astro-ph.EP"),
    )

    assert len(find_bridges([home, away], [away, home], concepts)) == 1


def test_no_paper_and_no_concept_comes_more_than_twice(concepts: Concepts) -> None:
    homes = [of_field(1000 + at, "transit", "astro-ph.EP") for at in range(4)]
    aways = [of_field(1010 + at, "transit", "cs.CY", words_of="astro-ph.EP") for at in range(4)]

    assert len(find_bridges(homes, aways, concepts)) == 2
    assert len(find_bridges(homes, aways, concepts, most=1)) == 1


def test_a_worn_paper_gives_way_to_others(concepts: Concepts) -> None:
    away = [
        of_field(1010 + at, term, "cs.CY", words_of="astro-ph.EP")
        for at, term in enumerate(("transit", "jet", "burst"))
    ]
    text = " ".join(of_field(1, term, "astro-ph.EP").abstract for term in ("transit", "jet", "burst"))
    home = made_paper(1001, "Transit, jet, burst", text, "astro-ph.EP")

    assert len(find_bridges([home], away, concepts)) == 2


def test_a_field_that_a_paper_is_listed_in_makes_a_bridge_likely(concepts: Concepts) -> None:
    home = of_field(1001, "transit", "astro-ph.EP")
    away = of_field(1002, "transit", "cs.CY", words_of="astro-ph.EP")
    listed = made_paper(1002, away.title, away.abstract, "cs.CY", also=("astro-ph.IM",))

    def likely(paper: Paper, *belongs: Belongs) -> float:
        others = {1001: (Belongs("cs", 0.0),), 1002: belongs}
        return find_bridges([paper], [home], concepts, affinity=others)[0].likely

    assert likely(listed) > likely(away, Belongs("astro-ph", 0.5)) > likely(away, Belongs("math", 0.9)) > 0


def test_inside_one_archive_the_words_tell_how_likely_a_bridge_is(concepts: Concepts) -> None:
    home = of_field(1001, "transformer", "cs.LG")
    away = of_field(1002, "transformer", "cs.CY", words_of="cs.LG")

    (found,) = find_bridges([away], [home], concepts, affinity={1001: (Belongs("cs", 1.0),)})

    assert bridges.UNLIKELY * found.surprising < found.likely < found.surprising


@pytest.mark.parametrize(("alike", "expected"), [(1.0, 1), (-1.0, 0)])
def test_the_vectors_of_a_model_gate_the_sense_too(alike: float, expected: int, concepts: Concepts) -> None:
    home, away = (
        of_field(1001, "transit", "astro-ph.EP"),
        of_field(1002, "transit", "cs.CY", words_of="astro-ph.EP"),
    )
    vectors = {1001: np.array([1.0, 0.0]), 1002: np.array([alike, 0.1]), 1003: np.array([-1.0, -1.0])}

    assert len(find_bridges([away], [home], concepts, vectors=vectors)) == expected


@pytest.mark.parametrize(
    ("use", "growth"),
    [
        (Use(0, 0, None), Growth.NEW),
        (Use(2, 2, LAST_DAY - timedelta(days=50)), Growth.NEW),
        (Use(9, 8, LAST_DAY - timedelta(days=500)), Growth.GROWING),
        (Use(9, 4, LAST_DAY - timedelta(days=600)), Growth.ESTABLISHED),
        (Use(9, 0, LAST_DAY - timedelta(days=600)), Growth.ESTABLISHED),
    ],
)
def test_a_concept_is_new_abroad_or_grows_or_is_established(use: Use, growth: Growth) -> None:
    assert bridges._growth(use, size=200, year=100, until=LAST_DAY.toordinal()) is growth


def test_a_concept_that_both_fields_use_alike_is_nobodys_home(concepts: Concepts) -> None:
    lifts = Lifts(concepts)
    number = concepts.number["transit"]

    assert lifts.lift(number, "astro-ph.EP") > 1
    assert lifts.lift(number, "cs.CY") < 0
    assert lifts.lift(number, "econ.EM") == 0
    assert not lifts.direction("econ.EM").any()
    reader = Reader(concepts)
    strangers = [made_paper(at, "A transit", "The transit of the star.", f"econ.{at}") for at in (1, 2)]
    assert reader.meet(*map(reader.read, strangers)) is None


def test_the_longer_concept_counts_where_both_are_shared() -> None:
    papers = background()
    phrase = "warm transit"
    papers += [of_field(3000 + at, phrase, "astro-ph.EP") for at in range(6)]
    learned = learn_concepts(papers)
    home, away = (
        of_field(1001, phrase, "astro-ph.EP"),
        of_field(1002, phrase, "cs.CY", words_of="astro-ph.EP"),
    )

    assert {"transit", phrase} <= learned.number.keys()
    assert [one.concept for one in find_bridges([away], [home], learned)] == [phrase]


def test_a_concept_that_runs_over_two_sentences_is_none_of_either(concepts: Concepts) -> None:
    reader = Reader(concepts)
    split = made_paper(1, "A comb", "We show a frequency\n\ncomb. The qubit is here.", "quant-ph")

    assert concepts.number["frequency comb"] not in reader.read(split).mentions


def test_a_briefing_reads_closely_what_may_be_worth_most(
    concepts: Concepts, monkeypatch: pytest.MonkeyPatch
) -> None:
    term, *_ = HOME
    home = [of_field(1000 + at, term, HOME[term]) for at in range(2)]
    away = of_field(1100, term, abroad(term), words_of=HOME[term])
    same = [of_field(number, term, HOME[term]) for number in (1101, 1102)]

    class Counting(Reader):
        """Says which papers it has read."""

        read_works: ClassVar[list[int]] = []

        def read(self, paper: Paper) -> Read:
            self.read_works.append(paper.work_id)
            return super().read(paper)

    monkeypatch.setattr(bridges, "Reader", Counting)
    monkeypatch.setattr(bridges, "MOST_READ", 1)

    found = find_bridges(home, [*same, away], concepts)

    assert Counting.read_works == [1000, 1001, 1100]
    assert {one.away for one in found} == {abroad(term)}


def test_the_same_papers_give_the_same_bridges(concepts: Concepts) -> None:
    papers = [of_field(1000 + at, term, HOME[term]) for at, term in enumerate(HOME)]
    others = [of_field(1100 + at, term, abroad(term), words_of=HOME[term]) for at, term in enumerate(HOME)]

    found = find_bridges(papers, others, concepts)

    assert found == find_bridges(papers, others, learn_concepts(background()))
    assert len(found) >= len(WORDS)
    assert all(one.surprising >= bridges.LEAST_SCORE for one in found)
    assert [one.likely for one in found] == sorted((one.likely for one in found), reverse=True)
