"""What fetching needs from other rooms: one gate per host, shared by every process of the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Gate(Protocol):
    """Lets one request at a time through to each host, with a pause after each."""

    def turn(
        self, name: str, *, interval_seconds: float, hold_seconds: float, timeout_seconds: float
    ) -> AbstractContextManager[None]:
        """Wait until this process may make one request, and shut the gate behind it.

        Args:
            name: The gate, such as "arxiv.org": see `academichub.fetch.manners`.
            interval_seconds: How long the gate stays shut after the request has ended.
            hold_seconds: The longest the request can take; a holder that is silent for longer has
                died, and the gate may be given to the next.
            timeout_seconds: The longest to wait for the turn.

        Raises:
            GateTimeout: The turn did not come in time.
        """
        ...
