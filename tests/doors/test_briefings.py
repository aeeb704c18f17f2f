"""Briefings: every sentence leads to the words that carry it, and nothing is dropped in silence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest

from academichub.errors import BriefingInvalid
from academichub.model.briefing import (
    BriefingOrder,
    ChangeKind,
    Fallback,
    Growth,
    Label,
    Maker,
    Role,
    TensionKind,
)
from academichub.model.briefingpages import BriefingSchedule, BriefingState
from academichub.web.i18n import catalogue
from academichub.web.views.briefingwords import say_days, say_money
from tests.doors.test_every_page import check
from tests.fakes.hub import FakeHub
from tests.fakes.hub_briefings import BRIDGES, evidence, make_briefing, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import Response
    from starlette.testclient import TestClient

OURS = {"sec-fetch-site": "same-origin"}
WRITTEN, EXTRACTED = "/b/2026-06-19", "/b/2026-06-18"
ORDER = {
    "radar:空间推理": "on",
    "from": "2026-06-17",
    "to": "2026-06-19",
    "language": "zh",
    "writer": "model",
}
SCHEDULE = {
    **ORDER,
    "time": "07:45",
    "zone": "Asia/Shanghai",
    "days": "2",
    "weekday:0": "on",
    "do": "schedule",
}


def send(client: TestClient, path: str, **fields: str) -> Response:
    return client.post(path, data=fields, headers=OURS)


def part(page: str, name: str) -> str:
    """Cut one part out of a page."""
    return page.partition(f'data-part="{name}"')[2].partition("data-part=")[0]


# -- one briefing ---------------------------------------------------------------------------------


def test_every_citation_leads_to_its_quote_in_the_references(client: TestClient) -> None:
    page = client.get(WRITTEN).text

    cited = re.findall(r'<a class="ref" href="#(r(\d+)(?:q\d+)?)" aria-label="[^"]+">\[(\d+)\]</a>', page)
    assert len(cited) > 15
    for fragment, number, shown in cited:
        assert number == shown
        assert f'<li id="{fragment}"' in page


def test_a_quote_under_a_reference_is_word_for_word_and_says_where_it_stands(client: TestClient) -> None:
    references = part(client.get(EXTRACTED).text, "references")
    one = evidence(2, 3, Role.LIMIT)

    found = re.search(rf"<q lang=\"en\">{re.escape(one.quote)}</q><small>(.*?)</small>", references)
    assert found
    assert "verbatim" in found[1]
    assert "abstract sentence 3 · v2" in found[1]
    assert "limit" in found[1]


def test_the_account_says_what_the_briefing_is_made_of(client: TestClient) -> None:
    head = part(client.get(WRITTEN).text, "head")

    for words in (
        "24 works read",
        "13 sentences",
        "14 citations",
        "9 quoted, every one verbatim",
        "3 close paraphrases",
        "1 loose paraphrases, wording not checked",
        "2 removed",
        "written by AI: made-up-8b",
        "9 calls, 2 from the cache",
        "24,550 tokens",
        "cost CN¥0.062",
        "limits: abstracts only",
        "1 section could not be written by the model",
        "1 work has another text by now",
    ):
        assert words in head, words


def test_a_loose_paraphrase_is_printed_with_its_quote_and_says_that_its_wording_is_not_checked(
    client: TestClient,
) -> None:
    points = part(client.get(WRITTEN, headers={"accept-language": "zh"}).text, "points")

    carried = points.partition('<ul class="carried">')[2]
    assert "措辞未核对" in carried
    assert "其中有引文里没有的名称" in carried
    assert '<q lang="en">the map, not a larger model, explains most of the gain</q>' in carried
    assert points.count('<b class="ai"') == 1


def test_an_authors_sentence_stands_with_its_title_and_is_marked_verbatim(client: TestClient) -> None:
    points = part(client.get(EXTRACTED).text, "points")

    assert points.count("<q lang=") == 3
    assert points.count('<small class="label quoted">verbatim</small>') == 3
    assert "<cite" in points
    assert '<b class="ai"' not in points


def test_a_bridge_shows_both_sentences_where_it_leads_and_how_rare_it_is(client: TestClient) -> None:
    page = client.get(EXTRACTED).text
    bridges, surprises = part(page, "bridges"), part(page, "surprises")

    assert "In the year before: 0 of our 812 cs.LG papers, 19 of cs.GT" in bridges
    assert bridges.count("<mark>fair division</mark>") == 2
    assert '<abbr title="Computer Science and Game Theory">cs.GT</abbr>' in bridges
    assert "new there" in bridges
    assert "Fields were learned from 5,214 papers." in bridges
    assert "growing there, first seen 3 Nov 2025" in surprises
    assert "variance" not in bridges


def test_a_day_without_a_good_bridge_says_so(hub: FakeHub, visit: Callable[..., TestClient]) -> None:
    kept = hub.briefs[1]
    kept.briefing = replace(hub.briefing(kept.key).briefing, bridges=(), tensions=())  # type: ignore[type-var]

    page = visit(hub).get(EXTRACTED).text

    assert "No good bridge between fields today." in page
    assert "No two claims here were found to point apart." in page
    assert 'data-part="surprises" tabindex="-1" hidden' in page


def test_a_tension_quotes_both_sides_and_marks_what_disagrees(client: TestClient) -> None:
    tensions = part(client.get(EXTRACTED).text, "tensions")

    assert "<mark>not a larger model</mark>" in tensions
    assert "<mark>one ten-thousandth of the cost</mark>" in tensions
    assert "opposite directions" in tensions


def test_changes_reading_and_watch_list_say_why(client: TestClient) -> None:
    page = client.get(WRITTEN).text

    assert "against the briefing up to 18 Jun" in page
    assert "2 → 7 papers" in page
    assert re.search(r"retracted</b><span lang=\"en\"><a href=\"/p/11\">", page)
    assert "about 14 min" in page
    assert "radar 空间推理" in page
    assert "code: https://example.org/a" in page
    assert "<span>maps</span>" in page  # a reason of another version: its fact alone
    assert "4 papers, 0.6 expected" in page


def test_what_was_removed_is_kept_with_its_reasons(client: TestClient) -> None:
    rest = part(client.get(WRITTEN).text, "rest")

    assert "2 sentences removed" in rest
    assert "<s>准确率提高了 97%。</s>" in rest
    assert "a number that its evidence lacks" in rest
    assert "As paper [99] shows, it &lt;b&gt;never&lt;/b&gt; fails." in rest
    assert "cites no work of this briefing, denies what its evidence says" in rest
    assert "17 works not cited" in rest


def test_a_reference_leads_to_its_paper_and_to_its_card_on_its_day(client: TestClient) -> None:
    references = part(client.get(WRITTEN).text, "references")

    assert '<a href="/p/4">' in references
    assert 'href="/?date=2026-06-19#n4">card 04</a>' in references
    assert "no longer on the shelves" in references  # the work that is gone keeps its title
    assert "arXiv:2606.10002v2" in references
    assert "the text has changed since" in references


def test_a_card_far_down_a_long_day_is_led_to_on_a_page_that_holds_it(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    page = hub.briefing("2026-06-19")
    hub.briefing = lambda key: replace(page, line=replace(page.line, key=key), numbers={4: 73, 1: 9_001})  # type: ignore[method-assign]

    references = part(visit(hub).get(WRITTEN).text, "references")

    assert 'href="/?date=2026-06-19&amp;per=100#n73">card 73</a>' in references
    assert '<span class="card">card 9001</span>' in references


def test_a_section_that_the_model_could_not_write_says_so(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    whole = hub.briefing("2026-06-19").briefing
    assert whole is not None
    client = visit(hub)
    assert "The model wrote nothing that its evidence carries; these are" in client.get(WRITTEN).text

    hub.briefs[0].briefing = replace(whole, fallbacks=(Fallback("all", "unset"), Fallback("points", "new")))
    hub._revision += 1
    page = unescape(client.get(WRITTEN).text)

    assert "No language model is set; these are the authors' own sentences." in part(page, "head")
    assert "The model could not write this; these are" in part(page, "points")


def test_a_day_with_nothing_new_says_so_in_one_line(client: TestClient) -> None:
    page = client.get("/b/2026-06-17").text

    assert "Nothing new came in these days." in page
    assert 'data-part="points"' not in page


def test_a_briefing_that_failed_or_was_stopped_says_why(client: TestClient) -> None:
    assert "This briefing failed: The language model refused" in client.get("/b/2026-06-16").text
    assert "The writing was stopped" in client.get("/b/2026-06-15").text


def test_neighbours_files_and_the_way_back_carry_the_language(client: TestClient) -> None:
    page = client.get(f"{EXTRACTED}?lang=en", headers={"accept-language": "zh"}).text

    assert 'data-day="earlier" href="/b/2026-06-17?lang=en"' in page
    assert 'data-day="later" href="/b/2026-06-19?lang=en"' in page
    for ending in ("md", "html", "pdf", "json"):
        assert f'href="{EXTRACTED}.{ending}?lang=en"' in page


@pytest.mark.parametrize(
    ("ending", "media_type", "kind"),
    [
        ("md", "text/markdown; charset=utf-8", "attachment"),
        ("html", "text/html; charset=utf-8", "attachment"),
        ("pdf", "application/pdf", "inline"),
        ("json", "application/json", "attachment"),
    ],
)
def test_a_briefing_can_be_taken_along(client: TestClient, ending: str, media_type: str, kind: str) -> None:
    answer = client.get(f"{WRITTEN}.{ending}")

    assert answer.text == f"{ending} of 2026-06-19 in en"
    assert answer.headers["content-type"] == media_type
    said = answer.headers["content-disposition"]
    assert said == f"{kind}; filename*=UTF-8''academichub-2026-06-19.{ending}"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_hostile_briefing_is_shown_as_text_and_stays_in_its_place(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    whole = hub.briefing("2026-06-18").briefing
    assert whole is not None
    evil = '<script>alert("1")</script>\u202e\u2066 "\'>' + "x" * 5_000
    one = replace(evidence(4, 2), quote=evil)
    said = replace(quoted(4, 2), text=evil, evidence=(one,))
    bridge = replace(BRIDGES[0], concept=evil, home=evil, away_evidence=replace(evidence(6, 1), quote=evil))
    hub.briefs[1].briefing = replace(
        whole,
        titles=tuple(evil for _ in whole.titles),
        points=(said,),
        themes=tuple(
            replace(part, theme=replace(part.theme, terms=(evil,), fields=(evil,))) for part in whole.themes
        ),
        bridges=(replace(whole.bridges[0], bridge=bridge),),
        changes=(replace(whole.changes[0], terms=(evil,)),),
        watch=(replace(whole.watch[0], term=evil),),
        model=evil,
    )

    for language in ("zh", "en"):
        page = visit(hub, language).get(EXTRACTED).text
        check(page)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(" in page


def test_a_briefing_of_two_hundred_works_and_fifty_sentences_is_one_strict_page(
    visit: Callable[..., TestClient],
) -> None:
    hub = FakeHub(newest=200)
    order = BriefingOrder((), hub.now.date(), hub.now.date(), "en", Maker.EXTRACTIVE)
    whole = make_briefing(order, hub.now, [card for card in hub._cards if card.listed_on == hub.now.date()])
    hub.briefs[1].briefing = replace(whole, points=tuple(quoted(4, 2) for _ in range(50)))

    page = visit(hub).get(EXTRACTED).text

    check(page)
    assert page.count('<li id="r') >= 200


# -- the archive ----------------------------------------------------------------------------------


def test_the_archive_lists_briefings_by_month_with_what_they_are_made_of(client: TestClient) -> None:
    page = client.get("/b").text

    assert "June 2026" in page
    assert "6 briefings" in page
    assert "spent today CN¥0.062" in page
    assert "in all CN¥1.20" in page
    assert "spatial reasoning, 显式建模" in page
    assert "16 Jun – 18 June 2026" in page
    assert '<em class="is-failed">failed</em>' in page
    assert "Mon, Tue, Wed, Thu, Fri at 08:05 (Asia/Shanghai)" in page
    assert "last for 19 Jun" in page


def test_a_hub_without_briefings_or_a_model_invites_to_write_one(visit: Callable[..., TestClient]) -> None:
    page = visit(FakeHub(is_empty=True)).get("/b").text

    assert "No briefing has been written yet" in page
    assert "No language model is set" in page
    assert 'value="model"' not in page


def test_what_a_briefing_takes_is_shown_before_it_is_ordered(client: TestClient, hub: FakeHub) -> None:
    page = send(client, "/b", **ORDER, do="estimate").text

    assert hub.estimated == [
        BriefingOrder(("空间推理",), date(2026, 6, 17), date(2026, 6, 19), "zh", Maker.MODEL)
    ]
    assert not hub.orders
    assert "works to read" in page
    assert "14 calls" in page
    assert "36,000 tokens in, 6,200 out" in page
    assert "about CN¥0.0936" in page
    assert 'name="radar:空间推理" value="on" checked' in page
    check(page)

    over = send(client, "/b", **{**ORDER, "from": "2026-06-01"}, do="estimate").text
    assert "More than may still be spent today" in over
    free = send(client, "/b", **{**ORDER, "writer": "extractive"}, do="estimate").text
    assert "no model, no cost" in free


def test_an_order_leads_to_the_page_on_which_it_is_written(client: TestClient, hub: FakeHub) -> None:
    answer = send(client, "/b?lang=en", **ORDER, do="write")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/b/2026-06-19-7?done=ordered&lang=en"
    assert hub.orders[0].radars == ("空间推理",)
    page = client.get(answer.headers["location"])
    assert "The briefing is ordered" in page.text
    assert 'data-events="/b/2026-06-19-7/events?lang=en"' in page.text
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page.text
    assert page.headers["cache-control"] == "no-store"
    check(page.text)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"from": "2026-02-30"}, "2026-02-30"),
        ({"to": ""}, "A day is wanted."),
        ({"from": "2026-06-20"}, "The first day is after the last one."),
        ({"from": "2026-01-01"}, "A briefing covers 31 days at most."),
        ({"radar:none": "on"}, "none"),
        ({"from": "2026-07-01", "to": "2026-07-02"}, "it is in the future"),
    ],
)
def test_an_order_that_cannot_be_taken_says_what_is_wrong_beside_what_was_typed(
    client: TestClient, hub: FakeHub, changed: dict[str, str], words: str
) -> None:
    answer = send(client, "/b", **{**ORDER, **changed}, do="write")

    assert answer.status_code == 400
    assert words in answer.text
    assert 'class="wrong"' in answer.text
    assert not hub.orders
    check(answer.text)


def test_one_day_is_enough(client: TestClient, hub: FakeHub) -> None:
    send(client, "/b", **{**ORDER, "from": ""}, do="write")

    assert hub.orders[0].first == hub.orders[0].last == date(2026, 6, 19)


@pytest.mark.parametrize(
    "fields",
    [
        {**ORDER, "do": "sing"},
        {**ORDER, "language": "tlh", "do": "write"},
        {**ORDER, "writer": "ghost", "do": "write"},
        {"do": "unschedule", "schedule": "x"},
        {"do": "write"},
    ],
)
def test_a_form_that_is_not_ours_to_send_is_refused(client: TestClient, fields: dict[str, str]) -> None:
    assert send(client, "/b", **fields).status_code == 400


def test_forms_from_other_sites_are_refused(client: TestClient, hub: FakeHub) -> None:
    for path, action in (("/b", "write"), (WRITTEN, "remove"), (WRITTEN, "cancel"), (WRITTEN, "again")):
        answer = client.post(path, data={**ORDER, "do": action}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    assert len(hub.briefs) == 6
    assert not hub.orders


# -- schedules ------------------------------------------------------------------------------------


def test_a_schedule_is_kept_in_the_readers_time_zone(client: TestClient, hub: FakeHub) -> None:
    answer = send(client, "/b", **SCHEDULE)

    assert answer.headers["location"] == "/b?done=briefing-scheduled#schedules"
    assert hub.schedules[-1] == BriefingSchedule(
        *(2, ("空间推理",), "zh", Maker.MODEL, 7, 45, (0,), "Asia/Shanghai"), days=2
    )
    page = client.get("/b?done=briefing-scheduled").text
    assert "The schedule is saved." in page
    assert "Mon at 07:45 (Asia/Shanghai)" in page


def test_all_seven_days_are_every_day(client: TestClient, hub: FakeHub) -> None:
    send(client, "/b", **SCHEDULE, **{f"weekday:{place}": "on" for place in range(1, 7)})

    assert hub.schedules[-1].weekdays == ()
    assert "every day at 07:45" in client.get("/b").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"time": "25:00"}, "A time is wanted"),
        ({"zone": "Mars/Olympus"}, "There is no such time zone"),
        ({"zone": "../../etc/passwd"}, "There is no such time zone"),
        ({"days": "0"}, "A number from 1 to 31 is wanted."),
        ({"days": "٣"}, "A number from 1 to 31 is wanted."),
        ({"days": "9999999999"}, "A number from 1 to 31 is wanted."),
    ],
)
def test_a_schedule_that_cannot_be_kept_says_what_is_wrong(
    client: TestClient, hub: FakeHub, changed: dict[str, str], words: str
) -> None:
    answer = send(client, "/b", **{**SCHEDULE, **changed})

    assert answer.status_code == 400
    assert words in answer.text
    assert '<details class="regular" open>' in answer.text
    assert len(hub.schedules) == 1
    check(answer.text)


def test_what_the_hub_finds_wrong_with_a_schedule_is_said(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    def refuse(_: BriefingSchedule, /, **__: object) -> int:
        raise BriefingInvalid(field="hour", reason="it is never that late")

    hub.save_schedule = refuse  # type: ignore[method-assign]
    answer = send(visit(hub), "/b", **SCHEDULE)

    assert answer.status_code == 400
    assert 'id="time-error"' in answer.text
    assert "it is never that late" in answer.text


def test_a_schedule_is_removed(client: TestClient, hub: FakeHub) -> None:
    answer = send(client, "/b", do="unschedule", schedule="1")

    assert answer.headers["location"] == "/b?done=briefing-unscheduled#schedules"
    assert not hub.schedules
    assert "The schedule is removed." in client.get("/b?done=briefing-unscheduled").text


# -- changing -------------------------------------------------------------------------------------


def test_a_briefing_is_written_again_by_another_writer_in_another_language(
    client: TestClient, hub: FakeHub
) -> None:
    answer = send(client, EXTRACTED, do="again", language="zh", writer="model")

    assert answer.headers["location"] == "/b/2026-06-18-7?done=ordered"
    assert hub.orders == [BriefingOrder((), date(2026, 6, 16), date(2026, 6, 18), "zh", Maker.MODEL)]
    assert send(client, EXTRACTED, do="again", language="tlh").status_code == 400
    assert send(client, EXTRACTED, do="again", writer="ghost").status_code == 400
    assert send(client, EXTRACTED, do="burn").status_code == 400


def test_a_briefing_is_stopped(client: TestClient, hub: FakeHub) -> None:
    answer = send(client, "/b/2026-06-10", do="cancel")

    assert answer.headers["location"] == "/b/2026-06-10?done=cancelled"
    assert hub.briefs[5].state is BriefingState.CANCELLED
    assert "The writing is stopped." in client.get("/b/2026-06-10?done=cancelled").text


def test_a_briefing_is_removed_after_a_question(client: TestClient, hub: FakeHub) -> None:
    page = client.get(f"{WRITTEN}/remove").text
    assert "Remove the briefing of 19 June 2026?" in page
    assert "空间推理, Quantum × machine learning" in page

    answer = send(client, WRITTEN, do="remove")

    assert answer.headers["location"] == "/b?done=briefing-removed"
    assert len(hub.briefs) == 5
    assert client.get(WRITTEN).status_code == 404
    assert "The briefing is removed." in client.get("/b?done=briefing-removed").text


# -- beside the papers ----------------------------------------------------------------------------


def test_a_card_says_which_fields_a_paper_may_interest_and_marks_what_a_model_wrote(
    reader: TestClient,
) -> None:
    page = reader.get("/?per=25", headers={"accept-language": "zh"}).text
    card = page.partition('id="n1"')[2].partition("</article>")[0]

    assert "可能相关的领域" in card
    assert '<span title="econ">经济学</span>' in card
    assert "Maps That Remember" in card  # the author's own title
    assert "Spatial reasoning asks a model" in card  # and abstract
    assert "会记忆的地图" in card
    assert card.count("made-up-8b · 6月19日") >= 3
    assert '<details class="ai-abstract">' in card
    second = page.partition('id="n2"')[2].partition("</article>")[0]
    assert "&lt;b&gt;精确&lt;/b&gt;" in second
    assert "请对照摘要" in second


def test_a_card_in_another_language_and_a_card_without_remarks_are_other_cards(reader: TestClient) -> None:
    english = reader.get("/?per=25", headers={"accept-language": "en"}).text

    assert "会记忆的地图" not in english
    assert "Modelling missing observations" in english
    titles = reader.get("/?density=titles", headers={"accept-language": "zh"}).text
    assert "会记忆的地图" in titles
    assert "智能体自绘地图" not in titles


def test_the_page_of_a_paper_has_its_remarks(reader: TestClient) -> None:
    page = reader.get("/p/1", headers={"accept-language": "zh"}).text

    assert "会记忆的地图" in page
    assert "智能体自绘地图" in page
    assert "经济学" in page
    assert "AI 译摘要" in page


def test_the_feed_asks_for_remarks_once_however_many_cards_it_has(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    client = visit(hub)
    client.get("/?per=25")
    few = list(hub.asked_of_briefings)
    hub.asked_of_briefings.clear()
    client.get("/?per=200")

    assert few == hub.asked_of_briefings == ["belongs", "ai_texts"]


# -- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_value_of_a_briefing_has_a_word(language: str) -> None:
    words = catalogue(language)
    shown = (
        ("role", Role),
        ("label", Label),
        ("growth", Growth),
        ("tension", TensionKind),
        ("change", ChangeKind),
        ("writer", Maker),
    )

    for prefix, values in shown:
        for value in values:
            assert words.text(f"{prefix}:{value.value}")
    for state in set(BriefingState) - {BriefingState.DONE}:
        assert words.text(f"state:{state.value}")


def test_money_is_written_as_its_amount_needs() -> None:
    english, chinese = catalogue("en"), catalogue("zh")

    assert say_money(0.0042, "USD", english) == "US$0.0042"
    assert say_money(1234.5, "CNY", chinese) == "¥1,234.50"
    assert say_money(0.06, "¥", english) == "¥0.06"
    assert say_money(0.5, "", english) == "0.50"
    assert say_money(0.0, "USD", english) == "US$0.00"


def test_days_are_written_as_a_range() -> None:
    first, last = date(2025, 12, 30), date(2026, 1, 2)

    assert say_days(last, last, catalogue("en")) == "2 January 2026"
    assert say_days(first, last, catalogue("en")) == "30 Dec 2025 – 2 January 2026"
    assert say_days(first, last, catalogue("zh")) == "2025年12月30日 – 2026年1月2日"
