"""Commands that measure quality: evaluate dedupe."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from academichub.cli.console import explained, make_terminal, print_json, progress_bar
from academichub.flows.evaluating import evaluate_pairs

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.evaluating import Figures, Scores

SHOWN_BAD_LINES = 20


def dedupe(file: Path, *, as_json: bool) -> None:
    """Compare the pairs of a file and print how often the verdict is right."""
    terminal = make_terminal(None)
    with explained():
        with progress_bar(terminal, file.name) as (_, advance):
            figures = evaluate_pairs(file, stopwatch=time.process_time, progress=advance)
        if as_json:
            print_json(_json(figures))
        else:
            _print(figures, terminal)


def _json(figures: Figures) -> dict[str, Any]:
    """Give the figures as JSON values: fractions from 0 to 1, null where nothing was there to be measured."""
    return {
        "pairs": figures.pairs,
        "same": figures.same,
        **_fractions(figures.best),
        "threshold": figures.threshold,
        "automatic": _fractions(figures.automatic),
        "doubtful": figures.doubtful,
        "ms_per_pair": None if figures.ms_per_pair is None else round(figures.ms_per_pair, 4),
        "wrong_lines": {
            "false_positives": figures.best.false_positives,
            "false_negatives": figures.best.false_negatives,
            "automatic_false_positives": figures.automatic.false_positives,
        },
        "bad_line_count": figures.bad_line_count,
        "bad_lines": [{"line": bad.line, "reason": bad.reason} for bad in figures.bad_lines],
    }


def _fractions(scores: Scores) -> dict[str, float | None]:
    return {"precision": scores.precision, "recall": scores.recall, "f1": scores.f1}


def _print(figures: Figures, terminal: Terminal) -> None:
    terminal.out.print(f"{figures.pairs} pairs, {figures.same} of them one work", markup=False)
    for name, scores in ((f"score >= {figures.threshold}", figures.best), ("automatic", figures.automatic)):
        shown = ", ".join(f"{key} {_percent(value)}" for key, value in _fractions(scores).items())
        terminal.out.print(f"{name}: {shown}", markup=False)
    terminal.out.print(f"put before a person: {figures.doubtful}", markup=False)
    if figures.ms_per_pair is not None:
        terminal.out.print(f"{figures.ms_per_pair:.3f} ms per pair", markup=False)
    for bad in figures.bad_lines[:SHOWN_BAD_LINES]:
        terminal.err.print(f"line {bad.line}: {bad.reason}", style="yellow", markup=False)
    if figures.bad_line_count > SHOWN_BAD_LINES:
        rest = figures.bad_line_count - SHOWN_BAD_LINES
        terminal.err.print(f"and {rest} more bad lines", style="yellow", markup=False)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f} %"
