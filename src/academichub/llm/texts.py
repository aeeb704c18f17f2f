"""Prepare texts for a model: what of a paper is read, how it is cleaned, where it is cut."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Longer than what any of the local models reads: 512 tokens of an abstract are some 2,000 characters.
MOST_CHARACTERS: Final = 8_000
# Of a longer text the rest is not even looked at.
_MOST_LOOKED_AT: Final = 200_000
# Half a surrogate pair has no UTF-8, and a NUL ends the text for a model written in C.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_ENDS_A_SENTENCE: Final = frozenset(".!?。！？")


def document_text(title: str, abstract: str = "") -> str:
    """Write what of a paper is embedded: the title as the first sentence of its abstract.

    Markup is the caller's to remove. The title stands first, so that a cut never takes it: a model
    reads the first 256 or 512 tokens, an endpoint the first so many characters.
    """
    title, abstract = title.strip(), abstract.strip()
    if not title or not abstract:
        return title or abstract
    return f"{title}{'' if title[-1] in _ENDS_A_SENTENCE else '.'} {abstract}"


def readable(text: str, *, most_characters: int = MOST_CHARACTERS) -> str:
    """Clean a text for a model, and cut it.

    Unprintable characters and runs of white space become one space. Compatibility forms are spelled
    out (Unicode NFKC): full-width letters, ligatures, mathematical alphabets. That is also what
    keeps the multilingual model's tokeniser inside its memory, which reckons with four characters
    for a byte and would get eighteen for the three bytes of U+FDFA.

    Returns:
        At most `most_characters`; empty where the text has no letter and no digit.
    """
    plain = _squeezed(text[:_MOST_LOOKED_AT])[:most_characters]
    # After the cut, because sorting a long run of combining marks takes quadratic time; and cut
    # again, because one character may become many.
    spelled = _squeezed(unicodedata.normalize("NFKC", plain))[:most_characters].rstrip()
    return spelled if any(map(str.isalnum, spelled)) else ""


def _squeezed(text: str) -> str:
    return " ".join(_UNPRINTABLE.sub(" ", text).split())
