"""What every provider of embeddings promises, wherever its model runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Vectors: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Space:
    """A vector space. Vectors are compared only where their spaces have the same name.

    The name tells the model, the way we read texts into it and a prefix of the weights' hash, such
    as "minilm-l6-v2-int8-r1@8199be6f699a395f": change any of them, and old vectors are set aside.
    """

    name: str
    dimensions: int


class Embedder(Protocol):
    """Turns texts into vectors whose cosine says how near two texts are in meaning.

    Rows are of length 1 and come in the order of the texts. A text without a letter or a digit has
    no direction: its row is zeros, so that its cosine with everything is 0. The vector of a text
    depends on the text alone, never on its company. Threads may share an embedder.
    """

    @property
    def space(self) -> Space:
        """Where the vectors live."""
        ...

    @property
    def is_multilingual(self) -> bool:
        """Tell whether a Chinese text lies near an English one of the same meaning."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed what is searched: shape (number of texts, dimensions)."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what searches: interests, questions. Some models read them differently."""
        ...
