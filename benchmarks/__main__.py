"""Run every benchmark: `python -m benchmarks [--quick] [--json]`."""

from __future__ import annotations

import argparse
import json

from benchmarks import briefing, ingest, radar, reading, rules, search, searchable


def main() -> None:
    """Run all, one after another, and print their figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smoke runs, so that none rots")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    arguments = ["--quick"] if options.quick else []
    figures: dict[str, dict[str, float]] = {}
    for name, benchmark in (
        ("ingest", ingest.main),
        ("reading", reading.main),
        ("rules", rules.main),
        ("radar", radar.main),
        ("search", search.main),
        ("searchable", searchable.main),
        ("briefing", briefing.main),
    ):
        if not options.json:
            print(f"-- {name}")
        figures[name] = benchmark([*arguments, *(["--json"] if options.json else [])])
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
