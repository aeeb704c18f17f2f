"""Write BibTeX and BibLaTeX: accents are TeX in the one, Unicode in the other; dates and eprints differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.references.bibnames import read_names
from academichub.references.bibtex import read_bibtex
from academichub.references.people import authors as people
from academichub.references.writing.details import EDITORS, TEX_FORMATS
from academichub.references.writing.keys import keys_for
from academichub.references.writing.namewords import name_words
from academichub.references.writing.sheets import sound
from academichub.references.writing.tex import title_to_tex, to_tex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from academichub.references.entry import Reference
    from academichub.references.writing.sheets import Sheet

# By CSL's type. Those that BibTeX's own styles do not know are set as @misc there; Biber knows most.
_TYPES: Final = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "periodical": "article",
    "book": "book",
    "classic": "book",
    "collection": "book",
    "chapter": "incollection",
    "entry": "incollection",
    "paper-conference": "inproceedings",
    "entry-encyclopedia": "inreference",
    "entry-dictionary": "inreference",
    "thesis": "phdthesis",
    "report": "techreport",
    "webpage": "online",
    "post": "online",
    "post-weblog": "online",
    "manuscript": "unpublished",
    "article": "preprint",
    "pamphlet": "booklet",
    "software": "software",
    "dataset": "dataset",
    "patent": "patent",
    "standard": "standard",
    "legal_case": "jurisdiction",
    "legislation": "legislation",
    "bill": "legislation",
    "personal_communication": "letter",
    "motion_picture": "movie",
    "broadcast": "movie",
    "song": "audio",
    "graphic": "artwork",
    "performance": "performance",
    "review": "review",
    "review-book": "review",
}
_VENUE_FIELDS: Final = {
    "article": "journal",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
    "inreference": "booktitle",
    "phdthesis": "school",
    "mastersthesis": "school",
    "techreport": "institution",
}
_MASTERS: Final = re.compile(r"master|m\.?sc|硕士", re.IGNORECASE)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DETAILS: Final = (
    ("volume", "volume"),
    ("issue", "number"),
    ("page", "pages"),
    ("publisher", "publisher"),
    ("publisher-place", "address"),
    ("edition", "edition"),
    ("ISBN", "isbn"),
    ("collection-title", "series"),
)
# Journals begin in 1665. Of other years a date in words may be anything, and is written with numbers.
_FIRST_PRINTED, _LAST_PRINTED = 1665, 2099
_LANGUAGES: Final = {
    "en": "english", "de": "ngerman", "fr": "french", "es": "spanish", "pt": "portuguese", "it": "italian",
    "zh": "chinese", "ja": "japanese", "ko": "korean", "ru": "russian", "nl": "dutch", "pl": "polish",
}  # fmt: skip
# What only BibLaTeX knows: for BibTeX it is said again in BibTeX's fields.
_BIBLATEX_ONLY: Final = frozenset({"date", "subtitle", "eventtitle", "maintitle"})
_NAMES_IN_BIBTEX: Final = {
    "journaltitle": "journal",
    "eprinttype": "archiveprefix",
    "eprintclass": "primaryclass",
    "location": "address",
}
_NOT_IN_A_VALUE: Final = re.compile(r"[{}\\\s]")
_BRACES: Final = re.compile(r"\\[{}\\]|[{}]")
_USUAL_NAME: Final = re.compile(r"(?!.*\bAnd\b)[A-Z][A-Za-z.-]*(?: [A-Z][A-Za-z.-]*)+(?<!-)", re.ASCII)
_MACRO_MONTH: Final = re.compile("|".join(_MONTHS))
_ENTRY_IN_VALUE: Final = re.compile(r"\n(?=[ \t]{0,3}@)")


def write_bibtex(sheets: Sequence[Sheet], *, dialect: str) -> str:
    """Write a file; `dialect` is "bibtex" or "biblatex"."""
    keys = keys_for([sheet.reference for sheet in sheets], is_tex=True)
    new_keys = {sheet.reference.key.lower(): key for sheet, key in zip(sheets, keys, strict=True)}
    entries = [_entry(sheet, key, dialect, new_keys) for sheet, key in zip(sheets, keys, strict=True)]
    if not any(sheet.written_in in TEX_FORMATS for sheet in sheets):
        return "\n".join(entries)
    # What an entry inherited, and the groups that hold it, its own fields do not say: where the file as it is
    # would be read otherwise, they are written out.
    said = read_bibtex("\n".join(entries))[0].references
    for at, (sheet, key) in enumerate(zip(sheets, keys, strict=True)):
        if sheet.written_in in TEX_FORMATS:
            missing = _missing(sheet.reference, said[at]) if len(said) == len(sheets) else _ALL_PARTS
            if missing:
                entries[at] = _mended(sheet, key, dialect, missing)
    return "\n".join(entries)


def _entry(sheet: Sheet, key: str, dialect: str, keys: Mapping[str, str]) -> str:
    kind = _type_of(sheet)
    if sheet.written_in in TEX_FORMATS:
        return _print(kind, key, _as_written(sheet, dialect, keys))
    return _print(kind, key, _from_parts(sheet, kind, dialect))


def _mended(sheet: Sheet, key: str, dialect: str, missing: frozenset[str]) -> str:
    """Write an entry so that it stands alone, what it had from others in fields of its own."""
    kind = _type_of(sheet)
    names = {name for part in missing for name in _PART_FIELDS[part]}
    mending = [pair for pair in _from_parts(sheet, kind, dialect) if pair[0] in names]
    written = {name for name, _ in mending}
    kept = [
        (name, value)
        for name, value in _as_written(sheet, dialect, {})
        if name not in written and (name not in _INHERITING or missing <= _OWN_PARTS)
    ]
    return _print(kind, key, [*kept, *mending])


# Fields that name other entries, and what none inherits.
_INHERITING: Final = frozenset({"crossref", "xdata"})
_OWN_PARTS: Final = frozenset({"collections", "title", "identifiers", "url", "abstract", "notes", "keywords"})
_PART_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title", "subtitle"),
    "authors": ("author",),
    "abstract": ("abstract",),
    "date": ("date", "year", "month", "day"),
    "venue": ("journal", "journaltitle", "booktitle", "school", "institution", "publisher"),
    "identifiers": ("doi", "eprint", "archiveprefix", "eprinttype", "pmid", "pmcid", "issn"),
    "url": ("url",),
    "keywords": ("keywords",),
    "collections": ("groups",),
    "notes": ("note", "annote"),
    "language": ("language", "langid"),
}
_ALL_PARTS: Final = frozenset(_PART_FIELDS)


def _missing(reference: Reference, said: Reference) -> frozenset[str]:
    return frozenset(part for part in _PART_FIELDS if getattr(reference, part) != getattr(said, part))


def _type_of(sheet: Sheet) -> str:
    reference = sheet.reference
    kind = _TYPES.get(reference.type, "misc")
    if kind == "preprint" and reference.identifiers.arxiv:
        return "misc"  # with eprint and archiveprefix, as arXiv itself writes it
    said = " ".join(
        value for name in ("type", "genre", "thesisType", "M3") for value in reference.fields.get(name, ())
    )
    if kind == "phdthesis" and _MASTERS.search(said):
        return "mastersthesis"
    return kind


# -- fields as they were --------------------------------------------------------------------------


def _as_written(sheet: Sheet, dialect: str, keys: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    is_other = dialect == "bibtex" and sheet.written_in == "biblatex"
    for name, values in sheet.reference.fields.items():
        if is_other and name in _BIBLATEX_ONLY:
            continue
        called = _NAMES_IN_BIBTEX.get(name, name) if is_other else name
        for value in values:
            parent = keys.get(value.strip().lower()) if name == "crossref" else None
            yield called, _balanced(sound(parent or value))


def _balanced(value: str) -> str:
    r"""Give a value whose braces pair, however its reader counted: odd ones become characters."""
    text = _ENTRY_IN_VALUE.sub(" ", value)
    depth = 0
    for brace in text:
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            break
    if not depth:
        return text
    text = text.replace("\\{", r"\textbraceleft{}").replace("\\}", r"\textbraceright{}")
    opened: list[int] = []
    odd: set[int] = set()
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and not opened:
            odd.add(found.start())
        elif found[0] == "}":
            opened.pop()
    odd.update(opened)
    return "".join("" if at in odd else char for at, char in enumerate(text))


# -- fields from parts ----------------------------------------------------------------------------


def _from_parts(sheet: Sheet, kind: str, dialect: str) -> list[tuple[str, str]]:
    reference, is_ascii = sheet.reference, dialect == "bibtex"
    identifiers = reference.identifiers

    def tex(text: str) -> str:
        return to_tex(text, is_ascii=is_ascii)

    venue = _VENUE_FIELDS.get(kind, "publisher")
    if venue == "journal" and not is_ascii:
        venue = "journaltitle"
    fields = [
        ("author", _names([author.name for author in reference.authors], is_ascii=is_ascii)),
        ("title", title_to_tex(reference.title, reference.title_raw, is_ascii=is_ascii)),
        (venue, tex(reference.venue)),
        *_date(reference.date, dialect),
        *(
            (name, tex(sheet.details.get(detail, "")).replace(r"\textendash{}", "--"))
            for detail, name in _DETAILS
            if name != venue
        ),
        ("editor", _names(sheet.details.get(EDITORS, "").split("\n"), is_ascii=is_ascii)),
        ("doi", _verbatim(identifiers.doi or "")),
        ("eprint", identifiers.arxiv or ""),
        ("archiveprefix" if is_ascii else "eprinttype", "arXiv" if identifiers.arxiv else ""),
        ("primaryclass" if is_ascii else "eprintclass", _arxiv_class(sheet)),
        ("pmid", identifiers.pmid or ""),
        ("pmcid", identifiers.pmcid or ""),
        ("issn", identifiers.issn or ""),
        ("url", _verbatim(reference.url)),
        ("abstract", tex(reference.abstract)),
        ("keywords", _list(reference.keywords, is_ascii=is_ascii)),
        ("groups", _list(reference.collections, is_ascii=is_ascii)),
        ("note", tex(reference.notes[0]) if reference.notes else ""),
        ("annote", tex(" ".join(reference.notes[1:]))),
        *_language(reference.language, is_ascii=is_ascii),
    ]
    return [(name, value) for name, value in fields if value]


def _names(names: Iterable[str], *, is_ascii: bool) -> str:
    return " and ".join(_name(name, is_ascii=is_ascii) for name in names if name.strip())


def _name(name: str, *, is_ascii: bool) -> str:
    words = name_words(name)
    if _USUAL_NAME.fullmatch(name) and words.given and not words.suffix:
        return f"{words.family}, {words.given}"  # nine names of ten; nothing in them is TeX
    family, given, particle, suffix = (
        to_tex(part, is_ascii=is_ascii) for part in (words.family, words.given, words.particle, words.suffix)
    )
    if not words.is_body:
        surname = f"{particle} {family}".lstrip()
        written = ", ".join(part for part in (surname, suffix, given) if part)
        if given and people(read_names(written)) == people([name]):
            return written
    whole = to_tex(name, is_ascii=is_ascii)
    return whole if whole.isalpha() and whole.lower() not in {"and", "others"} else f"{{{whole}}}"


def _date(written: str, dialect: str) -> list[tuple[str, str]]:
    if dialect == "biblatex":
        return [("date", written)]
    year, _, rest = written.partition("-")
    month, _, day = rest.partition("-")
    if not month:
        return [("year", year)]
    if not _FIRST_PRINTED <= int(year) <= _LAST_PRINTED:
        return [("year", year), ("month", str(int(month))), ("day", str(int(day)) if day else "")]
    macro = _MONTHS[int(month) - 1]
    return [("year", year), ("month", f'{macro} # "~{int(day)}"' if day else macro)]


def _language(tag: str, *, is_ascii: bool) -> list[tuple[str, str]]:
    if not is_ascii and tag in _LANGUAGES:
        return [("langid", _LANGUAGES[tag])]
    return [("language", to_tex(tag, is_ascii=is_ascii))]


def _arxiv_class(sheet: Sheet) -> str:
    return sheet.categories[0] if sheet.reference.identifiers.arxiv and sheet.categories else ""


def _verbatim(text: str) -> str:
    """Write an address or identifier as it is; what would end the value is percent-encoded."""
    return _NOT_IN_A_VALUE.sub(lambda found: f"%{ord(found[0]):02X}", sound(text))


def _list(values: Sequence[str], *, is_ascii: bool) -> str:
    written = [to_tex(value, is_ascii=is_ascii) for value in values]
    mark = (
        ";" if any(";" in value for value in written) and not any("&" in value for value in written) else ","
    )
    return f"{mark} ".join(f"{{{value}}}" if mark in value else value for value in written)


# -- printing -------------------------------------------------------------------------------------


def _print(kind: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    lines = [f"  {name} = {_delimited(name, value)}," for name, value in fields]
    return "\n".join((f"@{kind}{{{key},", *lines, "}\n"))


def _delimited(name: str, value: str) -> str:
    """Put braces around a value; a month is a macro, which styles write in their own way."""
    if name == "month" and (_MACRO_MONTH.fullmatch(value) or " # " in value):
        return value
    return f"{{{value}}}"
