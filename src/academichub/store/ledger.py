"""What models were asked, what they answered and what it cost: caps that hold, and no question paid twice.

A question is named by the SHA-256 of everything that it is made of. Before it is asked, what it would take at
most is reserved; then the reservation is settled, or released where nothing was charged. Whoever writes here
takes the ledger's lock first and in a transaction of its own, so two workers never both slip under a cap.
Pages do not follow the ledger: a briefing asks dozens of times while it is written, and when it ends they do.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa
import zstandard

from academichub.db.briefingtables import model_answers, model_calls, model_days
from academichub.db.dialect import insert_ignore, upsert
from academichub.db.tables import counters
from academichub.errors import SpendingCapped
from academichub.model.briefing import Cost
from academichub.store.log import storable

if TYPE_CHECKING:
    from datetime import date, datetime

    from academichub.store.rows import Row, SqlRow

STALE_AFTER: Final = timedelta(hours=1)  # no call takes so long: whoever reserved it is dead
BILLIONTHS: Final = 1_000_000_000  # sums of whole numbers are exact, and the same on both databases
MOST_TOKENS: Final = 10**12  # of one call; what a server says beyond that is not believed
MOST_MONEY: Final = 10**6
COMPRESSION: Final = 9


class CallState(StrEnum):
    """What became of asking."""

    RESERVED = "reserved"
    ANSWERED = "answered"
    FAILED = "failed"  # asked, and perhaps charged, for nothing that can be used
    RELEASED = "released"  # refused before it cost anything
    CACHED = "cached"  # answered before: not asked, and free


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be spent; 0: as much as is wanted."""

    run_tokens: int = 0  # in and out together
    day_tokens: int = 0  # of a UTC day
    hub_tokens: int = 0  # since it was set up
    run_money: float = 0.0
    day_money: float = 0.0
    hub_money: float = 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question that is to be asked, and what it would take at most."""

    purpose: str  # "briefing", "summary", "translation", "judge"
    run: str  # key of the briefing, or name of the job
    model: str
    tokens_in: int
    tokens_out: int
    money: float = 0.0
    currency: str = ""


class Exceeded(NamedTuple):
    """A cap, and how it would be exceeded."""

    cap: str  # "run", "day", "hub"
    unit: str  # "tokens", or the currency
    limit: float
    spent: float  # what others have reserved included
    wanted: float


class KeptAnswer(NamedTuple):
    """What a model answered, and what that took."""

    text: str
    model: str
    tokens_in: int
    tokens_out: int
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the ledger."""

    id: int
    request_hash: str
    purpose: str
    run: str
    model: str
    state: CallState
    attempts: int
    reserved_at: datetime
    ended_at: datetime | None
    reserved_in: int
    reserved_out: int
    reserved_money: float
    tokens_in: int
    tokens_out: int
    money: float
    currency: str


class _Sum(NamedTuple):
    tokens: int
    money: int


def answer(connection: sa.Connection, request_hash: str) -> KeptAnswer | None:
    """Read what was answered to exactly this question; None where it was not asked, or was forgotten."""
    row = connection.execute(ANSWER, {"request_hash": request_hash}).one_or_none()
    if row is None:
        return None
    text = zstandard.ZstdDecompressor().decompress(row.answer).decode("utf-8", "surrogatepass")
    return KeptAnswer(text, row.model, row.tokens_in, row.tokens_out, row.answered_at)


def reserve(
    connection: sa.Connection, request_hash: str, wanted: Wanted, *, caps: Caps, now: datetime
) -> None:
    """Set aside what a question would take at most, or refuse it.

    The same question of the same run takes the place of its own reservation: its process died, or it was
    refused and tries again.

    Raises:
        SpendingCapped: It would exceed a cap, with what is spent and reserved.
    """
    _lock(connection)
    exceeded = _over(connection, wanted, caps, now=now, request_hash=request_hash)
    if exceeded is not None:
        raise SpendingCapped(**exceeded._asdict())
    values: Row = {
        "state": CallState.RESERVED.value,
        "model": storable(wanted.model),
        "day": now.astimezone(UTC).date(),
        "reserved_at": now,
        "ended_at": None,
        "reserved_in": _tokens(wanted.tokens_in),
        "reserved_out": _tokens(wanted.tokens_out),
        "reserved_money": _billionths(wanted.money),
        "currency": wanted.currency,
    }
    rows = connection.execute(ROWS_OF_RUN, {"request_hash": request_hash, "run": wanted.run}).all()
    attempts = 1 + max((row.attempts for row in rows), default=0)
    open_again = next((row.id for row in rows if row.state in UNSETTLED), None)
    if open_again is not None:
        of_row = model_calls.c.id == open_again
        connection.execute(sa.update(model_calls).where(of_row).values(**values, attempts=attempts))
        return
    _insert(connection, request_hash, wanted.purpose, wanted.run, values | {"attempts": attempts})


