"""Read what a chat endpoint answered, in one piece or in many, trusting nothing in it. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from academichub.llm.answers import Unreadable, read_reason
from academichub.llm.manners import OK, TRY_AGAIN

MOST_MODELS: Final = 1_000  # of a list of models that are looked at
_LONGEST_NAME: Final = 200  # characters of a model's name
_MOST_TOKENS: Final = 100_000_000  # of a count that can be true
_BUSY: Final = re.compile(r"rate.?limit|overload|server.?error|timeout|unavailable|busy", re.IGNORECASE)
_CUT: Final = frozenset({"length", "max_tokens"})
_FILTERED: Final = frozenset({"content_filter", "sensitive", "safety"})
_UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]+")
_THOUGHT: Final = re.compile(r"\s*<(think|thinking|thought)>.*?(?:</\1>\s*|\Z)", re.DOTALL)
_REST_OF_A_THOUGHT: Final = re.compile(r"\s*[^\s{\[].*?</(?:think|thinking|thought)>\s*", re.DOTALL)


class Overloaded(Exception):
    """The server says, inside an answer, that it cannot answer now. The text is the reason."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the server gave it."""

    text: str  # without thoughts
    everything: str  # thoughts and marks included: what was paid for
    finish: str  # why it ended: "stop", "length", "content_filter", ...; "" where it did not say
    is_refused: bool
    tokens_in: int | None  # None: not said
    tokens_out: int | None
    model: str

    @property
    def is_cut(self) -> bool:
        """Tell whether the limit of tokens ended it."""
        return self.finish in _CUT


class Gathering:
    """Puts an answer together from its pieces: the events of a stream, or one whole answer."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._thoughts: list[str] = []
        self._refusal = False
        self._usage: tuple[int | None, int | None] = (None, None)
        self._model = ""
        self.finish = ""
        self.characters = 0  # of the text so far
        self.tokens = 0  # about so many have come: a piece of a stream is one, as a rule
        self.has_begun = False  # some of the answer has come, be it a thought

    @property
    def status(self) -> int | None:
        """The status of an exchange that failed: that of success where a part of the answer had come."""
        return OK if self.has_begun else None

    def take(self, text: str | bytes) -> None:
        """Take one JSON object: a piece of a stream, or a whole answer.

        Raises:
            Unreadable: It is no answer, or an error that asking again does not mend.
            Overloaded: It is an error of a server that is busy or broken.
        """
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Unreadable(reason="it is no JSON") from error
        if not isinstance(answer, dict):
            raise Unreadable(reason="it is no JSON object")
        if answer.get("error"):
            raise _complaint(answer)
        self._model = self._model or _name(answer.get("model"))
        self._take_usage(answer.get("usage"))
        choices = answer.get("choices")
        if not isinstance(choices, list):
            raise Unreadable(reason="it has no list of choices")
        for choice in choices:
            # One choice was asked for; a second one is not read.
            if isinstance(choice, dict) and choice.get("index") in (0, None):
                self._take_choice(choice)
                break

    def _take_choice(self, choice: dict[str, Any]) -> None:
        said = choice.get("delta")
        said = said if isinstance(said, dict) else choice.get("message")
        if isinstance(said, dict):
            self._add(_written(said.get("content")))
            self._refusal = self._refusal or bool(said.get("refusal"))
            if thought := _written(said.get("reasoning_content") or said.get("reasoning")):
                self._thoughts.append(thought)
                self.tokens += 1
                self.has_begun = True
        elif isinstance(choice.get("text"), str):  # the older form of completions
            self._add(choice["text"])
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish:
            self.finish = finish.lower()[:_LONGEST_NAME]
            self.has_begun = True

    def _add(self, text: str) -> None:
        if text:
            self._text.append(text)
            self.characters += len(text)
            self.tokens += 1
            self.has_begun = True

    def _take_usage(self, usage: object) -> None:
        if isinstance(usage, dict):
            tokens_in, tokens_out = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
            known_in, known_out = self._usage
            self._usage = (tokens_in or known_in, known_out if tokens_out is None else tokens_out)

    def reply(self) -> Reply:
        """Give the answer as far as it has come.

        Raises:
            Unreadable: Nothing of an answer has come.
        """
        if not self.has_begun and not self._refusal:
            raise Unreadable(reason="it holds no choice")
        tokens_in, tokens_out = self._usage
        text = "".join(self._text)
        return Reply(
            text=_storable(without_thoughts(text)),
            everything="".join(self._thoughts) + text,
            finish=self.finish,
            is_refused=self._refusal or self.finish in _FILTERED,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            model=self._model,
        )


def read_models(body: bytes) -> tuple[str, ...]:
    """List the models that a server says it has, in its order.

    Raises:
        Unreadable: It is no such list.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(reason="it is no JSON") from error
    listed = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise Unreadable(reason="it has no list of models")
    names = [_name(one.get("id")) for one in listed[:MOST_MODELS] if isinstance(one, dict)]
    return tuple(dict.fromkeys(name for name in names if name))


def without_thoughts(text: str) -> str:
    """Leave out what a model wrote to itself before its answer, between <think> and </think>.

    Thoughts without their end are all thought. Some servers keep the opening mark to themselves: words before
    a lone closing one are thought too, unless they begin as JSON does.
    """
    start = 0
    while opened := _THOUGHT.match(text, start):
        start = opened.end()
    closed = None if start else _REST_OF_A_THOUGHT.match(text)
    return text[closed.end() if closed else start :]


def printable(text: str) -> str:
    """Make a server's words fit for a log line: no control characters, none that turn its direction."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _complaint(answer: dict[str, Any]) -> Unreadable | Overloaded:
    """Name an error that came with the status of success."""
    error = answer["error"]
    said = printable(read_reason(json.dumps(answer).encode("ascii"))) or "an error without words"
    code, kind = (error.get("code"), error.get("type")) if isinstance(error, dict) else (None, None)
    status = int(code) if isinstance(code, int | str) and str(code).isdecimal() and len(str(code)) < 4 else 0  # noqa: PLR2004  a status has three digits
    is_busy = status in TRY_AGAIN or (not status and bool(_BUSY.search(f"{code} {kind}")))
    return Overloaded(reason=said) if is_busy else Unreadable(reason=said)


def _written(content: object) -> str:
    """Give the text of a message: a string, or a list of parts of which the texts are read."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
    return "".join(text for text in texts if isinstance(text, str))


def _count(number: object) -> int | None:
    return number if type(number) is int and 0 <= number <= _MOST_TOKENS else None


def _name(value: object) -> str:
    """Give a model's name; of a file's path, which tells of the machine and not of the model, its end."""
    name = printable(value)[:_LONGEST_NAME] if isinstance(value, str) else ""
    return name.rpartition("/")[2] if name.startswith("/") else name


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)
