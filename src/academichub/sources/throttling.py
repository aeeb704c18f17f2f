"""Recognise a request to slow down that is dressed as an answer."""

from __future__ import annotations

import re
from typing import Final

# arXiv answers 14 bytes, "Rate exceeded."; others put it in a sentence or a small JSON object.
THROTTLED: Final = re.compile(
    r"rate (?:limit )?exceeded|exceeded .{0,40}rate limit|too many requests|request limit|throttl",
    re.IGNORECASE,
)
NOTE_CHARACTERS: Final = 1_000  # an answer this short may be a note to us


def is_request_to_wait(text: str) -> bool:
    """Tell whether a short text asks for fewer requests."""
    return len(text) <= NOTE_CHARACTERS and THROTTLED.search(" ".join(text.split())) is not None
