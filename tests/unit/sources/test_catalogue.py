"""The sources that have names."""

from __future__ import annotations

import pytest

from academichub.errors import AddressMalformed, CategoryUnknown
from academichub.model.taxonomy import active_categories, category
from academichub.sources.catalogue import arxiv_entry, feed_entry, known_entries, starter_entries


def test_every_active_category_and_nature_can_be_named_and_no_key_twice() -> None:
    entries = known_entries()

    named = {found.name for one in active_categories() if (found := category(one.name))}
    assert {entry.key for entry in entries if entry.kind == "arxiv"} == {f"arxiv:{name}" for name in named}
    assert len({entry.key for entry in entries}) == len({entry.url for entry in entries}) == len(entries)
    assert {entry.kind for entry in entries} == {"arxiv", "feed"}
    assert all(entry.url.startswith("https://") for entry in entries)


def test_a_new_hub_starts_with_sources_that_are_known() -> None:
    assert [entry.key for entry in starter_entries()] == [
        "arxiv:cs.CV",
        "arxiv:cs.LG",
        "arxiv:cs.AI",
        "arxiv:quant-ph",
        "arxiv:math.PR",
        "nature",
    ]
    assert set(starter_entries()) <= set(known_entries())


def test_a_category_has_a_feed_of_its_own() -> None:
    assert arxiv_entry("Math.pr").url == "https://rss.arxiv.org/rss/math.PR"


@pytest.mark.parametrize("name", ["cs", "cs.XX", "", "cs.CV+cs.LG", "cs.CV/new"])
def test_what_is_no_single_active_category_is_refused(name: str) -> None:
    with pytest.raises(CategoryUnknown) as caught:
        arxiv_entry(name)

    assert caught.value.facts["category"] == name


def test_a_slip_of_the_pen_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(CategoryUnknown) as caught:
        arxiv_entry("cs.CVV")

    assert caught.value.facts["suggestion"] == "cs.CV"


def test_an_address_gives_a_key_that_stays_and_differs_from_its_neighbours() -> None:
    one = feed_entry(" https://www.letters.example/feed ")
    again = feed_entry("https://www.letters.example/feed")
    other = feed_entry("https://www.letters.example/other", title="Letters")

    assert one == again
    assert one.key != other.key
    assert one.key.startswith("feed:letters.example-")
    assert (one.title, other.title) == ("letters.example", "Letters")


@pytest.mark.parametrize("url", ["https://rss.arxiv.org/atom/cs.CV", "http://arxiv.org/rss/cs.CV?x=1"])
def test_an_address_of_an_arxiv_feed_is_that_category(url: str) -> None:
    assert feed_entry(url) == arxiv_entry("cs.CV")


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "https:///x", "letters", "http://[::1", "javascript:alert(1)"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressMalformed) as caught:
        feed_entry(url)

    assert caught.value.facts["url"] == url
