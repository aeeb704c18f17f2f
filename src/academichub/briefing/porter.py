"""Take the endings off English words as ROUGE does, so that figures can be set beside published ones.

Source:
    Porter, An algorithm for suffix stripping (1980), with the departures of its author's later programs that
    the usual scorer of ROUGE makes too: "-ies" and "-ied" of four letters, "-bli", "-fulli", "-logi", "-alli"
    taken again, a final y after one letter, and a short list of irregular words. It is for measuring only:
    the hub compares papers by `text.cutting.stem`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Final

_VOWELS: Final = "aeiou"
_SHORT: Final = 4  # letters of "ties" and "tied", which keep their e
_IRREGULAR: Final = {
    "sky": "sky",
    "skies": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "inning": "inning",
    "innings": "inning",
    "outing": "outing",
    "outings": "outing",
    "canning": "canning",
    "cannings": "canning",
    "news": "news",
    "howe": "howe",
    "proceed": "proceed",
    "exceed": "exceed",
    "succeed": "succeed",
}
_SECOND: Final = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
)
_THIRD: Final = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
)
_FOURTH: Final = (
    *("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism"),
    *("ate", "iti", "ous", "ive", "ize"),
)


@lru_cache(maxsize=1 << 16)
def porter(word: str) -> str:
    """Stem a word of small ASCII letters and digits."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2:  # noqa: PLR2004 - "is" and "as" are whole
        return word
    for step in (_plural, _past, _final_y, _second, _third, _fourth, _final_e, _double_l):
        word = step(word)
    return word


def _is_consonant(word: str, at: int) -> bool:
    if word[at] in _VOWELS:
        return False
    return word[at] != "y" or at == 0 or not _is_consonant(word, at - 1)


def _measure(stem: str) -> int:
    """Count the passages from vowels to consonants."""
    shape = [_is_consonant(stem, at) for at in range(len(stem))]
    return sum(then and not now for now, then in pairwise(shape))


def _has_vowel(stem: str) -> bool:
    return any(not _is_consonant(stem, at) for at in range(len(stem)))


def _ends_short(word: str) -> bool:
    """Tell whether a word ends consonant, vowel, consonant ("hop"), or is vowel and consonant ("us")."""
    if len(word) == 2:  # noqa: PLR2004 - as said
        return not _is_consonant(word, 0) and _is_consonant(word, 1)
    return (
        len(word) > 2  # noqa: PLR2004 - as said
        and _is_consonant(word, len(word) - 3)
        and not _is_consonant(word, len(word) - 2)
        and _is_consonant(word, len(word) - 1)
        and word[-1] not in "wxy"
    )


def _ends_double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _plural(word: str) -> str:
    if word.endswith("ies"):
        return word[:-1] if len(word) == _SHORT else word[:-2]
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == _SHORT else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    ending = next((one for one in ("ed", "ing") if word.endswith(one)), "")
    stem = word[: len(word) - len(ending)]
    if not ending or not _has_vowel(stem):
        return word
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if _ends_double(stem):
        return stem if stem[-1] in "lsz" else stem[:-1]
    return stem + "e" if _measure(stem) == 1 and _ends_short(stem) else stem


def _final_y(word: str) -> str:
    stem = word[:-1]
    is_changed = word.endswith("y") and len(stem) > 1 and _is_consonant(stem, len(stem) - 1)
    return stem + "i" if is_changed else word


def _second(word: str) -> str:
    if word.endswith("alli") and _measure(word[:-4]):
        return _second(word[:-2])
    if word.endswith("logi"):
        return word[:-1] if _measure(word[:-3]) else word
    return _replaced(word, _SECOND)


def _third(word: str) -> str:
    return _replaced(word, _THIRD)


def _replaced(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    """Replace the first ending that the word has, if a syllable stays before it."""
    for ending, instead in endings:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return stem + instead if _measure(stem) else word
    return word


def _fourth(word: str) -> str:
    for ending in _FOURTH:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            is_kept = _measure(stem) <= 1 or (ending == "ion" and not stem.endswith(("s", "t")))
            return word if is_kept else stem
    return word


def _final_e(word: str) -> str:
    stem = word[:-1]
    if not word.endswith("e"):
        return word
    measure = _measure(stem)
    return stem if measure > 1 or (measure == 1 and not _ends_short(stem)) else word


def _double_l(word: str) -> str:
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
