"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org), forgiving each value of the wrong shape."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from academichub.errors import FeedTooManyEntries, FeedUnreadable, RecordBroken
from academichub.model.papers import Feed, Form, Record, RecordAuthor, RecordLink, Rejected, Text
from academichub.sources.addresses import resolved
from academichub.sources.jsonanswer import parse_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.sources.limits import Limits

VERSIONS: Final = {
    "https://jsonfeed.org/version/1": "1.0",
    "https://jsonfeed.org/version/1.0": "1.0",
    "https://jsonfeed.org/version/1.1": "1.1",
}
# Members of an item that have a place of their own in a Record.
PLACED: Final = frozenset(
    {
        "attachments",
        "author",
        "authors",
        "content_html",
        "content_text",
        "date_modified",
        "date_published",
        "external_url",
        "id",
        "language",
        "summary",
        "tags",
        "title",
        "url",
    }
)
EXCERPT_CHARACTERS: Final = 2_000


def read_json(text: str, *, base: str, limits: Limits, warnings: tuple[str, ...] = ()) -> Feed:
    """Read a JSON Feed.

    A member of the wrong type is as if it were not there; an item that is no object is rejected
    alone.

    Raises:
        FeedUnreadable: No JSON, or no JSON Feed of a version we know.
        FeedTooDeep: Nested or piled up beyond any honest feed.
        FeedTooManyEntries: More items than the limit.
    """
    feed = _parsed(text, limits)
    version = _version(feed)
    items = feed.get("items")
    if not isinstance(items, list):
        raise FeedUnreadable(reason="a JSON Feed without items", line=1)
    if len(items) > limits.entries:
        raise FeedTooManyEntries(entries=len(items), limit=limits.entries)
    records: list[Record] = []
    rejected: list[Rejected] = []
    for position, item in enumerate(items):
        try:
            records.append(_record(item, position, base, limits))
        except RecordBroken as error:
            rejected.append(_rejected(item, position, error))
    return Feed(
        format=f"json feed {version}",
        parser="json",
        title=_string(feed, "title"),
        link=resolved(_string(feed, "home_page_url"), base),
        language=_string(feed, "language"),
        records=tuple(records),
        rejected=tuple(rejected),
        warnings=warnings,
    )


def _parsed(text: str, limits: Limits) -> dict[str, Any]:
    parsed = parse_text(text, limits)
    if not isinstance(parsed, dict):
        raise FeedUnreadable(reason="JSON, but no feed", line=1)
    return parsed


def _version(feed: dict[str, Any]) -> str:
    stated = _string(feed, "version").strip().rstrip("/").replace("http:", "https:", 1)
    version = VERSIONS.get(stated.replace("https://www.", "https://", 1))
    if version is None:
        raise FeedUnreadable(reason=f"JSON, but no JSON Feed we know: {stated[:100]!r}", line=1)
    return version


def _record(item: object, position: int, base: str, limits: Limits) -> Record:
    if not isinstance(item, dict):
        raise RecordBroken(reason=f"an item that is a {type(item).__name__}, not an object", line=None)
    links = tuple(_links(item, base))
    content = _content(item)
    summary = Text(_string(item, "summary").strip(), Form.PLAIN)
    title = _string(item, "title").strip()
    if len(title) > limits.title_characters or len(content.value) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    return Record(
        position=position,
        external_id=_identifier(item.get("id")),
        title=Text(title, Form.PLAIN),
        link=next((link.href for link in links if link.rel in {"alternate", "related"}), ""),
        links=links,
        published=_string(item, "date_published").strip(),
        updated=_string(item, "date_modified").strip(),
        authors=tuple(_authors(item)),
        summary=summary or content,  # as for RSS and Atom: a content alone is the summary too
        content=content,
        categories=tuple(dict.fromkeys(tag.strip() for tag in _strings(item, "tags") if tag.strip())),
        language=_string(item, "language"),
        fields=dict(_fields(item)),
    )


def _content(item: dict[str, Any]) -> Text:
    markup = _string(item, "content_html").strip()
    if markup:
        return Text(markup, Form.HTML)
    return Text(_string(item, "content_text").strip(), Form.PLAIN)


def _identifier(value: object) -> str:
    """Give an id as text; numbers are common and, being finite, as good."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return str(value)


def _links(item: dict[str, Any], base: str) -> Iterator[RecordLink]:
    for member, rel, kind in (("url", "alternate", "text/html"), ("external_url", "related", "")):
        if address := _string(item, member).strip():
            yield RecordLink(href=resolved(address, base), rel=rel, type=kind)
    for attachment in _objects(item, "attachments"):
        if address := _string(attachment, "url").strip():
            yield RecordLink(
                href=resolved(address, base),
                rel="enclosure",
                type=_string(attachment, "mime_type"),
                title=_string(attachment, "title"),
            )


def _authors(item: dict[str, Any]) -> Iterator[RecordAuthor]:
    """Give the authors: version 1.1 lists them, version 1.0 has one."""
    people = _objects(item, "authors")
    if not people and isinstance(item.get("author"), dict):
        people = [item["author"]]
    for person in people:
        name, uri = _string(person, "name").strip(), _string(person, "url").strip()
        if name or uri:
            email = uri.removeprefix("mailto:") if uri.startswith("mailto:") else ""
            yield RecordAuthor(name=name, uri=uri, email=email)


def _fields(item: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keep every member without a place: extensions (`_name`) and members of later versions."""
    for member, value in item.items():
        if member in PLACED or value is None:
            continue
        values = value if isinstance(value, list) else [value]
        yield (
            member,
            tuple(each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in values),
        )
    if _string(item, "content_html").strip() and (text := _string(item, "content_text")):
        yield "content_text", (text,)


def _rejected(item: object, position: int, error: RecordBroken) -> Rejected:
    known = item if isinstance(item, dict) else {}
    return Rejected(
        position=position,
        external_id=_identifier(known.get("id")),
        title=_string(known, "title")[:EXCERPT_CHARACTERS],
        error=error,
        excerpt=json.dumps(item, ensure_ascii=False)[:EXCERPT_CHARACTERS],
    )


def _string(container: dict[str, Any], member: str) -> str:
    value = container.get(member)
    return value if isinstance(value, str) else ""


def _strings(container: dict[str, Any], member: str) -> list[str]:
    value = container.get(member)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _objects(container: dict[str, Any], member: str) -> list[dict[str, Any]]:
    value = container.get(member)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
