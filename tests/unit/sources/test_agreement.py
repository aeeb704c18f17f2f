"""Hold the reader to feedparser, on real feeds and on elements in any order."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.sources.reading import read
from benchmarks import feeds as benchmark
from evaluation.feeds import folded

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]
FLOORS = {"title": 99.9, "link": 99.4, "id": 100.0, "published": 99.4, "instant": 99.4, "summary": 98.4}
NUMBERED = st.integers(0, 99)
ELEMENTS = [
    "<title>t{}</title>",
    "<dc:title>u{} &amp; v</dc:title>",
    "<description>d{} &lt;b&gt;x&lt;/b&gt;</description>",
    "<dc:description>e{}</dc:description>",
    "<content:encoded>c{}</content:encoded>",
    "<itunes:summary>i{}</itunes:summary>",
    "<link>http://h/{}</link>",
    '<atom:link href="http://a/{}"/>',
    '<atom:link rel="self" href="http://s/{}"/>',
    "<guid>http://g/{}</guid>",
    '<guid isPermaLink="false">g{}</guid>',
    "<pubDate>2026-05-04T00:00:{}Z</pubDate>",
    "<dcterms:issued>2026-05-{}</dcterms:issued>",
    '<enclosure url="http://e/{}"/>',
]


@settings(deadline=None)  # the first run imports feedparser
@given(st.lists(st.tuples(st.sampled_from(ELEMENTS), NUMBERED), max_size=8))
def test_elements_in_any_order_mean_what_they_mean_to_feedparser(elements: list[tuple[str, int]]) -> None:
    inside = "".join(element.format(number) for element, number in elements)
    body = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
        f"<channel><item>{inside}</item></channel></rss>"
    ).encode()

    [ours] = read(body).records
    [theirs] = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)["entries"]

    assert folded(ours.title.value) == folded(theirs.get("title", ""))
    assert folded(ours.summary.value) == folded(theirs.get("summary", ""))
    assert ours.link == theirs.get("link", "")
    assert ours.external_id == theirs.get("id", "")
    assert ours.published == theirs.get("published", "")


@pytest.mark.slow
def test_real_feeds_are_read_as_feedparser_reads_them(data: Callable[[str], Path]) -> None:
    folder = data("feeds/real-feeds")

    answer = subprocess.run(
        [sys.executable, ROOT / "evaluation" / "feeds.py", folder, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    figures = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert figures["failures"] == []
    assert figures["same_entry_counts"] == figures["feeds"] > 40
    for name, floor in FLOORS.items():
        assert figures["agreement"][name] >= floor, name


def test_the_benchmark_still_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = {"id": "2605.00001", "title": "T", "abstract": "A", "authors": ["Ada"], "categories": ["cs.DL"]}
    records = tmp_path / "records.jsonl.gz"
    records.write_bytes(gzip.compress((json.dumps(paper) + "\n").encode() * 3))
    monkeypatch.setattr(sys, "argv", ["feeds.py", str(records), "--entries", "2", "--runs", "1", "--json"])

    assert benchmark.main() == 0

    assert json.loads(capsys.readouterr().out)["entries"] == 2
