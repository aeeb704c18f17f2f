"""From what a connector read to a draft: the vocabulary of the connectors, and hostile values in it."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from academichub.errors import RecordError, RecordUnidentified, RecordUntitled
from academichub.intake.answers import LARGEST_VERSION, from_answer
from academichub.intake.normalising import normalise
from academichub.intake.parts import LONGEST_ITEM, fingerprint
from academichub.model.papers import (
    Author,
    Bond,
    Draft,
    Feed,
    Flag,
    Form,
    Identifiers,
    Key,
    Kind,
    Link,
    LinkRole,
    Precision,
    Record,
    RecordAuthor,
    RecordLink,
    Relation,
    Text,
)
from tests.fakes.records import NOW, words

SENTENCE = "We made up an experiment and wrote down what it might have shown."
ABSTRACT = f"<p>{' '.join([SENTENCE] * 8)}</p>"


def answer(
    title: str = "A title", *, fields: dict[str, tuple[str, ...]] | None = None, **parts: Any
) -> Record:
    """Make a record as a connector does, of a place that needs nothing more to be known."""
    told = {"hub:place": ("crossref",), "prism:doi": ("10.5555/a",)} | (fields or {})
    return Record(
        position=0, title=Text(title), fields={name: said for name, said in told.items() if said}, **parts
    )


def said(**told: str) -> dict[str, tuple[str, ...]]:
    """Write fields; the first underscore of a name stands for its colon, the others for hyphens."""
    return {name.replace("_", ":", 1).replace("_", "-"): (value,) for name, value in told.items()}


def draft_of(title: str = "A title", **parts: Any) -> Draft:
    return from_answer(answer(title, **parts), now=NOW)


# -- all that can be said -------------------------------------------------------------------------


def test_everything_that_a_server_says_is_in_the_draft() -> None:
    record = Record(
        position=3,
        external_id="https://doi.org/10.5555/A.1",
        title=Text("A <i>made-up</i> title", Form.HTML),
        link="https://journal.example/a1?utm_source=api#top",
        links=(
            RecordLink("https://journal.example/a1.pdf?utm_source=api", title="PDF"),
            RecordLink("https://journal.example/a1.epub", title="epub"),
        ),
        published="2026-06-18",
        updated="2026-06-19T08:00:00Z",
        authors=(
            RecordAuthor("Ada Example", uri="https://orcid.org/0000-0002-1825-0097", affiliations=("Here",)),
            RecordAuthor("The Sample Collaboration"),
        ),
        summary=Text(ABSTRACT, Form.HTML),
        categories=("Optics", "Acoustics"),
        fields={
            "hub:place": ("crossref",),
            "prism:doi": ("10.5555/A.1",),
            "prism:issn": ("none", "0028-0836"),
            "prism:publicationName": ("Journal of Examples &amp; Samples",),
            "dcterms:license": ("https://licence.example/by/4.0/",),
            "hub:kind": ("review",),
            "hub:version": ("2",),
            "hub:pmid": ("42",),
            "hub:pmcid": ("PMC42",),
            "hub:openalex": ("https://openalex.org/W42",),
            "hub:s2": ("0042",),
            "hub:arxiv": ("2606.00001v3",),
            "hub:journal-ref": ("J. Ex.\n12, 3",),
            "hub:comment": ("5 pages",),
            "hub:relation": ("has-preprint arxiv:2606.00002", "corrected-by doi:10.5555/c"),
        },
    )

    draft = normalise(record, feed=Feed("crossref json", "json", provider="crossref"), now=NOW)

    assert draft.key == Key("crossref", "10.5555/a.1", 2)
    assert (draft.title.plain, draft.title.html) == ("A made-up title", "A <i>made-up</i> title")
    assert words(draft) == " ".join([SENTENCE] * 8)
    assert draft.authors == (
        Author("Ada Example", "0000-0002-1825-0097", ("Here",)),
        Author("The Sample Collaboration"),
    )
    assert draft.identifiers == Identifiers(
        doi="10.5555/a.1",
        arxiv="2606.00001",
        pmid="42",
        pmcid="PMC42",
        issn="0028-0836",
        openalex="W42",
        s2="42",
    )
    assert (draft.kind, draft.version, draft.venue) == (Kind.REVIEW, 2, "Journal of Examples & Samples")
    assert (draft.journal_ref, draft.comment) == ("J. Ex. 12, 3", "5 pages")
    assert draft.licence == "https://licence.example/by/4.0/"
    assert draft.categories == ("Optics", "Acoustics")
    assert draft.links == (
        Link("https://journal.example/a1", LinkRole.LANDING),
        Link("https://doi.org/10.5555/a.1", LinkRole.DOI),
        Link("https://journal.example/a1.pdf", LinkRole.PDF),
    )
    assert draft.published is not None
    assert (draft.published.on, draft.published.precision) == (date(2026, 6, 18), Precision.DAY)
    assert draft.updated is not None
    assert draft.updated.on == date(2026, 6, 19)
    assert draft.relations == (
        Relation(Bond.HAS_PREPRINT, "arxiv", "2606.00002"),
        Relation(Bond.CORRECTED_BY, "doi", "10.5555/c"),
    )
    assert draft.flags == (Flag.CORRECTED,)
    assert (draft.language, draft.is_teaser, draft.announcement) == ("en", False, None)
    assert draft.fingerprint == fingerprint(draft)


def test_a_title_is_enough_where_a_place_and_an_item_are_told() -> None:
    draft = from_answer(
        Record(position=0, title=Text("A title"), fields=said(hub_place="x", hub_item="1")), now=NOW
    )

    assert draft.key == Key("x", "1")
    assert (draft.abstract, draft.authors, draft.links, draft.published, draft.version) == (
        None,
        (),
        (),
        None,
        None,
    )


# -- what it is known by --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "item"),
    [
        (said(hub_item="abc", prism_doi="10.5555/a"), "abc"),
        (said(prism_doi="10.1101/2026.06.01.123456v2", hub_arxiv="2606.00001"), "10.1101/2026.06.01.123456"),
        (said(prism_doi="10.26434/chemrxiv-2026-abcde-v3"), "10.26434/chemrxiv-2026-abcde"),
        (said(prism_doi="", hub_arxiv="2606.00001v2", hub_pmid="42"), "2606.00001"),
        (said(prism_doi="", hub_pmid="042"), "42"),
        (said(prism_doi=""), "the server's own"),
    ],
)
def test_it_is_known_by_the_surest_name_that_is_told(fields: dict[str, tuple[str, ...]], item: str) -> None:
    draft = draft_of(fields=fields, external_id="the server's own")

    assert (draft.key.place, draft.key.item) == ("crossref", item)


def test_where_no_name_is_told_it_is_known_by_its_page() -> None:
    draft = draft_of(fields=said(prism_doi=""), link="https://a.example/1?utm_source=x#f")

    assert draft.key.item == "https://a.example/1"


def test_an_endless_item_is_cut_and_stays_apart_from_its_like() -> None:
    one, other = (draft_of(fields=said(hub_item="x" * 10_000 + end)).key.item for end in "ab")

    assert one != other
    assert len(one) == LONGEST_ITEM


@pytest.mark.parametrize(
    "fields",
    [said(prism_doi=""), said(hub_place=" "), said(hub_place="\x00"), said(hub_item="\x00", prism_doi="")],
)
def test_an_entry_without_a_place_or_a_name_is_refused(fields: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(RecordUnidentified) as caught:
        draft_of("A title", fields=fields)

    assert caught.value.facts == {"title": "A title"}


@pytest.mark.parametrize("title", ["", "  ", "<b></b>", "\x00"])
def test_an_entry_without_a_title_is_refused(title: str) -> None:
    with pytest.raises(RecordUntitled):
        draft_of(title)


@pytest.mark.parametrize(
    ("fields", "version"),
    [
        (said(hub_version="3"), 3),
        (said(hub_version="007"), 7),
        (said(hub_version=str(LARGEST_VERSION)), LARGEST_VERSION),
        (said(hub_version=str(LARGEST_VERSION + 1)), None),
        (said(hub_version="9" * 400), None),
        (said(hub_version="0"), None),
        (said(hub_version="-1"), None),
        (said(hub_version="1.0"), None),
        (said(hub_version="٣"), None),
        (said(hub_version="²"), None),
        (said(hub_version="two", prism_doi="10.1101/2026.06.01.123456v2"), 2),
        (said(prism_doi="10.26434/chemrxiv-2026-abcde-v4"), 4),
        ({}, None),
    ],
)
def test_a_version_is_a_small_whole_number_told_outright_or_by_the_doi(
    fields: dict[str, tuple[str, ...]], version: int | None
) -> None:
    draft = draft_of(fields=fields)

    assert (draft.version, draft.key.version) == (version, version or 1)


@pytest.mark.parametrize(
    ("fields", "doi", "arxiv"),
    [
        ({"prism:doi": ("none", "10.5555/B", "10.5555/c")}, "10.5555/b", None),
        ({"prism:doi": ("10.48550/arXiv.2606.00001v2",)}, None, "2606.00001"),
        ({"prism:doi": ("10.48550/arXiv.2606.00001", "10.5555/b")}, "10.5555/b", "2606.00001"),
        ({"prism:doi": ("10.5555/b", "10.48550/arXiv.2606.00001")}, "10.5555/b", "2606.00001"),
        ({"prism:doi": ("10.48550/arXiv.2606.00001",), "hub:arxiv": ("2606.00002",)}, None, "2606.00001"),
        ({"prism:doi": ("10.48550/arXiv.oops",), "hub:arxiv": ("oops",)}, "10.48550/arxiv.oops", None),
    ],
)
def test_an_arxiv_doi_is_a_name_at_arxiv_and_stands_in_the_way_of_no_other(
    fields: dict[str, tuple[str, ...]], doi: str | None, arxiv: str | None
) -> None:
    found = draft_of(fields=fields, external_id="x").identifiers

    assert (found.doi, found.arxiv) == (doi, arxiv)


@pytest.mark.parametrize("value", ["٤٢", "4.2", "CorpusId:42", "-1", "0", "9" * 3_000, ""])
def test_a_corpus_number_is_digits_of_a_bearable_length(value: str) -> None:
    assert draft_of(fields=said(hub_s2=value)).identifiers.s2 is None


# -- what it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "fields", "kind"),
    [
        ("A title", said(hub_kind="dataset"), Kind.DATASET),
        ("Author Correction: A title", said(hub_kind="article"), Kind.CORRECTION),
        ("A title", said(hub_kind="novel", dc_type="review-article"), Kind.REVIEW),
        ("A title", said(dc_type="posted-content"), Kind.PREPRINT),
        ("A title", said(prism_doi="10.1101/2026.06.01.123456"), Kind.PREPRINT),
        ("A title", said(prism_doi="", hub_item="1", hub_place="doaj"), Kind.ARTICLE),
        ("A title", {}, Kind.ARTICLE),
    ],
)
def test_the_kind_is_what_the_title_the_server_or_the_names_say(
    title: str, fields: dict[str, tuple[str, ...]], kind: Kind
) -> None:
    assert draft_of(title, fields=fields).kind is kind


def test_a_short_abstract_is_a_teaser_unless_the_server_says_that_it_is_all() -> None:
    short = Text(SENTENCE, Form.PLAIN)

    assert draft_of(summary=short).is_teaser
    assert not draft_of(summary=short, fields=said(hub_abstract="whole")).is_teaser


def test_an_abstract_that_repeats_the_title_is_none() -> None:
    assert draft_of("A title", summary=Text("<p>A title</p>", Form.HTML)).abstract is None


@pytest.mark.parametrize(
    ("name", "venue"),
    [("Nature", "Nature"), ("<b></b>", "Crossref"), ("", "Crossref"), ("J" * 3_000, "J" * 120)],
)
def test_the_venue_is_the_journal_or_the_place(name: str, venue: str) -> None:
    assert draft_of(fields=said(prism_publicationName=name)).venue == venue


def test_the_journals_own_name_is_no_topic() -> None:
    draft = draft_of(fields=said(prism_publicationName="Optics"), categories=("Optics", "Sound"))

    assert draft.categories == ("Sound",)


# -- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "updated", "expected"),
    [
        ("2026", "", ("2026-01-01", "year", None)),
        ("2026-06", "2026-06-18", ("2026-06-01", "month", "2026-06-18")),
        ("2026-06-18", "2026-06-18", ("2026-06-18", "day", None)),
        ("2026-06-18", "2026-06-17", ("2026-06-18", "day", None)),
        ("2026-06-18", "2027", ("2026-06-18", "day", None)),
        ("2026-06-18", "soon", ("2026-06-18", "day", None)),
        ("never", "2026-06-18", ("2026-06-18", "day", None)),
        ("", "2026-06-18", ("2026-06-18", "day", None)),
        ("9999-12-31", "", None),
        ("", "", None),
    ],
)
def test_dates_say_no_more_than_was_told(
    published: str, updated: str, expected: tuple[str, str, str | None] | None
) -> None:
    draft = draft_of(published=published, updated=updated)

    if expected is None:
        assert (draft.published, draft.updated) == (None, None)
        return
    assert draft.published is not None
    assert (draft.published.on.isoformat(), draft.published.precision.value) == expected[:2]
    assert (draft.updated.on.isoformat() if draft.updated else None) == expected[2]


# -- links ----------------------------------------------------------------------------------------


def test_one_pdf_is_linked_and_only_on_the_web() -> None:
    links = tuple(
        RecordLink(href, title="pdf")
        for href in (
            "ftp://a.example/1.pdf",
            "javascript:alert(1)",
            "https://a.example/1.pdf",
            "https://b.example/2",
        )
    )

    draft = draft_of(links=links, link="javascript:alert(2)")

    assert draft.links == (
        Link("https://doi.org/10.5555/a", LinkRole.DOI),
        Link("https://a.example/1.pdf", LinkRole.PDF),
    )


# -- hostile values -------------------------------------------------------------------------------

SPICE = (
    "10.5555/a", "10.1101/2026.01.01.123456v2", "10.48550/arXiv.2606.00001v2", "2606.00001v1", "PMC1", "42",
    "W42", "0028-0836", "preprint-of doi:10.5555/b", "retracted-by doi:10.5555/a", "whole", "preprint",
    "https://a.example/1.pdf?utm_source=x#f", "http://[", "2026-06-18", "RETRACTED: A title", "[Retracted] ",
    "\x00", "\ud800", "<p>", "</p><script>", "$x_1$", "&amp;lt;", "甲明", "Ada Example", "crossref", " ",
    "0000-0002-1825-0097",
)  # fmt: skip
TEXT = (
    st.text(st.characters(), max_size=30)  # surrogates too
    | st.lists(st.sampled_from(SPICE) | st.text(max_size=6), max_size=4).map("".join)
    | st.sampled_from(SPICE)
)
CONSTRUCT = st.builds(Text, TEXT, st.sampled_from(Form))
FIELDS = (
    "prism:doi", "prism:issn", "prism:eIssn", "prism:publicationName", "dcterms:license", "dc:type",
    "hub:item", "hub:version", "hub:kind", "hub:abstract", "hub:pmid", "hub:pmcid", "hub:openalex", "hub:s2",
    "hub:arxiv", "hub:journal-ref", "hub:comment", "hub:retracted", "hub:relation",
)  # fmt: skip
RECORD = st.builds(
    Record,
    position=st.integers(0, 9),
    external_id=TEXT,
    title=CONSTRUCT,
    link=TEXT,
    links=st.lists(st.builds(RecordLink, TEXT, title=st.sampled_from(["", "pdf"])), max_size=2).map(tuple),
    published=TEXT,
    updated=TEXT,
    authors=st.lists(
        st.builds(RecordAuthor, TEXT, uri=TEXT, affiliations=st.lists(TEXT, max_size=2).map(tuple)),
        max_size=3,
    ).map(tuple),
    summary=CONSTRUCT,
    categories=st.lists(TEXT, max_size=3).map(tuple),
    fields=st.builds(
        lambda told, place: told | {"hub:place": place},
        st.dictionaries(st.sampled_from(FIELDS), st.lists(TEXT, max_size=3).map(tuple), max_size=8),
        st.lists(TEXT, max_size=2).map(tuple),
    ),
)
FEED = Feed("some json", "json", provider="crossref")


def strings_in(value: Any) -> list[str]:
    """List every string inside a draft."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [one for part in value for one in strings_in(part)]
    names = [one.name for one in fields(value)] if hasattr(value, "__dataclass_fields__") else []
    return [one for name in names for one in strings_in(getattr(value, name))]


