"""Tell whether a number stands with a noun that its source gives to another number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.briefing.levelling import level
from academichub.briefing.wording import content
from academichub.text.bilingual import to_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.briefing.wording import Word
    from academichub.text.bilingual import Term

_LEFT: Final = 4  # words before a number in which its noun is looked for
_RIGHT: Final = 3  # and behind it
_NEAR: Final = 5  # words within which a noun of the source belongs to a number
_FARTHER: Final = 4  # words by which it must stand farther from the number in question
_HAN_REACH: Final = 6  # characters between a Chinese term and its number
_MOST_PLACES: Final = 40  # of a noun in one source
_BETWEEN: Final = re.compile(r"[\d,;:.，；：。、一二两三四五六七八九十百]")
_NUMBER: Final = r"(-?\d+(?:\.\d+)?)"
_CHANGE: Final = re.compile(
    rf"\bfrom {_NUMBER}[^.;\d]{{0,30}}? to {_NUMBER}"
    rf"|[从由]\s?{_NUMBER}[^。；\d]{{0,20}}?[到至]\s?{_NUMBER}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A source as rows of words; of its numbers, place and value."""

    words: tuple[Word, ...]
    values: tuple[tuple[int, str], ...]


def nouns_beside(words: Sequence[Word], place: int) -> list[frozenset[str]]:
    """Give the nearest word of meaning on either side of a number, not beyond another number."""
    before = words[max(0, place - _LEFT) : place][::-1]
    behind = words[place + 1 : place + 1 + _RIGHT]
    return [frozenset({key}) for key in (_first(before), _first(behind)) if key]


def nouns_around(text: str, start: int, end: int) -> list[frozenset[str]]:
    """Give the Chinese terms beside a number, each as all that it may be in English.

    Args:
        text: A levelled text.
        start: Where the number begins.
        end: Where it ends.
    """
    terms = _terms(text)
    before = [one for one in terms if _is_beside(text[one.end : start]) and one.end <= start]
    behind = [one for one in terms if _is_beside(text[end : one.start]) and one.start >= end]
    nearest = [*before[-1:], *behind[:1]]
    return [frozenset(stem for name in one.en for stem in content(name)) for one in nearest]


def is_misplaced(nouns: Sequence[frozenset[str]], value: str, sources: Sequence[Numbered]) -> bool:
    """Tell whether a noun stands beside another number in the sources, and far from this one.

    Args:
        nouns: Of the number, each with what it may be called.
        value: The number.
        sources: The cited texts; one of them holds it.
    """
    for names in nouns:
        nearest = {name: _distances(name, value, sources) for name in names}
        known = [pair for pair in nearest.values() if pair is not None]
        if known and all(other <= _NEAR and own >= other + _FARTHER for own, other in known):
            return True
    return False


def is_turned(text: str, sources: Sequence[str]) -> bool:
    """Tell whether a change "from A to B" is one "from B to A" in the sources."""
    there = {pair for source in sources for pair in _changes(source)}
    return any((after, before) in there and (before, after) not in there for before, after in _changes(text))


@lru_cache(maxsize=64)
def _terms(text: str) -> tuple[Term, ...]:
    """Find the terms of a text once for all its numbers."""
    return () if text.isascii() else to_english(text).terms


def _is_beside(between: str) -> bool:
    """Tell whether what stands between a term and a number lets them belong together."""
    return len(between) <= _HAN_REACH and not _BETWEEN.search(between)


def _first(words: Sequence[Word]) -> str:
    """Give the first word of meaning before any number; "" if there is none."""
    for word in words:
        if word.kind == "number":
            return ""
        if word.kind == "content":
            return word.key
    return ""


def _distances(name: str, value: str, sources: Sequence[Numbered]) -> tuple[int, int] | None:
    """Measure how near a noun comes to a number, and to any other; None if they share no source.

    The second is large where there is no other number.
    """
    far = 10_000
    own = other = far
    for source in sources:
        places = [at for at, word in enumerate(source.words) if word.key == name][:_MOST_PLACES]
        for at, theirs in source.values:
            distance = min((abs(at - place) for place in places), default=far)
            if theirs == value:
                own = min(own, distance)
            else:
                other = min(other, distance)
    return (own, other) if own < far else None


def _changes(text: str) -> Iterator[tuple[str, str]]:
    for found in _CHANGE.finditer(level(text)):
        yield found[1] or found[3], found[2] or found[4]
