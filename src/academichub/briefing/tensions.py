"""Find tensions: two papers that claim opposite things of one concept, or give it far-apart numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final, TypeAlias

from academichub.briefing.claims import Claim, Measure, claims, may_claim, measures
from academichub.briefing.roles import role_at
from academichub.briefing.senses import mean_direction
from academichub.briefing.sharing import Readings, held
from academichub.model.briefing import Evidence, Role, Span, Tension, TensionKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from academichub.briefing.concepts import Concepts, Found
    from academichub.model.briefing import Paper

Said: TypeAlias = Claim | Measure

MOST: Final = 10
MOST_SHARE: Final = 0.02  # of the background that may use a concept: a claim of more is not specific
FEWEST_FOR_SHARE: Final = 20  # papers that may use a concept in any background
LEAST_ALIKE: Final = 0.2  # of where two papers point: else they speak of different things
LEAST_SHARED: Final = 0.5  # of the words of both subjects, and of those of the shorter object
SIGMAS: Final = 3.0  # by which two numbers with errors must differ
TIMES: Final = 2.0  # by which two numbers without errors must differ
_CLAIMING: Final = frozenset({Role.RESULT, Role.LIMIT})


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A result of a paper and what it says."""

    paper: Paper
    number: int
    span: tuple[int, int]
    role: Role
    said: Said
    concepts: frozenset[int]


def find_tensions(
    papers: Sequence[Paper],
    others: Sequence[Paper],
    concepts: Concepts,
    *,
    readings: Readings | None = None,
) -> tuple[Tension, ...]:
    """Find claims of papers against each other and against those of the days before.

    Better none than a false one: both sentences must be results, the concept must be the subject of both and
    specific, and the papers must be about alike things.

    Args:
        papers: Of the day or days that are briefed.
        others: Of the fortnight before; those that are also in `papers` count once.
        concepts: Learned from the papers before that.
        readings: What was read of the papers, if others read the same ones.

    Returns:
        The strongest first, at most `MOST`; a pair of papers comes once.
    """
    readings = readings or Readings()
    today = {paper.work_id for paper in papers}
    by_concept: defaultdict[int, list[_Sentence]] = defaultdict(list)
    for paper in papers:
        for sentence in _read(paper, concepts, readings):
            by_concept[sentence.said.concept].append(sentence)
    rest = [one for one in others if one.work_id not in today]
    for paper, _ in held(by_concept.keys(), rest, concepts):
        for sentence in _read(paper, concepts, readings):
            if sentence.said.concept in by_concept:
                by_concept[sentence.said.concept].append(sentence)
    best: dict[tuple[int, int], Tension] = {}
    for concept in sorted(by_concept):
        for one, other in combinations(by_concept[concept], 2):
            pair = one.paper.work_id, other.paper.work_id
            if pair[0] == pair[1] or not today.intersection(pair):
                continue
            tension = _tension(one, other, concepts)
            if tension is not None and (pair not in best or best[pair].strength < tension.strength):
                best[pair] = tension
    return tuple(sorted(best.values(), key=_order)[:MOST])


def _order(tension: Tension) -> tuple[float, str, int, int]:
    return -tension.strength, tension.concept, tension.one.span.work_id, tension.other.span.work_id


def _read(paper: Paper, concepts: Concepts, readings: Readings) -> Iterator[_Sentence]:
    most = max(MOST_SHARE * concepts.papers, FEWEST_FOR_SHARE)
    spans = readings.sentences(paper.abstract)
    for number, (start, end) in enumerate(spans):
        text = paper.abstract[start:end]
        if not may_claim(text):
            continue
        found = readings.concepts_within(paper, start, end, concepts)
        specific = [one for one in _longest(found) if concepts.df[one.concept] <= most]
        found_said: tuple[Said, ...] = (*claims(text, specific), *measures(text, specific))
        if found_said and (role := role_at(paper.abstract, spans, number)) in _CLAIMING:
            numbers = frozenset(one.concept for one in found)
            for said in found_said:
                yield _Sentence(paper, number, (start, end), role, said, numbers)


def _longest(found: Sequence[Found]) -> list[Found]:
    """Leave out concepts that stand inside a longer one: the claim is about the longer."""
    return [
        one
        for one in found
        if not any(
            each.start <= one.start and one.end <= each.end and each.end - each.start > one.end - one.start
            for each in found
        )
    ]


def _tension(one: _Sentence, other: _Sentence, concepts: Concepts) -> Tension | None:
    if isinstance(one.said, Claim) and isinstance(other.said, Claim):
        kind, strength = TensionKind.DIRECTION, _opposed(one.said, other.said)
    else:
        kind, strength = TensionKind.NUMBERS, _apart(one, other, concepts)
    if strength <= 0:
        return None
    concept = one.said.concept
    alike = float(_direction(one.paper, concept, concepts) @ _direction(other.paper, concept, concepts))
    if alike < LEAST_ALIKE:
        return None
    return Tension(
        concept=concepts.surfaces[one.said.concept],
        kind=kind,
        one=_evidence(one),
        other=_evidence(other),
        one_says=one.said.says,
        other_says=other.said.says,
        strength=strength * alike,
    )


def _direction(paper: Paper, concept: int, concepts: Concepts) -> NDArray[np.float64]:
    """Give where a paper points, without the concept in question: that one is shared anyway."""
    others = sorted(concepts.of(paper).numbers - {concept})
    return mean_direction(others, concepts.directions, concepts.idf)


def _opposed(one: Claim, other: Claim) -> float:
    """Tell how much two claims are opposites, 0 to 1: how much of their subjects and objects they share."""
    if one.about != other.about or one.is_up == other.is_up:
        return 0.0
    subjects = len(one.subjects & other.subjects) / max(len(one.subjects | other.subjects), 1)
    objects = 1.0  # where the subjects themselves are so
    if one.objects or other.objects:
        objects = len(one.objects & other.objects) / max(min(len(one.objects), len(other.objects)), 1)
    return subjects * objects if min(subjects, objects) >= LEAST_SHARED else 0.0


def _apart(one: _Sentence, other: _Sentence, concepts: Concepts) -> float:
    """Tell how far two numbers of a concept are apart, 0 to 1.

    With errors, by their number; without, by their ratio. Both sentences must share one more concept that is
    no part of the first: the mass of this galaxy is not that of another.
    """
    first, second = one.said, other.said
    if not isinstance(first, Measure) or not isinstance(second, Measure) or first.unit != second.unit:
        return 0.0
    own = set(concepts.names[first.concept].split(" "))
    beside = [concepts.names[each].split(" ") for each in sorted(one.concepts & other.concepts)]
    if not any(own.isdisjoint(words) for words in beside):
        return 0.0
    low, high = sorted((first.value, second.value))
    if first.error > 0 and second.error > 0:
        is_apart = high - low >= SIGMAS * math.hypot(first.error, second.error)
    else:
        is_apart = first.error == second.error and low > 0 and high >= TIMES * low
    return 1 - low / high if is_apart else 0.0


def _evidence(sentence: _Sentence) -> Evidence:
    paper, (start, end) = sentence.paper, sentence.span
    return Evidence(
        span=Span(paper.work_id, paper.version, start, end, paper.text_hash),
        quote=paper.abstract[start:end],
        role=sentence.role,
        sentence=sentence.number + 1,
    )
