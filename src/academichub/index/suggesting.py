"""Put misspelt words of a question right, by the words that the index itself holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from academichub.index.schema import bounded
from academichub.model.query import Field, Term
from academichub.text.queryparts import wanted
from academichub.text.words import stands_alone, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tantivy

    from academichub.model.query import Query

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST: Final = 4  # letters of a word that is looked after: shorter ones are near to everything
_TWICE_FROM: Final = 7  # letters from which two mistakes are thought of
_LONGEST: Final = 30
_BEGINNING: Final = 3  # letters that are thought right where there are two mistakes
_LEAST: Final = 2  # works with a word before it is offered
# How much commoner a neighbour must be than a word that is known: most rare words are no mistakes.
_FAR_COMMONER: Final = 1_000
_TWO: Final = 2  # mistakes
_RARE: Final = 2  # works; a word of more is never doubted
_FIELDS: Final = {None: ("title", "abstract"), Field.TITLE: ("title",), Field.ABSTRACT: ("abstract",)}
_MOST_WORDS: Final = 20  # of a question that are looked after


def suggest(searcher: tantivy.Searcher, text: str, query: Query) -> str:
    """Give the question with words that are unknown, or far rarer than a neighbour, replaced; or "".

    Args:
        searcher: Of the index.
        text: As the reader wrote it.
        query: What was read from it. What stands under NOT, in other fields or before a star is left alone.
    """
    right = _Speller(searcher)
    doubted: dict[str, str] = {}
    for term in wanted(query):
        if not isinstance(term, Term) or term.is_prefix or term.field not in _FIELDS:
            continue
        for word in term.words:
            if word not in doubted and len(doubted) < _MOST_WORDS:
                doubted[word] = right.spelling(word)
    out: list[str] = []
    end = 0
    for token in tokens(text):
        better = doubted.get(token.text, "") if token.width == 1 else ""
        is_label = text[token.end :].lstrip()[:1] in (":", "：")
        if better and better != token.text and not is_label and token.start >= end:
            out += [text[end : token.start], better]
            end = token.end
    return "".join([*out, text[end:]]) if out else ""


class _Speller:
    """Knows how many works have a word, and its neighbours."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def spelling(self, word: str) -> str:
        """Give a better spelling of a word, or the word."""
        if not _SHORTEST <= len(word) <= _LONGEST or stands_alone(word[0]) or not word.isalpha():
            return word
        own = self._works(word)
        if own > _RARE or self._is_name(word):
            return word
        least = max(_LEAST, own * _FAR_COMMONER)
        near = self._best(_one_away(word), least)
        if near is None and own == 0 and len(word) >= _TWICE_FROM:
            near = self._best(self._two_away(word), least)
        return near or word

    def _works(self, word: str) -> int:
        return self._searcher.doc_freq("title", bounded(word)) + self._searcher.doc_freq(
            "abstract", bounded(word)
        )

    def _is_name(self, word: str) -> bool:
        return self._searcher.doc_freq("author", bounded(word)) > 0

    def _best(self, words: Iterator[str], least: int) -> str | None:
        """Give the word of most works, the first by alphabet of equals."""
        counted = ((-self._works(word), word) for word in set(words))
        most, best = min(counted, default=(0, ""))
        return best if -most >= least else None

    def _two_away(self, word: str) -> Iterator[str]:
        """Give known words with the same first letters that two changes make of this one."""
        known = self._searcher.terms_with_prefix("abstract", word[:_BEGINNING])
        for other, works in known:
            if works >= _LEAST and distance(word, other, most=_TWO) <= _TWO:
                yield other


def _one_away(word: str) -> Iterator[str]:
    """Give everything that one letter left out, added, changed, or changed places makes of a word."""
    letters = sorted({*_LETTERS, *word})
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (f"{head}{letter}{tail}" for letter in letters)
        if tail:
            yield f"{head}{tail[1:]}"
            yield from (f"{head}{letter}{tail[1:]}" for letter in letters)
        if len(tail) > 1:
            yield f"{head}{tail[1]}{tail[0]}{tail[2:]}"


def distance(one: str, other: str, *, most: int) -> int:
    """Count the letters to leave out, add, change or let change places; `most` + 1 stands for all above.

    Source:
        Optimal string alignment distance, row by row, given up where a whole row is above `most`.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, theirs in enumerate(other, start=1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == theirs:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, above = above, current
    return min(above[-1], most + 1)
