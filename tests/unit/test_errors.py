"""The error tree: every error has a name of its own and says what happened."""

from __future__ import annotations

import json
import pickle
import re

import pytest

from academichub import errors
from academichub.errors import AcademicHubError, RecordError, RecordUntitled, SourceThrottled


def every_error() -> list[type[AcademicHubError]]:
    named = [one for one in vars(errors).values() if isinstance(one, type)]
    return [one for one in named if issubclass(one, AcademicHubError)]


def test_every_code_is_one_errors_alone() -> None:
    codes = [error.code for error in every_error()]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("error", every_error())
def test_every_code_is_a_translation_key(error: type[AcademicHubError]) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", error.code)
    assert "code" in vars(error)
    assert error.__doc__


def test_an_error_shows_its_code_and_its_facts_on_one_line() -> None:
    error = SourceThrottled(url="https://a.example/\n", status=429, retry_after_seconds=None, reason="稍后")

    shown = str(error)

    assert "\n" not in shown
    code, _, facts = shown.partition(" ")
    assert (code, json.loads(facts)) == ("source.throttled", error.facts)
    assert "稍后" in shown


def test_what_may_be_tried_again_says_so() -> None:
    assert SourceThrottled.retryable
    assert not RecordUntitled.retryable


def test_a_rooms_errors_can_be_caught_together() -> None:
    with pytest.raises(RecordError) as caught:
        raise RecordUntitled(external_id="x")

    assert caught.value.facts == {"external_id": "x"}


def test_an_error_crosses_from_one_process_to_another() -> None:
    error = SourceThrottled(url="https://a.example/", status=429)

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes

    assert (type(copy), copy.facts, str(copy)) == (SourceThrottled, error.facts, str(error))
