"""Write CSV with the columns of Zotero's own export, one item a row."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Final

from academichub.references.values import many, mapping, words
from academichub.references.writing.keys import keys_for
from academichub.references.writing.sheets import sound
from academichub.references.writing.zotero import zotero_item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.references.writing.sheets import Sheet

FORMAT: Final = "zotero-csv"
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)
_COLUMNS: Final = (
    *("Key", "Item Type", "Publication Year", "Author", "Title", "Publication Title", "ISBN", "ISSN", "DOI"),
    *("Url", "Abstract Note", "Date", "Date Added", "Date Modified", "Access Date", "Pages", "Num Pages"),
    *("Issue", "Volume", "Number Of Volumes", "Journal Abbreviation", "Short Title", "Series"),
    *("Series Number", "Series Text", "Series Title", "Publisher", "Place", "Language", "Rights", "Type"),
    *("Archive", "Archive Location", "Library Catalog", "Call Number", "Extra", "Notes", "File Attachments"),
    *("Link Attachments", "Manual Tags", "Automatic Tags", "Editor", "Series Editor", "Translator"),
    *("Contributor", "Attorney Agent", "Book Author", "Cast Member", "Commenter", "Composer", "Cosponsor"),
    *("Counsel", "Interviewer", "Producer", "Recipient", "Reviewed Author", "Scriptwriter", "Words By"),
    *("Guest", "Number", "Edition", "Running Time", "Scale", "Medium", "Artwork Size", "Filing Date"),
    *("Application Number", "Assignee", "Issuing Authority", "Country", "Meeting Name", "Conference Name"),
    *("Court", "References", "Reporter", "Legal Status", "Priority Numbers", "Programming Language"),
    *("Version", "System", "Code", "Code Number", "Section", "Session", "Committee", "History"),
    "Legislative Body",
)
_COLUMN_BY_KNOWN_FIELD: Final = {"DOI": "DOI", "ISBN": "ISBN", "ISSN": "ISSN", "url": "Url"}
# One column holds what is called otherwise in items of other types.
_SHARED: Final[Mapping[str, tuple[str, ...]]] = {
    "Title": ("caseName", "nameOfAct", "subject"),
    "Publication Title": (
        *("bookTitle", "proceedingsTitle", "encyclopediaTitle", "dictionaryTitle", "blogTitle"),
        *("websiteTitle", "programTitle"),
    ),
    "Publisher": ("university", "institution", "repository"),
    "Date": ("dateDecided", "dateEnacted", "issueDate"),
    "Number": ("archiveID", "reportNumber"),
}
_COLUMN_BY_FIELD: Final = {field: column for column, fields in _SHARED.items() for field in fields}
_PEOPLE: Final = {
    "editor": "Editor",
    "seriesEditor": "Series Editor",
    "translator": "Translator",
    "bookAuthor": "Book Author",
    "contributor": "Contributor",
}
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FORMULA: Final = re.compile(r"[=+\-@\t]")
_NUMBER: Final = re.compile(r"[+-]?[\d.,]+")


def write_csv(sheets: Sequence[Sheet]) -> str:
    """Write a file. It begins with a byte order mark, without which Excel reads Chinese as Latin-1."""
    keys = keys_for([sheet.reference for sheet in sheets], is_tex=False)
    rows = [
        _as_written(sheet) if sheet.written_in == FORMAT else _from_item(zotero_item(sheet, key), key)
        for sheet, key in zip(sheets, keys, strict=True)
    ]
    known = frozenset(_COLUMNS)
    more = dict.fromkeys(column for row in rows for column in row if column not in known)
    text = io.StringIO()
    writer = csv.DictWriter(
        text, (*_COLUMNS, *more), restval="", quoting=csv.QUOTE_ALL, lineterminator="\n", strict=True
    )
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
    return "\ufeff" + text.getvalue()


def _as_written(sheet: Sheet) -> dict[str, str]:
    """Give the cells of a row again; what its reader made of them, creators and tags, is not among them."""
    fields = sheet.reference.fields
    return {
        _column(name): values[0]
        for name, values in fields.items()
        if values and name not in {"creators", "tags"} and not (name == "date" and _is_of_year(fields))
    }


def _is_of_year(fields: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell a date that was taken from the year's column."""
    return fields.get("date") == fields.get("publicationYear")


def _from_item(item: Mapping[str, Any], key: str) -> dict[str, str]:
    row = {"Key": words(item.get("key")) or words(item.get("itemKey")) or key}
    for name, value in item.items():
        column = _COLUMN_BY_FIELD.get(name) or _column(name)
        if isinstance(value, str) and value and column in _COLUMNS:
            row.setdefault(column, value)
    row.setdefault("Publication Year", year[0] if (year := _YEAR.match(row.get("Date", ""))) else "")
    people: dict[str, list[str]] = {}
    for each in many(item.get("creators")):
        creator = mapping(each)
        column = _PEOPLE.get(words(creator.get("creatorType")), "Author")
        people.setdefault(column, []).append(_person(creator))
    row |= {column: "; ".join(filter(None, names)) for column, names in people.items()}
    tags = [words(each) or words(mapping(each).get("tag")) for each in many(item.get("tags"))]
    row["Manual Tags"] = "; ".join(tag.replace(";", ",") for tag in tags if tag)
    notes = [words(each) or words(mapping(each).get("note")) for each in many(item.get("notes"))]
    row["Notes"] = "\n\n".join(note for note in notes if note)
    return row


def _person(creator: Mapping[str, Any]) -> str:
    """Write "Beethoven, Ludwig van"; semicolons part people here, and a comma parts the names of one."""
    family, given = words(creator.get("lastName")), words(creator.get("firstName"))
    if name := words(creator.get("name")):
        return name.replace(";", " ").replace(",", " ")
    return ", ".join(
        part for part in (family.replace(";", " ").replace(",", " "), given.replace(";", " ")) if part
    )


def _column(field: str) -> str:
    """Give the column that a field is in: "abstractNote" is "Abstract Note"."""
    if known := _COLUMN_BY_KNOWN_FIELD.get(field):
        return known
    name = _CAPITAL.sub(" ", field)
    return name[:1].upper() + name[1:]


def _cell(value: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: in front of one stands a space."""
    text = sound(value)
    return f" {text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
