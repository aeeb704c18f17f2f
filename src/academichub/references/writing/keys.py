"""Give every reference a key: its own where it has one, else surname, year and first word of the title.

A key depends on the reference alone, so that the same paper has the same one in every list; only where two
references of one list would share it do letters tell them apart.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from academichub.references.writing.namewords import name_words
from academichub.references.writing.sheets import sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.references.entry import Reference

_LONGEST: Final = 100  # characters
_SHORTEST: Final = 3  # letters of a word that tells something
_NOT_IN_TEX: Final = re.compile(r"[\s,{}=#%~\\\x00-\x1f\x7f]+")
_NOT_ON_A_LINE: Final = re.compile(r"[\n\x00-\x1f\x7f]+")
_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:[-'’][A-Za-z]+)*")
_SMALL: Final = frozenset(
    (
        *("a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "from", "at", "by", "is", "are"),
        *("do", "does", "how", "what", "why", "when", "can", "der", "die", "das", "ein", "eine", "le", "la"),
        *("les", "un", "une", "el", "los", "las", "via", "towards", "toward"),
    )
)
# Letters that Unicode does not take apart.
_FOLDED: Final = str.maketrans(
    {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}
    | {"đ": "d", "Đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def keys_for(references: Sequence[Reference], *, is_tex: bool) -> list[str]:
    """Give a key for each reference, in their order; no two are alike, whatever their case.

    `is_tex`: the keys are for BibTeX, where some characters would end a key.
    """
    rule = _NOT_IN_TEX if is_tex else _NOT_ON_A_LINE
    wanted = [rule.sub("_", sound(each.key).strip())[:_LONGEST] or made_key(each) for each in references]
    taken: set[str] = set()
    tried: dict[str, int] = {}
    found = [""] * len(wanted)
    # Own keys come first, then what tells equals apart but for their place: the list's order changes no key.
    for at in sorted(range(len(wanted)), key=lambda at: _rank(references[at], wanted[at])):
        key = wanted[at]
        while key.lower() in taken:
            number = tried[wanted[at].lower()] = tried.get(wanted[at].lower(), 0) + 1
            key = f"{wanted[at]}{_letters(number)}"
        found[at] = key
        taken.add(key.lower())
    return found


def _rank(reference: Reference, key: str) -> tuple[bool, str, str, str, str]:
    identifiers = reference.identifiers
    name = identifiers.doi or identifiers.arxiv or ""
    return (not reference.key, key.lower(), "" if reference.key else reference.date, name, reference.title)


def made_key(reference: Reference) -> str:
    """Make a key: "vaswani2017attention"; of what has no Latin letters, a short print of it."""
    surname = _folded(name_words(reference.authors[0].name).family) if reference.authors else ""
    year = f"{reference.year}" if reference.year else ""
    words = [_folded(word) for word in _WORD.findall(_plain(reference.title))]
    telling = [word for word in words if word and word not in _SMALL and not word.isdigit()]
    # "x2" of a formula says less than the first real word.
    word = next((word for word in telling if len(word) >= _SHORTEST), telling[0] if telling else "")
    if surname or word:
        return f"{surname}{year}{word}"[:_LONGEST]
    said = "\n".join((reference.title, *(author.name for author in reference.authors), reference.url))
    print_of_it = blake2b(said.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return f"ref{year}x{print_of_it}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text.translate(_FOLDED)).encode("ascii", "ignore").decode()


def _folded(text: str) -> str:
    return _LETTERS.sub("", _plain(text).lower())


def _letters(number: int) -> str:
    """Count with letters, from 1: a to z, aa, ab."""
    written = ""
    while number:
        number, rest = divmod(number - 1, 26)
        written = chr(ord("a") + rest) + written
    return written
