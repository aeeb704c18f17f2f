"""Look authors of a block of papers up by the words of their names, before they are compared in full."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from academichub.text.querynames import is_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from academichub.text.querynames import Name, NameAsked, Reading

_NOBODY: frozenset[int] = frozenset()


class NameIndex:
    """Every author of every paper under the words, the characters and the first letters of the name."""

    def __init__(self, authors_of_papers: Sequence[tuple[Name, ...]]) -> None:
        self._authors: list[tuple[int, Name]] = []
        self._by_word: dict[str, set[int]] = {}
        self._by_letter: dict[str, set[int]] = {}  # by first letters of words longer than one
        for paper, authors in enumerate(authors_of_papers):
            for name in authors:
                self._add(len(self._authors), name)
                self._authors.append((paper, name))
        self._words = sorted(self._by_word)

    def papers_of(self, asked: NameAsked) -> list[int]:
        """Give the papers of everyone who may be the one asked for, in order."""
        likely: set[int] = set()
        for wanted, beginning in zip(asked.readings, asked.beginnings, strict=True):
            likely |= self._likely(wanted, beginning)
        papers = {self._authors[n][0] for n in likely if is_name(asked, self._authors[n][1])}
        return sorted(papers)

    def _add(self, number: int, name: Name) -> None:
        for reading in name.readings:
            for word in (*reading.words, *(character for run in reading.runs for character in run)):
                self._by_word.setdefault(word, set()).add(number)
                if len(word) > 1:
                    self._by_letter.setdefault(word[0], set()).add(number)

    def _likely(self, wanted: Reading, beginning: str) -> set[int]:
        """Give a few authors, among them all whom `is_name` takes for this reading."""
        choices: list[tuple[AbstractSet[int], ...]] = [
            (self._having(character),) for run in wanted.runs for character in run
        ]
        is_alone = len(wanted.words) == 1 and not choices and not beginning
        for word in wanted.words:
            # A name of one word is only found in full; beside others, initials may stand for it.
            others = self._by_letter if len(word) == 1 else self._by_word
            initials = _NOBODY if is_alone else others.get(word[0], _NOBODY)
            choices.append((self._having(word), initials))
        if beginning:
            choices.append(tuple(map(self._having, self._going_on(beginning))))
        fewest, *more = sorted(choices, key=lambda sets: sum(map(len, sets)))
        likely = set[int]().union(*fewest)
        for sets in more:
            likely = set[int]().union(*(likely & some for some in sets))
        return likely

    def _having(self, word: str) -> AbstractSet[int]:
        return self._by_word.get(word, _NOBODY)

    def _going_on(self, beginning: str) -> list[str]:
        """Give the words that begin so."""
        start = bisect_left(self._words, beginning)
        end = start
        while end < len(self._words) and self._words[end].startswith(beginning):
            end += 1
        return self._words[start:end]
