"""Write RIS, as EndNote, Zotero and Mendeley take it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.references import tagged
from academichub.references.plain import from_prose, from_rich
from academichub.references.writing.details import EDITORS
from academichub.references.writing.keys import keys_for
from academichub.references.writing.namewords import name_words
from academichub.references.writing.sheets import sound
from academichub.references.writing.spelling import spell
from academichub.text.unicode import flat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.references.writing.sheets import Sheet

_TYPES: Final = {
    "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS", "article": "UNPB",
    "book": "BOOK", "collection": "BOOK", "classic": "CLSWK", "chapter": "CHAP", "paper-conference": "CPAPER",
    "thesis": "THES", "report": "RPRT", "webpage": "ELEC", "post": "ELEC", "post-weblog": "BLOG",
    "entry-encyclopedia": "ENCYC", "entry-dictionary": "DICT", "dataset": "DATA", "software": "COMP",
    "patent": "PAT", "standard": "STAND", "legal_case": "CASE", "legislation": "STAT", "bill": "BILL",
    "hearing": "HEAR", "map": "MAP", "pamphlet": "PAMP", "personal_communication": "PCOMM",
    "motion_picture": "MPCT", "broadcast": "MPCT", "song": "SOUND", "graphic": "ART", "figure": "FIGURE",
    "manuscript": "MANSCPT", "speech": "SLIDE", "periodical": "JOUR", "review": "JOUR", "review-book": "JOUR",
}  # fmt: skip
_OTHER: Final = "GEN"
_SEVERAL_LINES: Final = "\n"
_PAGE: Final = re.compile(r"(.+?)[-–]+(.+)")


def write_ris(sheets: Sequence[Sheet]) -> str:
    """Write a file: records apart by an empty line."""
    keys = keys_for([sheet.reference for sheet in sheets], is_tex=False)
    return "\n".join(_record(sheet, key) for sheet, key in zip(sheets, keys, strict=True))


def _record(sheet: Sheet, key: str) -> str:
    if sheet.written_in == tagged.RIS.format:
        fields = sheet.reference.fields
        kind = next(iter(fields.get("TY", ())), _OTHER)
        lines = [("TY", kind)]
        lines += [
            (tag, value)
            for tag, values in fields.items()
            for value in (values[1:] if tag == "TY" else values)
        ]
    else:
        lines = [("TY", _TYPES.get(sheet.reference.type, _OTHER)), ("ID", key), *_from_parts(sheet)]
    return "\n".join((*(_line(tag, sound(value)) for tag, value in lines), "ER  - \n"))


def _line(tag: str, value: str) -> str:
    """Write a tag. Further lines of a value are set in, so that none of them is read as a tag."""
    first, *rest = value.split(_SEVERAL_LINES)
    return "\n".join((f"{tag}  - {first}", *(f"      {each}" for each in rest if each.strip())))


def _from_parts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    reference, details = sheet.reference, sheet.details
    identifiers = reference.identifiers
    yield "TI", spell(reference.title, from_rich)
    for author in reference.authors:
        yield "AU", _name(author.name)
    for editor in filter(None, details.get(EDITORS, "").split("\n")):
        yield "ED", _name(editor)
    if reference.date:
        year, month, day = (*reference.date.split("-"), "", "")[:3]
        yield "PY", year
        if month:
            yield "DA", f"{year}/{month}/{day}"
    pages = _PAGE.fullmatch(details.get("page", ""))
    start, end = (pages[1].strip(), pages[2].strip()) if pages else (details.get("page", ""), "")
    pairs = (
        ("T2", spell(reference.venue, from_rich)),
        ("VL", details.get("volume", "")),
        ("IS", details.get("issue", "")),
        ("SP", start),
        ("EP", end),
        ("PB", details.get("publisher", "")),
        ("CY", details.get("publisher-place", "")),
        ("ET", details.get("edition", "")),
        ("DO", identifiers.doi or ""),
        ("AN", f"arXiv:{identifiers.arxiv}" if identifiers.arxiv else ""),
        ("PM", identifiers.pmid or ""),
        ("C2", identifiers.pmcid or ""),
        ("SN", identifiers.issn or details.get("ISBN", "")),
        ("UR", reference.url),
        ("AB", spell(flat(reference.abstract), from_prose)),
        ("LA", reference.language),
    )
    yield from ((tag, value) for tag, value in pairs if value)
    yield from (("KW", spell(keyword, from_rich)) for keyword in reference.keywords)
    yield from (("N1", spell(flat(note), from_prose)) for note in reference.notes)


def _name(name: str) -> str:
    """Write "Beethoven, Ludwig van"; the particle stands behind the given names, the suffix last."""
    words = name_words(name)
    if words.is_body or not words.given:
        return spell(name.replace(",", ""), from_rich)
    surname = f"{words.particle} {words.family}".lstrip()
    return spell(", ".join(part for part in (surname, words.given, words.suffix) if part), from_rich)
