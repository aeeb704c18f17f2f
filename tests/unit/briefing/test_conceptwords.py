"""Which words concepts are made of."""

from __future__ import annotations

import pytest

from academichub.briefing.conceptwords import (
    is_joined,
    may_begin,
    may_end,
    may_stand_alone,
    releases,
    singular,
    spans_of,
    word_of,
    words_of,
)


@pytest.mark.parametrize(
    ("plural", "word"),
    [
        ("galaxies", "galaxy"),
        ("masses", "mass"),
        ("boxes", "box"),
        ("stars", "star"),
        ("glass", "glass"),
        ("virus", "virus"),
        ("analysis", "analysis"),
        ("physics", "physics"),
        ("gas", "gas"),
        ("ties", "tie"),
    ],
)
def test_a_plural_is_its_singular(plural: str, word: str) -> None:
    assert singular(plural) == word


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("Lamps", "lamp"),
        ("of", "of"),
        ("We", ""),
        ("proposed", ""),
        ("state", "state"),
        ("2026", ""),
        ("-19", "19"),
        ("-2026", ""),
        ("-based", "based"),
        ("based", ""),
        ("a", ""),
        ("-a", "a"),
        (",", ""),
        ("$x$", ""),
        ("深度", ""),
        ("x" * 40, ""),
    ],
)
def test_a_token_counts_as_a_word_or_parts_phrases(token: str, word: str) -> None:
    assert word_of(token) == word


def test_formulas_and_marks_are_tokens_and_a_hyphen_ties_a_word_to_the_one_before() -> None:
    assert words_of("Flow-matching $x^2$, \\alpha!") == ["Flow", "-matching", "$x^2$", ",", "\\alpha", "!"]
    assert is_joined("-matching")
    assert not is_joined("-")


def test_the_place_of_a_tied_word_leaves_its_hyphen_out() -> None:
    text = "Flow-matching"

    assert [text[start:end] for _, start, end in spans_of(text)] == ["Flow", "matching"]


def test_a_concept_does_not_begin_or_end_with_words_that_leave_it_open() -> None:
    assert not may_begin("of")
    assert not may_begin("based")
    assert not may_end("aware")
    assert may_begin("state")
    assert may_end("state")


def test_a_word_that_says_nothing_alone_does_not_stand_alone() -> None:
    assert may_stand_alone("lamp")
    assert not may_stand_alone("state")
    assert not may_stand_alone("ab")
    assert not may_stand_alone("123")
    assert not may_stand_alone("multi")


def test_a_concept_may_end_before_a_tail() -> None:
    assert releases("based")
    assert not releases("matching")
