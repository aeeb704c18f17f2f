"""Gates for tests: one that is always open, and one that keeps its promises within this process."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.errors import GateTimeout

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was asked for."""

    name: str
    interval_seconds: float
    hold_seconds: float
    timeout_seconds: float


class OpenGate:
    """Lets everybody through at once, and writes down who came."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.inside = 0

    @property
    def names(self) -> list[str]:
        return [turn.name for turn in self.turns]

    @contextmanager
    def turn(
        self, name: str, *, interval_seconds: float, hold_seconds: float, timeout_seconds: float
    ) -> Iterator[None]:
        self.turns.append(Turn(name, interval_seconds, hold_seconds, timeout_seconds))
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1


class LocalGate:
    """Keeps turns and intervals among the threads of this process.

    Args:
        pace: Intervals are multiplied by it, so that tests need not wait for real.
    """

    def __init__(self, *, pace: float = 1.0) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._doors: dict[str, threading.Lock] = {}
        self._opens_at: dict[str, float] = {}

    @contextmanager
    def turn(
        self, name: str, *, interval_seconds: float, hold_seconds: float, timeout_seconds: float
    ) -> Iterator[None]:
        del hold_seconds  # holders do not die in here
        with self._lock:
            door = self._doors.setdefault(name, threading.Lock())
        if not door.acquire(timeout=timeout_seconds):
            raise GateTimeout(gate=name, waited_seconds=timeout_seconds)
        try:
            time.sleep(max(0.0, self._opens_at.get(name, 0.0) - time.monotonic()))
            yield
        finally:
            self._opens_at[name] = time.monotonic() + interval_seconds * self._pace
            door.release()
