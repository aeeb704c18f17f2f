"""What `academichub import FILE --collection NAME` and `academichub zotero` do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from academichub.cli.console import FAILED, explained, make_terminal, print_json, progress_bar
from academichub.hub import read_file

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.importing import LibraryImported, Wish
    from academichub.model.keeping import Imported

SHOWN: Final = 20  # remarks of a kind


def import_file(file: Path, wish: Wish, *, as_json: bool) -> None:
    """Read a library file into a collection; broken entries are told, and lose nothing else."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        content = read_file(file)
        with progress_bar(terminal, file.name) as (_, advance):
            told = hub.import_file(content, name=file.name, wish=wish, now=hub.clock(), progress=advance)
        if as_json:
            print_json(told)
        else:
            _print_library(terminal, told, is_dry=wish.is_dry)
    if told.account.broken and told.account.broken == told.account.entries:
        raise typer.Exit(FAILED)


def sync_zotero(library: str, *, collection: str, as_json: bool) -> None:
    """Bring a Zotero library up to date here."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        with progress_bar(terminal, "zotero") as (_, advance):
            told = hub.sync_zotero(library, collection=collection, progress=advance)
        if as_json:
            print_json(told)
            return
        for key, reason in told.broken[:SHOWN]:
            terminal.err.print(f"{told.library}, item {key or '?'}: {reason}", style="yellow", markup=False)
        _print_more(terminal, len(told.broken))
        if told.is_unchanged:
            terminal.out.print(f"{told.name}: nothing has changed", markup=False)
            return
        skipped = "".join(f", {count} {kind} left out" for kind, count in told.skipped.items())
        terminal.out.print(
            f"{told.name}: {_account(told.account)}, {told.removed} taken out{skipped};"
            f" {told.collections} collections",
            markup=False,
        )


def _print_library(terminal: Terminal, told: LibraryImported, *, is_dry: bool) -> None:
    for remarks, colour in ((told.broken, "yellow"), (told.warnings, "dim")):
        for line, entry, reason in remarks[:SHOWN]:
            said = f"{told.name}, line {line}, entry {entry or '?'}: {reason}"
            terminal.err.print(said, style=colour, markup=False)
        _print_more(terminal, len(remarks))
    skipped = "".join(f", {count} {kind} left out" for kind, count in told.skipped.items())
    where = "nothing was written" if is_dry else f"collection {told.account.collection}"
    terminal.out.print(
        f"{told.name}: {told.format}, {_account(told.account)}{skipped}; {where}", markup=False
    )
    for group in told.groups:
        terminal.out.print(f"  {group}", markup=False)
    if told.tags or told.tags_left_out:
        terminal.out.print(f"{told.tags} tags, {told.tags_left_out} could be none", markup=False)


def _print_more(terminal: Terminal, count: int) -> None:
    if count > SHOWN:
        terminal.err.print(f"and {count - SHOWN} more", style="yellow")


def _account(one: Imported) -> str:
    return (
        f"{one.entries} entries = {one.matched} papers of the hub + {one.kept} others"
        f" + {one.unchanged} unchanged + {one.broken} broken"
    )
