"""Ask OpenReview for a venue's submissions, and read its answers, of API version 2 and of version 1."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from academichub.errors import (
    AnswerUnknown,
    FeedIsWebPage,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    FeedUnreadable,
    KeyMissing,
    RecordBroken,
    RecordError,
    RecordUnidentified,
)
from academichub.model.papers import Feed, Form, Kind, Record, RecordAuthor, RecordLink, Rejected, Text
from academichub.sources.addresses import resolved
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.jsonanswer import (
    EXCERPT_CHARACTERS,
    at,
    fields_of,
    number,
    parse_json,
    rejected,
    string,
)
from academichub.text.identifiers import find_doi, normalize_arxiv, normalize_orcid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://api2.openreview.net/notes"
SITE: Final = "https://openreview.net"
KEY_SETTING: Final = "openreview_token"
PAGE: Final = 1000  # the most it gives; 1001 is an error
PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {"venueid": "content.venueid", "invitation": "invitation", "forum": "forum"}
)
# What the end of a venue's name says of a submission. An accepted paper has the bare name of its venue.
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Withdrawn_Submission": "withdrawn",
        "Desk_Rejected_Submission": "desk-rejected",
        "Rejected_Submission": "rejected",
        "Submission": "submitted",
        "Blind_Submission": "submitted",
    }
)
_NEEDS_KEY: Final = frozenset(
    {"ChallengeRequiredError", "ForbiddenError", "UnauthorizedError", "TokenExpiredError"}
)
_LAST_INSTANT: Final = 253_402_300_800_000  # milliseconds; the year 10000
_LICENCE: Final = re.compile(r"CC (BY(?:-NC)?(?:-ND|-SA)?) (\d\.\d)", re.IGNORECASE)


# -- asking ---------------------------------------------------------------------------------------


def first(scope: str, window: Window) -> Step:
    """Begin a harvest of a venue, an invitation or a forum.

    Args:
        scope: "venueid:ICLR.cc/2026/Conference", "invitation:..." or "forum:...".
        window: Not used. A paper enters a venue when it is accepted, months after it was made, and OpenReview
            can only be asked for when it was made; a venue is always read whole.

    Raises:
        ValueError: Another scope.
    """
    del window
    kind, _, name = scope.partition(":")
    if kind not in PARAMETERS or not name.strip():
        msg = f'not "venueid:...", "invitation:..." or "forum:...": {scope!r}'
        raise ValueError(msg)
    asked = f"{PARAMETERS[kind]}={quote(name.strip(), safe='/', errors='replace')}"
    return Step(url=f"{BASE}?{asked}&sort=number:asc&limit={PAGE}&offset=0", scope=scope)


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for one submission by OpenReview's own name for it.

    Raises:
        ValueError: Not exactly one name.
    """
    if len(identifiers) != 1 or not identifiers[0].strip():
        msg = "OpenReview answers for one of its own names at a time"
        raise ValueError(msg)
    return Step(url=f"{BASE}?id={quote(identifiers[0].strip(), safe='', errors='replace')}")


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read a list of notes.

    Raises:
        KeyMissing: The page, or the error, that those without a token get.
        FeedError: No such answer, an error in its place, or a page that cannot be true.
    """
    answer = _answer(body, limits)
    entries = at(answer, "notes")
    if not isinstance(entries, list):
        raise AnswerUnknown(looks_like="JSON without notes")
    if len(entries) > limits.entries:
        raise FeedTooManyEntries(entries=len(entries), limit=limits.entries)
    total = number(answer, "count")  # told only where an offset was asked for
    mark = string(entries[0], "id") if entries else ""
    check_page(step, entries=len(entries), total=total, mark=mark)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(_record(entry, position))
        except RecordError as error:
            title = _text(entry, "title")[:EXCERPT_CHARACTERS]
            refused.append(replace(rejected(entry, position, error), title=title))
    feed = Feed(
        format="openreview json",
        parser="json",
        title="OpenReview",
        link=SITE,
        records=tuple(records),
        rejected=tuple(refused),
    )
    return Page(feed, _next(step, len(entries), total, mark), total)


def _answer(body: bytes, limits: Limits) -> object:
    """Parse an answer, and tell what a caller without a token gets in its place."""
    try:
        answer: object = parse_json(body, limits)
    except FeedIsWebPage as error:  # "Verifying your browser", with a good status
        raise KeyMissing(server="OpenReview", setting=KEY_SETTING) from error
    except FeedUnreadable as error:
        if b"challenge" not in body[:2000].lower():
            raise
        raise KeyMissing(server="OpenReview", setting=KEY_SETTING) from error
    name, message = string(answer, "name"), string(answer, "message")
    if name in _NEEDS_KEY or string(answer, "challengeUrl"):
        raise KeyMissing(server="OpenReview", setting=KEY_SETTING)
    if name.startswith("RateLimit"):
        raise FeedThrottled(message=message[:200])
    if name and at(answer, "notes") is None:
        raise FeedSaysError(message=f"{name}: {message}"[:500])
    return answer


def _next(step: Step, entries: int, total: int | None, mark: str) -> Step | None:
    seen = step.seen + entries
    is_done = entries < PAGE if total is None else seen >= total
    if not entries or is_done or "&offset=" not in step.url:
        return None
    url = f"{step.url.rpartition('=')[0]}={seen}"
    return replace(step, url=url, seen=seen, pages=step.pages + 1, total=total, page_mark=mark)


# -- one note -------------------------------------------------------------------------------------


def _record(entry: object, position: int) -> Record:
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    name, forum = string(entry, "id"), string(entry, "forum")
    if not name:
        raise RecordUnidentified(title=_text(entry, "title")[:200])
    if forum and forum != name:
        raise RecordBroken(reason="a reply in a forum, not a submission", line=0)
    pdf = _text(entry, "pdf")
    links = (
        [RecordLink(resolved(pdf, SITE), rel="related", type="application/pdf", title="pdf")]
        if pdf.startswith(("/", "http"))
        else []
    )
    subjects = dict.fromkeys((*_texts(entry, "primary_area"), *_texts(entry, "keywords")))
    return Record(
        position=position,
        external_id=name,
        title=Text(_text(entry, "title"), Form.PLAIN),
        link=f"{SITE}/forum?id={quote(name, safe='', errors='replace')}",
        links=tuple(links),
        published=_instant(entry, "pdate", "odate", "cdate", "tcdate"),
        updated=_instant(entry, "mdate", "tmdate"),
        authors=_authors(entry),
        summary=Text(_text(entry, "abstract"), Form.PLAIN),
        categories=tuple(subjects),
        fields=fields_of(_fields(entry, name)),
    )


def _fields(entry: Mapping[str, Any], name: str) -> dict[str, object]:
    state, venue = _state(entry), _text(entry, "venue")
    licence = _LICENCE.fullmatch(string(entry, "license"))
    doi = find_doi(_text(entry, "doi")) or find_doi(_text(entry, "html"))
    arxiv = normalize_arxiv(_text(entry, "arxiv_id") or _text(entry, "html"))
    is_accepted = state == "accepted"
    return {
        "prism:doi": doi or "",
        "prism:publicationName": venue if is_accepted else "",
        "dcterms:license": f"https://creativecommons.org/licenses/{licence[1].lower()}/{licence[2]}/"
        if licence
        else "",
        "hub:place": "openreview",
        "hub:item": name,
        "hub:kind": Kind.ARTICLE if is_accepted else Kind.PREPRINT,
        "hub:abstract": "whole" if _text(entry, "abstract") else "",
        "hub:arxiv": arxiv[0] if arxiv else "",
        "openreview:state": state,
        "openreview:venue": venue,
        "openreview:venueid": _text(entry, "venueid"),
        "openreview:number": string(entry, "number"),
        "openreview:tldr": _text(entry, "TLDR") or _text(entry, "TL;DR"),
        "openreview:author-id": [each for each in _texts(entry, "authorids") if each.startswith("~")],
    }


def _state(entry: Mapping[str, Any]) -> str:
    """Say how a submission stands; "" where nothing tells.

    In API version 1 the bare name of a venue stands on rejected papers too, so it does not say accepted.
    """
    venueid, venue = _text(entry, "venueid"), _text(entry, "venue").lower()
    end = venueid.rpartition("/")[2]
    if not venueid or "Submission" in end:
        return STATES.get(end, "")
    if "withdrawn" in venue or venue.startswith("submitted to"):
        return "withdrawn" if "withdrawn" in venue else "submitted"
    return "accepted" if isinstance(at(entry, "content", "venueid"), dict) else ""


def _value(entry: object, name: str) -> object:
    """Give a member of a note's content: version 2 wraps each in an object, version 1 does not."""
    content = at(entry, "content")
    member = content.get(name) if isinstance(content, dict) else None
    return member.get("value") if isinstance(member, dict) else member


