"""Ask dblp for the papers of a venue, and read its answers, in JSON and in XML. It has no abstracts."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
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
from academichub.model.papers import Feed, Kind, Record, RecordAuthor, RecordLink, Rejected, Text
from academichub.sources import jsonanswer, xmlanswer
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.jsonanswer import at, fields_of, objects, string, strings
from academichub.text.identifiers import find_doi, normalize_arxiv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element

    from academichub.errors import AcademicHubError
    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://dblp.org/search/publ/api"
PAGE: Final = 1000  # asked for; it may send a hundred
ROOTS: Final = frozenset({"result"})
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "Journal Articles": Kind.ARTICLE,
        "Conference and Workshop Papers": Kind.ARTICLE,
        "Data and Artifacts": Kind.DATASET,
    }
)
_SCOPE: Final = re.compile(r"(?:toc:db/[^\s:]+\.bht|venue:[^:]+):?")
_HOMONYM: Final = re.compile(r" \d{4}$")  # tells persons of one name apart
_LEADS: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks and white space
_NOT_THE_PAPER: Final = ("https://www.wikidata.org/", "https://dblp.org/")


@dataclass(frozen=True, slots=True)
class _Hits:
    """What one answer has, whichever language it is written in."""

    entries: list[Any]  # as JSON has them
    total: int | None
    refuse: Callable[[int, AcademicHubError, str], Rejected]


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest.

    Args:
        scope: One table of contents ("toc:db/conf/nips/neurips2025.bht:") or a venue ("venue:ICLR:").
        window: Only its year is of use: dblp knows no days. A venue is asked for the one year that the window
            lies in, and for all years where it lies in several.

    Raises:
        ValueError: Another scope.
    """
    if not _SCOPE.fullmatch(scope):
        msg = f'not "toc:db/....bht:" or "venue:NAME:": {scope!r}'
        raise ValueError(msg)
    query = scope if scope.endswith(":") else f"{scope}:"
    until = window.until or window.now.date()
    if scope.startswith("venue:") and window.since and window.since.year == until.year:
        query += f" year:{until.year}:"
    asked = f"q={quote(query, safe='/:', errors='replace')}&format=json&h={PAGE}"
    since = window.since.isoformat() if window.since else ""
    return Step(url=f"{BASE}?{asked}&f=0", scope=scope, since=since)


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read an answer of the search for publications.

    Raises:
        FeedIsWebPage: The challenge that dblp sets to bots.
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    is_xml = body.lstrip(_LEADS)[:1] == b"<"
    hits = _hits_of_xml(body, limits) if is_xml else _hits_of_json(body, limits)
    if len(hits.entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(hits.entries), limit=limits.entries)
    mark = _key(hits.entries[0]) if hits.entries else ""
    check_page(step, entries=len(hits.entries), total=hits.total, mark=mark)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(hits.entries):
        try:
            records.append(_record(at(entry, "info"), position))
        except RecordError as error:
            refused.append(hits.refuse(position, error, _key(entry)))
    feed = Feed(
        format="dblp xml" if is_xml else "dblp json",
        parser="lxml" if is_xml else "json",
        title="dblp",
        link="https://dblp.org",
        records=tuple(records),
        rejected=tuple(refused),
    )
    seen = step.seen + len(hits.entries)
    if not hits.entries or "&f=" not in step.url or (hits.total is not None and seen >= hits.total):
        return Page(feed, None, hits.total)
    url = f"{step.url.rpartition('=')[0]}={seen}"
    following = replace(step, url=url, seen=seen, pages=step.pages + 1, total=hits.total, page_mark=mark)
    return Page(feed, following, hits.total)


def _hits_of_json(body: bytes, limits: Limits) -> _Hits:
    answer = jsonanswer.parse_json(body, limits)
    result = at(answer, "result")
    _check(string(result, "status", "@code"), string(result, "status", "text"))
    hits = at(result, "hits")
    if not isinstance(hits, dict):
        raise AnswerUnknown(looks_like="JSON without hits of dblp")
    listed = hits.get("hit") or []  # left out where there are none; one alone is no list
    entries = listed if isinstance(listed, list) else [listed]

    def refuse(position: int, error: AcademicHubError, key: str) -> Rejected:
        entry = entries[position]
        title = string(entry, "info", "title")[: jsonanswer.EXCERPT_CHARACTERS]
        return replace(jsonanswer.rejected(entry, position, error, external_id=key), title=title)

    return _Hits(entries, jsonanswer.number(hits, "@total"), refuse)


