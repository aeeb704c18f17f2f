"""Ask a language model at any OpenAI-compatible endpoint, of a company or on a machine of one's own.

The operator names the endpoint, so unlike a feed it may be on this machine or in the local network.
What it answers is checked all the same, and a part of an answer that was paid for is never asked for twice.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Final, NoReturn, Self

import httpx2

from academichub.errors import ChatRefused, ChatUnreachable
from academichub.llm.answers import Unreadable, read_reason
from academichub.llm.chatanswers import Gathering, Overloaded, printable, read_models
from academichub.llm.chatservice import Dialect, address, models_address
from academichub.llm.chatwire import Interrupted, Patience, TimeUp, Wire
from academichub.llm.manners import FIRST_PAUSE_SECONDS, KEY_REFUSED, OK, TRY_AGAIN, retry_after_seconds
from academichub.llm.stream import EventReader, StreamBroken
from academichub.llm.tokens import count_tokens
from academichub.model.asking import Answer, Manner

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from academichub.llm.chatanswers import Reply
    from academichub.llm.chatservice import ChatService
    from academichub.model.asking import Question

_MOST_ANSWER_BYTES: Final = 32 * 1024 * 1024  # each token of a stream comes in some 300 bytes of JSON
_MOST_REASON_BYTES: Final = 10_000
_ATTEMPTS: Final = 4
_LONGEST_PAUSE_SECONDS: Final = 60.0  # limits are counted by the minute; who asks for more is asked later
_BREATH_SECONDS: Final = 1.0  # of a pause, between two looks whether it is still wanted
_CHARACTERS_PER_TOKEN: Final = 16  # no text has more; who sends more does not keep to its limit
_LIST_SECONDS: Final = 20.0  # for the list of models
_REDIRECTS: Final = range(300, 400)
_NO_CREDIT: Final = re.compile(
    r"insufficient.{0,3}(?:quota|balance|credit)|current quota|billing", re.IGNORECASE
)
_STREAM_STARTS: Final = {b":", b"d", b"e", b"i", b"r"}  # a comment, data, event, id, retry
_WHITE: Final = b" \t\r\n\xef\xbb\xbf"  # a byte order mark is none, and means as little


class _Busy(Exception):
    """The server could not answer now. The text is the reason; it holds no secret."""

    def __init__(
        self,
        *,
        reason: str,
        status: int | None = None,
        pause_seconds: float | None = None,
        may_ask_again: bool = True,
        is_charged: bool = False,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.pause_seconds = pause_seconds
        self.may_ask_again = may_ask_again
        self.is_charged = is_charged  # perhaps: the question arrived, and no refusal came


class _Poorer(Exception):
    """The server does not know a part of the API: ask again in this dialect."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self.dialect = dialect


