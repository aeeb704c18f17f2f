"""The shapes that writers take: a reference with what is known beside it, and the head of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from academichub.references.entry import Reference

# What no reader sees and programs stumble over: controls but tab and line feed, marks that turn the
# direction of a line, halves of surrogate pairs, noncharacters.
_UNSOUND: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
    "|[\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reference, ready to be written.

    Where `reference.fields` are of the very format that is written, they are written as they are; else the
    named parts are, with what `details` adds.
    """

    reference: Reference
    written_in: str = ""  # `Library.format` of the file that the fields come from; "" for a work of the hub
    categories: tuple[str, ...] = ()  # arXiv's, primary first
    details: Mapping[str, str] = field(default_factory=dict)  # volume, issue, pages ... in CSL's names


@dataclass(frozen=True, slots=True)
class Face:
    """What a feed shows of a work beside its sheet."""

    sheet: Sheet
    address: str  # of its page, absolute; it is the entry's identity too
    title_html: str
    abstract_html: str
    published_at: datetime | None  # aware
    updated_at: datetime  # aware
    pdf: str = ""
    links: tuple[str, ...] = ()  # of the paper elsewhere, the best first


@dataclass(frozen=True, slots=True)
class Heading:
    """What a list says of itself."""

    title: str
    address: str  # of its page, absolute
    updated_at: datetime  # aware; of a feed without entries
    file_address: str = ""  # of the file itself, absolute
    next_address: str = ""  # of the part that follows, absolute; "" where this is the last
    language: str = ""


def sound(text: str) -> str:
    """Take out what no file can carry; halves of surrogate pairs become U+FFFD."""
    if text.isprintable():
        return text
    return _UNSOUND.sub(lambda found: "\ufffd" if "\ud800" <= found[0] <= "\udfff" else "", text)
