from __future__ import annotations

import time

import pytest
from lxml import etree

from academichub.errors import RecordBroken
from academichub.model.papers import Record, RecordAuthor
from academichub.sources.unixref import read, works


def record(inside: str, external_id: str = "") -> Record:
    return read(etree.fromstring(f"<crossref>{inside}</crossref>"), external_id, 0)


def posted(inside: str, doi: str = "10.5555/1", *, kind: str = "preprint") -> Record:
    named = f"<doi_data><doi>{doi}</doi></doi_data>"
    return record(f"<posted_content type='{kind}'>{inside}{named}</posted_content>")


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<journal><journal_article/></journal>", "journal-article"),
        ("<conference><conference_paper/></conference>", "proceedings-article"),
        ("<conference><proceedings_metadata/></conference>", "proceedings"),
        ("<posted_content/>", "posted-content"),
        ("<book book_type='monograph'><book_metadata/></book>", "monograph"),
        ("<book><book_metadata/></book>", "book"),
        ("<book book_type='reference'><book_metadata/></book>", "reference-book"),
        ("<book><book_set_metadata/></book>", "book-set"),
        ("<book><book_metadata/><content_item component_type='reference_entry'/></book>", "reference-entry"),
        ("<book><book_metadata/><content_item component_type='chapter'/></book>", "book-chapter"),
        ("<dissertation/>", "dissertation"),
        ("<report-paper><report-paper_metadata/></report-paper>", "report"),
        ("<standard><standard_metadata/></standard>", "standard"),
        ("<database><database_metadata/><dataset/></database>", "dataset"),
        ("<peer_review/>", "peer-review"),
    ],
)
def test_each_kind_of_work_has_crossrefs_own_name(inside: str, kind: str) -> None:
    assert record(inside).first("dc:type") == kind


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<error>doi:10.5555/nowhere</error>", "doi:10.5555/nowhere"),
        ("<journal><journal_metadata/></journal>", "no work: journal"),
        ("<sa_component/>", "no work: sa_component"),
        ("", "no work: crossref"),
    ],
)
def test_a_record_without_a_work_says_why(inside: str, reason: str) -> None:
    with pytest.raises(RecordBroken) as raised:
        record(inside)

    assert raised.value.facts["reason"] == reason


def test_of_several_works_the_one_that_was_asked_for_is_read() -> None:
    items = "".join(
        f"<content_item><titles><title>{n}</title></titles><doi_data><doi>10.5555/b.{n}</doi></doi_data></content_item>"
        for n in (1, 2)
    )

    asked = record(f"<book><book_metadata/>{items}</book>", "info:doi/10.5555%2Fb.2")
    other = record(f"<book><book_metadata/>{items}</book>", "oai:nobody")

    assert (asked.title.value, other.title.value) == ("2", "1")


def test_a_deposit_holds_the_book_and_its_chapters() -> None:
    batch = etree.fromstring(
        "<doi_batch><body><book><book_metadata><titles><title>B</title></titles></book_metadata>"
        "<content_item><titles><title>C</title></titles></content_item></book></body></doi_batch>"
    )

    found = [read(one, "", place) for place, one in enumerate(works(batch))]

    assert [one.title.value for one in found] == ["B", "C"]
    assert found[1].first("prism:publicationName") == "B"


def test_a_book_of_many_chapters_takes_time_in_proportion() -> None:
    items = "<content_item><titles><title>C</title></titles></content_item>" * 4_000
    book = etree.fromstring(f"<book><book_metadata><isbn>1</isbn></book_metadata>{items}</book>")

    started = time.perf_counter()
    found = [read(one, "", 0) for one in works(book)]

    assert len(found) == 4_000
    assert time.perf_counter() - started < 10  # half a second here; squares would take minutes


def test_a_work_that_stands_alone_can_be_read() -> None:
    assert (
        read(
            etree.fromstring("<dissertation><titles><title>T</title></titles></dissertation>"), "", 0
        ).title.value
        == "T"
    )


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ("<publication_date media_type='print'><year>2020</year></publication_date>", "2020"),
        (
            (
                "<publication_date><year>2020</year></publication_date>"
                "<publication_date media_type='online'><year>2019</year><month>5</month></publication_date>"
            ),
            "2019-05",
        ),
        ("", "2018"),
    ],
)
def test_online_comes_before_print_and_before_the_issue(dates: str, published: str) -> None:
    issue = "<journal_issue><publication_date><year>2018</year></publication_date></journal_issue>"

    assert (
        record(f"<journal>{issue}<journal_article>{dates}</journal_article></journal>").published == published
    )


def test_a_data_set_has_the_date_of_its_database_entry() -> None:
    dated = "<database_date><creation_date><year>2020</year></creation_date></database_date>"

    assert record(f"<database><dataset>{dated}</dataset></database>").published == "2020"


@pytest.mark.parametrize(
    ("doi", "version"),
    [
        ("10.31223/x/v2", "2"),
        ("10.26434/chemrxiv-2026-abc-v3", "3"),
        ("10.1002/essoar.10500000.2", "2"),
        ("10.5555/v2x", ""),
    ],
)
def test_a_preprints_doi_tells_its_version(doi: str, version: str) -> None:
    assert posted("", doi).first("hub:version") == version


def test_a_version_that_is_told_beats_the_doi() -> None:
    told = "<version_info><version>4</version></version_info>"

    assert posted(told, "10.31223/x/v2").first("hub:version") == "4"


