"""A language model's server on the loopback that answers from a function and keeps a book of what was paid.

`with ChatServer(lambda asked: Said('{"sentences": []}')) as server:` starts it; ask at `server.url`.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

MODEL = "scripted-1"
_NOTHING: Mapping[str, str] = {}
_PIECE = 24  # characters of a piece of a stream
_ALL = frozenset(
    {
        "json_schema",
        "json_object",
        "stream",
        "stream_options",
        "temperature",
        "seed",
        "max_tokens",
        "max_completion_tokens",
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the server does with one question. By default it answers, well and at once."""

    text: str = ""
    finish: str = "stop"
    refusal: str = ""
    thoughts: str = ""  # sent as `reasoning_content`
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    body: bytes | None = None  # in place of the answer
    counts: bool = True  # it says how many tokens it took
    delay_seconds: float = 0.0  # before anything is sent
    drip_seconds: float = 0.0  # between pieces
    breaks_after: int | None = None  # pieces; then the line goes dead
    stalls_after: int | None = None  # pieces; then nothing comes any more
    ends: bool = True  # a stream ends with its reason and [DONE]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it was received."""

    path: str
    headers: Mapping[str, str]  # names in lower case
    body: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The key under which a repeated request is not paid again."""
        return self.headers.get("idempotency-key", "")

    @property
    def words(self) -> str:
        """Everything that was said to the model."""
        return "\n".join(message["content"] for message in self.body["messages"])

    @property
    def user(self) -> str:
        """What the question gives the model to read."""
        return str(self.body["messages"][-1]["content"])


class ChatServer:
    """An OpenAI-compatible server on 127.0.0.1.

    A call is paid when its whole answer was made, whether or not anybody was there to take it. A request
    that repeats the Idempotency-Key of a paid one gets the same answer again for nothing.

    Args:
        respond: Answers a question; called once for each that is not a repetition.
        knows: The parts of the API that it takes; others are refused with 400, which costs nothing.
        models: The names that it lists.
        remembers: It knows of Idempotency-Keys.
    """

    def __init__(
        self,
        respond: Callable[[Asked], Said],
        *,
        knows: frozenset[str] = _ALL,
        models: tuple[str, ...] = (MODEL,),
        remembers: bool = True,
    ) -> None:
        self.respond = respond
        self.knows = knows
        self.models = models
        self.closing = threading.Event()
        self._remembers = remembers
        self._lock = threading.Lock()
        self._asked: list[Asked] = []
        self._paid: list[Asked] = []
        self._kept: dict[str, Said] = {}
        self._connections: set[socket.socket] = set()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """Give the root of its API."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def asked(self) -> list[Asked]:
        """List every question that came, refused and repeated ones too."""
        with self._lock:
            return list(self._asked)

    @property
    def paid(self) -> list[Asked]:
        """List the questions whose answers were paid for."""
        with self._lock:
            return list(self._paid)

    @property
    def paid_twice(self) -> list[str]:
        """List the questions that were paid for more than once, as they were worded."""
        return [words for words, times in Counter(one.words for one in self.paid).items() if times > 1]

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
            for connection in self._connections:
                _hang_up(connection)
        self._server.server_close()  # waits for the handlers
        self._thread.join()

    # -- for the handlers -----------------------------------------------------------------------

    def connected(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def disconnected(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def said_to(self, asked: Asked) -> Said:
        with self._lock:
            self._asked.append(asked)
            kept = self._kept.get(asked.key)
        unknown = self._unknown(asked.body)
        if unknown:
            complaint = {"error": {"message": f"Unsupported parameter: {unknown}", "type": "invalid"}}
            return Said(status=400, body=json.dumps(complaint).encode())
        return kept or self.respond(asked)

    def was_made(self, asked: Asked, said: Said) -> None:
        """Write down that an answer is complete, just before its end goes out."""
        with self._lock:
            is_repeated = bool(asked.key) and asked.key in self._kept
            if said.status == 200 and not is_repeated:
                self._paid.append(asked)
                if self._remembers and asked.key:
                    self._kept[asked.key] = said

    def _unknown(self, body: Mapping[str, Any]) -> str:
        """Name the first part of a request that this server does not know."""
        form = body.get("response_format", {}).get("type")
        if form is not None and form not in self.knows:
            return f"response_format {form}"
        parts = ("stream", "stream_options", "temperature", "seed", "max_tokens", "max_completion_tokens")
        for part in parts:
            if body.get(part) is not None and part not in self.knows:
                hint = ". Use max_completion_tokens instead." if part == "max_tokens" else ""
                return f"{part}{hint}"
        return ""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, chat: ChatServer) -> None:
        self.chat = chat
        super().__init__(("127.0.0.1", 0), _Handler)

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
        self.server.chat.connected(self.request)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.server.chat.disconnected(self.request)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        listed = {"object": "list", "data": [{"id": name} for name in self.server.chat.models]}
        is_known = self.path.rstrip("/").endswith("/models")
        self._send(200 if is_known else 404, json.dumps(listed if is_known else {}).encode())

    def do_POST(self) -> None:
        posted = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not self.path.endswith("/chat/completions"):
            self._send(404, b'{"error": {"message": "no such path"}}')
            return
        asked = Asked(self.path, headers, json.loads(posted))
        said = self.server.chat.said_to(asked)
        self._wait(said.delay_seconds)
        if said.body is not None or said.status != 200:
            self.server.chat.was_made(asked, said)
            self._send(said.status, said.body or b"", said.headers)
        elif asked.body.get("stream"):
            try:
                self._stream(asked, said)
            except OSError:  # nobody takes it any more, and it is made and charged all the same
                if not self.server.chat.closing.is_set():
                    self.server.chat.was_made(asked, said)
                raise
        else:
            self._whole(asked, said)

    def _whole(self, asked: Asked, said: Said) -> None:
        message: dict[str, Any] = {"role": "assistant", "content": said.text}
        message |= {"refusal": said.refusal} if said.refusal else {}
        message |= {"reasoning_content": said.thoughts} if said.thoughts else {}
        choice = {"index": 0, "message": message, "finish_reason": said.finish}
        answer: dict[str, Any] = {
            "object": "chat.completion",
            "model": self._model(asked),
            "choices": [choice],
        }
        answer |= {"usage": _usage(asked, said)} if said.counts else {}
        body = json.dumps(answer).encode()
        if said.breaks_after is not None:
            self._head(200, {"Content-Length": str(len(body))} | dict(said.headers))
            self.wfile.write(body[: said.breaks_after])
            self._die()
            return
        self.server.chat.was_made(asked, said)
        self._send(200, body, said.headers)

    def _stream(self, asked: Asked, said: Said) -> None:
        kind = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}
        self._head(200, kind | dict(said.headers))
        for place, piece in enumerate(self._pieces(asked, said)):
            if place == said.breaks_after:
                self._die()
                return
            if place == said.stalls_after:
                self.server.chat.was_made(asked, said)
                self._wait(3_600.0)
            self._chunk(piece)
            self._wait(said.drip_seconds)
        self.server.chat.was_made(asked, said)
        if said.ends:
            self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _pieces(self, asked: Asked, said: Said) -> Iterator[bytes]:
        model = self._model(asked)

        def event(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            chunk = {"object": "chat.completion.chunk", "model": model, "choices": [choice]}
            return b"data: " + json.dumps(chunk).encode() + b"\n\n"

        yield b": a comment keeps the line open\n\n"
        yield event({"role": "assistant", "content": None})
        for start in range(0, len(said.thoughts), _PIECE):
            yield event({"reasoning_content": said.thoughts[start : start + _PIECE]})
        for start in range(0, len(said.text), _PIECE):
            yield event({"content": said.text[start : start + _PIECE]})
        if said.refusal:
            yield event({"refusal": said.refusal})
        if said.ends:
            yield event({}, said.finish)
        if said.counts and asked.body.get("stream_options"):
            usage = {"model": model, "choices": [], "usage": _usage(asked, said)}
            yield b"data: " + json.dumps(usage).encode() + b"\n\n"

    def _model(self, asked: Asked) -> str:
        return str(asked.body.get("model", MODEL))

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] = _NOTHING) -> None:
        lines = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        self._head(status, lines | dict(headers))
        self.wfile.write(body)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def _chunk(self, piece: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def _die(self) -> None:
        self.close_connection = True
        _hang_up(self.connection)

    def _wait(self, seconds: float) -> None:
        if seconds and self.server.chat.closing.wait(seconds):
            raise ConnectionAbortedError


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the visitor was faster


def _usage(asked: Asked, said: Said) -> dict[str, int]:
    """Count words as tokens: a number that a test can foretell."""
    tokens_in, tokens_out = len(asked.words.split()), len((said.thoughts + " " + said.text).split())
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
