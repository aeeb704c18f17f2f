"""The commands that measure quality, as people and programs see them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]

MAP = {
    "title": "A map of moving maps in large cities",
    "authors": ["Jane Roe", "Ann Poe"],
    "venue": "VLDB",
    "year": "2003",
}
NOISE = {
    "title": "Robust training by noise in deep networks",
    "authors": "John Doe",
    "venue": None,
    "year": None,
}


def pairs(path: Path, *lines: object) -> str:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return str(path)


def test_pairs_are_measured_for_programs(run: Run, tmp_path: Path) -> None:
    file = pairs(
        tmp_path / "pairs.jsonl",
        {"a": MAP, "b": {**MAP, "authors": "J. Roe, A. Poe"}, "same": True},
        {"a": MAP, "b": NOISE, "same": False},
        "not a pair",
    )

    result = run("evaluate", "dedupe", file, "--json")

    figures = json.loads(result.stdout)
    assert result.exit_code == 0
    assert figures["pairs"] == 2
    assert (figures["precision"], figures["recall"], figures["f1"]) == (1.0, 1.0, 1.0)
    assert figures["automatic"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert 0 < figures["ms_per_pair"] < 1000
    assert [bad["line"] for bad in figures["bad_lines"]] == [3]


def test_pairs_are_measured_for_people(run: Run, tmp_path: Path) -> None:
    file = pairs(tmp_path / "[pairs].jsonl", {"a": MAP, "b": MAP, "same": True}, *["{"] * 25)

    result = run("evaluate", "dedupe", file)

    assert result.exit_code == 0
    assert "1 pairs, 1 of them one work" in result.stdout
    assert "f1 100.00 %" in result.stdout
    assert "line 2: no JSON" in result.stderr
    assert "and 5 more bad lines" in result.stderr


def test_a_file_without_pairs_has_no_figures(run: Run, tmp_path: Path) -> None:
    file = pairs(tmp_path / "pairs.jsonl")

    plain, as_json = run("evaluate", "dedupe", file), run("evaluate", "dedupe", file, "--json")

    assert "precision -, recall -, f1 -" in plain.stdout
    assert json.loads(as_json.stdout)["f1"] is None
    assert json.loads(as_json.stdout)["ms_per_pair"] is None


def test_a_missing_file_is_explained(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", "dedupe", str(tmp_path / "nowhere.jsonl"))

    assert result.exit_code == 1
    assert "file.unreadable" in result.stderr
