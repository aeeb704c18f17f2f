"""Real pages and feeds, where they are there: no defect of the seed page is left, and no entry is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evaluation import captures, seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("layout", seed.LAYOUTS)
def test_no_entry_of_the_seed_page_keeps_a_defect(data: Callable[[str], Path], layout: str) -> None:
    page = data("seed/academichub-page.txt").read_text(encoding="utf-8")
    entries = list(seed.read_page(page))
    tally = seed.Tally()

    clean = seed.check_layout(entries, layout, tally)

    assert (len(entries), clean, tally.faults) == (22, 22, [])


@pytest.mark.parametrize(
    ("family", "shares"),
    [
        ("captures/journal_rss/nature.rss", {"doi": 100, "date": 100, "authors": 90, "abstract": 80}),
        ("captures/journal_rss/chem_sci", {"doi": 100, "date": 100, "authors": 100}),
        ("captures/journal_rss/drug_discovery_today", {"date": 100, "authors": 100}),
        ("captures/journal_rss/pattern-recognition.xml", {"doi": 100, "date": 100, "authors": 99}),
        ("captures/arxiv_rss", {"abstract": 100, "date": 100, "authors": 100}),
        ("captures/arxiv_api", {"abstract": 100, "date": 100, "authors": 99}),
        ("cjk/chinese-econ-rss", {"authors": 35}),
    ],
)
def test_every_captured_entry_becomes_a_paper_with_what_its_feed_says(
    data: Callable[[str], Path], family: str, shares: dict[str, float]
) -> None:
    tally = captures.measure(data(family))

    figures = tally.figures()
    assert tally.faults == []
    assert tally.entries == tally.drafts > 0
    assert {part: figures[part] for part in shares if figures[part] < shares[part]} == {}


@pytest.mark.parametrize("family", ["jacs", "chem_sci", "drug_discovery_today", "pattern-recognition.xml"])
def test_feeds_without_abstracts_get_none(data: Callable[[str], Path], family: str) -> None:
    assert captures.measure(data(f"captures/journal_rss/{family}")).figures()["abstract"] == 0
