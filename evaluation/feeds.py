"""Measure how far our feed reader agrees with feedparser, and how much faster it is.

python evaluation/feeds.py FOLDER [--show] [--speed] [--json]
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import feedparser
from feedparser.datetimes import _parse_date

from academichub.errors import FeedError
from academichub.sources.reading import read

if TYPE_CHECKING:
    from academichub.model.papers import Feed, Record

FIELDS: Final = ("title", "link", "id", "published", "instant", "updated", "author", "summary", "content")
TAG: Final = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[/!?A-Za-z][^<>]*>", re.DOTALL | re.IGNORECASE
)
SHOWN_CHARACTERS: Final = 160


@dataclass(slots=True)
class Tally:
    """What was found over a folder."""

    feeds: int = 0
    failures: list[str] = field(default_factory=list)
    same_counts: int = 0
    entries: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)  # feedparser has a value
    agreed_where_stated: Counter[str] = field(default_factory=Counter)
    disagreements: list[tuple[str, int, str, str, str]] = field(default_factory=list)
    our_seconds: float = 0.0
    their_seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        """Give the figures as JSON values; rates in per cent."""
        return {
            "feeds": self.feeds,
            "failures": self.failures,
            "same_entry_counts": self.same_counts,
            "entries": self.entries,
            "agreement": {name: _percent(self.agreed[name], self.entries) for name in FIELDS},
            "agreement_where_feedparser_has_a_value": {
                name: _percent(self.agreed_where_stated[name], self.stated[name]) for name in FIELDS
            },
            "our_cpu_seconds": round(self.our_seconds, 3),
            "feedparser_cpu_seconds": round(self.their_seconds, 3),
        }


def main() -> int:
    """Compare, and print the table."""
    arguments = _arguments()
    tally = Tally()
    for path in sorted(each for each in arguments.folder.rglob("*") if each.is_file()):
        body = path.read_bytes()
        if b"<" in body[:4096]:  # licences lie between the feeds
            _compare(str(path.relative_to(arguments.folder)), body, tally, default=arguments.default)
    if arguments.json:
        print(json.dumps(tally.figures(), indent=2))
    else:
        _print_table(tally, speed=arguments.speed)
    if arguments.show:
        for name, position, what, ours, theirs in tally.disagreements:
            print(f"\n{name} #{position} {what}\n  ours       {ours!r}\n  feedparser {theirs!r}")
    return 1 if tally.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--show", action="store_true", help="print every disagreement")
    parser.add_argument("--speed", action="store_true", help="print CPU seconds of both parsers")
    parser.add_argument("--default", action="store_true", help="let feedparser sanitise and resolve too")
    return parser.parse_args()


def _compare(name: str, body: bytes, tally: Tally, *, default: bool = False) -> None:
    """Run both parsers over one file and count."""
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = feedparser.parse(body, sanitize_html=default, resolve_relative_uris=default)
    tally.their_seconds += time.process_time() - started
    if not theirs["version"] and not theirs["entries"]:
        return  # no feed by feedparser's judgement either
    tally.feeds += 1
    started = time.process_time()
    try:
        ours = read(body)
    except FeedError as error:
        tally.failures.append(f"{name}: {error}")
        return
    tally.our_seconds += time.process_time() - started
    _compare_entries(name, ours, theirs["entries"], tally)


def _compare_entries(name: str, ours: Feed, theirs: list[Any], tally: Tally) -> None:
    if len(ours.records) + len(ours.rejected) != len(theirs):
        counts = (str(len(ours.records)), str(len(theirs)))
        tally.disagreements.append((name, -1, "number of entries", *counts))
        return
    tally.same_counts += 1
    for record in ours.records:
        entry = theirs[record.position]
        tally.entries += 1
        mine, yours = _ours(record), _theirs(entry)
        for what in FIELDS:
            is_same = mine[what] == yours[what]
            tally.agreed[what] += is_same
            if yours[what]:
                tally.stated[what] += 1
                tally.agreed_where_stated[what] += is_same
            if not is_same:
                shown = (mine[what][:SHOWN_CHARACTERS], yours[what][:SHOWN_CHARACTERS])
                tally.disagreements.append((name, record.position, what, *shown))


def _ours(record: Record) -> dict[str, str]:
    return {
        "title": folded(record.title.value),
        "link": record.link,
        "id": record.external_id,
        "published": record.published,
        "instant": str(_parse_date(record.published) or ""),
        "updated": record.updated,
        "author": record.authors[0].name if record.authors else "",
        "summary": folded(record.summary.value),
        "content": folded(record.content.value),
    }


def _theirs(entry: Any) -> dict[str, str]:  # noqa: ANN401 -- feedparser has no types
    authors = entry.get("authors") or [{}]
    contents = entry.get("content") or [{}]
    plain = dict(entry)  # without feedparser's substitutes of one date for another
    return {
        "title": folded(entry.get("title", "")),
        "link": entry.get("link", ""),
        "id": entry.get("id", ""),
        "published": plain.get("published", ""),
        "instant": str(plain.get("published_parsed") or ""),
        "updated": plain.get("updated", ""),
        "author": authors[0].get("name", ""),
        "summary": folded(entry.get("summary", "")),
        "content": folded(contents[0].get("value", "")),
    }


def folded(text: str) -> str:
    """Strip tags, decode entities, fold white space: what a reader would see."""
    return " ".join(html.unescape(TAG.sub("", text)).split())


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 100.0


def _print_table(tally: Tally, *, speed: bool) -> None:
    print(f"{tally.feeds} feeds, {len(tally.failures)} failed, {tally.same_counts} with the same entries")
    print(f"{tally.entries} entries; agreement with feedparser {feedparser.__version__}, per cent")
    print(f"{'':12}{'of all':>10}{'where it has a value':>24}")
    for name in FIELDS:
        everywhere = _percent(tally.agreed[name], tally.entries)
        stated = _percent(tally.agreed_where_stated[name], tally.stated[name])
        print(f"{name:12}{everywhere:>10.2f}{stated:>24.2f}")
    for failure in tally.failures:
        print(f"failed: {failure}")
    if speed:
        ratio = tally.their_seconds / max(tally.our_seconds, 1e-9)
        print(
            f"CPU: ours {tally.our_seconds:.3f} s, feedparser {tally.their_seconds:.3f} s, {ratio:.1f} times"
        )


if __name__ == "__main__":
    sys.exit(main())
