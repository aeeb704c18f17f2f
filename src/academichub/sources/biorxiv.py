"""Ask bioRxiv and medRxiv for what they posted, and read their answers."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace
from datetime import date
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
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.jsonanswer import (
    at,
    fields_of,
    number,
    objects,
    parse_json,
    rejected,
    string,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://api.biorxiv.org"
NAME_BY_SERVER: Final[Mapping[str, str]] = MappingProxyType({"biorxiv": "bioRxiv", "medrxiv": "medRxiv"})
# Nothing was posted before the servers opened; the API wants both ends of an interval.
OPENED_ON: Final[Mapping[str, date]] = MappingProxyType(
    {"biorxiv": date(2013, 11, 1), "medrxiv": date(2019, 6, 1)}
)
# The API's `total` counts entries that no page of it holds (medrxivr#19: 31 of 148,231; rbiorxiv#2: some 20
# of 212). An end that comes so early, and that the server says in words, is its end; anything earlier is a
# fault.
MOST_OVERCOUNTED: Final = 100
_SCOPE: Final = re.compile(r"(?P<server>biorxiv|medrxiv)(?P<pubs>/pubs)?(?::(?P<category>.+))?")
_CURSOR: Final = re.compile(r"(/\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d/)\d+")
_NOTHING: Final = re.compile(r"no (?:posts|articles|papers) found", re.IGNORECASE)
_DOI: Final = re.compile(r"10\.(?:1101|64898)/\S+")
# medRxiv numbers its papers with eight digits, the year's two first; bioRxiv with six.
_MEDRXIV_DOI: Final = re.compile(r"10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d{8}(?:v\d+)?")
_SUFFIX: Final = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_MOST_GIVEN: Final = 4  # words; more behind a comma are part of the name of a group
_NAME_AND_GIVEN: Final = 2
_NAME_GIVEN_AND_SUFFIX: Final = 3

_CREATIVE_COMMONS: Final = "https://creativecommons.org"
# "cc_no" is no licence: all rights reserved. The servers say that the others are 4.0 International.
LICENCES: Final[Mapping[str, str]] = MappingProxyType(
    {f"cc_{terms.replace('-', '_')}": f"{_CREATIVE_COMMONS}/licenses/{terms}/4.0/"
     for terms in ("by", "by-nc", "by-nd", "by-nc-nd", "by-sa", "by-nc-sa")}
    | dict.fromkeys(("cc0", "cc0_ng"), f"{_CREATIVE_COMMONS}/publicdomain/zero/1.0/")
)  # fmt: skip

# HighWire, where the servers come from, writes what its ASCII cannot as a name in braces ("{beta}", "{+/-}")
# or in brackets ("TGF[beta]", "[&le;]"). A name that is not here stays as it is.
_SMALL: Final = {
    unicodedata.name(one).rpartition(" ")[2].lower(): one for one in map(chr, range(0x3B1, 0x3CA))
}
_GREEK: Final[Mapping[str, str]] = MappingProxyType(
    _SMALL
    | {name.capitalize(): letter.upper() for name, letter in _SMALL.items()}
    | {"lambda": "λ", "Lambda": "Λ", "varepsilon": "ε", "vartheta": "ϑ", "varsigma": "ς", "varphi": "φ"}
)
_IN_BRACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{f"superscript {digit}": sign for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
        "+/-": "±", "approx": "≈", "cap": "∩", "degrees": "°", "o": "°", "downarrow": "↓", "uparrow": "↑",
        "Rightarrow": "⇒", "euro": "€", "pound": "£", "gtrsim": "≳", "infty": "∞", "micro": "µ",
        "middle dot": "·", "inverted exclamation": "¡", "paragraph": "¶", "triangleup": "Δ",
    }
)  # fmt: skip
_IN_BRACKETS: Final[Mapping[str, str]] = MappingProxyType(
    {"&ge;": "≥", "&le;": "≤", "-&gt;": "→", "~": "∼", "~=": "≃", "isin": "∈", "bullet": "•"}
)
_SIGN: Final = re.compile(r"(?<![_^])\{([A-Za-z+/ -]{1,20}\d?)\}|\[((?:&[a-z]{1,6};|[A-Za-z~=-]){1,12})\]")


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest.

    Args:
        scope: "biorxiv" or "medrxiv" for all versions posted in the window; with ":CATEGORY" for one subject
            ("biorxiv:cell biology"); with "/pubs" for the preprints that journals published in it.
        window: The days of posting, or of publication in a journal.

    Raises:
        ValueError: Another scope.
    """
    known = _SCOPE.fullmatch(scope)
    if known is None or (known["pubs"] and known["category"]):
        msg = f'not "biorxiv" or "medrxiv", perhaps with "/pubs" or ":category": {scope!r}'
        raise ValueError(msg)
    server = known["server"]
    since = window.since or OPENED_ON[server]
    until = window.until or window.now.date()
    days = f"{since.isoformat()}/{until.isoformat()}"
    url = f"{BASE}/pubs/{server}/{days}/0" if known["pubs"] else f"{BASE}/details/{server}/{days}/0/json"
    if known["category"]:
        url += f"?category={quote(_spelt(known['category']), safe='')}"
    return Step(url=url, scope=scope, since=since.isoformat())


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for all versions of one preprint by its DOI.

    Write "medrxiv:DOI" or "biorxiv:DOI" where the server is known; otherwise the number tells it.

    Raises:
        ValueError: Not exactly one DOI of these servers.
    """
    if len(identifiers) != 1:
        msg = "bioRxiv answers for one DOI at a time"
        raise ValueError(msg)
    named, colon, doi = identifiers[0].partition(":")
    server = named if colon and named in NAME_BY_SERVER else ""
    doi = (doi if server else identifiers[0]).strip()
    if not _DOI.fullmatch(doi):
        msg = f"not a DOI of bioRxiv or medRxiv: {doi[:100]!r}"
        raise ValueError(msg)
    server = server or ("medrxiv" if _MEDRXIV_DOI.fullmatch(doi) else "biorxiv")
    url = f"{BASE}/details/{server}/{quote(doi, safe='/', errors='replace')}/na/json"
    return Step(url=url, scope=server)


def _spelt(category: str) -> str:
    """Write a category as the API does: "HIV/AIDS", "hiv_aids" and "hiv-aids" are "hiv aids"."""
    return " ".join(re.sub(r"[/_-]", " ", category).lower().split())


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read an answer of /details or /pubs.

    Raises:
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    answer = parse_json(body, limits)
    message = next(iter(objects(answer, "messages")), {})
    entries = _entries(answer, message, step, limits)
    total = number(message, "total") or step.total  # an answer beyond the end says 0, or nothing
    missing = (total or 0) - step.seen
    says_end = not entries and _NOTHING.search(string(message, "status")) is not None
    mark = _mark(entries)
    check_page(
        step,
        entries=len(entries),
        total=total,
        mark=mark,
        is_last=says_end and missing <= MOST_OVERCOUNTED,
    )
    server = _server(step, entries)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(entry, position, server))
        except RecordError as error:
            refused.append(rejected(entry, position, error, external_id=_doi(entry)))
    warnings = (f"the server counts {total} and gave {step.seen}",) if says_end and missing > 0 else ()
    feed = Feed(
        format="biorxiv json",
        parser="json",
        title=NAME_BY_SERVER[server],
        link=f"https://www.{server}.org",
        records=tuple(records),
        rejected=tuple(refused),
        warnings=warnings,
    )
    return Page(feed, _next(step, len(entries), total, mark), total)


def _entries(answer: object, message: object, step: Step, limits: Limits) -> list[Any]:
    """Give the entries of an answer, or say why there are none."""
    entries = at(answer, "collection")
    status = string(message, "status")
    if not entries and status and status.lower() != "ok" and not _NOTHING.search(status):
        raise FeedSaysError(message=status[:500])
    if entries is None and _NOTHING.search(status):
        return []
    if not isinstance(entries, list):
        raise AnswerUnknown(looks_like="JSON without a collection")
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    _, _, category = step.scope.partition(":")
    if category and string(message, "category").lower() == "all":
        # A category it does not know is ignored: everything comes instead, with a good status.
        raise FeedSaysError(message=f"no such category: {category}"[:500])
    return entries


def _next(step: Step, entries: int, total: int | None, mark: str) -> Step | None:
    """Step by what came: pages have 30 entries or 100, and a wrong offset loses entries without a word."""
    seen = step.seen + entries
    if not entries or not _CURSOR.search(step.url) or (total is not None and seen >= total):
        return None
    url = _CURSOR.sub(rf"\g<1>{seen}", step.url, count=1)
    return replace(step, url=url, seen=seen, pages=step.pages + 1, total=total, page_mark=mark)


def _mark(entries: list[Any]) -> str:
    return f"{_doi(entries[0])} {string(entries[0], 'version')}".strip() if entries else ""


def _doi(entry: object) -> str:
    return string(entry, "doi") or string(entry, "preprint_doi") or string(entry, "biorxiv_doi")


def _server(step: Step, entries: list[Any]) -> str:
    """Tell which of the two answered: as was asked, or as the first entry says."""
    for said in (step.scope.lower(), *(_said(entry) for entry in entries[:1])):
        for server in NAME_BY_SERVER:
            if said.startswith(server):
                return server
    return "medrxiv" if entries and _MEDRXIV_DOI.fullmatch(_doi(entries[0])) else "biorxiv"


def _said(entry: object) -> str:
    return (string(entry, "server") or string(entry, "preprint_platform")).lower()


# -- one entry ------------------------------------------------------------------------------------


def _record(entry: object, position: int, server: str) -> Record:
    """Read one entry; each version of a preprint is one."""
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    doi = _doi(entry)
    if not doi:
        raise RecordUnidentified(title=string(entry, "title")[:200])
    server = _said(entry) if _said(entry) in NAME_BY_SERVER else server
    if "doi" not in entry:
        return _publication(entry, position, doi, server)
    version = number(entry, "version")
    link = f"https://www.{server}.org/content/{quote(doi, safe='/', errors='replace')}"
    link += f"v{version}" if version else ""
    links = [RecordLink(f"{link}.full.pdf", rel="related", type="application/pdf", title="pdf")]
    if string(entry, "jatsxml").startswith("http"):
        links.append(
            RecordLink(string(entry, "jatsxml"), rel="related", type="application/xml", title="jats")
        )
    posted = string(entry, "date")
    is_first = version in {None, 1}
    return Record(
        position=position,
        external_id=doi,
        title=_text(entry, "title"),
        link=link,
        links=tuple(links),
        published=posted if is_first else "",  # of a later version only its own day is told
        updated="" if is_first else posted,
        authors=_authors(entry, ""),
        summary=_text(entry, "abstract"),
        categories=tuple(strings(entry, "category")),
        fields=fields_of(_fields(entry, doi, server, version)),
    )


def _fields(entry: Mapping[str, Any], doi: str, server: str, version: int | None) -> dict[str, object]:
    """Say what else one version's entry tells."""
    licence, kind = string(entry, "license").lower(), string(entry, "type")
    published = string(entry, "published")
    return {
        "prism:doi": doi,
        "dcterms:license": LICENCES.get(licence, ""),
        "dc:type": kind,
        "hub:place": f"{server}.org",
        "hub:item": doi,
        "hub:version": str(version) if version else "",
        "hub:kind": "preprint",
        "hub:abstract": "whole" if string(entry, "abstract") else "",
        "hub:retracted": "yes" if kind.lower() == "withdrawn" else "",
        "hub:relation": f"preprint-of doi:{published}" if published.startswith("10.") else "",
        "biorxiv:license": licence,
        "biorxiv:corresponding": " ".join(string(entry, "author_corresponding").split()),
        "biorxiv:institution": string(entry, "author_corresponding_institution"),
        "biorxiv:funder": [string(each, "name") for each in objects(entry, "funder")],
        "biorxiv:award": [string(each, "award") for each in objects(entry, "funder")],
    }


