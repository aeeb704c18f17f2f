"""Wait for something that other threads or processes bring about."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 4.0  # a limit guards against waiting for ever; on a busy machine all takes some times longer


def eventually(holds: Callable[[], bool], *, within_seconds: float, what: str = "it") -> None:
    """Return as soon as `holds()`; fail the test if that takes far longer than `within_seconds`."""
    limit = within_seconds * PATIENCE
    deadline = time.monotonic() + limit
    while not holds():
        if time.monotonic() > deadline:
            msg = f"{what} did not come about within {limit} s"
            raise AssertionError(msg)
        time.sleep(0.02)
