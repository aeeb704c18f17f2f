"""Make one HTTP request and read its answer: no redirects, no retries, no cookies, no proxies.

httpcore2's pools are used directly, because they take the guarded network backend by name and know
nothing of environment variables, cookies and passwords; a client above them would bring all three.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore2
import httpx2

from academichub.errors import AddressForbidden, SourceTooLarge, SourceTooSlow, SourceUnreachable
from academichub.fetch.deadline import DeadlinePassed
from academichub.fetch.guard import Forbidden, Unresolved
from academichub.fetch.redact import shown
from academichub.fetch.unpack import CutShort, Unpacker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.errors import FetchError
    from academichub.fetch.deadline import Deadline
    from academichub.fetch.limits import Limits

_CONNECTIONS = 20  # open at once; gates keep them apart per host
_KEPT_CONNECTIONS = 10
_KEPT_SECONDS = 15.0
_WITH_DOCUMENT = frozenset({200, 203})
_NOT_MODIFIED = 304
_HEADERS_TOO_LARGE = 431  # h11's hint that the answer's headers outgrow its buffer
_MOST_HEADER_BYTES = 100 * 1024  # httpcore2's buffer for them
_FAILURES = (
    Forbidden,
    Unresolved,
    DeadlinePassed,
    CutShort,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought. The body is read only where it is the document asked for."""

    status: int
    headers: httpx2.Headers
    body: bytes


class Interrupted(Exception):
    """The connection failed or broke: worth a quick second try. The text is the reason."""


class Wire:
    """The connections of this process. Threads may share it.

    Args:
        backend: Opens connections; the guard.
        deadline: The one that the backend's connections obey.
        limits: Times and ratios.
        tls: Whom to trust.
        detour: Host and port that every request goes to instead of its own, in plain HTTP.
    """

    def __init__(
        self,
        *,
        backend: httpcore2.NetworkBackend,
        deadline: Deadline,
        limits: Limits,
        tls: ssl.SSLContext,
        detour: tuple[str, int] | None = None,
    ) -> None:
        self._deadline = deadline
        self._limits = limits
        self._detour = detour
        self._kept = httpcore2.ConnectionPool(
            ssl_context=tls,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_KEPT_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=backend,
        )
        # Closes each connection with its answer, so that none is open outside the gate's turn:
        # "one connection at a time" then holds over all processes and all hosts behind the gate.
        self._single = httpcore2.ConnectionPool(
            ssl_context=tls, max_connections=1, max_keepalive_connections=0, network_backend=backend
        )

    def close(self) -> None:
        """Hang up everywhere."""
        self._kept.close()
        self._single.close()

    def exchange(
        self,
        url: httpx2.URL,
        *,
        headers: Mapping[str, str],
        max_bytes: int,
        hangs_up: bool,
        seconds: float,
        post: bytes = b"",
    ) -> Answer:
        """Ask for one address and read the answer.

        Args:
            url: Admitted by the guard.
            headers: To send beside Host.
            post: A body to send; without one the address is asked with GET.
            max_bytes: Cap on the unpacked body.
            hangs_up: Use the single connection and close it afterwards.
            seconds: The time for all of it.

        Raises:
            Interrupted: The connection failed or broke.
            FetchError: Anything that a second try at once would not help.
        """
        pool = self._single if hangs_up else self._kept
        with self._deadline.within(seconds):
            try:
                return self._ask(pool, url, headers=headers, max_bytes=max_bytes, post=post)
            except _FAILURES as error:
                raise self._named(error, shown(str(url))) from error

    def _named(self, error: Exception, url: str) -> FetchError | Interrupted:
        """Name a failure; called while the deadline still counts."""
        match error:
            case Forbidden():
                return AddressForbidden(url=url, reason=str(error))
            case Unresolved():
                return SourceUnreachable(url=url, status=None, reason=str(error))
            case DeadlinePassed() | httpcore2.TimeoutException() if self._deadline.is_over():
                return SourceTooSlow(url=url, limit_seconds=self._limits.total_seconds)
            case httpcore2.ConnectTimeout():
                return SourceUnreachable(url=url, status=None, reason="no connection in time")
            case httpcore2.TimeoutException():
                return SourceUnreachable(url=url, status=None, reason="no answer in time")
        wrapped = error.args[0] if error.args else None  # httpcore2 drops the cause, but keeps it here
        if isinstance(wrapped, ssl.SSLCertVerificationError):
            return SourceUnreachable(url=url, status=None, reason="its certificate is not trusted")
        if getattr(wrapped, "error_status_hint", None) == _HEADERS_TOO_LARGE:
            return SourceTooLarge(url=url, limit=_MOST_HEADER_BYTES, reason="the headers are over the cap")
        is_unconnected = isinstance(error, httpcore2.ConnectError)
        return Interrupted("no connection" if is_unconnected else "the answer broke off")

    def _ask(
        self,
        pool: httpcore2.ConnectionPool,
        url: httpx2.URL,
        *,
        headers: Mapping[str, str],
        max_bytes: int,
        post: bytes,
    ) -> Answer:
        host, port = self._detour or (url.raw_host.decode("ascii"), url.port)
        target = httpcore2.URL(
            scheme=b"http" if self._detour else url.raw_scheme,
            host=host.encode("ascii"),
            port=port,
            target=url.raw_path,
        )
        # Host names the true server even on a detour: that is how a replay knows which to play.
        fields = [(b"Host", url.netloc)]
        fields += [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
        times = {
            "connect": self._limits.connect_seconds,
            "read": self._limits.read_seconds,
            "write": self._limits.read_seconds,
            "pool": self._deadline.clip(None),
        }
        if post:
            fields.append((b"Content-Length", str(len(post)).encode("ascii")))
        method = "POST" if post else "GET"
        with pool.stream(
            method, target, headers=fields, content=post or None, extensions={"timeout": times}
        ) as response:
            received = httpx2.Headers(response.headers)
            body = b""
            if response.status in _WITH_DOCUMENT:
                body = self._document(response, received, url=shown(str(url)), max_bytes=max_bytes)
            elif response.status == _NOT_MODIFIED:
                response.read()  # it has no body; read to its end, so that the connection can be kept
            return Answer(response.status, received, body)

    def _document(
        self, response: httpcore2.Response, headers: httpx2.Headers, *, url: str, max_bytes: int
    ) -> bytes:
        unpacker = Unpacker(
            headers.get("content-encoding", ""), url=url, max_bytes=max_bytes, limits=self._limits
        )
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > max_bytes:
            raise SourceTooLarge(url=url, limit=max_bytes, reason="the server announces more than the cap")
        for piece in response.iter_stream():
            unpacker.feed(piece)
        return unpacker.finish()
