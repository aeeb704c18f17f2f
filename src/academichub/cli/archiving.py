"""What `academichub export --all` does, and `academichub import` with a whole hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.cli.console import explained, make_terminal, print_json, progress_bar

if TYPE_CHECKING:
    from pathlib import Path


def export_all(path: Path, *, as_json: bool) -> None:
    """Write the whole hub into a file."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        with progress_bar(terminal, path.name) as (_, advance):
            told = hub.export_all(path, progress=advance)
        if as_json:
            print_json(told)
            return
        terminal.out.print(
            f"{path}: {told.rows} rows of {told.tables} tables, {told.bytes} bytes", markup=False
        )


def import_all(path: Path, *, as_json: bool) -> None:
    """Take a whole hub in, into this one."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        with progress_bar(terminal, path.name) as (_, advance):
            told = hub.import_all(path, progress=advance)
        if as_json:
            print_json(told)
            return
        terminal.out.print(
            f"{path}: {told.rows} rows of {told.tables} tables, from schema {told.revision}", markup=False
        )
