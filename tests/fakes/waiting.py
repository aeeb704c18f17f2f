"""Wait for something that other threads or processes bring about."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def eventually(holds: Callable[[], bool], *, within_seconds: float, what: str = "it") -> None:
    """Return as soon as `holds()`; fail the test if that takes longer than `within_seconds`."""
    deadline = time.monotonic() + within_seconds
    while not holds():
        if time.monotonic() > deadline:
            msg = f"{what} did not come about within {within_seconds} s"
            raise AssertionError(msg)
        time.sleep(0.02)
