"""Ask CORE for works, and read its answers (api.core.ac.uk, version 3)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from academichub.errors import (
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
    RecordBroken,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Record, RecordAuthor, RecordLink, Text
from academichub.sources.harvest import Connector, Page, Step, check_page
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
from academichub.text.identifiers import normalize_arxiv, normalize_doi, normalize_issn
from academichub.text.names import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from academichub.sources.limits import Limits

HOME: Final = "https://core.ac.uk"
API: Final = "https://api.core.ac.uk/v3"
MOST_LOOKUPS: Final = 20
ROWS: Final = 100  # more time out
# What only CORE's works have; any three of them together are nobody else's.
_OWN: Final = frozenset({"dataProviders", "oaiIds", "sourceFulltextUrls", "outputs", "fullText", "magId"})
_ENOUGH: Final = 3
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T0[0-2]:00:00(?:Z|[+-].*)?")
# CORE joins the descriptions that a repository gives, and arXiv gives its comment as the second one.
_COMMENT: Final = "Comment: "


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for works by DOI or arXiv identifier.

    Raises:
        ValueError: None or too many are asked for, or one is neither.
    """
    named = [_named(each) for each in identifiers]
    if not named or not all(named) or len(named) > MOST_LOOKUPS:
        msg = f"CORE is asked for 1 to {MOST_LOOKUPS} DOIs or arXiv identifiers"
        raise ValueError(msg)
    asked = {"q": " OR ".join(named), "limit": str(ROWS), "offset": "0"}
    return Step(url=f"{API}/search/works/?{urlencode(asked, safe=':/')}", scope="lookup")


def _named(identifier: str) -> str:
    if arxiv := normalize_arxiv(identifier):
        return f'arxivId:"{arxiv[0]}"'
    doi = normalize_doi(identifier)
    return f'doi:"{doi}"' if doi and '"' not in doi else ""


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a work or what a search found.

    Raises:
        AnswerUnknown: Something else of CORE's: repositories, journals.
        FeedThrottled: The allowance of this hour or day is used up.
        FeedSaysError: CORE says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    answer = parse_json(body, limits)
    works, total = _works(answer)
    records, refused = read_each(works, _record, limits)
    mark = string(works[0], "id") if works else ""
    check_page(step, entries=len(works), total=total, mark=mark, is_last=not step.url)
    feed = Feed(
        format="core json",
        parser="json",
        title="CORE",
        link=HOME,
        records=records,
        rejected=refused,
    )
    return Page(feed, _next(step, entries=len(works), total=total, mark=mark), total)


def recognises(value: object) -> bool:
    """Tell an answer by the members that only CORE's works have."""
    found = objects(value, "results")
    work = found[0] if found else value
    if isinstance(work, dict) and len(_OWN & work.keys()) >= _ENOUGH:
        return bool(string(work, "id"))
    return isinstance(value, dict) and {"totalHits", "searchId", "results"} <= value.keys() and not found


def _works(answer: object) -> tuple[list[object], int | None]:
    if isinstance(answer, dict):
        works = answer.get("results")
        known = next(iter(objects(works)), answer)
        is_work = bool(_OWN & known.keys())
        if isinstance(works, list) and (is_work or not objects(works)):
            return works, number(answer, "totalHits")
        if works is None and is_work and string(answer, "id"):
            return [answer], 1
        message = string(answer, "message") or string(answer, "error")
        if message and is_request_to_wait(message):
            raise FeedThrottled(message=message[:200])
        if message:
            raise FeedSaysError(message=message[:500])
    raise AnswerUnknown(looks_like="CORE answer without works")


def _next(step: Step, *, entries: int, total: int | None, mark: str) -> Step | None:
    """Give the next question, stepping by what came."""
    seen = step.seen + entries
    asked, offset, _ = step.url.rpartition("offset=")
    if not offset or not entries or total is None or seen >= total:
        return None
    return replace(
        step,
        url=f"{asked}offset={seen}",
        seen=seen,
        pages=step.pages + 1,
        total=total,
        token=str(seen),
        page_mark=mark,
    )


