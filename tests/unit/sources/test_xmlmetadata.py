from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from academichub.errors import (
    AnswerUnknown,
    FeedError,
    FeedSaysError,
    FeedTooManyEntries,
    FeedUnreadable,
    RecordError,
)
from academichub.model.papers import Feed, Record
from academichub.sources.harvest import read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.xmlmetadata import CONNECTOR, READERS

DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
WORK = "<posted_content><titles><title>W</title></titles></posted_content>"
FRONT = (
    "<front><article-meta><title-group><article-title>J</article-title></title-group></article-meta></front>"
)
RECORD = f"<doi_record><crossref>{WORK}</crossref></doi_record>"
MARC = "<record><datafield tag='245'><subfield code='a'>M</subfield></datafield></record>"
DEPOSIT = "http://www.crossref.org/schema/5.3.1"
KERNEL = "http://datacite.org/schema/kernel-4"
JATS = f"<article>{FRONT}</article>"


def saved(text: str, limits: Limits = DEFAULT_LIMITS) -> Feed:
    return read_saved(CONNECTOR, text.encode(), limits=limits).feed


@pytest.mark.parametrize(
    ("document", "format_", "titles"),
    [
        (f"<crossref>{WORK}</crossref>", "unixref", ["W"]),
        (f"<doi_records>{RECORD}{RECORD}</doi_records>", "unixref", ["W", "W"]),
        (f'<doi_batch xmlns="{DEPOSIT}"><head/><body>{WORK}{WORK}</body></doi_batch>', "unixref", ["W", "W"]),
        (f'<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/">{FRONT}</article>', "jats", ["J"]),
        (f"<articles>{JATS}{JATS}</articles>", "jats", ["J", "J"]),
        (f'<resource xmlns="{KERNEL}"><titles><title>D</title></titles></resource>', "datacite xml", ["D"]),
        (f'<x:dc xmlns:x="{DC}"><title>C</title></x:dc>', "dublin core", ["C"]),
        (MARC, "marcxml", ["M"]),
        (f"<records>{JATS}{MARC}</records>", "xml metadata", ["J", "M"]),
    ],
)
def test_each_format_is_read_alone_and_in_its_envelope(
    document: str, format_: str, titles: list[str]
) -> None:
    feed = saved(document)

    assert (feed.format, [one.title.value for one in feed.records]) == (format_, titles)
    assert [one.position for one in feed.records] == list(range(len(titles)))


def test_a_record_cut_out_of_an_oai_answer_keeps_its_name() -> None:
    envelope = "<record><header><identifier>oai:x:1</identifier></header><metadata>{}</metadata></record>"

    good = saved(envelope.format(f'<dc xmlns="{DC}"><title>T</title></dc>'))
    bad = saved(envelope.format("<mods/>"))
    empty = saved(envelope.format(""))

    assert good.records[0].external_id == "oai:x:1"
    assert [(one.external_id, one.error.code) for one in bad.rejected] == [("oai:x:1", "record.broken")]
    assert len(empty.rejected) == 1


def test_catalogues_answer_with_records_in_records() -> None:
    record = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><datafield tag="245">'
        '<subfield code="a">M</subfield></datafield></record>'
    )

    feed = saved(
        '<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/"><records><record><recordData>'
        f"{record}</recordData></record></records></searchRetrieveResponse>"
    )

    assert [one.title.value for one in feed.records] == ["M"]


def test_diagnostics_instead_of_records_are_an_error() -> None:
    with pytest.raises(FeedSaysError) as raised:
        saved(
            '<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/"><diagnostics><diagnostic>'
            "<details>x</details><message>Unsupported index</message></diagnostic>"
            "</diagnostics></searchRetrieveResponse>"
        )

    assert raised.value.facts["message"] == "Unsupported index"


@pytest.mark.parametrize("document", ["<mods/>", "<records><mods/></records>", "<doi_records/>"])
def test_what_nobody_reads_is_unknown(document: str) -> None:
    with pytest.raises(AnswerUnknown):
        saved(document)


