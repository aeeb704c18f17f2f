from __future__ import annotations

import itertools
import re
import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from academichub.sources.reading import read
from evaluation.replay import (
    ArxivSite,
    BigStock,
    Listing,
    OaiServer,
    PaperRecord,
    Question,
    make_plan,
    read_records,
)
from evaluation.replay.script import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOON = datetime(2026, 5, 13, 16, tzinfo=UTC)


def said(player: Callable[[Question], object], target: str, now: datetime) -> bytes:
    path, _, query = target.partition("?")
    answer = player(Question("arxiv.org", path, fields_of(query), target, now))
    body = getattr(answer, "body", None)
    assert isinstance(body, bytes)
    return body


def listed(body: bytes) -> list[Listing]:
    """Read a feed with the product's own reader."""
    feed = read(body)
    assert feed.rejected == ()
    found = []
    for record in feed.records:
        name, _, version = str(record.external_id).removeprefix("oai:arXiv.org:").rpartition("v")
        (kind,) = record.fields["arxiv:announce_type"]
        found.append(Listing(name, int(version), kind))
    return found


def harvest(server: OaiServer) -> Iterator[list[str]]:
    """Walk through the whole stock; gives the identifiers of each page."""
    query = "metadataPrefix=arXiv"
    while query:
        body = said(server, f"/oai?verb=ListRecords&{query}", NOON)
        yield re.findall(r"<identifier>oai:arXiv\.org:(.+?)</identifier>", body.decode())
        token = re.search(r"<resumptionToken expires='\S+'>(.+?)</resumptionToken>", body.decode()[-1000:])
        query = f"resumptionToken={quote(token[1])}" if token else ""


@pytest.mark.slow
def test_may_2026_is_made_of_the_real_records_and_read_back_without_loss(data: Callable[[str], Path]) -> None:
    plan = make_plan(read_records(data("arxiv/records.jsonl.gz")))
    site = ArxivSite(plan)
    counted = Counter(one.action for batch in plan.batches.values() for one in batch)

    assert len(plan.days) == 20
    assert counted["new"] > 8000
    assert plan.missed() == (date(2026, 5, 13), date(2026, 5, 21))
    for on in (on for on in plan.days if on not in plan.troubles.lost):
        now = datetime(on.year, on.month, on.day, 16, tzinfo=UTC)
        for query in ("cs.CV", "astro-ph.GA"):
            assert listed(said(site.feeds, f"/rss/{query}", now)) == list(plan.expected(on, query))


@pytest.mark.slow
def test_a_hundred_thousand_records_come_in_pages_of_which_one_is_held_at_a_time() -> None:
    papers = [
        PaperRecord(
            f"2605.{number:05d}", "On Things", "We study them. " * 60, ("Ada Field",), ("cs.CV",), "", None
        )
        for number in range(100)
    ]
    stock = BigStock(papers, 100_000)
    seen, count, peak_bytes = 0, 0, 0
    names = stock.ids()

    tracemalloc.start()
    for found in harvest(OaiServer(stock)):
        count += 1
        seen += len(found)
        assert found == list(itertools.islice(names, len(found)))
        if count == 5:  # the pages are alike; watching them all takes long
            peak_bytes = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()

    assert (seen, count) == (100_000, 100)
    assert 0 < peak_bytes < 20_000_000
