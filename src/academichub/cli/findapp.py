"""The commands that find papers and bring lists in and out, with their options."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from academichub.model.search import SearchMode

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
MOST_PRINTED: Final = 200


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
