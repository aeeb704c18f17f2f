from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.radar.corpus import learn
from academichub.radar.profile import WEIGHTS, Profile, Sign, profile
from academichub.radar.scoring import WITH_MEANING, WORDS_ONLY, fit, fit_many, score, score_many, sigmoid
from tests.unit.radar.papers import library

if TYPE_CHECKING:
    from tests.unit.radar.conftest import Bench


def test_papers_of_the_liked_subject_come_first(bench: Bench) -> None:
    interest = profile(bench.background.take([0, 3, 6]), [Sign.STAR] * 3)

    match = score(fit(interest, bench.corpus), bench.candidates).match

    assert set(bench.subjects[np.argsort(-match)[:15]]) == {0}


def test_one_sentence_is_enough_to_find_its_subject(bench: Bench) -> None:
    line = bench.corpus.lay_out(["protein folding and enzyme kinetics"])

    match = score(fit(profile(line, [Sign.TEXT]), bench.corpus), bench.candidates).match

    assert set(bench.subjects[np.argsort(-match)[:8]]) == {1}


def test_the_parts_add_up_to_the_log_odds(bench: Bench) -> None:
    scores = score(
        fit(profile(bench.background.take([1, 4]), [Sign.SEED] * 2), bench.corpus), bench.candidates
    )

    assert set(scores.parts) == {"base", "words", "meaning"}
    assert sum(scores.parts.values()) == pytest.approx(scores.logit, abs=1e-12)
    assert scores.match == pytest.approx(1 / (1 + np.exp(-scores.logit)))


def test_a_better_z_is_a_better_match(bench: Bench) -> None:
    scores = score(fit(profile(bench.background.take([2]), [Sign.SEED]), bench.corpus), bench.candidates)

    by_z = np.argsort(scores.z)
    assert np.all(np.diff(scores.logit[by_z]) >= 0)


@pytest.mark.parametrize("calibration", [WITH_MEANING, WORDS_ONLY])
def test_the_shipped_calibration_rises_with_z(calibration: object) -> None:
    assert calibration in (WITH_MEANING, WORDS_ONLY)
    z = np.linspace(-5, 50, 500)

    assert np.all(np.diff(z * WITH_MEANING.factor(z)) >= 0)
    assert np.all(np.diff(z * WORDS_ONLY.factor(z)) >= 0)


def test_a_paper_off_topic_pushes_its_like_down_and_a_seen_one_does_not(bench: Bench) -> None:
    liked = bench.background.take([0, 1])
    seen = fit(profile(liked, [Sign.STAR, Sign.SEEN]), bench.corpus)
    off = fit(profile(liked, [Sign.STAR, Sign.OFF_TOPIC]), bench.corpus)
    alone = fit(profile(liked.take([0]), [Sign.STAR]), bench.corpus)

    one = bench.subjects == 1
    assert score(seen, bench.candidates).z == pytest.approx(score(alone, bench.candidates).z)
    assert score(off, bench.candidates).z[one].mean() < score(seen, bench.candidates).z[one].mean()


def test_a_profile_in_which_nothing_is_wanted_makes_all_papers_equal(bench: Bench) -> None:
    nothing = fit(profile(bench.background.take([0]), [Sign.SEEN]), bench.corpus)

    assert np.ptp(score(nothing, bench.candidates).logit) == 0


def test_without_a_model_the_words_must_do(bench: Bench) -> None:
    corpus = bench.corpus.without_meanings()
    interest = profile(bench.background.without_vectors().take([0, 3]), [Sign.STAR] * 2)

    scores = score(fit(interest, corpus), bench.candidates.without_vectors())

    assert set(bench.subjects[np.argsort(-scores.match, kind="stable")[:10]]) == {0}
    assert not scores.parts["meaning"].any()


def test_likes_without_a_vector_are_ranked_by_words_alone(bench: Bench) -> None:
    blind = bench.corpus.lay_out(["graph neural message passing"])

    scores = score(fit(profile(blind, [Sign.SEED]), bench.corpus), bench.candidates)

    assert not scores.parts["meaning"].any()
    assert bench.subjects[np.argmax(scores.match)] == 0


def test_likes_without_known_words_are_ranked_by_meaning_alone(bench: Bench) -> None:
    _, vectors, _ = library(3)
    wordless = bench.corpus.lay_out(["unheard"], vectors[2:])

    scores = score(fit(profile(wordless, [Sign.SEED]), bench.corpus), bench.candidates)

    assert not scores.parts["words"].any()
    assert bench.subjects[np.argmax(scores.match)] == 2


def test_a_paper_without_a_vector_gets_nothing_for_its_meaning(bench: Bench) -> None:
    interest = fit(profile(bench.background.take([0, 3]), [Sign.STAR] * 2), bench.corpus)

    scores = score(interest, bench.corpus.lay_out(["graph neural message passing"]))

    assert scores.parts["meaning"][0] == 0
    assert scores.parts["words"][0] > 0


def test_many_profiles_at_once_score_as_one_by_one(bench: Bench) -> None:
    profiles = [profile(bench.background.take(rows), [Sign.LIBRARY] * 2) for rows in ([0, 3], [1, 2], [5, 7])]

    together = list(score_many(fit_many(profiles, bench.corpus), bench.candidates))

    for one, scores in zip(profiles, together, strict=True):
        assert scores.logit == pytest.approx(score(fit(one, bench.corpus), bench.candidates).logit, abs=1e-9)


def test_two_runs_give_the_same_bytes() -> None:
    texts, vectors, _ = library(90)
    runs = []
    for _ in range(2):
        corpus = learn(texts, vectors)
        laid = corpus.lay_out(texts, vectors)
        runs.append(score(fit(profile(laid.take([0, 4]), [Sign.STAR] * 2), corpus), laid).logit.tobytes())

    assert runs[0] == runs[1]


def test_others_help_to_know_which_terms_are_common() -> None:
    corpus = learn(["alpha beta"], others=["alpha gamma"])

    assert corpus.vocabulary.column.get("alpha") is not None
    assert corpus.meanings is None


def test_papers_without_vectors_are_no_background_of_meanings() -> None:
    texts, vectors, _ = library(30)
    half = vectors.copy()
    half[::2] = 0

    corpus = learn(texts, half)

    assert corpus.meanings is not None
    assert len(corpus.meanings.landmarks) == 15
    assert learn(texts, np.zeros_like(vectors)).meanings is None


def test_vectors_of_another_model_are_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="vectors of shape"):
        bench.corpus.lay_out(["graph"], np.ones((1, 3)))


def test_a_text_must_come_after_the_papers(bench: Bench) -> None:
    with pytest.raises(ValueError, match="texts last"):
        profile(bench.background.take([0, 1]), [Sign.TEXT, Sign.STAR])
    with pytest.raises(ValueError, match="texts last"):
        profile(bench.background.take([0, 1]), [Sign.STAR])


def test_every_sign_has_a_weight() -> None:
    assert set(WEIGHTS) == set(Sign)


def test_equal_weights_are_worth_as_many_likes_as_there_are(bench: Bench) -> None:
    papers = bench.background.take([0, 3, 6, 9])

    assert fit(profile(papers, [Sign.LIBRARY] * 4), bench.corpus).likes == pytest.approx(4)
    assert fit(Profile(papers, np.array([1.0, 0.0, 0.0, -1.0])), bench.corpus).likes == pytest.approx(1)


def test_log_odds_far_from_zero_do_not_overflow() -> None:
    assert sigmoid(np.array([-1e6, 0.0, 1e6])) == pytest.approx([0.0, 0.5, 1.0])
