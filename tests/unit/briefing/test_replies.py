"""What a model answers is read for what it is worth, whatever stands around it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.replies import (
    MOST_SENTENCES,
    Quoted,
    Said,
    read_fields,
    read_plan,
    read_quotes,
    read_sentences,
)

GOOD = {"sentences": [{"text": "A thing holds.", "quotes": [{"paper": 3, "quote": "the thing holds here"}]}]}
READ = (Said("A thing holds.", (Quoted(3, "the thing holds here"),)),)


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "Sure! Here is the JSON:\n```json\n{}\n```\nI hope this helps.",
        '<think>first I write {{"sentences": []}} and then</think>{}',
        '{{"note": "not this one"}} {}',
        "{{{{{{ {}",
    ],
)
def test_sentences_are_found_whatever_stands_around_them(around: str) -> None:
    answer = around.replace("{}", json.dumps(GOOD), 1) if around.count("{}") else around
    answer = answer.replace("{{", "{").replace("}}", "}") if "{{" in around else answer

    assert read_sentences(answer) == READ


def test_an_answer_that_breaks_off_gives_the_sentences_before_the_break() -> None:
    whole = json.dumps({"sentences": [*GOOD["sentences"], *GOOD["sentences"]]})

    assert read_sentences(whole[: whole.rindex("thing holds here")]) == READ


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I cannot help with that.",
        '{"sentences": 3}',
        '{"sentences": [3, null, {"text": 4, "quotes": []}, {"text": "x"}, {"text": " ", "quotes": []}]}',
        '"sentences" and no list',
        '"sentences": [',
        '"sentences": [{"text": ',
        "[" * 100_000,
        '{"a":' * 20_000,
        '"sentences": ' + "[" + '{"a":' * 20_000,
    ],
)
def test_an_answer_of_another_form_gives_no_sentence(answer: str) -> None:
    assert read_sentences(answer) == ()


def test_quotes_of_another_form_are_passed_over() -> None:
    answer = json.dumps(
        {
            "sentences": [
                {
                    "text": "  Two\n lines. ",
                    "quotes": [1, {"paper": "3", "quote": "x"}, {"paper": True, "quote": "x"}, {"paper": 1}],
                }
            ]
        }
    )

    assert read_sentences(answer) == (Said("Two lines.", ()),)


def test_no_answer_gives_more_than_a_section_can_hold() -> None:
    answer = json.dumps({"sentences": GOOD["sentences"] * 100})

    assert len(read_sentences(answer)) == MOST_SENTENCES


def test_drawn_quotes_are_read_with_their_papers() -> None:
    answer = json.dumps(
        {
            "papers": [
                {"paper": 1, "quotes": ["one", 2, ""]},
                {"paper": "2", "quotes": ["two"]},
                {"paper": 3, "quotes": "three"},
            ]
        }
    )

    assert read_quotes(answer) == (Quoted(1, "one"),)


def test_a_plan_names_papers_once() -> None:
    answer = json.dumps({"points": [{"papers": [4, 4, "x", 2]}, {"papers": []}, {"papers": None}]})

    assert read_plan(answer) == ((4, 2),)


def test_fields_are_read_only_if_all_are_there() -> None:
    assert read_fields('{"a": 1} {"title": " T ", "abstract": "A"}', "title", "abstract") == {
        "title": "T",
        "abstract": "A",
    }
    assert read_fields('{"title": "T"}', "title", "abstract") is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(["sentences", "papers", "points", "text", "quotes", "paper", "quote"]), one
            )
        ),
    )
)
def test_no_json_breaks_the_reader(value: Any) -> None:
    answer = json.dumps(value)

    assert isinstance(read_sentences(answer), tuple)
    assert isinstance(read_quotes(answer), tuple)
    assert isinstance(read_plan(answer), tuple)
    read_fields(answer, "text")
