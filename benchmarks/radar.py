"""One radar over 1,500 papers, and many radars over a day of 2,000; processor time of one thread.

Papers are made up: words drawn from a few hundred subjects with a Zipf tail, vectors around the subjects'
middles. Laying out a day's papers is done once for all radars and is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.radar.corpus import learn
from academichub.radar.profile import Profile
from academichub.radar.scoring import fit, fit_many, score, score_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.radar.corpus import Corpus, Papers

SUBJECTS: Final = 300
WORDS: Final = 20_000
DIMENSIONS: Final = 384
BLOCK: Final = 256  # radars that are fitted and scored at once


def papers(count: int, *, seed: int, words: int) -> tuple[list[str], np.ndarray]:
    """Make up papers: a title of ten words and the rest of an abstract, and a unit vector each."""
    rng = np.random.default_rng(seed)
    names = np.array([f"w{number:05d}x" for number in range(WORDS)])
    subjects = rng.integers(0, SUBJECTS, count)
    middles = np.random.default_rng(0).standard_normal((SUBJECTS, DIMENSIONS))
    vectors = middles[subjects] + 1.2 * rng.standard_normal((count, DIMENSIONS))
    texts = []
    for subject in subjects:
        own = (subject * 61 + rng.zipf(1.4, words // 3)) % WORDS
        common = rng.zipf(1.2, words - words // 3) % WORDS
        drawn = names[rng.permutation(np.concatenate([own, common]))]
        texts.append(" ".join(drawn[:10]) + "\n" + " ".join(drawn[10:]))
    return texts, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _profiles(laid: Papers, count: int, likes: int) -> list[Profile]:
    rng = np.random.default_rng(3)
    rows = [rng.choice(len(laid), likes, replace=False) for _ in range(count)]
    return [Profile(laid.take(row), np.ones(likes)) for row in rows]


def _one(corpus: Corpus, profiles: Sequence[Profile], candidates: Papers) -> dict[str, float]:
    spent = []
    for profile in profiles:
        start = time.process_time()
        _ = score(fit(profile, corpus), candidates).match
        spent.append(1000 * (time.process_time() - start))
    ranked = sorted(spent)
    return {
        "one_radar_median_ms": statistics.median(ranked),
        "one_radar_p95_ms": ranked[int(0.95 * len(ranked))],
    }


def _many(corpus: Corpus, profiles: Sequence[Profile], candidates: Papers, radars: int) -> dict[str, float]:
    """Fit and score as many radars; the profiles are used in turn."""
    fitting = scoring = 0.0
    for first in range(0, radars, BLOCK):
        block = [profiles[at % len(profiles)] for at in range(first, min(first + BLOCK, radars))]
        start = time.process_time()
        fitted = fit_many(block, corpus)
        middle = time.process_time()
        for scores in score_many(fitted, candidates):
            _ = scores.match
        fitting += middle - start
        scoring += time.process_time() - middle
    return {"radars": radars, "fit_seconds": fitting, "score_seconds": scoring}


def main(arguments: Sequence[str] | None = None) -> dict[str, float]:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.radar", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--words", type=int, default=120, help="of a paper")
    parser.add_argument("--likes", type=int, default=30)
    options = parser.parse_args(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    background, offered, day, radars = (
        (300, 100, 100, 20) if options.quick else (20_000, 1_500, 2_000, 10_000)
    )
    texts, vectors = papers(background, seed=1, words=options.words)
    start = time.process_time()
    corpus = learn(texts, vectors)
    figures = {"learn_seconds": time.process_time() - start}
    liked = corpus.lay_out(texts[:2_000], vectors[:2_000])
    today, today_vectors = papers(day, seed=2, words=options.words)
    start = time.process_time()
    laid = corpus.lay_out(today, today_vectors)
    figures["lay_out_day_seconds"] = time.process_time() - start
    profiles = _profiles(liked, min(radars, 200), options.likes)
    figures |= _one(corpus, profiles[:50], laid.take(np.arange(offered)))
    figures |= _many(corpus, profiles, laid, radars)
    print(json.dumps(figures) if options.json else "\n".join(f"{k}: {v:.3f}" for k, v in figures.items()))
    return figures


if __name__ == "__main__":
    main()
