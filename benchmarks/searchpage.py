"""Ask a whole hub, as the search page does, and for the page itself: `python -m benchmarks.searchpage HOME`.

The home is one that exists, with its index. Every question is asked once to warm up, then some times; between
two of them no answer is kept, only what any process keeps: the reader's sets, vectors, files. The page is the
whole answer of the web application, its HTML pressed into no smaller form. On a machine that others use too,
the time of the processor says more: both are given.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

import numpy as np

from academichub.cli.memory import calm_collector
from academichub.flows.answering import KeptAnswers
from academichub.hub import local_now, open_hub
from academichub.model.search import SearchMode, SearchQuery
from academichub.web.app import create_app
from benchmarks.pages import show
from benchmarks.printing import print_figures

if TYPE_CHECKING:
    from collections.abc import Callable

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


class Spent(NamedTuple):
    """Milliseconds."""

    clock: float
    cpu: float


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searchpage", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--times", type=int, default=10, help="how often each question is timed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    os.environ["ACADEMICHUB_HOME"] = str(options.home)
    calm_collector()  # as the command line does
    figures: dict[str, float] = {}
    with open_hub() as hub, asyncio.Runner() as runner:
        hub.search(SearchQuery("warm up"), now=hub.clock())
        time.sleep(_SETTLING)
        figures["works"] = hub.index_state().indexed
        app = create_app(hub, clock=local_now, version="0")
        for mode in (SearchMode.WORDS, SearchMode.BOTH):
            asked: list[Spent] = []
            shown: list[Spent] = []
            for text in QUESTIONS:
                query = SearchQuery(text, mode=mode)
                address = f"/search?{urlencode({'q': text, 'mode': mode})}"
                for number in range(options.times + 1):
                    hub.kept_search.answers = KeptAnswers()
                    search = _spent(partial(hub.search, query, now=hub.clock()))
                    hub.kept_search.answers = KeptAnswers()
                    # Another name of the host is another key of the pages that are kept.
                    page = _spent(partial(show, app, address, port=1 + number, runner=runner))
                    if number:
                        asked.append(search)
                        shown.append(page)
            for name, times in ((f"{mode}", asked), (f"{mode}, page", shown)):
                for share in (50, 95):
                    clock, cpu = (round(float(one), 1) for one in np.percentile(times, share, axis=0))
                    figures |= {f"{name}: p{share} ms": clock, f"{name}: p{share} cpu ms": cpu}
    print_figures(figures, as_json=options.json)
    return figures


def _spent(work: Callable[[], object]) -> Spent:
    """Give the milliseconds that some work takes, of the clock and of the processor."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return Spent(1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used))


if __name__ == "__main__":
    main(sys.argv[1:])
