"""Make references of the entries of a BibTeX or BibLaTeX file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.references import kinds
from academichub.references.bibgroups import groups_by_key
from academichub.references.bibinherit import inherit
from academichub.references.bibnames import read_names
from academichub.references.bibscan import scan
from academichub.references.dates import finest, iso, iso_date, year_of
from academichub.references.entry import LIMITS, Reference, Shelf
from academichub.references.finding import Clues, identify
from academichub.references.journals import journal_of
from academichub.references.languages import language_tag
from academichub.references.people import authors
from academichub.references.plain import from_prose, from_tex, verbatim, web_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.references.bibinherit import Family
    from academichub.references.bibscan import Entry
    from academichub.references.entry import Limits

# What BibTeX itself never reads, and BibLaTeX's users write.
_BIBLATEX_FIELDS: Final = frozenset(
    {"date", "journaltitle", "eprinttype", "eventtitle", "origdate", "subtitle"}
)
_BIBLATEX_TYPES: Final = frozenset(
    {"online", "report", "thesis", "software", "dataset", "collection", "mvbook", "inreference", "xdata"}
)
_VENUES: Final = (
    "journaltitle", "journal", "booktitle", "maintitle", "eventtitle", "school", "institution", "publisher",
    "organization", "shortjournal",
)  # fmt: skip
_ADDRESSES: Final = ("url", "ee", "link", "bdsk-url-1", "bdsk-url-2", "howpublished")
# Where people put identifiers for want of a field.
_CLUES: Final = (
    *_ADDRESSES,
    "journal",
    "journaltitle",
    "note",
    "addendum",
    "annote",
    "annotation",
    "extra",
    "number",
    "pages",
)
_NOTES: Final = ("note", "addendum", "annote", "annotation", "review", "comment")
_KEYWORDS: Final = ("keywords", "keyword", "tags", "mendeley-tags", "author_keywords")
_COLLECTIONS: Final = ("groups", "mendeley-groups")
_BRACES: Final = re.compile(r"[{}]")
_PUNCTUATION: Final = (":", "?", "!", ".", "。", "？", "！", "：")
_THESES: Final = ("phdthesis", "mastersthesis")


def read_bibtex(text: str, *, limits: Limits = LIMITS) -> tuple[Shelf, bool]:
    """Read a file; the second value tells that it has more entries than the limit.

    Entries of type xdata hold fields for others and are no references; they are counted as skipped.
    """
    scanned = scan(text, limits)
    if scanned.is_over:
        return Shelf("bibtex", ()), True
    groups = groups_by_key(scanned.comments)
    families, warnings = inherit(scanned.entries)
    references: list[Reference] = []
    for family in families:
        references.append(_reference(family, len(references), groups.get(family.entry.key, ())))
    container = len(scanned.entries) - len(references)
    shelf = Shelf(
        _format_of(scanned.entries),
        tuple(references),
        scanned.broken,
        tuple(sorted((*scanned.remarks, *warnings), key=lambda remark: remark.line)),
        {"xdata": container} if container else {},
    )
    return shelf, False


def _format_of(entries: Sequence[Entry]) -> str:
    for entry in entries:
        if entry.type in _BIBLATEX_TYPES or any(name in _BIBLATEX_FIELDS for name, _ in entry.fields):
            return "biblatex"
    return "bibtex"


def _reference(family: Family, position: int, groups: tuple[str, ...]) -> Reference:
    entry, said = family.entry, family.said
    own: dict[str, list[str]] = {}
    for name, value in entry.fields:
        own.setdefault(name, []).append(value)
    identifiers = identify(
        Clues(
            doi=verbatim(said.get("doi", "")),
            eprint=verbatim(said.get("eprint", "")),
            archive=said.get("eprinttype") or said.get("archiveprefix", ""),
            arxiv=verbatim(said.get("arxiv", "") or said.get("arxivid", "")),
            pmid=verbatim(said.get("pmid", "")),
            pmcid=verbatim(said.get("pmcid", "") or said.get("pmc", "")),
            issn=said.get("issn", ""),
            texts=[verbatim(said.get(name, "")) for name in _CLUES],
        )
    )
    kind = kinds.BIBTEX.get(entry.type, kinds.OTHER)
    date = _date(said)
    title = _title(said)
    venue = _venue(said, title)
    return Reference(
        position=position,
        line=entry.line,
        key=entry.key,
        type=kinds.with_preprints(kind, arxiv=identifiers.arxiv, venue=venue),
        title=title,
        title_raw=said.get("title", ""),
        authors=authors(read_names(said.get("author", ""))),
        abstract=_abstract(said.get("abstract", "")),
        year=year_of(date),
        date=date,
        venue=venue,
        identifiers=identifiers,
        url=next((url for name in _ADDRESSES if (url := web_address(verbatim(said.get(name, ""))))), ""),
        keywords=_listed(own, _KEYWORDS),
        collections=tuple(dict.fromkeys((*_listed(own, _COLLECTIONS), *groups))),
        notes=tuple(note for name in _NOTES for each in own.get(name, ()) if (note := from_tex(each))),
        language=language_tag(from_tex(said.get("langid") or said.get("language", ""))),
        fields={name: tuple(values) for name, values in own.items()},
    )


def _title(said: Mapping[str, str]) -> str:
    title, subtitle = from_tex(said.get("title", "")), from_tex(said.get("subtitle", ""))
    if not title or not subtitle:
        return title or subtitle
    return f"{title} {subtitle}" if title.endswith(_PUNCTUATION) else f"{title}: {subtitle}"


def _venue(said: Mapping[str, str], title: str) -> str:
    """Give where it was published; a book that names itself as its book is in none."""
    venues = (from_tex(journal_of(said.get(name, ""))) for name in _VENUES)
    return next((venue for venue in venues if venue and venue != title), "")


def _abstract(raw: str) -> str:
    """Read an abstract: TeX, or the HTML that some publishers put into their BibTeX."""
    return from_prose(raw) if "</" in raw else from_tex(raw)


def _date(said: Mapping[str, str]) -> str:
    """Read `date`, or else `year`, `month` and `day`."""
    if date := iso_date(verbatim(said.get("date", ""))):
        return date
    written = from_tex(said.get("year", ""))
    year = iso_date(written)
    month = from_tex(said.get("month", "")).strip(" .,")
    if not year or not month or len(year) > len("2026"):
        return year
    if month.isascii() and month.isdigit():
        day = from_tex(said.get("day", ""))
        return iso(int(year), int(month[:3]), int(day[:3]) if day.isascii() and day.isdigit() else 0)
    # "12 May", "May--June", "jul 3"; a month that is none leaves the year.
    return finest([year, f"{month} {int(year)}", f"{month.partition('–')[0]} {int(year)}"])


def _listed(own: Mapping[str, Sequence[str]], names: Sequence[str]) -> tuple[str, ...]:
    """Read lists with commas or semicolons; commas in braces do not part, nor beside semicolons."""
    found: dict[str, None] = {}
    for name in names:
        for value in own.get(name, ()):
            for part in _parts(value):
                if each := from_tex(part):
                    found[each] = None
    return tuple(found)


def _parts(value: str) -> list[str]:
    mark = ";" if ";" in value and "&" not in value else ","
    if "{" not in value:
        return value.split(mark)
    parts: list[str] = []
    depth = start = 0
    for found in re.finditer(rf"[{{}}{mark}]", value):
        if found[0] == mark and not depth:
            parts.append(value[start : found.start()])
            start = found.end()
        elif found[0] != mark:
            depth = max(depth + (1 if found[0] == "{" else -1), 0)
    return [*parts, value[start:]]
