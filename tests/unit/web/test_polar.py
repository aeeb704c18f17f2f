"""The polar plot: a paper's distance is its match, its direction its theme, and dots keep apart."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.model.radarpages import Blip
from academichub.web.views.plot import wrap
from academichub.web.views.polar import (
    CENTRE_X,
    CENTRE_Y,
    HEIGHT,
    RADIUS,
    WIDTH,
    Spot,
    divide,
    place,
    point,
    ring,
    scale_of,
)

BLIPS = st.lists(
    st.builds(
        Blip,
        work_id=st.integers(1, 10_000),
        place=st.integers(1, 200),
        match=st.floats(0, 1),
        theme=st.integers(-1, 6),
        attention=st.floats(0, 1),
        age_days=st.integers(0, 900),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda blip: blip.work_id,
)


def blip(work_id: int, match: float, theme: int = 0, attention: float = 0.3) -> Blip:
    return Blip(work_id, work_id, match, theme, attention, age_days=0)


def distance(spot: Spot) -> float:
    return math.hypot(spot.x - CENTRE_X, spot.y - CENTRE_Y)


def turn(spot: Spot) -> float:
    return math.atan2(spot.x - CENTRE_X, CENTRE_Y - spot.y) / (2 * math.pi) % 1.0


@given(BLIPS)
@settings(max_examples=60, deadline=None)
def test_a_papers_distance_is_its_match_and_its_direction_its_theme(blips: list[Blip]) -> None:
    sectors = divide(blips)
    spots = place(blips, sectors)

    by_theme = {sector.theme: sector for sector in sectors}
    for one, spot in zip(blips, spots, strict=True):
        assert spot.work_id == one.work_id
        assert distance(spot) == pytest.approx(ring(one.match), abs=0.15)  # places are written to a tenth
        if distance(spot) > 1:
            sector, slack = by_theme[one.theme], 0.1 / distance(spot)
            near = (turn(spot) - sector.middle + 0.5) % 1.0 - 0.5
            assert abs(near) <= (sector.end - sector.start) / 2 + slack
        assert 0 <= spot.x <= WIDTH
        assert 0 <= spot.y <= HEIGHT


@given(BLIPS)
@settings(max_examples=30, deadline=None)
def test_the_same_papers_always_stand_in_the_same_places(blips: list[Blip]) -> None:
    first = place(blips, divide(blips))

    again = place(list(reversed(blips)), divide(list(reversed(blips))))

    assert set(first) == set(again)


@given(BLIPS)
def test_sectors_share_the_whole_circle_and_papers_without_a_theme_come_last(blips: list[Blip]) -> None:
    sectors = divide(blips)

    assert sectors[0].start == 0
    assert sectors[-1].end == pytest.approx(1)
    for one, following in pairwise(sectors):
        assert one.end == following.start
    numbers = [sector.theme for sector in sectors]
    assert numbers == sorted(numbers, key=lambda number: (number < 0, number))


def test_forty_papers_of_a_usual_day_do_not_touch() -> None:
    blips = [
        blip(
            number, 0.1 + 0.6 * (number * 37 % 100) / 100, theme=number % 4, attention=number * 13 % 100 / 100
        )
        for number in range(1, 41)
    ]

    spots = place(blips, divide(blips))

    for one, other in combinations(spots, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius


def test_papers_that_match_equally_stand_side_by_side_on_their_ring() -> None:
    spots = place([blip(number, 0.5) for number in range(1, 9)], divide([blip(1, 0.5)]))

    assert len({(spot.x, spot.y) for spot in spots}) == 8
    assert {round(distance(spot)) for spot in spots} == {round(RADIUS / 2)}


def test_a_full_ring_still_places_every_paper() -> None:
    blips = [blip(number, 0.97, attention=1.0) for number in range(1, 30)]

    spots = place(blips, divide(blips))

    assert len(spots) == 29


def test_the_middle_stands_for_the_least_round_match_that_holds_all() -> None:
    assert [scale_of([match]) for match in (0.75, 0.5, 0.13, 0.004, 0.0)] == [1.0, 0.5, 0.2, 0.005, 0.001]
    assert scale_of([]) == 1.0

    near, far = place([blip(1, 0.08), blip(2, 0.02)], divide([blip(1, 0.08)]), scale=0.1)

    assert distance(near) == pytest.approx(0.2 * RADIUS, abs=0.15)
    assert distance(far) == pytest.approx(0.8 * RADIUS, abs=0.15)


def test_attention_makes_a_dot_larger() -> None:
    small, large = place([blip(1, 0.4, attention=0), blip(2, 0.6, attention=1)], divide([blip(1, 0.4)]))

    assert large.radius > 2 * small.radius


def test_no_papers_need_no_sectors() -> None:
    assert divide([]) == ()
    assert place([], ()) == ()


def test_a_match_that_is_no_number_stands_at_the_rim() -> None:
    assert ring(math.nan) == RADIUS
    assert ring(7) == 0


def test_angles_turn_clockwise_from_the_top() -> None:
    assert point(0, 10) == (CENTRE_X, CENTRE_Y - 10)
    assert point(0.25, 10) == pytest.approx((CENTRE_X + 10, CENTRE_Y))


@pytest.mark.parametrize(
    ("term", "lines"),
    [
        ("maps", ["maps"]),
        ("spatial reasoning", ["spatial", "reasoning"]),
        ("tool use", ["tool use"]),
        ("缺失观测", ["缺失观测"]),
        ("大规模缺失观测建模", ["大规模缺失观…"]),
        ("benchmark leakage and contamination", ["benchmark", "leakage and…"]),
        ("electroencephalography", ["electroencep…"]),
    ],
)
def test_a_label_has_at_most_two_short_lines(term: str, lines: list[str]) -> None:
    assert wrap(term) == lines
