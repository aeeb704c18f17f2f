"""Read Zotero's field "Extra": lines such as `DOI: 10.1000/x`, and what is left as a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE: Final = re.compile(r"\s*(?:tex\.|_)?([A-Za-z][\w .+-]{0,40}?)\s*[:=]\s*(\S.*)")
MAX_LINES: Final = 1_000


def read_extra(written: str) -> tuple[Mapping[str, str], str]:
    """Give the named values, names in lower case without spaces or hyphens, and the other lines.

    "Citation Key: x" is {"citationkey": "x"}, "tex.eprint= 1" is {"eprint": "1"}. Of several values of one
    name the first counts. A line whose name is an address' scheme is no named value.
    """
    named: dict[str, str] = {}
    rest: list[str] = []
    for line in written.split("\n")[:MAX_LINES]:
        found = _LINE.fullmatch(line)
        if found and not found[2].startswith("//"):
            named.setdefault(re.sub(r"[ _.-]", "", found[1].lower()), found[2].strip())
        elif line.strip():
            rest.append(line.strip())
    return named, "\n".join(rest)
