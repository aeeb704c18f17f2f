"""Weigh words by how rare they are in abstracts, so that "we propose a model" proves nothing.

The weights lie in stemweights.tsv beside this module; `docs/evidence.md` has the command that made them.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files
from math import log
from typing import TYPE_CHECKING, Final

from academichub.briefing.wording import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_STEMS: Final = 3_000
RARE: Final = 6.0  # the weight of a stem that is not listed, and the greatest
PREFIX: Final = 5  # letters by which "classifier" is near "classification"
NEAR: Final = 0.7  # what a near word counts beside the same word


def coverage(text: Sequence[str], source: frozenset[str]) -> float:
    """Say how much of a text's content is in a source, each stem by its weight.

    Args:
        text: Stems, as `content` gives them.
        source: Stems of the source.

    Returns:
        0 to 1; 1 for a text without content.
    """
    begins = _begins(source)
    whole = found = 0.0
    for stem in text:
        weight = weight_of(stem)
        whole += weight
        if stem in source:
            found += weight
        elif len(stem) >= PREFIX and stem[:PREFIX] in begins:
            found += NEAR * weight
    return found / whole if whole else 1.0


@lru_cache(maxsize=64)
def _begins(source: frozenset[str]) -> frozenset[str]:
    return frozenset(stem[:PREFIX] for stem in source if len(stem) >= PREFIX)


@cache
def _weights() -> Mapping[str, float]:
    table = files("academichub.briefing").joinpath("stemweights.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {stem: float(weight) for stem, weight in rows}


def weight_of(stem: str) -> float:
    """Give the weight of a stem, 0 to `RARE`."""
    return _weights().get(stem, RARE)


def learn_weights(texts: Iterable[str]) -> dict[str, float]:
    """Learn the weights of the commonest stems: ln(texts / texts that hold it), at most `RARE`.

    Source:
        Inverse document frequency, Spärck Jones (1972).
    """
    holding: Counter[str] = Counter()
    count = 0
    for text in texts:
        holding.update(set(content(text)))
        count += 1
    common = sorted(holding.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_STEMS]
    return {stem: round(min(RARE, log(count / papers)), 2) for stem, papers in common}
