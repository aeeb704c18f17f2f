"""A small made-up library: three subjects, each with words and a direction of its own."""

from __future__ import annotations

import numpy as np

SUBJECTS = (
    ("graph", "neural", "message", "passing", "molecule", "attention", "embedding", "pooling"),
    ("enzyme", "kinetics", "protein", "folding", "catalysis", "mutation", "ligand", "binding"),
    ("galaxy", "redshift", "survey", "cluster", "lensing", "halo", "quasar", "spectrum"),
)
DIMENSIONS = 12


def library(count: int, *, seed: int = 1) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Make up texts, unit vectors, and each paper's subject."""
    rng = np.random.default_rng(seed)
    middles = np.random.default_rng(0).standard_normal((len(SUBJECTS), DIMENSIONS))
    subjects = np.arange(count) % len(SUBJECTS)
    texts = [
        " ".join(rng.choice(SUBJECTS[subject], 4, replace=False)) + "\nWe study " + SUBJECTS[subject][0]
        for subject in subjects
    ]
    vectors = middles[subjects] + 0.7 * rng.standard_normal((count, DIMENSIONS))
    return texts, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), subjects
