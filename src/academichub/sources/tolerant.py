"""Read a feed that is not well-formed: ask feedparser, in a child process that can be killed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from academichub.errors import FeedTooManyEntries, FeedUnreadable, ParserStopped, RecordBroken
from academichub.model.papers import Feed, Form, Record, RecordAuthor, RecordLink, Rejected, Text
from academichub.sources.addresses import resolved
from academichub.sources.mending import mend
from academichub.sources.names import prefix_of
from academichub.sources.xmlguard import refuse_piles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from academichub.sources.limits import Limits
    from academichub.sources.xmlfeed import NotWellFormed

CHILD: Final = "academichub.sources.tolerant_child"
OUT_OF_MEMORY: Final = 75  # as the child says it
WALL_SECONDS_PER_CPU_SECOND: Final = 4  # a busy machine may give the child a quarter of one core
FORMATS: Final = {
    "rss090": "rss 0.90",
    "rss091n": "rss 0.91",
    "rss091u": "rss 0.91",
    "rss092": "rss 0.92",
    "rss093": "rss 0.93",
    "rss094": "rss 0.94",
    "rss10": "rss 1.0",
    "rss20": "rss 2.0",
    "atom01": "atom 0.1",
    "atom02": "atom 0.2",
    "atom03": "atom 0.3",
    "atom10": "atom 1.0",
}
FORM_BY_TYPE: Final = {
    "text/plain": Form.PLAIN,
    "text/html": Form.HTML,
    "application/xhtml+xml": Form.XHTML,
}
PREFIXED_TAG: Final = re.compile(r"<([A-Za-z_][\w.-]{0,63}):([A-Za-z_][\w.-]{0,63})")


def read_tolerantly(
    text: str,
    error: NotWellFormed,
    *,
    base: str,
    limits: Limits,
    warnings: tuple[str, ...] = (),
) -> Feed:
    """Read prepared text that lxml could not.

    feedparser keeps one value of each extension element; that is the price of a broken feed.

    Raises:
        FeedUnreadable: Too long to try, or nothing of a feed in it.
        FeedTooDeep: Nested beyond the limit (feedparser would take minutes).
        FeedTooManyEntries: More entries than the limit.
        ParserStopped: The child used up its time or memory.
    """
    unreadable = FeedUnreadable(reason=error.reason, line=error.line)
    if len(text) > limits.tolerant_bytes:
        raise unreadable
    refuse_piles(text, limits=limits)
    body = mend(text).encode("utf-8", "replace")
    if len(body) > limits.tolerant_bytes:
        raise unreadable
    told = _ask_child(body, limits)
    if told is None or not (told["version"] or told["entries"]):
        raise unreadable
    if len(told["entries"]) > limits.entries:
        raise FeedTooManyEntries(entries=len(told["entries"]), limit=limits.entries)
    return _feed(
        told, _Spelling(text, told["namespaces"]), base, limits, (*warnings, f"broken: {error.reason}")
    )


def _ask_child(body: bytes, limits: Limits) -> dict[str, Any] | None:
    """Run the child over the bytes and give its answer; None where feedparser itself fails."""
    seconds = limits.tolerant_cpu_seconds
    command = [sys.executable, "-I", "-m", CHILD, str(seconds), str(limits.tolerant_memory_bytes)]
    try:
        # The environment stays here: a parser of strangers' bytes needs none of its secrets.
        child = subprocess.run(  # noqa: S603 -- our own module, with numbers for arguments
            command,
            input=body,
            capture_output=True,
            env={"LC_ALL": "C.UTF-8"},
            timeout=seconds * WALL_SECONDS_PER_CPU_SECOND,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ParserStopped(reason="time", limit=seconds * WALL_SECONDS_PER_CPU_SECOND) from error
    if child.returncode < 0:
        raise ParserStopped(reason="time", limit=seconds)
    if child.returncode == OUT_OF_MEMORY:
        raise ParserStopped(reason="memory", limit=limits.tolerant_memory_bytes)
    if child.returncode:
        return None
    told: dict[str, Any] = json.loads(child.stdout)
    return told


class _Spelling:
    """Give feedparser's keys (`prism_publicationname`) the names the lxml reader would give."""

    def __init__(self, text: str, namespaces: Mapping[str, str]) -> None:
        self._name_by_key: dict[str, str] = {}
        for prefix, local in PREFIXED_TAG.findall(text):
            canonical = prefix_of(namespaces.get(prefix, ""))
            name = f"{canonical or prefix}:{local}"
            self._name_by_key[f"{prefix}_{local}".lower()] = name
            self._name_by_key[name.replace(":", "_").lower()] = name

    def of(self, key: str) -> str:
        return self._name_by_key.get(key, key)


