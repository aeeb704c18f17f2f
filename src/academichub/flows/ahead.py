"""Ask for the pages of a harvest and have them read and cleaned: here, or ahead of time elsewhere.

Reading and cleaning is half of what a long harvest costs, and waiting for the server a tenth. So while one
page is shelved the next is asked for, and a child process reads and cleans it (docs/benchmarks.md). What
comes ahead of time is only ever in memory: a harvest that is killed asks again for the page it was at.
"""

from __future__ import annotations

import hashlib
import pickle
import queue
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from academichub.fetch.client import Ask
from academichub.fetch.limits import MEBIBYTE
from academichub.flows.pagework import LENGTH, Job, Told, Word, read_page
from academichub.flows.shelving import Cleaned, clean_feed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from datetime import datetime

    from academichub.fetch.client import Reply
    from academichub.flows.refreshing import Asks
    from academichub.sources.harvest import Step

API_BYTES: Final = 64 * MEBIBYTE
CHILD: Final = "academichub.flows.ahead_child"
MESSAGES_AHEAD: Final = 8  # of a megabyte each: two pages of a thousand entries
WAKES_SECONDS: Final = 0.2  # how often a listener whom nobody hears looks whether it is still wanted


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is to be remembered of an answer once it is read."""

    url: str
    status: int
    elapsed_ms: int
    byte_count: int
    fingerprint: str  # SHA-256 of the body


@dataclass(frozen=True, slots=True)
class CleanPage:
    """One page of a harvest: the next question, and its entries as they are cleaned."""

    arrival: Arrival
    next: Step | None
    total: int | None
    entries: int
    cleaned: Callable[[int], Iterator[Cleaned]]  # from this entry on; to be called once at most


class Pages(Protocol):
    """Who brings the pages of a harvest."""

    def take(self, step: Step, *, now: datetime) -> CleanPage:
        """Ask for a page and read it. Raises what `fetch` and the connector raise."""

    def close(self) -> None:
        """Let go of everything."""


class Here:
    """Asks, reads and cleans when it is told to, in this process."""

    def __init__(self, web: Asks, *, name: str, scope: str) -> None:
        self._web = web
        self._name = name
        self._scope = scope

    def take(self, step: Step, *, now: datetime) -> CleanPage:
        """Ask for a page and read it. Raises what `fetch` and the connector raise."""
        return _read_here(self._web.get(_ask(step), now=now), Job(self._name, self._scope, step, b"", now))

    def close(self) -> None:
        """Let go of nothing."""


class Ahead:
    """Asks for the next page while one is shelved, and has a child process read and clean it.

    Without its child, wherever that went, it reads and cleans here. For one thread at a time.
    """

    def __init__(self, web: Asks, *, name: str, scope: str) -> None:
        self._web = web
        self._name = name
        self._scope = scope
        self._asker = ThreadPoolExecutor(1, "ahead")
        self._child: _Child | None = None
        self._coming: tuple[Step, Future[tuple[Reply, bool]]] | None = None

    def take(self, step: Step, *, now: datetime) -> CleanPage:
        """Give a page, and ask for the one after it. Raises what `fetch` and the connector raise."""
        coming, self._coming = self._coming, None
        if self._child is not None:
            self._child.skip()
        if coming is not None and coming[0] == step:
            reply, is_sent = coming[1].result()
        else:
            if coming is not None:  # the child has a page that nobody wants any more
                self._end_child()
            reply, is_sent = self._web.get(_ask(step), now=now), False
        job = Job(self._name, self._scope, step, b"", now)
        page = _hear(self._child, reply, job) if is_sent and self._child else _read_here(reply, job)
        if page.next is not None:
            self._look_ahead(page.next, now=now)
        return page

    def close(self) -> None:
        """End the child, and forget what was asked for ahead of time."""
        self._end_child()
        self._asker.shutdown(wait=False, cancel_futures=True)

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _look_ahead(self, step: Step, *, now: datetime) -> None:
        if self._child is None or self._child.is_gone:
            self._end_child()
            self._child = _Child()
        child = self._child

        def ask() -> tuple[Reply, bool]:
            reply = self._web.get(_ask(step), now=now)
            return reply, child.send(Job(self._name, self._scope, step, reply.body, now))

        self._coming = step, self._asker.submit(ask)


class _Child:
    """The process that reads and cleans: page after page, each heard or skipped before the next.

    A thread takes in what it says, some messages ahead, so that it need not wait for us at every one.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-m", CHILD]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # our own module
        self._sending = threading.Lock()
        self._heard: queue.Queue[bytes] = queue.Queue(MESSAGES_AHEAD)  # b"" at the end
        self._unheard = 0  # entries of the page it is at
        self.is_gone = False
        self._listener = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._listener.start()

    def send(self, job: Job) -> bool:
        """Give it a page; False where it is not there to take it."""
        with self._sending:
            if self.is_gone or self._process.stdin is None:
                return False
            try:
                pickle.dump(job, self._process.stdin, pickle.HIGHEST_PROTOCOL)
                self._process.stdin.flush()
            except (OSError, ValueError):  # it died, or was ended while we wrote
                return False
            return True

    def told(self) -> Told | None:
        """Wait for what it says of the page; None where it is gone."""
        word = self._hear()
        if not isinstance(word, Told):
            return None
        self._unheard = word.entries
        return word

    def batch(self) -> list[Cleaned]:
        """Wait for its next entries; none at the page's end, or where it is gone."""
        word = self._hear() if self._unheard else None
        if not isinstance(word, list):
            return []
        self._unheard -= len(word)
        return word

    def skip(self) -> None:
        """Pass over what was not heard of the page."""
        while self.batch():
            pass

    def end(self) -> None:
        """End the process; threads that are sending to it or listening wake up."""
        self.is_gone = True
        self._process.kill()
        self._process.wait()
        self._listener.join()
        with self._sending:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was still to be written has no reader
                        pipe.close()

    def _hear(self) -> Word | None:
        message = b"" if self.is_gone else self._heard.get()
        if not message:
            self.is_gone = True
            return None
        word: Word = pickle.loads(message)  # noqa: S301  # from our own child
        return word

    def _listen(self) -> None:
        """Take in whole messages until there are no more, or nobody wants them."""
        pipe = self._process.stdout
        message = b"?"
        while message and pipe is not None:
            head = pipe.read(LENGTH.size)
            size = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
            message = pipe.read(size)
            message = message if len(message) == size else b""  # it died in the middle of one
            while not self.is_gone:
                with suppress(queue.Full):
                    self._heard.put(message, timeout=WAKES_SECONDS)
                    break


