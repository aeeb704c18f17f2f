"""Sentences of plain text."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from academichub.text.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We find it. It works! Does it? Yes.", ["We find it.", "It works!", "Does it?", "Yes."]),
        ("", []),
        (" \n\n \n", []),
        ("  no stop at the end ", ["no stop at the end"]),
        ('He said "go." Then he left.', ['He said "go."', "Then he left."]),
        (
            "The rate rose by 2.5. Costs fell to .3 of that.",
            ["The rate rose by 2.5.", "Costs fell to .3 of that."],
        ),
        ("Is it so?! We doubt it… But who knows...", ["Is it so?!", "We doubt it…", "But who knows..."]),
    ],
)
def test_a_stop_followed_by_a_capital_ends_a_sentence(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We follow Smith et al. (2019) and, e.g. Nesterov, i.e. The Master.",
        "As Fig. 3 and Eqs. 4 show, cf. Ref. 7, it holds.",
        "The proof of J. K. Smith and A.-B. Jones holds for Theorem No. 5 in sec. 2.",
        "It beats GAN vs. VAE by 3 approx. Two times.",
        "An error of 0.1 (stat.) ± 0.2 (syst.) remains.",
        "Samples (see Table 2. It is long.) were drawn at random.",
        "It holds [J. Funct. Anal. 12. Some note] for all.",
        "We let $f(x) = 1. We$ stand for the map.",
        "The growth of S. aureus and of Prof. Li is known.",
        "Growth (no. 5, max. 3) is 7.",
        "Steps: 1, 2, ... and so on",
        "It is slow ... 5, 6 and so on",
        "The Yahoo! answers are here",
        "it ran etc. Many more did not.",
        "the app. 5 is here",
    ],
)
def test_abbreviations_initials_formulas_and_brackets_end_none(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It eats carrots etc. We do not.", ["It eats carrots etc.", "We do not."]),
        ("Rich in vitamin C. The dose varies.", ["Rich in vitamin C.", "The dose varies."]),
        ("The answer is no. Proofs are given.", ["The answer is no.", "Proofs are given."]),
        ("We score 16 on MATH. Code is there.", ["We score 16 on MATH.", "Code is there."]),
        ("It was by Wu et al. We extend it.", ["It was by Wu et al.", "We extend it."]),
        ("It was A. 5 more follow.", ["It was A.", "5 more follow."]),
        ("Costs are $5 million. Now it is $6 million.", ["Costs are $5 million.", "Now it is $6 million."]),
        ("Let $x = 2.$ We go on.", ["Let $x = 2.$", "We go on."]),
        ("(This is whole.) Next one.", ["(This is whole.)", "Next one."]),
        ("A (b. C) d. (E f.) Ok.", ["A (b. C) d.", "(E f.)", "Ok."]),
    ],
)
def test_a_word_that_opens_sentences_settles_the_doubtful_cases(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The gene is on. mRNA rises. p53 too.", ["The gene is on.", "mRNA rises.", "p53 too."]),
        ("We use it often. k-means wins. α is small.", ["We use it often.", "k-means wins.", "α is small."]),
        ("we take the data. we show that it holds.", ["we take the data.", "we show that it holds."]),
        ("a number of approx. we cannot say.", ["a number of approx. we cannot say."]),
        ("The word is short. yet it stays.", ["The word is short. yet it stays."]),
        (
            "Results are good.We go on. See https://a.b/data.The end.",
            ["Results are good.", "We go on.", "See https://a.b/data.The end."],
        ),
        ("We load lib.Node.Path first.", ["We load lib.Node.Path first."]),
    ],
)
def test_a_small_letter_opens_a_sentence_only_when_it_is_clear(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BACKGROUND: Not known. METHODS: We ask.", ["BACKGROUND: Not known.", "METHODS: We ask."]),
        ("Methods. We ask many. Results. It is so.", ["Methods. We ask many.", "Results. It is so."]),
        ("Background\n\nNot known\n \nWe ask.", ["Background", "Not known", "We ask."]),
        ("1. First we ask. 2. Then we tell.", ["1. First we ask.", "2. Then we tell."]),
        ("One line\nand the next. Then\nmore.", ["One line\nand the next.", "Then\nmore."]),
    ],
)
def test_headings_and_numbers_stay_with_what_they_open(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "本文提出方法。结果为95.2%；优于基线！对吗？",
            ["本文提出方法。", "结果为95.2%；", "优于基线！", "对吗？"],
        ),
        ("他说“很好。”然后走了。", ["他说“很好。”", "然后走了。"]),
        ("见表（参见文献。略）的结果。", ["见表（参见文献。略）的结果。"]),
        ("方法是好的. 结果也好.见 Fig. 3 中的值.", ["方法是好的.", "结果也好.", "见 Fig. 3 中的值."]),
        ("误差为0.5。见图3.5的结果", ["误差为0.5。", "见图3.5的结果"]),
        ("यह ठीक है। We agree.", ["यह ठीक है।", "We agree."]),
    ],
)
def test_scripts_that_write_no_spaces_are_cut_at_their_own_stops(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet='aZ5 .!?。；$()[]\n\t"”“:\u3000中e.g', max_size=80) | st.text(max_size=60))
@example("a\u2028. B")
def test_nothing_but_whitespace_lies_between_sentences(text: str) -> None:
    spans = sentences(text)

    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [".", ". ", "A. ", "(", "$", "$a", "(a", "。", '".', "aaa.", " ", "\n", "\n a", "'", "e.g. ", "[1. "],
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))

    begun = time.process_time()
    sentences(text)
    assert time.process_time() - begun < 2
