"""Ask PubMed's E-utilities: esearch finds, efetch gives (ncbi.nlm.nih.gov/books/NBK25499).

A harvest searches a window of entry dates once; the server keeps what it found, and the papers are taken
from there page by page. PubMed gives the first 9,999 of a search only, so a window with more is halved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from academichub.errors import (
    AnswerTokenExpired,
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    FeedUnreadable,
    RecordBroken,
    RecordError,
)
from academichub.model.papers import Feed, Record, Rejected
from academichub.sources import pubmedarticle
from academichub.sources.harvest import ACCEPT_XML, Connector, Page, Step, check_page
from academichub.sources.jsonanswer import at, number, parse_json, string, strings
from academichub.sources.throttling import is_request_to_wait
from academichub.sources.xmlanswer import local, parse_xml, rejected, text_at, text_of, texts_at
from academichub.text.identifiers import normalize_doi, normalize_issn, normalize_pmid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from academichub.errors import FeedError
    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

ESEARCH: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi"
EFETCH: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"
PAGE_SIZE: Final = 200  # papers of one efetch; NCBI asks for no more in an address, and it is 3 MB
MOST_FOUND: Final = 9_999  # of one search that can be had (NBK25499, retstart)
MOST_NAMES: Final = 20  # DOIs in one search; more make the address too long
FIRST_DAY: Final = date(1800, 1, 1)  # before anything in PubMed

_ROOTS: Final = frozenset(
    {"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle", "eFetchResult"}
)
_ENTRIES: Final = frozenset({"PubmedArticle", "PubmedBookArticle"})
_DELETED: Final = frozenset({"DeleteCitation", "DeleteDocument"})
_EXPIRED: Final = re.compile(r"unable to obtain query|webenv|history|query_?key|query #", re.IGNORECASE)
_JOURNAL: Final = re.compile(r"journal:\s*(.+)", re.IGNORECASE)
_MOST_TOLD: Final = 300  # characters of a message that are kept


@dataclass(frozen=True, slots=True)
class _Search:
    """Which search a page is taken from, and what is left of the window behind it."""

    count: int
    last: date  # of the part of the window that was searched
    until: date  # of the whole window

    def __str__(self) -> str:
        """Write it as a token."""
        return f"{self.count} {self.last} {self.until}"


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Search for what came into PubMed in a window.

    Args:
        scope: ISSNs ("0028-0836, 1476-4687"), "journal:NAME", or a query in PubMed's own language.
        window: Days of entry; an open end is PubMed's beginning, or today.

    Raises:
        ValueError: The scope is blank, or the window ends before it begins.
    """
    since, until = window.since or FIRST_DAY, window.until or window.now.date()
    if until < since:
        msg = f"a window from {since} to {until}"
        raise ValueError(msg)
    return _search(scope, since, until, until)


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for papers by PMID, up to 200, or by DOI (PMIDs among them), up to 20.

    Raises:
        ValueError: Nothing to ask for, too many, or a name that is neither.
    """
    pmids = [pmid for name in identifiers if (pmid := normalize_pmid(name))]
    if identifiers and len(pmids) == len(identifiers) <= PAGE_SIZE:
        return _fetch_these(pmids)
    terms = [_term_of_name(name) for name in identifiers]
    if not 0 < len(terms) <= MOST_NAMES:
        msg = f"{len(terms)} names; between 1 and {MOST_NAMES} can be asked for"
        raise ValueError(msg)
    query = {"db": "pubmed", "term": " OR ".join(terms), "retmode": "json", "retmax": PAGE_SIZE}
    return Step(url=f"{ESEARCH}?{urlencode(query, quote_via=quote)}")


def _term_of_name(name: str) -> str:
    if pmid := normalize_pmid(name):
        return f"{pmid}[uid]"
    doi = normalize_doi(name)
    if not doi:
        msg = f"neither a DOI nor a PMID: {name[:100]!r}"
        raise ValueError(msg)
    return f'"{doi.replace(chr(34), "")}"[aid]'


def _term(scope: str) -> str:
    """Write a scope as PubMed's query."""
    scope = " ".join(scope.split())
    if not scope:
        msg = "nothing to search PubMed for"
        raise ValueError(msg)
    for between in (r"[,;] ?", r"[,; ]+"):
        issns = [normalize_issn(part) for part in re.split(between, scope)]
        if all(issns):
            return " OR ".join(f"{issn}[is]" for issn in issns)
    journal = _JOURNAL.fullmatch(scope)
    return f'"{journal[1].replace(chr(34), "")}"[ta]' if journal else scope


