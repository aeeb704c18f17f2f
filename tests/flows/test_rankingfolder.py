from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.errors import RankingUnreadable
from academichub.flows.rankingfolder import read_folder
from academichub.flows.rankingmethods import embed_folder, evaluate_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUBJECTS = (
    "graph neural message passing molecules",
    "enzyme kinetics protein folding catalysis",
    "galaxy redshift survey lensing halos",
)


class Model:
    """An embedder whose vectors are the subject's direction."""

    class _Space:
        name = "a model/1"

    def __init__(self) -> None:
        self.asked = 0

    @property
    def space(self) -> Model._Space:
        return self._Space()

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += len(texts)
        rows = np.zeros((len(texts), 8), dtype=np.float32)
        for at, text in enumerate(texts):
            rows[at, next(n for n, words in enumerate(SUBJECTS) if words.split()[0] in text)] = 1.0
            rows[at, 3 + len(text) % 5] = 0.3
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty readers of one subject each; the last thirty papers are to be ranked."""
    rng = np.random.default_rng(0)
    lines = []
    for paper in range(120):
        words = SUBJECTS[paper % 3].split()
        title = " ".join([words[0], *rng.permutation(words[1:])[:2]])
        lines.append(json.dumps({"id": f"p{paper}", "title": title, "abstract": " ".join(words)}))
    (tmp_path / "items.jsonl").write_text("\n".join(lines) + "\n")
    likes = [(user, paper) for user in range(60) for paper in range(user % 3, 90, 3) if rng.random() < 0.2]
    wanted = [(user, 90 + (user % 3) + 3 * (user % 10)) for user in range(60)]
    _write(tmp_path / "train.csv", likes)
    _write(tmp_path / "test.csv", wanted)
    (tmp_path / "candidates.txt").write_text("".join(f"p{paper}\n" for paper in range(90, 120)))
    return tmp_path


def _write(path: Path, pairs: list[tuple[int, int]]) -> None:
    path.write_text("user,item\n" + "".join(f"{user},p{item}\n" for user, item in pairs))


def test_every_method_is_measured_on_the_same_users(folder: Path) -> None:
    done: list[int] = []

    figures = evaluate_folder(read_folder(folder), Model(), stopwatch=time.process_time, progress=done.append)

    assert list(figures.methods) == [
        "academichub",
        "academichub-words",
        "academichub-collaborative",
        "rocchio",
        "zotero",
        "zotero-words",
        "svm",
    ]
    assert figures.users == 60
    assert figures.candidates == 30
    assert sum(done) == 60 * 7
    for method in figures.methods.values():
        assert method.means["recall@20"] > 0.9
        assert method.intervals["mrr"].low <= method.means["mrr"] <= method.intervals["mrr"].high


def test_two_runs_give_the_same_figures(folder: Path) -> None:
    runs = [
        evaluate_folder(read_folder(folder), Model(), stopwatch=lambda: 0.0, most_users=10) for _ in range(2)
    ]

    assert runs[0] == runs[1]
    assert runs[0].users == 10


def test_without_a_model_or_enough_readers_fewer_methods_are_measured(folder: Path) -> None:
    plain = evaluate_folder(read_folder(folder), None, stopwatch=time.process_time, is_collaborative=False)

    assert list(plain.methods) == ["academichub-words", "rocchio", "zotero-words", "svm"]
    assert plain.space is None


def test_a_user_without_likes_and_papers_that_are_all_candidates_are_ranked_too(folder: Path) -> None:
    with (folder / "test.csv").open("a") as file:
        file.write("newcomer,p91\n")
    (folder / "candidates.txt").write_text("".join(f"p{paper}\n" for paper in range(120)))

    figures = evaluate_folder(read_folder(folder), None, stopwatch=time.process_time)

    assert figures.users == 61
    assert "academichub-collaborative" in figures.methods


def test_what_is_ignored_is_not_offered(folder: Path) -> None:
    before = evaluate_folder(read_folder(folder), Model(), stopwatch=time.process_time)
    wanted = (folder / "test.csv").read_text().splitlines()[1:]
    others = [
        f"{line.split(',')[0]},p{paper}"
        for line in wanted
        for paper in range(90, 120)
        if not line.endswith(f"p{paper}")
    ]
    (folder / "ignore.csv").write_text("user,item\nnobody,p0\n" + "\n".join(others) + "\n")

    after = evaluate_folder(read_folder(folder), Model(), stopwatch=time.process_time)

    assert before.methods["academichub"].means["mrr"] < 1
    assert after.methods["academichub"].means["mrr"] == 1


def test_vectors_are_kept_beside_the_folder_for_exactly_these_texts(folder: Path) -> None:
    model = Model()
    first = embed_folder(read_folder(folder), model)
    second = embed_folder(read_folder(folder), model)
    with (folder / "items.jsonl").open("a") as file:
        file.write(json.dumps({"id": "new", "title": "graph"}) + "\n")
    embed_folder(read_folder(folder), model)

    assert model.asked == 120 + 121
    assert first.tobytes() == second.tobytes()
    assert len(list(folder.glob(".vectors-a-model-1-*.npy"))) == 2


def test_broken_kept_vectors_are_made_again(folder: Path) -> None:
    model = Model()
    embed_folder(read_folder(folder), model)
    kept = next(folder.glob(".vectors-*.npy"))
    for broken in (b"", b"nonsense", b"\x93NUMPY\x01\x00"):
        kept.write_bytes(broken)

        assert embed_folder(read_folder(folder), model).shape == (120, 8)


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("items.jsonl", "{", 1, "no JSON"),
        ("items.jsonl", "[1]", 1, "no JSON object"),
        ("items.jsonl", '{"id": true, "title": "x"}', 1, "neither text nor number"),
        ("items.jsonl", '{"id": "a", "title": 3}', 1, "no text"),
        ("items.jsonl", '{"id": "a", "title": "x", "abstract": []}', 1, "no text"),
        ("items.jsonl", '{"id": 1, "title": "x"}\n\n{"id": "1", "title": "y"}', 3, "twice"),
        ("items.jsonl", "[" * 100_000, 1, "no JSON"),
        ("items.jsonl", "x" * ((4 << 20) + 1), 1, "longer than"),
        ("candidates.txt", "p90\nq", 2, "no item q"),
        ("candidates.txt", "p0\n", 0, "no pair names a candidate"),
        ("train.csv", "", 0, "not user,item"),
        ("train.csv", "a,b\n", 1, "not user,item"),
        ("train.csv", "user,item\n1\n", 2, "not two fields"),
        ("train.csv", "user,item\n,p1\n", 2, "not two fields"),
        ("train.csv", "user,item\n1,zz\n", 2, "no item zz"),
        ("test.csv", 'user,item\n"' + "x" * 200_000 + "\n", 2, "field larger"),
    ],
)
def test_a_file_in_another_format_is_told_by_name_and_line(
    folder: Path, name: str, content: str, line: int, reason: str
) -> None:
    (folder / name).write_text(content)

    with pytest.raises(RankingUnreadable) as caught:
        read_folder(folder)

    assert caught.value.facts["line"] == line
    assert reason in str(caught.value.facts["reason"])


def test_a_missing_file_and_bytes_that_are_no_text_are_told(folder: Path) -> None:
    (folder / "candidates.txt").write_bytes(b"p90\n\xff\xfe")
    with pytest.raises(RankingUnreadable) as caught:
        read_folder(folder)
    assert caught.value.facts["reason"] == "not UTF-8"

    (folder / "candidates.txt").unlink()
    with pytest.raises(RankingUnreadable) as caught:
        read_folder(folder)
    assert str(caught.value.facts["path"]).endswith("candidates.txt")


def test_a_pair_that_stands_twice_counts_once(folder: Path) -> None:
    (folder / "train.csv").write_text("user,item\n\ufeff7,p1\n7,p2\n7,p1\n 7 , p1 \n")

    read = read_folder(folder)

    row = read.likes[[read.users.index("7")]]
    assert sorted(row.indices.tolist()) == [1, 2]
