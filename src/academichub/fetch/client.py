"""Fetch one address: a polite, patient and suspicious reader of the public web.

The path of a request: the guard judges the address, the host's gate gives a turn, the wire asks,
and the answer is a redirect (start again), a refusal (an error) or a Reply. Each hop and each try
takes its own turn at its own gate.
"""

from __future__ import annotations

import itertools
import random
import re
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from academichub.errors import (
    FetchError,
    SettingInvalid,
    SourceGone,
    SourceNotFound,
    SourceRedirects,
    SourceRefused,
    SourceThrottled,
    SourceUnreachable,
)
from academichub.fetch import hints, manners
from academichub.fetch.deadline import Deadline
from academichub.fetch.guard import GuardedBackend, admit, admit_redirect
from academichub.fetch.limits import MEBIBYTE, Limits
from academichub.fetch.redact import shown
from academichub.fetch.unpack import ACCEPT_ENCODING
from academichub.fetch.wire import Interrupted, Wire

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import httpcore2

    from academichub.fetch.guard import Resolve
    from academichub.fetch.keys import Credentials
    from academichub.fetch.ports import Gate
    from academichub.fetch.wire import Answer

ACCEPT_FEEDS = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/feed+json;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_WITH_DOCUMENT = frozenset({200, 203})
_REFUSED = frozenset({401, 403, 418, 451})
_SERVER_TIMED_OUT = frozenset({408, 425})  # client errors by number, but about the moment
_NOT_MODIFIED, _GONE, _TOO_MANY, _UNAVAILABLE = 304, 410, 429, 503
_CLIENT_ERRORS = range(400, 500)
_LONGEST_VALIDATOR = 1000  # characters; longer ones are not worth sending back
_HOLD_MARGIN_SECONDS = 60.0  # a holder may hang in the system's resolver, which has its own clock
_NO_CREDENTIALS: Mapping[str, Credentials] = {}
_NO_HEADERS: Mapping[str, str] = {}
_PAUSE_SECONDS = 0.25  # before the first retry; twice as long before the second


