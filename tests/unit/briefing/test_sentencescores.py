"""Sentences as numbers, and weights that are learned, written and read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.briefing.cues import tokens
from academichub.briefing.learning import LEAST_PAPERS, Summarised, learn
from academichub.briefing.sentencefeatures import FEATURES, describe
from academichub.briefing.sentencescores import phrases, read_weights, shipped, write_weights

ABSTRACT = (
    "Rooms have long been dark.",
    "In this paper, we propose a lamp that glows for years.",
    "We use 12 wires (of copper), a bulb, and LEDs.",
    "Experiments show that the lamp glows 95% longer.",
)


def column(title: str, sentences: tuple[str, ...], name: str) -> list[float]:
    table = describe(title, sentences, [tokens(one) for one in sentences])
    return [round(float(one), 6) for one in table[:, FEATURES.index(name)]]


def test_places_words_and_neighbours_are_described() -> None:
    assert column("", ABSTRACT, "place") == [0, 0.333333, 0.666667, 1]
    assert column("", ABSTRACT, "first that makes") == [0, 1, 0, 0]
    assert column("", ABSTRACT, "after the first that makes") == [0, 0, 1, 1]
    assert column("", ABSTRACT, "percent") == [0, 0, 0, 1]
    assert column("", ABSTRACT, "bracket") == [0, 0, 1, 0]
    assert column("", ABSTRACT, "method behind") == [0, 0, 0, 0]
    assert column("", ABSTRACT, "acronyms") == [0, 0, 0.2, 0]


def test_a_title_is_compared_with_every_sentence() -> None:
    assert column("", ABSTRACT, "title held") == [0, 0, 0, 0]
    assert column("A lamp that glows", ABSTRACT, "title held") == [0, 1, 0, 1]
    assert column("A lamp glows", ("The of.", "The lamp glows."), "title pairs f1") == [0, 1]


def test_a_single_sentence_is_alone_and_chinese_has_a_length() -> None:
    assert column("", ("灯亮了十七年零一天又一夜" * 2,), "alone") == [1]
    assert column("", ("灯" * 51,), "length") == [1]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=40), st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_abstract_is_described_by_small_numbers(title: str, sentences: list[str]) -> None:
    table = describe(title, sentences, [tokens(one) for one in sentences])

    assert table.shape == (len(sentences), len(FEATURES))
    assert np.isfinite(table).all()
    assert (table >= -3).all()
    assert (table <= 9).all()


def test_phrases_are_rows_of_words_and_openings() -> None:
    assert phrases(("we", "like", "lamps")) == {
        *("we", "like", "lamps", "we like", "like lamps", "we like lamps"),
        *("^we", "^we like", "^we like lamps"),
    }
    assert phrases(()) == set()


def test_the_shipped_weights_prefer_what_the_authors_propose() -> None:
    words = [tokens(one) for one in ABSTRACT]

    scores = shipped().score(describe("", ABSTRACT, words), words)

    assert int(np.argmax(scores)) == 1


def test_weights_are_read_as_they_are_written() -> None:
    written = write_weights(shipped())

    assert write_weights(read_weights(written)) == written


def test_weights_of_another_version_are_refused() -> None:
    written = write_weights(shipped())

    for spoiled in (
        "",
        written.replace("feature\tplace\t", "feature\tspot\t"),
        written.replace("product", "sum"),
    ):
        with pytest.raises(ValueError, match="another version"):
            read_weights(spoiled)


def papers(count: int) -> list[Summarised]:
    made = []
    for at in range(count):
        good = f"We wire lamp{at} to room{at} gladly."
        others = (f"Dust{at} lies here.", f"Wind{at} blows there, far{at} away.")
        at_front = (good, *others) if at % 2 else (*others, good)
        made.append(Summarised("", at_front, (f"Gladly wire lamp{at} to room{at}.",)))
    return made


def test_what_people_said_is_learned_and_the_same_every_time() -> None:
    known = papers(4 * LEAST_PAPERS)
    unknown = papers(4 * LEAST_PAPERS + 10)[-10:]

    weights = learn(known)

    assert write_weights(learn(known)) == write_weights(weights)
    assert "gladly" in weights.phrases
    assert not any(
        one.startswith("dust") and one[4:] for one in weights.phrases if "#" not in one and one != "dust"
    )
    for paper in unknown:
        words = [tokens(one) for one in paper.sentences]
        scores = weights.score(describe("", paper.sentences, words), words)
        assert "gladly" in paper.sentences[int(np.argmax(scores))]
