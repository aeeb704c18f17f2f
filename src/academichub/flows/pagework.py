"""Read and clean one page of a harvest: the work that may be done in another process."""

from __future__ import annotations

import copyreg
import io
import pickle
import struct
from dataclasses import dataclass, fields, replace
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from academichub.errors import AcademicHubError
from academichub.flows.shelving import Cleaned, clean_feed
from academichub.model.papers import Author, Draft, Identifiers, Key, Link, Moment, Prose, Relation
from academichub.sources.announced import with_announcements
from academichub.sources.connectors import connector
from academichub.sources.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from academichub.model.papers import Feed
    from academichub.sources.harvest import Step

BATCH: Final = 250  # entries in one message
LENGTH: Final = struct.Struct(">Q")  # in bytes, before every message


@dataclass(frozen=True, slots=True)
class Job:
    """A page that has come, and what it was asked with."""

    connector: str
    scope: str
    step: Step
    body: bytes
    now: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """The first word on a page: what was read, or why it could not be."""

    next: Step | None = None
    total: int | None = None
    entries: int = 0
    error: AcademicHubError | None = None


Word: TypeAlias = Told | list[Cleaned]


def packed(word: Word) -> bytes:
    """Pickle a word; the shapes of a draft by their fields alone, at half of what their own way costs."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _TABLE
    pickler.dump(word)
    return buffer.getvalue()


def _by_fields(shape: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    values = attrgetter(*(one.name for one in fields(shape)))
    return lambda one: (shape, values(one))


_SHAPES = (Draft, Prose, Author, Identifiers, Key, Link, Moment, Relation)
_TABLE: Final[dict[type[Any], Callable[[Any], Any]]] = copyreg.dispatch_table | {
    shape: _by_fields(shape) for shape in _SHAPES
}


def read_page(job: Job) -> tuple[Feed, Step | None, int | None]:
    """Read a page: its entries, the next question, and the total where the server tells it.

    Raises:
        FeedError: The answer is an error, dressed as a good answer or not.
    """
    page = connector(job.connector).read(job.body, job.step, DEFAULT_LIMITS)
    feed = replace(page.feed, provider=job.connector)
    if job.connector == "oai":
        feed = with_announcements(feed, scope=job.scope)
    return feed, page.next, page.total


def words_on(job: Job) -> Iterator[Word]:
    """Say what a page holds, and then its entries, cleaned."""
    try:
        feed, following, total = read_page(job)
    except AcademicHubError as error:
        yield Told(error=error)
        return
    yield Told(following, total, len(feed.records) + len(feed.rejected))
    cleaned = clean_feed(feed, now=job.now)
    while batch := list(islice(cleaned, BATCH)):
        yield batch