@pytest.mark.parametrize(
    ("kind", "scheme", "name", "said"),
    [
        ("isPreprintOf", "doi", "10.5555/2", "preprint-of doi:10.5555/2"),
        ("hasPreprint", "arxiv", "2601.00001v2", "has-preprint arxiv:2601.00001"),
        ("isVersionOf", "pmid", "123", "version-of pmid:123"),
        ("isReviewOf", "doi", "10.5555/2", "reviews doi:10.5555/2"),
        ("isCommentOn", "doi", "10.5555/2", ""),  # a comment is a work of its own
        ("isPartOf", "issn", "0028-0836", ""),
    ],
)
def test_relations_are_said_in_our_words(kind: str, scheme: str, name: str, said: str) -> None:
    relation = f"<intra_work_relation relationship-type='{kind}' identifier-type='{scheme}'>{name}"

    made = posted(f"<program><related_item>{relation}</intra_work_relation></related_item></program>")

    assert made.first("hub:relation") == said


@pytest.mark.parametrize(
    ("updates", "relation", "kind", "retracted"),
    [
        ("<update type='correction'>10.5555/2</update>", "corrects doi:10.5555/2", "correction", ""),
        ("<update type='retraction'>10.5555/2</update>", "retracts doi:10.5555/2", "retraction", ""),
        ("<update type='expression_of_concern'>10.5555/2</update>", "raises-concern doi:10.5555/2", "", ""),
        ("<update type='retraction'>10.5555/1</update>", "", "", "yes"),
        ("<update type='correction'>10.5555/1</update>", "", "", ""),
        ("<update type='unheard-of'>10.5555/2</update><update type='removal'>no name</update>", "", "", ""),
    ],
)
def test_crossmark_tells_of_notices(updates: str, relation: str, kind: str, retracted: str) -> None:
    made = posted(f"<crossmark><updates>{updates}</updates></crossmark>", kind="working_paper")

    assert made.first("hub:relation") == relation
    assert made.first("hub:kind") == kind
    assert made.first("hub:retracted") == retracted


@pytest.mark.parametrize(
    ("licences", "address"),
    [
        ((("tdm", "https://example.org/tdm"),), ""),
        ((("tdm", "https://creativecommons.org/x/"),), "https://creativecommons.org/x/"),
        ((("am", "https://a.example.org/"), ("", "https://b.example.org/")), "https://b.example.org/"),
    ],
)
def test_the_licence_is_that_of_the_text(licences: tuple[tuple[str, str], ...], address: str) -> None:
    said = "".join(f"<license_ref applies_to='{use}'>{href}</license_ref>" for use, href in licences)
    program = f"<program name='AccessIndicators'>{said}</program>"

    assert posted(program).first("dcterms:license") == address
    assert (
        record(f"<book><book_metadata>{program}</book_metadata></book>").first("dcterms:license") == address
    )


def test_people_are_listed_with_what_is_known_of_them() -> None:
    orcid = "https://orcid.org/0000-0002-1825-0097"
    people = (
        f"<contributors><person_name><given_name>A</given_name><surname>B</surname><ORCID>{orcid}</ORCID>"
        "<affiliation>One</affiliation><affiliation>One</affiliation></person_name><anonymous/>"
        "<organization contributor_role='author'>C</organization>"
        "<person_name contributor_role='chair'><surname>D</surname></person_name></contributors>"
    )

    made = posted(people)

    assert made.authors == (RecordAuthor("A B", uri=orcid, affiliations=("One",)), RecordAuthor("C"))


def test_an_old_thesis_names_its_author_without_a_list() -> None:
    made = record("<dissertation><person_name><surname>E</surname></person_name></dissertation>")

    assert made.authors == (RecordAuthor("E"),)


def test_a_book_in_a_series_names_the_series_as_its_place() -> None:
    series = "<series_metadata><titles><title>S</title></titles></series_metadata>"

    made = record(
        f"<book book_type='edited_book'><book_series_metadata>{series}<titles><title>B</title>"
        f"</titles></book_series_metadata></book>"
    )

    assert (made.title.value, made.first("prism:publicationName"), made.first("dc:type")) == (
        "B",
        "S",
        "edited-book",
    )


def test_proceedings_without_titles_are_called_by_their_own() -> None:
    made = record(
        "<conference><proceedings_metadata><proceedings_title>P</proceedings_title></proceedings_metadata></conference>"
    )

    assert made.title.value == "P"


def test_files_for_miners_are_linked_once_and_checkers_files_are_not() -> None:
    resources = (
        "<collection property='crawler-based'>"
        "<item><resource>https://a.example.org/1.pdf</resource></item></collection>"
        "<collection property='text-mining'>"
        "<item><resource>https://a.example.org/2.pdf</resource></item>"
        "<item><resource>https://a.example.org/2.pdf</resource></item>"
        "<item><resource mime_type='application/pdf'>https://a.example.org/3</resource></item>"
        "<item><resource mime_type='text/xml'>https://a.example.org/4.pdf.xml</resource></item></collection>"
    )

    made = record(f"<posted_content><doi_data><doi>10.5555/1</doi>{resources}</doi_data></posted_content>")

    assert [link.href for link in made.links] == ["https://a.example.org/2.pdf", "https://a.example.org/3"]
