"""Radars: made in a minute, taught with a click, and every number explained."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from academichub.model.radar import Follow, FollowKind, LessReason, RuleRole, Verdict
from academichub.web.radarform import LARGEST_KEPT
from tests.fakes.hub import FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import Response
    from starlette.testclient import TestClient

    from academichub.model.radarpages import RadarForm

OURS = {"sec-fetch-site": "same-origin"}
SPATIAL = "/radars/空间推理"
FIELDS = {"text": "spatial reasoning", "threshold": "10", "rule_role": "part", "do": "save"}


def send(client: TestClient, path: str, **fields: str) -> Response:
    return client.post(path, data=fields, headers=OURS)


def send_file(client: TestClient, path: str, body: bytes, **fields: str) -> Response:
    return client.post(path, data=fields, files={"file": ("thesis.bib", body)}, headers=OURS)


def last_form(hub: FakeHub) -> RadarForm:
    return hub.forms[-1]


# -- reading ----------------------------------------------------------------------------------------


def test_the_list_says_what_each_radar_looks_for_and_what_it_found(client: TestClient) -> None:
    page = client.get("/radars").text

    assert "3 radars" in page
    assert "Embedded 412 of 430; the others are ranked by words alone." in page
    assert "2 seed papers" in page
    assert "(&#34;quantum attention&#34; OR 量子) -survey cat:quant-ph" in page
    assert "Sediment &amp; the memory of &lt;slow&gt; rivers" in page
    assert f'href="{SPATIAL}"' in unquote(page)
    assert f'<a href="{SPATIAL}/2026-06-18">' in unquote(page)  # a day of the strip


def test_a_reader_without_radars_is_invited_to_make_one(visit: Callable[..., TestClient]) -> None:
    page = visit(FakeHub(is_empty=True)).get("/radars").text

    assert "One line is enough" in page
    assert '<form method="post" action="/radars/new"' in page
    assert "Ranked by words alone" in page
    assert 'href="/radars/new?start=federated"' in page


def test_a_radars_day_has_an_address_and_neighbours(client: TestClient) -> None:
    page = unquote(client.get(f"{SPATIAL}/2026-06-18").text)

    assert f'data-day="earlier" href="{SPATIAL}/2026-06-17"' in page
    assert f'data-day="later" href="{SPATIAL}/2026-06-19"' in page
    assert '<time datetime="2026-06-18">' in page


def test_cards_are_numbered_by_match_and_say_what_stays_below(client: TestClient) -> None:
    page = client.get(SPATIAL).text

    matches = [int(found) for found in re.findall(r'<span class="vh">Match </span>(\d+)%', page)]
    assert matches == sorted(matches, reverse=True)
    assert re.findall(r'<p class="n">(\d+)\.', page) == [f"{n:02d}" for n in range(1, len(matches) + 1)]
    assert min(matches) >= 10
    assert re.search(r"60 papers came that day; \d+ stay below the threshold of 10%\.", page)
    assert "Embedded 57 of 60; the others are ranked by words alone." in page
    assert "<em>revised</em>" in page


def test_every_dot_leads_to_its_card_and_says_its_match_and_title(client: TestClient) -> None:
    page = client.get(SPATIAL).text

    dots = re.findall(
        r'<a class="dot \w+" href="#w(\d+)" data-work="\1"><title>(\d+)% · ([^<]+)</title>', page
    )
    cards = re.findall(r'<h2 id="w(\d+)"', page)
    assert [work for work, _, _ in dots] == cards
    assert page.count('class="far"') == 60 - len(cards)


def test_the_numbers_of_every_explanation_add_up(client: TestClient) -> None:
    page = client.get(SPATIAL).text

    tables = re.findall(r'<table class="parts">(.*?)</table>', page, re.DOTALL)
    assert tables
    for table in tables:
        body, foot = table.split("<tfoot>")
        parts = [float(text.replace("−", "-")) for text in re.findall(r'class="num">([^<%]+)<', body)]
        total = float(re.findall(r'class="num">([^<]+)<', foot)[0].replace("−", "-"))
        assert round(sum(parts), 2) == total


def test_a_whole_explanation_is_dated_and_says_what_has_changed(client: TestClient) -> None:
    changed = client.get(f"{SPATIAL}/why/1?date=2026-06-19").text
    same = client.get("/radars/quantum-attention/why/1").text

    assert "Why this paper?" in changed
    assert "what you said of papers" in changed
    assert "an input of another version" in changed
    assert re.search(r"As everything is now the sum would be [+−]\d\.\d\d, a match of \d+%", changed)
    assert "to the last digit" in same


def test_a_radar_that_was_never_ranked_says_so(client: TestClient) -> None:
    page = client.get("/radars/rivers").text

    assert "Nothing ranked yet" in page
    assert "<figure" not in page
    assert 'value="resume"' in page


def test_a_day_without_anything_above_the_threshold_leads_to_the_form(client: TestClient) -> None:
    send(client, f"{SPATIAL}/edit", **{**FIELDS, "threshold": "99"})

    page = client.get(SPATIAL).text

    assert "Nothing above the threshold" in page
    assert "60 papers came that day; 60 stay below the threshold of 99%." in page


# -- teaching ---------------------------------------------------------------------------------------


def test_more_like_this_is_noted_and_leads_back_to_the_card(hub: FakeHub, client: TestClient) -> None:
    answer = send(client, SPATIAL, do="more", work="7", on="2026-06-19")

    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == f"{SPATIAL}/2026-06-19?done=more&count=7#w7"
    assert hub.kept_radars[0].said[7] == (Verdict.MORE, None)
    page = client.get(answer.headers["location"]).text
    assert "Noted: more like this." in page
    assert "You said: more like this" in page


@pytest.mark.parametrize("reason", LessReason)
def test_less_like_this_has_a_reason(hub: FakeHub, client: TestClient, reason: LessReason) -> None:
    answer = send(client, SPATIAL, reason=reason.value, work="9", on="2026-06-19")

    assert answer.status_code == 303
    assert hub.kept_radars[0].said[9] == (Verdict.LESS, reason)


def test_what_was_said_can_be_taken_back_even_when_the_card_is_gone(hub: FakeHub, client: TestClient) -> None:
    answer = send(client, SPATIAL, reason="off-topic", work="7", on="2026-06-19")
    page = client.get(answer.headers["location"]).text
    assert 'id="w7"' not in page
    assert '<input type="hidden" name="work" value="7"><button class="button undo"' in page

    send(client, SPATIAL, do="undo", work="7", on="2026-06-19")

    assert 7 not in hub.kept_radars[0].said


def test_a_page_that_was_kept_shows_what_was_said_since(client: TestClient) -> None:
    before = client.get(SPATIAL).text

    send(client, SPATIAL, do="more", work="11", on="2026-06-19")

    assert client.get(SPATIAL).text != before
    assert client.get(SPATIAL).text.count("You said: more like this") == before.count("You said: more") + 1


def test_a_radar_is_paused_resumed_and_removed(hub: FakeHub, client: TestClient) -> None:
    assert "done=paused" in send(client, SPATIAL, do="pause").headers["location"]
    assert hub.kept_radars[0].radar.is_paused
    assert "done=resumed" in send(client, SPATIAL, do="resume").headers["location"]
    assert "Its past rankings and all that it learned go with it." in client.get(f"{SPATIAL}/remove").text

    answer = send(client, SPATIAL, do="remove")

    assert answer.headers["location"] == "/radars?done=radar-removed"
    assert "The radar is removed." in client.get(answer.headers["location"]).text
    assert client.get(SPATIAL).status_code == 404


def test_a_seed_paper_is_taken_away(hub: FakeHub, client: TestClient) -> None:
    answer = send(client, SPATIAL, do="unseed", seed="2")

    assert [line.seed_id for line in hub.kept_radars[0].seeds] == [1]
    assert unquote(answer.headers["location"]) == f"{SPATIAL}/edit?done=unseeded#seeds"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": "fly"}, 400),
        ({"do": "more"}, 400),
        ({"do": "more", "work": "x"}, 400),
        ({"do": "more", "work": "1", "on": "soon"}, 400),
        ({"reason": "boring", "work": "1"}, 400),
        ({"do": "unseed"}, 400),
        ({"do": "more", "work": "999999"}, 404),
        ({}, 400),
    ],
)
def test_what_no_page_offers_is_refused(
    hub: FakeHub, client: TestClient, fields: dict[str, str], status: int
) -> None:
    answer = send(client, SPATIAL, **fields)

    assert answer.status_code == status
    assert hub.revision() == 1


def test_the_language_in_the_address_goes_along(client: TestClient) -> None:
    answer = send(client, f"{SPATIAL}?lang=zh", do="more", work="7", on="2026-06-19")

    assert "lang=zh#w7" in answer.headers["location"]


# -- making -----------------------------------------------------------------------------------------


def test_one_line_makes_a_radar_and_leads_to_its_page(hub: FakeHub, client: TestClient) -> None:
    answer = send(client, "/radars/new", **FIELDS)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/radars/spatial-reasoning?done=created"
    assert "The radar is made." in client.get(answer.headers["location"]).text
    assert last_form(hub).interest.text == "spatial reasoning"


def test_everything_a_reader_fills_in_reaches_the_hub(hub: FakeHub, client: TestClient) -> None:
    send(
        client,
        "/radars/new",
        do="save",
        name="  My   radar ",
        text="maps",
        papers="10.5555/one\r\narXiv:2606.10001",
        library="@article{x}",
        rule="RAG -survey",
        rule_role="filter",
        authors="Fenwick, Ada (0000-0002-1825-0097)\nWang Wei\n0000-0002-1825-0097\n",
        institutions="University of the Northern Coast; Institute for Careful Reading",
        venues="Journal of Made-up Results",
        include_fields="cs.CV, cs.LG\ncs.CV",
        exclude_fields="econ",
        include_sources="arxiv:cs.CV nature",
        exclude_sources="biorxiv",
        exclude_terms="survey, 综述、blood pressure",
        threshold="12.5%",
        quota="7",
    )

    form = last_form(hub)
    interest = form.interest
    assert interest.name == "My radar"
    assert (interest.rule, interest.rule_role) == ("RAG -survey", RuleRole.FILTER)
    assert interest.follows == (
        Follow(FollowKind.AUTHOR, "Fenwick, Ada", "0000-0002-1825-0097"),
        Follow(FollowKind.AUTHOR, "Wang Wei"),
        Follow(FollowKind.AUTHOR, "0000-0002-1825-0097", "0000-0002-1825-0097"),
        Follow(FollowKind.INSTITUTION, "University of the Northern Coast"),
        Follow(FollowKind.INSTITUTION, "Institute for Careful Reading"),
        Follow(FollowKind.VENUE, "Journal of Made-up Results"),
    )
    assert interest.include_fields == ("cs.CV", "cs.LG")
    assert interest.exclude_fields == ("econ",)
    assert interest.include_sources == ("arxiv:cs.CV", "nature")
    assert interest.exclude_sources == ("biorxiv",)
    assert interest.exclude_terms == ("survey", "综述", "blood pressure")
    assert (interest.threshold, interest.quota) == (0.125, 7)
    assert form.papers == "10.5555/one\narXiv:2606.10001"
    assert (form.library, form.library_name) == (b"@article{x}", "pasted library")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"text": "maps " * 20}, "maps maps maps maps maps maps maps maps…"),
        ({"text": "大规模" * 20}, "大规模" * 13 + "大…"),
        ({"rule": "RAG -survey"}, "RAG -survey"),
        ({"authors": "Ada Fenwick\nWang Wei"}, "Ada Fenwick"),
        ({"papers": "10.5555/one\n10.5555/two"}, "10.5555/one"),
        ({"include_fields": "cs.CV"}, "cs.CV"),
        ({"library": "@article{x}"}, "My radar"),
    ],
)
def test_a_radar_without_a_name_is_named_after_what_was_said_first(
    hub: FakeHub, client: TestClient, fields: dict[str, str], name: str
) -> None:
    send(client, "/radars/new", do="save", **fields)

    assert last_form(hub).interest.name == name


def test_a_change_of_a_radar_keeps_what_the_form_shows(hub: FakeHub, client: TestClient) -> None:
    """Sending the edit form back as it is changes nothing of the interest."""
    before = [kept.radar.interest for kept in hub.kept_radars]

    for kept in list(hub.kept_radars):
        page = client.get(f"/radars/{kept.radar.key}/edit").text
        answer = client.post(f"/radars/{kept.radar.key}/edit", data=filled_in(page), headers=OURS)
        assert answer.status_code == 303

    assert [kept.radar.interest for kept in hub.kept_radars] == before


def filled_in(page: str) -> dict[str, str]:
    """Give what a browser would send with the form's save button."""
    import html5lib

    document = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(one for one in document.iter("form") if one.get("id") == "radar")
    sent = {"do": "save"}
    for one in form.iter("textarea"):
        sent[one.get("name") or ""] = one.text or ""
    for one in form.iter("input"):
        if one.get("type") == "file" or (one.get("type") == "radio" and one.get("checked") is None):
            continue
        sent[one.get("name") or ""] = one.get("value") or ""
    return sent