def _feed(
    told: dict[str, Any], spelling: _Spelling, base: str, limits: Limits, warnings: tuple[str, ...]
) -> Feed:
    records: list[Record] = []
    rejected: list[Rejected] = []
    is_atom = told["version"].startswith("atom")
    for position, entry in enumerate(told["entries"]):
        try:
            records.append(_record(entry, position, spelling, base, limits, is_atom=is_atom))
        except RecordBroken as error:
            rejected.append(
                Rejected(position, entry["id"] or entry["link"], entry["title"]["value"][:2000], error)
            )
    feed = told["feed"]
    return Feed(
        format=FORMATS.get(told["version"], told["version"] or "unknown"),
        parser="feedparser",
        title=feed["title"],
        link=resolved(feed["link"], base),
        language=feed["language"],
        updated=feed["updated"],
        ttl_minutes=int(feed["ttl"][:9]) if feed["ttl"].isascii() and feed["ttl"].isdecimal() else None,
        records=tuple(records),
        rejected=tuple(rejected),
        warnings=warnings,
    )


def _record(
    entry: dict[str, Any], position: int, spelling: _Spelling, base: str, limits: Limits, *, is_atom: bool
) -> Record:
    title = _text(entry["title"], is_atom=is_atom)
    if len(title.value) > limits.title_characters:
        raise RecordBroken(reason=f"title longer than {limits.title_characters} characters", line=None)
    links = tuple(_links(entry["links"], base))
    return Record(
        position=position,
        external_id=entry["id"],
        title=title,
        link=resolved(entry["link"], base) or next((each.href for each in links), ""),
        links=links,
        published=entry["published"] or entry["updated"] or entry["created"],
        updated=entry["updated"] if entry["published"] else "",
        authors=tuple(_authors(entry["authors"])),
        summary=_text(entry["summary"], is_atom=is_atom),
        content=_text(entry["content"], is_atom=is_atom),
        categories=tuple(dict.fromkeys(filter(None, entry["tags"]))),
        language=entry["language"],
        fields=dict(_fields(entry["fields"], spelling)),
    )


def _text(detail: dict[str, str], *, is_atom: bool) -> Text:
    """Give a text its form: feedparser guesses one for RSS, where the feed says none."""
    form = FORM_BY_TYPE.get(detail["type"], Form.UNSAID)
    if not is_atom and form is not Form.XHTML:
        form = Form.UNSAID
    return Text(detail["value"].strip(), form)


def _links(links: list[dict[str, str]], base: str) -> Iterator[RecordLink]:
    for link in links:
        if href := link.get("href", "").strip():
            yield RecordLink(
                href=resolved(href, base),
                rel=link.get("rel") or "alternate",
                type=link.get("type", ""),
                title=link.get("title", ""),
            )


def _authors(authors: list[dict[str, str]]) -> Iterator[RecordAuthor]:
    for author in authors:
        name, email = author.get("name", ""), author.get("email", "")
        if name or email:
            yield RecordAuthor(name=name, uri=author.get("href", ""), email=email)


def _fields(
    fields: dict[str, list[str | dict[str, str]]], spelling: _Spelling
) -> Iterator[tuple[str, tuple[str, ...]]]:
    gathered: dict[str, list[str]] = {}
    for key, values in fields.items():
        name = spelling.of(key)
        for value in values:
            if isinstance(value, str):
                gathered.setdefault(name, []).append(value)
            else:
                for attribute, said in value.items():
                    gathered.setdefault(f"{name}@{attribute}", []).append(said)
    for name, found in gathered.items():
        yield name, tuple(found)
