"""Ask Europe PMC, and read its answers: journals' papers from PubMed and PMC, and preprints."""

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
from academichub.text.identifiers import find_doi, normalize_pmcid, normalize_pmid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://www.ebi.ac.uk/europepmc/webservices/rest/search"
PAGE: Final = 100
BEGINNING: Final = "*"  # the cursor of the first page
MOST_LOOKUPS: Final = 25
EARLIEST: Final = "1700-01-01"  # before the first of its papers
# Papers that come and go while we page move the count; more than this many missing at the end is a fault.
MOST_DRIFT: Final = 100

# What Europe PMC calls a link between two records, seen from the record that has it. "Update in" of a
# preprint is its journal version, of a review its next edition.
RELATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "preprint of": "preprint-of",
        "preprint in": "has-preprint",
        "update of": "version-of",
        "update in": "version-of",
        "republished in": "version-of",
        "republished from": "version-of",
        "erratum in": "corrected-by",
        "erratum for": "corrects",
        "corrected and republished in": "corrected-by",
        "corrected and republished from": "corrects",
        "partial retraction in": "corrected-by",
        "partial retraction of": "corrects",
        "retraction in": "retracted-by",
        "retraction of": "retracts",
        "expression of concern in": "concern-raised-by",
        "expression of concern for": "raises-concern",
    }
)
# The first match among a record's types decides; "Journal Article" stands beside most others.
KINDS: Final = (
    (Kind.RETRACTION, frozenset({"retraction of publication", "retraction notice", "retraction"})),
    (Kind.CORRECTION, frozenset({"published erratum", "correction", "corrected and republished article"})),
    (Kind.PREPRINT, frozenset({"preprint"})),
    (Kind.EDITORIAL, frozenset({"editorial"})),
    (Kind.NEWS, frozenset({"news", "newspaper article"})),
    (Kind.REVIEW, frozenset({"review", "review-article", "systematic review", "systematic-review"})),
    (Kind.DATASET, frozenset({"dataset"})),
    (Kind.ARTICLE, frozenset({"journal article", "research-article", "clinical trial", "case reports"})),
)
_INITIALS: Final = re.compile(r"(?P<family>\S.*) (?P<initials>[A-Z]{1,4})")
_CREATIVE_COMMONS: Final = re.compile(r"cc[ -](by(?:-nc)?(?:-nd|-sa)?)", re.IGNORECASE)


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest.

    Args:
        scope: A query in Europe PMC's own language, such as `SRC:PPR` or `ISSN:"0028-0836"`.
        window: Days of first publication.

    Raises:
        ValueError: No query.
    """
    if not scope.strip():
        msg = "Europe PMC needs a query"
        raise ValueError(msg)
    query = scope.strip()
    if window.since or window.until:
        since = window.since.isoformat() if window.since else EARLIEST
        until = (window.until or window.now.date()).isoformat()
        query = f"({query}) AND (FIRST_PDATE:[{since} TO {until}])"
    return _step(query, scope, window.since.isoformat() if window.since else "")


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for works by DOI, PubMed number or PMC number, 25 at most.

    Raises:
        ValueError: None, too many, or one that is none of these.
    """
    if not 1 <= len(identifiers) <= MOST_LOOKUPS:
        msg = f"Europe PMC takes 1 to {MOST_LOOKUPS} identifiers at a time"
        raise ValueError(msg)
    return _step(" OR ".join(_clause(each.strip()) for each in identifiers), "", "")


def _clause(identifier: str) -> str:
    if identifier.startswith("10.") and '"' not in identifier and "\\" not in identifier:
        return f'DOI:"{identifier}"'
    if pmcid := normalize_pmcid(identifier):
        return f"PMCID:{pmcid}"
    if pmid := normalize_pmid(identifier):
        return f"(EXT_ID:{pmid} AND SRC:MED)"
    msg = f"not a DOI, PubMed number or PMC number: {identifier[:100]!r}"
    raise ValueError(msg)


