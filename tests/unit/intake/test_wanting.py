"""What a paper lacks, and by which name it is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from academichub.intake.wanting import lacks, wanted_name
from academichub.model.papers import Bond, Draft, Identifiers, Key, Kind, Link, LinkRole, Relation
from tests.fakes.drafts import arxiv_draft, journal_draft

PII = "S0000000026000017"


def whole(**changes: object) -> Draft:
    """Make a journal article of which nothing is missing, and change it."""
    draft = journal_draft(abstract="A real abstract.", is_teaser=False)
    return replace(draft, **changes)  # type: ignore[arg-type]  # each change names a field and fits it


def nameless(*links: Link, **changes: object) -> Draft:
    """Make an article without authors and without any identifier that can be asked for."""
    return whole(authors=(), identifiers=Identifiers(issn="0028-0836", pmid="42"), links=links, **changes)


def landing(href: str) -> Link:
    return Link(href, LinkRole.LANDING)


def test_a_complete_paper_lacks_nothing_and_is_not_asked_for() -> None:
    assert lacks(whole()) == ()
    assert wanted_name(whole()) is None


def test_a_teaser_is_no_abstract() -> None:
    assert lacks(whole(is_teaser=True)) == ("abstract",)
    assert lacks(whole(abstract=None)) == ("abstract",)


def test_a_paper_may_lack_its_authors() -> None:
    assert lacks(whole(authors=())) == ("authors",)


def test_a_doi_is_missed_only_where_something_else_is_and_nothing_stands_in() -> None:
    assert lacks(whole(identifiers=Identifiers())) == ()
    assert lacks(whole(authors=(), identifiers=Identifiers())) == ("authors", "doi")
    assert lacks(whole(authors=(), identifiers=Identifiers(arxiv="2606.00001"))) == ("authors",)


def test_a_post_is_whole_as_it_is() -> None:
    assert lacks(whole(kind=Kind.POST, abstract=None, authors=())) == ()


def test_news_lacks_only_the_paper_it_is_about_and_only_where_somebody_could_tell() -> None:
    news = whole(kind=Kind.NEWS, abstract=None, authors=())
    about, other = (Relation(bond, "doi", "10.5555/b") for bond in (Bond.ABOUT, Bond.PART_OF))

    assert lacks(news) == lacks(replace(news, relations=(other,))) == ("paper",)
    assert wanted_name(news) == ("doi", "10.5555/j.1")
    assert lacks(replace(news, relations=(other, about))) == ()
    assert lacks(replace(news, identifiers=Identifiers())) == ()


@pytest.mark.parametrize("kind", [Kind.EDITORIAL, Kind.CORRECTION, Kind.RETRACTION])
def test_what_has_no_abstract_by_its_nature_lacks_at_most_its_authors(kind: Kind) -> None:
    assert lacks(whole(kind=kind, abstract=None)) == ()
    assert lacks(whole(kind=kind, abstract=None, authors=())) == ("authors",)


@pytest.mark.parametrize("kind", [Kind.ARTICLE, Kind.PREPRINT, Kind.REVIEW, Kind.DATASET])
def test_what_should_have_an_abstract_lacks_it(kind: Kind) -> None:
    assert lacks(whole(kind=kind, abstract=None)) == ("abstract",)


def test_a_paper_is_asked_for_by_its_doi_first() -> None:
    draft = whole(abstract=None, identifiers=Identifiers(doi="10.5555/a", arxiv="2606.00001"))

    assert wanted_name(draft) == ("doi", "10.5555/a")
    assert wanted_name(replace(draft, identifiers=Identifiers(arxiv="2606.00001"))) == ("arxiv", "2606.00001")


def test_a_version_at_arxiv_is_asked_for_at_arxiv_though_it_names_the_journals_doi() -> None:
    draft = arxiv_draft(identifiers=Identifiers(doi="10.5555/a", arxiv="2606.00001"), authors=())

    assert wanted_name(draft) == ("arxiv", "2606.00001")


def test_without_a_name_at_arxiv_even_that_version_is_asked_for_by_what_there_is() -> None:
    draft = whole(abstract=None, key=Key("arxiv", "x"))

    assert wanted_name(draft) == ("doi", "10.5555/j.1")


@pytest.mark.parametrize(
    "href",
    [
        f"https://www.sciencedirect.com/science/article/pii/{PII}?dgcid=rss_sd_all",
        f"https://www.sciencedirect.com/science/article/abs/pii/{PII.lower()}",
        f"https://journal.example/article/pii/{PII}/fulltext",
    ],
)
def test_an_article_without_a_doi_is_asked_for_by_its_publishers_item_identifier(href: str) -> None:
    assert wanted_name(nameless(landing(href))) == ("pii", PII)


@pytest.mark.parametrize(
    "link",
    [
        landing("https://journal.example/1"),
        landing(f"https://www.sciencedirect.com/science/article/pii/{PII}0"),
        landing("https://www.sciencedirect.com/science/article/pii/S000"),
        Link(f"https://www.sciencedirect.com/science/article/pii/{PII}", LinkRole.RELATED),
    ],
)
def test_a_paper_without_any_such_name_is_not_asked_for(link: Link) -> None:
    assert wanted_name(nameless(link)) is None


def test_a_later_landing_page_may_have_the_name() -> None:
    pages = (landing("https://journal.example/1"), landing(f"https://journal.example/pii/{PII}"))

    assert wanted_name(nameless(*pages)) == ("pii", PII)
