"""An honestly empty feed and a broken one are told apart."""

from __future__ import annotations

import pytest

from academichub.errors import FeedUnreadable
from academichub.flows.answers import read_answer
from tests.fakes.answers import oai_page, raw_record

EMPTY = (
    b"<rss version='2.0'><channel><title>cs.LG</title><skipDays><day>Sunday</day></skipDays></channel></rss>"
)
BROKEN = b"<rss version='2.0'><channel><title>cs.LG</title><link>https://arxiv.example/</li"


def test_a_weekend_without_papers_is_an_empty_feed() -> None:
    assert read_answer(EMPTY).records == ()


def test_a_feed_of_which_nothing_could_be_read_is_no_empty_feed() -> None:
    with pytest.raises(FeedUnreadable):
        read_answer(BROKEN)


def test_a_saved_page_of_the_archive_with_stray_characters_is_mended_as_one_that_is_asked_for() -> None:
    page = oai_page(raw_record("2606.10001")).body.replace(b"We count lamps", b"We \x0b count & lamps", 1)

    feed = read_answer(page)

    assert (feed.provider, len(feed.records)) == ("oai", 1)
    assert feed.warnings[0].startswith("mended:")
