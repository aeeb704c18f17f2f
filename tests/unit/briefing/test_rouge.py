"""The measure by which sentences are compared with summaries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.porter import porter
from academichub.briefing.rouge import rouge, rouge_words


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        *(("is", "is"), ("skies", "sky"), ("ties", "tie"), ("ponies", "poni"), ("caresses", "caress")),
        *(("caress", "caress"), ("cats", "cat"), ("tied", "tie"), ("replied", "repli"), ("feed", "feed")),
        *(
            ("agreed", "agre"),
            ("bled", "bled"),
            ("sing", "sing"),
            ("conflated", "conflat"),
            ("sized", "size"),
        ),
        *(("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("failing", "fail"), ("used", "use")),
        *(("happy", "happi"), ("sky", "sky"), ("by", "by"), ("enjoy", "enjoy"), ("analogy", "analog")),
        *(("logi", "logi"), ("relational", "relat"), ("rational", "ration"), ("formally", "formal")),
        *(("triplicate", "triplic"), ("electrical", "electr"), ("adjustment", "adjust"), ("union", "union")),
        *(("adoption", "adopt"), ("replacement", "replac"), ("rate", "rate"), ("cease", "ceas")),
        *(("controll", "control"), ("roll", "roll"), ("yyy", "yyy"), ("2nd", "2nd"), ("axes", "axe")),
        *(
            ("nationally", "nation"),
            ("bees", "bee"),
            ("probate", "probat"),
            ("snow", "snow"),
            ("inning", "inning"),
        ),
    ],
)
def test_words_lose_their_endings_as_the_usual_scorer_takes_them(word: str, stem: str) -> None:
    assert porter(word) == stem


@given(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True))
def test_a_stem_is_never_empty_and_never_longer_than_its_word(word: str) -> None:
    stem = porter(word)

    assert 0 < len(stem) <= len(word)


def test_only_words_of_four_letters_or_more_are_stemmed() -> None:
    assert rouge_words("The 3 cats' Rooms, was-hot!") == ("the", "3", "cat", "room", "was", "hot")


def test_the_three_measures_are_counted_by_hand() -> None:
    found = rouge(("a", "b", "c", "d"), [("a", "c", "b", "d")])

    assert found.one == 1.0
    assert found.two == 0.0
    assert found.longest == pytest.approx(3 / 4)


def test_of_several_references_each_measure_takes_its_best() -> None:
    found = rouge(("a", "b", "b"), [("a", "b"), ("b", "b", "x"), ()])

    assert found.one == pytest.approx(4 / 5)
    assert found.two == pytest.approx(2 / 3)
    assert found.longest == pytest.approx(4 / 5)


def test_nothing_shares_nothing() -> None:
    found = rouge((), [("a",)])

    assert (found.one, found.two, found.longest) == (0.0, 0.0, 0.0)


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_no_measure_leaves_zero_to_one_and_none_has_a_side(one: list[str], other: list[str]) -> None:
    there, back = rouge(one, [other]), rouge(other, [one])

    assert there == back
    assert 0 <= there.two <= 1
    assert 0 <= there.longest <= there.one <= 1
