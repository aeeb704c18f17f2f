"""What arXiv's feeds, old and new, and its API become."""

from __future__ import annotations

from datetime import date

import pytest

from academichub.model.papers import Announcement, Draft, Feed, Form, Kind, Precision, RecordAuthor, Text
from tests.fakes.records import cleaned, from_atom, from_rss, people, record, words

ARXIV_FEED = Feed(
    format="rss 2.0", parser="lxml", title="cs.LG updates on arXiv.org", link="http://rss.arxiv.org/rss/cs.LG"
)


def announced(
    kind: str, name: str = "2606.00001v1", *, day: str = "Thu, 18 Jun 2026 00:00:00 -0400"
) -> Draft:
    return cleaned(
        record(
            summary=f"arXiv:{name} Announce Type: {kind} \nAbstract: Made-up words.",
            external_id=f"oai:arXiv.org:{name}",
            link=f"https://arxiv.org/abs/{name.partition('v')[0]}",
            published=day,
            categories=("cs.CL", "cs.LG"),
            fields={
                "arxiv:announce_type": (kind,),
                "dc:rights": ("http://creativecommons.org/licenses/by/4.0/",),
            },
        ),
        feed=ARXIV_FEED,
    )


@pytest.mark.parametrize("kind", list(Announcement))
def test_the_prefix_becomes_identifier_version_and_announcement(kind: Announcement) -> None:
    draft = announced(kind.value, "2606.00001v2")

    assert (words(draft), draft.announcement, draft.version) == ("Made-up words.", kind, 2)
    assert (draft.key.place, draft.key.item, draft.key.version) == ("arxiv", "2606.00001", 2)
    assert (draft.categories, draft.kind, draft.venue) == (("cs.CL", "cs.LG"), Kind.PREPRINT, "arXiv")
    assert draft.announced_on == date(2026, 6, 18)
    assert draft.licence == "http://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    "prefix",
    [
        "arXiv:2606.00001v3 Announce Type: replace-cross \nAbstract: ",
        "arXiv:2606.00001v3 Announce Type: replace-cross Abstract: ",
        "arXiv:2606.00001v3 Announce Type: replace-cross\nAbstract:\n",
        "  ARXIV:2606.00001v3 announce type:replace-cross <br/>abstract:",
        "<p>arXiv:2606.00001v3 Announce Type: replace-cross</p><p>Abstract: ",
        "arXiv:2606.00001v3 Announce Type: replace-cross ",
    ],
)
def test_every_spelling_of_the_prefix_is_read(prefix: str) -> None:
    draft = cleaned(record(summary=f"{prefix}Made-up words.", link="https://arxiv.org/abs/2606.00001"))

    assert (words(draft), draft.version) == ("Made-up words.", 3)
    assert draft.announcement is Announcement.REPLACE_CROSS


def test_the_first_version_was_published_on_the_day_it_was_announced() -> None:
    published = announced("new").published

    assert published is not None
    assert (published.on, published.precision) == (date(2026, 6, 18), Precision.DAY)


def test_a_replacement_is_dated_by_its_identifier_and_updated_today() -> None:
    draft = announced("replace", "2501.00001v2")

    assert draft.published is not None
    assert (draft.published.on, draft.published.precision) == (date(2025, 1, 1), Precision.MONTH)
    assert draft.updated is not None
    assert draft.updated.on == date(2026, 6, 18)


def test_an_old_paper_that_is_cross_listed_now_was_not_published_now() -> None:
    draft = announced("cross", "2501.00001v1")

    assert draft.published is not None
    assert (draft.published.precision, draft.updated) == (Precision.MONTH, None)


def test_without_any_date_only_the_month_of_the_identifier_is_known() -> None:
    draft = announced("new", day="")

    assert draft.announced_on is None
    assert draft.published is not None
    assert draft.published.precision is Precision.MONTH


