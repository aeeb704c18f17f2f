"""Run the replay by itself: `python -m evaluation.replay --at 2026-05-04T04:20Z --captures DIR`.

The first line printed is its address, for the hub's `fetch_replay`. It ends by SIGTERM or SIGINT, and
by itself after --lifetime seconds.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evaluation.replay import (
    Faults,
    Replay,
    ReplayClock,
    Script,
    load_captures,
    load_faults,
    many,
    play_arxiv,
    play_series,
    series,
)
from evaluation.replay.arxivdays import make_plan, read_records
from evaluation.replay.clock import eastern_day, instant

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
LIFETIME_SECONDS: Final = 3600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Play until told to stop; 2 where the options cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        clock = ReplayClock(instant(options.at), speed=options.speed)
        faults = load_faults(options.faults) if options.faults else Faults()
        script = _script(options, clock)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"replay: {error}\n")
        return 2
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: over.set())
    with Replay(script, clock=clock, faults=faults, port=options.port) as replay:
        print(replay.address, flush=True)
        over.wait(options.lifetime)
    return 0


def _parser() -> argparse.ArgumentParser:
    data = Path(os.environ.get("ACADEMICHUB_DATA") or ROOT.parent / "shared" / "data")
    parser = argparse.ArgumentParser(prog="python -m evaluation.replay", description=__doc__)
    parser.add_argument(
        "--at", required=True, metavar="INSTANT", help="where the clock starts; ISO, with a zone"
    )
    parser.add_argument("--speed", type=float, default=0.0, help="times real speed; 0 (default) stands still")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    parser.add_argument("--captures", type=Path, default=data / "captures", metavar="DIR")
    parser.add_argument("--records", type=Path, default=data / "arxiv" / "records.jsonl.gz", metavar="FILE",
                        help="papers to make arXiv's days of; its month is that of --at")  # fmt: skip
    parser.add_argument("--journals", type=int, default=0, metavar="N", help="made-up journals")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", type=Path, metavar="FILE", help="rules in TOML; see docs/replay.md")
    parser.add_argument("--lifetime", type=float, default=LIFETIME_SECONDS, metavar="SECONDS")
    return parser


def _script(options: argparse.Namespace, clock: ReplayClock) -> Script:
    """Build what is played of the folders that are there, and say what could not be read."""
    script = Script()
    if options.captures.is_dir():
        loaded = load_captures(script, options.captures)
        for line in loaded.unreadable:
            sys.stderr.write(f"replay: not read: {line}\n")
        play_series(script, series(options.captures / "journal_rss"))
    if options.records.is_file():
        first = eastern_day(clock.now()).replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        plan = make_plan(read_records(options.records), first=first, last=last, seed=options.seed)
        play_arxiv(script, plan)
    many(options.journals, start=clock.now(), seed=options.seed).play(script)
    return script


if __name__ == "__main__":
    sys.exit(main())
