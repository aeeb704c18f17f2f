from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.radar.corpus import learn
from academichub.radar.explaining import explain
from academichub.radar.profile import Sign, profile
from academichub.radar.scoring import fit, score

if TYPE_CHECKING:
    from tests.unit.radar.conftest import Bench


@pytest.mark.parametrize("has_model", [True, False])
def test_every_part_splits_exactly_into_papers_and_words_into_terms(bench: Bench, *, has_model: bool) -> None:
    corpus = bench.corpus if has_model else bench.corpus.without_meanings()
    background = bench.background if has_model else bench.background.without_vectors()
    candidates = bench.candidates if has_model else bench.candidates.without_vectors()
    fitted = fit(profile(background.take([0, 3, 7]), [Sign.STAR, Sign.SEED, Sign.WEAK]), corpus)

    for row in range(len(candidates)):
        why = explain(fitted, corpus, candidates.take([row]))

        assert sum(why.parts.values()) == pytest.approx(why.logit, abs=1e-9)
        assert sum(share.words for share in why.shares) + why.middle_words == pytest.approx(
            why.parts["words"], abs=1e-9
        )
        assert sum(share.meaning for share in why.shares) + why.middle_meaning == pytest.approx(
            why.parts["meaning"], abs=1e-9
        )
        assert sum(term.logit for term in why.terms) + why.middle_words == pytest.approx(
            why.parts["words"], abs=1e-9
        )


def test_an_explanation_tells_the_score_of_the_ranking(bench: Bench) -> None:
    fitted = fit(profile(bench.background.take([0, 3]), [Sign.STAR] * 2), bench.corpus)

    why = explain(fitted, bench.corpus, bench.candidates.take([5]))

    assert why.logit == pytest.approx(score(fitted, bench.candidates).logit[5], abs=1e-9)


def test_the_nearest_liked_paper_is_told_first_and_its_terms_are_shared(bench: Bench) -> None:
    fitted = fit(profile(bench.background.take([0, 1]), [Sign.STAR] * 2), bench.corpus)
    row = int(np.flatnonzero(bench.subjects == 1)[0])

    why = explain(fitted, bench.corpus, bench.candidates.take([row]))

    assert why.shares[0].row == 1
    assert why.shared_terms(3)
    assert all(term.rows and term.logit > 0 for term in why.shared_terms(3))
    assert len(why.shared_terms(1)) == 1


def test_a_paper_without_a_vector_is_explained_by_its_words(bench: Bench) -> None:
    fitted = fit(profile(bench.background.take([0, 3]), [Sign.STAR] * 2), bench.corpus)

    why = explain(fitted, bench.corpus, bench.corpus.lay_out(["graph neural message passing"]))

    assert why.parts["meaning"] == 0
    assert all(share.meaning == 0 for share in why.shares)
    assert why.middle_meaning == 0


def test_a_corpus_without_terms_explains_nothing_by_words() -> None:
    corpus = learn(["alpha", "beta"])
    fitted = fit(profile(corpus.lay_out(["alpha"]), [Sign.SEED]), corpus)

    why = explain(fitted, corpus, corpus.lay_out(["beta"]))

    assert why.terms == ()
    assert why.logit == why.parts["base"]


def test_only_one_paper_is_explained_at_a_time(bench: Bench) -> None:
    fitted = fit(profile(bench.background.take([0]), [Sign.STAR]), bench.corpus)

    with pytest.raises(ValueError, match="wanted one"):
        explain(fitted, bench.corpus, bench.candidates)
