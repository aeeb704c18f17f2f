"""Embed texts at an OpenAI-compatible endpoint: OpenAI, Ollama, vLLM, llama.cpp and their like.

The operator names the endpoint, so unlike a feed it may be on this machine or in the local network.
What it answers is checked all the same.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

import httpx2
import numpy as np

from academichub.errors import EmbeddingsRefused, EmbeddingsUnreachable
from academichub.llm.answers import Unreadable, read_reason, read_vectors
from academichub.llm.manners import FIRST_PAUSE_SECONDS, KEY_REFUSED, OK, TRY_AGAIN, retry_after_seconds
from academichub.llm.ports import Space
from academichub.llm.texts import readable
from academichub.llm.vectors import unit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from academichub.llm.ports import Vectors

_MOST_TEXTS: Final = 64  # in a request; far below every service's limit, and a slow server answers in time
_MOST_REQUEST_CHARACTERS: Final = 100_000
_MOST_ANSWER_BYTES: Final = 32 * 1024 * 1024  # 64 vectors of 16,000 dimensions, written out
_MOST_REASON_BYTES: Final = 10_000
_ATTEMPTS: Final = 3
_LONGEST_PAUSE_SECONDS: Final = 30.0  # who asks for more is asked again by the job, later
_CONNECT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Service:
    """Where an endpoint is and how it wants to be asked.

    `url` may be the API's root, such as "http://localhost:11434/v1", or end in "/embeddings".
    `dimensions` is asked of the server where it is given, which not every model allows; else the
    server's own number is learned. The prefixes go before each text, with a space, where a model wants
    them ("query:" and "passage:" for E5). A text is cut after `most_characters`; lower it where a
    server refuses texts that are longer than its model reads.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    dimensions: int | None = None
    query_prefix: str = ""
    document_prefix: str = ""
    is_multilingual: bool = True  # as most models of today are
    most_characters: int = 6_000
    timeout_seconds: float = 60.0


