"""Read the answers of the OpenAIRE Graph (api.openaire.eu/graph)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from academichub.errors import (
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
from academichub.text.identifiers import doi_url, normalize_arxiv, normalize_doi, normalize_orcid
from academichub.text.names import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from academichub.sources.limits import Limits

HOME: Final = "https://graph.openaire.eu"
EXPLORE: Final = "https://explore.openaire.eu/search/publication?articleId="
# What only OpenAIRE's products have; any two of them together are nobody else's.
_OWN: Final = frozenset({"mainTitle", "originalIds", "instances", "bestAccessRight", "collectedFrom"})
_ENOUGH: Final = 2
_SUBJECT_SCHEMES: Final = ("FOS", "keyword")


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a product or what a search found.

    Raises:
        AnswerUnknown: Something else of OpenAIRE's: projects, organisations, data sources.
        FeedThrottled: Too many questions.
        FeedSaysError: OpenAIRE says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    answer = parse_json(body, limits)
    works, total = _works(answer)
    records, refused = read_each(works, _record, limits)
    check_page(step, entries=len(works), total=total, mark="", is_last=not step.url)
    feed = Feed(
        format="openaire json",
        parser="json",
        title="OpenAIRE",
        link=HOME,
        records=records,
        rejected=refused,
    )
    return Page(feed, next=None, total=total)


def recognises(value: object) -> bool:
    """Tell an answer by the members that only OpenAIRE's products have."""
    found = objects(value, "results")
    work = found[0] if found else value
    return isinstance(work, dict) and len(_OWN & work.keys()) >= _ENOUGH


def _works(answer: object) -> tuple[list[object], int | None]:
    """Give the products of an answer, and how many there are in all."""
    if isinstance(answer, dict):
        works = answer.get("results")
        if isinstance(works, list) and "header" in answer:
            known = next(iter(objects(works)), None)
            if known is None or len(_OWN & known.keys()) >= _ENOUGH:
                return works, number(answer, "header", "numFound")
        elif len(_OWN & answer.keys()) >= _ENOUGH:
            return [answer], 1
        message = string(answer, "message") or string(answer, "error")
        if message and is_request_to_wait(message):
            raise FeedThrottled(message=message[:200])
        if message:
            raise FeedSaysError(message=message[:500])
    raise AnswerUnknown(looks_like="OpenAIRE answer without products")


def _record(work: object, position: int, limits: Limits) -> Record:
    if not isinstance(work, dict):
        raise RecordBroken(reason=f"a product that is a {type(work).__name__}, not an object", line=None)
    descriptions = strings(work, "descriptions")
    title, abstract = string(work, "mainTitle"), descriptions[0] if descriptions else ""
    if len(title) > limits.title_characters or len(abstract) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    own, dois = string(work, "id"), _pids(work, "doi")
    if not own and not dois:
        raise RecordUnidentified(title=title[:200])
    canonical = normalize_doi(dois[0]) if dois else None
    language = string(work, "language", "code").removeprefix("und")
    return Record(
        position=position,
        external_id=own or dois[0],
        title=Text(title),
        link=doi_url(canonical) if canonical else f"{EXPLORE}{own}",
        links=tuple(_links(work)),
        published=string(work, "publicationDate"),
        authors=tuple(_authors(work)),
        summary=Text(to_html(abstract), Form.HTML) if "<jats:" in abstract else Text(abstract),
        categories=tuple(dict.fromkeys(_subjects(work))),
        language=language,
        fields=fields_of(
            {
                "dc:language": language,
                "hub:place": "openaire",
                "hub:abstract": "whole" if abstract else "",
                **_identifiers(work, dois),
                **_venue(work),
                **_standing(work),
            }
        ),
    )


def _pids(work: dict[str, Any], scheme: str) -> list[str]:
    """List the product's identifiers of a scheme, each once."""
    named = (each for each in objects(work, "pids") if string(each, "scheme").lower() == scheme)
    return list(dict.fromkeys(filter(None, (string(each, "value") for each in named))))


