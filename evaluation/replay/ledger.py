"""What the replay's visitors did, written down by the server: who asked what, when, and how close together.

A visit begins when its request has been read and ends just before the last bytes of its answer go
out. A thread can be set aside after either, so a gap may look longer than the visitor made it, by the
time the machine was busy, but never shorter: a complaint is always deserved.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from academichub.fetch import manners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

MOST_ENTRIES: Final = 50_000  # some 25 MB; older ones are dropped, and counted
# arXiv's terms of use, said here once more: were the product's own number wrong, this must complain.
_ARXIV_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One request, as the server saw it."""

    number: int  # counts from 1
    method: str
    host: str  # the true one, from the Host header; "" for a connection that was refused
    path: str  # with its query
    gate: str  # which hosts share one owner: see academichub.fetch.manners
    started_at: float  # time.monotonic(); the request has been read
    replay_started_at: datetime
    at_gate: int  # requests being answered behind this gate when it began, itself included
    connection: int  # counts connections from 1
    connections: int  # open ones that have asked behind this gate, its own included
    agent: str  # User-Agent
    is_conditional: bool  # it named what it holds already
    ended_at: float = 0.0  # just before the last bytes went out
    replay_ended_at: datetime | None = None
    status: int = 0  # 0: the line was cut before any
    fault: str = ""  # what was done to the answer on purpose
    sent_bytes: int = 0  # of the body, as packed
    is_known: bool = True  # False where the script has no answer for the address

    def spoken(self) -> dict[str, Any]:
        """Give the entry as JSON values."""
        values = asdict(self)
        values["replay_started_at"] = self.replay_started_at.isoformat()
        values["replay_ended_at"] = self.replay_ended_at.isoformat() if self.replay_ended_at else None
        return values


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between the end of one answer and the start of the next, behind one gate."""

    before: Entry
    after: Entry
    seconds: float  # real ones; negative where two were under way at once
    replay_seconds: float


class Ledger:
    """The book of visits. Threads may share it.

    Args:
        now: The replay's time.
        monotonic: Real seconds; for tests.
        most: How many entries are kept.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        most: int = MOST_ENTRIES,
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._lock = threading.Condition()
        self._entries: deque[Entry] = deque(maxlen=most)
        self._under_way: dict[int, str] = {}  # gate by number
        self._gates_by_connection: dict[int, set[str]] = {}
        self._count = 0
        self._closed = 0

    # -- for the server -------------------------------------------------------------------------

    def begin(
        self,
        *,
        method: str = "",
        host: str = "",
        path: str = "",
        connection: int = 0,
        agent: str = "",
        is_conditional: bool = False,
    ) -> Entry:
        """Write down that a request has been read; `finish` must follow."""
        gate = manners.gate_for(host).name if host else ""
        with self._lock:
            self._count += 1
            self._under_way[self._count] = gate
            self._gates_by_connection.setdefault(connection, set()).add(gate)
            return Entry(
                number=self._count,
                method=method,
                host=host,
                path=path,
                gate=gate,
                started_at=self._monotonic(),
                replay_started_at=self._now(),
                at_gate=sum(one == gate for one in self._under_way.values()),
                connection=connection,
                connections=sum(gate in gates for gates in self._gates_by_connection.values()),
                agent=agent,
                is_conditional=is_conditional,
            )

    def finish(
        self,
        entry: Entry,
        *,
        status: int,
        fault: str = "",
        sent_bytes: int = 0,
        is_known: bool = True,
        ended_at: float | None = None,
    ) -> None:
        """Write down that the last bytes are about to go out. A second call for an entry changes nothing.

        Args:
            entry: What `begin` gave.
            status: 0 where none was sent.
            fault: What was done on purpose.
            sent_bytes: Of the body.
            is_known: Whether the script had an answer.
            ended_at: When the visitor was last seen, where it left before its answer was ready.
        """
        with self._lock:
            if self._under_way.pop(entry.number, None) is None:
                return
            done = replace(
                entry,
                ended_at=self._monotonic() if ended_at is None else ended_at,
                replay_ended_at=self._now(),
                status=status,
                fault=fault,
                sent_bytes=sent_bytes,
                is_known=is_known,
            )
            self._entries.append(done)
            self._closed += 1
            self._lock.notify_all()

    def hung_up(self, connection: int) -> None:
        """Forget a connection that is closed."""
        with self._lock:
            self._gates_by_connection.pop(connection, None)

    # -- for the test ---------------------------------------------------------------------------

    @property
    def dropped(self) -> int:
        """Count the entries that were too old to keep."""
        with self._lock:
            return self._closed - len(self._entries)

    def entries(
        self, *, host: str = "*", gate: str = "*", path: str = "*", after: int = 0
    ) -> tuple[Entry, ...]:
        """List the finished visits by their start. Whoever has an answer finds its visit here.

        Args:
            host: A pattern such as "*.arxiv.org".
            gate: Likewise.
            path: Likewise; it is held against path and query.
            after: Leave out entries up to this number.
        """
        with self._lock:
            kept = list(self._entries)
        found = (
            one
            for one in kept
            if one.number > after
            and fnmatchcase(one.host, host)
            and fnmatchcase(one.gate, gate)
            and fnmatchcase(one.path, path)
        )
        return tuple(sorted(found, key=lambda one: (one.started_at, one.number)))

    def settle(self, *, timeout_seconds: float = 5.0) -> bool:
        """Wait until nothing is under way; False where it takes too long."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._under_way, timeout=timeout_seconds)

    def gates(self) -> tuple[str, ...]:
        """List the gates that were asked behind, by name."""
        return tuple(sorted({one.gate for one in self.entries() if one.gate}))

    def gaps(self, gate: str) -> tuple[Gap, ...]:
        """Measure the time between each answer's end and the next request behind a gate."""
        return _gaps(self.entries(gate=gate))

    def smallest_gap(self, gate: str) -> float | None:
        """Give the shortest gap behind a gate in real seconds; None where there are fewer than two visits."""
        return min((gap.seconds for gap in self.gaps(gate)), default=None)

    def most_at_once(self, gate: str) -> int:
        """Count the requests that were under way behind a gate at the same moment, at most."""
        return max((one.at_gate for one in self.entries(gate=gate)), default=0)

    def complaints(self, *, pace: float = 1.0, in_replay_time: bool = False) -> tuple[str, ...]:
        """Say where a visitor was rude: too soon after an answer, two at once, or over two lines at arXiv.

        Args:
            pace: Intervals are multiplied by it, for hubs that were told to hurry in the same measure.
            in_replay_time: Measure by the replay's clock, for hubs whose gates go by it.
        """
        found = []
        for gate in self.gates():
            visits = self.entries(gate=gate)
            wanted = _interval_seconds(visits[0].host) * pace
            for gap in _gaps(visits):
                seconds = gap.replay_seconds if in_replay_time else gap.seconds
                if seconds < wanted:
                    place = f"{gap.after.host}{gap.after.path}"
                    found.append(f"{gate}: {place} came {seconds:.3f} s after an answer, not {wanted} s")
            found += [
                f"{gate}: {one.host}{one.path} was one of {one.at_gate} at once"
                for one in visits
                if one.at_gate > 1
            ]
            if gate == manners.ARXIV_GATE:
                found += [
                    f"{gate}: {one.host}{one.path} came while {one.connections} connections were open"
                    for one in visits
                    if one.connections > 1
                ]
        return tuple(found)


def _gaps(visits: Iterable[Entry]) -> tuple[Gap, ...]:
    """Measure from the latest end so far, so that a long answer is not hidden by a short one beside it."""
    found = []
    latest: Entry | None = None
    for visit in visits:
        if latest is not None and latest.replay_ended_at is not None:
            replayed = (visit.replay_started_at - latest.replay_ended_at).total_seconds()
            found.append(Gap(latest, visit, visit.started_at - latest.ended_at, replayed))
        if latest is None or visit.ended_at > latest.ended_at:
            latest = visit
    return tuple(found)


def _interval_seconds(host: str) -> float:
    manner = manners.gate_for(host)
    return _ARXIV_SECONDS if manner.name == manners.ARXIV_GATE else manner.interval_seconds
