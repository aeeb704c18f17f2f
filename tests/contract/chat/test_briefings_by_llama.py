"""A real and weak model writes whole briefings: they are completed, and nothing unfounded is printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import BriefingState
from academichub.store import corpus
from tests.fakes.briefdesk import BriefDesk
from tests.fakes.briefpapers import ORDER, drafts
from tests.fakes.drafts import DAY
from tests.fakes.network import system_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.briefing.ports import Question
    from academichub.model.asking import Answer

pytestmark = pytest.mark.slow
MOST_TOKENS = 120  # of an answer: the model rambles to any limit, and minutes are few
ANSWER_SECONDS = 90


class Terse:
    """A model that may say little at a time; and what was asked of it, and answered."""

    def __init__(self, chat: ChatEndpoint) -> None:
        self._chat = chat
        self.model = chat.model
        self.context = chat.context
        self.asked: list[tuple[Question, Answer | None]] = []

    def count(self, text: str) -> int:
        return self._chat.count(text)

    def ask(self, question: Question, *, hear: Callable[[int], None] | None = None) -> Answer:
        self.asked.append((question, None))
        answer = self._chat.ask(
            replace(question, most_tokens=min(MOST_TOKENS, question.most_tokens)), hear=hear
        )
        self.asked[-1] = question, answer
        return answer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BriefDesk]:
    made = BriefDesk(tmp_path)
    made.shelf.put(*drafts(days=2, each=2))
    yield made
    made.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_briefing_by_a_weak_model_is_completed_and_carries_nothing_unfounded(
    desk: BriefDesk, llama_url: str, language: str
) -> None:
    service = ChatService(llama_url, "smollm2", context=4_096, timeout_seconds=ANSWER_SECONDS)
    with ChatEndpoint(service, tls=system_trust()) as endpoint:
        chat = desk.chat = Terse(endpoint)
        key = desk.order_briefing(BriefingOrder((), DAY, DAY, language, Maker.MODEL), now=desk.now)
        state = desk.write_briefing(key)

    made = desk.briefing(key).briefing
    assert state is BriefingState.DONE
    assert made is not None
    assert made.points
    assert all(part.statements for part in made.themes)
    answers = [answer for _, answer in chat.asked if answer is not None]
    assert answers
    assert all(0 < one.tokens_out <= MOST_TOKENS + 1 for one in answers)
    with desk.database.reading() as connection:
        stored = {number: one.abstract or "" for number, one in corpus.texts(connection, made.works).items()}
    for one in made.evidence():
        assert one.span.work_id in made.works
        assert stored[one.span.work_id][one.span.start : one.span.end] == one.quote
    assert all(statement.evidence for statement in made.statements())
    assert all(ORDER not in statement.text for statement in made.statements())
    figures = desk.evaluate_briefing(key)
    assert (figures.invalid_citations, figures.not_verbatim, figures.flagged) == (0, 0, 0)
    assert made.model == "smollm2"
    account = made.account()
    print(  # noqa: T201  # figures for docs/language-models.md
        f"\n{language}: {len(chat.asked)} asked, {len(answers)} answered, "
        f"{sum(one.is_cut for one in answers)} cut, {account}, {made.fallbacks}"
    )
