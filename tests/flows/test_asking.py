"""Asking behind the ledger: nothing beyond the caps, nothing paid for twice, whatever happens in between."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import ChatRefused, ChatUnreachable, SpendingCapped
from academichub.flows.asking import Asking, CalledOff, Tariff, estimate
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.model.asking import Manner, Question
from academichub.model.briefing import Cost
from academichub.store import ledger
from academichub.store.ledger import CallState, Caps
from tests.fakes.chat_server import MODEL, ChatServer, Said
from tests.fakes.network import system_trust
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.db.engine import Database
    from tests.fakes.chat_server import Asked

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUESTION = Question("You count.", "How many lamps burn?", None, 100, "briefing", "points")
OTHER = Question("You count.", "How many boats lie there?", None, 100, "briefing", "points")
TARIFF = Tariff(1_000.0, 2_000.0, "EUR")  # a thousandth, and two, for a token


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    shelf = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield shelf.database
    shelf.close()


def three(_: Asked) -> Said:
    return Said("Three lamps burn.")


@contextmanager
def asking(
    database: Database, server: ChatServer, *, caps: Caps | None = None, **changes: Any
) -> Iterator[Asking]:
    """Open a model behind the ledger."""
    service = ChatService(server.url, MODEL, timeout_seconds=2.0, first_seconds=1.5)
    with ChatEndpoint(service, tls=system_trust(), sleep=lambda _: None) as chat:
        terms: dict[str, Any] = {"run": "one", "manner": chat.manner, "tariff": TARIFF}
        terms |= {"caps": caps or Caps(), "clock": lambda: NOW}
        yield Asking(chat, database, **(terms | changes))


def spent(database: Database, run: str | None = None) -> Cost:
    with database.reading() as connection:
        return ledger.spent(connection, run=run)


def states(database: Database) -> list[str]:
    with database.reading() as connection:
        return [one.state.value for one in ledger.calls(connection)]


# -- once --------------------------------------------------------------------------------------------


def test_an_answer_is_booked_at_what_it_took(database: Database) -> None:
    with ChatServer(three) as server, asking(database, server) as chat:
        answer = chat.ask(QUESTION)

    assert answer.text == "Three lamps burn."
    assert spent(database) == Cost(1, 0, 6, 3, 0.012, "EUR")
    assert states(database) == ["answered"]


def test_the_same_question_is_answered_again_for_nothing_by_any_run(database: Database) -> None:
    with ChatServer(three) as server:
        with asking(database, server) as chat:
            first = chat.ask(QUESTION)
            again = chat.ask(QUESTION)
        with asking(database, server, run="two") as chat:
            later = chat.ask(QUESTION)

        assert first == again == later
        assert len(server.asked) == 1
    assert spent(database, "one") == Cost(1, 0, 6, 3, 0.012, "EUR")
    assert (spent(database, "two").calls, spent(database, "two").cached) == (1, 1)
    assert spent(database, "two").money == 0.0


def test_how_an_answer_ended_is_kept_with_it(database: Database) -> None:
    said = Said('{"cut": "灯\ud800', finish="length", refusal="no")

    with ChatServer(lambda _: said) as server, asking(database, server) as chat:
        first, again = chat.ask(QUESTION), chat.ask(QUESTION)

    assert first == again
    assert (again.text, again.is_cut, again.is_refused) == ('{"cut": "灯\ufffd', True, True)


def test_another_place_model_or_manner_is_asked_anew(database: Database) -> None:
    with ChatServer(three) as server:
        for manner in (Manner("http://a/"), Manner("http://b/"), Manner("http://b/", 100)):
            with asking(database, server, manner=manner) as chat:
                chat.ask(QUESTION)

        assert len(server.asked) == 3


def test_two_threads_that_ask_the_same_pay_once(database: Database) -> None:
    slow = Said("Three lamps burn.", delay_seconds=0.4)

    with (
        ChatServer(lambda _: slow, remembers=False) as server,
        asking(database, server) as chat,
        ThreadPoolExecutor(4) as pool,
    ):
        answers = list(pool.map(chat.ask, [QUESTION, OTHER, QUESTION, OTHER]))

        assert len(server.paid) == 2
    assert len({answer.text for answer in answers}) == 1


# -- caps --------------------------------------------------------------------------------------------


def test_a_question_that_could_go_beyond_a_cap_is_not_asked(database: Database) -> None:
    with ChatServer(three) as server, asking(database, server, caps=Caps(run_tokens=150)) as chat:
        with pytest.raises(SpendingCapped) as capped:
            chat.ask(QUESTION)

        assert server.asked == []
    assert capped.value.facts["cap"] == "run"
    assert states(database) == []


def test_a_cap_on_money_counts_what_was_paid(database: Database) -> None:
    with ChatServer(three) as server, asking(database, server, caps=Caps(day_money=0.29)) as chat:
        chat.ask(QUESTION)

        assert chat.most(OTHER).money < 0.29 < chat.most(OTHER).money + spent(database).money
        with pytest.raises(SpendingCapped):
            chat.ask(OTHER)
        assert chat.ask(QUESTION).text


def test_room_for_thoughts_is_reserved_too(database: Database) -> None:
    manner = Manner("http://a/", 5_000)

    with ChatServer(three) as server, asking(database, server, manner=manner) as chat:
        assert chat.context == 8_192
        assert chat.most(QUESTION).tokens_out == 5_100


# -- trouble -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", [Said(status=503), Said(status=429), Said(status=402)], ids=["broken", "busy", "refused"]
)
def test_what_the_server_did_not_take_costs_nothing(database: Database, said: Said) -> None:
    with (
        ChatServer(lambda _: said) as server,
        asking(database, server) as chat,
        pytest.raises((ChatUnreachable, ChatRefused)),
    ):
        chat.ask(QUESTION)

    assert states(database) == ["released"]
    assert spent(database).money == 0.0


@pytest.mark.parametrize(
    "said",
    [Said(delay_seconds=60.0), Said(body=b"<html>"), Said("lamps " * 20, stalls_after=4)],
    ids=["hangs", "web page", "stalls"],
)
def test_what_the_server_may_have_charged_for_is_booked(database: Database, said: Said) -> None:
    with ChatServer(lambda _: said) as server, asking(database, server) as chat:
        with pytest.raises((ChatUnreachable, ChatRefused)):
            chat.ask(QUESTION)

        assert spent(database).tokens_in == chat.most(QUESTION).tokens_in
    assert states(database) == ["failed"]


def test_after_trouble_the_same_question_is_asked_again_and_counted_once(database: Database) -> None:
    answers = iter([*[Said(status=503)] * 4, Said("Three lamps burn.")])

    with ChatServer(lambda _: next(answers)) as server, asking(database, server) as chat:
        with pytest.raises(ChatUnreachable):
            chat.ask(QUESTION)
        chat.ask(QUESTION)

        assert len(server.paid) == 1
    assert states(database) == ["answered"]


def test_a_process_that_died_while_it_asked_pays_once(database: Database) -> None:
    with ChatServer(three) as server, asking(database, server) as chat:
        named = chat.fingerprint(QUESTION)
        with database.writing() as connection:  # as far as the dead process came
            ledger.reserve(connection, named, chat.most(QUESTION), caps=Caps(), now=NOW)
        chat.ask(QUESTION)

        assert len(server.paid) == 1
    assert states(database) == [CallState.ANSWERED.value]


def test_an_answer_that_was_made_and_lost_is_fetched_again_for_nothing(database: Database) -> None:
    class Died(Exception):
        pass

    def dies(tokens: int) -> None:
        if tokens:
            raise Died

    with ChatServer(lambda _: Said("Three lamps burn. " * 40)) as server, asking(database, server) as chat:
        chat.ask(OTHER)
        with pytest.raises(Died):
            chat.ask(QUESTION, hear=dies)
        wait_until(lambda: len(server.paid) == 2)
        answer = chat.ask(QUESTION)

        assert answer.text
        assert server.paid_twice == []


def wait_until(is_so: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + 5
    while not is_so() and time.monotonic() < ends_at:
        time.sleep(0.02)
    assert is_so()


# -- called off --------------------------------------------------------------------------------------


def test_what_was_called_off_is_not_asked(database: Database) -> None:
    with ChatServer(three) as server, asking(database, server, is_over=lambda: True) as chat:
        with pytest.raises(CalledOff):
            chat.ask(QUESTION)

        assert server.asked == []
    assert states(database) == []


@pytest.mark.parametrize(
    "said",
    [Said("late", delay_seconds=60.0), Said("lamps " * 400, drip_seconds=0.05)],
    ids=["silent", "talks"],
)
def test_an_answer_that_was_called_off_while_it_came_ends_and_is_booked(
    database: Database, said: Said
) -> None:
    over = threading.Event()

    with ChatServer(lambda _: said) as server, asking(database, server, is_over=over.is_set) as chat:
        threading.Timer(0.2, over.set).start()
        began = time.monotonic()
        with pytest.raises((CalledOff, ChatUnreachable)):
            chat.ask(QUESTION)

        assert time.monotonic() - began < 4
    assert states(database) == ["failed"]
    assert spent(database).tokens_in > 0


def test_who_waits_for_another_threads_answer_hears_that_it_was_called_off(database: Database) -> None:
    over = threading.Event()
    slow = Said("Three.", delay_seconds=1.4)

    with (
        ChatServer(lambda _: slow) as server,
        asking(database, server, is_over=over.is_set) as chat,
        ThreadPoolExecutor(2) as pool,
    ):
        waiting = [pool.submit(chat.ask, QUESTION) for _ in range(2)]
        time.sleep(0.1)
        over.set()
        ends = {type(one.exception()) for one in waiting}

    assert ends == {CalledOff}


# -- estimates ---------------------------------------------------------------------------------------


def test_an_estimate_leaves_out_what_is_known_and_what_is_asked_twice(database: Database) -> None:
    with ChatServer(three) as server, asking(database, server) as chat:
        chat.ask(QUESTION)
        with database.reading() as connection:
            told = estimate(connection, [QUESTION, OTHER, OTHER], chat, tariff=TARIFF, caps=Caps(), now=NOW)
        most = chat.most(OTHER)

    assert (told.calls, told.tokens_in, told.tokens_out) == (1, most.tokens_in, 100)
    assert told.money == pytest.approx(most.money)
    assert (told.currency, told.over) == ("EUR", "")


def test_an_estimate_names_the_cap_that_would_be_exceeded(database: Database) -> None:
    with ChatServer(three) as server, asking(database, server) as chat, database.reading() as connection:
        terms: dict[str, Any] = {"tariff": TARIFF, "now": NOW}
        within = estimate(connection, [QUESTION], chat, caps=Caps(run_tokens=500), **terms)
        beyond = estimate(connection, [QUESTION, OTHER], chat, caps=Caps(day_money=0.5), **terms)
        nothing = estimate(connection, [], chat, caps=Caps(run_tokens=1), **terms)

    assert (within.over, beyond.over, nothing.over) == ("", "day", "")


def test_a_model_that_stands_behind_no_ledger_can_be_estimated_too(database: Database) -> None:
    chat = ChatEndpoint(ChatService("http://127.0.0.1:9", MODEL), tls=system_trust())

    with chat, database.reading() as connection:
        told = estimate(connection, [QUESTION, OTHER], chat, tariff=Tariff(), caps=Caps(), now=NOW)

    assert (told.calls, told.money, told.tokens_out) == (2, 0.0, 200)
    assert told.tokens_in > 10


def test_money_is_counted_by_the_million() -> None:
    assert Tariff(2.0, 8.0, "USD").money(tokens_in=500_000, tokens_out=250_000) == 3.0
