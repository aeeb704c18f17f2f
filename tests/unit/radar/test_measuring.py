from __future__ import annotations

import numpy as np
import pytest

from academichub.radar.calibrating import calibrate
from academichub.radar.measuring import calibration_error, intervals, mean, measure, order
from academichub.radar.scoring import sigmoid


def test_measures_of_an_order_worked_out_by_hand() -> None:
    scores = np.linspace(1, 0, 200)

    found = measure(scores, np.array([0, 2, 30, 150]))

    assert found["recall@20"] == 0.5
    assert found["recall@50"] == found["recall@100"] == 0.75
    assert found["p@10"] == 0.2
    assert found["p@20"] == 0.1
    assert found["mrr"] == 1.0
    ideal = 1 + 1 / np.log2(3) + 0.5 + 1 / np.log2(5)
    assert found["ndcg@20"] == pytest.approx(1.5 / ideal)


def test_equal_scores_keep_their_places() -> None:
    assert order(np.array([1.0, 2.0, 1.0, 2.0])).tolist() == [1, 3, 0, 2]


def test_intervals_hold_the_mean_and_are_the_same_twice() -> None:
    rng = np.random.default_rng(0)
    rows = [measure(rng.random(120), np.array([3, 60])) for _ in range(40)]

    found = intervals(rows)

    assert found == intervals(rows)
    assert all(found[name].low <= value <= found[name].high for name, value in mean(rows).items())


def test_an_honest_probability_has_no_calibration_error() -> None:
    assert calibration_error(np.full(4, 0.25), np.array([1, 0, 0, 0])) == 0
    assert calibration_error(np.array([1.0, 0.0]), np.array([0, 1])) == 1


def test_the_calibrator_finds_the_curve_that_made_the_choices() -> None:
    rng = np.random.default_rng(5)
    z, likes = rng.normal(0, 2, 60_000), rng.integers(1, 50, 60_000).astype(float)
    logit = -4 + 0.5 * np.minimum(z, 0) + 2 * np.log1p(np.maximum(z, 0)) + 0.3 * np.log1p(likes)
    happened = rng.random(60_000) < sigmoid(logit)

    found = calibrate(z, likes, happened)

    assert (found.bias, found.slope, found.bend, found.evidence) == pytest.approx((-4, 0.5, 2, 0.3), abs=0.25)
    said = sigmoid(found.factor(z) * z + found.bias + found.evidence * np.log1p(likes))
    assert calibration_error(said, happened) < 0.005


def test_a_calibrator_of_rare_choices_does_not_run_away() -> None:
    z = np.concatenate([np.full(50_000, -0.2), np.full(50, 12.0)])
    happened = np.concatenate([np.zeros(50_000), np.ones(25), np.zeros(25)])

    found = calibrate(z, np.ones(len(z)), happened)

    assert np.abs([found.bias, found.bend]).max() < 60
