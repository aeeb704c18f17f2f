"""From file to shelf: parse, clean, judge and store real records, in one process on SQLite.

Prints records per second (CPU and wall), the parse stage beside feedparser's on the same bytes, and the
peak of memory.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from academichub.cli.memory import calm_collector
from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.flows.ingesting import ingest_file
from academichub.sources import reading
from benchmarks import corpus
from benchmarks.printing import print_figures

NOW = datetime(2026, 5, 29, 12, tzinfo=UTC)


def run(*, count: int, rounds: int, parse_size: int) -> dict[str, float]:
    """Measure; give the figures. The peak of memory is that of the whole run, the peer's part included."""
    calm_collector()  # as the command line does
    ours, theirs = _parse(corpus.rss(corpus.records(parse_size), on=NOW.date()), rounds)
    with tempfile.TemporaryDirectory() as folder:
        files = _write(Path(folder), count)
        shelf = _ingest(Path(folder) / "hub.sqlite", files)
    return {
        **shelf,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "parse_entries_per_cpu_second": round(parse_size / ours),
        "feedparser_entries_per_cpu_second": round(parse_size / theirs),
        "parse_ratio_to_feedparser": round(theirs / ours, 1),
    }


def _parse(body: bytes, rounds: int) -> tuple[float, float]:
    """Read the same bytes in turns with feedparser; give both medians, in seconds of processor time."""
    import feedparser

    both = [(_cpu(lambda: reading.read(body)), _cpu(lambda: feedparser.parse(body))) for _ in range(rounds)]
    return statistics.median(one for one, _ in both), statistics.median(other for _, other in both)


def _write(folder: Path, count: int) -> list[Path]:
    files = []
    for number, body in enumerate(corpus.feeds(count)):
        files.append(folder / f"{number:03d}.xml")
        files[-1].write_bytes(body)
    return files


def _ingest(path: Path, files: list[Path]) -> dict[str, float]:
    database = Database(f"sqlite:///{path}")
    migrate(database)
    received = new = 0
    cpu, wall = time.process_time(), time.perf_counter()
    for file in files:
        account = ingest_file(database, file, clock=lambda: NOW).account
        received += account.received
        new += account.new
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    database.close()
    return {
        "records": received,
        "new": new,
        "records_per_cpu_second": round(received / cpu),
        "records_per_second": round(received / wall),
    }


def _cpu(work: object) -> float:
    start = time.process_time()
    work()  # type: ignore[operator]  # a callable of no arguments
    return time.process_time() - start


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--quick", action="store_true", help="a smoke run: 400 records, one round")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    figures = (
        run(count=400, rounds=1, parse_size=100)
        if options.quick
        else run(count=options.count, rounds=5, parse_size=2000)
    )
    print_figures(figures, as_json=options.json)
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
