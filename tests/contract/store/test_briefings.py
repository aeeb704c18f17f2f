"""A briefing is ordered, then written, then there: on both databases, whatever is asked twice or killed."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.briefingtables import briefings as table
from academichub.db.radartables import readers
from academichub.errors import BriefingUnknown
from academichub.model.briefing import (
    Account,
    Briefing,
    BriefingOrder,
    Evidence,
    Label,
    Maker,
    Removed,
    Role,
    Span,
    Statement,
    Theme,
    ThemePart,
)
from academichub.model.briefingpages import BriefingState, Progress
from academichub.store import briefings
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(minutes=5)
MUCH_LATER = NOW + timedelta(hours=5)
NEXT_DAY = DAY + timedelta(days=1)


def order_of(*radars: str, last: date = DAY, language: str = "en") -> BriefingOrder:
    return BriefingOrder(
        radars=radars, first=last - timedelta(days=1), last=last, language=language, writer=Maker.EXTRACTIVE
    )


def quote_of(work_id: int, text: str) -> Evidence:
    return Evidence(Span(work_id, "v1", 0, len(text), "0123456789abcdef"), text, Role.RESULT, 1)


def statement(text: str, label: Label = Label.QUOTED) -> Statement:
    return Statement(text, label, (quote_of(7, text),))


def theme(*terms: str, works: tuple[int, ...]) -> ThemePart:
    return ThemePart(Theme(terms, ("cs.LG",), works, 1 / 3), (statement(f"Of {terms}."),))


def briefing_of(order: BriefingOrder, *, fingerprint: str = "f1", model: str = "") -> Briefing:
    return Briefing(
        order=order,
        made_at=NOW,
        works=(7, 3, 5),
        cited=1,
        titles=("青蛙与 λ", "B\x00", "C \ud800"),  # as hostile as a title comes
        points=(statement("Frogs sing."), statement("Loudly so.", Label.LOOSE)),
        themes=(
            theme("frog song", works=(3,)),
            theme("dark matter", works=(7, 5)),
            theme(works=(7, 5, 3)),
            theme("toads", works=(5,)),
            theme("newts", works=(7,)),
        ),
        removed=(Removed("Frogs fly.", "points", ("quote",)),),
        model=model,
        fingerprint=fingerprint,
    )


def ordered(shelf: TestShelf, order: BriefingOrder, *, reader_id: int = 1) -> str:
    with shelf.database.writing() as connection:
        return briefings.order(connection, order, now=NOW, reader_id=reader_id)


def started(shelf: TestShelf, order: BriefingOrder) -> str:
    key = ordered(shelf, order)
    with shelf.database.writing() as connection:
        assert briefings.start(connection, key, now=LATER)
    return key


def made(shelf: TestShelf, order: BriefingOrder, *, fingerprint: str = "f1") -> str:
    key = started(shelf, order)
    with shelf.database.writing() as connection:
        assert briefings.finish(connection, key, briefing_of(order, fingerprint=fingerprint), now=MUCH_LATER)
    return key


def standing(shelf: TestShelf, key: str) -> BriefingState:
    with shelf.database.reading() as connection:
        return briefings.progress(connection, key).state


def keys(shelf: TestShelf) -> list[str]:
    with shelf.database.reading() as connection:
        return [one.key for one in briefings.lines(connection)]


@contextmanager
def changing(shelf: TestShelf, *, pages: bool) -> Iterator[sa.Connection]:
    """Lend a connection for writing, and see whether the pages follow what is written."""
    with shelf.database.writing() as connection:
        before = pages_revision(connection)
        yield connection
        assert (pages_revision(connection) > before) is pages


# -- the way of a briefing ------------------------------------------------------------------------


def test_an_order_waits_under_its_last_day_and_the_next_of_that_day_is_the_second(shelf: TestShelf) -> None:
    order = order_of("frogs", "toads")
    with changing(shelf, pages=True) as connection:
        first = briefings.order(connection, order, now=NOW)

    again, other = ordered(shelf, order), ordered(shelf, order_of(last=NEXT_DAY))

    assert (first, again, other) == ("2026-06-19", "2026-06-19-2", "2026-06-20")
    with shelf.database.reading() as connection:
        line, briefing, progress, error = briefings.read(connection, first)
        assert line == briefings.line(connection, first)
    assert (line.key, line.order, line.state) == (first, order, BriefingState.WAITING)
    assert (line.ordered_at, line.made_at, line.account, line.model, line.headline) == (
        NOW,
        None,
        None,
        "",
        (),
    )
    assert (briefing, progress, error) == (None, Progress(), "")


def test_a_briefing_comes_back_exactly_as_it_was_made(shelf: TestShelf) -> None:
    order = order_of("frogs")
    key = started(shelf, order)
    briefing = briefing_of(order, model="small-1")

    with changing(shelf, pages=True) as connection:
        assert briefings.finish(connection, key, briefing, now=MUCH_LATER)

    with shelf.database.reading() as connection:
        line, again, progress, error = briefings.read(connection, key)
    assert again == briefing
    assert (line.state, line.made_at, line.model) == (BriefingState.DONE, MUCH_LATER, "small-1")
    assert line.made_at is not None
    assert line.made_at.tzinfo is UTC
    assert line.account == briefing.account() == Account(3, 7, 7, 6, 0, 1, 1)
    assert line.headline == ("dark matter", "frog song", "toads")
    assert (progress.stage, error) == ("done", "")


def test_what_there_is_so_far_can_be_read_while_the_rest_is_written(shelf: TestShelf) -> None:
    order = order_of("frogs")
    key = started(shelf, order)
    part = replace(briefing_of(order), themes=())

    with shelf.database.writing() as connection:
        assert briefings.advance(connection, key, Progress("points", 1, 4, 120), part)
        assert briefings.advance(connection, key, Progress("theme:1", 2, 4, 180))

    with shelf.database.reading() as connection:
        line, so_far, progress, _ = briefings.read(connection, key)
        assert briefings.progress(connection, key) == (BriefingState.WRITING, progress)
    assert (line.state, line.account, line.headline) == (BriefingState.WRITING, None, ())
    assert so_far == part
    assert progress == Progress("theme:1", 2, 4, 180)


def test_pages_follow_what_begins_and_ends_and_not_what_is_going_on(shelf: TestShelf) -> None:
    order = order_of("frogs")
    key = ordered(shelf, order)

    with changing(shelf, pages=True) as connection:
        briefings.start(connection, key, now=LATER)
    with changing(shelf, pages=False) as connection:
        briefings.start(connection, key, now=LATER)  # it goes on after a crash
    with changing(shelf, pages=False) as connection:
        briefings.advance(connection, key, Progress("points"), briefing_of(order))
    with changing(shelf, pages=True) as connection:
        briefings.finish(connection, key, briefing_of(order), now=LATER)
    with changing(shelf, pages=False) as connection:
        briefings.finish(connection, key, briefing_of(order), now=LATER)
    with changing(shelf, pages=True) as connection:
        assert briefings.remove(connection, key)
    with changing(shelf, pages=False) as connection:
        assert not briefings.remove(connection, key)


def test_a_briefing_that_is_done_stays_as_it_is(shelf: TestShelf) -> None:
    order = order_of("frogs")
    key = made(shelf, order)
    with shelf.database.reading() as connection:
        before = briefings.read(connection, key)

    with shelf.database.writing() as connection:
        assert not briefings.start(connection, key, now=MUCH_LATER)
        assert not briefings.advance(connection, key, Progress("points"), briefing_of(order, model="x"))
        assert briefings.finish(connection, key, briefing_of(order, model="x"), now=MUCH_LATER)
        briefings.fail(connection, key, "chat.unreachable", now=MUCH_LATER)
        assert not briefings.cancel(connection, key, now=MUCH_LATER)

        assert briefings.read(connection, key) == before


@pytest.mark.parametrize("is_started", [False, True])
def test_a_writer_hears_of_a_cancellation_and_nothing_of_its_work_is_lost(
    shelf: TestShelf, *, is_started: bool
) -> None:
    order = order_of("frogs")
    key = started(shelf, order) if is_started else ordered(shelf, order)
    with shelf.database.writing() as connection:
        briefings.advance(connection, key, Progress("points"), briefing_of(order))

    with changing(shelf, pages=True) as connection:
        assert briefings.cancel(connection, key, now=LATER)
    with changing(shelf, pages=False) as connection:
        assert briefings.cancel(connection, key, now=LATER)
        assert not briefings.start(connection, key, now=LATER)
        assert not briefings.advance(connection, key, Progress("theme:1"))
        assert not briefings.finish(connection, key, briefing_of(order), now=LATER)
        briefings.fail(connection, key, "chat.unreachable", now=LATER)

        line, briefing, progress, error = briefings.read(connection, key)
    assert (line.state, line.made_at, error) == (BriefingState.CANCELLED, None, "")
    assert briefing == briefing_of(order)
    assert progress == Progress("points")


def test_a_briefing_that_failed_says_why_and_may_be_done_after_all(shelf: TestShelf) -> None:
    order = order_of("frogs")
    key = started(shelf, order)

    with changing(shelf, pages=True) as connection:
        briefings.fail(connection, key, "store.unreachable", now=LATER)
    with changing(shelf, pages=False) as connection:
        briefings.fail(connection, key, "chat.refused", now=LATER)
        assert not briefings.start(connection, key, now=LATER)
        line, _, _, error = briefings.read(connection, key)
    assert (line.state, line.made_at, error) == (BriefingState.FAILED, None, "store.unreachable")

    with changing(shelf, pages=True) as connection:
        assert briefings.finish(connection, key, briefing_of(order), now=MUCH_LATER)
        line, _, _, error = briefings.read(connection, key)
    assert (line.state, line.made_at, error) == (BriefingState.DONE, MUCH_LATER, "")


def test_a_writer_of_a_briefing_that_was_removed_is_told_to_stop(shelf: TestShelf) -> None:
    order = order_of("frogs")
    key = started(shelf, order)
    with shelf.database.writing() as connection:
        briefings.remove(connection, key)

        assert not briefings.start(connection, key, now=LATER)
        assert not briefings.advance(connection, key, Progress("points"))
        assert not briefings.finish(connection, key, briefing_of(order), now=LATER)
        briefings.fail(connection, key, "chat.refused", now=LATER)
    assert shelf.count(table) == 0


def test_the_key_of_a_removed_briefing_never_comes_again(shelf: TestShelf) -> None:
    first, second = ordered(shelf, order_of()), ordered(shelf, order_of())
    with shelf.database.writing() as connection:
        briefings.remove(connection, first)
        briefings.remove(connection, second)

    assert ordered(shelf, order_of()) == "2026-06-19-3"


def test_orders_that_come_at_once_get_keys_of_their_own(shelf: TestShelf) -> None:
    barrier = threading.Barrier(4)
    drawn: list[str] = []

    def place() -> None:
        barrier.wait()
        drawn.append(ordered(shelf, order_of()))

    threads = [threading.Thread(target=place) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(drawn) == ["2026-06-19", "2026-06-19-2", "2026-06-19-3", "2026-06-19-4"]


def test_an_account_that_does_not_balance_is_refused_by_the_database(shelf: TestShelf) -> None:
    key = made(shelf, order_of())

    with pytest.raises(sa.exc.IntegrityError), shelf.database.writing() as connection:
        connection.execute(sa.update(table).where(table.c.key == key).values(quoted=table.c.quoted + 1))


# -- finding --------------------------------------------------------------------------------------

NO_KEYS = ["", "today", "2026-06-20", "2026-06-19-2", "2026-06-19-0", "2026-06-19-1", "2026-02-30",
           "2026-06-19\x00", "２026-06-19", "2026-06-19-99999999999999999999", "2026-06-19' --"]  # fmt: skip


def test_a_key_of_no_briefing_is_named_in_the_error(shelf: TestShelf) -> None:
    ordered(shelf, order_of())

    with shelf.database.writing() as connection:
        for key in NO_KEYS:  # on one shelf: each leaves it as it was
            for ask in (briefings.line, briefings.read, briefings.progress):
                with pytest.raises(BriefingUnknown) as caught:
                    ask(connection, key)
                assert caught.value.facts == {"briefing": key}
            with pytest.raises(BriefingUnknown):
                briefings.cancel(connection, key, now=LATER)
            assert not briefings.remove(connection, key)
            assert not briefings.start(connection, key, now=LATER)
    assert keys(shelf) == ["2026-06-19"]


def test_pages_of_the_archive_neither_repeat_nor_lose_a_briefing(shelf: TestShelf) -> None:
    for last in (DAY, NEXT_DAY, DAY, date(2025, 12, 31), DAY, *[NEXT_DAY] * 10):
        ordered(shelf, order_of(last=last))
    whole = keys(shelf)

    for size in (1, 2, 5):
        paged: list[str] = []
        with shelf.database.reading() as connection:
            while page := briefings.lines(connection, before=paged[-1] if paged else None, limit=size):
                paged += [one.key for one in page]
        assert paged == whole

    assert whole[:3] == ["2026-06-20-11", "2026-06-20-10", "2026-06-20-9"]
    assert whole[-4:] == ["2026-06-19-3", "2026-06-19-2", "2026-06-19", "2025-12-31"]
    assert len(whole) == 15


def test_the_archive_goes_on_behind_a_briefing_that_was_removed_meanwhile(shelf: TestShelf) -> None:
    ordered(shelf, order_of())
    key = ordered(shelf, order_of(last=NEXT_DAY))
    with shelf.database.writing() as connection:
        briefings.remove(connection, key)

        assert [one.key for one in briefings.lines(connection, before=key)] == ["2026-06-19"]
        assert briefings.neighbours(connection, key) == ("2026-06-19", None)
        with pytest.raises(BriefingUnknown):
            briefings.lines(connection, before="yesterday")


def test_neighbours_are_those_of_the_archive(shelf: TestShelf) -> None:
    for last in (NEXT_DAY, DAY, DAY):
        ordered(shelf, order_of(last=last))

    with shelf.database.reading() as connection:
        assert briefings.neighbours(connection, "2026-06-19") == (None, "2026-06-19-2")
        assert briefings.neighbours(connection, "2026-06-19-2") == ("2026-06-19", "2026-06-20")
        assert briefings.neighbours(connection, "2026-06-20") == ("2026-06-19-2", None)


def test_the_previous_briefing_is_the_last_one_that_is_done_of_the_same_radars(shelf: TestShelf) -> None:
    days = [DAY - timedelta(days=back) for back in range(4)]
    made(shelf, order_of("frogs", "toads", last=days[3]), fingerprint="old")
    made(shelf, order_of("toads", "frogs", last=days[2]), fingerprint="first")
    made(shelf, order_of("toads", "frogs", last=days[2]), fingerprint="wanted")
    made(shelf, order_of("frogs", last=days[1]))
    made(shelf, order_of(last=days[1]), fingerprint="of all")
    started(shelf, order_of("frogs", "toads", last=days[1]))
    made(shelf, order_of("frogs", "toads", last=days[0]))

    with shelf.database.reading() as connection:
        found = briefings.previous(connection, order_of("frogs", "toads", language="zh"))
        of_all = briefings.previous(connection, order_of())
        nothing = briefings.previous(connection, order_of("newts"))

    assert found is not None
    assert found.fingerprint == "wanted"
    assert of_all is not None
    assert of_all.fingerprint == "of all"
    assert nothing is None


def test_the_same_input_finds_the_briefing_that_was_made_of_it(shelf: TestShelf) -> None:
    made(shelf, order_of("frogs"), fingerprint="f1")
    made(shelf, order_of("frogs"), fingerprint="f2")
    again = made(shelf, order_of("frogs"), fingerprint="f1")
    ordered(shelf, order_of("frogs"))

    with shelf.database.reading() as connection:
        found = briefings.by_fingerprint(connection, "f1")
        assert briefings.by_fingerprint(connection, "f3") is None
        assert briefings.by_fingerprint(connection, "") is None
    assert found is not None
    assert found.key == again


def test_an_order_that_is_under_way_is_found_until_it_ends(shelf: TestShelf) -> None:
    order = order_of("frogs")
    ordered(shelf, order_of("toads"))
    key = started(shelf, order)

    with shelf.database.writing() as connection:
        assert briefings.unfinished(connection, order) == key
        assert briefings.unfinished(connection, replace(order, language="zh")) is None
        briefings.cancel(connection, key, now=LATER)
        assert briefings.unfinished(connection, order) is None


def test_readers_have_archives_of_their_own(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        connection.execute(sa.insert(readers).values(name="other", created_at=NOW))
    mine, theirs = made(shelf, order_of()), ordered(shelf, order_of(), reader_id=2)

    assert mine == theirs == "2026-06-19"
    with shelf.database.writing() as connection:
        assert briefings.line(connection, theirs, reader_id=2).state is BriefingState.WAITING
        assert briefings.remove(connection, theirs, reader_id=2)
        assert briefings.by_fingerprint(connection, "f1", reader_id=2) is None
    assert keys(shelf) == [mine]
    assert standing(shelf, mine) is BriefingState.DONE
