"""Cut a text into the words by which papers are compared.

English words lose their endings, so that "learning", "learned" and "learns" meet. Where a script writes no
spaces, every pair of neighbouring characters is a word.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Final

from academichub.text.words import words

LONGEST_TEXT: Final = 20_000  # characters; more says nothing new about a paper
_LONGEST_WORD: Final = 40
_FIRST_SCRIPT_WITHOUT_SPACES: Final = "\u0e01"  # Thai; the ones before it are alphabets

# Words that bind others and say nothing about a subject.
_STOP_WORDS: Final = """
about above after again against all also am among an and any are as at be because been before being
below between both but by can could did do does doing down during each either etc few for from further
had has have having he her here hers him his how however if in into is it its itself just may me might
more most much must my near no nor not now of off on once one only onto or other our ours out over own
per rather same she should since so some such than that the their theirs them then there these they this
those through thus to together too toward towards two under until up upon us use used using very via was
we well were what when where whether which while who whom whose why will with within without would yet
you your
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())

# (ending, what takes its place, letters that must stay before it); the first that fits is taken.
_ENDINGS: Final = (
    ("ization", "iz", 4),
    ("isation", "iz", 4),
    ("ational", "at", 4),
    ("ations", "at", 3),
    ("ation", "at", 3),
    ("ically", "ic", 3),
    ("ingly", "", 3),
    ("edly", "", 3),
    ("ical", "ic", 3),
    ("ally", "al", 3),
    ("ively", "iv", 3),
    ("ment", "", 4),
    ("ness", "", 3),
    ("ing", "", 3),
    ("ive", "iv", 3),
    ("ity", "", 3),
    ("ize", "iz", 2),
    ("ise", "iz", 2),
    ("ion", "", 3),
    ("ed", "", 3),
    ("ly", "", 3),
    ("e", "", 3),
)
_LAST_LETTERS: Final = frozenset(ending[-1] for ending, _, _ in _ENDINGS)
_SHORTEST_PLURAL: Final = 4
_SHORTEST_IES: Final = 5
_SHORT_STEM: Final = 3  # "fly", of "flies"


def cut(text: str) -> list[list[str]]:
    """Cut a text into runs of words; two neighbours of one run may form a pair.

    Returns:
        Runs in the order of the text, none empty. A run of a script without spaces is its pairs of
        characters.
    """
    runs: list[list[str]] = []
    latin: list[str] = []
    alone: list[str] = []
    for word in words(text[:LONGEST_TEXT]):
        if is_alone(word):
            _close(runs, latin)
            alone.append(word)
            continue
        _close(runs, _pairs(alone))
        alone.clear()
        if len(word) > 1 and word not in STOP_WORDS:
            latin.append(stem(word[:_LONGEST_WORD]))
    _close(runs, latin)
    _close(runs, _pairs(alone))
    return runs


def _close(runs: list[list[str]], run: list[str]) -> None:
    if run:
        runs.append(list(run))
        run.clear()


def _pairs(alone: list[str]) -> list[str]:
    return alone[:] if len(alone) == 1 else [a + b for a, b in pairwise(alone)]


def is_alone(word: str) -> bool:
    """Tell whether a word is of a script that writes no spaces."""
    return word >= _FIRST_SCRIPT_WITHOUT_SPACES


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Take the plural and then one more ending off an English word; most others pass unharmed."""
    word = _singular(word)
    if word[-1:] not in _LAST_LETTERS:
        return word
    for ending, instead, stays in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= stays:
            return word[: -len(ending)] + instead
    return word


def kept_of(stemmed: str) -> str:
    """Give what every word begins with that has this stem: no rule reaches further to the front."""
    return stemmed[:2] if len(stemmed) <= _SHORT_STEM else stemmed[:3]


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) >= _SHORTEST_IES:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]
