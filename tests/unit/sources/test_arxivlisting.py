from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    CategoryUnknown,
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
)
from academichub.sources.arxivlisting import Listed, Listing, Section, listing_step, read_listing
from academichub.sources.limits import DEFAULT_LIMITS, Limits


def read(text: str, *, limits: Limits = DEFAULT_LIMITS) -> Listing:
    return read_listing(text.encode(), limits)


def term(name: str, note: str = "") -> str:
    link = f'<a href ="/abs/{name}" title="Abstract" id="{name}">\n arXiv:{name}</a>'
    return f"<dt><a name='item1'>[1]</a> {link} {note} [<a href=\"/pdf/{name}\">pdf</a>]</dt><dd></dd>"


def section(heading: str, *names: str) -> str:
    return f"<dl id='articles'><h3>{heading}</h3>{''.join(map(term, names))}</dl>"


DAY = "<h3>Showing new listings for Friday, 19 June 2026</h3>"
ONE = section("New submissions (showing 1 of 1 entries)", "2606.10421")


# -- asking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"), [("cs.AI", "cs.AI"), (" CS.ai ", "cs.AI"), ("math.MP", "math-ph")]
)
def test_the_page_of_a_category_is_asked_for_by_its_name(name: str, shown: str) -> None:
    step = listing_step(name)

    assert (step.url, step.accept, step.scope) == (f"https://arxiv.org/list/{shown}/new", "text/html", shown)


@pytest.mark.parametrize("name", ["cs.XX", "", "cs", "../../login", "cmp-lg?x"])
def test_a_category_that_takes_no_papers_is_not_asked_for(name: str) -> None:
    with pytest.raises(CategoryUnknown):
        listing_step(name)


# -- reading --------------------------------------------------------------------------------------


def test_the_three_sections_are_told_apart() -> None:
    listing = read(
        DAY
        + section("New submissions (showing 2 of 2 entries)", "2606.10421", "2606.10422")
        + section("Cross submissions (showing 1 of 1 entries )", "2606.10423")
        + section("Replacement submissions (showing 1 of 1 entries)", "math/0309136")
    )

    assert listing.announced_on == date(2026, 6, 19)
    assert listing.new == Section(2, (Listed("2606.10421"), Listed("2606.10422")))
    assert listing.cross == Section(1, (Listed("2606.10423"),))
    assert listing.replace == Section(1, (Listed("math/0309136"),))
    assert listing.is_complete


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        ("New submissions (showing 1 of 1 entries)", 1),
        ("New submissions&nbsp;(showing  1\n of 1 entries)", 1),
        ("New submissions (showing first 1 of 123 entries)", 123),
        ("New submissions (continued, showing last 1 of 123 entries)", 123),
        ("New submissions for Friday, 19 June 2026 (showing 1 of 1 entries )", 1),
        ("New submissions for Fri, 19 Jun 20", None),
        ("new submissions", None),
    ],
)
def test_a_heading_says_how_many_there_are(heading: str, count: int | None) -> None:
    listing = read(section(heading, "2606.10421"))

    assert listing.new.count_said == count
    assert listing.is_complete is (count != 123)


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        ("Showing new listings for Friday, 19 June 2026", date(2026, 6, 19)),
        ("New submissions for Fri, 19 Jun 20", date(2020, 6, 19)),
        ("New submissions for Fri,  1 Jan 2021", date(2021, 1, 1)),
        ("New submissions for Fri, 31 Feb 2021", None),
        ("New submissions for Fri, 1 Foo 2021", None),
        ("New submissions for Fri, 1 Jan 0000", date(2000, 1, 1)),
        ("New submissions for ever", None),
    ],
)
def test_a_heading_says_the_day(heading: str, day: date | None) -> None:
    assert read(f"<h3>{heading}</h3>{ONE}").announced_on == day


def test_a_page_that_is_cut_says_what_does_not_add_up() -> None:
    listing = read(
        DAY
        + "<div>Total of 230 entries : <span>1-1</span></div>"
        + section("New submissions (showing first 1 of 123 entries)", "2606.10421")
    )

    assert not listing.is_complete
    assert listing.total_said == 230
    assert listing.warnings == ("new: 1 listed of 123", "1 listed of 230 in all")


def test_an_entry_without_an_identifier_is_told() -> None:
    listing = read(DAY + ONE + "<dt>[2] a paper</dt><dd></dd>" + term("26O6.10422"))

    assert listing.warnings == ("entries without a readable identifier: 2",)


