"""Write JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from academichub.references.writing.atom import content_of, is_tag, rfc3339
from academichub.references.writing.jsontext import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.references.writing.sheets import Face, Heading

_VERSION: Final = "https://jsonfeed.org/version/1.1"


def write_json_feed(heading: Heading, faces: Sequence[Face]) -> str:
    """Write a feed; texts come plain and as HTML with MathML."""
    feed: dict[str, Any] = {
        "version": _VERSION,
        "title": heading.title or heading.address,
        "home_page_url": heading.address,
        "feed_url": heading.file_address,
        "next_url": heading.next_address,
        "language": heading.language if is_tag(heading.language) else "",
    }
    said = {name: value for name, value in feed.items() if value}
    return to_json({**said, "items": [_item(face) for face in faces]})


def _item(face: Face) -> dict[str, Any]:
    reference = face.sheet.reference
    item: dict[str, Any] = {
        "id": face.address,
        "url": face.address,
        "external_url": next(iter(face.links), ""),
        "title": reference.title,
        "content_html": content_of(face),
        "content_text": reference.abstract or reference.title,
        "date_published": rfc3339(face.published_at or face.updated_at),
        "date_modified": rfc3339(face.updated_at),
        "authors": [{"name": author.name} for author in reference.authors],
        "tags": list(face.sheet.categories),
        "language": reference.language if is_tag(reference.language) else "",
        "attachments": [{"url": face.pdf, "mime_type": "application/pdf"}] if face.pdf else [],
    }
    return {name: value for name, value in item.items() if value}
