"""The command evaluate search: what searching finds, beside plain BM25 of two other programs."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.table import Table

from academichub.cli.console import FAILED, explained, make_terminal, print_json, progress_bar
from academichub.errors import ModelMissing
from academichub.flows.searchfigures import MEASURES, PEER, evaluate_search, has_peer
from academichub.flows.searchfolder import read_search_folder
from academichub.llm.choosing import choose

if TYPE_CHECKING:
    from academichub.cli.console import Terminal
    from academichub.flows.searchfigures import SearchFigures, SearchMethod
    from academichub.llm.ports import Embedder

_DIGITS: Final = 6


def search(folder: Path, *, model: str = "english", as_json: bool) -> None:
    """Ask every question of a folder by every method and print what each found.

    Args:
        folder: docs.jsonl, queries.jsonl, qrels.tsv.
        model: The local model for meaning: "english", "multilingual", or "none".
        as_json: Print JSON for programs.
    """
    terminal = make_terminal(None)
    if not has_peer():
        terminal.err.print(
            f"{PEER} is measured beside and is not installed: pip install {PEER}", style="red", markup=False
        )
        raise typer.Exit(FAILED)
    with explained():
        judged = read_search_folder(folder)
        embedder = _embedder(model, terminal)
        with TemporaryDirectory() as workplace, progress_bar(terminal, "embedding") as (begin, advance):
            begin(len(judged.documents) if embedder is not None else 0)
            figures = evaluate_search(
                judged,
                Path(workplace),
                embedder=embedder,
                stopwatch=time.process_time,
                progress=advance,
            )
        if as_json:
            print_json(_json(figures))
        else:
            _print(figures, terminal)


def _embedder(model: str, terminal: Terminal) -> Embedder | None:
    """Load a local model; without it the words must do, and it is said."""
    try:
        return choose(model)
    except ModelMissing as error:
        terminal.err.print(f"measured on words alone: {error}", style="yellow", markup=False)
        return None


def _json(figures: SearchFigures) -> dict[str, Any]:
    return {
        "documents": figures.documents,
        "questions": figures.questions,
        "unanswered": figures.unanswered,
        "strangers": figures.strangers,
        "respelt": figures.respelt,
        "embeddings": figures.space,
        "methods": {name: _method(method) for name, method in figures.methods.items()},
    }


def _method(method: SearchMethod) -> dict[str, Any]:
    return {
        **{name: round(method.means[name], _DIGITS) for name in MEASURES},
        "interval": [round(end, _DIGITS) for end in method.interval],
        "cpu_milliseconds": round(method.cpu_milliseconds, _DIGITS),
    }


def _print(figures: SearchFigures, terminal: Terminal) -> None:
    left_out = f", {figures.unanswered} left out: nothing answers them" if figures.unanswered else ""
    terminal.out.print(
        f"{figures.documents} documents, {figures.questions} questions{left_out};"
        f" embeddings: {figures.space or 'none'}",
        markup=False,
    )
    if figures.respelt:
        terminal.out.print(
            f"{figures.respelt} questions are no query as written: their words were asked", markup=False
        )
    if figures.strangers:
        terminal.out.print(f"{figures.strangers} judgements are of unknown questions", markup=False)
    table = Table()
    table.add_column("method")
    for name in (*MEASURES, "95 % of ndcg@10", "ms of CPU"):
        table.add_column(name, justify="right")
    for name, method in figures.methods.items():
        table.add_row(
            name,
            *(f"{method.means[one]:.4f}" for one in MEASURES),
            "{:.4f} to {:.4f}".format(*method.interval),
            f"{method.cpu_milliseconds:.2f}",
        )
    terminal.out.print(table)
