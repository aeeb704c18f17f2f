"""Say what rss.arxiv.org and arxiv.org's listing pages say on the days of a plan.

The forms are those of arXiv's own feed service and site: RSS 2.0 and Atom with arXiv's elements, and
the page of new listings with its three sections.
"""

from __future__ import annotations

import html
import re
import threading
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from academichub.model import taxonomy
from evaluation.replay.arxivdays import UnknownCategory, dice_for, rows, wanted
from evaluation.replay.clock import EASTERN, eastern, eastern_day, seconds_to_midnight
from evaluation.replay.script import Answer, etag_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evaluation.replay.arxivdays import Announcement, Listing, Plan
    from evaluation.replay.script import Question

FEED_HOST: Final = "rss.arxiv.org"
SITE_HOST: Final = "arxiv.org"
_EVENING_HOUR: Final = 20  # Eastern; the listing pages turn to the next batch
_MOST_RENDERED: Final = 1000  # feeds whose rendering is remembered
_MOST_SHOWN: Final = 2000  # listings on a page, where the visitor does not say
_HTML: Final = "text/html; charset=utf-8"
_NAMESPACES: Final = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
)
_SECTIONS: Final = (
    ("New", frozenset({"new"})),
    ("Cross", frozenset({"cross"})),
    ("Replacement", frozenset({"replace", "replace-cross"})),
)


class ArxivSite:
    """Plays rss.arxiv.org and the listing pages of arxiv.org. Threads may share it.

    Args:
        plan: The days.
        edge_cache: A cache stands in front, as it does in truth: the first rendering of a feed is kept
            until midnight Eastern, and with it its ETag. Without it each rendering has its own.
    """

    def __init__(self, plan: Plan, *, edge_cache: bool = False) -> None:
        self._plan = plan
        self._edge_cache = edge_cache
        self._lock = threading.Lock()
        self._rendered: dict[str, datetime] = {}
        self._rendered_on: date | None = None

    def feeds(self, question: Question) -> Answer | None:
        """Answer for rss.arxiv.org: `/rss/cs.CV`, `/atom/cs.CV+cs.LG`."""
        form, _, query = question.path.strip("/").partition("/")
        if form not in {"rss", "atom"} or not query:
            return Answer(b"GOOD", content_type="text/plain") if question.path == "/feed/status" else None
        on = eastern_day(question.now)
        if on in self._plan.troubles.lost:
            status = dice_for("lost", question.target, f"{question.now:%H}").choice((500, 502, 503, 504))
            return Answer(b"Service Unavailable", status, "text/plain", note="lost day")
        try:
            return self._feed(form, query, question)
        except UnknownCategory as error:
            body = _error_feed(form, query, str(error), question.now)
            return Answer(body, 400, f"application/{form}+xml", etag=etag_of(body))

    def _feed(self, form: str, query: str, question: Question) -> Answer:
        version = question.query.get("version", "2.0")
        if version != "2.0":
            message = f"Unsupported feed version '{version}'."
            raise UnknownCategory(message)
        names, covered = wanted(query)
        on = eastern_day(question.now)
        shown = self._plan.batch_shown(on)
        listed = rows(self._plan.batches.get(shown, ()), covered) if shown else []
        # A batch that is shown once more carries the date of its own day.
        dated, at = shown or on, self._rendering(question)
        body = _rss(names, listed, dated, at) if form == "rss" else _atom(names, listed, dated, at)
        return Answer(
            body,
            content_type=f"application/{form}+xml",
            etag=etag_of(body),
            max_age_seconds=seconds_to_midnight(question.now),
            note="stale batch" if on in self._plan.troubles.stale else "",
        )

    def _rendering(self, question: Question) -> datetime:
        """Tell when the answer was rendered."""
        if not self._edge_cache:
            return question.now
        with self._lock:
            on = eastern_day(question.now)
            if self._rendered_on != on or len(self._rendered) >= _MOST_RENDERED:
                self._rendered, self._rendered_on = {}, on
            return self._rendered.setdefault(question.target, question.now)

    def listing(self, question: Question) -> Answer | None:
        """Answer for arxiv.org: `/list/cs.CV/new`, which turns to the next batch at 20:00 Eastern."""
        found = re.fullmatch(r"/list/([^/]+)/new", question.path)
        if not found:
            return None
        local = question.now.astimezone(EASTERN)
        turned = local.date() + timedelta(days=local.hour >= _EVENING_HOUR)
        on = max((day for day in self._plan.days if day <= turned), default=None)
        asked = question.query
        try:
            names, covered = wanted(found[1])
            skip, show = int(asked.get("skip", "0")), int(asked.get("show", str(_MOST_SHOWN)))
        except (UnknownCategory, ValueError):
            return Answer(b"<!DOCTYPE html><title>Not found</title>", 404, _HTML)
        listed = rows(self._plan.batches[on], covered, most=None) if on else []
        body = _list_page(names[0], listed, on or turned, range(max(skip, 0), max(skip, 0) + max(show, 0)))
        return Answer(body, content_type=_HTML)