def _authors(work: dict[str, Any]) -> Iterator[RecordAuthor]:
    """Give the authors in the order of their ranks."""
    people = sorted(
        objects(work, "authors") or objects(work, "author"), key=lambda one: number(one, "rank") or 0
    )
    for person in people:
        parts = " ".join(filter(None, (string(person, "name"), string(person, "surname"))))
        # The parts are made of the whole name by a machine that lowers letters: "LaManna" is "Lamanna" there.
        if name := string(person, "fullName") or parts:
            is_orcid = string(person, "pid", "id", "scheme").lower().startswith("orcid")
            orcid = normalize_orcid(string(person, "pid", "id", "value")) if is_orcid else None
            yield RecordAuthor(
                name=clean_name(name) if "," in name else name,
                uri=f"https://orcid.org/{orcid}" if orcid else "",
            )


def _subjects(work: dict[str, Any]) -> Iterator[str]:
    """Name the fields of science and the keywords; the rest are codes."""
    for scheme in _SUBJECT_SCHEMES:
        for each in objects(work, "subjects"):
            if string(each, "subject", "scheme") == scheme and (name := string(each, "subject", "value")):
                yield name


def _links(work: dict[str, Any]) -> Iterator[RecordLink]:
    """Give the places of the product, files first."""
    places = [
        href.replace("&amp;", "&")  # as addresses stand in the XML that OpenAIRE gathers
        for each in objects(work, "instances")
        for href in strings(each, "urls")
    ]
    for href in sorted(dict.fromkeys(places), key=lambda one: not _is_pdf(one)):
        is_pdf = _is_pdf(href)
        kind, title = ("application/pdf", "pdf") if is_pdf else ("", "")
        yield RecordLink(href, rel="related", type=kind, title=title)


def _is_pdf(href: str) -> bool:
    return href.lower().partition("?")[0].endswith(".pdf")


def _identifiers(work: dict[str, Any], dois: list[str]) -> dict[str, object]:
    """Give the product's names. Only the first DOI is taken for its own.

    OpenAIRE joins what looks alike, and has joined three different announcements of one journal: a second
    DOI may be another version's or another work's, so that it is kept, but says nothing.
    """
    arxiv = [found[0] for each in _pids(work, "arxiv") if (found := normalize_arxiv(each))]
    return {
        "prism:doi": dois[:1],
        "hub:arxiv": arxiv[:1],
        "hub:pmid": _pids(work, "pmid")[:1],
        "hub:pmcid": _pids(work, "pmc")[:1],
        "openaire:doi": dois[1:],
        "openaire:original-id": strings(work, "originalIds"),
    }


def _venue(work: dict[str, Any]) -> dict[str, object]:
    """Say where the product appeared, and under which terms."""
    return {
        "prism:publicationName": string(work, "container", "name"),
        "prism:issn": [string(work, "container", "issnLinking"), string(work, "container", "issnPrinted")],
        "prism:eIssn": string(work, "container", "issnOnline"),
        "prism:volume": string(work, "container", "vol"),
        "prism:number": string(work, "container", "iss"),
        "prism:startingPage": string(work, "container", "sp"),
        "prism:endingPage": string(work, "container", "ep"),
        "dcterms:license": _licence(work),
        "dc:publisher": string(work, "publisher"),
        "openaire:license": list(
            dict.fromkeys(string(each, "license") for each in objects(work, "instances"))
        ),
    }


def _licence(work: dict[str, Any]) -> str:
    """Give the open licence of the first place that was refereed, which is the publisher's."""
    reviewed = (
        licence_address(string(each, "license"))
        for each in objects(work, "instances")
        if string(each, "refereed") == "peerReviewed"
    )
    return next((address for address in reviewed if "creativecommons.org/" in address), "")


def _standing(work: dict[str, Any]) -> dict[str, object]:
    """Say what sort of product it is: what all its places agree on."""
    types = list(dict.fromkeys(filter(None, (string(each, "type") for each in objects(work, "instances")))))
    kind = Kind.PREPRINT if types == ["Preprint"] else None
    if string(work, "type") == "dataset":
        kind = Kind.DATASET
    return {
        "dc:type": types or [string(work, "type")],
        "hub:kind": kind.value if kind else "",
        "openaire:type": string(work, "type"),
        "openaire:access": string(work, "bestAccessRight", "label"),
        "openaire:color": string(work, "openAccessColor"),
        "openaire:collected-from": [string(each, "value") for each in objects(work, "collectedFrom")],
    }


CONNECTOR: Final = Connector(name="openaire", read=read, recognises_json=recognises)
