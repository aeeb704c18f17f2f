"""The gate in front of every host, shared by all processes."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from academichub.errors import GateTimeout
from academichub.store.gates import HostGates

if TYPE_CHECKING:
    from tests.fakes.shelf import TestShelf

PROGRAM = """
import sys, time
from academichub.db.engine import Database
from academichub.store.gates import HostGates
gates = HostGates(Database(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    with gates.turn("arxiv.org", interval_seconds=0.3, hold_seconds=30, timeout_seconds=60):
        print(time.time(), flush=True)
        time.sleep(0.05)
        print(time.time(), flush=True)
"""


def test_a_turn_waits_out_the_interval_after_the_one_before(shelf: TestShelf) -> None:
    gates = HostGates(shelf.database)
    with gates.turn("a", interval_seconds=0.4, hold_seconds=5, timeout_seconds=5):
        ended = time.monotonic()

    with gates.turn("a", interval_seconds=0.0, hold_seconds=5, timeout_seconds=30):
        began = time.monotonic()

    assert began - ended >= 0.39


def test_one_gate_does_not_wait_for_another(shelf: TestShelf) -> None:
    gates = HostGates(shelf.database)
    began = time.monotonic()

    with (
        gates.turn("a", interval_seconds=60, hold_seconds=60, timeout_seconds=30),
        gates.turn("b", interval_seconds=60, hold_seconds=60, timeout_seconds=30),
    ):
        pass

    assert time.monotonic() - began < 30


def test_waiting_in_vain_is_said(shelf: TestShelf) -> None:
    gates = HostGates(shelf.database)

    other = HostGates(shelf.database)

    with (
        gates.turn("a", interval_seconds=0, hold_seconds=60, timeout_seconds=1),
        pytest.raises(GateTimeout),
        other.turn("a", interval_seconds=0, hold_seconds=1, timeout_seconds=0.3),
    ):
        pass


def test_a_holder_that_vanished_loses_its_turn_when_its_hold_runs_out(shelf: TestShelf) -> None:
    # Kept in a name: a turn that is forgotten is left in good order.
    held = HostGates(shelf.database).turn("a", interval_seconds=0, hold_seconds=0.5, timeout_seconds=1)
    held.__enter__()
    began = time.monotonic()

    with HostGates(shelf.database).turn("a", interval_seconds=0, hold_seconds=1, timeout_seconds=30):
        waited = time.monotonic() - began

    assert 0.4 <= waited < 20


def test_threads_never_hold_a_gate_at_once(shelf: TestShelf) -> None:
    inside, most = 0, 0
    lock = threading.Lock()

    def visit() -> None:
        nonlocal inside, most
        gates = HostGates(shelf.database)
        for _ in range(4):
            with gates.turn("a", interval_seconds=0.01, hold_seconds=30, timeout_seconds=60):
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.005)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


@pytest.mark.slow
def test_two_processes_share_one_gate(shelf: TestShelf) -> None:
    url = shelf.database.engine.url.render_as_string(hide_password=False)
    processes = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, url, "5"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    outputs = [process.communicate(timeout=60)[0] for process in processes]

    turns = []
    for output in outputs:
        stamps = [float(line) for line in output.split()]
        turns += list(zip(stamps[::2], stamps[1::2], strict=True))
    turns.sort()
    assert len(turns) == 10
    assert all(after[0] - before[1] >= 0.3 for before, after in itertools.pairwise(turns))
