"""Write a list in any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from academichub.errors import FormatUnknown
from academichub.references.writing.atom import write_atom
from academichub.references.writing.bibtex import write_bibtex
from academichub.references.writing.csljson import write_csl
from academichub.references.writing.formats import FORMAT_BY_SUFFIX
from academichub.references.writing.jsonfeed import write_json_feed
from academichub.references.writing.markdown import write_markdown
from academichub.references.writing.ris import write_ris
from academichub.references.writing.rss import write_rss
from academichub.references.writing.zotero import write_zotero
from academichub.references.writing.zoterocsv import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from academichub.references.writing.formats import Format
    from academichub.references.writing.sheets import Face, Heading, Sheet

_FILES: Final[Mapping[str, Callable[[Sequence[Sheet]], str]]] = {
    "bib": lambda sheets: write_bibtex(sheets, dialect="bibtex"),
    "biblatex": lambda sheets: write_bibtex(sheets, dialect="biblatex"),
    "ris": write_ris,
    "csl.json": write_csl,
    "zotero.json": write_zotero,
    "csv": write_csv,
}
_FEEDS: Final[Mapping[str, Callable[[Heading, Sequence[Face]], str]]] = {
    "atom": write_atom,
    "rss": write_rss,
    "feed.json": write_json_feed,
}


def format_named(suffix: str) -> Format:
    """Give a format by its suffix. Raises FormatUnknown."""
    if suffix not in FORMAT_BY_SUFFIX:
        raise FormatUnknown(format=suffix[:40], known=", ".join(FORMAT_BY_SUFFIX))
    return FORMAT_BY_SUFFIX[suffix]


def write_references(sheets: Sequence[Sheet], suffix: str, *, title: str = "") -> bytes:
    """Write references as a file that reference managers read; `title` heads a list in Markdown.

    Raises:
        FormatUnknown: No file format has this suffix; those of feeds need `write_feed`.
    """
    if suffix == "md":
        return write_markdown(sheets, title=title).encode()
    if suffix not in _FILES:
        raise FormatUnknown(format=suffix[:40], known=", ".join((*_FILES, "md")))
    return _FILES[suffix](sheets).encode()


def write_feed(heading: Heading, faces: Sequence[Face], suffix: str) -> bytes:
    """Write papers as a feed.

    Raises:
        FormatUnknown: No feed format has this suffix.
    """
    if suffix not in _FEEDS:
        raise FormatUnknown(format=suffix[:40], known=", ".join(_FEEDS))
    return _FEEDS[suffix](heading, faces).encode()
