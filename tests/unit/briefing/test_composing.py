"""A briefing without a model: the same to the last byte, and every sentence out of a paper."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.briefing.axes import learn_axes
from academichub.briefing.composing import Learned, compose
from academichub.briefing.concepts import learn_concepts
from academichub.briefing.quoting import is_verbatim
from academichub.model.briefing import Label
from academichub.model.packing import pack
from tests.fakes import briefed
from tests.fakes.fieldpapers import HOME, LAST_DAY, background, made_paper, of_field
from tests.fakes.subjects import many_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.model.briefing import Briefing, Evidence, Paper

ORDER = briefed.order(first=LAST_DAY, last=LAST_DAY)


def learn(papers: list[Paper]) -> Learned:
    return Learned(learn_concepts(papers), learn_axes(papers), len(papers), "made-up")


@pytest.fixture(scope="module")
def fields() -> Learned:
    return learn(background())


@pytest.fixture(scope="module")
def subjects() -> Learned:
    return learn(many_papers(1_000))


def a_day() -> list[Paper]:
    """Make up a day on which terms of six fields are used abroad."""
    terms = sorted(HOME)
    away = [
        of_field(2000 + at, term, "cs.CY" if at % 2 else "math.PR", words_of=HOME[term])
        for at, term in enumerate(terms)
    ]
    home = [of_field(3000 + at, term, HOME[term]) for at, term in enumerate(terms)]
    return [*away, *home]


def evidence(briefing: Briefing) -> Iterator[Evidence]:
    statements = [*briefing.points, *(one for part in briefing.themes for one in part.statements)]
    for statement in statements:
        yield from statement.evidence
    for part in briefing.bridges:
        yield from (part.bridge.home_evidence, part.bridge.away_evidence)
    for tension in briefing.tensions:
        yield from (tension.tension.one, tension.tension.other)


def test_every_sentence_stands_in_its_paper_and_is_called_a_quote(fields: Learned) -> None:
    papers = a_day()
    by_id = {paper.work_id: paper for paper in papers}

    made = compose(ORDER, papers, (), fields, now=briefed.NOW)

    found = list(evidence(made))
    assert found
    assert all(is_verbatim(one, by_id[one.span.work_id]) for one in found)
    assert {one.label for one in made.points} == {Label.QUOTED}
    assert [part.is_surprising for part in made.bridges] == [False] * 5 + [True] * 3


def test_the_same_papers_give_the_same_bytes(subjects: Learned) -> None:
    day = date(2026, 4, 1)
    papers, others = many_papers(60, first=1000, day=day), many_papers(80, first=2000)
    order = briefed.order(first=day, last=day)

    one = compose(order, papers, others, subjects, now=briefed.NOW)
    other = compose(order, papers, others, subjects, now=briefed.NOW)

    assert json.dumps(pack(one)) == json.dumps(pack(other))
    assert one.themes


def test_what_changed_is_told_against_the_briefing_before(subjects: Learned) -> None:
    day = date(2026, 4, 1)
    first = many_papers(60, first=1000, day=day - timedelta(days=1))
    second = [paper for paper in many_papers(60, first=2000, day=day) if paper.categories[0] < "mu"]
    before = compose(briefed.order(last=day - timedelta(days=1)), first, (), subjects, now=briefed.NOW)

    made = compose(briefed.order(first=day, last=day), second, (), subjects, before=before, now=briefed.NOW)

    assert made.since == before.order.last
    assert made.changes


def test_a_watch_is_of_all_papers_of_the_day_and_names_works_of_the_briefing(subjects: Learned) -> None:
    day = date(2026, 4, 1)
    listed = [
        replace(paper, title=f"Glimmeron, {paper.title}", abstract=f"{paper.abstract} So is the Glimmeron.")
        for paper in many_papers(8, first=1000, day=day)
    ] + many_papers(72, first=3000, day=day)
    long_ago = many_papers(8, first=9_000, day=day - timedelta(days=9))
    papers, others = listed[4:40], [*listed[:4], *listed[40:], *long_ago]

    made = compose(briefed.order(first=day, last=day), papers, others, subjects, now=briefed.NOW)

    assert [(one.term, one.now, one.works) for one in made.watch] == [
        ("Glimmeron", 8, (1004, 1005, 1006, 1007))
    ]


def test_a_paper_of_which_no_sentence_stands_alone_makes_no_point(fields: Learned) -> None:
    leaning = made_paper(7000, "A transit", "However, it does this. Therefore they do that, too.")
    matched = replace(leaning, matches=(("sharing", 0.9),))

    made = compose(ORDER, [matched], (), fields, now=briefed.NOW)

    assert [one.work_id for one in made.reading] == [7000]
    assert (made.points, made.themes, made.bridges) == ((), (), ())


def test_a_day_without_papers_is_a_briefing_of_none(fields: Learned) -> None:
    made = compose(ORDER, (), (), fields, fingerprint="f", now=briefed.NOW)

    assert (made.works, made.points, made.reading) == ((), (), ())
    assert (made.fingerprint, made.background, made.since) == ("f", fields.papers, None)
