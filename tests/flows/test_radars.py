"""A radar from one line of text to a ranked day, with reasons that add up, and what feedback does to it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import LibraryUnreadable, QueryInvalid, RadarInvalid, RadarUnknown, WorkUnknown
from academichub.flows.background import WORKS, learn_background
from academichub.model.radar import (
    Follow,
    FollowKind,
    Interest,
    LessReason,
    PartName,
    RuleRole,
    Shown,
    Verdict,
)
from academichub.model.radarpages import RadarForm
from tests.fakes.drafts import DAY
from tests.fakes.embeddings import FakeEmbedder
from tests.fakes.radardesk import Desk, paper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.model.radarpages import RadarPage

LINE = "quantum decoder for logical qubit and surface stabilizer"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    opened.fill()
    yield opened
    opened.close()


@pytest.fixture
def learned(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path, embedder=FakeEmbedder())
    opened.fill()
    opened.embed()
    yield opened
    opened.close()


def form(text: str = LINE, *, papers: str = "", library: bytes = b"", **more: Any) -> RadarForm:
    more.setdefault("threshold", 0.0)
    return RadarForm(Interest("", text=text, **more), papers=papers, library=library, library_name="my.bib")


def subjects(page: RadarPage, most: int) -> list[str]:
    return [one.card.categories[0] for one in page.cards[:most]]


# -- ranking -----------------------------------------------------------------------------------------


def test_one_line_of_text_finds_its_subject(desk: Desk) -> None:
    key = desk.create_radar(form(), now=desk.now)

    page = desk.radar(key)

    assert page.on == DAY
    assert subjects(page, 10) == ["quant-ph"] * 10
    assert [one.ranked.place for one in page.cards] == list(range(1, len(page.cards) + 1))
    assert page.candidates == 48
    assert page.row.radar.interest.name  # made from the text


def test_a_model_of_meaning_adds_a_part_of_its_own(learned: Desk) -> None:
    page = learned.radar(learned.create_radar(form(), now=learned.now))

    assert subjects(page, 8) == ["quant-ph"] * 8
    assert page.embedded == page.candidates == 48
    assert PartName.MEANING in {part.name for part in page.cards[0].ranked.parts if part.value}
    assert learned.radars().space == "fake@0"


def test_the_parts_sum_to_the_score_exactly_and_say_why(learned: Desk) -> None:
    follows = (Follow(FollowKind.AUTHOR, "Ada Example"), Follow(FollowKind.INSTITUTION, "Institute of Tests"))
    page = learned.radar(learned.create_radar(form(rule="decoder", follows=follows), now=learned.now))

    for one in page.cards:
        score = 0.0
        for part in one.ranked.parts:
            score += part.value
        assert one.ranked.score == score
        assert one.ranked.match == pytest.approx(1 / (1 + math.exp(-score)), abs=1e-12)
    reasons = {part.name: part.because for part in page.cards[0].ranked.parts}
    assert {because.kind for because in reasons[PartName.WORDS]} == {"term", "text"}
    assert reasons[PartName.AUTHOR][0].text == "Ada Example"
    assert reasons[PartName.INSTITUTION][0].text == "Institute of Tests"


def test_the_same_inputs_give_the_same_day_whatever_the_hour(learned: Desk) -> None:
    key = learned.create_radar(form(), now=learned.now)
    first = learned.rank_radar(key, now=learned.now)

    again = learned.rank_radar(key, now=learned.now + timedelta(hours=5))

    assert first is not None
    assert again is not None
    assert replace(again, ranked_at=first.ranked_at) == first


def test_ranking_all_radars_at_once_gives_what_each_alone_gives(desk: Desk) -> None:
    wishes: list[dict[str, Any]] = [
        {"rule": "decoder OR camera", "rule_role": RuleRole.FILTER},
        {"rule": "ti:cortex"},
        {"exclude_terms": ("qubit",), "include_fields": ("quant-ph", "cs")},
        {},
    ]
    keys = [desk.create_radar(form(**more), now=desk.now) for more in wishes]
    alone = [desk.radar(key).cards for key in keys]
    with desk.database.writing() as connection:  # so that every day is due again
        connection.exec_driver_sql("UPDATE radar_days SET candidates = candidates - 1")

    assert desk.rank_due(now=desk.now) == len(keys)

    assert [desk.radar(key).cards for key in keys] == alone


def test_filters_and_quota_keep_papers_out_and_the_threshold_what_is_unlike(desk: Desk) -> None:
    only = desk.radar(desk.create_radar(form(include_fields=("cs",)), now=desk.now))
    few = desk.radar(desk.create_radar(form(quota=2), now=desk.now))
    none = desk.radar(desk.create_radar(form(threshold=1.0), now=desk.now))

    assert set(subjects(only, 99)) == {"cs.CV"}
    assert len(few.cards) == 8
    assert none.cards == ()
    assert none.below == 48


def test_a_followed_author_is_seen_whatever_the_paper_is_about(desk: Desk) -> None:
    follows = (Follow(FollowKind.AUTHOR, "Ada Example"),)

    page = desk.radar(desk.create_radar(form("", follows=follows, threshold=0.5), now=desk.now))

    assert len(page.cards) == 48
    assert page.row.radar.interest.name == "Ada Example"


def test_a_chinese_line_finds_english_papers_through_the_glossary(desk: Desk) -> None:
    found = desk.preview_radar(form("量子比特的纠缠"), now=desk.now)

    assert "qubit" in found.english
    assert [row.title_plain for row in found.rows[:3]]
    with desk.database.reading():
        cards = desk.cards_of([row.work_id for row in found.rows[:5]])
    assert {card.categories[0] for card in cards} == {"quant-ph"}


# -- once, and again when it has changed -------------------------------------------------------------


def test_a_paper_is_shown_once_and_comes_back_only_with_another_text(desk: Desk) -> None:
    key = desk.create_radar(form(), now=desk.now)
    best = desk.radar(key).cards[0].card
    number = int(best.identifiers.arxiv.split(".")[1])  # type: ignore[union-attr]  # it is arXiv's
    tomorrow = DAY + timedelta(days=1)
    desk.now += timedelta(days=1)
    desk.shelf.put(
        paper(number, "quant-ph", on=tomorrow, version=2, turn=1), paper(900, "quant-ph", on=tomorrow)
    )

    desk.rank_due(now=desk.now)

    page = desk.radar(key)
    assert page.on == tomorrow
    shown = {one.card.work_id: one.ranked.shown for one in page.cards}
    assert shown[best.work_id] is Shown.REVISED
    assert set(shown.values()) == {Shown.REVISED, Shown.NEW}
    assert desk.radar(key, on=DAY).on == DAY  # the past stays where it was
    assert page.earlier == DAY


def test_a_day_is_ranked_again_only_when_something_has_changed(desk: Desk) -> None:
    key = desk.create_radar(form(), now=desk.now)

    assert desk.rank_due(now=desk.now) == 0
    desk.shelf.put(paper(901, "quant-ph"))
    assert desk.rank_due(now=desk.now) == 1
    assert desk.radar(key).candidates == 49
    desk.pause_radar(key, paused=True, now=desk.now)
    desk.shelf.put(paper(902, "quant-ph"))
    assert desk.rank_due(now=desk.now) == 0


def test_a_new_radar_is_given_a_past(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fill(each=4, days=3)
    key = desk.create_radar(form(), now=desk.now)

    desk.rank_due(now=desk.now)

    assert [on for on, _ in desk.radar(key).days] == [DAY - timedelta(days=back) for back in (2, 1, 0)]
    desk.close()


def test_an_empty_hub_has_radars_that_wait(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.rank_due(now=desk.now) == 0

    key = desk.create_radar(form(), now=desk.now)

    assert desk.radar(key).on is None
    assert desk.rank_due(now=desk.now) == 0
    assert desk.preview_radar(form(), now=desk.now).warnings == ("nothing-stored", "words-only")
    assert desk.radars().of == 0
    desk.close()


# -- feedback ----------------------------------------------------------------------------------------


def test_less_takes_a_paper_away_at_once_and_undo_brings_it_back(desk: Desk) -> None:
    key = desk.create_radar(form(), now=desk.now)
    best = desk.radar(key).cards[0].card.work_id

    desk.say(key, best, Verdict.LESS, reason=LessReason.SEEN, now=desk.now)
    after = [one.card.work_id for one in desk.radar(key).cards]
    desk.unsay(key, best, now=desk.now)

    assert best not in after
    assert desk.radar(key).cards[0].card.work_id == best


def test_more_of_another_subject_moves_the_ranking_towards_it(desk: Desk) -> None:
    key = desk.create_radar(form("memory"), now=desk.now)
    wage = [one for one in desk.radar(key).cards if one.card.categories == ("econ.EM",)]
    for one in wage[:4]:
        desk.say(key, one.card.work_id, Verdict.MORE, now=desk.now)

    page = desk.radar(key)

    assert subjects(page, 8).count("econ.EM") >= 6
    assert page.row.likes == 4
    assert {one.verdict for one in page.cards if one.card.work_id == wage[0].card.work_id} == {Verdict.MORE}


def test_feedback_on_an_older_day_ranks_that_day_again_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fill(each=5, days=2)
    key = desk.create_radar(form(), now=desk.now)
    desk.rank_due(now=desk.now)
    yesterday = DAY - timedelta(days=1)
    best = desk.radar(key, on=yesterday).cards[0].card.work_id

    desk.say(key, best, Verdict.LESS, reason=LessReason.OFF_TOPIC, now=desk.now)
    after = [one.card.work_id for one in desk.radar(key, on=yesterday).cards]
    desk.unsay(key, best, now=desk.now)

    assert best not in after
    assert desk.radar(key, on=yesterday).cards[0].card.work_id == best
    desk.close()


def test_a_liked_paper_is_measured_by_the_others_not_by_itself(desk: Desk) -> None:
    key = desk.create_radar(form("", papers="2606.00001\n2606.00014"), now=desk.now)

    page = desk.radar(key)

    reasons = {one.card.work_id: one.ranked.parts for one in page.cards}
    for line in page.seeds:
        assert line.seed.work_id is not None
        named = {because.work_id for part in reasons[line.seed.work_id] for because in part.because}
        assert line.seed.work_id not in named


# -- explaining --------------------------------------------------------------------------------------


def test_an_explanation_is_the_stored_one_and_says_what_has_changed_since(desk: Desk) -> None:
    key = desk.create_radar(form(), now=desk.now)
    best, other = (one.card.work_id for one in desk.radar(key).cards[:2])
    first = desk.explain(key, best, on=DAY)
    with desk.database.writing() as connection:  # as if days had passed: the ranking is left alone
        radar = desk.radar(key).row.radar
        from academichub.store import feedback

        feedback.say(connection, radar.id, other, Verdict.MORE, now=desk.now)

    again = desk.explain(key, best, on=DAY)

    assert first.changed == ()
    assert again.ranked == first.ranked
    assert again.changed == ("feedback",)
    with pytest.raises(WorkUnknown):
        desk.explain(key, 99_999)
    with pytest.raises(RadarUnknown):
        desk.explain("nothing", best)


def test_badges_and_the_days_order_come_from_the_best_radar(desk: Desk) -> None:
    quantum = desk.create_radar(form(), now=desk.now)
    desk.create_radar(form("camera image pixel segmentation"), now=desk.now)

    best = desk.matched(DAY, key=None, after=None, size=5)
    rest = desk.matched(DAY, key=None, after=(best[-1][1], best[-1][0]), size=5)
    own = desk.matched(DAY, key=quantum, after=None, size=3)

    assert [match for _, match in best] == sorted((match for _, match in best), reverse=True)
    assert not {work for work, _ in best} & {work for work, _ in rest}
    badges = desk.badges([own[0][0]])
    assert badges[own[0][0]][0].key == quantum
    assert [card.work_id for card in desk.cards_of([own[1][0], 99_999, own[0][0]])] == [own[1][0], own[0][0]]


# -- what a radar is made of -------------------------------------------------------------------------

BIB = b"""@article{one, title={Decoder surface qubit stabilizer}, author={Ada Example}, year={2020}}
@article{bad, title={no end
@article{two, title={Syndrome logical gate fidelity}, abstract={Quantum entanglement of a logical qubit.}}
"""


def test_a_library_stands_for_an_interest_and_a_broken_entry_loses_nothing_else(desk: Desk) -> None:
    found = desk.preview_radar(form("", library=BIB), now=desk.now)
    key = desk.create_radar(form("", library=BIB), now=desk.now)

    page = desk.radar(key)

    assert found.library is not None
    assert (found.library.entries, len(found.library.broken)) == (2, 1)
    assert found.library.broken[0][:2] == (2, "bad")
    assert page.row.seeds == 2
    assert subjects(page, 6) == ["quant-ph"] * 6
    again = desk.import_seeds(BIB, name="my.bib", key=key, now=desk.now)
    assert again.added == 0  # the same library twice adds nothing
    with pytest.raises(LibraryUnreadable):
        desk.create_radar(form("", library=b"\x00\x01"), now=desk.now)


def test_one_collection_of_a_library_can_be_taken(desk: Desk) -> None:
    grouped = (
        b"@article{a, title={Decoder surface qubit stabilizer}, groups={Codes}}\n"
        b"@article{b, title={Camera pixel depth detector}, groups={Vision, Old}}\n"
    )
    whole = replace(form("", library=grouped), collection=" codes ")

    key = desk.create_radar(whole, now=desk.now)
    told = desk.import_seeds(grouped, name="my.bib", key=None, now=desk.now)

    assert [line.seed.label for line in desk.radar(key).seeds] == ["a"]
    assert told.collections == ("Codes", "Old", "Vision")
    with pytest.raises(RadarInvalid):
        desk.create_radar(replace(whole, collection="Nothing"), now=desk.now)


def test_a_seed_finds_its_work_when_that_comes(desk: Desk) -> None:
    library = b"@article{late, title={A paper of tomorrow}, eprint={2606.00950}, archiveprefix={arXiv}}"
    key = desk.create_radar(form("", library=library), now=desk.now)
    before = desk.radar(key).seeds[0].seed.work_id

    desk.shelf.put(paper(950, "quant-ph"))
    desk.rank_due(now=desk.now)

    (line,) = desk.radar(key).seeds
    assert before is None
    assert line.seed.work_id is not None
    assert desk.cards_of([line.seed.work_id])[0].identifiers.arxiv == "2606.00950"


def test_papers_are_named_by_identifier_link_or_title(desk: Desk) -> None:
    shelved = paper(1, "quant-ph")
    other = paper(14, "cs.CV")
    lines = "\n".join(
        (
            "https://arxiv.org/abs/2606.00002v1",
            f"- {shelved.title.plain}",
            other.title.plain.upper(),
            "No such paper here",
            "10.1234/none",
        )
    )

    found = desk.preview_radar(form("", papers=lines), now=desk.now).found

    assert [(one.how, one.work_id is not None) for one in found] == [
        ("arxiv", True),
        ("title", True),
        ("title", True),
        ("unknown", False),
        ("unknown", False),
    ]
    page = desk.radar(desk.create_radar(form("", papers=lines), now=desk.now))
    assert len(page.seeds) == 4  # an unknown identifier says nothing of any subject; a title does
    desk.remove_seed(page.row.radar.key, page.seeds[0].seed_id, now=desk.now)
    assert len(desk.radar(page.row.radar.key).seeds) == 3


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"text": ""}, "interest"),
        ({"text": "x" * 4_001}, "text"),
        ({"threshold": 1.5}, "threshold"),
        ({"quota": -1}, "quota"),
        ({"include_fields": ("",)}, "include_fields"),
    ],
)
def test_what_no_radar_can_be_is_refused_by_name(desk: Desk, wish: dict[str, Any], field: str) -> None:
    with pytest.raises(RadarInvalid) as caught:
        desk.create_radar(form(**wish), now=desk.now)

    assert caught.value.facts["field"] == field
    assert desk.radars().rows == ()


def test_a_rule_with_a_mistake_keeps_nothing(desk: Desk) -> None:
    with pytest.raises(QueryInvalid):
        desk.create_radar(form(rule='"open'), now=desk.now)

    assert desk.radars().rows == ()


def test_a_preview_keeps_nothing_and_counts_what_each_threshold_lets_through(desk: Desk) -> None:
    found = desk.preview_radar(form(), now=desk.now)

    counts = [count for _, count in found.steps]
    assert counts == sorted(counts, reverse=True)
    assert found.candidates == 48
    assert found.rows[0].because
    assert desk.radars().rows == ()


def test_changing_renaming_and_removing(desk: Desk) -> None:
    key = desk.create_radar(form(), now=desk.now)
    before = desk.radar(key)

    desk.change_radar(key, form("camera image pixel segmentation detector"), now=desk.now)
    after = desk.radar(key)
    desk.remove_radar(key)

    assert subjects(before, 3) == ["quant-ph"] * 3
    assert subjects(after, 3) == ["cs.CV"] * 3
    with pytest.raises(RadarUnknown):
        desk.radar(key)
    with pytest.raises(RadarUnknown):
        desk.change_radar(key, form(), now=desk.now)


def test_a_radar_measures_itself_by_what_was_liked_before(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fill(each=6, days=3)
    key = desk.create_radar(form("", papers="2606.00001"), now=desk.now)
    desk.rank_due(now=desk.now)
    with desk.database.reading() as connection:
        from academichub.store import corpus

        liked = [
            work.work_id
            for back in (1, 0)
            for work in corpus.day_texts(connection, DAY - timedelta(days=back))
            if work.categories == ("quant-ph",)
        ]
    for work_id in liked[:2] + liked[-2:]:
        desk.say(key, work_id, Verdict.MORE, now=desk.now)

    figures = desk.evaluate_radar(key, now=desk.now)

    assert (figures.days, figures.likes) == (2, 4)
    assert figures.measures["recall@20"] > 0.9
    assert desk.evaluate_radar(desk.create_radar(form(), now=desk.now), now=desk.now).days == 0
    assert len(desk.export_radar(key).feedback) == 4
    desk.close()


# -- the background ----------------------------------------------------------------------------------


def test_a_kept_background_scores_like_a_new_one_and_a_broken_one_is_made_again(learned: Desk) -> None:
    key = learned.create_radar(form(), now=learned.now)
    first = learned.radar(key).cards
    (kept,) = learned.radar_files().iterdir()
    learned.kept_radars.backgrounds = type(learned.kept_radars.backgrounds)()  # as another process

    learned.rank_radar(key, now=learned.now)
    from_file = learned.radar(key).cards
    kept.write_bytes(kept.read_bytes()[:1000])
    learned.kept_radars.backgrounds = type(learned.kept_radars.backgrounds)()
    learned.rank_radar(key, now=learned.now)

    assert from_file == first
    assert learned.radar(key).cards == first
    assert len(list(learned.radar_files().iterdir())) == 1


def test_the_background_is_the_latest_works_before_the_day(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fill(each=2, days=2)

    background = learn_background(desk.database, before=DAY, embedder=None, now=desk.now)

    assert background.works == 16  # so few that the day itself is among them
    assert WORKS == 20_000
    desk.close()
