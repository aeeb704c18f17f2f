"""Read MARC 21 in XML: library catalogues, and CERN's document server with its own habits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Record, RecordAuthor, RecordLink, Text
from academichub.sources.jsonanswer import fields_of
from academichub.sources.xmlanswer import children, local, text_of
from academichub.sources.xmlparts import broken, reading_order, with_subtitle, written_date
from academichub.text.identifiers import (
    arxiv_abs_url,
    doi_url,
    normalize_arxiv,
    normalize_doi,
    normalize_issn,
    normalize_orcid,
)
from academichub.text.markup import is_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

CDS: Final = "SzGeCERN"  # what CERN writes in field 003, who keeps the record

_KINDS: Final = {"preprint": "preprint", "article": "article", "dataset": "dataset"}
# Relators of people who are no authors: editors, supervisors, translators, illustrators.
_NO_AUTHORS: Final = re.compile(
    r"\b(?:ed(?:t|s|itors?)?|hrsg|dir|ths|dgs|supervisors?|trl|transl?|translator|ill|illustrator|referee)\b",
    re.IGNORECASE,
)
_POINTS: Final = " /:;,="  # with which cataloguers end a part of a title
_STAMP: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})\.[0-9]")
_TEX: Final = re.compile(r"\\[a-zA-Z]|\$")


@dataclass(frozen=True, slots=True)
class _Field:
    """One data field: its indicators and its subfields in order."""

    first: str
    second: str
    parts: tuple[tuple[str, str], ...]

    def get(self, *codes: str) -> str:
        """Give the first subfield of some codes, or ""."""
        return next((text for code in codes for name, text in self.parts if name == code), "")

    def all(self, code: str) -> list[str]:
        return [text for name, text in self.parts if name == code]


def read(element: _Element, external_id: str, position: int) -> Record:
    """Read one `record`.

    Raises:
        RecordBroken: It has no data fields: it is no MARC.
    """
    marc = _Marc(element)
    if not marc.has_fields:
        raise broken(element, "a record without MARC's data fields")
    doi, paper = marc.doi(), marc.arxiv()
    number = marc.control("001").strip()
    is_cds = marc.control("003").strip() == CDS
    home = f"https://cds.cern.ch/record/{number}" if is_cds and number else ""
    addresses = [(href, one) for one in marc.fields("856") if is_web(href := one.get("u"))]
    files = [href for href, _ in addresses if href.lower().endswith(".pdf")]
    pages = [href for href, one in addresses if href not in files and one.second in {"", "0", "1"}]
    link = (
        home
        or next(iter(pages), "")
        or (doi_url(doi) if doi else "")
        or (arxiv_abs_url(paper) if paper else "")
    )
    abstract = max((one.get("a") for one in marc.fields("520")), key=len, default="")
    return Record(
        position=position,
        external_id=external_id or number,
        title=_text(marc.title()),
        link=link,
        links=tuple(RecordLink(href, "related", "application/pdf", "pdf") for href in files),
        published=marc.published(),
        updated=marc.stamped(),
        authors=tuple(_authors(marc)),
        summary=_text(abstract),
        categories=marc.subjects(),
        language=marc.language(),
        fields=_fields(marc, doi, paper, number if is_cds else ""),
    )


def _text(value: str) -> Text:
    """Mark TeX as plain: CERN writes it, and "$a<b$" is no HTML."""
    return Text(value, Form.PLAIN if _TEX.search(value) else Form.UNSAID)


def _fields(marc: _Marc, doi: str, paper: str, item: str) -> dict[str, tuple[str, ...]]:
    journal = next(iter(marc.fields("773")), _Field("", "", ()))
    series = next(iter(marc.fields("490")), _Field("", "", ()))
    issns = [
        issn
        for one in (*marc.fields("022"), journal)
        for text in (one.get("a", "x"),)
        if (issn := normalize_issn(text))
    ]
    publishers = [one.get("b").strip(_POINTS) for tag in ("264", "260", "269") for one in marc.fields(tag)]
    collections = [text for tag in ("980", "655") for one in marc.fields(tag) if (text := one.get("a"))]
    return fields_of(
        {
            "hub:item": item,
            "hub:arxiv": paper,
            "hub:kind": next((_KINDS[one.lower()] for one in collections if one.lower() in _KINDS), ""),
            "hub:journal-ref": _journal_reference(journal),
            "hub:comment": [one.get("a") for one in marc.fields("500")],
            "prism:doi": doi,
            "prism:isbn": [one.get("a").partition(" ")[0] for one in marc.fields("020")],
            "prism:issn": issns[:1],
            "prism:publicationName": (journal.get("p") or journal.get("t") or series.get("a")).strip(_POINTS),
            "prism:volume": journal.get("v") or series.get("v"),
            "prism:number": journal.get("n"),
            "prism:startingPage": journal.get("c").partition("-")[0],
            "dcterms:license": [href for one in marc.fields("540") if is_web(href := one.get("u"))][:1],
            "dc:type": collections,
            "dc:language": marc.language(),
            "dc:publisher": list(filter(None, publishers))[:1],
            "marc:report-number": [one.get("a", "9") for tag in ("037", "088") for one in marc.fields(tag)],
        }
    )


def _journal_reference(journal: _Field) -> str:
    year = journal.get("y")
    parts = (journal.get("p"), journal.get("v"), f"({year})" if year else "", journal.get("c"))
    return " ".join(filter(None, parts)) if journal.get("p") else journal.get("g")


def _authors(marc: _Marc) -> Iterator[RecordAuthor]:
    """Give people as they are listed, then collaborations that are not among them."""
    seen: set[str] = set()
    for tag in ("100", "700", "720"):
        for one in marc.fields(tag):
            roles = " ".join((*one.all("e"), *one.all("4")))
            name = reading_order(one.get("a").strip(_POINTS))
            if name and not (tag != "100" and _NO_AUTHORS.search(roles)) and name not in seen:
                seen.add(name)
                yield RecordAuthor(name, uri=_orcid(one), affiliations=tuple(dict.fromkeys(one.all("u"))))
    bodies = [one.get("a") for one in marc.fields("110")]
    bodies += [one.get("g") for one in marc.fields("710")]
    if not seen:
        bodies += [one.get("a").strip(_POINTS + ".") for one in marc.fields("710")]
    for body in filter(None, bodies):
        key = body.lower().removeprefix("the ")
        if key not in seen:
            seen.add(key)
            yield RecordAuthor(body)


def _orcid(person: _Field) -> str:
    said = (text for code in ("0", "1", "j", "k") for text in person.all(code) if "orcid" in text.lower())
    found = (normalize_orcid(re.sub(r"^.*?(?=[0-9]{4}-)", "", text)) for text in said)
    return next((f"https://orcid.org/{orcid}" for orcid in found if orcid), "")


class _Marc:
    """The fields of one record by tag."""

    __slots__ = ("_controls", "_fields", "has_fields")

    def __init__(self, record: _Element) -> None:
        # Their characters are counted: white space stays as it is.
        self._controls = {one.get("tag") or "": one.text or "" for one in children(record, "controlfield")}
        self._fields: dict[str, list[_Field]] = {}
        for one in children(record, "datafield"):
            parts = tuple(
                (sub.get("code") or "", text)
                for sub in one
                if local(sub) == "subfield" and (text := text_of(sub))
            )
            found = _Field((one.get("ind1") or "").strip(), (one.get("ind2") or "").strip(), parts)
            self._fields.setdefault(one.get("tag") or "", []).append(found)
        self.has_fields = bool(self._fields)

    def control(self, tag: str) -> str:
        """Give a control field."""
        return self._controls.get(tag, "").rstrip()

    def fields(self, tag: str) -> list[_Field]:
        """List the data fields of a tag."""
        return self._fields.get(tag, [])

    def title(self) -> str:
        for tag in ("245", "242", "246"):
            for one in self.fields(tag):
                whole = with_subtitle(one.get("a").strip(_POINTS), one.get("b").strip(_POINTS))
                part = " ".join((*one.all("n"), *one.all("p"))).strip(_POINTS)
                if whole:
                    return f"{whole}. {part}" if part else whole
        return ""

    def doi(self) -> str:
        named = (one.get("a") for one in self.fields("024") if one.get("2").upper() == "DOI")
        return next((doi for value in named if (doi := normalize_doi(value))), "")

    def arxiv(self) -> str:
        """Give the arXiv name: CERN keeps it as a report number, others as an identifier."""
        marked = [one.get("a") for one in self.fields("024") if one.get("2").lower() == "arxiv"]
        numbers = [
            one.get("a", "z")
            for one in self.fields("037")
            if "arxiv" in f"{one.get('9')}{one.get('a', 'z')}".lower()
        ]
        found = (normalize_arxiv(value) for value in (*marked, *numbers))
        return next((f"{paper[0]}v{paper[1]}" if paper[1] else paper[0] for paper in found if paper), "")

    def published(self) -> str:
        """Give the date of the preprint, which tells the day, else of the imprint, else the coded year."""
        said = [one.get("c") for tag in ("269", "264", "260") for one in self.fields(tag)]
        coded = self.control("008")[7:11]
        return next((date for text in (*said, coded) if (date := written_date(text))), "")

    def stamped(self) -> str:
        """Give the instant of the last change to the record, as field 005 writes it: in local time."""
        parts = _STAMP.fullmatch(self.control("005"))
        return f"{parts[1]}-{parts[2]}-{parts[3]}" if parts else ""

    def language(self) -> str:
        return next(
            (text for one in self.fields("041") if (text := one.get("a"))),
            self.control("008")[35:38].strip(" |#^"),
        )

    def subjects(self) -> tuple[str, ...]:
        """List subject headings, then keywords."""
        found = [one.get("a").strip(" .") for tag in ("650", "653", "695") for one in self.fields(tag)]
        return tuple(dict.fromkeys(filter(None, found)))
