"""Put the parts of a name together, and take apart what a format keeps in one string."""

from __future__ import annotations

import re
from typing import Final

from academichub.model.papers import Author
from academichub.text.unicode import flat

# Languages that write the surname first and without a space.
_EASTERN: Final = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff々〇]+")
_MARKS: Final = " ,;*∗†‡§¶#⁎"  # what hangs on a name that was copied from a page
_NOBODY: Final = frozenset({"others", "et al", "et al.", "等"})
_TIES: Final = ("'", "’", "-", "‐")


def whole_name(family: str, given: str = "", *, prefix: str = "", suffix: str = "") -> str:
    """Write a name in reading order: "Ludwig van Beethoven", "Luís d'Almeida", "李怀印"."""
    if not prefix and not suffix and _EASTERN.fullmatch(family) and _EASTERN.fullmatch(given):
        return family + given
    tie = "" if prefix.endswith(_TIES) else " "
    surname = f"{prefix}{tie}{family}" if prefix else family
    return flat(f"{given} {surname} {suffix}")


def inverted_name(written: str) -> str:
    """Write "Beethoven, Ludwig van, Jr" in reading order; a name without comma stays."""
    family, _, rest = written.partition(",")
    given, _, suffix = rest.partition(",")
    return whole_name(flat(family), flat(given), suffix=flat(suffix))


def authors(names: list[str]) -> tuple[Author, ...]:
    """Make authors of names in reading order; blank ones and "others" go."""
    cleaned = (name.strip(_MARKS) for name in names)
    return tuple(Author(name) for name in cleaned if name and name.lower() not in _NOBODY)