def _hits_of_xml(body: bytes, limits: Limits) -> _Hits:
    root = xmlanswer.parse_xml(body, limits)
    status = root.find("status")
    _check("" if status is None else str(status.get("code", "")), xmlanswer.text_of(status))
    hits = root.find("hits")
    if xmlanswer.local(root) != "result" or hits is None:
        raise AnswerUnknown(looks_like=f"XML <{xmlanswer.local(root)}> without hits of dblp"[:200])
    elements = list(xmlanswer.children(hits, "hit"))

    def refuse(position: int, error: AcademicHubError, key: str) -> Rejected:
        title = xmlanswer.text_at(elements[position], "info/title")
        return xmlanswer.rejected(elements[position], position, error, external_id=key, title=title)

    entries = [{"info": _as_json(element.find("info"))} for element in elements]
    total = jsonanswer.number({"total": str(hits.get("total", ""))}, "total")
    return _Hits(entries, total, refuse)


def _check(code: str, said: str) -> None:
    if code and code != "200":
        raise FeedSaysError(message=f"{code} {said}".strip()[:500])


def _as_json(element: _Element | None) -> dict[str, Any] | None:
    """Write the XML of a publication as dblp's JSON has it."""
    if element is None:
        return None
    made: dict[str, Any] = {}
    for child in element:
        name = xmlanswer.local(child)
        if name == "authors":
            people = xmlanswer.children(child, "author")
            made[name] = {
                "author": [
                    {"@pid": str(one.get("pid", "")), "text": xmlanswer.text_of(one)} for one in people
                ]
            }
        else:
            made.setdefault(name, []).append(xmlanswer.text_of(child))
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in made.items()
    }


def _key(entry: object) -> str:
    return string(entry, "info", "key")


# -- one publication ------------------------------------------------------------------------------


def _record(info: object, position: int) -> Record:
    if not isinstance(info, dict):
        raise RecordBroken(reason="a hit without a publication", line=0)
    key, address = string(info, "key"), string(info, "url")
    if not key and not address:
        raise RecordUnidentified(title=string(info, "title")[:200])
    title = string(info, "title")
    title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
    people = objects(info, "authors", "author")
    names = [_HOMONYM.sub("", html.unescape(string(each, "text"))) for each in people]
    return Record(
        position=position,
        external_id=key or address,
        title=Text(title),  # JSON has references in it, XML has not
        link=address
        if address.startswith("http")
        else f"https://dblp.org/rec/{quote(key, safe='/', errors='replace')}",
        links=tuple(
            RecordLink(each, rel="related")
            for each in strings(info, "ee")
            if each.startswith("http") and not each.startswith(_NOT_THE_PAPER)
        ),
        published=string(info, "year"),
        authors=tuple(RecordAuthor(name) for name in names if name),
        fields=fields_of(_fields(info, key)),
    )


def _fields(info: Mapping[str, Any], key: str) -> dict[str, object]:
    doi = string(info, "doi") or next(filter(None, (find_doi(each) for each in strings(info, "ee"))), "")
    venues = [html.unescape(each) for each in strings(info, "venue")]
    in_arxiv = "CoRR" in venues
    named = (string(info, "volume").removeprefix("abs/") if in_arxiv else "", doi, *strings(info, "ee"))
    arxiv = next(filter(None, (normalize_arxiv(each) for each in named)), None)
    kind = KINDS.get(string(info, "type"), "")
    return {
        "prism:doi": doi,
        "prism:publicationName": venues,
        "prism:volume": string(info, "volume"),
        "prism:number": string(info, "number"),
        "prism:startingPage": string(info, "pages").partition("-")[0],
        "dc:type": string(info, "type"),
        "hub:place": "dblp",
        "hub:item": key,
        "hub:kind": Kind.PREPRINT if in_arxiv else kind,
        "hub:arxiv": arxiv[0] if arxiv else "",
        "dblp:pages": string(info, "pages"),
        "dblp:access": string(info, "access"),
        # The name as dblp writes it goes with the person's number: "49/3283 Wei Liu 0001".
        "dblp:pid": [
            f"{string(each, '@pid')} {html.unescape(string(each, 'text'))}"
            for each in objects(info, "authors", "author")
            if string(each, "@pid")
        ],
    }


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell an answer of the search by its hits, whose counts are attributes of an XML element."""
    hits = at(value, "result", "hits")
    return isinstance(hits, dict) and "@total" in hits and "@sent" in hits


CONNECTOR: Final = Connector(
    name="dblp",
    read=read,
    first=first,
    recognises_json=recognises,
    recognises_xml=ROOTS.__contains__,
)
