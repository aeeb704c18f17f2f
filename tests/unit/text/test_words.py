"""Words are the same for papers and queries, whatever is done to the text on the way."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.words import (
    aligned,
    beginning,
    haystack,
    joined_runs,
    located,
    readings,
    stands_alone,
    tokens,
    words,
)

AWKWARD = st.text(
    st.sampled_from(
        [*"aZ9éßİıŁ-'’–−_/+#. \n", *"量子가ᄀ" + "ᅡ" + "が゛ｶﾞ", "\u0301", "\u0345", "\u0e38", "ﬁ", "²", "ﷺ"]
    )
    | st.characters()
)


@pytest.mark.parametrize(
    ("text", "parted", "joined"),
    [
        ("Self-attention", "self attention", "selfattention"),
        ("state-of-the-art", "state of the art", "stateoftheart"),
        ("U-Net, GPT-4 and COVID\u201019", "u net gpt 4 and covid 19", "unet gpt4 and covid19"),
        ("Navier–Stokes, metal−organic", "navier stokes metal organic", "navierstokes metalorganic"),
        ("Alzheimer's and O’Brien", "alzheimer s and o brien", "alzheimers and obrien"),
        ("pages 10-20", "pages 10 20", "pages 10 20"),
        ("C++, C# and C++11", "c++ c# and c++ 11", "c++ c# and c++ 11"),
        ("3D p53 H₂O", "3d p53 h2o", "3d p53 h2o"),
        ("α-synuclein", "α synuclein", "αsynuclein"),
        ("TCP/IP snake_case e.g.", "tcp ip snake case e g", "tcp ip snake case e g"),
        ("Łódź, ﬁne, Straße, ＡＩ, 𝑥, ЁЖ", "lodz fine strasse ai x еж", "lodz fine strasse ai x еж"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth", "softhyphen zerowidth"),
        ("量子attention机制", "量 子 attention 机 制", "量 子 attention 机 制"),
        ("ひらｶﾞ가나ไทย", "ひ ら ガ 가 나 ไ ท ย", "ひ ら ガ 가 나 ไ ท ย"),
        ("हिन्दी में।", "हिन्दी में", "हिन्दी में"),
        ("量子-计算 a- -b", "量 子 计 算 a b", "量 子 计 算 a b"),
        ("…!? --", "", ""),
    ],
)
def test_a_text_has_two_readings(text: str, parted: str, joined: str) -> None:
    found = readings(text)

    assert (" ".join(found.parted), " ".join(found.joined)) == (parted, joined)


def test_a_haystack_holds_rows_of_words_in_either_reading() -> None:
    hay = haystack("Pre-training of multi-modal nets: 量子纠错")

    for needle in (
        " pre training of ",
        " pretraining of multimodal nets ",
        " 子 纠 ",
        " 量 子 纠 错 ",
        " pretrai",
    ):
        assert needle in hay
    for needle in (" train ", " of nets ", " 子 错 ", " multi pretraining "):
        assert needle not in hay
    assert haystack("") == "  "


def test_tokens_say_where_the_words_stand() -> None:
    text = "A naïve U-Net 量子\u0301"

    found = [
        (token.text, token.position, token.width, text[token.start : token.end]) for token in tokens(text)
    ]

    assert found == [
        ("a", 0, 1, "A"),
        ("naive", 1, 1, "naïve"),
        ("u", 2, 1, "U"),
        ("unet", 2, 2, "U-Net"),
        ("net", 3, 1, "Net"),
        ("量", 4, 1, "量"),
        ("子", 5, 1, "子\u0301"),
    ]


def test_decomposed_korean_is_found_with_the_offsets_of_its_run() -> None:
    text = "a " + unicodedata.normalize("NFD", "가나") + " b"

    found = [(token.text, token.start, token.end) for token in tokens(text)]

    assert found == [("a", 0, 1), ("가", 2, 6), ("나", 2, 6), ("b", 7, 8)]


@given(AWKWARD)
def test_all_ways_of_cutting_a_text_agree(text: str) -> None:
    found = tokens(text)
    both = readings(text)

    assert tuple(token.text for token in found if token.width == 1) == words(text) == both.parted
    positions = [token.position for token in found if token.width == 1]
    assert positions == list(range(len(positions)))
    covered = {
        token.position + step: token for token in found if token.width > 1 for step in range(token.width)
    }
    joined = [
        covered.get(token.position, token)
        for token in found
        if token.width == 1 and covered.get(token.position, token).position == token.position
    ]
    assert tuple(token.text for token in joined) == both.joined
    assert all(0 <= token.start < token.end <= len(text) for token in found)


@given(AWKWARD)
def test_the_words_of_words_are_the_same_words(text: str) -> None:
    once = words(text)

    assert words(" ".join(once)) == once
    assert haystack(text).startswith(f" {' '.join(once)} ")


@given(AWKWARD)
def test_composed_and_decomposed_texts_have_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("word", "is_alone"), [("量", True), ("가", True), ("a", False), ("α", False), ("量子", False)]
)
def test_characters_of_some_scripts_stand_alone(word: str, is_alone: bool) -> None:  # noqa: FBT001  a table
    assert stands_alone(word) is is_alone


@pytest.mark.parametrize(
    "piece",
    [
        "\u0316\u0301",
        "\u0e48\u0e38",
        "\u0345\u0e38",
        "a-",
        "\ud800",
        "\U0001d165\u3099",
        "é",
        "-'",
        "\u1100\u1161",
    ],
)
def test_a_hostile_text_is_cut_in_linear_time(piece: str) -> None:
    text = "a" + piece * (200_000 // len(piece))

    start = time.process_time()
    hay, found = haystack(text), tokens(text[:40_000])
    spent = time.process_time() - start

    assert hay
    assert found
    assert spent < 10  # quadratic work takes minutes


@given(AWKWARD)
def test_a_text_that_is_folded_in_place_gives_the_same_words_in_the_same_places(text: str) -> None:
    folded = aligned(text)

    if folded is not None:
        parted, joined = located(text)
        assert [
            folded[start:end] for start, end in zip(parted.starts, parted.ends, strict=True)
        ] == parted.words
        anything = beginning(joined.words or ["a"])
        runs = set(joined_runs(folded, anything))
        assert runs <= set(zip(*joined, strict=True))
        assert set(zip(*joined, strict=True)) <= runs | set(zip(*parted, strict=True))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("A Café – bar", "a cafe - bar"),
        ("量子 ΑΒ", "量子 αβ"),
        ("ﬁeld", None),
        ("x\u0301y", None),
        (unicodedata.normalize("NFD", "가"), None),
        (
            "".join(map(chr, range(0x1D400, 0x1D450))),
            None,
        ),  # more different letters than are worth a pass each
    ],
)
def test_a_text_is_folded_in_place_where_nothing_moves(text: str, folded: str | None) -> None:
    assert aligned(text) == folded


def test_what_hangs_together_is_found_where_it_may_be_wanted() -> None:
    text = "state-of-the-art pre-training, x-y re-al pre-tend"

    found = list(joined_runs(text, beginning(["pret", "state"])))

    assert found == [("stateoftheart", 0, 16), ("pretraining", 17, 29), ("pretend", 41, 49)]


@given(AWKWARD, st.lists(st.sampled_from(["a", "gr", "c++", "量", "e", "β"]), min_size=1))
def test_words_are_found_by_how_they_begin(text: str, prefixes: list[str]) -> None:
    folded = aligned(text)

    if folded is not None:
        found = [(match[0], *match.span()) for match in beginning(prefixes).finditer(folded)]
        every = list(zip(*located(text)[0], strict=True))
        assert set(found) <= set(every)
        begun = [one for one in every if one[0].startswith(tuple(prefix.rstrip("+") for prefix in prefixes))]
        assert found == begun


@pytest.mark.parametrize("text", ["aʼb", "aʼb c", "é aʼb c-d"])
def test_an_apostrophe_that_is_a_letter_joins_nothing_that_it_stands_in(text: str) -> None:
    found = tokens(text)

    assert "aʼb" in [token.text for token in found]
    assert {token.width for token in found if "ʼ" in token.text} == {1}
