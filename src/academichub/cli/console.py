"""Speak on a terminal: words for people, JSON for programs, errors that say what to do."""

from __future__ import annotations

import json
import locale
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from academichub.errors import AcademicHubError
from academichub.hub import Hub, open_hub
from academichub.model.papers import Moment, Precision
from academichub.model.shelf import Card, Dated
from academichub.settings import load_settings
from academichub.web.i18n import LANGUAGES, translate_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.settings import SettingLine, Settings

Count: TypeAlias = "Callable[[int], None]"

FAILED = 1
MISUSED = 2


@dataclass(slots=True)
class Terminal:
    """What every command needs: where to print, and how the hub is configured."""

    home: Path | None
    out: Console
    err: Console

    def settings(self, **overrides: object) -> tuple[Settings, tuple[SettingLine, ...]]:
        """Read the settings; what the command line said comes first."""
        said = {name: value for name, value in overrides.items() if value is not None}
        if self.home is not None:
            said["home"] = self.home
        return load_settings(overrides=said)

    def open_hub(self) -> Hub:
        """Open the hub that the settings describe."""
        settings, lines = self.settings()
        return open_hub(settings, lines=lines)


class Printer(Console):
    """A console that leaves a closed pipe to `explained`, like everything else that goes wrong."""

    def on_broken_pipe(self) -> None:
        """Say so, where the library would end the program with a failure."""
        raise BrokenPipeError


def make_terminal(home: Path | None) -> Terminal:
    """Make a terminal that prints results to stdout and everything else to stderr."""
    return Terminal(home, Printer(soft_wrap=True, highlight=False), Printer(stderr=True, highlight=False))


def language() -> str:
    """Choose the language of messages: the setting, else the locale, else English."""
    try:
        said = load_settings()[0].language
    except AcademicHubError:  # it is being told about in some language just now
        said = os.environ.get("ACADEMICHUB_LANGUAGE", "")
    if said in LANGUAGES:
        return said
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts, as everywhere
    named = next(filter(None, map(os.environ.get, variables)), None) or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith("zh") else "en"


@contextmanager
def explained() -> Iterator[None]:
    """Turn an error with a name into a sentence and an exit code."""
    try:
        yield
        sys.stdout.flush()  # a reader that has gone shows here, and not while the interpreter ends
    except AcademicHubError as error:
        say_error(error)
        raise typer.Exit(FAILED) from error
    except BrokenPipeError as error:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from error


def say_error(error: AcademicHubError) -> None:
    """Print an error's sentence, and its code for those who search for it."""
    console = Console(stderr=True, highlight=False)
    console.print(translate_error(error, language()), style="red", markup=False)
    console.print(error.code, style="dim", markup=False)


def print_json(value: object, *, lines: bool = False) -> None:
    """Print one JSON value; as one line, or indented for people who read it."""
    indent = None if lines else 2
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=indent) + "\n")


def plain(value: object) -> Any:  # noqa: ANN401  # any of our shapes in, JSON values out
    """Turn our shapes into JSON values; dates at the precision their source gave."""
    if isinstance(value, Moment | Dated):
        return written(value)
    if isinstance(value, AcademicHubError):
        return {"code": value.code, "facts": value.facts}
    if isinstance(value, Card):
        value = value._asdict()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def written(moment: Moment | Dated) -> str:
    """Write a date with no more precision than its source gave."""
    if moment.precision is Precision.INSTANT and isinstance(moment, Moment):
        return moment.at.isoformat()
    return moment.on.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(moment.precision, 10)]


@contextmanager
def progress_bar(
    terminal: Terminal, label: str
) -> Iterator[tuple[Callable[[int], None], Callable[[int], None]]]:
    """Show a bar on stderr; give the two functions that set its length and move it."""
    name = TextColumn("{task.description}", markup=False)  # a file may be named like markup
    columns = (name, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal.err, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield (lambda total: bar.update(task, total=total)), (lambda done: bar.advance(task, done))
