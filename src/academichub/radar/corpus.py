"""What a hub knows of all its papers: their terms, their directions, and a sample to measure readers by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.radar import spaces
from academichub.text import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy import sparse

    from academichub.radar.spaces import MeaningSpace, WordSpace
    from academichub.text.terms import Matrix, Vocabulary

REFERENCE: Final = 1000  # background papers against which a reader's scores are measured


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers laid out in the spaces of a corpus, one a row."""

    words: sparse.csr_array  # shape (papers, terms)
    word_coordinates: Matrix  # shape (papers, word directions)
    vectors: Matrix  # shape (papers, dimensions), centred; zeros where there is none
    coordinates: Matrix  # shape (papers, landmarks)

    def __len__(self) -> int:
        """Count the papers."""
        return int(self.words.shape[0])

    @property
    def has_vector(self) -> np.ndarray:
        """Tell which papers have a vector. Shape (papers,), boolean."""
        return np.asarray(np.any(self.vectors, axis=1))

    def without_vectors(self) -> Papers:
        """Give the same papers as a hub without a model has them."""
        nothing = np.zeros((len(self), 0))
        return Papers(self.words, self.word_coordinates, nothing, nothing)

    def take(self, rows: Sequence[int] | np.ndarray) -> Papers:
        """Take some of the papers, in that order."""
        chosen = np.asarray(rows, dtype=np.int64)
        return Papers(
            self.words[chosen], self.word_coordinates[chosen], self.vectors[chosen], self.coordinates[chosen]
        )


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was learned from the background; made once a night, shared by all radars."""

    vocabulary: Vocabulary
    words: WordSpace
    meanings: MeaningSpace | None  # None without a model
    reference: Papers

    def lay_out(self, texts: Sequence[str], vectors: Matrix | None = None) -> Papers:
        """Lay papers out in the spaces of the corpus.

        Args:
            texts: Of each paper the title, and below it the abstract.
            vectors: Shape (papers, dimensions), unit length, of the model of the corpus; a row of zeros
                where there is none yet. None if none of them has one.

        Raises:
            ValueError: The vectors are not as many as the texts, or of another model's length.
        """
        rows = self.vocabulary.rows(texts)
        return _lay_out(rows, vectors, self.words, self.meanings)

    def without_meanings(self) -> Corpus:
        """Give the same corpus as a hub without a model has it."""
        return Corpus(self.vocabulary, self.words, None, self.reference.without_vectors())


def _lay_out(
    rows: sparse.csr_array, vectors: Matrix | None, words: WordSpace, meanings: MeaningSpace | None
) -> Papers:
    count = int(rows.shape[0])
    nothing = np.zeros((count, 0))
    if meanings is None:
        return Papers(rows, words.coordinates(rows), nothing, nothing)
    dimensions = len(meanings.centre)
    if vectors is None:
        vectors = np.zeros((count, dimensions))
    if vectors.shape != (count, dimensions):
        message = f"vectors of shape {vectors.shape}, wanted {(count, dimensions)}"
        raise ValueError(message)
    centred = meanings.centred(vectors)
    return Papers(rows, words.coordinates(rows), centred, meanings.coordinates(centred))


def learn(texts: Sequence[str], vectors: Matrix | None = None, *, others: Sequence[str] = ()) -> Corpus:
    """Learn a corpus from its background papers.

    Args:
        texts: Of each background paper the title, and below it the abstract.
        vectors: Shape (papers, dimensions), unit length; a row of zeros where there is none yet. None
            without a model.
        others: Texts that only help to know which terms are common, such as the papers to be ranked.
    """
    vocabulary, rows = terms.learn(texts, others=others)
    words = spaces.learn_words(rows)
    known = None if vectors is None else vectors[np.any(vectors, axis=1)]
    meanings = spaces.learn_meanings(known) if known is not None and len(known) else None
    sample = np.linspace(0, len(texts) - 1, min(REFERENCE, len(texts))).astype(np.int64)
    reference = _lay_out(rows[sample], None if vectors is None else vectors[sample], words, meanings)
    return Corpus(vocabulary, words, meanings, reference)
