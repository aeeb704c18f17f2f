"""Read and write OPML, the lists of feeds that readers hand to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from academichub.errors import (
    AddressMalformed,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
    RecordBroken,
)
from academichub.model.papers import Rejected
from academichub.sources.decoding import decode
from academichub.sources.tags import tags, text_after
from academichub.sources.xmlanswer import local, parse_xml, text_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from lxml.etree import _Element

    from academichub.errors import AcademicHubError
    from academichub.sources.limits import Limits

MOST_FOLDERS: Final = 32  # one in another; what lies deeper is put in the last of them
LONGEST_TEXT: Final = 2_000  # of a title or an address
EXCERPT_CHARACTERS: Final = 2_000
RSS: Final = "rss"  # what OPML calls a feed of any format


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list. Texts have no blanks around them, and single ones inside."""

    url: str
    title: str = ""
    home: str = ""  # the page that belongs to the feed
    folder: tuple[str, ...] = ()  # outermost first
    type: str = RSS


@dataclass(frozen=True, slots=True)
class Opml:
    """A list of feeds, in the order of the document, each once."""

    title: str
    outlines: tuple[Outline, ...]
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()


# -- reading --------------------------------------------------------------------------------------


def read_opml(body: bytes, limits: Limits) -> Opml:
    """Read a list of feeds.

    Folders are the outlines that hold others; an outline that lies in none has the first path of its
    `category`. An outline that is meant for a feed and names none is rejected, its neighbours are not
    touched. A list that is not well-formed, as many are that programs export with bare ampersands, is read
    tag by tag, and a warning says so.

    Raises:
        FeedTooLarge, FeedTooDeep, FeedTooManyEntries: Beyond the limits.
        FeedEmptyAnswer: Nothing came.
        FeedIsWebPage: A page for people.
        FeedUnreadable: No OPML.
    """
    if len(body) > limits.body_bytes:
        raise FeedTooLarge(bytes=len(body), limit=limits.body_bytes)
    try:
        root = parse_xml(body, limits)
    except FeedUnreadable as error:
        found = _read_broken(decode(body).text, limits, reason=str(error.facts.get("reason", "")))
        if found is None:
            raise
        return found
    if local(root).lower() != "opml":
        raise FeedUnreadable(reason=f"OPML begins with <opml>, not with <{local(root)[:80]}>", line=1)
    gathered = _Gathered(limits.entries)
    for element, said, folder in _walk(root):
        gathered.add(said, folder, is_folder=len(element) > 0, line=_line(element))
    return gathered.opml(title=_tidy(text_at(root, "{*}head/{*}title")))


def _walk(root: _Element) -> Iterator[tuple[_Element, dict[str, str], tuple[str, ...]]]:
    """Go through all outlines in the order of the document, each with the folders it lies in."""
    bodies = [child for child in root if local(child).lower() == "body"]
    waiting: list[tuple[_Element, tuple[str, ...]]] = []
    waiting.extend((child, ()) for body in reversed(bodies) for child in reversed(body))
    while waiting:
        element, folder = waiting.pop()
        if local(element).lower() != "outline":
            continue
        said = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        yield element, said, folder
        inside = _inside(folder, said)
        waiting.extend((child, inside) for child in reversed(element))


def _read_broken(text: str, limits: Limits, *, reason: str) -> Opml | None:
    """Read a list that is not well-formed by its tags alone; None where it is no list."""
    gathered = _Gathered(limits.entries)
    title, is_opml = "", False
    around: list[tuple[str, ...]] = []
    for tag in tags(text, "opml", "title", "outline", is_list=True):
        folder = around[-1] if around else ()
        if tag.name == "opml":
            is_opml = is_opml or not tag.is_end
        elif tag.name == "title":
            title = title or ("" if tag.is_end else text_after(text, tag))
        elif tag.is_end:
            del around[-1:]
        elif is_opml:
            gathered.add(
                tag.attributes,
                folder,
                is_folder=not tag.is_empty,
                excerpt=text[tag.start : tag.end],
                fault="" if tag.is_whole else "the tag does not end, or a quote in it",
                line=text.count("\n", 0, tag.start) + 1 if not tag.is_whole else 0,
            )
            if tag.is_whole and not tag.is_empty:
                around.append(_inside(folder, tag.attributes))
    if not gathered.position:
        return None
    return gathered.opml(title=_tidy(title), warnings=(f"not well-formed, read tag by tag: {reason}",))


