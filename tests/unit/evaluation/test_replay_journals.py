from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.fetch.manners import gate_for
from academichub.sources.reading import read
from evaluation.replay import Question, Script, many, play_series, series
from evaluation.replay.journals import HOMES, MadeJournal
from evaluation.replay.script import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2026, 5, 4, tzinfo=UTC)
URL = "https://pubs.acs.org/action/showFeed?type=axatoc&feed=rss&jc=jacsat"


def ask(url: str, now: datetime) -> Question:
    host, _, rest = url.removeprefix("https://").partition("/")
    path, _, query = f"/{rest}".partition("?")
    return Question(host, path, fields_of(query), f"/{rest}", now)


def a_capture(*guids: str) -> bytes:
    items = "".join(f"<item><title>{guid}</title><guid>{guid}</guid></item>\n" for guid in guids)
    return f"<rss version='2.0'><channel><title>J</title>{items}</channel></rss>".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    jacs = tmp_path / "jacs"
    jacs.mkdir()
    (jacs / "2026-07-02T172206_aa.xml").write_bytes(a_capture("b", "a"))
    (jacs / "2026-07-04T110104_bb.xml").write_bytes(a_capture("c", "b"))
    (jacs / "notes.xml").write_bytes(b"not a capture")
    return tmp_path


# -- time series ------------------------------------------------------------------------------------


def test_a_feed_is_played_as_it_was_at_its_newest_capture(folder: Path) -> None:
    script = Script()
    play_series(script, series(folder))
    second = datetime(2026, 7, 4, 11, 1, 4, tzinfo=UTC)

    def shown(now: datetime) -> list[str]:
        answer = script.answer(ask(URL, now))
        assert answer is not None
        return [str(record.external_id) for record in read(answer.body).records]

    assert shown(datetime(2026, 7, 1, tzinfo=UTC)) == []
    assert shown(datetime(2026, 7, 2, 17, 22, 6, tzinfo=UTC)) == ["b", "a"]
    assert shown(second - timedelta(seconds=1)) == ["b", "a"]
    assert shown(second) == ["c", "b"]


def test_an_answer_is_dated_by_its_capture_and_keeps_its_tag_until_the_next(folder: Path) -> None:
    (found,) = series(folder)

    first = found(ask(URL, datetime(2026, 7, 3, tzinfo=UTC)))
    same = found(ask(URL, datetime(2026, 7, 4, tzinfo=UTC)))
    other = found(ask(URL, datetime(2026, 7, 5, tzinfo=UTC)))

    assert first is not None
    assert same is not None
    assert other is not None
    assert first.last_modified == "Thu, 02 Jul 2026 17:22:06 GMT"
    assert first.etag == same.etag != other.etag


def test_a_reader_of_every_capture_knows_each_entry_once(folder: Path) -> None:
    (found,) = series(folder)

    assert found.expected(datetime(2026, 7, 1, tzinfo=UTC)) == ()
    assert found.expected(datetime(2026, 7, 3, tzinfo=UTC)) == ("b", "a")
    assert found.expected(datetime(2026, 8, 1, tzinfo=UTC)) == ("b", "a", "c")


def test_the_five_real_series_are_read_by_the_product_as_the_truth_says(data: Callable[[str], Path]) -> None:
    found = series(data("captures/journal_rss"))

    assert {one.name for one in found} == set(HOMES)
    for one in found:
        known: dict[str | None, None] = {}
        for capture in one.captures:
            answer = one(ask(one.urls[0], capture.taken_at))
            assert answer is not None
            feed = read(answer.body)
            assert feed.rejected == ()
            known.update(dict.fromkeys(record.external_id for record in feed.records))
        assert tuple(known) == one.expected(one.captures[-1].taken_at)


# -- a storm ----------------------------------------------------------------------------------------


def test_two_hundred_journals_are_two_hundred_owners() -> None:
    storm = many(200, start=START)

    assert len(set(storm.urls)) == 200
    assert len({gate_for(one.host).name for one in storm.journals}) == 200
    assert {one.form for one in storm.journals} == {"rss", "atom", "rdf"}


def test_the_same_seed_gives_the_same_journals_however_many() -> None:
    assert many(20, start=START, seed=3).journals[:10] == many(10, start=START, seed=3).journals
    assert many(10, start=START, seed=4) != many(10, start=START, seed=3)


def test_entries_come_over_the_week_and_none_comes_twice() -> None:
    storm = many(50, start=START)
    days = [storm.expected(START + timedelta(days=day)) for day in range(8)]

    counts = [sum(map(len, one.values())) for one in days]
    urls = [entry.url for entries in days[-1].values() for entry in entries]

    assert counts == sorted(counts)
    assert counts[7] > counts[3] > counts[0] > 0
    assert len(set(urls)) == len(urls)
    assert all(len(entries) <= 60 for entries in days[-1].values())


def test_the_product_reads_from_each_journal_what_the_truth_says() -> None:
    script = Script()
    storm = many(60, start=START)
    storm.play(script)
    now = START + timedelta(days=4)

    for url, expected in storm.expected(now).items():
        answer = script.answer(ask(url, now))
        assert answer is not None
        feed = read(answer.body)
        assert feed.rejected == ()
        assert [record.link for record in feed.records] == [one.url for one in expected[::-1][:30]]
        for record, one in zip(feed.records, expected[::-1], strict=False):
            assert record.title.value == one.title
            assert tuple(author.name for author in record.authors) == one.authors


def test_a_window_that_is_too_small_loses_what_was_not_seen_in_time() -> None:
    storm = many(40, start=START, window=3)
    week = [START + timedelta(days=day) for day in range(8)]
    busy = max(storm.journals, key=lambda one: len(one.entries))

    weekly = storm.seen({busy.url: week[-1:]})[busy.url]
    daily = storm.seen({busy.url: week})[busy.url]

    assert len(weekly) == 3
    assert 3 < len(daily) <= len(busy.entries)


def test_journals_differ_in_what_they_say_about_caching() -> None:
    storm = many(24, start=START)
    answers = [one(ask(one.url, START + timedelta(days=7))) for one in storm.journals]

    said = {
        (bool(one.etag), bool(one.last_modified), one.max_age_seconds) for one in answers if one is not None
    }

    assert len(said) >= 6


def test_a_journal_without_entries_is_still_a_feed() -> None:
    for form in ("rss", "atom", "rdf"):
        journal = MadeJournal(0, "https://journal.press0000.example/feed.xml", form, ())

        answer = journal(ask(journal.url, START))

        assert answer is not None
        assert read(answer.body).records == ()


def test_times_of_posting_are_spread_over_the_simulated_days() -> None:
    storm = many(100, start=START, days=2)
    posted = [
        each.published_at
        for each in itertools.chain.from_iterable(one.entries for one in storm.journals)
        if each.published_at >= START
    ]

    assert min(posted) < START + timedelta(hours=6)
    assert START + timedelta(hours=42) < max(posted) < START + timedelta(days=2)
