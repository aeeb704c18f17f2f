"""Write a list of papers as Markdown that reads well unrendered too: one item a paper, with its links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from academichub.references.writing.sheets import sound
from academichub.text.unicode import flat, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.references.entry import Reference
    from academichub.references.writing.sheets import Sheet

_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>|~$&]|(?<=!)(?=\[)")
_MOST_AUTHORS: Final = 10
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)


def write_markdown(sheets: Sequence[Sheet], *, title: str) -> str:
    """Write a list under its title; one paper alone has none, so that it can be pasted into a text."""
    lines = [_line(sheet.reference) for sheet in sheets]
    head = [f"# {escaped(title)}", ""] if title else []
    return "\n".join((*head, *lines, ""))


def escaped(text: str) -> str:
    """Write a text so that no character of it is markup; it stays on one line."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", flat(fold(sound(text))))


def _line(reference: Reference) -> str:
    address = best_address(reference)
    title = escaped(reference.title) or escaped(reference.key) or "—"
    names = [escaped(author.name) for author in reference.authors]
    people = ", ".join(names[:_MOST_AUTHORS]) + (" …" if len(names) > _MOST_AUTHORS else "")
    venue = f"*{escaped(reference.venue)}*" if reference.venue else ""
    said = [part for part in (people, venue, reference.date, *_links(reference, address)) if part]
    head = f"[{title}]({_link(address)})" if address else title
    return f"- {' · '.join((head, *said))}"


def best_address(reference: Reference) -> str:
    """Give the address that lasts longest: by DOI, by arXiv number, else its own; '' for none."""
    if reference.identifiers.doi:
        return f"https://doi.org/{quote(reference.identifiers.doi, safe='/:;()._-')}"
    if reference.identifiers.arxiv:
        return f"https://arxiv.org/abs/{reference.identifiers.arxiv}"
    return reference.url if _WEB.match(reference.url) else ""


def _links(reference: Reference, address: str) -> Iterator[str]:
    """Name the identifiers that the first link does not lead to."""
    if reference.identifiers.doi:
        yield f"doi:{escaped(reference.identifiers.doi)}"
    if arxiv := reference.identifiers.arxiv:
        arxiv_address = f"https://arxiv.org/abs/{arxiv}"
        yield f"arXiv:{arxiv}" if address == arxiv_address else f"[arXiv:{arxiv}]({_link(arxiv_address)})"


def _link(address: str) -> str:
    """Write an address for the inside of round brackets."""
    return quote(sound(address), safe="/:?#@!$&'*+,;=%~._-")
