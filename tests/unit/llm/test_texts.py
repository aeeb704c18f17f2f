"""What of a paper is read, and how hostile text is made harmless."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.llm.texts import MOST_CHARACTERS, document_text, readable


@pytest.mark.parametrize(
    ("title", "abstract", "text"),
    [
        ("Lamps", "We count.", "Lamps. We count."),
        ("Who counts?", "We do.", "Who counts? We do."),
        ("灯塔。", "我们数灯。", "灯塔。 我们数灯。"),
        (" Lamps ", " ", "Lamps"),
        ("", "We count.", "We count."),
        ("", "", ""),
    ],
)
def test_the_title_is_the_first_sentence(title: str, abstract: str, text: str) -> None:
    assert document_text(title, abstract) == text


def test_white_space_and_unprintable_characters_become_one_space() -> None:
    assert readable(" lamps\x00\x07\n\n along\ud800 the \u3000coast ") == "lamps along the coast"


def test_compatibility_forms_are_spelled_out() -> None:
    assert readable("ＡＢＣ ﬁeld 𝐱²") == "ABC field x2"


@pytest.mark.parametrize("text", ["", " ", "?!", "…—", "∫∂", "\u200b", "\ud800\udfff", "🚨"])
def test_a_text_without_letter_or_digit_is_empty(text: str) -> None:
    assert readable(text) == ""


def test_no_character_is_left_that_outgrows_the_tokenisers_memory() -> None:
    plain = readable("\ufdfa" * 5_000)

    assert "\ufdfa" not in plain
    assert len(plain) <= MOST_CHARACTERS


def test_the_cut_is_where_it_was_asked_for() -> None:
    assert readable("lamp " * 1_000, most_characters=9) == "lamp lamp"
    assert readable("lamp " * 1_000, most_characters=10) == "lamp lamp"


def test_marks_by_the_million_take_no_time() -> None:
    marks = "a" + "\u0301\u0316" * 500_000

    started = time.process_time()
    readable(marks)

    assert time.process_time() - started < 2.0


@given(st.text(alphabet=st.characters(), max_size=200), st.integers(1, 60))
def test_cleaning_keeps_its_promises_for_any_text(text: str, most: int) -> None:
    plain = readable(text, most_characters=most)

    assert len(plain) <= most
    assert plain == " ".join(plain.split())
    assert plain.encode("utf-8").decode("utf-8") == plain
    assert not any(character < " " for character in plain)
    assert not plain or any(map(str.isalnum, plain))
