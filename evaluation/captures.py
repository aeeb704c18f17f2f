"""Clean every captured feed and count what comes out of each family; nothing may be lost silently.

python evaluation/captures.py [FOLDER ...] [--json]

A folder (or file) is a family; without any, the captures of the data folder are read.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from academichub.errors import FeedError, RecordError
from academichub.intake.normalising import normalise
from academichub.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parent.parent
NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)  # the day the captures were gathered
FAMILIES: Final = (
    "captures/journal_rss/acs_catalysis",
    "captures/journal_rss/chem_sci",
    "captures/journal_rss/chemrxiv",
    "captures/journal_rss/drug_discovery_today",
    "captures/journal_rss/jacs",
    "captures/journal_rss/nature.rss",
    "captures/journal_rss/pattern-recognition.xml",
    "captures/journal_rss/tpami-current-issue.xml",
    "captures/arxiv_rss",
    "captures/arxiv_api",
    "cjk/chinese-econ-rss",
    "feeds/real-feeds",
)
# An entry begins with one of these tags, whatever the prefix of its name space.
ENTRY: Final = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
PARTS: Final = ("authors", "abstract", "doi", "date")


@dataclass(slots=True)
class Tally:
    """What came out of one family."""

    name: str
    files: int = 0
    no_feeds: int = 0  # answers that say they are an error, or are no feed
    entries: int = 0
    drafts: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    teasers: int = 0
    with_part: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Give the figures as JSON values; shares in per cent of the drafts."""
        return {
            "family": self.name,
            "files": self.files,
            "no_feeds": self.no_feeds,
            "entries": self.entries,
            "drafts": self.drafts,
            "rejected": dict(self.rejected),
            "teasers": self.teasers,
            **{part: round(100 * self.with_part[part] / max(self.drafts, 1), 1) for part in PARTS},
            "faults": self.faults,
        }


def main() -> int:
    """Read the families and print a line for each; 1 where an entry was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    data = Path(os.environ.get("ACADEMICHUB_DATA") or ROOT.parent / "shared" / "data")
    folders = arguments.folders or [data / name for name in FAMILIES if (data / name).exists()]
    tallies = [measure(folder) for folder in folders]
    if arguments.json:
        print(json.dumps([tally.figures() for tally in tallies], indent=2))
    else:
        _print_table(tallies)
    return 1 if any(tally.faults for tally in tallies) or not tallies else 0


def measure(folder: Path) -> Tally:
    """Clean every entry of a folder's feeds."""
    tally = Tally(folder.name)
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        if path.is_file():
            for body in bodies(path):
                tally.files += 1
                _measure_feed(path.name, body, tally)
    return tally


def bodies(path: Path) -> Iterator[bytes]:
    """Give the feeds in a file: itself, or the body of an answer that was kept as JSON with its headers."""
    if path.suffix == ".json":
        kept = json.loads(path.read_bytes())
        text = kept.get("body") or kept.get("text") or "" if isinstance(kept, dict) else ""
        if isinstance(text, str) and "<" in text:
            yield text.encode()
    elif path.suffix not in {".html", ".txt", ".tsv"} and b"<" in (body := path.read_bytes())[:4096]:
        yield body


def _measure_feed(name: str, body: bytes, tally: Tally) -> None:
    try:
        feed = read(body)
    except FeedError:
        tally.no_feeds += 1
        return
    entries = len(feed.records) + len(feed.rejected)
    positions = {one.position for one in feed.records} | {one.position for one in feed.rejected}
    written = len(ENTRY.findall(body))
    if feed.parser == "lxml" and entries != written:
        tally.faults.append(f"{name}: {written} entries in the file, {entries} read")
    if len(positions) != entries:
        tally.faults.append(f"{name}: two entries share a place")
    tally.entries += entries
    tally.rejected.update(one.error.code for one in feed.rejected)
    before = tally.drafts + tally.rejected.total() - len(feed.rejected)
    for record in feed.records:
        try:
            draft = normalise(record, feed=feed, now=NOW)
        except RecordError as error:
            tally.rejected[error.code] += 1
            continue
        tally.drafts += 1
        tally.teasers += draft.is_teaser
        tally.with_part["authors"] += bool(draft.authors)
        tally.with_part["abstract"] += draft.abstract is not None
        tally.with_part["doi"] += draft.identifiers.doi is not None
        tally.with_part["date"] += draft.published is not None
    if tally.drafts + tally.rejected.total() - before != entries:
        tally.faults.append(f"{name}: entries are not drafts + rejected")


def _print_table(tallies: list[Tally]) -> None:
    columns = ("files", "no feed", "entries", "drafts", "rejected", "teasers", *(f"% {one}" for one in PARTS))
    print(f"{'family':28}" + "".join(f"{name:>11}" for name in columns))
    for tally in tallies:
        figures = tally.figures()
        counts = (tally.files, tally.no_feeds, tally.entries, tally.drafts, tally.rejected.total())
        shares = (tally.teasers, *(figures[part] for part in PARTS))
        print(f"{tally.name:28}" + "".join(f"{value:>11}" for value in (*counts, *shares)))
        for code, count in tally.rejected.items():
            print(f"  rejected: {code} {count}")
        for fault in tally.faults:
            print(f"  LOST: {fault}")


if __name__ == "__main__":
    sys.exit(main())
