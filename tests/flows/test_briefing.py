"""A briefing is ordered, written, read, printed and scheduled, with a model and without."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.errors import BriefingInvalid, BriefingUnknown, ChatUnreachable, RadarUnknown
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import BriefingSchedule, BriefingState
from academichub.model.radar import Interest, RuleRole
from academichub.model.radarpages import RadarForm
from tests.fakes.briefdesk import BriefDesk
from tests.fakes.drafts import DAY, arxiv_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.briefing.ports import Question
    from academichub.model.asking import Answer

ORDER = BriefingOrder((), DAY, DAY, "en", Maker.EXTRACTIVE)
SUBJECTS = {
    "cs.GT": ("fair division", "agents", "budgets"),
    "cs.CV": ("diffusion models", "images", "segmentation"),
    "quant-ph": ("surface codes", "qubits", "decoders"),
    "econ.EM": ("wage inflation", "households", "tariffs"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BriefDesk]:
    made = BriefDesk(tmp_path)
    fill(made)
    yield made
    made.close()


def fill(desk: BriefDesk, *, days: int = 4, each: int = 5) -> None:
    """Shelve papers that say something, so many of each subject a day, the last day being DAY."""
    number = 0
    for back in reversed(range(days)):
        drafts = []
        for subject, (topic, thing, other) in SUBJECTS.items():
            for turn in range(each):
                number += 1
                drafts.append(
                    arxiv_draft(
                        f"2606.{number:05d}",
                        title=f"{topic.capitalize()} for {thing}: part {number}",
                        abstract=(
                            f"Many have studied {topic} before. We propose a method of {topic} for "
                            f"{thing} that needs no {other}. It improves the score by {number + 3}.5 % over "
                            f"the baseline on {turn + 2} benchmarks."
                        ),
                        categories=(subject,),
                        on=DAY - timedelta(days=back),
                    )
                )
        desk.shelf.put(*drafts)


class Model:
    """A model that answers by a function of the question."""

    model = "scripted"
    context = 8_192

    def __init__(self, answer: Callable[[Question], str]) -> None:
        self.asked: list[Question] = []
        self._answer = answer

    def count(self, text: str) -> int:
        return len(text) // 3 + 1

    def ask(self, question: Question, *, hear: Callable[[int], None] | None = None) -> Answer:
        from academichub.model.asking import Answer

        self.asked.append(question)
        if hear is not None:
            hear(1)
        return Answer(self._answer(question), 10, 5, is_cut=False, is_refused=False, model="scripted")


def honest(question: Question) -> str:
    """Answer with the first quote of each paper."""
    listed, _ = json.JSONDecoder().raw_decode(question.user)
    if question.section == "evidence":
        return json.dumps({"papers": []})
    if question.section == "plan":
        return json.dumps({"points": [{"papers": [one["paper"] for one in listed[:2]]}]})
    said = [
        {"text": one["quotes"][0], "quotes": [{"paper": one["paper"], "quote": one["quotes"][0]}]}
        for one in listed
    ]
    return json.dumps({"sentences": said})


def write(desk: BriefDesk, order: BriefingOrder = ORDER) -> str:
    key = desk.order_briefing(order, now=desk.now)
    assert desk.write_briefing(key) is BriefingState.DONE
    return key


def test_a_day_without_radars_is_briefed_whole(desk: BriefDesk) -> None:
    key = write(desk)

    page = desk.briefing(key)
    assert key == DAY.isoformat()
    assert desk.sent == [key]
    assert page.briefing is not None
    assert len(page.briefing.works) == 20
    assert page.briefing.points
    assert page.line.account is not None
    assert page.line.account.quoted == page.line.account.sentences
    assert page.numbers[page.briefing.works[0]] in range(1, 21)
    figures = desk.evaluate_briefing(key)
    assert (figures.invalid_citations, figures.not_verbatim, figures.flagged) == (0, 0, 0)


def test_the_same_order_twice_gives_the_same_bytes(desk: BriefDesk) -> None:
    first, second = write(desk), write(desk)

    assert first != second
    one, other = desk.briefing(first).briefing, desk.briefing(second).briefing
    assert one == other
    assert desk.briefing_file(first, "json") == desk.briefing_file(second, "json")


def test_a_radar_chooses_what_is_briefed(desk: BriefDesk) -> None:
    interest = Interest("Sharing", rule="ti:division", rule_role=RuleRole.FILTER, threshold=0.0)
    key = desk.create_radar(RadarForm(interest), now=desk.now)

    written = write(desk, replace(ORDER, radars=(key,)))

    made = desk.briefing(written).briefing
    assert made is not None
    titles = dict(zip(made.works, made.titles, strict=True))
    assert made.points
    assert all("division" in titles[one.evidence[0].span.work_id] for one in made.points)
    assert all("division" in titles[one.work_id] for one in made.reading)
    assert desk.briefings().radars == ((key, "Sharing"),)


def test_a_day_with_nothing_new_says_so(desk: BriefDesk) -> None:
    later = DAY + timedelta(days=9)

    key = write(desk, replace(ORDER, first=later, last=later, language="zh"))

    content, media_type = desk.briefing_file(key, "md")
    assert "没有新论文" in content.decode()
    assert media_type.startswith("text/markdown")


def test_a_briefing_is_printed_in_every_format(desk: BriefDesk) -> None:
    key = write(desk)

    assert desk.briefing_file(key, "html", language="zh")[0].startswith(b"<!doctype html>")
    assert desk.briefing_file(key, "pdf")[0].startswith(b"%PDF")
    assert json.loads(desk.briefing_file(key, "json")[0])["works"]
    with pytest.raises(BriefingInvalid):
        desk.briefing_file(key, "docx")


def test_a_model_writes_behind_the_ledger_and_is_paid_once(desk: BriefDesk) -> None:
    model = desk.chat = Model(honest)
    order = replace(ORDER, writer=Maker.MODEL)

    first = write(desk, order)
    asked = len(model.asked)
    write(desk, order)

    made = desk.briefing(first).briefing
    assert made is not None
    assert made.model == "scripted"
    assert all(one.maker is Maker.MODEL for one in made.points)
    assert len(model.asked) == asked
    spent = desk.briefings().spent
    assert (spent.calls, spent.cached) == (2 * asked, asked)
    assert spent.money == pytest.approx(asked * (10 * 1.0 + 5 * 2.0) / 1_000_000)
    assert made.cost.calls == asked
    figures = desk.evaluate_briefing(first)
    assert (figures.invalid_citations, figures.not_verbatim, figures.flagged) == (0, 0, 0)


def test_a_model_that_is_gone_leaves_the_extractive_briefing(desk: BriefDesk) -> None:
    def gone(_: Question) -> str:
        raise ChatUnreachable(url="u", status=None, reason="gone")

    desk.chat = Model(gone)

    made = desk.briefing(write(desk, replace(ORDER, writer=Maker.MODEL))).briefing

    assert made is not None
    assert made.points
    assert {one.reason for one in made.fallbacks} == {"unreachable"}


def test_a_model_that_is_not_set_is_said(desk: BriefDesk) -> None:
    made = desk.briefing(write(desk, replace(ORDER, writer=Maker.MODEL))).briefing

    assert made is not None
    assert [one.reason for one in made.fallbacks] == ["unset"]


def test_a_briefing_that_is_called_off_ends(desk: BriefDesk) -> None:
    key = ""

    def off(question: Question) -> str:
        desk.cancel_briefing(key, now=desk.now)
        return honest(question)

    desk.chat = Model(off)
    key = desk.order_briefing(replace(ORDER, writer=Maker.MODEL), now=desk.now)

    assert desk.write_briefing(key) is BriefingState.CANCELLED
    assert desk.briefing_progress(key)[0] is BriefingState.CANCELLED
    assert desk.write_briefing(key) is BriefingState.CANCELLED


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_a_killed_writer_goes_on_and_pays_nothing_twice(desk: BriefDesk, stop_at: int) -> None:
    class Killed(BaseException):
        pass

    def die(question: Question) -> str:
        if len(first.asked) == stop_at:
            raise Killed
        return honest(question)

    first = desk.chat = Model(die)
    key = desk.order_briefing(replace(ORDER, writer=Maker.MODEL), now=desk.now)
    with pytest.raises(Killed):
        desk.write_briefing(key)
    second = desk.chat = Model(honest)

    assert desk.write_briefing(key) is BriefingState.DONE

    answered = [one.wording for one in (*first.asked[:-1], *second.asked)]
    assert len(answered) == len(set(answered))
    assert second.asked[0] == first.asked[-1]


def test_an_estimate_comes_before_the_writing(desk: BriefDesk) -> None:
    desk.chat = Model(honest)

    found = desk.estimate_briefing(replace(ORDER, writer=Maker.MODEL), now=desk.now)
    plain = desk.estimate_briefing(ORDER, now=desk.now)

    assert found.calls > 0
    assert found.money > 0
    assert found.works == plain.works == 20
    assert plain.calls == 0


def test_what_cannot_be_ordered_is_refused(desk: BriefDesk) -> None:
    for order in (
        replace(ORDER, first=DAY + timedelta(days=1)),
        replace(ORDER, first=DAY - timedelta(days=40)),
        replace(ORDER, language="fr"),
    ):
        with pytest.raises(BriefingInvalid):
            desk.order_briefing(order, now=desk.now)
    with pytest.raises(RadarUnknown):
        desk.order_briefing(replace(ORDER, radars=("none",)), now=desk.now)
    with pytest.raises(BriefingUnknown):
        desk.briefing("2020-01-01")


def test_a_removed_briefing_is_gone(desk: BriefDesk) -> None:
    key = write(desk)

    desk.remove_briefing(key)

    assert desk.briefings().lines == ()
    with pytest.raises(BriefingUnknown):
        desk.evaluate_briefing(key)


SCHEDULE = BriefingSchedule(0, (), "zh", Maker.EXTRACTIVE, 8, 0, (), "Asia/Shanghai")


def test_a_scheduled_briefing_is_ordered_once_when_its_hour_has_come_there(desk: BriefDesk) -> None:
    midnight = desk.now.replace(hour=0, minute=0, second=0, microsecond=0)
    desk.save_schedule(SCHEDULE, now=desk.now)

    before = desk.order_due_briefings(now=midnight - timedelta(minutes=1))
    at = desk.order_due_briefings(now=midnight)
    after = desk.order_due_briefings(now=midnight + timedelta(hours=3))

    assert (before, at, after) == (0, 1, 0)
    assert len(desk.sent) == 1


def test_a_schedule_covers_what_came_since_and_then_says_that_nothing_did(desk: BriefDesk) -> None:
    number = desk.save_schedule(replace(SCHEDULE, days=3), now=desk.now)
    midnight = desk.now.replace(hour=1, minute=0, second=0, microsecond=0)

    desk.order_due_briefings(now=midnight)
    desk.write_briefing(desk.sent[0])
    desk.order_due_briefings(now=midnight + timedelta(days=1))
    desk.write_briefing(desk.sent[1])

    first, second = (desk.briefing(key).line.order for key in desk.sent)
    assert (first.last - first.first).days == 2
    assert second.first == second.last > first.last
    made = desk.briefing(desk.sent[1]).briefing
    assert made is not None
    assert made.works == ()
    desk.remove_schedule(number)
    assert desk.briefings().schedules == ()


@pytest.mark.parametrize(
    "change",
    [
        {"hour": 24},
        {"minute": -1},
        {"weekdays": (7,)},
        {"days": 0},
        {"zone": "Mars/Crater"},
        {"language": "x"},
    ],
)
def test_a_schedule_that_cannot_be_is_refused(desk: BriefDesk, change: dict[str, object]) -> None:
    with pytest.raises(BriefingInvalid):
        desk.save_schedule(replace(SCHEDULE, **change), now=desk.now)  # type: ignore[arg-type]  # wrong on purpose


def test_a_weekday_that_is_not_wanted_is_passed_over(desk: BriefDesk) -> None:
    day = desk.now.weekday()
    desk.save_schedule(replace(SCHEDULE, weekdays=((day + 3) % 7,)), now=desk.now)

    assert desk.order_due_briefings(now=desk.now) == 0


def test_what_was_learned_is_kept_and_a_broken_file_is_learned_again(desk: BriefDesk) -> None:
    write(desk)
    (kept,) = desk.briefing_files().glob("background-*.npz")
    first = desk.briefing_file(DAY.isoformat(), "json")[0]
    desk.kept_briefings = type(desk.kept_briefings)()
    again = write(desk)
    kept.write_bytes(b"not an archive")
    desk.kept_briefings = type(desk.kept_briefings)()
    third = write(desk)

    assert desk.briefing_file(again, "json")[0] == first
    assert desk.briefing_file(third, "json")[0] == first


def test_fields_are_told_only_where_there_is_enough_to_learn_from(desk: BriefDesk) -> None:
    assert desk.tell_fields(now=desk.now) == 0

    fill_more(desk)

    told = desk.tell_fields(now=desk.now)
    assert told > 200
    assert desk.tell_fields(now=desk.now) == 0
    desk.kept_briefings = type(desk.kept_briefings)()
    assert desk.tell_fields(now=desk.now) == 0
    assert isinstance(desk.belongs([1, 2]), dict)


def fill_more(desk: BriefDesk) -> None:
    number = 1000
    drafts = []
    for turn in range(70):
        for subject, (topic, thing, other) in SUBJECTS.items():
            number += 1
            drafts.append(
                arxiv_draft(
                    f"2606.{number:05d}",
                    title=f"{topic.capitalize()} and {thing} {turn}",
                    abstract=f"We study {topic}, {thing} and {other} in setting {turn}.",
                    categories=(subject, "math.OC") if turn % 3 == 0 else (subject,),
                    on=DAY - timedelta(days=turn % 5),
                )
            )
    desk.shelf.put(*drafts)
