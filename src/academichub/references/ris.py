"""Make references of records in RIS, PubMed's format and Web of Science's.

RIS: the specification of Research Information Systems (2001 and 2012), and what EndNote, Zotero,
Mendeley, Ovid and publishers make of it. PubMed: "MEDLINE/PubMed data element descriptions", NLM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.references import kinds, tagged
from academichub.references.dates import finest, year_of
from academichub.references.entry import LIMITS, Reference, Shelf
from academichub.references.finding import Clues, identify
from academichub.references.languages import language_tag
from academichub.references.people import authors, inverted_name, whole_name
from academichub.references.plain import from_prose, from_rich, web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.references.entry import Limits
    from academichub.references.tagged import Dialect, Tagged

_PUBMED_NAME: Final = re.compile(r"(.+?) ([A-Z]{1,4})(?: (Jr|Sr|\d\w\w))?$")
_PUBMED_ID: Final = re.compile(r"(\S+) \[(doi|pii)\]")
_LIST_MARK: Final = re.compile(r"^\*")


@dataclass(frozen=True, slots=True)
class Tags:
    """Which tags say what; the first that is there counts, where only one can."""

    key: tuple[str, ...]
    kind: tuple[str, ...]
    title: tuple[str, ...]
    authors: tuple[str, ...]
    abstract: tuple[str, ...]
    dates: tuple[str, ...]
    venue: tuple[str, ...]
    doi: tuple[str, ...]
    pmid: tuple[str, ...]
    pmcid: tuple[str, ...]
    issn: tuple[str, ...]
    urls: tuple[str, ...]
    keywords: tuple[str, ...]
    notes: tuple[str, ...]
    language: tuple[str, ...]
    keyword_mark: str = ""  # what parts several keywords of one value


_TAGS: Final = {
    tagged.RIS.format: Tags(
        key=("ID",),
        kind=("TY",),
        title=("TI", "T1", "CT", "BT", "ST"),
        authors=("AU", "A1"),
        abstract=("AB", "N2"),
        dates=("PY", "Y1", "DA", "YR"),
        venue=("JF", "JO", "T2", "BT", "JA", "J2", "C3", "T3", "PB"),
        doi=("DO", "DI"),
        pmid=("PM",),
        pmcid=("C2",),
        issn=("SN",),
        urls=("UR", "LK", "L1", "L2", "L3"),
        keywords=("KW", "DE"),
        notes=("N1", "RN"),
        language=("LA",),
    ),
    tagged.PUBMED.format: Tags(
        key=("PMID",),
        kind=("PT",),
        title=("TI", "BTI", "TT"),
        authors=("FAU", "AU", "CN"),
        abstract=("AB", "OAB"),
        dates=("DP", "DEP"),
        venue=("JT", "TA"),
        doi=("LID", "AID"),
        pmid=("PMID",),
        pmcid=("PMC",),
        issn=("IS",),
        urls=("URL",),
        keywords=("OT", "MH"),
        notes=("GN",),
        language=("LA",),
    ),
    tagged.SCIENCE.format: Tags(
        key=("UT",),
        kind=("DT", "PT"),
        title=("TI",),
        authors=("AF", "AU", "CA"),
        abstract=("AB",),
        dates=("PY",),
        venue=("SO", "CT"),
        doi=("DI",),
        pmid=("PM",),
        pmcid=(),
        issn=("SN", "EI"),
        urls=("UR",),
        keywords=("DE", "ID"),
        notes=(),
        language=("LA",),
        keyword_mark=";",
    ),
}


def read_tagged(text: str, dialect: Dialect, *, limits: Limits = LIMITS) -> tuple[Shelf, bool]:
    """Read a file; the second value tells that it has more records than the limit."""
    scanned = tagged.scan_tagged(text, dialect, limits)
    if scanned.is_over:
        return Shelf(dialect.format, ()), True
    tags = _TAGS[dialect.format]
    references = tuple(
        _reference(record, position, tags, dialect) for position, record in enumerate(scanned.records)
    )
    return Shelf(dialect.format, references, scanned.broken, scanned.remarks), False


def _reference(record: Tagged, position: int, tags: Tags, dialect: Dialect) -> Reference:
    said = record.fields
    raw = _first(said, tags.title)
    notes = tuple(note for each in _all(said, tags.notes) if (note := from_prose(each)))
    venue = from_rich(_first(said, tags.venue))
    urls = _all(said, tags.urls)
    identifiers = identify(
        Clues(
            doi=_doi(said, tags, dialect),
            pmid=_first(said, tags.pmid),
            pmcid=_first(said, tags.pmcid),
            issn=" ".join(_all(said, tags.issn)),
            texts=[*urls, venue, *notes, *_all(said, ("M1", "M3", "AN", "C1"))],
        )
    )
    date = finest(_all(said, tags.dates))
    kind = _kind(said, tags, dialect)
    return Reference(
        position=position,
        line=record.line,
        key=_first(said, tags.key),
        type=kinds.with_preprints(kind, arxiv=identifiers.arxiv, venue=venue),
        title=from_rich(raw),
        title_raw=raw,
        authors=authors([_name(each, dialect) for each in _people(said, tags)]),
        abstract=from_prose(_first(said, tags.abstract)),
        year=year_of(date),
        date=date,
        venue=venue,
        identifiers=identifiers,
        url=next((url for each in urls if (url := web_address(each))), ""),
        keywords=tuple(dict.fromkeys(_keywords(said, tags))),
        notes=notes,
        language=language_tag(_first(said, tags.language)),
        fields={tag: tuple(values) for tag, values in said.items()},
    )


def _first(said: dict[str, list[str]], tags: tuple[str, ...]) -> str:
    return next((value for value in _all(said, tags) if value), "")


def _all(said: dict[str, list[str]], tags: tuple[str, ...]) -> list[str]:
    return [value for tag in tags for value in said.get(tag, ()) if value]


def _kind(said: dict[str, list[str]], tags: Tags, dialect: Dialect) -> str:
    if dialect is tagged.RIS:
        written = _first(said, tags.kind)
        return kinds.RIS.get(written.upper()) or kinds.kind_in_words(written)
    found = (kinds.kind_in_words(part) for each in _all(said, tags.kind) for part in each.split(";"))
    return next((kind for kind in found if kind != kinds.OTHER), "article-journal")


def _doi(said: dict[str, list[str]], tags: Tags, dialect: Dialect) -> str:
    if dialect is not tagged.PUBMED:
        return _first(said, tags.doi)
    named = (_PUBMED_ID.fullmatch(each) for each in _all(said, tags.doi))
    return next((match[1] for match in named if match and match[2] == "doi"), "")


def _people(said: dict[str, list[str]], tags: Tags) -> list[str]:
    """List the authors: of a short and a long list of the same people, the long one; and the bodies."""
    *people, bodies = tags.authors if len(tags.authors) > 2 else (*tags.authors, "")  # noqa: PLR2004  see `Tags`
    listed = next((said[tag] for tag in people if said.get(tag)), [])
    return [name for each in (*listed, *said.get(bodies, ())) for name in each.split("\n")]


def _name(written: str, dialect: Dialect) -> str:
    """Write a name in reading order: "Shannon,Claude E.", PubMed's "Shannon CE", Ovid's "Shannon C.E."."""
    name = from_rich(written).strip(" ;,")
    if "," in name:
        return inverted_name(name)
    short = _PUBMED_NAME.fullmatch(name) if dialect is tagged.PUBMED else None
    return whole_name(short[1], short[2], suffix=short[3] or "") if short else name


def _keywords(said: dict[str, list[str]], tags: Tags) -> Iterator[str]:
    for value in _all(said, tags.keywords):
        lines = value.replace("\n", " ").split(tags.keyword_mark) if tags.keyword_mark else value.split("\n")
        for part in lines:
            if keyword := from_rich(_LIST_MARK.sub("", part.strip())):
                yield keyword
