"""Fit a reader's interest and score papers by it, as a sum of named parts.

    match = 1 / (1 + exp(-(base + words + meaning)))

For each space the raw score is the ridge sum of `spaces`, blended with the plain centroid by the number of
likes. It is measured against the reference papers, (raw - mean) / deviation, so that spaces can be added
and readers compared: z is the weighted sum of both, measured again. The calibrator then turns z into
log-odds by a curve through zero. Curve(z) / z is one factor for a paper, by which the addends of z become the
parts `words` and `meaning`; what does not depend on the paper is `base`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.radar.spaces import nearness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from academichub.radar.corpus import Corpus, Papers
    from academichub.radar.profile import Profile
    from academichub.text.terms import Vector


_LEAST_DEVIATION: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log-odds = bias + curve(z) + evidence log(1 + likes).

    The curve is bend log(1 + z) above zero, since twice as near is not twice as likely, and slope z below.
    """

    bias: float
    slope: float
    bend: float
    evidence: float

    def factor(self, z: Vector) -> Vector:
        """Give curve(z) / z, by which the addends of z become log-odds; above zero where the fit is sound."""
        above = np.maximum(z, _LEAST_DEVIATION)
        return np.where(z > 0, self.bend * np.log1p(above) / above, self.slope)

    def base(self, likes: float) -> float:
        """Give the log-odds of a paper like the average one."""
        return self.bias + self.evidence * float(np.log1p(likes))


# Fitted on readers of the validation split of A1: python -m evaluation.ranking FOLDER --calibrate
WITH_MEANING: Final = Calibration(bias=-10.957, slope=2.980, bend=2.796, evidence=1.045)
WORDS_ONLY: Final = Calibration(bias=-10.622, slope=0.252, bend=2.430, evidence=1.035)

WORD_SHARE: Final = 0.18  # of words beside the meaning, with many likes
SHARE_LIKES: Final = 5.0  # likes at which half of it is reached
LINE_WORD_SHARE: Final = 0.35  # of words, where there is only free text
FULL_RIDGE: Final = 3.0  # likes at which half of the score is the ridge's


@dataclass(frozen=True, slots=True)
class Side:
    """One space's part of a fitted profile: z = gain (raw - mean)."""

    weights: Vector  # shape (papers,), of each paper of the profile
    damped: Vector  # what the background explains, shape (directions,) or (landmarks,)
    mean: float
    gain: float  # 0 where the space says nothing


@dataclass(frozen=True, slots=True)
class Fitted:
    """A profile ready to score; a value that can be stored and used again with the same corpus."""

    papers: Papers
    words: Side
    meaning: Side
    ridge: float  # share of the ridge beside the plain centroid, in [0, 1)
    likes: float  # how many papers the evidence is worth
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Scores:
    """Named parts of the log-odds, one value a paper."""

    z: Vector
    parts: Mapping[str, Vector]

    @property
    def logit(self) -> Vector:
        """Sum the parts in their order."""
        return np.asarray(np.sum(list(self.parts.values()), axis=0))

    @property
    def match(self) -> Vector:
        """Give the match, a probability."""
        return sigmoid(self.logit)


