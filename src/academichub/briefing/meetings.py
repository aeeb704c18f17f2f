"""Find the concepts in which papers of different fields meet, and weigh each pair of papers."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from academichub.briefing.fieldlift import Lifts
from academichub.briefing.senses import mean_direction
from academichub.briefing.sharing import Readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from academichub.briefing.concepts import Concepts, Found
    from academichub.model.briefing import Paper

    Vectors = Mapping[int, NDArray[np.floating]]  # by work

MOST_SHARE: Final = 0.006  # of the background; what more papers use is nobody's own
FEWEST_FOR_SHARE: Final = 12  # papers that may use a concept in any background
LEAST_TERMNESS: Final = 0.06  # of a phrase
LEAST_TERMNESS_WORD: Final = 0.13
MOST_SPREAD_WORD: Final = 0.5
LEAST_HOME_LIFT: Final = 0.3
LEAST_DISTANCE: Final = 0.3
MOST_LIFT: Final = 4.0
MOST_SALIENCE: Final = 3
IN_TITLE: Final = 2  # mentions that one in the title is worth
SHARED_WEIGHTS: Final = (1.0, 0.6, 0.4, 0.2)  # of the shared concepts, the best first
WORDS_FACTOR: Final = (0.7, 1.4, 1.7, 1.7)  # by the number of words
FEWEST_CONCEPTS: Final = 8  # that a paper is taken to have: a short abstract is no better bridge
# The same sense, by directions: the words beside the concept in the paper abroad against the concept itself,
# beside it in both papers against each other, and the papers against each other.
SENSE_WORD: Final = 0.35
SENSE_PHRASE: Final = 0.15
SENSE_BESIDE: Final = 0.05
SENSE_PAPERS: Final = 0.1
# The same by the model's vectors, less their mean; measured in docs/bridges.md.
VECTOR_WORD: Final = 0.25
VECTOR_PHRASE: Final = -0.05


class Mention(NamedTuple):
    """How the abstract of a paper uses a concept."""

    salience: int  # mentions, and more if it is in the title; at most MOST_SALIENCE
    sentence: int  # of the abstract, from 0: the first that holds it
    beside: frozenset[int]  # the concepts of the same sentences and of the title


@dataclass(frozen=True, slots=True)
class Read:
    """A paper and the concepts in it."""

    paper: Paper
    mentions: Mapping[int, Mention]  # by concept
    spans: tuple[tuple[int, int], ...]  # of its sentences
    direction: NDArray[np.float64]


class Shared(NamedTuple):
    """A concept that two papers share, and what it is worth."""

    concept: int
    is_home_first: bool  # the first of the two papers is of the field where the concept is at home
    value: float


class Meeting(NamedTuple):
    """Two papers of different fields and the best concept they share."""

    home: Read
    away: Read
    concept: int
    score: float
    near: float  # how near each paper is to the other's field, 0 to 1


class Reader:
    """Reads papers against a background and weighs what two of them share."""

    def __init__(
        self, concepts: Concepts, vectors: Vectors | None = None, readings: Readings | None = None
    ) -> None:
        self.concepts = concepts
        self.lifts = Lifts(concepts)
        self._readings = readings or Readings()
        self._weights = concepts.idf
        self._directions = concepts.directions.astype(np.float64)
        # Lists and sets, since single numbers of an array are slow to get at.
        self._wanted: list[bool] = can_bridge(concepts).tolist()
        self._idf: list[float] = self._weights.tolist()
        self._termness: list[float] = concepts.termness.tolist()
        self._spread: list[float] = concepts.spread.tolist()
        self._parts = [frozenset(name.split(" ")) for name in concepts.names]
        self._words: list[int] = concepts.words.tolist()
        self._distances: dict[tuple[str, str], float] = {}
        self._vectors = _centred(vectors or {})

    def read(self, paper: Paper) -> Read:
        """Find the concepts of a paper that can be bridges, and what each is said with."""
        found = self._readings.concepts(paper, self.concepts)
        spans = self._readings.sentences(paper.abstract)
        titled = {one.concept for one in found.title}
        by_sentence: list[list[int]] = [[] for _ in spans]
        places: defaultdict[int, list[int]] = defaultdict(list)
        for concept, at in _placed(found.abstract, spans):
            by_sentence[at].append(concept)
            places[concept].append(at)
        mentions = {}
        for concept in sorted(one for one in places if self._wanted[one]):
            salience = min(MOST_SALIENCE, len(places[concept]) + IN_TITLE * (concept in titled))
            beside = titled.union(*(by_sentence[place] for place in places[concept]))
            mentions[concept] = Mention(salience, places[concept][0], frozenset(beside))
        return Read(paper, mentions, spans, self._direction(found.numbers))

    def worth(self, concept: int, read: Read) -> float:
        """Tell what a concept of a paper would be worth at best, if another used it as much."""
        return self._value(concept, read.mentions[concept].salience * MOST_SALIENCE)

    def promise(self, concept: int, worth: Mapping[str, float], field: str) -> float:
        """Tell what sharing a concept with a paper of a field may be worth, before that paper is read.

        Args:
            concept: Its number.
            worth: What it would be worth at best to papers of other fields, by field; see `worth`.
            field: The category of the paper in question.
        """
        best, lift = 0.0, self.lifts.lift(concept, field)
        for other, value in worth.items():
            distance = self._distance(field, other)
            other_lift = self.lifts.lift(concept, other)
            if distance >= LEAST_DISTANCE and max(lift, other_lift) >= LEAST_HOME_LIFT:
                away = field if other_lift >= lift else other
                best = max(best, distance * self._abroad(concept, value, abs(lift - other_lift), away))
        return best

    def meet(self, one: Read, other: Read) -> Meeting | None:
        """Weigh what two papers share; None where they share nothing that is a bridge.

        Source:
            Ours; what each part is worth is measured in docs/bridges.md.
        """
        fields = one.paper.category, other.paper.category
        distance = self._distance(*fields)
        near = float(one.direction @ other.direction)
        if distance < LEAST_DISTANCE or near < SENSE_PAPERS:
            return None
        common = self._maximal(one.mentions.keys() & other.mentions.keys())
        shared = [found for found in (self._shared(concept, one, other) for concept in common) if found]
        if not shared:
            return None
        shared.sort(key=lambda each: (-each.value, each.concept))
        value = sum(weight * each.value for weight, each in zip(SHARED_WEIGHTS, shared, strict=False))
        length = max(FEWEST_CONCEPTS, len(one.mentions)) * max(FEWEST_CONCEPTS, len(other.mentions))
        abroad = [float(one.direction @ self.lifts.direction(fields[1]))]
        abroad.append(float(other.direction @ self.lifts.direction(fields[0])))
        home, away = (one, other) if shared[0].is_home_first else (other, one)
        return Meeting(
            home=home,
            away=away,
            concept=shared[0].concept,
            score=value * distance * (1 + near) ** 2 / length**0.25,
            near=sum(max(0.0, each) for each in abroad) / len(abroad),
        )

    def _shared(self, concept: int, one: Read, other: Read) -> Shared | None:
        """Weigh one concept; None where it is at home nowhere or the two mean something else by it."""
        lift = self.lifts.lift(concept, one.paper.category)
        other_lift = self.lifts.lift(concept, other.paper.category)
        if max(lift, other_lift) < LEAST_HOME_LIFT:
            return None
        is_home_first = lift >= other_lift
        away = other if is_home_first else one
        if not self._is_one_sense(concept, one, other, away):
            return None
        salience = one.mentions[concept].salience * other.mentions[concept].salience
        apart, field = abs(lift - other_lift), away.paper.category
        value = self._abroad(concept, self._value(concept, salience), apart, field)
        return Shared(concept, is_home_first, value)

    def _abroad(self, concept: int, value: float, apart: float, away: str) -> float:
        """Weigh a value by how much more a concept is at home in one field, and how rare in the other."""
        rare = 1 + 0.3 * math.log(1 + self.lifts.year_count(concept, away))
        return value * (0.4 + 0.5 * min(MOST_LIFT, apart)) / rare

    def _distance(self, one: str, other: str) -> float:
        distance = self._distances.get((one, other))
        if distance is None:
            distance = self._distances[one, other] = self.lifts.distance(one, other)
        return distance

    def _value(self, concept: int, salience: int) -> float:
        """Tell what sharing a concept is worth by itself: rare, a term, of few fields, spoken of much."""
        return (
            self._idf[concept]
            * WORDS_FACTOR[self._words[concept] - 1]
            * math.sqrt(self._termness[concept])
            * (1.05 - self._spread[concept])
            * (0.15 + salience / MOST_SALIENCE**2)
        )

    def _is_one_sense(self, concept: int, one: Read, other: Read, away: Read) -> bool:
        """Tell whether both papers mean the same by a concept, as far as the words beside it can tell."""
        is_word = self._words[concept] == 1
        vectors = self._vectors.get(one.paper.work_id), self._vectors.get(other.paper.work_id)
        if vectors[0] is not None and vectors[1] is not None:
            alike = float(vectors[0] @ vectors[1])
            if alike < (VECTOR_WORD if is_word else VECTOR_PHRASE):
                return False
        abroad = self._beside(concept, away)
        if float(abroad @ self._directions[concept]) < (SENSE_WORD if is_word else SENSE_PHRASE):
            return False
        return float(abroad @ self._beside(concept, one if away is other else other)) >= SENSE_BESIDE

    def _maximal(self, common: AbstractSet[int]) -> list[int]:
        """Leave out concepts that are a part of another common one."""
        names = {concept: f" {self.concepts.names[concept]} " for concept in sorted(common)}
        return [
            concept
            for concept, name in names.items()
            if not any(name in longer and name != longer for longer in names.values())
        ]

    def _beside(self, concept: int, read: Read) -> NDArray[np.float64]:
        """Give where the concepts beside one point, without those that share a word with it."""
        own = self._parts[concept]
        beside = read.mentions[concept].beside
        return self._direction(one for one in beside if own.isdisjoint(self._parts[one]))

    def _direction(self, numbers: Iterable[int]) -> NDArray[np.float64]:
        return mean_direction(sorted(numbers), self._directions, self._weights)


def can_bridge(concepts: Concepts) -> NDArray[np.bool_]:
    """Tell which concepts can be a bridge: terms that are neither everywhere nor everybody's."""
    is_single = concepts.words == 1
    termness = concepts.termness
    most = max(MOST_SHARE * concepts.papers, FEWEST_FOR_SHARE)
    wanted: NDArray[np.bool_] = concepts.df <= most
    wanted &= np.where(is_single, termness >= LEAST_TERMNESS_WORD, termness >= LEAST_TERMNESS)
    wanted &= ~(is_single & (concepts.spread >= MOST_SPREAD_WORD))
    return wanted


def pairs(today: Sequence[Read], others: Sequence[Read]) -> Iterator[tuple[Read, Read]]:
    """Give the pairs of different fields that share a concept: a paper of today and any other, each once."""
    everyone = (*today, *others)
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for place, read in enumerate(everyone):
        for concept in read.mentions:
            holders[concept].append(place)
    for place, read in enumerate(today):
        partners = {one for concept in read.mentions for one in holders[concept] if one > place}
        for partner in sorted(partners):
            if everyone[partner].paper.category != read.paper.category:
                yield read, everyone[partner]


def _placed(found: Iterable[Found], spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give each concept that one sentence holds wholly, and the place of that sentence; all in order."""
    place = 0
    for concept, start, end in found:
        while place < len(spans) and spans[place][1] <= start:
            place += 1
        if place < len(spans) and spans[place][0] <= start and end <= spans[place][1]:
            yield concept, place


def _centred(vectors: Vectors) -> dict[int, NDArray[np.float64]]:
    """Take the mean off vectors and bring them to length 1 again."""
    if not vectors:
        return {}
    rows = np.array([vectors[work] for work in sorted(vectors)], dtype=np.float64)
    rows -= rows.mean(axis=0)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return dict(zip(sorted(vectors), rows, strict=True))
