"""Compare two titles word by word: what they share, what each has alone, which numbers they name."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, pairwise
from operator import add
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
    from collections.abc import Collection

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
_TYPE_SIGN: Final = re.compile(r"\s*\[[A-Z](?:/OL)?\]$")  # GB/T 7714
_CUT: Final = ("…", "...")
_SUBTITLE_MARK: Final = re.compile(r"\s?[:：?？!！.。;；(（\[]|\s?[–—]{1,2}|--|\s-\s")
_MOST_MARKS: Final = 4
_NUMBERS: Final = LETTERS.union(NUMBER_OF)
_NONE: Final[frozenset[str]] = frozenset()

# How many letters a word counts.
_SMALL_MASS: Final = 1.0
_CJK_MASS: Final = 3.0  # a character carries about half a word of six letters
_LEAST_MASS: Final = 3.0  # "W boson", "Z boson"
_MOST_MASS: Final = 9.0  # beyond, a word says no more for being long
_FORM_MASS: Final = 0.5

_CLOSE: Final = 0.78  # `letter_ratio` from which two words are one, misspelt
_FEWEST_LETTERS: Final = 4  # of a word that may be misspelt
_ENDING: Final = 2  # letters a plural or the like adds
_MOST_LEFT: Final = 8  # words left over on a side that are looked at for misspellings
_WORTH_LOOKING: Final = 0.5  # letters shared for each left over, below which they are not looked for
_CACHE: Final = 20_000  # words; titles share most of theirs
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
    text = _without_type(text[:LONGEST_TITLE].rstrip())
    key = title_key(text)
    cjk = 0
    words: tuple[str, ...] = tuple(key.split())
    if not key.isascii():
        words = tuple(piece for word in words for piece in _CJK_APART.findall(word))
        cjk = len(_CJK.findall(key))
    bag = frozenset(words)
    size = len(words) - cjk + cjk / _CJK_WORD
    is_listed = (cjk > 0 or not GENERIC_WORDS.isdisjoint(bag)) and bool(GENERIC_TITLE.fullmatch(key))
    numbers = parts = _NONE
    if cjk or _DIGITS.search(key) or not _NUMBERS.isdisjoint(bag):
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


def _without_type(text: str) -> str:
    """Take the sign of the type of document off the end, which Chinese references put there: "[J]"."""
    return _TYPE_SIGN.sub("", text) if text.endswith("]") else text


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
    left, right = one.bag - other.bag, other.bag - one.bag
    shared = sum([_mass_of(word) for word in one.bag & other.bag])
    alone, beside = _mass_alone(left), _mass_alone(right)
    if left and right and _is_worth_pairing(one, other, shared=shared, alone=min(alone, beside)):
        left, right, paired = _pair_up(left, right, one=one, other=other)
        shared += paired
        alone, beside = _mass_alone(left), _mass_alone(right)
    noise = (left | right).intersection(told)
    if noise:
        alone, beside = _mass_alone(left - noise), _mass_alone(right - noise)
    total = 2 * shared + alone + beside
    ratio = 2 * shared / total if total else 1.0
    if ratio < 1.0:
        ratio = max(ratio, _shared_pairs(_letters(one, left & noise), _letters(other, right & noise)))
    swapped = min(alone, beside)
    return Likeness(
        ratio=ratio,
        swapped=swapped / (shared + swapped or 1.0),
        extra=abs(alone - beside) / (shared + max(alone, beside) or 1.0),
        left=(left, right),
    )


def _is_worth_pairing(one: Title, other: Title, *, shared: float, alone: float) -> bool:
    """Tell whether words that two titles do not share may be misspellings of each other."""
    return shared >= _WORTH_LOOKING * alone or min(len(one.bag), len(other.bag)) <= _FEW_WORDS


def _is_cut_short(one: Title, other: Title) -> bool:
    """Tell whether a title ends in "…" where the other goes on."""
    return one.size >= FEWEST_WORDS and one.text.endswith(_CUT) and other.glued.startswith(one.glued)


@lru_cache(_CACHE)
def _mass_of(word: str) -> float:
    if word in SMALL_WORDS:
        return _SMALL_MASS
    if len(word) == 1 and _CJK.match(word):
        return _CJK_MASS
    return min(max(len(word), _LEAST_MASS), _MOST_MASS)


def _mass_alone(words: Collection[str]) -> float:
    """Weigh the words that a title has alone."""
    return sum([_FORM_MASS if word in FORM_WORDS else _mass_of(word) for word in words])


def _letters(title: Title, noise: Collection[str]) -> str:
    return "".join(word for word in title.words if word not in noise) if noise else title.glued


def _shared_pairs(one: str, other: str) -> float:
    """Give the share of pairs of neighbouring letters that two texts have in common (Dice)."""
    a, b = set(map(add, one, one[1:])), set(map(add, other, other[1:]))
    return 2 * len(a & b) / (len(a) + len(b) or 1)


def _pair_up(
    left: frozenset[str], right: frozenset[str], *, one: Title, other: Title
) -> tuple[frozenset[str], frozenset[str], float]:
    """Take words off both sides that are one word written twice; give what is left, and what they share.

    Parted words ("object oriented", "objectoriented"), plurals and misspellings.
    """
    lefts, rights = set(left), set(right)
    shared = _join(lefts, rights, one) + _join(rights, lefts, other)
    if len(lefts) <= _MOST_LEFT and len(rights) <= _MOST_LEFT:
        for word in sorted(lefts):
            if len(word) < _FEWEST_LETTERS:
                continue
            first, last = word[0], word[-1]
            close = [
                (_closeness(word, near), near)
                for near in rights
                if len(near) >= _FEWEST_LETTERS and (near[0] == first or near[-1] == last)
            ]
            closeness, found = max(close, default=(0.0, ""))
            if closeness >= _CLOSE:
                lefts.discard(word)
                rights.discard(found)
                shared += closeness * min(_mass_of(word), _mass_of(found))
    return frozenset(lefts), frozenset(rights), shared


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


@lru_cache(_CACHE)
def _closeness(one: str, other: str) -> float:
    """Tell how close two words are: plurals and misspellings are, opposites and numbers are not."""
    if not (one.isalpha() and other.isalpha()):
        return 0.0
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if long.startswith(short):
        return 0.95 if len(long) - len(short) <= _ENDING else 0.8  # "databases", "univ"
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
