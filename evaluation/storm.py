"""Let a week of failures rage over many sources, and look what it cost.

python -m evaluation.storm [--sources 200] [--days 7] [--seed 0] [--json]

Made-up journals on hosts of their own, and eight of arXiv's feeds, meet 429 with and without Retry-After,
5xx, cuts, garbled answers, errors dressed as 200 and stale answers. Afterwards everything that a feed showed
is on the shelves once, and the server's own log says that nobody was asked too often.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.tables import fetches, identifiers, manifestations, sources, works
from academichub.fetch.manners import ARXIV_INTERVAL_SECONDS
from academichub.flows.policies import policy_of
from academichub.flows.subscribing import subscribe
from academichub.store import sources as shelf
from evaluation.replay import (
    Faults,
    Kind,
    PaperRecord,
    Replay,
    ReplayClock,
    Rule,
    Script,
    Troubles,
    make_plan,
    many,
    play_arxiv,
)
from evaluation.simulation import simulation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.replay import Plan, Storm
    from evaluation.simulation import Simulation

CATEGORIES = ("cs.CV", "cs.LG", "cs.AI", "cs.CL", "quant-ph", "math.PR", "stat.ML", "hep-th")
START = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)


def main() -> int:
    """Rage, count, print; 1 where anything was lost, doubled or rude."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures, complaints = measure(arguments.sources, days=arguments.days, seed=arguments.seed)
    if arguments.json:
        print(json.dumps({**figures, "faults": complaints}, indent=2, default=str))
    else:
        for name, value in figures.items():
            print(f"{name:40}{value}")
        for one in complaints[:40]:
            print(f"  FAULT: {one}")
    return 1 if complaints else 0


def measure(count: int, *, days: int, seed: int) -> tuple[dict[str, Any], list[str]]:
    """Run the storm; give the figures and what was not as it should be."""
    storm = many(count, start=START, seed=seed, days=days)
    script = Script()
    storm.play(script)
    plan = make_plan(
        made_up_papers(days),
        first=START.date(),
        last=START.date() + timedelta(days=days + 1),
        troubles=Troubles(),
    )
    play_arxiv(script, plan)
    clock = ReplayClock(START)
    calm = START + timedelta(days=days)
    complaints: list[str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Replay(script, clock=clock, faults=Faults(bad_weather(calm), seed=seed)) as replay,
        simulation(Path(folder), replay, seed=seed) as hub,
    ):
        for name in (*storm.urls, *CATEGORIES):
            subscribe(hub.database, name, now=hub.now())
        # The storm ends after `days`; two calm days more let every source be asked once again.
        hub.run(calm + timedelta(days=2), step=timedelta(minutes=2), restarts=True)
        replay.ledger.settle()
        figures = _shelves(hub, storm, complaints)
        figures |= _arxiv(hub, plan, replay, complaints)
        figures |= _manners(hub, replay, complaints)
        figures["faults struck"] = replay.faults.struck()
    return figures, complaints


