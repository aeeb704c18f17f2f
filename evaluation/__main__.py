"""Measure quality on the real data beside the project: `python -m evaluation [NAME...]`.

Each name is a script of this folder that also runs by itself on any data in the same form.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def commands(data: Path) -> dict[str, list[str]]:
    """List what runs on which data."""
    captures = data / "captures"
    return {
        "seed": [],
        "day": [
            str(captures / "arxiv_rss/TideDra/tests/retriever/arxiv_rss_example.xml"),
            str(captures / "journal_rss/nature.rss"),
        ],
        "feeds": [str(data / "feeds/real-feeds")],
        "formulas": [str(data / "arxiv/records.jsonl.gz")],
        "captures": [],
        "month": [str(data / "arxiv/records.jsonl.gz")],
        "journals": [str(captures / "journal_rss")],
        "answers": [str(captures), str(data / "cjk")],
        "storm": [],
        "backfill": [str(data / "arxiv/records.jsonl.gz")],
        "dedupe": [str(data / "dedupe/DBLP-ACM")],
        "preprints": [str(captures)],
        "ranking": [str(data / "radar/citeulike-a")],
        "chinese": [str(data)],
        "libraries": [str(data / "libraries")],
        "roundtrip": [str(data / "libraries")],
        "liars": [],
    }


def main() -> None:
    """Run the named evaluations, or all; fail where one does."""
    data = Path(os.environ.get("ACADEMICHUB_DATA") or ROOT.parent / "shared" / "data")
    known = commands(data)
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    options = parser.parse_args()
    if not data.exists():
        sys.exit(f"real data is not here: {data} (set ACADEMICHUB_DATA)")
    failed = []
    for name in options.names or known:
        if name not in known:
            parser.error(f"no evaluation is called {name}; there are {', '.join(known)}")
        print(f"-- {name}", flush=True)
        command = [sys.executable, "-m", f"evaluation.{name}", *known[name]]
        if subprocess.run(command, check=False, cwd=ROOT).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
