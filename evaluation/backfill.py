"""Back-fill many records over OAI-PMH with three kill -9 on the way, and count what is there.

python -m evaluation.backfill RECORDS [--count 100000] [--kills 3] [--seed 0] [--json]

RECORDS are real ones, repeated under new identifiers by the replay server, 1,000 on a page. The gate before
arXiv (one request in three seconds) is left open: what is measured is the hub, not the waiting.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.cli.memory import calm_collector
from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.db.tables import fetches, harvests, manifestations, works
from academichub.fetch.client import Fetcher
from academichub.flows.backfilling import backfill
from academichub.flows.subscribing import subscribe
from evaluation.replay import BigStock, Replay, ReplayClock, Script, play_oai, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 5, 21, 12, 0, tzinfo=UTC)
SINCE, UNTIL = date(2020, 1, 1), date(2020, 12, 31)
CATEGORY = "cs.LG"
SOURCE = f"arxiv:{CATEGORY}"
PAPERS = 20_000  # real ones that are repeated
WORKER = "--worker"


class OpenGate:
    """Lets everybody through at once."""

    @contextlib.contextmanager
    def turn(self, name: str, **_: float) -> Iterator[None]:
        """Open the gate."""
        del name
        yield


def main() -> int:
    """Back-fill, kill, count; 1 where a record is missing or there twice."""
    if sys.argv[1:2] == [WORKER]:
        return work(*sys.argv[2:])
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("records", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures, faults = measure(
        arguments.records, count=arguments.count, kills=arguments.kills, seed=arguments.seed
    )
    if arguments.json:
        print(json.dumps({**figures, "faults": faults}, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:36}{value}")
        for one in faults:
            print(f"  FAULT: {one}")
    return 1 if faults else 0


def measure(records: Path, *, count: int, kills: int, seed: int) -> tuple[dict[str, Any], list[str]]:
    """Run the back-fill in a process of its own, kill it at random moments, start it again."""
    dice = random.Random(seed)  # noqa: S311  no secret
    listed = (one for one in read_records(records) if CATEGORY in one.categories)
    stock = BigStock(itertools.islice(listed, PAPERS), count, first=SINCE, days=360)
    script = play_oai(Script(), stock)
    with tempfile.TemporaryDirectory() as folder, Replay(script, clock=ReplayClock(NOW)) as replay:
        url = f"sqlite:///{Path(folder) / 'hub.sqlite'}"
        database = Database(url)
        migrate(database)
        subscribe(database, SOURCE, now=NOW)
        moments = sorted(dice.uniform(0.1, 0.9) * count for _ in range(kills))
        seconds = 0.0
        for moment in [*moments, None]:
            began = time.monotonic()
            command = [sys.executable, "-m", "evaluation.backfill", WORKER, url, replay.address]
            process = subprocess.Popen(command)
            while process.poll() is None and not (moment is not None and shelved(database) >= moment):
                time.sleep(0.05)
            if moment is not None:
                process.kill()
            process.wait()
            seconds += time.monotonic() - began
        figures, faults = _count(database, stock, count)
        database.close()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss / 1024
    figures |= {
        "records a second of processor time": round(count / (used.ru_utime + used.ru_stime)),
        "kills": kills,
        "seconds, with the restarts": round(seconds, 1),
        "records a second": round(count / seconds),
        "peak memory, MB": round(peak, 1),
    }
    return figures, faults


def shelved(database: Database) -> int:
    """Count the records that are on the shelves."""
    with database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.max(manifestations.c.id))).scalar() or 0)


def work(url: str, replay: str) -> int:
    """Back-fill until the end; this is the process that is killed."""
    calm_collector()  # as the command does
    database = Database(url)
    web = Fetcher(gate=OpenGate(), contact="evaluation@example.org", version="evaluation", replay=replay)
    done = backfill(database, web, SOURCE, since=SINCE, until=UNTIL, clock=lambda: NOW)
    web.close()
    database.close()
    return 0 if done.error is None else 1


def _count(database: Database, stock: BigStock, count: int) -> tuple[dict[str, Any], list[str]]:
    with database.reading() as connection:
        items = list(connection.execute(sa.select(manifestations.c.item)).scalars())
        cards = connection.execute(sa.select(sa.func.count()).select_from(works)).scalar_one()
        rows = connection.execute(sa.select(fetches)).all()
        ends = list(connection.execute(sa.select(harvests.c.status)).scalars())
    expected = set(stock.ids())
    faults = []
    if set(items) != expected:
        faults.append(f"{len(expected - set(items))} missing, {len(set(items) - expected)} too many")
    if len(items) != len(set(items)) or cards != len(items):
        faults.append(f"{len(items)} rows, {cards} cards for {len(set(items))} records")
    if ends != ["ok"]:
        faults.append(f"the harvest ended as {ends}")
    accounted = sum(row.new + row.revised + row.twin + row.unchanged + row.rejected for row in rows)
    received = sum(row.received for row in rows)
    new = sum(row.new for row in rows)
    if accounted != received or new != count:
        faults.append(f"accounts: {received} received, {accounted} accounted for, {new} new of {count}")
    return {"records": len(items), "cards": cards, "answers": len(rows), "new": new}, faults


if __name__ == "__main__":
    sys.exit(main())
