"""Ask OpenAlex for works, and read its answers (api.openalex.org)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from academichub.errors import (
    AnswerMovedCursor,
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
    RecordBroken,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Kind, Record, RecordAuthor, RecordLink, Text
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
from academichub.text.identifiers import (
    normalize_arxiv,
    normalize_doi,
    normalize_issn,
    normalize_openalex,
    normalize_orcid,
    normalize_pmcid,
    normalize_pmid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

HOME: Final = "https://openalex.org"
API: Final = "https://api.openalex.org"
PER_PAGE: Final = 100  # the most that is given
MOST_LOOKUPS: Final = 50
FIRST_CURSOR: Final = "*"
MOST_POSITIONS: Final = 100_000  # words of an abstract; the longest honest ones have some 10,000
_SAFE: Final = ":,*/|"  # they mean nothing else in a query, and addresses stay readable
_SOURCE: Final = re.compile(r"S[1-9][0-9]{0,11}")
_WORK: Final = f"{HOME}/W"
_CUT: Final = "openalex:abstract-left-out"
# Types that leave no doubt. An "article" may as well be a news piece, or a preprint on some servers.
_KINDS: Final = {
    "review": Kind.REVIEW,
    "preprint": Kind.PREPRINT,
    "editorial": Kind.EDITORIAL,
    "erratum": Kind.CORRECTION,
    "retraction": Kind.RETRACTION,
    "dataset": Kind.DATASET,
}


# -- asking -----------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest of what was published in a window.

    Filtering by the day on which OpenAlex added or changed a work is for subscribers only.

    Args:
        scope: "issn:0028-0836" for a journal, "source:S137773608" for any source by its OpenAlex name.
        window: The days of publication.

    Raises:
        ValueError: The scope is neither.
    """
    kind, _, value = scope.partition(":")
    if kind == "issn" and (issn := normalize_issn(value)):
        filters = [f"primary_location.source.issn:{issn}"]
    elif kind == "source" and _SOURCE.fullmatch(value.upper()):
        filters = [f"primary_location.source.id:{value.upper()}"]
    else:
        msg = f"OpenAlex is harvested by issn: or source:, not {scope[:100]!r}"
        raise ValueError(msg)
    if window.since is not None:
        filters.append(f"from_publication_date:{window.since.isoformat()}")
    if window.until is not None:
        filters.append(f"to_publication_date:{window.until.isoformat()}")
    asked = {"filter": ",".join(filters), "per_page": str(PER_PAGE), "cursor": FIRST_CURSOR}
    return Step(
        url=f"{API}/works?{urlencode(asked, safe=_SAFE)}",
        token=FIRST_CURSOR,
        scope=scope,
        since=window.since.isoformat() if window.since else "",
    )


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for works by DOI, arXiv identifier, PubMed number or OpenAlex number.

    One is asked for by its own address, which costs nothing; several by a filter. A comma or a bar ends
    a filter, so that a DOI with one in it can only be asked for alone. Among others it is left out, and the
    warnings of the answer name it with those that were not found.

    Raises:
        ValueError: None or too many are asked for, one is none of these, or they are of different kinds.
    """
    named = [_named(each) for each in identifiers]
    known = [name for name in named if name is not None]
    if not known or len(known) != len(named) or len(known) > MOST_LOOKUPS:
        msg = f"OpenAlex is asked for 1 to {MOST_LOOKUPS} DOIs, PubMed numbers or OpenAlex numbers"
        raise ValueError(msg)
    if len({scheme for scheme, _ in known}) > 1:
        msg = "OpenAlex is asked for identifiers of one kind at a time"
        raise ValueError(msg)
    scheme = known[0][0]
    scope = " ".join(f"{scheme}:{value}" for _, value in known)
    values = [value for _, value in known if "," not in value and "|" not in value]
    if len(values) < 2:  # noqa: PLR2004  # nothing to filter
        value = values[0] if values else known[0][1]
        path = value if scheme == "openalex" else f"{scheme}:{quote(value, safe='/')}"
        return Step(url=f"{API}/works/{path}", scope=scope)
    name = "doi" if scheme == "doi" else f"ids.{scheme}"
    asked = {"filter": f"{name}:{'|'.join(values)}", "per_page": str(PER_PAGE)}
    return Step(url=f"{API}/works?{urlencode(asked, safe=_SAFE)}", scope=scope)


def _named(identifier: str) -> tuple[str, str] | None:
    """Say what sort of identifier one is; a bare number is none, for it could be anything."""
    if work := normalize_openalex(identifier):
        return "openalex", work
    if doi := normalize_doi(identifier):
        return "doi", doi
    if arxiv := normalize_arxiv(identifier):
        return "doi", f"10.48550/arxiv.{arxiv[0]}"
    if pmcid := normalize_pmcid(identifier):
        return "pmcid", pmcid
    pmid = None if identifier.strip().isdigit() else normalize_pmid(identifier)
    return ("pmid", pmid) if pmid else None


# -- reading ----------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a work or a list of works.

    Raises:
        AnswerUnknown: Groups, completions, authors, sources.
        FeedThrottled: The day's allowance is used up, or the questions come too fast.
        FeedSaysError: OpenAlex says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    answer = parse_json(body, limits)
    works, total = _works(answer)
    records, refused = read_each(works, _record, limits)
    mark = string(works[0], "id") if works else ""
    meta, cursor = at(answer, "meta"), string(answer, "meta", "next_cursor")
    is_last = not step.url or (isinstance(meta, dict) and meta.get("next_cursor", "") is None)
    check_page(step, entries=len(works), total=total, mark=mark, token=cursor, is_last=is_last)
    feed = Feed(
        format="openalex json",
        parser="json",
        title="OpenAlex",
        link=HOME,
        records=records,
        rejected=refused,
        warnings=(*_missing(step, records), *_cut(records)),
    )
    if is_last or not step.token or not works:
        return Page(feed, None, total)
    return Page(feed, _next(step, entries=len(works), total=total, cursor=cursor, mark=mark), total)


def recognises(value: object) -> bool:
    """Tell an answer by the names of what is in it; an empty list by what only OpenAlex's lists say."""
    found = objects(value, "results")
    if not found and at(value, "meta", "db_response_time_ms") is not None:
        return isinstance(at(value, "results"), list)
    return string(found[0] if found else value, "id").startswith(f"{HOME}/")


