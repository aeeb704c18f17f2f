"""Read the answers of Zenodo (zenodo.org/api/records)."""

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
from academichub.text.identifiers import normalize_arxiv, normalize_doi, normalize_orcid
from academichub.text.names import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from academichub.sources.limits import Limits

HOME: Final = "https://zenodo.org"
_KINDS: Final = {
    ("publication", "article"): Kind.ARTICLE,
    ("publication", "conferencepaper"): Kind.ARTICLE,
    ("publication", "preprint"): Kind.PREPRINT,
    ("dataset", ""): Kind.DATASET,
}
# Relations that the hub has a word for; the rest are kept under "zenodo:relation".
_BONDS: Final = {
    "isVersionOf": "version-of",
    "hasVersion": "version-of",
    "isNewVersionOf": "version-of",
    "isPreviousVersionOf": "version-of",
    "isIdenticalTo": "version-of",
    "isPublishedIn": "part-of",
    "isPartOf": "part-of",
    "reviews": "reviews",
}


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a record or what a search found.

    Raises:
        AnswerUnknown: Something else of Zenodo's: communities, files, funders.
        FeedThrottled: Too many questions.
        FeedSaysError: Zenodo says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    answer = parse_json(body, limits)
    works, total = _works(answer)
    records, refused = read_each(works, _record, limits)
    check_page(step, entries=len(works), total=total, mark="", is_last=not step.url)
    feed = Feed(
        format="zenodo json",
        parser="json",
        title="Zenodo",
        link=HOME,
        records=records,
        rejected=refused,
    )
    return Page(feed, next=None, total=total)


def recognises(value: object) -> bool:
    """Tell an answer by the number of a record's concept, or by the address that a list gives itself."""
    found = objects(value, "hits", "hits")
    work = found[0] if found else value
    if string(work, "conceptrecid"):
        return isinstance(at(work, "metadata"), dict)
    has_hits = isinstance(at(value, "hits", "hits"), list)
    return has_hits and string(value, "links", "self").startswith(f"{HOME}/api/records")


def _works(answer: object) -> tuple[list[object], int | None]:
    """Give the records of an answer, and how many there are in all."""
    works = at(answer, "hits", "hits")
    if isinstance(works, list):
        known = next(iter(objects(works)), None)
        if known is None or "metadata" in known:
            return works, number(answer, "hits", "total")
    elif isinstance(answer, dict) and isinstance(answer.get("metadata"), dict) and "id" in answer:
        return [answer], 1
    elif message := string(answer, "message"):
        if is_request_to_wait(message) or number(answer, "status") == 429:  # noqa: PLR2004  # HTTP's own number
            raise FeedThrottled(message=message[:200])
        raise FeedSaysError(message=message[:500])
    raise AnswerUnknown(looks_like="Zenodo answer without records")


def _record(work: object, position: int, limits: Limits) -> Record:
    said = at(work, "metadata")
    if not isinstance(work, dict) or not isinstance(said, dict):
        raise RecordBroken(reason="a record without metadata", line=None)
    title, abstract = string(said, "title") or string(work, "title"), string(said, "description")
    if len(title) > limits.title_characters or len(abstract) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    own, doi = string(work, "id"), string(work, "doi") or string(said, "doi")
    if not own and not doi:
        raise RecordUnidentified(title=title[:200])
    return Record(
        position=position,
        external_id=own or doi,
        title=Text(title),
        link=_page(work, own),
        links=tuple(_links(work)),
        published=string(said, "publication_date").partition("/")[0] or string(work, "created"),
        authors=tuple(_authors(said)),
        summary=Text(abstract, Form.HTML),
        categories=tuple(dict.fromkeys((*strings(said, "keywords"), *_terms(said)))),
        language=string(said, "language"),
        fields=fields_of(
            {
                "prism:doi": doi,
                "hub:place": "zenodo",
                "hub:abstract": "whole" if abstract else "",
                **_venue(said),
                **_standing(work, said, doi),
            }
        ),
    )


def _page(work: dict[str, Any], own: str) -> str:
    shown = string(work, "links", "self_html") or string(work, "links", "html")
    return shown or (f"{HOME}/records/{own}" if own else string(work, "doi_url"))


