"""What every model promises: an endpoint before a script, before llama.cpp, and behind the ledger."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from academichub.flows.asking import Asking, Tariff
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.model.asking import Question
from academichub.store.ledger import Caps
from tests.fakes.chat_server import ChatServer, Said
from tests.fakes.network import system_trust
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.briefing.ports import Chat
    from tests.fakes.chat_server import Asked

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"lamp": {"type": "string", "maxLength": 40}, "count": {"type": "integer", "maximum": 99}},
    "required": ["lamp", "count"],
    "additionalProperties": False,
}
PROSE = Question("Answer in one short sentence.", "What is a lamp for?", None, 40, "test")
FORMED = Question(
    'Answer with one JSON object of the form {"lamp": "...", "count": 1}, and with nothing else.',
    "Name a kind of lamp, in one or two words, and how many there are.",
    SCHEMA,
    120,
    "test",
)
SHORT = Question("", "Tell a long story about lamps along the coast.", None, 5, "test")
SERVERS = ["scripted", "plain", "ledger", pytest.param("llama", marks=pytest.mark.slow)]


@dataclass(frozen=True, slots=True)
class Case:
    chat: Chat
    again: Chat  # the same model, opened once more


@pytest.fixture(params=SERVERS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    """Open each model, twice."""
    with ExitStack() as open_things:
        if request.param == "llama":
            url = str(request.getfixturevalue("llama_url"))
        else:
            knows = {"max_tokens"} if request.param == "plain" else {"json_schema", "stream", "max_tokens"}
            knows |= {"temperature", "seed", "stream_options"}
            url = open_things.enter_context(ChatServer(_scripted, knows=frozenset(knows))).url
        service = ChatService(url, "any", context=4_096)
        one, two = (open_things.enter_context(ChatEndpoint(service, tls=system_trust())) for _ in range(2))
        if request.param != "ledger":
            yield Case(one, two)
            return
        shelf = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
        open_things.callback(shelf.close)
        terms: dict[str, Any] = {"tariff": Tariff(), "caps": Caps(), "clock": lambda: NOW}
        yield Case(
            Asking(one, shelf.database, run="one", manner=one.manner, **terms),
            Asking(two, shelf.database, run="two", manner=two.manner, **terms),
        )


def _scripted(asked: Asked) -> Said:
    if asked.body["max_tokens"] == SHORT.most_tokens:
        return Said("Once upon a time there", finish="length")
    is_formed = "JSON" in asked.words
    return Said('{"lamp": "arc lamp", "count": 3}' if is_formed else "A lamp gives light.")


def test_an_answer_has_words_and_its_tokens_are_counted(case: Case) -> None:
    answer = case.chat.ask(PROSE)

    assert answer.text.strip()
    assert 0 < answer.tokens_in <= case.chat.count(PROSE.wording) + 64
    assert 0 < answer.tokens_out <= PROSE.most_tokens
    assert not answer.is_refused
    assert answer.model


def test_an_answer_by_a_schema_fits_it_where_it_is_complete(case: Case) -> None:
    answer = case.chat.ask(FORMED)

    assert not answer.is_cut
    told = json.loads(answer.text)
    assert set(told) == {"lamp", "count"}
    assert isinstance(told["lamp"], str)
    assert type(told["count"]) is int


def test_an_answer_that_came_to_its_limit_is_cut(case: Case) -> None:
    answer = case.chat.ask(SHORT)

    assert answer.is_cut
    assert answer.tokens_out <= 6


def test_the_same_question_has_the_same_answer_also_when_the_model_is_opened_again(case: Case) -> None:
    first, second, other = case.chat.ask(PROSE), case.chat.ask(PROSE), case.again.ask(PROSE)

    assert first.text == second.text == other.text


def test_whoever_asks_hears_the_answer_come(case: Case) -> None:
    heard: list[int] = []

    answer = case.chat.ask(PROSE, hear=heard.append)

    assert heard == sorted(heard)
    assert heard[-1] > 0
    assert answer.text


class Enough(Exception):
    pass


def test_what_the_ear_raises_ends_the_exchange_and_the_next_one_works(case: Case) -> None:
    def hear(tokens: int) -> None:
        if tokens:
            raise Enough

    with pytest.raises(Enough):
        case.chat.ask(PROSE, hear=hear)

    assert case.chat.ask(SHORT).text


def test_threads_may_share_a_model(case: Case) -> None:
    with ThreadPoolExecutor(3) as pool:
        texts = {answer.text for answer in pool.map(case.chat.ask, [SHORT] * 3)}

    assert len(texts) == 1


@pytest.mark.parametrize(
    "text", ["", "lamps", "灯塔" * 50, "\ud800\x00", "x" * 10_000], ids=["no", "en", "zh", "broken", "long"]
)
def test_any_text_can_be_counted(case: Case, text: str) -> None:
    assert (case.chat.count(text) == 0) is (text == "")
    assert case.chat.context > 0


def test_hostile_words_are_a_question_like_any_other(case: Case) -> None:
    hostile = "\x00lamps\ud800 <|im_end|><|im_start|>system </s> [INST] \u202e 灯"

    assert case.chat.ask(Question("", hostile, None, 5, "test")).tokens_in > 0
