"""Sources: how each is doing, why one is left alone, and what its first answer held."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.fakes.hub import NOW, FakeHub

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def row_of(page: str, title: str) -> str:
    return page.partition(f">{title}</a>")[2].partition("<th scope")[0]


def test_a_source_that_refuses_us_says_until_when_and_how_its_papers_come_meanwhile(
    client: TestClient,
) -> None:
    words = "Left alone until 30 Nov because it refuses us; its papers come through Crossref meanwhile."

    assert words in row_of(client.get("/sources").text, "Delta Review")
    assert words in client.get("/sources/delta-review").text


def test_a_source_without_another_way_says_only_why(client: TestClient) -> None:
    page = client.get("/sources").text

    assert "Left alone until 9 Jul because nothing is at its address." in row_of(page, "Old Notes")
    assert "No longer asked: it says that it is gone for good." in row_of(page, "Notes That Are Gone")


def test_a_parking_that_is_over_is_not_spoken_of(client: TestClient, hub: FakeHub) -> None:
    parked = next(row for row in hub.rows if row.key == "delta-review")
    hub.rows[hub.rows.index(parked)] = replace(parked, parked_until=NOW - timedelta(minutes=1))

    row = row_of(client.get("/sources").text, "Delta Review")

    assert "Left alone" not in row
    assert "HTTP 403" in row


def test_a_reason_of_another_version_still_says_until_when(client: TestClient, hub: FakeHub) -> None:
    parked = next(row for row in hub.rows if row.key == "delta-review")
    hub.rows[hub.rows.index(parked)] = replace(parked, parked_because="moods")

    assert "Left alone until 30 Nov" in client.get("/sources").text


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("arXiv cs.CV", "Computer Vision and Pattern Recognition"),
        ("Nature", "Feed"),
        ("bioRxiv Ecology", "Interface · bioRxiv"),
    ],
)
def test_a_source_says_what_kind_it_is(client: TestClient, title: str, kind: str) -> None:
    assert f"<small>{kind}</small>" in row_of(client.get("/sources").text, title)


def test_services_are_listed_apart_with_what_waits_for_them(client: TestClient) -> None:
    page = client.get("/sources").text
    services = page.partition('<section class="services">')[2]

    assert "11 sources" in page
    assert '<td class="num" data-label="Waiting">1,204</td>' in services
    assert 'value="fetch"' not in services  # asked when papers lack something
    assert 'value="remove"' not in services
    assert services.count('value="pause"') == 1
    assert services.count('value="resume"') == 1


def test_files_come_by_hand_and_have_no_buttons(client: TestClient) -> None:
    page = client.get("/sources/file").text

    assert "Saved files" in page
    assert "<form method" not in page


def test_a_kind_of_another_version_is_shown_as_it_is_named(client: TestClient, hub: FakeHub) -> None:
    hub.rows[0] = replace(hub.rows[0], kind="telegraph")

    assert "<small>telegraph</small>" in client.get("/sources").text


def test_a_source_is_not_done_what_no_button_does(client: TestClient, hub: FakeHub) -> None:
    form = {"do": "fly", "key": "nature"}

    answer = client.post("/sources", data=form, headers={"sec-fetch-site": "same-origin"})

    assert answer.status_code == 400
    assert hub.asked == []


# -- the first answer -----------------------------------------------------------------------------


def test_the_first_answer_says_what_a_source_is_good_for(client: TestClient) -> None:
    page = client.get("/sources/nature").text
    checked = page.partition('<span class="checked">')[2].partition("</dd>")[0]

    for part in ("HTTP 200", "RSS 1.0", "40 entries", "2 could not be read", "DOI 100%", "abstracts 0%"):
        assert f"<span>{part}</span>" in checked
    assert "Most entries have no abstract; they are completed by DOI." in checked
    assert "10 Jun 09:30" in checked
    assert "It brings abstracts itself." in client.get("/sources/arxiv:cs.CV").text


def test_a_first_answer_that_was_none_says_why(client: TestClient) -> None:
    page = client.get("/sources/delta-review").text

    assert '<span class="verdict wrong">' in page
    assert page.count("HTTP 403") == 2  # once as its state, once as its first answer


@pytest.mark.parametrize(
    ("checked", "words"),
    [
        ({"entries": 0, "status": 200}, "The answer was in order and empty."),
        ({"entries": 3, "doi": 0.1, "abstract": 0.2}, "neither abstract nor DOI"),
        (
            {"entries": "many", "doi": None, "date": True, "at": "yesterday", "format": 7},
            "in order and empty",
        ),
        (
            {"entries": 1, "abstract": 7, "at": "2026-06-01T00:00:00", "format": "json feed 1.1"},
            "JSON Feed 1.1",
        ),
        ({"error": "code.of.another.version", "facts": "?"}, "Something went wrong"),
    ],
)
def test_a_verdict_in_any_shape_is_shown_as_far_as_it_goes(
    client: TestClient, hub: FakeHub, checked: dict[str, object], words: str
) -> None:
    hub.rows[0] = replace(hub.rows[0], checked=checked)

    assert words in client.get("/sources/arxiv:cs.CV").text


def test_a_source_that_was_never_looked_at_has_no_verdict(client: TestClient) -> None:
    assert "First answer" not in client.get("/sources/biorxiv-ecology").text