def _works(answer: object) -> tuple[list[object], int | None]:
    """Give the works of an answer, and how many there are in all."""
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        works = answer["results"]
        named = next((name for each in objects(works) if (name := string(each, "id"))), _WORK)
        if at(answer, "group_by"):
            raise AnswerUnknown(looks_like="OpenAlex groups")
        if not named.startswith(_WORK) or "entity_type" in next(iter(objects(works)), {}):
            raise AnswerUnknown(looks_like=f"OpenAlex {named[:100]}")
        return works, number(answer, "meta", "count")
    if string(answer, "id").startswith(_WORK):
        return [answer], 1
    message = string(answer, "message") or string(answer, "error")
    if message and not string(answer, "id"):
        if is_request_to_wait(f"{string(answer, 'error')} {message}"):
            raise FeedThrottled(message=message[:200])
        raise FeedSaysError(message=message[:500])
    raise AnswerUnknown(looks_like=f"OpenAlex {string(answer, 'id') or 'answer'}"[:200])


def _missing(step: Step, records: Sequence[Record]) -> tuple[str, ...]:
    """Name the identifiers of a lookup that OpenAlex did not answer."""
    if step.token:
        return ()
    came: set[str] = set()
    for record in records:
        came |= {f"doi:{normalize_doi(each)}" for each in record.fields.get("prism:doi", ())}
        # A preprint may be a location of what it became.
        versions = [each.removeprefix("version-of ") for each in record.fields.get("hub:relation", ())]
        came |= {each.replace("arxiv:", "doi:10.48550/arxiv.", 1) for each in versions}
        for scheme in ("openalex", "pmid", "pmcid"):
            came |= {f"{scheme}:{each}" for each in record.fields.get(f"hub:{scheme}", ())}
    asked = [each for each in step.scope.split() if not each.startswith(("issn:", "source:"))]
    return tuple(f"missing: {each}" for each in asked if each not in came)


def _cut(records: Sequence[Record]) -> tuple[str, ...]:
    """Name the works whose abstract was left out."""
    return tuple(f"abstract left out: {each.external_id}" for each in records if _CUT in each.fields)