def _publication(entry: Mapping[str, Any], position: int, doi: str, server: str) -> Record:
    """Read an entry of /pubs: a preprint that a journal has published; its version is not told."""
    published = string(entry, "published_doi")
    return Record(
        position=position,
        external_id=doi,
        title=_text(entry, "preprint_title"),
        link=f"https://www.{server}.org/content/{quote(doi, safe='/', errors='replace')}",
        published=string(entry, "preprint_date"),
        authors=_authors(entry, "preprint_"),
        summary=_text(entry, "preprint_abstract"),
        categories=tuple(strings(entry, "preprint_category")),
        fields=fields_of(
            {
                "prism:doi": doi,
                "hub:place": f"{server}.org",
                "hub:item": doi,
                "hub:kind": "preprint",
                "hub:abstract": "whole" if string(entry, "preprint_abstract") else "",
                "hub:relation": f"preprint-of doi:{published}" if published.startswith("10.") else "",
                "biorxiv:published-in": string(entry, "published_journal"),
                "biorxiv:published-on": string(entry, "published_date"),
            }
        ),
    )


def _text(entry: object, name: str) -> Text:
    """Give a title or abstract with HighWire's names of characters undone; the API does not say its form."""
    return Text(_SIGN.sub(_sign, string(entry, name)))