@dataclass(frozen=True, slots=True)
class Ask:
    """What to fetch, and what we hold of it already."""

    url: str
    etag: str | None = None  # as the server wrote it
    last_modified: str | None = None  # likewise
    accept: str = ACCEPT_FEEDS
    post: str = ""  # a JSON body to send; "" asks with GET
    max_bytes: int = 16 * MEBIBYTE  # of the unpacked body
    # Conditions of the server's own making, such as Zotero's If-Modified-Since-Version: sent to it alone.
    conditions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came. With status 304 the body is empty, and what we hold is still right."""

    url: str  # where it came from, after redirects
    status: int  # 200 or 304
    body: bytes  # unpacked
    content_type: str  # as the server wrote it, "" where it did not
    etag: str | None  # on a 304 without one, the one that was asked with
    last_modified: str | None  # likewise
    max_age_seconds: int | None  # how long it stays fresh
    retry_after_seconds: float | None  # how long we are asked to stay away, in [0, 86400]
    moved_permanently_to: str | None  # the new address, if every redirect on the way was permanent
    elapsed_ms: int  # on the network; waiting at gates is not counted
    redirects: tuple[str, ...]  # the addresses we were sent to, in order
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS)  # all, names in lower case


@dataclass(slots=True)
class _Trip:
    """Where one `get` has come to."""

    url: httpx2.URL
    seconds: float  # left
    hops: list[httpx2.URL] = field(default_factory=list)
    is_permanent: bool = True
    spent_seconds: float = 0.0
    start: httpx2.URL = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.url

    def spend(self, seconds: float) -> None:
        self.seconds -= seconds
        self.spent_seconds += seconds

    def is_at_home(self) -> bool:
        """Tell whether this hop asks the host that the validators are of."""
        return self.url.netloc == self.start.netloc

    def shown(self) -> str:
        return shown(str(self.url))


class Fetcher:
    """Fetches addresses. One per process is enough; threads may share it.

    Args:
        gate: Gives turns at hosts.
        contact: Whom a server's owner may write to: see `manners.user_agent`.
        version: Of AcademicHub.
        allow: Exact "host:port" pairs that may be opened though they are private or on an odd
            port; for tests and evaluation.
        replay: "http://127.0.0.1:PORT" of a server that every request goes to instead of its own,
            with the true Host; for tests and evaluation.
        limits: Caps on each `get`.
        credentials: What hosts are given beside the question; see `fetch.keys`.
        resolve: Asks for the addresses of a name.
        dial: Opens a connection to an IP address that the guard has found public.
        tls: Whom to trust; the system's authorities by default.
        sleep: Waits before a retry.
        chance: Draws from [0, 1) to spread retries.

    Raises:
        SettingInvalid: The contact or the replay address cannot be used.
    """

    def __init__(  # noqa: PLR0913  each is a way to the world that a test must be able to close
        self,
        *,
        gate: Gate,
        contact: str,
        version: str,
        allow: frozenset[str] = frozenset(),
        replay: str | None = None,
        limits: Limits = Limits(),  # noqa: B008  frozen
        credentials: Mapping[str, Credentials] = _NO_CREDENTIALS,
        resolve: Resolve = socket.getaddrinfo,
        dial: httpcore2.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._gate = gate
        self._user_agent = manners.user_agent(version, contact)
        self._allow = allow
        self._limits = limits
        self._credentials = credentials
        self._sleep = sleep
        self._chance = chance
        detour = _detour(replay) if replay else None
        opened = allow | {f"{detour[0]}:{detour[1]}"} if detour else allow
        deadline = Deadline()
        self._wire = Wire(
            backend=GuardedBackend(deadline=deadline, allow=opened, resolve=resolve, dial=dial),
            deadline=deadline,
            limits=limits,
            tls=tls or httpx2.create_ssl_context(trust_env=False),
            detour=detour,
        )

    def close(self) -> None:
        """Hang up everywhere."""
        self._wire.close()

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        """Fetch an address, following its redirects.

        Args:
            ask: What to fetch.
            now: UTC-aware; against which the server's dates are read.

        Raises:
            AddressMalformed: The address, or one we were sent to, is not http or https.
            AddressForbidden: It leads into a private network or to an odd port.
            SourceRedirects: Too many redirects, a loop, or a step from https to http.
            SourceThrottled: We are asked to wait; `retry_after_seconds` may be None.
            SourceRefused: 401, 403, 418, 451.
            SourceGone: 410.
            SourceNotFound: Any other 4xx.
            SourceUnreachable: No connection, a broken answer, 5xx.
            SourceTooLarge: A cap on bytes is reached.
            SourceTooSlow: The time is up.
            SourceGarbled: The body is packed as we did not ask, or cannot be unpacked.
            GateTimeout: The host's gate gave no turn.
        """
        trip = _Trip(admit(ask.url, allow=self._allow), self._limits.total_seconds)
        while True:
            validators = _validators(ask) if trip.is_at_home() else {}
            answer = self._ask_patiently(trip, ask, validators)
            if answer.status in _REDIRECTS:
                if ask.post:  # a question in a body is for the server that was asked, and no other
                    raise SourceRedirects(url=trip.shown(), reason="a redirect of a POST")
                self._follow(trip, answer)
            elif answer.status in _WITH_DOCUMENT or (answer.status == _NOT_MODIFIED and validators):
                return _reply(trip, ask, answer, now)
            else:
                raise _refusal(trip.shown(), answer, now)

    def _ask_patiently(self, trip: _Trip, ask: Ask, validators: dict[str, str]) -> Answer:
        """Make one hop, with a quick retry or two where the connection fails."""
        for tries in itertools.count(1):
            try:
                return self._ask_once(trip, ask, validators)
            except Interrupted as error:
                if tries > self._limits.retries or trip.seconds <= 0:
                    raise SourceUnreachable(url=trip.shown(), status=None, reason=str(error)) from error
            self._sleep(_PAUSE_SECONDS * 2 ** (tries - 1) * (1 + self._chance()))
        raise AssertionError  # pragma: no cover  the count has no end

    def _ask_once(self, trip: _Trip, ask: Ask, validators: dict[str, str]) -> Answer:
        manner = manners.gate_for(trip.url.raw_host.decode("ascii"))
        headers = {
            "User-Agent": self._user_agent,
            "Accept": ask.accept,
            "Accept-Encoding": ACCEPT_ENCODING,
            **validators,
        }
        url = trip.url
        # Never in the clear, and never to a host that another one sent us to.
        is_trusted = trip.is_at_home() and url.scheme == "https"
        given = self._credentials.get(url.host) if is_trusted else None
        if given is not None:
            headers |= given.headers
            url = httpx2.URL(given.address(str(url)))
        if ask.post:
            headers["Content-Type"] = "application/json"
        with self._gate.turn(
            manner.name,
            interval_seconds=manner.interval_seconds,
            hold_seconds=self._limits.total_seconds + _HOLD_MARGIN_SECONDS,
            timeout_seconds=self._limits.gate_seconds,
        ):
            started = time.monotonic()
            try:
                return self._wire.exchange(
                    url,
                    headers=headers,
                    post=ask.post.encode(),
                    max_bytes=ask.max_bytes,
                    hangs_up=manner.hangs_up,
                    seconds=trip.seconds,
                )
            finally:
                trip.spend(time.monotonic() - started)

    def _follow(self, trip: _Trip, answer: Answer) -> None:
        """Take one redirect.

        Raises:
            SourceRedirects: It must not be followed.
            AddressMalformed: It leads to no address of ours.
            AddressForbidden: It leads where nobody may send us.
        """
        location = answer.headers.get("location", "").strip()
        if not location:
            raise SourceRedirects(url=trip.shown(), reason="a redirect without an address")
        if len(trip.hops) >= self._limits.redirects:
            reason = f"more than {self._limits.redirects} redirects"
            raise SourceRedirects(url=shown(str(trip.start)), reason=reason)
        target = admit_redirect(trip.url, location, allow=self._allow)
        if trip.url.scheme == "https" and target.scheme == "http":
            raise SourceRedirects(url=trip.shown(), reason="from https to http")
        if target in {trip.start, *trip.hops}:
            raise SourceRedirects(url=trip.shown(), reason="a loop")
        trip.hops.append(target)
        trip.url = target
        trip.is_permanent = trip.is_permanent and answer.status in _PERMANENT


def _reply(trip: _Trip, ask: Ask, answer: Answer, now: datetime) -> Reply:
    headers = answer.headers
    is_same = answer.status == _NOT_MODIFIED
    return Reply(
        url=str(trip.url),
        status=_NOT_MODIFIED if is_same else 200,
        body=answer.body,
        content_type=headers.get("content-type", ""),
        etag=_validator(headers.get("etag")) or (ask.etag if is_same else None),
        last_modified=_validator(headers.get("last-modified")) or (ask.last_modified if is_same else None),
        max_age_seconds=hints.max_age_seconds(headers.get("cache-control"), headers.get("age")),
        retry_after_seconds=hints.retry_after_seconds(headers.get("retry-after"), now=now),
        moved_permanently_to=str(trip.url) if trip.hops and trip.is_permanent else None,
        elapsed_ms=round(trip.spent_seconds * 1000),
        redirects=tuple(str(hop) for hop in trip.hops),
        headers={name.lower(): value for name, value in headers.items()},
    )


def _refusal(url: str, answer: Answer, now: datetime) -> FetchError:
    """Name the error that an answer without a document is."""
    status = answer.status
    wait_seconds = hints.retry_after_seconds(answer.headers.get("retry-after"), now=now)
    if status == _TOO_MANY or (status == _UNAVAILABLE and wait_seconds is not None):
        return SourceThrottled(url=url, status=status, retry_after_seconds=wait_seconds)
    if status in _REFUSED:
        return SourceRefused(url=url, status=status)
    if status == _GONE:
        return SourceGone(url=url, status=status)
    if status in _CLIENT_ERRORS and status not in _SERVER_TIMED_OUT:
        return SourceNotFound(url=url, status=status)
    return SourceUnreachable(url=url, status=status, reason="no document in the answer")


def _validators(ask: Ask) -> dict[str, str]:
    """Write the conditional headers."""
    pairs = (("If-None-Match", ask.etag), ("If-Modified-Since", ask.last_modified), *ask.conditions)
    return {name: kept for name, value in pairs if (kept := _validator(value))}


def _validator(value: str | None) -> str | None:
    """Give a validator as a header can hold it; None for those that are not worth keeping."""
    text = (value or "").strip()
    is_plain = all(" " <= letter <= "\xff" and letter != "\x7f" for letter in text)
    return text if is_plain and 0 < len(text) <= _LONGEST_VALIDATOR else None


def _detour(replay: str) -> tuple[str, int]:
    found = re.fullmatch(r"http://127\.0\.0\.1:(\d{1,5})/?", replay)
    if not found:
        raise SettingInvalid(name="replay", where="fetch", value=replay, wanted="http://127.0.0.1:PORT")
    return "127.0.0.1", int(found[1])