@settings(max_examples=250, deadline=None)
@given(RECORD)
@example(answer("A", fields={"hub:place": (), "prism:doi": ()}))
@example(answer("A", fields=said(hub_item="\ud800", prism_publicationName="\ud800")))
def test_any_answer_becomes_a_draft_that_can_be_stored_or_a_named_error(one: Record) -> None:
    try:
        draft = normalise(one, feed=FEED, now=NOW)
    except RecordError as error:
        assert isinstance(error, RecordUntitled | RecordUnidentified)  # noqa: PT017  either, or none
        return

    assert draft == from_answer(one, now=NOW)
    assert draft.fingerprint == fingerprint(draft)
    assert draft.title.plain
    assert draft.key.place
    assert 0 < len(draft.key.item) <= LONGEST_ITEM
    assert 1 <= draft.key.version <= LARGEST_VERSION
    assert draft.kind is not Kind.POST
    assert all((one.scheme, one.value) not in draft.identifiers.pairs() for one in draft.relations)
    assert all(link.href.lower().startswith(("http://", "https://")) for link in draft.links)
    for text in strings_in(draft):
        assert "\x00" not in text
        text.encode()
    for moment in (draft.published, draft.updated):
        assert moment is None or moment.at.tzinfo is UTC


@pytest.mark.parametrize("name", [*FIELDS, "hub:place"])
def test_a_megabyte_in_any_field_stays_bearable(name: str) -> None:
    flood = "A <b> $x$ 10.5555/" * 60_000
    told = {"hub:place": ("crossref",), "hub:item": ("1",), name: (flood,) * 3}

    draft = from_answer(Record(position=0, title=Text("A title"), fields=told), now=NOW)

    assert max(len(draft.key.place), len(draft.key.item), len(draft.venue)) <= LONGEST_ITEM
    assert all(len(value) <= 1_000 for _, value in draft.identifiers.pairs())
