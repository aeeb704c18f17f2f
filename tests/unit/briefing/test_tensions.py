"""What two papers must say to be at odds, and what is no tension though it looks like one. All is made up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.briefing.claims import Claim, Measure, claims, measures
from academichub.briefing.concepts import Concepts, Found, learn_concepts
from academichub.briefing.tensions import MOST, find_tensions
from academichub.model.briefing import Paper, TensionKind
from tests.fakes.fieldpapers import background, made_paper, of_field

LAMP = "copper lamp"


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return learn_concepts([*background(), *(of_field(5000 + at, LAMP, "quant-ph") for at in range(8))])


def said(sentence: str) -> list[tuple[str, bool]]:
    start = sentence.lower().index(LAMP)
    return [(one.about, one.is_up) for one in claims(sentence, [Found(0, start, start + len(LAMP))])]


def paper(number: int, result: str) -> Paper:
    return made_paper(number, "Lamps", f"Rooms with a qubit and a laser are dark. {result}", "quant-ph")


@pytest.mark.parametrize(
    ("sentence", "about", "is_up"),
    [
        ("We find that a copper lamp improves the fidelity.", "better", True),
        ("Our results show that the copper lamp degrades fidelity.", "better", False),
        ("The copper lamp does not improve fidelity.", "better", False),
        ("The copper lamp consistently fails to degrade the fidelity.", "better", True),
        ("The copper lamp significantly reduces loss.", "more", False),
        ("The copper lamp can increase loss.", "more", True),
        ("The copper lamp outperforms bulbs.", "ahead", True),
        ("The copper lamp falls short of bulbs.", "ahead", False),
        ("The copper lamp is surprisingly robust.", "robust", True),
        ("The copper lamp is not robust.", "robust", False),
        ("The copper lamp remains brittle.", "robust", False),
        ("The copper lamp is no longer necessary.", "needed", False),
        ("The copper lamp is ruled out.", "favoured", False),
    ],
)
def test_a_sentence_whose_subject_is_a_concept_claims_something_of_it(
    sentence: str, about: str, *, is_up: bool
) -> None:
    assert said(sentence) == [(about, is_up)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Our copper lamp improves fidelity.",
        "A bulb with a copper lamp improves fidelity.",
        "The copper lamp improves fidelity only if it is warm.",
        "The copper lamp improves fidelity, but it degrades loss.",
        "The copper lamp is green.",
        "The copper lamp improves.",
        "Bulbs improve the copper lamp.",
        "The very old and rather heavy but still lovely copper lamp that we own improves fidelity.",
    ],
)
def test_what_is_said_of_something_else_or_with_a_condition_is_no_claim(sentence: str) -> None:
    assert said(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We find a copper lamp of 73.2 km/s.", (0, "km/s", 73.2, 0.0, "73.2 km/s")),
        ("The copper lamp is 73.2 ± 1.5 km/s here.", (0, "km/s", 73.2, 1.5, "73.2 ± 1.5 km/s")),
        ("The copper lamp is 73%.", None),
        ("The copper lamp is three km.", None),
        ("The copper lamp of green 5 km.", None),
        ("The copper lamp of 12", None),
        ("The copper lamp was bought for 5 km.", None),
        ("The copper lamp is 5 km if it is warm.", None),
    ],
)
def test_a_number_is_a_concepts_own_where_it_follows_it(
    sentence: str, expected: tuple[int, str, float, float, str] | None
) -> None:
    start = sentence.index(LAMP)
    found = list(measures(sentence, [Found(0, start, start + len(LAMP))]))

    assert found == ([] if expected is None else [Measure(*expected)])


def test_two_papers_that_claim_opposites_of_one_concept_are_at_odds(concepts: Concepts) -> None:
    one = paper(1, "We show that the copper lamp improves fidelity.")
    other = paper(2, "We find that the copper lamp degrades the fidelity.")

    (found,) = find_tensions([one], [other], concepts)

    assert (found.concept, found.kind) == (LAMP, TensionKind.DIRECTION)
    assert (found.one_says, found.other_says) == ("improves", "degrades")
    assert found.one.quote == "We show that the copper lamp improves fidelity."
    assert one.abstract[found.one.span.start : found.one.span.end] == found.one.quote
    assert 0 < found.strength <= 1


def test_opposite_properties_are_at_odds_without_an_object(concepts: Concepts) -> None:
    one = paper(1, "We show that the copper lamp is robust.")
    other = paper(2, "We find that the copper lamp is fragile.")

    assert len(find_tensions([one, other], [], concepts)) == 1


@pytest.mark.parametrize(
    "other",
    [
        "We find that the copper lamp improves fidelity.",
        "We find that the copper lamp degrades the coherence.",
        "We find that the copper lamp reduces fidelity.",
        "We find that the copper lamp cavity mode photon degrades fidelity.",
        "We find that the copper lamp is 12 km.",
        "It is known for long that copper lamps were rather expensive.",
    ],
)
def test_papers_that_agree_or_speak_of_other_things_are_not_at_odds(other: str, concepts: Concepts) -> None:
    one = paper(1, "We show that the copper lamp improves fidelity.")

    assert find_tensions([one], [paper(2, other)], concepts) == ()


def test_papers_of_different_subjects_are_not_at_odds(concepts: Concepts) -> None:
    one = paper(1, "We show that the copper lamp improves performance.")
    words = "The bus, the passenger, the route, the timetable, the city, the vehicle and the commuter wait."
    other = made_paper(2, "Buses", f"{words} We find that the copper lamp degrades performance.", "cs.CY")

    assert find_tensions([one], [other], concepts) == ()


def test_others_are_held_against_today_and_not_against_each_other(concepts: Concepts) -> None:
    one = paper(1, "We show that the copper lamp improves fidelity.")
    other = paper(2, "We find that the copper lamp degrades the fidelity.")

    assert (
        find_tensions([paper(3, "We show that the copper lamp improves loss.")], [one, other], concepts) == ()
    )
    assert find_tensions([one], [one], concepts) == ()
    of_another = paper(
        4, "We find that the copper lamp is green. We find that the frequency comb degrades loss."
    )
    assert find_tensions([one], [of_another], concepts) == ()
    assert len(find_tensions([one, other], [one, other], concepts)) == 1


def test_a_paper_is_not_at_odds_with_itself_and_a_pair_comes_once(concepts: Concepts) -> None:
    text = (
        "We show that the copper lamp improves fidelity. We find that the copper lamp degrades the fidelity."
    )

    assert find_tensions([paper(1, text)], [], concepts) == ()
    assert len(find_tensions([paper(1, text), paper(2, text)], [], concepts)) == 1


def test_a_sentence_that_is_no_result_is_not_held_against_anything(concepts: Concepts) -> None:
    one = paper(1, "We show that the copper lamp improves fidelity.")
    early = made_paper(
        2,
        "Lamps",
        "The copper lamp degrades the fidelity. We show a qubit. We show a laser. We show ions.",
        "quant-ph",
    )

    assert find_tensions([one], [early], concepts) == ()


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("73.2 ± 0.5 km/s", "67.4 ± 0.5 km/s", 1),
        ("73.2 ± 4.5 km/s", "67.4 ± 4.5 km/s", 0),
        ("10 km/s", "25 km/s", 1),
        ("10 km/s", "12 km/s", 0),
        ("10 km/s", "25 ± 1 km/s", 0),
        ("0 km/s", "25 km/s", 0),
        ("10 km/s", "25 km", 0),
    ],
)
def test_numbers_far_apart_are_at_odds(one: str, other: str, count: int, concepts: Concepts) -> None:
    papers = [
        paper(at, f"We find for the qubit that the copper lamp is {number}.")
        for at, number in enumerate((one, other), 1)
    ]

    assert len(find_tensions(papers, [], concepts)) == count


def test_numbers_of_different_things_are_not_at_odds(concepts: Concepts) -> None:
    papers = [
        paper(at, f"We find for the {thing} that the copper lamp is {number} km/s.")
        for at, (thing, number) in enumerate((("qubit", 10), ("laser", 90)), 1)
    ]

    assert find_tensions(papers, [], concepts) == ()


def test_the_strongest_come_first_and_not_too_many(concepts: Concepts) -> None:
    ups = [paper(at, "We show that the copper lamp improves fidelity.") for at in range(1, 5)]
    downs = [paper(at, "We find that the copper lamp degrades the fidelity.") for at in range(5, 9)]

    found = find_tensions([*ups, *downs], [], concepts)

    assert len(found) == MOST
    assert [one.strength for one in found] == sorted((one.strength for one in found), reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="lamp coperis nt im.,5±%robustdegave\n", max_size=120))
def test_any_sentence_is_read(text: str) -> None:
    found = [Found(0, 0, len(text) // 2)]
    for one in (*claims(text, found), *measures(text, found)):
        assert isinstance(one, Claim | Measure)
        assert one.says in text
