"""Write a library's entry as the hub keeps it, whole, and read an equal one back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from academichub.model.papers import Author, Identifiers
from academichub.references.entry import Reference
from academichub.store.libraryentries import NewEntry
from academichub.store.log import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DIGEST_DIGITS: Final = 32
_SCHEMES: Final = tuple(one.name for one in fields(Identifiers))


class Arriving(NamedTuple):
    """An entry as it is kept."""

    reference: Reference
    entry: NewEntry


def arrivals(references: Iterable[Reference], *, file_format: str) -> Iterator[Arriving]:
    """Write entries as they are kept; equal ones of one file are told apart by their number."""
    seen: dict[str, int] = {}
    for one in references:
        kept = written(one, file_format=file_format)
        digest = digest_of(kept)
        seen[digest] = seen.get(digest, 0) + 1
        fingerprint = digest if seen[digest] == 1 else f"{digest}#{seen[digest]}"
        yield Arriving(one, entry_of(one, kept, fingerprint=fingerprint))


def entry_of(reference: Reference, kept: Mapping[str, Any], *, fingerprint: str, key: str = "") -> NewEntry:
    """Make the row of an entry."""
    return NewEntry(
        position=reference.position,
        line=reference.line,
        key=storable(key or reference.key),
        type=reference.type,
        title=storable(reference.title),
        authors=tuple(" ".join(storable(author.name).split()) for author in reference.authors),
        year=reference.year,
        venue=storable(reference.venue),
        identifiers=tuple(f"{scheme}:{value}" for scheme, value in reference.identifiers.pairs()),
        url=storable(reference.url),
        reference=kept,
        fingerprint=fingerprint,
    )


def digest_of(kept: Mapping[str, Any]) -> str:
    """Name an entry by what it says, wherever in a file it stands."""
    said = {name: value for name, value in kept.items() if name not in {"position", "line"}}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGEST_DIGITS]


def written(reference: Reference, *, file_format: str) -> dict[str, Any]:
    """Write an entry as JSON values, all of it; what is empty is left out. `read_back` gives an equal one.

    Args:
        reference: The entry.
        file_format: Whose words its `fields` are: "bibtex", "ris", "zotero-json" ...
    """
    said = {
        "title": reference.title,
        "title_raw": reference.title_raw,
        "authors": [[one.name, one.orcid, list(one.affiliations)] for one in reference.authors],
        "abstract": reference.abstract,
        "year": reference.year,
        "date": reference.date,
        "venue": reference.venue,
        "identifiers": {name: one for name in _SCHEMES if (one := getattr(reference.identifiers, name))},
        "url": reference.url,
        "keywords": list(reference.keywords),
        "collections": list(reference.collections),
        "notes": list(reference.notes),
        "language": reference.language,
        "fields": {name: list(values) for name, values in reference.fields.items()},
    }
    return {
        "format": file_format,
        "position": reference.position,
        "line": reference.line,
        "key": _storable(reference.key),
        "type": reference.type,
        **{name: _storable(value) for name, value in said.items() if value not in ("", None, [], {})},
    }


def _storable(value: Any) -> Any:  # noqa: ANN401  # JSON values of any depth
    """Drop what PostgreSQL cannot keep, wherever it stands."""
    if isinstance(value, str):
        return value if value.isascii() and "\x00" not in value else storable(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): _storable(one) for name, one in value.items()}
    return value


def read_back(kept: Mapping[str, Any]) -> tuple[Reference, str]:
    """Read an entry that `written` wrote, with the format that its fields are of."""
    said = dict(kept)
    file_format = str(said.pop("format", ""))
    said["authors"] = tuple(
        Author(name, orcid, tuple(places)) for name, orcid, places in said.get("authors", ())
    )
    said["identifiers"] = Identifiers(**said.get("identifiers", {}))
    said["fields"] = {name: tuple(values) for name, values in said.get("fields", {}).items()}
    for name in ("keywords", "collections", "notes"):
        said[name] = tuple(said.get(name, ()))
    return Reference(**said), file_format
