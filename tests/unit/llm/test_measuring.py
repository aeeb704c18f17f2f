"""The measure of embedding models: ties count against, the sample is always the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from evaluation.embeddings import WORDS, measure, rank, sample, shared_words

if TYPE_CHECKING:
    from pathlib import Path


def test_a_title_ranks_its_own_abstract_and_ties_count_against() -> None:
    scores = np.array([[0.9, 0.1, 0.0], [0.5, 0.5, 0.1], [0.3, 0.2, 0.1]], dtype=np.float32)

    ranks = rank(scores)

    assert ranks.top1 == pytest.approx(1 / 3)
    assert ranks.top10 == 1.0
    assert ranks.mrr == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_shared_words_are_a_share_of_the_titles() -> None:
    shares = shared_words(["Lamps, lamps of coasts", ""], ["LAMPS on coasts", "bread"])

    assert shares.tolist() == [[pytest.approx(2 / 3), 0.0], [0.0, 0.0]]


def test_the_sample_covers_the_file_and_leaves_out_what_has_no_abstract(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    records = [{"title": f"Lamp {number}", "abstract": "Lamps. " * 40} for number in range(10)]
    records.insert(1, {"title": "Withdrawn", "abstract": "Withdrawn."})
    file.write_text("\n".join(json.dumps(each) for each in records) + "\n\n", encoding="utf-8")

    titles = [title for title, _ in sample(file, 5)]

    assert titles == ["Lamp 0", "Lamp 2", "Lamp 4", "Lamp 6", "Lamp 8"]


def test_the_baseline_is_measured_without_any_model() -> None:
    figures = measure(WORDS, [("Lamps on coasts", "Lamps stand on coasts."), ("Bread", "Bread rises.")])

    assert (figures.model, figures.records, figures.top1, figures.mrr) == ("words", 2, 1.0, 1.0)
