"""Two sentences side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.aligning import MOST_WORDS, align
from academichub.briefing.wording import cut_words

LETTERS = st.lists(st.sampled_from(["lamp", "room", "light", "3", "not"]), max_size=12).map(" ".join)


def test_what_was_changed_stands_in_a_gap() -> None:
    laid = align(cut_words("our bright lamp fills rooms"), cut_words("our dark lamp fills two big rooms"))

    assert [([w.raw for w in gap.ours], [w.raw for w in gap.theirs]) for gap in laid.gaps] == [
        (["bright"], ["dark"]),
        ([], ["two", "big"]),
    ]
    assert laid.share == 4 / 5


def test_an_edge_is_before_the_first_or_behind_the_last_shared_word() -> None:
    laid = align(cut_words("however the lamp glows"), cut_words("the lamp glows brightly"))

    assert [gap.is_edge for gap in laid.gaps] == [True, True]


def test_nothing_is_shared_by_nothing() -> None:
    assert align((), ()).share == 0
    assert len(align(cut_words("lamp " * 500), cut_words("lamp " * 500)).pairs) == MOST_WORDS


@given(LETTERS, LETTERS)
def test_pairs_rise_and_are_the_same_words(one: str, other: str) -> None:
    ours, theirs = cut_words(one), cut_words(other)

    laid = align(ours, theirs)

    assert all(ours[mine].key == theirs[yours].key for mine, yours in laid.pairs)
    assert all(a < c and b < d for (a, b), (c, d) in zip(laid.pairs, laid.pairs[1:], strict=False))
    assert len(laid.pairs) == len(align(theirs, ours).pairs)
