"""What every connector gives, and the ways in which a page of a harvest can lie."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import AnswerMovedCursor, AnswerPageEmpty, AnswerPageRepeated
from academichub.model.papers import Feed
from academichub.sources.harvest import Connector, Page, Step, check_page, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE, THERE = "cursor one", "cursor two"
STEP = Step(url="https://api.example/?page=2", seen=100, total=250, token=HERE, page_mark="first of page 1")


# -- honest pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"entries": 100, "total": 250, "mark": "first of page 2", "token": THERE},
        {"entries": 150, "total": 250, "mark": "first of page 2"},
        {"entries": 150, "total": None, "mark": ""},
        {"entries": 3, "total": 250, "mark": "x"},  # a short page; the next step begins behind what came
        {"entries": 150, "total": 250, "mark": "x", "token": HERE},  # at the end the cursor may stand still
        {"entries": 0, "total": 100, "mark": ""},  # the server counts fewer by now
        {"entries": 0, "total": 250, "mark": "", "is_last": True},
        {"entries": 0, "total": 250, "mark": "first of page 1", "is_last": True},
    ],
)
def test_an_honest_page_passes(said: Mapping[str, int | str | bool | None]) -> None:
    check_page(STEP, **said)  # type: ignore[arg-type]  # each set of arguments fits


def test_nothing_at_all_is_an_honest_first_answer() -> None:
    check_page(Step(url="https://api.example/"), entries=0, total=0, mark="")
    check_page(Step(url="https://api.example/"), entries=0, total=None, mark="")


def test_a_first_page_cannot_be_a_repetition() -> None:
    check_page(Step(url="https://api.example/"), entries=5, total=9, mark="", token="")


# -- lies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("total", [250, 101, None])
def test_a_page_that_is_empty_before_the_end_is_not_the_end(total: int | None) -> None:
    with pytest.raises(AnswerPageEmpty) as caught:
        check_page(STEP, entries=0, total=total, mark="")

    assert caught.value.facts == {"seen": 100, "total": total or 250}
    assert caught.value.retryable


def test_the_same_page_again_is_recognised_by_its_beginning() -> None:
    with pytest.raises(AnswerPageRepeated) as caught:
        check_page(STEP, entries=100, total=250, mark="first of page 1", token=THERE)

    assert caught.value.facts == {"seen": 100, "mark": "first of page 1"}


def test_an_endless_mark_is_told_in_short() -> None:
    step = Step(url="https://api.example/", page_mark="x" * 9_000)

    with pytest.raises(AnswerPageRepeated) as caught:
        check_page(step, entries=1, total=None, mark="x" * 9_000)

    assert caught.value.facts["mark"] == "x" * 200


def test_a_cursor_that_stands_still_before_the_end_leads_nowhere() -> None:
    with pytest.raises(AnswerMovedCursor) as caught:
        check_page(STEP, entries=149, total=250, mark="x", token=HERE)

    assert caught.value.facts == {"seen": 100, "total": 250}


STEPS = st.builds(
    Step,
    url=st.just("https://api.example/"),
    seen=st.integers(0, 300),
    total=st.none() | st.integers(0, 300),
    token=st.sampled_from(["", HERE, THERE]),
    page_mark=st.sampled_from(["", "a", "b"]),
)


@given(
    STEPS,
    st.integers(0, 300),
    st.none() | st.integers(0, 300),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", HERE, THERE]),
    st.booleans(),
)
def test_a_page_that_passes_brings_a_harvest_on_or_ends_it(
    step: Step,
    entries: int,
    total: int | None,
    mark: str,
    token: str,
    is_last: bool,  # noqa: FBT001  drawn by hypothesis
) -> None:
    try:
        check_page(step, entries=entries, total=total, mark=mark, token=token, is_last=is_last)
    except (AnswerPageEmpty, AnswerPageRepeated, AnswerMovedCursor):
        return

    expected = step.total if total is None else total
    assert entries or is_last or expected is None or step.seen >= expected
    assert not (entries and mark and mark == step.page_mark)


# -- steps and saved answers ----------------------------------------------------------------------


def test_a_step_survives_being_written_down() -> None:
    assert Step(**json.loads(json.dumps(asdict(STEP)))) == STEP


def test_a_saved_answer_is_read_without_knowing_the_question() -> None:
    asked: list[tuple[bytes, Step, Limits]] = []

    def read(body: bytes, step: Step, limits: Limits) -> Page:
        asked.append((body, step, limits))
        return Page(Feed("made up", "json"), None)

    page = read_saved(Connector(name="made up", read=read), b"{}")

    assert page == Page(Feed("made up", "json"), None)
    assert asked == [(b"{}", Step(url=""), DEFAULT_LIMITS)]
