"""Find papers that may hold one of some concepts, before each is read closely."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import AhoCorasick, MatchKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.briefing.concepts import Concepts
    from academichub.model.briefing import Paper

_BETWEEN: Final = re.compile(r"[\W_]+")


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
    return _BETWEEN.sub(" ", text.lower())


def _root(word: str) -> str:
    """Give the beginning of a word that its plural has too."""
    return word.removesuffix("y")