def test_a_preview_keeps_what_was_typed_and_shows_what_would_have_been_caught(client: TestClient) -> None:
    answer = send(
        client,
        "/radars/new",
        do="preview",
        text="大模型的 <空间> 推理",
        papers="arXiv:2606.10001\nMaps That Remember\nA paper nobody wrote\n10.5555/none",
        threshold="20",
    )

    page = answer.text
    assert answer.status_code == 200
    assert "大模型的 &lt;空间&gt; 推理</textarea>" in page
    assert "79 papers in the last 30 days" in page
    assert "of 4,312 that came" in page
    assert 'value="20" aria-current="true"' in page
    assert "spatial reasoning; tool use" in page
    assert "借助, 尤其" in page
    assert "&lt;b&gt;tool use&lt;/b&gt;" in page
    assert "found by arXiv" in page
    assert "found by its title" in page
    assert "not on the shelves; its text is used" in page
    assert "not found, and not used" in page
    assert "Nothing is liked yet" in page


def test_a_threshold_that_nothing_reaches_is_said_with_the_best_match(client: TestClient) -> None:
    page = send(client, "/radars/new", text="maps", threshold="99").text

    assert "Nothing reaches 99%: the best match is 83%. Choose a lower threshold." in page


def test_a_step_of_the_preview_sets_the_threshold(client: TestClient) -> None:
    page = send(client, "/radars/new", text="maps", threshold="10", at="40").text

    assert 'type="range" min="0" max="100" step="any" value="40"' in page
    assert 'value="40" aria-current="true"' in page


