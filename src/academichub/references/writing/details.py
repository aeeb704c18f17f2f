"""Find what a reference says beside its named parts, volume and pages and editors, in any format's fields.

Used where an entry goes from one format to another; in its own format its fields go as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from academichub.references.bibnames import read_names
from academichub.references.csljson import csl_name
from academichub.references.people import inverted_name, whole_name
from academichub.references.plain import from_rich, from_tex
from academichub.references.values import mapping, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from academichub.references.entry import Reference

TEX_FORMATS: Final = frozenset({"bibtex", "biblatex"})
ZOTERO_FORMATS: Final = frozenset({"zotero-json", "zotero-csv"})
EDITORS: Final = "editor"  # names in reading order, one a line; everything else is one line of text
_BY_FAMILY: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "tex": {
        "volume": ("volume",),
        "issue": ("issue", "number"),
        "page": ("pages",),
        "publisher": ("publisher",),
        "publisher-place": ("location", "address"),
        "edition": ("edition",),
        "ISBN": ("isbn",),
        "collection-title": ("series",),
    },
    "ris": {
        "volume": ("VL",),
        "issue": ("IS",),
        "page": (),
        "publisher": ("PB",),
        "publisher-place": ("CY", "PP"),
        "edition": ("ET",),
        "ISBN": (),
        "collection-title": ("T3",),
    },
    "csl-json": {
        name: (name,)
        for name in (
            *("volume", "issue", "page", "publisher", "publisher-place", "edition", "ISBN"),
            "collection-title",
        )
    },
    "zotero": {
        "volume": ("volume",),
        "issue": ("issue",),
        "page": ("pages",),
        "publisher": ("publisher",),
        "publisher-place": ("place",),
        "edition": ("edition",),
        "ISBN": ("ISBN",),
        "collection-title": ("series",),
    },
    "pubmed": {"volume": ("VI",), "issue": ("IP",), "page": ("PG",), "publisher-place": ("PL",)},
    "web of science": {
        "volume": ("VL",),
        "issue": ("IS",),
        "page": (),
        "publisher": ("PU",),
        "publisher-place": ("PI",),
        "ISBN": ("BN",),
        "collection-title": ("SE",),
    },
}


def details_of(reference: Reference, written_in: str) -> dict[str, str]:
    """Give what the fields of an entry say of volume, issue, page, publisher and editors, in CSL's names."""
    family = "tex" if written_in in TEX_FORMATS else "zotero" if written_in in ZOTERO_FORMATS else written_in
    names = _BY_FAMILY.get(family)
    if names is None:
        return {}
    read: Callable[[str], str] = from_tex if family == "tex" else from_rich
    found = {name: read(_first(reference.fields, fields)) for name, fields in names.items()}
    if family in {"ris", "web of science"}:
        found["page"] = _pages(reference.fields)
    found[EDITORS] = "\n".join(_editors(reference.fields, family))
    return {name: value for name, value in found.items() if value}


def _first(fields: Mapping[str, tuple[str, ...]], names: tuple[str, ...]) -> str:
    return next((value for name in names for value in fields.get(name, ()) if value.strip()), "")


def _pages(fields: Mapping[str, tuple[str, ...]]) -> str:
    start, end = _first(fields, ("SP", "BP")), _first(fields, ("EP",))
    return from_rich(f"{start}–{end}" if start and end and "-" not in start else start)


def _editors(fields: Mapping[str, tuple[str, ...]], family: str) -> list[str]:
    match family:
        case "tex":
            return [name for value in fields.get("editor", ()) for name in read_names(value)]
        case "ris":
            names = [
                name for tag in ("ED", "A2") for value in fields.get(tag, ()) for name in value.split("\n")
            ]
            return [inverted_name(from_rich(name)) for name in names]
        case "csl-json":
            return [csl_name(_object(value)) for value in fields.get("editor", ())]
        case "zotero":
            return [_creator(_object(value)) for value in fields.get("creators", ()) if '"editor"' in value]
        case _:
            return []


def _object(spelled: str) -> object:
    try:
        return json.loads(spelled)
    except (ValueError, RecursionError):
        return spelled


def _creator(written: object) -> str:
    said = mapping(written)
    return words(said.get("name")) or whole_name(words(said.get("lastName")), words(said.get("firstName")))
