"""Ask Crossref for works, and read its answers (api.crossref.org, version 1 of its REST API)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from academichub.errors import (
    AnswerMovedCursor,
    AnswerTokenExpired,
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    RecordError,
)
from academichub.model.papers import Feed, Record, Rejected
from academichub.sources.crossrefwork import record_of
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.jsonanswer import at, number, objects, parse_json, rejected, string
from academichub.sources.throttling import is_request_to_wait
from academichub.text.identifiers import normalize_doi, normalize_issn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from academichub.errors import FeedError
    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

HOME: Final = "https://www.crossref.org"
API: Final = "https://api.crossref.org/v1"
ROWS: Final = 200  # entries of a page; Crossref gives up to 1,000, but 200 with references are some 4 MB
MOST_LOOKUPS: Final = 50
FIRST_CURSOR: Final = "*"
_SAFE: Final = ":,*/"  # they mean nothing else in a query, and addresses stay readable
_PREFIX: Final = re.compile(r"10\.[0-9]{4,9}")
_NOT_FOUND: Final = b"resource not found"
_FAILED: Final = frozenset({"failed", "error"})
_WORK: Final = "work"
_WORKS: Final = "work-list"


# -- asking -----------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest of what was added or changed in a window, oldest change first.

    Crossref indexes all of its works again and again: a stretch of the past is asked for by the days of
    publication, for next to nothing was indexed last in it.

    `select` is not used, though it would make answers smaller: it refuses the names of members that we
    need, such as the subtype of posted content.

    Args:
        scope: "issn:0028-0836" for a journal, "prefix:10.26434" for a registrant.
        window: The days on which Crossref indexed what is wanted; of publication where it is a past one.

    Raises:
        ValueError: The scope is neither.
    """
    kind, _, value = scope.partition(":")
    filters = []
    issn = normalize_issn(value) if kind == "issn" else None
    if kind == "prefix" and _PREFIX.fullmatch(value):
        filters.append(f"prefix:{value}")
    elif issn is None:
        msg = f"Crossref is harvested by issn: or prefix:, not {scope[:100]!r}"
        raise ValueError(msg)
    day = "pub-date" if window.is_past else "index-date"
    if window.since is not None:
        filters.append(f"from-{day}:{window.since.isoformat()}")
    if window.until is not None:
        filters.append(f"until-{day}:{window.until.isoformat()}")
    path = f"/journals/{issn}/works" if issn else "/works"
    asked = [("filter", ",".join(filters))] if filters else []
    asked += [("rows", str(ROWS)), ("sort", "indexed"), ("order", "asc"), ("cursor", FIRST_CURSOR)]
    return Step(
        url=f"{API}{path}?{urlencode(asked, safe=_SAFE)}",
        token=FIRST_CURSOR,
        scope=scope,
        since=window.since.isoformat() if window.since else "",
    )


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for works by DOI: for one by its own address, for several by a filter.

    A comma ends a filter, so that a DOI with one in it can only be asked for alone. Among others it is left
    out, and the warnings of the answer name it with those that were not found.

    Raises:
        ValueError: None or too many are asked for, or one is no DOI.
    """
    dois = [normalize_doi(each) for each in identifiers]
    known = [doi for doi in dois if doi]
    if not known or len(known) != len(dois) or len(known) > MOST_LOOKUPS:
        msg = f"Crossref is asked for 1 to {MOST_LOOKUPS} DOIs"
        raise ValueError(msg)
    scope, plain = " ".join(known), [doi for doi in known if "," not in doi]
    if len(plain) < 2:  # noqa: PLR2004  # nothing to filter
        return Step(url=f"{API}/works/{quote((plain or known)[0], safe='')}", scope=scope)
    asked = {"filter": ",".join(f"doi:{doi}" for doi in plain), "rows": str(len(plain))}
    return Step(url=f"{API}/works?{urlencode(asked, safe=_SAFE)}", scope=scope)


def lookup_pii(pii: str) -> Step:
    """Ask for the work with a publisher item identifier, as Elsevier's addresses have it.

    Raises:
        ValueError: It holds nothing that an identifier could be.
    """
    plain = "".join(character for character in pii if character.isascii() and character.isalnum()).upper()
    if not plain:
        msg = f"no PII: {pii[:100]!r}"
        raise ValueError(msg)
    return Step(url=f"{API}/works?filter=alternative-id:{plain}&rows=2", scope=f"pii:{plain}")


# -- reading ----------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a work or a list of works.

    Raises:
        AnswerTokenExpired: The cursor is older than its five minutes.
        AnswerUnknown: Something else of Crossref's: journals, members, funders, types.
        FeedSaysError: Crossref says what was wrong with the question.
        FeedError: See `parse_json` and `check_page`.
    """
    if body[:100].strip().lower().startswith(_NOT_FOUND):
        raise _refusal(step, "Resource not found.")
    answer = parse_json(body, limits)
    works, total, cursor = _works(answer, step)
    if len(works) > limits.entries:
        raise FeedTooManyEntries(entries=len(works), limit=limits.entries)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, work in enumerate(works):
        try:
            records.append(record_of(work, position, limits))
        except RecordError as error:
            refused.append(rejected(work, position, error, external_id=string(work, "DOI")))
    mark = string(works[0], "DOI") if works else ""
    # The cursor is not looked at: Crossref's stays the same from page to page, as a scroll does.
    check_page(step, entries=len(works), total=total, mark=mark, is_last=not step.url)
    feed = Feed(
        format="crossref json",
        parser="json",
        title="Crossref",
        link=HOME,
        records=tuple(records),
        rejected=tuple(refused),
        warnings=_missing(step, records, refused),
    )
    return Page(feed, _next(step, entries=len(works), total=total, cursor=cursor, mark=mark), total)


