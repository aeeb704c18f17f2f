"""Replay a month of arXiv day by day, and compare what the hub has with what was announced.

python -m evaluation.month RECORDS [--first DAY] [--last DAY] [--categories cs.CV,cs.LG,...] [--json]

RECORDS are JSON lines with id, title, abstract, authors, categories, comment, seen; plain or gzip. Among the
days are a holiday that no calendar knows, a stale day and a lost day; papers are cross-listed and replaced.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.tables import (
    announcements,
    fetches,
    identifiers,
    manifestations,
    sightings,
    sources,
    works,
)
from academichub.flows.subscribing import subscribe
from evaluation.replay import MAY_2026, Replay, ReplayClock, Script, make_plan, play_arxiv, read_records
from evaluation.replay.clock import eastern
from evaluation.simulation import simulation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evaluation.replay import Plan
    from evaluation.simulation import Simulation

CATEGORIES = "cs.CV,cs.LG,cs.AI,cs.CL,quant-ph,math.PR,stat.ML,hep-th"


@dataclass(slots=True)
class Report:
    """What was compared, and what was not as it should be."""

    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def check(self, holds: bool, said: str) -> None:  # noqa: FBT001  # reads as a sentence
        """Write a fault down."""
        if not holds and len(self.faults) < 200:
            self.faults.append(said)


def main() -> int:
    """Replay, compare, print; 1 where anything is not as it should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("records", type=Path)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2026, 5, 1))
    parser.add_argument("--last", type=date.fromisoformat, default=date(2026, 5, 31))
    parser.add_argument("--categories", default=CATEGORIES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    plan = make_plan(
        read_records(arguments.records),
        first=arguments.first,
        last=arguments.last,
        seed=arguments.seed,
        troubles=MAY_2026,
    )
    report = measure(plan, arguments.categories.split(","))
    if arguments.json:
        print(json.dumps({**report.figures, "faults": report.faults}, indent=2, default=str))
    else:
        for name, value in report.figures.items():
            print(f"{name:36}{value}")
        for fault in report.faults:
            print(f"  FAULT: {fault}")
    return 1 if report.faults else 0


def measure(plan: Plan, categories: Sequence[str]) -> Report:
    """Live through the plan's days with a hub, then compare."""
    report = Report()
    clock = ReplayClock(eastern(plan.first, 0, 5))
    said: dict[date, Counter[str]] = defaultdict(Counter)
    with (
        tempfile.TemporaryDirectory() as folder,
        Replay(play_arxiv(Script(), plan), clock=clock) as replay,
        simulation(Path(folder), replay) as hub,
    ):
        for name in categories:
            subscribe(hub.database, name, now=hub.now())
        hub.watchers.append(lambda now: _listen(hub, said, now))
        hub.run(eastern(plan.last + timedelta(days=1), 23), step=timedelta(minutes=5), restarts=True)
        replay.ledger.settle()
        _compare_papers(hub, plan, categories, report)
        _compare_days(hub, plan, categories, said, report)
        _compare_accounts(hub, report)
        gaps = [gap.replay_seconds for gap in replay.ledger.gaps("arxiv.org")]
        report.figures["requests to arXiv"] = len(gaps) + 1
        report.figures["smallest gap at arXiv, s"] = round(min(gaps), 3)
        report.check(min(gaps) >= 3.0, f"arXiv was asked after {min(gaps)} s")
        report.figures["errors on the way"] = dict(
            Counter(one.error.code for _, one in hub.outcomes if one.error is not None)
        )
    return report


def _listen(hub: Simulation, said: dict[date, Counter[str]], now: datetime) -> None:
    """Note what the line under each date says as the days go by."""
    with hub.database.reading() as connection:
        for row in connection.execute(
            sa.select(announcements.c.day, announcements.c.verdict).where(
                announcements.c.day >= now.date() - timedelta(days=3)
            )
        ):
            said[row.day][row.verdict] += 1


def _compare_papers(hub: Simulation, plan: Plan, categories: Sequence[str], report: Report) -> None:
    query = "+".join(categories)
    expected = plan.works(plan.last, query, way="healed")
    with hub.database.reading() as connection:
        rows = connection.execute(
            sa.select(
                identifiers.c.value,
                identifiers.c.work_id,
                sa.func.max(manifestations.c.version).label("version"),
            )
            .join(manifestations, manifestations.c.work_id == identifiers.c.work_id)
            .where(identifiers.c.scheme == "arxiv", manifestations.c.place == "arxiv")
            .group_by(identifiers.c.value, identifiers.c.work_id)
        ).all()
        cards = connection.execute(sa.select(sa.func.count()).select_from(works)).scalar_one()
        items = connection.execute(
            sa.select(manifestations.c.item, sa.func.count(sa.distinct(manifestations.c.work_id)))
            .group_by(manifestations.c.item)
            .having(sa.func.count(sa.distinct(manifestations.c.work_id)) > 1)
        ).all()
    found = {row.value: row.version for row in rows}
    missing = sorted(set(expected) - set(found))
    behind = sorted(name for name in expected if name in found and found[name] < expected[name])
    report.figures["papers announced"] = len(expected)
    report.figures["works on the shelves"] = cards
    report.figures["missing"] = len(missing)
    report.figures["in an older version than announced"] = len(behind)
    report.figures["papers with two cards"] = len(items)
    report.check(not missing, f"missing: {missing[:5]}")
    report.check(not behind, f"older: {[(name, found[name], expected[name]) for name in behind[:5]]}")
    report.check(not items, f"two cards: {[row.item for row in items[:5]]}")
    report.check(cards == len(rows), f"{cards} cards for {len(rows)} papers")


def _compare_days(
    hub: Simulation,
    plan: Plan,
    categories: Sequence[str],
    said: dict[date, Counter[str]],
    report: Report,
) -> None:
    wrong: list[str] = []
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    with hub.database.reading() as connection:
        for name in categories:
            rows = {
                row.day: row
                for row in connection.execute(
                    sa.select(announcements)
                    .join(sources, sources.c.id == announcements.c.source_id)
                    .where(sources.c.key == f"arxiv:{name}")
                )
            }
            for day in plan.days:
                announced = plan.announced(day, name)
                stored = _stored(connection, name, day)
                lost = [one for one in announced if (one.arxiv_id, one.version) not in stored]
                if lost:
                    wrong.append(f"{name} {day}: {len(lost)} of {len(announced)} not there, {lost[0]}")
                row = rows.get(day)
                verdicts[_sort(plan, day)][row.verdict if row is not None else "none"] += 1
                if row is not None and row.said_new is not None:
                    counts = Counter(one.announce_type for one in announced)
                    told = (row.said_new, row.said_cross, row.said_replace)
                    true = (counts["new"], counts["cross"], counts["replace"] + counts["replace-cross"])
                    report.check(told == true, f"{name} {day}: arXiv's list was read as {told}, not {true}")
    report.figures["days of categories compared"] = len(plan.days) * len(categories)
    report.figures["days with papers missing"] = len(wrong)
    for fault in wrong:
        report.check(False, fault)  # as above
    for sort, counted in sorted(verdicts.items()):
        report.figures[f"verdict of {sort} days"] = dict(counted)
    for holiday in sorted(plan.troubles.holidays):
        with hub.database.reading() as connection:
            codes = connection.execute(
                sa.select(announcements.c.verdict).where(announcements.c.day == holiday)
            ).scalars()
            report.figures["verdict of the holiday"] = found = dict(Counter(codes))
        report.check(set(found) <= {"quiet", "holiday"}, f"{holiday} was not called empty: {found}")
    (stale,), (lost_day,) = plan.troubles.stale, plan.troubles.lost
    report.figures["said of the stale day"] = dict(said[stale])
    report.figures["said of the lost day"] = dict(said[lost_day])
    report.check(said[stale]["stale"] > 0, "the stale day was never called stale")
    report.check(said[lost_day]["missed"] > 0 or said[lost_day]["healed"] > 0, "the lost day was not noticed")
    report.check("failing" in said[lost_day], "nobody said that arXiv did not answer on the lost day")
    for day in (stale, lost_day):
        report.check(set(verdicts[_sort(plan, day)]) == {"healed"}, f"{day} was not healed everywhere")


def _stored(connection: sa.Connection, name: str, day: date) -> set[tuple[str, int]]:
    rows = connection.execute(
        sa.select(manifestations.c.item, manifestations.c.version)
        .join(sightings, sightings.c.manifestation_id == manifestations.c.id)
        .join(sources, sources.c.id == sightings.c.source_id)
        .where(sources.c.key == f"arxiv:{name}")
    )
    del day  # a version is announced once; what matters is that it is there
    return {(row.item, row.version) for row in rows}


def _sort(plan: Plan, day: date) -> str:
    if day in plan.troubles.stale:
        return "stale"
    return "lost" if day in plan.troubles.lost else "ordinary"


def _compare_accounts(hub: Simulation, report: Report) -> None:
    with hub.database.reading() as connection:
        rows = connection.execute(sa.select(fetches)).all()
        unbalanced = [
            row.id
            for row in rows
            if row.received != row.new + row.revised + row.twin + row.unchanged + row.rejected
        ]
    report.figures["answers"] = len(rows)
    report.figures["entries received"] = sum(row.received for row in rows)
    report.figures["entries rejected"] = sum(row.rejected for row in rows)
    report.check(not unbalanced, f"accounts that do not balance: {unbalanced[:5]}")
    report.check(all(row.rejected == 0 for row in rows), "entries were rejected")


if __name__ == "__main__":
    sys.exit(main())
