from __future__ import annotations

import pytest
from lxml import etree

from academichub.errors import RecordBroken
from academichub.model.papers import Form, Record
from academichub.sources.dublincore import read


def dc(inside: str, external_id: str = "") -> Record:
    return read(etree.fromstring(f"<dc><title>T</title>{inside}</dc>"), external_id, 0)


@pytest.mark.parametrize("xml", ["<dc/>", "<dc><creator>A</creator></dc>", "<dc><title> </title></dc>"])
def test_without_title_and_identifier_there_is_nothing_to_know_it_by(xml: str) -> None:
    with pytest.raises(RecordBroken):
        read(etree.fromstring(xml), "", 0)


@pytest.mark.parametrize(
    ("identifiers", "doi"),
    [
        ("<identifier>info:doi:10.5555/1</identifier>", "10.5555/1"),
        ("<identifier>info:doi/10.5555/1</identifier>", "10.5555/1"),
        ("<identifier>https://doi.org/10.5555/1</identifier>", "10.5555/1"),
        ("<relation>info:eu-repo/semantics/altIdentifier/doi/10.5555/1</relation>", "10.5555/1"),
        ("<relation>10.5555/1</relation>", ""),  # of some other work
        ("<identifier>10.5555</identifier>", ""),
    ],
)
def test_a_doi_is_found_in_all_its_spellings(identifiers: str, doi: str) -> None:
    assert dc(identifiers).first("prism:doi") == doi


@pytest.mark.parametrize(
    ("names", "link"),
    [
        (
            ("https://doi.org/10.5555/1", "https://a.example.org/1.pdf", "https://a.example.org/1"),
            "https://a.example.org/1",
        ),
        (("https://doi.org/10.5555/1", "https://a.example.org/1.pdf"), "https://doi.org/10.5555/1"),
        (("https://a.example.org/1.pdf",), "https://a.example.org/1.pdf"),
        (("arXiv:2601.00001v2",), "https://arxiv.org/abs/2601.00001"),
        (("PoS(X)001",), ""),
    ],
)
def test_a_page_for_people_comes_before_a_resolver_and_a_file(names: tuple[str, ...], link: str) -> None:
    record = dc("".join(f"<identifier>{name}</identifier>" for name in names))

    assert record.link == link


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("arXiv:2601.00001v2", "hub:arxiv", "2601.00001v2"),
        ("http://arxiv.org/abs/2601.00001", "hub:arxiv", "2601.00001"),
        ("2601.00001", "hub:arxiv", ""),  # may be anything
        ("info:pmid/123", "hub:pmid", "123"),
        ("PMID: 123", "hub:pmid", "123"),
        ("123", "hub:pmid", ""),
        ("urn:issn:0028-0836", "prism:issn", "0028-0836"),
    ],
)
def test_other_identifiers_need_a_label(name: str, field: str, value: str) -> None:
    assert dc(f"<identifier>{name}</identifier>").first(field) == value


def test_arxivs_texts_are_plain_and_their_comment_is_apart() -> None:
    record = dc(
        "<description>For $a&lt;b$.</description><description>Comment: 7 pages,\n  1 figure</description>"
        "<identifier>http://arxiv.org/abs/2601.00001</identifier><date>2026-02-03</date><date>2026-01-02</date>"
    )

    assert (record.summary.value, record.summary.form) == ("For $a<b$.", Form.PLAIN)
    assert record.first("hub:comment") == "7 pages, 1 figure"
    assert (record.published, record.updated) == ("2026-01-02", "2026-02-03")


