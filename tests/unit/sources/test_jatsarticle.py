from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from academichub.errors import RecordBroken
from academichub.sources.jatsarticle import read

if TYPE_CHECKING:
    from academichub.model.papers import Record, RecordAuthor

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def article(meta: str = "", journal: str = "", **said: str) -> Record:
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in said.items())
    front = f"<front><journal-meta>{journal}</journal-meta><article-meta>{meta}</article-meta></front>"
    return read(etree.fromstring(f"<article {XLINK}{attributes}>{front}</article>"), "", 0)


def authors(contributors: str) -> tuple[RecordAuthor, ...]:
    return article(f"<contrib-group>{contributors}</contrib-group>").authors


def author(inside: str) -> tuple[RecordAuthor, ...]:
    return authors(f"<contrib contrib-type='author'>{inside}</contrib>")


@pytest.mark.parametrize("xml", ["<article/>", "<article><body/></article>", "<article><front/></article>"])
def test_an_article_without_its_front_matter_is_refused(xml: str) -> None:
    with pytest.raises(RecordBroken):
        read(etree.fromstring(xml), "", 0)


def test_a_stub_of_a_reply_is_read_too() -> None:
    title = "<title-group><article-title>Reply</article-title></title-group>"

    record = read(etree.fromstring(f"<response><front-stub>{title}</front-stub></response>"), "oai:1", 3)

    assert (record.title.value, record.external_id, record.position) == ("Reply", "oai:1", 3)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("research-article", "article"),
        ("review-article", "review"),
        ("preprint", "preprint"),
        ("correction", "correction"),
        ("retraction", "retraction"),
        ("editorial", "editorial"),
        ("letter", ""),
    ],
)
def test_only_unmistakable_types_become_kinds(kind: str, said: str) -> None:
    record = article(article_type=kind)

    assert (record.first("hub:kind"), record.first("dc:type")) == (said, kind)


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ("<article-id pub-id-type='pmc'>123456</article-id>", "hub:pmcid", "PMC123456"),
        ("<article-id pub-id-type='pmcid'>PMC123456</article-id>", "hub:pmcid", "PMC123456"),
        ("<article-id pub-id-type='pmid'>0123</article-id>", "hub:pmid", "123"),
        ("<article-id pub-id-type='pmid'>none</article-id>", "hub:pmid", ""),
        ("<article-id pub-id-type='arxiv'>2601.00001</article-id>", "hub:arxiv", "2601.00001"),
        ("<article-id pub-id-type='arxiv'>nonsense</article-id>", "hub:arxiv", ""),
    ],
)
def test_identifiers_are_canonical_or_left_out(given: str, name: str, value: str) -> None:
    assert article(given).first(name) == value


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ("<name><surname>L</surname><given-names>A</given-names><suffix>Jr.</suffix></name>", "A L Jr."),
        ("<name name-style='eastern'><surname>Li</surname><given-names>Ming</given-names></name>", "Li Ming"),
        ("<name-alternatives><string-name>A. L.</string-name></name-alternatives>", "A. L."),
        ("<string-name><given-names>A</given-names> <surname>L</surname>, MD</string-name>", "A L"),
        ("<collab><institution>The House</institution></collab>", "The House"),
        (
            "<collab>Group<contrib-group><contrib/></contrib-group> of <italic>us</italic></collab>",
            "Group of us",
        ),
        ("<collab-alternatives><collab>Group</collab></collab-alternatives>", "Group"),
    ],
)
def test_names_are_read_in_all_their_forms(inside: str, name: str) -> None:
    assert [one.name for one in author(inside)] == [name]


@pytest.mark.parametrize(
    "contributor",
    [
        "<contrib contrib-type='editor'><name><surname>E</surname></name></contrib>",
        "<contrib contrib-type='author'><anonymous/></contrib>",
    ],
)
def test_editors_and_the_nameless_are_no_authors(contributor: str) -> None:
    assert authors(contributor) == ()


@pytest.mark.parametrize(
    ("place", "written"),
    [
        (
            "<label>1</label>Dept., <institution>Uni</institution> , City.<email>x@example.org</email>",
            "Dept., Uni, City.",
        ),
        (
            "<institution-wrap><institution-id>7</institution-id><institution>Uni</institution></institution-wrap><country>X</country>",
            "Uni, X",
        ),
        ("<institution>Uni</institution>\n<country>X</country>\n", "Uni, X"),
    ],
)
def test_places_are_written_on_one_line(place: str, written: str) -> None:
    name = "<name><surname>L</surname></name>"

    own = author(f"{name}<aff>{place}</aff>")
    linked = authors(
        f"<contrib contrib-type='author'>{name}<xref ref-type='aff' rid='a'/></contrib>"
        f"<aff id='a'>{place}</aff>"
    )
    shared = authors(f"<contrib>{name}</contrib><aff>{place}</aff>")

    assert own[0].affiliations == linked[0].affiliations == shared[0].affiliations == (written,)


def test_only_references_to_places_are_places() -> None:
    people = author("<name><surname>L</surname></name><xref ref-type='corresp' rid='a'/>")

    assert people[0].affiliations == ()


def test_an_orcid_with_a_wrong_check_digit_is_none() -> None:
    name = "<name><surname>L</surname></name>"

    right = author(f"<contrib-id contrib-id-type='orcid'>0000-0002-1825-0097</contrib-id>{name}")
    wrong = author(f"<contrib-id contrib-id-type='orcid'>0000-0002-1825-0098</contrib-id>{name}")

    assert (right[0].uri, wrong[0].uri) == ("https://orcid.org/0000-0002-1825-0097", "")


