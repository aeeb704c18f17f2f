"""Tell whether a name asked for is the name of an author, in any order and with initials."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.text.words import readings, stands_alone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from academichub.model.query import Term


@dataclass(frozen=True, slots=True)
class Reading:
    """A name, read in one way: words of letters, and runs of Chinese and the like written as one."""

    words: Counter[str]
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One author's name in both readings; one where they are the same."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class NameAsked:
    """What a term of `au:` asks for. `beginning` is the part before the star, or ""."""

    readings: tuple[Reading, ...]
    beginnings: tuple[str, ...]


def name_of(text: str) -> Name:
    """Read one author's name."""
    found = readings(text)
    parted = _reading(found.parted)
    return Name((parted,) if found.joined is found.parted else (parted, _reading(found.joined)))


def name_asked(term: Term) -> NameAsked:
    """Read what a term asks for."""
    both = (term.words,) if term.words == term.joined else (term.words, term.joined)
    if not term.is_prefix:
        return NameAsked(tuple(map(_reading, both)), ("",) * len(both))
    return NameAsked(tuple(_reading(words[:-1]) for words in both), tuple(words[-1] for words in both))


def is_name(asked: NameAsked, name: Name) -> bool:
    """Tell whether the author may be the one asked for.

    Words are compared in any order, each word of the author serving one asked word. An initial stands for a
    word that begins with it, on either side ("Y LeCun" and "Yann LeCun"), if one word at least is the same in
    full.
    Chinese characters must follow each other. The word before a star may go on.
    """
    return any(
        _agrees(wanted, beginning, own)
        for wanted, beginning in zip(asked.readings, asked.beginnings, strict=True)
        for own in name.readings
    )


def _agrees(wanted: Reading, beginning: str, own: Reading) -> bool:
    if any(all(run not in other for other in own.runs) for run in wanted.runs):
        return False
    if beginning and not any(word.startswith(beginning) for word in own.words):
        return False
    if not wanted.words:
        return True
    same = wanted.words & own.words
    if same.total() == wanted.words.total():
        return True
    is_anchored = bool(same or beginning or wanted.runs)
    return is_anchored and _initials_agree(wanted.words, own.words)


def _initials_agree(wanted: Counter[str], own: Counter[str]) -> bool:
    """Tell whether what is not the same in full can be paired by initials.

    Long words pair with the same first; what is left of them needs the other side's initials, and initials
    may serve each other. Letters do not compete, so each letter is counted by itself.
    """
    left = _long(wanted - own)
    rest = _long(own - wanted)
    for letter in {word[0] for word in (*left, *_initials(wanted))}:
        long_ones = sum(count for word, count in left.items() if word[0] == letter)
        long_own = sum(count for word, count in rest.items() if word[0] == letter)
        initials_own = own[letter]
        if long_ones > initials_own or wanted[letter] > initials_own - long_ones + long_own:
            return False
    return True


def _long(words: Counter[str]) -> Counter[str]:
    return Counter({word: count for word, count in words.items() if len(word) > 1})


def _initials(words: Counter[str]) -> Iterable[str]:
    return (word for word in words if len(word) == 1)


def _reading(words: tuple[str, ...]) -> Reading:
    """Part the words of letters from the characters that are words, and join those."""
    run = "".join(word if stands_alone(word) else " " for word in words)
    return Reading(Counter(word for word in words if not stands_alone(word)), tuple(run.split()))
