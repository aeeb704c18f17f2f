"""Read what ChemRxiv's own API tells of its preprints.

The API belonged to the platform that ChemRxiv left early in 2026; since then it answers 403 or 404 to most
who ask. Crossref has the same preprints under the prefix 10.26434, and ChemRxiv's feed announces them.
"""

from __future__ import annotations

from dataclasses import replace
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
from academichub.model.papers import Feed, Record, RecordAuthor, RecordLink, Rejected, Text
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
    from collections.abc import Mapping, Sequence

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://chemrxiv.org/engage/chemrxiv/public-api/v1/items"
PAGE: Final = 50  # the most that it gives
PREFIX: Final = "10.26434/"


def first(scope: str, window: Window) -> Step:
    """Begin a harvest of all preprints posted in the window; the one scope is "chemrxiv".

    Raises:
        ValueError: Another scope.
    """
    if scope != "chemrxiv":
        msg = f'not "chemrxiv": {scope!r}'
        raise ValueError(msg)
    url = f"{BASE}?limit={PAGE}&sort=PUBLISHED_DATE_DESC"
    if window.since:
        url += f"&searchDateFrom={window.since.isoformat()}"
    if window.until:
        url += f"&searchDateTo={window.until.isoformat()}"
    return Step(url=f"{url}&skip=0", scope=scope, since=window.since.isoformat() if window.since else "")


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for one preprint by its DOI.

    Raises:
        ValueError: Not exactly one DOI of ChemRxiv.
    """
    if len(identifiers) != 1 or not identifiers[0].strip().startswith(PREFIX):
        msg = "ChemRxiv answers for one of its own DOIs at a time"
        raise ValueError(msg)
    return Step(url=f"{BASE}/doi/{quote(identifiers[0].strip(), safe='/', errors='replace')}")


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a list of items, or the one item that was looked up.

    Raises:
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    answer = parse_json(body, limits)
    entries, total = _entries(answer)
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    mark = string(_item(entries[0]), "id") if entries else ""
    check_page(step, entries=len(entries), total=total, mark=mark)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(_item(entry), position))
        except RecordError as error:
            refused.append(rejected(_item(entry), position, error))
    feed = Feed(
        format="chemrxiv json",
        parser="json",
        title="ChemRxiv",
        link="https://chemrxiv.org",
        records=tuple(records),
        rejected=tuple(refused),
    )
    seen = step.seen + len(entries)
    if not entries or "&skip=" not in step.url or (total is not None and seen >= total):
        return Page(feed, None, total)
    url = f"{step.url.rpartition('=')[0]}={seen}"
    following = replace(step, url=url, seen=seen, pages=step.pages + 1, total=total, page_mark=mark)
    return Page(feed, following, total)


def _entries(answer: object) -> tuple[list[Any], int | None]:
    listed = at(answer, "itemHits")
    if isinstance(listed, list):
        return listed, number(answer, "totalCount")
    if _is_item(answer):
        return [answer], None
    if message := string(answer, "message") or string(answer, "error"):
        raise FeedSaysError(message=message[:500])
    raise AnswerUnknown(looks_like="JSON without items of ChemRxiv")


def _item(entry: object) -> object:
    """Give an item, which a list wraps in an object of its own."""
    wrapped = at(entry, "item")
    return wrapped if isinstance(wrapped, dict) else entry


def _record(entry: object, position: int) -> Record:
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    doi = string(entry, "doi")
    if not doi:
        raise RecordUnidentified(title=string(entry, "title")[:200])
    pdf = string(entry, "asset", "original", "url")
    version = number(entry, "version")
    posted, stood = string(entry, "publishedDate"), string(entry, "statusDate")
    is_first = version in {None, 1}
    return Record(
        position=position,
        external_id=doi,
        title=Text(string(entry, "title")),  # with tags or with TeX, as the authors typed it
        link=f"https://chemrxiv.org/doi/full/{quote(doi, safe='/', errors='replace')}",
        links=(RecordLink(pdf, rel="related", type="application/pdf", title="pdf"),)
        if pdf.startswith("http")
        else (),
        published=posted or stood or string(entry, "submittedDate") if is_first else "",
        updated="" if is_first else posted or stood,
        authors=tuple(_author(each) for each in objects(entry, "authors")),
        summary=Text(string(entry, "abstract")),
        categories=tuple(
            dict.fromkeys(name for each in objects(entry, "categories") if (name := string(each, "name")))
        ),
        fields=fields_of(_fields(entry, doi, version)),
    )


def _fields(entry: Mapping[str, Any], doi: str, version: int | None) -> dict[str, object]:
    published = string(entry, "vor", "vorDoi")
    status = string(entry, "status")
    return {
        "prism:doi": doi,
        "dcterms:license": string(entry, "license", "url"),
        "dc:type": string(entry, "contentType", "name"),
        "hub:place": "chemrxiv.org",
        "hub:version": str(version) if version else "",
        "hub:kind": "preprint",
        "hub:abstract": "whole" if string(entry, "abstract") else "",
        "hub:retracted": "yes" if status.upper() in {"WITHDRAWN", "RETRACTED", "REMOVED"} else "",
        "hub:relation": f"preprint-of doi:{published}" if published.startswith("10.") else "",
        "chemrxiv:id": string(entry, "id"),
        "chemrxiv:status": status,
        "chemrxiv:subject": string(entry, "subject", "name"),
        "chemrxiv:keyword": strings(entry, "keywords"),
        "chemrxiv:funder": [string(each, "name") for each in objects(entry, "funders")],
    }


def _author(author: Mapping[str, Any]) -> RecordAuthor:
    orcid = string(author, "orcid")
    return RecordAuthor(
        " ".join(filter(None, (string(author, "firstName"), string(author, "lastName")))),
        uri=f"https://orcid.org/{orcid}" if orcid else "",
        affiliations=tuple(
            name for each in objects(author, "institutions") if (name := string(each, "name"))
        ),
    )


def _is_item(value: object) -> bool:
    return (
        isinstance(value, dict) and {"doi", "title", "authors", "statusDate", "contentType"} <= value.keys()
    )


def recognises(value: object) -> bool:
    """Tell an answer of this API by its hits, which other servers of the platform have too, and its DOIs."""
    listed = at(value, "itemHits")
    if isinstance(listed, list):
        return not listed or string(_item(listed[0]), "doi").startswith(PREFIX)
    return _is_item(value) and string(value, "doi").startswith(PREFIX)


CONNECTOR: Final = Connector(
    name="chemrxiv",
    read=read,
    first=first,
    lookup=lookup,
    recognises_json=recognises,
    fields=frozenset({"abstract", "authors", "licence", "relation", "version"}),
)
