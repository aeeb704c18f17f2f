"""Where a language model is, how it wants to be asked, and what its server turned out not to know."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import httpx2

from academichub.errors import ChatRefused

if TYPE_CHECKING:
    from academichub.model.asking import Question

_PATH: Final = "/chat/completions"
_SILENT_SHARE: Final = 0.6
_MOST_PORTS: Final = 65_535
_LONGEST_LABEL: Final = 63  # bytes between two dots of a name; the system's resolver fails on more
_MAY_BLAME_A_PARAMETER: Final = frozenset({400, 404, 415, 422, 500, 501})
_UNCLEAR: Final = frozenset({400, 422})
_SERVER_FAULT: Final = 500  # and above: only a form that it cannot keep to is worth another way of asking
_FORM: Final = re.compile(r"response[_ ]?format|json|schema|grammar|structured")
_UNSENDABLE: Final = re.compile(r"[\x00\ud800-\udfff]")  # a half surrogate pair has no UTF-8
# What is wrong with the question itself: no other way of asking it helps.
_ITSELF: Final = re.compile(
    r"context|too long|too large|too many|maximum.{0,20}length|exceed"
    r"|content[_ ](?:filter|management|policy)|inspection|inappropriate|content exists risk"
)


@dataclass(frozen=True, slots=True)
class ChatService:
    """Where a model is and how long it may take.

    `url` may be a bare server ("http://localhost:11434"), the API's root ("https://api.example.org/v1") or
    the whole address that ends in "/chat/completions". The times suit a model on a slow machine of one's own.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    context: int = 8_192  # tokens it takes in, question and answer together
    thinking_tokens: int = 0  # that each answer may have on top, for a model that thinks first
    timeout_seconds: float = 300.0  # for one whole answer
    connect_seconds: float = 10.0
    between_seconds: float = 60.0  # between two pieces of it
    first_seconds: float = 0.0  # until the first one, while it reads and thinks; 0: six tenths of the whole

    @property
    def silence_seconds(self) -> float:
        """How long it may be silent before its answer."""
        return self.first_seconds or _SILENT_SHARE * self.timeout_seconds


def address(url: str) -> httpx2.URL:
    """Complete and check an address; what cannot be one is not shown, as it may hold a password.

    Raises:
        ChatRefused: It is no address that a model can be asked at.
    """
    try:
        found = httpx2.URL(url.strip())
    except httpx2.InvalidURL as error:
        raise ChatRefused(url="", status=None, reason="not an address") from error
    if found.scheme not in {"http", "https"} or not found.host:
        raise ChatRefused(url="", status=None, reason="not an http or https address")
    labels = found.raw_host.rstrip(b".").split(b".")
    if (found.port or 1) > _MOST_PORTS or not all(0 < len(label) <= _LONGEST_LABEL for label in labels):
        raise ChatRefused(url="", status=None, reason="no host or port that can be")
    if found.userinfo:
        raise ChatRefused(url="", status=None, reason="a password in the address; use the key")
    path = found.path.rstrip("/")
    if not path.endswith(_PATH):
        path = f"{path or '/v1'}{_PATH}"
    return found.copy_with(path=path, fragment=None)


def models_address(address: httpx2.URL) -> httpx2.URL:
    """Give the address that lists the models of the same API."""
    return address.copy_with(path=f"{address.path.removesuffix(_PATH)}/models")


class Form(IntEnum):
    """How an answer's form is asked for, the strictest last."""

    WORDS = 0  # by the question's words alone
    OBJECT = 1
    SCHEMA = 2


@dataclass(frozen=True, slots=True)
class Dialect:
    """What of the API a server knows. It starts with everything; a refusal takes something away."""

    form: Form = Form.SCHEMA
    limit: str = "max_tokens"
    has_temperature: bool = True
    has_seed: bool = True
    has_usage: bool = True  # in a stream
    streams: bool = True

    def write(self, question: Question, *, model: str, thinking_tokens: int = 0) -> bytes:
        """Write the body of a request."""
        said = (("system", question.system), ("user", question.user))
        messages = [{"role": role, "content": _UNSENDABLE.sub("\ufffd", text)} for role, text in said if text]
        body: dict[str, Any] = {"model": model, "messages": messages}
        body[self.limit] = question.most_tokens + thinking_tokens
        if self.has_temperature:
            body["temperature"] = 0
        if self.has_seed:
            body["seed"] = 0
        if self.streams:
            body["stream"] = True
            if self.has_usage:
                body["stream_options"] = {"include_usage": True}
        if question.schema is not None and self.form is Form.SCHEMA:
            schema = {"name": "answer", "strict": True, "schema": question.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif question.schema is not None and self.form is Form.OBJECT:
            body["response_format"] = {"type": "json_object"}
        return json.dumps(body).encode("ascii")

    def without(self, *, status: int, said: str, has_schema: bool) -> Dialect | None:
        """Give the dialect to try after a refusal, or None where no other way of asking would help.

        Args:
            status: Of the refusal.
            said: The server's words, perhaps none.
            has_schema: The question wants its answer by a schema.
        """
        if status not in _MAY_BLAME_A_PARAMETER:
            return None
        said = said.lower()
        if self.limit == "max_tokens" and "max_completion_tokens" in said:
            return replace(self, limit="max_completion_tokens")
        weaker = replace(self, form=Form(self.form - 1)) if has_schema and self.form else None
        for is_named, poorer in (
            (_FORM.search(said) and weaker, weaker),
            (status >= _SERVER_FAULT or _ITSELF.search(said), None),
            (
                self.has_usage and ("stream_options" in said or "usage" in said),
                replace(self, has_usage=False),
            ),
            (self.has_temperature and "temperature" in said, replace(self, has_temperature=False)),
            (self.has_seed and "seed" in said, replace(self, has_seed=False)),
            (self.streams and "stream" in said, replace(self, streams=False)),
        ):
            if is_named:
                return poorer
        return weaker if status in _UNCLEAR else None

    def shared_with(self, other: Dialect) -> Dialect:
        """Give what both know: what several threads learned of one server."""
        return Dialect(
            form=min(self.form, other.form),
            limit=min(self.limit, other.limit),  # max_completion_tokens comes first
            has_temperature=self.has_temperature and other.has_temperature,
            has_seed=self.has_seed and other.has_seed,
            has_usage=self.has_usage and other.has_usage,
            streams=self.streams and other.streams,
        )
