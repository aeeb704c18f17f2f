"""The command evaluate themes: how steady and how clean the themes of days or weeks are."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from rich.table import Table

from academichub.cli.console import explained, make_terminal, print_json
from academichub.flows.themesfigures import evaluate_themes

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.themesfigures import Quality, ThemesFigures

_COLUMNS: Final = ("groups", "stability", "purity", "NMI", "NPMI", "largest", "hidden", "CPU s")


def themes(
    records: Path, *, train_before: date, first: date, last: date, by_week: bool, as_json: bool
) -> None:
    """Learn from the records before a day, find the themes of the days asked for, and print every figure."""
    terminal = make_terminal(None)
    with explained():
        figures = evaluate_themes(
            records,
            train_before=train_before,
            first=first,
            last=last,
            by_week=by_week,
            stopwatch=time.process_time,
        )
        if as_json:
            print_json(asdict(figures))
        else:
            _print(figures, terminal)


def _print(figures: ThemesFigures, terminal: Terminal) -> None:
    terminal.out.print(
        f"{figures.trained} papers learned from in {figures.concepts_seconds:.1f} s CPU (concepts), the last"
        f" {figures.axes_papers} in {figures.axes_seconds:.1f} s (axes)",
        markup=False,
    )
    table = Table()
    for name in ("", *_COLUMNS):
        table.add_column(name, justify="right" if name else "left")
    for window in figures.windows:
        days = str(window.first) if window.first == window.last else f"{window.first} to {window.last}"
        table.add_row(f"{days}, {window.papers} papers", *_shown(window.ours))
    for name, quality in figures.methods.items():
        table.add_row(f"mean: {name}", *_shown(quality))
    terminal.out.print(table)
    same = all(window.is_repeated for window in figures.windows)
    terminal.out.print(
        f"two runs, the second in reverse order: {'equal' if same else 'DIFFERENT'}", markup=False
    )


def _shown(quality: Quality) -> list[str]:
    return [
        f"{quality.groups:.0f}",
        *(f"{value:.3f}" for value in (quality.stability, quality.purity, quality.nmi, quality.npmi)),
        f"{quality.largest:.3f}",
        "-" if quality.hidden is None else f"{quality.hidden:.3f}",
        f"{quality.seconds:.2f}",
    ]