def _step(query: str, scope: str, since: str) -> Step:
    """Write the first question; the cursor stands last in the address, where each next one is put."""
    asked = urlencode(
        {"query": query, "format": "json", "resultType": "core", "pageSize": PAGE},
        quote_via=quote,
        errors="replace",
    )
    return Step(url=f"{BASE}?{asked}&cursorMark={BEGINNING}", scope=scope, since=since, token=BEGINNING)


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read an answer of the search.

    Raises:
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    answer = parse_json(body, limits)
    if string(answer, "errCode") or string(answer, "errMsg"):
        said = f"{string(answer, 'errCode')} {string(answer, 'errMsg')}".strip()
        raise FeedSaysError(message=said[:500])
    entries = at(answer, "resultList", "result")
    if not isinstance(entries, list):
        raise AnswerUnknown(looks_like="JSON without a result list")
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    total, cursor = number(answer, "hitCount"), string(answer, "nextCursorMark")
    missing = (total or 0) - step.seen
    says_end = not entries and bool(step.token) and cursor in {"", step.token} and step.seen > 0
    mark = _name(entries[0]) if entries else ""
    check_page(
        step,
        entries=len(entries),
        total=total,
        mark=mark,
        token=cursor or step.token,  # no cursor where there are more is one that does not move
        is_last=says_end and missing <= MOST_DRIFT,
    )
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(entry, position))
        except RecordError as error:
            refused.append(rejected(entry, position, error, external_id=_name(entry)))
    feed = Feed(
        format="europepmc json",
        parser="json",
        title="Europe PMC",
        link="https://europepmc.org",
        records=tuple(records),
        rejected=tuple(refused),
        warnings=(f"the server counts {total} and gave {step.seen}",) if says_end and missing > 0 else (),
    )
    return Page(feed, _next(step, len(entries), total, cursor, mark), total)


def _next(step: Step, entries: int, total: int | None, cursor: str, mark: str) -> Step | None:
    """Go on with the cursor that came; the end is an empty page or the cursor that we already have."""
    if not step.url or not entries or cursor in {"", step.token}:
        return None
    seen = step.seen + entries
    if total is not None and seen >= total:
        return None
    url = f"{step.url.rpartition('=')[0]}={quote(cursor, safe='', errors='replace')}"
    return replace(step, url=url, seen=seen, pages=step.pages + 1, total=total, token=cursor, page_mark=mark)


def _name(entry: object) -> str:
    """Give what Europe PMC knows an entry by: its source and its number there ("MED/12345")."""
    source, own = string(entry, "source"), string(entry, "id")
    return f"{source}/{own}" if source and own else own


# -- one entry ------------------------------------------------------------------------------------


def _record(entry: object, position: int) -> Record:
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    name = _name(entry)
    if not name:
        raise RecordUnidentified(title=string(entry, "title")[:200])
    title = string(entry, "title")
    title = title[:-1] if title.endswith(".") and not title.endswith("..") else title  # PubMed's full stop
    mesh = objects(entry, "meshHeadingList", "meshHeading")
    majors = [string(each, "descriptorName") for each in mesh if string(each, "majorTopic_YN") == "Y"]
    subjects = dict.fromkeys(each for each in (*majors, *strings(entry, "keywordList", "keyword")) if each)
    dates = ("firstPublicationDate", "electronicPublicationDate")
    printed = string(entry, "journalInfo", "printPublicationDate") or string(entry, "pubYear")
    return Record(
        position=position,
        external_id=name,
        title=Text(title, Form.HTML),
        link=f"https://europepmc.org/article/{quote(name, safe='/', errors='replace')}",
        links=_links(entry),
        published=next(filter(None, (string(entry, each) for each in dates)), printed),
        updated=string(entry, "dateOfRevision"),
        authors=_authors(entry),
        summary=Text(string(entry, "abstractText"), Form.HTML),
        categories=tuple(subjects),
        fields=fields_of(_bibliography(entry) | _standing(entry, name)),
    )


def _bibliography(entry: Mapping[str, Any]) -> dict[str, object]:
    """Say where an entry was published, and under what names."""
    journal = at(entry, "journalInfo", "journal")
    pages = string(entry, "pageInfo")
    licence = _CREATIVE_COMMONS.fullmatch(string(entry, "license"))
    dedicated = string(entry, "license").lower() == "cc0"
    address = f"https://creativecommons.org/licenses/{licence[1].lower()}/" if licence else ""
    return {
        "prism:doi": string(entry, "doi"),
        "prism:issn": string(journal, "issn"),
        "prism:eIssn": string(journal, "essn"),
        "prism:publicationName": string(journal, "title")
        or string(entry, "journalTitle")
        or string(entry, "bookOrReportDetails", "publisher"),
        "prism:volume": string(entry, "journalInfo", "volume"),
        "prism:number": string(entry, "journalInfo", "issue"),
        "prism:startingPage": pages.partition("-")[0],
        "prism:coverDate": string(entry, "journalInfo", "printPublicationDate"),
        # Europe PMC does not say which version of a licence; none is made up here.
        "dcterms:license": "https://creativecommons.org/publicdomain/zero/1.0/" if dedicated else address,
        "dc:language": string(entry, "language"),
        "hub:pmid": string(entry, "pmid"),
        "hub:pmcid": string(entry, "pmcid"),
    }


