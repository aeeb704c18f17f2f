from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from academichub.sources.reading import read
from evaluation.replay import (
    ArxivSite,
    Listing,
    PaperRecord,
    Plan,
    Question,
    Script,
    Troubles,
    make_plan,
    play_arxiv,
    read_records,
)
from evaluation.replay.arxivdays import Announcement, UnknownCategory, rows, wanted
from evaluation.replay.script import etag_of, fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FIRST, LAST = date(2026, 5, 4), date(2026, 5, 15)  # a Monday and a Friday
TROUBLES = Troubles(
    holidays=frozenset({date(2026, 5, 8)}),
    stale=frozenset({date(2026, 5, 12)}),
    lost=frozenset({date(2026, 5, 14)}),
)
CATEGORIES = (("cs.CV",), ("cs.CV", "cs.LG"), ("cs.LG", "stat.ML"), ("eess.SY", "cs.LG"), ("hep-th",))


def a_paper(number: int, seen_on: date | None, **changes: Any) -> PaperRecord:
    paper = PaperRecord(
        arxiv_id=f"2605.{number:05d}",
        title=f"On Thing {number} & its <b>$x_{number}$</b>",
        abstract=f"We study thing {number}, where $a<b$ & more.",
        authors=(f"Ada Field {number}", "Bo Park Jr."),
        categories=CATEGORIES[number % len(CATEGORIES)],
        comment="" if number % 2 else "4 pages",
        seen_on=seen_on,
    )
    return replace(paper, **changes)


