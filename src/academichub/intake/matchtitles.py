"""Compare two titles word by word: what they share, what each has alone, which numbers they name."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.intake.matchwords import (
    CJK_PART,
    CONTRAST,
    FEWEST_WORDS,
    FORM_WORDS,
    GENERIC_TITLE,
    GENERIC_WORDS,
    LABELS,
    LETTERS,
    NOTICE_BACKS,
    NOTICE_EDGES,
    NOTICE_FRONTS,
    NOTICES,
    NUMBER_OF,
    ONLY_LABELLED,
    ROMAN,
    SMALL_WORDS,
    TURNING,
)
from academichub.model.papers import Kind
from academichub.text.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST_TITLE: Final = 600  # characters that are looked at; the longest real titles have about 400
_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CJK_APART: Final = re.compile(f"{_CJK.pattern}|[^{_CJK.pattern[1:-1]}]+")
_CJK_WORD: Final = 2.0  # characters in a Chinese word, on average
_DIGITS: Final = re.compile(r"[0-9]+")
_KIND_NOTICES: Final = {
    Kind.CORRECTION: "correction",
    Kind.RETRACTION: "retraction",
    Kind.DATASET: "supplement",
}
_CUT: Final = ("…", "...")
_SUBTITLE_MARK: Final = re.compile(r"\s?[:：?？!！.。;；(（\[]|\s?[–—]{1,2}|--|\s-\s")
_MOST_MARKS: Final = 4

# How many letters a word counts.
_SMALL_MASS: Final = 1.0
_CJK_MASS: Final = 3.0  # a character carries about half a word of six letters
_MOST_MASS: Final = 9.0  # beyond, a word says no more for being long
_FORM_MASS: Final = 0.5

_CLOSE: Final = 0.78  # `letter_ratio` from which two words are one, misspelt
_FEWEST_LETTERS: Final = 4  # of a word that may be misspelt
_ENDING: Final = 2  # letters a plural or the like adds
_MOST_LEFT: Final = 8  # words left over on a side that are looked at for misspellings
_WORTH_LOOKING: Final = 0.5  # letters shared for each left over, below which they are not looked for
_FEW_WORDS: Final = 4  # of which two misspelt ones leave next to nothing shared


class Title(NamedTuple):
    """A title taken apart. `size` is in words; two Chinese characters are one."""

    text: str
    key: str  # as `title_key` gives it; "" for a title without a word
    glued: str  # the key without spaces
    words: tuple[str, ...]  # in order; every Chinese or Japanese character is a word
    bag: frozenset[str]
    numbers: frozenset[str]
    parts: frozenset[str]  # those that count the parts of a series: "Part II", "（二）"
    notice: str  # "correction", "reply", ...; "" for a plain title
    size: float
    is_generic: bool  # many works bear it, or might
    is_listed: bool  # many works do bear it: "Editorial"
    is_cjk: bool  # mostly Chinese or Japanese characters


class Likeness(NamedTuple):
    """How alike two titles are. Shares are of the letters that count, in [0, 1]."""

    ratio: float  # 1.0 is the same title
    swapped: float  # share that each side has in the place of the other's
    extra: float  # share that only one side has
    left: tuple[frozenset[str], frozenset[str]]  # words that only the one or only the other has


_SAME: Final = Likeness(1.0, 0.0, 0.0, (frozenset(), frozenset()))


def read_title(text: str, *, kind: Kind | None = None) -> Title:
    """Take a plain title apart."""
    text = text[:LONGEST_TITLE]
    key = title_key(text)
    cjk = 0
    words: tuple[str, ...] = tuple(key.split())
    if not key.isascii():
        words = tuple(piece for word in words for piece in _CJK_APART.findall(word))
        cjk = len(_CJK.findall(key))
    bag = frozenset(words)
    size = len(words) - cjk + cjk / _CJK_WORD
    is_listed = (cjk > 0 or not GENERIC_WORDS.isdisjoint(bag)) and bool(GENERIC_TITLE.fullmatch(key))
    numbers, parts = _numbers(words, cjk_text=text if cjk else "")
    return Title(
        text=text,
        key=key,
        glued=key.replace(" ", ""),
        words=words,
        bag=bag,
        numbers=numbers,
        parts=parts,
        notice=(_KIND_NOTICES.get(kind, "") if kind else "") or _notice(text, is_cjk=cjk > 0),
        size=size,
        is_generic=size < FEWEST_WORDS or is_listed,
        is_listed=is_listed,
        is_cjk=2 * cjk > len(words),
    )


def _notice(text: str, *, is_cjk: bool) -> str:
    """Tell what a title says it is to another paper, "" where it says nothing."""
    low = text.lower().strip(NOTICE_EDGES)
    if not (is_cjk or low.startswith(NOTICE_FRONTS) or low.endswith(NOTICE_BACKS)):
        return ""
    return next((name for name, pattern in NOTICES if pattern.search(low)), "")


def _numbers(words: tuple[str, ...], *, cjk_text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Collect the numbers of a title as digits, and those among them that count parts.

    Roman and spelled numbers count too. "i", "a" and the like count only behind "part", or at the end.
    """
    numbers: set[str] = set()
    parts: set[str] = set()
    last = len(words) - 1
    for place, word in enumerate(words):
        if not word.isalpha():
            found = {digits.lstrip("0") or "0" for digits in _DIGITS.findall(word)}
        elif word in NUMBER_OF or word in LETTERS:
            found = {NUMBER_OF.get(word, word)}
        else:
            continue
        is_labelled = place > 0 and words[place - 1] in LABELS
        if is_labelled or (place == last > 0 and word in ROMAN):
            parts |= found
        elif word not in ONLY_LABELLED:
            numbers |= found
    if cjk_text:
        parts.update(NUMBER_OF.get(sign, sign) for sign in CJK_PART.findall(cjk_text))
    return frozenset(numbers | parts), frozenset(parts)


