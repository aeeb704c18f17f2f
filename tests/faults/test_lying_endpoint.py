"""A language model's server that lies with its line: every fault has its name, and in time."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from academichub.errors import ChatRefused, ChatUnreachable, ModelError
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.model.asking import Question
from tests.fakes import lying_server
from tests.fakes.chat_server import ChatServer
from tests.fakes.lying_server import Liar
from tests.fakes.network import system_trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.chat_server import Asked
    from tests.fakes.lying_server import Good, Lie

KEY = "sk-made-up-0123456789"
QUESTION = Question("You count.", "How many lamps? As JSON.", {"type": "object"}, 200, "test")
GOOD: Good = {
    "sentences": [
        {
            "text": "The LampNet here is lit 12 hours a day, GasNet 7.",
            "quotes": [
                {"paper": 1, "quote": "LampNet is lit 12 hours a day"},
                {"paper": 2, "quote": "GasNet is lit 7"},
            ],
        },
        {"text": "Lamps were counted.", "quotes": [{"paper": 2, "quote": "we counted lamps"}]},
    ]
}


def honest(_: Asked) -> Good:
    return GOOD


def a_chat(server: ChatServer) -> ChatEndpoint:
    service = ChatService(server.url, "m", KEY, timeout_seconds=2.0, first_seconds=0.3, between_seconds=0.3)
    return ChatEndpoint(service, tls=system_trust(), sleep=lambda _: None)


NAMED: dict[Lie, type[ModelError]] = {
    lying_server.too_many_requests: ChatUnreachable,
    lying_server.server_error: ChatUnreachable,
    lying_server.hang: ChatUnreachable,
    lying_server.stall: ChatUnreachable,
    lying_server.break_off: ChatUnreachable,
    lying_server.web_page: ChatRefused,
    lying_server.error_as_success: ChatRefused,
    lying_server.no_choices: ChatRefused,
}


@pytest.mark.parametrize("lie", lying_server.OF_THE_LINE, ids=lambda lie: lie.__name__)
@pytest.mark.parametrize("streams", [True, False])
def test_each_lie_of_the_line_has_its_name_in_time_and_no_secret(lie: Lie, *, streams: bool) -> None:
    knows = {"json_schema", "temperature", "seed", "max_tokens"} | (
        {"stream", "stream_options"} if streams else set()
    )

    with ChatServer(Liar(honest, [lie]), knows=frozenset(knows)) as server, a_chat(server) as chat:
        began = time.monotonic()
        if lie is lying_server.stall and not streams:
            assert json.loads(chat.ask(QUESTION).text) == GOOD  # one whole answer cannot stall
            return
        with pytest.raises(NAMED[lie]) as fault:
            chat.ask(QUESTION)

        assert time.monotonic() - began < 5
        assert KEY not in str(fault.value)
        assert len(server.paid) <= 1
        assert len([one for one in server.asked if one.body.get("stream", False) == streams]) <= 4


@pytest.mark.parametrize(
    "lie", [*lying_server.OF_FORM, *lying_server.OF_PAPERS], ids=lambda lie: lie.__name__
)
def test_a_lie_in_the_answer_itself_arrives_as_it_was_told_and_can_be_kept(lie: Lie) -> None:
    with ChatServer(Liar(honest, [lie])) as server, a_chat(server) as chat:
        answer = chat.ask(QUESTION)

    assert answer.text != json.dumps(GOOD, ensure_ascii=False)
    assert answer.is_cut is (lie is lying_server.truncated_json)
    assert answer.is_refused is (lie is lying_server.refusal)
    assert "\x00" not in answer.text
    answer.text.encode("utf-8")


def test_among_lies_the_truth_comes_through() -> None:
    liar = Liar(honest, [lying_server.server_error, lying_server.break_off, None])

    with ChatServer(liar) as server, a_chat(server) as chat:
        answer = chat.ask(QUESTION)

    assert json.loads(answer.text) == GOOD
    assert liar.told == ["server_error", "break_off", ""]
    assert len(server.paid) == 1


def _words(good: Good) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    for sentence in good["sentences"]:
        yield sentence["text"], [(quote["paper"], quote["quote"]) for quote in sentence["quotes"]]


@pytest.mark.parametrize(
    ("lie", "text"),
    [
        (lying_server.changed_numbers, "The LampNet here is lit 227 hours a day, GasNet 7."),
        (lying_server.swapped_numbers, "The LampNet here is lit 7 hours a day, GasNet 12."),
        (lying_server.swapped_entities, "The GasNet here is lit 12 hours a day, LampNet 7."),
        (lying_server.added_negation, "The LampNet here is not lit 12 hours a day, GasNet 7."),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_lies_are_lies(lie: Lie, text: str) -> None:
    told = json.loads(lie(GOOD).text)

    changed, plain = list(_words(told))
    assert changed[0] == text
    assert [quotes for _, quotes in _words(told)] == [quotes for _, quotes in _words(GOOD)]
    assert plain[0] != "Lamps were counted."


def test_a_quote_goes_to_the_wrong_paper_and_a_citation_to_none() -> None:
    wrong = json.loads(lying_server.wrong_paper(GOOD).text)
    nowhere = json.loads(lying_server.invented_citations({"points": [{"papers": [1, 2]}]}).text)

    assert [paper for _, quotes in _words(wrong) for paper, _ in quotes] == [2, 1, 1]
    assert nowhere == {"points": [{"papers": [lying_server.NOWHERE] * 2}]}