def _record(work: object, position: int, limits: Limits) -> Record:
    if not isinstance(work, dict):
        raise RecordBroken(reason=f"a work that is a {type(work).__name__}, not an object", line=None)
    title = string(work, "title")
    abstract, comment = _apart(string(work, "abstract"), string(work, "arxivId"))
    if len(title) > limits.title_characters or len(abstract) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    own = string(work, "id")
    if not own:
        raise RecordUnidentified(title=title[:200])
    return Record(
        position=position,
        external_id=own,
        title=Text(title),
        link=_page(work) or f"{HOME}/works/{own}",
        links=tuple(_links(work)),
        published=_day(string(work, "publishedDate")) or string(work, "yearPublished"),
        authors=tuple(
            RecordAuthor(name=clean_name(name) if "," in name else name)
            for each in objects(work, "authors")
            if (name := string(each, "name"))
        ),
        summary=Text(abstract),
        categories=tuple(strings(work, "fieldOfStudy")),
        language=string(work, "language", "code"),
        fields=fields_of(
            {"hub:comment": comment, "hub:abstract": "whole" if abstract else "", **_said(work)}
        ),
    )


def _apart(abstract: str, arxiv: str) -> tuple[str, str]:
    """Part an arXiv paper's abstract from the comment that was joined to it."""
    text, mark, comment = abstract.rpartition(_COMMENT)
    return (text.rstrip(), " ".join(comment.split())) if mark and text and arxiv else (abstract, "")


def _day(written: str) -> str:
    """Give a date without the hours that only tell how far CORE's clock is from Greenwich."""
    found = _DAY.fullmatch(written)
    return found[1] if found else written


def _page(work: dict[str, Any]) -> str:
    shown = (string(each, "url") for each in objects(work, "links") if string(each, "type") == "display")
    return next(filter(None, shown), "")


def _links(work: dict[str, Any]) -> Iterator[RecordLink]:
    """Give the places of the full text; those that are files, first."""
    places = dict.fromkeys(filter(None, (string(work, "downloadUrl"), *strings(work, "sourceFulltextUrls"))))
    files = [href for href in places if _is_file(href)]
    for href in files:
        yield RecordLink(href, rel="related", type="application/pdf", title="pdf")
    for href in places:
        if href not in files:
            yield RecordLink(href, rel="related")


def _is_file(href: str) -> bool:
    path = href.lower().partition("?")[0]
    return path.endswith(".pdf") or path.startswith((f"{HOME}/download/", "https://arxiv.org/pdf/"))


def _said(work: dict[str, Any]) -> dict[str, object]:
    journals = objects(work, "journals")
    named = [each for journal in journals for each in strings(journal, "identifiers")]
    return {
        "prism:doi": string(work, "doi"),
        "prism:issn": [issn for each in named if (issn := normalize_issn(each))],
        "prism:publicationName": [name for each in journals if (name := string(each, "title"))][:1],
        "dc:publisher": string(work, "publisher").strip("'"),
        "dc:type": string(work, "documentType"),
        "dc:language": string(work, "language", "code"),
        "hub:place": "core",
        "hub:arxiv": string(work, "arxivId"),
        "hub:pmid": string(work, "pubmedId"),
        "core:mag": string(work, "magId"),
        "core:oai": strings(work, "oaiIds"),
        "core:updated": string(work, "updatedDate"),
        "core:citation-count": string(work, "citationCount"),
        "core:outputs": [href for href in strings(work, "outputs") if href.startswith("http")],
        "core:providers": [name for each in objects(work, "dataProviders") if (name := string(each, "name"))],
    }


CONNECTOR: Final = Connector(
    name="core",
    read=read,
    lookup=lookup,
    most_lookups=MOST_LOOKUPS,
    recognises_json=recognises,
    key_setting="core_key",
    fields=frozenset({"abstract", "authors", "doi", "published", "pdf"}),
)
