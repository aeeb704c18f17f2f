"""A real HTTP server on the loopback that answers for the whole web under a clock of its own.

Its address goes into the hub's `fetch_replay`: every request then comes here with the true Host. What
comes with the server's own address as Host is for the replay itself, under `/-/`.
"""

from __future__ import annotations

import gzip
import json
import select
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import unquote

from evaluation.replay.clock import ReplayClock, instant
from evaluation.replay.faults import Faults, read_faults
from evaluation.replay.ledger import Ledger
from evaluation.replay.script import Question, fields_of, http_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from evaluation.replay.faults import Delivery
    from evaluation.replay.ledger import Entry
    from evaluation.replay.script import Script

LOOPBACK: Final = "127.0.0.1"
CONTROL: Final = "/-/"
MOST_CONNECTIONS: Final = 64  # more wait in the kernel until one is free
_MOST_BODY_BYTES: Final = 1024 * 1024  # of a request
_IDLE_SECONDS: Final = 20.0
_SMALLEST_PACKED: Final = 1024  # bytes; below that packing is not worth it
_GLANCE_SECONDS: Final = 0.1  # between two looks at whether the visitor is still there
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: send RST on close
_PORTS: Final = (":80", ":443")
_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class Replay:
    """Plays a script until it is closed.

    ```python
    with Replay(script, clock=ReplayClock(at)) as replay:
        settings = Settings(home=home, fetch_replay=replay.address)
        ...
        replay.clock.advance(timedelta(hours=1))
        assert replay.ledger.complaints() == ()
    ```

    Args:
        script: Who plays which host.
        clock: The web's time; by default it starts now and runs as ours does.
        faults: What goes wrong.
        port: 0 takes a free one.
        most_connections: Open at once; further visitors wait.
    """

    def __init__(
        self,
        script: Script,
        *,
        clock: ReplayClock | None = None,
        faults: Faults | None = None,
        port: int = 0,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        self.script = script
        self.clock = clock or ReplayClock(datetime.now(UTC), speed=1.0)
        self.faults = faults or Faults()
        self.ledger = Ledger(self.clock.now)
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._connections: dict[int, tuple[socket.socket, socket.socket]] = {}  # each with its probe
        self._connections_made = 0
        self._server = _Server(self, port, most_connections)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="replay"
        )

    @property
    def address(self) -> str:
        """Say what to give to `fetch_replay`."""
        return f"http://{LOOPBACK}:{self._server.server_port}"

    @property
    def place(self) -> str:
        """Say where it listens, as "host:port"."""
        return f"{LOOPBACK}:{self._server.server_port}"

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
            for connection, _ in self._connections.values():
                _hang_up(connection)
        self._server.server_close()  # waits for the handlers
        self._thread.join()

    # -- for the handlers -----------------------------------------------------------------------

    def connected(self, connection: socket.socket) -> tuple[int, socket.socket]:
        """Number a connection, and give a probe that can look at it without waiting."""
        probe = connection.dup()
        probe.setblocking(False)
        with self._lock:
            self._connections_made += 1
            self._connections[self._connections_made] = (connection, probe)
            return self._connections_made, probe

    def look_around(self) -> None:
        """Tell the ledger which visitors have hung up, though their handlers may not have noticed yet."""
        with self._lock:
            for number, (_, probe) in self._connections.items():
                if _is_closed(probe):
                    self.ledger.hung_up(number)

    def disconnected(self, number: int) -> None:
        """Forget a connection."""
        with self._lock:
            _, probe = self._connections.pop(number)
            probe.close()
        self.ledger.hung_up(number)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, replay: Replay, port: int, most_connections: int) -> None:
        self.replay = replay
        self._free = threading.Semaphore(most_connections)
        super().__init__((LOOPBACK, port), _Handler)

    def verify_request(
        self,
        request: socket.socket | tuple[bytes, socket.socket],
        client_address: object,  # noqa: ARG002  the base class passes it
    ) -> bool:
        """Let a connection in, unless a fault refuses it."""
        replay = self.replay
        if not replay.faults.refuses(replay.clock.now()):
            return True
        if isinstance(request, socket.socket):
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        replay.ledger.finish(replay.ledger.begin(), status=0, fault="refuse")
        return False

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Wait for a free place, then answer in a thread; nobody else is let in meanwhile."""
        while not self._free.acquire(timeout=_GLANCE_SECONDS):
            if self.replay.closing.is_set():
                self.shutdown_request(request)
                return
        super().process_request(request, client_address)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Answer, and free the place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Let visitors hang up as they like; anything else is a fault of the replay and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@dataclass(slots=True)
class _Booking:
    """Writes a visit down, once, with how it went until then."""

    ledger: Ledger
    entry: Entry
    status: int = 0
    fault: str = ""
    sent_bytes: int = 0
    is_known: bool = True

    def close(self, *, ended_at: float | None = None) -> None:
        self.ledger.finish(
            self.entry,
            ended_at=ended_at,
            status=self.status,
            fault=self.fault,
            sent_bytes=self.sent_bytes,
            is_known=self.is_known,
        )


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS

    def setup(self) -> None:
        self.number, self.probe = self.server.replay.connected(self.request)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.server.replay.disconnected(self.number)

    def log_message(self, *_: object) -> None:
        """Stay quiet: the ledger knows."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = _bare(headers.get("host", ""))
        if host in {LOOPBACK, "localhost"}:
            self._control()
            return
        replay = self.server.replay
        replay.look_around()
        entry = replay.ledger.begin(
            method=self.command,
            host=host,
            path=self.path,
            connection=self.number,
            agent=headers.get("user-agent", ""),
            is_conditional="if-none-match" in headers or "if-modified-since" in headers,
        )
        booking = _Booking(replay.ledger, entry)
        try:
            question = self._question(host, headers)
            if question is None:
                booking.status = HTTPStatus.BAD_REQUEST
                self.close_connection = True
                booking.close()
                self._write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                self._deliver(replay.faults.deliver(question, replay.script.answer), question, booking)
        finally:
            booking.close()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_GET()

    # -- questions and answers --------------------------------------------------------------------

    def _question(self, host: str, headers: dict[str, str]) -> Question | None:
        """Read what is asked; None where it cannot be read."""
        path, _, query = self.path.partition("?")
        body = self._request_body(headers)
        if body is None or not path.startswith("/") or not host:
            return None
        try:
            named = fields_of(query)
        except ValueError:
            return None
        now = self.server.replay.clock.now()
        return Question(
            host, unquote(path), named, self.path, now, method=self.command, headers=headers, body=body
        )

    def _request_body(self, headers: dict[str, str]) -> bytes | None:
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length[:10]) > _MOST_BODY_BYTES:
            return None
        return self.rfile.read(int(length))

    def _deliver(self, delivery: Delivery, question: Question, booking: _Booking) -> None:
        answer = delivery.answer
        booking.fault, booking.is_known = delivery.fault, delivery.is_known
        self._wait(delivery.delay_seconds, booking)
        if delivery.is_reset:
            booking.close()
            self._reset()
            return
        packed = self._packed(delivery, question)
        is_chunked = delivery.is_chunked
        head = self._head(delivery, question, len(packed), is_packed=packed is not answer.body)
        sent = packed
        is_cut = delivery.cut_after is not None
        if delivery.cut_after is not None:
            sent = packed[: min(delivery.cut_after, max(len(packed) - 1, 0))]
        if question.method == "HEAD" or answer.status in _BODILESS:
            sent, is_cut, is_chunked = b"", False, False
        booking.status, booking.sent_bytes = answer.status, len(sent)
        if is_chunked:  # the chunk says it is longer than it is
            sent = f"{len(packed):x}\r\n".encode() + sent
        self._send(head, sent, delivery, booking)
        if is_cut:
            self.close_connection = True
            _hang_up(self.connection)

    def _packed(self, delivery: Delivery, question: Question) -> bytes:
        answer = delivery.answer
        accepts = "gzip" in question.headers.get("accept-encoding", "")
        if accepts and answer.packs and len(answer.body) >= _SMALLEST_PACKED:
            return gzip.compress(answer.body, compresslevel=1, mtime=0)
        return answer.body

    def _head(self, delivery: Delivery, question: Question, length: int, *, is_packed: bool) -> bytes:
        answer = delivery.answer
        lines = [("Date", http_date(question.now)), ("Server", "replay")]
        if answer.status not in _BODILESS:
            lines.append(("Content-Type", answer.content_type))
            lines.append(
                ("Transfer-Encoding", "chunked") if delivery.is_chunked else ("Content-Length", str(length))
            )
        lines += [("Content-Encoding", "gzip")] if is_packed else []
        lines += [("Vary", "Accept-Encoding")] if answer.packs else []
        lines += [("ETag", answer.etag)] if answer.etag else []
        lines += [("Last-Modified", answer.last_modified)] if answer.last_modified else []
        if answer.max_age_seconds is not None:
            lines.append(("Cache-Control", f"max-age={answer.max_age_seconds}"))
        lines += answer.headers
        try:
            reason = HTTPStatus(answer.status).phrase
        except ValueError:
            reason = "Replayed"
        written = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in lines)]
        return ("\r\n".join(written) + "\r\n\r\n").encode("latin-1", "replace")

    def _send(self, head: bytes, body: bytes, delivery: Delivery, booking: _Booking) -> None:
        """Send it all; the visit is written down before its last bytes, so before the visitor has them."""
        if not delivery.piece_bytes or not body:
            booking.close()
            self._write(head + body)
            return
        self._write(head)
        for piece, is_last in _pieces(body, delivery.piece_bytes):
            self._wait(delivery.pause_seconds, booking)
            if is_last:
                booking.close()
            self._write(piece)

    def _write(self, some: bytes) -> None:
        self.wfile.write(some)

    def _wait(self, seconds: float, booking: _Booking) -> None:
        """Let time go by, unless the visitor hangs up or the replay ends.

        Raises:
            ConnectionAbortedError: They did.
        """
        over_at = time.monotonic() + seconds
        while (left := over_at - (seen_at := time.monotonic())) > 0:
            gone = _has_hung_up(self.probe, min(left, _GLANCE_SECONDS))
            if gone or self.server.replay.closing.is_set():
                # When it was last known to be there: noted late, its next visit would seem to come too soon.
                booking.close(ended_at=seen_at)
                self.close_connection = True
                raise ConnectionAbortedError

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.connection.close()

    # -- control ----------------------------------------------------------------------------------

    def _control(self) -> None:
        """Answer for the replay itself. What cannot be done is a 400 that says why."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self._request_body(headers)
        path, _, query = self.path.partition("?")
        try:
            said = self._steered(path.removeprefix(CONTROL), fields_of(query), body or b"")
            status = HTTPStatus.OK if said is not None else HTTPStatus.NOT_FOUND
        except (ValueError, TypeError, KeyError) as error:
            said, status = {"error": str(error)}, HTTPStatus.BAD_REQUEST
        written = json.dumps(said).encode()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
        self._write(f"{head}Content-Length: {len(written)}\r\n\r\n".encode() + written)

    def _steered(self, name: str, fields: dict[str, str], body: bytes) -> dict[str, Any] | None:
        replay = self.server.replay
        steps: dict[tuple[str, str], Callable[[], None]] = {
            ("POST", "clock"): lambda: _set_clock(replay.clock, json.loads(body)),
            ("POST", "faults"): lambda: replay.faults.take(read_faults(body.decode())),
            ("DELETE", "faults"): replay.faults.clear,
        }
        if step := steps.get((self.command, name)):
            step()
        elif self.command != "GET":
            return None
        match name:
            case "clock":
                return {"now": replay.clock.now().isoformat(), "speed": replay.clock.speed}
            case "faults":
                return {"struck": replay.faults.struck()}
            case "hosts":
                return {"hosts": replay.script.hosts()}
            case "ledger":
                found = replay.ledger.entries(after=int(fields.get("after", "0")))
                return {
                    "dropped": replay.ledger.dropped,
                    "complaints": replay.ledger.complaints(),
                    "entries": [one.spoken() for one in found],
                }
        return None


def _set_clock(clock: ReplayClock, wish: dict[str, Any]) -> None:
    """Move the clock: `at`, `advance_seconds` and `speed`, each if it is there.

    Raises:
        ValueError: It cannot be done, or something else is wished for.
    """
    if strange := set(wish) - {"at", "advance_seconds", "speed"}:
        message = f"a clock takes at, advance_seconds and speed, not {', '.join(sorted(strange))}"
        raise ValueError(message)
    if "speed" in wish:
        clock.run(float(wish["speed"]))
    if "at" in wish:
        clock.travel(instant(str(wish["at"])))
    if "advance_seconds" in wish:
        clock.advance(timedelta(seconds=float(wish["advance_seconds"])))


def _bare(host: str) -> str:
    name = host.strip().lower()
    if name.startswith((f"{LOOPBACK}:", "localhost:")):
        return name.partition(":")[0]
    for port in _PORTS:
        name = name.removesuffix(port)
    return name.rstrip(".")


def _pieces(body: bytes, size: int) -> Iterator[tuple[bytes, bool]]:
    for start in range(0, len(body), size):
        yield body[start : start + size], start + size >= len(body)


def _has_hung_up(probe: socket.socket, seconds: float) -> bool:
    """Watch a connection for a while; True where it was closed at the other end."""
    readable, _, _ = select.select([probe], [], [], seconds)
    if not readable:
        return False
    if _is_closed(probe):
        return True
    time.sleep(seconds)  # the next request is there already: it waits
    return False


def _is_closed(probe: socket.socket) -> bool:
    """Tell whether a connection is closed, without taking anything from it."""
    try:
        return not probe.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the visitor was faster
