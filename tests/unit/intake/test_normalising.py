"""What cleaning promises of any entry at all."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from academichub.errors import RecordUnidentified, RecordUntitled
from academichub.intake.normalising import normalise
from academichub.intake.parts import fingerprint
from academichub.model.papers import (
    Announcement,
    Draft,
    Feed,
    Form,
    Kind,
    Precision,
    Prose,
    Record,
    RecordAuthor,
    RecordLink,
    Text,
)
from tests.fakes.drafts import arxiv_draft, prose
from tests.fakes.records import NOW, cleaned, from_rss, people, record, words

LONG = "Made-up words about nothing in particular. " * 11

# -- any text in any field --------------------------------------------------------------------------

SPICE = (
    "arXiv:2606.00001v2 Announce Type: new Abstract: x", "(arXiv:2301.00001v1 [cs.LG] UPDATED)",
    "oai:arXiv.org:", "https://arxiv.org/abs/2606.00001v1", "http://[", "https://doi.org/10.1234/%zz",
    "10.1101/2026.01.01.123456v2",
    "https://www.nature.com/articles/d41586-026-00001-x", "\x00", "\ud800", "<p>", "</p>", "<cite>", "$x_1$",
    "\\frac",
    "Author(s): A, B", "doi:10.5555/x", "PMID: 1", "PMC1234567", "2026-06-18",
    "Thu, 18 Jun 2026 00:00:00 GMT",
    "0000-0002-1825-0097", "[ASAP] ", "期刊：虚构", "甲明，乙小红", "…", "Ã©", "&amp;lt;",
    "http://a.example/?utm_source=x&b=1#f",
)  # fmt: skip
TEXT = st.one_of(
    st.text(st.characters(), max_size=40),  # surrogates too
    st.lists(st.sampled_from(SPICE) | st.text(max_size=8), max_size=5).map("".join),
    st.sampled_from(SPICE),
)
CONSTRUCT = st.builds(Text, TEXT, st.sampled_from(Form))
NAMES = st.sampled_from(
    (
        "arxiv:announce_type", "arxiv:DOI", "arxiv:journal_ref", "arxiv:comment",
        "arxiv:primary_category@term", "dc:identifier", "dc:rights", "dc:date", "dc:type", "prism:doi",
        "prism:issn", "prism:publicationName", "prism:section", "source", "prism:coverDate",
    )
)  # fmt: skip
RECORD = st.builds(
    Record,
    position=st.integers(0, 9),
    external_id=TEXT,
    title=CONSTRUCT,
    link=TEXT,
    links=st.lists(st.builds(RecordLink, TEXT, title=st.sampled_from(["", "doi"])), max_size=2).map(tuple),
    published=TEXT,
    updated=TEXT,
    authors=st.lists(
        st.builds(RecordAuthor, TEXT, uri=TEXT, affiliations=st.lists(TEXT, max_size=2).map(tuple)),
        max_size=3,
    ).map(tuple),
    summary=CONSTRUCT,
    content=CONSTRUCT,
    categories=st.lists(TEXT, max_size=3).map(tuple),
    fields=st.dictionaries(NAMES, st.lists(TEXT, max_size=2).map(tuple), max_size=4),
)
FEED = st.builds(Feed, st.just("rss 2.0"), st.just("lxml"), title=TEXT, link=TEXT, updated=TEXT)


def strings_in(value: Any) -> list[str]:
    """List every string inside a draft."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple | list):
        return [one for part in value for one in strings_in(part)]
    names = [one.name for one in fields(value)] if hasattr(value, "__dataclass_fields__") else []
    return [one for name in names for one in strings_in(getattr(value, name))]


@settings(max_examples=250, deadline=None)
@given(RECORD, FEED)
@example(
    record("A", external_id="x", fields={"dc:rights": ("http://[",)}),
    Feed("rss 2.0", "lxml", link="http://["),
)
@example(record("\ud800", external_id="\x00"), Feed("rss 2.0", "lxml"))
def test_any_entry_becomes_a_draft_that_can_be_stored_or_a_named_error(one: Record, feed: Feed) -> None:
    try:
        draft = normalise(one, feed=feed, now=NOW)
    except (RecordUntitled, RecordUnidentified):
        return

    assert draft == normalise(one, feed=feed, now=NOW)
    assert draft.fingerprint == fingerprint(draft)
    assert draft.title.plain
    assert draft.key.item
    assert draft.key.place
    assert draft.key.version >= 1
    for text in strings_in(draft):
        assert "\x00" not in text
        text.encode()
    for author in draft.authors:
        assert author.name.strip()
    for moment in (draft.published, draft.updated):
        assert moment is None or moment.at.tzinfo is UTC


