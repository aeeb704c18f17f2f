"""Questions in a body, and the keys that go with a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.errors import FetchError, SourceRedirects
from academichub.fetch.client import Ask, Reply
from academichub.fetch.keys import Credentials
from tests.fakes.network import ALSO_PUBLIC, NOW, PUBLIC, FakeNames, Shortcut, a_fetcher
from tests.fakes.web import FakeWeb, Page, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

FEED = b"<rss><channel/></rss>"
NAMES = {"journal_example": [[PUBLIC]], "other_example": [[ALSO_PUBLIC]]}


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb({"/feed": Page(FEED)}) as web:
        yield web


def fetch(web: FakeWeb, ask: Ask) -> Reply:
    """Fetch over a made-up Internet in which every host is the fake web."""
    with a_fetcher(resolve=FakeNames(**NAMES), dial=Shortcut(web.port)) as fetcher:
        return fetcher.get(ask, now=NOW)


# -- questions in a body ----------------------------------------------------------------------------


def test_a_question_in_a_body_is_posted_as_json(web: FakeWeb) -> None:
    question = '{"ids": ["DOI:10.5555/a", "\u8bba"]}'

    reply = fetch(web, Ask("http://journal.example/feed", accept="application/json", post=question))

    (visit,) = web.visits
    assert reply.body == FEED
    assert (visit.method, visit.posted) == ("POST", question)
    assert visit.headers["content-type"] == "application/json"
    assert visit.headers["content-length"] == str(len(question.encode()))
    assert visit.headers["accept"] == "application/json"


def test_without_a_body_nothing_is_posted(web: FakeWeb) -> None:
    fetch(web, Ask("http://journal.example/feed"))

    (visit,) = web.visits
    assert (visit.method, visit.posted) == ("GET", "")
    assert {"content-type", "content-length"}.isdisjoint(visit.headers)


def test_a_question_in_a_body_is_asked_again_when_the_connection_breaks(web: FakeWeb) -> None:
    web.put("/feed", Page(raw=b""), Page(FEED))

    fetch(web, Ask("http://journal.example/feed", post='{"ids": []}'))

    assert [visit.posted for visit in web.visits] == ['{"ids": []}'] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/elsewhere", "http://other.example/feed"])
def test_a_question_in_a_body_is_for_the_server_that_was_asked(
    location: str, status: int, web: FakeWeb
) -> None:
    web.put("/feed", redirect(location, status))

    with pytest.raises(SourceRedirects) as caught:
        fetch(web, Ask("http://journal.example/feed", post="{}"))

    assert caught.value.facts == {"url": "http://journal.example/feed", "reason": "a redirect of a POST"}
    assert len(web.visits) == 1


def test_two_questions_in_bodies_go_over_one_kept_connection(web: FakeWeb) -> None:
    with a_fetcher(allow=frozenset({web.place})) as fetcher:
        for _ in range(2):
            fetcher.get(Ask(web.url("/feed"), post="{}"), now=NOW)
        fetcher.get(Ask(web.url("/feed")), now=NOW)

    assert {visit.connection for visit in web.visits} == {1}
    assert [visit.method for visit in web.visits] == ["POST", "POST", "GET"]


# -- keys -------------------------------------------------------------------------------------------

KEYS = {
    "journal.example": Credentials(headers={"x-api-key": "s3cret"}, query={"api_key": "s3cret"}),
    "other.example": Credentials(headers={"x-api-key": "t0ken"}),
}


def fetch_with_keys(web: FakeWeb, url: str, *, post: str = "") -> Reply:
    """Fetch over a replay, for which https needs no certificate."""
    with a_fetcher(replay=f"http://127.0.0.1:{web.port}", credentials=KEYS) as fetcher:
        return fetcher.get(Ask(url, post=post), now=NOW)


@pytest.mark.parametrize("post", ["", '{"ids": []}'])
def test_a_server_is_given_its_key_on_the_wire_and_nobody_else_sees_it(post: str, web: FakeWeb) -> None:
    reply = fetch_with_keys(web, "https://JOURNAL.example/feed?q=%E9&cursor=*", post=post)

    (visit,) = web.visits
    assert visit.path == "/feed?q=%E9&cursor=*&api_key=s3cret"
    assert visit.headers["x-api-key"] == "s3cret"
    assert visit.posted == post
    assert "s3cret" not in repr(reply)
    assert reply.url == "https://journal.example/feed?q=%E9&cursor=*"


def test_a_server_that_nothing_is_known_of_is_given_nothing(web: FakeWeb) -> None:
    fetch_with_keys(web, "https://www.journal.example/feed")

    (visit,) = web.visits
    assert visit.path == "/feed"
    assert "x-api-key" not in visit.headers


def test_a_key_is_never_sent_in_the_clear(web: FakeWeb) -> None:
    fetch_with_keys(web, "http://journal.example/feed")

    (visit,) = web.visits
    assert visit.path == "/feed"
    assert "x-api-key" not in visit.headers


def test_a_key_does_not_follow_a_redirect_to_another_host_nor_wait_for_one_there(web: FakeWeb) -> None:
    web.put("//journal.example/feed", redirect("/there"))
    web.put("//journal.example/there", redirect("https://other.example/feed"))

    reply = fetch_with_keys(web, "https://journal.example/feed")

    sent = [(visit.host, visit.path, visit.headers.get("x-api-key")) for visit in web.visits]
    assert sent == [
        ("journal.example", "/feed?api_key=s3cret", "s3cret"),
        ("journal.example", "/there?api_key=s3cret", "s3cret"),
        ("other.example", "/feed", None),
    ]
    assert reply.redirects == ("https://journal.example/there", "https://other.example/feed")


@pytest.mark.parametrize(
    "page",
    [Page(status=403), Page(status=429), Page(raw=b""), Page(FEED, headers={"Content-Encoding": "br"})],
)
def test_no_error_shows_a_key(page: Page, web: FakeWeb) -> None:
    web.put("/feed", page)

    with pytest.raises(FetchError) as caught:
        fetch_with_keys(web, "https://journal.example/feed")

    told: BaseException | None = caught.value
    while told is not None:
        assert "s3cret" not in f"{told} {told!r}"
        told = told.__cause__
