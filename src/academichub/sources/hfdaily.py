"""Read the list of arXiv papers that Hugging Face's readers put forward each day.

An entry is a signal on a paper that arXiv has, not a place of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
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
from academichub.model.papers import Feed, Form, Record, RecordAuthor, RecordLink, Rejected, Text
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.jsonanswer import fields_of, objects, parse_json, rejected, string
from academichub.text.identifiers import normalize_arxiv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

BASE: Final = "https://huggingface.co/api/daily_papers"
MOST: Final = 100  # that one answer gives; busy days have some sixty
OPENED_ON: Final = date(2023, 5, 4)  # there is no list of an earlier day


def first(scope: str, window: Window) -> Step:
    """Begin a harvest, one list a day; the one scope is "daily".

    A list of tomorrow is refused with an error, so the last day is today's in UTC at the most.

    Raises:
        ValueError: Another scope.
    """
    if scope != "daily":
        msg = f'not "daily": {scope!r}'
        raise ValueError(msg)
    today = window.now.date()
    last = min(window.until or today, today)
    since = min(max(window.since or OPENED_ON, OPENED_ON), last)
    return Step(url=_address(since, 0), token=_token(since, last, 0), scope=scope, since=since.isoformat())


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read the list of one day; the next question is for what is left of it, or for the next day.

    Raises:
        FeedError: No such list, an error in its place, or the list of another day again.
    """
    answer = parse_json(body, limits)
    if isinstance(answer, dict) and (message := string(answer, "error") or string(answer, "message")):
        raise FeedSaysError(message=message[:500])
    if not isinstance(answer, list):
        raise AnswerUnknown(looks_like="JSON without a list of papers")
    if len(answer) > limits.entries:
        raise FeedTooManyEntries(entries=len(answer), limit=limits.entries)
    mark = _identifier(answer[0]) if answer else ""
    check_page(step, entries=len(answer), total=None, mark=mark)
    asked_on = step.token.partition("/")[0]
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, entry in enumerate(answer):
        try:
            records.append(_record(entry, position, asked_on))
        except RecordError as error:
            refused.append(rejected(entry, position, error, external_id=_identifier(entry)))
    feed = Feed(
        format="huggingface json",
        parser="json",
        title="Hugging Face Daily Papers",
        link="https://huggingface.co/papers",
        records=tuple(records),
        rejected=tuple(refused),
    )
    return Page(feed, _next(step, len(answer), mark))


def _next(step: Step, entries: int, mark: str) -> Step | None:
    if not step.token:
        return None
    day, last, page = _told(step.token)
    if entries >= MOST:
        page += 1
    elif day < last:
        day, page = day + timedelta(days=1), 0
    else:
        return None
    return replace(
        step,
        url=_address(day, page),
        token=_token(day, last, page),
        seen=step.seen + entries,
        pages=step.pages + 1,
        page_mark=mark or step.page_mark,  # an empty weekend between does not hide that a list came again
    )


def _address(day: date, page: int) -> str:
    return f"{BASE}?date={day.isoformat()}&limit={MOST}" + (f"&p={page}" if page else "")


def _token(day: date, last: date, page: int) -> str:
    """Write down where a harvest is: the day, the last day, the page of the day."""
    return f"{day.isoformat()}/{last.isoformat()}/{page}"


def _told(token: str) -> tuple[date, date, int]:
    day, last, page = token.split("/")
    return date.fromisoformat(day), date.fromisoformat(last), int(page)


def _identifier(entry: object) -> str:
    return string(entry, "paper", "id")


def _record(entry: object, position: int, asked_on: str) -> Record:
    if not isinstance(entry, dict):
        raise RecordBroken(reason="not an object", line=0)
    identifier = _identifier(entry)
    if not identifier:
        raise RecordUnidentified(title=string(entry, "title")[:200])
    if normalize_arxiv(identifier) is None:
        raise RecordBroken(reason="not an arXiv identifier", line=0)
    return Record(
        position=position,
        external_id=identifier,
        title=Text(string(entry, "title") or string(entry, "paper", "title"), Form.PLAIN),
        link=f"https://huggingface.co/papers/{quote(identifier, safe='/')}",
        links=_links(entry),
        published=_day(string(entry, "paper", "publishedAt")),
        authors=tuple(
            RecordAuthor(name)
            for each in objects(entry, "paper", "authors")
            if (name := string(each, "name"))
        ),
        summary=Text(string(entry, "paper", "summary") or string(entry, "summary"), Form.PLAIN),
        fields=fields_of(_fields(entry, identifier, asked_on)),
    )


def _day(instant: str) -> str:
    """Give the day of an instant that is always its midnight."""
    return instant.partition("T")[0]


def _fields(entry: Mapping[str, Any], identifier: str, asked_on: str) -> dict[str, object]:
    # The entry's own `publishedAt` is the paper's day in another time zone; only this one is the list's day.
    listed_on = _day(string(entry, "paper", "submittedOnDailyAt")) or asked_on
    return {
        "hub:place": "huggingface.co",
        "hub:signal": "hf-daily",
        "hub:arxiv": identifier,
        "hub:kind": "preprint",
        "hub:abstract": "whole" if string(entry, "paper", "summary") else "",
        "hf:upvotes": string(entry, "paper", "upvotes"),
        "hf:comments": string(entry, "numComments"),
        "hf:on": listed_on,
        "hf:organization": string(entry, "paper", "organization", "fullname"),
        "hf:stars": string(entry, "paper", "githubStars"),
    }


def _links(entry: Mapping[str, Any]) -> tuple[RecordLink, ...]:
    named = (("githubRepo", "code"), ("projectPage", "project"))
    hrefs = ((string(entry, "paper", name), title) for name, title in named)
    return tuple(
        RecordLink(href, rel="related", title=title) for href, title in hrefs if href.startswith("http")
    )


def recognises(value: object) -> bool:
    """Tell a day's list by its entries: a paper with votes, beside a count of comments."""
    if not isinstance(value, list) or not value:
        return False
    entry = value[0]
    paper = entry.get("paper") if isinstance(entry, dict) else None
    return isinstance(paper, dict) and {"id", "upvotes"} <= paper.keys() and "numComments" in entry


CONNECTOR: Final = Connector(name="hfdaily", read=read, first=first, recognises_json=recognises)
