"""What every connector gives: the next question to ask, and what an answer held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from academichub.errors import AnswerMovedCursor, AnswerPageEmpty, AnswerPageRepeated
from academichub.sources.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from academichub.model.papers import Feed
    from academichub.sources.limits import Limits

ACCEPT_JSON: Final = "application/json"
ACCEPT_XML: Final = "application/xml, text/xml;q=0.9"


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a server's stock a harvest is after; both days are included."""

    since: date | None
    until: date | None
    now: datetime  # UTC; nothing here asks a clock
    is_past: bool = False  # a stretch of the past: what was published in it, not what has changed in it since


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a harvest.

    All fields are JSON values, so that a harvest whose process died goes on where it was. It never
    holds a key or a token of ours: those are added when it is asked.
    """

    url: str
    accept: str = ACCEPT_JSON
    post: str = ""  # the JSON body of a POST; "" asks with GET
    seen: int = 0  # entries of the answers before this one
    pages: int = 0  # answers before this one
    total: int | None = None  # of the whole harvest, where the first answer told it
    token: str = ""  # the cursor or resumption token that `url` carries
    page_mark: str = ""  # what the answer before this one began with, to recognise it when it comes again
    scope: str = ""  # what the connector was asked for: a set, an ISSN, a prefix
    since: str = ""  # the window's first day, ISO, for starting again when a token has expired


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer of a harvest held."""

    feed: Feed
    next: Step | None  # None at the end
    total: int | None = None  # of the whole harvest, where the server tells


# A saved answer's shape: the parsed JSON value, or the root element's "{namespace}name".
JsonShape: TypeAlias = "Callable[[object], bool]"


@dataclass(frozen=True, slots=True)
class Connector:
    """One kind of server: how to ask it and how to read it. Everything here is pure.

    `read` raises FeedError where the answer is an error, dressed as a good answer or not; `first` and
    `lookup` raise ValueError where they are given a scope or identifiers they cannot ask for.
    """

    name: str
    read: Callable[[bytes, Step, Limits], Page]
    first: Callable[[str, Window], Step] | None = None  # begin a harvest of a scope
    lookup: Callable[[Sequence[str]], Step] | None = None  # ask for works by identifier
    most_lookups: int = 1  # identifiers in one question
    recognises_json: JsonShape | None = None
    recognises_xml: Callable[[str], bool] | None = None
    key_setting: str = ""  # the setting that holds the key, where one helps
    needs_key: bool = False
    fields: frozenset[str] = field(default_factory=frozenset)  # what a lookup can complete


def read_saved(connector: Connector, body: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Page:
    """Read an answer that was saved, without knowing what had been asked."""
    return connector.read(body, Step(url=""), limits)


def check_page(
    step: Step, *, entries: int, total: int | None, mark: str, token: str = "", is_last: bool = False
) -> None:
    """Recognise the ways in which a page of a harvest can lie.

    Args:
        step: What was asked.
        entries: How many entries came, rejected ones included.
        total: How many there are in all, as this answer says; None where it does not.
        mark: What tells this page from another, such as its first entry's identifier; "" for none.
        token: The cursor for the next page that the answer gave.
        is_last: The answer itself says that nothing follows.

    Raises:
        AnswerPageEmpty: No entries, though by the server's own count there are more.
        AnswerPageRepeated: The same page as before.
        AnswerMovedCursor: The cursor leads to where we already are, though there are more.
    """
    expected = step.total if total is None else total
    if entries == 0 and not is_last and expected is not None and step.seen < expected:
        raise AnswerPageEmpty(seen=step.seen, total=expected)
    if entries and mark and mark == step.page_mark:
        raise AnswerPageRepeated(seen=step.seen, mark=mark[:200])
    is_stuck = bool(token) and token == step.token
    if entries and is_stuck and expected is not None and step.seen + entries < expected:
        raise AnswerMovedCursor(seen=step.seen, total=expected)