@pytest.mark.parametrize(
    "where", ["title", "summary", "content", "external_id", "link", "authors", "categories", "fields"]
)
def test_a_megabyte_in_any_field_is_no_trouble(where: str) -> None:
    flood = "A <b> $x$ " * 100_000
    value = {
        "title": Text(flood),
        "summary": Text(flood),
        "content": Text(flood),
        "authors": (RecordAuthor(flood),),
        "categories": (flood,),
        "fields": {"dc:identifier": (flood,), "prism:publicationName": (flood,), "dc:type": (flood,)},
    }.get(where, flood)
    parts: dict[str, Any] = {"title": Text("A title"), "external_id": "x", where: value}

    started = time.process_time()
    draft = normalise(Record(position=0, **parts), feed=Feed("rss 2.0", "lxml", title=flood), now=NOW)

    assert time.process_time() - started < 5
    assert max(map(len, strings_in(draft))) <= 3_000_000
    assert len(draft.key.item) <= 500


# -- what an entry is known by ------------------------------------------------------------------------


def test_an_entry_without_a_title_is_refused() -> None:
    with pytest.raises(RecordUntitled) as refused:
        cleaned(record(" <i> </i> ", external_id="x\x00"))

    assert refused.value.facts == {"external_id": "x"}


def test_an_entry_with_nothing_to_know_it_by_is_refused() -> None:
    with pytest.raises(RecordUnidentified) as refused:
        cleaned(record("A title"))

    assert refused.value.facts == {"title": "A title"}


def test_keys_are_free_of_trackers_and_keep_the_fragment_of_an_identifier() -> None:
    draft = cleaned(
        record(
            external_id="https://www.blog.example/log?utm_source=rss&p=1#entry 2",
            link="https://www.blog.example/log",
        )
    )

    assert (draft.key.place, draft.key.item) == ("blog.example", "https://www.blog.example/log?p=1#entry%202")


def test_very_long_identifiers_stay_apart() -> None:
    first, second = (cleaned(record(external_id=f"{'x' * 600}{number}")).key.item for number in (1, 2))

    assert (len(first), len(second), first == second) == (500, 500, False)


@pytest.mark.parametrize(
    ("feed_link", "feed_title", "link", "external_id", "place"),
    [
        ("https://www.journal.example/rss", "T", "https://host.example/a", "x", "host.example"),
        ("https://www.journal.example/rss", "T", "https://doi.org/10.5555/a", "x", "journal.example"),
        ("", "T", "https://doi.org/10.5555/a", "x", "doi.org"),
        ("https://journal.example/", "T", "", "x", "journal.example"),
        ("", "T", "/relative", "https://host.example/1", "host.example"),
        ("", "My Blog — latest articles", "/relative", "x", "my blog"),
        ("", "", "/relative", "x", "file"),
    ],
)
def test_the_place_is_the_entrys_host_or_the_best_stand_in(
    feed_link: str, feed_title: str, link: str, external_id: str, place: str
) -> None:
    feed = Feed("rss 2.0", "lxml", title=feed_title, link=feed_link)

    assert cleaned(record(link=link, external_id=external_id), feed=feed).key.place == place


def test_a_title_in_two_lines_is_one() -> None:
    assert cleaned(record("A  title\n in lines", external_id="x")).title.plain == "A title in lines"


# -- texts ---------------------------------------------------------------------------------------------


def test_an_abstract_that_only_repeats_the_title_is_none() -> None:
    assert cleaned(record("A title", "A title", external_id="x")).abstract is None


def test_an_abstract_that_repeats_the_title_in_tex_is_none_either() -> None:
    draft = cleaned(record("On $x^2$ and its kin", "On $x^2$ and its kin", external_id="x"))

    assert (draft.title.plain, draft.abstract) == ("On x² and its kin", None)


