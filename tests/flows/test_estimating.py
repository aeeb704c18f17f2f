"""Asking what a briefing would cost drafts it once, until something changes."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from academichub.briefing.affinity import SHOWN_FROM
from academichub.flows import briefing as writing
from academichub.flows.estimating import KEPT, Plan, Plans
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import Belongs
from academichub.store import affinities, log
from tests.fakes.briefdesk import BriefDesk
from tests.fakes.drafts import DAY
from tests.fakes.radardesk import paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.briefing.composing import Learned
    from academichub.briefing.ports import Question
    from academichub.flows.briefing import Drafted
    from academichub.model.asking import Answer

ORDER = BriefingOrder((), DAY, DAY, "en", Maker.MODEL)


class Silent:
    """A model that is only counted with."""

    model = "silent"
    context = 8_192

    def count(self, text: str) -> int:
        return len(text) // 3 + 1

    def ask(self, question: Question, *, hear: Callable[[int], None] | None = None) -> Answer:
        raise AssertionError(question, hear)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BriefDesk]:
    made = BriefDesk(tmp_path, chat=Silent())
    made.fill(each=5, days=2)
    yield made
    made.close()


class Drafting:
    """Makes plans, and counts how often a briefing was drafted for them."""

    def __init__(self, desk: BriefDesk) -> None:
        self.plans = Plans()
        self.drafted = 0
        self._desk = desk

    def plan(self, order: BriefingOrder = ORDER, *, chat: Silent | None = None) -> Plan:
        def draft() -> Drafted:
            self.drafted += 1
            return writing.draft(self._desk.database, order, learned, now=self._desk.now)

        def learned() -> Learned:
            return self._desk.kept_briefings.backgrounds.get(
                self._desk.database, before=order.first, folder=self._desk.briefing_files()
            )

        return self.plans.get(self._desk.database, order, chat or Silent(), draft=draft)


def test_an_estimate_that_is_asked_for_twice_is_drafted_once(desk: BriefDesk) -> None:
    drafting = Drafting(desk)

    assert drafting.plan() == drafting.plan()
    assert drafting.drafted == 1
    assert desk.estimate_briefing(ORDER, now=desk.now) == desk.estimate_briefing(ORDER, now=desk.now)


def test_whatever_an_estimate_depends_on_drafts_it_anew(desk: BriefDesk) -> None:
    drafting = Drafting(desk)
    first = drafting.plan()

    drafting.plan(replace(ORDER, language="zh"))
    smaller = Silent()
    smaller.context = 4_096
    drafting.plan(chat=smaller)
    desk.shelf.put(paper(99, "cs.CV"))
    with desk.database.writing() as connection:
        log.touch_pages(connection)  # as every flow does that has shelved something
    later = drafting.plan()

    assert drafting.drafted == 4
    assert later.works == first.works + 1


def test_only_the_latest_plans_are_kept(desk: BriefDesk) -> None:
    drafting = Drafting(desk)
    for context in range(2_000, 2_000 + KEPT + 1):
        other = Silent()
        other.context = context
        drafting.plan(chat=other)
    drafting.plan(chat=other)

    assert drafting.drafted == KEPT + 1
    other.context = 2_000
    drafting.plan(chat=other)
    assert drafting.drafted == KEPT + 2


def test_threads_may_share_the_plans(desk: BriefDesk) -> None:
    drafting = Drafting(desk)
    found: list[Plan] = []
    threads = [threading.Thread(target=lambda: found.append(drafting.plan())) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(found) == 4
    assert len(set(map(repr, found))) == 1


def test_fields_are_shown_only_where_they_are_likely(desk: BriefDesk) -> None:
    told = {1: (Belongs("math", SHOWN_FROM), Belongs("econ", 0.06)), 2: (Belongs("econ", 0.3),)}
    with desk.database.writing() as connection:
        affinities.save(connection, "m", told, changes=dict.fromkeys(told, 1), now=desk.now)

    assert desk.belongs([1, 2, 3]) == {1: (Belongs("math", SHOWN_FROM),)}
