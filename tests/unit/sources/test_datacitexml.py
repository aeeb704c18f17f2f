from __future__ import annotations

import pytest
from lxml import etree

from academichub.errors import RecordBroken
from academichub.model.papers import Form, Record, Text
from academichub.sources.datacitexml import read


def resource(inside: str, kind: str = "Dataset", named: str = "10.5072/x") -> Record:
    return read(
        etree.fromstring(
            f"<resource><identifier identifierType='DOI'>{named}</identifier>"
            f"<resourceType resourceTypeGeneral='{kind}'/>{inside}</resource>"
        ),
        "",
        0,
    )


@pytest.mark.parametrize(
    "xml", ["<resource/>", "<oai_datacite><payload/></oai_datacite>", "<resource><title/></resource>"]
)
def test_what_is_not_datacites_is_refused(xml: str) -> None:
    with pytest.raises(RecordBroken):
        read(etree.fromstring(xml), "", 0)


@pytest.mark.parametrize(
    ("kind", "relation", "related", "said"),
    [
        ("Dataset", "IsNewVersionOf", "Dataset", "version-of doi:10.5072/y"),
        ("Preprint", "IsVersionOf", "JournalArticle", "preprint-of doi:10.5072/y"),
        ("JournalArticle", "HasVersion", "Preprint", "has-preprint doi:10.5072/y"),
        ("Preprint", "IsPreviousVersionOf", "Preprint", "version-of doi:10.5072/y"),
        ("Text", "IsPreprintOf", "", "preprint-of doi:10.5072/y"),
        ("PeerReview", "Reviews", "", "reviews doi:10.5072/y"),
        ("Dataset", "IsSupplementTo", "JournalArticle", ""),
        ("Dataset", "Cites", "", ""),
    ],
)
def test_relations_are_said_in_our_words(kind: str, relation: str, related: str, said: str) -> None:
    marks = f"relatedIdentifierType='DOI' relationType='{relation}' resourceTypeGeneral='{related}'"
    one = f"<relatedIdentifier {marks}>10.5072/y</relatedIdentifier>"

    record = resource(f"<relatedIdentifiers>{one}</relatedIdentifiers>", kind)

    assert record.first("hub:relation") == said


@pytest.mark.parametrize(
    ("scheme", "name", "said"),
    [
        ("arXiv", "arXiv:2601.00001", "version-of arxiv:2601.00001"),
        ("PMID", "123", "version-of pmid:123"),
        ("URL", "https://doi.org/10.5072/y", "version-of doi:10.5072/y"),
        ("URL", "https://example.org/", ""),
        ("ISSN", "0028-0836", ""),
    ],
)
def test_a_relation_needs_a_name_that_we_know(scheme: str, name: str, said: str) -> None:
    marks = f"relatedIdentifierType='{scheme}' relationType='IsVersionOf'"
    one = f"<relatedIdentifier {marks}>{name}</relatedIdentifier>"

    assert resource(f"<relatedIdentifiers>{one}</relatedIdentifiers>").first("hub:relation") == said


@pytest.mark.parametrize(
    ("dates", "year", "published"),
    [
        (
            "<date dateType='Issued'>2026</date><date dateType='Available'>2026-03-19</date>",
            "2026",
            "2026-03-19",
        ),
        ("<date dateType='Available'>2026-03-19</date>", "2025", "2026-03-19"),
        ("<date dateType='Issued'>2010-01-02/2010-05-06</date>", "2010", "2010-01-02"),
        ("<date dateType='Collected'>2009-01-02</date>", "2010", "2010"),
        ("", "", ""),
    ],
)
def test_the_most_telling_date_of_the_year_is_taken(dates: str, year: str, published: str) -> None:
    record = resource(f"<publicationYear>{year}</publicationYear><dates>{dates}</dates>")

    assert record.published == published


