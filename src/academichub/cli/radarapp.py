"""The commands `academichub radar ...`, `import` and their options; what they do stands in `radars.py`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Key = Annotated[str, typer.Argument(help="The radar's key or number.")]
Day = Annotated[str | None, typer.Option("--date", help="A day, as YYYY-MM-DD; the latest if left out.")]

app = typer.Typer(help="Research radars: named interests that rank each day.", no_args_is_help=True)


@app.command(name="list")
def list_radars(*, json: Json = False) -> None:
    """List the radars with what their latest day showed."""
    from academichub.cli import radars

    radars.show(as_json=json)


@app.command()
def create(  # noqa: PLR0913  # each is an option
    text: Annotated[
        str, typer.Argument(help="One line: what you are interested in, Chinese or English.")
    ] = "",
    *,
    name: Annotated[str, typer.Option(help="Its name; made from the text if left out.")] = "",
    rule: Annotated[str, typer.Option(help="A rule in the query language (docs/queries.md).")] = "",
    only_rule: Annotated[
        bool, typer.Option("--only-rule", help="Rank nothing that the rule misses.")
    ] = False,
    library: Annotated[Path | None, typer.Option(help="BibTeX, BibLaTeX, RIS, CSL-JSON, Zotero.")] = None,
    paper: Annotated[list[str] | None, typer.Option(help="A seed: identifier, link or title.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="An author to follow.")] = None,
    institution: Annotated[list[str] | None, typer.Option(help="An institution to follow.")] = None,
    venue: Annotated[list[str] | None, typer.Option(help="A venue to follow.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="Only this field, such as cs.CV or math.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Nothing with this word or phrase.")] = None,
    threshold: Annotated[float | None, typer.Option(help="Least match, 0 to 1.")] = None,
    quota: Annotated[int, typer.Option(help="Papers a day of one field at most; 0: no limit.")] = 0,
    preview: Annotated[bool, typer.Option("--preview", help="Keep nothing; show the last 30 days.")] = False,
    json: Json = False,
) -> None:
    """Make a radar of a line of text, a rule, a library, seed papers or followed names."""
    from academichub.cli import radars

    wish = radars.Wish(
        text=text,
        name=name,
        rule=rule,
        is_filter=only_rule,
        library=library,
        papers=tuple(paper or ()),
        authors=tuple(author or ()),
        institutions=tuple(institution or ()),
        venues=tuple(venue or ()),
        fields=tuple(field or ()),
        without=tuple(without or ()),
        threshold=threshold,
        quota=quota,
    )
    radars.create(wish, is_preview=preview, as_json=json)


@app.command()
def rank(
    radar: Annotated[str | None, typer.Argument(help="A radar's key; all if left out.")] = None,
    *,
    date: Day = None,
    json: Json = False,
) -> None:
    """Rank a day now: embed what has no vector, then rank."""
    from academichub.cli import radars

    radars.rank(radar, day=date, as_json=json)


@app.command()
def explain(
    radar: Key,
    work: Annotated[int, typer.Argument(help="The paper's number, as in its address /p/NUMBER.")],
    *,
    date: Day = None,
    json: Json = False,
) -> None:
    """Say why a paper has its score on a radar, as it was stored, and what has changed since."""
    from academichub.cli import radars

    radars.explain(radar, work, day=date, as_json=json)


@app.command()
def export(radar: Key) -> None:
    """Print a radar with its seeds and feedback as JSON, to keep or to move."""
    from academichub.cli import radars

    radars.export(radar)


@app.command()
def evaluate(radar: Key, *, json: Json = False) -> None:
    """Measure a radar on its own history: rank each day by what was liked before it."""
    from academichub.cli import radars

    radars.evaluate(radar, as_json=json)


@app.command()
def remove(radar: Key) -> None:
    """Remove a radar with its past; papers stay."""
    from academichub.cli import radars

    radars.remove(radar)
