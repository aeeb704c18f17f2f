"""Keep an exchange inside its time, however slowly the other side sends.

A timeout per read never fires on a server that sends one byte every quarter of a second, and
httpcore2 fixes that timeout when it begins to read. So the time left is looked up at each read, in
the stream itself: it covers the TLS handshake, the headers and the body alike.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore2

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

# Sockets wait in whole milliseconds and may wake a little early; what is left then is nothing.
_NOTHING_SECONDS = 0.02


class DeadlinePassed(Exception):
    """The exchange of this thread has used up its time."""


class Deadline:
    """The time left to the exchange that the current thread is in. Exchanges are thread-bound."""

    def __init__(self) -> None:
        self._here = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Give what happens inside at most this many seconds."""
        self._here.ends_at = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._here.ends_at

    def left_seconds(self) -> float:
        """Say how much time is left; infinitely much outside an exchange."""
        ends_at: float = getattr(self._here, "ends_at", math.inf)
        return ends_at - time.monotonic()

    def is_over(self) -> bool:
        """Tell whether the time is used up."""
        return self.left_seconds() <= _NOTHING_SECONDS

    def clip(self, timeout: float | None) -> float:
        """Shorten a timeout to the time left.

        Raises:
            DeadlinePassed: Nothing is left.
        """
        if self.is_over():
            raise DeadlinePassed
        return min(self.left_seconds(), math.inf if timeout is None else timeout)


class TimedStream(httpcore2.NetworkStream):
    """A connection whose every wait ends with the deadline of the exchange that uses it."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come, waiting no longer than the deadline."""
        return self._stream.read(max_bytes, timeout=self._deadline.clip(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send, waiting no longer than the deadline."""
        self._stream.write(buffer, timeout=self._deadline.clip(timeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Begin TLS; the handshake as a whole has the timeout, or what is left."""
        clipped = self._deadline.clip(timeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout=clipped)
        return TimedStream(secured, self._deadline)

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  the interface is httpcore2's
        """Pass on what the connection knows of itself."""
        return self._stream.get_extra_info(info)
