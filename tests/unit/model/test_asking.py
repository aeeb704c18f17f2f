"""Questions to a model: what makes two of them the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from academichub.briefing.ports import Answer, Question
from academichub.model.asking import Manner

QUESTION = Question(
    "You count.", "How many lamps? 灯\ud800", {"type": "object", "a": 1}, 100, "plan", "points"
)
HERE = Manner("http://here.example/v1")


def named(question: Question, *, model: str = "m", manner: Manner = HERE) -> str:
    return question.fingerprint(model=model, manner=manner)


def test_the_same_question_has_one_name_whatever_it_is_for() -> None:
    same = replace(QUESTION, schema={"a": 1, "type": "object"}, purpose="summary", section="theme:1")

    assert named(QUESTION) == named(same)
    assert len(named(QUESTION)) == 64


@pytest.mark.parametrize(
    "change", [{"system": ""}, {"user": "Lamps?"}, {"schema": None}, {"schema": {}}, {"most_tokens": 101}]
)
def test_another_question_has_another_name(change: dict[str, object]) -> None:
    assert named(replace(QUESTION, **change)) != named(QUESTION)  # type: ignore[arg-type]  # each fits its field


def test_another_model_place_or_manner_has_another_name() -> None:
    names = {
        named(QUESTION),
        named(QUESTION, model="n"),
        named(QUESTION, manner=Manner("http://there.example/v1")),
        named(QUESTION, manner=replace(HERE, thinking_tokens=100)),
    }

    assert len(names) == 4


def test_its_wording_is_everything_that_is_sent() -> None:
    assert QUESTION.wording == 'You count.\nHow many lamps? 灯\ud800\n{"type": "object", "a": 1}'
    assert Question("", "Lamps?", None, 1, "x").wording == "\nLamps?\n"


def test_an_answer_is_what_it_says() -> None:
    answer = Answer("Three.", 10, 2, is_cut=False, is_refused=False, model="m")

    assert (answer.text, answer.tokens_in + answer.tokens_out) == ("Three.", 12)
