"""How soon a new paper is found: `python -m benchmarks.searchable [--quick] [--json]`.

A hub runs in this process as `serve` has it: a thread follows the shelves into the index. Another process
puts one paper on the shelf, some times, and then 2,000 in one commit, as a fetch does. The time is taken by
the clock, from that commit until a search of the last paper finds it and the index has them all.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from academichub.db.engine import Database
from academichub.hub import Hub, open_hub
from academichub.model.search import SearchMode, SearchQuery
from academichub.settings import Settings
from academichub.store import sources as shelf
from benchmarks import reading
from benchmarks.printing import print_figures

_DAYS: Final = 30
_LONGEST: Final = 60.0  # seconds that are waited for a paper
_PAUSE: Final = 0.05  # seconds between two looks


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searchable", description=__doc__)
    parser.add_argument("--works", type=int, default=8_000, help="that are there before")
    parser.add_argument("--new", type=int, default=2_000, help="that come together")
    parser.add_argument("--times", type=int, default=5, help="how often one comes alone")
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--shelve", nargs=3, metavar=("HOME", "FIRST", "COUNT"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.shelve:
        home, first, count = options.shelve
        print(_shelve(Path(home), int(first), int(count)))
        return {}
    works, new, times = (300, 40, 1) if options.quick else (options.works, options.new, options.times)
    figures: dict[str, float] = {"works": works}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        reading.fill(home, works=works, days=_DAYS)
        with open_hub(Settings(home=home)) as hub:
            hub.start_following()
            _wait(hub, works)
            alone = [_seconds(hub, home, works + number, 1) for number in range(times)]
            figures["one: median seconds"] = round(statistics.median(alone), 2)
            figures["one: longest seconds"] = round(max(alone), 2)
            figures[f"{new}: seconds"] = round(_seconds(hub, home, works + times, new), 2)
    print_figures(figures, as_json=options.json)
    return figures


def _seconds(hub: Hub, home: Path, first: int, count: int) -> float:
    """Have another process shelve some works, and wait until they are found."""
    asked = [sys.executable, "-m", "benchmarks.searchable", "--shelve", str(home), str(first), str(count)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as process:
        _wait(hub, first + count)
        found = time.time()
        assert process.stdout is not None
        committed = float(process.stdout.read())
    return found - committed


def _wait(hub: Hub, works: int) -> None:
    """Wait until the last of so many works is found, and the index has all."""
    name = reading.number_of(works - 1)
    query = SearchQuery(f"id:{name}", mode=SearchMode.WORDS)
    end = time.monotonic() + _LONGEST
    while hub.search(query, now=hub.clock()).total != 1 or hub.index_state().indexed != works:
        if time.monotonic() > end:
            raise TimeoutError(name)
        time.sleep(_PAUSE)


def _shelve(home: Path, first: int, count: int) -> float:
    """Shelve works under new numbers; give the time of the commit."""
    drafts = reading.drafts_of(min(count, 2_000))
    batch = [
        reading.numbered(drafts[number % len(drafts)], first + number, on=reading.LAST)
        for number in range(count)
    ]
    database = Database(f"sqlite:///{home / 'hub.sqlite'}")
    with database.reading() as connection:
        source = shelf.subscription(connection, "arxiv:cs.LG").source_id
    reading.shelve(database, source, batch)
    committed = time.time()
    database.close()
    return committed


if __name__ == "__main__":
    main(sys.argv[1:])