def papers() -> Iterator[PaperRecord]:
    """Sixty old papers, and ten for each day of two weeks, weekends included."""
    for number in range(60):
        yield a_paper(number, date(2026, 4, 1), arxiv_id=f"2604.{number:05d}")
    for number in range(140):
        yield a_paper(number, FIRST + timedelta(days=number // 10))
    yield a_paper(900, None)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(papers(), first=FIRST, last=LAST, seed=5, troubles=TROUBLES)


def ask(target: str, now: datetime, *, host: str = "rss.arxiv.org") -> Question:
    path, _, query = target.partition("?")
    return Question(host, path, fields_of(query), target, now)


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 16, tzinfo=UTC)


def listed(body: bytes) -> list[Listing]:
    """Read a feed with the product's own reader."""
    feed = read(body)
    assert feed.rejected == ()
    found = []
    for record in feed.records:
        name, version = re.fullmatch(r"oai:arXiv\.org:(.+)v(\d+)", record.external_id or "").groups()  # type: ignore[union-attr]  # no match is a failure
        (kind,) = record.fields["arxiv:announce_type"]
        found.append(Listing(name, int(version), kind))
    return found


def feed_of(plan: Plan, on: date, query: str, form: str = "rss") -> bytes:
    answer = ArxivSite(plan).feeds(ask(f"/{form}/{query}", noon(on)))
    assert answer is not None
    return answer.body


# -- the plan ---------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_days_and_another_gives_others(plan: Plan) -> None:
    again = make_plan(papers(), first=FIRST, last=LAST, seed=5, troubles=TROUBLES)
    other = make_plan(papers(), first=FIRST, last=LAST, seed=6, troubles=TROUBLES)

    assert again.batches == plan.batches
    assert other.batches != plan.batches


def test_papers_wait_over_weekends_and_holidays_for_the_next_day_with_a_batch(plan: Plan) -> None:
    fresh = {on: sum(one.action == "new" for one in batch) for on, batch in plan.batches.items()}

    assert date(2026, 5, 8) not in fresh
    assert fresh[date(2026, 5, 7)] == 10
    assert fresh[date(2026, 5, 11)] == 40  # Friday's, a holiday, Saturday's, Sunday's and its own
    assert plan.left_over == 20  # seen on the last weekend
    assert sum(fresh.values()) + plan.left_over == 140


def test_a_replacement_is_the_next_version_with_another_abstract_and_never_soon_after_the_last(
    plan: Plan,
) -> None:
    latest = {one.paper.arxiv_id: one for one in plan.older}
    replaced = 0
    for batch in plan.batches.values():
        for one in batch:
            before = latest.get(one.paper.arxiv_id)
            if one.action == "replace":
                assert before is not None
                assert one.version == before.version + 1
                assert (one.on - before.on).days > 2
                assert one.paper.abstract_of(one.version) != one.paper.abstract_of(before.version)
                replaced += 1
            latest[one.paper.arxiv_id] = one

    assert replaced > 30


def test_a_late_cross_list_adds_a_category_and_no_version(plan: Plan) -> None:
    crossed = [one for batch in plan.batches.values() for one in batch if one.action == "cross"]

    assert crossed
    for one in crossed:
        assert one.categories == (*one.paper.categories, *one.crossed) or set(one.crossed) < set(
            one.categories
        )
        assert not set(one.crossed) & set(one.paper.categories)


def test_days_that_no_feed_ever_shows_are_told(plan: Plan) -> None:
    assert plan.missed() == (date(2026, 5, 12), date(2026, 5, 14))
    assert plan.batch_shown(date(2026, 5, 12)) == date(2026, 5, 11)
    assert plan.batch_shown(date(2026, 5, 9)) is None
    assert plan.expected(date(2026, 5, 14), "cs.CV") == ()
    assert plan.announced(date(2026, 5, 14), "cs.CV") != ()


def test_who_reads_only_feeds_misses_what_oai_still_knows(plan: Plan) -> None:
    feeds = plan.works(LAST, "cs.CV+cs.LG", way="feeds")
    healed = plan.works(LAST, "cs.CV+cs.LG")
    everything = plan.works(LAST, "cs.CV+cs.LG", way="oai")

    assert feeds.keys() < healed.keys() <= everything.keys()
    assert all(healed[name] >= version for name, version in feeds.items())
    assert plan.works(FIRST - timedelta(days=1), "cs.CV") == {}


def test_a_stale_first_day_shows_nothing() -> None:
    troubles = Troubles(stale=frozenset({FIRST}))
    plan = make_plan(papers(), first=FIRST, last=LAST, troubles=troubles)

    assert plan.batch_shown(FIRST) is None
    assert plan.missed() == (FIRST,)


def test_two_stale_days_show_the_batch_before_both() -> None:
    days = (date(2026, 5, 12), date(2026, 5, 13))
    plan = make_plan(papers(), first=FIRST, last=LAST, troubles=Troubles(stale=frozenset(days)))

    assert [plan.batch_shown(on) for on in days] == [date(2026, 5, 11)] * 2
    assert plan.missed() == days


# -- rows -------------------------------------------------------------------------------------------


def an_announcement(
    action: str, version: int = 1, categories: tuple[str, ...] = ("cs.CV", "cs.LG")
) -> Announcement:
    return Announcement(
        FIRST, a_paper(1, FIRST), action, version, categories, ("cs.LG",) if action == "cross" else ()
    )


@pytest.mark.parametrize(
    ("announcement", "query", "kind"),
    [
        (an_announcement("new"), "cs.CV", "new"),
        (an_announcement("new"), "cs.LG", "cross"),
        (an_announcement("new"), "CS.cv", "new"),
        (an_announcement("new"), "cs.LG+cs.CV", "new"),
        (an_announcement("new"), "cs", "new"),
        (an_announcement("new"), "math", None),
        (an_announcement("replace", 2), "cs.CV", "replace"),
        (an_announcement("replace", 2), "cs.LG", "replace-cross"),
        (an_announcement("replace", 5), "cs.LG", "replace-cross"),
        (an_announcement("replace", 6), "cs.CV", None),
        (an_announcement("cross"), "cs.LG", "cross"),
        (an_announcement("cross"), "cs.CV", None),
        (an_announcement("new", 1, ("eess.SY",)), "cs.SY", "new"),
        (an_announcement("new", 1, ("math-ph",)), "math.MP", "new"),
    ],
)
def test_a_paper_is_announced_as_each_category_sees_it(
    announcement: Announcement, query: str, kind: str | None
) -> None:
    found = rows([announcement], wanted(query)[1])

    assert [listing.announce_type for _, listing in found] == ([kind] if kind else [])


@pytest.mark.parametrize("query", ["nope", "cs.ZZ", "", "cs.CV+", "cs.CV.x", "hep-th.x"])
def test_a_category_that_does_not_exist_is_refused(query: str) -> None:
    with pytest.raises(UnknownCategory):
        wanted(query)


def test_of_more_rows_than_a_feed_holds_the_new_papers_are_lost_first() -> None:
    fresh = [replace(an_announcement("new"), paper=a_paper(number, FIRST)) for number in range(1500)]
    replaced = [
        replace(an_announcement("replace", 2), paper=a_paper(number, FIRST)) for number in range(2000, 2600)
    ]

    found = [listing for _, listing in rows([*fresh, *replaced], wanted("cs.CV")[1])]

    assert len(found) == 2000
    assert Counter(one.announce_type for one in found) == {"new": 1400, "replace": 600}
    assert found[0].arxiv_id == "2605.00100"
    assert found[-1].announce_type == "replace"


# -- feeds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("query", ["cs.CV", "cs.LG", "cs.cv+cs.LG", "cs", "hep-th"])
def test_the_product_reads_from_each_feed_exactly_what_the_plan_expects(
    plan: Plan, form: str, query: str
) -> None:
    for on in (FIRST, date(2026, 5, 7), date(2026, 5, 11), date(2026, 5, 12)):
        assert listed(feed_of(plan, on, query, form)) == list(plan.expected(on, query))


def test_an_item_has_arxivs_form_to_the_letter() -> None:
    plan = make_plan(
        [a_paper(1, FIRST, categories=("cs.CV", "cs.LG"))], first=FIRST, last=FIRST, troubles=Troubles()
    )

    item = feed_of(plan, FIRST, "cs.LG").decode().partition("    <item>\n")[2]

    assert item == (
        "      <title>On Thing 1 &amp; its &lt;b&gt;$x_1$&lt;/b&gt;</title>\n"
        "      <link>https://arxiv.org/abs/2605.00001</link>\n"
        "      <description>arXiv:2605.00001v1 Announce Type: cross \n"
        "Abstract: We study thing 1, where $a&lt;b$ &amp; more.</description>\n"
        '      <guid isPermaLink="false">oai:arXiv.org:2605.00001v1</guid>\n'
        "      <category>cs.CV</category>\n      <category>cs.LG</category>\n"
        "      <pubDate>Mon, 04 May 2026 00:00:00 -0400</pubDate>\n"
        "      <arxiv:announce_type>cross</arxiv:announce_type>\n"
        f"      <dc:rights>{a_paper(1, None).license}</dc:rights>\n"
        "      <dc:creator>Ada Field 1, Bo Park Jr.</dc:creator>\n"
        "    </item>\n  </channel>\n</rss>\n"
    )


def test_an_atom_entry_has_the_elements_of_arxivs_own_in_their_order(
    plan: Plan, data: Callable[[str], Path]
) -> None:
    capture = data("captures/arxiv_rss/TideDra/tests/retriever/arxiv_rss_example.xml").read_bytes()

    real, made = etree.fromstring(capture), etree.fromstring(feed_of(plan, FIRST, "cs.CV", "atom"))

    def shape(root: Any) -> tuple[list[str], list[str], dict[Any, str]]:
        entry = root.find("{*}entry")
        own = [one.tag for one in root if not one.tag.endswith("}entry")]
        inner = list(dict.fromkeys(one.tag for one in entry))
        return own, inner, dict(root.nsmap)

    assert shape(made) == shape(real)


def test_the_tag_of_a_feed_is_that_of_its_bytes_and_it_lasts_until_midnight_eastern(plan: Plan) -> None:
    site = ArxivSite(plan)
    at = datetime(2026, 5, 4, 4, 20, tzinfo=UTC)

    first = site.feeds(ask("/rss/cs.CV", at))
    later = site.feeds(ask("/rss/cs.CV", at + timedelta(hours=1)))

    assert first is not None
    assert later is not None
    assert first.etag == etag_of(first.body)
    assert (first.content_type, first.max_age_seconds) == ("application/rss+xml", 85_200)
    assert (later.etag == first.etag, later.max_age_seconds) == (False, 81_600)  # rendered anew


def test_behind_a_cache_a_feed_keeps_its_tag_for_the_day(plan: Plan) -> None:
    site = ArxivSite(plan, edge_cache=True)
    at = datetime(2026, 5, 4, 4, 20, tzinfo=UTC)

    tags = [
        answer.etag
        for hours in (0, 1, 24)
        if (answer := site.feeds(ask("/rss/cs.CV", at + timedelta(hours=hours))))
    ]

    assert tags[0] == tags[1] != tags[2]


@pytest.mark.parametrize("on", [date(2026, 5, 9), date(2026, 5, 10), date(2026, 5, 8)])
def test_a_day_without_a_batch_has_an_empty_feed_of_that_day(plan: Plan, on: date) -> None:
    feed = read(feed_of(plan, on, "cs.CV"))

    assert feed.records == ()
    assert f"<pubDate>{on:%a, %d %b %Y} 00:00:00 -0400</pubDate>".encode() in feed_of(plan, on, "cs.CV")


def test_a_stale_feed_has_the_batch_and_date_of_the_day_before(plan: Plan) -> None:
    answer = ArxivSite(plan).feeds(ask("/rss/cs.CV", noon(date(2026, 5, 12))))

    assert answer is not None
    assert answer.note == "stale batch"
    assert b"<pubDate>Mon, 11 May 2026 00:00:00 -0400</pubDate>" in answer.body
    assert b"Tue, 12 May 2026 00:00:00" not in answer.body


def test_on_a_lost_day_every_feed_is_an_error_from_midnight_to_midnight(plan: Plan) -> None:
    site = ArxivSite(plan)
    start = datetime(2026, 5, 14, 4, tzinfo=UTC)

    said = [site.feeds(ask("/rss/cs.CV", start + timedelta(hours=hour))) for hour in range(-1, 25)]

    assert [answer.status >= 500 for answer in said if answer] == [False, *[True] * 24, False]
    assert {answer.note for answer in said if answer and answer.status >= 500} == {"lost day"}


@pytest.mark.parametrize("target", ["/rss/cs.ZZ", "/atom/nope", "/rss/cs.CV?version=0.91"])
def test_a_feed_that_cannot_be_is_a_bad_request_with_a_feed(plan: Plan, target: str) -> None:
    answer = ArxivSite(plan).feeds(ask(target, noon(FIRST)))

    assert answer is not None
    assert answer.status == 400
    title = etree.fromstring(answer.body).find(".//{*}title")
    assert title is not None
    assert str(title.text).startswith("Feed error for query: http://rss.arxiv.org/")


def test_other_places_of_the_feed_host_are_not_there_but_for_its_status(plan: Plan) -> None:
    site = ArxivSite(plan)

    assert site.feeds(ask("/feed/status", noon(FIRST))) is not None
    assert site.feeds(ask("/other", noon(FIRST))) is None
    assert site.feeds(ask("/rss/", noon(FIRST))) is None


# -- listing pages ----------------------------------------------------------------------------------


def listing_of(plan: Plan, target: str, now: datetime) -> str:
    answer = ArxivSite(plan).listing(ask(target, now, host="arxiv.org"))
    assert answer is not None
    return answer.body.decode()


def test_the_page_of_new_listings_counts_what_was_announced(plan: Plan) -> None:
    on = date(2026, 5, 11)
    counted = Counter(one.announce_type for one in plan.announced(on, "cs.LG"))
    replaced = counted["replace"] + counted["replace-cross"]

    page = listing_of(plan, "/list/cs.LG/new", noon(on))

    assert "Showing new listings for Monday, 11 May 2026" in page
    assert f"New submissions (showing {counted['new']} of {counted['new']} entries)" in page
    assert f"Cross submissions (showing {counted['cross']} of {counted['cross']} entries)" in page
    assert f"Replacement submissions (showing {replaced} of {replaced} entries)" in page
    assert re.findall(r"arXiv:(\d{4}\.\d{5})\n", page) == [
        one.arxiv_id
        for kinds in ({"new"}, {"cross"}, {"replace", "replace-cross"})
        for one in sorted(plan.announced(on, "cs.LG"), key=lambda one: one.announce_type)
        if one.announce_type in kinds
    ]


def test_the_page_turns_in_the_evening_and_keeps_the_last_batch_over_the_weekend(plan: Plan) -> None:
    evening = datetime(2026, 5, 6, 0, 30, tzinfo=UTC)  # Tuesday 20:30 Eastern

    assert "Tuesday, 5 May 2026" in listing_of(plan, "/list/cs.CV/new", evening - timedelta(hours=1))
    assert "Wednesday, 6 May 2026" in listing_of(plan, "/list/cs.CV/new", evening)
    assert "Thursday, 7 May 2026" in listing_of(plan, "/list/cs.CV/new", noon(date(2026, 5, 10)))


def test_a_part_of_the_page_says_which_part_it_is(plan: Plan) -> None:
    total = sum(one.announce_type == "new" for one in plan.announced(FIRST, "cs"))

    first = listing_of(plan, "/list/cs/new?skip=0&show=2", noon(FIRST))
    middle = listing_of(plan, "/list/cs/new?skip=2&show=2", noon(FIRST))
    last = listing_of(plan, f"/list/cs/new?skip={total - 1}&show=1", noon(FIRST))

    assert f"(showing first 2 of {total} entries)" in first
    assert f"(continued, showing 2 of {total} entries)" in middle
    assert f"(continued, showing last 1 of {total} entries)" in last


def test_a_page_of_nothing_says_so_and_an_unknown_one_is_not_there(plan: Plan) -> None:
    site = ArxivSite(plan)

    assert "No updates today." in listing_of(plan, "/list/math/new", noon(FIRST))
    assert "No updates today." in listing_of(plan, "/list/cs/new", noon(FIRST - timedelta(days=2)))
    unknown = site.listing(ask("/list/nope/new", noon(FIRST)))
    assert unknown is not None
    assert unknown.status == 404
    assert site.listing(ask("/abs/2605.00001", noon(FIRST))) is None


def test_a_plan_speaks_for_all_of_arxiv(plan: Plan) -> None:
    script = play_arxiv(Script(), plan, page_size=3)
    at = noon(date(2026, 5, 11))

    answers = [
        script.answer(ask(target, at, host=host))
        for host, target in (
            ("rss.arxiv.org", "/rss/cs.CV"),
            ("arxiv.org", "/list/cs.CV/new"),
            ("oaipmh.arxiv.org", "/oai?verb=ListRecords&metadataPrefix=arXiv&from=2026-05-11"),
            ("export.arxiv.org", "/oai2?verb=Identify"),
        )
    ]

    assert [answer.status for answer in answers if answer] == [200, 200, 200, 301]


# -- records ----------------------------------------------------------------------------------------


def test_records_are_read_from_lines_packed_or_not(tmp_path: Path) -> None:
    line = {"id": "2605.00001", "title": "T\x01", "abstract": "A", "authors": ["B"], "categories": ["cs.CV"]}
    plain, packed = tmp_path / "records.jsonl", tmp_path / "records.jsonl.gz"
    plain.write_text(json.dumps(line | {"seen": "2026-05-04", "comment": None}))
    packed.write_bytes(gzip.compress(json.dumps(line).encode()))

    (one,), (other,) = read_records(plain), read_records(packed)

    assert one == PaperRecord("2605.00001", "T", "A", ("B",), ("cs.CV",), "", date(2026, 5, 4))
    assert other == replace(one, seen_on=None)


@pytest.mark.parametrize(
    "line", ["{", "{}", '{"id": 1, "title": "", "abstract": "", "authors": 3, "categories": []}']
)
def test_a_line_that_is_no_record_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(f"{line}\n")

    with pytest.raises(ValueError, match=r"records\.jsonl, line 1"):
        list(read_records(path))
