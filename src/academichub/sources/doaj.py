"""Ask the Directory of Open Access Journals for articles, and read its answers."""

from __future__ import annotations

import re
from dataclasses import replace
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

BASE: Final = "https://doaj.org/api/v4/search/articles"
PAGE: Final = 100  # the most that one page has
MOST_PAGED: Final = 1000  # entries; a page that begins beyond is refused, so the question is asked anew
OPENED_ON: Final = "2002-01-01"  # no entry is older than the directory
MOST_LOOKUPS: Final = 10
_SORT: Final = quote("created_date:asc", safe="")
_PAGE_NUMBER: Final = re.compile(r"&page=(\d+)$")
_SINCE: Final = re.compile(r"(created_date%3A%5B)(.+?)(%20TO%20)")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FORBIDDEN: Final = re.compile(
    r'[*?~"\\]'
)  # wild cards are refused; quotes and backslashes would end a value
_CREATIVE_COMMONS: Final = re.compile(r"CC (BY(?:-NC)?(?:-ND|-SA)?)", re.IGNORECASE)
_LAST_MONTH: Final = 12


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest.

    Args:
        scope: A query in the directory's language without wild cards, such as "issn:1664-1078".
        window: The days on which the directory got the articles: of the papers it knows only the month.

    Raises:
        ValueError: No query, or one with wild cards.
    """
    if not scope.strip() or _FORBIDDEN.search(scope.replace('"', "")):
        msg = f"not a query without wild cards: {scope!r}"
        raise ValueError(msg)
    since = window.since.isoformat() if window.since else OPENED_ON
    until = (window.until or window.now.date()).isoformat()
    query = f"({scope.strip()}) AND created_date:[{since} TO {until}]"
    url = f"{BASE}/{quote(query, safe='', errors='replace')}?pageSize={PAGE}&sort={_SORT}&page=1"
    return Step(url=url, scope=scope, since=since)


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for articles by DOI, 10 at most.

    The directory compares letters as they were sent to it, so each DOI is asked for in capitals too.

    Raises:
        ValueError: None, too many, or one that is no DOI it can be asked for.
    """
    dois = [each.strip() for each in identifiers]
    if not 1 <= len(dois) <= MOST_LOOKUPS or any(
        not each.startswith("10.") or _FORBIDDEN.search(each) for each in dois
    ):
        msg = f"DOAJ takes 1 to {MOST_LOOKUPS} DOIs at a time"
        raise ValueError(msg)
    spellings = dict.fromkeys(spelt for each in dois for spelt in (each, each.upper()))
    query = " OR ".join(f'doi:"{each}"' for each in spellings)
    return Step(url=f"{BASE}/{quote(query, safe='', errors='replace')}?pageSize={PAGE}&page=1")


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read an answer of the search for articles.

    Raises:
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    answer = parse_json(body, limits)
    entries = at(answer, "results")
    if not isinstance(entries, list):
        if message := string(answer, "error"):
            raise FeedSaysError(message=message[:500])
        raise AnswerUnknown(looks_like="JSON without results")
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    total, size = number(answer, "total"), min(number(answer, "pageSize") or PAGE, PAGE)
    asked = _PAGE_NUMBER.search(step.url)
    before = (int(asked[1]) - 1) * size if asked else 0
    mark = string(entries[0], "id") if entries else ""
    # The count is of this question, which may be a later part of the harvest.
    check_page(replace(step, seen=before, total=None), entries=len(entries), total=total, mark=mark)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(entry, position))
        except RecordError as error:
            refused.append(rejected(entry, position, error))
    reached = before + len(entries)
    is_done = not entries or (total is not None and reached >= total)
    whole = replace(step, total=step.total or total)  # a later question counts only what is left
    following = None if is_done else _next(whole, entries, before + size, mark)
    is_cut = not is_done and asked is not None and following is None
    feed = Feed(
        format="doaj json",
        parser="json",
        title="DOAJ",
        link="https://doaj.org",
        records=tuple(records),
        rejected=tuple(refused),
        warnings=(f"{(total or 0) - reached} entries cannot be reached",) if is_cut else (),
    )
    return Page(feed, following, whole.total)


def _next(step: Step, entries: list[Any], reached: int, mark: str) -> Step | None:
    """Turn the page; after the last that may be asked for, ask anew for what came since its last entry."""
    asked = _PAGE_NUMBER.search(step.url)
    if not asked:
        return None
    page = int(asked[1]) + 1
    url = _PAGE_NUMBER.sub(f"&page={page}", step.url)
    if reached >= MOST_PAGED:
        since = string(entries[-1], "created_date")
        began = quote(since.replace(":", r"\:"), safe="")
        now = _SINCE.search(url)
        if not _INSTANT.fullmatch(since) or now is None or now[2] == began:
            return None  # nothing to go on with, or a thousand entries of one second
        url = _PAGE_NUMBER.sub("&page=1", f"{url[: now.start(2)]}{began}{url[now.end(2) :]}")
    return replace(step, url=url, seen=step.seen + len(entries), pages=step.pages + 1, page_mark=mark)


