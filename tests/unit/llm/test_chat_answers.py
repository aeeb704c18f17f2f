"""Reading a model's answer: its text without its thoughts, and nothing that breaks what reads on."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.llm.answers import Unreadable
from academichub.llm.chatanswers import Gathering, Overloaded, printable, without_thoughts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "choices", "delta", "message", "content", "index", "finish_reason", "usage", "error", "code",
                "type", "text", "prompt_tokens", "completion_tokens", "model", "refusal", "reasoning_content",
            ]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Three.", "Three."),
        ("<think>one two</think>Three.", "Three."),
        (" \n<thinking>a</thinking>\n\n<think>b</think> Three.", "Three."),
        ("<think>never ends", ""),
        ("", ""),
        ("one, two, so</think>\n{}", "{}"),
        ('{"text": "a </think> b"}', '{"text": "a </think> b"}'),
        ('["</think>"]', '["</think>"]'),
        ("Models that <think>aloud</think> do well.", "do well."),
    ],
)
def test_what_a_model_says_to_itself_is_left_out(text: str, left: str) -> None:
    assert without_thoughts(text) == left


def test_many_thoughts_and_long_ones_are_left_out_quickly() -> None:
    began = time.monotonic()

    assert without_thoughts("<think></think>" * 50_000 + "x") == "x"
    assert without_thoughts("<think>" * 200_000) == ""
    assert without_thoughts(" " * 200_000 + "x" * 200_000).endswith("x")

    assert time.monotonic() - began < 5


def test_half_a_character_and_a_nul_are_replaced() -> None:
    gathering = Gathering()
    gathering.take(
        json.dumps({"choices": [{"message": {"content": "a\ud800\x00b"}, "finish_reason": "stop"}]})
    )

    assert gathering.reply().text == "a\ufffd\ufffdb"


def test_words_of_a_server_are_made_fit_for_a_log() -> None:
    assert printable("a\x1b[31m\n\u202eb\ud800  c") == "a [31m b c"


@given(JSON)
def test_whatever_comes_is_read_or_refused_and_nothing_else(value: object) -> None:
    text = ""
    gathering = Gathering()

    with suppress(Unreadable, Overloaded):
        gathering.take(json.dumps(value))
        text = gathering.reply().text

    assert text.encode("utf-8").find(b"\x00") == -1


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_read_or_refused(value: bytes) -> None:
    with pytest.raises((Unreadable, Overloaded)):
        Gathering().take(value)
