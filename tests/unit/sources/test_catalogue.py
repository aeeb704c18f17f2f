"""The sources that have names."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import AddressMalformed, CategoryUnknown
from academichub.model.taxonomy import active_categories, category
from academichub.sources import catalogue
from academichub.sources.catalogue import (
    STARTER_CATEGORIES,
    arxiv_entry,
    crossref_entry,
    entry,
    entry_for_issn,
    entry_for_url,
    feed_entry,
    fields,
    find,
    known_entries,
    laid_over,
    read_entries,
    starter_entries,
)
from academichub.sources.connectors import connector
from academichub.sources.harvest import Window
from academichub.text.identifiers import normalize_issn

if TYPE_CHECKING:
    from academichub.sources.catalogue import Entry

SHELF = """
[[shelf]]
publisher = "The Press"
access = "signal"
field = "physics"
url = "https://press.example/{code}.rss"
min_interval_hours = 6
max_interval_hours = 48
[[shelf.entries]]
key = "letters"
title = "Letters of Light"
zh = "光学通讯（增刊）"
issn = "0028-0836"
eissn = "1476-4687"
[[shelf.entries]]
key = "light"
title = "Light: Théorie & Practice"
code = "ltp"
about = "LTP"
field = "education"
min_interval_hours = 2

[[shelf]]
access = "crossref"
language = "zh"
field = "law"
alias = "https://court.example/{short}"
weekdays = ["mon", "thu"]
entries = [{ key = "court", title = "Court", zh = "法院", issn = "1000-3290", short = "ct" }]