def _standing(entry: Mapping[str, Any], name: str) -> dict[str, object]:
    """Say what an entry is, and how it stands to others."""
    types = [each.lower() for each in strings(entry, "pubTypeList", "pubType")]
    is_preprint = string(entry, "source") == "PPR"
    kind = next((kind for kind, names in KINDS if names & set(types)), "")
    links = objects(entry, "commentCorrectionList", "commentCorrection")
    related = [string(each, "type").lower() for each in links]
    is_retracted = "retracted publication" in types or "retraction in" in related
    return {
        "dc:type": strings(entry, "pubTypeList", "pubType"),
        "hub:place": "europepmc",
        "hub:item": name,
        "hub:version": str(number(entry, "versionNumber") or "") if is_preprint else "",
        "hub:kind": Kind.PREPRINT if is_preprint else kind,
        "hub:abstract": "whole" if string(entry, "abstractText") else "",
        "hub:retracted": "yes" if is_retracted else "",
        "hub:relation": [said for each in links for said in _relations(each, is_preprint=is_preprint)],
        # Preprints are named by a number that is of no use outside; the flow may look it up.
        "europepmc:relation": [
            f"{string(each, 'type')} {string(each, 'source')}/{string(each, 'id')}" for each in links
        ],
        "europepmc:mesh": [
            string(each, "descriptorName") for each in objects(entry, "meshHeadingList", "meshHeading")
        ],
        "europepmc:open-access": string(entry, "isOpenAccess"),
        "europepmc:indexed": string(entry, "firstIndexDate"),
    }


def _relations(link: Mapping[str, Any], *, is_preprint: bool) -> list[str]:
    """Name the other paper by its PubMed number, and by the DOI that its reference ends with."""
    said = string(link, "type").lower()
    relation = "preprint-of" if is_preprint and said == "update in" else RELATIONS.get(said, "")
    if not relation:
        return []
    doi = find_doi(string(link, "reference"))
    pmid = normalize_pmid(string(link, "id")) if string(link, "source") == "MED" else None
    names = (("doi", doi), ("pmid", pmid))
    return [f"{relation} {scheme}:{value}" for scheme, value in names if value]


def _links(entry: Mapping[str, Any]) -> tuple[RecordLink, ...]:
    """Give the full texts; the DOI is no link of its own."""
    made = []
    for each in objects(entry, "fullTextUrlList", "fullTextUrl"):
        href, style = string(each, "url"), string(each, "documentStyle")
        if not href.startswith("http") or style == "doi":
            continue
        kind = "application/pdf" if style == "pdf" else "text/html"
        made.append(RecordLink(href, rel="related", type=kind, title="pdf" if style == "pdf" else ""))
    return tuple(made)


# -- people ---------------------------------------------------------------------------------------


def _authors(entry: Mapping[str, Any]) -> tuple[RecordAuthor, ...]:
    """Give the authors with full names; where there are none, those of the line "Liu Q, Yu N"."""
    told = [_author(each) for each in objects(entry, "authorList", "author")]
    if any(each.name for each in told):
        return tuple(each for each in told if each.name)
    line = string(entry, "authorString").rstrip(".")
    return tuple(RecordAuthor(_unfolded(each.strip())) for each in line.split(",") if each.strip())


def _author(author: Mapping[str, Any]) -> RecordAuthor:
    given = string(author, "firstName") or _dotted(string(author, "initials"))
    whole = " ".join(filter(None, (given, string(author, "lastName"), string(author, "suffix"))))
    name = string(author, "collectiveName") or (
        whole if string(author, "lastName") else _unfolded(string(author, "fullName"))
    )
    orcids = [each for each in objects(author, "authorId") if string(each, "type").upper() == "ORCID"]
    orcid = next(filter(None, (string(each, "value") for each in orcids)), "")
    details = objects(author, "authorAffiliationDetailsList", "authorAffiliation")
    told = [string(each, "affiliation") for each in details] or [string(author, "affiliation")]
    return RecordAuthor(
        name,
        uri=f"https://orcid.org/{orcid}" if orcid else "",
        affiliations=tuple(dict.fromkeys(filter(None, told))),
    )


def _unfolded(name: str) -> str:
    """Turn "van den Berg AB" into "A. B. van den Berg"; a group stays as it is."""
    folded = _INITIALS.fullmatch(name)
    return f"{_dotted(folded['initials'])} {folded['family']}" if folded else name


def _dotted(initials: str) -> str:
    return " ".join(f"{letter}." for letter in initials) if initials.isalpha() else initials


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell an answer of Europe PMC by its count beside a list of results."""
    if not isinstance(value, dict) or "version" not in value:
        return False
    is_answer = "hitCount" in value and isinstance(at(value, "resultList", "result"), list)
    return is_answer or {"errCode", "errMsg"} <= value.keys()


CONNECTOR: Final = Connector(
    name="europepmc",
    read=read,
    first=first,
    lookup=lookup,
    most_lookups=MOST_LOOKUPS,
    recognises_json=recognises,
    fields=frozenset({"abstract", "authors", "identifiers", "licence", "relation"}),
)