def recognises(value: object) -> bool:
    """Tell an answer of Crossref's from its envelope, or from a work in what is left of it."""
    message = at(value, "message")
    if string(value, "message-type") and string(value, "status"):
        return isinstance(message, dict | list)
    works = objects(message, "items") or objects(message)
    return bool(works) and bool(string(works[0], "DOI")) and "title" in works[0]


def _works(answer: object, step: Step) -> tuple[list[Any], int | None, str]:
    """Give the works of an answer, how many there are in all, and the cursor for those that follow."""
    if string(answer, "status") in _FAILED:
        raise _refusal(step, _complaint(at(answer, "message")))
    said, message = string(answer, "message-type"), at(answer, "message")
    if isinstance(message, dict):
        works = message.get("items")
        if said in {_WORKS, ""} and isinstance(works, list):
            return works, number(message, "total-results"), string(message, "next-cursor")
        if said == _WORK or (not said and string(message, "DOI")):
            return [message], 1, ""
    raise AnswerUnknown(looks_like=f"Crossref {said or 'answer'}"[:200])


def _complaint(message: object) -> str:
    """Put what Crossref found wrong into one line."""
    if isinstance(message, str):
        return message
    said = [string(each, "message") or string(each, "description") for each in objects(message)]
    return "; ".join(part for part in said if part) or "failed"


def _refusal(step: Step, message: str) -> FeedError:
    """Make the error of an answer that is one; a cursor that no longer leads anywhere is not found."""
    if step.token not in {"", FIRST_CURSOR} and ("cursor" in message.lower() or "not found" in message):
        return AnswerTokenExpired(token=step.token[:200])
    if is_request_to_wait(message):
        return FeedThrottled(message=message[:200])
    return FeedSaysError(message=message[:500])


def _missing(step: Step, records: list[Record], refused: list[Rejected]) -> tuple[str, ...]:
    """Name the DOIs of a lookup that Crossref did not answer."""
    if step.token or not step.scope.startswith("10."):
        return ()
    names = [each.external_id for each in records] + [each.external_id for each in refused]
    came = {normalize_doi(name) for name in names}
    return tuple(f"missing: {doi}" for doi in step.scope.split() if doi not in came)


def _next(step: Step, *, entries: int, total: int | None, cursor: str, mark: str) -> Step | None:
    """Give the next question of a harvest; None after a lookup, and at the end.

    Crossref gives a cursor on its last page too, so the end is where all have been seen.
    """
    seen = step.seen + entries
    if not step.token or not entries or (total is not None and seen >= total):
        return None
    if not cursor:
        raise AnswerMovedCursor(seen=seen, total=total)
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


CONNECTOR: Final = Connector(
    name="crossref",
    read=read,
    first=first,
    lookup=lookup,
    most_lookups=MOST_LOOKUPS,
    recognises_json=recognises,
    key_setting="contact",
    fields=frozenset({"abstract", "authors", "doi", "licence", "venue", "issn", "published"}),
)
