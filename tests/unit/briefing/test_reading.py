"""What to read first, why, and how long it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from academichub.briefing.reading import minutes, reading_order
from academichub.model.briefing import (
    Bridge,
    Evidence,
    Growth,
    Paper,
    Role,
    Span,
    Tension,
    TensionKind,
    Theme,
)
from academichub.model.papers import Flag, Kind


def paper(number: int, *, abstract: str = "", match: float | None = None, radar: str = "lamps") -> Paper:
    matches = ((radar, match),) if match is not None else ()
    return Paper(number, f"Paper {number}", abstract, "", date(2026, 5, 1), matches=matches)


def evidence(work: int) -> Evidence:
    return Evidence(Span(work, "", 0, 4, ""), "Lamp", Role.RESULT, 1)


def bridge(one: int, other: int) -> Bridge:
    return Bridge(
        "flame colour",
        "li.LA",
        "li.ME",
        evidence(one),
        evidence(other),
        9,
        0,
        99,
        99,
        None,
        Growth.NEW,
        3.0,
        2.0,
    )


def theme(term: str, *works: int) -> Theme:
    return Theme((term,) if term else (), (), works, 0.6)


def test_a_paper_for_which_nothing_speaks_is_not_listed() -> None:
    assert reading_order([paper(1)], [], []) == ()


def test_every_reason_is_told_the_best_first() -> None:
    known = paper(1, abstract="Code: https://github.com/a/b", match=0.9)
    tension = Tension("wick length", TensionKind.NUMBERS, evidence(1), evidence(2), "3 cm", "9 cm", 1.0)

    first, second = reading_order(
        [known, paper(2)], [theme("lanterns", 1, 2)], [bridge(1, 3)], tensions=[tension]
    )

    assert first.reasons == (
        ("radar", "lamps"),
        ("theme", "lanterns"),
        ("bridge", "flame colour"),
        ("tension", "wick length"),
        ("code", "https://github.com/a/b"),
    )
    assert second.work_id == 2
    assert second.reasons == (("tension", "wick length"), ("theme", "lanterns"))


def test_themes_take_turns() -> None:
    themes = [theme("lanterns", 1, 2, 3, 4), theme("comets", 5, 6), theme("", 7, 8)]

    found = reading_order([paper(at) for at in range(1, 9)], themes, [], most=3)

    assert [one.work_id for one in found] == [1, 5, 2]


def test_radars_take_turns() -> None:
    papers = [paper(1, match=0.8), paper(2, match=0.7), paper(3, match=0.6, radar="comets")]

    assert [one.work_id for one in reading_order(papers, [], [])] == [1, 3, 2]


def test_the_other_end_of_a_bridge_is_not_listed_for_the_bridge_alone_before_new_ones() -> None:
    papers = [paper(at) for at in range(1, 4)]

    found = reading_order(papers, [theme("comets", 3)], [bridge(1, 2), bridge(2, 1)])

    assert [one.work_id for one in found] == [3, 1, 2]


@pytest.mark.parametrize(
    "lost",
    [
        replace(paper(1, match=0.9), flags=(Flag.RETRACTED,)),
        replace(paper(1, match=0.9), kind=Kind.CORRECTION),
    ],
)
def test_what_is_retracted_or_a_notice_is_not_to_be_read(lost: Paper) -> None:
    assert reading_order([lost], [], []) == ()


def test_minutes_are_those_of_the_abstract_and_a_first_pass() -> None:
    long = paper(1, abstract="word " * 236)

    assert minutes(long) == 8
    assert minutes(replace(long, kind=Kind.REVIEW)) == 11
    assert minutes(replace(long, title="", abstract="灯" * 510)) == 9
    assert minutes(replace(long, title="", abstract="", kind=Kind.NEWS)) == 3
