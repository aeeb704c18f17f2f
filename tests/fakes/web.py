"""A small real web on the loopback: scripted answers, good and hostile, and a book of visits.

`with FakeWeb() as web:` starts it; `web.put("/feed", Page(b"<rss/>"))` scripts a path. Run
`python -m fakes.web PORT PAGES.json` in the tests folder to have one in a process of its own: the
file maps paths to `{"text": ..., "status": ..., "headers": {...}, "gzip": true}`, and each visit is
printed as a line of JSON.
"""

from __future__ import annotations

import gzip
import json
import socket
import sys
import threading
import time
import zlib
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from types import TracebackType

_MEBIBYTE = 1024 * 1024
_NOTHING: Mapping[str, str] = {}
_NO_PAGES: Mapping[str, Page] = {}


@dataclass(frozen=True, slots=True)
class Page:
    """One scripted answer.

    `raw` replaces the whole answer, status line included, and closes the connection after it.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    gzip: bool = False  # pack the body and say so
    etag: str = ""  # sent, and answered with 304 where a request names it
    last_modified: str = ""  # likewise
    delay_seconds: float = 0.0  # before the first byte
    drip_seconds: float = 0.0  # between single bytes of the body, or of `raw`
    cut_after: int | None = None  # bytes of the body, then the line goes dead
    raw: bytes | None = None

    def answer_to(self, headers: Mapping[str, str]) -> Page:
        """Give the 304 in place of this page, if the visitor holds it already."""
        holds_it = bool(self.etag) and headers.get("if-none-match") == self.etag
        holds_it |= bool(self.last_modified) and headers.get("if-modified-since") == self.last_modified
        return Page(status=HTTPStatus.NOT_MODIFIED, etag=self.etag) if holds_it else self

    def head_and_body(self) -> tuple[bytes, bytes]:
        """Write the answer out."""
        if self.raw is not None:
            return b"", self.raw
        body = gzip.compress(self.body) if self.gzip else self.body
        lines = {"Content-Type": "application/rss+xml", "Content-Length": str(len(body))}
        lines |= {"Content-Encoding": "gzip"} if self.gzip else {}
        lines |= {"ETag": self.etag} if self.etag else {}
        lines |= {"Last-Modified": self.last_modified} if self.last_modified else {}
        lines |= self.headers
        if self.status == HTTPStatus.NOT_MODIFIED:
            del lines["Content-Length"]
        head = [f"HTTP/1.1 {self.status} Scripted", *(f"{name}: {value}" for name, value in lines.items())]
        return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1"), body


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it was received. Times are `time.monotonic()`."""

    path: str
    host: str
    headers: Mapping[str, str]  # names in lower case
    started_at: float
    ended_at: float  # just before its last bytes went out: no visitor can have the whole answer sooner
    in_flight: int  # requests being answered when this one began, itself included
    connection: int  # counts connections from 1
    posted: str = ""  # the body of a POST
    method: str = "GET"


def redirect(to: str, status: int = 302) -> Page:
    """Send the visitor elsewhere."""
    return Page(status=status, headers={"Location": to})


def bomb(mebibytes: int = 300) -> Page:
    """Give a page of zeros that is a thousand times smaller on the wire."""
    zeros = bytes(_MEBIBYTE)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # A full flush makes each block independent of its neighbours, so one serves as all of them.
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(mebibytes):
        check = zlib.crc32(zeros, check)
    trailer = check.to_bytes(4, "little") + (mebibytes * _MEBIBYTE).to_bytes(4, "little")
    packed = gzip.compress(b"")[:10] + block * mebibytes + packer.flush() + trailer
    return Page(packed, headers={"Content-Encoding": "gzip"})


