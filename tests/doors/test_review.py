"""One work or two: a person decides, and can take back what was decided."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from academichub.model.kinship import Reason
from academichub.web.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from tests.fakes.hub import FakeHub

OURS = {"sec-fetch-site": "same-origin"}


def reasons_said(hub: FakeHub, door: TestClient, *reasons: Reason) -> list[tuple[str, str]]:
    hub.doubts = [replace(hub.doubts[0], reasons=reasons)]
    listed = door.get("/review").text.partition('<ul class="reasons">')[2].partition("</ul>")[0]
    return re.findall(r'<li><span>([^<]*)</span><span class="weight">([^<]*)</span>', listed)


def test_a_pair_stands_side_by_side_with_all_that_helps_to_decide(client: TestClient) -> None:
    page = client.get("/review").text
    pair = page.partition('<article class="pair" id="d7"')[2].partition("</article>")[0]

    assert "<b>99.7%</b> likely one work" in pair
    assert pair.count('<section class="side">') == 2
    for said in ("arXiv", "Preprint", "Journal of Made-up Results", "2026", "Ruth Osei, Jonas Lindqvist"):
        assert said in pair
    assert 'DOI <a href="https://doi.org/10.5555/attention.parity"' in pair
    assert "a person is asked because one title says more" in pair
    assert re.search(r'titles 94% alike</span><span class="weight">\+2.2</span>', pair)
    assert re.search(r'most pairs are two works</span><span class="weight">−1.0</span>', pair)


def test_a_score_is_never_rounded_up_to_certainty(hub: FakeHub, client: TestClient) -> None:
    hub.doubts = [replace(hub.doubts[0], score=0.99999)]

    assert "<b>99.9%</b>" in client.get("/review").text


def test_a_retracted_paper_is_flagged_here_too(client: TestClient) -> None:
    assert 'class="flag retracted"' in client.get("/review").text


def test_a_reason_is_said_in_words_and_one_of_another_version_as_it_was_written(
    hub: FakeHub, client: TestClient
) -> None:
    said = reasons_said(
        hub,
        client,
        Reason("same identifier", "doi", 12.0),
        Reason("authors", "not a number", 2.0),
        Reason("venue", "unlike-kind", -0.5),
        Reason("venue", "next door", 0.4),
        Reason("new reason", "", 0.3),
        Reason("title extra", "0.004", -0.01),
    )

    assert said == [
        ("same identifier: DOI", "+12.0"),
        ("not a number of the authors agree", "+2.0"),
        ("a conference and a journal", "−0.5"),
        ("venue: next door", "+0.4"),
        ("new reason", "+0.3"),
        ("one title says 0% more", "0"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_the_matching_gives_has_its_words(
    hub: FakeHub, visit: Callable[..., TestClient], language: str
) -> None:
    from academichub.web.views.review import _REASONS, _WORDED

    known = [Reason(name, "0.5", 1.0) for name in sorted(_REASONS)]
    known += [Reason(name, value, 1.0) for name, values in _WORDED.items() for value in sorted(values)]

    said = reasons_said(hub, visit(hub, language), *known)

    assert len(said) == len(known)
    assert not [words for words, _ in said if words.startswith("reason:")]


def test_more_pairs_than_fit_are_counted(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = replace(hub.review(), doubts_total=1073)
    monkeypatch.setattr(hub, "review", lambda: page)

    assert "3 of 1,073 pairs; the rest follow" in visit(hub).get("/review").text


@pytest.mark.parametrize(
    ("answer", "words", "merges"),
    [("same", "They are one work now.", 5), ("two", "They stay two works", 4)],
)
def test_a_pair_is_settled_and_the_page_says_so(
    client: TestClient, hub: FakeHub, answer: str, words: str, merges: int
) -> None:
    taken = client.post("/review?lang=en", data={"do": answer, "doubt": "7"}, headers=OURS)

    assert taken.status_code == 303
    assert taken.headers["location"] == f"/review?done={answer}&count=2&lang=en"
    page = client.get(taken.headers["location"]).text
    assert words in page
    assert '<a href="/p/2?lang=en">Open the paper</a>' in page
    assert 'id="d7"' not in page
    assert len(hub.merges) == merges


def test_a_merge_is_undone_and_the_log_keeps_it(client: TestClient, hub: FakeHub) -> None:
    page = client.get("/review").text
    log = page.partition('<section id="merges">')[2]
    for because in ("read alike 0.97", "same DOI", "decided by hand", "the preprint named its article"):
        assert because in log
    assert log.count('name="merge"') == 3

    taken = client.post("/review", data={"do": "undo", "merge": "3"}, headers=OURS)

    assert taken.headers["location"] == "/review?done=undone&count=3"
    page = client.get(taken.headers["location"]).text
    assert "The merge is undone: two works again." in page
    assert page.count('name="merge"') == 2
    assert hub.merges[1].undone_at


def test_because_of_another_version_is_shown_as_it_was_written(hub: FakeHub, client: TestClient) -> None:
    hub.merges = [replace(hub.merges[0], because="orcid"), replace(hub.merges[0], score=None)]

    page = client.get("/review").text

    assert "<span>orcid</span>" in page
    assert "<span>read alike</span>" in page


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "same", "doubt": "99"}, "somebody has decided it already"),
        ({"do": "undo", "merge": "2"}, "somebody has undone it already"),
        ({"do": "undo", "merge": "99", "work": "2"}, "somebody has undone it already"),
    ],
)
def test_what_somebody_else_settled_first_is_said_kindly_with_the_rest_still_there(
    client: TestClient, form: dict[str, str], words: str
) -> None:
    answer = client.post("/review", data=form, headers=OURS)

    assert answer.status_code == 409
    assert words in answer.text
    assert 'id="d7"' in answer.text


@pytest.mark.parametrize(
    "form",
    [
        {"do": "same"},
        {"do": "same", "doubt": "-1"},
        {"do": "same", "doubt": "٣"},
        {"do": "undo", "merge": "9" * 30},
        {"do": "undo", "merge": "4", "work": "../settings"},
        {"do": "merge", "doubt": "7"},
    ],
)
def test_a_form_with_no_number_or_no_answer_changes_nothing(
    client: TestClient, hub: FakeHub, form: dict[str, str]
) -> None:
    answer = client.post("/review", data=form, headers=OURS)

    assert answer.status_code == 400
    assert len(hub.doubts) == 3
    assert len(hub.merges) == 4


def test_the_sources_page_leads_here_only_while_something_waits(client: TestClient, hub: FakeHub) -> None:
    assert '3 pairs of works may be one. <a href="/review">Decide</a>' in client.get("/sources").text

    for doubt in tuple(hub.doubts):
        client.post("/review", data={"do": "two", "doubt": str(doubt.doubt_id)}, headers=OURS)

    assert 'href="/review"' not in client.get("/sources").text
    assert "Nothing waits for a decision" in client.get("/review").text


def test_a_notice_with_a_number_that_is_none_has_no_link(client: TestClient) -> None:
    for number in ("x", "٣", "9" * 40):
        page = client.get(f"/review?done=same&count={number}").text
        assert "They are one work now." in page
        assert "Open the paper" not in page