class _Busy(Exception):
    """The server could not answer now. The text is the reason; it holds no secret."""

    def __init__(self, *, reason: str, status: int | None = None, pause_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.pause_seconds = pause_seconds


class Endpoint:
    """An endpoint to embed at. See `Embedder` for what it promises, as far as its server keeps it.

    Args:
        service: Where it is.
        tls: Whom to trust; the system's authorities if not given.
        sleep: Waits between attempts.
        now: Reads the clock, for servers that name the time to come back.

    Raises:
        EmbeddingsRefused: The address or the key cannot be used.
    """

    def __init__(
        self,
        service: Service,
        *,
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service = service
        self._url = _address(service.url)
        self._sleep = sleep
        self._now = now
        self._learning = threading.Lock()
        self._dimensions = service.dimensions
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        headers |= {"Content-Type": "application/json", "User-Agent": "AcademicHub"}
        if service.key:
            if not service.key.isascii() or not service.key.isprintable():
                raise self._refused(reason="the key has characters that no header can carry")
            headers["Authorization"] = f"Bearer {service.key}"
        self._client = httpx2.Client(
            headers=headers,
            verify=tls or httpx2.create_ssl_context(trust_env=False),
            trust_env=False,  # a proxy or a password from the environment was not meant for us
            follow_redirects=False,  # the key is for this server alone
            timeout=httpx2.Timeout(service.timeout_seconds, connect=_CONNECT_SECONDS),
        )

    def __repr__(self) -> str:
        """Show where it is and never its key."""
        return f"Endpoint({self._shown!r}, model={self._service.model!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    @property
    def space(self) -> Space:
        """Where the vectors live; asks the server, once, where the number of dimensions was not given.

        Raises:
            EmbeddingsUnreachable: The server cannot be asked now.
            EmbeddingsRefused: The server refuses, or its answer cannot be used.
        """
        if self._dimensions is None:
            self._ask([f"{self._service.document_prefix} dimensions".strip()])
        service = self._service
        place = "\n".join(
            (self._shown, service.document_prefix, service.query_prefix, str(service.most_characters))
        )
        where = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:8]
        return Space(f"endpoint:{service.model}@{where}/{self._dimensions}", self._dimensions or 0)

    @property
    def is_multilingual(self) -> bool:
        """Tell what the operator says of the model."""
        return self._service.is_multilingual

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed what is searched.

        Raises:
            EmbeddingsUnreachable: No answer, 5xx or 429, also after a few attempts.
            EmbeddingsRefused: Any other answer without usable vectors. One text may be to blame.
        """
        return self._rows(texts, prefix=self._service.document_prefix)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what searches; raises as `embed_documents` does."""
        return self._rows(texts, prefix=self._service.query_prefix)

    def _rows(self, texts: Sequence[str], *, prefix: str) -> Vectors:
        cleaned = [readable(text, most_characters=self._service.most_characters) for text in texts]
        meant = [place for place, text in enumerate(cleaned) if text]
        # The nearest in length together, so that a server which pads a batch pads little; among equals
        # the order of the texts, so that the same texts are always asked in the same way.
        meant.sort(key=lambda place: len(cleaned[place]))
        prompts = {place: f"{prefix} {cleaned[place]}".strip() for place in meant}
        answers = [
            (batch, self._ask([prompts[place] for place in batch])) for batch in _batches(meant, prompts)
        ]
        dimensions = self.space.dimensions if texts else self._dimensions or 0
        rows = np.zeros((len(texts), dimensions), dtype=np.float32)
        for batch, vectors in answers:
            rows[batch] = vectors
        return rows

    def _ask(self, prompts: list[str]) -> Vectors:
        wanted: dict[str, object] = {"model": self._service.model, "input": prompts}
        wanted["encoding_format"] = "float"
        if self._service.dimensions is not None:
            wanted["dimensions"] = self._service.dimensions
        body = self._answer(json.dumps(wanted).encode("ascii"))
        try:
            vectors = read_vectors(body, expected=len(prompts))
        except Unreadable as error:
            raise self._refused(reason=f"the answer cannot be used: {error}", status=OK) from error
        with self._learning:
            if self._dimensions is None:
                self._dimensions = vectors.shape[1]
        if vectors.shape[1] != self._dimensions:
            reason = f"vectors of {vectors.shape[1]} dimensions, not of {self._dimensions}"
            raise self._refused(reason=reason, status=OK)
        return unit(vectors)

    def _answer(self, question: bytes) -> bytes:
        """Ask until there is an answer, a few times at most."""
        pause_seconds = FIRST_PAUSE_SECONDS
        attempt = 1
        while True:
            try:
                return self._exchange(question)
            except _Busy as busy:
                wanted_seconds = pause_seconds if busy.pause_seconds is None else busy.pause_seconds
                if attempt == _ATTEMPTS or wanted_seconds > _LONGEST_PAUSE_SECONDS:
                    raise EmbeddingsUnreachable(
                        url=self._shown, status=busy.status, reason=str(busy)
                    ) from busy
                self._sleep(wanted_seconds)
            pause_seconds *= 2
            attempt += 1

    def _exchange(self, question: bytes) -> bytes:
        ends_at = time.monotonic() + self._service.timeout_seconds
        try:
            with self._client.stream("POST", self._url, content=question) as answer:
                if answer.status_code == OK:
                    return self._body(answer, ends_at=ends_at, most_bytes=_MOST_ANSWER_BYTES)
                raise self._trouble(answer, ends_at=ends_at)
        except httpx2.TimeoutException as error:
            raise _Busy(reason="no answer in time") from error
        except httpx2.ConnectError as error:
            raise _Busy(reason="no connection") from error
        except httpx2.TransportError as error:
            raise _Busy(reason="the answer broke off") from error

    def _body(self, answer: httpx2.Response, *, ends_at: float, most_bytes: int) -> bytes:
        if answer.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
            raise self._refused(
                reason="the answer is packed, which we did not ask for", status=answer.status_code
            )
        pieces, read_bytes = [], 0
        for piece in answer.iter_raw():
            read_bytes += len(piece)
            if read_bytes > most_bytes:
                raise self._refused(
                    reason=f"the answer is over {most_bytes} bytes", status=answer.status_code
                )
            if time.monotonic() > ends_at:  # a timeout per read never ends a server that drips
                raise _Busy(reason="no whole answer in time", status=answer.status_code)
            pieces.append(piece)
        return b"".join(pieces)

    def _trouble(self, answer: httpx2.Response, *, ends_at: float) -> EmbeddingsRefused | _Busy:
        """Name what another status than 200 means."""
        status = answer.status_code
        if status in TRY_AGAIN:
            pause_seconds = retry_after_seconds(answer.headers.get("retry-after"), now=self._now())
            return _Busy(reason="too busy or broken", status=status, pause_seconds=pause_seconds)
        if answer.has_redirect_location:
            return self._refused(reason="it redirects, which is not followed", status=status)
        if status in KEY_REFUSED:  # its words may hold parts of the key
            return self._refused(reason="the key is missing or not accepted", status=status)
        try:
            said = read_reason(self._body(answer, ends_at=ends_at, most_bytes=_MOST_REASON_BYTES))
        except EmbeddingsRefused:  # more words than we read: the status alone must do
            said = ""
        return self._refused(reason=self._without_key(said) or "no reason given", status=status)

    def _without_key(self, said: str) -> str:
        key = self._service.key
        return said.replace(key, "***") if key else said

    @property
    def _shown(self) -> str:
        return str(self._url.copy_with(query=None, fragment=None))

    def _refused(self, *, reason: str, status: int | None = None) -> EmbeddingsRefused:
        return EmbeddingsRefused(url=self._shown, status=status, reason=reason)


def _address(url: str) -> httpx2.URL:
    """Complete and check an address; what cannot be one is not shown, as it may hold a password."""
    try:
        address = httpx2.URL(url.strip())
    except httpx2.InvalidURL as error:
        raise EmbeddingsRefused(url="", status=None, reason="not an address") from error
    if address.scheme not in {"http", "https"} or not address.host:
        raise EmbeddingsRefused(url="", status=None, reason="not an http or https address")
    if address.userinfo:
        raise EmbeddingsRefused(url="", status=None, reason="a password in the address; use the key")
    path = address.path.rstrip("/")
    return address.copy_with(path=path if path.endswith("/embeddings") else f"{path}/embeddings")


def _batches(places: Sequence[int], prompts: dict[int, str]) -> Iterator[list[int]]:
    """Split the places into requests that are neither too many texts nor too many characters."""
    batch: list[int] = []
    characters = 0
    for place in places:
        length = len(prompts[place])
        if batch and (len(batch) == _MOST_TEXTS or characters + length > _MOST_REQUEST_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(place)
        characters += length
    if batch:
        yield batch
