"""Time the reading of a day of arXiv: real records in the layout of arXiv's RSS service.

python benchmarks/feeds.py RECORDS.jsonl.gz [--entries 2000] [--runs 5] [--json]
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import time
import warnings
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import feedparser

from academichub.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:atom="http://www.w3.org/2005/Atom" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
  <channel>
    <title>cs updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/cs</link>
    <description>cs updates on the arXiv.org e-print archive.</description>
    <atom:link href="http://rss.arxiv.org/rss/cs" rel="self" type="application/rss+xml"/>
    <docs>http://www.rssboard.org/rss-specification</docs>
    <language>en-us</language>
    <lastBuildDate>Fri, 01 May 2026 04:00:09 +0000</lastBuildDate>
    <managingEditor>rss-help@arxiv.org</managingEditor>
    <pubDate>Fri, 01 May 2026 00:00:00 -0400</pubDate>
    <skipDays>
      <day>Saturday</day>
      <day>Sunday</day>
    </skipDays>
"""
TAIL = "  </channel>\n</rss>\n"


def arxiv_feed(records: Iterable[dict[str, Any]]) -> bytes:
    """Lay records out as rss.arxiv.org does (ingest reference 2.1)."""
    return (HEAD + "".join(_item(record) for record in records) + TAIL).encode("utf-8")


def arxiv_records(path: Path, *, count: int) -> list[dict[str, Any]]:
    """Read the first records of a file of one JSON object a line, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, count)]


def _item(record: dict[str, Any]) -> str:
    abstract = f"arXiv:{record['id']}v1 Announce Type: new \nAbstract: {record['abstract']}"
    categories = "".join(f"      <category>{each}</category>\n" for each in record["categories"])
    return f"""    <item>
      <title>{escape(record["title"])}</title>
      <link>https://arxiv.org/abs/{record["id"]}</link>
      <description>{escape(abstract)}</description>
      <guid isPermaLink="false">oai:arXiv.org:{record["id"]}v1</guid>
{categories}      <pubDate>Fri, 01 May 2026 00:00:00 -0400</pubDate>
      <arxiv:announce_type>new</arxiv:announce_type>
      <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
      <dc:creator>{escape(", ".join(record["authors"]))}</dc:creator>
    </item>
"""


def main() -> int:
    """Print entries per CPU second of both parsers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    body = arxiv_feed(arxiv_records(arguments.records, count=arguments.entries))
    entries = len(read(body).records)
    ours, theirs = [], []
    for _ in range(arguments.runs):  # in turn, so that a busy moment slows both
        ours.append(_timed(lambda: read(body)))
        theirs.append(_timed(lambda: _feedparser(body)))
    figures = {
        "entries": entries,
        "bytes": len(body),
        "ours_ms": {"median": _ms(statistics.median(ours)), "best": _ms(min(ours)), "worst": _ms(max(ours))},
        "entries_per_second": round(entries / statistics.median(ours)),
        "feedparser_ms": _ms(statistics.median(theirs)),
        "times_faster": round(statistics.median(theirs) / statistics.median(ours), 1),
    }
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            print(f"{name:20} {figure}")
    return 0


def _feedparser(body: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        feedparser.parse(body)


def _timed(work: Callable[[], object]) -> float:
    """Give the CPU seconds of one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    sys.exit(main())
