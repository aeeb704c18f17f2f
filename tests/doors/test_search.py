"""Searching: the box, what was found, by what it is narrowed, and what is said where nothing was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.papers import Kind
from academichub.model.query import Scope
from academichub.model.search import FacetKind, SearchMode, SearchNote, SearchOrder, SearchQuery, Similar
from academichub.model.shelf import Facet
from academichub.text.query import parse
from academichub.web.address import read_parameters
from academichub.web.i18n import LANGUAGES, catalogue
from academichub.web.press import Visit
from academichub.web.reader import read_reader
from academichub.web.searchaddress import STATES, read_search
from academichub.web.views.facets import build_groups
from academichub.web.views.search import without_days
from academichub.web.views.searchhelp import EXAMPLES
from academichub.web.views.similar import build_similar
from tests.doors.test_every_page import check
from tests.fakes.hub import FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

PAGES = (
    "/search",
    "/search?lang=zh",
    "/search?q=quantum+attention",
    "/search?q=quantum+attention&mode=words&sort=date&density=compact",
    "/search?q=quantum&cat=cs.LG&kind=preprint&state=starred&year=2025&venue=arXiv",
    "/search?cat=cs",
    "/search?q=nowhere",
    "/search?q=nowhere+date%3A2026&mode=words&cat=cs.LG&kind=preprint",
    "/search?q=quantm",
    "/search?q=the&per=100&density=titles",
)


def links(page: str) -> list[str]:
    return [
        match.replace("&amp;", "&").replace("&#34;", '"') for match in re.findall(r'href="([^"]*)"', page)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_search_is_a_strict_page_in_both_languages(reader: TestClient, path: str, language: str) -> None:
    answer = reader.get(path, headers={"accept-language": language})

    assert answer.status_code == 200
    check(answer.text)


@pytest.mark.parametrize("path", [*PAGES, "/authors/0000-0002-1825-0097", "/calendar", "/offline"])
def test_every_link_of_a_page_of_finding_leads_to_a_page(reader: TestClient, path: str) -> None:
    pages = {link.partition("#")[0] for link in links(reader.get(path).text) if link.startswith("/")}
    # Files of lists are written from a database; their own tests open them.
    read = sorted(link for link in pages if not re.match(r"/(static|search\.|authors[^?]*\.)", link))

    assert len(read) > 8
    for link in read[:60]:
        assert reader.get(link).status_code == 200, link


def test_what_was_found_is_numbered_marked_and_narrowed(reader: TestClient) -> None:
    page = reader.get("/search?q=quantum+attention").text

    assert '<p class="n">01.</p>' in page
    assert "<mark>Quantum</mark> <mark>Attention</mark>" in page
    assert "20 papers" in page
    assert "/search?cat=cs.LG&q=quantum+attention" in links(page)
    assert "/search?year=2025&q=quantum+attention" in links(page)
    assert "/search?sort=date&q=quantum+attention" in links(page)


def test_marks_never_get_into_formulas_nor_leave_a_card_for_another_page(reader: TestClient) -> None:
    found = reader.get("/search?q=quantum").text
    today = reader.get("/?per=25").text

    assert "<math>" in found
    assert not re.search(r"<math[^>]*>(?:(?!</math>).)*<mark>", found)
    assert "<mark>" not in today


def test_a_paper_found_by_meaning_alone_says_so(reader: TestClient) -> None:
    both = reader.get("/search?q=spatial+quantum").text
    words = reader.get("/search?q=spatial+quantum&mode=words").text

    assert "it need not have these words" in both
    assert "it need not have these words" not in words


def test_pages_follow_each_other_without_a_gap_in_the_numbers(reader: TestClient) -> None:
    numbers: list[str] = []
    path: str | None = "/search?q=the"
    while path:
        page = reader.get(path).text
        numbers += re.findall(r'<p class="n">(\d+)\.</p>', page)
        following = re.search(r'<link rel="next" href="([^"]*)"', page)
        path = following[1].replace("&amp;", "&") if following else None

    assert [int(number) for number in numbers] == list(range(1, len(numbers) + 1))
    assert len(numbers) > 50
    assert "Back to number 01" in page


def test_a_chosen_facet_takes_itself_away_and_the_first_page_comes_back(reader: TestClient) -> None:
    page = reader.get("/search?q=the&cat=cs.LG&after=0x1p%2B3%3A5&n=25").text
    chips = page.partition('<nav class="chips"')[2].partition("</nav>")[0]

    assert "/search?q=the" in links(chips)
    assert not [link for link in links(chips) if "after=" in link]


def test_the_form_carries_along_what_the_answer_is_narrowed_to(reader: TestClient) -> None:
    page = reader.get("/search?q=the&cat=cs.LG&sort=date&lang=en&after=0x1p%2B3%3A5&n=25").text
    form = page.partition("data-finder")[2].partition("</form>")[0]

    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert hidden == {"cat": "cs.LG", "sort": "date", "lang": "en"}


def test_a_query_that_cannot_be_read_is_pointed_at_under_the_box(reader: TestClient) -> None:
    answer = reader.get("/search?q=(quantum+AND&cat=cs.LG")
    chinese = reader.get("/search?q=%E9%87%8F%E5%AD%90+ti:", headers={"accept-language": "zh"})

    assert answer.status_code == chinese.status_code == 400
    assert "<code>(quantum <mark>AND</mark></code>" in answer.text
    assert 'data-column="9" data-length="3"' in answer.text
    assert 'aria-describedby="q-error"' in answer.text
    assert "at character 10" in answer.text
    assert "个字符处" in chinese.text
    check(answer.text)
    check(chinese.text)


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=x&mode=luck",
        "/search?q=x&sort=match",
        "/search?q=x&kind=poem",
        "/search?q=x&state=lost",
        "/search?q=x&year=20x6",
        "/search?q=x&per=26",
        "/search?q=x&density=airy",
        "/search?q=x&after=here",
        "/search?q=x&after=0x1p3:1&n=-1",
    ],
)
def test_a_value_that_its_name_does_not_take_is_refused_with_words(reader: TestClient, path: str) -> None:
    answer = reader.get(path)

    assert answer.status_code == 400
    check(answer.text)


def test_a_query_longer_than_any_is_refused_on_its_own_page(reader: TestClient) -> None:
    answer = reader.get("/search", params={"q": "a " * 1500})

    assert answer.status_code == 400
    assert 'id="q-error"' in answer.text
    assert reader.get("/search", params={"q": "a" * 4001}).status_code == 400


def test_line_breaks_of_a_pasted_title_are_blanks() -> None:
    assert read_parameters(b"q=one%0A%20%09two%00three&cat=%20a%20b") == {"cat": "a b", "q": "one two three"}


def test_an_answer_says_what_it_lacks(hub: FakeHub, visit: Callable[..., TestClient]) -> None:
    hub.is_without_model = True
    hub.search_notes = (SearchNote.RELAXED, SearchNote.GLOSSARY)

    page = visit(hub, "zh").get("/search?q=量子").text

    assert "没有安装嵌入模型" in page
    assert "同时含有全部词的文献很少" in page
    assert "已按词汇表" in page


@pytest.mark.parametrize("note", list(SearchNote))
def test_every_note_mode_order_facet_and_state_has_words_in_both_languages(note: SearchNote) -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        assert words.text(f"search note:{note.value}")
        assert all(words.text(f"search mode:{mode.value}") for mode in SearchMode)
        assert all(words.text(f"search order:{order.value}") for order in SearchOrder)
        assert all(words.text(f"facet:{kind.value}") for kind in FacetKind)
        assert all(words.text(f"state:{state}") for state in STATES)


@pytest.mark.parametrize("note", [SearchNote.BEHIND, SearchNote.REBUILDING])
def test_an_answer_of_an_index_that_catches_up_is_not_kept(
    hub: FakeHub, visit: Callable[..., TestClient], note: SearchNote
) -> None:
    client = visit(hub)
    client.get("/search?q=quantum")
    assert client.get("/search?q=quantum").headers["cache-control"] == "private, no-cache"
    assert hub.searches == 1

    hub.search_notes = (note,)
    answers = [client.get("/search?q=attention") for _ in range(2)]

    assert [answer.headers["cache-control"] for answer in answers] == ["no-store", "no-store"]
    assert hub.searches == 3


def test_what_may_have_been_meant_is_a_link(reader: TestClient) -> None:
    page = reader.get("/search?q=quantm&mode=words").text

    assert "Did you mean" in page
    assert "/search?mode=words&q=quantum" in links(page)


def test_where_nothing_is_found_each_way_out_is_a_link(reader: TestClient) -> None:
    page = reader.get("/search?q=nowhere+date%3A2026-05&mode=words&cat=cs.LG&kind=preprint").text
    ways = links(page.partition('<ul class="ways">')[2].partition("</ul>")[0])

    assert ways == [
        "/search?kind=preprint&mode=words&q=nowhere+date%3A2026-05",
        "/search?cat=cs.LG&mode=words&q=nowhere+date%3A2026-05",
        "/search?mode=words&q=nowhere+date%3A2026-05",
        "/search?cat=cs.LG&kind=preprint&q=nowhere+date%3A2026-05",
        "/search?cat=cs.LG&kind=preprint&mode=words&q=nowhere",
    ]
    assert "Try fewer or other words" in reader.get("/search?q=nowhere").text


@pytest.mark.parametrize(
    ("query", "rest"),
    [
        ("a date:2026-05 b", "a b"),
        ('"date:2026" date:>=2026', '"date:2026"'),
        ("updated:x -date:2025", "updated:x"),
        ("量子 date：2026", "量子"),
        ("date: 2026", ""),
        ("nothing", "nothing"),
    ],
)
def test_only_terms_that_name_days_are_taken_out_of_a_query(query: str, rest: str) -> None:
    assert without_days(query) == rest


@given(st.text(max_size=60))
def test_taking_the_days_out_of_any_text_ends_and_leaves_its_quotations(text: str) -> None:
    left = without_days(text)

    assert without_days(left) == left or "date" in left
    assert len(left) <= len(text)


@pytest.mark.parametrize(
    ("path", "filled"),
    [
        ("/search?q=quantum+attention", {"text": ["quantum attention"]}),
        ("/search?q=quantum+attention&mode=words", {"rule": ["quantum attention"]}),
        ("/search?q=%22quantum+attention%22+-survey", {"rule": ['"quantum attention" -survey']}),
        (
            "/search?q=quantum+OR+attention&cat=cs.LG&state=unread",
            {"rule": ["(quantum OR attention) cat:cs.LG"]},
        ),
        (
            "/search?q=quantum&venue=arXiv&year=2025",
            {"text": ["quantum"], "rule": ["venue:arXiv date:2025"]},
        ),
        ("/search?q=quantum+attention+is:starred+has:code", {"text": ["quantum attention"]}),
        ("/search?q=quantum+au:Osei+-kind:preprint&kind=preprint", {"rule": ["quantum AND au:Osei"]}),
        ("/search?q=is:starred&kind=preprint", {}),
        ("/search?q=quantum+OR+is:starred&cat=cs.LG", {"rule": ["cat:cs.LG"]}),
    ],
)
def test_a_search_is_saved_as_a_radar_that_means_the_same(
    reader: TestClient, path: str, filled: dict[str, list[str]]
) -> None:
    page = reader.get(path).text

    (address,) = [link for link in links(page) if link.startswith("/radars/new")]
    assert parse_qs(urlsplit(address).query) == filled
    form = reader.get(address).text
    assert all(value[0].replace('"', "&#34;") in form for value in filled.values())


def test_a_search_can_be_taken_along_and_subscribed(reader: TestClient) -> None:
    page = reader.get("/search?q=quantum&cat=cs.LG").text

    assert "/search.bib?cat=cs.LG&q=quantum" in links(page)
    assert re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="/search\.atom\?', page)


@pytest.mark.parametrize("example", [example for examples, _ in EXAMPLES for example in examples])
def test_every_example_of_the_help_can_be_asked(reader: TestClient, example: str) -> None:
    assert parse(example, scope=Scope.SEARCH) is not None
    assert example.replace('"', "&#34;").replace(">", "&gt;") in reader.get("/search").text


def test_what_the_help_says_each_example_finds_is_said_in_both_languages() -> None:
    for language in LANGUAGES:
        assert all(catalogue(language).text(f"find:{finds}") for _, finds in EXAMPLES)


def test_the_box_alone_asks_the_index_for_nothing_but_its_size(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    page = visit(hub).get("/search").text

    assert hub.searches == 0
    assert "papers can be found" in page
    assert "data-recent" in page


def test_an_address_is_read_into_the_question_it_asks() -> None:
    address = read_search(
        {
            "src": "nature",
            "state": "unread",
            "year": "2026",
            "kind": "review",
            "mode": "meaning",
            "sort": "date",
            "q": "a b",
            "after": "-0x1.8p+3:17",
            "n": "50",
            "per": "50",
            "date": "2026-06-19",
        },
        language="zh",
    )

    assert address.query == SearchQuery(
        text="a b",
        mode=SearchMode.MEANING,
        order=SearchOrder.DATE,
        chosen={
            FacetKind.SOURCE: "nature",
            FacetKind.YEAR: "2026",
            FacetKind.KIND: Kind.REVIEW.value,
            FacetKind.STATE: "unread",
        },
        after=address.query.after,
        size=50,
        language="zh",
    )
    assert address.query.after
    assert (address.query.after.key, address.query.after.work_id, address.query.after.number) == (
        "-0x1.8p+3",
        17,
        50,
    )
    assert "date" not in address.parameters


def test_values_that_a_facet_may_hold_are_escaped_and_quoted(reader: TestClient) -> None:
    facets = {
        FacetKind.VENUE: (Facet('<b>J. "X" & Y</b>', 2), Facet("Z", 1)),
        FacetKind.SOURCE: (Facet("arxiv:cs.CV", 1), Facet("nature", 1)),
        FacetKind.KIND: (Facet("review", 1),),
        FacetKind.STATE: (Facet("unread", 3), Facet("starred", 0), Facet("read", 0)),
    }
    groups = build_groups(facets, {"q": "a", "n": "3", "done": "x"}, catalogue("en"))

    assert [group.name for group in groups] == ["venue", "src"]
    assert groups[0].lines[0].href == "/search?venue=%3Cb%3EJ.+%22X%22+%26+Y%3C%2Fb%3E&q=a"
    assert groups[1].lines[0].label == "arXiv cs.CV"
    page = reader.get("/search", params={"q": "a", "venue": '<b>J. "X" & Y</b>'}).text
    assert "<b>J." not in page
    check(page)


def test_a_search_asks_the_hub_the_same_number_of_questions_whatever_it_finds(
    visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("search", "states", "badges", "belongs", "ai_texts", "radars", "feed", "paper"):
        method = getattr(FakeHub, name)

        def count(
            self: FakeHub,
            *args: object,
            _name: str = name,
            _method: Callable[..., object] = method,
            **more: object,
        ) -> object:
            asked.append(_name)
            return _method(self, *args, **more)

        monkeypatch.setattr(FakeHub, name, count)
    client = visit(FakeHub())
    client.get("/search?q=rivers&mode=words")
    few, asked[:] = list(asked), []
    client.get("/search?q=the&per=200")

    assert asked == few == ["search", "states", "badges", "belongs", "ai_texts"]


def test_an_empty_hub_has_a_search_page(visit: Callable[..., TestClient]) -> None:
    client = visit(FakeHub(is_empty=True))

    assert "Nothing was found" in client.get("/search?q=a").text
    assert "0 papers can be found" in client.get("/search").text


def test_a_papers_page_lists_what_is_like_it_and_says_by_what(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    by_meaning = visit(hub).get("/p/2").text
    hub.is_without_model = True
    by_words = visit(hub, "zh").get("/p/2").text

    assert '<h2 id="similar">Similar papers<small>by meaning</small></h2>' in by_meaning
    assert "93%" in by_meaning
    assert "按用词" in by_words
    assert 'id="similar"' not in visit(hub).get("/p/5").text
    check(by_meaning)


def test_what_is_like_a_paper_in_two_ways_says_so() -> None:
    (card,) = FakeHub().cards_of([1])
    visit = Visit("/p/2", {}, read_reader("", "en", ""), catalogue("en"))
    similar = build_similar(
        (Similar(card, 0.9, is_by_meaning=True), Similar(card, 0.2, is_by_meaning=False)), visit
    )

    assert similar
    assert similar.how == "by meaning, and by words where there is no vector"
    assert [line.likeness for line in similar.lines] == ["90%", "20%"]
    assert build_similar((), visit) is None
