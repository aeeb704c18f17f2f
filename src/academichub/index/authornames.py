"""Index the names of authors so that few of them need be compared with one that is asked for.

A name is kept under keys "word letter|name": for each two of its words, one of them whole and the first
letter of the other. A name of one word, and every character that is a word, stand alone. Whoever `is_name`
takes for the one asked for shares a whole word and the first letter of another, so the names under a few
beginnings of keys are all that can be meant; `is_name` then decides.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from academichub.text.querynames import Name, Reading, is_name
from academichub.text.words import stands_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from academichub.text.querynames import NameAsked
    from academichub.text.words import Readings

_NAME: Final = "\x1f"  # between the key's two parts; no word has it
_READING: Final = "\x1e"  # between the two readings of a name
_MANY: Final = "\x1d"  # what names of many words are kept under, for they have many pairs
_MANY_WORDS: Final = 8
_MOST_WORDS: Final = 60  # of a name that are kept


def name_keys(found: Readings) -> Iterator[str]:
    """Give the keys that a name is kept under, once it is read; some may come twice."""
    rows = (found.parted,) if found.joined is found.parted else (found.parted, found.joined)
    whole = _READING.join(" ".join(row[:_MOST_WORDS]) for row in rows)
    for row in rows:
        for beginning in _own_beginnings(row[:_MOST_WORDS]):
            yield f"{beginning}{_NAME}{whole}"


def keys_of_name(asked: NameAsked, keys_from: Callable[[str], Iterable[str]]) -> list[str]:
    """Give the keys, one or more of each name, of everyone who may be the one asked for; sorted.

    `keys_from` gives all keys of the index that begin so.
    """
    beginnings = {_MANY}
    for wanted, beginning in zip(asked.readings, asked.beginnings, strict=True):
        beginnings.update(_beginnings(wanted, beginning))
    known: dict[str, bool] = {}
    kept: set[str] = set()
    for key in {key for beginning in beginnings for key in keys_from(beginning)}:
        whole = key.partition(_NAME)[2]
        is_meant = known.get(whole)
        if is_meant is None:
            is_meant = known[whole] = is_name(asked, _name(whole))
        if is_meant:
            kept.add(key)
    return sorted(kept)


def _own_beginnings(row: tuple[str, ...]) -> Iterator[str]:
    letters = [word for word in row if not stands_alone(word)]
    yield from (f"{word} " for word in row if stands_alone(word))
    if len(letters) > _MANY_WORDS:
        yield _MANY
    elif len(letters) == 1:
        yield f"{letters[0]} "
    else:
        for place, word in enumerate(letters):
            yield from (f"{word} {other[0]}" for at, other in enumerate(letters) if at != place)


def _beginnings(wanted: Reading, beginning: str) -> Iterator[str]:
    """Give beginnings of keys, one of which every name has that agrees with this reading."""
    if wanted.runs:
        yield f"{wanted.runs[0][0]} "
    elif beginning:
        yield beginning
    else:
        words = list(wanted.words.elements())
        for place, word in enumerate(words):
            others = [other for at, other in enumerate(words) if at != place]
            yield f"{word} {others[0][0]}{_NAME}" if others else f"{word} "


def _name(whole: str) -> Name:
    rows = [row.split() for row in whole.split(_READING)]
    return Name(tuple(_reading(row) for row in rows))


def _reading(row: list[str]) -> Reading:
    letters = Counter(word for word in row if not stands_alone(word))
    runs = "".join(word if stands_alone(word) else " " for word in row).split()
    return Reading(letters, tuple(runs))