def test_the_channel_dates_entries_that_have_no_date() -> None:
    feed = Feed(
        format="rss 1.0", parser="lxml", link="http://arxiv.org/", updated="2026-06-18T20:30:00-05:00"
    )

    draft = cleaned(
        record("A title. (arXiv:2606.00001v1 [cs.LG])", link="http://arxiv.org/abs/2606.00001"), feed=feed
    )

    assert draft.announced_on == date(2026, 6, 18)


@pytest.mark.parametrize(
    ("suffix", "announcement"),
    [
        ("(arXiv:2301.00001v1 [cs.LG])", Announcement.NEW),
        ("(arXiv:2301.00001v2 [cs.LG] UPDATED)", Announcement.REPLACE),
        ("(arXiv:2301.00001v1 [CS.LG] CROSS LISTED)", Announcement.CROSS),
    ],
)
def test_titles_of_the_old_feed_carry_the_facts_behind_them(suffix: str, announcement: Announcement) -> None:
    draft = cleaned(
        record(
            f"Made-up things. {suffix}",
            "<p>If $a&lt;b$ then made up.\n</p>",
            link="http://arxiv.org/abs/2301.00001",
            authors=(
                RecordAuthor('<a href="http://arxiv.org/a/1">Ada Example</a>, <a href="x">Bo Sample</a>'),
            ),
        )
    )

    assert (draft.title.plain, draft.announcement) == ("Made-up things", announcement)
    assert (draft.categories, words(draft)) == (("cs.LG",), "If a < b then made up.")
    assert people(draft) == ["Ada Example", "Bo Sample"]


def test_a_title_with_an_unfinished_suffix_stays() -> None:
    assert cleaned(record("On (arXiv:2301.00001v1", external_id="x")).title.plain == "On (arXiv:2301.00001v1"


def test_a_union_of_feeds_does_not_decide_the_primary_category() -> None:
    draft = cleaned(
        record(
            external_id="http://arxiv.org/abs/2606.00001v1",
            categories=("CS.AI", "stat.ML", "68T05", "I.2.6; cs.LG"),
            fields={"arxiv:primary_category@term": ("stat.ML",)},
        )
    )

    assert draft.categories == ("stat.ML", "cs.AI", "cs.LG")


def test_the_api_gives_dates_of_submission_and_affiliations() -> None:
    draft = from_atom(
        "<id>http://arxiv.org/abs/2606.00001v2</id><title>Made  up</title><summary>Hard\n wrapped.</summary>"
        "<published>2026-05-01T10:00:00Z</published><updated>2026-06-18T11:00:00Z</updated>"
        "<author><name>Ada Example</name><arxiv:affiliation>Institute of Tests</arxiv:affiliation></author>"
        '<author><name>Bo Sample</name></author><link href="https://arxiv.org/abs/2606.00001v2"/>'
        "<arxiv:doi>10.5555/TESTS.1</arxiv:doi><arxiv:comment>12\n pages</arxiv:comment>"
        '<arxiv:journal_ref>J. Tests 1, 2 (2026)</arxiv:journal_ref><category term="cs.LG"/>'
        '<arxiv:primary_category term="cs.LG"/>',
        title="arXiv Query",
        link="https://arxiv.org/api/x",
    )

    assert (draft.published and draft.published.on, draft.updated and draft.updated.on) == (
        date(2026, 5, 1),
        date(2026, 6, 18),
    )
    assert (draft.announcement, draft.announced_on, draft.version) == (None, None, 2)
    assert (draft.identifiers.doi, draft.comment) == ("10.5555/tests.1", "12 pages")
    assert (draft.journal_ref, words(draft)) == ("J. Tests 1, 2 (2026)", "Hard wrapped.")
    assert draft.authors[0].affiliations == ("Institute of Tests",)


def test_a_first_version_from_the_api_was_not_updated() -> None:
    draft = cleaned(
        record(
            external_id="http://arxiv.org/abs/2606.00001v1",
            published="2026-06-18T10:00:00Z",
            updated="2026-06-18T10:00:00Z",
        )
    )

    assert (draft.published is not None, draft.updated) == (True, None)


