"""The command evaluate evidence: what the checks of sentences catch, and what they refuse wrongly."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.table import Table

from academichub.cli.console import MISUSED, explained, make_terminal, print_json
from academichub.flows.evidencefigures import (
    METHODS,
    MOST_TRIALS,
    evaluate_evidence,
    make_mutations,
    read_summaries,
    read_trials,
)

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from academichub.briefing.mutating import Trial
    from academichub.cli.console import Terminal
    from academichub.flows.evidencefigures import EvidenceFigures, KindFigures, Rate

_DIGITS: Final = 6


def evidence(
    path: Path | None,
    *,
    mutate: Path | None = None,
    tldr: Path | None = None,
    as_json: bool,
    first: date | None = None,
    last: date | None = None,
    limit: int | None = None,
) -> None:
    """Judge sentences by the checks of briefings and by simple rules, and print how often each is right.

    Args:
        path: Judged sentences as JSON lines.
        mutate: Records whose sentences are turned into false ones.
        tldr: SciTLDR's lines: summaries by people, which are true.
        as_json: Print JSON for programs.
        first: Of the records, leave out earlier days.
        last: Of the records, leave out later days.
        limit: At most so many trials of each kind.
    """
    terminal = make_terminal(None)
    if path is None and mutate is None and tldr is None:
        terminal.err.print("Nothing to judge: give a FILE, --mutate or --tldr.", markup=False)
        raise typer.Exit(MISUSED)
    with explained():
        parts: dict[str, list[Trial]] = {}
        if path is not None:
            parts["file"] = read_trials(path, limit=limit)
        if mutate is not None:
            most = MOST_TRIALS if limit is None else limit
            parts["mutations"] = make_mutations(mutate, first=first, last=last, limit=most)
        if tldr is not None:
            parts["summaries"] = read_summaries(tldr, limit=limit)
        figures = {
            name: evaluate_evidence(trials, stopwatch=time.process_time) for name, trials in parts.items()
        }
        if as_json:
            print_json({name: _json(one) for name, one in figures.items()})
            return
        for name, one in figures.items():
            _print(name, one, terminal)


def _json(figures: EvidenceFigures) -> dict[str, Any]:
    """Give the figures as JSON values: shares from 0 to 1."""
    return {
        "milliseconds_per_sentence": round(figures.milliseconds, _DIGITS),
        "kinds": [_kind(one) for one in figures.kinds],
    }


def _kind(one: KindFigures) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "supported": one.supported,
        "trials": one.trials,
        "refused": {method: _rate(one.rates[method]) for method in METHODS},
        "labels": dict(one.labels),
        "reasons": dict(one.reasons),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval
    return {"share": round(rate.value, _DIGITS), "interval": [round(low, _DIGITS), round(high, _DIGITS)]}


def _print(name: str, figures: EvidenceFigures, terminal: Terminal) -> None:
    table = Table(title=f"{name}: share of sentences refused")
    table.add_column("kind")
    table.add_column("is")
    for column in ("sentences", *METHODS, "95 %", "close", "loose"):
        table.add_column(column, justify="right")
    for one in figures.kinds:
        rates = [one.rates[method] for method in METHODS]
        low, high = rates[0].interval
        table.add_row(
            one.kind,
            "true" if one.supported else "false",
            str(one.trials),
            *(f"{rate.value:.3f}" for rate in rates),
            f"{low:.3f} to {high:.3f}",
            str(one.labels["close"] + one.labels["quoted"]),
            str(one.labels["loose"]),
        )
    terminal.out.print(table)
    terminal.out.print(f"{figures.milliseconds:.1f} ms of CPU a sentence by our checks", markup=False)
