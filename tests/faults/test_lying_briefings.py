"""Liars write briefings through real HTTP: nothing false is printed, and every briefing is completed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from academichub.model.briefing import BriefingOrder, Label, Maker, Statement
from academichub.model.briefingpages import BriefingState
from academichub.store import briefings
from evaluation import liars
from evaluation.liars import BRIEFINGS, Outcome, judge, rage
from tests.fakes import lying_server
from tests.fakes.briefdesk import BriefDesk
from tests.fakes.briefpapers import ORDER, drafts
from tests.fakes.drafts import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.model.briefing import Briefing

A_DAY = BriefingOrder((), DAY, DAY, "en", Maker.EXTRACTIVE)


@pytest.mark.slow
def test_of_two_hundred_briefings_by_liars_none_prints_anything_false(tmp_path: Path) -> None:
    told: Counter[str] = Counter()
    whole = Outcome()

    for name, outcome in rage(tmp_path, briefings=BRIEFINGS):
        assert outcome.faults == 0, (name, outcome)
        told[name] += outcome.lies
        whole += outcome

    assert whole.briefings == BRIEFINGS
    assert told.keys() == lying_server.ALL.keys()
    assert min(told.values()) >= 8
    assert whole.by_model > BRIEFINGS  # between its lies it also said what is true
    assert whole.by_authors > BRIEFINGS
    assert whole.removed > BRIEFINGS


# -- the judge is judged --------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BriefDesk]:
    made = BriefDesk(tmp_path)
    made.shelf.put(*drafts())
    yield made
    made.close()


def kept(desk: BriefDesk, briefing: Briefing) -> str:
    """Keep a briefing that somebody tampered with."""
    key = desk.keep_order(A_DAY, now=desk.now)
    with desk.database.writing() as connection:
        briefings.finish(connection, key, briefing, now=desk.now)
    return key


def with_point(briefing: Briefing, point: Statement) -> Briefing:
    return replace(briefing, points=(point, *briefing.points[1:]))


def test_the_judge_sees_every_kind_of_falsehood(desk: BriefDesk) -> None:
    key = desk.order_briefing(A_DAY, now=desk.now)
    assert desk.write_briefing(key) is BriefingState.DONE
    good = desk.briefing(key).briefing
    assert good is not None
    point = good.points[0]
    (said,) = point.evidence

    def judged(briefing: Briefing) -> Outcome:
        return judge(desk, kept(desk, briefing), briefing)

    assert judged(good).faults == 0
    number = replace(point, text=point.text.replace(" % ", "7 % "), label=Label.LOOSE, maker=Maker.MODEL)
    order = replace(point, text=ORDER, label=Label.LOOSE, maker=Maker.MODEL)
    moved = replace(said, span=replace(said.span, start=said.span.start + 1, end=said.span.end + 1))
    elsewhere = replace(said, span=replace(said.span, work_id=good.works[-1] + 99))
    assert judged(with_point(good, replace(point, text="Nothing of the kind."))).untrue == 1
    assert judged(with_point(good, order)).untrue == 1
    assert judged(with_point(good, order)).flagged == 1
    if number.text != point.text:
        assert judged(with_point(good, number)).untrue == 1
    assert judged(with_point(good, replace(point, evidence=(moved,)))).not_verbatim == 1
    assert judged(replace(good, themes=())).unfinished == 1
    strange = with_point(good, replace(point, evidence=(elsewhere,)))
    assert judge(desk, key, strange).invalid_citations == 1


def test_the_command_prints_its_counts_and_fails_where_one_must_not_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert liars.main(["--briefings", "1", "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["all"] == counts["invented_citations"]
    assert counts["all"]["briefings"] == 1

    def one_lie(*_: object, **__: object) -> Iterator[tuple[str, Outcome]]:
        yield "added_negation", Outcome(briefings=1, untrue=1)

    monkeypatch.setattr(liars, "rage", one_lie)
    assert liars.main([]) == 1
    assert "added_negation" in capsys.readouterr().out
