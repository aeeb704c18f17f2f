"""Read XML from a stranger that is no feed: OAI-PMH, PubMed, Crossref, JATS, DataCite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from academichub.errors import (
    FeedEmptyAnswer,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooLarge,
    FeedUnreadable,
)
from academichub.model.papers import Rejected
from academichub.sources.decoding import decode, prepare
from academichub.sources.throttling import is_request_to_wait
from academichub.sources.xmlguard import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from academichub.errors import AcademicHubError
    from academichub.sources.limits import Limits

EXCERPT_CHARACTERS: Final = 2_000
HTML_ROOTS: Final = frozenset({"html", "body", "head"})


def parse_xml(body: bytes, limits: Limits, *, content_type: str = "") -> _Element:
    """Parse an answer that should be XML, resolving, loading and recovering nothing.

    Raises:
        FeedTooLarge, FeedTooDeep, FeedTooManyEntries: Beyond the limits.
        FeedEmptyAnswer: Nothing came.
        FeedThrottled: A request to wait, dressed as an answer.
        FeedIsWebPage: A page for people came instead.
        FeedUnreadable: No XML, or not well-formed; the facts give the line.
    """
    if len(body) > limits.api_bytes:
        raise FeedTooLarge(bytes=len(body), limit=limits.api_bytes)
    text = decode(body, content_type=content_type).text.lstrip("\ufeff \t\r\n\0")
    if not text or text.isspace():
        raise FeedEmptyAnswer
    if is_request_to_wait(text) and "<" not in text[:1]:
        raise FeedThrottled(message=" ".join(text.split())[:200])
    try:
        root = parse(prepare(text), limits=limits)
    except etree.XMLSyntaxError as error:
        if "<html" in text[:2000].lower():
            raise FeedIsWebPage(title="") from error
        raise FeedUnreadable(reason=f"XML: {error.msg}"[:300], line=error.lineno) from error
    if local(root).lower() in HTML_ROOTS:
        raise FeedIsWebPage(title=text_at(root, ".//{*}title")[:200])
    return root


def local(element: _Element) -> str:
    """Give an element's name without its namespace; "" for comments and instructions."""
    tag: object = element.tag  # a function, for comments and instructions
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: _Element | None) -> str:
    """Give all characters of an element and its children, white space folded; "" for None."""
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def text_at(element: _Element, path: str) -> str:
    """Give the text of the first element on an lxml path; write `{*}name` to match any namespace."""
    return text_of(element.find(path))


def texts_at(element: _Element, path: str) -> list[str]:
    """Give the non-blank texts of all elements on a path."""
    return [text for one in element.iterfind(path) if (text := text_of(one))]


def children(element: _Element, name: str) -> Iterator[_Element]:
    """Give the child elements of a name, in whatever namespace."""
    return (one for one in element if local(one) == name)


def rejected(
    element: _Element, position: int, error: AcademicHubError, *, external_id: str = "", title: str = ""
) -> Rejected:
    """Make the value that an entry becomes when it cannot be read."""
    written = etree.tostring(element, encoding="unicode", with_tail=False)
    return Rejected(position, external_id, title[:EXCERPT_CHARACTERS], error, written[:EXCERPT_CHARACTERS])
