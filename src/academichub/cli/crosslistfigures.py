"""The command evaluate crosslist: how well the other fields of a paper are told from its text."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from academichub.cli.console import explained, make_terminal, print_json
from academichub.flows.crosslistfigures import evaluate_crosslist

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.crosslistfigures import CrosslistFigures


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
    say = terminal.out.print
    say(
        f"trained on {figures.trained}, tested on {figures.tested}, {figures.cross_listed} of them cross-listed;"
        f" {figures.method}, {figures.terms} terms, {len(figures.archives)} fields",
        markup=False,
    )
    for archive, count in figures.left_out.items():
        say(f"left out: {count} papers of {archive}, nearly all cross-listed", markup=False)
    say(
        f"{figures.fit_seconds:.1f} s CPU to fit, {figures.predict_milliseconds:.2f} ms a paper;"
        f" on cards {figures.shown}, right {figures.shown_true}",
        markup=False,
    )
    for name, one in figures.methods.items():
        shown = ", ".join(
            f"{key} {value:.4f}" for key, value in asdict(one).items() if isinstance(value, float)
        )
        say(f"{name}: {shown}", markup=False)