class ChatEndpoint:
    """An endpoint to ask a model at. See `briefing.ports.Chat` for what it promises.

    Args:
        service: Where it is.
        tls: Whom to trust; the system's authorities if not given.
        sleep: Waits between attempts.
        now: Reads the clock, for servers that name the time to come back.

    Raises:
        ChatRefused: The address or the key cannot be used.
    """

    def __init__(
        self,
        service: ChatService,
        *,
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service = service
        self._url = address(service.url)
        self._sleep = sleep
        self._now = now
        self._learning = threading.Lock()
        self._dialect = Dialect()
        headers = {"Accept": "application/json, text/event-stream", "Accept-Encoding": "identity"}
        headers["User-Agent"] = "AcademicHub"
        if service.key:
            if not service.key.isascii() or not service.key.isprintable():
                raise self._refused(reason="the key has characters that no header can carry")
            headers["Authorization"] = f"Bearer {service.key}"
        self._wire = Wire(
            self._url,
            headers=headers,
            connect_seconds=service.connect_seconds,
            tls=tls or httpx2.create_ssl_context(trust_env=False),
        )

    def __repr__(self) -> str:
        """Show where it is and never its key."""
        return f"ChatEndpoint({self.place!r}, model={self.model!r})"

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
        self._wire.close()

    @property
    def place(self) -> str:
        """The address that is asked, without what may be a secret in it."""
        return str(self._url.copy_with(query=None))

    @property
    def model(self) -> str:
        """The model, as the operator named it."""
        return self._service.model

    @property
    def context(self) -> int:
        """Tokens that it takes in, question and answer together, without those it thinks in."""
        return self._service.context - self._service.thinking_tokens

    @property
    def manner(self) -> Manner:
        """Where it is asked and how."""
        return Manner(self.place, self._service.thinking_tokens)

    def count(self, text: str) -> int:
        """Estimate the tokens of any text, rather too many than too few."""
        return count_tokens(text)

    def ask(self, question: Question, *, hear: Callable[[int], None] | None = None) -> Answer:
        """Ask, and give the answer once it is complete.

        What the server does not know of the API is left out and asked again; so is a question to a server
        that is busy, a few times. A question is not asked again once a part of its answer has come, unless
        the connection broke, and not after a silence either: the server may be at work on it.

        Args:
            question: What to ask.
            hear: Told about how many tokens have come, thoughts included, at each piece and about once a
                second while none come. What it raises ends the exchange and is passed on.

        Raises:
            ChatUnreachable: No answer in time, 5xx or 429, also after a few attempts. A fact more than its
                usual ones, `is_charged`, tells whether the server may have charged for it.
            ChatRefused: Any other answer that cannot be used.
        """
        hear = hear or _nobody
        dialect = self._dialect
        pause_seconds, attempt, is_charged = FIRST_PAUSE_SECONDS, 1, False
        while True:
            hear(0)
            try:
                reply = self._exchange(question, dialect, hear)
            except _Poorer as poorer:
                dialect = poorer.dialect
                continue
            except _Busy as busy:
                wanted_seconds = pause_seconds if busy.pause_seconds is None else busy.pause_seconds
                is_charged = is_charged or busy.is_charged
                is_over = attempt == _ATTEMPTS or wanted_seconds > _LONGEST_PAUSE_SECONDS
                if is_over or not busy.may_ask_again:
                    raise self._unreachable(busy, is_charged=is_charged) from busy
                self._pause(wanted_seconds, hear)
                pause_seconds *= 2
                attempt += 1
                continue
            self._learn(dialect)
            return self._answer(question, reply)

    def models(self) -> tuple[str, ...]:
        """List the models that the server says it has. Asks once; raises as `ask` does."""
        try:
            with self._wire.exchange(
                self._patience(_LIST_SECONDS), headers={}, body=b"", url=models_address(self._url)
            ) as (status, headers, pieces):
                if status != OK:
                    self._complain(status, headers, pieces)
                return read_models(_body(pieces, most_bytes=_MOST_ANSWER_BYTES))
        except (TimeUp, Interrupted) as error:
            raise self._unreachable(_Busy(reason=str(error))) from error
        except _Busy as busy:
            raise self._unreachable(busy) from busy
        except Unreadable as error:
            raise self._refused(reason=f"the list of models cannot be used: {error}", status=OK) from error

    # -- one exchange -----------------------------------------------------------------------------

    def _exchange(self, question: Question, dialect: Dialect, hear: Callable[[int], None]) -> Reply:
        service = self._service
        body = dialect.write(question, model=service.model, thinking_tokens=service.thinking_tokens)
        gathering = Gathering()
        patience = self._patience(service.timeout_seconds, tell=lambda: hear(gathering.tokens))
        named = hashlib.sha256(b"%s\n%s" % (self.place.encode("utf-8"), body)).hexdigest()
        try:
            with self._wire.exchange(patience, headers={"Idempotency-Key": named}, body=body) as (
                status,
                headers,
                pieces,
            ):
                if status != OK:
                    self._complain(status, headers, pieces, question=question, dialect=dialect)
                _check_unpacked(headers)
                self._gather(pieces, gathering, patience, most_tokens=question.most_tokens)
            return gathering.reply()
        except TimeUp as error:
            raise _Busy(
                reason=str(error), status=gathering.status, may_ask_again=False, is_charged=True
            ) from error
        except Interrupted as error:
            raise _Busy(reason=str(error), status=gathering.status, is_charged=error.is_connected) from error
        except Overloaded as error:
            said = self._without_secrets(str(error))
            has_begun = gathering.has_begun
            raise _Busy(reason=said, status=OK, may_ask_again=not has_begun, is_charged=has_begun) from error
        except (Unreadable, StreamBroken) as error:
            said = self._without_secrets(str(error))
            raise self._refused(reason=f"the answer cannot be used: {said}", status=OK) from error

    def _patience(self, seconds: float, *, tell: Callable[[], None] = lambda: None) -> Patience:
        gap_seconds = self._service.silence_seconds
        return Patience(ends_at=time.monotonic() + seconds, gap_seconds=gap_seconds, tell=tell)

    def _gather(
        self, pieces: Iterable[bytes], gathering: Gathering, patience: Patience, *, most_tokens: int
    ) -> None:
        """Read an answer in either form: what it is shows in its first byte, whatever its header says."""
        start, rest = _first_bytes(pieces)
        if start[:1] in {b"{", b"["}:
            gathering.take(_body(chain([start], rest), most_bytes=_MOST_ANSWER_BYTES))
            gathering.tokens = count_tokens(gathering.reply().everything)
            patience.tell()
            return
        if start[:1] not in _STREAM_STARTS:
            reason = (
                "it is a web page" if start[:1] == b"<" else "it is no JSON" if start else "it has no bytes"
            )
            raise Unreadable(reason=reason)
        reader, read_bytes = EventReader(), 0
        most_characters = (most_tokens + self._service.thinking_tokens) * _CHARACTERS_PER_TOKEN
        for piece in chain([start], rest):
            read_bytes += len(piece)
            if read_bytes > _MOST_ANSWER_BYTES:
                raise Unreadable(reason=f"it is over {_MOST_ANSWER_BYTES} bytes")
            if _take(reader.feed(piece), gathering):
                return
            if gathering.has_begun:
                patience.gap_seconds = self._service.between_seconds
            patience.tell()
            if gathering.characters > most_characters:
                gathering.finish = "length"  # it does not keep to its limit, so we do
                return
        if not _take(reader.finish(), gathering) and not gathering.finish:
            raise Interrupted(reason="the answer broke off")

    def _complain(
        self,
        status: int,
        headers: httpx2.Headers,
        pieces: Iterable[bytes],
        *,
        question: Question | None = None,
        dialect: Dialect | None = None,
    ) -> NoReturn:
        """Say what another status than 200 means."""
        if status in KEY_REFUSED:  # its words may hold parts of the key
            raise self._refused(reason="the key is missing or not accepted", status=status)
        if status in _REDIRECTS:
            raise self._refused(reason="it redirects, which is not followed", status=status)
        said = ""
        with suppress(Unreadable, TimeUp, Interrupted):  # without words the status alone must do
            said = read_reason(_body(pieces, most_bytes=_MOST_REASON_BYTES))
        said = self._without_secrets(printable(said))
        if question is not None and dialect is not None:
            has_schema = question.schema is not None
            poorer = dialect.without(status=status, said=said, has_schema=has_schema)
            if poorer is not None:
                raise _Poorer(poorer)
        pause_seconds = retry_after_seconds(headers.get("retry-after"), now=self._now())
        if status in TRY_AGAIN and (pause_seconds is not None or not _NO_CREDIT.search(said)):
            raise _Busy(reason="too busy or broken", status=status, pause_seconds=pause_seconds)
        raise self._refused(reason=said or "no reason given", status=status)

    # -- around it --------------------------------------------------------------------------------

    def _answer(self, question: Question, reply: Reply) -> Answer:
        tokens_in, tokens_out = reply.tokens_in, reply.tokens_out
        return Answer(
            text=reply.text,
            tokens_in=count_tokens(question.wording) if tokens_in is None else tokens_in,
            tokens_out=count_tokens(reply.everything) if tokens_out is None else tokens_out,
            is_cut=reply.is_cut,
            is_refused=reply.is_refused,
            model=reply.model or self._service.model,
        )

    def _learn(self, dialect: Dialect) -> None:
        """Remember what the server knows, now that it has answered in this dialect."""
        with self._learning:
            self._dialect = self._dialect.shared_with(dialect)

    def _pause(self, seconds: float, hear: Callable[[int], None]) -> None:
        while seconds > 0:
            self._sleep(min(seconds, _BREATH_SECONDS))
            seconds -= _BREATH_SECONDS
            hear(0)

    def _without_secrets(self, said: str) -> str:
        for secret in (self._service.key, self._url.query.decode("ascii", "replace")):
            said = said.replace(secret, "***") if secret else said
        return said

    def _unreachable(self, busy: _Busy, *, is_charged: bool = False) -> ChatUnreachable:
        return ChatUnreachable(url=self.place, status=busy.status, reason=str(busy), is_charged=is_charged)

    def _refused(self, *, reason: str, status: int | None = None) -> ChatRefused:
        return ChatRefused(url=self.place, status=status, reason=reason)


def _nobody(tokens: int) -> None:
    """Hear nothing."""


def _check_unpacked(headers: httpx2.Headers) -> None:
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Unreadable(reason="it is packed, which we did not ask for")


def _take(events: Iterable[str], gathering: Gathering) -> bool:
    """Take events; tell whether the last one said that nothing follows."""
    for event in events:
        if event.strip() == "[DONE]":
            return True
        gathering.take(event)
    return False


def _first_bytes(pieces: Iterable[bytes]) -> tuple[bytes, Iterable[bytes]]:
    """Read until something else than white space has come; give it and what follows."""
    rest = iter(pieces)
    for piece in rest:
        if start := piece.lstrip(_WHITE):
            return start, rest
    return b"", rest


def _body(pieces: Iterable[bytes], *, most_bytes: int) -> bytes:
    read: list[bytes] = []
    read_bytes = 0
    for piece in pieces:
        read_bytes += len(piece)
        if read_bytes > most_bytes:
            raise Unreadable(reason=f"it is over {most_bytes} bytes")
        read.append(piece)
    return b"".join(read)
