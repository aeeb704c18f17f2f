"""The command evaluate tldr: how near our sentences come to summaries by people."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from academichub.cli.console import explained, make_terminal, print_json
from academichub.flows.tldrfigures import MEASURES, evaluate_tldr, read_tldr

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.tldrfigures import TldrFigures, TldrMethod

_DIGITS: Final = 6


def tldr(file: Path, *, train: Path | None = None, as_json: bool) -> None:
    """Choose one sentence of every abstract by every method and print how near each comes.

    Args:
        file: Abstracts and summaries as JSON lines.
        train: Learn fresh weights from these; else the shipped ones are measured.
        as_json: Print JSON for programs.
    """
    terminal = make_terminal(None)
    with explained():
        papers = read_tldr(file)
        learned_from = None if train is None else read_tldr(train)
        figures = evaluate_tldr(papers, train=learned_from, stopwatch=time.process_time)
        if as_json:
            print_json(_json(figures))
        else:
            _print(figures, terminal)


def _json(figures: TldrFigures) -> dict[str, Any]:
    """Give the figures as JSON values: ROUGE from 0 to 1, null papers trained on for the shipped weights."""
    return {
        "papers": figures.papers,
        "trained": figures.trained,
        "learn_seconds": round(figures.learn_seconds, _DIGITS),
        "choose_milliseconds": round(figures.choose_milliseconds, _DIGITS),
        "methods": {name: _method(method) for name, method in figures.methods.items()},
    }


def _method(method: TldrMethod) -> dict[str, Any]:
    return {
        **{name: round(method.means[name], _DIGITS) for name in MEASURES},
        "words": round(method.words, _DIGITS),
        "intervals": {name: [round(end, _DIGITS) for end in method.intervals[name]] for name in MEASURES},
    }


def _print(figures: TldrFigures, terminal: Terminal) -> None:
    weights = "the shipped weights" if figures.trained is None else f"learned from {figures.trained} papers"
    terminal.out.print(f"{figures.papers} papers, {weights}", markup=False)
    table = Table()
    table.add_column("method")
    for name in (*MEASURES, "words", "95 % of rouge-1", "95 % of rouge-2"):
        table.add_column(name, justify="right")
    for name, method in figures.methods.items():
        table.add_row(
            name,
            *(f"{method.means[one]:.4f}" for one in MEASURES),
            f"{method.words:.1f}",
            *("{:.4f} to {:.4f}".format(*method.intervals[one]) for one in MEASURES[:2]),
        )
    terminal.out.print(table)
    terminal.out.print(
        f"{figures.learn_seconds:.1f} s of CPU to learn, {figures.choose_milliseconds:.2f} ms an abstract",
        markup=False,
    )