def settle(
    connection: sa.Connection,
    request_hash: str,
    *,
    answer: str,
    tokens_in: int,
    tokens_out: int,
    money: float,
    now: datetime,
    run: str | None = None,
) -> None:
    """Keep an answer and what it took. Again, it changes nothing.

    Counts are cut to what can be: a server may say anything. Money is in the reservation's currency. `run`
    tells whose reservation it is where several runs ask the same; without it, it is the last one.

    Raises:
        ValueError: It was never reserved.
    """
    row = _ended(
        connection, request_hash, run, CallState.ANSWERED, _charged(tokens_in, tokens_out, money), now=now
    )
    if row is None:
        return
    kept = {
        "request_hash": request_hash,
        "model": row.model,
        "tokens_in": _tokens(tokens_in),
        "tokens_out": _tokens(tokens_out),
        "answered_at": now,
        "answer": zstandard.ZstdCompressor(level=COMPRESSION).compress(
            answer.encode("utf-8", "surrogatepass")
        ),
    }
    connection.execute(insert_ignore(connection.dialect, model_answers), [kept])


def fail(
    connection: sa.Connection,
    request_hash: str,
    *,
    now: datetime,
    tokens_in: int = 0,
    tokens_out: int = 0,
    money: float = 0.0,
    run: str | None = None,
) -> None:
    """Note that asking gave nothing that can be used, and what was charged for it; as `settle` otherwise."""
    _ended(connection, request_hash, run, CallState.FAILED, _charged(tokens_in, tokens_out, money), now=now)


def release(connection: sa.Connection, request_hash: str, *, now: datetime, run: str | None = None) -> None:
    """Give a reservation back: the question was refused, and cost nothing; as `settle` otherwise."""
    _ended(connection, request_hash, run, CallState.RELEASED, _charged(0, 0, 0.0), now=now)


def note_cached(connection: sa.Connection, request_hash: str, run: str, *, now: datetime) -> None:
    """Count an answer that a run took from those that are kept, once; its own is none of those.

    Raises:
        ValueError: Nobody ever asked.
    """
    _lock(connection)
    rows = connection.execute(ROWS_OF_HASH, {"request_hash": request_hash}).all()
    if not rows:
        raise ValueError(_NEVER_RESERVED)
    if any(row.run == run and row.state in {CallState.ANSWERED, CallState.CACHED} for row in rows):
        return
    values: Row = {
        "state": CallState.CACHED.value,
        "model": rows[0].model,
        "day": now.astimezone(UTC).date(),
        "reserved_at": now,
        "ended_at": now,
        "reserved_in": 0,
        "reserved_out": 0,
        "reserved_money": 0,
        "currency": rows[0].currency,
        "attempts": 0,
    }
    _insert(connection, request_hash, rows[0].purpose, run, values)
    _count(connection, values | {"purpose": rows[0].purpose}, _charged(0, 0, 0.0), cached=1)


def forget_old(connection: sa.Connection, *, before: datetime) -> int:
    """Forget the texts of answers from before an instant; give how many. What they cost is kept."""
    forgotten = connection.execute(sa.delete(model_answers).where(model_answers.c.answered_at < before))
    return int(forgotten.rowcount)


# -- reading --------------------------------------------------------------------------------------


def over(connection: sa.Connection, wanted: Wanted, *, caps: Caps, now: datetime) -> Exceeded | None:
    """Tell which cap something would exceed, the narrowest first; None where it may be asked."""
    return _over(connection, wanted, caps, now=now, request_hash="")


def spent(connection: sa.Connection, *, since: date | None = None, run: str | None = None) -> Cost:
    """Sum up what was spent, without what is only reserved.

    Args:
        connection: For reading.
        since: From this UTC day on.
        run: Only of this run.

    Returns:
        Its money is in the currency of the last priced call; what was paid in others is not in it.
    """
    table = model_days if run is None else model_calls
    is_cached = sa.case((model_calls.c.state == CallState.CACHED.value, 1), else_=0)
    calls, cached = (model_days.c.calls, model_days.c.cached) if run is None else (sa.literal(1), is_cached)
    statement = sa.select(
        table.c.currency,
        sa.func.sum(calls).label("calls"),
        sa.func.sum(cached).label("cached"),
        sa.func.sum(table.c.tokens_in).label("tokens_in"),
        sa.func.sum(table.c.tokens_out).label("tokens_out"),
        sa.func.sum(table.c.money).label("money"),
    )
    if run is not None:
        statement = statement.where(model_calls.c.run == run, model_calls.c.state.not_in(UNSETTLED))
    if since is not None:
        statement = statement.where(table.c.day >= since)
    latest_first = (sa.func.max(table.c.day).desc(), table.c.currency)
    rows = connection.execute(statement.group_by(table.c.currency).order_by(*latest_first)).all()
    priced = next((row for row in rows if row.currency), None)
    return Cost(
        calls=sum(int(row.calls) for row in rows),
        cached=sum(int(row.cached) for row in rows),
        tokens_in=sum(int(row.tokens_in) for row in rows),
        tokens_out=sum(int(row.tokens_out) for row in rows),
        money=int(priced.money) / BILLIONTHS if priced else 0.0,
        currency=priced.currency if priced else "",
    )


