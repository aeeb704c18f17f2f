"""Keep requests out of private networks.

Readers may add any address as a source, so the hub must not become their door into the network it
runs in. An address is looked at twice. `admit` judges its text. `GuardedBackend` judges what its
name resolves to, at the moment of connecting, and connects to exactly the addresses it judged: a
redirect or a second DNS answer cannot lead elsewhere. Names stay in TLS and in the Host header.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING, Any, TypeAlias

import httpcore2
import httpx2

from academichub.errors import AddressForbidden, AddressMalformed
from academichub.fetch.deadline import TimedStream
from academichub.fetch.redact import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from academichub.fetch.deadline import Deadline

    Resolve: TypeAlias = Callable[[str, int, int, int], Sequence[tuple[Any, ...]]]
    """Called as socket.getaddrinfo(host, port, family, kind), and answers as it does."""

    SocketOption: TypeAlias = (
        tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
    )

_NOT_PUBLIC = "not a public address"
_NO_SUCH_HOST = "no such host"
_MACHINE_SOCKET = "a socket of this machine"
_PORTS = {"http": 80, "https": 443}
_MOST_ADDRESSES = 4  # of one name that are tried before it counts as unreachable
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_NAME = 253  # RFC 1035

# All of IPv6 that is routed on the public Internet today (IANA); NAT64 is looked into before.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Not public, though `is_global` of Python 3.11 says so.
_ALSO_CLOSED = (
    ipaddress.ip_network("192.0.0.0/24"),  # protocol assignments; a cloud's metadata at 192.0.0.192
    ipaddress.ip_network("192.88.99.0/24"),  # former 6to4 relays (RFC 7526)
    ipaddress.ip_network("168.63.129.16/32"),  # a cloud's host agent, seen only from inside
    ipaddress.ip_network("3fff::/20"),  # documentation (RFC 9637)
)


class Forbidden(Exception):
    """A name leads where we must not go. The text is the reason."""


class Unresolved(Exception):
    """A name leads nowhere. The text is the reason."""


def admit(address: str, *, allow: frozenset[str] = frozenset()) -> httpx2.URL:
    """Judge the text of an address, and bring it into its normal form.

    The host becomes lower case ASCII (IDNA), a port that goes without saying and the fragment go.

    Args:
        address: As somebody typed it, or as a redirect gives it.
        allow: "host:port" pairs that may be opened though they are private or on an odd port.

    Raises:
        AddressMalformed: Not an http or https address, or one that carries a password.
        AddressForbidden: A port that is not the web's, or an IP address that is not public.
    """
    try:
        url = httpx2.URL(address.strip()).copy_with(fragment=None)
    except httpx2.InvalidURL:
        # Its text may quote the address, secrets and all: it is not passed on.
        raise AddressMalformed(url=shown(address), reason="not an address") from None
    host, port = _host_and_port(url)
    if f"{_bracketed(host)}:{port}" in allow:
        return url
    if port not in _PORTS.values():
        raise AddressForbidden(url=shown(address), reason=_odd(port))
    reason = objection(host) if _is_literal(host) else None
    if reason:
        raise AddressForbidden(url=shown(address), reason=reason)
    return url


def admit_redirect(base: httpx2.URL, location: str, *, allow: frozenset[str] = frozenset()) -> httpx2.URL:
    """Judge where a redirect leads, seen from where we are.

    Raises:
        AddressMalformed: As for `admit`.
        AddressForbidden: As for `admit`.
    """
    try:
        target = str(base.join(location))
    except (httpx2.InvalidURL, ValueError):
        raise AddressMalformed(url=shown(location), reason="not an address") from None
    return admit(target, allow=allow)


def _host_and_port(url: httpx2.URL) -> tuple[str, int]:
    """Give host and port of an address that is well formed.

    Raises:
        AddressMalformed: It is not.
    """
    host = url.raw_host.decode("ascii")
    reason = ""
    if url.scheme not in _PORTS:
        reason = "neither http nor https"
    elif url.userinfo:
        reason = "user name or password in the address"
    elif not host:
        reason = "no host"
    elif not _is_literal(host) and not _is_name(host):
        reason = "not a host name"
    if reason:
        raise AddressMalformed(url=shown(str(url)), reason=reason)
    return host, url.port if url.port is not None else _PORTS[url.scheme]


def _odd(port: int) -> str:
    return f"port {port}, not 80 or 443"


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host  # an IPv6 zone means something only inside this machine


def _is_name(host: str) -> bool:
    name = host.removesuffix(".")
    return len(name) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in name.split("."))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def objection(address: str) -> str | None:
    """Say why an IP address must not be opened; None if it is public.

    Addresses that carry an IPv4 address (mapped, 6to4, NAT64) are judged by what they carry. All
    other IPv6 outside 2000::/3 is closed, old embeddings included; Teredo is not global for Python.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return _NOT_PUBLIC
    if isinstance(ip, ipaddress.IPv6Address):
        carried = _carried(ip)
        if carried is not None:
            return objection(str(carried))
        if ip not in _GLOBAL_UNICAST:
            return _NOT_PUBLIC
    if ip.is_multicast or not ip.is_global or any(ip in network for network in _ALSO_CLOSED):
        return _NOT_PUBLIC
    return None


def _carried(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections to public addresses only, at the address that was checked.

    Args:
        deadline: Shared with the exchanges that use the connections.
        allow: "host:port" pairs, as for `admit`.
        resolve: Asks for the addresses of a name, once per connection.
        dial: Opens a connection to an IP address.
    """

    def __init__(
        self,
        *,
        deadline: Deadline,
        allow: frozenset[str] = frozenset(),
        resolve: Resolve = socket.getaddrinfo,
        dial: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._deadline = deadline
        self._allow = allow
        self._resolve = resolve
        self._dial = dial or httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of a host that answers, once all of them are found public.

        Raises:
            Forbidden: The port is odd, or one of the addresses is not public. One is enough: a
                mixed answer is how a name is turned around after it has been checked.
            Unresolved: The name has no address.
            httpcore2.ConnectError: No address accepts the connection.
            httpcore2.ConnectTimeout: The last address tried does not answer in time.
            DeadlinePassed: The exchange has no time left.
        """
        last: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in self._checked(host, port)[:_MOST_ADDRESSES]:
            try:
                stream = self._dial.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.clip(timeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                last = error
            else:
                return TimedStream(stream, self._deadline)
        raise last or Unresolved(_NO_SUCH_HOST)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Refuse: no source lives in a file of this machine."""
        del path, timeout, socket_options
        raise Forbidden(_MACHINE_SOCKET)

    def _checked(self, host: str, port: int) -> list[str]:
        is_allowed = f"{_bracketed(host)}:{port}" in self._allow
        if not is_allowed and port not in _PORTS.values():
            raise Forbidden(_odd(port))
        try:
            answers = self._resolve(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unresolved(_NO_SUCH_HOST) from error
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        reasons = [] if is_allowed else [reason for reason in map(objection, addresses) if reason]
        if reasons:
            raise Forbidden(reasons[0])
        return addresses
