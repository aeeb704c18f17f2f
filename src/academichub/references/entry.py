"""The shapes that a library file is read into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from academichub.model.papers import Identifiers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.errors import LibraryEntryBroken
    from academichub.model.papers import Author


@dataclass(frozen=True, slots=True)
class Limits:
    """What one library file may hold; beyond it an entry is broken, or the file is refused."""

    file_bytes: int = 100_000_000
    entries: int = 200_000
    json_values: int = 5_000_000  # lists and objects of a whole file
    fields: int = 1_000  # of one entry
    field_characters: int = 1_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd about one entry, in words for its owner. The same shape tells what broke it."""

    line: int  # 1-based, where the entry starts
    entry: str  # its key, or what it is known by; "" where it has none
    reason: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a library, in our words.

    Texts are plain Unicode on one line unless they say otherwise. What the entry inherits from
    another one (crossref, xdata) is in the named parts and not in `fields`.
    """

    position: int  # 0-based among the references of the file
    line: int  # 1-based line where the entry starts
    key: str  # citation key or item key; "" where it has none
    type: str  # in CSL's terms: "article-journal", "paper-conference", "article" for a preprint
    title: str = ""
    title_raw: str = ""  # as written, with TeX or HTML
    authors: tuple[Author, ...] = ()
    abstract: str = ""  # paragraphs apart by a blank line, where the format has any
    year: int | None = None
    date: str = ""  # YYYY, YYYY-MM or YYYY-MM-DD; the first day of a range
    venue: str = ""  # journal, proceedings, book, school or publisher
    identifiers: Identifiers = field(default_factory=Identifiers)
    url: str = ""
    keywords: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()  # JabRef's groups, Zotero's collections
    notes: tuple[str, ...] = ()
    language: str = ""  # BCP 47 where the name is known, else as written
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # every field as written


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that a file holds: what could be read, and what could not."""

    # "bibtex", "biblatex", "ris", "pubmed", "web of science", "csl-json", "zotero-json" or "zotero-csv"
    format: str
    references: tuple[Reference, ...]
    broken: tuple[LibraryEntryBroken, ...] = ()
    warnings: tuple[Remark, ...] = ()  # entries that were read all the same
    skipped: Mapping[str, int] = field(default_factory=dict)  # what is no reference, by kind: "attachment"
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a reader of one format hands over."""

    format: str
    references: tuple[Reference, ...]
    broken: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