def _text(entry: object, name: str) -> str:
    return string({"value": _value(entry, name)}, "value")


def _texts(entry: object, name: str) -> list[str]:
    """Give a list of texts; early venues joined theirs with commas."""
    value = _value(entry, name)
    listed = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return [each.strip() for each in listed if isinstance(each, str) and each.strip()]


def _instant(entry: Mapping[str, Any], *names: str) -> str:
    """Give the first of some instants, told in milliseconds, in ISO form."""
    for name in names:
        milliseconds = number(entry, name)
        if milliseconds and milliseconds < _LAST_INSTANT:
            at_second = datetime.fromtimestamp(milliseconds // 1000, UTC)
            return at_second.isoformat().replace("+00:00", "Z")
    return ""


def _authors(entry: Mapping[str, Any]) -> tuple[RecordAuthor, ...]:
    """Give the authors: names, or objects with a profile's name, or one line of an early venue."""
    value = _value(entry, "authors")
    if isinstance(value, str):
        return (RecordAuthor(value.strip()),) if value.strip() else ()
    made = []
    for each in value if isinstance(value, list) else []:
        name = each.strip() if isinstance(each, str) else string(each, "fullname") or string(each, "name")
        orcid = normalize_orcid(string(each, "username"))
        if name:
            made.append(RecordAuthor(name, uri=f"https://orcid.org/{orcid}" if orcid else ""))
    return tuple(made)


# -- recognising ----------------------------------------------------------------------------------


def recognises(value: object) -> bool:
    """Tell an answer of OpenReview by its notes, or by the error that asks for a token."""
    if not isinstance(value, dict):
        return False
    entries = value.get("notes")
    if not isinstance(entries, list):
        return value.get("name") == "ChallengeRequiredError"
    if not entries:
        return value.keys() == {"notes", "count"}
    entry = entries[0]
    return isinstance(entry, dict) and {"id", "forum", "content"} <= entry.keys()


CONNECTOR: Final = Connector(
    name="openreview",
    read=read,
    first=first,
    lookup=lookup,
    recognises_json=recognises,
    key_setting=KEY_SETTING,
    needs_key=True,
    fields=frozenset({"abstract", "authors", "licence"}),
)
