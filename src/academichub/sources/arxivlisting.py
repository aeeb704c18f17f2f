"""Read arXiv's page of a category's newest announcement, to count what came against what was announced.

The page is written for people and its markup may change: it is scanned for headings, entries and identifiers,
and everything else is passed over. Nothing of it becomes a paper.

Source: arXiv's own templates (github.com/arXiv/arxiv-browse, browse/templates/list) for the pages since 2023:
"Showing new listings for Friday, 19 June 2026", "Cross submissions (showing 30 of 30 entries)". Until then:
"New submissions for Fri, 19 Jun 20", "Cross-lists for ...", "Replacements for ...".
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from academichub.errors import (
    CategoryUnknown,
    FeedEmptyAnswer,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
)
from academichub.model.taxonomy import category, suggest
from academichub.sources.decoding import decode
from academichub.sources.harvest import Step
from academichub.sources.throttling import is_request_to_wait
from academichub.text.identifiers import normalize_arxiv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.sources.limits import Limits

ACCEPT_HTML: Final = "text/html"
# Every branch is bounded and begins with "<" or "(", so that no page costs more than its length.
_TOKEN: Final = re.compile(
    r"<h[1-6]\b[^<>]{0,300}>(?P<heading>[^<]{0,600})</h"
    r"|<(?P<term>dt)\b"
    r"|<(?P<text>dd)\b"
    r"""|<a\s[^<>]{0,300}?\bhref\s{0,9}=\s{0,9}["'](?:https?://arxiv\.org)?/abs/(?P<id>[^"'<>\s]{1,60})["']"""
    r"|\(cross-list from (?P<origin>[\w.-]{1,20})\)"
    r"""|<span\s{1,9}class=["']primary-subject["']\s{0,9}>[^<>()]{0,200}\((?P<subject>[\w.-]{1,20})\)""",
    re.IGNORECASE | re.ASCII,
)
_ASIDE: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_SECTION: Final = re.compile(
    r"(?P<name>new submissions|cross submissions|cross-lists|replacement submissions|replacements)\b",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(r"\bof ([0-9]{1,6}) entries\b", re.IGNORECASE)
_TOTAL: Final = re.compile(r"\btotal of ([0-9]{1,6}) entries\b", re.IGNORECASE)
_DAY: Final = re.compile(
    r"\bfor (?:[a-z]{3,9}, )?([0-9]{1,2}) ([a-z]{3,9}) ([0-9]{4}|[0-9]{2})\b", re.IGNORECASE | re.ASCII
)
_LISTED: Final = re.compile(
    r"""\bhref\s{0,9}=\s{0,9}["']?(?:https?://arxiv\.org)?/list/([\w.-]{1,20})/(?:recent|new)\b""", re.ASCII
)
_NOTHING: Final = re.compile(r"no (?:updates|new listings) (?:today|for this time period)", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title\b[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_CENTURY: Final = 99  # a year up to here has lost its first two digits
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SECTION_BY_NAME: Final[Mapping[str, str]] = {
    "new submissions": "new",
    "cross submissions": "cross",
    "cross-lists": "cross",
    "replacement submissions": "replace",
    "replacements": "replace",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One paper of an announcement."""

    id: str  # canonical, without version
    primary: str = ""  # the category it is filed under first, where the page shows it


@dataclass(frozen=True, slots=True)
class Section:
    """The papers of one kind that an announcement lists."""

    count_said: int | None = None  # in the whole section, as its heading says; older pages do not
    ids: tuple[Listed, ...] = ()

    @property
    def is_complete(self) -> bool:
        """True unless the heading counts other than what is listed."""
        return self.count_said is None or self.count_said == len(self.ids)


@dataclass(frozen=True, slots=True)
class Listing:
    """A category's newest announcement, as arXiv's page shows it."""

    category: str = ""  # "" where the page does not name it
    announced_on: date | None = None
    new: Section = field(default_factory=Section)
    cross: Section = field(default_factory=Section)
    replace: Section = field(default_factory=Section)
    total_said: int | None = None
    warnings: tuple[str, ...] = ()  # what does not add up

    @property
    def is_complete(self) -> bool:
        """True where all that was announced is listed, by the page's own counts."""
        return not self.warnings


@dataclass(slots=True)
class _Scan:
    """What the scan has found so far."""

    sections: dict[str, list[Listed]] = field(default_factory=dict)
    counts: dict[str, int | None] = field(default_factory=dict)
    announced_on: date | None = None
    section: str = ""
    place: str = ""  # "term" in the line that names an entry, "text" in what is said of it
    is_named: bool = False  # the entry's identifier has been read
    entries: int = 0
    names: int = 0


def listing_step(name: str) -> Step:
    """Ask for the page of a category's newest announcement.

    Raises:
        CategoryUnknown: arXiv has no such active category; the facts suggest the nearest.
    """
    found = category(name)
    if found is None or not found.active:
        raise CategoryUnknown(category=name, suggestion=suggest(name))
    return Step(f"https://arxiv.org/list/{found.name}/new", accept=ACCEPT_HTML, scope=found.name)


def read_listing(body: bytes, limits: Limits) -> Listing:
    """Read the page.

    Raises:
        FeedEmptyAnswer, FeedThrottled: No page came.
        FeedIsWebPage: Another page of the web.
        FeedUnreadable: No page at all, or an announcement without a single section.
        FeedTooLarge, FeedTooManyEntries: Beyond the limits.
    """
    text = _text(body, limits)
    scan = _scan(text, limits)
    is_dated = scan.announced_on is not None
    if not scan.sections and not (is_dated and _NOTHING.search(text)):
        if is_dated:
            raise FeedUnreadable(reason="an announcement without sections")
        title = _TITLE.search(text)
        raise FeedIsWebPage(title=" ".join(html.unescape(title[1]).split())[:200] if title else "")
    total = _TOTAL.search(text)
    listed = _LISTED.search(text)
    new, cross, replaced = (_section(scan, name) for name in ("new", "cross", "replace"))
    total_said = int(total[1]) if total else None
    return Listing(
        category=listed[1] if listed else "",
        announced_on=scan.announced_on,
        new=new,
        cross=cross,
        replace=replaced,
        total_said=total_said,
        warnings=tuple(_warnings(scan, total_said, {"new": new, "cross": cross, "replace": replaced})),
    )


def _text(body: bytes, limits: Limits) -> str:
    if len(body) > limits.body_bytes:
        raise FeedTooLarge(bytes=len(body), limit=limits.body_bytes)
    text = decode(body).text
    if not text.strip("\ufeff \t\r\n\0"):
        raise FeedEmptyAnswer
    if "<" not in text[:1] and is_request_to_wait(text):
        raise FeedThrottled(message=" ".join(text.split())[:200])
    if "<" not in text:
        raise FeedUnreadable(reason="no element at all", line=1)
    return _ASIDE.sub("", text)


def _scan(text: str, limits: Limits) -> _Scan:
    scan = _Scan()
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "heading":
                _head(scan, " ".join(html.unescape(token["heading"]).split()))
            case "term":
                scan.place, scan.is_named = "term", False
                scan.entries += 1
                if scan.entries > limits.entries:
                    raise FeedTooManyEntries(entries=scan.entries, limit=limits.entries)
            case "text":
                scan.place = "text"
            case "id":
                _name(scan, token["id"])
            case "origin":
                _file(scan, token["origin"], place="term")
            case _:
                _file(scan, token["subject"], place="text")
    return scan


def _head(scan: _Scan, heading: str) -> None:
    scan.announced_on = scan.announced_on or _day(heading)
    section = _SECTION.match(heading)
    if section is None:
        return
    scan.section = _SECTION_BY_NAME[section["name"].lower()]
    scan.sections.setdefault(scan.section, [])
    count = _COUNT.search(heading)
    scan.counts[scan.section] = int(count[1]) if count else None


def _name(scan: _Scan, written: str) -> None:
    """Add the paper that an entry's line names; links in what is said of it are others."""
    pair = normalize_arxiv(written)
    if scan.place == "term" and scan.section and not scan.is_named and pair is not None:
        scan.sections[scan.section].append(Listed(pair[0]))
        scan.is_named = True
        scan.names += 1


def _file(scan: _Scan, name: str, *, place: str) -> None:
    """Note the category under which the entry is filed first; what abstracts say does not count."""
    if scan.place != place or not scan.is_named:
        return
    listed = scan.sections[scan.section]
    if not listed[-1].primary:
        listed[-1] = Listed(listed[-1].id, name)


def _section(scan: _Scan, name: str) -> Section:
    listed = {each.id: each for each in scan.sections.get(name, ())}
    return Section(scan.counts.get(name), tuple(listed.values()))


def _warnings(scan: _Scan, total: int | None, sections: Mapping[str, Section]) -> list[str]:
    said = [
        f"{name}: {len(section.ids)} listed of {section.count_said}"
        for name, section in sections.items()
        if not section.is_complete
    ]
    if scan.entries != scan.names:
        said.append(f"entries without a readable identifier: {scan.entries - scan.names}")
    listed = sum(len(section.ids) for section in sections.values())
    if total is not None and total != listed:
        said.append(f"{listed} listed of {total} in all")
    return said


def _day(heading: str) -> date | None:
    match = _DAY.search(heading)
    month = match[2][:3].lower() if match else ""
    if match is None or month not in _MONTHS:
        return None
    year = int(match[3])
    year += 0 if year > _CENTURY else 2000
    try:
        return date(year, _MONTHS.index(month) + 1, int(match[1]))
    except ValueError:
        return None