def calls(connection: sa.Connection, *, limit: int = 50) -> list[Call]:
    """List the last calls, newest first, those of dead processes included."""
    return [_call(row) for row in connection.execute(LAST, {"size": limit})]


def stale(connection: sa.Connection, *, now: datetime, limit: int = 50) -> list[Call]:
    """List reservations that nobody settled in time, newest first. They count no more."""
    return [_call(row) for row in connection.execute(STALE, {"fresh": now - STALE_AFTER, "size": limit})]


# -- sums -----------------------------------------------------------------------------------------


def _lock(connection: sa.Connection) -> None:
    """Be the only one who writes in the ledger while this transaction lasts, on both databases."""
    connection.execute(upsert(connection, counters, add=("value",)), [{"name": "ledger", "value": 1}])


def _over(
    connection: sa.Connection, wanted: Wanted, caps: Caps, *, now: datetime, request_hash: str
) -> Exceeded | None:
    tokens = _tokens(wanted.tokens_in) + _tokens(wanted.tokens_out)
    money = _billionths(wanted.money)
    sums = _sums(connection, wanted, now=now, request_hash=request_hash)
    for cap, most_tokens, most_money in (
        ("run", caps.run_tokens, caps.run_money),
        ("day", caps.day_tokens, caps.day_money),
        ("hub", caps.hub_tokens, caps.hub_money),
    ):
        known = sums[cap]
        if most_tokens and known.tokens + tokens > most_tokens:
            return Exceeded(cap, "tokens", most_tokens, known.tokens, tokens)
        if most_money and known.money + money > round(most_money * BILLIONTHS):
            paid = known.money / BILLIONTHS
            return Exceeded(cap, wanted.currency, most_money, paid, money / BILLIONTHS)
    return None


def _sums(connection: sa.Connection, wanted: Wanted, *, now: datetime, request_hash: str) -> dict[str, _Sum]:
    """Sum up what counts against each cap: what was spent, and what is reserved by the living."""
    asked = {
        "run": wanted.run,
        "day": now.astimezone(UTC).date(),
        "currency": wanted.currency,
        "request_hash": request_hash,
        "fresh": now - STALE_AFTER,
    }
    rows = [connection.execute(statement, asked).one() for statement in (OF_RUN, OF_DAYS, OPEN)]
    ended, days, reserved = ([int(value) for value in row] for row in rows)
    return {
        "run": _Sum(ended[0] + reserved[0], ended[1] + reserved[1]),
        "day": _Sum(days[0] + reserved[2], days[1] + reserved[3]),
        "hub": _Sum(days[2] + reserved[4], days[3] + reserved[5]),
    }


# -- rows -----------------------------------------------------------------------------------------


def _ended(
    connection: sa.Connection,
    request_hash: str,
    run: str | None,
    state: CallState,
    charged: dict[str, int],
    *,
    now: datetime,
) -> SqlRow | None:
    """End a question's reservation; give its row, or None where it has ended before."""
    _lock(connection)
    rows = connection.execute(ROWS_OF_HASH, {"request_hash": request_hash}).all()
    own = [row for row in rows if run in {None, row.run} and row.state != CallState.CACHED]
    if not own:
        raise ValueError(_NEVER_RESERVED)
    row = next((one for one in own if one.state == CallState.RESERVED), None)
    if row is None and state is not CallState.RELEASED:  # released, and it was charged for after all
        row = next((one for one in own if one.state == CallState.RELEASED), None)
    if row is None:
        return None
    connection.execute(
        sa.update(model_calls)
        .where(model_calls.c.id == row.id)
        .values(state=state.value, ended_at=now, **charged)
    )
    if state is not CallState.RELEASED:
        _count(connection, row._mapping, charged)  # noqa: SLF001  # SQLAlchemy's public-by-convention view
    return row


def _insert(connection: sa.Connection, request_hash: str, purpose: str, run: str, values: Row) -> None:
    named = {"request_hash": request_hash, "purpose": purpose, "run": run}
    connection.execute(sa.insert(model_calls).values(**named, **values, **_charged(0, 0, 0.0)))


