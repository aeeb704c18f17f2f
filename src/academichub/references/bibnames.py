"""Take the names of BibTeX apart: "von Last, Jr, First and {Corporate Name} and others".

The rules are BibTeX's (Patashnik, "Designing BibTeX styles", section 4; Markey, "Tame the BeaST",
section 11): words in braces count as one and as upper case, "von" are the words in lower case. The
extended form `family=Beethoven, given=Ludwig, prefix=van` is BibLaTeX's (manual, 3.13).
"""

from __future__ import annotations

import re
from typing import Final

from academichub.references.people import whole_name
from academichub.references.plain import from_tex

MAX_LENGTH: Final = 400_000  # characters of one list; three thousand authors need 60,000
_PIECES: Final = re.compile(r"\\.|[{},]|[\s~]+|[^\\{},\s~]+|\\", re.DOTALL)
_COMMAND: Final = re.compile(r"\\[A-Za-z]+\s*|\\.", re.DOTALL)
_EXTENDED: Final = re.compile(
    r"\s*\"?(?:family|given|prefix|suffix|useprefix|id|nametemplates)(?:-i)?\s*=", re.IGNORECASE
)
_PART: Final = re.compile(r"\s*\"?([a-z-]+)\s*=(.*)", re.DOTALL | re.IGNORECASE)
_OTHERS: Final = "others"


def read_names(written: str) -> list[str]:
    """Give the names of a list in reading order and plain Unicode; "others" is left out."""
    names = []
    for words in _split(written[:MAX_LENGTH]):
        name = "".join(words).strip()
        if name and name.lower() != _OTHERS:
            names.append(_extended(words) if _EXTENDED.match(name) else _classic(words))
    return [name for name in names if name]


def _split(written: str) -> list[list[str]]:
    """Cut a list at "and" outside braces, and each name into words, commas and spaces.

    A group in braces with what is glued to it is one word.
    """
    names: list[list[str]] = [[]]
    word: list[str] = []
    depth = 0
    for found in _PIECES.finditer(written):
        piece = found[0]
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(depth - 1, 0)
        elif not depth and (piece == "," or not piece.strip(" \t\n\r~\f\v")):
            _end_word(names, word)
            names[-1].append("," if piece == "," else " ")
            continue
        word.append(piece)
    _end_word(names, word)
    return names


def _end_word(names: list[list[str]], word: list[str]) -> None:
    """Put a whole word to its name, or open the next name where the word is "and"."""
    whole = "".join(word)
    word.clear()
    if whole.lower() == "and":
        names.append([])
    elif whole:
        names[-1].append(whole)


def _classic(pieces: list[str]) -> str:
    parts: list[list[str]] = [[]]
    for piece in pieces:
        if piece == ",":
            parts.append([])
        elif piece != " ":
            parts[-1].append(piece)
    if len(parts) == 1:  # "First von Last" is in reading order already
        return _plain(parts[0])
    von, last = _von_and_last(parts[0])
    junior = parts[1] if len(parts) > 2 else []  # noqa: PLR2004  "von Last, Jr, First"
    # More commas than the grammar knows: the given names are behind the last one of them.
    first = (
        [word for part in parts[2:] for word in part]
        if junior
        else [word for part in parts[1:] for word in part]
    )
    return whole_name(_plain(last), _plain(first), prefix=_plain(von), suffix=_plain(junior))


def _von_and_last(words: list[str]) -> tuple[list[str], list[str]]:
    """Cut "de la Fontaine" before the last word that is not in lower case; one word is always a surname."""
    cut = 0
    for place, word in enumerate(words[:-1], start=1):
        if _is_lower(word):
            cut = place
    return words[:cut], words[cut:]


def _is_lower(word: str) -> bool:
    r"""Tell a particle: its first letter outside braces is small; of `{\'e}` that is é, of `{x}` none."""
    if word.startswith("{") and not word.startswith("{\\"):
        return False
    letters = _COMMAND.sub("", word) if "\\" in word else word
    first = next((char for char in letters if char.isalpha()), "")
    return first.islower()


def _extended(pieces: list[str]) -> str:
    said: dict[str, str] = {}
    part: list[str] = []
    for piece in [*pieces, ","]:
        if piece != ",":
            part.append(piece)
            continue
        found = _PART.fullmatch("".join(part))
        part = []
        if found:
            said[found[1].lower()] = from_tex(found[2].strip().strip('"'))
    return whole_name(
        said.get("family", ""),
        said.get("given", ""),
        prefix=said.get("prefix", ""),
        suffix=said.get("suffix", ""),
    )


def _plain(words: list[str]) -> str:
    return from_tex(" ".join(words)) if words else ""
