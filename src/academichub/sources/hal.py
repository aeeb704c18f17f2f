"""Read the answers of HAL, the French open archive (api.archives-ouvertes.fr, a Solr index)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.errors import (
    AnswerUnknown,
    FeedSaysError,
    FeedTooManyEntries,
    RecordBroken,
    RecordError,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Kind, Record, RecordAuthor, RecordLink, Rejected, Text
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
    from collections.abc import Iterator
    from typing import Any

    from academichub.sources.limits import Limits

HOME: Final = "https://hal.science"
# Members whose names carry HAL's suffixes for the type of a value; one of them is in every document.
_OWN: Final = ("halId_s", "uri_s", "label_s", "docType_s")
_ADDRESS: Final = re.compile(r"https?://[a-z0-9.-]*\bhal\b[a-z0-9.-]*/", re.IGNORECASE)
_VERSION_IN_ADDRESS: Final = re.compile(r"v([0-9]{1,3})/?$")
_KINDS: Final = {"ART": Kind.ARTICLE, "UNDEFINED": Kind.PREPRINT, "PREPRINT": Kind.PREPRINT}
_PUBLISHED: Final = (
    "publicationDate_s",
    "ePublicationDate_s",
    "producedDate_s",
    "publicationDateY_i",
    "producedDateY_i",
    "submittedDate_s",
)


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read the documents that a search found.

    Raises:
        AnswerUnknown: Something else of HAL's: groups, authors, structures.
        FeedSaysError: HAL says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    answer = parse_json(body, limits)
    if message := string(answer, "error", "msg") or string(answer, "error"):
        raise FeedSaysError(message=message[:500])
    works = at(answer, "response", "docs")
    known = next(iter(objects(works)), {})
    if not isinstance(works, list) or (known and not any(name in known for name in _OWN)):
        raise AnswerUnknown(looks_like="HAL answer without documents")
    if len(works) > limits.entries:
        raise FeedTooManyEntries(entries=len(works), limit=limits.entries)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, work in enumerate(works):
        try:
            records.append(_record(work, position, limits))
        except RecordError as error:
            refused.append(rejected(work, position, error, external_id=string(work, "halId_s")))
    total = number(answer, "response", "numFound")
    check_page(step, entries=len(works), total=total, mark="", is_last=not step.url)
    feed = Feed(
        format="hal json",
        parser="json",
        title="HAL",
        link=HOME,
        records=tuple(records),
        rejected=tuple(refused),
    )
    return Page(feed, next=None, total=total)


def recognises(value: object) -> bool:
    """Tell an answer by its first document's HAL identifier or address."""
    found = objects(value, "response", "docs")
    named = found[0] if found else {}
    return bool(string(named, "halId_s")) or _ADDRESS.match(string(named, "uri_s")) is not None


def _record(work: object, position: int, limits: Limits) -> Record:
    if not isinstance(work, dict):
        raise RecordBroken(reason=f"a document that is a {type(work).__name__}, not an object", line=None)
    titles, abstracts = strings(work, "title_s"), strings(work, "abstract_s")
    title, abstract = titles[0] if titles else "", abstracts[0] if abstracts else ""
    if len(title) > limits.title_characters or len(abstract) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    own, page = string(work, "halId_s"), string(work, "uri_s")
    if not own and not page:
        raise RecordUnidentified(title=title[:200])
    language = next(iter(strings(work, "language_s")), "")
    return Record(
        position=position,
        external_id=own or page,
        title=Text(title),
        link=page or f"{HOME}/{own}",
        links=tuple(_links(work)),
        published=next(filter(None, (string(work, name) for name in _PUBLISHED)), ""),
        authors=tuple(RecordAuthor(name=name) for name in strings(work, "authFullName_s")),
        summary=Text(abstract),
        categories=tuple(dict.fromkeys(_subjects(work))),
        language=language,
        fields=fields_of(
            {
                "hub:place": "hal",
                "hub:item": own,
                "hub:abstract": "whole" if abstract else "",
                "dc:language": language,
                "hal:title": titles[1:],
                "hal:abstract": abstracts[1:],
                **_said(work, page),
            }
        ),
    )


def _subjects(work: dict[str, Any]) -> Iterator[str]:
    """Name the domains in words where the answer has them, then the keywords."""
    yield from strings(work, "en_domainAllCodeLabel_fs") or strings(work, "domainAllCode_s")
    yield from strings(work, "keyword_s")


def _links(work: dict[str, Any]) -> Iterator[RecordLink]:
    """Give the main file first: HAL's address of it ends with "document" and is a PDF."""
    main = strings(work, "fileMain_s")
    for href in dict.fromkeys((*main, *strings(work, "files_s"))):
        is_pdf = href in main or href.lower().endswith(".pdf")
        kind, title = ("application/pdf", "pdf") if is_pdf else ("", "")
        yield RecordLink(href, rel="related", type=kind, title=title)
    for href in strings(work, "linkExtUrl_s"):
        yield RecordLink(href, rel="related")


def _said(work: dict[str, Any], page: str) -> dict[str, object]:
    """Give identifiers, venue, version and type."""
    kind = _KINDS.get(string(work, "docType_s"))
    in_address = _VERSION_IN_ADDRESS.search(page)
    venue = string(work, "journalTitle_s") or next(iter(strings(work, "conferenceTitle_s")), "")
    pages = string(work, "page_s").partition("-")
    return {
        "prism:doi": string(work, "doiId_s"),
        "prism:issn": string(work, "journalIssn_s"),
        "prism:eIssn": string(work, "journalEissn_s"),
        "prism:publicationName": venue or next(iter(strings(work, "bookTitle_s")), ""),
        "prism:volume": string(work, "volume_s"),
        "prism:number": strings(work, "issue_s"),
        "prism:startingPage": pages[0],
        "prism:endingPage": pages[2],
        "dcterms:license": string(work, "licence_s"),
        "dc:publisher": strings(work, "publisher_s") or string(work, "journalPublisher_s"),
        "dc:type": string(work, "docType_s"),
        "hub:kind": kind.value if kind else "",
        "hub:version": string(work, "version_i") or (in_address[1] if in_address else ""),
        "hub:arxiv": string(work, "arxivId_s"),
        "hub:pmid": string(work, "pubmedId_s"),
        "hub:pmcid": string(work, "pubmedcentralId_s"),
        "hub:comment": next(iter(strings(work, "comment_s")), ""),
        "hal:docid": string(work, "docid"),
        "hal:label": string(work, "label_s"),
        "hal:modified": string(work, "modifiedDate_s"),
        "hal:submitted": string(work, "submittedDate_s"),
    }


CONNECTOR: Final = Connector(name="hal", read=read, recognises_json=recognises)
