"""The words by which authors say what a sentence does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.cues import CUES, cues, has_han, tokens


def held(sentence: str) -> set[str]:
    return {name for name, there in zip(CUES, cues(sentence, tokens(sentence)), strict=True) if there}


def test_a_sentence_is_cut_into_words_marks_and_one_token_for_numbers() -> None:
    assert tokens("We use 12 lamps (95%), why?") == (
        "we",
        "use",
        "#",
        "lamps",
        "(",
        "#",
        "%",
        ")",
        ",",
        "why",
        "?",
    )


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("In this paper, we propose a lamp.", "makes"),
        ("This study investigates lamps.", "studies"),
        ("Experiments show that lamps glow.", "shows"),
        ("We like lamps.", "writer"),
        ("Our lamps glow.", "our"),
        ("Lamps fill this paper.", "names itself"),
        ("A lamp is then proposed.", "passive"),
        ("Empirical evidence is thin.", "findings"),
        ("Lamps improve life.", "better"),
        ("However, rooms stay dark.", "known"),
        ("A novel lamp glows.", "new"),
        ("Lamps also warm.", "more"),
        ("This paper is on lamps.", "opens with the writer"),
        ("For example, lamps glow.", "opens with a connective"),
        ("This makes lamps glow.", "opens with a pronoun"),
        ("In particular, lamps glow.", "opens with a purpose"),
        ("People love our method.", "our method"),
        ("Code is at https://example.org", "link"),
        ("Do lamps glow?", "question"),
    ],
)
def test_each_cue_is_found(sentence: str, cue: str) -> None:
    assert cue in held(sentence)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("我们提出灯", "makes"),
        ("本文研究了灯", "studies"),
        ("结果表明灯亮", "shows"),
        ("本文讲灯", "opens with the writer"),
        ("因此灯亮", "opens with a connective"),
        ("这使灯亮", "opens with a pronoun"),
        ("为了灯亮", "opens with a purpose"),
        ("灯喜欢该方法", "our method"),
        ("灯亮吗？", "question"),
        ("灯在 https://example.org", "link"),
    ],
)
def test_chinese_says_the_same_in_its_own_words(sentence: str, cue: str) -> None:
    assert has_han(sentence)
    assert cue in held(sentence)


def test_a_verb_counts_only_in_the_clause_of_its_subject() -> None:
    assert held("We, they propose lamps.") == {"writer", "opens with the writer"}
    assert not held("Rooms propose lamps near the paper.")
    assert "opens with a pronoun" not in held("This paper is on lamps.")
    assert not held("We.") - {"writer", "opens with the writer"}


@given(st.text())
def test_any_text_has_every_cue_or_not(sentence: str) -> None:
    assert len(cues(sentence, tokens(sentence))) == len(CUES)
