"""The made-up sample goes the way of real feeds, and shows what the hub can do."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.flows.sampling import sample_feeds, shelve_sample
from academichub.intake.normalising import normalise
from academichub.model.papers import Kind
from academichub.sources import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.model.papers import Draft

NOW = datetime(2026, 6, 19, 12, tzinfo=UTC)
# What cleaning must never leave: TeX commands, formulas' dollars (prices such as $4 are none), feed prefixes.
DIRT = re.compile(r"\\[A-Za-z(\[]|\$(?!\d)|Announce Type|Published online|<[a-z/]")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    feeds = [reading.read(body) for _, body in sample_feeds(NOW.date())]
    assert [feed.warnings for feed in feeds if feed.warnings or feed.rejected] == []
    return [normalise(record, feed=feed, now=NOW) for feed in feeds for record in feed.records]


def test_the_sample_is_shelved_whole_and_a_second_time_changes_nothing(database: Database) -> None:
    first = shelve_sample(database, clock=lambda: NOW)
    second = shelve_sample(database, clock=lambda: NOW)

    assert (first.received, first.rejected, first.twin) == (first.new + first.revised, 0, 0)
    assert 78 <= first.new <= 90
    assert first.revised >= 4  # replacements of the day before's papers
    assert (second.unchanged, second.balances) == (first.received, True)


def test_every_text_of_the_sample_comes_out_clean(drafts: list[Draft]) -> None:
    texts = [draft.title.plain for draft in drafts] + [
        draft.abstract.plain for draft in drafts if draft.abstract
    ]

    assert [text for text in texts if DIRT.search(text)] == []
    assert all(draft.abstract is not None for draft in drafts)


def test_the_sample_shows_mathematics_both_languages_and_many_kinds(drafts: list[Draft]) -> None:
    with_math = [draft for draft in drafts if draft.abstract and "<math" in draft.abstract.html]

    assert len(with_math) >= 20
    assert {draft.language for draft in drafts} == {"en", "zh"}
    assert {draft.kind for draft in drafts} >= {
        Kind.ARTICLE,
        Kind.PREPRINT,
        Kind.NEWS,
        Kind.REVIEW,
        Kind.CORRECTION,
        Kind.DATASET,
        Kind.POST,
    }
    assert all(draft.authors for draft in drafts if draft.kind is not Kind.NEWS)


def test_most_of_the_sample_is_of_today_and_yesterday(drafts: list[Draft]) -> None:
    days = [draft.announced_on or (draft.published.on if draft.published else None) for draft in drafts]

    assert sum(day in {date(2026, 6, 19), date(2026, 6, 18)} for day in days) > len(days) * 0.6
    assert {day for day in days if day} >= {date(2026, 6, number) for number in range(14, 20)}
