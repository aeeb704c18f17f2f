"""Carry one question to a server and its answer back, within bounds of time and size, as it comes.

httpcore2's pool is used directly, as `fetch` does and for the same reason: each read looks up the time that
is left in the stream itself. A read also wakes once a second, so that whoever waits for a silent server can
give up.
"""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import httpcore2
import httpx2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    SocketOption: TypeAlias = (
        tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
    )

_WAKE_SECONDS: Final = 1.0
_CONNECTIONS: Final = 16
_KEPT_SECONDS: Final = 15.0


class TimeUp(Exception):
    """The server took too long. The text says what did not come."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


class Interrupted(Exception):
    """The connection failed or broke. The text is the reason."""

    def __init__(self, *, reason: str, is_connected: bool = True) -> None:
        super().__init__(reason)
        self.is_connected = is_connected  # the question may have arrived


@dataclass(slots=True)
class Patience:
    """How long one exchange may still take, and whom to tell that it goes on."""

    ends_at: float  # on the monotonic clock
    gap_seconds: float  # the longest silence; whoever reads the answer shortens it once it flows
    tell: Callable[[], None] = lambda: None  # about once a second; what it raises ends the exchange
    heard_at: float = field(default_factory=time.monotonic)

    def left_seconds(self) -> float:
        """Give the time that may still be waited.

        Raises:
            TimeUp: None is left.
        """
        now = time.monotonic()
        if now >= self.ends_at:
            raise TimeUp(reason="no whole answer in time")
        if now >= self.heard_at + self.gap_seconds:
            raise TimeUp(reason="it went silent")
        return min(self.ends_at, self.heard_at + self.gap_seconds) - now


class Wire:
    """The connections to one server. Threads may share it; each has one exchange at a time.

    Args:
        url: Where every question goes.
        headers: Sent with each.
        connect_seconds: How long opening a connection may take.
        tls: Whom to trust.
    """

    def __init__(
        self, url: httpx2.URL, *, headers: dict[str, str], connect_seconds: float, tls: ssl.SSLContext
    ) -> None:
        self._url = url
        self._headers = headers
        self._connect_seconds = connect_seconds
        self._here = threading.local()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls,
            max_connections=_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=_Backend(self._here),
        )

    def close(self) -> None:
        """Hang up."""
        self._pool.close()

    @contextmanager
    def exchange(
        self, patience: Patience, *, headers: dict[str, str], body: bytes, url: httpx2.URL | None = None
    ) -> Iterator[tuple[int, httpx2.Headers, Iterator[bytes]]]:
        """Send a body, or ask without one; give status, headers and the pieces of the answer as they come.

        Raises:
            TimeUp: The patience is at its end; also while the pieces are read.
            Interrupted: The connection failed or broke; likewise.
        """
        before = getattr(self._here, "patience", None)  # of an exchange whose hearer asks something itself
        self._here.patience = patience
        try:
            with self._opened(url or self._url, headers=headers, body=body, patience=patience) as response:
                yield response.status, httpx2.Headers(response.headers), response.iter_stream()
        except httpcore2.TimeoutException as error:
            is_unconnected = isinstance(error, httpcore2.ConnectTimeout | httpcore2.PoolTimeout)
            raise (
                Interrupted(reason="no connection in time", is_connected=False)
                if is_unconnected
                else TimeUp(reason="no answer in time")
            ) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            is_connected = not isinstance(error, httpcore2.ConnectError)
            raise Interrupted(reason=_reason(error), is_connected=is_connected) from error
        finally:
            self._here.patience = before

    @contextmanager
    def _opened(
        self, url: httpx2.URL, *, headers: dict[str, str], body: bytes, patience: Patience
    ) -> Iterator[httpcore2.Response]:
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        fields = [(b"Host", url.netloc)]
        for name, value in (self._headers | headers).items():
            fields.append((name.encode("ascii"), value.encode("latin-1")))
        if body:
            fields += [(b"Content-Type", b"application/json"), (b"Content-Length", b"%d" % len(body))]
        left_seconds = patience.left_seconds()
        times = {"connect": min(self._connect_seconds, left_seconds), "pool": left_seconds}
        method = "POST" if body else "GET"
        with self._pool.stream(
            method, target, headers=fields, content=body or None, extensions={"timeout": times}
        ) as response:
            yield response


def _reason(error: Exception) -> str:
    wrapped = error.args[0] if error.args else None  # httpcore2 drops the cause, but keeps it here
    if isinstance(wrapped, ssl.SSLCertVerificationError):
        return "its certificate is not trusted"
    return "no connection" if isinstance(error, httpcore2.ConnectError) else "the answer broke off"


class _Backend(httpcore2.NetworkBackend):
    """Opens connections whose reads obey the patience of the thread that reads."""

    def __init__(self, here: threading.local) -> None:
        self._here = here
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._plain.connect_tcp(host, port, timeout, local_address, socket_options)
        return _PatientStream(stream, self._here)


class _PatientStream(httpcore2.NetworkStream):
    """A connection that waits in short stretches and tells of each."""

    def __init__(self, stream: httpcore2.NetworkStream, here: threading.local) -> None:
        self._stream = stream
        self._here = here

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  the patience knows
        patience: Patience = self._here.patience
        while True:
            try:
                piece = self._stream.read(max_bytes, timeout=min(patience.left_seconds(), _WAKE_SECONDS))
            except httpcore2.ReadTimeout:
                patience.tell()
            else:
                patience.heard_at = time.monotonic()
                return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  likewise
        patience: Patience = self._here.patience
        self._stream.write(buffer, timeout=patience.left_seconds())

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return _PatientStream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._here)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  the interface is httpcore2's
        return self._stream.get_extra_info(info)
