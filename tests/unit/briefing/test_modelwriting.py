"""A model writes, and only what its evidence carries is printed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from academichub.briefing.modelwriting import judge, planned_questions, write_with_model
from academichub.briefing.ports import Answer
from academichub.briefing.quoting import is_verbatim
from academichub.briefing.replies import Quoted, Said
from academichub.errors import ChatRefused, ChatUnreachable, ModelError, SpendingCapped
from academichub.model.briefing import Label, Maker, Statement
from tests.fakes import briefed

if TYPE_CHECKING:
    from collections.abc import Callable

    from academichub.briefing.ports import Question
    from academichub.model.briefing import Briefing
    from academichub.model.briefingpages import Progress

PAPERS = briefed.papers()
QUOTES = {
    1: "Our mechanism reaches 92 % of the optimal welfare on five benchmarks.",
    2: "MixCast improves the alignment score by 14 % over the best baseline.",
    3: "The heat flux decreases by a factor of 3 when the shell thickens.",
    4: "The heat flux increases by a factor of 2 when the shell thickens.",
}


class Scripted:
    """A model that answers by a function of the question."""

    def __init__(self, answer: Callable[[Question], str | ModelError], *, context: int = 8_192) -> None:
        self.asked: list[Question] = []
        self._answer = answer
        self._context = context

    @property
    def model(self) -> str:
        return "scripted"

    @property
    def context(self) -> int:
        return self._context

    def count(self, text: str) -> int:
        return len(text) // 3 + 1

    def ask(self, question: Question, *, hear: Callable[[int], None] | None = None) -> Answer:
        self.asked.append(question)
        answer = self._answer(question)
        if hear is not None:
            hear(10)
        if isinstance(answer, ModelError):
            raise answer
        return Answer(answer, 100, 20, is_cut=False, is_refused=answer == "REFUSED", model="scripted")


def given(question: Question) -> list[int]:
    """Read which papers a question gives."""
    listed, _ = json.JSONDecoder().raw_decode(question.user)
    return [one["paper"] for one in listed]


def sentence(text: str, paper: int, quote: str) -> dict[str, object]:
    return {"text": text, "quotes": [{"paper": paper, "quote": quote}]}


def honest(question: Question) -> str:
    """Answer as a good model does: with the quotes themselves."""
    if question.section == "evidence":
        return json.dumps({"papers": [{"paper": n, "quotes": [QUOTES[n]]} for n in given(question)]})
    if question.section == "plan":
        return json.dumps({"points": [{"papers": [1, 2]}]})
    return json.dumps({"sentences": [sentence(QUOTES[n], n, QUOTES[n]) for n in given(question)]})


def write(chat: Scripted, *, draft: Briefing | None = None) -> tuple[Briefing, list[Progress]]:
    told: list[Progress] = []
    made = draft or briefed.briefing(order=briefed.order(writer=Maker.MODEL))
    return write_with_model(made, PAPERS, chat, tell=lambda progress, _: told.append(progress)), told


def hold(made: Briefing) -> None:
    """Hold a briefing to what is promised of every one."""
    for one in made.evidence():
        assert one.span.work_id in made.works
        assert is_verbatim(one, PAPERS[one.span.work_id])
    for statement in made.statements():
        assert statement.evidence
    account = made.account()
    assert account.sentences == account.quoted + account.close + account.loose
    assert account.removed == len(made.removed)


def test_a_good_model_writes_every_section() -> None:
    made, told = write(Scripted(honest))

    hold(made)
    assert made.model == "scripted"
    assert not made.fallbacks
    assert not made.removed
    assert all(one.maker is Maker.MODEL for one in made.statements())
    assert [one.text for one in made.points] == [QUOTES[1], QUOTES[2]]
    assert made.bridges[0].statements
    assert made.tensions[0].statements
    stages = [one.stage for one in told]
    assert (
        stages.index("evidence") < stages.index("plan") < stages.index("points") < stages.index("tension:1")
    )
    assert any(one.tokens for one in told)


LIES: dict[str, dict[str, object]] = {
    "citation": sentence(QUOTES[1], 99, QUOTES[1]),
    "quote": sentence(QUOTES[1], 1, "Our mechanism reaches 99 % of the optimal welfare on nine benchmarks."),
    "uncited": {"text": QUOTES[1], "quotes": []},
    "number": sentence("The mechanism reaches 29 % of the optimal welfare on five benchmarks.", 1, QUOTES[1]),
    "negation": sentence(
        "Our mechanism never reaches 92 % of the optimal welfare on benchmarks.", 1, QUOTES[1]
    ),
    "foreign": sentence("[1]", 1, QUOTES[1]),
}


@pytest.mark.parametrize("reason", LIES)
def test_a_lie_goes_back_once_and_is_then_replaced_by_the_papers_own_words(reason: str) -> None:
    def lie(question: Question) -> str:
        if question.section == "points":
            return json.dumps({"sentences": [LIES[reason], sentence(QUOTES[2], 2, QUOTES[2])]})
        return honest(question)

    chat = Scripted(lie)
    made, _ = write(chat)

    hold(made)
    points = [one for one in chat.asked if one.section == "points"]
    assert len(points) == 2
    assert "refused" in points[1].user
    assert str(LIES[reason]["text"]) not in [
        one.text for one in made.statements() if one.maker is Maker.MODEL and one.text != QUOTES[1]
    ]
    refused = [one for one in made.removed if one.section == "points"]
    assert len(refused) == 2
    assert reason in refused[0].reasons


def test_a_refused_sentence_that_comes_back_right_is_printed() -> None:
    def better(question: Question) -> str:
        if question.section == "points" and "refused" not in question.user:
            return json.dumps({"sentences": [LIES["number"]]})
        return honest(question)

    made, _ = write(Scripted(better))

    assert made.points[0].text == QUOTES[1]
    assert made.points[0].maker is Maker.MODEL
    assert [one.section for one in made.removed] == ["points"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Here is some prose instead.", "unreadable"),
        ("", "unreadable"),
        ("REFUSED", "refused"),
        (ChatUnreachable(url="u", status=503, reason="r"), "unreachable"),
        (ChatRefused(url="u", status=400, reason="r"), "refused"),
        (SpendingCapped(cap="run", limit=1, spent=1, wanted=1), "cap"),
        (ModelError(), "unreachable"),
    ],
)
def test_a_model_that_fails_leaves_the_extractive_briefing(answer: str | ModelError, reason: str) -> None:
    draft = briefed.briefing(order=briefed.order(writer=Maker.MODEL))

    made, _ = write(Scripted(lambda _: answer), draft=draft)

    hold(made)
    assert made.points == draft.points
    assert made.themes == draft.themes
    assert {one.reason for one in made.fallbacks} == {reason}
    assert len(made.fallbacks) == 4


def test_a_model_that_is_gone_is_not_asked_for_every_section() -> None:
    chat = Scripted(lambda _: ChatUnreachable(url="u", status=None, reason="r"))

    write(chat)

    assert len(chat.asked) == 2


def test_a_section_of_lies_alone_falls_back_whole() -> None:
    def lie(question: Question) -> str:
        if question.section == "bridge:1":
            return json.dumps({"sentences": [LIES["citation"]]})
        return honest(question)

    made, _ = write(Scripted(lie))

    assert made.bridges[0].statements == ()
    assert [(one.section, one.reason) for one in made.fallbacks] == [("bridge:1", "unsupported")]


def test_a_failure_of_the_second_question_keeps_what_the_first_gave() -> None:
    def flaky(question: Question) -> str | ModelError:
        if question.section == "points":
            if "refused" in question.user:
                return ChatUnreachable(url="u", status=500, reason="r")
            return json.dumps({"sentences": [LIES["number"], sentence(QUOTES[2], 2, QUOTES[2])]})
        return honest(question)

    made, _ = write(Scripted(flaky))

    assert QUOTES[2] in [one.text for one in made.points]
    assert made.fallbacks == ()


def test_a_context_that_turns_out_too_small_to_ask_again_keeps_what_the_first_gave() -> None:
    def shrinking(question: Question) -> str:
        chat._context = 8_192
        if question.section != "points":
            return honest(question)
        chat._context = 600
        return json.dumps({"sentences": [LIES["number"], sentence(QUOTES[2], 2, QUOTES[2])]})

    chat = Scripted(shrinking)

    made, _ = write(chat)

    assert [one.section for one in chat.asked].count("points") == 1
    assert QUOTES[2] in [one.text for one in made.points]


def test_prose_and_then_a_failure_is_a_failure() -> None:
    def flaky(question: Question) -> str | ModelError:
        if question.section == "points":
            return ChatRefused(url="u", status=400, reason="r") if "refused" in question.user else "prose"
        return honest(question)

    made, _ = write(Scripted(flaky))

    assert [(one.section, one.reason) for one in made.fallbacks] == [("points", "refused")]


def test_quotes_that_the_model_invents_are_not_given_to_it_again() -> None:
    def invent(question: Question) -> str:
        if question.section == "evidence":
            return json.dumps(
                {
                    "papers": [
                        {"paper": 1, "quotes": ["We cure every disease of the world at once."]},
                        {"paper": 99, "quotes": [QUOTES[1]]},
                    ]
                }
            )
        return honest(question)

    chat = Scripted(invent)
    write(chat)

    assert not [one for one in chat.asked if "cure every disease" in one.user]


def test_a_small_context_splits_the_evidence_and_leaves_out_what_does_not_fit() -> None:
    small = Scripted(honest, context=1_750)
    tiny = Scripted(honest, context=400)

    made, _ = write(small)
    fallen, _ = write(tiny)

    assert sum(one.section == "evidence" for one in small.asked) > 1
    hold(made)
    assert tiny.asked == []
    assert {one.reason for one in fallen.fallbacks} == {"unreadable"}


def test_a_plan_that_fails_leaves_the_drafts_own_points() -> None:
    def planless(question: Question) -> str | ModelError:
        return (
            ChatRefused(url="u", status=400, reason="r") if question.section == "plan" else honest(question)
        )

    made, _ = write(Scripted(planless))

    assert [one.evidence[0].span.work_id for one in made.points] == [1]


def test_evidence_that_cannot_be_drawn_leaves_the_drafts_own_quotes() -> None:
    def drawless(question: Question) -> str | ModelError:
        if question.section == "evidence":
            return ChatRefused(url="u", status=400, reason="r")
        return honest(question)

    made, _ = write(Scripted(drawless))

    assert not made.fallbacks
    hold(made)


def test_a_model_that_goes_silent_while_it_draws_quotes_is_asked_no_more() -> None:
    chat = Scripted(lambda _: ChatUnreachable(url="u", status=None, reason="r"), context=1_750)

    made, _ = write(chat)

    assert len(chat.asked) == 2
    assert {one.reason for one in made.fallbacks} == {"unreachable"}


def test_what_the_reader_calls_off_ends_at_once() -> None:
    class Over(Exception):
        pass

    def tell(progress: Progress, _: Briefing) -> None:
        if progress.stage == "points":
            raise Over

    with pytest.raises(Over):
        write_with_model(briefed.briefing(), PAPERS, Scripted(honest), tell=tell)


def test_a_chinese_briefing_is_chinese_prose_over_english_quotes() -> None:
    def chinese(question: Question) -> str:
        if question.section in {"evidence", "plan"}:
            return honest(question)
        return json.dumps(
            {"sentences": [sentence("该机制在五个基准上达到最优福利的 92 %[1]。", 1, QUOTES[1])]},
            ensure_ascii=False,
        )

    draft = briefed.briefing(order=briefed.order(writer=Maker.MODEL, language="zh"))
    made, _ = write(Scripted(chinese), draft=draft)

    (point,) = made.points
    assert point.text == "该机制在五个基准上达到最优福利的 92 %。"
    assert point.language == "zh"
    assert point.label is Label.LOOSE
    assert point.evidence[0].quote == QUOTES[1]


def test_a_sentence_of_another_language_than_asked_is_refused() -> None:
    said = Said("The mechanism reaches 92 % of the optimal welfare on benchmarks.", (Quoted(1, QUOTES[1]),))

    judged = judge(said, {1: PAPERS[1]}, language="zh")

    assert not isinstance(judged, Statement)


def test_a_verbatim_sentence_is_in_the_papers_language_and_each_quote_counts_once() -> None:
    said = Said(QUOTES[1], (Quoted(1, QUOTES[1]), Quoted(1, QUOTES[1])))

    judged = judge(said, {1: PAPERS[1]}, language="zh")

    assert isinstance(judged, Statement)
    assert judged.language == "en"
    assert judged.label is Label.QUOTED
    assert len(judged.evidence) == 1


def test_an_estimate_asks_what_the_writing_asks() -> None:
    draft = briefed.briefing(order=briefed.order(writer=Maker.MODEL))
    chat = Scripted(honest)
    write(chat, draft=draft)

    planned = planned_questions(draft, PAPERS, Scripted(honest))

    assert [one.section for one in planned] == [one.section for one in chat.asked]


def test_a_briefing_without_points_has_no_such_section() -> None:
    draft = replace(briefed.briefing(), points=())

    assert "points" not in [one.section for one in planned_questions(draft, PAPERS, Scripted(honest))]
