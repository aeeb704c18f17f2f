r"""Cut a text into words, the same way for papers, queries and every index.

How a text is read:

* Case, accents, ligatures, full-width and mathematical letters do not count: "Łódź" is "lodz", "H₂O" "h2o".
* A run of letters and digits of one or several alphabets is a word: "p53", "3D", "β2".
* Scripts without spaces (Chinese, Japanese, Thai and their like) and Korean give one word per character, so
  that a Chinese word of any length is a row of consecutive words. A run ends where the script changes.
* "++" and "#" belong to the word before them: "C++", "C#".
* Hyphen, apostrophe and their look-alikes part words, and a text has two *readings*: in the first,
  "pre-training" is the words "pre" and "training"; in the second, the word "pretraining". What is sought is
  found in either. Between two digits ("10-20") nothing is joined.
* Everything else (slash, dot, underscore, brackets) parts words and is not kept.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.text.titles import bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Characters that are words by themselves: kana, bopomofo, Han, Hangul; Thai, Lao, Tibetan, Burmese and Khmer.
_ALONE: Final = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0f40-\u0fbc\u1000-\u1049\u1780-\u17d3"
)
# The vowel signs of India's scripts are not letters to `re`, but without them a word falls apart. The marks
# that end a sentence there are left out.
_SIGNS: Final = "\u0900-\u0963\u0966-\u096f\u0971-\u0df3"
_LETTER: Final = rf"(?:[^\W_{_ALONE}]|[{_SIGNS}])"
_SIGN: Final = rf"(?:\+\+|\#(?![^\W_{_ALONE}]))?"
_WORD: Final = re.compile(rf"[{_ALONE}]|{_LETTER}+{_SIGN}")
_IS_ALONE: Final = re.compile(f"[{_ALONE}]")
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+(?:\+\+|\#(?![a-z0-9]))?")
# What no word of ASCII letters and digits is made of becomes a space: splitting there is four times as fast.
_SPACED: Final = {
    code: chr(code) if chr(code) in "abcdefghijklmnopqrstuvwxyz0123456789" else " " for code in range(128)
}
# Signs that make most texts with any sign outside ASCII, and signs of ASCII that are read like them: none is
# part of a word, and what joins goes on joining. One character for one.
_PLAINER: Final = (
    *((joiner, "-") for joiner in "\u2010\u2011\u2013\u2212"),
    ("\u2019", "'"),
    *((sign, ",") for sign in "\u2014\u2018\u201c\u201d\u2026\u2022"),
    ("\u00a0", " "),
)
# Hyphens, the en dash and the minus that some publishers set for a hyphen, apostrophes.
_JOINING: Final = "-\u2010\u2011\u2013\u2212'\u2019\u02bc"
_JOINER: Final = re.compile(
    rf"[{_JOINING}](?:(?<=[^\W\d_{_ALONE}].)(?=[^\W_{_ALONE}])|(?<=\d.)(?=[^\W\d_{_ALONE}]))"
)
# What is written but not read: soft hyphens, zero-width characters, variation selectors, and the accents and
# points of Latin, Greek, Cyrillic, Hebrew and Arabic. U+0345 is not among them: folded, it is an iota.
_UNREAD: Final = re.compile(
    "[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ufe00-\ufe0f\U000e0000-\U000e01ef"
    "\u0300-\u0344\u0346-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# Sorting a pile of marks into canonical order takes quadratic time (250 s for half a million). Beyond the
# thirty that Unicode's stream-safe format allows, marks become spaces; no letter is a mark.
_PILE: Final = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_PILE_MOST: Final = 30
# A character and the marks on it; plain ASCII by the run.
_CLUSTER: Final = re.compile(r"[\x00-\x7f]+(?=[\x00-\x7f]|\Z)|.[^\w\s\x00-\x7f]*", re.DOTALL)
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_MOST_CHANGED: Final = 64  # each is a pass over the text
_IS_BOUND: Final = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")  # parts of Korean syllables
_CHUNK: Final = re.compile(r"[\x00-\x7f]+(?=\s|\Z)|\s+|\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands.

    `position` counts the words of the first reading from 0. `width` is how many of them the word covers: 1,
    or more for what the second reading joins. `start` and `end` are offsets into the text as it was given.
    """

    text: str
    position: int
    width: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Readings:
    """The words of a text in both readings; the same tuple twice where nothing is joined."""

    parted: tuple[str, ...]
    joined: tuple[str, ...]


