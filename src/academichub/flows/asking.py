"""Ask a language model behind the ledger: nothing beyond the caps, and nothing paid for twice."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.errors import ChatRefused, ChatUnreachable
from academichub.model.asking import Answer, Manner
from academichub.model.briefingpages import Estimate
from academichub.store import ledger
from academichub.store.ledger import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from academichub.briefing.ports import Chat, Question
    from academichub.db.engine import Connection, Database
    from academichub.store.ledger import Caps, KeptAnswer

_MILLION: Final = 1_000_000
_OK: Final = 200
_LOOK_SECONDS: Final = 1.0  # between two looks whether the asking was called off
_TEMPLATE_TOKENS: Final = 64  # that a server puts around the words of a question


class CalledOff(Exception):
    """Whoever wanted the answer wants it no more. What it cost so far is booked."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a model costs, in money for a million tokens. 0: nothing, as on a machine of one's own."""

    price_input: float = 0.0
    price_output: float = 0.0
    currency: str = ""

    def money(self, *, tokens_in: int, tokens_out: int) -> float:
        """Say what so many tokens cost."""
        return (tokens_in * self.price_input + tokens_out * self.price_output) / _MILLION


class Asking:
    """A model behind the ledger. See `briefing.ports.Chat` for what it promises; threads may share it.

    An answer that is kept is given again for nothing. Else what it would take at most is reserved, then the
    model is asked, then what it took is booked with the answer. A process that dies in between leaves its
    reservation, which the same run takes over when it asks again.

    Args:
        chat: The model.
        database: Where the ledger is.
        run: What the calls are booked under: a briefing's key, a job's name.
        manner: Where the model is and how it is asked.
        tariff: What it costs.
        caps: What may be spent.
        clock: UTC.
        is_over: Asked before each call and about once a second while one lasts; True ends the asking.
    """

    def __init__(
        self,
        chat: Chat,
        database: Database,
        *,
        run: str,
        manner: Manner,
        tariff: Tariff,
        caps: Caps,
        clock: Callable[[], datetime],
        is_over: Callable[[], bool] | None = None,
    ) -> None:
        self._chat = chat
        self._database = database
        self._run = run
        self._manner = manner
        self._tariff = tariff
        self._caps = caps
        self._clock = clock
        self._is_over = is_over or _never
        self._asked: set[str] = set()  # being asked just now, by any thread
        self._ended = threading.Condition()

    @property
    def model(self) -> str:
        """The model, as its server calls it."""
        return self._chat.model

    @property
    def context(self) -> int:
        """Tokens that it takes in, question and answer together."""
        return self._chat.context

    def count(self, text: str) -> int:
        """Estimate the tokens of any text, rather too many than too few."""
        return self._chat.count(text)

    def ask(self, question: Question, *, hear: Callable[[int], None] | None = None) -> Answer:
        """Give the answer that is kept, or ask.

        Raises:
            ChatUnreachable, ChatRefused: As the model's own.
            SpendingCapped: It could cost more than is allowed.
            CalledOff: It was called off.
        """
        named = self.fingerprint(question)
        self._stop_if_over()
        with self._alone(named):
            kept = self._kept(named)
            return kept if kept is not None else self._bought(named, question, _Ear(hear, self._is_over))

    def fingerprint(self, question: Question) -> str:
        """Name a question as the ledger does."""
        return question.fingerprint(model=self.model, manner=self._manner)

    def most(self, question: Question) -> Wanted:
        """Say what a question would take at most."""
        thinking = self._manner.thinking_tokens
        return _most(self, question, tariff=self._tariff, run=self._run, thinking_tokens=thinking)

    # -- one question -----------------------------------------------------------------------------

    @contextmanager
    def _alone(self, named: str) -> Iterator[None]:
        """Wait while another thread asks the same: then its answer is there."""
        with self._ended:
            while named in self._asked:
                self._ended.wait(_LOOK_SECONDS)
                self._stop_if_over()
            self._asked.add(named)
        try:
            yield
        finally:
            with self._ended:
                self._asked.discard(named)
                self._ended.notify_all()

    def _kept(self, named: str) -> Answer | None:
        with self._database.reading() as connection:
            kept = ledger.answer(connection, named)
        if kept is None:
            return None
        with self._database.writing() as connection:
            ledger.note_cached(connection, named, self._run, now=self._clock())
        return _unpacked(kept)

    def _bought(self, named: str, question: Question, ear: _Ear) -> Answer:
        wanted = self.most(question)
        with self._database.writing() as connection:
            ledger.reserve(connection, named, wanted, caps=self._caps, now=self._clock())
        answer, may_be_charged = None, True
        try:
            answer = self._chat.ask(question, hear=ear)
        except ChatUnreachable as error:
            may_be_charged = bool(error.facts.get("is_charged", True))
            raise
        except ChatRefused as error:
            may_be_charged = error.facts.get("status") == _OK
            raise
        finally:
            if answer is None:
                self._lose(named, wanted, heard=ear.tokens if may_be_charged else None)
        money = self._tariff.money(tokens_in=answer.tokens_in, tokens_out=answer.tokens_out)
        with self._database.writing() as connection:
            ledger.settle(
                connection,
                named,
                answer=_packed(answer),
                tokens_in=answer.tokens_in,
                tokens_out=answer.tokens_out,
                money=money,
                now=self._clock(),
                run=self._run,
            )
        return answer

    def _lose(self, named: str, wanted: Wanted, *, heard: int | None) -> None:
        """Book a call without an answer: at what it may have cost, or at nothing where it was not taken."""
        with self._database.writing() as connection:
            if heard is None:
                ledger.release(connection, named, now=self._clock(), run=self._run)
                return
            ledger.fail(
                connection,
                named,
                tokens_in=wanted.tokens_in,
                tokens_out=heard,
                money=self._tariff.money(tokens_in=wanted.tokens_in, tokens_out=heard),
                now=self._clock(),
                run=self._run,
            )

    def _stop_if_over(self) -> None:
        if self._is_over():
            raise CalledOff


