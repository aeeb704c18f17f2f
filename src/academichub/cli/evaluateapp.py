"""The commands `academichub evaluate ...` and their options; what they do stands in the modules beside."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path  # typer reads the annotations
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Records = Annotated[Path, typer.Argument(help="Records as JSON lines, plain or gzip: docs/quality.md.")]
Before = Annotated[
    datetime,
    typer.Option("--train-before", formats=["%Y-%m-%d"], help="Learn from the papers before this day."),
]
First = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day that is tested.")]
Last = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day that is tested.")]

app = typer.Typer(help="Measure the hub's judgement on labelled data.", no_args_is_help=True)


@app.command(name="dedupe")
def evaluate_dedupe(
    file: Annotated[
        Path, typer.Argument(help="JSON lines, plain or gzip: a, b and whether they are the same.")
    ],
    *,
    json: Json = False,
) -> None:
    """Tell how well the hub knows two descriptions of one work for the same."""
    from academichub.cli import evaluating

    evaluating.dedupe(file, as_json=json)


@app.command(name="ranking")
def evaluate_ranking(
    folder: Annotated[Path, typer.Argument(help="items.jsonl, train.csv, test.csv, candidates.txt.")],
    *,
    embeddings: Annotated[bool, typer.Option(help="Use the local English model.")] = True,
    collaborative: Annotated[bool, typer.Option(help="Also let readers help each other.")] = True,
    users: Annotated[int | None, typer.Option(help="Only so many users, evenly drawn.")] = None,
    json: Json = False,
) -> None:
    """Tell how well radars find what readers chose, beside three peers in the same run."""
    from academichub.cli import rankingfigures

    rankingfigures.ranking(
        folder, as_json=json, with_embeddings=embeddings, collaborative=collaborative, users=users
    )


@app.command(name="search")
def evaluate_search(
    folder: Annotated[Path, typer.Argument(help="docs.jsonl, queries.jsonl, qrels.tsv.")],
    *,
    model: Annotated[str, typer.Option(help="english, multilingual or none.")] = "english",
    json: Json = False,
) -> None:
    """Tell how well the index finds what people judged right, beside two peers in the same run."""
    from academichub.cli import searchfigures

    searchfigures.search(folder, model=model, as_json=json)


@app.command(name="crosslist")
def evaluate_crosslist(
    records: Records,
    *,
    train_before: Before,
    first: First,
    last: Last,
    calibrate_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Calibrate on the papers from this day.")
    ] = None,
    json: Json = False,
) -> None:
    """Tell how well the further fields of a paper are told from its text."""
    from academichub.cli import crosslistfigures

    crosslistfigures.crosslist(
        records,
        train_before=train_before.date(),
        first=first.date(),
        last=last.date(),
        calibrate_from=_day(calibrate_from),
        as_json=json,
    )


@app.command(name="themes")
def evaluate_themes(
    records: Records,
    *,
    train_before: Before,
    first: First,
    last: Last,
    window: Annotated[str, typer.Option(help="day or week.")] = "day",
    json: Json = False,
) -> None:
    """Tell how stable and how pure the themes of days or weeks are."""
    from academichub.cli import themesfigures

    themesfigures.themes(
        records,
        train_before=train_before.date(),
        first=first.date(),
        last=last.date(),
        by_week=window == "week",
        as_json=json,
    )


@app.command(name="bridges")
def evaluate_bridges(
    records: Records,
    *,
    train_before: Before,
    first: First,
    last: Last,
    top: Annotated[int, typer.Option(help="Pairs that are looked at, besides 30, 100 and 200.")] = 100,
    list_: Annotated[int, typer.Option("--list", help="Print so many bridges, for reading.")] = 0,
    json: Json = False,
) -> None:
    """Tell how often the bridges between papers are such that their authors cross-list."""
    from academichub.cli import bridgesfigures

    bridgesfigures.bridges(
        records,
        train_before=train_before.date(),
        first=first.date(),
        last=last.date(),
        top=top,
        listed=list_,
        as_json=json,
    )


@app.command(name="tldr")
def evaluate_tldr(
    file: Annotated[Path, typer.Argument(help="SciTLDR's JSON lines: source, target, perhaps title.")],
    *,
    train: Annotated[Path | None, typer.Option(help="Learn the weights from this file first.")] = None,
    json: Json = False,
) -> None:
    """Tell how near the chosen sentence is to the summary a person wrote."""
    from academichub.cli import tldrfigures

    tldrfigures.tldr(file, train=train, as_json=json)


@app.command(name="evidence")
def evaluate_evidence(
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines: sentence, source, supported, kind.")
    ] = None,
    *,
    mutate: Annotated[Path | None, typer.Option(help="Records whose sentences are made false.")] = None,
    tldr: Annotated[Path | None, typer.Option(help="SciTLDR's JSON lines: true summaries.")] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the records.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the records.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="So many of each kind at most.")] = None,
    json: Json = False,
) -> None:
    """Tell which false sentences the checks of briefings catch, and which true ones they refuse."""
    from academichub.cli import evidencefigures

    evidencefigures.evidence(
        file,
        mutate=mutate,
        tldr=tldr,
        first=_day(first),
        last=_day(last),
        limit=limit,
        as_json=json,
    )


@app.command(name="briefing")
def evaluate_briefing(
    key: Annotated[str, typer.Argument(help="The briefing's key, as `academichub briefings` lists it.")],
    *,
    json: Json = False,
) -> None:
    """Hold a stored briefing against the stored texts: citations, quotes, checks."""
    from academichub.cli import briefs

    briefs.evaluate(key, as_json=json)


def _day(value: datetime | None) -> date | None:
    return None if value is None else value.date()