def test_a_library_that_was_uploaded_stays_in_the_page_until_it_is_saved(
    hub: FakeHub, client: TestClient
) -> None:
    page = send_file(client, "/radars/new", b"@article{x}\n@book{y}", do="preview", text="").text
    assert "thesis.bib (BibTeX): 2 entries read;" in page
    assert "thesis.bib, line 12" in page
    assert "<code>li&lt;2&gt;5</code>" in page

    client.post("/radars/new", data=filled_in(page), headers=OURS)

    assert last_form(hub).library == b"@article{x}\n@book{y}"
    assert last_form(hub).library_name == "thesis.bib"
    assert last_form(hub).interest.name == "thesis"


@pytest.mark.parametrize("body", [b"@article{\xff\xfe}", b"@" + b"x" * LARGEST_KEPT])
def test_a_library_that_cannot_stay_in_the_page_has_to_be_chosen_again(
    client: TestClient, body: bytes
) -> None:
    page = send_file(client, "/radars/new", body, do="preview", text="maps").text

    assert "choose it again before you save" in page
    assert len(page) < 100_000


def test_a_page_that_previews_by_itself_gets_no_library_back(client: TestClient) -> None:
    page = send_file(client, "/radars/new", b"@article{secret}", do="preview", text="maps", live="1").text

    assert "secret" not in page
    assert "thesis.bib (BibTeX): 1 entry read;" in page


