"""The commands and their options; what they do stands in the modules beside."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from academichub import __version__
from academichub.cli import briefapp, evaluateapp, findapp, radarapp
from academichub.cli.memory import calm_collector

app = typer.Typer(
    name="academichub",
    help="Academic intelligence, curated daily. 学术情报 · 每日精选",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(
    help="Which sources are gathered, and how each is doing.", invoke_without_command=True
)
app.add_typer(sources_app, name="sources")
app.add_typer(evaluateapp.app, name="evaluate")
app.add_typer(radarapp.app, name="radar")
app.command(name="brief")(briefapp.brief)
app.command(name="briefings")(briefapp.briefings)
app.command(name="search")(findapp.search)
app.command(name="reindex")(findapp.reindex)
app.command(name="export")(findapp.export)
app.command(name="import")(findapp.import_library)
app.command(name="zotero")(findapp.zotero)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Home = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the hub's data.", show_default=False),
]


def main() -> None:
    """Run the command line."""
    calm_collector()
    app()


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer's callback signature
    if wanted:
        typer.echo(f"academichub {__version__}")
        raise typer.Exit


@app.callback()
def common(
    *,
    home: Home = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Academic intelligence, curated daily. 学术情报 · 每日精选."""
    if home is not None:
        # Every part of the program, and the worker beside the pages, then reads the same home.
        os.environ["ACADEMICHUB_HOME"] = str(home.expanduser().absolute())


@app.command()
def up(
    *,
    sample: Annotated[bool, typer.Option("--sample", help="Show some eighty made-up papers.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback only.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for any free one.")] = None,
    worker: Annotated[bool, typer.Option(help="Run the worker beside the pages.")] = True,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when the program changes.")] = False,
) -> None:
    """Start the hub: migrate, subscribe the starter sources, serve the pages, fetch in the background."""
    from academichub.cli import serving

    serving.up(with_sample=sample, host=host, port=port, with_worker=worker, reload=reload)


@app.command()
def worker(
    *,
    tethered: Annotated[bool, typer.Option("--tethered", hidden=True)] = False,
) -> None:
    """Run a worker: fetch what is due, by the clock, until stopped."""
    from academichub.cli import serving

    serving.work(is_tethered=tethered)


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(help="Saved feeds, plain or gzip, in any format we read.")],
    *,
    json: Json = False,
) -> None:
    """Take saved feeds in, through the same path as fetched ones."""
    from academichub.cli import papers

    papers.ingest(files, as_json=json)


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(help="A saved feed, plain or gzip.")],
    *,
    json: Json = False,
) -> None:
    """Show what the parser and the cleaning make of a saved feed; nothing is stored."""
    from academichub.cli import papers

    papers.parse(file, as_json=json)


@app.command()
def fetch(
    source: Annotated[
        str | None, typer.Argument(help="A source's key; all that are not paused if left out.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Fetch sources now, behind the same gates as the workers."""
    from academichub.cli import sources

    sources.fetch(source, as_json=json)


@app.command()
def backfill(
    source: Annotated[str, typer.Argument(help="A source's key.")],
    *,
    since: Annotated[str, typer.Option("--from", help="First day, as YYYY-MM-DD.")],
    until: Annotated[str | None, typer.Option(help="Last day; today if left out.")] = None,
    json: Json = False,
) -> None:
    """Fetch what a source brought in a stretch of the past; stopped, the same command goes on."""
    from academichub.cli import sources

    sources.backfill(source, since=since, until=until, as_json=json)


@app.command(name="papers")
def list_papers(
    *,
    date: Annotated[str | None, typer.Option(help="A day, as YYYY-MM-DD; the latest if left out.")] = None,
    category: Annotated[str | None, typer.Option(help="A category, such as cs.CV.")] = None,
    json: Json = False,
) -> None:
    """List a day's papers, numbered as on the page."""
    from academichub.cli import papers

    papers.show(day=date, category=category, as_json=json)


@app.command()
def config(*, json: Json = False) -> None:
    """Show every setting, its value and where it comes from; passwords are hidden."""
    from academichub.cli import checks

    checks.config(as_json=json)


@app.command()
def doctor(*, json: Json = False) -> None:
    """Check that everything the hub needs is there and works."""
    from academichub.cli import checks

    checks.doctor(as_json=json)


@app.command()
def migrate() -> None:
    """Bring the database up to date; `up` and `worker` do so by themselves."""
    from academichub.cli import checks

    checks.migrate_database()


@sources_app.callback()
def sources_default(context: typer.Context, *, json: Json = False) -> None:
    """List the sources with their health."""
    if context.invoked_subcommand is None:
        from academichub.cli import sources

        sources.show(as_json=json)


@sources_app.command(name="list")
def sources_list(*, json: Json = False) -> None:
    """List the sources with their health."""
    from academichub.cli import sources

    sources.show(as_json=json)


@sources_app.command(name="known")
def sources_known(
    words: Annotated[list[str] | None, typer.Argument(help="Words, an ISSN or a publisher.")] = None,
    *,
    field: Annotated[str, typer.Option(help="A broad field, such as physics.")] = "",
    access: Annotated[str, typer.Option(help="feed, signal, crossref or api.")] = "",
    json: Json = False,
) -> None:
    """Search the catalogue of sources that can be subscribed by name; list all without words."""
    from academichub.cli import sources

    sources.known(" ".join(words or ()), field=field, access=access, as_json=json)


@sources_app.command(name="discover")
def sources_discover(
    url: Annotated[str, typer.Argument(help="A page, such as a journal's home.")], *, json: Json = False
) -> None:
    """List the feeds that a web page offers."""
    from academichub.cli import sources

    sources.discover(url, as_json=json)


@sources_app.command(name="import")
def sources_import(
    file: Annotated[Path, typer.Argument(help="A file of subscriptions (OPML).")], *, json: Json = False
) -> None:
    """Subscribe everything in an OPML file; what cannot be is listed with its reason."""
    from academichub.cli import sources

    sources.import_opml(file, as_json=json)


@sources_app.command(name="export")
def sources_export() -> None:
    """Print all subscriptions as OPML."""
    from academichub.cli import sources

    sources.export_opml()


@sources_app.command(name="add")
def sources_add(
    names: Annotated[
        list[str], typer.Argument(help="Categories (cs.CV), keys (nature) or addresses of feeds.")
    ],
) -> None:
    """Subscribe sources."""
    from academichub.cli import sources

    sources.add(names)


@sources_app.command(name="remove")
def sources_remove(key: Annotated[str, typer.Argument(help="The source's key.")]) -> None:
    """Forget a source; its papers stay."""
    from academichub.cli import sources

    sources.remove(key)


@sources_app.command(name="pause")
def sources_pause(key: Annotated[str, typer.Argument(help="The source's key.")]) -> None:
    """Stop fetching a source for now."""
    from academichub.cli import sources

    sources.pause(key, paused=True)


@sources_app.command(name="resume")
def sources_resume(key: Annotated[str, typer.Argument(help="The source's key.")]) -> None:
    """Fetch a paused source again."""
    from academichub.cli import sources

    sources.pause(key, paused=False)
