"""Write the addresses of a page's files and feeds: its path, a dot, the format, and its own parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from academichub.references.writing.formats import FORMATS
from academichub.web.address import write

if TYPE_CHECKING:
    from collections.abc import Mapping

FEEDS: Final = tuple(each.suffix for each in FORMATS if each.is_feed)
FILES: Final = tuple(each.suffix for each in FORMATS if not each.is_feed)
# What only a page needs, and where in its list the reader is: a file begins at the beginning.
_OF_THE_PAGE: Final = ("density", "done", "count", "start", "after", "n", "per", "lang")
_PATHS: Final = {"/": "/today"}


class FeedLink(NamedTuple):
    """A feed of a page, for its head."""

    href: str
    media_type: str  # without charset
    suffix: str


def file_address(path: str, parameters: Mapping[str, str], suffix: str) -> str:
    """Write the address of a list as a file.

    Args:
        path: Of the page, percent-encoded: "/", "/kept/starred", "/tags/two%20words".
        parameters: Of the page.
        suffix: "bib", "csl.json", "atom" ...: one of FILES or FEEDS.
    """
    whole = quote(_PATHS.get(path, path), safe="/%:@!$&'()*+,;=~-._")
    return write(f"{whole}.{suffix}", of_the_list(parameters))


def of_the_list(parameters: Mapping[str, str]) -> dict[str, str]:
    """Give the parameters that say which list is meant, without those that say how a page shows it."""
    return {name: value for name, value in parameters.items() if name not in _OF_THE_PAGE}


def feed_links(path: str, parameters: Mapping[str, str]) -> tuple[FeedLink, ...]:
    """Write the feeds of a page, the most common kind first."""
    return tuple(
        FeedLink(file_address(path, parameters, each.suffix), each.media_type.partition(";")[0], each.suffix)
        for each in FORMATS
        if each.is_feed
    )