@pytest.mark.parametrize(
    ("inside", "summary"),
    [
        ("<description>Short.</description><description>Much longer.</description>", "Much longer."),
        (
            (
                "<description xml:lang='de'>Sehr viel länger.</description>"
                "<description xml:lang='en'>Short.</description><language>eng</language>"
            ),
            "Short.",
        ),
        (
            "<description xml:lang='de'>Kurz.</description><description xml:lang='en'>Longer.</description>",
            "Kurz.",
        ),
        ("<abstract>One.</abstract>", "One."),
        ("<description>[s.c.]</description>", ""),
    ],
)
def test_the_longest_description_in_the_works_language_is_the_abstract(inside: str, summary: str) -> None:
    assert dc(inside).summary.value == summary


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ("<date>2020-05-06T07:08:09Z</date><date>2019</date>", "2019"),
        ("<date>info:eu-repo/date/embargoEnd/2010-01-01</date><date>2019</date>", "2019"),
        ("<date>unknown</date>", ""),
    ],
)
def test_the_earliest_date_is_that_of_publication(dates: str, published: str) -> None:
    record = dc(dates)

    assert (record.published, record.updated) == (published, "")


@pytest.mark.parametrize(
    ("rights", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC-BY-NC-ND", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
        ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("PDM 1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("see http://creativecommons.org/licenses/by/3.0/.", "http://creativecommons.org/licenses/by/3.0/"),
        ("https://rightsstatements.org/vocab/InC/1.0/", "https://rightsstatements.org/vocab/InC/1.0/"),
        ("info:eu-repo/semantics/openAccess", ""),
        ("Copyright (c) 2024 somebody", ""),
    ],
)
def test_a_licence_that_is_only_named_gets_its_address(rights: str, address: str) -> None:
    assert dc(f"<rights>{rights}</rights>").first("dcterms:license") == address


@pytest.mark.parametrize(
    ("types", "kind", "first"),
    [
        (("Text", "Dataset"), "dataset", "Dataset"),
        (
            ("info:eu-repo/semantics/publishedVersion", "info:eu-repo/semantics/preprint"),
            "preprint",
            "info:eu-repo/semantics/preprint",
        ),
        (
            ("http://purl.org/coar/resource_type/c_dcae04bc",),
            "review",
            "http://purl.org/coar/resource_type/c_dcae04bc",
        ),
        (("Peer-reviewed Article", "Book"), "", "Book"),
    ],
)
def test_types_that_say_nothing_stand_last(types: tuple[str, ...], kind: str, first: str) -> None:
    record = dc("".join(f"<type>{one}</type>" for one in types))

    assert (record.first("hub:kind"), record.first("dc:type")) == (kind, first)


@pytest.mark.parametrize(
    ("sources", "journal", "volume", "page"),
    [
        (("Nowhere Fungus 71: e1733",), "Nowhere Fungus", "71", "e1733"),
        (("Annals, 12(3-4): 101-110",), "Annals", "12", "101"),
        (("Annals; Vol. 8 No. 2 (2024): Tides; 11-19",), "Annals", "", ""),
        (("Calendar", "1871", "-"), "Calendar", "", ""),
        (("1871",), "", "", ""),
    ],
)
def test_the_journal_is_read_out_of_the_source(
    sources: tuple[str, ...], journal: str, volume: str, page: str
) -> None:
    record = dc("".join(f"<source>{one}</source>" for one in sources))

    names = ("prism:publicationName", "prism:volume", "prism:startingPage")
    assert tuple(record.first(name) for name in names) == (journal, volume, page)


@pytest.mark.parametrize(
    ("inside", "printed", "online"),
    [
        ("<source>0028-0836</source><source>1476-4687</source>", "0028-0836", "1476-4687"),
        ("<relation>info:eu-repo/semantics/altIdentifier/eissn/1476-4687</relation>", "", "1476-4687"),
        (
            "<relation>info:eu-repo/semantics/altIdentifier/pissn/0028-0836</relation><source>1476-4687</source>",
            "0028-0836",
            "1476-4687",
        ),
        ("<relation>info:eu-repo/semantics/altIdentifier/issn/0000-0001</relation>", "", ""),
    ],
)
def test_issns_are_told_apart_where_they_are_marked(inside: str, printed: str, online: str) -> None:
    record = dc(inside)

    assert (record.first("prism:issn"), record.first("prism:eIssn")) == (printed, online)


def test_nobody_is_no_author() -> None:
    record = dc("<creator>[s.n.]</creator><creator id='no orcid'>Grey, T. K.</creator><creator/>")

    assert [(one.name, one.uri) for one in record.authors] == [("T. K. Grey", "")]
