from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.radar.corpus import learn
from academichub.radar.keeping import from_arrays, to_arrays
from academichub.radar.profile import Sign, profile
from academichub.radar.scoring import fit, score

if TYPE_CHECKING:
    from tests.unit.radar.conftest import Bench


@pytest.mark.parametrize("has_model", [True, False])
def test_a_corpus_that_was_kept_scores_to_the_last_bit_as_before(bench: Bench, *, has_model: bool) -> None:
    corpus = bench.corpus if has_model else bench.corpus.without_meanings()
    texts = bench.texts[:5]

    kept = from_arrays(to_arrays(corpus))

    before, after = (
        score(fit(profile(one.lay_out(texts), [Sign.SEED] * 5), one), one.lay_out(bench.texts)).logit
        for one in (corpus, kept)
    )
    assert before.tobytes() == after.tobytes()


def test_a_corpus_without_terms_can_be_kept() -> None:
    kept = from_arrays(to_arrays(learn(["alpha", "beta"])))

    assert kept.vocabulary.terms == ()


def test_arrays_of_another_form_or_that_do_not_fit_are_refused(bench: Bench) -> None:
    arrays = to_arrays(bench.corpus)

    with pytest.raises(ValueError, match="form 99"):
        from_arrays({**arrays, "form": np.array([99])})
    with pytest.raises(ValueError, match="weights"):
        from_arrays({**arrays, "idf": arrays["idf"][:-1]})
