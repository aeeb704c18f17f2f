"""How one author's name may be written elsewhere, and whether a name says little of who it is."""

from __future__ import annotations

import re
from typing import Final

MOST_SPELLINGS: Final = 40
MOST_WORDS: Final = 6  # with more, it is the name of a body

_HAN: Final = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3\u3040-\u30ff]")
_INITIAL: Final = re.compile(r"[^\W\d_]\.?|[A-Z]{2,3}|(?:[^\W\d_]\.-?){2,4}")


def spellings(name: str) -> tuple[str, ...]:
    """Propose other spellings of a name in reading order: given names as initials, middle names left out.

    None for names of one word, in Chinese characters or the like, and of bodies.
    """
    words = name.split()
    given, last = words[:-1], words[-1:]
    if not given or len(words) > MOST_WORDS or _HAN.search(name) or any(map(str.isdecimal, name)):
        return ()
    if has_initials_alone(name):
        letters = [one for word in given for one in word if one.isalpha()]
        firsts = [letters, letters[:1]]
        written: list[str] = []
    else:
        letters = [part[0] for word in given for part in word.split("-") if part]
        firsts = [letters, letters[:1], [word[0] for word in given]]
        middle = " ".join(word if _INITIAL.fullmatch(word) else f"{word[0]}." for word in given[1:])
        written = [f"{given[0]} {middle}".strip(), given[0], f"{given[0]} {middle.replace('.', '')}".strip()]
    forms = list(written)
    for first in firsts:
        capitals = [one.upper() for one in first]
        forms += [" ".join(f"{one}." for one in capitals), "".join(f"{one}." for one in capitals)]
        forms += ["-".join(f"{one}." for one in capitals), " ".join(capitals), "".join(capitals)]
    found = [f"{form} {last[0]}" for form in forms]
    found += [f"{last[0]} {form}" for form in forms if form.isalpha() and form.isupper()]
    return tuple(one for one in dict.fromkeys(found) if one != name)[:MOST_SPELLINGS]


def has_initials_alone(name: str) -> bool:
    """Tell a name that gives no more than initials and a surname: "A. Example", "Example AB"."""
    words = name.split()
    if len(words) < 2 or _HAN.search(name):  # noqa: PLR2004  a given name and a surname
        return False
    return all(map(_INITIAL.fullmatch, words[:-1])) or (
        len(words[0]) > 1 and all(word.isupper() and _INITIAL.fullmatch(word) for word in words[1:])
    )
