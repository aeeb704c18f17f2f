"""What models cost is counted to the last token, and no cap is passed, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academichub.db.briefingtables import model_answers, model_calls, model_days
from academichub.errors import SpendingCapped
from academichub.model.briefing import Cost
from academichub.store import ledger
from academichub.store.ledger import Call, CallState, Caps, Exceeded, Wanted
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW

if TYPE_CHECKING:
    from datetime import datetime

    from tests.fakes.shelf import TestShelf

ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)
WANTED = Wanted(
    purpose="briefing",
    run="2026-06-19",
    model="small-1",
    tokens_in=1000,
    tokens_out=200,
    money=0.3,
    currency="CNY",
)
FREE = Caps()
SOON = NOW + timedelta(minutes=1)
TOMORROW = NOW + timedelta(days=1)


def reserve(
    shelf: TestShelf, name: str = ONE, wanted: Wanted = WANTED, *, caps: Caps = FREE, now: datetime = NOW
) -> None:
    with shelf.database.writing() as connection:
        ledger.reserve(connection, name, wanted, caps=caps, now=now)


def settle(shelf: TestShelf, name: str = ONE, *, answer: str = "Frogs.", **more: Any) -> None:
    taken: dict[str, Any] = {"tokens_in": 900, "tokens_out": 100, "money": 0.1, "now": SOON} | more
    with shelf.database.writing() as connection:
        ledger.settle(connection, name, answer=answer, **taken)


def fail(shelf: TestShelf, name: str = ONE, **charged: Any) -> None:
    with shelf.database.writing() as connection:
        ledger.fail(connection, name, now=SOON, **charged)


def release(shelf: TestShelf, name: str = ONE, **more: Any) -> None:
    with shelf.database.writing() as connection:
        ledger.release(connection, name, now=SOON, **more)


def note_cached(shelf: TestShelf, name: str, run: str, *, now: datetime = SOON) -> None:
    with shelf.database.writing() as connection:
        ledger.note_cached(connection, name, run, now=now)


def spent(shelf: TestShelf, **which: Any) -> Cost:
    with shelf.database.reading() as connection:
        return ledger.spent(connection, **which)


def over(shelf: TestShelf, caps: Caps, wanted: Wanted = WANTED, *, now: datetime = SOON) -> Exceeded | None:
    with shelf.database.reading() as connection:
        return ledger.over(connection, wanted, caps=caps, now=now)


def calls(shelf: TestShelf) -> list[Call]:
    with shelf.database.reading() as connection:
        return ledger.calls(connection)


def states(shelf: TestShelf) -> list[CallState]:
    return [one.state for one in calls(shelf)]


# -- asking and answering -------------------------------------------------------------------------


def test_an_answer_is_kept_for_the_next_who_asks_the_same(shelf: TestShelf) -> None:
    reserve(shelf)
    with shelf.database.reading() as connection:
        assert ledger.answer(connection, ONE) is None

    settle(shelf, answer="青蛙 sing\x00 \ud800")

    with shelf.database.reading() as connection:
        assert ledger.answer(connection, ONE) == ("青蛙 sing\x00 \ud800", "small-1", 900, 100, SOON)
        assert ledger.answer(connection, TWO) is None


def test_a_call_is_a_line_of_the_ledger_from_its_reservation_on(shelf: TestShelf) -> None:
    reserve(shelf)

    (open_call,) = calls(shelf)
    settle(shelf)
    (done,) = calls(shelf)

    assert open_call == Call(
        id=1, request_hash=ONE, purpose="briefing", run="2026-06-19", model="small-1",
        state=CallState.RESERVED, attempts=1, reserved_at=NOW, ended_at=None, reserved_in=1000,
        reserved_out=200, reserved_money=0.3, tokens_in=0, tokens_out=0, money=0.0, currency="CNY",
    )  # fmt: skip
    assert done == replace(
        open_call, state=CallState.ANSWERED, ended_at=SOON, tokens_in=900, tokens_out=100, money=0.1
    )


def test_settling_twice_is_counted_once_and_the_first_answer_stays(shelf: TestShelf) -> None:
    reserve(shelf)
    settle(shelf)

    settle(shelf, answer="Toads.", tokens_in=5)
    release(shelf)
    fail(shelf, tokens_in=5)

    assert spent(shelf) == Cost(1, 0, 900, 100, 0.1, "CNY")
    assert states(shelf) == [CallState.ANSWERED]
    with shelf.database.reading() as connection:
        kept = ledger.answer(connection, ONE)
    assert kept is not None
    assert kept.text == "Frogs."


def test_what_was_never_reserved_cannot_be_settled(shelf: TestShelf) -> None:
    reserve(shelf, TWO)

    for end in (settle, fail, release):
        with pytest.raises(ValueError, match="never reserved"):
            end(shelf, ONE)
        with pytest.raises(ValueError, match="never reserved"):
            end(shelf, TWO, run="another run")
    with pytest.raises(ValueError, match="never reserved"):
        note_cached(shelf, ONE, "2026-06-19")
    assert states(shelf) == [CallState.RESERVED]


def test_a_question_that_was_refused_is_asked_again_on_the_same_line(shelf: TestShelf) -> None:
    for _ in range(3):
        reserve(shelf)
        release(shelf)
        release(shelf)
    assert spent(shelf) == spent(shelf, run="2026-06-19") == Cost()

    reserve(shelf)
    settle(shelf)

    (call,) = calls(shelf)
    assert (call.state, call.attempts) == (CallState.ANSWERED, 4)
    assert spent(shelf).calls == 1


def test_a_refusal_that_was_charged_for_after_all_is_counted(shelf: TestShelf) -> None:
    reserve(shelf)
    release(shelf)

    settle(shelf)

    assert spent(shelf) == Cost(1, 0, 900, 100, 0.1, "CNY")


def test_an_answer_of_no_use_is_paid_for_and_asked_for_again(shelf: TestShelf) -> None:
    reserve(shelf)
    fail(shelf, tokens_in=900, tokens_out=7, money=0.05)
    with shelf.database.reading() as connection:
        assert ledger.answer(connection, ONE) is None

    reserve(shelf)
    settle(shelf)

    assert [(one.state, one.attempts) for one in calls(shelf)] == [
        (CallState.ANSWERED, 2),
        (CallState.FAILED, 1),
    ]
    assert spent(shelf) == spent(shelf, run="2026-06-19") == Cost(2, 0, 1800, 107, 0.15, "CNY")


def test_a_run_that_died_takes_its_reservation_up_again(shelf: TestShelf) -> None:
    reserve(shelf)

    reserve(shelf, caps=Caps(run_tokens=1200, run_money=0.3), now=SOON)

    (call,) = calls(shelf)
    assert (call.state, call.attempts, call.reserved_at) == (CallState.RESERVED, 2, SOON)


def test_runs_that_ask_the_same_at_once_each_have_their_line(shelf: TestShelf) -> None:
    reserve(shelf)
    reserve(shelf, wanted=replace(WANTED, run="other"))

    settle(shelf, run="2026-06-19")
    settle(shelf, tokens_in=800)

    assert spent(shelf, run="2026-06-19").tokens_in == 900
    assert spent(shelf, run="other").tokens_in == 800
    assert spent(shelf).tokens_in == 1700


def test_a_kept_answer_counts_as_a_call_that_cost_nothing_once_for_each_run(shelf: TestShelf) -> None:
    reserve(shelf)
    settle(shelf)

    note_cached(shelf, ONE, "2026-06-19")  # its own answer, after a crash
    note_cached(shelf, ONE, "other")
    note_cached(shelf, ONE, "other")

    assert spent(shelf, run="2026-06-19") == Cost(1, 0, 900, 100, 0.1, "CNY")
    assert spent(shelf, run="other") == Cost(1, 1, 0, 0, 0.0, "CNY")
    assert spent(shelf) == Cost(2, 1, 900, 100, 0.1, "CNY")
    assert states(shelf) == [CallState.CACHED, CallState.ANSWERED]


def test_texts_of_old_answers_are_forgotten_and_what_they_cost_is_not(shelf: TestShelf) -> None:
    reserve(shelf)
    settle(shelf)
    reserve(shelf, TWO)
    settle(shelf, TWO, now=TOMORROW)
    before = spent(shelf)

    with shelf.database.writing() as connection:
        assert ledger.forget_old(connection, before=TOMORROW) == 1
        assert ledger.forget_old(connection, before=TOMORROW) == 0
        assert ledger.answer(connection, ONE) is None
        assert ledger.answer(connection, TWO) is not None
    assert shelf.count(model_answers) == 1
    assert spent(shelf) == before

    reserve(shelf)
    settle(shelf)
    assert spent(shelf).calls == 3


def test_no_page_is_made_anew_by_a_call(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection:
        before = pages_revision(connection)

    reserve(shelf)
    settle(shelf)
    note_cached(shelf, ONE, "other")

    with shelf.database.reading() as connection:
        assert pages_revision(connection) == before


# -- caps -----------------------------------------------------------------------------------------


REFUSALS = (
    (Caps(run_tokens=2199), Exceeded("run", "tokens", 2199, 1000, 1200)),
    (Caps(day_tokens=2199), Exceeded("day", "tokens", 2199, 1000, 1200)),
    (Caps(hub_tokens=2199), Exceeded("hub", "tokens", 2199, 1000, 1200)),
    (Caps(run_money=0.39), Exceeded("run", "CNY", 0.39, 0.1, 0.3)),
    (Caps(day_money=0.39), Exceeded("day", "CNY", 0.39, 0.1, 0.3)),
    (Caps(hub_money=0.39), Exceeded("hub", "CNY", 0.39, 0.1, 0.3)),
    (Caps(2199, 1, 1, 1, 1, 1), Exceeded("run", "tokens", 2199, 1000, 1200)),
)


def test_what_would_exceed_a_cap_is_refused_and_leaves_no_trace(shelf: TestShelf) -> None:
    reserve(shelf)
    settle(shelf)

    for caps, exceeded in REFUSALS:  # on one shelf: each leaves it as it was
        with pytest.raises(SpendingCapped) as caught:
            reserve(shelf, TWO, caps=caps)
        assert caught.value.facts == exceeded._asdict()
        assert over(shelf, caps) == exceeded
    assert len(calls(shelf)) == 1


def test_what_just_reaches_the_caps_is_asked(shelf: TestShelf) -> None:
    caps = Caps(2400, 2400, 2400, 0.6, 0.6, 0.6)
    reserve(shelf, ONE, caps=caps)
    reserve(shelf, TWO, caps=caps)

    with pytest.raises(SpendingCapped):
        reserve(shelf, THREE, caps=caps)


def test_tenths_add_up_to_what_they_add_up_to(shelf: TestShelf) -> None:
    dime = replace(WANTED, money=0.1)
    for number in range(3):
        reserve(shelf, str(number), dime, caps=Caps(run_money=0.3, day_money=0.3, hub_money=0.3))
        settle(shelf, str(number))

    assert spent(shelf).money == 0.3
    assert over(shelf, Caps(run_money=0.4), dime) is None


def test_what_is_reserved_counts_until_it_is_known_what_it_took(shelf: TestShelf) -> None:
    caps = Caps(run_tokens=3000)
    reserve(shelf, ONE)
    reserve(shelf, TWO)
    assert over(shelf, caps) == Exceeded("run", "tokens", 3000, 2400, 1200)

    settle(shelf, ONE)
    assert over(shelf, caps) == Exceeded("run", "tokens", 3000, 2200, 1200)
    release(shelf, TWO)
    assert over(shelf, caps) is None
    fail(shelf, TWO, tokens_in=1000)
    assert over(shelf, caps) == Exceeded("run", "tokens", 3000, 2000, 1200)


def test_other_runs_other_days_and_other_currencies_count_only_where_they_should(shelf: TestShelf) -> None:
    reserve(shelf)
    settle(shelf)
    reserve(shelf, TWO)

    elsewhere = replace(WANTED, run="other")
    assert over(shelf, Caps(run_tokens=1200, run_money=0.3), elsewhere) is None
    assert over(shelf, Caps(day_tokens=1200), elsewhere) is not None
    assert over(shelf, Caps(day_tokens=1200, day_money=0.3), elsewhere, now=TOMORROW) is None
    assert over(shelf, Caps(hub_tokens=1200), elsewhere, now=TOMORROW) is not None
    assert over(shelf, Caps(hub_money=0.3), elsewhere, now=TOMORROW) is not None
    dollars = replace(elsewhere, currency="USD")
    assert over(shelf, Caps(hub_money=0.3, day_money=0.3), dollars) is None


def test_the_day_is_that_of_the_reservation_in_utc(shelf: TestShelf) -> None:
    late = NOW.replace(hour=23, minute=59)
    reserve(shelf, now=late)
    settle(shelf, now=late + timedelta(minutes=5))

    assert spent(shelf, since=DAY).calls == 1
    assert spent(shelf, since=DAY + timedelta(days=1)) == Cost()
    assert spent(shelf, since=DAY + timedelta(days=1), run="2026-06-19") == Cost()
    assert spent(shelf, since=DAY, run="2026-06-19").calls == 1


def test_a_dead_process_holds_nothing_for_longer_than_an_hour_and_is_listed(shelf: TestShelf) -> None:
    caps = Caps(day_tokens=1200)
    reserve(shelf)

    assert over(shelf, caps, now=NOW + timedelta(minutes=59)) is not None
    assert over(shelf, caps, now=NOW + timedelta(minutes=61)) is None
    with shelf.database.reading() as connection:
        assert ledger.stale(connection, now=NOW + timedelta(minutes=59)) == []
        assert ledger.stale(connection, now=NOW + timedelta(minutes=61)) == calls(shelf)

    settle(shelf, now=NOW + timedelta(hours=2))  # it was only slow
    assert spent(shelf).calls == 1


def test_workers_that_ask_at_once_do_not_both_slip_under_a_cap(shelf: TestShelf) -> None:
    caps, barrier = Caps(hub_tokens=3 * 1200, hub_money=0.9), threading.Barrier(6)
    refused: list[str] = []

    def work(number: int) -> None:
        barrier.wait()
        try:
            reserve(shelf, str(number), replace(WANTED, run=f"run {number}"), caps=caps)
            settle(shelf, str(number), tokens_in=1000, tokens_out=200, money=0.3)
        except SpendingCapped as error:
            refused.append(str(error.facts["cap"]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["hub"] * 3
    assert spent(shelf) == Cost(3, 0, 3000, 600, 0.9, "CNY")


def test_counts_that_no_server_can_mean_are_cut_to_what_can_be(shelf: TestShelf) -> None:
    reserve(shelf)
    settle(shelf, tokens_in=-(10**30), tokens_out=10**30, money=float("inf"))
    reserve(shelf, TWO, replace(WANTED, tokens_in=-5, tokens_out=0, money=-1.0))

    assert spent(shelf) == Cost(1, 0, 0, 10**12, 10.0**6, "CNY")
    assert calls(shelf)[0].reserved_in == 0
    assert over(shelf, Caps(hub_tokens=10**12)) is not None


def test_money_is_told_in_the_currency_that_was_paid_last(shelf: TestShelf) -> None:
    reserve(shelf)
    settle(shelf)
    reserve(shelf, TWO, replace(WANTED, currency="USD"), now=TOMORROW)
    settle(shelf, TWO, money=0.7, now=TOMORROW)
    reserve(shelf, THREE, replace(WANTED, currency="", model="local"), now=TOMORROW + timedelta(days=1))
    settle(shelf, THREE, money=0.0)

    assert spent(shelf) == spent(shelf, run="2026-06-19") == Cost(3, 0, 2700, 300, 0.7, "USD")
    assert spent(shelf, since=DAY + timedelta(days=2)) == Cost(1, 0, 900, 100, 0.0, "")


def test_the_last_calls_come_first_and_no_more_than_asked_for(shelf: TestShelf) -> None:
    for number in range(5):
        reserve(shelf, str(number))

    with shelf.database.reading() as connection:
        assert [one.request_hash for one in ledger.calls(connection, limit=2)] == ["4", "3"]
        assert [
            one.request_hash for one in ledger.stale(connection, now=TOMORROW, limit=2)
        ] == ["4", "3"]  # fmt: skip


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "settle", "fail", "release", "cached"]),
        st.sampled_from([ONE, TWO]),
        st.sampled_from(["a", "b"]),
        st.integers(0, 500),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_the_sums_of_the_days_are_those_of_the_lines_whatever_happens(
    shelf: TestShelf, steps: list[tuple[str, str, str, int]]
) -> None:
    with shelf.database.writing() as connection:
        for table in (model_calls, model_days, model_answers):
            connection.execute(table.delete())
        for act, name, run, tokens in steps:
            charged = {"tokens_in": tokens, "tokens_out": 1, "money": tokens / 1000}
            try:
                if act == "reserve":
                    wanted = replace(WANTED, run=run, tokens_in=tokens)
                    ledger.reserve(connection, name, wanted, caps=Caps(hub_tokens=2000), now=NOW)
                elif act == "settle":
                    ledger.settle(connection, name, answer=name, **charged, now=SOON, run=run)  # type: ignore[arg-type]  # whole ones for tokens
                elif act == "fail":
                    ledger.fail(connection, name, **charged, now=SOON, run=run)  # type: ignore[arg-type]  # as above
                elif act == "release":
                    ledger.release(connection, name, now=SOON, run=run)
                else:
                    ledger.note_cached(connection, name, run, now=SOON)
            except (ValueError, SpendingCapped):
                continue

        whole = ledger.spent(connection)
        of_runs = [ledger.spent(connection, run=run) for run in ("a", "b")]
        exceeded = ledger.over(connection, replace(WANTED, run="c"), caps=Caps(hub_tokens=1), now=NOW)
        lines = ledger.calls(connection)

    for figure in ("calls", "cached", "tokens_in", "tokens_out"):
        assert getattr(whole, figure) == sum(getattr(one, figure) for one in of_runs)
    open_tokens = sum(one.reserved_in + one.reserved_out for one in lines if one.state is CallState.RESERVED)
    assert exceeded is not None
    assert exceeded.spent == whole.tokens_in + whole.tokens_out + open_tokens