def test_a_cut_summary_gives_way_to_the_whole_text() -> None:
    draft = cleaned(record(summary="Made-up […]", content=Text("Made-up words in full."), external_id="x"))

    assert (words(draft), draft.is_teaser) == ("Made-up words in full.", False)


def test_a_cut_summary_without_anything_longer_is_a_teaser() -> None:
    draft = cleaned(record(summary="Made-up words […]", content=Text("Made-up"), external_id="x"))

    assert (words(draft), draft.is_teaser) == ("Made-up words […]", True)


def test_content_stands_in_for_a_summary_of_facts_and_keeps_the_facts() -> None:
    draft = cleaned(
        record(
            summary="Tests Today, Volume 3, Issue 6, June 2026",
            content=Text(f"<p>Author(s): Ada Example</p><p>{LONG}</p>"),
            external_id="x",
        )
    )

    assert (draft.venue, people(draft), draft.is_teaser) == ("Tests Today", ["Ada Example"], False)


def test_content_that_says_the_same_still_adds_its_facts() -> None:
    line = "<p>Nature, Published online: 18 June 2026; <a>doi:10.1038/d41586-026-00001-x</a></p>"

    draft = cleaned(
        record(
            summary="Made-up words.", content=Text(f"{line}Made-up words."), fields={"dc:identifier": ("x",)}
        )
    )

    assert (words(draft), draft.identifiers.doi) == ("Made-up words.", "10.1038/d41586-026-00001-x")


def test_the_content_of_a_blog_never_joins_its_summary() -> None:
    draft = cleaned(record(summary="In short.", content=Text(LONG), external_id="x"))

    assert words(draft) == "In short."


def test_a_short_chinese_abstract_is_no_teaser() -> None:
    text = "本文虚构了一种方法,并说明它没有用处。" * 8

    assert not cleaned(record("虚构", text, external_id="10.5555/x")).is_teaser


# -- people, dates, topics -------------------------------------------------------------------------------


def test_authors_keep_order_orcid_and_places_once() -> None:
    ada = RecordAuthor(
        "Ada Example", uri="https://orcid.org/0000-0002-1825-0097", affiliations=("A\n place",)
    )

    draft = cleaned(record(external_id="x", authors=(ada, RecordAuthor(" "), RecordAuthor("Bo Sample"), ada)))

    assert people(draft) == ["Ada Example", "Bo Sample"]
    assert (draft.authors[0].orcid, draft.authors[0].affiliations) == ("0000-0002-1825-0097", ("A place",))


def test_a_single_author_keeps_the_orcid() -> None:
    ada = RecordAuthor("Ada Example", uri="https://orcid.org/0000-0002-1825-0097")

    assert cleaned(record(external_id="x", authors=(ada,))).authors[0].orcid == "0000-0002-1825-0097"


@pytest.mark.parametrize(
    ("written", "on", "precision"),
    [
        ("2026-06-18", date(2026, 6, 18), Precision.DAY),
        ("Thu, 18 Jun 2026 00:00:00 +0000", date(2026, 6, 18), Precision.DAY),
        ("Thu, 18 Jun 2026 09:30:00 +0000", date(2026, 6, 18), Precision.INSTANT),
        ("2026-06", date(2026, 6, 1), Precision.MONTH),
        ("Summer 2026", date(2026, 1, 1), Precision.YEAR),
    ],
)
def test_dates_claim_no_more_than_was_written(written: str, on: date, precision: Precision) -> None:
    published = cleaned(record(external_id="x", published=written)).published

    assert published is not None
    assert (published.on, published.precision) == (on, precision)


def test_a_revision_date_counts_only_when_it_is_later() -> None:
    both = cleaned(record(external_id="x", published="2026-06-18", updated="2026-06-19"))
    same = cleaned(record(external_id="x", published="2026-06-18", updated="2026-06-18"))
    only = cleaned(record(external_id="x", updated="2026-06-19"))

    assert both.updated is not None
    assert (same.updated, only.updated) == (None, None)
    assert only.published == both.updated