class FakeWeb:
    """A web server on 127.0.0.1 that answers from a script and remembers its visitors.

    A path is looked up with its query and then without, and in front of either as
    "//host/path", so that one server can play many hosts for a replay.
    """

    def __init__(
        self, pages: Mapping[str, Page] = _NO_PAGES, *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._script: dict[str, list[Page]] = {path: [page] for path, page in pages.items()}
        self._lock = threading.Condition()
        self._visits: list[Visit] = []
        self._in_flight = 0
        self._connections: dict[int, socket.socket] = {}
        self._connections_made = 0
        self.most_connections = 0  # open at the same moment
        self.closing = threading.Event()
        self._scheme = "https" if tls else "http"
        self._server = _Server(self, port)
        if tls:  # the handler shakes hands when it first reads, so that one visitor cannot block all
            plain = self._server.socket
            self._server.socket = tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    # -- for the test ---------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """Say where it listens, as "host:port"."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def port(self) -> int:
        """Say on which port it listens."""
        return self._server.server_port

    def url(self, path: str) -> str:
        """Write the address of a path."""
        return f"{self._scheme}://{self.place}{path}"

    def put(self, path: str, *pages: Page) -> str:
        """Script a path: the pages come in turn, the last one again and again. Gives its address."""
        with self._lock:
            self._script[path] = list(pages)
        return self.url(path)

    @property
    def visits(self) -> list[Visit]:
        """List the finished visits, in the order in which they ended.

        A visitor that has its answer finds its visit here; those still being answered are waited
        for a moment.
        """
        with self._lock:
            self._lock.wait_for(lambda: self._in_flight == 0, timeout=1.0)
            return list(self._visits)

    @property
    def most_in_flight(self) -> int:
        """Count the requests that were being answered at the same moment, at most."""
        return max((visit.in_flight for visit in self.visits), default=0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        with self._lock:
            for connection in self._connections.values():
                _hang_up(connection)
        self._server.server_close()  # waits for the handlers
        self._thread.join()

    # -- for the handlers -----------------------------------------------------------------------

    def connected(self, connection: socket.socket) -> int:
        with self._lock:
            self._connections_made += 1
            self._connections[self._connections_made] = connection
            self.most_connections = max(self.most_connections, len(self._connections))
            return self._connections_made

    def disconnected(self, number: int) -> None:
        with self._lock:
            del self._connections[number]

    def arrived(self) -> int:
        with self._lock:
            self._in_flight += 1
            return self._in_flight

    def left(self, visit: Visit) -> None:
        with self._lock:
            self._in_flight -= 1
            self._visits.append(visit)
            self._lock.notify_all()

    def next_page(self, host: str, path: str) -> Page:
        bare = path.partition("?")[0]
        with self._lock:
            for key in (f"//{host}{path}", f"//{host}{bare}", path, bare):
                if pages := self._script.get(key):
                    return pages.pop(0) if len(pages) > 1 else pages[0]
        return Page(b"nothing here", status=HTTPStatus.NOT_FOUND)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, web: FakeWeb, port: int) -> None:
        self.web = web
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Let visitors hang up as they like; anything else is a fault of the fake and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        self.number = self.server.web.connected(self.request)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.server.web.disconnected(self.number)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        self._visited(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())

    def do_GET(self) -> None:
        self._visited("")

    def _visited(self, posted: str) -> None:
        web = self.server.web
        started_at, in_flight = time.monotonic(), web.arrived()
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "")
        booked = False

        def book() -> None:
            # A thread may be set aside for long after it sent something, so the visit is written
            # down before: what is seen between two visits is then never more than there was.
            nonlocal booked
            if not booked:
                booked = True
                ended_at, asked = time.monotonic(), (posted, self.command)
                web.left(
                    Visit(self.path, host, headers, started_at, ended_at, in_flight, self.number, *asked)
                )

        try:
            self._answer(web.next_page(host, self.path).answer_to(headers), before_last_bytes=book)
        finally:
            book()

    def _answer(self, page: Page, *, before_last_bytes: Callable[[], None]) -> None:
        head, body = page.head_and_body()
        self._wait(page.delay_seconds)
        body = body if page.cut_after is None else body[: page.cut_after]
        if page.drip_seconds:
            self.wfile.write(head)
            for place in range(len(body)):
                if place == len(body) - 1:
                    before_last_bytes()
                self.wfile.write(body[place : place + 1])
                self._wait(page.drip_seconds)
        else:
            before_last_bytes()
            self.wfile.write(head + body)
        if page.raw is not None or page.cut_after is not None:
            self.close_connection = True
            _hang_up(self.connection)

    def _wait(self, seconds: float) -> None:
        if self.server.web.closing.wait(seconds):
            raise ConnectionAbortedError


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the visitor was faster


def _main(port: str, pages: str) -> None:
    script = {
        path: Page(page.pop("text", "").encode(), **page)
        for path, page in json.loads(Path(pages).read_text(encoding="utf-8")).items()
    }
    with FakeWeb(script, port=int(port)) as web:
        print(web.place, flush=True)  # noqa: T201  the parent process reads it
        shown = 0
        while True:
            for visit in web.visits[shown:]:
                print(json.dumps(asdict(visit)), flush=True)  # noqa: T201
                shown += 1
            time.sleep(0.02)


if __name__ == "__main__":
    _main(*sys.argv[1:])