def _search(scope: str, since: date, last: date, until: date) -> Step:
    query = {
        "db": "pubmed",
        "term": _term(scope),
        "datetype": "edat",
        "mindate": f"{since:%Y/%m/%d}",
        "maxdate": f"{last:%Y/%m/%d}",
        "retmode": "json",
        "usehistory": "y",
        "retmax": PAGE_SIZE,
    }
    return Step(
        url=f"{ESEARCH}?{urlencode(query, quote_via=quote)}",
        scope=scope,
        since=since.isoformat(),
        token=str(_Search(0, last, until)),
    )


def _fetch_these(pmids: Sequence[str]) -> Step:
    query = {"db": "pubmed", "id": ",".join(pmids), "retmode": "xml"}
    return Step(url=f"{EFETCH}?{urlencode(query, safe=',')}", accept=ACCEPT_XML)


def _fetch_page(webenv: str, key: str, start: int) -> str:
    query = {
        "db": "pubmed",
        "query_key": key,
        "WebEnv": webenv,
        "retstart": start,
        "retmax": PAGE_SIZE,
        "retmode": "xml",
    }
    return f"{EFETCH}?{urlencode(query)}"


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read an answer of esearch, which holds no papers, or of efetch.

    Raises:
        FeedSaysError, FeedThrottled, AnswerTokenExpired: The server complains.
        AnswerUnknown: Neither esearch nor efetch.
        FeedError: Whatever keeps the answer from being read.
    """
    if body[:200].lstrip(b"\xef\xbb\xbf \t\r\n\0")[:1] in {b"{", b"["}:
        return _read_search(parse_json(body, limits), step)
    root = parse_xml(body, limits)
    if local(root) == "eFetchResult" or root.find("ERROR") is not None:
        raise _complaint(text_at(root, "ERROR") or text_of(root), step)
    if local(root) not in _ROOTS:
        raise AnswerUnknown(looks_like=f"<{local(root)}>"[:100])
    return _read_papers(root, step, limits)


def _complaint(message: str, step: Step) -> FeedError:
    """Make the error that a server's own words amount to."""
    message = " ".join(message.split())[:_MOST_TOLD]
    if is_request_to_wait(message):
        return FeedThrottled(message=message)
    if "WebEnv" in parse_qs(urlsplit(step.url).query) and _EXPIRED.search(message):
        return AnswerTokenExpired(token=step.token[:100])
    return FeedSaysError(message=message)


def _read_search(answer: object, step: Step) -> Page:
    # "error" stands beside the key that was sent: nothing else of such an answer is told.
    said = string(answer, "error") or string(answer, "esearchresult", "ERROR")
    if said:
        raise _complaint(said, step)
    found = at(answer, "esearchresult")
    if not isinstance(found, dict):
        raise AnswerUnknown(looks_like="JSON without esearchresult")
    count = number(found, "count")
    if count is None:
        raise FeedUnreadable(reason="esearch without a count", line=1)
    search = _search_of(step)
    warnings = _warnings(found)
    if search is None:
        ids = [pmid for name in strings(found, "idlist") if (pmid := normalize_pmid(name))]
        following = _fetch_these(ids[:PAGE_SIZE]) if ids and step.url else None
        if not step.url:
            warnings.append("a list of numbers: the papers are asked for with efetch")
        return Page(_feed(warnings=tuple(warnings)), following, count)
    since = date.fromisoformat(step.since)
    total = count if step.total is None else step.total
    if count > MOST_FOUND and since < search.last:
        middle = since + (search.last - since) // 2
        halved = _search(step.scope, since, middle, search.until)
        return Page(_feed(warnings=tuple(warnings)), _after(step, halved, total), total)
    if count > MOST_FOUND:
        warnings.append(f"only the first {MOST_FOUND} of {count} of {since} can be had")
    search = replace(search, count=min(count, MOST_FOUND))
    return Page(_feed(warnings=tuple(warnings)), _after(step, _first_page(found, search, step), total), total)


def _first_page(found: dict[str, object], search: _Search, step: Step) -> Step | None:
    if search.count == 0:
        return _rest(search, step)
    webenv, key = string(found, "webenv"), string(found, "querykey")
    if not webenv or not key:
        raise FeedUnreadable(reason="esearch kept no history", line=1)
    return replace(step, url=_fetch_page(webenv, key, 0), accept=ACCEPT_XML, token=str(search))


def _search_of(step: Step) -> _Search | None:
    """Read the token of a harvest's step; None for a lookup or a saved answer."""
    parts = step.token.split()
    if not step.url or len(parts) != 3:  # noqa: PLR2004  as _Search writes it
        return None
    return _Search(int(parts[0]), date.fromisoformat(parts[1]), date.fromisoformat(parts[2]))


def _rest(search: _Search, step: Step) -> Step | None:
    """Search the part of the window that is left, or None at its end."""
    if search.last >= search.until:
        return None
    return _search(step.scope, search.last + timedelta(days=1), search.until, search.until)


