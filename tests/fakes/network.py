"""A made-up Internet around a FakeWeb: names, public addresses, and a way to fetch from them."""

from __future__ import annotations

import functools
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2

from academichub.fetch.client import Fetcher
from academichub.fetch.limits import Limits
from tests.fakes.gates import OpenGate

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

    from academichub.fetch.guard import SocketOption

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PUBLIC = "93.184.216.34"
ALSO_PUBLIC = "2606:2800:220:1:248:1893:25c8:1946"
QUICK = Limits(connect_seconds=1.0, read_seconds=1.0, total_seconds=2.0)


class FakeNames:
    """Resolves names from a script: each name's answers come in turn, the last one again and again.

    IP addresses in any spelling that the system knows resolve to themselves, as they really do.
    """

    def __init__(self, **answers: list[list[str]]) -> None:
        self._answers = {name.replace("_", "."): list(script) for name, script in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, family: int, kind: int) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        if host not in self._answers:
            return list(socket.getaddrinfo(host, port, family, kind, flags=socket.AI_NUMERICHOST))
        script = self._answers[host]
        addresses = script.pop(0) if len(script) > 1 else script[0]
        return [(family, kind, 6, "", (address, port)) for address in addresses]


class Shortcut(httpcore2.NetworkBackend):
    """Opens a connection to a server of this machine for every address, and notes which it was.

    `dead` addresses refuse the connection, `deaf` ones never answer.
    """

    def __init__(
        self, port: int, *, dead: frozenset[str] = frozenset(), deaf: frozenset[str] = frozenset()
    ) -> None:
        self._port = port
        self._dead = dead
        self._deaf = deaf
        self.opened: list[tuple[str, int]] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        self.opened.append((host, port))
        if host in self._dead:
            raise httpcore2.ConnectError(OSError("nobody there"))
        if host in self._deaf:
            raise httpcore2.ConnectTimeout(TimeoutError("timed out"))
        there = ("127.0.0.1", self._port)
        return httpcore2.SyncBackend().connect_tcp(*there, timeout, local_address, socket_options)


@functools.cache
def system_trust() -> ssl.SSLContext:
    """Read the system's authorities once for all tests: it takes 70 ms."""
    return httpx2.create_ssl_context(trust_env=False)


@contextmanager
def a_fetcher(**changes: Any) -> Iterator[Fetcher]:
    """Open a fetcher that waits for nobody, and close it afterwards."""
    wiring: dict[str, Any] = {
        "gate": OpenGate(),
        "contact": "hub@example.org",
        "version": "0.0.0",
        "limits": QUICK,
        "tls": system_trust(),
        "sleep": lambda seconds: None,  # noqa: ARG005  the name is part of the interface
        "chance": lambda: 0.5,
    }
    fetcher = Fetcher(**(wiring | changes))
    try:
        yield fetcher
    finally:
        fetcher.close()
