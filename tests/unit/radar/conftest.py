from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from academichub.radar.corpus import Corpus, Papers, learn
from tests.unit.radar.papers import library

if TYPE_CHECKING:
    import numpy as np


class Bench(NamedTuple):
    corpus: Corpus
    background: Papers
    candidates: Papers
    subjects: np.ndarray  # of the candidates
    texts: list[str]  # of the candidates


@pytest.fixture(scope="session")
def bench() -> Bench:
    texts, vectors, _ = library(180)
    corpus = learn(texts, vectors)
    offered, offered_vectors, subjects = library(60, seed=2)
    return Bench(
        corpus, corpus.lay_out(texts, vectors), corpus.lay_out(offered, offered_vectors), subjects, offered
    )
