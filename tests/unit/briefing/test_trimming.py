"""What may be left out of a quote for the eye, and which sentences lean on others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.leaning import leans
from academichub.briefing.trimming import shown


@pytest.mark.parametrize(
    ("quote", "seen"),
    [
        ("However, lamps glow in rooms.", "Lamps glow in rooms."),
        ("In this paper, we propose a lamp.", "We propose a lamp."),
        ("Moreover, in this work, we propose a lamp.", "We propose a lamp."),
        ("Here we propose a lamp.", "We propose a lamp."),
        ("To fill this gap, we propose a lamp.", "We propose a lamp."),
        ("To bridge the gap, we propose a lamp.", "We propose a lamp."),
        ("To address this problem we propose a lamp.", "We propose a lamp."),
        ("因此，本文提出一种灯。", "本文提出一种灯。"),
        ("METHODS: We lit some lamps.", "We lit some lamps."),
        ("However, mRNA glows in rooms.", "mRNA glows in rooms."),
        ("However, ßeta lamps glow well.", "ßeta lamps glow well."),
    ],
)
def test_an_opening_that_binds_is_left_out(quote: str, seen: str) -> None:
    assert shown(quote) == seen


@pytest.mark.parametrize(
    "quote",
    [
        "Lamps glow in rooms.",
        "However, yes.",
        "To light a room, we propose a lamp.",
        "To bridge the gap between rooms, we propose a lamp.",
        "To light rooms (as in this, we think), lamps $a, b$ glow.",
        "While these lamps glow in rooms.",
        "METHODS:",
        "we propose a lamp.",
        "",
    ],
)
def test_what_belongs_to_a_sentence_stays(quote: str) -> None:
    assert shown(quote) == quote


def test_of_very_many_openings_the_first_few_are_left_out() -> None:
    assert shown("But, so, and, then, next, lamps glow in rooms.") == "Next, lamps glow in rooms."


def test_a_comma_in_a_bracket_or_a_formula_ends_no_opening() -> None:
    quote = "To mend these $(x, we y)$ [lamps, we say] and rooms, we propose a lamp."

    assert shown(quote) == "We propose a lamp."


@given(st.text(max_size=120), st.sampled_from(("", "However, ", "To this end, we ", "METHODS: ", "因此，")))
def test_what_is_shown_ends_the_quote_but_for_a_capital(rest: str, opening: str) -> None:
    quote = opening + rest

    seen = shown(quote)

    assert quote.endswith(seen[1:])
    assert len(seen) <= len(quote)


@pytest.mark.parametrize(
    "sentence",
    [
        *(
            "This glows in rooms.",
            "Both glow.",
            "It glows.",
            "And lamps glow.",
            "这种灯亮。",
            "(1) Lamps glow.",
        ),
        *(
            "The proposed method glows.",
            "结果是灯亮。",
            "Lamps glow to this end.",
            "Lamps prefer the latter.",
        ),
        *("Lamps glow by the same wire.", "We then light lamps.", "Lamps make this room glow."),
        *("Lamps love such rooms.", "Lamps have their glow.", "We solve the problem.", "Such a room glows."),
        *("The region is rich in lamps.", "The focus will be on lamps.", "Our bound nearly meets it."),
        *("We pursue a third lamp.", "All methods glow.", "In Paper II, we turn to lamps."),
        *("We put the idea to use in lamps.", "Lamps glow for all the cases."),
        *("In our previous study, we introduced a lamp.", "Lamps glow on both datasets."),
        *("This lamp extends that idea.", "The wire-trained lamp glows.", "The simulation glows."),
        *("Lamps glow longer, with the best setting reaching 9 hours.", "We feed the PIE module with oil."),
        *("A brighter lamp glows for years in many rooms, which this house lacks.",),
    ],
)
def test_a_sentence_that_means_something_before_it_leans(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        *(
            "We propose a lamp.",
            "This paper is on lamps.",
            "Both lamps and wires glow.",
            "However, lamps glow.",
        ),
        *(
            "It is shown that lamps glow.",
            "Lamps such as bulbs glow.",
            "本文提出一种灯。",
            "Lamps glow this year.",
        ),
        *("The sun is a lamp.", "The aim is a better lamp.", "The glow of lamps is known to last."),
        *("We compare lamps and bulbs and prefer the latter.", "Lamps glow by the same wire as bulbs."),
        *("We build bright lamps out of copper wire and glass, and show that this design lasts.", "", "..."),
        *(
            "We build bright lamps out of copper wire and old glass, and these glow.",
            "Lamps glow and these lamps last.",
        ),
        *("Lamps and wicks, both methods glow.", "Lamps glow on both datasets: rooms and halls."),
        *("We propose PIE and feed the PIE module with oil.", "We find the best setting of a lamp."),
        *("We build lamps of wire, glass and old copper which keep the same glow for years.",),
    ],
)
def test_a_sentence_that_says_all_itself_does_not_lean(sentence: str) -> None:
    assert not leans(sentence)


def test_beside_a_sentence_that_says_what_is_proposed_the_method_is_known() -> None:
    assert leans("The proposed method glows longer.")
    assert not leans("The proposed method glows longer.", beside=True)
    assert leans("The lamps lean on (a) and these.", beside=True)


@given(st.text(max_size=200), st.booleans())
def test_any_text_leans_or_not(sentence: str, beside: bool) -> None:  # noqa: FBT001  # hypothesis draws it
    assert leans(sentence, beside=beside) in (True, False)
