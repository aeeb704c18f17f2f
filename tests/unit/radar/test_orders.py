"""Diversity, readers who help each other, and our peers' rankers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import sparse
from sklearn.svm import LinearSVC

from academichub.radar.baselines import recency_weights, support_vectors
from academichub.radar.collaborating import blend, evidence, smoothing
from academichub.radar.diversifying import TOP, diversify
from academichub.radar.profile import Sign, profile
from academichub.radar.scoring import fit_many

if TYPE_CHECKING:
    from tests.unit.radar.conftest import Bench


def test_a_copy_of_the_best_paper_gives_way_to_another_good_one(bench: Bench) -> None:
    papers = bench.candidates.take([0, 0, 1, 2])

    assert diversify(np.array([1.0, 0.99, 0.95, 0.0]), papers).tolist()[:2] == [0, 2]


def test_all_papers_are_kept_and_what_is_below_the_top_keeps_its_order(bench: Bench) -> None:
    papers = bench.background.take(np.arange(150))
    scores = np.linspace(1, 0, 150)

    found = diversify(scores, papers)

    assert sorted(found.tolist()) == list(range(150))
    assert found[TOP:].tolist() == list(range(TOP, 150))


def test_one_paper_and_equal_papers_can_be_ordered(bench: Bench) -> None:
    assert diversify(np.array([0.3]), bench.candidates.take([0])).tolist() == [0]
    assert sorted(diversify(np.zeros(3), bench.candidates.take([0, 1, 2])).tolist()) == [0, 1, 2]


def test_papers_without_vectors_are_told_apart_by_their_words(bench: Bench) -> None:
    papers = bench.candidates.without_vectors().take([0, 0, 1, 2])

    assert diversify(np.array([1.0, 0.99, 0.95, 0.0]), papers).tolist()[:2] == [0, 2]


def test_readers_of_the_same_papers_hear_each_other_and_strangers_do_not() -> None:
    likes = sparse.csr_array(np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]]))

    smooth = smoothing(likes)

    assert smooth[0, 1] > 0
    assert smooth[0, 2] == 0
    assert smooth == pytest.approx(smooth.T)
    assert np.linalg.eigvalsh(smooth).max() < 1


def test_evidence_counts_more_where_more_papers_are_liked(bench: Bench) -> None:
    profiles = [profile(bench.background.take(rows), [Sign.STAR] * len(rows)) for rows in ([0], [0, 0, 0])]
    fitted = fit_many(profiles, bench.corpus)

    found = evidence(fitted, bench.candidates)

    assert found.shape == (2, len(bench.candidates))
    assert np.abs(found[1]).sum() > np.abs(found[0]).sum()


def test_a_paper_without_a_vector_brings_what_the_average_one_does(bench: Bench) -> None:
    fitted = fit_many([profile(bench.background.take([0]), [Sign.STAR])], bench.corpus)

    found = evidence(fitted, bench.corpus.lay_out(["unheard"]))

    assert found[0, 0] == pytest.approx(fitted[0].meaning.mean)


def test_blended_scores_are_measured_against_the_reference() -> None:
    around = np.array([[0.0, 2.0], [1.0, 1.0]])

    found = blend(np.zeros((2, 1)), np.array([[3.0], [1.0]]), around)

    assert found[0, 0] > 0
    assert found[1, 0] == 0


def test_the_newest_of_a_library_weighs_most() -> None:
    weights = recency_weights(10)

    assert weights.sum() == pytest.approx(1)
    assert weights[0] == pytest.approx(2 * weights[9])


def test_our_svm_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    features = sparse.csr_array(np.abs(rng.standard_normal((300, 40))) * (rng.random((300, 40)) < 0.2))
    liked = np.zeros((3, 300))
    for reader, count in enumerate((1, 8, 40)):
        liked[reader, rng.choice(300, count, replace=False)] = 1

    ours = support_vectors(features, sparse.csr_array(liked), tolerance=1e-9)

    for reader in range(3):
        peer = LinearSVC(class_weight="balanced", C=0.01, tol=1e-10, max_iter=200_000, dual=False)
        peer.fit(features.tocsr(), liked[reader])
        expected = np.append(peer.coef_[0], peer.intercept_[0])
        assert ours[:, reader] == pytest.approx(expected, abs=1e-4)


def test_a_hard_problem_ends_after_so_many_steps_near_the_solution() -> None:
    rng = np.random.default_rng(4)
    features = sparse.csr_array(rng.standard_normal((200, 90)) * np.logspace(-3, 3, 90))
    liked = sparse.csr_array((np.arange(200) < 20).astype(float)[None, :])

    found = support_vectors(features, liked, tolerance=0.0)

    assert np.isfinite(found).all()
    assert np.abs(found).max() > 0
