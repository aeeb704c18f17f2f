"""The extractive briefing of three radars over a day of 600 works, beside 1,500 of the weeks before.

Processor time of one thread, once the background is learned: of the first briefing of the process, whose
caches are empty, and the median of three. Papers are real records of one day, of the two weeks before it and
of the time before, where they are here, else made-up ones. The peer is simple: TF-IDF and k-means of
scikit-learn over the same papers, and of each group the last sentence of the paper nearest to its middle. It
finds no bridges, tensions or roles, and checks nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from academichub.briefing.axes import learn_axes
from academichub.briefing.composing import Learned, compose
from academichub.briefing.concepts import learn_concepts
from academichub.cli.memory import calm_collector
from academichub.flows.recordsfile import papers_of, read_records
from academichub.model.briefing import BriefingOrder, Maker, Paper
from academichub.model.packing import pack
from academichub.text.sentences import sentences
from benchmarks.corpus import data_folder, made_up_records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DAY: Final = date(2026, 5, 29)
NOW: Final = datetime(2026, 5, 29, 12, tzinfo=UTC)
RADARS: Final = ("one", "two", "three")
THEMES: Final = 8
LOOKS_BACK: Final = 14  # days
RUNS: Final = 3


def main(arguments: Sequence[str] | None = None) -> dict[str, float]:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.briefing", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    day, others, before = (60, 150, 600) if options.quick else (600, 1_500, 20_000)
    todays, earlier, background = papers(day, others, before)
    calm_collector()  # as the command line does
    start = time.process_time()
    learned = Learned(learn_concepts(background), learn_axes(background), len(background), "")
    figures = {"learn_seconds": time.process_time() - start}
    order = BriefingOrder(RADARS, DAY, DAY, "en", Maker.EXTRACTIVE)
    spent, made = [], set()
    for _ in range(RUNS):
        start = time.process_time()
        briefing = compose(order, todays, earlier, learned, now=NOW)
        spent.append(time.process_time() - start)
        made.add(json.dumps(pack(briefing), sort_keys=True))
    figures["first_briefing_seconds"] = spent[0]
    figures["briefing_seconds"] = statistics.median(spent)
    figures["briefings_that_differ"] = len(made) - 1
    figures["statements"] = len(briefing.statements())
    figures["peer_seconds"] = statistics.median(_peer(todays) for _ in range(RUNS))
    print(json.dumps(figures) if options.json else "\n".join(f"{k}: {v:.3f}" for k, v in figures.items()))
    return figures


def papers(day: int, others: int, before: int) -> tuple[list[Paper], list[Paper], list[Paper]]:
    """Give the papers of a day, each shown by one of the radars; of the days before; and to learn from."""
    path = data_folder() / "arxiv" / "records.jsonl.gz"
    found = _real(path) if path.exists() else _made_up(day + others + before)
    found.sort(key=lambda one: (-one.listed_on.toordinal(), one.work_id))
    todays = [
        replace(one, listed_on=DAY, matches=((RADARS[at % len(RADARS)], 1 - at / day),))
        for at, one in enumerate(found[:day])
    ]
    background = [one for one in found[day + others :] if one.listed_on < DAY - timedelta(days=LOOKS_BACK)]
    return todays, found[day : day + others], background[:before]


def _real(path: Path) -> list[Paper]:
    return papers_of(read_records(path, until=DAY, is_rendered=False))


def _made_up(count: int) -> list[Paper]:
    return [
        Paper(
            work_id=at,
            title=one["title"],
            abstract=one["abstract"],
            text_hash=f"{at:016x}",
            listed_on=DAY - timedelta(days=at * 60 // count),
            categories=tuple(one["categories"]),
        )
        for at, one in enumerate(made_up_records(count), 1)
    ]


def _peer(todays: Sequence[Paper]) -> float:
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    start = time.process_time()
    rows = TfidfVectorizer(stop_words="english").fit_transform(
        f"{one.title} {one.abstract}" for one in todays
    )
    groups = KMeans(THEMES, n_init=1, random_state=0).fit(rows)
    nearest = groups.transform(rows).argmin(axis=0)
    nearby = [todays[at].abstract for at in nearest if todays[at].abstract]
    _ = [abstract[slice(*sentences(abstract)[-1])] for abstract in nearby]
    return time.process_time() - start


if __name__ == "__main__":
    main()
