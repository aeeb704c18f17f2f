"""A day's papers fall into a few themes, the same every time."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from academichub.radar.themes import MOST_THEMES, find_themes

TERMS = ("lamp", "oil lamp", "candle", "wax", "moth", "wing")


def rows(*lines: tuple[float, ...]) -> csr_matrix:
    dense = np.array(lines, dtype=float)
    lengths = np.linalg.norm(dense, axis=1, keepdims=True)
    return csr_matrix(np.divide(dense, lengths, out=np.zeros_like(dense), where=lengths > 0))


LAMPS = [(3.0, 1.0, 0.0, 0.0, 0.0, 0.1 * n) for n in range(5)]
CANDLES = [(0.0, 0.0, 3.0, 2.0, 0.1 * n, 0.0) for n in range(4)]


def test_papers_that_are_alike_are_one_theme_named_by_its_terms() -> None:
    themes, labels = find_themes(rows(*LAMPS, *CANDLES), TERMS)

    assert len(set(labels[:5])) <= 2
    assert not set(labels[:5]) & set(labels[5:])
    assert themes[labels[0]].terms[0] == "lamp"
    assert "oil lamp" not in themes[labels[0]].terms  # it says nothing that "lamp" does not
    assert themes[labels[-1]].terms[:2] == ("candle", "wax")
    assert [theme.number for theme in themes] == list(range(len(themes)))


def test_the_order_of_themes_is_by_size_and_the_same_every_time() -> None:
    papers = rows(*LAMPS, *CANDLES)

    themes, labels = find_themes(papers, TERMS)

    sizes = [labels.count(theme.number) for theme in themes]
    assert sizes == sorted(sizes, reverse=True)
    assert find_themes(papers, TERMS) == (themes, labels)


def test_embeddings_part_what_words_cannot() -> None:
    same_words = rows(*[(1.0, 0.0, 0.0, 0.0, 0.0, 0.0)] * 6)
    vectors = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 3)

    _, labels = find_themes(same_words, TERMS, vectors=vectors)

    assert labels in {(0, 0, 0, 1, 1, 1), (1, 1, 1, 0, 0, 0)}


def test_few_papers_are_one_theme_and_none_are_none() -> None:
    assert find_themes(rows(LAMPS[0], CANDLES[0]), TERMS)[1] == (0, 0)
    assert find_themes(csr_matrix((0, 6)), TERMS) == ((), ())


def test_many_papers_without_any_word_in_common_are_at_most_so_many_themes() -> None:
    themes, labels = find_themes(csr_matrix(np.eye(60)), [f"t{n}" for n in range(60)])

    assert len(themes) <= MOST_THEMES
    assert len(labels) == 60
