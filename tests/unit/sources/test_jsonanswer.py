"""JSON from strangers."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooDeep,
    FeedTooLarge,
    FeedUnreadable,
    RecordBroken,
)
from academichub.sources.jsonanswer import (
    EXCERPT_CHARACTERS,
    at,
    fields_of,
    number,
    objects,
    parse_json,
    parse_text,
    rejected,
    string,
    strings,
)
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.throttling import NOTE_CHARACTERS, is_request_to_wait

BROKEN = RecordBroken(reason="made up", line=0)


def parsed(body: bytes | str) -> Any:
    return parse_json(body.encode() if isinstance(body, str) else body, DEFAULT_LIMITS)


# -- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "\xe9"}',  # no UTF-8: Windows-1252
        b'\xef\xbb\xbf{"a": "\xc3\xa9"}',
        '\n\0{"a": "é"}'.encode(),
        '{"a": "é"}'.encode("utf-16"),
    ],
)
def test_json_is_read_in_any_encoding(body: bytes) -> None:
    assert parsed(body) == {"a": "é"}


def test_a_control_character_in_a_text_is_forgiven() -> None:
    assert parsed('["two\nlines\tand\x01"]') == ["two\nlines\tand\x01"]


@pytest.mark.parametrize("body", ["", " \r\n\t", "\ufeff", "\0\0", "\x0b\x0c", "\u2003"])
def test_nothing_is_an_empty_answer(body: str) -> None:
    with pytest.raises(FeedEmptyAnswer):
        parsed(body)


@pytest.mark.parametrize(
    "body", ["Rate exceeded.", "429 Too Many Requests", '"request limit"', "<b>throttled</b>"]
)
def test_a_request_to_wait_is_told_from_an_answer(body: str) -> None:
    with pytest.raises(FeedThrottled) as caught:
        parsed(f"\n {body} \n")

    assert caught.value.facts == {"message": body}


def test_a_page_for_people_is_no_json() -> None:
    with pytest.raises(FeedIsWebPage):
        parsed("<!DOCTYPE html><p>Down for maintenance</p>")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("null", 1),
        ('"text"', 1),
        ("42", 1),
        ("{'a': 1}", 1),
        ('{"a":\n 1,\n}', 3),
        ("[1, 2", 1),
        ("[1] [2]", 1),
    ],
)
def test_broken_json_is_refused_with_its_line(body: str, line: int) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        parsed(body)

    assert caught.value.facts["line"] == line


def test_a_number_beyond_all_reason_is_refused() -> None:
    with pytest.raises(FeedUnreadable):
        parsed(f"[{'9' * (sys.get_int_max_str_digits() + 1)}]")


def test_an_answer_beyond_the_cap_is_not_decoded() -> None:
    with pytest.raises(FeedTooLarge) as caught:
        parse_json(b"[1, 2]", Limits(api_bytes=5))

    assert caught.value.facts == {"bytes": 6, "limit": 5}
    assert parse_json(b"[1, 2]", Limits(api_bytes=6)) == [1, 2]


def test_more_values_than_the_cap_are_refused_before_they_are_built() -> None:
    with pytest.raises(FeedTooDeep):
        parse_text("[" * 3 + "{}" + "]" * 3, Limits(json_values=3))

    assert parse_text("[[[{}]]]", Limits(json_values=4)) == [[[{}]]]


@pytest.mark.parametrize("depth", [2_000, 400_000])
def test_nesting_without_end_is_refused(depth: int) -> None:
    with pytest.raises(FeedTooDeep):
        parsed("[" * depth + "]" * depth)


def test_an_entry_nested_too_deep_to_be_written_is_rejected_all_the_same() -> None:
    entry: list[Any] = []
    for _ in range(100_000):
        entry = [entry]

    refused = rejected(entry, 4, BROKEN)

    assert (refused.position, refused.excerpt) == (4, "")
    assert rejected([[]], 4, BROKEN).excerpt == "[[]]"


@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.text('[]{}":,0n \\', max_size=40).map(str.encode)
)
def test_any_bytes_are_json_or_a_named_error(body: bytes) -> None:
    try:
        value = parsed(body)
    except FeedError:
        return

    assert isinstance(value, dict | list)


# -- requests to wait -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Rate exceeded.", True),
        ("RATE LIMIT EXCEEDED", True),
        ("Too many\n  requests", True),
        ("You have exceeded your hourly rate limit", True),
        ("Requests are throttled", True),
        ("API request limit reached", True),
        ("Limits of a sequence", False),
        ("", False),
        ("Rate exceeded. " + "x" * NOTE_CHARACTERS, False),
    ],
)
def test_only_a_short_note_is_a_request_to_wait(text: str, is_one: bool) -> None:  # noqa: FBT001  a column
    assert is_request_to_wait(text) is is_one


# -- values ---------------------------------------------------------------------------------------

ENTRY: dict[str, Any] = {
    "text": " A ",
    "count": 42,
    "part": 4.5,
    "yes": True,
    "none": None,
    "nan": math.nan,
    "many": math.inf,
    "digits": "007",
    "list": [" a ", "", 1, None, "b", {"c": 1}, {"d": 2}],
    "inside": {"text": "B", "list": [{"x": 1}]},
}


def test_a_text_is_given_stripped_and_a_number_as_text() -> None:
    assert [string(ENTRY, name) for name in ("text", "count", "part")] == ["A", "42", "4.5"]
    assert string(ENTRY, "inside", "text") == "B"
    assert string(" C ") == "C"


@pytest.mark.parametrize(
    "path", [("yes",), ("none",), ("nan",), ("many",), ("list",), ("inside",), ("text", "x"), ("x",)]
)
def test_what_is_no_text_is_blank(path: tuple[str, ...]) -> None:
    assert string(ENTRY, *path) == ""


def test_a_whole_number_may_be_written_as_text() -> None:
    assert [number(ENTRY, name) for name in ("count", "digits")] == [42, 7]
    assert [number(ENTRY, name) for name in ("part", "text", "yes", "none", "x", "list")] == [None] * 6
    assert [number(text) for text in ("-1", "²", "٣", "9" * 16, "9" * 15)] == [None] * 4 + [10**15 - 1]


def test_a_list_gives_its_texts_and_its_objects_and_one_thing_counts_as_a_list() -> None:
    assert strings(ENTRY, "list") == ["a", "b"]
    assert strings(ENTRY, "text") == ["A"]
    assert objects(ENTRY, "list") == [{"c": 1}, {"d": 2}]
    assert objects(ENTRY, "inside") == [ENTRY["inside"]]
    assert [strings(ENTRY, "count"), objects(ENTRY, "count"), strings(None), objects([])] == [[], [], [], []]


def test_a_path_ends_where_an_object_does() -> None:
    assert at(ENTRY, "inside", "list") == [{"x": 1}]
    assert at(ENTRY, "inside", "list", "x") is None
    assert at(None, "x") is None
    assert at(ENTRY) is ENTRY


def test_fields_leave_out_what_is_blank_or_no_text() -> None:
    said = {"a": " x ", "b": ["y", " ", 1, "z"], "c": ("w",), "d": "", "e": None, "f": 1, "g": []}

    assert fields_of(said) == {"a": ("x",), "b": ("y", "z"), "c": ("w",)}


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "doi", "title", "x"]), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_any_value_is_looked_at_without_harm(value: Any) -> None:
    for path in ((), ("x",), ("x", "title")):
        assert isinstance(string(value, *path), str)
        assert all(one.strip() == one != "" for one in strings(value, *path))
        assert all(isinstance(one, dict) for one in objects(value, *path))
        found = number(value, *path)
        assert found is None or found >= 0
    refused = rejected(value, 0, BROKEN)
    assert len(refused.excerpt) <= EXCERPT_CHARACTERS


# -- entries that cannot be read ------------------------------------------------------------------


def test_a_rejected_entry_is_kept_with_what_it_is_known_by() -> None:
    entry = {"id": 7, "doi": "10.5555/a", "title": "Ä", "x": "y" * 9_000}

    refused = rejected(entry, 3, BROKEN)

    assert (refused.position, refused.external_id, refused.title, refused.error) == (3, "7", "Ä", BROKEN)
    assert refused.excerpt == json.dumps(entry, ensure_ascii=False)[:EXCERPT_CHARACTERS]


def test_a_rejected_entry_is_known_by_its_doi_where_it_has_no_id_and_by_a_given_name_first() -> None:
    assert rejected({"doi": "10.5555/a"}, 0, BROKEN).external_id == "10.5555/a"
    assert rejected({"id": "x"}, 0, BROKEN, external_id="given").external_id == "given"
    assert rejected(["no object"], 0, BROKEN).external_id == ""