# -- RSS 2.0 ----------------------------------------------------------------------------------------


def _rss(
    names: Sequence[str], listed: Iterable[tuple[Announcement, Listing]], on: date, at: datetime
) -> bytes:
    pub_date = format_datetime(eastern(on))
    title = f"{', '.join(names)} updates on"
    parts = [
        _rss_head("+".join(names), f"{title} arXiv.org", f"{title} the arXiv.org e-print archive.", at),
        f"    <pubDate>{pub_date}</pubDate>\n    <skipDays>\n      <day>Sunday</day>\n",
        "      <day>Saturday</day>\n    </skipDays>\n",
    ]
    for one, row in listed:
        categories = "".join(f"      <category>{escape(name)}</category>\n" for name in one.categories)
        parts.append(
            f"    <item>\n      <title>{escape(one.paper.title)}</title>\n"
            f"      <link>https://arxiv.org/abs/{row.arxiv_id}</link>\n"
            f"      <description>{_described(one, row)}</description>\n"
            f'      <guid isPermaLink="false">oai:arXiv.org:{row.arxiv_id}v{row.version}</guid>\n'
            f"{categories}      <pubDate>{pub_date}</pubDate>\n"
            f"{_extensions(one, row, doi_first=True, indent=6)}    </item>\n"
        )
    parts.append("  </channel>\n</rss>\n")
    return "".join(parts).encode()


def _rss_head(query: str, title: str, description: str, at: datetime) -> str:
    address = f"http://{FEED_HOST}/rss/{escape(query)}"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<rss {_NAMESPACES}"
        'xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">\n  <channel>\n'
        f"    <title>{escape(title)}</title>\n    <link>{address}</link>\n"
        f"    <description>{escape(description)}</description>\n"
        f'    <atom:link href={_quoted(address)} rel="self" type="application/rss+xml"/>\n'
        "    <docs>http://www.rssboard.org/rss-specification</docs>\n    <language>en-us</language>\n"
        f"    <lastBuildDate>{format_datetime(at)}</lastBuildDate>\n"
        "    <managingEditor>rss-help@arxiv.org</managingEditor>\n"
    )


# -- Atom -------------------------------------------------------------------------------------------


def _atom(
    names: Sequence[str], listed: Iterable[tuple[Announcement, Listing]], on: date, at: datetime
) -> bytes:
    title = f"{', '.join(names)} updates on"
    published = eastern(on).isoformat()
    updated = at.isoformat(timespec="microseconds")
    parts = [_atom_head("+".join(names), f"{title} arXiv.org", f"{title} the arXiv.org e-print archive.", at)]
    for one, row in listed:
        categories = "".join(f"    <category term={_quoted(escape(name))}/>\n" for name in one.categories)
        parts.append(
            f"  <entry>\n    <id>oai:arXiv.org:{row.arxiv_id}v{row.version}</id>\n"
            f"    <title>{escape(one.paper.title)}</title>\n    <updated>{updated}</updated>\n"
            f'    <link href="https://arxiv.org/abs/{row.arxiv_id}" rel="alternate" type="text/html"/>\n'
            f"    <summary>{_described(one, row)}</summary>\n{categories}"
            f"    <published>{published}</published>\n"
            f"{_extensions(one, row, doi_first=False, indent=4)}  </entry>\n"
        )
    parts.append("</feed>\n")
    return "".join(parts).encode()


def _atom_head(query: str, title: str, subtitle: str, at: datetime) -> str:
    address = f"http://{FEED_HOST}/atom/{escape(query)}"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {_NAMESPACES}"
        f'xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">\n  <id>{address}</id>\n'
        f"  <title>{escape(title)}</title>\n  <updated>{at.isoformat(timespec='microseconds')}</updated>\n"
        f'  <link href={_quoted(address)} rel="self" type="application/atom+xml"/>\n'
        f"  <subtitle>{escape(subtitle)}</subtitle>\n"
    )


# -- both -------------------------------------------------------------------------------------------


def _described(one: Announcement, row: Listing) -> str:
    full = f"{row.arxiv_id}v{row.version}"
    return escape(
        f"arXiv:{full} Announce Type: {row.announce_type} \nAbstract: {one.paper.abstract_of(row.version)}"
    )


