"""Share the reading of papers: which may hold some concepts, and where the sentences of each are."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from ahocorasick_rs import AhoCorasick, MatchKind

from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.briefing.concepts import Concepts
    from academichub.model.briefing import Paper

Spans: TypeAlias = tuple[tuple[int, int], ...]

_BETWEEN: Final = re.compile(r"[\W_]+")
_PLAIN: Final = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})


@dataclass(frozen=True, slots=True)
class Sentences:
    """Where the sentences of texts are, each text cut once: several parts of a briefing read the same papers.

    It holds what it has cut, so it lives as long as one briefing is written.
    """

    _spans: dict[str, Spans] = field(default_factory=dict)

    def of(self, text: str) -> Spans:
        """Give the sentences of a text, as `sentences` does."""
        spans = self._spans.get(text)
        if spans is None:
            spans = self._spans[text] = sentences(text)
        return spans


def holding(
    wanted: Mapping[int, float], papers: Sequence[Paper], concepts: Concepts, *, most: int | None = None
) -> tuple[Paper, ...]:
    """Keep the papers that may hold one of the wanted concepts, in their order.

    Reading a paper for its concepts takes about a millisecond, looking for a few hundred words takes a tenth
    of one. Too many are kept rather than too few: what is left out holds none of them.

    Args:
        wanted: What each concept is worth, by number.
        papers: To choose from.
        concepts: That the numbers are of.
        most: Of more papers, keep so many whose best concepts are worth most.
    """
    roots: dict[str, int] = {}
    by_longest: defaultdict[int, dict[frozenset[int], float]] = defaultdict(dict)
    for number, worth in sorted(wanted.items()):
        words = {_root(word) for word in _words(concepts.names[number]).split()}
        needed = frozenset(roots.setdefault(f" {word}", len(roots)) for word in words)
        same = by_longest[roots[f" {max(words, key=lambda word: (len(word), word))}"]]
        same[needed] = max(worth, same.get(needed, worth))
    if not roots:
        return ()
    automaton = AhoCorasick(list(roots), matchkind=MatchKind.Standard)
    hits: list[tuple[float, int]] = []
    for at, paper in enumerate(papers):
        text = f" {_words(f'{paper.title} {paper.abstract}')}"
        found = {place for place, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)}
        held = [
            worth for root in found for needed, worth in by_longest.get(root, {}).items() if needed <= found
        ]
        if held:
            hits.append((-max(held), at))
    return tuple(papers[at] for at in sorted(at for _, at in sorted(hits)[:most]))


def _words(text: str) -> str:
    """Give the words of a text in small letters, one space between."""
    low = text.lower()
    apart = low.translate(_PLAIN) if low.isascii() else _BETWEEN.sub(" ", low)
    return " ".join(apart.split())


def _root(word: str) -> str:
    """Give the beginning of a word that its plural has too."""
    return word.removesuffix("y")
