"""What real feeds put around titles and names, and must not be shown."""

from __future__ import annotations

import pytest

from academichub.intake.mending import without_page
from academichub.intake.normalising import normalise
from academichub.intake.venuenames import Tie, tie
from academichub.model.papers import Feed, Record, RecordAuthor, Text
from tests.fakes.records import NOW

FEED = Feed("rss 2.0", "lxml", title="样例期刊", language="zh-CN")


@pytest.mark.parametrize(
    ("written", "language", "shown"),
    [
        ("[95] 财政压力与公共风险", "zh-CN", "财政压力与公共风险"),
        ("[204] Fiscal Stress and Risks", "zh-CN", "Fiscal Stress and Risks"),
        ("[5] “免费”的价值", "", "“免费”的价值"),
        ("[60] Fullerene in made-up lamps", "en", "[60] Fullerene in made-up lamps"),
        ("[60] 富勒烯的样例", "zh-CN", "[60] 富勒烯的样例"),
        ("[2]Rotaxanes", "zh", "[2]Rotaxanes"),
        ("[1]", "zh", "[1]"),
        ("A title [3] of lamps", "zh", "A title [3] of lamps"),
    ],
)
def test_the_page_before_a_title_goes_where_a_chinese_journal_says_it(
    written: str, language: str, shown: str
) -> None:
    assert without_page(written, language=language) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("[95] 财政压力与公共风险", "财政压力与公共风险"),
        ("[Graphical abstract added] On lamps", "On lamps"),
        ("[PDF] On lamps", "On lamps"),
        ("A Made-up Theory of Lamps A Made-up Theory of Lamps", "A Made-up Theory of Lamps"),
    ],
)
def test_a_feeds_title_is_shown_without_page_label_and_repetition(title: str, shown: str) -> None:
    record = Record(position=0, external_id="1", title=Text(title), link="https://journal.example/1")

    assert normalise(record, feed=FEED, now=NOW).title.plain == shown


def test_a_title_behind_a_bullet_is_no_abstract() -> None:
    title = "财政压力与公共风险"
    record = Record(
        position=0,
        external_id="1",
        title=Text(title),
        link="https://journal.example/1",
        summary=Text(f"期刊：样例期刊<br/>· {title}"),
    )

    assert normalise(record, feed=FEED, now=NOW).abstract is None


def test_tags_in_arxivs_texts_and_names_are_not_shown() -> None:
    record = Record(
        position=0,
        external_id="oai:arXiv.org:2606.00001v1",
        title=Text("Lamps"),
        link="https://arxiv.org/abs/2606.00001",
        authors=(RecordAuthor("Ada Example"), RecordAuthor("<br> Bo Sample")),
        summary=Text("Codes over F<sub>q</sub>, where $a<b$ and x<y>z."),
    )

    draft = normalise(record, feed=Feed("atom 1.0", "lxml", link="https://arxiv.org/"), now=NOW)

    assert [author.name for author in draft.authors] == ["Ada Example", "Bo Sample"]
    assert draft.abstract is not None
    assert draft.abstract.plain == "Codes over Fq, where a < b and x<y>z."


@pytest.mark.parametrize("name", ["HAL", "CORE", "Zenodo", "PubMed Central", "百度学术"])
def test_a_service_that_lists_papers_is_no_venue(name: str) -> None:
    assert tie(name, "Nature") is Tie.UNSAID
