"""Ask Semantic Scholar for papers, and read its answers (api.semanticscholar.org, graph version 1)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from academichub.errors import (
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
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
from academichub.sources.throttling import is_request_to_wait
from academichub.sources.unpaywall import licence_address
from academichub.text.identifiers import (
    normalize_arxiv,
    normalize_doi,
    normalize_openalex,
    normalize_pmcid,
    normalize_pmid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from academichub.sources.limits import Limits

HOME: Final = "https://www.semanticscholar.org"
API: Final = "https://api.semanticscholar.org/graph/v1"
MOST_LOOKUPS: Final = 500
ASKED: Final = (
    "paperId,externalIds,url,title,abstract,venue,publicationVenue,journal,year,publicationDate,"
    "publicationTypes,authors,isOpenAccess,openAccessPdf,fieldsOfStudy,s2FieldsOfStudy,citationCount,tldr"
)
_PAPER_ID: Final = re.compile(r"[0-9a-f]{40}")
_CORPUS_ID: Final = re.compile(r"corpusid:\s*([1-9][0-9]{0,14})", re.IGNORECASE)
_ARXIV_VENUES: Final = frozenset({"", "arxiv", "arxiv.org"})
# Where the free text is the publisher's own, its licence is that of the version of record.
_PUBLISHERS: Final = frozenset({"GOLD", "HYBRID", "DIAMOND", "BRONZE"})
_EMPTY_SEARCHES: Final = ({"total", "offset", "data"}, {"total", "token", "data"})
# In lists of citations, each paper stands one level deeper.
_CITED: Final = ("citingPaper", "citedPaper")


# -- asking -----------------------------------------------------------------------------------------


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for up to 500 papers by DOI, arXiv identifier, PubMed number, or their own numbers.

    Raises:
        ValueError: None or too many are asked for, or one is none of these.
    """
    named = [_named(each) for each in identifiers]
    if not named or not all(named) or len(named) > MOST_LOOKUPS:
        msg = f"Semantic Scholar is asked for 1 to {MOST_LOOKUPS} known identifiers"
        raise ValueError(msg)
    return Step(url=f"{API}/paper/batch?fields={ASKED}", post=json.dumps({"ids": named}), scope="ids")


def _named(identifier: str) -> str:
    """Write an identifier as Semantic Scholar names it; "" for one it does not know, or a bare number."""
    plain = identifier.strip()
    if _PAPER_ID.fullmatch(plain.lower()):
        return plain.lower()
    if corpus := _CORPUS_ID.fullmatch(plain):
        return f"CorpusId:{corpus[1]}"
    if arxiv := normalize_arxiv(plain):
        return f"ARXIV:{arxiv[0]}"
    if doi := normalize_doi(plain):
        return f"DOI:{doi}"
    if pmcid := normalize_pmcid(plain):
        return f"PMCID:{pmcid.removeprefix('PMC')}"
    pmid = None if plain.isdigit() or normalize_openalex(plain) else normalize_pmid(plain)
    return f"PMID:{pmid}" if pmid else ""


# -- reading ----------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a paper, a batch, a search, citations, recommendations, or the papers of an author.

    Raises:
        AnswerUnknown: Authors without papers, snippets.
        FeedThrottled: Too many questions, ours or everyone's.
        FeedSaysError: Semantic Scholar says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    answer = parse_json(body, limits)
    papers = _papers(answer)
    if len(papers) > limits.entries:
        raise FeedTooManyEntries(entries=len(papers), limit=limits.entries)
    is_batch = isinstance(answer, list)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, paper in enumerate(papers):
        if paper is None and is_batch:
            continue  # a paper that is not known: see the warnings
        try:
            records.append(_record(paper, position, limits))
        except RecordError as error:
            refused.append(rejected(paper, position, error, external_id=string(paper, "paperId")))
    total = number(answer, "total")
    mark = string(papers[0], "paperId") if papers else ""
    token = string(answer, "token") or string(answer, "next")
    is_last = not step.url or is_batch or not token
    if not is_batch:
        check_page(step, entries=len(papers), total=total, mark=mark, token=token, is_last=is_last)
    feed = Feed(
        format="semantic scholar json",
        parser="json",
        title="Semantic Scholar",
        link=HOME,
        records=tuple(records),
        rejected=tuple(refused),
        warnings=_missing(step, papers) if is_batch else (),
    )
    return Page(feed, None if is_last or not papers else _next(step, answer, len(papers), mark), total)