def _next(step: Step, *, entries: int, total: int | None, cursor: str, mark: str) -> Step | None:
    """Give the next question of a harvest that goes on, as the answer says or as it does not say."""
    seen = step.seen + entries
    if not cursor:
        if total is not None and seen < total:
            raise AnswerMovedCursor(seen=seen, total=total)
        return None
    asked, _, _ = step.url.rpartition("cursor=")
    return replace(
        step,
        url=f"{asked}cursor={quote(cursor, safe='', errors='replace')}",
        seen=seen,
        pages=step.pages + 1,
        total=total,
        token=cursor,
        page_mark=mark,
    )


# -- one work ---------------------------------------------------------------------------------------


def _record(work: object, position: int, limits: Limits) -> Record:
    if not isinstance(work, dict):
        raise RecordBroken(reason=f"a work that is a {type(work).__name__}, not an object", line=None)
    title = string(work, "title") or string(work, "display_name")
    if len(title) > limits.title_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    openalex = normalize_openalex(string(work, "id"))
    if openalex is None:
        raise RecordUnidentified(title=title[:200])
    index = work.get("abstract_inverted_index")
    abstract = rebuilt(index, most_characters=limits.text_characters)
    page = string(work, "primary_location", "landing_page_url") or string(work, "doi") or string(work, "id")
    return Record(
        position=position,
        external_id=string(work, "id"),
        title=Text(title),
        link=page,
        links=tuple(link for link in _links(work) if link.href != page),
        published=string(work, "publication_date") or string(work, "publication_year"),
        authors=tuple(_authors(work)),
        summary=Text(abstract or ""),
        categories=tuple(_subjects(work)),
        language=string(work, "language"),
        fields=fields_of(
            {
                "hub:openalex": openalex,
                "hub:abstract": "whole" if abstract else "",
                _CUT: "longer than any abstract" if abstract is None else "",
                **_identifiers(work),
                **_venue(work),
                **_standing(work),
            }
        ),
    )


def rebuilt(index: object, *, most_characters: int) -> str | None:
    """Put an abstract together from its words and their places.

    Gaps close, the first word at a place stays, and what is no place is left out. The work done grows
    with the words that are there, not with the numbers that stand in the index.

    Returns:
        The text, "" where there is none; None where it would be longer than any abstract.
    """
    if not isinstance(index, dict):
        return ""
    placed: list[tuple[int, str]] = []
    characters = 0
    for word, positions in index.items():
        for position in positions if isinstance(positions, list) else ():
            if isinstance(position, int) and not isinstance(position, bool) and position >= 0:
                placed.append((position, word))
                characters += len(word) + 1
                if len(placed) > MOST_POSITIONS or characters > most_characters:
                    return None
    placed.sort(key=lambda place: place[0])
    is_first = [i == 0 or placed[i - 1][0] != position for i, (position, _) in enumerate(placed)]
    return " ".join(word for (_, word), keeps in zip(placed, is_first, strict=True) if keeps).strip()


def _authors(work: dict[str, Any]) -> Iterator[RecordAuthor]:
    """Give the authors as they were printed; the names of OpenAlex's own list of people stand in."""
    for authorship in objects(work, "authorships"):
        name = string(authorship, "raw_author_name") or string(authorship, "author", "display_name")
        if name:
            orcid = normalize_orcid(string(authorship, "author", "orcid"))
            places = strings(authorship, "raw_affiliation_strings") or [
                string(each, "display_name") for each in objects(authorship, "institutions")
            ]
            uri = f"https://orcid.org/{orcid}" if orcid else ""
            yield RecordAuthor(name=name, uri=uri, affiliations=tuple(filter(None, places)))


def _subjects(work: dict[str, Any]) -> Iterator[str]:
    """Name the topics, the primary one first, then the keywords."""
    named = [*objects(work, "primary_topic"), *objects(work, "topics"), *objects(work, "keywords")]
    yield from dict.fromkeys(filter(None, (string(each, "display_name") for each in named)))