@pytest.mark.parametrize("do", ["preview", "save"])
def test_a_rule_that_cannot_be_read_is_shown_with_a_mark_at_the_place(client: TestClient, do: str) -> None:
    answer = send(client, "/radars/new", do=do, text="maps", rule='x (RAG OR "检索增强" -survey')

    page = answer.text
    assert answer.status_code == (400 if do == "save" else 200)
    assert "The query cannot be read at character 3: this parenthesis is never closed." in page
    assert "<code>x <mark>(</mark>RAG OR &#34;检索增强&#34; -survey</code>" in page
    assert 'id="rule" name="rule" rows="2"' in page
    assert re.search(r'id="rule"[^>]*aria-describedby="rule-help rule-error" aria-invalid="true"', page)
    assert '<details class="fold" open><summary>A rule' in page


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"text": " "}, "text", "Say what you are interested in"),
        ({"name": "x" * 201}, "name", "This is longer than 200 characters."),
        ({"text": "x" * 100_001}, "text", "This is longer than 100,000 characters."),
        ({"threshold": "101"}, "threshold", "The threshold is a number from 0 to 100."),
        ({"threshold": "nan"}, "threshold", "The threshold is a number from 0 to 100."),
        ({"quota": "-1"}, "quota", "The quota is a whole number"),
        ({"quota": "99999"}, "quota", "The quota is a whole number"),
        ({"rule_role": "tyrant"}, "rule", "A rule is a filter or a part of the score."),
        ({"authors": "Ada 0000-0002-1825-0098"}, "authors", "has a wrong digit"),
        ({"library": "no references at all"}, "library", "no format of a reference manager"),
        ({"name": "forbidden"}, "name", "This cannot be kept: it is forbidden."),
        ({"name": "nothing"}, "text", "This cannot be kept: there is nothing in it."),
        ({"exclude_terms": "…"}, "exclude_terms", "there are no words in it (…)"),
        ({"authors": "…"}, "authors", "a term is missing here"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    hub: FakeHub, client: TestClient, fields: dict[str, str], field: str, words: str
) -> None:
    sent = {**FIELDS, "venues": "Journal of Made-up Results", **fields}
    if fields == {"text": " "}:
        sent["venues"] = ""
    # A browser sends this form in parts, which have no limit of 64 kB.
    answer = client.post("/radars/new", data=sent, files={"file": ("", b"")}, headers=OURS)

    page = answer.text
    assert answer.status_code == 400
    found = re.search(rf'<span class="wrong" id="{field}-error">.*?</svg>([^<]*)</span>', page)
    assert found
    assert words in found[1]
    assert not sent["venues"] or "Journal of Made-up Results</textarea>" in page
    assert hub.forms == []


