"""What changed between two versions of an abstract, as people read it."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.difference import (
    MOST_CHARACTERS,
    Change,
    Piece,
    after_text,
    before_text,
    difference,
    share_changed,
)

SIGNS = {Change.EQUAL: ("", ""), Change.GONE: ("[-", "-]"), Change.ADDED: ("{+", "+}")}
CPU_SECONDS = 3.0  # 0.2 without the tracing of coverage; what blows up takes minutes

# Words of few letters, so that they repeat, with all that is special between them.
words = st.sampled_from(
    ["a", "b", "the", "real", "time", "3.5", "-5", "$x + y$", "\\(z\\)", "网", "络", "e\u0301"]
)
glue = st.sampled_from(
    [" ", "  ", "\n", "-", "-\n", "\u2013", ". ", ", ", "\u3002", "", "\u00ad", "``", "$", "\\"]
)
texts = st.lists(st.tuples(words, glue), max_size=40).map(
    lambda pairs: "".join(one + two for one, two in pairs)
)


def marked(old: str, new: str) -> str:
    """Compare two texts, check that nothing is lost, and write the pieces on one line."""
    pieces = difference(old, new)
    assert (before_text(pieces), after_text(pieces)) == (old, new)
    return "".join(SIGNS[piece.kind][0] + piece.text + SIGNS[piece.kind][1] for piece in pieces)


# -- what people see ---------------------------------------------------------------------------------


def test_a_word_that_went_stands_before_the_one_that_came() -> None:
    assert (
        marked("Stars heat the disc slowly.", "Stars heat the halo slowly.")
        == "Stars heat the [-disc -]{+halo +}slowly."
    )


def test_what_only_came_or_only_went_stands_alone() -> None:
    assert marked("We solve it.", "We then solve it.") == "We {+then +}solve it."
    assert marked("We then solve it.", "We solve it.") == "We [-then -]solve it."


def test_texts_that_are_the_same_are_one_piece() -> None:
    assert difference("All stays.", "All stays.") == (Piece(Change.EQUAL, "All stays."),)
    assert difference("", "") == ()


def test_a_text_that_is_new_or_has_vanished_is_one_piece() -> None:
    assert difference("", "A new abstract.") == (Piece(Change.ADDED, "A new abstract."),)
    assert difference("An old abstract.", "") == (Piece(Change.GONE, "An old abstract."),)


def test_a_rewritten_phrase_is_shown_as_one_change_and_not_in_shreds() -> None:
    assert (
        marked("We propose a novel method for graphs.", "We introduce a new approach for graphs.")
        == "We [-propose a novel method -]{+introduce a new approach +}for graphs."
    )


def test_small_changes_far_from_each_other_stay_apart() -> None:
    assert (
        marked("reaches 91.2% and 85.3% on average", "reaches 92.4% and 86.0% on average")
        == "reaches [-91.2% -]{+92.4% +}and [-85.3% -]{+86.0% +}on average"
    )


def test_islands_that_are_lost_to_one_change_may_cost_the_next_one_its_shore() -> None:
    assert (
        marked(
            "Long explanations of it in every chapter of theirs end.",
            "Short commentaries on it in other pages of ours end.",
        )
        == "[-Long explanations of it in every chapter of theirs -]"
        "{+Short commentaries on it in other pages of ours +}end."
    )


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("We show A. We show B. We show C.", "We show A. We show C.", "We show A. [-We show B. -]We show C."),
        ("We show A. We show C.", "We show A. We show B. We show C.", "We show A. {+We show B. +}We show C."),
        ("We show C.", "We show A. We show C.", "{+We show A. +}We show C."),
        ("Now x. x. End.", "Now x. x. x. End.", "Now x. x. {+x. +}End."),
        ("in x. in y", "in x. in z. in y", "in x. {+in z. +}in y"),
    ],
)
def test_a_sentence_that_came_or_went_is_shown_from_its_first_word(old: str, new: str, seen: str) -> None:
    assert marked(old, new) == seen


def test_a_sentence_that_stayed_is_kept_whole_though_words_around_it_agree_elsewhere() -> None:
    old = "The code is open. Results follow. The code is fast and small and the code is old."
    new = "The code was fast and small. Results follow. It is the code of old."

    stayed = [piece.text for piece in difference(old, new) if piece.kind is Change.EQUAL]
    assert any("Results follow. " in text for text in stayed)


def test_chinese_is_compared_by_characters() -> None:
    assert (
        marked("本文提出了一种图像分割方法，效果好。", "本文提出一种图像分类方法，效果很好。")
        == "本文提出[-了-]一种图像分[-割-]{+类+}方法，效果{+很+}好。"
    )


def test_a_lone_character_between_two_rewritten_phrases_is_no_island() -> None:
    assert marked("先前研究讨论的旧式框架结构。", "近期工作提出的新型网络算法。") == (
        "[-先前研究讨论的旧式框架结构-]{+近期工作提出的新型网络算法+}。"
    )


def test_formulas_numbers_names_and_addresses_are_never_cut() -> None:
    assert marked("for $x > 0$ holds", "for $x > 1$ holds") == "for [-$x > 0$ -]{+$x > 1$ +}holds"
    assert marked(r"for \(a b\) now", r"for \(a c\) now") == r"for [-\(a b\) -]{+\(a c\) +}now"
    assert marked("by 1,024.5 now", "by 1,024.6 now") == "by [-1,024.5 -]{+1,024.6 +}now"
    assert marked("at -1e-5 now", "at -1e-6 now") == "at [--1e-5 -]{+-1e-6 +}now"
    assert marked("on CIFAR-10 now", "on CIFAR-100 now") == "on [-CIFAR-10 -]{+CIFAR-100 +}now"
    assert (
        marked("at https://a.example/x. End", "at https://a.example/y. End")
        == "at [-https://a.example/x-]{+https://a.example/y+}. End"
    )


def test_money_is_no_formula() -> None:
    assert marked("costs $5 to $10 now", "costs $5 or $10 now") == "costs $5 [-to -]{+or +}$10 now"


def test_blanks_that_the_new_text_lost_go_with_the_words_that_went() -> None:
    assert (
        marked("reasons for trust alone. End", "reasons for trust. End") == "reasons for trust[- alone-]. End"
    )


# -- what is no change -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("two  words\nhere ", "two words here"),
        (" begins", "begins"),
        ("   ", ""),
        ("so-called \u201cdeep\u201d nets", "so-called ``deep'' nets"),
        ("don\u2019t", "don't"),
        ("pages 1\u20132", "pages 1-2"),
        ("works \u2014 almost", "works --- almost"),
        ("works - almost", "works \u2013 almost"),
        ("at \u22125 K", "at -5 K"),
        ("real-time use", "real time use"),
        ("real-time use", "realtime use"),
        ("the classifi-\ncation task", "the classification task"),
        ("Smith\u2013Jones", "Smith-Jones"),
        ("ef\ufb01cient", "efficient"),
        ("na\u00efve", "nai\u0308ve"),
        ("na\u00adive", "naive"),
        ("5 %", "5\\%"),
        ("R\\&D", "R&D"),
        ("and so on\u2026", "and so on..."),
        ("$a+b$", "$ a + b$".replace("$ ", "$", 1)),
        ("$a + b$", "\\(a+b\\)"),
        ("$\\alpha b$", "$\\alpha  b$"),
        ("$$x$$", "\\[x\\]"),
        ("深度 学习，好", "深度学习,好"),
    ],
)
def test_what_only_looks_different_is_no_change(old: str, new: str) -> None:
    pieces = difference(old, new)

    assert [piece.kind for piece in pieces] == [Change.EQUAL]
    assert (before_text(pieces), after_text(pieces)) == (old, new)
    assert share_changed(pieces) == 0.0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10-20", "1020"),
        ("10 20", "1020"),
        ("at -5", "at 5"),
        ("Deep", "deep"),
        ("a part", "apart"),
        ("m\u00b2", "m2"),
        ("$\\alpha b$", "$\\alphab$"),
        ("GPT-3.5", "GPT-4"),
        ("5%", "5"),
    ],
)
def test_what_means_something_else_is_a_change(old: str, new: str) -> None:
    assert share_changed(difference(old, new)) > 0.0


def test_the_old_spelling_of_what_stayed_is_kept_beside_the_new_one() -> None:
    assert difference("an  \u201cold\u201d text", 'an "old" text') == (
        Piece(Change.EQUAL, 'an "old" text', was="an  \u201cold\u201d text"),
    )


# -- how much ----------------------------------------------------------------------------------------


def test_the_share_counts_what_can_be_seen_on_both_sides() -> None:
    assert share_changed(difference("abcd efgh", "abcd ijkl")) == 0.5
    assert share_changed(difference("abcd", "ijkl")) == 1.0
    assert share_changed(difference("深度", "深入")) == 0.5
    assert share_changed(()) == 0.0


# -- promises ----------------------------------------------------------------------------------------


@given(old=texts | st.text(max_size=60), new=texts | st.text(max_size=60))
def test_both_texts_can_be_read_from_the_pieces_to_the_letter(old: str, new: str) -> None:
    pieces = difference(old, new)

    assert (before_text(pieces), after_text(pieces)) == (old, new)
    assert 0.0 <= share_changed(pieces) <= 1.0


@given(old=texts, new=texts)
def test_pieces_take_turns_and_what_went_stands_before_what_came(old: str, new: str) -> None:
    pieces = difference(old, new)

    turns = [(one.kind, other.kind) for one, other in pairwise(pieces)]
    assert all(one is not other for one, other in turns)
    assert (Change.ADDED, Change.GONE) not in turns
    assert all(piece.text or piece.was for piece in pieces)


@given(before=texts, middle=texts, after=texts)
def test_only_what_was_put_in_can_have_come(before: str, middle: str, after: str) -> None:
    old, new = f"{before} | {after}", f"{before} | {middle} | {after}"

    pieces = difference(old, new)

    added = sum(len(piece.text) for piece in pieces if piece.kind is Change.ADDED)
    assert added <= 2 * len(middle) + len(old) // 2 + 8


# -- texts without bounds ----------------------------------------------------------------------------


def test_a_text_that_is_far_too_long_is_compared_at_both_ends() -> None:
    body = "lorem ipsum " * (MOST_CHARACTERS // 12 + 1)

    assert [piece.text for piece in difference(f"{body}old word\nend here", f"{body}new word\nend here")] == [
        body,
        "old",
        "new",
        " word\nend here",
    ]
    assert [piece.kind for piece in difference(body, body)] == [Change.EQUAL]
    assert [piece.kind for piece in difference("a" * 200_000, "a" * 200_001)] == [Change.GONE, Change.ADDED]


def test_a_text_of_too_many_words_is_compared_at_both_ends() -> None:
    many = " ".join("abcdefghij"[number % 10] for number in range(20_001))

    seen = marked(f"x {many} y", f"x z. {many} z. y")

    assert (seen[:4], seen[-3:]) == ("x [-", "+}y")
    assert seen.count("[-") == seen.count("{+") == 1


def noise(letters: str, count: int, *, seed: int, ends: int = 0) -> str:
    """Make words of one letter, with a sentence's end after every so many."""
    drawn = random.Random(seed).choices(letters, k=count)  # noqa: S311  # no secret
    return " ".join(f"{word}." if ends and number % ends == 0 else word for number, word in enumerate(drawn))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (noise("abcdefgh", 19_000, seed=1, ends=20), noise("abcdefgh", 19_000, seed=2, ends=20)),
        (noise("ab", 20_000, seed=1), noise("ab", 20_000, seed=2)),
        (
            ". Anchor. ".join(noise("abcdefgh", 3_900, seed=number) for number in range(5)),
            ". Anchor. ".join(noise("abcdefgh", 3_900, seed=number) for number in range(5, 10)),
        ),
        ("a. " * 6_600, "b a. " * 5_000),
        ("a " * 20_000, "b " * 20_000),
        ("\\( x " * 32_000, "\\( y " * 32_000),
        ("$a b " * 32_000, "$a c " * 32_000),
        ("a-" * 79_000, "a-b " * 39_000),
        ("1," * 79_000, "1" * 159_000),
        ("\\" * 159_000, "\\a" * 79_000),
        ("\u200b" * 159_000, "\u0301" * 159_000),
        ("http://" * 22_000, "http://...." * 14_000),
    ],
    ids=lambda text: text[:12],
)
def test_no_text_costs_much_time(old: str, new: str) -> None:
    start = time.process_time()

    pieces = difference(old, new)

    assert time.process_time() - start < CPU_SECONDS
    assert (before_text(pieces), after_text(pieces)) == (old, new)
