"""The command evaluate crosslist: how well the other fields of a paper are told from its text."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from rich.table import Table

from academichub.cli.console import explained, make_terminal, print_json
from academichub.flows.crosslistfigures import evaluate_crosslist

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.crosslistfigures import CrosslistFigures

_COLUMNS: Final = {
    "micro": "micro",
    "macro": "macro",
    "within": "within",
    "AP": "average_precision",
    "R@1": "recall_at_1",
    "R@2": "recall_at_2",
    "ECE": "calibration_error",
}


def crosslist(
    records: Path,
    *,
    train_before: date,
    first: date,
    last: date,
    calibrate_from: date | None = None,
    as_json: bool,
) -> None:
    """Learn from the records before a day, judge those of a stretch, and print every figure."""
    terminal = make_terminal(None)
    with explained():
        figures = evaluate_crosslist(
            records,
            train_before=train_before,
            first=first,
            last=last,
            stopwatch=time.process_time,
            calibrate_from=calibrate_from,
        )
        if as_json:
            print_json(asdict(figures))
        else:
            _print(figures, terminal)


def _print(figures: CrosslistFigures, terminal: Terminal) -> None:
    def say(line: str) -> None:
        terminal.out.print(line, markup=False)

    say(
        f"{figures.trained} papers learned from in {figures.fit_seconds:.1f} s CPU ({figures.method},"
        f" {figures.terms} terms, {len(figures.archives)} fields), {figures.tested} measured at"
        f" {figures.predict_milliseconds:.2f} ms, {figures.cross_listed} of them cross-listed"
    )
    for archive, count in figures.left_out.items():
        say(f"left out: {archive}, {count} papers, nearly all cross-listed")
    table = Table()
    for name in ("method", *_COLUMNS):
        table.add_column(name, justify="left" if name == "method" else "right")
    for name, one in figures.methods.items():
        table.add_row(name, *(_shown(getattr(one, field)) for field in _COLUMNS.values()))
    terminal.out.print(table)
    say(f"on cards: {figures.shown} fields, {figures.shown_true} of them named by the authors")
    ours = figures.methods["academichub"]
    say("AUC by field: " + ", ".join(f"{name} {auc:.3f}" for name, auc in ours.fields.items()))
    for bin_ in ours.reliability:
        say(
            f"said {bin_.low:.1f} to {bin_.high:.1f}: {bin_.cells} cells,"
            f" {bin_.said:.3f} on average, {bin_.came:.3f} of them true"
        )


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
