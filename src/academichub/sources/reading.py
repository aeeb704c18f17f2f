"""Read any answer of a feed server: the room's front door for bytes."""

from __future__ import annotations

import codecs
import html
import re
from typing import Final

from academichub.errors import (
    FeedEmptyAnswer,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooLarge,
    FeedUnreadable,
)
from academichub.model.papers import Feed
from academichub.sources.decoding import decode, prepare, unchanged_bytes
from academichub.sources.jsonfeed import read_json
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.throttling import is_request_to_wait
from academichub.sources.tolerant import read_tolerantly
from academichub.sources.xmlfeed import NotWellFormed, read_xml

__all__ = ["Feed", "Limits", "read"]

_NOT_BYTES: Final = "a feed is read from bytes"

# Answers that are something else altogether, by their first bytes.
SIGNATURES: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)

FEED_ROOT: Final = re.compile(r"<(?:[\w.-]{1,64}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
FIRST_TAG: Final = re.compile(r"<([A-Za-z][\w:-]*)")
HTML_TAGS: Final = frozenset(
    {
        "html",
        "head",
        "body",
        "title",
        "meta",
        "script",
        "style",
        "link",
        "div",
        "center",
        "p",
        "h1",
        "br",
        "b",
    }
)
HTML_TITLE: Final = re.compile(r"<title[^>]{0,200}>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)


def read(body: bytes, *, content_type: str = "", base: str = "", limits: Limits = DEFAULT_LIMITS) -> Feed:
    """Read an answer as a feed: RSS, Atom or JSON Feed.

    Args:
        body: The answer, decompressed.
        content_type: The HTTP header; only its charset is listened to, and late (see `decoding`).
        base: The address the answer came from; relative links are resolved against it.
        limits: What a feed may cost.

    Raises:
        FeedEmptyAnswer, FeedIsWebPage, FeedThrottled, FeedSaysError: An answer, but no feed.
        FeedUnreadable: Not a feed, or broken beyond repair.
        FeedTooLarge, FeedTooDeep, FeedTooManyEntries, ParserStopped: Beyond the limits.
        TypeError: `body` is no bytes. Text is refused: some parsers take it for an address.
    """
    if not isinstance(body, bytes):
        raise TypeError(_NOT_BYTES)  # callers without a type checker
    if len(body) > limits.body_bytes:
        raise FeedTooLarge(bytes=len(body), limit=limits.body_bytes)
    for signature, what in SIGNATURES:
        if body.startswith(signature):
            raise FeedUnreadable(reason=f"{what}, not text")
    decoded = decode(body, content_type=content_type)
    text = decoded.text.lstrip("\ufeff \t\r\n\0")
    if not text or text.isspace():
        raise FeedEmptyAnswer
    if text[0] in "{[":
        _refuse_note(text)
        return read_json(text, base=base, limits=limits, warnings=decoded.warnings)
    is_as_sent = decoded.encoding == "utf-8" and not decoded.warnings and not body.startswith(codecs.BOM_UTF8)
    text = prepare(text, encoded=body if is_as_sent else None)
    _refuse_other(text)
    encoded = unchanged_bytes(body, decoded.text, text) if is_as_sent else None
    try:
        return read_xml(text, encoded=encoded, base=base, limits=limits, warnings=decoded.warnings)
    except NotWellFormed as error:
        return read_tolerantly(text, error, base=base, limits=limits, warnings=decoded.warnings)


def _refuse_note(text: str) -> None:
    """Tell a request to slow down from a feed."""
    if is_request_to_wait(text) and not FEED_ROOT.search(text):
        raise FeedThrottled(message=" ".join(text.split())[:200])


def _refuse_other(text: str) -> None:
    """Tell web pages and plain text from feeds, before a parser is asked."""
    tag = FIRST_TAG.search(text)
    if tag is None:
        _refuse_note(text)
        raise FeedUnreadable(reason="no element at all", line=1)
    if tag[1].lower() in HTML_TAGS and (tag[1].lower() == "html" or not FEED_ROOT.search(text)):
        title = HTML_TITLE.search(text)
        words = html.unescape(title[1]).split() if title else []
        raise FeedIsWebPage(title=" ".join(words)[:200])
