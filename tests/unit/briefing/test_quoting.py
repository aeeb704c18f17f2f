"""Quotes and where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.quoting import LONGEST_QUOTE, evidence_of, find_quote, is_verbatim, is_within
from academichub.model.briefing import Paper, Role

ABSTRACT = (
    "Lamps are studied widely. In this paper, we propose a “self–lit” lamp with $\\alpha$ = 3. "
    "We show that naïve lamps fail in 40 % of all rooms."
)


def a_paper(abstract: str = ABSTRACT) -> Paper:
    return Paper(7, "Lamps", abstract, "0" * 16, date(2026, 1, 1), version="v2")


@pytest.mark.parametrize(
    "quote",
    [
        'we propose a "self-lit" lamp',
        "... WE  propose a 'self-lit' lamp ...".replace("'", '"'),
        "“lamp with α = 3” and no more"[:17],
        "We show that naive lamps fail",
    ],
)
def test_a_quote_is_found_however_it_is_set(quote: str) -> None:
    found = find_quote(a_paper(ABSTRACT.replace("$\\alpha$", "α")), quote)

    assert found is not None
    assert found.quote in ABSTRACT.replace("$\\alpha$", "α")
    assert found.span.version == "v2"


def test_a_quote_keeps_its_sentence_and_its_role() -> None:
    found = find_quote(a_paper(), "In this paper, we propose a")

    assert found is not None
    assert (found.sentence, found.role) == (2, Role.AIM)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "...",
        "we propose",
        "x" * (LONGEST_QUOTE + 1),
        "mps are studied widely. In",
        "we invent a dark lamp here",
    ],
)
def test_what_is_not_there_word_for_word_is_no_quote(quote: str) -> None:
    assert find_quote(a_paper(), quote) is None


def test_six_chinese_characters_are_a_quote() -> None:
    paper = a_paper("我们提出一种新的灯具。结果表明它更亮。")

    found = find_quote(paper, "提出一种新的")

    assert found is not None
    assert found.quote == "提出一种新的"
    assert find_quote(paper, "提出一种") is None


def test_a_word_that_ends_in_a_combining_mark_is_not_cut() -> None:
    assert is_within("caf", "cafe\u0301 x") is None
    assert is_within("lamp", "clamp lamp") == (6, 10)
    assert is_within("(lamp)", "a(lamp)b") == (1, 7)
    assert is_within(" ", "a lamp") is None


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (0, 10_000), (5, 6)])
def test_no_stretch_of_the_abstract_is_no_evidence(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no words at"):
        evidence_of(a_paper(), start, end)


def test_evidence_of_another_text_is_not_verbatim() -> None:
    paper = a_paper()
    evidence = evidence_of(paper, 0, 25)

    assert is_verbatim(evidence, paper)
    assert not is_verbatim(replace(evidence, quote="Lamps"), paper)
    assert not is_verbatim(evidence, replace(paper, version="v3"))
    assert not is_verbatim(evidence, replace(paper, text_hash="1" * 16))


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_what_is_found_is_what_is_stored(text: str, start: int, end: int) -> None:
    found = is_within(text[start:end], text)

    assert found is None or 0 <= found[0] < found[1] <= len(text)
