"""Lay a work out for tantivy: the fields, and what each of them is fed with.

Words are cut by `text/words.py` alone, for works as for queries; tantivy only parts what it gets at spaces.

| field | holds | found by |
|---|---|---|
| `all` | roots of words of title, abstract and authors | bare words; ranking |
| `title_roots`, `abstract_roots` | the same of one field | bare words of a field; ranking |
| `title`, `abstract`, `venue`, `author` | words of both readings, with places | phrases, quotes, prefixes |
| `names` | names of authors by pairs of their words (`authornames.py`) | names with initials |
| `category`, `source`, `identifier`, `kind`, `feature`, `orcid` | keys | fields of the language |
| `by_category`, `by_source`, `by_venue`, `by_kind`, `year` | values as readers see them | facets |
| `id`, `day`, `newest` | numbers; `newest` is day and number in one | order, pages, sets of works |
| `entry`, `note` | what an entry is: a work, or the one note on the index itself | |
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import tantivy

from academichub.index.authornames import name_keys
from academichub.model.taxonomy import category
from academichub.text.querymatch import roots_of
from academichub.text.queryvalues import category_keys, identifier_keys, key_of
from academichub.text.words import readings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from academichub.model.query import Document
    from academichub.text.words import Readings

# Count up whenever the fields, or what they are fed with, change: an index of another version is rebuilt.
VERSION: Final = 1

WORDS: Final = "words"  # the tokeniser's name in tantivy
WORK: Final = "work"
NOTE: Final = "note"
LONGEST_TERM: Final = 1_000  # characters; tantivy drops terms of 64 KiB and more
_LONGEST_VALUE: Final = 300  # characters of a facet's value
# Numbers of works fit; the rest of an i64 holds the day's ordinal.
_ID_BITS: Final = 40
_LAST_ID: Final = (1 << _ID_BITS) - 1

_PLACED: Final = ("title", "abstract", "venue", "author")
_COUNTED: Final = ("all", "title_roots", "abstract_roots")
_KEYS: Final = ("names", "category", "source", "identifier", "kind", "feature", "orcid", "entry")
_FACETS: Final = ("by_category", "by_source", "by_venue", "by_kind")
_NUMBERS: Final = ("id", "day", "year", "newest")


def _build() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in _PLACED:
        builder.add_text_field(field, tokenizer_name=WORDS, index_option="position")
    for field in _COUNTED:
        builder.add_text_field(field, tokenizer_name=WORDS, index_option="freq")
    for field in _KEYS:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in _FACETS:
        builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    for field in _NUMBERS:
        # Signed ones only: a Python number for an unsigned field kills tantivy's writer.
        builder.add_integer_field(field, indexed=True, fast=True)
    builder.add_text_field("note", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA: Final = _build()


def register(index: tantivy.Index) -> None:
    """Tell an index how its fields are cut; needed before anything is written."""
    whole = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(WORDS, whole)


def entry_of(document: Document) -> tantivy.Document:
    """Lay a work out."""
    title, abstract = readings(document.title), readings(document.abstract)
    authors = [readings(name) for name in document.authors]
    title_roots, abstract_roots = _row(roots_of(title)), _row(roots_of(abstract))
    author_roots = [_row(roots_of(name)) for name in authors]
    day = 0 if document.listed_on is None else document.listed_on.toordinal()
    fields: dict[str, object] = {
        "entry": WORK,
        "id": document.work_id,
        "newest": newest_key(day, document.work_id),
        "all": " ".join((title_roots, abstract_roots, *author_roots)),
        "title_roots": title_roots,
        "abstract_roots": abstract_roots,
        "title": _rows(title),
        "abstract": _rows(abstract),
        "venue": _rows(readings(document.venue)),
        "author": [row for name in authors for row in _rows(name)],
        "names": _keys(key for name in authors for key in name_keys(name)),
        "category": _keys(key for name in document.categories for key in category_keys(name)),
        "source": _keys(map(key_of, document.sources)),
        "identifier": _keys(key for one in document.identifiers for key in identifier_keys(one)),
        "kind": _keys((document.kind,)),
        "feature": _keys(document.features),
        "orcid": _keys(orcid.lower() for orcid in document.orcids),
        "by_category": _values(value for name in document.categories for value in _shelves(name)),
        "by_source": _values(document.sources),
        "by_venue": _values((document.venue,)),
        "by_kind": _values((document.kind,)),
    }
    if document.listed_on is not None:
        fields |= {"day": day, "year": document.listed_on.year}
    return tantivy.Document.from_dict(fields, SCHEMA)


def note_of(text: str) -> tantivy.Document:
    """Lay out the note that an index keeps on itself."""
    return tantivy.Document.from_dict({"entry": NOTE, "note": text}, SCHEMA)


def newest_key(day: int, work_id: int) -> int:
    """Give what works are ordered by, newest first: bigger for a later day, then for a smaller number."""
    return day << _ID_BITS | (_LAST_ID - work_id)


def of_newest_key(key: int) -> tuple[int, int]:
    """Give the ordinal of the day and the work's number back."""
    return key >> _ID_BITS, _LAST_ID - (key & _LAST_ID)


def bounded(term: str) -> str:
    """Give a term of bearable length: a long one is cut, with a digest of all of it behind."""
    if len(term) <= LONGEST_TERM:
        return term
    digest = blake2b(term.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{term[: LONGEST_TERM - len(digest)]}{digest}"


def facet_value(value: str) -> str:
    """Give a facet's value as it is counted: single spaces, and not without end."""
    clean = value if value.isascii() else value.encode("utf-8", "replace").decode()
    return " ".join(clean.split())[:_LONGEST_VALUE]


def _row(words: Collection[str]) -> str:
    row = " ".join(words)
    if len(row) > LONGEST_TERM and max(map(len, words)) > LONGEST_TERM:
        return " ".join([bounded(word) for word in words])
    return row


def _rows(found: Readings) -> list[str]:
    """Write both readings as two values; tantivy leaves a gap between them, so no phrase crosses it."""
    return [_row(found.parted)] if found.joined is found.parted else [_row(found.parted), _row(found.joined)]


def _keys(keys: Iterable[str]) -> list[str]:
    return [_key(key) for key in dict.fromkeys(keys) if key]


def _key(key: str) -> str:
    return bounded(key if key.isascii() else key.encode("utf-8", "replace").decode())


def _values(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(map(facet_value, values)) if value]


def _shelves(name: str) -> tuple[str, ...]:
    """Give a category and, for one of arXiv's, its archive."""
    return (name,) if category(name) is None else (name, name.partition(".")[0])