def test_characters_that_no_text_has_are_left_out(hub: FakeHub, client: TestClient) -> None:
    send(client, "/radars/new", do="save", text="ma\x00ps\x1b and\ttabs")

    assert last_form(hub).interest.text == "maps and\ttabs"


def test_a_starting_point_fills_the_form(client: TestClient) -> None:
    page = client.get("/radars/new?start=federated").text

    assert "federated learning failures</textarea>" in page
    assert 'value="Federated learning and its failures"' in page
    assert re.search(r'name="include_fields"[^>]* value="cs"', page)


def test_a_library_beyond_all_measure_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academichub.web.radarform.LARGEST_LIBRARY_BYTES", 1000)

    answer = send_file(client, "/radars/new", b"@article{" + b"x" * 200_000, do="preview")

    assert answer.status_code == 400
    assert 'href="/radars"' in answer.text


# -- on other pages ---------------------------------------------------------------------------------


def test_every_card_of_the_day_carries_the_radars_it_matched(client: TestClient) -> None:
    page = client.get("/?per=25").text

    assert re.search(r'<a href="/radars/[^"]+/why/\d+"><svg.*?</svg>空间推理 <b>\d+%</b></a>', page)


def test_a_papers_page_names_the_radars_it_matched(client: TestClient) -> None:
    page = client.get("/p/1").text

    assert re.search(r'<a href="/radars/[^"]+/why/1"><svg.*?</svg>空间推理 <b>29%</b></a>', page)


