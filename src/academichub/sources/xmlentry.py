"""Make a Record of one entry element: RSS item, RDF item or Atom entry."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from academichub.errors import RecordBroken
from academichub.model.papers import Record, RecordAuthor, RecordLink, Text
from academichub.sources.addresses import ABSOLUTE, resolved
from academichub.sources.constructs import COPIED_TYPES, text_of
from academichub.sources.markup import inner, line_of, plain
from academichub.sources.names import RDF, XML_LANG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from academichub.sources.limits import Limits
    from academichub.sources.names import Name, Names

HTML_TYPES: Final = frozenset({"", "html", "text/html", "xhtml", "application/xhtml+xml"})
EMAIL: Final = re.compile(r"(?:mailto:)?\b([\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})\b")


@dataclass(slots=True)
class Sheet:
    """What has been read of one entry so far."""

    external_id: str = ""
    permalink: str = ""  # the identifier, where the feed lets it serve as the link
    link: str = ""
    links: list[RecordLink] = field(default_factory=list)
    title: Text | None = None
    caption_title: Text | None = None  # of a picture or film; stands in for a title
    summary: Text | None = None
    caption: Text | None = None  # stands in for a summary
    content: Text | None = None
    second: Text | None = None  # a second description; stands in for content
    has_content: bool = False
    published: str = ""
    updated: str = ""
    date: str = ""
    printed: str = ""
    created: str = ""
    language: str = ""
    authors: list[tuple[str, RecordAuthor]] = field(default_factory=list)  # with the element's name
    categories: dict[str, None] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)


class EntryReader:
    """Read the entries of one document.

    Where feeds leave room, the choices are feedparser's, so that both agree: the first title that
    is not blank; the last description, unless it comes second and before any content (then it
    stands for the content); a summary from the content where there is none; the last HTML
    alternate as the link, or else the identifier where it may serve as one.
    """

    def __init__(self, names: Names, *, base: str, has_bases: bool, limits: Limits) -> None:
        self._names = names
        self._base = base
        self._has_bases = has_bases  # the document says xml:base somewhere
        self._limits = limits
        self._steps: dict[str, Callable[[Sheet, _Element, Name], None]] = {
            "author": self._author,
            "caption": self._caption,
            "category": self._category,
            "content": self._content,
            "created": self._plainly,
            "date": self._plainly,
            "enclosure": self._enclosure,
            "id": self._identifier,
            "language": self._plainly,
            "link": self._link,
            "media": self._media,
            "printed": self._plainly,
            "published": self._plainly,
            "summary": self._summary,
            "title": self._title,
            "updated": self._plainly,
        }

    def read(self, entry: _Element, *, position: int) -> Record:
        """Read one entry.

        Raises:
            RecordBroken: A text is beyond its cap.
            FeedTooDeep: An element has more attributes than any honest feed.
        """
        sheet = Sheet(external_id=(entry.get(RDF + "about") or "").strip())
        self._fill(sheet, entry)
        summary = sheet.caption if sheet.summary is None else sheet.summary
        return Record(
            position=position,
            external_id=sheet.external_id,
            title=sheet.title or sheet.caption_title or Text(),
            link=sheet.link or sheet.permalink or _first_alternate(sheet.links),
            links=tuple(sheet.links),
            published=sheet.published or sheet.date or sheet.printed or sheet.created,
            updated=sheet.updated or (sheet.date if sheet.published else ""),
            authors=tuple(_distinct(sheet.authors)),
            summary=summary or Text(),
            content=sheet.content or sheet.second or Text(),
            categories=tuple(sheet.categories),
            language=sheet.language or (entry.get(XML_LANG) or "").strip(),
            fields={name: tuple(values) for name, values in sheet.fields.items()},
        )

    def _fill(self, sheet: Sheet, element: _Element) -> None:
        names, known, steps = self._names, self._names.known, self._steps
        for child in element:
            name = known.get(child.tag) or names.of(child)
            step = steps.get(name.part)
            if step is not None:
                step(sheet, child, name)
                if name.is_core:
                    continue
            if not child.keys() and len(child) == 0:
                sheet.fields.setdefault(name.name, []).append(child.text or "")
            else:
                self._keep(sheet.fields, child, name.name, is_core=name.is_core)

    # -- parts that have a place of their own -----------------------------------------------------

    def _plainly(self, sheet: Sheet, element: _Element, name: Name) -> None:
        """Take the text for the part of that name; the last that is not blank stays."""
        if value := plain(element).strip():
            setattr(sheet, name.part, value)

    def _title(self, sheet: Sheet, element: _Element, name: Name) -> None:
        if not sheet.title:
            sheet.title = self._text(element, name, cap=self._limits.title_characters)

    def _summary(self, sheet: Sheet, element: _Element, name: Name) -> None:
        text = self._text(element, name)
        if sheet.summary is None or sheet.has_content:
            sheet.summary = text
        else:
            sheet.has_content = True
            sheet.second = sheet.second or text

    def _content(self, sheet: Sheet, element: _Element, name: Name) -> None:
        text = self._text(element, name)
        sheet.has_content = True
        if not sheet.content:
            sheet.content = text
        elif name.is_core:
            sheet.fields.setdefault(name.name, []).append(text.value)
        if name.is_core and (address := element.get("src")):
            sheet.fields.setdefault(f"{name.name}@src", []).append(self._resolved(address, element))
        if sheet.summary is None and (element.get("type") or "").lower() in COPIED_TYPES:
            sheet.summary = text

    def _caption(self, sheet: Sheet, element: _Element, name: Name) -> None:
        if name.name == "media:title":
            sheet.caption_title = sheet.caption_title or self._text(
                element, name, cap=self._limits.title_characters
            )
        else:
            sheet.caption = sheet.caption or self._text(element, name)

    def _media(self, sheet: Sheet, element: _Element, name: Name) -> None:
        """Look for captions inside media:group and media:content; their facts go to the fields."""
        for child in element:
            inside = self._names.of(child)
            if inside.part == "caption":
                self._caption(sheet, child, inside)
            elif inside.part == name.part:
                self._media(sheet, child, inside)

    def _identifier(self, sheet: Sheet, element: _Element, _name: Name) -> None:
        value = plain(element).strip()
        if not value:
            return
        if self._is_permalink(element):
            # Resolved against the document's own base only: the address it was fetched from may
            # change, and an identifier must not.
            value = resolved(value, self._inner_base(element))
            sheet.permalink = sheet.permalink or resolved(value, self._base)
        sheet.external_id = value

    def _is_permalink(self, element: _Element) -> bool:
        stated = element.get("isPermaLink")
        if stated is None:
            attributes = ((name.lower(), value) for name, value in self._names.attributes(element))
            stated = dict(attributes).get("ispermalink", "true")
        return stated.strip().lower() == "true"

    def _link(self, sheet: Sheet, element: _Element, _name: Name) -> None:
        href = element.get("href") or element.get("url") or element.get("uri") if element.keys() else None
        if href is None:
            # Double-escaped ampersands are common here, and never meant.
            href = plain(element).strip().replace("&amp;", "&")
            link = RecordLink(self._resolved(href, element))
        else:
            link = RecordLink(
                href=self._resolved(href.strip(), element),
                rel=(element.get("rel") or "alternate").strip().lower(),
                type=(element.get("type") or "").strip().lower(),
                title=element.get("title") or "",
            )
        if not link.href:
            return
        sheet.links.append(link)
        if link.rel == "alternate" and link.type in HTML_TYPES:
            sheet.link = link.href

    def _enclosure(self, sheet: Sheet, element: _Element, _name: Name) -> None:
        href = (element.get("url") or element.get("href") or "").strip()
        if href:
            kind = (element.get("type") or "").strip().lower()
            sheet.links.append(RecordLink(href=self._resolved(href, element), rel="enclosure", type=kind))

    def _category(self, sheet: Sheet, element: _Element, _name: Name) -> None:
        term = (element.get("term") or "").strip() or plain(element).strip()
        term = term or (element.get("label") or "").strip()
        if term:
            sheet.categories[term] = None

    def _author(self, sheet: Sheet, element: _Element, name: Name) -> None:
        if len(element) == 0:
            text = (element.text or "").strip()
            authors = [_from_mailbox(text)] if name.is_core else [RecordAuthor(text)]
        else:
            items = list(element.iter(RDF + "li"))
            authors = [RecordAuthor(plain(item).strip()) for item in items] or [self._person(element)]
        sheet.authors += [(name.name, author) for author in authors if author.name or author.email]

    def _person(self, element: _Element) -> RecordAuthor:
        """Read Atom's person construct, and arXiv's affiliations inside it."""
        told: dict[str, list[str]] = {}
        for child in element:
            local = self._names.of(child).name.rpartition(":")[2].lower()
            if value := " ".join(plain(child).split()):
                told.setdefault(local, []).append(value)
        uris = told.get("uri") or told.get("url") or told.get("homepage") or [""]
        name = told["name"][0] if "name" in told else " ".join((element.text or "").split())
        if not name and not told.keys() & {"email", "uri", "url", "homepage"}:
            name = " ".join(plain(element).split())
        return RecordAuthor(
            name=name,
            uri=uris[0],
            email=told.get("email", [""])[0],
            affiliations=tuple(told.get("affiliation", ())),
        )

    # -- everything else --------------------------------------------------------------------------

    def _keep(self, fields: dict[str, list[str]], element: _Element, key: str, *, is_core: bool) -> None:
        """Keep an element's text and attributes under a key.

        Extension elements that hold others are laid flat (media:group/media:title is media:title);
        those of a feed format keep the way to them (source/title), for their names mean other
        things elsewhere. RDF's containers are no names at all.
        """
        attributes = self._names.attributes(element)
        if not attributes and len(element) == 0:
            fields.setdefault(key, []).append(element.text or "")
            return
        children = [(child, self._names.of(child)) for child in element]
        if not is_core and all(name.is_markup for _, name in children):
            text = inner(element, self._names) if children else element.text or ""
            if text.strip() or not attributes:
                fields.setdefault(key, []).append(text)
        else:
            if (element.text or "").strip():
                fields.setdefault(key, []).append(element.text or "")
            for child, name in children:
                inside = f"{key}/{name.name}" if is_core else name.name
                inside = key if name.name.startswith("rdf:") else inside
                self._keep(fields, child, inside, is_core=is_core)
        for attribute, value in attributes:
            fields.setdefault(f"{key}@{attribute}", []).append(value)

    # -- texts and addresses ----------------------------------------------------------------------

    def _text(self, element: _Element, name: Name, *, cap: int = 0) -> Text:
        text = text_of(element, name, self._names)
        cap = cap or self._limits.text_characters
        if len(text.value) > cap:
            raise RecordBroken(reason=f"{name.name} longer than {cap} characters", line=line_of(element))
        return text

    def _inner_base(self, element: _Element) -> str:
        return (element.base or "") if self._has_bases else ""

    def _resolved(self, href: str, element: _Element) -> str:
        if not href or ABSOLUTE.match(href):
            return href
        return resolved(resolved(href, self._inner_base(element)), self._base)


def _first_alternate(links: list[RecordLink]) -> str:
    return next((link.href for link in links if link.rel == "alternate"), "")


def _from_mailbox(text: str) -> RecordAuthor:
    """Read RSS's author: `ada@example.org (Ada Lovelace)` and the other ways people write it."""
    match = EMAIL.search(text)
    if match is None:
        return RecordAuthor(text)
    name = (text[: match.start()] + text[match.end() :]).replace("()", "").replace("<>", "").strip()
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip()
    return RecordAuthor(name=name, email=match[1])


def _distinct(authors: list[tuple[str, RecordAuthor]]) -> Iterator[RecordAuthor]:
    """Drop authors that another kind of element names again; namesakes of one kind all stay."""
    kind_by_name: dict[str, str] = {}
    for kind, author in authors:
        first = kind_by_name.setdefault((author.name or author.email).casefold(), kind)
        if first == kind:
            yield author