def _extensions(one: Announcement, row: Listing, *, doi_first: bool, indent: int) -> str:
    """Write arXiv's own elements; the two forms differ in the order of two."""
    doi, journal = one.paper.journal if row.version > 1 else ("", "")
    published = [
        f"<arxiv:DOI>{escape(doi)}</arxiv:DOI>" if doi else "",
        f"<arxiv:journal_reference>{escape(journal)}</arxiv:journal_reference>" if journal else "",
    ]
    lines = (
        f"<arxiv:announce_type>{row.announce_type}</arxiv:announce_type>",
        f"<dc:rights>{one.paper.license}</dc:rights>",
        *(published if doi_first else reversed(published)),
        f"<dc:creator>{escape(', '.join(one.paper.authors))}</dc:creator>",
    )
    return "".join(f"{' ' * indent}{line}\n" for line in lines if line)


def _error_feed(form: str, query: str, message: str, at: datetime) -> bytes:
    """Write the feed that comes with a 400: well formed, and empty."""
    title = f"Feed error for query: http://{FEED_HOST}/{form}/{query}"
    if form == "rss":
        midnight = format_datetime(eastern(eastern_day(at)))
        head = _rss_head(query, title, message, at)
        return f"{head}    <pubDate>{midnight}</pubDate>\n  </channel>\n</rss>\n".encode()
    return f"{_atom_head(query, title, message, at)}</feed>\n".encode()


def _quoted(escaped: str) -> str:
    return '"' + escaped.replace('"', "&quot;") + '"'


# -- listing pages ----------------------------------------------------------------------------------


def _list_page(name: str, listed: Sequence[tuple[Announcement, Listing]], on: date, window: range) -> bytes:
    found = taxonomy.category(name)
    title = html.escape(f"{found.title_en}" if found else name)
    sections = []
    start = 0
    for heading, kinds in _SECTIONS:
        members = [row for row in listed if row[1].announce_type in kinds]
        numbered = [(number, row) for number, row in enumerate(members, start=start) if number in window]
        start += len(members)
        if numbered:
            shown = _showing([number - start + len(members) for number, _ in numbered], len(members))
            items = "".join(_list_item(number + 1, *row) for number, row in numbered)
            sections.append(f"<dl id='articles'>\n  <h3>{heading} submissions ({shown})</h3>\n{items}</dl>\n")
    count = (
        f"<div class='paging'>Total of {len(listed)} entries </div>\n"
        f"<div class='morefewer'>Showing up to {len(window)} entries per page: </div>\n"
        if listed
        else ""
    )
    body = "".join(sections) or "<p>No updates today.</p>\n"
    day = f"{on:%A}, {on.day} {on:%B %Y}"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"/><title>{title} </title></head>\n'
        "<body>\n"
        f"<div id='content-inner'>\n<div id='dlpage'>\n<h1>{title}</h1>\n"
        f"<h3>Showing new listings for {day}</h3>\n{count}{body}{count}</div>\n</div>\n</body>\n</html>\n"
    ).encode()


def _showing(places: Sequence[int], total: int) -> str:
    """Say which part of a section is here; `places` count from 0 within it."""
    if len(places) == total:
        return f"showing {total} of {total} entries"
    if places[0] == 0:
        return f"showing first {len(places)} of {total} entries"
    part = "last " if places[-1] == total - 1 else ""
    return f"continued, showing {part}{len(places)} of {total} entries"


def _list_item(number: int, one: Announcement, row: Listing) -> str:
    primary, *others = (_subject(name) for name in one.categories)
    said = {"cross": f"(cross-list from {one.categories[0]})", "new": ""}.get(row.announce_type, "(replaced)")
    more = "".join(f"; {name}" for name in others)
    authors = ", ".join(html.escape(name) for name in one.paper.authors) or "(author list is unavailable)"
    comments = (
        "<div class='list-comments mathjax'><span class='descriptor'>Comments:</span> "
        f"{html.escape(one.paper.comment)}</div>\n"
        if one.paper.comment
        else ""
    )
    name = row.arxiv_id
    return (
        f"<dt>\n<a name='item{number}'>[{number}]</a>\n"
        f'<a href ="/abs/{name}" title="Abstract" id="{name}">\n        arXiv:{name}\n      </a>\n{said}\n'
        f'[<a href="/pdf/{name}" title="Download PDF" id="pdf-{name}">pdf</a>]\n</dt>\n<dd>\n'
        "<div class='meta'>\n"
        "<div class='list-title mathjax'><span class='descriptor'>Title:</span>\n"
        f"          {html.escape(one.paper.title)}\n        </div>\n"
        f"<div class='list-authors'>{authors}</div>\n{comments}"
        "<div class='list-subjects'><span class='descriptor'>Subjects:</span>\n"
        f'<span class="primary-subject">{primary}</span>{more}\n</div>\n'
        f"<p class='mathjax'>{html.escape(one.paper.abstract_of(row.version))}</p>\n</div>\n</dd>\n"
    )


def _subject(name: str) -> str:
    found = taxonomy.category(name)
    return html.escape(f"{found.title_en} ({name})" if found else name)