# -- one article ----------------------------------------------------------------------------------


def _record(entry: object, position: int) -> Record:
    paper = at(entry, "bibjson")
    if not isinstance(entry, dict) or not isinstance(paper, dict):
        raise RecordBroken(reason="an entry without an article", line=0)
    name = string(entry, "id")
    if not name:
        raise RecordUnidentified(title=string(paper, "title")[:200])
    subjects = (*(string(each, "term") for each in objects(paper, "subject")), *strings(paper, "keywords"))
    return Record(
        position=position,
        external_id=name,
        title=Text(string(paper, "title")),  # journals send plain text or HTML, and nothing says which
        link=f"https://doaj.org/article/{quote(name, safe='', errors='replace')}",
        links=_links(paper),
        published=_month(paper),
        authors=tuple(_author(each) for each in objects(paper, "author") if string(each, "name")),
        summary=Text(string(paper, "abstract")),
        categories=tuple(dict.fromkeys(filter(None, subjects))),
        fields=fields_of(_fields(entry, paper, name)),
    )


def _fields(entry: Mapping[str, Any], paper: Mapping[str, Any], name: str) -> dict[str, object]:
    journal = at(paper, "journal")
    named = {string(each, "type").lower(): string(each, "id") for each in objects(paper, "identifier")}
    issns = strings(journal, "issns")
    languages = strings(journal, "language")
    return {
        "prism:doi": named.get("doi", ""),
        "prism:issn": named.get("pissn") or next((each for each in issns if each != named.get("eissn")), ""),
        "prism:eIssn": named.get("eissn", ""),
        "prism:publicationName": string(journal, "title"),
        "prism:volume": string(journal, "volume"),
        "prism:number": string(journal, "number"),
        "prism:startingPage": string(paper, "start_page"),
        "dcterms:license": _licence(journal),
        "dc:publisher": string(journal, "publisher"),
        "dc:language": languages[0].lower() if len(languages) == 1 else "",  # several are the journal's
        "hub:place": "doaj",
        "hub:item": name,
        "hub:kind": "article",
        "hub:abstract": "whole" if string(paper, "abstract") else "",
        "doaj:created": string(entry, "created_date"),
        "doaj:updated": string(entry, "last_updated"),
        "doaj:subject": [string(each, "code") for each in objects(paper, "subject")],
    }


def _licence(journal: object) -> str:
    """Give the address of a journal's licence; its version only where it is told."""
    told = next(iter(objects(journal, "license")), {})
    named = _CREATIVE_COMMONS.fullmatch(string(told, "type") or string(told, "title"))
    unversioned = f"https://creativecommons.org/licenses/{named[1].lower()}/" if named else ""
    return string(told, "url") or unversioned


def _month(paper: Mapping[str, Any]) -> str:
    year, month = string(paper, "year"), number(paper, "month")
    return f"{year}-{month:02}" if year and month and month <= _LAST_MONTH else year


def _links(paper: Mapping[str, Any]) -> tuple[RecordLink, ...]:
    made = []
    for each in objects(paper, "link"):
        href, kind = string(each, "url"), string(each, "content_type").lower()
        is_pdf = "pdf" in kind
        if href.startswith("http"):
            kind = "application/pdf" if is_pdf else "text/html"
            made.append(RecordLink(href, rel="related", type=kind, title="pdf" if is_pdf else ""))
    return tuple(made)


def _author(author: Mapping[str, Any]) -> RecordAuthor:
    affiliation = string(author, "affiliation")
    return RecordAuthor(
        string(author, "name"),
        uri=string(author, "orcid_id"),
        affiliations=(affiliation,) if affiliation else (),
    )


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell an answer by its entries, each an article in BibJSON, or by what it says of its pages."""
    entries = at(value, "results")
    if not isinstance(entries, list):
        return False
    if entries:
        return isinstance(at(entries[0], "bibjson", "journal"), dict) and bool(string(entries[0], "id"))
    return isinstance(value, dict) and {"total", "page", "pageSize", "timestamp", "query"} <= value.keys()


CONNECTOR: Final = Connector(
    name="doaj",
    read=read,
    first=first,
    lookup=lookup,
    most_lookups=MOST_LOOKUPS,
    recognises_json=recognises,
    fields=frozenset({"abstract", "authors", "licence"}),
)
