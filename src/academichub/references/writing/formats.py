"""The formats that lists are written in: their names in addresses, and how files of them are sent."""

from __future__ import annotations

from typing import Final, NamedTuple


class Format(NamedTuple):
    """One format."""

    suffix: str  # behind the dot of an address: "bib", "csl.json"
    media_type: str  # with its charset, where the type has one
    ending: str  # of the file that is saved
    is_feed: bool = False


MOST_IN_A_FEED: Final = 200  # entries
MOST_IN_A_FILE: Final = 5_000  # works

FORMATS: Final = (
    Format("bib", "application/x-bibtex; charset=utf-8", ".bib"),
    Format("biblatex", "application/x-bibtex; charset=utf-8", ".bib"),
    Format("ris", "application/x-research-info-systems; charset=utf-8", ".ris"),
    Format("csl.json", "application/vnd.citationstyles.csl+json", ".json"),
    Format("zotero.json", "application/json", ".json"),
    Format("csv", "text/csv; charset=utf-8", ".csv"),
    Format("md", "text/markdown; charset=utf-8", ".md"),
    Format("atom", "application/atom+xml; charset=utf-8", ".atom", is_feed=True),
    Format("rss", "application/rss+xml; charset=utf-8", ".rss", is_feed=True),
    Format("feed.json", "application/feed+json", ".json", is_feed=True),
)
FORMAT_BY_SUFFIX: Final = {each.suffix: each for each in FORMATS}
