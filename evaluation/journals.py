"""Replay journals' feeds as they were on different days; no second card, no lost revision.

python -m evaluation.journals FOLDER [--json]

FOLDER holds a folder for each journal with captures named 2026-07-02T172206_*.xml, as captures/journal_rss
does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.tables import fetches, manifestations, works
from academichub.errors import RecordError
from academichub.flows.subscribing import subscribe
from academichub.intake.normalising import normalise
from academichub.sources.catalogue import feed_entry
from academichub.sources.reading import read
from academichub.store import sources as shelf
from evaluation.replay import Replay, ReplayClock, Script, play_series, series
from evaluation.simulation import simulation

if TYPE_CHECKING:
    from academichub.model.papers import Draft
    from evaluation.replay.journals import Series
    from evaluation.simulation import Simulation


def main() -> int:
    """Replay each series, compare, print; 1 where a card is doubled or a revision lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    told = [measure(one) for one in series(arguments.folder)]
    if arguments.json:
        print(json.dumps([figures for figures, _ in told], indent=2))
    else:
        for figures, faults in told:
            print("  ".join(f"{name} {value}" for name, value in figures.items()))
            for one in faults[:10]:
                print(f"  FAULT: {one}")
    return 1 if any(faults for _, faults in told) or not told else 0


def measure(one: Series) -> tuple[dict[str, Any], list[str]]:
    """Ask a feed at the time of each of its captures, and compare the shelves with all that it said."""
    script = Script()
    play_series(script, [one])
    script.play_at(feed_entry(one.urls[0]).url, one)  # where the catalogue asks for it
    start = one.captures[0].taken_at
    with (
        tempfile.TemporaryDirectory() as folder,
        Replay(script, clock=ReplayClock(start)) as replay,
        simulation(Path(folder), replay) as hub,
    ):
        subscribe(hub.database, one.urls[0], now=start)
        # Not completed by DOI: nobody else is played here.
        for capture in one.captures:
            hub.clock.travel(max(capture.taken_at + timedelta(minutes=1), hub.now()))
            hub.look_round()
            _ask_again(hub)
        figures, faults = _compare(hub, one)
        faults += [f"the feed failed: {told.error}" for _, told in hub.outcomes if told.error is not None]
        return figures, faults


def _ask_again(hub: Simulation) -> None:
    """Make the feed due for its next capture, whatever its schedule says."""
    with hub.database.writing() as connection:
        shelf.ask_now(connection, None, hub.now())


def _compare(hub: Simulation, one: Series) -> tuple[dict[str, Any], list[str]]:
    newest: dict[tuple[str, str], Draft] = {}
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    rejected = 0
    for capture in one.captures:
        feed = read(capture.body())
        rejected += len(feed.rejected)
        for record in feed.records:
            try:
                draft = normalise(record, feed=feed, now=capture.taken_at)
            except RecordError:
                rejected += 1
                continue
            key = (draft.key.place, draft.key.item)
            newest[key] = draft
            said[key].add(draft.fingerprint)
    with hub.database.reading() as connection:
        rows = connection.execute(sa.select(manifestations)).all()
        cards = connection.execute(sa.select(sa.func.count()).select_from(works)).scalar_one()
        log = connection.execute(sa.select(fetches)).all()
    shelved = {(row.place, row.item): row for row in rows}
    faults = [f"not on the shelves: {key}" for key in newest if key not in shelved]
    faults += [f"never announced: {key}" for key in shelved if key not in newest]
    faults += [
        f"a revision was lost: {key}: {shelved[key].title_plain!r} is not {draft.title.plain!r}"
        for key, draft in newest.items()
        if key in shelved and shelved[key].title_plain != draft.title.plain
    ]
    if cards != len(newest):
        faults.append(f"{cards} cards for {len(newest)} papers")
    figures = {
        "journal": one.name,
        "captures": len(one.captures),
        "entries": sum(row.received for row in log),
        "papers": len(newest),
        "cards": cards,
        "revised in the feed": sum(len(prints) > 1 for prints in said.values()),
        "revised on the shelves": sum(row.revised for row in log),
        "rejected": rejected,
    }
    return figures, faults


if __name__ == "__main__":
    sys.exit(main())
