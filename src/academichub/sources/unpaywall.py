"""Ask Unpaywall where a DOI's text is free, and read its answers (api.unpaywall.org, version 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from academichub.errors import (
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
    RecordBroken,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Record, RecordAuthor, RecordLink, Text
from academichub.sources.harvest import Connector, Page, Step
from academichub.sources.jsonanswer import at, fields_of, objects, parse_json, read_each, string, strings
from academichub.sources.throttling import is_request_to_wait
from academichub.text.identifiers import (
    doi_url,
    normalize_arxiv,
    normalize_doi,
    normalize_orcid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from academichub.sources.limits import Limits

HOME: Final = "https://unpaywall.org"
API: Final = "https://api.unpaywall.org/v2"
PUBLISHED: Final = "publishedVersion"
# "cc-by", "CCBYNCND", "CC BY-NC 4.0": the words of Unpaywall and of all who take over what it found.
_CREATIVE_COMMONS: Final = re.compile(
    r"cc[\s_-]*by(?P<nc>[\s_-]*nc)?(?P<last>[\s_-]*(?:nd|sa))?(?:[\s_-]*(?P<version>[1-4]\.[05]))?",
    re.IGNORECASE,
)
_ZERO: Final = re.compile(r"cc[\s_-]*(?:0|zero)(?:[\s_-]*1\.0)?", re.IGNORECASE)
_PMC_RECORD: Final = re.compile(r"oai:(?:pubmedcentral\.nih\.gov|europepmc\.org):(?:PMC)?([1-9][0-9]*)")


def licence_address(word: str) -> str:
    """Give the address that a short name of a Creative Commons licence stands for; "" for other words.

    Where no version is said none is invented: the address then ends with the terms.
    """
    plain = word.strip()
    if plain.lower().startswith(("http://", "https://")):
        return plain
    if _ZERO.fullmatch(plain):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _CREATIVE_COMMONS.fullmatch(plain)
    if found is None:
        return ""
    terms = "-".join(["by"] + [part.strip(" _-").lower() for part in (found["nc"], found["last"]) if part])
    version = f"{found['version']}/" if found["version"] else ""
    return f"https://creativecommons.org/licenses/{terms}/{version}"


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for one DOI; the e-mail address that Unpaywall wants is added when it is asked.

    Raises:
        ValueError: Not exactly one DOI.
    """
    doi = normalize_doi(identifiers[0]) if len(identifiers) == 1 else None
    if doi is None:
        msg = "Unpaywall is asked for one DOI at a time"
        raise ValueError(msg)
    return Step(url=f"{API}/{quote(doi, safe='/')}", scope=doi)


def read(body: bytes, step: Step, limits: Limits) -> Page:  # noqa: ARG001  # nothing follows an answer
    """Read what is known of one DOI, or the works that a search found.

    Raises:
        AnswerUnknown: Something else.
        FeedSaysError: The DOI is unknown, or no e-mail address came with the question.
        FeedError: See `parse_json`.
    """
    answer = parse_json(body, limits)
    _refuse(answer)
    works = _works(answer)
    records, refused = read_each(works, _record, limits)
    feed = Feed(
        format="unpaywall json",
        parser="json",
        title="Unpaywall",
        link=HOME,
        records=records,
        rejected=refused,
    )
    return Page(feed, next=None, total=len(works))


def recognises(value: object) -> bool:
    """Tell an answer from a work with its open-access locations, alone or in the results of a search."""
    found = objects(value, "results")
    work = at(found[0], "response") if found else value
    return isinstance(work, dict) and {"doi", "is_oa", "oa_locations", "data_standard"} <= work.keys()


def _refuse(answer: object) -> None:
    message = string(answer, "message")
    if message and at(answer, "doi") is None:
        if is_request_to_wait(message):
            raise FeedThrottled(message=message[:200])
        raise FeedSaysError(message=message[:500])


def _works(answer: object) -> list[object]:
    results = at(answer, "results")
    if isinstance(results, list):
        return [at(each, "response") for each in results]
    if isinstance(answer, dict) and "doi" in answer and "oa_locations" in answer:
        return [answer]
    raise AnswerUnknown(looks_like="Unpaywall answer without a DOI")


