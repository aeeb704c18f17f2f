"""Spell a plain text so that the reader of a format reads the very same text.

Most texts are spelled as they are. Where a reader would take `<b>` for markup or `$x$` for a formula, the
characters that mislead it are written as character references, which every such format knows; what no
reference hides, since the reader takes the text for TeX, is written as TeX.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.references.writing.tex import to_tex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MARKUP: Final = re.compile(r"[&<>]")
_ODD: Final = re.compile(r"[^\w\s.,;:()\[\]?!/'\"-]|--+|''|(?<=:)//")
_BETWEEN: Final = "\n\n"  # paragraphs
_BACKSLASH: Final = r"\textbackslash{}"


def spell(text: str, read: Callable[[str], str]) -> str:
    """Give the plainest spelling that `read` reads as the text; the text itself where there is none."""
    return next((spelled for spelled in _spellings(text) if read(spelled) == text), text) if text else text


def _spellings(text: str) -> Iterator[str]:
    yield text
    yield _MARKUP.sub(_reference, text)
    yield _ODD.sub(_reference, text)
    yield _ODD.sub(lambda found: _BACKSLASH if found[0] == "\\" else _reference(found), text)
    yield _BETWEEN.join(to_tex(part, is_ascii=False) for part in text.split(_BETWEEN))


def _reference(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in found[0])
