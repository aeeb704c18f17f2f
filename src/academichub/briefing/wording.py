"""Cut a sentence into the words by which it is held against its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from academichub.briefing.levelling import level
from academichub.briefing.quantities import NUMBER_WORDS
from academichub.text.cutting import STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NUMBER: Final = "#"  # the key of every number: numbers are aligned first and compared then
_HAN: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN: Final = re.compile(
    r"(?P<name>[A-Za-z]+\d[A-Za-z0-9]*|\d+[A-Za-z]+\d[A-Za-z0-9]*)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    rf"|(?P<han>[{_HAN}])"
    r"|(?P<verb>(?i:can)(?=not\b)|(?i:do|does|did|is|are|was|were|has|have|had|could|would|should)(?=n't\b))"
    r"|(?P<contracted>n't\b)"
    rf"|(?P<word>[^\W\d_{_HAN}]+(?:'[a-z]+)?)"
    r"|(?P<sign>[%<>≤≥=±×°])"
)
# A name: capitals or digits inside, or a capital where no sentence begins.
_NAME: Final = re.compile(r"[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*")
_IS_NAME: Final = re.compile(r"[A-Z].*[A-Z0-9]|[a-z0-9].*[A-Z]|[A-Za-z]+-?\d|\d+-?[A-Za-z]")
_CAPITAL: Final = re.compile(r"[A-Z][a-z]+")
_PLURAL: Final = re.compile(r"(?<=[A-Z])s\Z")
_JOINTS: Final = re.compile(r"[-/.]")
_BREAKS: Final = (
    ",",
    ";",
    ":",
    "(",
    ")",
    "[",
    "]",
    " -",
    "- ",
    ".",
    "，",
    "；",
    "：",
    "（",
    "）",
    "、",
    "。",
)
_BEFORE: Final = 4  # characters before a word that tell whether a sentence begins there


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a number, a sign or a Chinese character of a levelled text."""

    key: str  # stem in small letters; NUMBER for a number
    raw: str  # as written
    kind: str  # "content", "function", "number", "name", "sign"
    start: int  # in `level(text)`
    is_first: bool = False  # a comma, bracket or the like stands before it, or nothing


@lru_cache(maxsize=1024)
def cut_words(text: str) -> tuple[Word, ...]:
    """Cut a text into words. "doesn't" and "cannot" are two words, "mixed-precision" too."""
    flat = level(text)
    out = []
    end = 0
    for match in _TOKEN.finditer(flat):
        between = flat[end : match.start()]
        is_first = not end or any(mark in between for mark in _BREAKS)
        out.append(_word(match, is_first=is_first))
        end = match.end()
    return tuple(out)


def _word(match: re.Match[str], *, is_first: bool) -> Word:
    raw = match[0]
    small = "not" if raw == "n't" else raw.lower().removesuffix("'s")
    if match["number"] or small in NUMBER_WORDS:
        return Word(NUMBER, raw.lower(), "number", match.start(), is_first)
    if match["sign"]:
        return Word(raw, raw, "sign", match.start(), is_first)
    if match["name"]:
        return Word(small, raw, "name", match.start(), is_first)
    if small in STOP_WORDS or small in _FUNCTION_HAN or (len(small) == 1 and small.isascii()):
        return Word(small, raw, "function", match.start(), is_first)
    return Word(stem(small), raw, "content", match.start(), is_first)


_FUNCTION_HAN: Final = frozenset(
    "的了在是和与及或等对为以其中所之而于由从被将把并也就都还该此这那个种一我们本文"
)


def content(text: str) -> tuple[str, ...]:
    """Give the stems of a text that say what it is about; Chinese by pairs of characters."""
    words = cut_words(text)
    out = [word.key for word in words if word.kind in {"content", "name"} and not _is_han(word)]
    out += [one.key + other.key for one, other in pairwise(words) if _is_han(one) and _is_han(other)]
    return tuple(out)


def _is_han(word: Word) -> bool:
    return len(word.raw) == 1 and "\u3005" <= word.raw <= "\U0003ffff"


@lru_cache(maxsize=512)
def names(text: str) -> tuple[str, ...]:
    """List the names in a text as written: acronyms, words with capitals or digits inside, proper names.

    A word with one capital counts only where no sentence begins.
    """
    flat = level(text)
    out = []
    for match in _NAME.finditer(flat):
        before = flat[max(0, match.start() - _BEFORE) : match.start()].rstrip(" \"'([")
        opens = not before or before[-1] in ".!?:;"
        if _IS_NAME.match(match[0]) or (_CAPITAL.match(match[0]) and not opens):
            out.append(match[0])
    return tuple(dict.fromkeys(out))


def name_key(name: str) -> str:
    """Write a name so that "X-Net", "XNet" and "X-Nets" are one."""
    return _JOINTS.sub("", _PLURAL.sub("", name)).casefold()


@dataclass(frozen=True, slots=True)
class Names:
    """What names a source holds or stands for."""

    keys: frozenset[str]
    initials: str  # of all its words, in order, in small letters

    def holds(self, name: str) -> bool:
        """Tell whether a name is in the source, in parts, or as initials of its words."""
        key = name_key(name)
        if key in self.keys or key.rstrip("s") in self.keys:
            return True
        parts = [part for part in _JOINTS.split(name) if len(part) > 1]
        if len(parts) > 1 and all(name_key(part) in self.keys for part in parts):
            return True
        return name.isalpha() and len(key) > 2 and name.isupper() and key in self.initials  # noqa: PLR2004


@lru_cache(maxsize=512)
def source_names(text: str) -> Names:
    """Collect what counts as a name of a source: every word of it, joined ones whole and in parts."""
    flat = level(text)
    keys: set[str] = set()
    for match in _NAME.finditer(flat):
        keys.add(name_key(match[0]))
        keys.update(name_key(part) for part in _JOINTS.split(match[0]))
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", flat)).casefold()
    return Names(frozenset(keys), initials)


@cache
def word_list(name: str) -> frozenset[str]:
    """Give a list of wordlists.tsv: "negation", "up", "down", "neutral"; stems and whole words."""
    return _lists()[name]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    table = files("academichub.briefing").joinpath("wordlists.tsv").read_text(encoding="utf-8")
    lines = (line.partition("\t") for line in table.splitlines() if not line.startswith("#"))
    return {name: frozenset(_with_stems(listed.split())) for name, _, listed in lines}


def _with_stems(listed: Iterable[str]) -> Iterable[str]:
    for word in listed:
        yield word
        if word not in STOP_WORDS:
            yield stem(word)