@pytest.mark.parametrize(
    "document",
    [
        f'<crossref xsi:schemaLocation="x">{WORK}</crossref>',
        f"<crossref>{WORK}",
        f"<articles>{JATS}<article></articles>",
    ],
)
def test_a_broken_fragment_is_refused_whole_with_its_line(document: str) -> None:
    with pytest.raises(FeedUnreadable) as raised:
        saved(document)

    assert raised.value.facts["line"] == 1


def test_a_broken_entry_does_not_stop_its_neighbours() -> None:
    feed = saved(f"<articles>{JATS}<article><title>No front</title></article>{JATS}</articles>")

    assert [one.position for one in feed.records] == [0, 2]
    assert [(one.position, one.title) for one in feed.rejected] == [(1, "No front")]


def test_more_entries_than_a_document_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        saved(f"<articles>{JATS * 3}</articles>", Limits(entries=2))


@pytest.mark.parametrize(
    ("told", "summary"),
    [
        (r"<?CDATA $\alpha$?>", r"<p>$\alpha$</p>"),
        (r"<?CDATA a]]>b?>", ""),
    ],
)
def test_tex_in_an_instruction_is_read_where_it_can_be(told: str, summary: str) -> None:
    abstract = f"<abstract><p><tex-math>{told}</tex-math></p></abstract>"

    feed = saved(f"<?xml version='1.0'?><crossref><posted_content>{abstract}</posted_content></crossref>")

    assert feed.records[0].summary.value == summary


def test_only_metadata_is_recognised() -> None:
    recognises = CONNECTOR.recognises_xml

    assert recognises is not None
    assert recognises("{http://www.crossref.org/qrschema/3.0}crossref_result")
    assert recognises("{http://www.loc.gov/MARC21/slim}collection")
    assert recognises("article")
    assert not recognises("{http://www.openarchives.org/OAI/2.0/}OAI-PMH")
    assert not recognises("PubmedArticleSet")
    assert not recognises("pmc-articleset")
    assert not recognises("rss")


WORDS = (
    "front article-meta article-id title-group article-title contrib-group contrib name surname collab aff",
    "pub-date year month day abstract p sec title pub-history event self-uri related-article permissions",
    "journal journal_article titles contributors person_name given_name doi_data doi resource program xref",
    "related_item intra_work_relation update updates content_item book_metadata datafield controlfield",
    "identifier creators creator creatorName dates date relatedIdentifiers relatedIdentifier descriptions",
    "description subject type source relation rights subfield license",
)
NAMES = st.sampled_from([name for names in WORDS for name in names.split()])
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            "tag",
            "code",
            "type",
            "pub-type",
            "dateType",
            "relationType",
            "contrib-type",
            "rid",
            "id",
            "ref-type",
        ]
    ),
    st.sampled_from(
        ["245", "100", "856", "a", "u", "doi", "retraction", "epub", "Issued", "author", "aff", "x", ""]
    ),
    max_size=3,
)
TEXTS = st.sampled_from(
    ["", "10.5555/1", "2026", "Jun", "https://a.example.org/x.pdf", "Ada, L.", "\n   ", "<", "$x$"]
) | st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=6)


def element(name: str, said: dict[str, str], text: str, inside: list[etree._Element]) -> etree._Element:
    made = etree.Element(name, said)
    made.text = text.replace("\ufffe", "").replace("\uffff", "")
    made.extend(inside)
    return made


TREES = st.recursive(
    st.builds(element, NAMES, ATTRIBUTES, TEXTS, st.just([])),
    lambda inner: st.builds(element, NAMES, ATTRIBUTES, TEXTS, st.lists(inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TREES, max_size=4))
def test_any_tree_is_a_record_or_is_refused(inside: list[etree._Element]) -> None:
    for tag in {reader: tag for tag, reader in READERS.items()}.values():
        root = etree.Element(tag)
        root.extend([etree.fromstring(etree.tostring(one)) for one in inside])
        try:
            assert isinstance(READERS[tag](root, "", 0), Record)
        except RecordError:
            continue


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=100) | st.text(max_size=100).map(lambda text: f"<article>{text}</article>".encode())
)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_saved(CONNECTOR, body)
    except FeedError:
        return
