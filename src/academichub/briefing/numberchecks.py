"""Check the numbers of a sentence: are they in its source, with their units, and in the same place?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.briefing.levelling import level
from academichub.briefing.numberbinding import (
    Numbered,
    is_misplaced,
    is_turned,
    nouns_around,
    nouns_beside,
)
from academichub.briefing.quantities import NUMBER_WORDS, quantities
from academichub.briefing.wording import cut_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from academichub.briefing.quantities import Quantity
    from academichub.briefing.wording import Word

MOST_NUMBERS: Final = 60  # of a text that are compared
_REACH: Final = 6  # words on either side of a number that say what it is
_LEAST_FIT: Final = 3  # neighbours that must agree before a place is called a number's own
_DOUBT: Final = 1  # neighbours by which another place may fit better: "rate to 5 %" fits two


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A text whose numbers are to be compared."""

    words: tuple[Word, ...]
    keys: tuple[str, ...]
    places: tuple[int, ...]  # of the numbers among the words
    raws: frozenset[str]  # the numbers as canonical decimals, scales and powers left out
    quantities: tuple[Quantity, ...]
    by_start: Mapping[int, Quantity]


def number_reasons(text: str, sources: Sequence[str]) -> Iterator[str]:
    """Say what is wrong with a text's numbers: "number", "unit", "swapped"; each at most once.

    Args:
        text: A sentence.
        sources: The cited texts.
    """
    ours = _read(text)
    if not (ours.places or ours.quantities):
        return
    theirs = [_read(source) for source in sources]
    missing = [at for at in ours.places if not any(_holds(one, ours, at) for one in theirs)]
    if missing or any(not _is_said(one, theirs) for one in ours.quantities if _is_in_han(text, one)):
        yield "number"
    if any(_is_other_unit(one, theirs) for one in ours.quantities):
        yield "unit"
    found = [at for at in ours.places if at not in missing]
    if is_turned(text, sources) or any(
        _is_elsewhere(ours, at, theirs) or _is_misplaced(text, ours, at, theirs) for at in found
    ):
        yield "swapped"


@lru_cache(maxsize=256)
def _read(text: str) -> _Numbered:
    words = cut_words(text)
    places = tuple(at for at, word in enumerate(words) if word.kind == "number")[:MOST_NUMBERS]
    found = quantities(text)
    return _Numbered(
        words=words,
        keys=tuple(word.key for word in words),
        places=places,
        raws=frozenset(_canonical(words[at].raw) for at in places)
        | {part for word in words if word.kind == "name" for part in _digits(word.raw)},
        quantities=found,
        by_start={one.start: one for one in found},
    )


def _canonical(raw: str) -> str:
    """Write a number as it is compared: "three" as "3", "2.50" as "2.5"."""
    if raw in NUMBER_WORDS:
        return str(NUMBER_WORDS[raw])
    return raw.rstrip("0").rstrip(".") if "." in raw else raw.lstrip("0") or "0"


def _digits(name: str) -> list[str]:
    """Give the numbers in a name: "3" and "50" of "layer3x50"."""
    return "".join(one if one.isdigit() else " " for one in name).split()


def _holds(source: _Numbered, ours: _Numbered, at: int) -> bool:
    """Tell whether a source has a number, as it is written or as it is meant."""
    if _canonical(ours.words[at].raw) in source.raws:
        return True
    meant = ours.by_start.get(ours.words[at].start)
    return meant is not None and any(one.value == meant.value for one in source.quantities)


def _is_in_han(text: str, one: Quantity) -> bool:
    """Tell whether a number is written in Chinese numerals, which are no words by themselves."""
    return not level(text)[one.start].isascii()


def _is_said(one: Quantity, theirs: Sequence[_Numbered]) -> bool:
    """Tell whether the sources have the value of a number in Chinese numerals."""
    return any(
        one.value in source.raws or any(other.value == one.value for other in source.quantities)
        for source in theirs
    )


def _is_misplaced(text: str, ours: _Numbered, at: int, theirs: Sequence[_Numbered]) -> bool:
    """Tell whether the nouns beside a number belong to another one of the sources that has the same unit."""
    word = ours.words[at]
    one = ours.by_start.get(word.start)
    if one is None or one.is_word:
        return False
    nouns = [*nouns_beside(ours.words, at), *nouns_around(level(text), one.start, one.end)]
    numbered = [Numbered(source.words, _values(source, one.unit)) for source in theirs]
    return is_misplaced(nouns, _canonical(word.raw), numbered)


def _values(source: _Numbered, unit: str) -> tuple[tuple[int, str], ...]:
    """Give the numbers of a source that are written in digits and have a unit: place and value."""
    found = ((place, source.by_start.get(source.words[place].start)) for place in source.places)
    return tuple(
        (place, _canonical(source.words[place].raw))
        for place, one in found
        if one is not None and not one.is_word and one.unit == unit
    )


def _is_other_unit(one: Quantity, theirs: Sequence[_Numbered]) -> bool:
    """Tell whether the sources have a number, but never with this unit, or never without one."""
    if one.unit == "th" or (one.is_word and not one.unit):
        return False
    same = [other for source in theirs for other in source.quantities if other.value == one.value]
    return bool(same) and not any(
        other.unit == one.unit or (other.is_lent and not one.unit) for other in same
    )


def _is_elsewhere(ours: _Numbered, at: int, theirs: Sequence[_Numbered]) -> bool:
    """Tell whether the words around a number are those around another number of the source."""
    value = _canonical(ours.words[at].raw)
    own = other = 0
    for source in theirs:
        for place in source.places:
            fit = _fit(ours.keys, at, source.keys, place)
            if _canonical(source.words[place].raw) == value:
                own = max(own, fit)
            else:
                other = max(other, fit)
    return other >= _LEAST_FIT and other > own + _DOUBT


def _fit(ours: Sequence[str], at: int, theirs: Sequence[str], place: int) -> int:
    """Count the neighbours that agree, outward from a number until one does not."""
    fit = 0
    for step in (1, -1):
        for away in range(1, _REACH + 1):
            mine, yours = at + step * away, place + step * away
            inside = 0 <= mine < len(ours) and 0 <= yours < len(theirs)
            if not inside or ours[mine] != theirs[yours]:
                break
            fit += 1
    return fit