def test_a_paper_listed_twice_counts_once() -> None:
    listing = read(section("New submissions (showing 2 of 2 entries)", "2606.10421", "2606.10421v2"))

    assert listing.new.ids == (Listed("2606.10421"),)
    assert listing.warnings == ("new: 1 listed of 2",)


def test_the_category_filed_under_first_is_read_where_the_page_shows_it() -> None:
    crossed = term("2606.10423", "(cross-list from cond-mat.stat-mech)")
    subject = '<span class="primary-subject">Machine Learning (cs.LG)</span>'
    listing = read(
        "<h3>Cross submissions</h3>" + crossed + term("2606.10424").replace("<dd>", f"<dd>{subject}")
    )

    assert listing.cross.ids == (
        Listed("2606.10423", "cond-mat.stat-mech"),
        Listed("2606.10424", "cs.LG"),
    )


def test_what_an_abstract_says_is_no_entry() -> None:
    abstract = '<dd>see <a href="https://arxiv.org/abs/2501.00001">it</a> (cross-list from cs.CV)</dd>'

    listing = read(DAY + ONE.replace("<dd></dd>", abstract))

    assert listing.new.ids == (Listed("2606.10421"),)


def test_comments_and_scripts_are_no_page() -> None:
    hidden = f"<!-- {ONE} --><script>'{ONE}'</script><style>{ONE}"

    with pytest.raises(FeedIsWebPage):
        read(hidden)


def test_a_day_without_papers_is_complete() -> None:
    listing = read(DAY + "<p>No updates today.</p>")

    assert (listing.announced_on, listing.new, listing.is_complete) == (date(2026, 6, 19), Section(), True)


@pytest.mark.parametrize(
    ("link", "name"),
    [('<a href="/list/hep-th/recent">', "hep-th"), ("<a href=/list/cs.AI/new?skip=0>", "cs.AI"), ("", "")],
)
def test_the_page_names_its_category(link: str, name: str) -> None:
    assert read(f'<a href="/list/">{link}{DAY}{ONE}').category == name


# -- what is no listing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", FeedEmptyAnswer),
        (" \n\ufeff", FeedEmptyAnswer),
        ("Rate exceeded.", FeedThrottled),
        ("only words", FeedUnreadable),
        ('{"id": 1}', FeedUnreadable),
        ("<html><title>Log in</title></html>", FeedIsWebPage),
        ("<rss/>", FeedIsWebPage),
        (DAY, FeedUnreadable),
        ("<p>No updates today.</p>", FeedIsWebPage),
    ],
)
def test_what_is_no_listing_is_refused(text: str, wrong: type[FeedError]) -> None:
    with pytest.raises(wrong):
        read(text)


def test_another_page_is_named_by_its_title() -> None:
    with pytest.raises(FeedIsWebPage) as caught:
        read("<html><title>\n arXiv &amp; friends </title></html>")

    assert caught.value.facts == {"title": "arXiv & friends"}


def test_more_than_the_limits_is_refused() -> None:
    with pytest.raises(FeedTooLarge):
        read(ONE, limits=Limits(body_bytes=100))
    with pytest.raises(FeedTooManyEntries):
        read(section("New submissions", "2606.10421", "2606.10422"), limits=Limits(entries=1))


@pytest.mark.parametrize(
    "piece",
    [
        "<a " + "x" * 290 + " ",
        "<a href=",
        '<a href="/abs/',
        "<h3>",
        "<h3>" + "New submissions " * 30,
        "<dt",
        "<!--",
        "<script></script ",
        "<span class='primary-subject'>" + "(" * 20,
        "(cross-list from ",
        "for Fri, 19 ",
        "total of 1 ",
        "href  =  /list/cs.AI",
    ],
)
def test_no_page_costs_more_than_its_length(piece: str) -> None:
    text = DAY + piece * (4_000_000 // len(piece))

    start = time.process_time()
    with pytest.raises(FeedError):
        read(text)

    assert time.process_time() - start < 5


PIECES = st.sampled_from(
    (
        *("<dt>", "<dd>", "</h3>", "<h3>", "<!--", "-->", "x", '<a href="/abs/2606.10421">'),
        *("New submissions (showing 1 of 1 entries)", "Cross-lists for", "Total of 7 entries"),
        *("Showing new listings for Friday, 99 June 2026", "(cross-list from cs.AI)", "No updates today."),
        "<span class='primary-subject'>A (cs.AI)",
    )
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_page_raises_anything_but_a_feed_error(text: str) -> None:
    try:
        listing = read(text)
    except FeedError:
        return

    assert listing.is_complete is (not listing.warnings)
