"""Write CSL-JSON (Citation Style Language 1.0.2)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from academichub.references import kinds
from academichub.references.plain import from_prose, from_rich
from academichub.references.writing.details import EDITORS
from academichub.references.writing.jsontext import structure, to_json
from academichub.references.writing.keys import keys_for
from academichub.references.writing.namewords import name_words
from academichub.references.writing.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.references.writing.sheets import Sheet

FORMAT: Final = "csl-json"
_NAMES: Final = frozenset(
    (
        *("author", "chair", "collection-editor", "compiler", "composer", "container-author", "contributor"),
        *("curator", "director", "editor", "editorial-director", "executive-producer", "guest", "host"),
        *("illustrator", "interviewer", "narrator", "organizer", "original-author", "performer", "producer"),
        *("recipient", "reviewed-author", "script-writer", "series-creator", "translator"),
    )
)
# What a stranger may spell like JSON, and is a text all the same.
_TEXTS: Final = frozenset(
    (
        *("id", "citation-key", "type", "title", "title-short", "abstract", "container-title", "event"),
        *("container-title-short", "event-title", "note", "annote", "publisher", "authority", "number"),
        *("archive", "archive_location", "URL", "DOI", "PMID", "PMCID", "language", "keyword"),
    )
)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,15})", re.ASCII)
_TEXT_DETAILS: Final = (
    *("volume", "issue", "page", "publisher", "publisher-place", "edition", "ISBN", "collection-title"),
)


def write_csl(sheets: Sequence[Sheet]) -> str:
    """Write a list of entries."""
    keys = keys_for([sheet.reference for sheet in sheets], is_tex=False)
    return to_json([csl_entry(sheet, key) for sheet, key in zip(sheets, keys, strict=True)])


def csl_entry(sheet: Sheet, key: str) -> dict[str, Any]:
    """Make one entry."""
    return _as_written(sheet, key) if sheet.written_in == FORMAT else _from_parts(sheet, key)


def _as_written(sheet: Sheet, key: str) -> dict[str, Any]:
    entry = {name: _value(name, values) for name, values in sheet.reference.fields.items()}
    if "citation-key" in entry:
        return {**entry, "citation-key": key}
    return {"id": key, **{name: value for name, value in entry.items() if name != "id"}}


def _value(name: str, values: tuple[str, ...]) -> object:
    """Undo `values.as_written`: what was no text was kept as JSON."""
    read = [value if name in _TEXTS else _element(value) for value in values]
    if name in _NAMES:
        return [
            json.loads(each) if isinstance(each, str) and _NUMBER.fullmatch(each) else each for each in read
        ]
    if not read:
        return ""
    return read[0] if len(read) == 1 else read


def _element(value: str) -> object:
    found = structure(value)
    return value if found is None else found


def _from_parts(sheet: Sheet, key: str) -> dict[str, Any]:
    reference, details = sheet.reference, sheet.details
    identifiers = reference.identifiers
    arxiv = f"arXiv:{identifiers.arxiv}" if identifiers.arxiv else ""
    is_preprint = reference.type == kinds.PREPRINT
    entry: dict[str, Any] = {
        "id": key,
        "type": reference.type if reference.type in kinds.CSL else kinds.OTHER,
        "title": spell(reference.title, from_rich),
        "author": [csl_person(author.name) for author in reference.authors],
        "editor": [csl_person(name) for name in filter(None, details.get(EDITORS, "").split("\n"))],
        "issued": _date(reference.date),
        "container-title": spell(reference.venue, from_rich),
        **{name: details.get(name, "") for name in _TEXT_DETAILS},
        "number": arxiv if is_preprint else "",
        "archive": "arXiv" if arxiv and not is_preprint else "",
        "archive_location": arxiv if not is_preprint else "",
        "DOI": identifiers.doi,
        "PMID": identifiers.pmid,
        "PMCID": identifiers.pmcid,
        "ISSN": identifiers.issn,
        "URL": reference.url,
        "abstract": spell(reference.abstract, from_prose),
        "keyword": ", ".join(
            spell(word.replace(",", " ").replace(";", " "), from_rich) for word in reference.keywords
        ),
        "language": reference.language,
        "annote": spell("\n\n".join(reference.notes), from_prose),
    }
    return {name: value for name, value in entry.items() if value}


def csl_person(name: str) -> dict[str, str]:
    """Make a name variable."""
    words = name_words(name)
    if words.is_body or not words.given:
        return {"literal": spell(name, from_rich)}
    parts = {
        "family": spell(words.family, from_rich),
        "given": spell(words.given, from_rich),
        "non-dropping-particle": words.particle,
        "suffix": words.suffix,
    }
    return {part: value for part, value in parts.items() if value}


def _date(written: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in written.split("-")]]} if written else {}
