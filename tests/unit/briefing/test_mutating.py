"""True sentences turned into false ones. All papers are made up."""

from __future__ import annotations

import random

from academichub.briefing.mutating import KINDS, TRUE_KINDS, Text, trials

TEXTS = [
    Text(
        f"Lamps of kind {at}",
        f"We show that Lamp{name} is bright in {at + 2} rooms and {at + 30} halls, which are dark places, "
        f"with {name} sensors. The measured brightness of every {name} fixture is not higher than 5 ms "
        f"or {at + 12} % of the {name}-B standard in {word} buildings. Our arrangement improves efficiency "
        f"by {at + 3}.5 % in {word} corridors (as seen before) of LEDs.",
        "cs.CV" if at % 2 else "cs.CL",
    )
    for at, (name, word) in enumerate(
        [("AXQ", "gothic"), ("BYR", "baroque"), ("CZS", "wooden"), ("DWT", "concrete"), ("EVU", "glazed")] * 6
    )
]


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # a draw that can be repeated, no secret


def test_every_kind_is_made_and_all_but_two_are_false() -> None:
    made = trials(TEXTS, chance(1), most=4)

    assert {trial.kind for trial in made} == set(KINDS)
    assert {trial.kind for trial in made if trial.supported} == TRUE_KINDS
    assert max(sum(trial.kind == kind for trial in made) for kind in KINDS) == 4


def test_the_same_chance_makes_the_same_trials() -> None:
    assert trials(TEXTS, chance(2), most=9) == trials(TEXTS, chance(2), most=9)


def test_a_false_sentence_is_not_in_its_source() -> None:
    made = trials(TEXTS, chance(3), most=20)

    assert {trial.kind for trial in made if trial.sentence in trial.source} == {"verbatim"}


def test_papers_without_sentences_or_without_others_are_passed_over() -> None:
    alone = Text("Alone", "This paper is the only one that there is today.")
    bare = [Text("Bare", "Too short."), alone]

    assert trials(bare, chance(4), most=3) == []


def test_a_sentence_with_nothing_to_change_is_not_changed() -> None:
    plain = [
        Text(f"{at}", f"It was so at {word} and we all saw it go.") for at, word in enumerate(("sea", "bay"))
    ]

    made = trials(plain, chance(5), most=3)

    assert {trial.kind for trial in made} == {
        "verbatim", "negation wrapped", "wrong paper", "wrong paper near",
    }  # fmt: skip