def _ask(step: Step) -> Ask:
    return Ask(url=step.url, accept=step.accept, post=step.post, max_bytes=API_BYTES)


def _arrival(reply: Reply) -> Arrival:
    fingerprint = hashlib.sha256(reply.body).hexdigest()
    return Arrival(reply.url, reply.status, reply.elapsed_ms, len(reply.body), fingerprint)


def _read_here(reply: Reply, job: Job) -> CleanPage:
    feed, following, total = read_page(replace(job, body=reply.body))

    def cleaned(start: int) -> Iterator[Cleaned]:
        return clean_feed(feed, start=start, now=job.now)

    return CleanPage(_arrival(reply), following, total, len(feed.records) + len(feed.rejected), cleaned)


def _hear(child: _Child, reply: Reply, job: Job) -> CleanPage:
    told = child.told()
    if told is None:
        return _read_here(reply, job)
    if told.error is not None:
        raise told.error

    def cleaned(start: int) -> Iterator[Cleaned]:
        place = 0
        while batch := child.batch():
            yield from batch[max(start - place, 0) :]
            place += len(batch)
        if place < told.entries:  # it is gone in the middle of the page
            yield from _read_here(reply, job).cleaned(max(start, place))

    return CleanPage(_arrival(reply), told.next, told.total, told.entries, cleaned)
