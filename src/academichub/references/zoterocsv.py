"""Read the CSV that Zotero exports: a header with its column names, one item a row."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING, Any, Final

from academichub.references.entry import LIMITS, Reference, Remark, Shelf
from academichub.references.zotero import CHILDREN, zotero_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.references.entry import Limits

# Columns, and the fields of items they hold; the others are the field's name in words: "Abstract Note".
_FIELDS: Final = {"url": "url", "doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "pages": "pages"}
_LISTS: Final = ("Manual Tags", "Automatic Tags")
_CREATORS: Final = {"Author": "author", "Contributor": "contributor"}
NEEDED: Final = ("Item Type", "Title")


def header_of(text: str) -> list[str]:
    """Give the names of the columns, or [] where the first line is no header of Zotero's."""
    first = text[: text.find("\n") if "\n" in text else len(text)][:10_000]
    names = next(csv.reader([first]), [])
    return names if all(name in names for name in NEEDED) else []


def read_csv(text: str, *, limits: Limits = LIMITS) -> tuple[Shelf, bool]:
    """Read a file; the second value tells that it has more rows than the limit."""
    names = header_of(text)
    references: list[Reference] = []
    broken: list[Remark] = []
    children: dict[str, int] = {}
    is_torn = False
    for line, row, fault in itertools.islice(_rows(text, limits), 1, None):
        if len(references) + len(broken) > limits.entries:
            break
        item = _item(names, row)
        kind = str(item.get("itemType", ""))
        if fault or len(row) != len(names):
            # Lines behind a row that was torn are what is left of it.
            if fault or not is_torn:
                reason = fault or f"{len(row)} columns where the header has {len(names)}"
                broken.append(Remark(line, str(item.get("key", "")), reason))
            is_torn = is_torn or bool(fault)
            continue
        is_torn = False
        if kind in CHILDREN:
            children[kind] = children.get(kind, 0) + 1
        else:
            references.append(
                zotero_reference(item, position=len(references), line=line, held_by={}, names={})
            )
    is_over = len(references) + len(broken) > limits.entries
    return Shelf("zotero-csv", tuple(references), tuple(broken), (), children), is_over


class _Feed:
    """The lines of a file, of which some are given twice."""

    __slots__ = ("at", "lines")

    def __init__(self, text: str) -> None:
        self.lines = list(io.StringIO(text))
        self.at = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def _rows(text: str, limits: Limits) -> Iterator[tuple[int, list[str], str]]:
    """Give the rows, header first, each with its first line, and why it cannot be read, or ''.

    A quote that is not closed swallows lines; the one on which that shows is read again as a row of its own.
    """
    feed = _Feed(text)
    reader = csv.reader(feed, strict=True)
    while feed.at < len(feed.lines):
        start, fault = feed.at, ""
        try:
            row = next(reader)
        except csv.Error as error:
            row, fault = [], f"CSV: {error}"
            feed.at = max(feed.at - 1, start + 1)
            reader = csv.reader(feed, strict=True)
        if any(len(cell) > limits.field_characters for cell in row):
            fault = f"a cell has more than {limits.field_characters} characters"
        if row or fault:
            yield start + 1, row, fault


def _item(names: list[str], row: list[str]) -> dict[str, Any]:
    """Bring a row to the shape of an item."""
    said = {name: value for name, value in zip(names, row, strict=False) if value}
    item: dict[str, Any] = {_field(name): value for name, value in said.items()}
    item["creators"] = [
        {"creatorType": kind, "lastName": family.strip(), "firstName": given.strip()}
        for column, kind in _CREATORS.items()
        for person in said.get(column, "").split(";")
        for family, _, given in [person.partition(",")]
        if person.strip()
    ]
    item["tags"] = [
        tag.strip() for column in _LISTS for tag in said.get(column, "").split(";") if tag.strip()
    ]
    item["notes"] = [said["Notes"]] if "Notes" in said else []
    if "date" not in item and "Publication Year" in said:
        item["date"] = said["Publication Year"]
    return item


def _field(column: str) -> str:
    if known := _FIELDS.get(column.lower()):
        return known
    name = column.replace(" ", "").replace("/", "")
    return name[:1].lower() + name[1:]
