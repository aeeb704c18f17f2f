"""The evaluation of themes, on papers that are made up."""

from __future__ import annotations

import itertools
import json
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
import typer

from academichub.cli.themesfigures import themes
from academichub.errors import EvaluationUnreadable
from academichub.flows.themesbaselines import k_means, spectral, ward
from academichub.flows.themesfigures import adjusted_rand, evaluate_themes, mutual_information
from tests.fakes.subjects import many_papers

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.flows.themesfigures import ThemesFigures

FIRST, LAST = date(2026, 5, 4), date(2026, 5, 5)
RING = np.repeat(np.eye(3), 12, axis=0) + np.random.default_rng(1).normal(0, 0.02, (36, 3))
SIDES = np.repeat(np.arange(3), 12)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    papers = [
        *many_papers(800),
        *many_papers(240, first=5_000, day=FIRST),
        *many_papers(240, first=6_000, day=LAST),
    ]
    path = tmp_path / "records.jsonl"
    path.write_text(
        "".join(
            json.dumps(
                {
                    "id": str(paper.work_id),
                    "title": paper.title,
                    "abstract": paper.abstract,
                    "categories": paper.categories,
                    "seen": paper.listed_on.isoformat(),
                }
            )
            + "\n"
            for paper in papers
        )
    )
    return path


def measured(path: Path, *, by_week: bool = False, first: date = FIRST, last: date = LAST) -> ThemesFigures:
    ticks = itertools.count()
    return evaluate_themes(
        path,
        train_before=FIRST,
        first=first,
        last=last,
        by_week=by_week,
        stopwatch=lambda: float(next(ticks)),
    )


def test_days_of_clear_subjects_are_found_again(records: Path) -> None:
    figures = measured(records)

    ours = figures.methods["ours"]
    assert [(one.first, one.papers, one.is_repeated) for one in figures.windows] == [
        (FIRST, 240, True),
        (LAST, 240, True),
    ]
    assert ours.stability > 0.95
    assert ours.purity > 0.95
    assert ours.nmi > 0.9
    assert ours.hidden == 0
    assert ours.groups == 8
    assert len(figures.methods) == 5
    assert figures.trained == figures.axes_papers == 800


def test_a_week_is_one_window(records: Path) -> None:
    figures = measured(records, by_week=True, last=date(2026, 5, 12))

    assert [(one.first, one.last, one.papers) for one in figures.windows] == [(FIRST, date(2026, 5, 10), 480)]


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 5, 1), LAST), (LAST, FIRST), (date(2026, 6, 1), date(2026, 6, 2))]
)
def test_days_that_cannot_be_measured_are_refused(records: Path, first: date, last: date) -> None:
    with pytest.raises(EvaluationUnreadable):
        measured(records, first=first, last=last)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_figures_are_printed(records: Path, capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    themes(records, train_before=FIRST, first=FIRST, last=FIRST, by_week=False, as_json=as_json)

    shown = capsys.readouterr().out
    if as_json:
        assert json.loads(shown)["methods"]["ours"]["purity"] > 0.95
    else:
        assert "two runs, the second in reverse order: equal" in shown


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(typer.Exit):
        themes(tmp_path / "no", train_before=FIRST, first=FIRST, last=LAST, by_week=True, as_json=True)


@pytest.mark.parametrize("method", [k_means, ward, spectral])
def test_simple_methods_find_three_clear_groups(method: object) -> None:
    found = method(RING, 3)  # type: ignore[operator]  # each takes places and a number

    assert adjusted_rand(found, SIDES) == 1


def test_k_means_of_equal_places_ends() -> None:
    assert set(k_means(np.ones((5, 2)), 2).tolist()) <= {0, 1}


def test_measures_know_equal_and_unrelated_groupings() -> None:
    other = np.tile(np.arange(3), 12)

    assert adjusted_rand(SIDES, 2 - SIDES) == 1
    assert adjusted_rand(SIDES, other) < 0
    assert adjusted_rand(SIDES, np.zeros(36, dtype=np.int64)) == 0
    assert adjusted_rand(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)) == 1
    assert mutual_information(SIDES, SIDES) == pytest.approx(1)
    assert mutual_information(SIDES, other) == pytest.approx(0)
    assert mutual_information(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)) == 1
