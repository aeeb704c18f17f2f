"""What the checks catch and what they refuse: files read, rates counted. All papers are made up."""

from __future__ import annotations

import itertools
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
import typer

from academichub.cli.evidencefigures import evidence
from academichub.errors import EvaluationUnreadable
from academichub.flows.evidencefigures import (
    LONGEST_SENTENCE,
    SUMMARY,
    Rate,
    evaluate_evidence,
    make_mutations,
    read_summaries,
    read_trials,
)

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "Our lamp saves 40 % of all energy in old halls. It does not need any camera at night."
TRUE = {"sentence": "Our lamp saves 40 % of all energy", "source": SOURCE, "supported": True, "kind": "copy"}
FALSE = {**TRUE, "sentence": "Our lamp saves 45 % of all energy.", "supported": False, "kind": "number"}
PAPER = {
    "source": [SOURCE[:47], SOURCE[48:]],
    "target": ["A lamp saves energy.", "It is a sea."],
    "title": None,
}
RECORDS = [
    {"id": f"2605.{at:05}", "title": f"Lamp {at}", "categories": ["cs.CV"],
     "seen": f"2026-05-{at + 1:02}",
     "abstract": f"Our lamp{at} saves {at + 20} % of energy in {word} halls. It is very bright."}
    for at, word in enumerate(("gothic", "wooden", "glazed"))
]  # fmt: skip


def write(path: Path, *lines: object) -> Path:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lie_is_caught_and_a_copy_passes(tmp_path: Path) -> None:
    trials = read_trials(write(tmp_path / "f", TRUE, "", FALSE))

    seconds = itertools.count()
    figures = evaluate_evidence(trials, stopwatch=lambda: next(seconds))

    copy, number = figures.kinds
    assert figures.milliseconds == 500
    assert (copy.kind, copy.supported, copy.trials) == ("copy", True, 1)
    assert {method: rate.refused for method, rate in copy.rates.items()} == {
        "academichub": 0, "sets": 0, "new word": 0, "not verbatim": 0,
    }  # fmt: skip
    assert copy.labels == {"quoted": 0, "close": 1, "loose": 0}
    assert {rate.refused for rate in number.rates.values()} == {1}
    assert number.reasons == {"number": 1}


def test_a_rate_has_an_interval() -> None:
    low, high = Rate(90, 100).interval

    assert (round(low, 3), round(high, 3)) == (0.826, 0.945)
    assert Rate(0, 5).interval[0] == 0.0


def test_no_trials_are_no_kinds() -> None:
    assert evaluate_evidence([], stopwatch=lambda: 0.0).kinds == ()


def test_summaries_are_true_sentences_about_their_abstract(tmp_path: Path) -> None:
    path = write(tmp_path / "f", PAPER, {**PAPER, "title": "Lamps"})

    found = read_summaries(path, limit=3)

    assert [(one.kind, one.supported, one.title) for one in found] == [
        (SUMMARY, True, ""), (SUMMARY, True, ""), (SUMMARY, True, "Lamps"),
    ]  # fmt: skip
    assert found[0].source == SOURCE


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no json", "Expecting value: line 1 column 1 (char 0)"),
        ("[]", "no JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ({**TRUE, "supported": 1}, '"supported" is neither true nor false'),
        ({**TRUE, "sentence": " "}, f'"sentence" is no text of 1 to {LONGEST_SENTENCE} characters'),
        ({**TRUE, "title": 3}, f'"title" is no text of 1 to {LONGEST_SENTENCE} characters'),
        ({**TRUE, "source": None}, '"source" is no text of 1 to 20000 characters'),
        ("x" * (5 << 20), "longer than 4194304 characters"),
    ],
)
def test_a_bad_line_is_told_with_its_number(tmp_path: Path, line: object, reason: str) -> None:
    path = write(tmp_path / "f", TRUE, line)

    with pytest.raises(EvaluationUnreadable) as caught:
        read_trials(path)

    assert (caught.value.facts["line"], caught.value.facts["reason"]) == (2, reason)


def test_a_file_that_holds_nothing_or_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9\n")

    for path, reason in (
        (write(tmp_path / "empty"), "no sentences"),
        (tmp_path / "none", "No such file or directory"),
        (tmp_path / "latin", "not UTF-8"),
        (write(tmp_path / "odd", {"source": "a text", "target": []}), '"source" is no list of texts'),
    ):
        with pytest.raises(EvaluationUnreadable) as caught:
            read_summaries(path)
        assert caught.value.facts["reason"] == reason


def test_mutations_are_made_of_records_of_some_days_and_are_the_same_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "r", *RECORDS, {**RECORDS[0], "id": "x", "abstract": None})

    made = make_mutations(path, limit=2)

    assert made == make_mutations(path, limit=2)
    assert made[0].kind == "verbatim"
    assert all("gothic" not in one.source for one in make_mutations(path, first=date(2026, 5, 2)))
    with pytest.raises(EvaluationUnreadable):
        make_mutations(path, last=date(2026, 1, 1))


def test_figures_are_printed_for_people_and_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, records = write(tmp_path / "f", TRUE, FALSE), write(tmp_path / "r", *RECORDS)
    tldr = write(tmp_path / "t", PAPER)

    evidence(file, mutate=records, tldr=tldr, as_json=True)
    printed = json.loads(capsys.readouterr().out)
    evidence(file, as_json=False, limit=1)
    shown = capsys.readouterr().out
    evidence(None, mutate=records, as_json=False, limit=1)

    assert list(printed) == ["file", "mutations", "summaries"]
    assert printed["file"]["kinds"][1]["refused"]["academichub"]["share"] == 1.0
    assert "sentences refused" in shown
    assert "mutations" in capsys.readouterr().out


def test_a_command_without_any_file_is_misused() -> None:
    with pytest.raises(typer.Exit) as caught:
        evidence(None, as_json=True)

    assert caught.value.exit_code == 2
