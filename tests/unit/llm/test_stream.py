"""Taking a stream of events apart, wherever it is cut into pieces."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.llm import stream
from academichub.llm.stream import EventReader, StreamBroken


def read(*pieces: bytes) -> list[str]:
    reader = EventReader()
    events = [event for piece in pieces for event in reader.feed(piece)]
    return events + reader.finish()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_events_are_told_apart_by_empty_lines(end: str) -> None:
    text = end.join(
        ["data: one", "", "data:two", "data: three", "", ": a comment", "event: x", "id: 7", "", ""]
    )

    assert read(text.encode()) == ["one", "two\nthree"]


def test_an_event_at_the_end_counts_without_its_empty_line() -> None:
    assert read(b"data: one\n\ndata: [DONE]") == ["one", "[DONE]"]


def test_an_event_is_given_as_soon_as_it_is_complete() -> None:
    reader = EventReader()

    assert reader.feed(b"data: one") == []
    assert reader.feed(b"\n") == []
    assert reader.feed(b"\ndata") == ["one"]


def test_a_mark_at_the_start_is_passed_over() -> None:
    assert read(b"\xef\xbb\xbfdata: one\n\n") == ["one"]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1), max_size=5
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.integers(0, 400), max_size=12),
)
def test_wherever_it_is_cut_the_events_are_the_same(said: list[str], end: str, cuts: list[int]) -> None:
    whole = "".join(f": x{end}data: {text}{end}{end}" for text in said).encode()
    places = sorted({0, *(cut for cut in cuts if cut < len(whole)), len(whole)})
    pieces = [whole[start:stop] for start, stop in pairwise(places)]

    assert read(*pieces) == said


def test_what_is_no_utf_8_breaks_the_stream() -> None:
    with pytest.raises(StreamBroken, match="UTF-8"):
        read(b"data: \xff\n\n")
    with pytest.raises(StreamBroken, match="UTF-8"):
        read(b"data: \xe7\x81")


@pytest.mark.parametrize("piece", [b"x" * 100, b"data: x\n" * 20])
def test_an_event_without_an_end_breaks_the_stream(monkeypatch: pytest.MonkeyPatch, piece: bytes) -> None:
    monkeypatch.setattr(stream, "MOST_EVENT_CHARACTERS", 1_000)

    with pytest.raises(StreamBroken, match="over 1000 characters"):
        read(*[piece] * 100)


def test_a_long_line_in_small_pieces_takes_no_longer_than_its_length() -> None:
    began = time.monotonic()

    assert len(read(b"data: ", *[b"x"] * 40_000)[0]) == 40_000

    assert time.monotonic() - began < 3