def test_the_day_is_read_by_best_match_page_after_page(client: TestClient) -> None:
    seen: list[int] = []
    best: list[int] = []
    path: str | None = "/?sort=match&per=25"
    while path:
        page = client.get(path).text
        cards = re.findall(r"<article.*?</article>", page, re.DOTALL)
        for card in cards:
            seen.append(int(re.findall(r'<h2 id="w(\d+)"', card)[0]))
            best.append(max(int(found) for found in re.findall(r"<b>(\d+)%</b>", card)))
        assert 'aria-setsize="-1"' in page
        found = re.search(r'<a class="button" rel="next" href="([^"]+)"', page)
        path = found.group(1).replace("&amp;", "&") if found else None

    assert best == sorted(best, reverse=True)
    assert len(seen) == len(set(seen)) > 25


def test_the_day_is_read_by_one_radar(client: TestClient) -> None:
    page = client.get("/?radar=quantum-attention").text

    cards = re.findall(r"<article.*?</article>", page, re.DOTALL)
    matches = [int(re.findall(r"Quantum × machine learning <b>(\d+)%", card)[0]) for card in cards]
    assert matches == sorted(matches, reverse=True)
    assert (
        '<a href="/?radar=quantum-attention" title="Quantum × machine learning" aria-current="true">' in page
    )
    assert 'class="chip"' not in page  # filters are of the order by time


def test_no_orders_are_offered_where_there_are_no_radars(visit: Callable[..., TestClient]) -> None:
    hub = FakeHub()
    hub.kept_radars = []

    page = visit(hub).get("/").text

    assert 'class="orders"' not in page
    assert "My radars" not in page


def test_a_day_that_no_radar_matched_leads_back_to_the_order_by_time(
    hub: FakeHub, client: TestClient
) -> None:
    hub.kept_radars = []

    page = client.get("/?sort=match").text

    assert "No radar matched anything on this day" in page
    assert '<a class="button" href="/">By time</a>' in page


@pytest.mark.parametrize("path", ["/?per={}", "/?sort=match&per={}", "/?radar=空间推理&per={}"])
def test_the_number_of_questions_does_not_grow_with_the_cards(
    visit: Callable[..., TestClient], path: str
) -> None:
    few, many = FakeHub(newest=5), FakeHub(newest=90)

    visit(few).get(path.format(25))
    visit(many).get(path.format(100))

    assert len(few.asked_of_radars) == len(many.asked_of_radars) <= 4


@pytest.mark.parametrize("path", ["/radars", SPATIAL, f"{SPATIAL}/edit", "/p/1"])
def test_a_page_about_radars_asks_once(visit: Callable[..., TestClient], path: str) -> None:
    hub = FakeHub(newest=90)

    visit(hub).get(path)

    assert len(hub.asked_of_radars) == 1
