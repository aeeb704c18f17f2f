"""Axes on which papers differ: learned, kept and used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from academichub.briefing.axes import LEAST_PAPERS, PLACED, Axes, learn_axes, read, unit
from academichub.briefing.axeskeeping import from_arrays, to_arrays
from academichub.model.briefing import Paper
from tests.fakes.subjects import FIRST_DAY, many_papers, subject_paper


@pytest.fixture(scope="module")
def axes() -> Axes:
    return learn_axes(many_papers(400))


def places(axes: Axes, *papers: Paper) -> np.ndarray:
    return axes.place(axes.rows(read(papers)))


def written(number: int, title: str, abstract: str = "") -> Paper:
    return Paper(work_id=number, title=title, abstract=abstract, text_hash="", listed_on=FIRST_DAY)


def test_papers_of_one_subject_are_nearer_than_papers_of_two(axes: Axes) -> None:
    violin, fiddle, glacier = (
        subject_paper(9001, "mu.VI"),
        subject_paper(9002, "mu.VI"),
        subject_paper(9003, "wa.IC"),
    )

    found = places(axes, violin, fiddle, glacier)

    assert found[0] @ found[1] > 0.8
    assert found[0] @ found[2] < 0.4
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert axes.fields == ("fo.BR", "fo.TE", "li.LA", "li.ME", "mu.BE", "mu.VI", "wa.IC", "wa.RI")


def test_the_order_in_which_the_past_comes_does_not_matter(axes: Axes) -> None:
    again = to_arrays(learn_axes(many_papers(400)[::-1]))

    for name, array in to_arrays(axes).items():
        assert np.array_equal(array, again[name]), name


def test_a_paper_without_a_known_word_has_no_place(axes: Axes) -> None:
    found = places(axes, written(1, "Xylophagous quagga"), written(2, ""))

    assert not found.any()


def test_numbers_marks_and_stop_words_are_no_terms_and_a_title_counts_twice(axes: Axes) -> None:
    rows = axes.rows(
        read([written(1, "a 1847 $x$ of the lantern", "lantern"), written(2, "", "lantern lantern lantern")])
    )

    assert "1847" not in axes.terms
    assert rows.indices.tolist() == [axes.column["lantern"]] * 2
    assert np.allclose(rows.data, 1)


def test_chinese_papers_are_placed_by_pairs_of_characters() -> None:
    lamps = ("宫灯", "纸罩", "灯芯", "BERT模型")
    rivers = ("泥沙", "潮汐", "河口", "盐沼")
    past = [
        written(4 * at + place, words[place], f"{words[at % 4]}。{words[(at + place) % 4]}")
        for words in (lamps, rivers)
        for at in range(8)
        for place in range(4)
    ]
    axes = learn_axes(past)

    found = places(axes, written(90, "宫灯，纸罩"), written(91, "宫灯，灯芯"), written(92, "泥沙，潮汐"))

    assert {"宫灯", "泥沙", "bert"} <= set(axes.terms)
    assert found[0] @ found[1] > found[0] @ found[2] + 0.3
    assert axes.fields == ()


def test_a_large_past_drops_rare_terms_and_remembers_the_common_ones() -> None:
    past = [written(at, f"lantern item{at % 4}", "candle" if at % 500 == 0 else "") for at in range(2_000)]

    axes = learn_axes(past)

    assert "lantern" in axes.common
    assert "candl" not in axes.terms
    assert sum(at % 500 == 0 for at in range(2_000)) < LEAST_PAPERS


def test_one_field_alone_teaches_nothing_about_fields() -> None:
    axes = learn_axes([subject_paper(at, "mu.VI") for at in range(60)])

    assert axes.fields == ()
    assert places(axes, subject_paper(900, "mu.VI")).shape[1] <= PLACED


def test_nothing_is_learned_of_nothing() -> None:
    axes = learn_axes([])

    assert axes.papers == axes.topics.topics == len(axes.terms) == 0
    assert places(axes, subject_paper(1, "mu.VI")).shape == (1, 0)
    assert from_arrays(to_arrays(axes)).terms == ()


def test_kept_axes_place_papers_to_the_last_bit(axes: Axes) -> None:
    kept = from_arrays(to_arrays(axes))
    papers = many_papers(20, first=5000)

    assert np.array_equal(places(kept, *papers), places(axes, *papers))
    assert (kept.terms, kept.common, kept.fields, kept.papers) == (axes.terms, axes.common, axes.fields, 400)


def test_arrays_that_do_not_fit_are_refused(axes: Axes) -> None:
    arrays = to_arrays(axes)

    with pytest.raises(ValueError, match="form 9"):
        from_arrays({**arrays, "form": np.array([9])})
    with pytest.raises(ValueError, match="idf"):
        from_arrays({**arrays, "idf": arrays["idf"][1:]})
    with pytest.raises(KeyError):
        from_arrays({name: array for name, array in arrays.items() if name != "middle"})


def test_further_categories_count_for_less() -> None:
    past = [subject_paper(at, "mu.VI" if at % 2 else "wa.IC") for at in range(80)]
    crossed = [replace(paper, categories=(*paper.categories, "xx.YY")) for paper in past[:40]]

    axes = learn_axes([*crossed, *past[40:]])

    assert axes.fields == ("mu.VI", "wa.IC", "xx.YY")


def test_rows_of_no_length_stay() -> None:
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]
