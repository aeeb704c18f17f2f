"""How near the chosen sentences come to summaries by people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import typer

from academichub.briefing.learning import Summarised
from academichub.briefing.sentencefeatures import LONGEST_SENTENCE, MOST_SENTENCES
from academichub.cli.tldrfigures import tldr
from academichub.errors import EvaluationUnreadable
from academichub.flows.recordsfile import LONGEST_LINE
from academichub.flows.tldrbaselines import baselines
from academichub.flows.tldrfigures import MEASURES, ORACLE, OURS, TITLE, evaluate_tldr, read_tldr

if TYPE_CHECKING:
    from pathlib import Path

LINE = {
    "source": [
        "Rooms have long been dark.",
        "In this paper, we propose a copper lamp that glows for years.",
        "  ",
        "A lamp glows.",
    ],
    "target": ["We propose a copper lamp that glows for years.", "A lamp for years."],
    "title": "Copper lamps",
    "paper_id": "x",
}


def file_of(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines))
    return path


def test_a_file_is_read_without_its_empty_sentences(tmp_path: Path) -> None:
    untitled = {"source": ["One."], "target": ["1"]}

    papers = read_tldr(
        file_of(tmp_path / "a.jsonl", "\ufeff" + json.dumps(LINE), "", {**LINE, "title": None}, untitled)
    )

    assert [len(paper.sentences) for paper in papers] == [3, 3, 1]
    assert [paper.title for paper in papers] == ["Copper lamps", "", ""]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "no JSON object"),
        ({**LINE, "title": 7}, '"title" is no list'),
        ({**LINE, "source": "One."}, '"source" is no list'),
        ({**LINE, "source": [None]}, '"source" is no list'),
        ({**LINE, "source": ["One."] * (MOST_SENTENCES + 1)}, '"source" is no list'),
        ({**LINE, "source": ["x" * (LONGEST_SENTENCE + 1)]}, "characters"),
        ({**LINE, "target": [" "]}, '"target" holds no text'),
        ({"source": ["One."]}, '"target" is no list'),
        (" " * LONGEST_LINE + "{}", "longer than"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(tmp_path: Path, line: object, reason: str) -> None:
    path = file_of(tmp_path / "a.jsonl", LINE, line)

    with pytest.raises(EvaluationUnreadable) as caught:
        read_tldr(path)

    assert caught.value.facts["line"] == 2
    assert reason in str(caught.value.facts["reason"])


def test_a_file_that_is_missing_empty_or_in_another_coding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"source": ["\xe9"]}\n')
    file_of(tmp_path / "empty.jsonl", "")

    for name, reason in (("none", "No such file"), ("latin", "not UTF-8"), ("empty", "no papers")):
        with pytest.raises(EvaluationUnreadable, match=reason):
            read_tldr(tmp_path / f"{name}.jsonl")


def test_every_method_is_measured_on_the_same_papers(tmp_path: Path) -> None:
    papers = read_tldr(file_of(tmp_path / "a.jsonl", LINE, LINE))

    figures = evaluate_tldr(papers, stopwatch=lambda: 0.0)

    assert [*figures.methods] == [
        *(OURS, "we-propose rule", "lead", "last", "random", "longest", "textrank", "lexrank", "centroid"),
        *(TITLE, ORACLE),
    ]
    assert (figures.papers, figures.trained) == (2, None)
    assert figures.methods[OURS] == figures.methods[ORACLE]
    assert figures.methods[OURS].means["rouge-1"] == pytest.approx(18 / 21)
    assert figures.methods[TITLE].words == 2
    assert figures == evaluate_tldr(papers, stopwatch=lambda: 0.0)
    for method in figures.methods.values():
        for name in MEASURES:
            low, high = method.intervals[name]
            assert low <= method.means[name] + 1e-9
            assert method.means[name] <= high + 1e-9


def test_titles_are_measured_only_where_every_paper_has_one() -> None:
    titled = Summarised("Lamps", ("Lamps glow.",), ("Lamps glow.",))
    untitled = Summarised("", ("Wires wait.",), ("Lamps glow.",))

    figures = evaluate_tldr([titled, untitled], train=[titled, untitled], stopwatch=lambda: 0.0)

    assert TITLE not in figures.methods
    assert figures.trained == 2
    assert figures.methods[OURS].means["rouge-1"] == pytest.approx(0.5)


def test_simple_methods_choose_as_they_are_known_to() -> None:
    abstract = (
        "Rooms stay dark.",
        "Copper lamps glow in dark rooms.",
        "Lamps of copper glow in rooms with copper wires and wires of old glass.",
        "We sleep.",
        "We show thieves.",
    )
    mute = ("The of.", "Zebra.", "Yak.")

    found = baselines([abstract, mute])

    assert (found["lead"], found["last"], found["longest"]) == ([0, 0], [4, 2], [2, 0])
    assert found["we-propose rule"] == [4, 0]
    assert found["textrank"][0] == found["lexrank"][0] == 1
    assert found["centroid"] == [1, 1]
    assert found["random"] == baselines([abstract, mute])["random"]
    assert baselines([("Rooms.", "We sleep.")])["we-propose rule"] == [1]


def test_figures_are_printed_for_programs_and_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_of(tmp_path / "[a].jsonl", LINE, LINE)

    tldr(path, as_json=True)
    figures = json.loads(capsys.readouterr().out)
    tldr(path, train=path, as_json=False)
    printed = capsys.readouterr().out

    assert figures["papers"] == 2
    assert figures["trained"] is None
    assert figures["methods"][OURS]["rouge-1"] == pytest.approx(18 / 21, abs=1e-6)
    assert len(figures["methods"][OURS]["intervals"]["rouge-2"]) == 2
    assert "2 papers, learned from 2 papers" in printed
    assert "lexrank" in printed


def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        tldr(tmp_path / "none.jsonl", as_json=True)

    assert "none.jsonl" in capsys.readouterr().err.replace("\n", "")