@pytest.mark.parametrize(
    ("dates", "published", "updated"),
    [
        (
            (
                "<pub-date pub-type='ppub'><year>2020</year></pub-date><pub-date pub-type='epub'>"
                "<year>2019</year></pub-date>"
            ),
            "2019",
            "",
        ),
        (
            (
                "<pub-date pub-type='collection'><year>2020</year></pub-date>"
                "<pub-date pub-type='ppub'><year>2021</year></pub-date>"
            ),
            "2021",
            "",
        ),
        ("<pub-date pub-type='pmc-release'><year>2020</year></pub-date>", "", ""),
        ("<pub-date date-type='pub' publication-format='print'><year>2020</year></pub-date>", "2020", ""),
        ("<pub-date pub-type='epub'/><pub-date pub-type='ppub'><year>2020</year></pub-date>", "2020", ""),
        ("<history><date date-type='corrected'><year>2022</year></date></history>", "", "2022"),
        ("", "", ""),
    ],
)
def test_online_comes_before_print_and_before_the_issue(dates: str, published: str, updated: str) -> None:
    record = article(dates)

    assert (record.published, record.updated) == (published, updated)


@pytest.mark.parametrize(
    ("kind", "scheme", "href", "said"),
    [
        ("corrected-article", "doi", "10.5555/1", "corrects doi:10.5555/1"),
        ("corrected-article", "doi", "https://journals.example.org/doi/10.5555/1", "corrects doi:10.5555/1"),
        ("retraction-forward", "doi", "10.5555/1", "retracted-by doi:10.5555/1"),
        ("object-of-concern", "pmid", "123", "raises-concern pmid:123"),
        ("corrected-article", "pmid", "none", ""),
        ("preprint", "uri", "https://arxiv.org/abs/2601.00001v2", "has-preprint arxiv:2601.00001"),
        ("preprint", "arxiv", "nonsense", ""),
        ("commentary-article", "doi", "10.5555/1", ""),
        ("corrected-article", "uri", "https://example.org/", ""),
        ("unheard-of", "doi", "10.5555/1", ""),
    ],
)
def test_related_articles_are_said_in_our_words(kind: str, scheme: str, href: str, said: str) -> None:
    record = article(
        f"<related-article related-article-type='{kind}' ext-link-type='{scheme}' xlink:href='{href}'/>"
    )

    assert record.first("hub:relation") == said
    assert record.first("hub:retracted") == ("yes" if said.startswith("retracted-by") else "")


def test_news_is_about_the_article_it_comments_on() -> None:
    marks = "related-article-type='commentary-article' ext-link-type='doi'"
    related = f"<related-article {marks}>10.5555/1</related-article>"

    assert article(related, article_type="news").first("hub:relation") == "about doi:10.5555/1"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            "<event event-type='preprint'><self-uri xlink:href='https://doi.org/10.5555/1'/></event>",
            "has-preprint doi:10.5555/1",
        ),
        (
            "<event><date date-type='preprint'/><article-id>10.5555/1</article-id></event>",
            "has-preprint doi:10.5555/1",
        ),
        (
            "<event><self-uri content-type='reviewed-preprint' xlink:href='https://doi.org/10.5555/1'/></event>",
            "",
        ),
        ("<event event-type='preprint'><self-uri xlink:href='https://example.org/'/></event>", ""),
    ],
)
def test_the_history_of_publication_tells_the_preprint(event: str, said: str) -> None:
    assert article(f"<pub-history>{event}</pub-history>").first("hub:relation") == said


@pytest.mark.parametrize(
    ("permissions", "address"),
    [
        ("<license xlink:href='https://a.example.org/'/>", "https://a.example.org/"),
        ("<license><license_ref>https://a.example.org/</license_ref></license>", "https://a.example.org/"),
        ("<license_ref>https://a.example.org/</license_ref>", "https://a.example.org/"),
        (
            "<license><p><uri xlink:href='http://creativecommons.org/licenses/by/4.0/'/></p></license>",
            "http://creativecommons.org/licenses/by/4.0/",
        ),
        ("<license><p><ext-link xlink:href='https://a.example.org/'/></p></license>", ""),
    ],
)
def test_the_licence_is_an_address(permissions: str, address: str) -> None:
    assert article(f"<permissions>{permissions}</permissions>").first("dcterms:license") == address


@pytest.mark.parametrize(
    ("groups", "categories"),
    [
        ("<subj-group subj-group-type='heading'><subject>Reviews</subject></subj-group>", ()),
        (
            "<subj-group subj-group-type='heading'><subject>Neuroscience</subject></subj-group>",
            ("Neuroscience",),
        ),
        ("<subj-group subj-group-type='hwp-journal-coll'><subject>4</subject></subj-group>", ()),
        ("<subj-group subj-group-type='article-type'><subject>Whatever</subject></subj-group>", ()),
    ],
)
def test_kinds_of_article_are_no_subjects(groups: str, categories: tuple[str, ...]) -> None:
    assert article(f"<article-categories>{groups}</article-categories>").categories == categories


def test_addresses_of_its_own_are_told_apart() -> None:
    record = article(
        "<article-id pub-id-type='doi'>10.5555/1</article-id>"
        "<self-uri xlink:href='local.pdf'/><self-uri mimetype='application/pdf' xlink:href='https://a.example.org/1'/>"
    )

    assert record.link == "https://doi.org/10.5555/1"
    assert [link.href for link in record.links] == ["https://a.example.org/1"]


def test_without_a_doi_the_link_is_pmcs() -> None:
    record = article("<article-id pub-id-type='pmc'>123456</article-id>")

    assert (record.link, record.external_id) == (
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC123456/",
        "PMC123456",
    )


def test_the_journal_may_be_missing() -> None:
    record = read(etree.fromstring("<article><front><article-meta/></front></article>"), "", 0)

    assert record.first("prism:publicationName") == ""
