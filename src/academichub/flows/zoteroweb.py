"""Ask Zotero, as often and as slowly as it wants to be asked, and keep to one version of a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from academichub.errors import AnswerPageEmpty, FeedError, SourceRefused, SourceThrottled, ZoteroRefused
from academichub.fetch.client import Ask
from academichub.sources import zoteroapi
from academichub.sources.harvest import ACCEPT_JSON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from academichub.fetch.client import Reply
    from academichub.sources.zoteroapi import Heads

MOST_TRIES: Final = 3  # of an answer that is none: the server may have been in the middle of something
MOST_WAITS: Final = 6  # of one question that is answered with a request to wait
MOST_WAIT_SECONDS: Final = 900.0  # for one question
MOST_PAGES: Final = 10_000  # a list that always has one more is a lie
_MOST_BYTES: Final = 64 * 1024 * 1024
_FIRST_WAIT_SECONDS: Final = 2.0
_NOT_MODIFIED: Final = 304
_T = TypeVar("_T")


class Asks(Protocol):
    """What following Zotero needs of `fetch`."""

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        """Make one polite request."""


class Moved(Exception):
    """The library changed while it was read."""


class ZoteroWeb:
    """Zotero's server, for one reading of one library.

    Args:
        web: The polite client, which has the key.
        library: For messages.
        clock: The present, UTC.
        sleep: Waits, where Zotero asks for that.
    """

    __slots__ = ("_clock", "_sleep", "_web", "library", "version")

    def __init__(
        self, web: Asks, *, library: str, clock: Callable[[], datetime], sleep: Callable[[float], None]
    ) -> None:
        self._web = web
        self._clock = clock
        self._sleep = sleep
        self.library = library
        self.version: int | None = None  # of the library, as the first answer of this reading said

    def is_unchanged(self, place: str, *, since: int) -> bool:
        """Tell whether a library is still at a version. Raises what `ask` does."""
        ask = self._ask(zoteroapi.probe_question(place), since=since)
        return self._patiently(ask).status == _NOT_MODIFIED

    def ask(self, url: str, read: Callable[[bytes, Heads], _T], *, is_versioned: bool = True) -> _T:
        """Ask one question; an answer that is none, a page for people say, is asked for again.

        Args:
            url: The question.
            read: Reads the answer.
            is_versioned: It tells the version of the library, and not that of one thing in it.

        Raises:
            Moved: The library is at another version than when the reading began.
            ZoteroRefused: The key does not open it.
            FetchError: No answer.
            FeedError: None that can be read.
        """
        for tries in range(1, MOST_TRIES + 1):
            reply = self._patiently(self._ask(url))
            heads = zoteroapi.read_heads(reply.headers)
            try:
                found = read(reply.body, heads)
            except FeedError:
                if tries == MOST_TRIES:
                    raise
                self._sleep(_FIRST_WAIT_SECONDS * tries)
                continue
            if is_versioned:
                self._keep_to(heads.version)
            return found
        raise AssertionError  # pragma: no cover  the last try returns or raises

    def pages(
        self, question: Callable[[int], str], read: Callable[[bytes, int], tuple[int, _T]]
    ) -> Iterator[_T]:
        """Read a list, page after page; see `ask` for what it raises.

        Args:
            question: Writes the address of the page behind so many entries.
            read: Reads a page behind so many entries; gives how many it has, and what they are.
        """
        seen = 0
        for _ in range(MOST_PAGES):
            count, total, found = self.ask(question(seen), _reader(read, seen))
            yield found
            seen += count
            is_last = count < zoteroapi.PER_PAGE if total is None else seen >= total
            if count == 0 or is_last:
                return

    def _ask(self, url: str, *, since: int | None = None) -> Ask:
        conditions = zoteroapi.unless_changed(since)
        return Ask(url, accept=ACCEPT_JSON, max_bytes=_MOST_BYTES, conditions=conditions)

    def _keep_to(self, version: int | None) -> None:
        if self.version is None:
            self.version = version
        elif version is not None and version != self.version:
            raise Moved

    def _patiently(self, ask: Ask) -> Reply:
        """Ask until there is an answer; wait as long as Zotero says, before the next question too."""
        waited = 0.0
        for times in range(MOST_WAITS + 1):
            try:
                reply = self._web.get(ask, now=self._clock())
            except SourceThrottled as error:
                said = error.facts.get("retry_after_seconds")
                wait = float(said) if isinstance(said, int | float) else _FIRST_WAIT_SECONDS * 2**times
                waited += wait
                if times == MOST_WAITS or waited > MOST_WAIT_SECONDS:
                    raise
                self._sleep(wait)
            except SourceRefused as error:
                raise ZoteroRefused(library=self.library, status=error.facts.get("status")) from error
            else:
                if backoff := zoteroapi.read_heads(reply.headers).backoff_seconds:
                    self._sleep(min(backoff, MOST_WAIT_SECONDS))
                return reply
        raise AssertionError  # pragma: no cover  the last try returns or raises


def _reader(
    read: Callable[[bytes, int], tuple[int, _T]], seen: int
) -> Callable[[bytes, Heads], tuple[int, int | None, _T]]:
    """Read a page behind so many entries, and refuse one that is empty before the end."""

    def look(body: bytes, heads: Heads) -> tuple[int, int | None, _T]:
        count, found = read(body, seen)
        if count == 0 and heads.total is not None and seen < heads.total:
            raise AnswerPageEmpty(seen=seen, total=heads.total)
        return count, heads.total, found

    return look