def test_a_licence_is_an_address_or_nothing() -> None:
    def licence(said: str) -> str | None:
        return cleaned(record(external_id="x", fields={"dc:rights": (said,)})).licence

    assert (
        licence("https://creativecommons.org/licenses/by/4.0/")
        == "https://creativecommons.org/licenses/by/4.0/"
    )
    assert licence("© 2026 The Authors") is None


def test_topics_are_free_words_without_the_venue() -> None:
    draft = from_rss(
        "<title>T</title><guid>x</guid><category>Physics</category><category>Physics</category>"
        f"<category>A Journal</category><category>{'long' * 30}</category>"
        "<prism:section>Optics</prism:section>"
        + "".join(f"<category>Topic {number}</category>" for number in range(20))
    )

    assert draft.categories[:2] == ("Physics", "Topic 0")
    assert (len(draft.categories), "A Journal" in draft.categories) == (12, False)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("财贸经济—最新文章", "财贸经济"),
        ("Al Tests – Breaking News", "Al Tests"),
        ("(Ada Example|Bo)'s blog", "(Ada Example|Bo)'s blog"),
        ("Wiley: Advanced Tests: Table of Contents", "Advanced Tests"),
        ("Tests Current Issue RSS", "Tests"),
        ("Recent Articles in Phys. Rev. Tests", "Phys. Rev. Tests"),
        ("", "host.example"),
    ],
)
def test_a_venue_is_named_without_what_makes_it_a_feed(title: str, name: str) -> None:
    draft = cleaned(record(link="https://host.example/1"), feed=Feed("rss 2.0", "lxml", title=title))

    assert draft.venue == name


def test_an_entry_that_was_passed_on_names_where_it_came_from() -> None:
    assert cleaned(record(external_id="x", fields={"source/title": ("Origin",)})).venue == "Origin"


# -- kinds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"fields": {"dc:type": ("Review Article",)}}, Kind.REVIEW),
        ({"fields": {"dc:type": ("Peer Reviewed Article",)}}, Kind.ARTICLE),
        ({"fields": {"dc:type": ("Perspective",)}}, Kind.REVIEW),  # what RSC and Nature review, signed
        ({"fields": {"prism:section": ("Editorial",)}}, Kind.EDITORIAL),
        ({"fields": {"dc:type": ("Retraction",)}}, Kind.RETRACTION),
        ({"fields": {"dc:type": ("Erratum",)}}, Kind.CORRECTION),
        ({"fields": {"dc:type": ("News",)}}, Kind.NEWS),
        ({"fields": {"dc:type": ("Data Descriptor",)}}, Kind.DATASET),
        ({"fields": {"dc:type": ("posted-content",)}}, Kind.PREPRINT),
        ({"fields": {"dc:type": ("x" * 200 + "review",)}}, Kind.POST),
        ({"fields": {"prism:issn": ("0028-0836",)}, "categories": ("Editorial",)}, Kind.EDITORIAL),
        ({"fields": {"prism:publicationName": ("Tests",)}}, Kind.ARTICLE),
        ({"link": "https://ieeexplore.ieee.org/document/1"}, Kind.ARTICLE),
        ({"categories": ("Review", "News")}, Kind.POST),
        ({}, Kind.POST),
    ],
)
def test_the_kind_is_what_the_source_says_it_is(parts: dict[str, Any], kind: Kind) -> None:
    assert cleaned(record(external_id="x", **parts)).kind is kind


def test_a_feed_called_a_journal_has_articles() -> None:
    feed = Feed("rss 2.0", "lxml", title="虚构学报")

    assert cleaned(record(external_id="x"), feed=feed).kind is Kind.ARTICLE