def recognises(value: object) -> bool:
    """Tell an answer by the names of papers and authors in it; an empty search by its envelope."""
    if isinstance(value, list):
        known = next(iter(objects(value)), {})
        return "paperId" in known or ("authorId" in known and "name" in known)
    if not isinstance(value, dict):
        return False
    if value.keys() in _EMPTY_SEARCHES and value["data"] == []:
        return True
    papers = objects(value, "data") or objects(value, "recommendedPapers")
    known = papers[0] if papers else value
    is_snippet = "snippet" in known and "paper" in known
    is_author = "authorId" in known and ("name" in known or "papers" in known)
    return "paperId" in known or any(name in known for name in _CITED) or is_snippet or is_author


def _papers(answer: object) -> list[object]:
    """Give the papers of an answer, whichever of their shapes it has; None for one that is not known."""
    if isinstance(answer, list):
        if any("authorId" in each and "paperId" not in each for each in objects(answer)):
            raise AnswerUnknown(looks_like="Semantic Scholar authors")
        return answer
    members = answer if isinstance(answer, dict) else {}
    if "paperId" in members:
        return [answer]
    for member in ("data", "recommendedPapers", "papers"):
        entries = members.get(member)
        if isinstance(entries, list):
            known = next(iter(objects(entries)), {})
            inner = next((name for name in _CITED if name in known), "")
            if known and not inner and "paperId" not in known:
                break
            return [at(each, inner) for each in entries] if inner else entries
    message = string(answer, "message") or string(answer, "error")
    if not message:
        is_author = "authorId" in members
        raise AnswerUnknown(
            looks_like=f"Semantic Scholar {'author' if is_author else 'answer without papers'}"
        )
    if string(answer, "code") == "429" or is_request_to_wait(message):
        raise FeedThrottled(message=message[:200])
    raise FeedSaysError(message=message[:500])


def _missing(step: Step, papers: list[object]) -> tuple[str, ...]:
    """Name the papers of a batch that are not known: they are null, in the order of the question."""
    asked = json.loads(step.post)["ids"] if step.post else [str(place) for place in range(len(papers))]
    unknown = (name for name, paper in zip(asked, papers, strict=False) if paper is None)
    return tuple(f"missing: {name}" for name in unknown)


def _next(step: Step, answer: object, entries: int, mark: str) -> Step:
    """Give the next question: the same one with the token, or with the place where to go on."""
    token, offset = string(answer, "token"), string(answer, "next")
    name, value = ("token", token) if token else ("offset", offset)
    parts = urlsplit(step.url)
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in {"token", "offset"}]
    return replace(
        step,
        url=parts._replace(
            query=urlencode([*kept, (name, value)], quote_via=quote, safe=",", errors="replace")
        ).geturl(),
        seen=step.seen + entries,
        pages=step.pages + 1,
        total=number(answer, "total"),
        token=value,
        page_mark=mark,
    )


# -- one paper --------------------------------------------------------------------------------------


def _record(paper: object, position: int, limits: Limits) -> Record:
    if not isinstance(paper, dict):
        raise RecordBroken(reason=f"a paper that is a {type(paper).__name__}, not an object", line=None)
    title, abstract = string(paper, "title"), string(paper, "abstract")
    if len(title) > limits.title_characters or len(abstract) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    named = _identifiers(paper)
    own = string(paper, "paperId")
    if not own and not any(named.values()):
        raise RecordUnidentified(title=title[:200])
    return Record(
        position=position,
        external_id=own,
        title=Text(title, Form.PLAIN),
        link=string(paper, "url") or (f"{HOME}/paper/{own}" if own else ""),
        links=tuple(_links(paper)),
        published=string(paper, "publicationDate") or string(paper, "year"),
        authors=tuple(
            RecordAuthor(name=name, affiliations=tuple(strings(each, "affiliations")))
            for each in objects(paper, "authors")
            if (name := string(each, "name"))
        ),
        summary=Text(abstract, Form.PLAIN),
        categories=tuple(dict.fromkeys(_subjects(paper))),
        fields=fields_of({"hub:abstract": "whole" if abstract else "", **named, **_standing(paper)}),
    )


