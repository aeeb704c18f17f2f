"""Share the reading of papers: which may hold some concepts, and where the sentences of each are."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from ahocorasick_rs import AhoCorasick, MatchKind

from academichub.briefing.concepts import Found
from academichub.briefing.conceptwords import LONGEST_TEXT
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from academichub.briefing.concepts import Concepts, FoundIn
    from academichub.model.briefing import Paper

Spans: TypeAlias = tuple[tuple[int, int], ...]

_BETWEEN: Final = re.compile(r"[\W_]+")
_PLAIN: Final = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read of papers, each read once: several parts of a briefing read the same ones.

    It holds what it has read, so it lives as long as one briefing is written, by one background.
    """

    _spans: dict[str, Spans] = field(default_factory=dict)
    _found: dict[int, FoundIn] = field(default_factory=dict)  # by work

    def sentences(self, text: str) -> Spans:
        """Give where the sentences of a text are, as `sentences` does."""
        spans = self._spans.get(text)
        if spans is None:
            spans = self._spans[text] = sentences(text)
        return spans

    def concepts(self, paper: Paper, concepts: Concepts) -> FoundIn:
        """Give the concepts of a paper, as `Concepts.of` does, and remember them."""
        found = self._found.get(paper.work_id)
        if found is None:
            found = self._found[paper.work_id] = concepts.of(paper)
        return found

    def concepts_within(self, paper: Paper, start: int, end: int, concepts: Concepts) -> tuple[Found, ...]:
        """Give the concepts of a sentence of a paper's abstract, places from the sentence's own beginning.

        They are those of the whole abstract, if it was read, but for a formula: a dollar of another sentence
        may open it.
        """
        found = self._found.get(paper.work_id)
        if found is None or "$" in paper.abstract or len(paper.abstract) > LONGEST_TEXT:
            return concepts.of(paper.abstract[start:end]).abstract
        return tuple(
            Found(one.concept, one.start - start, one.end - start)
            for one in found.abstract
            if start <= one.start and one.end <= end
        )


def held(
    wanted: Collection[int], papers: Sequence[Paper], concepts: Concepts
) -> Iterator[tuple[Paper, list[int]]]:
    """Give the papers that may hold one of the wanted concepts, in their order, and which those are.

    Reading a paper for its concepts takes a third of a millisecond, looking for a few thousand words takes a
    tenth of one. Too many are given rather than too few: what is left out is not held.

    Args:
        wanted: Numbers of concepts.
        papers: To choose from.
        concepts: That the numbers are of.
    """
    roots: dict[str, int] = {}
    by_longest: defaultdict[int, dict[frozenset[int], list[int]]] = defaultdict(dict)
    for number in sorted(wanted):
        words = {_root(word) for word in _words(concepts.names[number]).split()}
        needed = frozenset(roots.setdefault(f" {word}", len(roots)) for word in words)
        longest = roots[f" {max(words, key=lambda word: (len(word), word))}"]
        by_longest[longest].setdefault(needed, []).append(number)
    if not roots:
        return
    automaton = AhoCorasick(list(roots), matchkind=MatchKind.Standard)
    for paper in papers:
        text = f" {_words(f'{paper.title} {paper.abstract}')}"
        found = {place for place, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)}
        numbers = [
            number
            for root in sorted(found & by_longest.keys())
            for needed, same in by_longest[root].items()
            if needed <= found
            for number in same
        ]
        if numbers:
            yield paper, numbers


def _words(text: str) -> str:
    """Give the words of a text in small letters, one space between."""
    low = text.lower()
    apart = low.translate(_PLAIN) if low.isascii() else _BETWEEN.sub(" ", low)
    return " ".join(apart.split())


def _root(word: str) -> str:
    """Give the beginning of a word that its plural has too."""
    return word.removesuffix("y")
