"""A page of 25 papers from 200,000 works: processor time fresh, from the page cache, and as a 304.

The shelf is filled once with real records (repeated under new identifiers) and kept where --shelf says.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from academichub.cli.memory import calm_collector
from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.hub import open_hub
from academichub.intake.judging import judge
from academichub.intake.normalising import normalise
from academichub.settings import Settings
from academichub.sources import reading
from academichub.store import sources as shelf
from academichub.store.shelving import Shelving
from academichub.web.app import create_app
from benchmarks import corpus, pages
from benchmarks.printing import print_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.papers import Draft

NOW = datetime(2026, 5, 29, 12, tzinfo=UTC)
LAST = date(2026, 5, 29)
BATCH = 1000


def run(home: Path, *, works: int, days: int, rounds: int) -> dict[str, float]:
    """Fill the shelf where it is not filled yet, and measure its pages."""
    calm_collector()  # as the command line does
    fill(home, works=works, days=days)
    with open_hub(Settings(home=home), clock=lambda: NOW) as hub:
        app = create_app(hub, clock=lambda: NOW, version="0")
        middle = LAST - timedelta(days=days // 2)
        urls = {
            "page_of_25": f"/?date={middle}&per=25",
            "page_of_50": f"/?date={middle}",
            "category": f"/?date={middle}&cat=cs.LG&per=25",
            "paper": f"/p/{works // 2}",
            "sources": "/sources",
        }
        found = pages.run(app, list(urls.values()), rounds=rounds)
        others = [LAST - timedelta(days=back) for back in range(days) if back != days // 2][:100]
        cold = pages.first_sight(app, [f"/?date={day}&per=25" for day in others])
    return {
        "page_of_25_first_sight_ms": cold,
    } | {
        f"{name}_{what}_ms" if what != "bytes" else f"{name}_bytes": value
        for name, url in urls.items()
        for what, value in found[url].items()
    }


def fill(home: Path, *, works: int, days: int) -> None:
    """Put works on the shelf day by day, as a hub grows; every day gets as many."""
    home.mkdir(parents=True, exist_ok=True)
    done = home / f"filled-{works}-{days}"
    if done.exists():
        return
    database = Database(f"sqlite:///{home / 'hub.sqlite'}")
    migrate(database)
    with database.writing() as connection:
        shelf.add_source(
            connection,
            key="arxiv:cs.LG",
            kind="arxiv",
            title="arXiv cs.LG",
            url="https://a.example/",
            now=NOW,
        )
        source = shelf.subscription(connection, "arxiv:cs.LG").source_id
    drafts = drafts_of(min(works, 20_000))
    began = time.perf_counter()
    for start in range(0, works, BATCH):
        batch = [
            numbered(
                drafts[number % len(drafts)],
                number,
                on=LAST - timedelta(days=days - 1 - number * days // works),
            )
            for number in range(start, min(start + BATCH, works))
        ]
        shelve(database, source, batch)
    database.close()
    print(f"filled {works:,} works in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    done.touch()


def shelve(database: Database, source: int, drafts: Sequence[Draft]) -> None:
    """Put drafts on the shelf in one commit, as a fetch does."""
    with database.shelving() as connection:
        shelving = Shelving(connection, database, source_id=source, now=NOW, size=len(drafts))
        lookalikes = shelving.lookalikes(drafts)
        for draft in drafts:
            shelving.save(draft, judge(draft, lookalikes.of(draft)))
        shelving.close()


def drafts_of(count: int) -> list[Draft]:
    """Clean so many real records, or made-up ones where there are none."""
    found = []
    for start in range(0, count, 2000):
        body = corpus.rss(corpus.records(count)[start : start + 2000], on=LAST)
        feed = reading.read(body)
        found += [normalise(record, feed=feed, now=NOW) for record in feed.records]
    return found


def number_of(number: int) -> str:
    """Give the arXiv number of a work of a filled shelf."""
    return f"{10 + number // 90_000:02d}01.{number % 90_000 + 10_000:05d}"


def numbered(draft: Draft, number: int, *, on: date) -> Draft:
    """Give a draft the identifier of another work, and another day."""
    name = number_of(number)
    return replace(
        draft,
        key=replace(draft.key, item=name),
        identifiers=replace(draft.identifiers, arxiv=name, doi=None),
        announced_on=on,
    )


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--works", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--shelf", type=Path, help="a folder to keep the filled shelf in")
    parser.add_argument("--quick", action="store_true", help="a smoke run: 300 works, a few rounds")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    works, days, rounds = (300, 6, 3) if options.quick else (options.works, options.days, 100)
    with tempfile.TemporaryDirectory() as folder:
        figures = run(options.shelf or Path(folder), works=works, days=days, rounds=rounds)
    print_figures(figures, as_json=options.json)
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
