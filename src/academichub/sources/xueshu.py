"""Read saved answers of Baidu Xueshu's search. It has nothing for programs, so nothing is asked of it."""

from __future__ import annotations

import html
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from academichub.errors import (
    AnswerUnknown,
    FeedSaysError,
    FeedTooManyEntries,
    RecordBroken,
    RecordError,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Record, RecordAuthor, RecordLink, Rejected, Text
from academichub.sources.harvest import Connector, Page
from academichub.sources.jsonanswer import at, fields_of, number, objects, parse_json, rejected, string
from academichub.text.identifiers import normalize_doi

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.sources.harvest import Step
    from academichub.sources.limits import Limits

PAPER: Final = "https://xueshu.baidu.com/usercenter/paper/show?paperid="
# Its own words for the numbers that it gives to types, as its filters name them.
TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"1": "期刊", "2": "学位", "3": "会议", "4": "图书", "5": "专利"}
)
_HIGHLIGHT: Final = re.compile(r"</?em>")  # of the words that were searched for
_KEYWORDS: Final = re.compile(r"[;；]")
_FILE: Final = "1"  # the type of a source that is a file, or says so
_PATENT: Final = "5"


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read the papers of one page of results.

    Raises:
        FeedSaysError: The search failed.
        AnswerUnknown: Something else: authors, journals, a page without papers.
        FeedError: No answer.
    """
    del step
    answer = parse_json(body, limits)
    code, said = string(answer, "status", "code"), string(answer, "status", "msg")
    if code not in {"", "0"}:
        raise FeedSaysError(message=f"{code} {said}"[:500])
    entries = at(answer, "data", "paper", "paperList")
    if not isinstance(entries, list):
        raise AnswerUnknown(looks_like="JSON without a list of papers")
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(entry, position))
        except RecordError as error:
            refused.append(rejected(entry, position, error, external_id=string(entry, "paperId")))
    feed = Feed(
        format="xueshu json",
        parser="json",
        title="百度学术",
        link="https://xueshu.baidu.com",
        records=tuple(records),
        rejected=tuple(refused),
    )
    return Page(feed, None, number(answer, "data", "paper", "dispnum"))


def _record(entry: object, position: int) -> Record:
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    name = string(entry, "paperId")
    if not name:
        raise RecordUnidentified(title=string(entry, "title")[:200])
    if string(entry, "type") == _PATENT:
        raise RecordBroken(reason="a patent, not a paper", line=0)
    year = number(entry, "publishYear")
    keywords = (each.strip() for each in _KEYWORDS.split(string(entry, "keyword")))
    return Record(
        position=position,
        external_id=name,
        title=Text(_HIGHLIGHT.sub("", string(entry, "title"))),
        link=PAPER + quote(name, safe="", errors="replace"),
        links=_links(entry),
        published=str(year) if year else "",
        authors=tuple(_author(each) for each in objects(entry, "authors") if string(each, "name")),
        summary=Text(_HIGHLIGHT.sub("", string(entry, "abstract"))),
        categories=tuple(dict.fromkeys(filter(None, keywords))),
        fields=fields_of(_fields(entry, name)),
    )


def _fields(entry: Mapping[str, Any], name: str) -> dict[str, object]:
    number_told = string(entry, "doi")  # or a patent's number, or an address in a repository
    is_doi = normalize_doi(number_told) is not None
    kind = string(entry, "type")
    return {
        "prism:doi": number_told if is_doi else "",
        "prism:publicationName": string(entry, "publishInfo", "journalName"),
        "dc:publisher": string(entry, "publishInfo", "publisher"),
        "dc:type": TYPES.get(kind, ""),
        "hub:place": "xueshu",
        "hub:item": name,
        "xueshu:number": "" if is_doi else number_told,
        "xueshu:cited": string(entry, "cited"),
    }


def _links(entry: Mapping[str, Any]) -> tuple[RecordLink, ...]:
    """Give where the paper can be had; the addresses are written as in a web page."""
    made: dict[str, RecordLink] = {}
    for each in objects(entry, "sourceList"):
        href = html.unescape(string(each, "url"))
        is_pdf = string(each, "type") == _FILE and ("/pdf" in href.lower() or ".pdf" in href.lower())
        if href.startswith("http") and href not in made:
            kind, title = ("application/pdf", "pdf") if is_pdf else ("", "")
            made[href] = RecordLink(href, rel="related", type=kind, title=title)
    return tuple(made.values())


def _author(author: Mapping[str, Any]) -> RecordAuthor:
    """Read one author; some have the family name first, behind it a comma."""
    family, comma, given = string(author, "name").partition(",")
    name = f"{given.strip()} {family}".strip() if comma and "," not in given else string(author, "name")
    affiliation = string(author, "affiliate")
    return RecordAuthor(name, affiliations=(affiliation,) if affiliation else ())


def recognises(value: object) -> bool:
    """Tell an answer by its list of papers and the status of the search."""
    return isinstance(at(value, "data", "paper", "paperList"), list) and isinstance(at(value, "status"), dict)


CONNECTOR: Final = Connector(name="xueshu", read=read, recognises_json=recognises)
