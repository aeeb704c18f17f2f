"""Ask a whole hub, as the search page does: `python -m benchmarks.searchpage HOME`.

The home is one that exists, with its index. Every question is asked once to warm up, then some times; between
two of them no answer is kept, only what any process keeps: the reader's sets, vectors, files. On a machine
that others use too, the time of the processor says more: both are given.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Final

import numpy as np

from academichub.flows.answering import KeptAnswers
from academichub.hub import open_hub
from academichub.model.search import SearchMode, SearchQuery

QUESTIONS: Final = (
    "diffusion policy",
    "quantum error correction",
    "transformer",
    "graph neural network",
    "au:wang robot",
    '"reinforcement learning" -survey',
    "is:unread",
)
_SETTLING: Final = 3  # seconds for the thread that follows the shelves


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searchpage", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--times", type=int, default=10, help="how often each question is timed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    os.environ["ACADEMICHUB_HOME"] = str(options.home)
    figures: dict[str, float] = {}
    with open_hub() as hub:
        hub.search(SearchQuery("warm up"), now=hub.clock())
        time.sleep(_SETTLING)
        figures["works"] = hub.index_state().indexed
        for mode in (SearchMode.WORDS, SearchMode.BOTH):
            clock: list[float] = []
            cpu: list[float] = []
            for text in QUESTIONS:
                for number in range(options.times + 1):
                    hub.kept_search.answers = KeptAnswers()
                    start, used = time.perf_counter(), time.thread_time()
                    hub.search(SearchQuery(text, mode=mode), now=hub.clock())
                    if number:
                        cpu.append(1000 * (time.thread_time() - used))
                        clock.append(1000 * (time.perf_counter() - start))
            for share in (50, 95):
                figures[f"{mode}: p{share} ms"] = round(float(np.percentile(clock, share)), 1)
                figures[f"{mode}: p{share} cpu ms"] = round(float(np.percentile(cpu, share)), 1)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:30} {value:>12,}")
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
