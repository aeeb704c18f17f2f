"""Lists as files and feeds: one address scheme, safe names, the right types, and where a list goes on."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import feedparser
import pytest

from academichub.cli.exporting import Choice, list_of
from academichub.errors import CollectionUnknown, FormatUnknown, RadarUnknown
from academichub.model.keeping import Mark
from academichub.model.search import SearchNote
from academichub.references.writing.formats import FORMATS, MOST_IN_A_FEED, MOST_IN_A_FILE
from academichub.web.exportaddress import FEEDS, FILES, feed_links, file_address
from tests.doors.conftest import open_door
from tests.fakes.hub import NOW, FakeHub
from tests.fakes.hub_authors import ADA

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.testclient import TestClient

    from academichub.model.search import SearchPage, SearchQuery

LISTS = (
    *("/today", "/today?cat=cs.LG", "/today?sort=match", "/search?q=quantum", "/kept/starred", "/kept/later"),
    *("/kept/read", "/kept/hidden", "/kept/noted", "/tags/quantum", "/tags/to%20cite", "/c/spatial"),
    *("/radars/quantum-attention", f"/authors/{ADA}", "/authors?name=Ada+Fenwick"),
)


class ListHub(FakeHub):
    """The made-up hub, with notes on what it finds."""

    notes: tuple[SearchNote, ...] = ()

    def search(self, query: SearchQuery, *, now: datetime) -> SearchPage:
        """Search, and say what is noted."""
        return replace(super().search(query, now=now), notes=self.notes)


def with_suffix(page: str, suffix: str) -> str:
    path, mark, query = page.partition("?")
    return f"{path}.{suffix}{mark}{query}"


@pytest.fixture
def hub() -> ListHub:
    return ListHub()


@pytest.fixture(scope="module")
def shown() -> TestClient:
    """Open one door for all tests that only read."""
    return open_door(ListHub())


@pytest.mark.parametrize("page", LISTS)
def test_every_list_is_there_in_every_format(shown: TestClient, page: str) -> None:
    for chosen in FORMATS:
        answer = shown.get(with_suffix(page, chosen.suffix))

        assert answer.status_code == 200, answer.text[:300]
        assert answer.headers["content-type"] == chosen.media_type
        assert answer.headers["content-disposition"].startswith("inline" if chosen.is_feed else "attachment")
        assert f'{chosen.ending}"' in answer.headers["content-disposition"]
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("suffix", FILES)
def test_a_paper_is_there_as_a_file(shown: TestClient, suffix: str) -> None:
    answer = shown.get(f"/p/2.{suffix}")

    assert answer.status_code == 200
    assert 'filename="paper-2' in answer.headers["content-disposition"]


def test_one_paper_in_markdown_is_one_line_that_can_be_pasted(shown: TestClient) -> None:
    text = shown.get("/p/2.md").text

    assert text.startswith("- ")
    assert text.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/p/2.atom", 404),
        ("/p/123456.bib", 404),
        ("/p/99999999999999999999.bib", 404),
        ("/p/0.bib", 404),
        ("/kept/nothing.bib", 404),
        ("/tags/nobody.bib", 404),
        ("/c/nowhere.bib", 404),
        ("/c/nowhere.atom", 404),
        ("/radars/nowhere.bib", 404),
        ("/radars/quantum-attention/2026-99-99.bib", 400),
        ("/search.bib", 400),
        ("/search.bib?q=is%3A", 400),
        ("/search.atom?q=quantum&after=x%20y", 400),
        ("/today.atom?date=x", 400),
        ("/kept/starred.bib?after=x", 400),
        ("/authors.bib", 400),
        (f"/authors/{ADA}.bib?after=x", 400),
        (f"/authors/{ADA}.bib?after=2026-99-99:1", 400),
        ("/kept/starred.docx", 404),
        ("/sources.bib", 404),
        ("/today.", 404),
    ],
)
def test_what_is_no_list_is_refused_in_words(shown: TestClient, path: str, status: int) -> None:
    answer = shown.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_a_paper_that_became_another_one_leads_there(shown: TestClient) -> None:
    answer = shown.get("/p/900.bib")

    assert (answer.status_code, answer.headers["location"]) == (302, "/p/2.bib")


def test_a_tag_that_looks_like_a_file_leads_to_its_papers(hub: ListHub, client: TestClient) -> None:
    hub.set_tags(5, ["notes.md"], now=NOW)

    answer = client.get("/tags/notes.md")

    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=tag%3A%22notes.md%22")


def test_a_tag_before_its_suffix_is_meant_first(hub: ListHub, client: TestClient) -> None:
    hub.set_tags(5, ["notes.md", "Notes"], now=NOW)

    assert client.get("/tags/notes.md").headers["content-type"].startswith("text/markdown")


def test_a_feed_says_what_it_is_of_in_the_readers_language(
    hub: ListHub, visit: Callable[..., TestClient]
) -> None:
    for language, title in (("en", "AcademicHub · Today"), ("zh", "AcademicHub · 今天")):
        feed = feedparser.parse(visit(hub, language).get("/today.atom").content)
        assert not feed.bozo
        assert feed.feed.title.startswith("AcademicHub · ")
        assert language == "zh" or feed.feed.title == title


def test_a_feed_knows_its_own_address_and_its_page(shown: TestClient) -> None:
    feed = feedparser.parse(shown.get("/today.atom?cat=cs.LG&density=compact&lang=en").content)

    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"] == "http://localhost:8000/today.atom?cat=cs.LG"
    assert links["alternate"] == "http://localhost:8000/?cat=cs.LG"
    assert feed.entries[0].link.startswith("http://localhost:8000/p/")


def test_the_feed_of_today_goes_back_over_days_and_the_file_does_not(
    hub: ListHub, client: TestClient
) -> None:
    feed = feedparser.parse(client.get("/today.atom").content)
    file = json.loads(client.get("/today.csl.json").content)

    assert len(feed.entries) > len(file) == hub.newest


def test_a_feed_of_many_papers_goes_on_until_all_are_told(visit: Callable[..., TestClient]) -> None:
    hub = ListHub(newest=450)
    client = visit(hub)
    address: str | None = "/today.atom"
    told: list[str] = []

    for _ in range(10):
        if address is None:
            break
        feed = feedparser.parse(client.get(address).content)
        told += [entry.id for entry in feed.entries]
        assert len(feed.entries) <= MOST_IN_A_FEED
        address = next((link.href for link in feed.feed.links if link.rel == "next"), None)

    assert len(set(told)) == len(told) == 450


@pytest.mark.parametrize(
    "page", ["/today?sort=match&date=2026-06-19", "/search?q=the&mode=words", "/kept/read"]
)
def test_the_parts_of_a_list_have_no_paper_twice_and_none_missing(
    visit: Callable[..., TestClient], page: str
) -> None:
    hub = ListHub(newest=250)
    hub.mark([card.work_id for card in hub._cards[:240]], Mark.READ, on=True, now=NOW)
    client = visit(hub)
    address: str | None = with_suffix(page, "feed.json")
    told: list[str] = []

    while address is not None:
        answer = client.get(address)
        feed = answer.json()
        told += [story["id"] for story in feed["items"]]
        address = feed.get("next_url")
        assert (f'<{address}>; rel="next"' == answer.headers.get("link")) == (address is not None)

    whole = json.loads(client.get(with_suffix(page, "csl.json")).content)
    assert len(set(told)) == len(told)
    assert len(told) == len(whole)


def test_a_list_longer_than_a_file_says_so(
    hub: ListHub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("academichub.web.exportpages.MOST_IN_A_FILE", 3)
    hub.mark(list(range(1, 9)), Mark.LATER, on=True, now=NOW)

    first = client.get("/kept/later.md")
    second = client.get(first.headers["link"].partition(">")[0].removeprefix("<"))

    assert MOST_IN_A_FILE == 5_000
    assert 'filename="later-first-3.md"' in first.headers["content-disposition"]
    assert first.text.splitlines()[0].endswith("· 1–3 / 8")
    assert 'filename="later-4-6.md"' in second.headers["content-disposition"]
    assert second.text.splitlines()[0].endswith("· 4–6 / 8")


def test_a_collection_is_written_with_what_is_no_work_of_the_hub(shown: TestClient) -> None:
    entries = json.loads(shown.get("/c/thesis.csl.json").content)
    feed = feedparser.parse(shown.get("/c/thesis.atom").content)

    assert len(entries) == 2
    assert feed.entries == []
    assert not feed.bozo


def test_an_unchanged_file_is_not_sent_twice(shown: TestClient) -> None:
    first = shown.get("/kept/starred.atom")

    again = shown.get("/kept/starred.atom", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert shown.head("/kept/starred.atom").headers["etag"] == first.headers["etag"]


def test_a_mark_changes_the_feed_at_once(hub: ListHub, client: TestClient) -> None:
    before = feedparser.parse(client.get("/kept/starred.atom").content)

    hub.mark([9], Mark.STARRED, on=True, now=NOW + timedelta(minutes=1))
    after = feedparser.parse(client.get("/kept/starred.atom").content)

    assert len(after.entries) == len(before.entries) + 1


def test_what_the_index_has_not_followed_yet_is_not_kept(hub: ListHub, client: TestClient) -> None:
    hub.notes = (SearchNote.BEHIND,)

    assert client.get("/search.atom?q=quantum").headers["cache-control"] == "no-store"


def test_the_feed_of_a_search_has_the_newest_first_unless_told_otherwise(shown: TestClient) -> None:
    by_date = shown.get("/search.feed.json?q=the&sort=date").json()["items"]

    assert shown.get("/search.feed.json?q=the").json()["items"] == by_date
    assert shown.get("/search.csl.json?q=the").status_code == 200


def test_an_empty_hub_has_empty_lists(visit: Callable[..., TestClient]) -> None:
    client = visit(ListHub(is_empty=True))

    for page in ("/today", "/today?sort=match", "/kept/starred", "/search?q=x"):
        feed = feedparser.parse(client.get(with_suffix(page, "atom")).content)
        assert feed.entries == []
        assert not feed.bozo
        assert client.get(with_suffix(page, "bib")).content == b""


@pytest.mark.parametrize(
    "name", ['a"b;\r\nX: y', "../../etc/passwd", "雷达", "a/b", ".hidden", "100%", "💥" * 90]
)
def test_no_name_of_a_tag_gets_out_of_its_header(hub: ListHub, client: TestClient, name: str) -> None:
    hub.set_tags(5, [name], now=NOW)
    shown = next(iter(hub.states([5])[5].tags))

    answer = client.get(f"/tags/{quote(shown, safe='')}.bib")

    said = answer.headers["content-disposition"]
    assert answer.status_code == 200
    assert re.fullmatch(
        r"attachment; filename=\"[A-Za-z0-9_-][A-Za-z0-9._-]*\.bib\"(; filename\*=UTF-8''[\w.%-]+)?", said
    )
    assert ".." not in said


def test_behind_a_proxy_a_feed_has_the_public_address(visit: Callable[..., TestClient]) -> None:
    hub = ListHub()
    hub.settings = replace(hub.settings, public_url="https://papers.example/")

    feed = feedparser.parse(visit(hub).get("/kept/starred.atom").content)

    assert feed.feed.id == "https://papers.example/kept/starred"


def test_only_reading_is_answered(shown: TestClient) -> None:
    answer = shown.post("/kept/starred.bib", headers={"sec-fetch-site": "same-origin"})

    assert answer.status_code in {404, 405}


def test_a_page_writes_the_addresses_of_its_files() -> None:
    parameters = {"cat": "cs.LG", "after": "x", "n": "50", "per": "100", "density": "compact", "lang": "zh"}

    assert file_address("/", parameters, "bib") == "/today.bib?cat=cs.LG"
    assert file_address("/tags/two%20words", {}, "csl.json") == "/tags/two%20words.csl.json"
    assert [link.suffix for link in feed_links("/kept/starred", {})] == list(FEEDS)
    assert feed_links("/kept/starred", {})[0].media_type == "application/atom+xml"


def test_a_radar_and_a_collection_that_are_not_there_say_so(hub: ListHub) -> None:
    with pytest.raises(RadarUnknown):
        hub.radar("nowhere")
    with pytest.raises(CollectionUnknown):
        hub.collection("nowhere")


@pytest.mark.parametrize(
    ("choice", "page", "parameters"),
    [
        (Choice(search="rivers"), "search", {"q": "rivers"}),
        (Choice(is_starred=True), "kept/starred", {}),
        (Choice(tag="to cite"), "tags/to cite", {}),
        (Choice(collection="thesis"), "c/thesis", {}),
        (Choice(radar="rivers"), "radars/rivers", {}),
        (Choice(radar="rivers", day="2026-06-19"), "radars/rivers/2026-06-19", {}),
        (Choice(day="2026-06-19"), "today", {"date": "2026-06-19"}),
    ],
)
def test_the_command_names_the_list_that_a_page_has(
    choice: Choice, page: str, parameters: dict[str, str]
) -> None:
    assert choice.page() == (page, parameters)


@pytest.mark.parametrize("choice", [Choice(), Choice(search="x", is_starred=True)])
def test_the_command_wants_one_list(choice: Choice) -> None:
    with pytest.raises(ValueError, match="choose one list"):
        choice.page()


def test_the_command_writes_what_the_page_writes(hub: ListHub, shown: TestClient) -> None:
    body, works, is_cut = list_of(hub, "kept/starred", {}, file_format="csl.json", now=NOW)

    assert (json.loads(body), works, is_cut) == (shown.get("/kept/starred.csl.json").json(), 2, False)
    assert len(json.loads(list_of(hub, "c/thesis", {}, file_format="csl.json", now=NOW)[0])) == 2
    assert b"<feed" in list_of(hub, "today", {}, file_format="atom", now=NOW)[0]
    with pytest.raises(FormatUnknown):
        list_of(hub, "kept/starred", {}, file_format="docx", now=NOW)
