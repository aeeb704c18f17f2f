"""One gate a host, shared by every process: the exact spacing between requests."""

from __future__ import annotations

import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.tables import host_gates
from academichub.errors import GateTimeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from academichub.db.engine import Database

FIRST_LOOK_AGAIN_SECONDS = 0.05


class HostGates:
    """The gate that `fetch` takes before every request, kept as one row per gate.

    A turn is held from before the request until after it, and the gate stays shut for the interval
    after the turn ended. So no two requests overlap, and the time between the end of one and the start
    of the next is never shorter than the interval, whatever the jitter between taking the turn and
    sending the request. A holder that dies frees the gate when its hold runs out.
    """

    def __init__(self, database: Database, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._database = database
        self._sleep = sleep

    @contextmanager
    def turn(
        self, name: str, *, interval_seconds: float, hold_seconds: float, timeout_seconds: float
    ) -> Iterator[None]:
        """Wait for the gate, hold it, and leave it shut for `interval_seconds`.

        Args:
            name: The gate; one for all of arXiv, one per host elsewhere.
            interval_seconds: How long the gate stays shut after the turn, >= 0.
            hold_seconds: When a holder that vanished loses its turn; longer than any request.
            timeout_seconds: How long to wait for the turn.

        Raises:
            GateTimeout: Others held the gate all that time.
        """
        holder = uuid.uuid4().hex
        waited = 0.0
        while (wait := self._take(name, holder, hold_seconds)) > 0.0:
            if waited >= timeout_seconds:
                raise GateTimeout(gate=name, waited_seconds=round(waited, 1))
            pause = min(max(wait, FIRST_LOOK_AGAIN_SECONDS), max(timeout_seconds - waited, 0.0) or wait)
            self._sleep(pause)
            waited += pause
        try:
            yield
        finally:
            self._leave(name, holder, interval_seconds)

    def _take(self, name: str, holder: str, hold_seconds: float) -> float:
        """Take the turn and give 0, or give the seconds after which to look again."""
        with self._database.writing() as connection:
            connection.execute(
                insert_ignore(connection.dialect, host_gates), [{"name": name, "next_allowed": 0.0}]
            )
            row = connection.execute(LOCKED, {"gate": name}).one()
            now = self._database.clock(connection)
            if row.holder is not None and row.held_until is not None and row.held_until > now:
                # The holder will probably be done long before its hold runs out.
                return float(min(row.held_until - now, 0.25))
            if row.next_allowed > now:
                return float(row.next_allowed - now)
            connection.execute(TAKE, {"gate": name, "who": holder, "until": now + hold_seconds})
            return 0.0

    def _leave(self, name: str, holder: str, interval_seconds: float) -> None:
        with self._database.writing() as connection:
            now = self._database.clock(connection)
            # Where the hold ran out and another took over, their turn must not be cut short.
            connection.execute(LEAVE, {"gate": name, "who": holder, "allowed": now + interval_seconds})


LOCKED = (
    sa.select(host_gates.c.holder, host_gates.c.held_until, host_gates.c.next_allowed)
    .where(host_gates.c.name == sa.bindparam("gate"))
    .with_for_update()
)
TAKE = (
    sa.update(host_gates)
    .where(host_gates.c.name == sa.bindparam("gate"))
    .values(holder=sa.bindparam("who"), held_until=sa.bindparam("until"))
)
LEAVE = (
    sa.update(host_gates)
    .where(host_gates.c.name == sa.bindparam("gate"), host_gates.c.holder == sa.bindparam("who"))
    .values(holder=None, held_until=None, next_allowed=sa.bindparam("allowed"))
)