def sigmoid(logit: Vector) -> Vector:
    """Turn log-odds into a probability without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -logit)))


def fit(profile: Profile, corpus: Corpus) -> Fitted:
    """Fit a profile; where nothing in it is wanted, every paper scores the same."""
    return fit_many([profile], corpus)[0]


def fit_many(profiles: Sequence[Profile], corpus: Corpus) -> list[Fitted]:
    """Fit profiles; those of one call share products with the background: give some hundred."""
    evidence = [_evidence(profile) for profile in profiles]
    ridge = np.array([likes / (likes + FULL_RIDGE) for likes in evidence])
    own_words = [_normal(one.weights * (np.diff(one.papers.words.indptr) > 0)) for one in profiles]
    own_meaning = [_normal(one.weights * one.papers.has_vector) for one in profiles]
    papers = [one.papers for one in profiles]
    by_words = [own @ one.word_coordinates for own, one in zip(own_words, papers, strict=True)]
    damped_words = ridge[:, None] * np.array(by_words) * corpus.words.damping
    damped_meaning = np.zeros((len(profiles), 0))
    if corpus.meanings is not None:
        by_meaning = [own @ one.coordinates for own, one in zip(own_meaning, papers, strict=True)]
        damped_meaning = ridge[:, None] * (np.array(by_meaning) @ corpus.meanings.damping)
    reference = corpus.reference
    common_words = damped_words @ reference.word_coordinates.T
    common_meaning = damped_meaning @ reference.coordinates.T
    fitted = []
    for at, profile in enumerate(profiles):
        words = Side(own_words[at], damped_words[at], 0.0, 0.0)
        meaning = Side(own_meaning[at], damped_meaning[at], 0.0, 0.0)
        raw = (
            _words_raw(words, profile.papers, reference, common_words[at]),
            _meaning_raw(meaning, profile.papers, reference, common_meaning[at]),
        )
        calibration = WORDS_ONLY if corpus.meanings is None else WITH_MEANING
        bare = Fitted(profile.papers, words, meaning, float(ridge[at]), evidence[at], calibration)
        fitted.append(_measure(bare, raw, _word_share(profile, evidence[at])))
    return fitted


def _evidence(profile: Profile) -> float:
    """Count how many equal likes the weights are worth.

    Source:
        Kish, Survey sampling (1965): effective sample size.
    """
    wanted = np.maximum(profile.weights, 0.0)
    return float(wanted.sum() ** 2 / max((wanted**2).sum(), _LEAST_DEVIATION))


def _word_share(profile: Profile, likes: float) -> float:
    """Trust words the more, the more likes there are; a line of free text is chosen for its words."""
    wanted = np.maximum(profile.weights, 0.0)
    lines = wanted[len(wanted) - profile.lines :].sum() / max(wanted.sum(), _LEAST_DEVIATION)
    return float(lines * LINE_WORD_SHARE + (1 - lines) * WORD_SHARE * likes / (likes + SHARE_LIKES))


def _normal(weights: Vector) -> Vector:
    total = np.maximum(weights, 0.0).sum()
    return weights / total if total > 0 else np.zeros_like(weights)


def _words_raw(side: Side, papers: Papers, candidates: Papers, common: Vector) -> Vector:
    """Score candidates by words, before they are measured."""
    return np.asarray(candidates.words @ (papers.words.T @ side.weights) - common)


def _meaning_raw(side: Side, papers: Papers, candidates: Papers, common: Vector) -> Vector:
    """Score candidates by meaning, before they are measured; NaN for one without a vector."""
    if not side.damped.size:
        return np.zeros(len(candidates))
    used = np.flatnonzero(side.weights)
    near = nearness(candidates.vectors, papers.vectors[used]) @ side.weights[used]
    return np.where(candidates.has_vector, near - common, np.nan)


def _measure(bare: Fitted, raw: tuple[Vector, Vector], share: float) -> Fitted:
    """Find the gains by which both spaces can be added to a sum of deviation 1 on the reference."""
    words, meaning = (_measured(side, one) for side, one in zip((bare.words, bare.meaning), raw, strict=True))
    if meaning.gain == 0:
        share = 1.0
    elif words.gain == 0:
        share = 0.0
    gain = _gain(share * _z(words, raw[0]) + (1 - share) * _z(meaning, raw[1]))
    return replace(
        bare,
        words=replace(words, gain=words.gain * share * gain),
        meaning=replace(meaning, gain=meaning.gain * (1 - share) * gain),
    )


def _measured(side: Side, raw: Vector) -> Side:
    known = raw[np.isfinite(raw)]
    if not known.size or not np.any(side.weights):
        return side
    return replace(side, mean=float(known.mean()), gain=_gain(known))


def _z(side: Side, raw: Vector) -> Vector:
    """Measure raw scores; what is not known is 0, as the mean is."""
    return np.nan_to_num(side.gain * (raw - side.mean), nan=0.0)


def _gain(values: Vector) -> float:
    deviation = float(values.std())
    return 1.0 / deviation if deviation > _LEAST_DEVIATION else 0.0


def score(fitted: Fitted, candidates: Papers) -> Scores:
    """Score papers laid out in the corpus that the profile was fitted with."""
    return next(score_many([fitted], candidates))


def score_many(fitted: Sequence[Fitted], candidates: Papers) -> Iterator[Scores]:
    """Score the same papers for several profiles, in their order; give some hundred profiles at once."""
    for one, (words, meaning) in zip(fitted, raw_many(fitted, candidates), strict=True):
        yield _assemble(_z(one.words, words), _z(one.meaning, meaning), one)


def raw_many(fitted: Sequence[Fitted], candidates: Papers) -> Iterator[tuple[Vector, Vector]]:
    """Give for each profile the scores by words and by meaning before they are measured; NaN is not known."""
    common_words = np.array([one.words.damped for one in fitted]) @ candidates.word_coordinates.T
    common_meaning = np.array([one.meaning.damped for one in fitted]) @ candidates.coordinates.T
    for at, one in enumerate(fitted):
        yield (
            _words_raw(one.words, one.papers, candidates, common_words[at]),
            _meaning_raw(one.meaning, one.papers, candidates, common_meaning[at]),
        )


def _assemble(words: Vector, meaning: Vector, fitted: Fitted) -> Scores:
    """Turn both parts of z into named parts of the log-odds."""
    z = words + meaning
    factor = fitted.calibration.factor(z)
    base = np.full(len(z), fitted.calibration.base(fitted.likes))
    return Scores(z, {"base": base, "words": factor * words, "meaning": factor * meaning})
