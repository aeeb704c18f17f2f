"""Remember what a briefing would ask a model, so that asking twice what it costs does not draft it twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.flows.briefing import questions_of
from academichub.store import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from academichub.briefing.ports import Chat, Question
    from academichub.db.engine import Database
    from academichub.flows.briefing import Drafted
    from academichub.model.briefing import BriefingOrder

KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What a briefing would read, and ask."""

    works: int
    questions: tuple[Question, ...]


class _Inputs(NamedTuple):
    """Everything that a plan depends on."""

    revision: int  # of the shelves: papers, radars' days, fields and earlier briefings all move it
    order: BriefingOrder
    model: str
    context: int


class Plans:
    """The latest plans. Threads may share them; two that ask the same at once may both draft."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Inputs, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, database: Database, order: BriefingOrder, chat: Chat | None, *, draft: Callable[[], Drafted]
    ) -> Plan:
        """Give the plan of an order: the one that is kept, if nothing has changed since, else a new one.

        Args:
            database: The hub's database.
            order: What is to be briefed.
            chat: The model that is to write; None where none is.
            draft: Makes the extractive briefing of the order.
        """
        with database.reading() as connection:
            revision = log.pages_revision(connection)
        model, context = (chat.model, chat.context) if chat is not None else ("", 0)
        inputs = _Inputs(revision, order, model, context)
        with self._lock:
            if inputs in self._kept:
                self._kept.move_to_end(inputs)
                return self._kept[inputs]
        made = draft()
        questions = tuple(questions_of(made, chat)) if chat is not None else ()
        plan = Plan(len(made.briefing.works), questions)
        with self._lock:
            self._kept[inputs] = plan
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return plan