def test_arxivs_own_doi_is_not_the_publishers() -> None:
    fields = {"arxiv:DOI": ("10.48550/arXiv.2606.00001",)}

    draft = cleaned(record(external_id="oai:arXiv.org:2606.00001v1", fields=fields))

    assert draft.identifiers.pairs() == (("arxiv", "2606.00001"),)


def test_the_version_may_stand_elsewhere_than_the_identifier() -> None:
    draft = cleaned(
        record(external_id="http://arxiv.org/abs/2606.00001", link="https://arxiv.org/abs/2606.00001v4")
    )

    assert (draft.identifiers.arxiv, draft.version) == ("2606.00001", 4)


def test_another_papers_address_says_nothing_of_the_version() -> None:
    draft = cleaned(
        record(external_id="http://arxiv.org/abs/2606.00001", link="https://arxiv.org/abs/2605.00009v4")
    )

    assert (draft.identifiers.arxiv, draft.version, draft.key.version) == ("2606.00001", None, 1)


def test_a_running_number_is_no_arxiv_identifier() -> None:
    draft = cleaned(record(external_id="2606.00001", link="https://blog.example/p"))

    assert draft.identifiers.arxiv is None


def test_a_bare_number_in_the_address_too_is_one() -> None:
    draft = cleaned(record(external_id="2606.00001", link="https://papers.example/2606.00001"))

    assert (draft.identifiers.arxiv, draft.key.place) == ("2606.00001", "papers.example")


def test_the_feed_of_arxiv_owns_entries_without_any_of_its_fields() -> None:
    draft = cleaned(record(external_id="7", link="https://arxiv.org/abs/2606.00001v1"), feed=ARXIV_FEED)

    assert (draft.key.place, draft.venue) == ("arxiv", "arXiv")


def test_a_mirror_under_arxivs_own_categories_gives_arxivs_records() -> None:
    mirror = Feed(format="rss 2.0", parser="lxml", title="My mirror", link="https://mirror.example/")
    link = "https://arxiv.org/abs/2606.00001v1"

    own = cleaned(record(link=link, categories=("cs.CV", "CS.LG")), feed=mirror)
    tagged = cleaned(record(link=link, categories=("cs.CV", "fun")), feed=mirror)
    elsewhere = cleaned(record(link="https://mirror.example/1", external_id="2606.00001"), feed=mirror)

    assert (own.key.place, own.categories) == ("arxiv", ("cs.CV", "cs.LG"))
    assert (tagged.key.place, tagged.identifiers.arxiv) == ("mirror.example", "2606.00001")
    assert elsewhere.identifiers.arxiv is None


def test_a_feed_that_calls_itself_arxivs_is_believed_about_arxivs_pages() -> None:
    feed = Feed(format="rss 2.0", parser="lxml", title="cs.CV updates on arXiv.org")

    assert cleaned(record(link="https://arxiv.org/abs/2606.00001"), feed=feed).venue == "arXiv"


def test_an_abstract_that_is_only_content_is_read() -> None:
    draft = cleaned(
        record(content=Text("arXiv:2606.00001v1 Announce Type: new Abstract: Made-up words.", Form.PLAIN))
    )

    assert words(draft) == "Made-up words."


def test_serialised_markup_is_read_as_markup() -> None:
    draft = cleaned(
        record(summary="<div>Made <i>up</i></div>", form=Form.XHTML, external_id="oai:arXiv.org:2606.00001v1")
    )

    assert words(draft) == "Made up"


def test_less_than_in_a_plain_abstract_stays() -> None:
    draft = from_rss(
        "<title>T</title><guid>oai:arXiv.org:2606.00001v1</guid>"
        "<description>x&lt;y and y>z hold</description>"
    )

    assert words(draft) == "x<y and y>z hold"


def test_mojibake_in_names_is_mended() -> None:
    draft = cleaned(
        record(external_id="oai:arXiv.org:2606.00001v1", authors=(RecordAuthor("JosÃ© RamÃ\xadrez"),))
    )

    assert people(draft) == ["José Ramírez"]
