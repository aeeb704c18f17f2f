"""Authors: what is signed so, who that may be, with whom, and following them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from academichub.model.radar import Follow, FollowKind, Interest
from academichub.web.address import author_address
from academichub.web.i18n import LANGUAGES
from academichub.web.prefilling import prefilled
from academichub.web.views.author import is_followed
from tests.doors.conftest import OURS
from tests.doors.test_every_page import check
from tests.fakes.hub import FakeHub
from tests.fakes.hub_authors import ADA, ALSO, NAMESAKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

PAGES = (
    f"/authors/{ADA}",
    f"/authors/{ADA}?per=25&lang=en",
    f"/authors/{NAMESAKE}",
    "/authors?name=Ada+Fenwick",
    "/authors?name=Li+Wenqing",
    "/authors?name=Ruth+Osei",
    f"/authors/{ADA}?done=followed&radar=rivers",
    f"/authors/{ADA}?done=followed&radar=none",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_an_author_has_a_strict_page_in_both_languages(reader: TestClient, path: str, language: str) -> None:
    answer = reader.get(path, headers={"accept-language": language})

    assert answer.status_code == 200
    check(answer.text)


def test_an_orcid_is_one_person_with_all_their_names(reader: TestClient) -> None:
    page = reader.get(f"/authors/{ADA}").text

    assert '<h1 id="author">Ada Fenwick</h1>' in page
    assert f'href="https://orcid.org/{ADA}"' in page
    assert "Also signs as: A. Fenwick <small>12</small>" in page
    assert "no ORCID; they may be a namesake" in page
    assert 'href="/authors?name=Ada+Fenwick"' in page
    assert "Several people" not in page
    assert f'href="/authors/{ADA}.bib"' in page


def test_a_name_that_several_people_sign_with_says_so_and_names_them(reader: TestClient) -> None:
    page = reader.get("/authors?name=Li+Wenqing").text

    assert "Several people sign with this name." in page
    assert f'href="/authors/{NAMESAKE}"' in page
    assert f'href="/authors/{ALSO}"' in page
    assert "3 of these papers have no ORCID for the name." in page


def test_a_name_that_nobody_claims_is_not_said_to_be_one_person(reader: TestClient) -> None:
    page = reader.get("/authors?name=Ruth+Osei").text

    assert "whether this is one person is not known" in page


def test_an_author_the_hub_does_not_know_has_a_page_that_leads_on(reader: TestClient) -> None:
    by_name = reader.get('/authors?name=Nobody+"of"+Note')
    by_orcid = reader.get("/authors/0000-0001-5000-0007")

    assert by_name.status_code == by_orcid.status_code == 404
    assert "no paper that is signed so" in by_name.text
    assert 'href="/search?q=au%3A%22Nobody+of+Note%22"' in by_name.text
    assert 'href="/search?q=orcid%3A0000-0001-5000-0007"' in by_orcid.text
    assert "Follow with" not in by_name.text
    check(by_name.text)
    check(by_orcid.text)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/authors/0000-0002-1825-0098", 404),  # a wrong check digit
        ("/authors/none", 404),
        ("/authors/%00", 404),
        ("/authors?name=a&after=x", 400),
        ("/authors?name=a&after=2026-02-30:1", 400),
        ("/authors?name=a&after=0001-01-01:1", 400),
        ("/authors?name=a&per=26", 400),
        ("/authors?name=%00", 400),
    ],
)
def test_an_address_of_no_author_is_refused_with_words(reader: TestClient, path: str, status: int) -> None:
    answer = reader.get(path)

    assert answer.status_code == status
    check(answer.text)


def test_other_ways_to_write_an_orcid_lead_to_the_usual_one(reader: TestClient) -> None:
    answer = reader.get("/authors/0000000218250097?lang=en")

    assert answer.status_code == 301
    assert answer.headers["location"] == f"/authors/{ADA}?lang=en"
    assert reader.get("/authors?lang=en").headers["location"] == "/search?lang=en"


def test_works_follow_each_other_over_pages_without_a_gap(visit: Callable[..., TestClient]) -> None:
    client = visit(FakeHub(newest=300))
    numbers: list[int] = []
    path: str | None = f"/authors/{ADA}?per=25"
    while path:
        page = client.get(path).text
        numbers += [int(number) for number in re.findall(r'<p class="n">(\d+)\.</p>', page)]
        following = re.search(r'<link rel="next" href="([^"]*)"', page)
        path = following[1].replace("&amp;", "&") if following else None

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 25
    assert "Back to number 01" in page


def test_a_radar_of_choice_follows_an_author_without_javascript(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    client = visit(hub)
    before = client.get(f"/authors/{ADA}").text
    assert '<option value="rivers">' in before

    form = {"name": "Ada Fenwick", "orcid": ADA, "radar": "rivers"}
    answer = client.post("/authors/follow?lang=en", data=form, headers=OURS)
    again = client.post("/authors/follow", data=form, headers=OURS)

    assert answer.status_code == again.status_code == 303
    assert answer.headers["location"] == f"/authors/{ADA}?radar=rivers&done=followed&lang=en"
    assert hub.radar("rivers").row.radar.interest.follows == (Follow(FollowKind.AUTHOR, "Ada Fenwick", ADA),)
    after = client.get(answer.headers["location"]).text
    assert "From now on this radar follows the author:" in after
    assert '<option value="rivers">' not in after


def test_a_name_without_an_orcid_is_followed_by_name(hub: FakeHub, visit: Callable[..., TestClient]) -> None:
    form = {"name": "  Ruth   Osei ", "orcid": "", "radar": "rivers"}
    answer = visit(hub).post("/authors/follow", data=form, headers=OURS)

    assert answer.headers["location"] == "/authors?radar=rivers&name=Ruth+Osei&done=followed"
    assert hub.radar("rivers").row.radar.interest.follows == (Follow(FollowKind.AUTHOR, "Ruth Osei", None),)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"name": "", "radar": "rivers"}, 400),
        ({"name": "a" * 201, "radar": "rivers"}, 400),
        ({"name": "a", "orcid": "0000", "radar": "rivers"}, 400),
        ({"name": "a", "radar": "none"}, 404),
        ({"name": "a"}, 404),
    ],
)
def test_a_form_that_nobody_filled_in_is_refused(
    client: TestClient, form: dict[str, str], status: int
) -> None:
    assert client.post("/authors/follow", data=form, headers=OURS).status_code == status


def test_no_other_site_makes_a_radar_follow_somebody(hub: FakeHub, visit: Callable[..., TestClient]) -> None:
    form = {"name": "Eve", "radar": "rivers"}
    answer = visit(hub).post("/authors/follow", data=form, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert hub.radar("rivers").row.radar.interest.follows == ()


def test_a_new_radar_begins_with_the_author_it_is_to_follow(reader: TestClient) -> None:
    page = reader.get(f"/radars/new?author=Ada+Fenwick&orcid={ADA}").text

    assert f"Ada Fenwick {ADA}</textarea>" in page
    assert prefilled({"author": "A", "orcid": "wrong"})["authors"] == "A"
    assert prefilled({"text": "a", "rule": "b"})["rule_role"] == "filter"
    assert prefilled({"rule": "b"})["rule_role"] == "part"


def test_an_author_is_followed_by_orcid_and_else_by_name() -> None:
    interest = Interest(
        name="x",
        follows=(
            Follow(FollowKind.AUTHOR, "Li Wenqing", NAMESAKE),
            Follow(FollowKind.AUTHOR, "Ruth Osei"),
            Follow(FollowKind.VENUE, "Nature"),
        ),
    )

    assert is_followed(interest, "Another spelling", NAMESAKE)
    assert not is_followed(interest, "Li Wenqing", ALSO)
    assert is_followed(interest, "ruth osei", ADA)
    assert not is_followed(interest, "Nature", None)


def test_authors_have_an_address_by_orcid_or_by_name() -> None:
    assert author_address("Ada", ADA, lang="zh") == f"/authors/{ADA}?lang=zh"
    assert author_address("王 小明", None) == "/authors?name=%E7%8E%8B+%E5%B0%8F%E6%98%8E"
    assert len(author_address("a" * 999, None)) < 400
