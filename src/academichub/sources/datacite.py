"""Ask DataCite for works, and read its answers (api.datacite.org, JSON:API)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from academichub.errors import (
    AnswerMovedCursor,
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
    RecordBroken,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Form, Kind, Record, RecordAuthor, RecordLink, Text
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.jats import to_html
from academichub.sources.jsonanswer import (
    at,
    fields_of,
    number,
    objects,
    parse_json,
    read_each,
    string,
    strings,
)
from academichub.sources.throttling import is_request_to_wait
from academichub.sources.unpaywall import licence_address
from academichub.text.identifiers import (
    arxiv_from_doi,
    doi_url,
    normalize_arxiv,
    normalize_doi,
    normalize_orcid,
    normalize_pmid,
)
from academichub.text.names import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

HOME: Final = "https://datacite.org"
API: Final = "https://api.datacite.org"
PAGE_SIZE: Final = 200  # DataCite gives up to 1,000
FIRST_CURSOR: Final = "1"
DOIS: Final = "dois"
_PREFIX: Final = re.compile(r"10\.[0-9]{4,9}")
_CLIENT: Final = re.compile(r"[a-z0-9-]+\.[a-z0-9-]+")
_VERSION: Final = re.compile(r"v?([0-9]{1,4})", re.IGNORECASE)
_KINDS: Final = {
    "JournalArticle": Kind.ARTICLE,
    "Preprint": Kind.PREPRINT,
    "Dataset": Kind.DATASET,
}
# Relations that the hub has a word for. Supplements, sources, citations and translations are works of
# their own: they are kept under "datacite:relation", up to a bound.
_BONDS: Final = {
    "IsVersionOf": "version-of",
    "HasVersion": "version-of",
    "IsNewVersionOf": "version-of",
    "IsPreviousVersionOf": "version-of",
    "IsIdenticalTo": "version-of",
    "IsPartOf": "part-of",
    "IsPublishedIn": "part-of",
    "Reviews": "reviews",
}
_MOST_RELATIONS: Final = 200


# -- asking -----------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest of what was changed in a window.

    Args:
        scope: "prefix:10.5281" for a registrant, "client:cern.zenodo" for a repository.
        window: The days on which DataCite changed what is wanted.

    Raises:
        ValueError: The scope is neither.
    """
    kind, _, value = scope.partition(":")
    value = value.lower()
    if kind == "prefix" and _PREFIX.fullmatch(value):
        asked = {"prefix": value}
    elif kind == "client" and _CLIENT.fullmatch(value):
        asked = {"client-id": value}
    else:
        msg = f"DataCite is harvested by prefix: or client:, not {scope[:100]!r}"
        raise ValueError(msg)
    if window.since is not None or window.until is not None:
        since = window.since.isoformat() if window.since else "*"
        until = window.until.isoformat() if window.until else "*"
        asked["query"] = f"updated:[{since} TO {until}]"
    asked |= {"affiliation": "true", "page[size]": str(PAGE_SIZE), "page[cursor]": FIRST_CURSOR}
    return Step(
        url=f"{API}/dois?{urlencode(asked, quote_via=quote, safe=':*')}",
        token=FIRST_CURSOR,
        scope=scope,
        since=window.since.isoformat() if window.since else "",
    )


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for one work by DOI, or by the arXiv identifier that has one.

    Raises:
        ValueError: Not exactly one of these.
    """
    name = identifiers[0] if len(identifiers) == 1 else ""
    arxiv = normalize_arxiv(name)
    doi = f"10.48550/arxiv.{arxiv[0]}" if arxiv else normalize_doi(name)
    if doi is None:
        msg = "DataCite is asked for one DOI at a time"
        raise ValueError(msg)
    return Step(url=f"{API}/dois/{quote(doi, safe='/')}?affiliation=true", scope=doi)


# -- reading ----------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a work or a list of works.

    Raises:
        AnswerUnknown: Clients, providers, events.
        FeedSaysError: DataCite says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    answer = parse_json(body, limits)
    works, total = _works(answer)
    records, refused = read_each(works, _record, limits)
    mark, cursor = string(works[0], "id") if works else "", _cursor(answer)
    check_page(step, entries=len(works), total=total, mark=mark, token=cursor, is_last=not step.url)
    feed = Feed(
        format="datacite json",
        parser="json",
        title="DataCite",
        link=HOME,
        records=records,
        rejected=refused,
    )
    return Page(feed, _next(step, entries=len(works), total=total, cursor=cursor, mark=mark), total)


def _next(step: Step, *, entries: int, total: int | None, cursor: str, mark: str) -> Step | None:
    """Give the next question of a harvest; None after a lookup, and where the answer names no next page."""
    seen = step.seen + entries
    if not step.token or not step.url or not entries:
        return None
    if not cursor:
        if total is not None and seen < total:
            raise AnswerMovedCursor(seen=seen, total=total)
        return None
    asked, _, _ = step.url.rpartition("=")  # the cursor stands last
    return replace(
        step,
        url=f"{asked}={quote(cursor, safe='', errors='replace')}",
        seen=seen,
        pages=step.pages + 1,
        total=total,
        token=cursor,
        page_mark=mark,
    )


def recognises(value: object) -> bool:
    """Tell an answer by the type of what is in it; an empty list by the address it gives itself."""
    found = objects(value, "data")
    if found:
        return string(found[0], "type") == DOIS and isinstance(at(found[0], "attributes"), dict)
    return string(value, "links", "self").startswith(f"{API}/")


def _works(answer: object) -> tuple[list[object], int | None]:
    """Give the works of an answer, and how many there are in all."""
    errors = objects(answer, "errors")
    if errors:
        said = [string(each, "title") or string(each, "detail") for each in errors]
        message = "; ".join(filter(None, said)) or "failed"
        if is_request_to_wait(message):
            raise FeedThrottled(message=message[:200])
        raise FeedSaysError(message=message[:500])
    works = at(answer, "data")
    is_one = isinstance(works, dict)
    entries = [works] if is_one else works
    if not isinstance(entries, list):
        raise AnswerUnknown(looks_like="DataCite answer without data")
    kind = next((named for each in objects(entries) if (named := string(each, "type"))), DOIS)
    if kind != DOIS:
        raise AnswerUnknown(looks_like=f"DataCite {kind}"[:200])
    return entries, 1 if is_one else number(answer, "meta", "total")


def _cursor(answer: object) -> str:
    """Take the cursor out of the address of the next page; the address itself is not followed."""
    try:
        query = urlsplit(string(answer, "links", "next")).query
    except ValueError:
        return ""
    return next(iter(parse_qs(query).get("page[cursor]", [])), "")


# -- one work ---------------------------------------------------------------------------------------


def _record(work: object, position: int, limits: Limits) -> Record:
    said = at(work, "attributes")
    if not isinstance(said, dict):
        raise RecordBroken(reason="a work without attributes", line=None)
    titles = objects(said, "titles")
    main = next((each for each in titles if not string(each, "titleType")), titles[0] if titles else {})
    title, abstract = string(main, "title"), _abstract(said)
    if len(title) > limits.title_characters or len(abstract.value) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    doi = string(said, "doi") or string(work, "id")
    canonical = normalize_doi(doi)
    if canonical is None:
        raise RecordUnidentified(title=title[:200])
    return Record(
        position=position,
        external_id=doi,
        title=Text(title),
        link=string(said, "url") or doi_url(canonical),
        links=tuple(_links(said)),
        published=_published(said, canonical),
        updated=_date(said, "Updated"),
        authors=tuple(_authors(said)),
        summary=abstract,
        categories=tuple(
            dict.fromkeys(filter(None, (string(each, "subject") for each in objects(said, "subjects"))))
        ),
        language=string(said, "language"),
        fields=fields_of(
            {
                "prism:doi": doi,
                "hub:abstract": "whole" if abstract else "",
                "datacite:title": [string(each, "title") for each in titles if each is not main],
                **_venue(said),
                **_standing(said, canonical),
            }
        ),
    )


def _abstract(said: dict[str, Any]) -> Text:
    """Give the description that is an abstract; the first of several is in the language of the work."""
    found = [
        text
        for each in objects(said, "descriptions")
        if string(each, "descriptionType") == "Abstract" and (text := string(each, "description"))
    ]
    if not found:
        return Text()
    return Text(to_html(found[0]), Form.HTML) if "<jats:" in found[0] else Text(found[0])


def _authors(said: dict[str, Any]) -> Iterator[RecordAuthor]:
    for person in objects(said, "creators"):
        parts = " ".join(filter(None, (string(person, "givenName"), string(person, "familyName"))))
        is_body = string(person, "nameType") == "Organizational"
        name = string(person, "name")
        if not is_body:
            name = parts or (clean_name(name) if "," in name else name)
        if not name:
            continue
        orcid = next(
            (
                known
                for each in objects(person, "nameIdentifiers")
                if (known := normalize_orcid(string(each, "nameIdentifier")))
            ),
            None,
        )
        places = [string(each, "name") for each in objects(person, "affiliation")]
        yield RecordAuthor(
            name=name,
            uri=f"https://orcid.org/{orcid}" if orcid else "",
            affiliations=tuple(filter(None, [*strings(person, "affiliation"), *places])),
        )


def _date(said: dict[str, Any], kind: str) -> str:
    """Give a date by its type; of an interval, its beginning."""
    written = (string(each, "date") for each in objects(said, "dates") if string(each, "dateType") == kind)
    return next(written, "").partition("/")[0].strip()


def _published(said: dict[str, Any], doi: str) -> str:
    """Give the date of publication as precisely as any date says that agrees with it.

    arXiv writes only the year as the date of issue, and what it holds was public when it was submitted.
    """
    issued = _date(said, "Issued") or string(said, "publicationYear") or _date(said, "Available")
    finer = [_date(said, "Available")]
    if arxiv_from_doi(doi) is not None:
        finer.append(_date(said, "Submitted"))
    return max((issued, *(each for each in finer if each.startswith(issued))), key=len)


def _links(said: dict[str, Any]) -> Iterator[RecordLink]:
    for href in strings(said, "contentUrl"):
        is_pdf = href.lower().partition("?")[0].endswith(".pdf")
        yield RecordLink(
            href,
            rel="related",
            type="application/pdf" if is_pdf else "",
            title="pdf" if is_pdf else "",
        )


def _venue(said: dict[str, Any]) -> dict[str, object]:
    """Say where the work appeared, and under which terms."""
    holder = at(said, "container")
    publisher = string(said, "publisher") or string(said, "publisher", "name")
    is_serial = string(holder, "identifierType").upper() == "ISSN"
    rights = objects(said, "rightsList")
    addresses = [string(each, "rightsUri") for each in rights]
    addresses += [licence_address(string(each, "rightsIdentifier")) for each in rights]
    return {
        "prism:publicationName": string(holder, "title") or publisher,
        "prism:issn": string(holder, "identifier") if is_serial else "",
        "prism:volume": string(holder, "volume"),
        "prism:number": string(holder, "issue"),
        "prism:startingPage": string(holder, "firstPage"),
        "prism:endingPage": string(holder, "lastPage"),
        "dcterms:license": next((each for each in addresses if each.startswith("http")), ""),
        "dc:publisher": publisher,
        "dc:language": string(said, "language"),
    }


def _standing(said: dict[str, Any], doi: str) -> dict[str, object]:
    """Say what sort of work it is, which version, and how it stands to others."""
    general, own = string(said, "types", "resourceTypeGeneral"), string(said, "types", "resourceType")
    kind = Kind.PREPRINT if arxiv_from_doi(doi) else _KINDS.get(general)
    version = _VERSION.fullmatch(string(said, "version"))
    relations: dict[str, None] = {}
    others: list[str] = []
    for related in objects(said, "relatedIdentifiers")[:_MOST_RELATIONS]:
        name, target = string(related, "relationType"), string(related, "relatedIdentifier")
        named = _named(string(related, "relatedIdentifierType"), target)
        if name in _BONDS and named and named != f"doi:{doi}":
            relations[f"{_BONDS[name]} {named}"] = None
        elif target:
            others.append(f"{name} {string(related, 'relatedIdentifierType')}:{target}")
    return {
        "dc:type": [general, own] if general != "Text" else [own, general],
        "hub:place": "datacite",
        "hub:kind": kind.value if kind else "",
        "hub:version": version[1] if version else "",
        "hub:relation": list(relations),
        "datacite:version": string(said, "version"),
        "datacite:relation": others,
        "datacite:updated": string(said, "updated"),
        "datacite:registered": string(said, "registered"),
    }


def _named(scheme: str, value: str) -> str:
    """Write a related identifier as "scheme:value"; "" where it is not a paper's."""
    if scheme == "DOI" and (doi := normalize_doi(value)):
        return f"doi:{doi}"
    if scheme == "arXiv" and (arxiv := normalize_arxiv(value)):
        return f"arxiv:{arxiv[0]}"
    pmid = normalize_pmid(value) if scheme == "PMID" else None
    return f"pmid:{pmid}" if pmid else ""


CONNECTOR: Final = Connector(
    name="datacite",
    read=read,
    first=first,
    lookup=lookup,
    recognises_json=recognises,
    key_setting="contact",
    fields=frozenset({"abstract", "authors", "doi", "licence", "venue", "published"}),
)