def is_subtitled(short: Title, long: Title) -> bool:
    """Tell whether a title is another one without its subtitle, or without the name before its colon."""
    for mark in islice(_SUBTITLE_MARK.finditer(long.text), _MOST_MARKS):
        parts = (long.text[: mark.start()], long.text[mark.end() :])
        if any(title_key(part).replace(" ", "") == short.glued for part in parts):
            return True
    return False


# -- two titles -----------------------------------------------------------------------------------


def compare_titles(one: Title, other: Title, *, told: Collection[str] = ()) -> Likeness:
    """Say how alike two titles are, in whatever order their words stand.

    Args:
        one: A title with a word in it.
        other: Another one.
        told: Words that the records' other fields explain: names of authors, the venue, the year. Where
            only one title has them, they are noise and not part of the title.

    Returns:
        Words count by their letters; small words and words such as "extended abstract" hardly count.
    """
    if one.glued == other.glued or _is_cut_short(one, other) or _is_cut_short(other, one):
        return _SAME
    left, right = set(one.bag - other.bag), set(other.bag - one.bag)
    shared = _mass(one.bag & other.bag)
    is_near = min(len(one.bag), len(other.bag)) <= _FEW_WORDS
    is_near = is_near or shared >= _WORTH_LOOKING * min(_mass(left), _mass(right))
    if left and right and is_near:
        shared += _pair_up(left, right, one=one, other=other)
    noise_left, noise_right = left.intersection(told), right.intersection(told)
    alone, beside = _weight_left(left - noise_left), _weight_left(right - noise_right)
    total = 2 * shared + alone + beside
    ratio = 2 * shared / total if total else 1.0
    if is_near and ratio < 1.0:
        ratio = max(ratio, letter_ratio(_letters(one, noise_left), _letters(other, noise_right)))
    swapped = min(alone, beside)
    return Likeness(
        ratio=ratio,
        swapped=swapped / (shared + swapped or 1.0),
        extra=abs(alone - beside) / (shared + max(alone, beside) or 1.0),
        left=(frozenset(left), frozenset(right)),
    )