def _identifiers(paper: dict[str, Any]) -> dict[str, str]:
    """Give the names the paper has elsewhere."""
    pmcid = string(paper, "externalIds", "PubMedCentral").upper().removeprefix("PMC")
    return {
        "prism:doi": string(paper, "externalIds", "DOI"),
        "hub:arxiv": string(paper, "externalIds", "ArXiv"),
        "hub:pmid": string(paper, "externalIds", "PubMed"),
        "hub:pmcid": f"PMC{pmcid}" if pmcid else "",
        "hub:s2": string(paper, "externalIds", "CorpusId") or string(paper, "corpusId"),
        "s2:dblp": string(paper, "externalIds", "DBLP"),
        "s2:mag": string(paper, "externalIds", "MAG"),
        "s2:acl": string(paper, "externalIds", "ACL"),
    }


def _links(paper: dict[str, Any]) -> Iterator[RecordLink]:
    if href := string(paper, "openAccessPdf", "url"):
        yield RecordLink(href, rel="related", type="application/pdf", title="pdf")


def _subjects(paper: dict[str, Any]) -> Iterator[str]:
    """Name the fields of study, those of the publisher and of Semantic Scholar's own classifier."""
    yield from strings(paper, "fieldsOfStudy")
    yield from filter(None, (string(each, "category") for each in objects(paper, "s2FieldsOfStudy")))


def _standing(paper: dict[str, Any]) -> dict[str, object]:
    """Say where the paper appeared, under which terms, and what sort it is."""
    venue = string(paper, "publicationVenue", "name") or string(paper, "journal", "name")
    issns = [string(paper, "publicationVenue", "issn")]
    issns += strings(paper, "publicationVenue", "alternate_issns")
    licence = string(paper, "openAccessPdf", "license")
    is_publishers = string(paper, "openAccessPdf", "status").upper() in _PUBLISHERS
    return {
        "prism:publicationName": venue or string(paper, "venue"),
        "prism:issn": issns,
        "prism:volume": string(paper, "journal", "volume"),
        "prism:startingPage": string(paper, "journal", "pages").partition("-")[0],
        "dcterms:license": licence_address(licence) if is_publishers else "",
        "dc:type": strings(paper, "publicationTypes"),
        "hub:place": "semanticscholar",
        "hub:kind": Kind.PREPRINT.value if _is_preprint(paper) else "",
        "s2:author": [string(each, "authorId") for each in objects(paper, "authors")],
        "s2:tldr": string(paper, "tldr", "text"),
        "s2:license": licence,
        "s2:citation-count": string(paper, "citationCount"),
        "s2:open-access": string(paper, "openAccessPdf", "status"),
    }


def _is_preprint(paper: dict[str, Any]) -> bool:
    """Tell a paper that is on arXiv and, as far as is known, nowhere else."""
    if not string(paper, "externalIds", "ArXiv"):
        return False
    doi = normalize_doi(string(paper, "externalIds", "DOI"))
    venues = (
        string(paper, "venue"),
        string(paper, "journal", "name"),
        string(paper, "publicationVenue", "name"),
    )
    return (doi is None or normalize_arxiv(doi) is not None) and all(
        venue.lower() in _ARXIV_VENUES for venue in venues
    )


CONNECTOR: Final = Connector(
    name="semanticscholar",
    read=read,
    lookup=lookup,
    most_lookups=MOST_LOOKUPS,
    recognises_json=recognises,
    key_setting="semanticscholar_key",
    fields=frozenset(
        {"abstract", "authors", "doi", "arxiv", "venue", "issn", "published", "pmid", "pmcid", "pdf"}
    ),
)
