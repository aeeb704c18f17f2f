from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerUnknown,
    FeedError,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
)
from academichub.sources.harvest import read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.pmc import CONNECTOR, lookup

ARTICLE = (
    "<article><front><article-meta><article-id pub-id-type='pmcid'>PMC{}</article-id>"
    "<title-group><article-title>T</article-title></title-group></article-meta></front></article>"
)


def test_articles_are_asked_for_by_number() -> None:
    step = lookup(["PMC123456", "PMC7654321"])

    assert step.url == (
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?db=pmc&id=123456,7654321&retmode=xml"
    )


@pytest.mark.parametrize("names", [[], ["10.5555/1"], ["PMC123456"] * 51])
def test_what_cannot_be_asked_for_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"PMC number|can be asked"):
        lookup(names)


def test_an_article_is_known_by_its_number() -> None:
    body = f"<pmc-articleset>{ARTICLE.format(123456)}</pmc-articleset>".encode()

    page = read_saved(CONNECTOR, body)

    record = page.feed.records[0]
    assert (record.external_id, record.link) == (
        "PMC123456",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC123456/",
    )
    assert (record.first("hub:place"), page.next) == ("pmc", None)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<eFetchResult><ERROR>ID list is empty!</ERROR></eFetchResult>", FeedSaysError),
        ("<pmc-articleset><error>No result</error></pmc-articleset>", FeedSaysError),
        ("<eFetchResult><ERROR>API rate limit exceeded</ERROR></eFetchResult>", FeedThrottled),
        ("<PubmedArticleSet/>", AnswerUnknown),
    ],
)
def test_errors_in_disguise_are_errors(body: str, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body.encode())


def test_more_articles_than_an_answer_may_have_are_refused() -> None:
    body = f"<pmc-articleset>{ARTICLE.format(1) * 3}</pmc-articleset>".encode()

    with pytest.raises(FeedTooManyEntries):
        read_saved(CONNECTOR, body, limits=Limits(entries=2))


@pytest.mark.parametrize("inside", ["<Reply/>", "<article/>", "<other/>"])
def test_what_pmc_does_not_give_is_kept_aside(inside: str) -> None:
    page = read_saved(
        CONNECTOR, f"<pmc-articleset>{inside}{ARTICLE.format(123456)}</pmc-articleset>".encode()
    )

    assert [one.position for one in page.feed.rejected] == [0]
    assert [one.position for one in page.feed.records] == [1]


def test_only_sets_of_articles_are_recognised() -> None:
    assert CONNECTOR.recognises_xml is not None
    assert CONNECTOR.recognises_xml("pmc-articleset")
    assert not CONNECTOR.recognises_xml("PubmedArticleSet")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_saved(CONNECTOR, body, limits=DEFAULT_LIMITS)
    except FeedError:
        return