# -- identifiers and links ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "doi"),
    [
        ("https://www.tests.example/doi/full/10.5555/abc.1?af=R", "10.5555/abc.1"),
        ("https://tests.example/article?id=10.5555/abc.1&x=1", "10.5555/abc.1"),
        ("https://tests.example/article?doi=10.5555%2Fabc.1", "10.5555/abc.1"),
        ("https://tests.example/articles/10.5555/abc.1/full", "10.5555/abc.1"),
        ("https://www.biorxiv.org/content/10.64898/2026.01.02.123456v2.full", "10.64898/2026.01.02.123456"),
        ("https://chemrxiv.org/doi/full/10.26434/chemrxiv.1/v2", "10.26434/chemrxiv.1"),
        ("https://academic.oup.com/t/article/doi/10.1093/t/btag1/7654321/abstract", "10.1093/t/btag1"),
        ("https://www.nature.com/articles/s41586-026-00001-4", "10.1038/s41586-026-00001-4"),
        ("https://www.nature.com/subjects/tests", None),
        ("https://tests.example/2026/06", None),
        ("not an address", None),
    ],
)
def test_publishers_addresses_hold_the_doi(link: str, doi: str | None) -> None:
    assert cleaned(record(external_id="x", link=link)).identifiers.doi == doi


def test_an_alternate_link_may_hold_the_doi_and_a_related_one_is_another_works() -> None:
    links = (
        RecordLink("https://doi.org/10.5555/other", rel="related"),
        RecordLink("https://doi.org/10.5555/own"),
    )

    assert cleaned(record(external_id="x", links=links)).identifiers.doi == "10.5555/own"


def test_an_arxiv_doi_is_an_arxiv_identifier() -> None:
    found = cleaned(record(external_id="x", fields={"prism:doi": ("10.48550/arXiv.2606.00001",)})).identifiers

    assert found.pairs() == (("arxiv", "2606.00001"),)


def test_pubmed_names_are_read_from_labels_and_addresses() -> None:
    draft = cleaned(
        record(external_id="pubmed:42", link="https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/")
    )

    assert (draft.identifiers.pmid, draft.identifiers.pmcid) == ("42", "PMC1234567")


def test_code_is_linked_without_the_full_stop_of_its_sentence() -> None:
    summary = (
        "Code: https://github.com/a/b. Data: https://zenodo.org/records/1, https://blog.example/x" + LONG
    )

    draft = cleaned(record(summary=summary, external_id="x"))

    assert [link.href for link in draft.links] == ["https://github.com/a/b", "https://zenodo.org/records/1"]


def test_an_identifier_that_is_an_address_is_the_link() -> None:
    assert [link.href for link in cleaned(record(external_id="https://a.example/1?rss=1")).links] == [
        "https://a.example/1"
    ]


def test_a_preprint_without_a_version_counts_none() -> None:
    draft = cleaned(record(external_id="10.64898/2026.01.02.123456"))

    assert (draft.version, draft.key.version) == (None, 1)


# -- fingerprints --------------------------------------------------------------------------------------------


def test_the_fingerprint_ignores_the_announcement() -> None:
    draft = arxiv_draft()

    for other in (
        arxiv_draft(announcement=Announcement.CROSS),
        arxiv_draft(on=date(2026, 6, 25)),
        replace(draft, links=(), renderer="other", external_id="x"),
    ):
        assert fingerprint(other) == fingerprint(draft)


@pytest.mark.parametrize(
    "change",
    [
        {"title": prose("Another")},
        {"abstract": None},
        {"authors": ()},
        {"categories": ("cs.AI", "cs.LG")},
        {"kind": Kind.REVIEW},
        {"licence": "https://licence.example"},
        {"journal_ref": "J"},
        {"comment": "J"},
    ],
)
def test_the_fingerprint_notices_what_readers_would(change: dict[str, Any]) -> None:
    draft = arxiv_draft()

    assert fingerprint(replace(draft, **change)) != fingerprint(draft)


def test_a_date_of_publication_counts_where_it_was_not_taken_from_an_announcement() -> None:
    first, second = (replace(arxiv_draft(on=date(2026, 6, day)), announcement=None) for day in (18, 19))

    assert fingerprint(first) != fingerprint(second)


def test_equal_words_in_other_fields_are_another_content() -> None:
    draft = arxiv_draft(journal_ref="x", comment="")

    assert fingerprint(draft) != fingerprint(replace(draft, journal_ref="", comment="x"))


def test_a_cleaned_draft_has_the_fingerprint_of_its_content() -> None:
    draft = from_rss("<title>T</title><guid>x</guid><description>Made up.</description>")

    assert isinstance(draft, Draft)
    assert isinstance(draft.abstract, Prose)
    assert draft.fingerprint == fingerprint(draft)
