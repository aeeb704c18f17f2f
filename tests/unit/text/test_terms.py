from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.cutting import cut, kept_of, stem
from academichub.text.terms import count_terms, is_piece, learn


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("learning", "learn"),
        ("learned", "learn"),
        ("classes", "class"),
        ("queries", "query"),
        ("optimization", "optimiz"),
        ("bias", "bia"),
        ("gas", "gas"),
        ("virus", "virus"),
        ("mass", "mass"),
        ("analysis", "analysis"),
        ("networks", "network"),
        ("dna", "dna"),
    ],
)
def test_a_word_loses_its_ending(word: str, root: str) -> None:
    assert stem(word) == root


@given(st.text("abcdefghilmnostyvz", min_size=1, max_size=12) | st.text(min_size=1))
def test_every_word_begins_as_its_stem_does(word: str) -> None:
    assert word.startswith(kept_of(stem(word)))


@pytest.mark.parametrize("word", ["flies", "ties", "noises", "axes", "cities", "realization"])
def test_short_and_odd_words_begin_as_their_stems_do(word: str) -> None:
    assert word.startswith(kept_of(stem(word)))


def test_chinese_is_read_by_pairs_of_neighbouring_characters() -> None:
    assert cut("基于图神经的 graph learning 法") == [
        ["基于", "于图", "图神", "神经", "经的"],
        ["graph", "learn"],
        ["法"],
    ]


def test_words_that_only_bind_and_single_letters_are_left_out() -> None:
    assert cut("The use of x in a model") == [["model"]]


def test_pairs_do_not_cross_from_one_script_to_another() -> None:
    counts = count_terms("deep 学习 network")

    assert set(counts) - {term for term in counts if is_piece(term)} == {"deep", "学习", "network"}


def test_only_the_title_is_cut_into_pieces() -> None:
    title, both = count_terms("Photoreceptors"), count_terms("Vision\nPhotoreceptors")

    assert "~^pho" in title
    assert "~^pho" not in both


def test_columns_are_in_the_same_order_whatever_the_order_of_the_papers() -> None:
    texts = ["graph neural networks", "neural graph networks", "protein folding", "folding of a protein"]

    assert learn(texts)[0].terms == learn(texts[::-1])[0].terms


def test_a_term_of_one_paper_is_not_learned() -> None:
    assert learn(["alpha common", "beta common"])[0].column.get("alpha") is None


def test_a_term_of_more_than_a_tenth_of_a_large_corpus_is_not_learned() -> None:
    texts = [f"common w{number // 2:04d}x" for number in range(400)]

    assert "common" not in learn(texts)[0].column


def test_the_words_of_a_row_have_length_one_together() -> None:
    vocabulary = learn(["graph graph neural", "neural graph", "quasar survey", "survey of a quasar"])[0]

    rows = vocabulary.rows(["graph neural neural quasar", "", "unheard"])

    words = rows[:, : vocabulary.first_piece].toarray()
    assert np.linalg.norm(words, axis=1) == pytest.approx([1.0, 0.0, 0.0])


@given(st.text(max_size=200))
def test_any_text_can_be_counted(text: str) -> None:
    assert all(times > 0 for times in count_terms(text).values())


def test_learning_gives_the_rows_that_the_vocabulary_would() -> None:
    texts = ["Graph theory of lamps\nOil lamps and graph lamps.", "Lamps\nThe oil of graphs.", "Oil 灯光研究"]

    vocabulary, rows = learn(texts, others=["Graph lamps 灯光"])

    again = vocabulary.rows(texts)
    assert rows.indices.tolist() == again.indices.tolist()
    assert rows.data.tolist() == again.data.tolist()
