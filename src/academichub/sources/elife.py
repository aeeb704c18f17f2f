"""Ask eLife for its papers and reviewed preprints, and read its lists; they have teasers, no abstracts."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://api.elifesciences.org"
SITE: Final = "https://elifesciences.org"
PAGE: Final = 100  # the most that it gives
# The media type of each list; the server refuses what it does not know by name.
ACCEPTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "articles": "application/vnd.elife.article-list+json; version=1",
        "reviewed-preprints": "application/vnd.elife.reviewed-preprint-list+json; version=1",
    }
)
STATUSES: Final = frozenset({"poa", "vor", "reviewed"})  # accepted manuscript, version of record, preprint
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "research-article": Kind.ARTICLE,
        "research-advance": Kind.ARTICLE,
        "research-communication": Kind.ARTICLE,
        "short-report": Kind.ARTICLE,
        "tools-resources": Kind.ARTICLE,
        "registered-report": Kind.ARTICLE,
        "replication-study": Kind.ARTICLE,
        "review-article": Kind.REVIEW,
        "editorial": Kind.EDITORIAL,
        "correction": Kind.CORRECTION,
        "retraction": Kind.RETRACTION,
    }
)
_PAGE_NUMBER: Final = re.compile(r"&page=(\d+)$")
_BETWEEN: Final = re.compile(r"\s*(?:,|\.\.\.|…)\s*")
_OTHERS: Final = re.compile(r"\s+et al\.?$")
_DOI: Final = re.compile(r"10\.7554/elife\.\S+", re.IGNORECASE)


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest.

    Args:
        scope: "articles" or "reviewed-preprints".
        window: The lists know no dates, but they begin with the newest: a harvest ends where it comes to what
            was published, or last changed, before the window.

    Raises:
        ValueError: Another scope.
    """
    if scope not in ACCEPTS:
        msg = f'not "articles" or "reviewed-preprints": {scope!r}'
        raise ValueError(msg)
    since = window.since.isoformat() if window.since else ""
    url = f"{BASE}/{scope}?per-page={PAGE}&order=desc&page=1"
    return Step(url=url, accept=ACCEPTS[scope], scope=scope, since=since)


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a list of papers.

    Raises:
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    answer = parse_json(body, limits)
    entries = at(answer, "items")
    if not isinstance(entries, list):
        if message := string(answer, "title") or string(answer, "detail"):  # an RFC 7807 problem
            raise FeedSaysError(message=message[:500])
        raise AnswerUnknown(looks_like="JSON without items")
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    total = number(answer, "total")
    mark = _mark(entries)
    check_page(step, entries=len(entries), total=total, mark=mark)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(entry, position))
        except RecordError as error:
            refused.append(rejected(entry, position, error))
    feed = Feed(
        format="elife json",
        parser="json",
        title="eLife",
        link=SITE,
        records=tuple(records),
        rejected=tuple(refused),
    )
    return Page(feed, _next(step, entries, total, mark), total)


def _next(step: Step, entries: list[Any], total: int | None, mark: str) -> Step | None:
    seen = step.seen + len(entries)
    asked = _PAGE_NUMBER.search(step.url)
    is_done = total is not None and seen >= total
    if not entries or is_done or asked is None or _is_before(entries[-1], step.since):
        return None
    url = _PAGE_NUMBER.sub(f"&page={int(asked[1]) + 1}", step.url)
    return replace(step, url=url, seen=seen, pages=step.pages + 1, total=total, page_mark=mark)


def _is_before(entry: object, since: str) -> bool:
    """Tell whether an entry lies before the window, whichever of its days the list is ordered by."""
    days = [string(entry, name)[:10] for name in ("published", "statusDate", "versionDate", "reviewedDate")]
    return bool(since) and any(days) and max(days) < since


def _mark(entries: list[Any]) -> str:
    return f"{string(entries[0], 'id')} {string(entries[0], 'version')}".strip() if entries else ""


# -- one paper ------------------------------------------------------------------------------------


def _record(entry: object, position: int) -> Record:
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    name, doi, status = string(entry, "id"), string(entry, "doi"), string(entry, "status")
    if not name or not doi:
        raise RecordUnidentified(title=string(entry, "title")[:200])
    if status not in STATUSES:
        raise RecordBroken(reason=f"not a paper: {string(entry, 'type')[:50]}", line=0)
    title = ": ".join(filter(None, (string(entry, "titlePrefix"), string(entry, "title"))))
    pdf = string(entry, "pdf")
    folder = "reviewed-preprints" if status == "reviewed" else "articles"
    published, changed = (
        string(entry, "published"),
        string(entry, "versionDate") or string(entry, "statusDate"),
    )
    subjects = [string(each, "name") for each in objects(entry, "subjects")]
    return Record(
        position=position,
        external_id=doi,
        title=Text(title, Form.HTML),
        link=f"{SITE}/{folder}/{quote(name, safe='', errors='replace')}",
        links=(RecordLink(pdf, rel="related", type="application/pdf", title="pdf"),)
        if pdf.startswith("http")
        else (),
        published=published or changed,
        updated=changed if published and changed != published else "",
        authors=_authors(string(entry, "authorLine")),
        summary=Text(string(entry, "impactStatement"), Form.HTML),
        categories=tuple(dict.fromkeys(filter(None, subjects))),
        fields=fields_of(_fields(entry, doi)),
    )


def _fields(entry: Mapping[str, Any], doi: str) -> dict[str, object]:
    status, kind = string(entry, "status"), string(entry, "type")
    return {
        "prism:doi": doi,
        "prism:publicationName": "eLife",
        "prism:volume": string(entry, "volume"),
        "prism:startingPage": string(entry, "elocationId"),
        "dc:type": kind or ("reviewed-preprint" if status == "reviewed" else ""),
        "hub:place": "elifesciences.org",
        # A reviewed preprint has its paper's DOI, and counts its versions for itself.
        "hub:item": f"reviewed-preprints/{string(entry, 'id')}" if status == "reviewed" else "",
        "hub:version": str(number(entry, "version") or ""),
        "hub:kind": Kind.PREPRINT if status == "reviewed" else KINDS.get(kind, ""),
        "elife:status": status,
        "elife:stage": string(entry, "stage"),
        "elife:author-line": string(entry, "authorLine"),
        "elife:curation-label": strings(entry, "curationLabels"),
    }


def _authors(line: str) -> tuple[RecordAuthor, ...]:
    """Read "Ada Lovelace et al." or "A Lovelace, C Babbage ... M Somerville"; the others are not told."""
    names = _BETWEEN.split(_OTHERS.sub("", line))
    return tuple(RecordAuthor(name) for name in names if name)


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell a list of eLife's by the DOI and the status of its first paper."""
    entries = objects(value, "items")
    if not entries or not isinstance(value, dict) or "total" not in value:
        return False
    return _DOI.fullmatch(string(entries[0], "doi")) is not None and string(entries[0], "status") in STATUSES


CONNECTOR: Final = Connector(name="elife", read=read, first=first, recognises_json=recognises)