def _terms(said: dict[str, Any]) -> Iterator[str]:
    """Name the subjects that are of a vocabulary."""
    yield from filter(None, (string(each, "term") for each in objects(said, "subjects")))


def _authors(said: dict[str, Any]) -> Iterator[RecordAuthor]:
    for person in objects(said, "creators"):
        if name := string(person, "name"):
            orcid = normalize_orcid(string(person, "orcid"))
            yield RecordAuthor(
                name=clean_name(name) if "," in name else name,
                uri=f"https://orcid.org/{orcid}" if orcid else "",
                affiliations=tuple(strings(person, "affiliation")),
            )


def _links(work: dict[str, Any]) -> Iterator[RecordLink]:
    """Give the files, PDFs first and named so; the others as what comes with the record."""
    files = [
        (string(each, "key"), href)
        for each in objects(work, "files")
        if (href := string(each, "links", "self") or string(each, "links", "download"))
    ]
    for name, href in sorted(files, key=lambda one: not one[0].lower().endswith(".pdf")):
        is_pdf = name.lower().endswith(".pdf")
        if is_pdf:
            yield RecordLink(href, rel="related", type="application/pdf", title="pdf")
        else:
            yield RecordLink(href, rel="enclosure", title=name)


def _venue(said: dict[str, Any]) -> dict[str, object]:
    """Say where the work appeared besides, and under which terms."""
    pages = string(said, "journal", "pages").partition("-")
    venue = (
        string(said, "journal", "title")
        or string(said, "meeting", "title")
        or string(said, "imprint", "publisher")
    )
    licence = string(said, "license", "id") or string(said, "license")
    return {
        "prism:publicationName": venue or "Zenodo",
        "prism:issn": string(said, "journal", "issn"),
        "prism:volume": string(said, "journal", "volume"),
        "prism:number": string(said, "journal", "issue"),
        "prism:startingPage": pages[0],
        "prism:endingPage": pages[2],
        "dcterms:license": licence_address(licence),
        "dc:language": string(said, "language"),
        "zenodo:license": licence,
        "zenodo:access": string(said, "access_right"),
    }


def _standing(work: dict[str, Any], said: dict[str, Any], doi: str) -> dict[str, object]:
    """Say what sort of record it is, which version, and how it stands to others."""
    kind, subtype = string(said, "resource_type", "type"), string(said, "resource_type", "subtype")
    known = _KINDS.get((kind, subtype)) or _KINDS.get((kind, ""))
    places = [number(each, "index") for each in objects(said, "relations", "version")]
    concept = normalize_doi(string(work, "conceptdoi"))
    relations = [f"version-of doi:{concept}"] if concept and concept != normalize_doi(doi) else []
    others: list[str] = []
    for related in objects(said, "related_identifiers"):
        name, value = string(related, "relation"), string(related, "identifier")
        named = _named(string(related, "scheme"), value)
        if name in _BONDS and named and named != f"doi:{normalize_doi(doi)}":
            relations.append(f"{_BONDS[name]} {named}")
        elif value:
            others.append(f"{name} {string(related, 'scheme')}:{value}")
    return {
        "dc:type": [string(said, "resource_type", "title"), subtype, kind],
        "hub:kind": known.value if known else "",
        "hub:version": str(places[0] + 1) if places and places[0] is not None else "",
        "hub:relation": list(dict.fromkeys(relations)),
        "zenodo:relation": others,
        "zenodo:version": string(said, "version"),
        "zenodo:modified": string(work, "modified"),
        "zenodo:communities": [string(each, "id") for each in objects(said, "communities")],
    }


def _named(scheme: str, value: str) -> str:
    """Write a related identifier as "scheme:value"; "" where it is not a paper's."""
    if scheme == "doi" and (doi := normalize_doi(value)):
        return f"doi:{doi}"
    arxiv = normalize_arxiv(value) if scheme == "arxiv" else None
    return f"arxiv:{arxiv[0]}" if arxiv else ""


CONNECTOR: Final = Connector(name="zenodo", read=read, recognises_json=recognises)