def _is_cut_short(one: Title, other: Title) -> bool:
    """Tell whether a title ends in "…" where the other goes on."""
    return (
        one.size >= FEWEST_WORDS and one.text.rstrip().endswith(_CUT) and other.glued.startswith(one.glued)
    )


def _mass_of(word: str) -> float:
    if word in SMALL_WORDS:
        return _SMALL_MASS
    if len(word) == 1 and _CJK.match(word):
        return _CJK_MASS
    return min(len(word), _MOST_MASS)


def _mass(words: Iterable[str]) -> float:
    return sum(map(_mass_of, words))


def _weight_left(words: Iterable[str]) -> float:
    """Weigh the words that a title has alone."""
    return sum(_FORM_MASS if word in FORM_WORDS else _mass_of(word) for word in words)


def _letters(title: Title, noise: Collection[str]) -> str:
    return "".join(word for word in title.words if word not in noise) if noise else title.glued


def _pair_up(left: set[str], right: set[str], *, one: Title, other: Title) -> float:
    """Take words off both sides that are one word written twice; give the letters they share.

    Parted words ("object oriented", "objectoriented"), plurals and misspellings.
    """
    shared = _join(left, right, one) + _join(right, left, other)
    if len(left) > _MOST_LEFT or len(right) > _MOST_LEFT:
        return shared
    for word in sorted(left):
        if len(word) < _FEWEST_LETTERS:
            continue
        close = ((_closeness(word, near), near) for near in right if len(near) >= _FEWEST_LETTERS)
        closeness, found = max(close, default=(0.0, ""))
        if closeness >= _CLOSE:
            left.discard(word)
            right.discard(found)
            shared += closeness * min(_mass_of(word), _mass_of(found))
    return shared


def _join(parts: set[str], wholes: set[str], title: Title) -> float:
    """Take off words that stand next to each other in one title and glued together in the other."""
    shared = 0.0
    for first, second in pairwise(title.words):
        glued = first + second
        if glued in wholes and (first in parts or second in parts):
            parts.difference_update((first, second))
            wholes.discard(glued)
            shared += _mass_of(glued)
    return shared


def _closeness(one: str, other: str) -> float:
    """Tell how close two words are: plurals and misspellings are, opposites and numbers are not."""
    if one[0] != other[0] and one[-1] != other[-1]:
        return 0.0
    if not (one.isalpha() and other.isalpha()):
        return 0.0
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if long.startswith(short):
        return 0.95 if len(long) - len(short) <= _ENDING else 0.8  # "databases", "dept"
    if long.endswith(short) and long[: -len(short)] in TURNING:
        return 0.0
    front, beside = CONTRAST.match(one), CONTRAST.match(other)
    if front and beside and front[0] != beside[0]:
        return 0.0
    return letter_ratio(one, other)


def letter_ratio(one: str, other: str) -> float:
    """Give twice the letters two texts share in order, over all their letters: 1.0 for equal texts.

    Source:
        Longest common subsequence by bits in one integer: Hyyrö, "Bit-parallel LCS-length computation
        revisited" (2004).
    """
    if not one or not other:
        return 0.0
    places: dict[str, int] = {}
    bit = 1
    for letter in one:
        places[letter] = places.get(letter, 0) | bit
        bit <<= 1
    everywhere = bit - 1
    unmatched = everywhere
    find = places.get
    for letter in other:
        hit = unmatched & find(letter, 0)
        if hit:
            unmatched = (unmatched + hit) | (unmatched - hit)
    length = len(one) - (unmatched & everywhere).bit_count()
    return 2 * length / (len(one) + len(other))