def _record(work: object, position: int, limits: Limits) -> Record:
    if not isinstance(work, dict):
        raise RecordBroken(reason=f"a work that is a {type(work).__name__}, not an object", line=None)
    title, doi = string(work, "title"), string(work, "doi")
    if len(title) > limits.title_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    if not doi:
        raise RecordUnidentified(title=title[:200])
    canonical = normalize_doi(doi)
    page = doi_url(canonical) if canonical else string(work, "doi_url")
    locations = _locations(work)
    return Record(
        position=position,
        external_id=doi,
        title=Text(title),
        link=page,
        links=tuple(link for link in _links(locations) if link.href != page),
        published=string(work, "published_date") or string(work, "year"),
        authors=tuple(_authors(work)),
        fields=fields_of(_fields(work, doi, locations)),
    )


def _locations(work: dict[str, Any]) -> list[dict[str, Any]]:
    """List the places where the text is free, the best one first."""
    best = objects(work, "best_oa_location")
    return best + [each for each in objects(work, "oa_locations") if each not in best]


def _links(locations: list[dict[str, Any]]) -> Iterator[RecordLink]:
    seen: set[str] = set()
    for location in locations:
        pdf, page = string(location, "url_for_pdf"), string(location, "url_for_landing_page")
        if pdf and pdf not in seen:
            yield RecordLink(pdf, rel="related", type="application/pdf", title="pdf")
        if page and page not in seen:
            yield RecordLink(page, rel="related", type="text/html", title=string(location, "version"))
        seen |= {pdf, page}


def _authors(work: dict[str, Any]) -> Iterator[RecordAuthor]:
    """Give the authors, as Crossref's parts of names or, since 2025, as the names were printed."""
    for person in objects(work, "z_authors"):
        parts = (string(person, "given"), string(person, "family"), string(person, "suffix"))
        name = string(person, "raw_author_name") or " ".join(filter(None, parts)) or string(person, "name")
        if name:
            orcid = normalize_orcid(string(person, "ORCID"))
            places = [string(each, "name") for each in objects(person, "affiliation")]
            places = strings(person, "raw_affiliation_strings") or list(filter(None, places))
            uri = f"https://orcid.org/{orcid}" if orcid else ""
            yield RecordAuthor(name=name, uri=uri, affiliations=tuple(places))


def _fields(work: dict[str, Any], doi: str, locations: list[dict[str, Any]]) -> dict[str, object]:
    best = locations[0] if locations else {}
    # The licence of a repository's copy says nothing of the journal's version.
    licence = string(best, "license") if string(best, "version") == PUBLISHED else ""
    records = [string(each, "pmh_id") for each in locations]
    copies = [found[0] for each in records if (found := normalize_arxiv(each))]
    in_pmc = [match[1] for each in records if (match := _PMC_RECORD.fullmatch(each))]
    issns = [each.strip() for each in string(work, "journal_issns").split(",")]
    return {
        "prism:doi": doi,
        "prism:issn": list(dict.fromkeys([string(work, "journal_issn_l"), *issns])),
        "prism:publicationName": string(work, "journal_name"),
        "dcterms:license": licence_address(licence),
        "dc:type": string(work, "genre"),
        "dc:publisher": string(work, "publisher"),
        "hub:place": "unpaywall",
        "hub:pmcid": f"PMC{in_pmc[0]}" if in_pmc else "",
        "hub:relation": [f"version-of arxiv:{each}" for each in dict.fromkeys(copies)],
        "unpaywall:oa_status": string(work, "oa_status"),
        "unpaywall:license": [
            f"{string(each, 'version')} {string(each, 'license')}"
            for each in locations
            if string(each, "license")
        ],
        "unpaywall:updated": string(work, "updated"),
    }


CONNECTOR: Final = Connector(
    name="unpaywall",
    read=read,
    lookup=lookup,
    recognises_json=recognises,
    key_setting="contact",
    needs_key=True,
    fields=frozenset({"licence", "pdf"}),
)