@pytest.mark.parametrize(
    ("descriptions", "summary", "whole"),
    [
        ("<description descriptionType='Abstract'>a&lt;b</description>", Text("a<b", Form.UNSAID), "whole"),
        ("<description descriptionType='Abstract'>a<br/>b</description>", Text("a<br>b", Form.HTML), "whole"),
        ("<description descriptionType='Other'>o</description>", Text("o", Form.UNSAID), ""),
        ("<description descriptionType='Methods'>m</description>", Text(), ""),
        ("<description descriptionType='Abstract'/>", Text(), ""),
    ],
)
def test_the_abstract_is_the_description_called_so(descriptions: str, summary: Text, whole: str) -> None:
    record = resource(f"<descriptions>{descriptions}</descriptions>")

    assert (record.summary, record.first("hub:abstract")) == (summary, whole)


def test_titles_are_taken_in_the_language_of_the_work() -> None:
    record = resource(
        "<language>de</language><titles><title xml:lang='en'>Waves</title>"
        "<title xml:lang='de'>Wellen</title></titles>"
    )

    assert record.title.value == "Wellen"
    assert resource("").title == Text()


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ("<creatorName>Lovelace, Ada</creatorName>", "Ada Lovelace"),
        (
            (
                "<creatorName>Lovelace, A.</creatorName><givenName>Ada</givenName>"
                "<familyName>Lovelace</familyName>"
            ),
            "Ada Lovelace",
        ),
        ("<creatorName nameType='Organizational'>House, of Engines</creatorName>", "House, of Engines"),
    ],
)
def test_people_are_written_in_reading_order_and_bodies_as_they_are(creator: str, name: str) -> None:
    record = resource(f"<creators><creator>{creator}</creator><creator/></creators>")

    assert [one.name for one in record.authors] == [name]


@pytest.mark.parametrize(
    ("version", "number"),
    [("1.0", "1"), ("v2", "2"), ("v. 3.0.0", "3"), ("4.1", ""), ("final", ""), ("", "")],
)
def test_only_a_whole_number_is_a_version(version: str, number: str) -> None:
    assert resource(f"<version>{version}</version>").first("hub:version") == number


def test_an_item_in_a_journal_names_the_journal() -> None:
    record = resource(
        "<relatedItems><relatedItem relationType='IsPublishedIn'>"
        "<relatedItemIdentifier>0028-0836</relatedItemIdentifier>"
        "<titles><title>Annals</title></titles><volume>12</volume><issue>3</issue><firstPage>1</firstPage></relatedItem></relatedItems>"
    )

    names = ("prism:publicationName", "prism:issn", "prism:volume", "prism:number", "prism:startingPage")
    assert [record.first(name) for name in names] == ["Annals", "0028-0836", "12", "3", "1"]


def test_a_series_stands_in_the_descriptions_of_old_kernels() -> None:
    record = resource(
        "<descriptions>"
        "<description descriptionType='SeriesInformation'>Annals, 12</description></descriptions>"
    )

    assert record.first("prism:publicationName") == "Annals"


def test_without_a_doi_the_link_is_the_address_that_is_told() -> None:
    told = "<alternateIdentifiers><alternateIdentifier alternateIdentifierType='URL'>https://a.example.org/</alternateIdentifier></alternateIdentifiers>"

    record = resource(told, named="no doi")

    assert (record.link, record.external_id, record.first("prism:doi")) == (
        "https://a.example.org/",
        "no doi",
        "",
    )
    assert resource("", named="no doi").link == ""


def test_an_identifier_of_another_kind_is_no_doi() -> None:
    record = read(
        etree.fromstring("<resource><identifier identifierType='Handle'>10.5072/x</identifier></resource>"),
        "",
        0,
    )

    assert record.first("prism:doi") == ""


def test_a_name_identifier_that_is_no_orcid_is_passed_over() -> None:
    record = resource(
        "<creators><creator><creatorName>A</creatorName>"
        "<nameIdentifier nameIdentifierScheme='ISNI'>1</nameIdentifier>"
        "<nameIdentifier nameIdentifierScheme='ORCID'>0000-0000-0000-0000</nameIdentifier>"
        "</creator></creators>"
    )

    assert record.authors[0].uri == ""
