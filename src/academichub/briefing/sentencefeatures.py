"""Describe the sentences of an abstract in numbers: what they say, where they stand, how central they are."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.briefing.cues import CUES, NUMBER, cues, has_han, tokens
from academichub.text.cutting import STOP_WORDS, cut, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.text.terms import Matrix, Vector

MOST_SENTENCES: Final = 80  # of an abstract that are looked at
LONGEST_SENTENCE: Final = 2_000  # characters of it that are looked at
_DAMPING: Final = 0.85
_STEPS: Final = 20
_WORDS: Final = 30.0  # of a sentence of usual length
_LONGEST: Final = 80.0  # words
_LONG: Final = 45
_SHORT: Final = 8
_HAN_PER_WORD: Final = 1.7  # characters
_CAPITALS: Final = re.compile(r"\b[A-Z]{2,}")

_OWN: Final = (
    *("one over count", "place", "place squared", "place from the start", "first", "second", "last"),
    *("length", "length squared", "short", "long", "numbers", "percent", "acronyms", "bracket", "colon"),
    *("commas", "formula", "lexrank", "lexrank order", "centroid", "centroid order"),
    *("title held", "held in title", "title f1", "title pairs f1", "title order"),
    *("first that makes", "first that does", "after the first that makes", "writer before", "writers before"),
    *("makers before", "like the one before", "known before", "method behind", "alone"),
)
FEATURES: Final = (*_OWN, *CUES)
_CUE: Final = {name: at for at, name in enumerate(CUES)}


def describe(title: str, sentences: Sequence[str], words: Sequence[Sequence[str]]) -> Matrix:
    """Describe each sentence of an abstract by the numbers of `FEATURES`.

    Args:
        title: Of the paper; "" where there is none.
        sentences: Of its abstract, in order, at least one and at most `MOST_SENTENCES`.
        words: The `cues.tokens` of each.

    Returns:
        Shape (sentences, features), each between -3 and 9, unscaled.
    """
    count = len(sentences)
    found = np.array([cues(one, its) for one, its in zip(sentences, words, strict=True)], dtype=np.float64)
    terms = [_terms(one, its) for one, its in zip(sentences, words, strict=True)]
    near = _similarities(terms)
    spread = max(1, count - 1)
    at = np.arange(count)
    length = np.array([_length(one, its) for one, its in zip(sentences, words, strict=True)])
    lexrank = _lexrank(near) * count
    centroid = near.mean(axis=1)
    title_terms = _terms(title, tokens(title))
    of_title = np.array([_beside_title(title_terms, its) for its in terms])
    columns = [
        np.full(count, 1 / count),
        at / spread,
        (at / spread) ** 2,
        np.minimum(at, 10) / 10,
        at == 0,
        at == 1,
        at == count - 1,
        length / _WORDS,
        (length / _WORDS) ** 2,
        length < _SHORT,
        length > _LONG,
        np.array([min(3, its.count(NUMBER)) / 3 for its in words]),
        np.array(["%" in its for its in words]),
        np.array([min(5, len(_CAPITALS.findall(one))) / 5 for one in sentences]),
        np.array(["(" in its for its in words]),
        np.array([":" in its for its in words]),
        np.array([min(5, its.count(",")) / 5 for its in words]),
        np.array(["$" in its for its in words]),
        lexrank,
        _order(lexrank) / spread,
        centroid,
        _order(centroid) / spread,
        *of_title.T,
        _order(of_title[:, 2]) / spread,
        *_neighbourhood(found, near),
        np.full(count, count == 1),
    ]
    return np.hstack([np.column_stack(columns).astype(np.float64), found])


def _terms(text: str, words: Sequence[str]) -> list[str]:
    """Stem the words that say something of a subject; Chinese is cut into pairs of characters."""
    if has_han(text):
        return [term for run in cut(text) for term in run]
    return [stem(one) for one in words if len(one) > 1 and one not in STOP_WORDS]


def _length(sentence: str, words: Sequence[str]) -> float:
    """Count words, at most `_LONGEST`; Chinese is counted by its characters."""
    count = len(sentence) / _HAN_PER_WORD if has_han(sentence) else sum(one.isalnum() for one in words)
    return min(_LONGEST, float(count))


def _similarities(terms: Sequence[Sequence[str]]) -> Matrix:
    """Give the cosine of every two sentences by their words; each is like itself."""
    column: dict[str, int] = {}
    for its in terms:
        for term in its:
            column.setdefault(term, len(column))
    table = np.zeros((len(terms), len(column) + 1))
    for row, its in zip(table, terms, strict=True):
        for term in its:
            row[column[term]] += 1
    lengths = np.sqrt((table**2).sum(axis=1, keepdims=True))
    unit = table / np.maximum(lengths, 1.0)
    near: Matrix = unit @ unit.T
    np.fill_diagonal(near, 1.0)
    return near


def _lexrank(near: Matrix) -> Vector:
    """Give the share of a walk from sentence to like sentence that is spent at each; they add up to 1.

    Source:
        Erkan and Radev, LexRank (2004), the continuous form.
    """
    steps = near / near.sum(axis=1, keepdims=True)
    share: Vector = np.full(len(near), 1 / len(near))
    for _ in range(_STEPS):
        share = (1 - _DAMPING) / len(near) + _DAMPING * (share @ steps)
    return share


def _order(scores: Vector) -> Vector:
    """Number by falling score, from 0; equals in the order of the text."""
    # Rounded, so that the last bits of a sum, which differ between machines, decide nothing.
    places = np.argsort(-np.round(scores, 9), kind="stable")
    order = np.empty(len(scores))
    order[places] = np.arange(len(scores))
    return order


def _beside_title(title: Sequence[str], terms: Sequence[str]) -> tuple[float, float, float, float]:
    """Compare with the title: share of it held, share held in it, F1 of words and of pairs."""
    if not title or not terms:
        return (0.0, 0.0, 0.0, 0.0)
    ours, theirs = set(terms), set(title)
    both = len(ours & theirs)
    pairs = (Counter(pairwise(terms)) & Counter(pairwise(title))).total()
    of_pairs = 2 * pairs / (len(terms) + len(title) - 2) if pairs else 0.0
    return (both / len(theirs), both / len(ours), 2 * both / (len(title) + len(terms)), of_pairs)


def _neighbourhood(found: Matrix, near: Matrix) -> tuple[Vector, ...]:
    """Describe what stands before and behind each sentence."""
    makes = found[:, _CUE["makes"]]
    does = (makes + found[:, _CUE["studies"]] + found[:, _CUE["shows"]] > 0).astype(np.float64)
    writers = _before(found[:, _CUE["writer"]])
    makers = _before(makes)
    last = np.concatenate([[0.0], np.diagonal(near, 1)])
    known = np.concatenate([[0.0], found[:-1, _CUE["known"]]])
    behind = found[:, _CUE["our method"]] + found[:, _CUE["opens with a purpose"]]
    behind += found[:, _CUE["opens with a pronoun"]]
    columns = (
        (makes > 0) & (makers == 0),
        (does > 0) & (_before(does) == 0),
        makers > 0,
        writers > 0,
        np.minimum(writers, 3) / 3,
        makes * np.minimum(makers, 3) / 3,
        last,
        known,
        np.concatenate([behind[1:] > 0, [False]]),
    )
    return tuple(one.astype(np.float64) for one in columns)


def _before(flags: Vector) -> Vector:
    """Count the flags before each place."""
    return np.concatenate([[0.0], np.cumsum(flags)[:-1]])
