"""Keep finished pages, ready to send: the outermost layer, plain ASGI.

A kept page is good until the hub's revision or the day changes; then all are dropped. The key holds all
that a page is made from: path, canonical parameters, the reader's choices, and the host it was asked under,
so that a page made for one of our names is never an answer to a foreign one.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias

import zstandard

from academichub.errors import AcademicHubError
from academichub.web.address import read_parameters
from academichub.web.reader import read_reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from academichub.web.ports import HubPort

CAPACITY_BYTES: Final = 64 * 1024 * 1024
_ENTRY_BYTES: Final = 2048  # what a kept page costs beside its bodies: keys, headers, messages
_WORTH_COMPRESSING_BYTES: Final = 600
# Pages that say "12 minutes ago" are made anew each minute.
_MINUTELY_PATHS: Final = "/sources"
_STREAM: Final = b"text/event-stream"
_RawHeaders: TypeAlias = list[tuple[bytes, bytes]]


class _Variant:
    """One encoding of a page, as the messages that send it."""

    __slots__ = ("body", "body_message", "empty_message", "size", "start", "start_unchanged", "tag")

    def __init__(self, headers: _RawHeaders, body: bytes, base_tag: str, encoding: str) -> None:
        self.tag = f'"{base_tag}-{encoding}"'.encode() if encoding else f'"{base_tag}"'.encode()
        shared = [*headers, (b"etag", self.tag)]
        full = [*shared, (b"content-length", str(len(body)).encode())]
        if encoding:
            full.append((b"content-encoding", encoding.encode()))
        self.start: Message = {"type": "http.response.start", "status": 200, "headers": full}
        # RFC 9110 15.4.5: a 304 repeats what a cache may need, and describes no body.
        unchanged = [pair for pair in shared if pair[0] != b"content-type"]
        self.start_unchanged: Message = {"type": "http.response.start", "status": 304, "headers": unchanged}
        self.body_message: Message = {"type": "http.response.body", "body": body}
        self.empty_message: Message = {"type": "http.response.body", "body": b""}
        self.size = len(body)


class _Page:
    """A kept page: its plain bytes, and each encoding once somebody wants it."""

    __slots__ = ("_base_tag", "_body", "_headers", "size", "variants")

    def __init__(self, headers: _RawHeaders, body: bytes) -> None:
        self._headers = headers
        self._body = body
        self._base_tag = blake2b(body, digest_size=12).hexdigest()
        self.variants: dict[str, _Variant] = {}
        self.size = _ENTRY_BYTES + len(body)

    def make(self, encoding: str) -> _Variant:
        """Make a variant and keep it; grows `size`."""
        if len(self._body) < _WORTH_COMPRESSING_BYTES:
            body, name = self._body, ""
        elif encoding == "zstd":
            body, name = zstandard.ZstdCompressor(level=3).compress(self._body), encoding
        elif encoding == "gzip":
            body, name = gzip.compress(self._body, 6, mtime=0), encoding
        else:
            body, name = self._body, ""
        variant = self.variants[encoding] = _Variant(self._headers, body, self._base_tag, name)
        self.size += variant.size if name else 0
        return variant


class PageCache:
    """Answer GET and HEAD from kept pages; let everything else through."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hub: HubPort,
        clock: Callable[[], datetime],
        capacity_bytes: int = CAPACITY_BYTES,
    ) -> None:
        self._app = app
        self._hub = hub
        self._clock = clock
        self._capacity_bytes = capacity_bytes
        self._default_language = hub.settings.language
        self._pages: OrderedDict[tuple[object, ...], _Page] = OrderedDict()
        self._generation: tuple[object, object] = (None, None)
        self._bytes = 0
        self._reader = lru_cache(1024)(self._read_reader)
        self._parameters = lru_cache(1024)(self._read_parameters)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the shelf, or have the page made and keep it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] not in {"GET", "HEAD"}:

            async def send_afresh(message: Message) -> None:
                # The page that a form leads to is asked for at once, and the revision may lag a moment.
                if message["type"] == "http.response.start":
                    self._drop_all()
                await send(message)

            await self._app(scope, receive, send_afresh)
            return
        headers = dict(scope["headers"])
        try:
            key = self._key(scope, headers)
        except AcademicHubError:  # the page says what is wrong, and such pages are not kept
            await self._app(scope, receive, send)
            return
        page = self._pages.get(key)
        if page is None:
            page = await self._make(scope, receive, send, key)
            if page is None:
                return
        else:
            self._pages.move_to_end(key)
        encoding = choose_encoding(headers.get(b"accept-encoding", b""))
        variant = page.variants.get(encoding) or self._make_variant(page, encoding)
        if_none_match = headers.get(b"if-none-match", b"")
        await self._answer(variant, if_none_match, send, has_body=scope["method"] == "GET")

    @property
    def kept_bytes(self) -> int:
        """How many bytes the kept pages take."""
        return self._bytes

    def _key(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[object, ...]:
        now = self._clock()
        generation = (self._hub.revision(), now.date())
        if generation != self._generation:
            self._drop_all()
            self._generation = generation
        parameters, lang = self._parameters(scope["query_string"])
        reader = self._reader(headers.get(b"cookie", b""), headers.get(b"accept-language", b""), lang)
        path = scope["path"]
        minute = now.minute + 60 * now.hour if path.startswith(_MINUTELY_PATHS) else None
        return (path, parameters, headers.get(b"host"), reader, minute, scope["scheme"])

    def _drop_all(self) -> None:
        self._pages.clear()
        self._bytes = 0

    def _read_reader(self, cookie: bytes, accept_language: bytes, lang: str) -> object:
        return read_reader(
            cookie.decode("latin-1"),
            accept_language.decode("latin-1"),
            lang,
            default_language=self._default_language,
        )

    def _read_parameters(self, query: bytes) -> tuple[tuple[tuple[str, str], ...], str]:
        parameters = read_parameters(query)
        return tuple(parameters.items()), parameters.get("lang", "")

    async def _make(
        self, scope: Scope, receive: Receive, send: Send, key: tuple[object, ...]
    ) -> _Page | None:
        """Have a page made. Keeps and returns it, or passes on what came and returns None."""
        start: Message | None = None
        chunks: list[bytes] = []
        is_complete = is_stream = False

        async def collect(message: Message) -> None:
            nonlocal start, is_complete, is_stream
            if message["type"] == "http.response.start":
                start = message
                is_stream = any(pair[1].startswith(_STREAM) for pair in message.get("headers", ()))
            if is_stream:  # what is being written is read as it comes
                await send(message)
            elif message["type"] == "http.response.body":
                chunks.append(message.get("body", b""))
                is_complete = not message.get("more_body", False)

        await self._app({**scope, "method": "GET"}, receive, collect)
        if is_stream:
            return None
        if start is None or not is_complete:
            msg = "the page was not finished"
            raise RuntimeError(msg)
        headers: _RawHeaders = list(start.get("headers", ()))
        if start["status"] == 200 and (b"cache-control", b"no-store") not in headers:  # noqa: PLR2004 - OK
            return self._keep(key, headers, b"".join(chunks))
        await send(start)
        body = b"".join(chunks) if scope["method"] == "GET" else b""
        await send({"type": "http.response.body", "body": body})
        return None

    def _keep(self, key: tuple[object, ...], headers: _RawHeaders, body: bytes) -> _Page:
        vary = b", ".join([value for name, value in headers if name == b"vary"] + [b"Accept-Encoding"])
        kept = [pair for pair in headers if pair[0] not in {b"content-length", b"vary"}]
        page = _Page([*kept, (b"vary", vary)], body)
        self._bytes += page.size - (self._pages[key].size if key in self._pages else 0)
        self._pages[key] = page
        self._make_room()
        return page

    def _make_variant(self, page: _Page, encoding: str) -> _Variant:
        before = page.size
        variant = page.make(encoding)
        self._bytes += page.size - before
        self._make_room()
        return variant

    def _make_room(self) -> None:
        while self._bytes > self._capacity_bytes and len(self._pages) > 1:
            _, oldest = self._pages.popitem(last=False)
            self._bytes -= oldest.size

    @staticmethod
    async def _answer(variant: _Variant, if_none_match: bytes, send: Send, *, has_body: bool) -> None:
        if if_none_match and is_match(if_none_match, variant.tag):
            await send(variant.start_unchanged)
            await send(variant.empty_message)
            return
        await send(variant.start)
        await send(variant.body_message if has_body else variant.empty_message)


def is_match(if_none_match: bytes, tag: bytes) -> bool:
    """Say whether an If-None-Match header names this entity tag; weak comparison, RFC 9110 13.1.2."""
    if if_none_match in {tag, b"*"}:
        return True
    return any(part.strip().removeprefix(b"W/") == tag for part in if_none_match.split(b","))


@lru_cache(512)
def choose_encoding(accept: bytes) -> str:
    """Pick zstd, gzip or '' (as it is) from an Accept-Encoding header."""
    weights: dict[str, float] = {}
    for part in accept.decode("latin-1").lower().split(",")[:20]:
        name, _, weight = part.partition(";q=")
        try:
            weights[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            continue
    for encoding in ("zstd", "gzip"):
        if weights.get(encoding, 0.0) > 0.0:
            return encoding
    return ""
