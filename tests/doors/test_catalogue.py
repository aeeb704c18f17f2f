"""Where sources are found: the catalogue, any address, a file of subscriptions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from academichub.model.shelf import CatalogueRow, OpmlReport, RejectedOutline
from academichub.web.forms import LARGEST_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from tests.fakes.hub import FakeHub

OURS = {"sec-fetch-site": "same-origin"}
OPML = b'<opml version="2.0"><body><outline type="rss" xmlUrl="https://a.example/feed"/></body></opml>'


def names(page: str) -> list[str]:
    listed = page.partition('<section class="catalogue"')[2].partition("</section>")[0]
    return re.findall(r'<p class="name"><span lang="[^"]+">([^<]+)', listed)


# -- the catalogue --------------------------------------------------------------------------------


def test_the_catalogue_is_searched_by_words_field_and_way(client: TestClient) -> None:
    assert len(names(client.get("/sources/add").text)) == 7
    assert names(client.get("/sources/add?q=delta").text) == ["Notes on Sediment"]
    assert names(client.get("/sources/add?field=earth").text) == [
        "Notes on Sediment",
        "Acta Hydrologica Ficta",
    ]
    assert names(client.get("/sources/add?field=earth&access=feed").text) == ["Acta Hydrologica Ficta"]


def test_the_search_stays_in_the_form_and_can_be_cleared(client: TestClient) -> None:
    page = client.get("/sources/add?q=arxiv&field=computer-science&access=feed&lang=en").text

    assert 'type="search"' in page
    assert 'value="arxiv"' in page
    assert '<option value="computer-science" selected>Computer science</option>' in page
    assert '<option value="feed" selected>Feed with abstracts</option>' in page
    assert '<input type="hidden" name="lang" value="en">' in page
    assert '<a class="clear" href="/sources/add?lang=en">' in page


def test_a_search_without_finds_leads_on_to_the_address(client: TestClient) -> None:
    assert "can still be added by its address" in client.get("/sources/add?q=zebra+husbandry").text


def test_each_reader_sees_a_name_in_their_language_first(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    chinese, english = visit(hub, "zh").get("/sources/add").text, visit(hub).get("/sources/add").text

    assert '<span lang="zh">天文快报</span> <small lang="en">Astronomy Letters</small>' in chinese
    assert '<span lang="en">Astronomy Letters</span> <small lang="zh">天文快报</small>' in english
    assert '<span lang="en">arXiv cs.RO</span> <small lang="zh">机器人学</small>' in chinese
    assert '<span lang="en">arXiv cs.RO</span> <small lang="en">Robotics</small>' in english
    assert "<span>地球科学</span>" in chinese


def test_what_is_subscribed_already_says_so(client: TestClient) -> None:
    page = client.get("/sources/add").text

    assert 'name="name" value="nature"' not in page
    assert '<a class="done" href="/sources/nature">' in page
    assert 'name="name" value="letters-astronomy">Subscribe<span class="vh"> Astronomy Letters' in page


def test_a_source_is_subscribed_and_the_search_is_still_there(client: TestClient, hub: FakeHub) -> None:
    form = {"do": "subscribe", "name": "notes-on-sediment", "q": "delta", "field": "earth"}

    answer = client.post("/sources/add?lang=en", data=form, headers=OURS)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sources/add?q=delta&field=earth&done=added&lang=en"
    assert hub.rows[-1].key == "notes-on-sediment"
    page = client.get(answer.headers["location"]).text
    assert "The source is added" in page
    assert "Subscribed" in page


def test_a_long_catalogue_is_turned_page_by_page(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tuple(
        CatalogueRow(f"j{n}", f"Journal {n}", "", "", "earth", "P", "", "new way", "en", "", False)
        for n in range(95)
    )
    monkeypatch.setattr(hub, "catalogue", lambda _words, **_: rows)
    door = visit(hub)
    seen: list[str] = []
    path: str | None = "/sources/add?q=journal"
    while path:
        page = door.get(path).text
        seen += names(page)
        found = re.search(r'<a rel="next" href="([^"]+)"', page)
        path = found.group(1).replace("&amp;", "&") if found else None

    assert seen == [row.title for row in rows]
    last = door.get("/sources/add?n=80").text
    assert "81–95 of 95 sources in the catalogue" in last
    assert 'rel="prev" href="/sources/add?n=40"' in last
    assert "<span>new way</span>" in last
    assert "41–80 of" in door.get("/sources/add?n=50").text
    assert "81–95 of" in door.get("/sources/add?n=9999").text


# -- any address ----------------------------------------------------------------------------------


def find(client: TestClient, url: str) -> tuple[int, str]:
    answer = client.post("/sources/add", data={"do": "find", "url": url}, headers=OURS)
    return answer.status_code, answer.text


def test_a_feed_that_is_pasted_is_subscribed_at_once(client: TestClient, hub: FakeHub) -> None:
    assert find(client, " https://journal.example.org/rss ")[0] == 303
    assert hub.rows[-1].url == "https://journal.example.org/rss"

    assert find(client, "nameless.example.org/rss")[0] == 303
    assert hub.rows[-1].url == "https://nameless.example.org/rss"


def test_a_category_or_a_key_is_subscribed_without_asking_anybody(client: TestClient, hub: FakeHub) -> None:
    assert find(client, "cs.RO")[0] == 303
    assert find(client, "letters-astronomy")[0] == 303
    assert [row.key for row in hub.rows[-2:]] == ["arxiv:cs.RO", "letters-astronomy"]


def test_a_page_that_is_pasted_shows_its_feeds_to_pick_from(client: TestClient, hub: FakeHub) -> None:
    before = len(hub.rows)

    status, page = find(client, "https://page.example.org/")

    assert status == 200
    assert len(hub.rows) == before
    assert "This page offers 4 sources:" in page
    found = page.partition('class="found"')[2].partition("</form>")[0]
    assert 'name="name" value="notes-on-sediment">Subscribe<span class="vh"> Notes on Sediment' in found
    assert "known by its ISSN · notes-on-sediment" in found
    assert '<p class="name">https://page.example.org/news.atom</p>' in found
    assert 'href="https://page.example.org/all.opml"' in found  # a list is no source of its own
    assert 'value="https://page.example.org/all.opml"' not in found
    answer = client.post(
        "/sources/add", data={"do": "add", "name": "https://page.example.org/latest.xml"}, headers=OURS
    )
    assert answer.status_code == 303
    assert hub.rows[-1].url == "https://page.example.org/latest.xml"


def test_a_page_without_feeds_says_so(client: TestClient) -> None:
    status, page = find(client, "https://bare.example.org/")

    assert status == 200
    assert "offers no feed" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    ("url", "words", "may_add"),
    [
        ("gopher://x/", "must begin with http:// or https://", False),
        ("http://127.0.0.1/feed", "leads into a private network", False),
        ("cs.NOPE", "must begin with http", False),
        ("nonsense", "cs.RO", False),
        ("https://refusing.example.org/feed", "HTTP 403", True),
    ],
)
def test_an_address_that_cannot_be_used_comes_back_with_the_reason_beside_it(
    client: TestClient, url: str, words: str, *, may_add: bool
) -> None:
    status, page = find(client, url)

    assert status == 400
    assert words in page
    assert f'value="{url}"' in page
    assert 'aria-describedby="url-help url-error" aria-invalid="true"' in page
    assert ("Add it all the same" in page) is may_add


@pytest.mark.parametrize("url", ["https://a.example/\0", f"https://a.example/{'x' * 3000}", "cs\x1bCV"])
@pytest.mark.parametrize("action", ["find", "add"])
def test_what_no_address_can_be_is_refused_before_anybody_is_asked(
    client: TestClient, hub: FakeHub, action: str, url: str
) -> None:
    before = len(hub.rows)

    answer = client.post("/sources/add", data={"do": action, "url": url}, headers=OURS)

    assert answer.status_code == 400
    assert "must begin with http" in answer.text
    assert len(hub.rows) == before


def test_a_feed_that_would_not_answer_just_now_can_be_added_all_the_same(
    client: TestClient, hub: FakeHub
) -> None:
    form = {"do": "add", "url": "https://refusing.example.org/feed"}

    assert client.post("/sources/add", data=form, headers=OURS).status_code == 303
    assert hub.rows[-1].url == "https://refusing.example.org/feed"


# -- a file ---------------------------------------------------------------------------------------


def send(client: TestClient, body: bytes, **headers: str) -> tuple[int, str]:
    answer = client.post("/sources/add", files={"opml": ("subs.opml", body)}, headers={**OURS, **headers})
    return answer.status_code, answer.text


def test_a_file_of_subscriptions_is_taken_in_with_an_account_of_it(client: TestClient) -> None:
    status, page = send(client, OPML)

    assert status == 200
    assert "1 source added; 1 known before; 1 not taken." in page
    assert "<b>&lt;b&gt;At home&lt;/b&gt;</b> " in page
    assert "leads into a private network" in page


def test_a_long_list_of_refusals_is_cut_short_and_counted(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = RejectedOutline("", "address.malformed", {"url": "x", "reason": "scheme"})
    monkeypatch.setattr(hub, "import_opml", lambda _body, **_: OpmlReport(0, 0, (one,) * 130))

    page = send(visit(hub), OPML)[1]

    assert page.count("<b>Untitled</b>") == 100
    assert "30 more like these" in page


@pytest.mark.parametrize(
    ("body", "words"), [(b"", "Choose a file first."), (b"<html>", "not a feed in any format we know")]
)
def test_a_file_that_is_none_is_refused_beside_its_field(client: TestClient, body: bytes, words: str) -> None:
    status, page = send(client, body)

    assert status == 400
    assert words in page
    assert 'aria-describedby="opml-error"' in page


def test_a_file_that_is_too_large_is_not_held(client: TestClient) -> None:
    status, page = send(client, b"x" * (LARGEST_FILE_BYTES + 100_000))

    assert status == 400
    assert "bytes" in page


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"nothing"),
        ("multipart/form-data; boundary=x", b"nothing"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" * 400),
    ],
)
def test_a_broken_upload_is_refused_in_words(client: TestClient, content_type: str, body: bytes) -> None:
    answer = client.post("/sources/add", content=body, headers={**OURS, "content-type": content_type})

    assert answer.status_code == 400


def test_a_field_of_text_is_no_file(client: TestClient) -> None:
    answer = client.post("/sources/add", files={"opml": (None, OPML)}, headers=OURS)

    assert answer.status_code == 400
    assert "Choose a file first." in answer.text


def test_a_file_from_elsewhere_changes_nothing(client: TestClient, hub: FakeHub) -> None:
    before = len(hub.rows)

    assert send(client, OPML, **{"sec-fetch-site": "cross-site"})[0] == 403
    assert len(hub.rows) == before


def test_all_subscriptions_can_be_taken_elsewhere(client: TestClient) -> None:
    answer = client.get("/sources.opml")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/x-opml")
    assert answer.headers["content-disposition"] == 'attachment; filename="academichub.opml"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b'text="nature"' in answer.content


def test_hostile_names_are_escaped(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    (row, *_) = hub.catalogue("nature")
    hostile = row._replace(title='<script>alert("1")</script>', key='"><b>', is_subscribed=False)
    monkeypatch.setattr(hub, "catalogue", lambda _words, **_: (hostile,))

    page = visit(hub).get("/sources/add?q=%3Cscript%3E").text

    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;b&gt;"' in page
