"""Commands about sources: list, add, remove, pause, resume, fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.markup import escape
from rich.table import Table

from academichub.cli.console import (
    FAILED,
    explained,
    language,
    make_terminal,
    plain,
    print_json,
    progress_bar,
    say_error,
)
from academichub.cli.papers import read_day
from academichub.errors import AcademicHubError, DateMalformed
from academichub.hub import known_sources, read_file, utc_now
from academichub.model.shelf import Health
from academichub.web.i18n import catalogue

if TYPE_CHECKING:
    from pathlib import Path

COLOURS = {
    Health.OK: "green",
    Health.QUIET: "green",
    Health.LATE: "yellow",
    Health.FAILING: "red",
    Health.PAUSED: "dim",
    Health.NEVER: "dim",
}


def show(*, as_json: bool) -> None:
    """List the sources with their health."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        page = hub.sources(now=utc_now())
        if as_json:
            for source in page.sources:
                print_json(source, lines=True)
            return
        words = catalogue(language())
        table = Table("key", "health", "last good", "next", "new/day", "error", box=None, pad_edge=False)
        for source in page.sources:
            table.add_row(
                source.key,
                f"[{COLOURS[source.health]}]{source.health.value}[/]",
                f"{source.last_ok_at:%m-%d %H:%M}" if source.last_ok_at else "-",
                f"{source.next_due_at:%m-%d %H:%M}" if source.next_due_at else "-",
                f"{source.new_per_day:.0f}",
                escape(words.error(source.error_code, source.error_facts)) if source.error_code else "",
            )
        terminal.out.print(table)
        terminal.out.print(f"{page.works} works", markup=False)


def known(words: str, *, field: str, access: str, as_json: bool) -> None:
    """Search what can be subscribed by name."""
    with explained():
        for entry in known_sources(words, field=field, access=access):
            if as_json:
                print_json(entry, lines=True)
            else:
                typer.echo(f"{entry.key}\t{entry.title}\t{entry.url}")


def discover(url: str, *, as_json: bool) -> None:
    """List the feeds that a page offers."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        for found in hub.discover(url):
            if as_json:
                print_json(found._asdict(), lines=True)
            else:
                typer.echo(f"{found.url}\t{found.title}\t{found.kind}")


def import_opml(file: Path, *, as_json: bool) -> None:
    """Subscribe what an OPML file lists."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        report = hub.import_opml(read_file(file), now=utc_now())
        if as_json:
            print_json({"added": report.added, "known": report.known})
        else:
            terminal.out.print(f"added {report.added}, subscribed before {report.known}", markup=False)
        words = catalogue(language())
        for one in report.rejected:
            reason = words.error(one.error_code, one.error_facts)
            terminal.err.print(f"{one.title}: {reason}", style="red", markup=False)
        if report.rejected:
            raise typer.Exit(FAILED)


def export_opml() -> None:
    """Print all subscriptions."""
    with explained(), make_terminal(None).open_hub() as hub:
        typer.echo(hub.export_opml(now=utc_now()).decode(), nl=False)


def backfill(key: str, *, since: str, until: str | None, as_json: bool) -> None:
    """Harvest a stretch of a source's past."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        first = read_day(since)
        last = read_day(until) if until else utc_now().date()
        if last < first:
            raise DateMalformed(value=f"{first} > {last}")
        plan = hub.backfill_plan(key, since=first, until=last)
        terminal.err.print(
            f"{key}: {plan.connector}, {first} - {last}, some {plan.estimate} papers",
            style="dim",
            markup=False,
        )
        with progress_bar(terminal, key) as (begin, advance):
            begin(plan.estimate)
            seen = 0

            def move(now_seen: int, total: int | None) -> None:
                nonlocal seen
                begin(max(total or plan.estimate, now_seen))
                advance(max(now_seen - seen, 0))
                seen = now_seen

            done = hub.backfill(key, since=first, until=last, progress=move)
        account = done.account
        if as_json:
            print_json(done, lines=True)
        else:
            terminal.out.print(
                f"{key}: {done.status.value}, {done.pages} pages, received {account.received},"
                f" new {account.new}, revised {account.revised}, twins {account.twin},"
                f" unchanged {account.unchanged}, rejected {account.rejected}",
                markup=False,
            )
        if done.error is not None:
            say_error(done.error)
            raise typer.Exit(FAILED)


def add(names: list[str]) -> None:
    """Subscribe sources; one that cannot be does not stop the rest."""
    terminal = make_terminal(None)
    has_failed = False
    with explained(), terminal.open_hub() as hub:
        for name in names:
            try:
                terminal.out.print(hub.add_source(name, now=utc_now()), markup=False)
            except AcademicHubError as error:
                say_error(error)
                has_failed = True
    if has_failed:
        raise typer.Exit(FAILED)


def remove(key: str) -> None:
    """Forget a source."""
    with explained(), make_terminal(None).open_hub() as hub:
        hub.remove_source(key)


def pause(key: str, *, paused: bool) -> None:
    """Stop fetching a source, or start again."""
    with explained(), make_terminal(None).open_hub() as hub:
        hub.pause(key, paused=paused, now=utc_now())


def fetch(key: str | None, *, as_json: bool) -> None:
    """Fetch one source, or all that are not paused, here and now."""
    terminal = make_terminal(None)
    has_failed = False
    with explained(), terminal.open_hub() as hub:
        keys = [key] if key is not None else list(hub.active_keys())
        for one in keys:
            with progress_bar(terminal, one) as (_begin, advance):
                outcome = hub.refresh(one, progress=advance)
            has_failed |= outcome.error is not None
            if as_json:
                print_json(outcome, lines=True)
                continue
            account = outcome.account
            terminal.out.print(
                f"{one}: {outcome.status.value}, received {account.received}, new {account.new},"
                f" revised {account.revised}, rejected {account.rejected}",
                markup=False,
            )
            if outcome.error is not None:
                say_error(outcome.error)
                terminal.err.print(f"next try {plain(outcome.next_due_at)}", style="dim", markup=False)
    if has_failed:
        raise typer.Exit(FAILED)
