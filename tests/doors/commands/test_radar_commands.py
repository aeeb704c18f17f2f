"""Radars on the command line: make one, rank, explain, import a library, export, evaluate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.fakes.terminal import objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]

BIB = """@article{one, title={Diffusion models for images}, year={2024}}
@article{bad, title={no end
@article{two, title={Segmentation of medical images}, year={2023}}
"""


@pytest.fixture
def words(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a hub with the sample papers that ranks by words alone."""
    monkeypatch.setenv("ACADEMICHUB_EMBEDDINGS", "none")
    run("up", "--help")  # nothing is started
    from academichub.hub import open_hub

    with open_hub() as hub:
        hub.shelve_sample()
    return run


def create(run: Run, *more: str) -> str:
    result = run("radar", "create", "image segmentation and diffusion models", "--threshold", "0", *more)
    assert result.exit_code == 0, result.stderr
    return result.stdout.split(":")[0]


def test_a_radar_is_made_listed_ranked_and_removed(words: Run) -> None:
    key = create(words, "--name", "Images")

    listed = json.loads(words("radar", "list", "--json").stdout)["rows"]
    ranked = words("radar", "rank", key)
    removed = words("radar", "remove", key)

    assert [row["radar"]["key"] for row in listed] == [key]
    assert listed[0]["shown"] > 0
    assert "%" in ranked.stdout
    assert removed.exit_code == 0
    assert "no radars yet" in words("radar", "list").stdout


def test_a_preview_says_how_a_chinese_line_was_read_and_keeps_nothing(words: Run) -> None:
    result = words("radar", "create", "扩散模型与图像分割", "--preview")

    assert result.exit_code == 0
    assert "read as: diffusion model" in result.stdout
    assert "no radars yet" in words("radar", "list").stdout


def test_an_explanation_adds_up_on_the_screen(words: Run) -> None:
    key = create(words)
    work = objects(words("radar", "rank", key, "--json"))[0]["cards"][0]["card"]["work_id"]

    told = json.loads(words("radar", "explain", key, str(work), "--json").stdout)
    shown = words("radar", "explain", key, str(work))

    score = 0.0
    for part in told["ranked"]["parts"]:
        score += part["value"]
    assert told["ranked"]["score"] == score
    assert "nothing has changed since" in shown.stdout
    assert words("radar", "explain", key, "999999").exit_code == 1


def test_a_library_becomes_a_radar_and_its_broken_entry_is_named(words: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.bib"
    file.write_text(BIB, encoding="utf-8")

    dry = words("import", str(file), "--radar", "new", "--dry-run")
    made = words("import", str(file), "--radar", "new", "--json")
    again = words("import", str(file), "--radar", json.loads(made.stdout)["radar"], "--json")

    assert "2 entries" in dry.stdout
    assert "nothing was kept" in dry.stdout
    assert "mine.bib, line 2, entry bad" in dry.stderr.replace("\n", " ")
    assert json.loads(made.stdout)["entries"] == 2
    assert json.loads(again.stdout)["added"] == 0
    assert len(json.loads(words("radar", "list", "--json").stdout)["rows"]) == 1


def test_what_cannot_be_is_explained(words: Run, tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_bytes(b"\x00\x01\x02")

    unknown = words("radar", "rank", "nothing")
    rule = words("radar", "create", "--rule", '"open')
    empty = words("radar", "create")
    library = words("import", str(tmp_path / "x.bib"))

    assert "radar.unknown" in unknown.stderr
    assert "unclosed-phrase" not in rule.stderr.split("query.invalid")[0]  # it is said in words
    assert "query.invalid" in rule.stderr
    assert "radar.invalid" in empty.stderr
    assert "library.unreadable" in library.stderr
    assert {one.exit_code for one in (unknown, rule, empty, library)} == {1}


def test_a_radar_is_exported_and_measures_itself(words: Run) -> None:
    key = create(words, "--paper", "Segmentation of medical images", "--author", "Ada Example")

    exported = json.loads(words("radar", "export", key).stdout)

    assert exported["interest"]["follows"][0]["name"] == "Ada Example"
    assert [seed["title"] for seed in exported["seeds"]] == ["Segmentation of medical images"]
    assert "not enough feedback" in words("radar", "evaluate", key).stdout
    assert json.loads(words("radar", "evaluate", key, "--json").stdout)["days"] == 0
