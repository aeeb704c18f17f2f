"""One paper: what to know before trusting it, what belongs to it, what its versions said."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from academichub.model.papers import Bond, Flag
from academichub.model.shelf import RelatedRow, VersionText
from academichub.web.i18n import catalogue
from academichub.web.views.changes import build_changes
from academichub.web.views.flags import build_flags, build_related

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from tests.fakes.hub import FakeHub

OURS = {"sec-fetch-site": "same-origin"}
EN = catalogue("en")


def card_of(page: str, number: str) -> str:
    return page.partition(f'<p class="n">{number}</p>')[2].partition("</article>")[0]


# -- flags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("density", ["comfortable", "compact", "titles"])
def test_a_retracted_paper_says_so_inside_its_title_whatever_the_density(
    client: TestClient, density: str
) -> None:
    card = card_of(client.get(f"/?density={density}").text, "09.")
    heading = card.partition("<h2 ")[2].partition("</h2>")[0]

    assert '<strong class="flag retracted" lang="en">' in heading  # read out with the article's name
    assert re.sub(r"<[^>]+>", "", heading.partition(">")[2]).startswith("Retracted Slow Rivers")


def test_a_badge_is_in_the_pages_language_though_the_title_is_not(client: TestClient) -> None:
    card = card_of(client.get("/?lang=zh").text, "05.")

    assert 'lang="en"><strong class="flag concern" lang="zh-CN">' in card
    assert "关注声明</strong>" in card
    assert "已更正</strong>" in card


def test_a_paper_without_flags_has_no_badge(client: TestClient) -> None:
    assert "flag" not in card_of(client.get("/").text, "01.")


def test_a_flag_leads_to_its_notice_on_our_shelves(client: TestClient) -> None:
    page = client.get("/p/9?lang=en").text

    assert "<title>Retracted · Slow Rivers" in page
    assert 'role="note"' in page
    assert 'Retracted by</span> <a href="/p/15?lang=en" lang="en">Retraction: Slow Rivers' in page


def test_a_notice_that_is_not_on_our_shelves_is_linked_by_its_doi(client: TestClient) -> None:
    page = client.get("/p/5").text

    assert 'href="https://doi.org/10.5555/letters.concern(2026)7" rel="noopener noreferrer"' in page
    assert page.index('class="flagged concern"') < page.index('class="flagged corrected"')


def test_a_flag_without_a_notice_says_who_sets_it(client: TestClient) -> None:
    assert "Its source marks it so; the notice itself is not known here." in client.get("/p/12").text


def test_a_notice_is_named_with_its_flag_or_else_among_the_related_papers() -> None:
    row = RelatedRow(Bond.CORRECTED_BY, "doi", "10.5555/x", None, "", "")

    (flag,) = build_flags((Flag.CORRECTED,), (row,), EN, suffix="")
    assert [line.title for line in flag.notices] == ["DOI 10.5555/x"]
    assert build_related((Flag.CORRECTED,), (row,), EN, suffix="") == ()
    assert [line.bond for line in build_related((), (row,), EN, suffix="")] == ["Corrected by"]


def test_an_identifier_of_a_kind_that_nobody_resolves_is_shown_without_a_link() -> None:
    row = RelatedRow(Bond.REVIEWS, "handle", "20.500/1", None, "", "")

    (line,) = build_related((), (row,), EN, suffix="")

    assert (line.title, line.href) == ("handle 20.500/1", None)


def test_related_papers_say_what_they_are_to_this_one(client: TestClient) -> None:
    page = client.get("/p/5").text
    related = page.partition('<section class="related"')[2].partition("</section>")[0]

    assert '<span class="bond">Preprint</span> <a href="https://arxiv.org/abs/2601.01234"' in related
    assert '<span class="bond">Reviews</span>' in related
    assert "Corrected by" not in related


# -- where things are from ------------------------------------------------------------------------


def test_what_another_source_completed_is_said(client: TestClient) -> None:
    page = client.get("/p/5").text

    assert "Abstract from Crossref" in page
    assert "<dd>Crossref (abstract, authors); OpenAlex (licence)</dd>" in page
    assert "摘要来自 Crossref" in client.get("/p/5?lang=zh").text


def test_attention_is_said_in_words_where_the_signal_is_known(client: TestClient) -> None:
    assert "<dd>41 votes on HF Daily Papers; reading-club 2</dd>" in client.get("/p/1").text


def test_a_paper_that_was_listed_and_not_voted_for_says_so(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = replace(hub.paper(1), signals=(("hf-daily", 0), ("biorxiv-pubs", 0)))
    monkeypatch.setattr(hub, "paper", lambda _: page)

    assert "<dd>listed on HF Daily Papers; biorxiv-pubs</dd>" in visit(hub).get("/p/1").text


def test_a_work_of_several_places_says_so_and_its_last_merge_is_undone_with_one_click(
    client: TestClient, hub: FakeHub
) -> None:
    page = client.get("/p/2").text
    assert "Merged from 2 places." in page
    assert "Undo the last of 3 merges" in page
    assert '<input type="hidden" name="merge" value="4">' in page

    answer = client.post("/review", data={"do": "undo", "merge": "4", "work": "2"}, headers=OURS)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/p/2?done=undone&count=3"
    page = client.get(answer.headers["location"]).text
    assert 'two works again. <a href="/p/3">Open the other one</a>' in page
    assert "Undo the last of 2 merges" in page
    assert hub.merges[0].undone_at


def test_a_work_with_one_merge_left_is_not_counted_at(client: TestClient, hub: FakeHub) -> None:
    hub.merges = hub.merges[:1]

    assert "Undo the merge</button>" in client.get("/p/2").text


def test_a_work_that_was_merged_away_leads_to_the_one_that_holds_it(client: TestClient) -> None:
    answer = client.get("/p/900?lang=zh")

    assert answer.status_code == 302
    assert answer.headers["location"] == "/p/2?lang=zh"
    assert client.get("/p/901").status_code == 404


# -- versions -------------------------------------------------------------------------------------


def test_versions_show_what_changed_newest_first_in_marks_that_can_be_heard(client: TestClient) -> None:
    page = client.get("/p/10").text
    changes = re.findall(r'<details class="changes" id="changes-v(\d)">(.*?)</details>', page, re.DOTALL)

    assert [version for version, _ in changes] == ["3", "2"]
    assert '<del><span class="vh" lang="en">Removed: </span>Cycles<span' in changes[1][1]
    assert "Added: </span>Cycle<span" in changes[1][1]
    assert "<ins" not in changes[0][1].partition('<div class="abs"')[0]  # the title stayed as it was
    assert re.search(r"<small>12 Jun · title · \d+ % of the abstract</small>", changes[1][1])


def test_a_paper_of_one_version_has_nothing_to_compare(client: TestClient) -> None:
    assert 'class="changes"' not in client.get("/p/1").text


def test_a_version_that_changed_nothing_says_so() -> None:
    same = ("A title", "An abstract.")

    (view,) = build_changes((VersionText(1, 1, None, *same), VersionText(2, 2, None, *same)), EN, year=2026)

    assert view.same == "Title and abstract are the same as in v1."
    assert (view.title, view.abstract, view.note) == ((), (), "")


def test_a_change_of_one_comma_is_not_called_none() -> None:
    long = "one two three four five six seven eight nine ten " * 60
    texts = (VersionText(1, 1, None, "T", f"{long}end"), VersionText(2, 2, None, "T", f"{long}, end"))

    (view,) = build_changes(texts, EN, year=2026)

    assert view.note == "1 % of the abstract"


def test_only_a_dozen_versions_are_compared() -> None:
    texts = tuple(VersionText(number, number, None, f"Title {number}", "") for number in range(1, 41))

    views = build_changes(texts, EN, year=2026)

    assert [view.anchor for view in views] == [f"changes-v{number}" for number in range(40, 28, -1)]


def test_text_of_a_version_is_never_markup(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "<script>alert(1)</script> & more"
    texts = (VersionText(1, 1, None, "T", ""), VersionText(2, 2, None, hostile, hostile))
    page = replace(hub.paper(10), texts=texts)
    monkeypatch.setattr(hub, "paper", lambda _: page)

    text = visit(hub).get("/p/10").text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_place_is_named_beside_a_venue_of_another_name(client: TestClient) -> None:
    page = client.get("/p/2").text

    assert "Journal of Made-up Results</a> <small>doi</small>" in page
    assert "<small>arxiv</small>" not in page
