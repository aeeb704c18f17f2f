"""A process that is killed anywhere loses nothing and repeats nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.engine import Database
from academichub.db.tables import fetches, manifestations, quarantine, works
from benchmarks.corpus import made_up_records, rss

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = 2_000
KILLS = 20


def _ingest(home: Path, feed: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "academichub", "--home", str(home), "ingest", str(feed)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ACADEMICHUB_HOME": str(home)},
    )


@pytest.mark.slow
def test_killed_at_twenty_random_moments_every_record_is_there_once_and_accounts_balance(
    tmp_path: Path,
) -> None:
    dice = random.Random(20260619)  # noqa: S311  # moments, not secrets
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss(made_up_records(ENTRIES), on=date(2026, 6, 19)))
    began = time.monotonic()
    assert _ingest(tmp_path / "unhurt", feed).wait(120) == 0
    whole = time.monotonic() - began
    home = tmp_path / "home"
    killed = 0

    for _ in range(KILLS):
        process = _ingest(home, feed)
        try:
            process.wait(dice.uniform(0.3, 1.0) * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    assert _ingest(home, feed).wait(120) == 0

    assert killed > 0
    database = Database(f"sqlite:///{home / 'hub.sqlite'}")
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(works)).scalar_one() == ENTRIES
        items = connection.execute(
            sa.select(sa.func.count(sa.distinct(manifestations.c.item)), sa.func.count())
        ).one()
        assert tuple(items) == (ENTRIES, ENTRIES)
        (run,) = connection.execute(sa.select(fetches)).all()
        held = connection.execute(sa.select(sa.func.count()).select_from(quarantine)).scalar_one()
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert run.status == "ok"
    assert (run.received, run.new, run.rejected) == (ENTRIES, ENTRIES, held)
    assert run.received == run.new + run.revised + run.twin + run.unchanged + run.rejected
    database.close()
