"""What a reader keeps: marks with undo, tags, notes, the lists they make, and the keys and places to go."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub import web
from academichub.model.keeping import Mark, Pile
from academichub.web.i18n import catalogue
from academichub.web.views.keys import GOES, SHORTCUTS
from academichub.web.views.marks import DONE
from tests.fakes.hub import FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import Response
    from starlette.testclient import TestClient

OURS = {"sec-fetch-site": "same-origin"}
SCRIPT = {**OURS, "accept": "application/json"}
STATIC = Path(web.__file__).parent / "static"


def post(client: TestClient, path: str, **fields: str) -> Response:
    return client.post(path, data=fields, headers=OURS)


def card_of(page: str, work: int) -> str:
    return page.partition(f'data-work="{work}"')[2].partition("</article>")[0]


def is_on(card: str, mark: str) -> bool:
    return f'data-mark="{mark}" name="off"' in card


# -- marks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [mark.value for mark in Mark])
def test_a_mark_is_set_and_taken_away_by_its_button(client: TestClient, mark: str) -> None:
    answer = post(client, "/p/8/marks", on=mark, back="/?per=25")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/?per=25&done={mark}-on&count=")
    assert answer.headers["location"].endswith("#w8")
    assert is_on(card_of(client.get("/?per=25").text, 8), mark)

    post(client, "/p/8/marks", off=mark, back="/?per=25")

    assert not is_on(card_of(client.get("/?per=25").text, 8), mark)


def test_after_a_mark_the_page_says_what_was_done_and_takes_it_back(client: TestClient) -> None:
    led_to = post(client, "/p/8/marks", on="hidden", back="/?per=25").headers["location"]
    page = client.get(led_to).text
    assert "Hidden." in page
    action = re.search(r'name="action" value="(\d+)"', page)
    assert action

    answer = post(client, "/marks", do="undo", action=action[1], back="/?per=25")

    assert "Taken back." in client.get(answer.headers["location"]).text
    assert not is_on(card_of(client.get("/?per=25").text, 8), "hidden")
    again = post(client, "/marks", do="undo", action=action[1], back="/?per=25")
    assert "There was nothing left to take back." in client.get(again.headers["location"]).text


def test_a_script_is_told_the_action_in_place_of_a_page(client: TestClient) -> None:
    answer = client.post("/p/8/marks", data={"on": "starred"}, headers=SCRIPT)
    assert answer.json()["said"] == "Starred."

    undone = client.post("/marks", data={"do": "undo", "action": answer.json()["action"]}, headers=SCRIPT)
    again = client.post("/marks", data={"do": "undo", "action": answer.json()["action"]}, headers=SCRIPT)

    assert (undone.status_code, undone.json()["said"]) == (200, "Taken back.")
    assert again.status_code == 409
    assert not is_on(card_of(client.get("/").text, 8), "starred")


def test_a_hidden_card_keeps_its_number_and_offers_the_way_back(client: TestClient) -> None:
    page = client.get("/").text
    card = card_of(page, 4)

    assert 'class="is-gone"' in card.partition(">")[0]
    assert '<p class="n">04.</p>' in card
    assert "Hidden · undo" in card
    assert '<p class="n">05.</p>' in card_of(page, 5)


def test_only_the_hidden_papers_button_offers_to_undo(reader: TestClient) -> None:
    assert card_of(reader.get("/").text, 1).count("Hidden · undo") == 1
    assert card_of(reader.get("/").text, 1).count("aria-pressed") == 3


def test_the_day_says_how_much_is_unread_and_where_it_is_listed(reader: TestClient) -> None:
    page = reader.get("/?lang=en").text

    assert '<a href="/search?sort=date&amp;q=date%3A2026-06-19+is%3Aunread&amp;lang=en">57 unread</a>' in page


def test_a_day_is_marked_as_read_and_that_is_taken_back(client: TestClient, hub: FakeHub) -> None:
    page = client.get("/").text
    assert "Mark the day as read" in page

    led_to = post(client, "/marks", do="day", on="2026-06-19", back="/").headers["location"]
    read = client.get(led_to).text
    assert "The whole day is marked as read." in read
    assert "Mark the day as read" not in read
    assert hub.unread(hub.now.date()) == 0

    action = re.search(r'name="action" value="(\d+)"', read)
    assert action
    post(client, "/marks", do="undo", action=action[1], back="/")

    assert hub.unread(hub.now.date()) == 57


def test_asking_for_a_paper_changes_nothing(client: TestClient, hub: FakeHub) -> None:
    revision = hub.revision()

    page = client.get("/p/8").text

    assert hub.revision() == revision
    assert not is_on(page, "read")


def test_the_states_of_a_whole_page_are_one_question(visit: Callable[..., TestClient]) -> None:
    asked = []
    for newest in (5, 60):
        hub = FakeHub(newest=newest)
        visit(hub).get("/?per=200")
        asked.append([len(works) for works in hub.asked_states])

    assert asked == [[5], [60]]


@pytest.mark.parametrize("path", ["/kept/starred", "/tags/quantum", "/c/spatial", "/p/2"])
def test_every_list_asks_for_states_once(hub: FakeHub, visit: Callable[..., TestClient], path: str) -> None:
    visit(hub).get(path)

    assert len(hub.asked_states) == 1


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/p/8/marks", {"on": "loved"}),
        ("/p/8/marks", {}),
        ("/p/8/marks", {"on": "read", "back": "//evil.example/"}),
        ("/p/8/marks", {"on": "read", "back": "https://evil.example/"}),
        ("/p/8/marks", {"on": "read", "back": "/\\evil.example"}),
        ("/p/8/marks", {"on": "read", "back": "/\r\nset-cookie: a=b"}),
        ("/p/8/marks", {"on": "read", "back": "/" + "a" * 2001}),
        ("/p/8/marks", {"on": "read", "back": "/?lang=tlh"}),
        ("/marks", {}),
        ("/marks", {"do": "day"}),
        ("/marks", {"do": "day", "on": "yesterday"}),
        ("/marks", {"do": "undo", "action": "x"}),
        ("/marks", {"do": "undo", "action": "9" * 30}),
        ("/p/8/note", {"note": "a"}),
        ("/p/8/tags", {"add": " , ，"}),
        ("/p/8/tags", {"add": "a" * 101}),
        ("/c/spatial", {"do": "burn"}),
        ("/c/spatial", {"do": "take-out", "work": "x"}),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_in_words(
    client: TestClient, hub: FakeHub, path: str, fields: dict[str, str]
) -> None:
    revision = hub.revision()

    answer = post(client, path, **fields)

    assert answer.status_code == 400
    assert 'class="button"' in answer.text
    assert hub.revision() == revision


@pytest.mark.parametrize("path", ["/p/999999/marks", "/p/99999999999999999999999/marks", "/p/999999/tags"])
def test_a_paper_that_is_not_there_cannot_be_marked(client: TestClient, path: str) -> None:
    assert post(client, path, on="read", add="x").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/p/8/marks", "/p/8/tags", "/p/8/note", "/p/8/collections", "/marks"),
        *("/c", "/c/new", "/c/spatial"),
    ],
)
def test_no_other_site_can_send_these_forms(client: TestClient, hub: FakeHub, path: str) -> None:
    revision = hub.revision()
    fields = {"on": "read", "add": "x", "note": "x", "do": "remove", "name": "x"}

    answer = client.post(path, data=fields, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert hub.revision() == revision


# -- tags and notes -----------------------------------------------------------------------------------


def test_tags_are_added_many_at_once_and_taken_away_one_by_one(client: TestClient, hub: FakeHub) -> None:
    answer = post(client, "/p/8/tags", add="to cite, 长期  观测，to cite、c")

    assert answer.headers["location"].startswith("/p/8?done=tagged")
    assert set(hub.states([8])[8].tags) == {"to cite", "长期 观测", "c"}

    post(client, "/p/8/tags", remove="c")

    assert set(hub.states([8])[8].tags) == {"to cite", "长期 观测"}


def test_tags_that_others_have_are_offered(reader: TestClient) -> None:
    page = reader.get("/p/2").text
    offered = page.partition('<datalist id="known-tags">')[2].partition("</datalist>")[0]

    assert '<option value="量子注意力">' in offered
    assert "quantum" not in offered  # the paper has it already


def test_a_tag_of_any_name_has_a_page_of_its_own(client: TestClient) -> None:
    for name in ("a/b", "50% done?", "#1", "<i>", "量子", "a&b"):
        post(client, "/p/8/tags", add=name)
    tags = client.get("/tags").text
    links = re.findall(r'<li><a href="(/tags/[^"]+)"', tags)

    assert len(links) == 9
    for link in links:
        page = client.get(link.replace("&amp;", "&"))
        assert page.status_code == 200
        assert "data-work=" in page.text, link


def test_a_tag_that_no_paper_has_is_an_empty_page_and_a_broken_one_is_unknown(reader: TestClient) -> None:
    assert "No paper has this tag." in reader.get("/tags/nothing").text
    assert reader.get("/tags/%00").status_code == 404
    assert reader.get("/tags/" + "a" * 301).status_code == 404


def test_a_note_is_kept_shown_and_removed(client: TestClient) -> None:
    led_to = post(client, "/p/8/note", do="save", note="See **table 2**.\r\n\r\n<script>").headers["location"]
    page = client.get(led_to).text
    assert "The note is kept." in page
    assert "<strong>table 2</strong>" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page

    led_to = post(client, "/p/8/note", do="save", note="  ").headers["location"]

    assert "The note is removed." in client.get(led_to).text


def test_a_note_is_previewed_without_being_kept(client: TestClient, hub: FakeHub) -> None:
    revision = hub.revision()

    page = client.post("/p/8/note", data={"do": "preview", "note": "*soon* <b>"}, headers=OURS)
    live = client.post("/p/8/note", data={"do": "preview", "note": "*soon*"}, headers=SCRIPT)

    assert page.status_code == 200
    assert "<em>soon</em> &lt;b&gt;" in page.text
    assert "*soon* &lt;b&gt;</textarea>" in page.text
    assert "<em>soon</em>" in live.json()["html"]
    assert hub.revision() == revision


def test_a_page_that_answers_a_form_leads_back_to_the_paper(client: TestClient) -> None:
    page = client.post("/p/8/note", data={"do": "preview", "note": "a"}, headers=OURS).text

    assert '/p/8/note"' in page  # where the note is sent
    assert 'value="/p/8"' in page
    assert 'value="/p/8/note"' not in page
    assert 'href="/p/8?lang=en"' in page


def test_a_note_that_is_too_long_comes_back_with_what_was_typed(client: TestClient) -> None:
    files = {"file": ("", b"")}
    fields = {"do": "save", "note": "长" * 100_001}

    for fields["do"] in ("save", "preview"):
        answer = client.post("/p/8/note", data=fields, files=files, headers=OURS)

        assert answer.status_code == 400
        assert "it is too long" in answer.text
        assert "长" * 100 in answer.text


def test_a_note_of_the_longest_kind_in_chinese_is_taken(client: TestClient, hub: FakeHub) -> None:
    files = {"file": ("", b"")}

    answer = client.post("/p/8/note", data={"do": "save", "note": "长" * 100_000}, files=files, headers=OURS)

    assert answer.status_code == 303
    assert len((hub.note(8) or hub.note(2)).text) == 100_000  # type: ignore[union-attr]  # it is there


def test_a_form_beyond_all_measure_is_refused_in_words(client: TestClient) -> None:
    answer = client.post(
        "/p/8/note", data={"do": "save", "note": "a" * 600_000}, files={"file": ("", b"")}, headers=OURS
    )

    assert answer.status_code == 400
    assert 'class="button"' in answer.text


def test_a_paper_can_be_taken_along_in_four_forms(reader: TestClient) -> None:
    page = reader.get("/p/2").text

    for suffix in ("bib", "ris", "csl.json", "md"):
        assert f'<a href="/p/2.{suffix}" data-copy="{suffix}">' in page


def test_authors_lead_to_their_pages(reader: TestClient) -> None:
    page = reader.get("/p/2?lang=en").text

    assert 'href="/authors/0000-0002-1825-0097?lang=en">Ruth Osei</a>' in page
    assert 'href="/authors?name=Jonas+Lindqvist&amp;lang=en">Jonas Lindqvist</a>' in page


# -- lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pile", [pile.value for pile in Pile])
def test_every_pile_has_a_page_with_its_papers_numbered(reader: TestClient, pile: str) -> None:
    page = reader.get(f"/kept/{pile}").text

    assert '<p class="n">01.</p>' in page
    assert f'href="/kept/{pile}.bib"' in page
    assert 'type="application/atom+xml" title=' in page


def test_the_newest_mark_comes_first(client: TestClient) -> None:
    post(client, "/p/9/marks", on="starred")

    works = re.findall(r'data-work="(\d+)"', client.get("/kept/starred").text)

    assert works == ["9", "3", "2"]


def test_a_long_list_goes_on_with_the_next_number(client: TestClient, hub: FakeHub) -> None:
    hub.mark(list(range(1, 61)), Mark.LATER, on=True, now=hub.now)
    first = client.get("/kept/later").text
    more = re.search(r'<a class="button" rel="next" href="([^"]+)"', first)
    assert more

    second = client.get(more[1].replace("&amp;", "&")).text

    assert '<p class="n">51.</p>' in second
    assert '<p class="n">60.</p>' in second
    assert 'rel="next" href="/kept' not in second
    assert 'href="/kept/later">Back to number 01</a>' in second
    shown = re.findall(r'data-work="(\d+)"', first + second)
    assert len(shown) == len(set(shown)) == 60


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/kept/starred", "/kept/noted", "/tags", "/c", "/go"])
def test_a_hub_where_nothing_is_kept_says_so_on_every_list(
    visit: Callable[..., TestClient], path: str, language: str
) -> None:
    page = visit(FakeHub(is_empty=True), language).get(path)

    assert page.status_code == 200
    assert path == "/go" or 'class="none"' in page.text


@pytest.mark.parametrize("path", ["/kept/loved", "/kept/%00", "/c/none", "/c/%00", "/c/none/remove"])
def test_a_list_that_is_not_there_is_unknown(reader: TestClient, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["after=x", "after=1&n=x", "after=99999999999999999999", "after=1&n=1000001"]
)
def test_a_place_in_a_list_that_makes_no_sense_is_refused(reader: TestClient, query: str) -> None:
    assert reader.get(f"/kept/starred?{query}").status_code == 400


def test_the_piles_have_one_beginning(reader: TestClient) -> None:
    assert reader.get("/kept?lang=en").headers["location"] == "/kept/starred?lang=en"


# -- keys and places ----------------------------------------------------------------------------------


def named_in(script: str, table: str) -> set[str]:
    body = script.partition(f"const {table} = {{\n")[2].partition("\n};")[0]
    return {name.strip('"') for name in re.findall(r'^  ("[^"]+"|\w+):', body, re.MULTILINE)}


def test_the_help_lists_every_key_that_does_something_and_no_other() -> None:
    script = (STATIC / "page.js").read_text("utf-8")
    everywhere = [pair for title, pairs in SHORTCUTS if title != "In a briefing" for pair in pairs]
    listed = {key for keys, _ in everywhere for key in keys}

    done = (
        named_in(script, "keys") - {"="}
        | {"Enter", "Ctrl K"}
        | {f"g {key}" for key in named_in(script, "places")}
    )

    assert listed == done


def test_the_script_and_the_table_agree_on_where_letters_lead() -> None:
    script = (STATIC / "page.js").read_text("utf-8")

    for key, path, _ in GOES:
        assert f'  {key}: "{path}",' in script


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_about_page_lists_every_shortcut(reader: TestClient, language: str) -> None:
    page = reader.get("/about", headers={"accept-language": language}).text

    for _, pairs in SHORTCUTS:
        for keys, does in pairs:
            assert f"<dd>{catalogue(language).text(does)}</dd>" in page
            assert all(f"<kbd>{key}</kbd>" in page for key in keys)


def test_no_two_keys_mean_different_things() -> None:
    everywhere = [pair for title, pairs in SHORTCUTS if title != "In a briefing" for pair in pairs]
    listed = [key for keys, _ in everywhere for key in keys]

    assert len(listed) == len(set(listed))


def test_every_place_is_on_a_page_of_its_own(reader: TestClient) -> None:
    page = reader.get("/go?lang=en").text

    for href in ("/kept/later", "/radars/rivers", "/c/thesis", "/tags/quantum", "/sources/add"):
        assert f'href="{href}?lang=en"' in page
    assert "<kbd>g t</kbd>" in page
    assert (
        "<kbd>"
        not in reader.get("/go", headers={"cookie": "hub_keys=off"})
        .text.partition("<main")[2]
        .partition("</main>")[0]
    )


def test_the_head_has_a_search_box_that_keeps_the_language_of_the_address(reader: TestClient) -> None:
    assert '<form class="finder" role="search" action="/search">' in reader.get("/about").text
    assert '<input type="hidden" name="lang" value="en">' in reader.get("/about?lang=en").text
    assert 'name="lang"' not in reader.get("/about").text.partition("<main")[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_was_done_can_be_said(language: str) -> None:
    for done in DONE:
        assert catalogue(language).text(f"done:{done}")


def test_a_notice_with_a_number_that_is_none_offers_nothing_to_undo(reader: TestClient) -> None:
    assert 'name="action"' not in reader.get("/?done=starred-on&count=x").text
    assert 'name="action"' not in reader.get("/?done=tagged&count=3").text
    assert 'class="notice said"' not in reader.get("/?done=nonsense").text