def _links(work: dict[str, Any]) -> Iterator[RecordLink]:
    """Give the PDFs, that of the best place first, then the pages of the other places."""
    places = [*objects(work, "best_oa_location"), *objects(work, "primary_location")]
    places += objects(work, "locations")
    pdfs = dict.fromkeys(filter(None, (string(each, "pdf_url") for each in places)))
    for href in pdfs:
        yield RecordLink(href, rel="related", type="application/pdf", title="pdf")
    pages = dict.fromkeys(filter(None, (string(each, "landing_page_url") for each in places)))
    for href in pages:
        yield RecordLink(href, rel="related", type="text/html")


def _identifiers(work: dict[str, Any]) -> dict[str, object]:
    """Give the names the work has elsewhere."""
    doi = string(work, "doi") or string(work, "ids", "doi")
    pmid = normalize_pmid(string(work, "ids", "pmid"))
    # Its addresses in PubMed Central have the number without the prefix that belongs to it.
    number_in_pmc = string(work, "ids", "pmcid").rstrip("/").rpartition("/")[2].upper().removeprefix("PMC")
    pmcid = normalize_pmcid(f"PMC{number_in_pmc}")
    arxiv = normalize_arxiv(string(work, "ids", "arxiv"))
    return {
        "prism:doi": normalize_doi(doi) or doi,
        "hub:pmid": pmid or "",
        "hub:pmcid": pmcid or "",
        "hub:arxiv": string(work, "ids", "arxiv") if arxiv else "",
        "openalex:mag": string(work, "ids", "mag"),
    }


def _venue(work: dict[str, Any]) -> dict[str, object]:
    """Say where the work appeared, and under which terms."""
    home = at(work, "primary_location")
    issns = [string(home, "source", "issn_l"), *strings(home, "source", "issn")]
    words = string(home, "license")
    return {
        "prism:publicationName": string(home, "source", "display_name") or string(home, "raw_source_name"),
        "prism:issn": list(dict.fromkeys(issns)),
        "prism:volume": string(work, "biblio", "volume"),
        "prism:number": string(work, "biblio", "issue"),
        "prism:startingPage": string(work, "biblio", "first_page"),
        "prism:endingPage": string(work, "biblio", "last_page"),
        "dcterms:license": licence_address(words),
        "dc:publisher": string(home, "source", "host_organization_name"),
        "openalex:license": words,
        "openalex:source": string(home, "source", "id"),
    }


def _standing(work: dict[str, Any]) -> dict[str, object]:
    """Say what sort of work it is, and where its other versions are."""
    kind = _KINDS.get(string(work, "type"))
    named = (normalize_arxiv(string(work, "ids", "arxiv")), normalize_arxiv(string(work, "doi")))
    own = {f"doi:{normalize_doi(string(work, 'doi'))}", *(f"arxiv:{one[0]}" for one in named if one)}
    versions = dict.fromkeys(
        version for each in objects(work, "locations") if (version := _version(each)) and version not in own
    )
    return {
        "dc:type": [string(work, "type"), string(work, "primary_location", "raw_type")],
        "dc:language": string(work, "language"),
        "hub:place": "openalex",
        "hub:kind": kind.value if kind else "",
        "hub:retracted": "yes" if work.get("is_retracted") is True else "",
        "hub:relation": [f"version-of {version}" for version in versions],
        "openalex:updated": string(work, "updated_date"),
        "openalex:created": string(work, "created_date"),
        "openalex:cited-by-count": string(work, "cited_by_count"),
        "openalex:oa-status": string(work, "open_access", "oa_status"),
        "openalex:is-paratext": "yes" if work.get("is_paratext") is True else "",
    }


def _version(location: dict[str, Any]) -> str:
    """Name the version at a location as "scheme:value", where its address is that of a DOI or of arXiv."""
    address = string(location, "landing_page_url")
    if arxiv := normalize_arxiv(address):
        return f"arxiv:{arxiv[0]}"
    is_resolver = "doi.org/" in address[:30].lower()
    doi = normalize_doi(address) if is_resolver else None
    return f"doi:{doi}" if doi else ""


CONNECTOR: Final = Connector(
    name="openalex",
    read=read,
    first=first,
    lookup=lookup,
    most_lookups=MOST_LOOKUPS,
    recognises_json=recognises,
    key_setting="openalex_key",
    fields=frozenset({"abstract", "authors", "doi", "licence", "venue", "issn", "published", "pmid", "pdf"}),
)
