"""Turn a corpus into arrays that a file can hold, and back. Pure; nothing is pickled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from academichub.radar.corpus import Corpus, Papers
from academichub.radar.spaces import MeaningSpace, WordSpace
from academichub.text.terms import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FORM: Final = 1  # of the arrays


def to_arrays(corpus: Corpus) -> dict[str, NDArray[Any]]:
    """Take a corpus apart."""
    words, reference = corpus.words, corpus.reference
    arrays: dict[str, NDArray[Any]] = {
        "form": np.array([FORM]),
        "terms": np.frombuffer("\n".join(corpus.vocabulary.terms).encode(), dtype=np.uint8),
        "idf": corpus.vocabulary.idf,
        "first_piece": np.array([corpus.vocabulary.first_piece]),
        "columns": words.columns,
        "directions": words.directions,
        "damping": words.damping,
        "rows_shape": np.array(reference.words.shape),
        "rows_values": reference.words.data,
        "rows_columns": reference.words.indices,
        "rows_starts": reference.words.indptr,
        "word_coordinates": reference.word_coordinates,
        "vectors": reference.vectors,
        "coordinates": reference.coordinates,
    }
    if corpus.meanings is not None:
        arrays |= {
            "centre": corpus.meanings.centre,
            "landmarks": corpus.meanings.landmarks,
            "meaning_damping": corpus.meanings.damping,
        }
    return arrays


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Corpus:
    """Put a corpus together again; it scores as the first one did, to the last bit.

    Raises:
        KeyError, ValueError: An array is missing, of another form, or does not fit the others.
    """
    if int(arrays["form"][0]) != FORM:
        message = f"arrays of form {int(arrays['form'][0])}"
        raise ValueError(message)
    joined = arrays["terms"].tobytes().decode("utf-8")
    terms = tuple(joined.split("\n")) if joined else ()
    if len(terms) != len(arrays["idf"]):
        message = f"{len(terms)} terms, {len(arrays['idf'])} weights"
        raise ValueError(message)
    rows = sparse.csr_array(
        (arrays["rows_values"], arrays["rows_columns"], arrays["rows_starts"]),
        shape=(int(arrays["rows_shape"][0]), int(arrays["rows_shape"][1])),
    )
    meanings = None
    if "centre" in arrays:
        meanings = MeaningSpace(arrays["centre"], arrays["landmarks"], arrays["meaning_damping"])
    return Corpus(
        vocabulary=Vocabulary(
            terms=terms,
            idf=arrays["idf"],
            column={term: at for at, term in enumerate(terms)},
            first_piece=int(arrays["first_piece"][0]),
        ),
        words=WordSpace(arrays["columns"], arrays["directions"], arrays["damping"]),
        meanings=meanings,
        reference=Papers(rows, arrays["word_coordinates"], arrays["vectors"], arrays["coordinates"]),
    )
