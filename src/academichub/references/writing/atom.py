"""Write Atom 1.0 (RFC 4287), paged by RFC 5005 where a list goes on."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from academichub.references.writing.xmltext import HEAD, element

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from academichub.references.writing.sheets import Face, Heading

_PROGRAM: Final = "AcademicHub"


def write_atom(heading: Heading, faces: Sequence[Face]) -> str:
    """Write a feed. Titles and summaries are plain text, contents are HTML with MathML."""
    parts = (
        element("id", heading.address),
        element("title", heading.title or heading.address),
        element("updated", rfc3339(newest(heading, faces))),
        # A feed needs an author where an entry may have none.
        f"<author>{element('name', _PROGRAM)}</author>\n",
        element("generator", _PROGRAM),
        _link("alternate", heading.address, "text/html"),
        _link("self", heading.file_address, "application/atom+xml"),
        _link("next", heading.next_address, "application/atom+xml"),
        *(_entry(face) for face in faces),
    )
    language = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": heading.language}
    opening = "".join(f' {name}="{value}"' for name, value in language.items() if value)
    return f"{HEAD}<feed{opening}>\n{''.join(parts)}</feed>\n"


def newest(heading: Heading, faces: Sequence[Face]) -> datetime:
    """Give when the newest entry changed; of an empty feed, what its heading says."""
    return max((face.updated_at for face in faces), default=heading.updated_at)


def rfc3339(at: datetime) -> str:
    """Write an instant as Atom and JSON Feed want it: "2026-06-19T04:00:00Z"."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _entry(face: Face) -> str:
    reference = face.sheet.reference
    abstract = reference.abstract
    parts = (
        element("id", face.address),
        element("title", reference.title or face.address),
        element("updated", rfc3339(face.updated_at)),
        element("published", rfc3339(face.published_at)) if face.published_at else "",
        *(
            f"<author>{element('name', author.name)}</author>\n"
            for author in reference.authors
            if author.name
        ),
        _link("alternate", face.address, "text/html"),
        *(_link("related", link) for link in face.links),
        _link("enclosure", face.pdf, "application/pdf"),
        *(element("category", attributes={"term": name}) for name in face.sheet.categories),
        element("summary", abstract, {"type": "text"}) if abstract else "",
        element("content", content_of(face), {"type": "html"}),
    )
    language = f' xml:lang="{reference.language}"' if is_tag(reference.language) else ""
    return f"<entry{language}>\n{''.join(parts)}</entry>\n"


def content_of(face: Face) -> str:
    """Give the HTML of an entry: its title, which feeds else have without its formulas, and its abstract."""
    title = f"<p><strong>{face.title_html}</strong></p>" if "<" in face.title_html else ""
    return title + face.abstract_html or f"<p>{face.title_html}</p>"


def is_tag(language: str) -> bool:
    """Tell a language tag from words about a language."""
    return bool(language) and language.isascii() and language.replace("-", "").isalnum()


def _link(relation: str, address: str, media_type: str = "") -> str:
    if not address:
        return ""
    return element("link", attributes={"rel": relation, "type": media_type, "href": address})
