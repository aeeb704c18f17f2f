"""Make references of CSL-JSON (Citation Style Language 1.0.2, csl-data.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from academichub.references import kinds
from academichub.references.dates import iso, iso_date, year_of
from academichub.references.entry import Reference
from academichub.references.extra import read_extra
from academichub.references.finding import Clues, identify
from academichub.references.languages import language_tag
from academichub.references.people import authors, whole_name
from academichub.references.plain import from_prose, from_rich, web_address
from academichub.references.values import as_written, many, mapping, words

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATES: Final = ("issued", "published", "available-date", "submitted", "original-date")
_VENUES: Final = (
    "container-title",
    "event-title",
    "event",
    "publisher",
    "authority",
    "container-title-short",
)
_CLUES: Final = ("URL", "note", "annote", "container-title", "number", "archive_location")


def is_csl(entry: Mapping[str, Any]) -> bool:
    """Tell an entry of CSL-JSON from any other object."""
    return (
        bool({"type", "title", "DOI", "issued", "container-title"} & entry.keys()) and "itemType" not in entry
    )


def csl_reference(entry: Mapping[str, Any], *, position: int, line: int) -> Reference:
    """Read one entry."""
    named, note = read_extra(words(entry.get("note")))
    identifiers = identify(
        Clues(
            doi=words(entry.get("DOI")) or named.get("doi", ""),
            eprint=named.get("eprint", ""),
            archive=named.get("eprinttype", "") or named.get("archiveprefix", ""),
            arxiv=named.get("arxiv", "") or named.get("arxivid", ""),
            pmid=words(entry.get("PMID")) or named.get("pmid", ""),
            pmcid=words(entry.get("PMCID")) or named.get("pmcid", ""),
            issn=" ".join(words(each) for each in many(entry.get("ISSN"))),
            texts=[_title(entry, name) for name in _CLUES],
        )
    )
    date = next((read for name in _DATES if (read := _date(entry.get(name)))), "")
    written = words(entry.get("type"))
    kind = written if written in kinds.CSL else kinds.BIBTEX.get(written.lower(), kinds.OTHER)
    raw = _title(entry, "title")
    venue = next((read for name in _VENUES if (read := from_rich(_title(entry, name)))), "")
    return Reference(
        position=position,
        line=line,
        key=words(entry.get("citation-key")) or words(entry.get("id")),
        type=kinds.with_preprints(kind, arxiv=identifiers.arxiv, venue=venue),
        title=from_rich(raw),
        title_raw=raw,
        authors=authors([csl_name(each) for each in many(entry.get("author"))]),
        abstract=from_prose(words(entry.get("abstract"))),
        year=year_of(date),
        date=date,
        venue=venue,
        identifiers=identifiers,
        url=web_address(words(entry.get("URL"))),
        keywords=_keywords(entry),
        notes=tuple(each for each in (from_prose(note), from_prose(words(entry.get("annote")))) if each),
        language=language_tag(words(entry.get("language"))),
        fields=as_written(entry),
    )


def csl_name(written: object) -> str:
    """Write a name in reading order; a text alone, or `literal`, is a body."""
    if isinstance(written, str):
        return from_rich(written)
    name = mapping(written)
    literal = words(name.get("literal")) or words(name.get("name"))
    if literal:
        return from_rich(literal)
    particles = f"{words(name.get('dropping-particle'))} {words(name.get('non-dropping-particle'))}".strip()
    return whole_name(
        from_rich(words(name.get("family"))),
        from_rich(words(name.get("given"))),
        prefix=particles,
        suffix=words(name.get("suffix")),
    )


def _title(entry: Mapping[str, Any], name: str) -> str:
    """Give a text; Crossref, which says it writes CSL-JSON, makes lists of titles."""
    return next((text for each in many(entry.get(name)) if (text := words(each))), "")


def _date(written: object) -> str:
    """Read a date: `date-parts` with numbers or texts, `raw`, `literal`, or a text alone."""
    if isinstance(written, str):
        return iso_date(written)
    said = mapping(written)
    parts = next((part for part in many(said.get("date-parts")) if isinstance(part, list)), [])
    numbers = [_number(part) for part in parts[:3]]
    if numbers and numbers[0]:
        return iso(numbers[0], *numbers[1:])
    return iso_date(words(said.get("raw")) or words(said.get("literal")))


def _number(written: object) -> int:
    text = words(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("2026") else 0


def _keywords(entry: Mapping[str, Any]) -> tuple[str, ...]:
    listed = many(entry.get("keyword")) or many(entry.get("categories"))
    parts = [part for each in listed for part in words(each).replace(";", ",").split(",")]
    return tuple(dict.fromkeys(word for part in parts if (word := from_rich(part))))
