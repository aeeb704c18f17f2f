"""The folder of judged questions is read strictly, and measured as trec_eval does."""

from __future__ import annotations

import json
import math
import time
from typing import TYPE_CHECKING

import pytest

from academichub.errors import EvaluationUnreadable
from academichub.flows import searchfigures
from academichub.flows.searchfigures import BOTH, MEANING, WORDS, evaluate_search, measure
from academichub.flows.searchfolder import read_search_folder
from tests.fakes.embeddings import FakeEmbedder

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = (
    {"id": "a", "title": "Lanterns on ice", "text": "They glow in winter.", "authors": "Ada Example"},
    {"_id": "b", "title": "Harbours", "abstract": "Boats wait for the tide."},
    {
        "id": 3,
        "title": "",
        "text": "Kites need wind and a long string.",
        "authors": ["Bo Sample"],
        "venue": "J",
    },
)
QUESTIONS = (
    {"id": "1", "text": "which lanterns glow ?"},
    {"_id": "2", "query": "boats (tide"},
    {"id": "4", "text": "nothing answers this"},
)
JUDGED = "query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n2\tb\t1\n2\tgone\t1\n4\ta\t-1\n99\ta\t1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "judged")


def written(path: Path, *, judged: str = JUDGED) -> Path:
    path.mkdir()
    for name, rows in (("docs", DOCUMENTS), ("queries", QUESTIONS)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (path / f"{name}.jsonl").write_text(f"{lines}\n\n", encoding="utf-8")
    (path / "qrels.tsv").write_text(judged, encoding="utf-8")
    return path


def test_a_folder_is_read_with_what_others_call_its_fields(folder: Path) -> None:
    read = read_search_folder(folder)

    assert [one.name for one in read.documents] == ["a", "b", "3"]
    assert [one.text for one in read.documents][1] == "Boats wait for the tide."
    assert [one.authors for one in read.documents] == [("Ada Example",), (), ("Bo Sample",)]
    assert [(one.name, dict(one.gains)) for one in read.questions] == [("1", {0: 2}), ("2", {1: 1, -4: 1})]
    assert (read.unanswered, read.strangers) == (1, 1)


def test_trec_s_four_columns_are_read(tmp_path: Path) -> None:
    read = read_search_folder(written(tmp_path / "trec", judged="1 0 a 1\n2 0 b 3\n"))

    assert [dict(one.gains) for one in read.questions] == [{0: 1}, {1: 3}]


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("docs.jsonl", "[1]", 1, "no JSON object"),
        ("docs.jsonl", '{"id": "a"}\n{', 2, "no JSON"),
        ("docs.jsonl", '{"id": true}', 1, '"id" is neither'),
        ("docs.jsonl", '{"id": "a", "title": 1}', 1, '"title" is no text'),
        ("docs.jsonl", '{"id": "a", "authors": [1]}', 1, '"authors" is no list'),
        ("docs.jsonl", '{"id": "a"}\n{"id": "a"}', 2, "there twice"),
        ("queries.jsonl", '{"id": "1", "text": " "}', 1, '"text" is empty'),
        ("queries.jsonl", '{"id": "1", "text": "x"}\n{"id": "1", "text": "y"}', 2, "there twice"),
        ("qrels.tsv", "1\ta", 1, "not three columns"),
        ("qrels.tsv", "1\ta\t1\n1\tb\tmany", 2, "no whole number"),
        ("qrels.tsv", "1\ta\t9999999999", 1, "more than"),
        ("qrels.tsv", "q\td\tscore\n1\ta\t0", 0, "no question has"),
        ("qrels.tsv", "\xff", 1, "not UTF-8"),
    ],
)
def test_a_file_that_is_not_in_its_format_is_told_with_its_line(
    folder: Path, name: str, content: str, line: int, reason: str
) -> None:
    (folder / name).write_bytes(content.encode("latin-1"))

    with pytest.raises(EvaluationUnreadable) as told:
        read_search_folder(folder)

    assert (str(told.value.facts["path"]), told.value.facts["line"]) == (str(folder / name), line)
    assert reason in str(told.value.facts["reason"])


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "queries.jsonl").unlink()

    with pytest.raises(EvaluationUnreadable) as told:
        read_search_folder(folder)

    assert told.value.facts["line"] == 0


def test_an_answer_is_measured_by_gain_recall_and_precision() -> None:
    gains = {1: 3, 2: 1}

    ndcg, recall, precision = measure([9, 1, 2], gains)

    ideal = 3 + 1 / math.log2(3)
    assert ndcg == pytest.approx((3 / math.log2(3) + 1 / 2) / ideal)
    assert recall == 1.0
    assert precision == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert measure([1, 2], gains) == (1.0, 1.0, 1.0)
    assert measure([], gains) == (0.0, 0.0, 0.0)


def test_every_method_is_asked_every_question(folder: Path, tmp_path: Path) -> None:
    steps: list[int] = []

    figures = evaluate_search(
        read_search_folder(folder),
        tmp_path / "work",
        embedder=FakeEmbedder(),
        stopwatch=time.process_time,
        progress=steps.append,
    )

    assert list(figures.methods)[:3] == [WORDS, MEANING, BOTH]
    assert len(figures.methods) == 6
    assert (figures.documents, figures.questions, sum(steps)) == (3, 2, 3)
    assert all(method.means["ndcg@10"] > 0.5 for method in figures.methods.values())
    assert all(0.0 <= value <= 1.0 for method in figures.methods.values() for value in method.means.values())


def test_without_a_model_words_are_measured_alone(folder: Path, tmp_path: Path) -> None:
    figures = evaluate_search(
        read_search_folder(folder), tmp_path / "work", embedder=None, stopwatch=time.process_time
    )

    assert figures.space == ""
    assert MEANING not in figures.methods
    assert searchfigures.has_peer()
