"""Find where the words of a query stand in texts: all its terms in one pass over the words of a text."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.query import Field, Term
from academichub.text.cutting import kept_of, stem
from academichub.text.querymatch import root
from academichub.text.queryparts import wanted
from academichub.text.words import aligned, beginning, joined_runs, located, rows

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from academichub.model.query import Query
    from academichub.text.words import Row


_BACK: Final = 64  # characters before a word that are looked at first
_WIDEST: Final = 512  # characters that are looked at around a word


class Mark(NamedTuple):
    """A place in a text that a term of the question found; `term` is the term's number."""

    start: int
    end: int
    term: int


class _Claim(NamedTuple):
    """A term that a word may end, and the words that must stand before it."""

    term: int
    before: list[str]


class Seeker:
    """Seeks what a query asks of one field. Made for one page of works: it remembers their words."""

    def __init__(self, query: Query, field: Field) -> None:
        """Take the terms apart; those under NOT, and those of other fields, seek nothing."""
        self._claims = _Claims()
        for number, term in enumerate(wanted(query)):
            if isinstance(term, Term) and term.field in (None, field):
                self._claims.add(number, term)

    def marks(self, text: str) -> list[Mark]:
        """Give the places in the order of the text, none of them inside another."""
        if self._claims.is_empty:
            return []
        places = self._leaping(text)
        if places is None:
            parted, joined = located(text)
            places = list(self._places(parted))
            if joined is not parted:
                places += self._places(joined)
        places.sort(key=lambda mark: (mark.start, -mark.end, mark.term))
        kept: list[Mark] = []
        for mark in places:
            if not kept or mark.start >= kept[-1].end:
                kept.append(mark)
        return kept

    def _leaping(self, text: str) -> list[Mark] | None:
        """Give the places without cutting the whole text into words; None where folding moves characters."""
        folded = aligned(text)
        if folded is None:
            return None
        claims = self._claims
        found = [(match[0], *match.span()) for match in claims.pattern.finditer(folded)]
        found += joined_runs(folded, claims.pattern)
        places: list[Mark] = []
        for word, start, end in found:
            places += [Mark(start, end, term) for term, before in claims[word] if not before]
            longest = max((len(before) for _, before in claims[word]), default=0)
            if longest:
                ended = self._rows_that_end(folded, start, end, longest)
                if ended is None:
                    return None
                places += ended
        return places

    def _rows_that_end(self, folded: str, start: int, end: int, words: int) -> list[Mark] | None:
        """Give the places that end with a word, which may have so many words of its term before it.

        None where a look around the word is no smaller than the text, as where no spaces are written.
        """
        behind = folded.find(" ", end)
        behind = len(folded) if behind < 0 else behind
        back = _BACK
        while True:
            first = folded.rfind(" ", 0, max(0, start - back)) + 1
            if behind - first > _WIDEST:
                return None
            both = rows(folded[first:behind])
            if not first or min(bisect_left(row.starts, start - first) for row in both) >= words:
                break
            back *= 4
        return [
            Mark(first + mark.start, end, mark.term)
            for row in both
            for mark in self._places(row)
            if first + mark.end == end
        ]

    def _places(self, row: Row) -> Iterator[Mark]:
        claims, words = self._claims, row.words
        for at in [at for at, word in enumerate(words) if claims[word]]:
            for term, before in claims[words[at]]:
                first = at - len(before)
                if first >= 0 and words[first:at] == before:
                    yield Mark(row.starts[first], row.ends[at], term)


class _Claims(dict[str, tuple[_Claim, ...]]):
    """Says of each word which terms it may end; a word is looked into once."""

    def __init__(self) -> None:
        super().__init__()
        self._by_root: dict[str, tuple[_Claim, ...]] = {}
        self._by_word: dict[str, tuple[_Claim, ...]] = {}
        self._by_beginning: dict[str, tuple[_Claim, ...]] = {}

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to seek."""
        return not (self._by_root or self._by_word or self._by_beginning)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds, in a folded text, every word of the first reading that ends a term, and some more."""
        return beginning((*map(kept_of, self._by_root), *self._by_word, *self._by_beginning))

    def add(self, number: int, term: Term) -> None:
        """Take a term in."""
        wanted_root = root(term) if term.is_loose else None
        if wanted_root is not None:
            self._by_root[wanted_root] = (*self._by_root.get(wanted_root, ()), _Claim(number, []))
        by_end = self._by_beginning if term.is_prefix else self._by_word
        for *before, last in dict.fromkeys((term.words, term.joined)):
            by_end[last] = (*by_end.get(last, ()), _Claim(number, before))

    def __missing__(self, word: str) -> tuple[_Claim, ...]:
        found = self._by_word.get(word, ())
        if self._by_root:
            found += self._by_root.get(stem(word), ())
        for prefix, claims in self._by_beginning.items():
            if word.startswith(prefix):
                found += claims
        self[word] = found
        return found
