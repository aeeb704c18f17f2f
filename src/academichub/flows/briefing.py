"""Write a briefing from its order to its end: gather, analyse, quote, and let a model write if one is set."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from academichub.briefing.composing import compose
from academichub.briefing.modelwriting import planned_questions, write_with_model
from academichub.briefing.prompts import PROMPTS
from academichub.errors import AcademicHubError
from academichub.flows.asking import CalledOff
from academichub.flows.briefingmaterial import gather
from academichub.model.briefing import Briefing, Fallback, Maker
from academichub.model.briefingpages import BriefingState, Progress
from academichub.model.packing import pack
from academichub.store import affinities, briefings, ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from academichub.briefing.composing import Learned
    from academichub.briefing.ports import Chat, Question
    from academichub.db.engine import Database
    from academichub.flows.briefingmaterial import Material
    from academichub.model.briefing import BriefingOrder, Paper

ALGORITHM: Final = "2"  # counts changes that give other briefings of the same papers
TOLD_SECONDS: Final = 1.0  # between two notes of progress while the model writes


class BriefingCancelled(Exception):
    """The reader called a briefing off, or removed it, while it was being written."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """An extractive briefing and what it was made of."""

    briefing: Briefing
    papers: Mapping[int, Paper]  # every paper that it may cite, by number
    material: Material


def draft(
    database: Database,
    order: BriefingOrder,
    learned: Callable[[], Learned],
    *,
    now: datetime,
) -> Drafted:
    """Make the extractive briefing of an order.

    Args:
        database: The hub's database.
        order: What is asked for.
        learned: Gives the background; asked only where there is something to brief.
        now: UTC.

    Raises:
        BriefingInvalid, RadarUnknown: As `gather`.
    """
    material = gather(database, order)
    with database.reading() as connection:
        before = briefings.previous(connection, order)
        ids = [one.work_id for one in (*material.papers, *material.others)]
        belongs = affinities.of_works(connection, ids)
    if not material.papers:
        since = before.order.last if before is not None else None
        empty = Briefing(order, now, (), 0, (), since=since, fingerprint=fingerprint_of(material, "", before))
        return Drafted(empty, {}, material)
    background = learned()
    fingerprint = fingerprint_of(material, background.fingerprint, before)
    made = compose(
        order,
        material.papers,
        material.others,
        background,
        before=before,
        belongs=belongs,
        fingerprint=fingerprint,
        now=now,
    )
    papers = {one.work_id: one for one in (*material.others, *material.papers)}
    return Drafted(made, papers, material)


def write_briefing(
    database: Database,
    key: str,
    *,
    learned: Callable[[BriefingOrder], Learned],
    chat: Callable[[Callable[[], bool]], Chat | None],
    clock: Callable[[], datetime],
) -> BriefingState:
    """Write the briefing that was ordered under a key, from the start or where a killed process left off.

    Every answer of the model is kept where it came, so what is written again is not paid again.

    Args:
        database: The hub's database.
        key: Of the briefing.
        learned: Gives the background of an order.
        chat: Gives the model in use, or None; it is handed a way to ask whether the briefing was called off.
        clock: UTC.

    Returns:
        How it ended. A failure of ours is kept with its code.

    Raises:
        BriefingUnknown: There is no such briefing.
    """
    with database.writing() as connection:
        order = briefings.line(connection, key).order
        if not briefings.start(connection, key, now=clock()):
            return briefings.line(connection, key).state
    teller = _Teller(database, key, clock)
    try:
        teller.tell(Progress("reading"))
        made = draft(database, order, lambda: learned(order), now=clock())
        teller.tell(Progress("analysing"), made.briefing)
        briefing = made.briefing
        if order.writer is Maker.MODEL and briefing.works:
            briefing = _by_model(made, chat(teller.is_over), teller)
            with database.reading() as connection:
                briefing = replace(briefing, cost=ledger.spent(connection, run=key))
    except (BriefingCancelled, CalledOff):
        return BriefingState.CANCELLED
    except AcademicHubError as error:
        with database.writing() as connection:
            briefings.fail(connection, key, error.code, now=clock())
        return BriefingState.FAILED
    with database.writing() as connection:
        briefings.finish(connection, key, replace(briefing, made_at=clock()), now=clock())
        return briefings.line(connection, key).state


def _by_model(made: Drafted, chat: Chat | None, teller: _Teller) -> Briefing:
    if chat is None:
        return replace(made.briefing, fallbacks=(Fallback("all", "unset"),))
    return write_with_model(made.briefing, made.papers, chat, tell=teller.tell)


def questions_of(made: Drafted, chat: Chat) -> Sequence[Question]:
    """List what a model would be asked for a briefing, to estimate what it costs."""
    return planned_questions(made.briefing, made.papers, chat) if made.briefing.works else ()


def fingerprint_of(material: Material, background: str, before: Briefing | None) -> str:
    """Name everything that an extractive briefing depends on: 16 hexadecimal digits."""
    digest = hashlib.sha256(f"{ALGORITHM}\n{PROMPTS}\n{background}\n".encode())
    order = replace(material.order, writer=Maker.EXTRACTIVE)
    digest.update(json.dumps(pack(order), sort_keys=True).encode())
    for one in (*material.papers, *material.others):
        matches = ",".join(f"{key}={match:.6f}" for key, match in one.matches)
        digest.update(f"{one.work_id}:{one.text_hash}:{one.is_revised:d}:{one.flags}:{matches}\n".encode())
    if before is not None:
        digest.update(f"{before.fingerprint}:{before.order.last}".encode())
    return digest.hexdigest()[:16]


class _Teller:
    """Notes how far a briefing is, about once a second, and hears whether it was called off."""

    def __init__(self, database: Database, key: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._key = key
        self._clock = clock
        self._told_at: datetime | None = None
        self._stage = ("", 0)

    def tell(self, progress: Progress, briefing: Briefing | None = None) -> None:
        """Note a step. Raises BriefingCancelled."""
        now = self._clock()
        is_new = (progress.stage, progress.done) != self._stage
        if not is_new and self._told_at is not None and (now - self._told_at).total_seconds() < TOLD_SECONDS:
            return
        self._told_at, self._stage = now, (progress.stage, progress.done)
        with self._database.writing() as connection:
            goes_on = briefings.advance(connection, self._key, progress, briefing if is_new else None)
        if not goes_on:
            raise BriefingCancelled

    def is_over(self) -> bool:
        """Tell whether the briefing has ended, as when it was called off."""
        with self._database.reading() as connection:
            return briefings.progress(connection, self._key).state is not BriefingState.WRITING