class _Ear:
    """Hears how an answer comes in, and ends the asking where it is wanted no more."""

    def __init__(self, hear: Callable[[int], None] | None, is_over: Callable[[], bool]) -> None:
        self._hear = hear
        self._is_over = is_over
        self._looked_at = time.monotonic()
        self.tokens = 0

    def __call__(self, tokens: int) -> None:
        self.tokens = max(self.tokens, tokens)
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            if self._is_over():
                raise CalledOff
        if self._hear is not None:
            self._hear(tokens)


def estimate(
    connection: Connection,
    questions: Iterable[Question],
    chat: Chat,
    *,
    tariff: Tariff,
    caps: Caps,
    now: datetime,
) -> Estimate:
    """Say what questions would take at most. Behind the ledger, those whose answers are kept take nothing.

    Returns:
        Without the number of works. `over` names the narrowest cap that would be exceeded.
    """
    if isinstance(chat, Asking):
        named = {chat.fingerprint(one): one for one in questions}
        asked = [chat.most(one) for name, one in named.items() if ledger.answer(connection, name) is None]
    else:
        asked = [_most(chat, one, tariff=tariff) for one in questions]
    tokens_in, tokens_out = sum(one.tokens_in for one in asked), sum(one.tokens_out for one in asked)
    money = tariff.money(tokens_in=tokens_in, tokens_out=tokens_out)
    whole = Wanted("estimate", "", chat.model, tokens_in, tokens_out, money, tariff.currency)
    exceeded = ledger.over(connection, whole, caps=caps, now=now) if asked else None
    over = exceeded.cap if exceeded is not None else ""
    return Estimate(0, len(asked), tokens_in, tokens_out, money, tariff.currency, over)


def _most(
    chat: Chat, question: Question, *, tariff: Tariff, run: str = "", thinking_tokens: int = 0
) -> Wanted:
    tokens_in = chat.count(question.wording) + _TEMPLATE_TOKENS
    tokens_out = question.most_tokens + thinking_tokens
    money = tariff.money(tokens_in=tokens_in, tokens_out=tokens_out)
    return Wanted(question.purpose, run, chat.model, tokens_in, tokens_out, money, tariff.currency)


def _packed(answer: Answer) -> str:
    return json.dumps(
        {
            "text": answer.text,
            "is_cut": answer.is_cut,
            "is_refused": answer.is_refused,
            "model": answer.model,
        },
        ensure_ascii=False,
    )


def _unpacked(kept: KeptAnswer) -> Answer:
    answer = json.loads(kept.text)
    return Answer(tokens_in=kept.tokens_in, tokens_out=kept.tokens_out, **answer)


def _never() -> bool:
    return False
