"""The commands `academichub brief` and `briefings` and their options; what they do stands in `briefs.py`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def brief(  # noqa: PLR0913  # each is an option
    radars: Annotated[
        list[str] | None, typer.Argument(help="Keys of radars; all of them if left out.", show_default=False)
    ] = None,
    *,
    first: Annotated[
        str | None, typer.Option("--from", help="First day, YYYY-MM-DD; the last day if left out.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last day; the latest with papers if left out.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of headings and prose: zh or en.")] = "",
    writer: Annotated[str, typer.Option(help="extractive, or model; the model if one is set.")] = "",
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Write nothing; say what it would take.")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="A file: .md, .html, .pdf or .json.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, as without --json.")] = False,
    json: Json = False,
) -> None:
    """Write a cross-field briefing of what the radars showed, and print it."""
    from academichub.cli import briefs

    wanted = briefs.Wanted(
        radars=tuple(radars or ()),
        first=first,
        last=last,
        language=language,
        writer=writer,
        output=output,
        as_json=json and not markdown,
    )
    briefs.brief(wanted, is_estimate=estimate)


def briefings(*, json: Json = False) -> None:
    """List the briefings that were written."""
    from academichub.cli import briefs

    briefs.archive(as_json=json)
