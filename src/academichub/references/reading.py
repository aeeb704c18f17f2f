"""Read a library file of any reference manager. The content says what it is; the name is for messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from academichub.errors import LibraryEntryBroken, LibraryUnreadable
from academichub.references import tagged
from academichub.references.bibtex import read_bibtex
from academichub.references.csljson import csl_reference, is_csl
from academichub.references.decoding import decode_file, is_binary
from academichub.references.entry import LIMITS, Library, Reference, Remark, Shelf
from academichub.references.jsonscan import NotJson, scan_json
from academichub.references.ris import read_tagged
from academichub.references.values import longest, mapping, words
from academichub.references.zotero import (
    collection_names,
    collections_of_items,
    is_child,
    is_zotero,
    zotero_reference,
)
from academichub.references.zoterocsv import header_of, read_csv

if TYPE_CHECKING:
    from academichub.references.entry import Limits
    from academichub.references.jsonscan import Found, JsonFile

_STARTS: Final = (
    (tagged.RIS, re.compile(r"^[ \t]{0,3}TY[ \t]{1,3}-(?:[ \t]|$)", re.MULTILINE)),
    (tagged.PUBMED, re.compile(r"^PMID- ", re.MULTILINE)),
    (tagged.SCIENCE, re.compile(r"\A\s*(?:FN .*\n(?:VR .*\n)?)?PT [JBSP]$", re.MULTILINE)),
)
_BIBTEX: Final = re.compile(r"(?<![\w\\@.])@[ \t]*[A-Za-z][\w-]*[ \t\n]*[{(]")
_COMMENTS: Final = re.compile(r"\s*(?:%[^\n]*\s*)+")


def read_library(content: bytes, *, name: str, limits: Limits = LIMITS) -> Library:
    """Read BibTeX, BibLaTeX, RIS, PubMed's format, Web of Science's, CSL-JSON, Zotero's JSON or CSV.

    An entry that cannot be read is in `broken` with its line and key, and never stops its neighbours.

    Args:
        content: The bytes of the file; the encoding is found out.
        name: The file's name, for messages only.
        limits: What a file may hold.

    Raises:
        LibraryUnreadable: Nothing of it can be read: no known format, no text, or beyond the limits.
    """
    if len(content) > limits.file_bytes:
        raise LibraryUnreadable(file=name, reason=f"larger than {limits.file_bytes // 1_000_000} MB")
    decoded = decode_file(content)
    if not decoded.text.strip():
        raise LibraryUnreadable(file=name, reason="the file is empty")
    if is_binary(decoded.text):
        raise LibraryUnreadable(file=name, reason="it is no text")
    shelf, is_over = _read(decoded.text, name, limits)
    if is_over:
        raise LibraryUnreadable(file=name, reason=f"more than {limits.entries} entries; split the file")
    guess = (Remark(1, "", f"nothing says how the file is encoded; read as {decoded.encoding}"),)
    return Library(
        format=shelf.format,
        references=shelf.references,
        broken=tuple(
            LibraryEntryBroken(file=name, line=each.line, entry=each.entry, reason=each.reason)
            for each in shelf.broken
        ),
        warnings=(*(guess if decoded.is_guess else ()), *shelf.warnings),
        skipped=shelf.skipped,
        encoding=decoded.encoding,
    )


def _read(text: str, name: str, limits: Limits) -> tuple[Shelf, bool]:
    start = text.lstrip()[:1]
    if start in {"{", "["}:
        return _read_json(text, name, limits)
    if start == "<":
        raise LibraryUnreadable(file=name, reason="a web page or XML, not the export of a library")
    if header_of(text):
        return read_csv(text, limits=limits)
    # A library in one format may quote another one in an abstract: the first mark is the file's own.
    found = [(match.start(), dialect) for dialect, mark in _STARTS if (match := mark.search(text))]
    bibtex = _BIBTEX.search(text)
    if found and (bibtex is None or min(found, key=lambda each: each[0])[0] < bibtex.start()):
        return read_tagged(text, min(found, key=lambda each: each[0])[1], limits=limits)
    if bibtex or _COMMENTS.fullmatch(text):
        return read_bibtex(text, limits=limits)
    raise LibraryUnreadable(file=name, reason="no format of a reference manager that the hub reads")


# -- JSON -----------------------------------------------------------------------------------------


def _read_json(text: str, name: str, limits: Limits) -> tuple[Shelf, bool]:
    try:
        scanned = scan_json(text, limits)
    except NotJson as error:
        raise LibraryUnreadable(file=name, reason=str(error.args[0])) from None
    if scanned.is_over:
        return Shelf("json", ()), True
    shelf = _JsonReader(scanned, limits).read()
    is_known = shelf.references or shelf.skipped or scanned.broken or not scanned.entries
    if not is_known:
        raise LibraryUnreadable(file=name, reason="JSON, but without references of Zotero or CSL")
    return shelf, False


class _JsonReader:
    """Makes references of the entries of one JSON file."""

    __slots__ = ("broken", "format", "held_by", "limits", "names", "references", "scanned", "skipped")

    def __init__(self, scanned: JsonFile, limits: Limits) -> None:
        self.scanned = scanned
        self.limits = limits
        self.held_by = collections_of_items(scanned.beside)
        self.names = collection_names(scanned.beside)
        self.references: list[Reference] = []
        self.broken: list[Remark] = []
        self.skipped: dict[str, int] = {}
        self.format = "zotero-json" if scanned.beside else "csl-json"

    def read(self) -> Shelf:
        """Read every entry."""
        is_first = True
        for found in self.scanned.entries:
            fields = _fields_of(found)
            if is_first and (is_zotero(fields) or is_csl(fields)):
                self.format = "zotero-json" if is_zotero(fields) else "csl-json"
                is_first = False
            self._entry(found, fields)
        broken = sorted((*self.scanned.broken, *self.broken), key=lambda remark: remark.line)
        return Shelf(self.format, tuple(self.references), tuple(broken), (), self.skipped)

    def _entry(self, found: Found, fields: dict[str, Any]) -> None:
        position, line = len(self.references), found.line
        if is_child(fields):
            kind = str(fields["itemType"])
            self.skipped[kind] = self.skipped.get(kind, 0) + 1
        elif longest(fields) > self.limits.field_characters:
            self._break(found, fields, f"a field has more than {self.limits.field_characters} characters")
        elif is_zotero(fields):
            self.references.append(
                zotero_reference(fields, position=position, line=line, held_by=self.held_by, names=self.names)
            )
        elif is_csl(fields):
            self.references.append(csl_reference(fields, position=position, line=line))
        else:
            self._break(found, fields, "neither an item of Zotero nor an entry of CSL-JSON")

    def _break(self, found: Found, fields: dict[str, Any], reason: str) -> None:
        key = words(fields.get("citationKey")) or words(fields.get("id")) or words(fields.get("key"))
        self.broken.append(Remark(found.line, key[:80], reason))


def _fields_of(found: Found) -> dict[str, Any]:
    """Give the fields of an entry; the API of Zotero wraps them: `{"key", "version", "data": {...}}`."""
    entry = mapping(found.value)
    inside = mapping(entry.get("data")) or mapping(entry.get("csljson"))
    return inside if inside and not is_zotero(entry) else entry
