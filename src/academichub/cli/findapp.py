"""The commands that find papers and bring lists in and out, with their options."""

from __future__ import annotations

from pathlib import Path  # typer reads the annotations
from typing import Annotated, Final

import typer

from academichub.model.search import SearchMode

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
MOST_PRINTED: Final = 200
NEW_RADAR: Final = "new"
STANDARD: Final = Path("-")


def search(
    query: Annotated[list[str], typer.Argument(help="Words, or a query: docs/queries.md.")],
    *,
    mode: Annotated[SearchMode, typer.Option(help="What papers must share with it.")] = SearchMode.BOTH,
    size: Annotated[int, typer.Option(min=1, max=MOST_PRINTED, help="Papers printed at most.")] = 25,
    json: Json = False,
) -> None:
    """Find papers by words, by meaning, or both."""
    from academichub.cli import searching

    searching.search(" ".join(query), mode=mode, size=size, as_json=json)


def reindex(*, json: Json = False) -> None:
    """Build the search index anew from the shelves; the old one is read meanwhile."""
    from academichub.cli import searching

    searching.reindex(as_json=json)


def export(  # noqa: PLR0913  # each is an option
    whole: Annotated[
        Path | None, typer.Option("--all", help="Write the whole hub into this file.", show_default=False)
    ] = None,
    *,
    query: Annotated[str, typer.Option("--search", help="What a search finds.")] = "",
    starred: Annotated[bool, typer.Option("--starred", help="What is starred.")] = False,
    tag: Annotated[str, typer.Option(help="What has this tag.")] = "",
    collection: Annotated[str, typer.Option(help="What is in this collection, by its key.")] = "",
    radar: Annotated[str, typer.Option(help="What this radar shows, on --day or the last one.")] = "",
    day: Annotated[str, typer.Option(help="A day of the feed, YYYY-MM-DD.")] = "",
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="bib, biblatex, ris, csl.json, zotero.json, csv, md, atom, rss or feed.json; "
            "the file's own ending if left out.",
        ),
    ] = "",
    output: Annotated[Path, typer.Option("--output", "-o", help="A file; - is standard output.")] = STANDARD,
    json: Json = False,
) -> None:
    """Write a list as a file for reference managers and feed readers, or the whole hub."""
    from academichub.cli import archiving, exporting

    if whole is not None:
        archiving.export_all(whole, as_json=json)
        return
    choice = exporting.Choice(query, starred, tag, collection, radar, day)
    suffix = file_format or (output.name.partition(".")[2] if output != STANDARD else "md")
    exporting.export(choice, file_format=suffix, target=output)


def import_library(  # each is an option
    file: Annotated[Path, typer.Argument(help="Of a reference manager, or a whole hub (export --all).")],
    *,
    collection: Annotated[str, typer.Option(help="Into this collection; else named after the file.")] = "",
    group: Annotated[str, typer.Option(help="Only this group or collection of the file.")] = "",
    groups: Annotated[bool, typer.Option("--groups", help="Its groups become collections, too.")] = False,
    keywords_as_tags: Annotated[
        bool, typer.Option("--keywords-as-tags", help="Its keywords become tags.")
    ] = False,
    radar: Annotated[
        str | None,
        typer.Option(
            help="Let its papers stand for this radar instead; `new` makes one.", show_default=False
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is in it.")] = False,
    json: Json = False,
) -> None:
    """Bring a library of a reference manager in, or a whole hub into an empty one."""
    from academichub.cli import archiving, importing, radars
    from academichub.flows.archiving import is_archive
    from academichub.flows.importing import Wish

    if is_archive(file):
        if dry_run:
            reason = "a whole hub cannot be taken in for show"
            raise typer.BadParameter(reason, param_hint="--dry-run")
        archiving.import_all(file, as_json=json)
    elif radar is not None:
        key = None if radar == NEW_RADAR else radar
        radars.import_library(file, radar=key, collection=group, is_dry=dry_run, as_json=json)
    else:
        wish = Wish(collection, group, groups, keywords_as_tags, dry_run)
        importing.import_file(file, wish, as_json=json)


def zotero(
    library: Annotated[str, typer.Argument(help="users/123 or groups/45; the key's own if left out.")] = "",
    *,
    collection: Annotated[str, typer.Option(help="Only this collection, by its key at Zotero.")] = "",
    json: Json = False,
) -> None:
    """Bring collections of a Zotero account up to date here; the setting zotero_key lets it."""
    from academichub.cli import importing

    importing.sync_zotero(library, collection=collection, as_json=json)