class _Gathered:
    """What a reader has found so far."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.position = 0
        self.outlines: dict[str, Outline] = {}
        self.rejected: list[Rejected] = []

    def add(
        self,
        said: Mapping[str, str],
        folder: tuple[str, ...],
        *,
        is_folder: bool,
        excerpt: str = "",
        fault: str = "",
        line: int = 0,
    ) -> None:
        """Take one outline: keep a feed, pass over a folder, reject what is neither."""
        self.position += 1
        if self.position > self.limit:
            raise FeedTooManyEntries(entries=self.position, limit=self.limit)
        written = said.get("xmlurl", "").strip()
        error: AcademicHubError | None = None
        if fault:
            error = RecordBroken(reason=fault, line=line)
        elif not written:
            if is_folder or not (said.keys() & {"type", "htmlurl", "url"}):
                return
            error = RecordBroken(reason="no xmlUrl", line=line)
        elif not (url := _web(written)):
            error = AddressMalformed(url=written[:300], reason="not an http or https address")
        title = _tidy(said.get("title") or said.get("text") or "")
        if error is not None:
            shown = excerpt or " ".join(f"{name}={quoteattr(value)}" for name, value in said.items())
            self.rejected.append(
                Rejected(self.position - 1, written[:LONGEST_TEXT], title, error, shown[:EXCERPT_CHARACTERS])
            )
            return
        found = Outline(
            url=url,
            title="" if title == url else title,
            home=_web(said.get("htmlurl", "")),
            folder=folder or _path(said.get("category", "")),
            type=_tidy(said.get("type", "")) or RSS,
        )
        self.outlines.setdefault(url, found)

    def opml(self, *, title: str, warnings: tuple[str, ...] = ()) -> Opml:
        """Give what was found."""
        return Opml(title, tuple(self.outlines.values()), tuple(self.rejected), warnings)


def _inside(folder: tuple[str, ...], said: Mapping[str, str]) -> tuple[str, ...]:
    """Name the folder that an outline's own outlines lie in; a feed is no folder."""
    name = _tidy(said.get("title") or said.get("text") or "")
    if not name or said.get("xmlurl", "").strip() or len(folder) >= MOST_FOLDERS:
        return folder
    return (*folder, name)


def _path(category: str) -> tuple[str, ...]:
    """Read OPML's other way to say a folder: "/law/comparative,news"."""
    parts = category.partition(",")[0].split("/")
    return tuple(name for part in parts if (name := _tidy(part)))[:MOST_FOLDERS]


def _line(element: _Element) -> int:
    line: object = element.sourceline  # the stubs know no type for it
    return line if isinstance(line, int) else 0


_FEED_SCHEME: Final = re.compile(r"feed:(?://(?!/)|(?=https?:))", re.IGNORECASE)
# What XML cannot hold, or a reader may take for something else.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")


def _tidy(text: str) -> str:
    return " ".join(_UNWRITABLE.sub("", text).split())[:LONGEST_TEXT].rstrip()


def _web(written: str) -> str:
    """Give an http or https address; "" for anything else."""
    url = _FEED_SCHEME.sub(
        lambda match: "http://" if match[0].endswith("/") else "", written.strip(), count=1
    )
    if len(url) > LONGEST_TEXT or url != "".join(url.split()) or _UNWRITABLE.search(url):
        return ""
    try:
        parts = urlsplit(url)
        return url if parts.scheme.lower() in {"http", "https"} and parts.hostname else ""
    except ValueError:
        return ""


# -- writing --------------------------------------------------------------------------------------


def write_opml(outlines: Iterable[Outline], *, title: str, created_at: datetime) -> bytes:
    """Write a list of feeds as OPML 2.0: by folder, in a folder by title, each address once.

    Control characters, which XML cannot hold, are left out.

    Args:
        outlines: In any order; the same ones always give the same bytes.
        title: Of the list.
        created_at: An aware instant.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{escape(_tidy(title))}</title>",
        f"    <dateCreated>{format_datetime(created_at.astimezone(UTC), usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    written: set[str] = set()
    around: tuple[str, ...] = ()
    for one in in_order(outlines):
        if one.url in written:
            continue
        written.add(one.url)
        shared = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(around, one.folder, strict=False))
        )
        lines += [_indented(depth, "</outline>") for depth in range(len(around), shared, -1)]
        lines += [
            _indented(depth + 1, f"<outline{_attributes(text=name, title=name)}>")
            for depth, name in enumerate(one.folder)
            if depth >= shared
        ]
        around = one.folder
        said = _attributes(
            text=one.title or one.url, title=one.title, type=one.type, xmlUrl=one.url, htmlUrl=one.home
        )
        lines.append(_indented(len(around) + 1, f"<outline{said} />"))
    lines += [_indented(depth, "</outline>") for depth in range(len(around), 0, -1)]
    lines += ["  </body>", "</opml>", ""]
    return "\n".join(lines).encode("utf-8")


def in_order(outlines: Iterable[Outline]) -> tuple[Outline, ...]:
    """Put feeds in the order in which they are written: by folder, then by title."""
    tidied = [
        Outline(
            url=one.url,
            title=_tidy(one.title),
            home=one.home,
            folder=tuple(name for part in one.folder if (name := _tidy(part)))[:MOST_FOLDERS],
            type=_tidy(one.type) or RSS,
        )
        for one in outlines
    ]
    return tuple(sorted(tidied, key=lambda one: (one.folder, one.title.casefold(), one.title, one.url)))


def _attributes(**said: str) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in said.items() if value)


def _indented(depth: int, tag: str) -> str:
    return "  " * (depth + 1) + tag