class Row(NamedTuple):
    """The words of one reading, and where each begins and ends in the text as it was given."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def words(text: str) -> tuple[str, ...]:
    """Give the words of the first reading, in order."""
    return tuple(_find_words(_folded(text)))


def readings(text: str) -> Readings:
    """Give the words of both readings."""
    folded = _folded(text)
    parted = tuple(_find_words(folded))
    whole = _JOINER.sub("", folded)
    return Readings(parted, parted if len(whole) == len(folded) else tuple(_find_words(whole)))


def haystack(text: str) -> str:
    r"""Write both readings so that a row of words is found as a part of a string.

    Each reading is its words with one space before, between and after; "\n" parts the two, and the second is
    left out where it is the same. `" graph theory "` is in it exactly if those words follow each other in one
    reading, `" graph theo"` if such words begin so.
    """
    folded = _folded(text)
    parted = " ".join(_find_words(folded))
    whole = _JOINER.sub("", folded)
    if len(whole) == len(folded):
        return f" {parted} "
    return f" {parted} \n {' '.join(_find_words(whole))} "


def tokens(text: str) -> tuple[Token, ...]:
    """Give the words of both readings by position, the narrow before the wide.

    The words of width 1 are `words(text)`. Where characters outside ASCII compose in unusual ways, the
    offsets of a word may be those of the run without spaces that it stands in.
    """
    folded, starts, ends = _traced(text)
    own = _cut(folded)
    out = [
        Token(word, position, 1, starts[start], ends[end - 1])
        for position, (word, start, end) in enumerate(zip(*own, strict=True))
    ]
    for first, last in _joined_runs(folded, own):
        joined = "".join(own.words[first : last + 1])
        start, end = starts[own.starts[first]], ends[own.ends[last] - 1]
        out.append(Token(joined, first, last + 1 - first, start, end))
    return tuple(sorted(out, key=lambda token: (token.position, token.width)))


def located(text: str) -> tuple[Row, Row]:
    """Give the words of both readings with their places; the same row twice where nothing is joined.

    The offsets are those of `tokens`.
    """
    even = aligned(text)
    if even is not None:
        return rows(even)
    text = _plainer(text)
    parted, runs = Row([], [], []), list[tuple[int, int]]()
    for folded, starts, ends in _traced_chunks(text):  # no word, and nothing that is joined, crosses a space
        own = _cut(folded)
        before = len(parted.words)
        runs += [(before + first, before + last) for first, last in _joined_runs(folded, own)]
        parted.words.extend(own.words)
        parted.starts.extend([starts[start] for start in own.starts])
        parted.ends.extend([ends[end - 1] for end in own.ends])
    return parted, _joined(parted, runs)


def rows(folded: str) -> tuple[Row, Row]:
    """Give the words of both readings of a text that `aligned` has folded, with their places."""
    own = _cut(folded)
    return own, _joined(own, _joined_runs(folded, own))


def aligned(text: str) -> str | None:
    """Fold a text if each character then stands where it stood, else give None.

    None too where very many different characters would have to be folded.
    """
    text = _plainer(text)
    if text.isascii():
        return text.lower()
    folded = {character: _folded_alone(character) for character in set(_BEYOND_ASCII.findall(text))}
    changed = {character: instead for character, instead in folded.items() if instead != character}
    if len(changed) > _MOST_CHANGED:
        return None
    for character, instead in changed.items():
        if instead is None:
            return None
        text = text.replace(character, instead)
    return text.lower()


def beginning(prefixes: Iterable[str]) -> re.Pattern[str]:
    """Make a pattern that finds, in a folded text, the words of the first reading that begin with a prefix.

    Args:
        prefixes: Beginnings of words, or whole words, as `words` gives them; at least one.
    """
    whole = sorted(re.escape(one) for one in set(prefixes) if stands_alone(one))
    # That no letter stands before is looked at last: so a search leaps to where a prefix begins.
    ways = [
        f"{re.escape(one)}(?<!{_LETTER}{'.' * len(one)})"
        for one in sorted({one.rstrip("+#") for one in prefixes if not stands_alone(one)})
    ]
    begun = [f"(?:{'|'.join(ways)}){_LETTER}*{_SIGN}"] if ways else []
    return re.compile("|".join((*whole, *begun)), re.DOTALL)


def joined_runs(folded: str, wanted: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """Give words of a folded text that only the second reading has, and where they begin and end.

    Those that `wanted` finds, a pattern that `beginning` made, and maybe others.
    """
    behind = 0
    for joiner in _JOINER.finditer(folded):
        if joiner.start() < behind:
            continue
        first = folded.rfind(" ", 0, joiner.start()) + 1  # nothing that is joined crosses a space
        behind = folded.find(" ", joiner.end())
        behind = len(folded) if behind < 0 else behind
        chunk = folded[first:behind]
        if wanted.search(_JOINER.sub("", chunk)) is None:
            continue
        own = _cut(chunk)
        for start, end in _joined_runs(chunk, own):
            yield "".join(own.words[start : end + 1]), first + own.starts[start], first + own.ends[end]


def stands_alone(word: str) -> bool:
    """Tell whether a word is one character of a script whose characters are words."""
    return len(word) == 1 and not word.isascii() and _IS_ALONE.match(word) is not None


def _folded(text: str) -> str:
    """Take away what does not count: case, accents, compatibility forms, what cannot be seen."""
    text = _plainer(text)
    if text.isascii():
        return text.lower()
    # Decomposed first, so that a mark is dropped whether it was written apart from its letter or not.
    return bare(_UNREAD.sub("", unicodedata.normalize("NFKD", _level(text))))


@lru_cache(maxsize=4096)
def _folded_alone(character: str) -> str | None:
    """Fold a character; None where it becomes several or none, or hangs together with what is beside it."""
    folded = _folded(character)
    is_alone = len(folded) == 1 and folded.lower() == folded and not _IS_BOUND.match(character)
    is_mark = any(unicodedata.category(one).startswith("M") for one in character + folded)
    return folded if is_alone and not is_mark else None


def _plainer(text: str) -> str:
    """Write common signs as those of ASCII that are read alike; the length stays."""
    if not text.isascii():
        for sign, plain in _PLAINER:
            text = text.replace(sign, plain)
    return text


def _level(text: str) -> str:
    """Cut down piles of marks; the length stays."""
    return _PILE.sub(lambda pile: pile[0][:_PILE_MOST] + " " * (len(pile[0]) - _PILE_MOST), text)


def _find_words(folded: str) -> list[str]:
    if _has_signs(folded):
        return (_ASCII_WORD if folded.isascii() else _WORD).findall(folded)
    pieces = folded.translate(_SPACED).split()
    if folded.isascii():
        return pieces
    return [word for piece in pieces for word in ((piece,) if piece.isascii() else _WORD.findall(piece))]


def _has_signs(folded: str) -> bool:
    """Tell whether there may be words that have a sign behind them."""
    return "#" in folded or "++" in folded


def _cut(folded: str) -> Row:
    """Give the words of a folded text, with places in it."""
    if not folded.isascii() or _has_signs(folded):
        pattern = _ASCII_WORD if folded.isascii() else _WORD
        spans = [match.span() for match in pattern.finditer(folded)]
        words_of = [folded[start:end] for start, end in spans]
        return Row(words_of, [start for start, _ in spans], [end for _, end in spans])
    row = Row([], [], [])
    at = 0
    for piece in folded.translate(_SPACED).split(" "):
        end = at + len(piece)
        if piece:
            row.words.append(piece)
            row.starts.append(at)
            row.ends.append(end)
        at = end + 1
    return row


def _joined_runs(folded: str, own: Row) -> list[tuple[int, int]]:
    """Give the first and the last word of each run that hangs together, in order."""
    runs: list[tuple[int, int]] = []
    for joiner in _JOINER.finditer(folded):
        following = bisect_left(own.starts, joiner.end())
        if not 0 < following < len(own.starts):
            continue
        if own.ends[following - 1] != joiner.start() or own.starts[following] != joiner.end():
            continue
        if runs and runs[-1][1] == following - 1:
            runs[-1] = runs[-1][0], following
        else:
            runs.append((following - 1, following))
    return runs


def _joined(parted: Row, runs: Sequence[tuple[int, int]]) -> Row:
    """Write the words of each run as one."""
    if not runs:
        return parted
    joined = Row([], [], [])
    following = 0
    for first, last in runs:
        joined.words.extend(parted.words[following:first])
        joined.starts.extend(parted.starts[following : first + 1])
        joined.ends.extend(parted.ends[following:first])
        joined.words.append("".join(parted.words[first : last + 1]))
        joined.ends.append(parted.ends[last])
        following = last + 1
    joined.words.extend(parted.words[following:])
    joined.starts.extend(parted.starts[following:])
    joined.ends.extend(parted.ends[following:])
    return joined


def _traced(text: str) -> tuple[str, list[int] | range, list[int] | range]:
    """Fold a text; give where each folded character begins and ends in the original."""
    text = _plainer(text)
    if text.isascii():
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for folded, own_starts, own_ends in _traced_chunks(text):
        out.append(folded)
        starts += own_starts
        ends += own_ends
    return "".join(out), starts, ends


def _traced_chunks(text: str) -> Iterator[tuple[str, list[int] | range, list[int] | range]]:
    """Fold a text as `_traced` does, by runs that spaces part."""
    for chunk in _CHUNK.finditer(_level(text)):
        if chunk[0].isascii():  # most are, also in texts that are not
            yield chunk[0].lower(), range(*chunk.span()), range(chunk.start() + 1, chunk.end() + 1)
            continue
        folded = _folded(chunk[0])
        spans = [(match.span(), _folded(match[0])) for match in _CLUSTER.finditer(chunk[0])]
        if "".join(piece for _, piece in spans) != folded:  # characters of two clusters have composed
            spans = [((0, len(chunk[0])), folded)]
        starts: list[int] = []
        ends: list[int] = []
        for (start, end), piece in spans:
            is_even = len(piece) == end - start
            for number in range(len(piece)):
                starts.append(chunk.start() + (start + number if is_even else start))
                ends.append(chunk.start() + (start + number + 1 if is_even else end))
        yield folded, starts, ends
