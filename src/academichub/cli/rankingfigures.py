"""The command evaluate ranking: our order of papers beside that of others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from academichub.cli.console import explained, make_terminal, print_json
from academichub.errors import ModelMissing
from academichub.flows.rankingfolder import read_folder
from academichub.flows.rankingmethods import evaluate_folder

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.rankingmethods import Embedder, Method, RankingFigures

SHOWN: Final = ("recall@20", "recall@50", "recall@100", "ndcg@20", "ndcg@10", "p@10", "p@20", "mrr")
_DIGITS: Final = 6


def ranking(
    folder: Path,
    *,
    as_json: bool,
    with_embeddings: bool = True,
    collaborative: bool = True,
    users: int | None = None,
) -> None:
    """Rank the users of a folder by every method and print what each reached."""
    terminal = make_terminal(None)
    with explained():
        embedder = _embedder(terminal) if with_embeddings else None
        figures = evaluate_folder(
            read_folder(folder),
            embedder,
            stopwatch=time.process_time,
            is_collaborative=collaborative,
            most_users=users,
        )
        if as_json:
            print_json(_json(figures))
        else:
            _print(figures, terminal)


def _embedder(terminal: Terminal) -> Embedder | None:
    """Load the local English model; without it the words must do, and it is said."""
    from academichub.llm.local import english

    try:
        return english()
    except ModelMissing as error:
        terminal.err.print(f"measured on words alone: {error}", style="yellow", markup=False)
        return None


def _json(figures: RankingFigures) -> dict[str, Any]:
    return {
        "users": figures.users,
        "candidates": figures.candidates,
        "embeddings": figures.space,
        "methods": {name: _method(method) for name, method in figures.methods.items()},
    }


def _method(method: Method) -> dict[str, Any]:
    return {
        **{name: round(method.means[name], _DIGITS) for name in SHOWN},
        "cpu_seconds_per_user": round(method.cpu_seconds_per_user, _DIGITS),
        "calibration_error": None
        if method.calibration_error is None
        else round(method.calibration_error, _DIGITS),
        "intervals": {
            name: [round(method.intervals[name].low, _DIGITS), round(method.intervals[name].high, _DIGITS)]
            for name in SHOWN
        },
    }


def _print(figures: RankingFigures, terminal: Terminal) -> None:
    embeddings = figures.space or "none"
    terminal.out.print(
        f"{figures.users} users, {figures.candidates} candidates, embeddings: {embeddings}", markup=False
    )
    table = Table()
    table.add_column("method")
    for name in (*SHOWN, "CPU ms"):
        table.add_column(name, justify="right")
    for name, method in figures.methods.items():
        shown = [f"{method.means[one]:.4f}" for one in SHOWN]
        table.add_row(name, *shown, f"{1000 * method.cpu_seconds_per_user:.1f}")
    terminal.out.print(table)
    for name, method in figures.methods.items():
        low_high = method.intervals["ndcg@20"]
        terminal.out.print(f"{name}: nDCG@20 95 % {low_high.low:.4f} to {low_high.high:.4f}", markup=False)
        if method.calibration_error is not None:
            terminal.out.print(f"{name}: calibration error {method.calibration_error:.5f}", markup=False)
