"""Lay a sentence beside the sentence that it was made of, and see what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.briefing.wording import Word

MOST_WORDS: Final = 160  # of either side; what is longer is no sentence and is cut


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the two differ: what stands on either side between two words that they share."""

    ours: tuple[Word, ...]
    theirs: tuple[Word, ...]
    is_edge: bool  # before the first or behind the last shared word
    is_joined: (
        bool  # the shared word behind it goes on with it: no comma or the like stands between in theirs
    )


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two rows of words side by side."""

    pairs: tuple[tuple[int, int], ...]  # of shared words, by their places, rising
    gaps: tuple[Gap, ...]
    share: float  # of our words that are theirs in the same order, 0 to 1


def align(ours: Sequence[Word], theirs: Sequence[Word]) -> Alignment:
    """Find the longest row of words that both have in the same order.

    Numbers are shared whatever they are; whoever asks compares them. Time and memory are bounded by
    `MOST_WORDS` squared.

    Source:
        Longest common subsequence, Wagner and Fischer (1974); common ends are taken off before.
    """
    ours, theirs = ours[:MOST_WORDS], theirs[:MOST_WORDS]
    one, other = [word.key for word in ours], [word.key for word in theirs]
    pairs = _common(one, other)
    gaps = []
    last_one = last_other = -1
    for at, (mine, yours) in enumerate([*pairs, (len(one), len(other))]):
        if mine - last_one > 1 or yours - last_other > 1:
            is_edge = at in {0, len(pairs)}
            is_joined = yours < len(other) and not theirs[yours].is_first
            left, right = tuple(ours[last_one + 1 : mine]), tuple(theirs[last_other + 1 : yours])
            gaps.append(Gap(left, right, is_edge, is_joined))
        last_one, last_other = mine, yours
    return Alignment(tuple(pairs), tuple(gaps), len(pairs) / max(1, len(one)))


def _common(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    shorter = min(len(one), len(other))
    first = 0
    while first < shorter and one[first] == other[first]:
        first += 1
    last = 0
    while last < shorter - first and one[-1 - last] == other[-1 - last]:
        last += 1
    middle = _subsequence(one[first : len(one) - last], other[first : len(other) - last])
    return [
        *((at, at) for at in range(first)),
        *((mine + first, yours + first) for mine, yours in middle),
        *((len(one) - at, len(other) - at) for at in range(last, 0, -1)),
    ]


def _subsequence(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    """Find a longest common subsequence of two rows, the earliest places first."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for mine in range(len(one) - 1, -1, -1):
        row, below, key = table[mine], table[mine + 1], one[mine]
        for yours in range(len(other) - 1, -1, -1):
            row[yours] = below[yours + 1] + 1 if key == other[yours] else max(below[yours], row[yours + 1])
    pairs = []
    mine = yours = 0
    while mine < len(one) and yours < len(other):
        if one[mine] == other[yours]:
            pairs.append((mine, yours))
            mine, yours = mine + 1, yours + 1
        elif table[mine + 1][yours] >= table[mine][yours + 1]:
            mine += 1
        else:
            yours += 1
    return pairs
