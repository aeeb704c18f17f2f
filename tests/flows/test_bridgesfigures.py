"""What the command evaluate bridges measures, on a made-up file of records."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from academichub.cli.bridgesfigures import bridges
from academichub.errors import EvaluationUnreadable
from academichub.flows.bridgesfigures import DEPTHS, BridgesFigures, Rate, _diverse, evaluate_bridges
from tests.fakes.fieldpapers import HOME, LAST_DAY, background, made_paper, of_field

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.model.briefing import Paper

DAY = date(2026, 5, 4)


def week() -> list[Paper]:
    """Papers of two days: half of those that use a term of another field are cross-listed there."""
    papers = [of_field(2000 + at, term, HOME[term], on=DAY) for at, term in enumerate(HOME)]
    for at, term in enumerate(HOME):
        away = "cs.CY" if HOME[term] != "cs.LG" else "math.PR"
        paper = of_field(2100 + at, term, away, words_of=HOME[term], on=DAY)
        also = (HOME[term],) if at % 2 else ()
        papers.append(made_paper(paper.work_id, paper.title, paper.abstract, away, on=DAY, also=also))
        papers.append(of_field(2200 + at, "proof", "math.PR", on=DAY))
    papers.append(made_paper(2300, "Notes", "No field.", "", on=DAY))
    return [*papers, made_paper(2301, "Cones", "A cone.", "stat.ME", on=DAY, also=("math.PR",))]


def write(path: Path, papers: list[Paper]) -> Path:
    lines = [
        {
            "id": f"x{paper.work_id}",
            "title": paper.title,
            "abstract": paper.abstract,
            "categories": list(paper.categories),
            "seen": paper.listed_on.isoformat(),
        }
        for paper in papers
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("records") / "records.jsonl", [*background(), *week()])


def measure(path: Path, **more: Any) -> BridgesFigures:
    days = {"train_before": DAY, "first": DAY, "last": DAY} | more
    return evaluate_bridges(path, stopwatch=lambda: 0.0, **days)


@pytest.fixture(scope="module")
def figures(records: Path) -> BridgesFigures:
    return measure(records, listed=3, top=7)


def test_papers_that_meet_in_a_bridge_are_held_against_any_of_the_same_archives(
    figures: BridgesFigures,
) -> None:
    assert (figures.background, figures.left_out) == (720, {"stat": 1})
    assert figures.papers == 36
    assert 0 < figures.base < 0.2
    likely = figures.methods["likely"][30]
    assert likely.pairs > 5
    assert likely.ratio > 1
    assert list(figures.methods) == ["likely", "surprising", "cosine", "rare-phrases", "field-lift"]
    assert list(figures.methods["cosine"]) == [7, *DEPTHS]


def test_what_is_measured_does_not_see_the_cross_lists(figures: BridgesFigures, tmp_path: Path) -> None:
    bare = [made_paper(p.work_id, p.title, p.abstract, p.category, on=p.listed_on) for p in week()]
    measured = measure(write(tmp_path / "bare.jsonl", [*background(), *bare[:-1]]))

    assert measured.methods["likely"][30].rate == 0
    assert {name: rates[30].pairs for name, rates in measured.methods.items()} == {
        name: rates[30].pairs for name, rates in figures.methods.items()
    }


def test_bridges_are_listed_for_reading_with_the_ids_of_the_file(
    figures: BridgesFigures, records: Path
) -> None:
    lines = map(json.loads, records.read_text(encoding="utf-8").splitlines())
    abstracts = {line["id"]: line["abstract"] for line in lines}

    assert len(figures.listed) == 3
    for one in figures.listed:
        assert one.bridge.home_evidence.quote in abstracts[one.home_id]
        assert one.bridge.away_evidence.quote in abstracts[one.away_id]


def test_two_runs_measure_the_same(figures: BridgesFigures, records: Path) -> None:
    assert measure(records, listed=3, top=7) == figures


def test_no_paper_of_a_simple_method_comes_more_than_twice() -> None:
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (4, 5)]

    assert _diverse(pairs, 9) == [(0, 1), (0, 2), (1, 2), (4, 5)]
    assert _diverse(pairs, 2) == [(0, 1), (0, 2)]


def test_where_nothing_is_right_there_is_no_ratio() -> None:
    assert Rate(3, 0.0, 0.0).ratio == 0
    assert Rate(4, 0.5, 0.25).ratio == 2


def test_a_background_of_few_papers_needs_no_affinities(tmp_path: Path) -> None:
    few = write(tmp_path / "few.jsonl", [*background()[:150], *week()])

    figures = measure(few)

    assert not figures.has_affinity
    assert figures.methods["likely"][200].pairs < 30


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({"first": date(2026, 5, 1)}, "overlap"),
        ({"last": date(2026, 5, 1)}, "overlap"),
        ({"train_before": date(2020, 1, 1), "first": date(2020, 1, 1)}, "no background"),
        ({"first": date(2026, 6, 1), "last": date(2026, 6, 2)}, "no papers"),
    ],
)
def test_days_that_hold_too_little_are_refused(days: dict[str, date], reason: str, records: Path) -> None:
    with pytest.raises(EvaluationUnreadable) as refused:
        measure(records, **days)

    assert reason in str(refused.value.facts["reason"])


def test_the_command_prints_every_figure(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bridges(records, train_before=DAY, first=DAY, last=DAY, top=100, listed=2, as_json=False)

    shown = capsys.readouterr().out
    assert "left out: 1 papers of stat" in shown
    assert "likely: top 30:" in shown
    assert "2. " in shown


def test_the_command_prints_them_as_json_too(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bridges(records, train_before=DAY, first=DAY, last=DAY, top=100, listed=1, as_json=True)

    shown = json.loads(capsys.readouterr().out)
    assert shown["methods"]["likely"]["30"]["pairs"] > 5
    assert shown["listed"][0]["home"]["id"].startswith("x")
    assert LAST_DAY < DAY
