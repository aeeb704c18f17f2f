"""Print a briefing as a file: Markdown, HTML, PDF or JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from academichub.briefing.markdown import to_markdown
from academichub.briefing.outline import Reference, lay_out
from academichub.briefing.typesetting import to_typst
from academichub.briefing.webpage import to_html
from academichub.errors import BriefingInvalid, BriefingUnknown, PrintingImpossible
from academichub.model.packing import pack
from academichub.model.papers import LinkRole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.briefing.outline import Outline
    from academichub.model.briefingpages import BriefingPage
    from academichub.model.shelf import Card

MEDIA_TYPES: Final = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}
LINKED: Final = (LinkRole.DOI, LinkRole.LANDING, LinkRole.PDF)  # the first that a work has


def print_briefing(page: BriefingPage, file_format: str, *, language: str = "") -> tuple[bytes, str]:
    """Print a briefing; give the file and its media type.

    Args:
        page: The briefing with its cards.
        file_format: "md", "html", "pdf" or "json".
        language: Of our own words, "zh" or "en"; that of the briefing if left out.

    Raises:
        BriefingUnknown: Nothing of it is written yet.
        BriefingInvalid: Another format.
        PrintingImpossible: A PDF cannot be set here.
    """
    media_type = MEDIA_TYPES.get(file_format)
    if media_type is None:
        raise BriefingInvalid(field="format", reason="no-such-file")
    briefing = page.briefing
    if briefing is None:
        raise BriefingUnknown(briefing=page.line.key)
    if file_format == "json":
        return json.dumps(pack(briefing), ensure_ascii=False, indent=1).encode(), media_type
    if language:
        briefing = replace(briefing, order=replace(briefing.order, language=language))
    outline = lay_out(briefing, references_of(page.cards), radars=page.radars)
    if file_format == "md":
        return to_markdown(outline).encode(), media_type
    if file_format == "html":
        return to_html(outline).encode(), media_type
    return to_pdf(outline), media_type


def references_of(cards: Mapping[int, Card]) -> dict[int, Reference]:
    """Show cards as a list of references names them."""
    return {work_id: _reference(work_id, card) for work_id, card in cards.items()}


def to_pdf(outline: Outline) -> bytes:
    """Set a PDF; the same outline gives the same bytes. Raises PrintingImpossible."""
    try:
        import typst
    except ImportError as error:
        raise PrintingImpossible(reason="the typesetter is not installed", extra="pdf") from error
    try:
        made = typst.compile(to_typst(outline).encode(), timestamp=0)
    except typst.TypstError as error:
        raise PrintingImpossible(reason=str(error)[:200], extra="pdf") from error
    return bytes(made)


def _reference(work_id: int, card: Card) -> Reference:
    by_role = {link.role: link.href for link in reversed(card.links)}
    url = next((by_role[role] for role in LINKED if role in by_role), "")
    return Reference(work_id, card.title_plain, card.byline, card.venue, card.listed_on, url)
