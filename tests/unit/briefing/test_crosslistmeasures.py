"""How well scores foretell the further fields of papers."""

from __future__ import annotations

import numpy as np
import pytest

from academichub.briefing.crosslistmeasures import BINS, FEWEST_TRUE, measure

FIELDS = ("cs", "math", "stat")


def papers(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Papers of cs, every other one listed in math and every fourth in stat as well."""
    labels = np.zeros((count, 3), dtype=np.bool_)
    labels[:, 0] = True
    labels[::2, 1] = True
    labels[::4, 2] = True
    return labels, np.zeros(count, dtype=np.int64)


def test_scores_that_know_everything_reach_the_top() -> None:
    labels, own = papers(40)

    figures = measure(FIELDS, labels.astype(float), labels, own, are_likelihoods=True)

    assert (figures.micro, figures.macro, figures.within, figures.average_precision) == (1, 1, 1, 1)
    assert figures.recall_at_2 == 1
    assert figures.recall_at_1 == pytest.approx(0.75)  # half of them have two
    assert figures.calibration_error == 0
    assert dict(figures.fields) == {"math": 1, "stat": 1}
    assert [(one.low, one.high, one.cells, one.said, one.came) for one in figures.reliability] == [
        (0.0, 1 / BINS, 50, 0.0, 0.0),
        (0.9, 1.0, 30, 1.0, 1.0),
    ]


def test_scores_that_know_only_how_common_a_field_is_know_nothing_within() -> None:
    labels, own = papers(40)
    scores = np.tile([0.0, 0.5, 0.25], (40, 1))

    figures = measure(FIELDS, scores, labels, own, are_likelihoods=True)

    assert figures.within == figures.macro == 0.5
    assert figures.micro is not None
    assert figures.micro > 0.5
    assert figures.calibration_error == pytest.approx(0)


def test_the_own_field_does_not_count() -> None:
    labels, own = papers(40)
    scores = labels.astype(float)
    scores[:, 0] = np.linspace(5, 9, 40)

    assert measure(FIELDS, scores, labels, own).recall_at_2 == 1


def test_a_field_that_a_method_knows_nothing_of_comes_last_and_counts_as_missed() -> None:
    labels, own = papers(40)
    scores = labels.astype(float)
    scores[:, 1] = -np.inf

    figures = measure(FIELDS, scores, labels, own)

    assert figures.fields["math"] == 0.5
    assert figures.recall_at_1 == pytest.approx(0.25)
    assert figures.calibration_error is None
    assert figures.reliability == ()


def test_what_is_too_rare_is_not_measured() -> None:
    labels, own = papers(2 * (FEWEST_TRUE - 1))

    figures = measure(FIELDS, labels.astype(float), labels, own)

    assert (figures.macro, figures.within, dict(figures.fields)) == (None, None, {})
    assert figures.micro == 1


def test_papers_without_further_fields_measure_nothing() -> None:
    labels = np.zeros((4, 3), dtype=np.bool_)

    figures = measure(FIELDS, np.zeros((4, 3)), labels, np.array([0, 1, 2, -1]))

    assert (figures.micro, figures.average_precision, figures.recall_at_1) == (None, None, None)