def _after(
    step: Step, following: Step | None, total: int | None, *, entries: int = 0, mark: str = ""
) -> Step | None:
    """Count the answer that was read into the step that follows it."""
    if following is None:
        return None
    return replace(
        following,
        seen=step.seen + entries,
        pages=step.pages + 1,
        total=total,
        page_mark=mark or step.page_mark,
    )


def _warnings(found: dict[str, object]) -> list[str]:
    told: list[str] = []
    for name in ("errorlist", "warninglist"):
        lists = at(found, name)
        for kind in lists if isinstance(lists, dict) else ():
            told += [f"{kind}: {text[:_MOST_TOLD]}" for text in strings(lists, str(kind))]
    return told


# -- papers ---------------------------------------------------------------------------------------


def _read_papers(root: _Element, step: Step, limits: Limits) -> Page:
    entries = [root] if local(root) in _ENTRIES else list(root)
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    records: list[Record] = []
    faults: list[Rejected] = []
    for entry in entries:
        position = len(records) + len(faults)
        if local(entry) in _DELETED:
            faults += _deleted(entry, position)
            continue
        try:
            records.append(_read_entry(entry, position))
        except RecordError as error:
            faults.append(rejected(entry, position, error, external_id=text_at(entry, ".//PMID")))
    mark = text_at(root, ".//PMID")
    return _turned(step, records, faults, mark)


def _read_entry(entry: _Element, position: int) -> Record:
    if local(entry) not in _ENTRIES:
        raise RecordBroken(reason=f"<{local(entry)}> is no paper"[:100], line=None)
    return pubmedarticle.read(entry, position)


def _deleted(entry: _Element, position: int) -> list[Rejected]:
    """Say of each paper that PubMed took out that it did."""
    return [
        Rejected(position + place, pmid, "", RecordBroken(reason="deleted from PubMed", line=None))
        for place, pmid in enumerate(texts_at(entry, "PMID"))
    ]


def _turned(step: Step, records: list[Record], faults: list[Rejected], mark: str) -> Page:
    """Work out what follows a page of papers."""
    entries = len(records) + len(faults)
    search = _search_of(step)
    if search is None:
        warnings = _not_found(step, records, faults)
        return Page(_feed(records=tuple(records), faults=tuple(faults), warnings=warnings), None)
    check_page(step, entries=entries, total=step.total, mark=mark)
    asked = parse_qs(urlsplit(step.url).query)
    start = int(asked["retstart"][0])
    lacking = min(PAGE_SIZE, search.count - start) - entries
    warnings = ()
    following: Step | None
    if (
        start + PAGE_SIZE < search.count
    ):  # by what came: a number that PubMed lacks must not cost the next one
        url = _fetch_page(asked["WebEnv"][0], asked["query_key"][0], start + entries)
        following = replace(step, url=url)
    else:
        warnings = (f"{lacking} of {search.count} numbers found have no paper",) if lacking > 0 else ()
        following = _rest(search, step)
    following = _after(step, following, step.total, entries=entries, mark=mark)
    return Page(_feed(records=tuple(records), faults=tuple(faults), warnings=warnings), following, step.total)


def _not_found(step: Step, records: list[Record], faults: list[Rejected]) -> tuple[str, ...]:
    """Name the numbers that were asked for and did not come."""
    asked = parse_qs(urlsplit(step.url).query).get("id", [""])[0].split(",")
    came = {one.external_id for one in records} | {one.external_id for one in faults}
    return tuple(f"not at PubMed: {pmid}" for pmid in asked if pmid and pmid not in came)


def _feed(
    records: tuple[Record, ...] = (), faults: tuple[Rejected, ...] = (), warnings: tuple[str, ...] = ()
) -> Feed:
    return Feed(
        format="pubmed",
        parser="lxml",
        title="PubMed",
        link=pubmedarticle.HOME,
        records=records,
        rejected=faults,
        warnings=warnings,
    )


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell an answer of esearch, or NCBI's note about a key."""
    if not isinstance(value, dict):
        return False
    is_search = string(value, "header", "type") == "esearch" and isinstance(value.get("esearchresult"), dict)
    return is_search or {"error", "api-key", "count", "limit"} <= value.keys()


CONNECTOR: Final = Connector(
    name="pubmed",
    read=read,
    first=first,
    lookup=lookup,
    most_lookups=MOST_NAMES,
    recognises_json=recognises,
    recognises_xml=_ROOTS.__contains__,
    key_setting="ncbi_key",
    fields=frozenset(
        {"abstract", "authors", "doi", "issn", "pmcid", "pmid", "published", "relation", "venue"}
    ),
)
