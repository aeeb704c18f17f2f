"""The command evaluate crosslist: learned on some days, measured on later ones."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import typer

from academichub.cli.crosslistfigures import crosslist
from academichub.errors import EvaluationUnreadable
from academichub.flows.crosslistfigures import CrosslistFigures, evaluate_crosslist
from tests.fakes.crosslisted import FIRST_DAY, crosslisted

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = FIRST_DAY + timedelta(days=10)
LAST = FIRST_DAY + timedelta(days=13)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Write the papers of 14 days; the last has some that are there only because they are cross-listed."""
    lines = [
        {
            "id": f"x{paper.work_id}",
            "title": paper.title,
            "abstract": paper.abstract,
            "categories": paper.categories,
            "seen": paper.listed_on.isoformat(),
        }
        for paper in crosslisted(700)
    ]
    seen = LAST.isoformat()
    lines += [
        {"id": f"y{at}", "title": "Wage", "abstract": "", "categories": ["q-fin.EC", "econ.EM"], "seen": seen}
        for at in range(9)
    ]
    lines.append(
        {"id": "z", "title": "Qubit", "abstract": "", "categories": ["quant-ph", "nlin.CD"], "seen": seen}
    )
    lines.append({"id": "w", "title": "Cells", "abstract": "", "categories": ["Biology"], "seen": seen})
    path = tmp_path / "records.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def evaluate(
    path: Path, *, before: date = BEFORE, first: date = BEFORE, last: date = LAST
) -> CrosslistFigures:
    return evaluate_crosslist(path, train_before=before, first=first, last=last, stopwatch=lambda: 0.0)


def test_ours_is_measured_beside_the_simple_methods(records: Path) -> None:
    figures = evaluate(records)

    assert list(figures.methods) == ["academichub", "bayes", "centroid", "prior-category", "prior-archive"]
    assert (figures.trained, figures.tested, figures.method) == (500, 201, "bayes")
    assert figures.methods["prior-archive"].within == pytest.approx(0.5)
    assert (figures.methods["academichub"].within or 0) > 0.9
    assert (figures.methods["academichub"].recall_at_1 or 0) > 0.8
    assert (figures.methods["academichub"].calibration_error or 1) < 0.05
    assert 0 < figures.shown_true <= figures.shown
    assert figures == evaluate(records)


def test_archives_that_are_there_only_cross_listed_are_left_out_and_told(records: Path) -> None:
    figures = evaluate(records)

    assert figures.left_out == {"q-fin": 9}


def test_an_archive_that_was_not_learned_counts_as_missed(records: Path) -> None:
    figures = evaluate(records, first=LAST)
    without = [line for line in records.read_text().splitlines() if '"z"' not in line]
    records.write_text("\n".join(without))

    assert figures.cross_listed == evaluate(records, first=LAST).cross_listed + 1
    assert (figures.methods["academichub"].micro or 0) < (
        evaluate(records, first=LAST).methods["academichub"].micro or 0
    )


@pytest.mark.parametrize(
    ("before", "first", "last", "reason"),
    [
        (BEFORE, FIRST_DAY, LAST, "overlap"),
        (BEFORE, LAST, BEFORE, "overlap"),
        (FIRST_DAY + timedelta(days=1), BEFORE, LAST, "50 papers before"),
        (BEFORE, LAST + timedelta(days=3), LAST + timedelta(days=4), "no papers from"),
    ],
)
def test_days_that_hold_too_little_are_told(
    before: date, first: date, last: date, reason: str, records: Path
) -> None:
    with pytest.raises(EvaluationUnreadable, match=reason):
        evaluate(records, before=before, first=first, last=last)


def test_figures_are_printed_for_programs(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crosslist(records, train_before=BEFORE, first=BEFORE, last=LAST, as_json=True)

    figures = json.loads(capsys.readouterr().out)
    assert set(figures["methods"]["academichub"]) >= {"micro", "macro", "within", "recall_at_2"}
    assert sum(one["cells"] for one in figures["methods"]["academichub"]["reliability"]) == 201 * 4
    assert figures["fit_seconds"] > 0


def test_figures_are_printed_for_people(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crosslist(
        records,
        train_before=BEFORE,
        first=BEFORE,
        last=LAST,
        calibrate_from=BEFORE - timedelta(days=2),
        as_json=False,
    )

    shown = capsys.readouterr().out
    assert "500 papers learned from" in shown
    assert "left out: q-fin, 9 papers" in shown
    assert "prior-archive" in shown
    assert "0.5000" in shown


def test_a_bad_file_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{")

    with pytest.raises(typer.Exit):
        crosslist(path, train_before=BEFORE, first=BEFORE, last=LAST, as_json=True)

    assert "evaluation.unreadable" in capsys.readouterr().err
