"""Why a paper has its score: what is written adds up, and the drawing with it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.radar import Because, Part, PartName, Ranked
from academichub.web.i18n import catalogue
from academichub.web.press import Visit
from academichub.web.reader import Reader
from academichub.web.views.why import BAR_WIDTH, add_up, build_why, per_cent, signed, strongest

VALUES = st.lists(st.floats(-50, 50), max_size=12)


def number(text: str) -> int:
    return round(float(text.replace("−", "-")) * 100)


def visit(suffix: str = "") -> Visit:
    return Visit("/", {}, Reader("en", is_in_address=bool(suffix)), catalogue("en"))


def ranked(*values: float) -> Ranked:
    names = 2 * list(PartName)
    score = math.fsum(values)
    parts = tuple(Part(names[place], value) for place, value in enumerate(values))
    return Ranked(1, 1, score, 1 / (1 + math.exp(-score)), parts)


@given(VALUES)
def test_what_is_written_adds_up_to_the_written_total_and_no_value_is_far_off(values: list[float]) -> None:
    total = math.fsum(values)

    written = [number(text) for text in add_up(values, total)]

    assert sum(written) == number(signed(total))
    assert all(abs(one / 100 - value) <= 0.01 + 1e-9 for one, value in zip(written, values, strict=True))


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=10))
def test_bars_begin_where_the_ones_before_them_end_and_the_last_is_the_sum(values: list[float]) -> None:
    view = build_why(ranked(*values), visit())

    zero, at = float(view.zero), float(view.zero)
    for bar in view.bars:
        start, width = float(bar.x), float(bar.width)
        near, far = (start, start + width) if bar.side != "against" else (start + width, start)
        assert near == pytest.approx(at, abs=0.25)  # places are written to a tenth
        assert -0.1 <= start <= start + width <= BAR_WIDTH + 0.2
        at = far
    total = view.total
    end = float(total.x) + (float(total.width) if total.side == "for" else 0)
    assert at == pytest.approx(end if total.side != "even" else zero, abs=1.2)


def test_numbers_have_a_sign_and_nothing_has_none() -> None:
    assert [signed(value) for value in (0.414, -1.2, 0.0, -0.001)] == ["+0.41", "−1.20", "0.00", "0.00"]


def test_a_match_is_never_said_to_be_sure_or_impossible() -> None:
    assert [per_cent(value) for value in (1.0, 0.994, 0.5, 0.01, 0.004, 0.0)] == [
        *("> 99%", "99%", "50%", "1%", "0.4%", "< 0.1%"),
    ]


def test_the_strongest_reasons_are_named_once_and_none_that_speaks_against() -> None:
    parts = (
        Part(PartName.WORDS, 1.0, (Because("term", "maps", 0.4), Because("term", "rooms", -0.2))),
        Part(PartName.MEANING, 1.0, (Because("paper", "maps", 0.6), Because("text", "", 0.9))),
    )

    assert [(one.kind, one.text) for one in strongest(parts)] == [("paper", "maps")]


def test_the_readers_own_words_are_named_only_where_nothing_else_is() -> None:
    own = Because("text", "how models use maps", 0.9)

    assert strongest([Part(PartName.WORDS, 1.0, (own,))]) == [own]
    assert [
        one.text for one in strongest([Part(PartName.WORDS, 1.0, (own, Because("term", "maps", 0.1)))])
    ] == ["maps"]


def test_a_hit_of_a_rule_is_among_the_strongest_reasons_and_long_ones_are_cut() -> None:
    parts = (
        Part(PartName.WORDS, 1.0, (Because("term", "x" * 300, 0.4),)),
        Part(PartName.RULE, 1.5, (Because("hit", "RAG", 0.0),)),
    )

    view = build_why(Ranked(1, 1, 2.5, 0.92, parts), visit())

    assert view.brief == f"RAG; {'x' * 47}…"
    assert view.bars[1].reasons[0].share == ""
    assert view.bars[0].reasons[0].words == f"{'x' * 199}…"


def test_reasons_lead_to_papers_and_an_unknown_kind_is_shown_as_it_is() -> None:
    because = (
        Because("paper", "Maps That Remember", 0.5, work_id=7),
        Because("of another version", "x", 0.1),
    )
    one = Ranked(1, 1, 1.0, 0.73, (Part(PartName.WORDS, 1.0, because),))

    view = build_why(one, visit("?lang=en"))

    assert [(reason.href, reason.label) for reason in view.bars[0].reasons] == [
        ("/p/7?lang=en", "like"),
        ("", ""),
    ]
    assert view.brief == 'like "Maps That Remember"; x'


def test_a_score_without_parts_is_drawn_as_nothing() -> None:
    view = build_why(Ranked(1, 1, 0.0, 0.5, ()), visit())

    assert view.bars == ()
    assert view.total.side == "even"
    assert view.match == "50%"
