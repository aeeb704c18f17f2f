"""The shapes of what readers do with papers: marks, tags, notes, collections, and what they brought along."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.model.papers import Identifiers
    from academichub.model.shelf import Card


class Mark(StrEnum):
    """What a reader says of a paper, on or off."""

    READ = "read"
    STARRED = "starred"
    LATER = "later"
    HIDDEN = "hidden"


class State(NamedTuple):
    """All that one reader holds about one work; nothing where it was never touched."""

    marks: frozenset[Mark] = frozenset()
    tags: tuple[str, ...] = ()  # by name
    collections: tuple[str, ...] = ()  # keys, by name of the collection
    has_note: bool = False


UNTOUCHED = State()


class Note(NamedTuple):
    """What a reader wrote about a work, in Markdown."""

    text: str
    html: str  # safe: made from the text by the program, never taken from outside
    changed_at: datetime


class TagRow(NamedTuple):
    """A tag and how many works have it."""

    name: str
    works: int


class Pile(StrEnum):
    """The lists that marks make; the names are those of addresses."""

    STARRED = "starred"
    LATER = "later"
    READ = "read"
    HIDDEN = "hidden"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class KeptQuery:
    """Which kept works are asked for: a pile or a tag, exactly one of them; newest mark first."""

    pile: Pile | None = None
    tag: str | None = None
    after: int | None = None  # the `next` of the page before
    number: int = 0  # how many came before
    size: int = 50  # 1 to 200


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of a kept list."""

    query: KeptQuery
    cards: tuple[Card, ...]
    works: int  # on all pages
    first_number: int  # 1-based
    next: int | None


class CollectionRow(NamedTuple):
    """A collection and what it holds."""

    key: str  # in addresses; it stays when the name changes
    name: str
    works: int  # of the hub
    entries: int  # brought along, and no work of the hub yet
    origin: str  # "" for one made by hand, "file:refs.bib", "zotero:users/12/collections/AB"
    changed_at: datetime


class LibraryEntry(NamedTuple):
    """An entry that a reader brought along and the hub has no work for."""

    entry_id: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    identifiers: Identifiers
    url: str


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """A page of a collection: its works, newest in first, and on the first page its other entries."""

    row: CollectionRow
    cards: tuple[Card, ...]
    first_number: int
    next: int | None
    entries: tuple[LibraryEntry, ...] = ()  # at most 500, by position in their file


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a library. `entries` = matched + kept + unchanged + broken."""

    collection: str  # its key
    entries: int
    matched: int  # works of the hub, now in the collection
    kept: int  # entries of their own: the hub has no such work
    unchanged: int  # there before
    broken: int
