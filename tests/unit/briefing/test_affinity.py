"""To which other fields a paper belongs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing import affinity
from academichub.briefing.affinity import Affinity, assumed_field, learn, likelihoods, predict
from academichub.briefing.affinitykeeping import from_arrays, to_arrays
from academichub.briefing.affinitypriors import count_priors
from academichub.briefing.affinityterms import learn_terms
from academichub.briefing.calibration import calibrate, likelihood
from tests.fakes.crosslisted import FIRST_DAY, a_paper, crosslisted


def learned(count: int) -> Affinity:
    model = learn(crosslisted(count))
    assert model is not None
    return model


@pytest.fixture(scope="module")
def counted() -> Affinity:
    return learned(600)


@pytest.fixture(scope="module")
def fitted() -> Affinity:
    return learned(affinity.LOGISTIC_FROM)


def same(one: Affinity, other: Affinity) -> bool:
    first, second = to_arrays(one), to_arrays(other)
    return first.keys() == second.keys() and all(
        first[name].tobytes() == second[name].tobytes() for name in first
    )


# -- learning -------------------------------------------------------------------------------------


def test_few_works_are_counted_and_many_are_fitted(counted: Affinity, fitted: Affinity) -> None:
    assert (counted.method, fitted.method) == ("bayes", "logistic")
    assert counted.archives == fitted.archives == ("cs", "econ", "math", "quant-ph")
    assert fitted.works == affinity.LOGISTIC_FROM


def test_too_few_works_teach_nothing() -> None:
    assert learn(crosslisted(affinity.FEWEST_WORKS - 1)) is None


def test_too_few_fields_teach_nothing() -> None:
    papers = [one for one in crosslisted(900) if {*one.categories} <= {"cs.CV", "math.PR"}]

    assert len(papers) > affinity.FEWEST_WORKS
    assert learn(papers) is None


def test_works_without_a_category_of_arxiv_teach_nothing(counted: Affinity) -> None:
    papers = crosslisted(600)
    others = [replace(one, categories=("Neuroscience",)) for one in crosslisted(300, seed=2)]

    model = learn([*others, *papers])

    assert model is not None
    assert same(model, counted)


@pytest.mark.parametrize("size", [600, affinity.LOGISTIC_FROM])
def test_the_same_works_in_any_order_give_the_same_bytes(
    size: int, counted: Affinity, fitted: Affinity
) -> None:
    papers = crosslisted(size)
    random.Random(5).shuffle(papers)  # noqa: S311

    model = learn(papers)

    assert model is not None
    assert same(model, counted if size == counted.works else fitted)


def test_the_works_of_some_days_can_be_held_out(fitted: Affinity) -> None:
    papers = crosslisted(affinity.LOGISTIC_FROM)

    last_third = learn(papers, held_out_from=FIRST_DAY + timedelta(days=66))
    last_tenth = learn(papers, held_out_from=FIRST_DAY + timedelta(days=90))

    assert last_third is not None
    assert last_tenth is not None
    assert same(last_tenth, fitted)
    assert not same(last_third, fitted)


# -- predicting -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["counted", "fitted"])
def test_a_paper_in_the_words_of_another_field_is_likely_of_interest_there(
    kind: str, request: pytest.FixtureRequest
) -> None:
    model: Affinity = request.getfixturevalue(kind)
    dice = random.Random(9)  # noqa: S311
    mixed = [
        replace(a_paper(at, dice, fields=("cs.CV", "econ.EM"), on=FIRST_DAY), categories=("cs.CV",))
        for at in range(50)
    ]
    plain = [a_paper(at, dice, fields=("cs.CV",), on=FIRST_DAY) for at in range(50)]

    told = [[one.archive for one in each] for each in predict(model, mixed)]
    not_told = predict(model, plain)

    assert sum(names[:1] == ["econ"] for names in told) >= 40
    assert sum(map(bool, not_told)) <= 3


def test_fields_that_a_paper_is_listed_in_are_not_told(fitted: Affinity) -> None:
    dice = random.Random(9)  # noqa: S311
    paper = a_paper(1, dice, fields=("cs.CV", "econ.EM"), on=FIRST_DAY)

    (told,) = predict(fitted, [paper], at_least=0.0)

    assert {one.archive for one in told} == {"math", "quant-ph"}
    assert [one.likelihood for one in told] == sorted((one.likelihood for one in told), reverse=True)
    assert all(0 <= one.likelihood <= 1 for one in told)


def test_a_journal_paper_is_assumed_to_be_of_the_field_it_fits(fitted: Affinity) -> None:
    dice = random.Random(9)  # noqa: S311
    paper = replace(a_paper(1, dice, fields=("quant-ph",), on=FIRST_DAY), categories=())

    (told,) = predict(fitted, [paper])

    assert assumed_field(fitted, [paper]) == ["quant-ph"]
    assert [one.archive for one in told] == ["quant-ph"]


def test_the_field_of_a_listed_paper_is_its_own(fitted: Affinity) -> None:
    dice = random.Random(9)  # noqa: S311
    paper = a_paper(1, dice, fields=("quant-ph",), on=FIRST_DAY)
    listed = [replace(paper, categories=names) for names in [("hep-th",), ("Biology", "econ.GN"), ("cs.CV",)]]

    assert assumed_field(fitted, listed) == ["hep-th", "econ", "cs"]


def test_a_paper_of_a_field_that_nothing_was_learned_of_is_judged_by_its_words(fitted: Affinity) -> None:
    dice = random.Random(9)  # noqa: S311
    paper = replace(a_paper(1, dice, fields=("quant-ph",), on=FIRST_DAY), categories=("hep-th",))

    said = likelihoods(fitted, [paper])

    assert said.own.tolist() == [-1]
    assert fitted.archives[said.values[0].argmax()] == "quant-ph"


def test_a_text_that_says_too_little_gets_nothing(fitted: Affinity) -> None:
    dice = random.Random(9)  # noqa: S311
    paper = a_paper(1, dice, fields=("cs.CV", "econ.EM"), on=FIRST_DAY)
    short = replace(paper, title="Wages", abstract="")
    chinese = replace(paper, title="量子纠错", abstract="本文研究量子纠错码。")
    journal = replace(short, categories=())

    assert predict(fitted, [short, chinese, journal], at_least=0.0) == [(), (), ()]
    assert assumed_field(fitted, [journal]) == [""]


def test_a_journal_paper_that_fits_no_field_gets_nothing(fitted: Affinity) -> None:
    doubting = replace(fitted, open_curve=np.array([1.0, -100.0]))
    paper = replace(crosslisted(1)[0], categories=())

    assert predict(doubting, [paper]) == [()]
    assert assumed_field(doubting, [paper]) == [""]


def test_no_papers_get_nothing(fitted: Affinity) -> None:
    assert predict(fitted, []) == []
    assert assumed_field(fitted, []) == []


@given(title=st.text(max_size=200), abstract=st.text(max_size=500), name=st.text(max_size=20))
def test_any_text_is_judged_without_an_error(title: str, abstract: str, name: str) -> None:
    model = _SMALL
    paper = replace(crosslisted(1)[0], title=title, abstract=abstract, categories=(name,) if name else ())

    (told,) = predict(model, [paper], at_least=0.0)

    assert all(np.isfinite(one.likelihood) for one in told)


_SMALL = learned(220)


def test_what_was_said_comes_true_as_often_as_it_says(fitted: Affinity) -> None:
    papers = crosslisted(4_000, seed=8)
    alone = [replace(one, categories=one.categories[:1]) for one in papers]

    said = likelihoods(fitted, alone)

    is_other = said.own[:, None] != np.arange(4)
    labels = affinity.labels_of(papers, fitted.archives)
    assert abs(said.values[is_other].mean() - labels[is_other].mean()) < 0.01


# -- keeping --------------------------------------------------------------------------------------


def test_a_kept_model_says_what_it_said(fitted: Affinity) -> None:
    papers = crosslisted(50, seed=3)

    again = from_arrays(to_arrays(fitted))

    assert same(again, fitted)
    assert predict(again, papers, at_least=0.0) == predict(fitted, papers, at_least=0.0)


@pytest.mark.parametrize(
    "name", ["form", "weights", "idf", "prior", "curve", "open_curve", "archive_priors", "category_priors"]
)
def test_arrays_that_do_not_fit_are_refused(name: str, counted: Affinity) -> None:
    arrays = to_arrays(counted)
    arrays[name] = arrays[name] + 1 if name == "form" else arrays[name].ravel()[1:]

    with pytest.raises(ValueError, match=r"form|shape"):
        from_arrays(arrays)


def test_a_missing_array_is_refused(counted: Affinity) -> None:
    arrays = to_arrays(counted)
    del arrays["pairs"]

    with pytest.raises(KeyError):
        from_arrays(arrays)


# -- parts ----------------------------------------------------------------------------------------


def test_rows_are_the_same_when_learned_and_when_asked_for() -> None:
    papers = crosslisted(300)

    terms, rows = learn_terms(papers)

    asked = terms.rows(papers)
    assert (asked.indptr.tolist(), asked.indices.tolist()) == (rows.indptr.tolist(), rows.indices.tolist())
    assert asked.data.tobytes() == rows.data.tobytes()
    assert np.allclose((rows.multiply(rows)).sum(axis=1), 1, atol=1e-5)


def test_papers_without_words_have_empty_rows() -> None:
    blank = [replace(one, title="", abstract="") for one in crosslisted(3)]

    terms, rows = learn_terms(blank)

    assert (len(terms), rows.shape) == (0, (3, 0))
    assert terms.rows([]).shape == (0, 0)
    assert learn_terms([])[1].shape == (0, 0)


def test_a_pair_is_of_neighbours_and_a_title_counts_twice() -> None:
    papers = [replace(one, title="Blue lamps", abstract="Lamps, lamps.") for one in crosslisted(2)]
    papers += [replace(one, title="Quiet rivers", abstract="Rivers rest.") for one in crosslisted(3)]

    terms, rows = learn_terms(papers)

    assert terms.words == ("blu", "lamp")  # without endings; rivers are in more than half
    assert terms.pairs.tolist() == [0 * 2 + 1, 1 * 2 + 1]  # "blue lamp", "lamp lamp"
    weights = rows[[0]].toarray().ravel()
    counts = 1 + np.log([2, 4, 2, 1])
    assert np.allclose(weights, counts / np.linalg.norm(counts), atol=1e-5)


def test_a_category_never_seen_falls_back_on_its_archive_and_then_on_all() -> None:
    labels = np.array([[True, False], [True, True], [True, False], [False, True]])

    priors = count_priors(["cs.CV", "cs.CV", "cs.LG", "math.PR"], labels)

    assert np.array_equal(priors.of(["cs.XX"])[0], priors.of_archive("cs"))
    assert np.array_equal(priors.of(["nlin.AO"])[0], priors.base)
    assert np.exp(priors.of_archive("cs")[0]) > np.exp(priors.base[0])
    assert priors.of([]).shape == (0, 2)


def test_a_curve_learned_from_nothing_is_careful() -> None:
    curve = calibrate(np.array([[3.0], [-3.0]]), np.array([True, False]))

    assert 0.5 < likelihood(np.array([3.0]), curve) < 0.97
    assert likelihood(np.zeros(1), calibrate(np.zeros((0, 1)), np.zeros(0, dtype=np.bool_))) == 0.5
