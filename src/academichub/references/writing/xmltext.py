"""Write XML by hand: every value escaped, nothing that XML 1.0 forbids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from academichub.references.writing.sheets import sound

if TYPE_CHECKING:
    from collections.abc import Mapping

# XML 1.0, production 2: of the controls only tab, line feed and carriage return; no halves, no FFFE and FFFF.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'


def text(value: str) -> str:
    """Write a text; ">" is escaped too, so that "]]>" never stands there."""
    return escape(_FORBIDDEN.sub("", sound(value)))


def element(name: str, value: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """Write an element with a text; one without text and attributes is nothing."""
    written = "".join(
        f' {key}="{escape(_FORBIDDEN.sub("", sound(each)), _QUOTES)}"'
        for key, each in (attributes or {}).items()
        if each
    )
    if value:
        return f"<{name}{written}>{text(value)}</{name}>\n"
    return f"<{name}{written}/>\n" if written else ""


_QUOTES: Final = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
