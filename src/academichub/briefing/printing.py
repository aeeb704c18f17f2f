"""What every printed form of a briefing needs: safe addresses, clean text, names in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from academichub.briefing.outline import Reference

MOST_NAMES: Final = 4  # authors before "et al."
# What cannot be seen but changes what is: controls, and marks that turn the direction of writing.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Give a text on one line, without what cannot be seen."""
    return " ".join(_UNSEEN.sub("", text).split())


def said_of(reference: Reference) -> tuple[str, ...]:
    """Say who wrote a work, and where and when; what is not known is left out."""
    names = ", ".join(reference.byline[:MOST_NAMES])
    if len(reference.byline) > MOST_NAMES:
        names += " et al."
    on = f"{reference.on}" if reference.on is not None else ""
    placed = ", ".join(part for part in (reference.venue, on) if part)
    return tuple(clean(part) for part in (names, placed) if part)


def is_safe(url: str) -> bool:
    """Tell whether an address can be printed as a link in any of our formats."""
    return (
        url.startswith(("https://", "http://")) and url.isprintable() and not set(url) & set(" <>\"'\\()[]")
    )
