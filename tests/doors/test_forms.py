"""Forms: what they change, and from where they are taken."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.fakes.hub import FakeHub, FakeSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

OURS = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8000"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        *("/sources", "/sources/add", "/review", "/settings"),
        *("/radars/new", "/radars/rivers", "/radars/rivers/edit"),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(
    client: TestClient, hub: FakeHub, path: str, headers: dict[str, str]
) -> None:
    sent = {"do": "fetch-all", "theme": "dark", "name": "cs.RO"}
    revision = hub.revision()
    answer = client.post(path, data=sent, headers=headers)

    assert answer.status_code == 403
    assert "nothing was changed" in answer.text
    assert "set-cookie" not in answer.headers
    assert hub.asked == []
    assert hub.revision() == revision


@pytest.mark.parametrize(
    "headers",
    [OURS, {"sec-fetch-site": "none"}, {"origin": "http://localhost:8000"}],
    ids=["same", "none", "origin"],
)
def test_a_form_of_ours_is_taken_with_or_without_fetch_metadata(
    client: TestClient, hub: FakeHub, headers: dict[str, str]
) -> None:
    answer = client.post("/sources", data={"do": "fetch-all"}, headers=headers)

    assert answer.status_code == 303
    assert hub.asked == [None]


def test_a_form_behind_a_proxy_is_known_by_the_public_address(visit: Callable[..., TestClient]) -> None:
    hub = FakeHub(settings=replace(FakeSettings(), public_url="https://papers.example.org/"))
    door = visit(hub)

    answer = door.post(
        "/sources",
        data={"do": "fetch-all"},
        headers={"host": "papers.example.org", "origin": "https://papers.example.org"},
    )

    assert answer.status_code == 303


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8000", ""]
)
def test_a_foreign_host_name_gets_no_page_even_when_the_page_is_kept(client: TestClient, host: str) -> None:
    assert client.get("/about").status_code == 200

    answer = client.get("/about", headers={"host": host})

    assert answer.status_code == 421
    assert "Authors" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1234", "[::1]:8000"])
def test_loopback_names_are_ours_on_any_port(client: TestClient, host: str) -> None:
    assert client.get("/about", headers={"host": host}).status_code == 200


def test_a_source_is_fetched_paused_resumed_and_removed(client: TestClient, hub: FakeHub) -> None:
    def send(do: str) -> str:
        answer = client.post("/sources", data={"do": do, "key": "nature"}, headers=OURS)
        assert answer.status_code == 303
        return client.get(answer.headers["location"]).text

    assert "1 source will be fetched now." in send("fetch")
    assert hub.asked == ["nature"]
    assert "The source is paused." in send("pause")
    assert next(row for row in hub.rows if row.key == "nature").paused
    assert "The source goes on." in send("resume")
    assert "The source is removed. Its papers stay." in send("remove")
    assert client.get("/sources/nature").status_code == 404
    assert client.post("/sources", data={"do": "pause", "key": "nature"}, headers=OURS).status_code == 404


@pytest.mark.parametrize("path", ["/sources", "/sources/add", "/review", "/settings"])
@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"do=fly&theme=plaid", b"a=1&" * 60, b"do=find&url=" + b"x" * 70_000]
)
def test_a_broken_form_is_refused_in_words(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(
        path, content=body, headers={**OURS, "content-type": "application/x-www-form-urlencoded"}
    )

    assert answer.status_code in {400, 404}
    assert 'class="button"' in answer.text


def test_a_key_that_no_source_can_have_is_unknown(client: TestClient) -> None:
    answer = client.post("/sources", data={"do": "fetch", "key": "\0"}, headers=OURS)

    assert answer.status_code == 404


def test_choices_are_kept_in_cookies_that_scripts_cannot_read_and_show_at_once(client: TestClient) -> None:
    form = {"theme": "dark", "lang": "zh", "density": "titles", "keys": "off"}
    answer = client.post("/settings?lang=en", data=form, headers=OURS)

    assert answer.status_code == 303
    for cookie in answer.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Max-Age=31536000" in cookie
    page = client.get(answer.headers["location"]).text
    assert '<html lang="zh-CN" data-theme="dark">' in page
    assert "已保存。" in page
    assert 'class="feed titles"' in client.get("/").text


def test_automatic_takes_a_choice_back(client: TestClient) -> None:
    client.post("/settings", data={"theme": "dark", "lang": "zh"}, headers=OURS)
    client.post("/settings", data={"theme": "auto", "lang": "auto"}, headers=OURS)

    page = client.get("/settings").text

    assert '<html lang="en" data-keys="on">' in page


def test_a_choice_that_is_none_of_the_offered_is_refused(client: TestClient) -> None:
    assert client.post("/settings", data={"theme": "plaid"}, headers=OURS).status_code == 400


def test_only_pages_with_forms_tell_our_own_server_where_they_were(client: TestClient) -> None:
    # Under no-referrer a browser sends "Origin: null" with a form, and the guard would refuse our own.
    assert client.get("/sources").headers["referrer-policy"] == "same-origin"
    assert client.get("/settings").headers["referrer-policy"] == "same-origin"
    assert client.get("/sources/add").headers["referrer-policy"] == "same-origin"
    assert client.get("/review").headers["referrer-policy"] == "same-origin"
    assert client.get("/p/2").headers["referrer-policy"] == "same-origin"  # a merge can be undone there
    for path in ("/radars", "/radars/new", "/radars/rivers", "/radars/rivers/edit", "/radars/rivers/remove"):
        assert client.get(path).headers["referrer-policy"] == "same-origin"
    assert client.get("/radars/空间推理/why/1").headers["referrer-policy"] == "no-referrer"
    for path in ("/", "/p/1", "/kept/starred", "/tags", "/c", "/c/new", "/c/thesis", "/c/thesis/remove"):
        assert client.get(path).headers["referrer-policy"] == "same-origin"
    assert client.get("/about").headers["referrer-policy"] == "no-referrer"


def test_every_form_of_a_page_leads_to_our_own_address(client: TestClient) -> None:
    radars = ("/radars/new", "/radars/空间推理", "/radars/空间推理/edit", "/radars/rivers/remove")
    kept = ("/", "/kept/starred", "/c", "/c/thesis", "/c/new")
    for path in (
        *("/sources", "/sources/nature", "/sources/add", "/review", "/p/2", "/settings"),
        *(*radars, *kept),
    ):
        actions = re.findall(r'<form method="(\w+)" action="([^"]+)"', client.get(path).text)
        assert actions
        assert all(action.startswith("/") for _, action in actions)
        # A form that is sent in the address changes nothing: the search of the catalogue.
        assert [action for method, action in actions if method != "post"] in ([], ["/sources/add"])


def test_a_wrong_method_is_answered_in_words(client: TestClient) -> None:
    answer = client.request("DELETE", "/sources", headers=OURS)

    assert answer.status_code == 405
    assert "allow" in answer.headers


def test_an_identifier_leads_to_its_paper(client: TestClient) -> None:
    assert client.get("/p/arxiv/2606.10001").headers["location"] == "/p/1"
    assert client.get("/p/doi/10.5555/HUB.3?lang=zh").headers["location"] == "/p/3?lang=zh"


def test_a_watchdog_learns_whether_the_database_answers(visit: Callable[..., TestClient]) -> None:
    assert visit(FakeHub()).get("/healthz").json() == {"status": "ok", "version": "0.1.0"}
    assert visit(FakeHub(alive=False)).get("/healthz").status_code == 503


def test_robots_are_asked_to_stay_away(client: TestClient) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
