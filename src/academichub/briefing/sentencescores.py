"""Score the sentences of an abstract by how well each would do as its summary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.briefing.sentencefeatures import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.text.terms import Matrix, Vector

# Features whose products count too; a sentence near the title is good if it also says what is done.
CROSSED: Final = (
    *("one over count", "place", "place from the start", "first", "last", "length", "lexrank"),
    *("lexrank order", "centroid", "centroid order", "title held", "held in title", "title f1"),
    *("title pairs f1", "title order", "first that makes", "first that does", "after the first that makes"),
    *("writers before", "method behind", "makes", "studies", "shows", "writer", "known", "new"),
    *("names itself", "passive", "findings", "better", "more", "commas", "like the one before"),
)
PAIRS: Final = np.triu_indices(len(CROSSED))
_CROSSED_AT: Final = [FEATURES.index(name) for name in CROSSED]
_FARTHEST: Final = 5.0  # deviations from the mean; what is farther counts as if it were there
_OPENING: Final = 3  # words
_DIGITS: Final = 5
_BETWEEN: Final = "\t"  # the fields of a line of the weights


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned. The score is linear in features, products of features, and phrases."""

    means: Vector  # shape (features,)
    deviations: Vector  # shape (features,)
    linear: Vector  # shape (features,)
    products: Vector  # shape (pairs of `CROSSED`,), in the order of `PAIRS`
    phrases: Mapping[str, float]

    def score(self, table: Matrix, words: Sequence[Sequence[str]]) -> Vector:
        """Score the sentences of one abstract, to be compared with each other only.

        Args:
            table: As `sentencefeatures.describe` gives it.
            words: The `cues.tokens` of each sentence.

        Returns:
            Shape (sentences,), in units of ROUGE-1 + ROUGE-2; rounded, so that the last bits of a sum, which
            differ between machines, decide nothing.
        """
        scaled = scale(table, self.means, self.deviations)
        # fsum: the same to the last bit in whatever order a set is walked.
        said = [fsum(self.phrases[one] for one in self.phrases.keys() & phrases(its)) for its in words]
        scores: Vector = scaled @ self.linear + products(scaled) @ self.products + np.array(said)
        return np.round(scores, 9)


def scale(table: Matrix, means: Vector, deviations: Vector) -> Matrix:
    """Measure features in deviations from their means."""
    scaled: Matrix = np.clip((table - means) / deviations, -_FARTHEST, _FARTHEST)
    return scaled


def products(scaled: Matrix) -> Matrix:
    """Multiply every two features of `CROSSED`, and each with itself."""
    crossed = scaled[:, _CROSSED_AT]
    return crossed[:, PAIRS[0]] * crossed[:, PAIRS[1]]


def phrases(words: Sequence[str]) -> set[str]:
    """List the words of a sentence, rows of two and three, and, with "^" before them, its first words."""
    triples = map(" ".join, zip(words, words[1:], words[2:], strict=False))
    opening = {"^" + " ".join(words[:count]) for count in range(1, min(_OPENING, len(words)) + 1)}
    return {*words, *map(" ".join, pairwise(words)), *triples, *opening}


def write_weights(weights: Weights) -> str:
    """Write weights as lines of fields: what is weighed, its mean and deviation if a feature, its weight."""
    lines = [
        _line("feature", name, *numbers)
        for name, *numbers in zip(FEATURES, weights.means, weights.deviations, weights.linear, strict=True)
    ]
    lines += [
        _line("product", CROSSED[one], CROSSED[other], weight)
        for one, other, weight in zip(*PAIRS, weights.products, strict=True)
    ]
    lines += [_line("phrase", *said) for said in sorted(weights.phrases.items())]
    return "".join(lines)


def _line(*fields: str | float) -> str:
    said = [one if isinstance(one, str) else f"{one:.{_DIGITS}g}" for one in fields]
    return _BETWEEN.join(said) + "\n"


def read_weights(text: str) -> Weights:
    """Read what `write_weights` wrote. Raises ValueError where features are not those of this version."""
    lines = [line.split(_BETWEEN) for line in text.splitlines()]
    features = [line for line in lines if line[0] == "feature"]
    pairs = [line for line in lines if line[0] == "product"]
    wanted = [(CROSSED[one], CROSSED[other]) for one, other in zip(*PAIRS, strict=True)]
    if [line[1] for line in features] != [*FEATURES] or [(line[1], line[2]) for line in pairs] != wanted:
        message = "weights of another version"
        raise ValueError(message)
    return Weights(
        means=np.array([float(line[2]) for line in features]),
        deviations=np.array([float(line[3]) for line in features]),
        linear=np.array([float(line[4]) for line in features]),
        products=np.array([float(line[3]) for line in pairs]),
        phrases={line[1]: float(line[2]) for line in lines if line[0] == "phrase"},
    )


@cache
def shipped() -> Weights:
    """Read the weights that lie beside this module; docs/extracting.md says how they were made."""
    place = files("academichub.briefing").joinpath("weights", "sentences.tsv")
    return read_weights(place.read_text(encoding="utf-8"))