def made_up_papers(days: int) -> Iterable[PaperRecord]:
    """Make up papers of arXiv, some each day, each in two categories."""
    for number in range(40 * (days + 2)):
        on = START.date() + timedelta(days=number // 40)
        primary = CATEGORIES[number % len(CATEGORIES)]
        other = CATEGORIES[(number + 1 + number // 8) % len(CATEGORIES)]
        yield PaperRecord(
            arxiv_id=f"2606.{number + 1:05d}",
            title=f"On the {number}th made-up question",
            abstract=f"We answer question {number} and ask the next.",
            authors=("Ada Example", "Bo Sample"),
            categories=(primary, other) if other != primary else (primary,),
            comment="",
            seen_on=on,
        )


def bad_weather(until: datetime) -> Iterable[Rule]:
    """List what goes wrong, until it is calm."""
    yield Rule(kind=Kind.THROTTLE, probability=0.04, retry_after=1800, until=until)
    yield Rule(kind=Kind.THROTTLE, probability=0.03, retry_after=3600, retry_after_as="date", until=until)
    yield Rule(kind=Kind.THROTTLE, probability=0.03, until=until)
    yield Rule(kind=Kind.STATUS, probability=0.05, status=500, until=until)
    yield Rule(kind=Kind.STATUS, probability=0.03, status=502, until=until)
    yield Rule(kind=Kind.STATUS, probability=0.03, status=503, retry_after=900, until=until)
    yield Rule(kind=Kind.CUT, probability=0.04, count=400, until=until)
    yield Rule(kind=Kind.CUT_CHUNKED, probability=0.02, count=300, until=until)
    yield Rule(kind=Kind.HANG_UP, probability=0.03, until=until)
    yield Rule(kind=Kind.CHARSET, probability=0.03, until=until)
    yield Rule(kind=Kind.DISGUISE, probability=0.03, disguise="html", until=until)
    yield Rule(kind=Kind.DISGUISE, probability=0.02, disguise="rate", until=until)
    yield Rule(kind=Kind.STALE, probability=0.03, days=1, until=until)
    yield Rule(kind=Kind.NOT_MODIFIED, probability=0.02, until=until)


def _shelves(hub: Simulation, storm: Storm, complaints: list[str]) -> dict[str, Any]:
    """Compare what a feed showed to us with what is on the shelves."""
    asked = defaultdict(list)
    for at, outcome in hub.outcomes:
        if outcome.error is None:
            asked[outcome.key].append(at)
    with hub.database.reading() as connection:
        url_of = {row.key: row.url for row in connection.execute(sa.select(sources.c.key, sources.c.url))}
        places: dict[str, set[int]] = defaultdict(set)
        for row in connection.execute(sa.select(manifestations.c.work_id, manifestations.c.links)):
            for line in row.links:
                role, href = line.split(" ", 1)
                if role == "landing":
                    places[href].add(row.work_id)
        cards = connection.execute(sa.select(sa.func.count()).select_from(works)).scalar_one()
        rows = connection.execute(sa.select(fetches)).all()
    lasting = storm.expected(hub.now())
    shown = {url: entries[-storm.journals[0].window :] for url, entries in lasting.items()}
    lost = [one.url for entries in shown.values() for one in entries if one.url not in places]
    doubled = [url for url, cards_of in places.items() if len(cards_of) > 1]
    complaints += [f"lost: {one}" for one in lost[:20]]
    complaints += [f"twice: {one}" for one in doubled[:20]]
    unbalanced = [
        row.id
        for row in rows
        if row.received != row.new + row.revised + row.twin + row.unchanged + row.rejected
    ]
    if unbalanced:
        complaints.append(f"accounts that do not balance: {unbalanced[:5]}")
    never = [key for key in url_of if url_of[key] in lasting and key not in asked]
    complaints += [f"never answered: {key}" for key in never]
    return {
        "sources": len(lasting),
        "entries that exist": sum(map(len, lasting.values())),
        "entries that feeds still show": sum(map(len, shown.values())),
        "works on the shelves": cards,
        "lost": len(lost),
        "doubled": len(doubled),
        "answers": len(rows),
        "refreshes": len(hub.outcomes),
        "failed": dict(Counter(one.error.code for _, one in hub.outcomes if one.error is not None)),
    }


def _arxiv(hub: Simulation, plan: Plan, replay: Replay, complaints: list[str]) -> dict[str, Any]:
    expected = plan.works(plan.last, "+".join(CATEGORIES), way="healed")
    with hub.database.reading() as connection:
        found = Counter(
            connection.execute(
                sa.select(identifiers.c.value).where(identifiers.c.scheme == "arxiv")
            ).scalars()
        )
    missing = sorted(set(expected) - set(found))
    complaints += [f"arXiv paper missing: {one}" for one in missing[:10]]
    gaps = [gap.replay_seconds for gap in replay.ledger.gaps("arxiv.org")]
    if min(gaps) < ARXIV_INTERVAL_SECONDS:
        complaints.append(f"arXiv was asked again after {min(gaps):.2f} s")
    return {
        "papers announced by arXiv": len(expected),
        "of them missing": len(missing),
        "smallest gap at arXiv, s": round(min(gaps), 2),
    }


def _manners(hub: Simulation, replay: Replay, complaints: list[str]) -> dict[str, Any]:
    """Read in the server's log how often each host was asked, against its policy."""
    with hub.database.reading() as connection:
        by_url = {one.url: one for one in shelf.subscriptions(connection)}
    smallest: dict[str, float] = {}
    visits = replay.ledger.entries()
    by_place = defaultdict(list)
    for visit in visits:
        by_place[f"https://{visit.host}{visit.path}"].append(visit)
    hasty = 0
    for url, source in by_url.items():
        if source.kind == "arxiv":  # its days are asked by its calendar; its gate is judged apart
            continue
        least = policy_of(source).min_interval.total_seconds()
        told = sorted(by_place[url], key=lambda one: one.replay_started_at)
        for before, after in itertools.pairwise(told):
            gap = (after.replay_started_at - before.replay_started_at).total_seconds()
            # After a failure the first retry comes sooner than the policy's interval: back-off starts at
            # a quarter of an hour, and a broken connection is tried again at once, twice.
            is_retry = before.status != 200 or bool(before.fault)
            if not is_retry:
                smallest[url] = min(gap, smallest.get(url, gap))
                if gap < least * 0.999:
                    hasty += 1
                    complaints.append(f"{url} was asked again after {gap:.0f} s, not {least:.0f} s")
    rude = [
        f"{gate}: {gap.replay_seconds:.2f} s"
        for gate in replay.ledger.gates()
        for gap in replay.ledger.gaps(gate)
        if gap.replay_seconds < 0.999
    ]
    complaints += [f"less than a second between requests: {one}" for one in rude[:10]]
    return {
        "requests": len(visits),
        "hosts": len(replay.ledger.gates()),
        "asked sooner than the policy says": hasty,
        "smallest time between good answers, min": round(min(smallest.values()) / 60, 1),
        "requests within a second of another": len(rude),
        "most at one host at once": max(replay.ledger.most_at_once(gate) for gate in replay.ledger.gates()),
    }


if __name__ == "__main__":
    sys.exit(main())
