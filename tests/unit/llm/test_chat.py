"""Asking a language model: what is sent, what is believed, what a failure is called."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import ChatRefused, ChatUnreachable
from academichub.llm import chat as asking
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.model.asking import Manner, Question
from tests.fakes.chat_server import MODEL, ChatServer, Said
from tests.fakes.network import system_trust
from tests.fakes.web import FakeWeb, Page, redirect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from academichub.errors import ModelError
    from tests.fakes.chat_server import Asked

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PATH = "/v1/chat/completions"
KEY = "sk-made-up-0123456789"
SCHEMA = {"type": "object", "properties": {"lamps": {"type": "integer"}}, "required": ["lamps"]}
QUESTION = Question("You count lamps.", "How many lamps burn?", None, 100, "test")
FORMED = Question("You count lamps.", "How many lamps burn? As JSON.", SCHEMA, 100, "test")
EVERYTHING = {
    "json_schema", "json_object", "stream", "stream_options", "temperature", "seed",
    "max_tokens", "max_completion_tokens",
}  # fmt: skip


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb() as web:
        yield web


def a_chat(url: str, *, pauses: list[float] | None = None, **changes: Any) -> ChatEndpoint:
    """Open an endpoint; the pauses it takes are noted, not waited for."""
    wanted: dict[str, Any] = {"url": url, "model": MODEL, "key": KEY, "timeout_seconds": 5.0}
    noted = [] if pauses is None else pauses
    service = ChatService(**(wanted | changes))
    return ChatEndpoint(service, tls=system_trust(), sleep=noted.append, now=lambda: NOW)


def serving(said: Said, *, without: set[str] | None = None) -> ChatServer:
    """Start a server that always says the same, and does not know some parts of the API."""
    return ChatServer(lambda _: said, knows=frozenset(EVERYTHING - (without or set())))


def body_of(web: FakeWeb) -> dict[str, Any]:
    posted: dict[str, Any] = json.loads(web.visits[0].posted)
    return posted


def refusal(url: str, question: Question = QUESTION, **changes: Any) -> ModelError:
    with a_chat(url, **changes) as chat, pytest.raises(ChatRefused) as refused:
        chat.ask(question)
    return refused.value


def silence(url: str, *, pauses: list[float] | None = None, **changes: Any) -> ModelError:
    with a_chat(url, pauses=pauses, **changes) as chat, pytest.raises(ChatUnreachable) as unreachable:
        chat.ask(QUESTION)
    return unreachable.value


def answer(text: object = "Three.", **more: Any) -> Page:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return said({"choices": [choice], "model": MODEL} | more)


def said(value: object, status: int = 200, **headers: str) -> Page:
    return Page(json.dumps(value).encode(), status=status, headers=headers)


def events(*values: object, end: bytes = b"data: [DONE]\n\n") -> Page:
    stream = b"".join(b"data: " + json.dumps(value).encode() + b"\n\n" for value in values)
    return Page(stream + end, headers={"Content-Type": "text/event-stream"})


def piece(text: object, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]} | more


# -- what is sent ------------------------------------------------------------------------------------


def test_a_question_is_streamed_with_nothing_left_to_chance(web: FakeWeb) -> None:
    web.put(PATH, events(piece("Th"), piece("ree.", "stop")))

    with a_chat(web.url("/v1")) as chat:
        got = chat.ask(FORMED)

    assert got.text == "Three."
    assert body_of(web) == {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": "You count lamps."},
            {"role": "user", "content": "How many lamps burn? As JSON."},
        ],
        "max_tokens": 100,
        "temperature": 0,
        "seed": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
        },
    }
    assert web.visits[0].headers["authorization"] == f"Bearer {KEY}"
    assert web.visits[0].headers["content-type"] == "application/json"


def test_without_a_key_none_is_sent_and_without_a_system_text_there_is_no_such_message(web: FakeWeb) -> None:
    web.put(PATH, answer())

    with a_chat(web.url("/v1"), key="") as chat:
        chat.ask(Question("", "Lamps?", None, 10, "test"))

    assert "authorization" not in web.visits[0].headers
    assert body_of(web)["messages"] == [{"role": "user", "content": "Lamps?"}]


def test_a_model_that_thinks_gets_room_for_it(web: FakeWeb) -> None:
    web.put(PATH, answer())

    with a_chat(web.url("/v1"), thinking_tokens=2_000, context=10_000) as chat:
        chat.ask(QUESTION)

        assert body_of(web)["max_tokens"] == 2_100
        assert chat.context == 8_000
        assert chat.manner == Manner(web.url(PATH), 2_000)


def test_characters_that_no_encoding_has_are_not_sent(web: FakeWeb) -> None:
    web.put(PATH, answer())

    with a_chat(web.url("/v1")) as chat:
        chat.ask(Question("", "lamps\ud800 and\x00 coasts 灯", None, 10, "test"))

    assert body_of(web)["messages"][0]["content"] == "lamps\ufffd and\ufffd coasts 灯"


def test_the_same_request_bears_the_same_key_against_paying_twice(web: FakeWeb) -> None:
    web.put(PATH, answer())

    for question in (QUESTION, QUESTION, FORMED):
        with a_chat(web.url("/v1")) as chat:
            chat.ask(question)

    first, again, other = (visit.headers["idempotency-key"] for visit in web.visits)
    assert first == again != other
    assert len(first) == 64


def test_no_proxy_of_the_environment_is_used(web: FakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    web.put(PATH, answer())
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with a_chat(web.url("/v1")) as chat:
        assert chat.ask(QUESTION).text == "Three."


# -- what is believed --------------------------------------------------------------------------------


def test_an_answer_tells_its_text_its_tokens_and_its_model() -> None:
    with serving(Said("Three lamps burn.")) as server, a_chat(server.url) as chat:
        got = chat.ask(QUESTION)

    assert (got.text, got.tokens_in, got.tokens_out, got.model) == ("Three lamps burn.", 7, 3, MODEL)
    assert (got.is_cut, got.is_refused) == (False, False)
    assert len(server.paid) == 1


@pytest.mark.parametrize("streams", [True, False])
def test_tokens_are_estimated_where_the_server_does_not_count(*, streams: bool) -> None:
    without = set() if streams else {"stream"}

    said = Said("Three lamps.", thoughts="Hm. " * 20, counts=False)
    with serving(said, without=without) as server, a_chat(server.url) as chat:
        got = chat.ask(QUESTION)

        assert got.tokens_in == chat.count(QUESTION.wording)
        assert got.tokens_out == chat.count("Hm. " * 20 + "Three lamps.")


@pytest.mark.parametrize(
    "usage", [{"prompt_tokens": 0}, {"prompt_tokens": -5, "completion_tokens": "9"}, 7, []]
)
def test_counts_that_cannot_be_are_not_believed(web: FakeWeb, usage: object) -> None:
    web.put(PATH, answer(usage=usage))

    with a_chat(web.url("/v1")) as chat:
        got = chat.ask(QUESTION)

        assert (got.tokens_in, got.tokens_out) == (chat.count(QUESTION.wording), chat.count("Three."))


@pytest.mark.parametrize(
    ("finish", "is_cut", "is_refused"), [("length", True, False), ("content_filter", False, True)]
)
def test_how_an_answer_ended_is_told(finish: str, *, is_cut: bool, is_refused: bool) -> None:
    with serving(Said("Three", finish=finish)) as server, a_chat(server.url) as chat:
        got = chat.ask(QUESTION)

    assert (got.is_cut, got.is_refused) == (is_cut, is_refused)


@pytest.mark.parametrize("without", [set(), {"stream"}])
def test_a_refusal_in_its_own_field_is_one(without: set[str]) -> None:
    with serving(Said(refusal="I cannot."), without=without) as server, a_chat(server.url) as chat:
        got = chat.ask(QUESTION)

    assert got.is_refused
    assert got.text == ""


def test_an_empty_answer_is_an_answer() -> None:
    with serving(Said("")) as server, a_chat(server.url) as chat:
        assert chat.ask(QUESTION).text == ""


@pytest.mark.parametrize("without", [set(), {"stream"}])
def test_thoughts_are_left_out(without: set[str]) -> None:
    said = Said("<think>One, two\n...</think>\n\nThree.", thoughts="Let me count.")

    with serving(said, without=without) as server, a_chat(server.url) as chat:
        assert chat.ask(QUESTION).text == "Three."


def test_a_server_that_talks_on_is_cut_off() -> None:
    with serving(Said("lamp " * 20_000)) as server, a_chat(server.url) as chat:
        got = chat.ask(QUESTION)

    assert got.is_cut
    assert 1_600 < len(got.text) < 20_000


def test_long_thoughts_in_the_text_are_no_talking_on_where_there_is_room_for_them() -> None:
    said = Said(f"<think>{'hm ' * 2_000}</think>Three.")

    with serving(said) as server, a_chat(server.url, thinking_tokens=1_000) as chat:
        assert chat.ask(QUESTION).text == "Three."


@pytest.mark.parametrize(
    "page",
    [
        events(piece("Three."), end=b"data: [DONE]"),
        events(piece("Three.", "stop"), end=b""),
        Page(events(piece("Three.")).body, headers={"Content-Type": "application/json"}),
        Page(b"\xef\xbb\xbf\r\n" + answer().body, headers={"Content-Type": "text/event-stream"}),
        Page(events(piece("Three.", "stop")).body.replace(b"\n", b"\r\n")),
        answer([{"type": "thinking", "thinking": "x"}, {"type": "text", "text": "Three."}, 7]),
        said({"choices": [{"text": "Three.", "finish_reason": "stop"}]}),
        said({"choices": [7, {"index": 0, "message": {"content": "Three."}}, {"index": 0, "text": "Four."}]}),
        events(piece("Three.", "stop"), {"choices": [], "usage": None}),
        events({"choices": [], "error": None}, piece("Three.", "stop")),
    ],
    ids=[
        "no last line",
        "no done",
        "other type",
        "bom",
        "crlf",
        "parts",
        "old",
        "second",
        "null",
        "no error",
    ],
)
def test_servers_that_differ_in_small_things_are_understood(web: FakeWeb, page: Page) -> None:
    web.put(PATH, page)

    with a_chat(web.url("/v1")) as chat:
        assert chat.ask(QUESTION).text == "Three."


BAD_ANSWERS: dict[str, tuple[Page, str]] = {
    "a web page": (Page(b"<!doctype html>", headers={"Content-Type": "text/html"}), "a web page"),
    "nothing": (Page(b""), "no bytes"),
    "white space": (Page(b" \n\n"), "no bytes"),
    "prose": (Page(b"Hello."), "no JSON"),
    "broken": (Page(b'{"choices": ['), "no JSON"),
    "too deep": (Page(b"[" * 200_000), "no JSON"),
    "a list": (said([]), "no JSON object"),
    "no choices": (said({}), "no list of choices"),
    "strange choices": (said({"choices": "x"}), "no list of choices"),
    "empty choices": (said({"choices": []}), "no choice"),
    "no choice": (said({"choices": [7, {"index": []}]}), "no choice"),
    "an empty choice": (said({"choices": [{}]}), "no choice"),
    "strange message": (said({"choices": [{"message": {"content": 7}}]}), "no choice"),
    "strange finish": (said({"choices": [{"message": {}, "finish_reason": {}}]}), "no choice"),
    "an error": (said({"error": {"message": "no such\x1b[31m model"}}), "no such"),
    "an error without words": (said({"error": 7}), "without words"),
    "packed": (Page(b"x", headers={"Content-Encoding": "br"}), "packed"),
    "a broken event": (events(piece("Th"), end=b"data: {]\n\n"), "no JSON"),
    "no UTF-8": (Page(b"data: \xff\xfe\n\n"), "no UTF-8"),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_an_answer_that_is_none_is_refused_with_the_reason(web: FakeWeb, name: str) -> None:
    page, reason = BAD_ANSWERS[name]
    web.put(PATH, page)

    refused = refusal(web.url("/v1"))

    assert refused.facts["status"] == 200
    assert reason in str(refused.facts["reason"])
    assert str(refused.facts["reason"]).isprintable()
    assert len(web.visits) == 1


@pytest.mark.parametrize("form", ["{", "data: "])
def test_an_answer_over_the_cap_is_not_read(web: FakeWeb, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(asking, "_MOST_ANSWER_BYTES", 10_000)
    web.put(PATH, Page((form + "x" * 90 + "\n").encode() * 1_000))

    assert "over 10000 bytes" in str(refusal(web.url("/v1")).facts["reason"])


# -- what a server does not know ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("without", "left"),
    [
        ({"json_schema"}, {"type": "json_object"}),
        ({"json_schema", "json_object"}, None),
    ],
)
def test_a_form_that_the_server_does_not_know_is_asked_for_in_a_weaker_way_and_remembered(
    without: set[str], left: object
) -> None:
    with serving(Said("{}"), without=without) as server, a_chat(server.url) as chat:
        chat.ask(FORMED)
        chat.ask(FORMED)

        asked = [one.body.get("response_format") for one in server.asked]
    assert asked[-2:] == [left, left]
    assert len(asked) == len(without) + 2


@pytest.mark.parametrize(
    ("part", "left"),
    [
        ("temperature", "temperature"),
        ("seed", "seed"),
        ("stream_options", "stream_options"),
        ("stream", "stream"),
        ("max_tokens", "max_tokens"),
    ],
)
def test_a_part_that_the_server_does_not_know_is_left_out_and_that_is_remembered(
    part: str, left: str
) -> None:
    with serving(Said("Three."), without={part}) as server, a_chat(server.url) as chat:
        assert chat.ask(QUESTION).text == "Three."
        chat.ask(QUESTION)

        first, second, third = server.asked
    assert left in first.body
    assert left not in second.body
    assert left not in third.body
    assert second.body.get("max_completion_tokens") == (100 if part == "max_tokens" else None)


def test_a_server_that_knows_next_to_nothing_is_asked_with_next_to_nothing() -> None:
    with (
        serving(Said("{}"), without=EVERYTHING - {"max_completion_tokens"}) as server,
        a_chat(server.url) as chat,
    ):
        assert chat.ask(FORMED).text == "{}"

        body = server.asked[-1].body
    assert set(body) == {"model", "messages", "max_completion_tokens"}
    assert len(server.paid) == 1


def test_a_refusal_without_a_reason_lowers_the_form_and_then_counts(web: FakeWeb) -> None:
    web.put(PATH, Page(b"", status=400))

    refused = refusal(web.url("/v1"), FORMED)

    forms = [json.loads(visit.posted).get("response_format", {}).get("type") for visit in web.visits]
    assert forms == ["json_schema", "json_object", None]
    assert refused.facts["reason"] == "no reason given"


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 4096 tokens.",
        "The prompt triggered content management policy.",
    ],
)
def test_a_refusal_that_blames_the_question_is_not_asked_again(web: FakeWeb, words: str) -> None:
    web.put(PATH, said({"error": {"message": words}}, 400))

    assert refusal(web.url("/v1"), FORMED).facts["reason"] == words
    assert len(web.visits) == 1


def test_what_a_refusal_taught_counts_only_once_an_answer_came(web: FakeWeb) -> None:
    unknown = said({"error": {"message": "response_format is not supported"}}, 400)
    web.put(PATH, unknown, said({"error": {"message": "no such model"}}, 404), answer())

    with a_chat(web.url("/v1")) as chat:
        with pytest.raises(ChatRefused):
            chat.ask(FORMED)
        chat.ask(FORMED)

    forms = [json.loads(visit.posted)["response_format"]["type"] for visit in web.visits]
    assert forms == ["json_schema", "json_object", "json_schema"]


# -- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_told_without_the_servers_words(web: FakeWeb, status: int) -> None:
    web.put(PATH, said({"error": {"message": f"Incorrect API key provided: {KEY[:8]}***"}}, status))

    refused = refusal(web.url("/v1"))

    assert refused.facts == {
        "url": web.url(PATH), "status": status, "reason": "the key is missing or not accepted",
    }  # fmt: skip


@pytest.mark.parametrize("status", [402, 404, 413])
def test_another_refusal_is_told_in_the_servers_words_without_secrets(web: FakeWeb, status: int) -> None:
    web.put(PATH, said({"error": {"message": f"no\u202e, {KEY}, and secret=7\x07"}}, status))

    refused = refusal(web.url("/v1?secret=7"))

    assert refused.facts["reason"] == "no , ***, and ***"
    assert "secret" not in str(refused)
    assert len(web.visits) == 1
    assert web.visits[0].path == f"{PATH}?secret=7"


def test_a_refusal_of_more_words_than_we_read_is_told_without_them(web: FakeWeb) -> None:
    web.put(PATH, Page(b'{"error": "' + b"x" * 50_000 + b'"}', status=404))

    assert refusal(web.url("/v1")).facts["reason"] == "no reason given"


def test_redirects_are_not_followed(web: FakeWeb) -> None:
    web.put(PATH, redirect("/elsewhere"))

    assert "redirects" in str(refusal(web.url("/v1")))
    assert len(web.visits) == 1


def test_an_account_without_credit_is_a_refusal_and_not_a_busy_server(web: FakeWeb) -> None:
    web.put(PATH, said({"error": {"message": "You exceeded your current quota."}}, 429))

    assert refusal(web.url("/v1")).facts["status"] == 429


@pytest.mark.parametrize("key", ["sk\u2014x", "sk\r\nX: y"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ChatRefused) as refused:
        a_chat("http://127.0.0.1:9/v1", key=key)

    assert key not in str(refused.value)


def test_neither_repr_nor_errors_show_the_key(web: FakeWeb) -> None:
    chat = a_chat(web.url("/v1"))

    assert repr(chat) == f"ChatEndpoint({web.url(PATH)!r}, model='{MODEL}')"
    assert KEY not in repr(ChatService("http://x", "m", KEY))
    chat.close()


# -- trouble -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 529])
def test_a_busy_server_is_asked_again_with_longer_pauses(web: FakeWeb, status: int) -> None:
    pauses: list[float] = []
    web.put(PATH, Page(b"", status=status), Page(b"", status=status), answer())

    with a_chat(web.url("/v1"), pauses=pauses) as chat:
        assert chat.ask(QUESTION).text == "Three."

    assert sum(pauses) == 3.0


def test_after_four_attempts_it_is_unreachable(web: FakeWeb) -> None:
    pauses: list[float] = []
    web.put(PATH, Page(b"", status=503))

    unreachable = silence(web.url("/v1"), pauses=pauses)

    assert unreachable.facts == {
        "url": web.url(PATH), "status": 503, "reason": "too busy or broken", "is_charged": False,
    }  # fmt: skip
    assert unreachable.retryable
    assert len(web.visits) == 4
    assert sum(pauses) == 7.0
    assert max(pauses) == 1.0


@pytest.mark.parametrize("when", ["5", format_datetime(NOW + timedelta(seconds=5), usegmt=True)])
def test_a_server_that_names_the_time_is_asked_then(web: FakeWeb, when: str) -> None:
    pauses: list[float] = []
    web.put(PATH, Page(b"", status=429, headers={"Retry-After": when}), answer())

    with a_chat(web.url("/v1"), pauses=pauses) as chat:
        chat.ask(QUESTION)

    assert sum(pauses) == 5.0


def test_a_server_that_wants_a_long_pause_is_left_alone(web: FakeWeb) -> None:
    pauses: list[float] = []
    web.put(PATH, Page(b"", status=429, headers={"Retry-After": "3600"}))

    silence(web.url("/v1"), pauses=pauses)

    assert (len(web.visits), pauses) == (1, [])


@pytest.mark.parametrize(
    "error", [{"code": 529}, {"code": "503"}, {"type": "overloaded_error"}, {"code": "rate_limit"}]
)
def test_an_error_of_a_busy_server_inside_a_success_is_asked_again(
    web: FakeWeb, error: dict[str, object]
) -> None:
    web.put(PATH, said({"error": error | {"message": "later"}}), answer())

    with a_chat(web.url("/v1")) as chat:
        assert chat.ask(QUESTION).text == "Three."


def test_an_error_in_the_middle_of_an_answer_is_not_asked_again(web: FakeWeb) -> None:
    web.put(PATH, events(piece("Th"), {"error": {"code": 502, "message": "upstream"}}))

    unreachable = silence(web.url("/v1"))

    assert unreachable.facts == {
        "url": web.url(PATH), "status": 200, "reason": "upstream", "is_charged": True,
    }  # fmt: skip
    assert len(web.visits) == 1


def test_nobody_there_is_unreachable_and_costs_nothing() -> None:
    unreachable = silence("http://127.0.0.1:9/v1")

    assert unreachable.facts["reason"] == "no connection"
    assert unreachable.facts["is_charged"] is False


def test_a_server_that_takes_no_connection_is_left_after_its_time() -> None:
    with socket.socket() as deaf, ExitStack() as waiting:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(8):  # fill the line of those who wait; nobody opens the door
            knocking = waiting.enter_context(socket.socket())
            knocking.setblocking(False)
            knocking.connect_ex(deaf.getsockname())
        unreachable = silence(f"http://127.0.0.1:{deaf.getsockname()[1]}", connect_seconds=0.2)

    assert unreachable.facts["reason"] == "no connection in time"
    assert unreachable.facts["is_charged"] is False


@pytest.mark.parametrize("without", [set(), {"stream"}])
def test_an_answer_that_breaks_off_is_asked_again_and_not_paid_twice(without: set[str]) -> None:
    tries: list[Asked] = []

    def once(asked: Asked) -> Said:
        tries.append(asked)
        return Said("Three lamps burn on the pier.", breaks_after=3 if len(tries) == 1 else None)

    with (
        ChatServer(once, knows=frozenset(EVERYTHING - without)) as server,
        a_chat(server.url) as chat,
    ):
        assert chat.ask(QUESTION).text == "Three lamps burn on the pier."

    assert len(tries) == 2
    assert len(server.paid) == 1


@pytest.mark.parametrize("page", [events(piece("Th"), end=b""), Page(b": hello\n\n")])
def test_a_stream_without_its_end_broke_off(web: FakeWeb, page: Page) -> None:
    web.put(PATH, page)

    unreachable = silence(web.url("/v1"))

    assert unreachable.facts["reason"] == "the answer broke off"
    assert len(web.visits) == 4


def test_an_answer_that_broke_off_before_the_server_went_away_may_have_been_charged(web: FakeWeb) -> None:
    web.put(PATH, events(piece("Th"), end=b""), Page(b"", status=503))

    unreachable = silence(web.url("/v1"))

    assert (unreachable.facts["status"], unreachable.facts["is_charged"]) == (503, True)


def test_a_server_that_never_answers_is_left_after_its_time_and_not_asked_again() -> None:
    with serving(Said("late", delay_seconds=60.0)) as server:
        began = time.monotonic()
        unreachable = silence(server.url, first_seconds=0.3)

        assert time.monotonic() - began < 3
        assert unreachable.facts["reason"] == "it went silent"
        assert unreachable.facts["is_charged"] is True
        assert len(server.asked) == 1


def test_a_server_that_falls_silent_in_the_middle_is_left_sooner() -> None:
    with serving(Said("Three lamps burn.", stalls_after=3)) as server:
        began = time.monotonic()
        unreachable = silence(server.url, between_seconds=0.3)

        assert time.monotonic() - began < 3
        assert (unreachable.facts["status"], len(server.asked)) == (200, 1)


def test_a_server_that_drips_is_left_when_the_time_for_an_answer_is_over() -> None:
    with serving(Said("lamp " * 300, drip_seconds=0.1)) as server:
        began = time.monotonic()
        unreachable = silence(server.url, timeout_seconds=0.7)

        assert time.monotonic() - began < 3
        assert unreachable.facts["reason"] == "no whole answer in time"


def test_a_slow_machine_may_be_silent_for_the_greater_part_of_its_time() -> None:
    assert ChatService("http://x", "m", timeout_seconds=900.0).silence_seconds == 540.0
    assert ChatService("http://x", "m", first_seconds=5.0).silence_seconds == 5.0


def test_the_words_of_a_refusal_are_waited_for_only_so_long(web: FakeWeb) -> None:
    web.put(PATH, Page(b'{"error": "x"}', status=404, drip_seconds=0.2))

    assert refusal(web.url("/v1"), timeout_seconds=0.7).facts["reason"] == "no reason given"


# -- hearing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("without", [set(), {"stream"}])
def test_whoever_asks_hears_how_much_has_come(without: set[str]) -> None:
    heard: list[int] = []

    with serving(Said("lamps " * 40), without=without) as server, a_chat(server.url) as chat:
        chat.ask(QUESTION, hear=heard.append)

    assert heard[0] == 0
    assert heard == sorted(heard)
    assert heard[-1] >= 10


class Enough(Exception):
    pass


def hearing_until(limit: int, *, tokens: int) -> Callable[[int], None]:
    """Hear so many times, then have enough, once so many tokens came."""
    heard: list[int] = []

    def hear(came: int) -> None:
        heard.append(came)
        if len(heard) > limit and came >= tokens:
            raise Enough

    return hear


def test_who_has_heard_enough_ends_the_exchange_in_the_middle() -> None:
    began = time.monotonic()

    with serving(Said("lamps " * 1_000, drip_seconds=0.05)) as server, a_chat(server.url) as chat:
        with pytest.raises(Enough):
            chat.ask(QUESTION, hear=hearing_until(2, tokens=3))

        assert time.monotonic() - began < 3


def test_who_has_heard_enough_ends_the_wait_for_a_silent_server_within_a_second_or_two() -> None:
    with serving(Said("late", delay_seconds=60.0)) as server, a_chat(server.url) as chat:
        began = time.monotonic()
        with pytest.raises(Enough):
            chat.ask(QUESTION, hear=hearing_until(1, tokens=0))

        assert time.monotonic() - began < 4


def test_who_has_heard_enough_ends_a_pause(web: FakeWeb) -> None:
    pauses: list[float] = []
    web.put(PATH, Page(b"", status=429, headers={"Retry-After": "30"}))

    with a_chat(web.url("/v1"), pauses=pauses) as chat, pytest.raises(Enough):
        chat.ask(QUESTION, hear=hearing_until(2, tokens=0))

    assert len(pauses) == 2


def test_after_an_exchange_was_ended_the_next_one_works() -> None:
    with serving(Said("lamps " * 20, drip_seconds=0.01)) as server, a_chat(server.url) as chat:
        with pytest.raises(Enough):
            chat.ask(QUESTION, hear=hearing_until(2, tokens=2))

        assert chat.ask(QUESTION).text.startswith("lamps")


def test_whoever_hears_may_ask_something_meanwhile() -> None:
    def echo(asked: Asked) -> Said:
        return Said(asked.user * 20)

    asides: list[str] = []
    with ChatServer(echo) as server, a_chat(server.url) as chat:

        def hear(tokens: int) -> None:
            if tokens == 2 and not asides:
                asides.append(chat.ask(Question("", "aside", None, 50, "test")).text)

        assert chat.ask(QUESTION, hear=hear).text == QUESTION.user * 20

    assert asides == ["aside" * 20]


def test_threads_may_share_an_endpoint() -> None:
    def echo(asked: Asked) -> Said:
        return Said(asked.user)

    questions = [Question("", f"lamp {number}", None, 50, "test") for number in range(24)]
    with ChatServer(echo) as server, a_chat(server.url) as chat, ThreadPoolExecutor(6) as pool:
        texts = [got.text for got in pool.map(chat.ask, questions)]

    assert texts == [question.user for question in questions]


# -- models ------------------------------------------------------------------------------------------


def test_the_models_of_a_server_are_listed() -> None:
    with serving(Said("x")) as server, a_chat(server.url) as chat:
        assert chat.models() == (MODEL,)


@pytest.mark.parametrize("page", [said([]), said({"data": 7}), Page(b"<html>")])
def test_a_list_of_models_that_is_none_is_refused(web: FakeWeb, page: Page) -> None:
    web.put("/v1/models", page)

    with a_chat(web.url("/v1")) as chat, pytest.raises(ChatRefused, match="list of models"):
        chat.models()


def test_strange_names_of_models_are_passed_over(web: FakeWeb) -> None:
    names: list[object] = [{"id": "a"}, 7, {"id": 7}, {"id": ""}, {"id": "/srv/models/b.gguf"}, {"id": "a"}]
    web.put("/v1/models", said({"data": names}))

    with a_chat(web.url("/v1")) as chat:
        assert chat.models() == ("a", "b.gguf")


def test_a_server_that_lists_nothing_now_is_unreachable_and_one_that_will_not_is_refused(
    web: FakeWeb,
) -> None:
    web.put("/v1/models", Page(b"", status=503), Page(b"", status=404))

    with a_chat(web.url("/v1")) as chat:
        with pytest.raises(ChatUnreachable):
            chat.models()
        with pytest.raises(ChatRefused):
            chat.models()
    with a_chat("http://127.0.0.1:9/v1") as chat, pytest.raises(ChatUnreachable, match="no connection"):
        chat.models()
