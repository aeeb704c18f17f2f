"""Names that readers give things: how they are cleaned, when two are one, and what addresses call them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

LONGEST_SLUG: Final = 60  # characters

_LATIN_MARKS: Final = re.compile(r"[\u0300-\u036f]")  # accents
_JOINERS: Final = "\u200c\u200d"  # Persian words and families of emoji are written with them
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # what turns text round, hides it, or is nothing


def clean_label(name: str) -> str:
    """Write a name on one line, composed, without characters that are not seen; "" where none is left."""
    seen = "".join(
        one
        for one in unicodedata.normalize("NFC", " ".join(name.split()))
        if one in _JOINERS or unicodedata.category(one) not in _UNSEEN
    )
    return " ".join(seen.split()) if seen.strip(_JOINERS + " ") else ""


def label_key(name: str) -> str:
    """Give what two spellings of one name share: neither capitals nor widths of letters matter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean_label(name)).casefold())


def slugs(name: str, *, word: str, reserved: Collection[str] = ()) -> Iterator[str]:
    """Propose what addresses call a thing, best first, without end: letters and digits, and hyphens.

    Args:
        name: What its reader calls it, in any script.
        word: What kind of thing it is: stands before a name that gives no slug, or only a number.
        reserved: Slugs that addresses need for something else.
    """
    bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", name.casefold()))
    spaced = "".join(
        one if one.isalnum() or unicodedata.category(one).startswith("M") else " "
        for one in unicodedata.normalize("NFC", bare)
    )
    slug = "-".join(spaced.split())[:LONGEST_SLUG].strip("-")
    if not slug or slug.isdecimal() or slug in reserved:
        slug = f"{word}-{slug}".strip("-")
    yield slug
    number = 1
    while True:
        number += 1
        yield f"{slug}-{number}"
