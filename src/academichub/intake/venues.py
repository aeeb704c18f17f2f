"""Name the place a paper appeared in, and the topics its source files it under."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.text import prose

if TYPE_CHECKING:
    from academichub.intake.standfirst import Standfirst
    from academichub.model.papers import Record

MOST_TOPICS: Final = 12
LONGEST_TOPIC: Final = 80
LONGEST_VENUE: Final = 120
LONGEST_CHANNEL_TITLE: Final = 300  # characters that are looked at

# Atypon and others: "Wiley: Advanced Tests: Table of Contents", "AAAS: Science: Current Issue".
_OWNED: Final = re.compile(
    r"(?:[^:]{2,60}: )?(?P<name>[^:]{2,100}): (?:Table of Contents|Latest|Recent|Current|New|Most|Advance"
    r"|Early|Just)[\w ]{0,60}(?: \(.{1,60}\))?",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"(?:ScienceDirect Publication: |Recent (?:Articles|Papers) in |Latest (?:Results|Articles) (?:for|from) "
    r"|New (?:articles|papers) in |(?:Table of Contents|TOC) (?:for|of) )",
    re.IGNORECASE,
)
_PARTED: Final = re.compile(
    r" [—–|»] | :: | - (?=Issue|Latest|Recent|Current|nature\.com|AOP)|—(?=[\u4e00-\u9fff])"
)
_BEHIND: Final = re.compile(
    r"[ —–-]+(?:current issue|latest articles|recent articles|advance access|advance articles"
    r"|subject collection.*|rss feed|rss|最新文章|最新录用|网络首发|当期目录)$",
    re.IGNORECASE,
)


def venue_of(record: Record, facts: Standfirst, *, feed_name: str, place: str) -> str:
    """Name the journal, server or site an entry appeared in, the surest word first."""
    said = (
        record.first("prism:publicationName")
        or facts.venue
        or record.first("source")
        or record.first("source/title")
        or feed_name
        or place
    )
    return prose.render_title(said[:LONGEST_CHANNEL_TITLE]).plain[:LONGEST_VENUE].strip()


def channel_name(title: str) -> str:
    """Give a channel's name without what makes it a feed: "X — latest articles", "X RSS"."""
    name = " ".join(title[:LONGEST_CHANNEL_TITLE].split())
    if owned := _OWNED.fullmatch(name):
        return owned["name"]
    name = _PARTED.split(name, maxsplit=1)[0]
    if before := _BEFORE.match(name):
        name = name[before.end() :]
    while behind := _BEHIND.search(name):
        name = name[: behind.start()]
    return name


def topics_of(record: Record, *, venue: str) -> tuple[str, ...]:
    """List the topics an entry is filed under, as its source writes them; the venue's own name is none."""
    said = (*record.categories, *record.fields.get("prism:section", ()))
    topics: dict[str, None] = {}
    for one in said:
        if len(topics) < MOST_TOPICS and 0 < len(one) <= LONGEST_TOPIC:
            topic = prose.render_title(one).plain
            if topic and venue not in {topic, channel_name(topic)}:
                topics[topic] = None
    return tuple(topics)
