"""Ask PLOS for the papers of its journals, and read its answers."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from academichub.errors import (
    AnswerUnknown,
    FeedSaysError,
    FeedTooManyEntries,
    RecordBroken,
    RecordError,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Form, Kind, Record, RecordAuthor, RecordLink, Rejected, Text
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.jsonanswer import at, fields_of, number, parse_json, rejected, string, strings
from academichub.text.identifiers import doi_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://api.plos.org/search"
SITE: Final = "https://journals.plos.org"
PAGE: Final = 100
MOST_LOOKUPS: Final = 25
OPENED_ON: Final = "2003-08-01"  # before the first paper of PLOS Biology
FIELDS: Final = (
    "id,title_display,journal,eissn,volume,issue,elocation_id,publication_date,article_type,author_display,"
    "abstract,subject"
)
# The search holds each section of a paper as a document of its own, and the pictures of issues.
_FULL: Final = 'doc_type:full AND -article_type:"Issue Image"'
_DOI: Final = re.compile(
    r"10\.1371/(?:journal\.(?P<code>[a-z]+)\.[0-9a-z]+|annotation/[0-9a-f-]+)(?P<section>/.*)?"
)
# The journal in an address, by its code in a DOI. A journal that is not here is led to by its DOI.
JOURNALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pone": "plosone",
        "pbio": "plosbiology",
        "pmed": "plosmedicine",
        "pcbi": "ploscompbiol",
        "pgen": "plosgenetics",
        "ppat": "plospathogens",
        "pntd": "plosntds",
        "pgph": "globalpublichealth",
        "pdig": "digitalhealth",
        "pclm": "climate",
        "pwat": "water",
        "pstr": "sustainabilitytransformation",
        "pmen": "mentalhealth",
        "pcsy": "complexsystems",
    }
)
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "research article": Kind.ARTICLE,
        "meta-research article": Kind.ARTICLE,
        "clinical trial": Kind.ARTICLE,
        "methods and resources": Kind.ARTICLE,
        "short reports": Kind.ARTICLE,
        "review": Kind.REVIEW,
        "collection review": Kind.REVIEW,
        "editorial": Kind.EDITORIAL,
        "formal comment": Kind.EDITORIAL,
        "correction": Kind.CORRECTION,
        "retraction": Kind.RETRACTION,
    }
)


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest of one journal's papers, or of all: "journal:PLOS ONE", "journal:*".

    Args:
        scope: The journal by the name that PLOS gives it.
        window: Days of publication.

    Raises:
        ValueError: Another scope.
    """
    kind, _, journal = scope.partition(":")
    journal = journal.strip()
    if kind != "journal" or not journal or '"' in journal or "\\" in journal:
        msg = f'not "journal:NAME": {scope!r}'
        raise ValueError(msg)
    since = window.since.isoformat() if window.since else OPENED_ON
    until = (window.until or window.now.date()).isoformat()
    query = f"publication_date:[{since}T00:00:00Z TO {until}T23:59:59Z]"
    query += "" if journal == "*" else f' AND journal:"{journal}"'
    return Step(url=_address(query), scope=scope, since=since)


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for papers by DOI, 25 at most.

    Raises:
        ValueError: None, too many, or one that is no DOI of PLOS.
    """
    dois = [each.strip().lower() for each in identifiers]
    if not 1 <= len(dois) <= MOST_LOOKUPS or not all(map(_DOI.fullmatch, dois)):
        msg = f"PLOS takes 1 to {MOST_LOOKUPS} of its own DOIs at a time"
        raise ValueError(msg)
    return Step(url=_address(" OR ".join(f'id:"{each}"' for each in dois)))


def _address(query: str) -> str:
    """Write a question; its offset stands last, where each next one is put."""
    asked = {
        "q": query,
        "fq": _FULL,
        "fl": FIELDS,
        "sort": "publication_date asc,id asc",
        "wt": "json",
        "rows": PAGE,
    }
    return f"{BASE}?{urlencode(asked, quote_via=quote, errors='replace')}&start=0"


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read an answer of the search.

    Raises:
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    answer = parse_json(body, limits)
    entries = at(answer, "response", "docs")
    if not isinstance(entries, list):
        if message := string(answer, "error", "msg") or string(answer, "error"):
            raise FeedSaysError(message=message[:500])
        raise AnswerUnknown(looks_like="JSON without documents")
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    total = number(answer, "response", "numFound")
    mark = string(entries[0], "id") if entries else ""
    check_page(step, entries=len(entries), total=total, mark=mark)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(entry, position))
        except RecordError as error:
            refused.append(rejected(entry, position, error))
    feed = Feed(
        format="plos json",
        parser="json",
        title="PLOS",
        link=SITE,
        records=tuple(records),
        rejected=tuple(refused),
    )
    seen = step.seen + len(entries)
    if not entries or "&start=" not in step.url or (total is not None and seen >= total):
        return Page(feed, None, total)
    url = f"{step.url.rpartition('=')[0]}={seen}"
    following = replace(step, url=url, seen=seen, pages=step.pages + 1, total=total, page_mark=mark)
    return Page(feed, following, total)


# -- one paper ------------------------------------------------------------------------------------


def _record(entry: object, position: int) -> Record:
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    doi = string(entry, "id")
    known = _DOI.fullmatch(doi)
    title = next(iter(strings(entry, "title_display") or strings(entry, "title")), "")
    if known is None:
        raise RecordUnidentified(title=title[:200])
    if known["section"]:
        raise RecordBroken(reason="a section, not a paper", line=0)
    journal = JOURNALS.get(known["code"] or "", "")
    page = f"{SITE}/{journal}/article"
    pdf = RecordLink(
        f"{page}/file?id={doi}&type=printable", rel="related", type="application/pdf", title="pdf"
    )
    # Each subject is a path, from the broadest to the narrowest: "/Biology and life sciences/Genetics/DNA".
    leaves = [each.rpartition("/")[2] for each in strings(entry, "subject")]
    return Record(
        position=position,
        external_id=doi,
        title=Text(title, Form.HTML),
        link=f"{page}?id={doi}" if journal else doi_url(doi),
        links=(pdf,) if journal else (),
        published=string(entry, "publication_date").partition("T")[0],  # always midnight
        authors=tuple(RecordAuthor(name) for name in strings(entry, "author_display")),
        summary=Text("\n\n".join(strings(entry, "abstract"))),
        categories=tuple(dict.fromkeys(filter(None, leaves))),
        fields=fields_of(_fields(entry, doi)),
    )


def _fields(entry: Mapping[str, Any], doi: str) -> dict[str, object]:
    return {
        "prism:doi": doi,
        "prism:eIssn": string(entry, "eissn"),
        "prism:publicationName": string(entry, "journal"),
        "prism:volume": string(entry, "volume"),
        "prism:number": string(entry, "issue"),
        "prism:startingPage": string(entry, "elocation_id"),
        "dc:type": string(entry, "article_type"),
        "hub:place": "journals.plos.org",
        "hub:kind": KINDS.get(string(entry, "article_type").lower(), ""),
        "hub:abstract": "whole" if strings(entry, "abstract") else "",
        "plos:subject": strings(entry, "subject"),
    }


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell an answer of PLOS from others of Solr by the DOIs that name its documents."""
    entries = at(value, "response", "docs")
    if not isinstance(entries, list) or not entries:
        return False
    return _DOI.fullmatch(string(entries[0], "id")) is not None


CONNECTOR: Final = Connector(
    name="plos",
    read=read,
    first=first,
    lookup=lookup,
    most_lookups=MOST_LOOKUPS,
    recognises_json=recognises,
    fields=frozenset({"abstract", "authors"}),
)
