"""Let entries inherit from others: BibTeX's crossref, BibLaTeX's crossref and xdata.

The rules are those of BibLaTeX's manual (appendix B), less what would make a chapter pass for its book:
identifiers, addresses, abstracts, notes and keywords are nobody's but the entry's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.references.entry import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from academichub.references.bibscan import Entry

_LONGEST_LINE: Final = 10  # generations; a circle has no end
_NEVER: Final = frozenset(
    (
        *(
            "crossref",
            "xref",
            "xdata",
            "ids",
            "entryset",
            "entrysubtype",
            "label",
            "options",
            "related",
            "keywords",
        ),
        *(
            "doi",
            "eprint",
            "eprinttype",
            "archiveprefix",
            "arxiv",
            "arxivid",
            "pmid",
            "pmcid",
            "pmc",
            "url",
            "ee",
        ),
        *(
            "link",
            "howpublished",
            "abstract",
            "note",
            "annote",
            "annotation",
            "addendum",
            "groups",
            "pages",
            "file",
        ),
        *("title", "subtitle", "shorttitle", "number", "month", "day"),
    )
)
_PARTS: Final = frozenset(
    {
        "inbook",
        "incollection",
        "inproceedings",
        "conference",
        "inreference",
        "bookinbook",
        "suppbook",
        "suppcollection",
    }
)
# An author of the whole is the author of its part only here.
_OF_THE_AUTHOR: Final = frozenset({"inbook", "bookinbook", "suppbook"})


@dataclass(frozen=True, slots=True)
class Family:
    """An entry with what it says, itself or by inheritance; the first of several fields of a name."""

    entry: Entry
    said: Mapping[str, str]


def inherit(entries: Sequence[Entry]) -> tuple[list[Family], list[Remark]]:
    """Complete every entry, and leave out those of type xdata. Keys differ in case only by accident."""
    by_key: dict[str, Entry] = {}
    remarks: list[Remark] = []
    for entry in entries:
        known = by_key.setdefault(entry.key.lower(), entry)
        if known is not entry and entry.key == known.key != "":
            remarks.append(Remark(entry.line, entry.key, f"the key is already used on line {known.line}"))
    return [_complete(entry, by_key, remarks) for entry in entries if entry.type != "xdata"], remarks


def _complete(entry: Entry, by_key: Mapping[str, Entry], remarks: list[Remark]) -> Family:
    said = _first_of_each(entry.fields)
    if "crossref" not in said and "xdata" not in said:
        return Family(entry, said)
    queue = list(_parents(said))
    seen = {entry.key.lower()}
    while queue and len(seen) <= _LONGEST_LINE:
        key, is_container = queue.pop(0)
        if key.lower() in seen:
            continue
        seen.add(key.lower())
        parent = by_key.get(key.lower())
        if parent is None:
            remarks.append(Remark(entry.line, entry.key, f"its parent entry {key} is not in the file"))
            continue
        theirs = _first_of_each(parent.fields)
        for name, value in _inherited(entry, theirs, is_container=is_container):
            said.setdefault(name, value)
        queue.extend(_parents(theirs))
    return Family(entry, said)


def _first_of_each(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in fields:
        said.setdefault(name, value)
    return said


def _parents(said: Mapping[str, str]) -> Iterable[tuple[str, bool]]:
    """List the keys of parents, and whether each is a container of data only."""
    for key in said.get("xdata", "").split(","):
        if key.strip():
            yield key.strip(), True
    if parent := said.get("crossref", "").strip():
        yield parent, False


def _inherited(entry: Entry, theirs: Mapping[str, str], *, is_container: bool) -> Iterable[tuple[str, str]]:
    if is_container:
        return theirs.items()
    given = [(name, value) for name, value in theirs.items() if name not in _NEVER]
    if entry.type in _PARTS and "title" in theirs:
        given = [*given, ("booktitle", theirs["title"])]
    elif entry.type == "article" and "title" in theirs:
        given = [*given, ("journaltitle", theirs["title"])]
    if entry.type not in _OF_THE_AUTHOR:
        given = [(name, value) for name, value in given if name != "author"]
    return given
