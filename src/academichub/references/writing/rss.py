"""Write RSS 2.0 (rssboard.org, 2.0.11) with dc:creator, content:encoded and atom:link."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Final

from academichub.references.writing.atom import content_of, is_tag, newest
from academichub.references.writing.xmltext import HEAD, element

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from academichub.references.writing.sheets import Face, Heading

_SPACES: Final = (
    ' version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def write_rss(heading: Heading, faces: Sequence[Face]) -> str:
    """Write a feed. A description is HTML, so plain text is escaped in it once more; contents keep MathML."""
    parts = (
        element("title", heading.title or heading.address),
        element("link", heading.address),
        element("description", heading.title or heading.address),
        element("language", heading.language) if is_tag(heading.language) else "",
        element("lastBuildDate", rfc822(newest(heading, faces))),
        element("generator", "AcademicHub"),
        _link("self", heading.file_address),
        _link("next", heading.next_address),
        *(_item(face) for face in faces),
    )
    return f"{HEAD}<rss{_SPACES}>\n<channel>\n{''.join(parts)}</channel>\n</rss>\n"


def rfc822(at: datetime) -> str:
    """Write an instant as RSS wants it: "Fri, 19 Jun 2026 04:00:00 GMT"."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _item(face: Face) -> str:
    reference = face.sheet.reference
    parts = (
        element("title", reference.title or face.address),
        element("link", face.address),
        element("guid", face.address, {"isPermaLink": "true"}),
        element("pubDate", rfc822(face.published_at or face.updated_at)),
        *(element("dc:creator", author.name) for author in reference.authors),
        *(element("category", name) for name in face.sheet.categories),
        element("description", escape(reference.abstract, quote=False)),
        element("content:encoded", content_of(face)),
    )
    return f"<item>\n{''.join(parts)}</item>\n"


def _link(relation: str, address: str) -> str:
    if not address:
        return ""
    return element("atom:link", attributes={"rel": relation, "type": "application/rss+xml", "href": address})