def _count(
    connection: sa.Connection, call: Row | sa.RowMapping, charged: dict[str, int], *, cached: int = 0
) -> None:
    """Add a call that ended to the sums of its day."""
    summed = {**charged, "calls": 1, "cached": cached}
    named = {name: call[name] for name in ("day", "purpose", "model", "currency")}
    connection.execute(upsert(connection, model_days, add=tuple(summed)), [named | summed])


def _charged(tokens_in: int, tokens_out: int, money: float) -> dict[str, int]:
    return {
        "tokens_in": _tokens(tokens_in),
        "tokens_out": _tokens(tokens_out),
        "money": _billionths(money),
    }


def _tokens(count: int) -> int:
    return min(max(count, 0), MOST_TOKENS)


def _billionths(money: float) -> int:
    return round(min(max(money, 0.0), MOST_MONEY) * BILLIONTHS)


def _call(row: SqlRow) -> Call:
    shown = dict(row._mapping)  # noqa: SLF001  # as above
    shown["state"] = CallState(row.state)
    shown["money"] = row.money / BILLIONTHS
    shown["reserved_money"] = row.reserved_money / BILLIONTHS
    return Call(**shown)


def _sum(amount: sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Sum up an amount over the rows that meet all of the conditions; 0 where there are none."""
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(sa.true(), *conditions), amount), else_=0)), 0)


_NEVER_RESERVED: Final = "a question that was never reserved"
UNSETTLED: Final = (
    CallState.RESERVED.value,
    CallState.RELEASED.value,
)  # what they took is not known, or nothing
_IS_RUN = model_calls.c.run == sa.bindparam("run")
_IS_HASH = model_calls.c.request_hash == sa.bindparam("request_hash")
_IS_OPEN = model_calls.c.state == CallState.RESERVED.value
_NEWEST = model_calls.c.id.desc()
ANSWER = sa.select(
    model_answers.c.answer,
    model_answers.c.model,
    model_answers.c.tokens_in,
    model_answers.c.tokens_out,
    model_answers.c.answered_at,
).where(model_answers.c.request_hash == sa.bindparam("request_hash"))
ROWS_OF_HASH = (
    sa.select(
        model_calls.c.id,
        model_calls.c.run,
        model_calls.c.state,
        model_calls.c.attempts,
        model_calls.c.purpose,
        model_calls.c.model,
        model_calls.c.day,
        model_calls.c.currency,
    )
    .where(_IS_HASH)
    .order_by(_NEWEST)
)
ROWS_OF_RUN = ROWS_OF_HASH.where(_IS_RUN)
_IN_CURRENCY = model_calls.c.currency == sa.bindparam("currency")
_TODAY = model_calls.c.day == sa.bindparam("day")
_TAKEN = model_calls.c.tokens_in + model_calls.c.tokens_out
_SET_ASIDE = model_calls.c.reserved_in + model_calls.c.reserved_out
OF_RUN = sa.select(_sum(_TAKEN), _sum(model_calls.c.money, _IN_CURRENCY)).where(_IS_RUN, sa.not_(_IS_OPEN))
_DAY_TAKEN = model_days.c.tokens_in + model_days.c.tokens_out
_DAY_TODAY = model_days.c.day == sa.bindparam("day")
_DAY_CURRENCY = model_days.c.currency == sa.bindparam("currency")
OF_DAYS = sa.select(
    _sum(_DAY_TAKEN, _DAY_TODAY),
    _sum(model_days.c.money, _DAY_TODAY, _DAY_CURRENCY),
    _sum(_DAY_TAKEN),
    _sum(model_days.c.money, _DAY_CURRENCY),
)
OPEN = sa.select(
    _sum(_SET_ASIDE, _IS_RUN),
    _sum(model_calls.c.reserved_money, _IS_RUN, _IN_CURRENCY),
    _sum(_SET_ASIDE, _TODAY),
    _sum(model_calls.c.reserved_money, _TODAY, _IN_CURRENCY),
    _sum(_SET_ASIDE),
    _sum(model_calls.c.reserved_money, _IN_CURRENCY),
).where(_IS_OPEN, model_calls.c.reserved_at >= sa.bindparam("fresh"), sa.not_(sa.and_(_IS_HASH, _IS_RUN)))
_CALLS = sa.select(*(model_calls.c[each.name] for each in fields(Call)))
LAST = _CALLS.order_by(_NEWEST).limit(sa.bindparam("size"))
STALE = (
    _CALLS.where(_IS_OPEN, model_calls.c.reserved_at < sa.bindparam("fresh"))
    .order_by(_NEWEST)
    .limit(sa.bindparam("size"))
)
