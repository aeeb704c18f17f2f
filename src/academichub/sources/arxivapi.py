"""Ask arXiv's API for papers by identifier, a hundred at a time, and read its answers.

Harvests are not made here: the API pages through searches by what changes under it, and arXiv wants them made
over OAI-PMH (ingest reference, sections 2.2 and 2.3).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from academichub.errors import AnswerUnknown, FeedSaysError
from academichub.sources.decoding import decode
from academichub.sources.harvest import Connector, Page, Step, check_page
from academichub.sources.reading import read as read_feed
from academichub.text.identifiers import normalize_arxiv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.papers import Feed
    from academichub.sources.limits import Limits

ADDRESS: Final = "https://export.arxiv.org/api/query"
ACCEPT_ATOM: Final = "application/atom+xml, application/xml;q=0.9"
MOST_IDENTIFIERS: Final = 100  # in one question (ingest reference, section 2.2)
_LONGEST_TOLD: Final = 300  # characters of a server's text in an error or a warning
_TOTAL: Final = re.compile(
    r"<(?:[\w.-]{1,64}:)?totalResults(?:\s[^<>]{0,300})?>\s{0,99}([0-9]{1,9})\s{0,99}<", re.ASCII
)


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for papers by identifier, with or without versions; twice the same is asked once.

    Raises:
        ValueError: None, more than a hundred, or one that arXiv cannot have given: a single such one makes
            the API refuse all.
    """
    asked: dict[str, None] = {}
    for written in identifiers:
        pair = normalize_arxiv(written)
        if pair is None:
            msg = f"no arXiv identifier: {written[:_LONGEST_TOLD]}"
            raise ValueError(msg)
        asked[_name(*pair)] = None
    if not 0 < len(asked) <= MOST_IDENTIFIERS:
        msg = f"{len(asked)} identifiers, where 1 to {MOST_IDENTIFIERS} can be asked for"
        raise ValueError(msg)
    names = ",".join(asked)
    # Without max_results the API gives ten.
    query = urlencode({"id_list": names, "start": 0, "max_results": len(asked)})
    return Step(f"{ADDRESS}?{query}", accept=ACCEPT_ATOM, scope=names)


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read an answer. Papers that were asked for and did not come are warnings, "missing: IDENTIFIER".

    Raises:
        AnswerPageEmpty: No entries, though the answer counts some.
        AnswerUnknown: A feed, but no Atom.
        FeedSaysError: An error, also where it is dressed as an entry of a good answer.
        FeedThrottled: A request to wait: "Rate exceeded.".
        FeedError: Whatever else keeps it from being a feed; see `reading.read`.
    """
    feed = read_feed(body, base=ADDRESS, limits=limits)
    if not feed.format.startswith("atom"):
        raise AnswerUnknown(looks_like=feed.format)
    _refuse_error(feed)
    told = _TOTAL.search(decode(body).text)
    total = int(told[1]) if told else None
    entries = len(feed.records) + len(feed.rejected)
    check_page(step, entries=entries, total=total, mark="")
    missing = tuple([f"missing: {name}" for name in _missing(step.scope, feed)])
    # The title of an answer is the question.
    named = replace(feed, title="arXiv", link="https://arxiv.org/", warnings=feed.warnings + missing)
    return Page(named, next=None, total=total)


def _refuse_error(feed: Feed) -> None:
    """Recognise an error by its looks: the one entry is called Error and is no paper."""
    if len(feed.records) != 1:
        return
    record = feed.records[0]
    if record.title.value.strip().lower() == "error" and normalize_arxiv(record.external_id) is None:
        message = record.summary.value.strip() or record.external_id or "error"
        raise FeedSaysError(message=message[:_LONGEST_TOLD])


def _missing(scope: str, feed: Feed) -> list[str]:
    """List what was asked for and did not come; where no version was asked for, any will do."""
    names = [each.external_id for each in feed.records] + [each.external_id for each in feed.rejected]
    came: set[str] = set()
    for pair in filter(None, map(normalize_arxiv, names)):
        came |= {pair[0], _name(*pair)}
    return [name for name in scope.split(",") if name and name not in came]


def _name(base: str, version: int | None) -> str:
    return f"{base}v{version}" if version else base


CONNECTOR: Final = Connector(
    name="arxivapi",
    read=read,
    lookup=lookup,
    most_lookups=MOST_IDENTIFIERS,
    # Any Atom feed has the root that its answers have: a saved one is read as the feed it is.
)