[[shelf]]
access = "api"
connector = "europepmc"
scope = 'ISSN:"{ISSN}"'
url = "https://index.example/?issn={issn}&online={eissn}"
field = "medicine"
fallback = "none"
hours = { zone = "Asia/Shanghai", opens = 22:00:00, closes = 06:00:00 }
entries = [{ key = "index:cells", title = "Cells", eissn = "2041-1723" }]
"""


@pytest.fixture(name="shelves", scope="module")
def _shelves() -> dict[str, Entry]:
    return {one.key: one for one in read_entries(SHELF)}


# -- what is shipped ------------------------------------------------------------------------------


def test_every_active_category_can_be_named_and_nothing_has_another_ones_key_or_address() -> None:
    entries = known_entries()

    named = {found.name for one in active_categories() if (found := category(one.name))}
    assert {one.key for one in entries if one.kind == "arxiv"} == {f"arxiv:{name}" for name in named}
    assert len({one.key.casefold() for one in entries}) == len({one.url for one in entries}) == len(entries)
    assert {one.kind for one in entries} == {"arxiv", "feed", "api"}


def test_the_catalogue_has_something_for_every_field() -> None:
    entries = known_entries()

    count = Counter(one.field for one in entries)
    assert len(entries) >= 1_000
    assert set(count) == {one.key for one in fields()}
    assert min(count.values()) >= 10
    assert sum(one.language == "zh" for one in entries) >= 100
    assert all(one.title_en and one.title_zh for one in fields())


def test_every_issn_has_a_right_check_digit_and_belongs_to_one_entry() -> None:
    issns = [issn for one in known_entries() for issn in (one.issn, one.eissn) if issn]

    assert [issn for issn in issns if normalize_issn(issn) != issn] == []
    assert [issn for issn, times in Counter(issns).items() if times > 1] == []


def test_every_entry_can_be_asked_for_in_the_way_it_says() -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 30), datetime(2026, 7, 1, tzinfo=UTC))
    entries = known_entries()

    assert all(one.policy.min_interval <= one.policy.max_interval for one in entries)
    assert all(not one.connector for one in entries if one.kind != "api")
    asked = {(one.connector, one.scope) for one in entries if one.kind == "api"}
    asked |= {(name, scope) for one in entries for name, _, scope in [one.fallback.partition(" ")] if name}
    for name, scope in sorted(asked):
        begin = connector(name).first
        assert begin is not None
        assert begin(scope, window).url.startswith("https://")


def test_a_journal_whose_feed_may_be_refused_can_be_had_of_crossref() -> None:
    nature, review = entry("nature"), entry("harvard-law-review")

    assert nature is not None
    assert (nature.access, nature.fallback, nature.connector) == ("signal", "crossref issn:0028-0836", "")
    assert review is not None  # it has an ISSN, but no DOIs
    assert (review.issn, review.fallback) == ("0017-811X", "")


def test_a_new_hub_starts_with_sources_that_are_known() -> None:
    assert [one.key for one in starter_entries()] == [
        "arxiv:cs.CV",
        "arxiv:cs.LG",
        "arxiv:cs.AI",
        "arxiv:quant-ph",
        "arxiv:math.PR",
        "nature",
    ]
    assert set(starter_entries()) <= set(known_entries())
    assert starter_entries()[-1] == catalogue.NATURE
    assert len(STARTER_CATEGORIES) == 5


def test_the_catalogue_is_not_read_before_it_is_asked() -> None:
    said = "import sys; import academichub.sources.catalogue; print('tomllib' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
    with pytest.raises(AttributeError):
        _ = catalogue.SATURN


# -- by name --------------------------------------------------------------------------------------


def test_a_category_has_a_feed_and_a_field_of_its_own() -> None:
    one = arxiv_entry("Math.pr")

    assert (one.url, one.title) == ("https://rss.arxiv.org/rss/math.PR", "arXiv math.PR")
    assert (one.title_zh, one.about, one.field) == ("arXiv math.PR 概率论", "Probability", "mathematics")
    assert arxiv_entry("q-bio.NC").field == "neuroscience"
    assert arxiv_entry("astro-ph.GA").field == "astronomy"
    assert arxiv_entry("hep-th").field == "physics"


def test_arxiv_is_asked_after_midnight_at_its_home_and_not_on_weekends() -> None:
    policy = arxiv_entry("cs.CV").policy

    assert policy.window is not None
    assert policy.window.is_open(datetime(2026, 6, 18, 4, 30, tzinfo=UTC))  # half past midnight in New York
    assert not policy.window.is_open(datetime(2026, 6, 18, 12, 0, tzinfo=UTC))
    assert policy.skip_weekdays == {5, 6}


@pytest.mark.parametrize("name", ["cs", "cs.XX", "", "cs.CV+cs.LG", "cs.CV/new"])
def test_what_is_no_single_active_category_is_refused(name: str) -> None:
    with pytest.raises(CategoryUnknown) as caught:
        arxiv_entry(name)

    assert caught.value.facts["category"] == name


def test_a_slip_of_the_pen_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(CategoryUnknown) as caught:
        arxiv_entry("cs.CVV")

    assert caught.value.facts["suggestion"] == "cs.CV"


def test_an_address_gives_a_key_that_stays_and_differs_from_its_neighbours() -> None:
    one = feed_entry(" https://www.letters.example/feed ")
    again = feed_entry("https://www.letters.example/feed")
    other = feed_entry("https://www.letters.example/other", title="Letters")

    assert one == again
    assert one.key != other.key
    assert one.key.startswith("feed:letters.example-")
    assert (one.title, other.title) == ("letters.example", "Letters")


@pytest.mark.parametrize("url", ["https://rss.arxiv.org/atom/cs.CV", "http://arxiv.org/rss/cs.CV?x=1"])
def test_an_address_of_an_arxiv_feed_is_that_category(url: str) -> None:
    assert feed_entry(url) == arxiv_entry("cs.CV")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.nature.com/nature.rss",
        "http://nature.com/nature.rss/",
        " HTTPS://WWW.NATURE.COM/nature.rss",
    ],
)
def test_an_address_that_the_catalogue_knows_is_its_entry(url: str) -> None:
    assert feed_entry(url, title="My Nature") == entry("nature") == entry_for_url(url)


def test_the_order_of_parameters_makes_no_other_address() -> None:
    swapped = "https://www.nejm.org/action/showFeed?feed=rss&type=etoc&jc=nejm"

    assert entry_for_url(swapped) == entry("nejm") != entry_for_url(swapped + "&x=1")
    assert entry_for_url("http://[::1") is None


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "https:///x", "letters", "http://[::1", "javascript:alert(1)"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressMalformed) as caught:
        feed_entry(url)

    assert caught.value.facts["url"] == url


def test_a_key_is_found_however_it_is_cased_and_by_either_name_of_a_category() -> None:
    assert entry(" Nature ") == catalogue.NATURE
    assert entry("ARXIV:MATH.it") == entry("arxiv:cs.IT") == arxiv_entry("cs.IT")
    assert entry("arxiv:cs") is None
    assert entry("nothing") is None


def test_an_issn_leads_to_its_journal_in_print_or_electronic() -> None:
    assert entry_for_issn("0028-0836") == entry_for_issn("ISSN 14764687") == entry("nature")
    assert entry_for_issn("2049-3630") is None
    assert entry_for_issn("0028-0837") is None


def test_what_only_crossref_knows_has_an_entry_too() -> None:
    journal, registrant = crossref_entry("issn:20493630"), crossref_entry("prefix:10.5555")

    assert (journal.key, journal.kind) == ("crossref:issn:2049-3630", "api")
    assert (journal.connector, journal.scope) == ("crossref", "issn:2049-3630")
    assert (registrant.key, registrant.scope) == ("crossref:prefix:10.5555", "prefix:10.5555")
    assert crossref_entry("issn:0028-0836") == entry("nature")
    assert crossref_entry("prefix:10.26434") == entry("chemrxiv")
    for scope in ("issn:0028-0837", "prefix:10", "title:nature", ""):
        with pytest.raises(ValueError, match="issn: or prefix:"):
            crossref_entry(scope)


# -- search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("prl", "prl"),
        ("0031-9007", "prl"),
        ("1079 7114", "prl"),
        ("10797114", "prl"),
        ("Nature", "nature"),
        ("NOUS", "nous"),
        ("the lancet", "lancet"),
        ("lancet onco", "lancet-oncology"),
        ("probability arxiv", "arxiv:math.PR"),
        ("cs.cv", "arxiv:cs.CV"),
        ("jpsp", "jpsp"),
        ("science & technology environmental", "environmental-science-and-technology"),
        ("社会学研究", "shehuixue-yanjiu"),
        ("经济学季刊", "jingjixue-jikan"),
        ("概率论", "arxiv:math.PR"),
    ],
)
def test_the_first_that_is_found_is_what_was_meant(words: str, first: str) -> None:
    assert find(words)[0].key == first


def test_exact_names_come_first_then_beginnings_then_words_then_the_rest(shelves: dict[str, Entry]) -> None:
    among = tuple(shelves.values())

    def keys(words: str) -> list[str]:
        return [one.key for one in find(words, among=among)]

    assert keys("light") == ["light", "letters"]  # the key; a word of the title
    assert keys("LETTERS") == ["letters"]
    assert keys("light: theorie and practice") == ["light"]
    assert keys("press") == ["letters", "light"]  # the publisher
    assert keys("ligh pra") == ["light"]
    assert keys("ltp") == ["light"]
    assert keys("通讯") == ["letters"]
    assert keys("光学通讯 增刊") == ["letters"]
    assert keys("光学") == ["letters"]
    assert keys("2041 1723") == ["index:cells"]
    assert keys("cells") == ["index:cells"]
    assert keys("saturn light") == []
    assert keys("!?") == []


def test_no_words_list_everything_and_filters_narrow_it(shelves: dict[str, Entry]) -> None:
    among = tuple(shelves.values())

    assert find("  ", among=among) == among
    assert [one.key for one in find("", field="law", among=among)] == ["court"]
    assert [one.key for one in find("", publisher="the press", among=among)] == ["letters", "light"]
    assert [one.key for one in find("light", access="signal", language="en", among=among)] == [
        "light",
        "letters",
    ]
    assert find("light", language="zh", among=among) == ()
    assert all(
        one.language == "zh" and one.access == "feed" for one in find("法", language="zh", access="feed")
    )


@given(st.text(max_size=30))
def test_whatever_is_looked_for_gives_entries_and_always_the_same(words: str) -> None:
    found = find(words)

    assert found == find(words)
    assert len(set(found)) == len(found)
    assert entry_for_url(words) is None


# -- files ----------------------------------------------------------------------------------------


def test_an_entry_has_what_its_shelf_says_and_its_own_words_win(shelves: dict[str, Entry]) -> None:
    letters, light = shelves["letters"], shelves["light"]

    assert (letters.url, light.url) == ("https://press.example/letters.rss", "https://press.example/ltp.rss")
    assert (letters.kind, letters.access, letters.publisher) == ("feed", "signal", "The Press")
    assert (letters.field, light.field) == ("physics", "education")
    assert (letters.fallback, light.fallback) == ("crossref issn:0028-0836", "")
    assert letters.policy.min_interval == timedelta(hours=6)
    assert light.policy.min_interval == timedelta(hours=2)
    assert light.policy.max_interval == timedelta(hours=48)


def test_a_journal_that_is_asked_of_crossref_keeps_other_addresses_to_be_known_by(
    shelves: dict[str, Entry],
) -> None:
    court = shelves["court"]

    assert (court.kind, court.connector, court.scope) == ("api", "crossref", "issn:1000-3290")
    assert court.url == "https://api.crossref.org/v1/journals/1000-3290/works"
    assert (court.aliases, court.fallback) == (("https://court.example/ct",), "")
    assert court.skip_weekdays == (1, 2, 4, 5, 6)


def test_the_holes_of_addresses_and_scopes_are_filled(shelves: dict[str, Entry]) -> None:
    cells = shelves["index:cells"]

    assert cells.scope == 'ISSN:"2041-1723"'
    assert cells.url == "https://index.example/?issn=20411723&online=20411723"  # there is no other
    assert cells.hours is not None
    assert cells.hours.window.is_open(datetime(2026, 6, 18, 15, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("[[shelf]", "catalogue: .*line 1"),
        ("title = 'x'", "nothing else, not title"),
        ("shelf = 1", "nothing else, not this"),
        ("[[shelf]]\naccess = 'feed'", r"shelf 1 \(\?\): entries"),
        ("[[shelf]]\nentries = []", "entries"),
        ("[[shelf]]\nentries = [1]", "entries"),
        ("[[shelf]]\npublischer = 'x'\nentries = [{}]", "publischer: an unknown word; is publisher meant"),
        ("[[shelf]]\nzzz = 'x'\nentries = [{}]", "zzz: an unknown word$"),
        ("[[shelf]]\nentries = [{}]", r"entry 1 \(\?\): key"),
        ("[[shelf]]\nentries = [{ key = 'Big' }]", r"entry 1 \(Big\): key: 'Big'"),
        ("[[shelf]]\nentries = [{ key = 'a', title = 1 }]", "title: a int"),
        ("[[shelf]]\nentries = [{ key = 'a', title = ' ' }]", "title: ' ' is blank"),
        ("[[shelf]]\nentries = [{ key = 'a' }]", "title: missing"),
        ("[[shelf]]\nmin_interval_hours = true\nentries = [{}]", "min_interval_hours: a bool"),
    ],
)
def test_a_file_that_cannot_be_true_is_refused_with_the_place(said: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_entries(said)


GOOD = {
    "key": "'a'",
    "title": "'A'",
    "access": "'feed'",
    "field": "'law'",
    "url": "'https://a.example/{code}'",
}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"access": "'gate'"}, "access: 'gate' is none of feed"),
        ({"field": "'magic'"}, "field: 'magic' is none of mathematics"),
        ({"language": "'English'"}, "language: 'English'"),
        ({"issn": "'0028-0837'"}, "issn: '0028-0837' is not"),
        ({"issn": "'00280836'"}, "issn: '00280836' is not"),
        ({"issn": "'0028-0836'", "eissn": "'0028-0836'"}, "eissn: the same as issn"),
        ({"url": "'https://a.example/{issn}'"}, "{issn}: nothing to put there"),
        ({"url": "'https://a.example/{page}'"}, "{page}: nothing to put there; known are code"),
        ({"url": "'ftp://a.example'"}, "url: 'ftp://a.example' is no web address"),
        ({"url": "'https://a b.example'"}, "no web address"),
        ({"alias": "'nowhere'"}, "no web address"),
        ({"url": None}, "url: a feed has an address"),
        ({"access": "'crossref'", "url": None}, "ISSN}: nothing to put there"),
        ({"access": "'api'"}, "scope: an API has a connector"),
        ({"access": "'api'", "connector": "'x'", "scope": "'y'", "url": None}, "url: only Crossref"),
        ({"access": "'crossref'", "scope": "'z:1'", "url": None}, "url: only Crossref"),
        ({"fallback": "'maybe'"}, "fallback: 'maybe' is neither"),
        ({"min_interval_hours": "0.1"}, "interval: 0.1 is not 0.25 to 720 hours"),
        ({"max_interval_hours": "nan"}, "interval: nan is not"),
        ({"min_interval_hours": "9", "max_interval_hours": "8"}, "interval: the shortest, 9 hours"),
        ({"weekdays": "[]"}, "weekdays"),
        ({"weekdays": "['monday']"}, "weekdays: .* none of mon"),
        ({"weekdays": "[['mon']]"}, "weekdays"),
        ({"hours": "{ zone = 'UTC' }"}, "hours: have a zone"),
        ({"hours": "{ zone = 'Moon/Sea', opens = 1, closes = 2 }"}, "Moon/Sea|isoformat"),
        ({"hours": "{ zone = 'Moon/Sea', opens = '01:00', closes = '02:00' }"}, "no such time zone"),
    ],
)
def test_an_entry_that_cannot_be_true_is_refused_by_its_name(
    said: dict[str, str | None], complaint: str
) -> None:
    row = ", ".join(f"{word} = {value}" for word, value in {**GOOD, **said}.items() if value is not None)

    with pytest.raises(ValueError, match=rf"^my, shelf 1 \(\?\), entry 1 \(a\): .*{complaint}"):
        read_entries(f"[[shelf]]\nentries = [{{ {row} }}]", name="my")


@pytest.mark.parametrize(
    ("first", "second", "complaint"),
    [
        ("key = 'a', code = '1'", "key = 'a', code = '2'", "key a belongs to a and to a"),
        (
            "key = 'a', code = '1'",
            "key = 'b', code = '1'",
            "address https://a.example/1 belongs to a and to b",
        ),
        (
            "key = 'a', issn = '0028-0836'",
            "key = 'b', eissn = '0028-0836'",
            "ISSN 0028-0836 belongs to a and",
        ),
        ("key = 'a', alias = 'https://a.example/b'", "key = 'b'", "address https://a.example/b belongs to a"),
    ],
)
def test_what_belongs_to_one_entry_cannot_belong_to_another(first: str, second: str, complaint: str) -> None:
    rows = ", ".join(f"{{ title = 'A', access = 'feed', field = 'law', {one} }}" for one in (first, second))

    with pytest.raises(ValueError, match=complaint):
        read_entries(f"[[shelf]]\nurl = 'https://a.example/{{code}}'\nentries = [{rows}]")


def test_a_readers_own_entries_take_the_place_of_ours_or_come_after() -> None:
    own = read_entries(SHELF.replace('"letters"', '"nature"'))

    entries = laid_over(own, known_entries())

    places = {one.key: place for place, one in enumerate(entries)}
    assert entries[places["nature"]].title == "Letters of Light"
    assert places["nature"] == known_entries().index(catalogue.NATURE)
    assert [one.key for one in entries[-3:]] == ["light", "court", "index:cells"]


@given(st.text(max_size=200) | st.text(max_size=60).map(lambda said: f"[[shelf]]\nentries = [{{ {said} }}]"))
def test_no_file_raises_anything_but_what_is_wrong_with_it(said: str) -> None:
    try:
        entries: tuple[Entry, ...] | str = read_entries(said)
    except ValueError as error:
        entries = str(error)

    assert entries == () or str(entries).startswith("catalogue")