def _sign(named: re.Match[str]) -> str:
    name, signs = (named[1], _IN_BRACES) if named[1] else (named[2], _IN_BRACKETS)
    return _GREEK.get(name) or signs.get(name, named[0])


# -- people ---------------------------------------------------------------------------------------


def _authors(entry: Mapping[str, Any], prefix: str) -> tuple[RecordAuthor, ...]:
    """Read "Surname, A. B.; Surname, C."; only the corresponding author's institution is told."""
    listed = string(entry, f"{prefix}authors")
    listed = html.unescape(listed) if "&" in listed else listed
    names = [name for each in listed.split(";") if (name := _in_reading_order(each))]
    institution = string(entry, f"{prefix}author_corresponding_institution")
    wanted = _person(string(entry, f"{prefix}author_corresponding"))
    matching = [index for index, name in enumerate(names) if _person(name) == wanted]
    theirs = matching[0] if institution and len(matching) == 1 else None
    return tuple(
        RecordAuthor(name, affiliations=(institution,) if index == theirs else ())
        for index, name in enumerate(names)
    )


def _in_reading_order(name: str) -> str:
    """Turn "van der X, A. B." into "A. B. van der X"; a group or a single name stays as it is."""
    parts = [part for each in name.split(",") if (part := " ".join(each.split()))]
    if len(parts) == _NAME_GIVEN_AND_SUFFIX and _SUFFIX.fullmatch(parts[2]):
        return f"{parts[1]} {parts[0]} {parts[2]}"
    if len(parts) == _NAME_AND_GIVEN and _SUFFIX.fullmatch(parts[1]):
        return f"{parts[0]} {parts[1]}"
    if len(parts) == _NAME_AND_GIVEN and len(parts[1].split()) <= _MOST_GIVEN:
        return f"{parts[1]} {parts[0]}"
    return ", ".join(parts)


def _person(name: str) -> tuple[str, str]:
    """Give what two spellings of a person share: first initial and last name, without accents and case."""
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one)
    )
    words = re.findall(r"[^\W\d_]+", bare)
    return (words[0][0], words[-1]) if words else ("", "")


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell an answer of these servers by what its first entry, or else its message, is made of."""
    if not isinstance(value, dict) or not isinstance(value.get("collection"), list):
        return False
    entries = objects(value, "collection")
    if not entries:
        return _NOTHING.search(string(next(iter(objects(value, "messages")), {}), "status")) is not None
    entry = entries[0]
    is_version = {"doi", "version", "category", "date", "authors"} <= entry.keys()
    is_publication = {"published_doi", "preprint_title"} <= entry.keys()
    return _DOI.fullmatch(_doi(entry)) is not None and (is_version or is_publication)


CONNECTOR: Final = Connector(
    name="biorxiv",
    read=read,
    first=first,
    lookup=lookup,
    recognises_json=recognises,
    fields=frozenset({"abstract", "authors", "licence", "relation", "version"}),
)
