"""Learn which phrases are concepts from the papers of the past, and find them in a text.

A concept is a word or a phrase of up to four words that papers put into their titles, not only into their
abstracts; see docs/bridges.md for the measures and where they come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from academichub.briefing import conceptcounting, senses
from academichub.briefing.conceptcounting import Reading
from academichub.briefing.conceptwords import (
    HYPHENS,
    INNER,
    LONGEST,
    LONGEST_TEXT,
    TOKEN,
    is_joined,
    may_begin,
    may_stand_alone,
    releases,
    word_of,
)
from academichub.model.briefing import Paper, archive_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from academichub.briefing.conceptcounting import Counted, Rows
    from academichub.briefing.senses import Directions

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

MOST_SHARE: Final = 0.15  # of the papers; what more of them use is no concept
FEWEST_FOR_SHARE: Final = 200  # papers; in a smaller background no phrase is too common
LEAST_TERMNESS: Final = 0.05  # of a phrase
LEAST_TERMNESS_WORD: Final = 0.08
LEAST_NPMI: Final = 0.2
LEAST_NPMI_OF: Final = 0.45  # of "X of Y", which grammar alone makes common
FRAGMENT: Final = 0.75  # a phrase that has the same neighbour so often is a part of something longer
YEAR: Final = 365  # days
_FEWEST_OF_A_FIELD: Final = 20  # papers, for a field to count in `spread`
_PARTS: Final = re.compile(f"({TOKEN.pattern})")  # splits a text into tokens and what lies between them
_TITLE_PRIOR: Final = 0.3
_PAPER_PRIOR: Final = 10.0


class Found(NamedTuple):
    """A concept and where it stands in a text."""

    concept: int  # its number
    start: int  # characters
    end: int


@dataclass(frozen=True, slots=True)
class FoundIn:
    """The concepts of a paper: those of its title and those of its abstract, in the order of the text."""

    title: tuple[Found, ...]
    abstract: tuple[Found, ...]

    @property
    def numbers(self) -> frozenset[int]:
        """Every concept, once."""
        return frozenset(one.concept for one in (*self.title, *self.abstract))


@dataclass(slots=True)
class Step:
    """What the words up to one are to concepts."""

    concept: int = -1  # what they are together; -1 where they are none
    following: dict[str, Step] = field(default_factory=dict)  # by the next word


class Use(NamedTuple):
    """How a field uses a concept."""

    count: int  # type: ignore[assignment]  # papers in all; nobody counts in this tuple
    past_year: int
    first_seen: date | None


@dataclass(frozen=True, slots=True)
class Concepts:
    """What was learned. Arrays have one entry a concept, in the order of `names`."""

    names: tuple[str, ...]  # words in the singular, small letters, one space between
    surfaces: tuple[str, ...]  # as papers write them
    papers: int  # of the background
    until: int  # ordinal of its last day; 0 where it is empty
    df: Ints  # papers that use it
    titles: Ints  # papers that have it in the title
    npmi: Floats  # -1 to 1; 1 for a single word
    fields: tuple[str, ...]  # primary categories, by the alphabet
    field_papers: Ints  # of each field
    field_year: Ints  # of each field, in the year before `until`
    starts: Ints  # shape (concepts + 1,): where the uses of each concept begin in the next four
    use_field: Ints
    use_count: Ints
    use_year: Ints  # of them, in the year before `until`
    use_first: Ints  # ordinal of the first day
    directions: Directions  # where each concept points, see senses.py
    number: dict[str, int] = field(init=False, repr=False, compare=False)
    steps: Mapping[str, Step] = field(init=False, repr=False, compare=False)  # by the word that begins one

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", {name: at for at, name in enumerate(self.names)})
        object.__setattr__(self, "steps", _steps(self.names))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def words(self) -> Ints:
        """How many words each concept has."""
        return np.array([name.count(" ") + 1 for name in self.names], dtype=np.int64)

    @property
    def termness(self) -> Floats:
        """How much like a term each is: how readily papers that use it name it in their title, 0 to 1."""
        return (self.titles + _TITLE_PRIOR) / (self.df + _PAPER_PRIOR)

    @property
    def idf(self) -> Floats:
        """ln((1 + papers) / (1 + df)) + 1."""
        return np.log((1 + self.papers) / (1.0 + self.df)) + 1

    @property
    def spread(self) -> Floats:
        """The share of the fields that use each concept, 0 to 1; of fields that are not tiny."""
        is_large = self.field_papers >= _FEWEST_OF_A_FIELD
        owner = np.repeat(np.arange(len(self)), np.diff(self.starts))
        used = np.bincount(owner[is_large[self.use_field]], minlength=len(self))
        return used / max(int(is_large.sum()), 1)

    def of(self, text: Paper | str) -> FoundIn:
        """Find the concepts of a paper, or of a text, which counts as an abstract.

        Shorter concepts inside longer ones are found too: "reinforcement learning" in "multi-agent
        reinforcement learning".
        """
        if isinstance(text, Paper):
            return FoundIn(tuple(self._find(text.title)), tuple(self._find(text.abstract)))
        return FoundIn((), tuple(self._find(text)))

    def uses(self, concept: int) -> dict[str, Use]:
        """Tell how each field uses a concept; fields that never did are left out."""
        return {
            self.fields[self.use_field[at]]: Use(
                int(self.use_count[at]), int(self.use_year[at]), date.fromordinal(int(self.use_first[at]))
            )
            for at in range(int(self.starts[concept]), int(self.starts[concept + 1]))
        }

    def use(self, concept: int, name: str) -> Use:
        """Tell how one field uses a concept: a category, or an archive, which is all its categories."""
        uses = [use for one, use in self.uses(concept).items() if name in (one, archive_of(one))]
        firsts = [use.first_seen for use in uses if use.first_seen is not None]
        return Use(
            sum(use.count for use in uses), sum(use.past_year for use in uses), min(firsts, default=None)
        )

    def field_size(self, name: str) -> tuple[int, int]:
        """Count the papers of a category or an archive: all, and those of the past year."""
        chosen = [at for at, one in enumerate(self.fields) if name in (one, archive_of(one))]
        return int(self.field_papers[chosen].sum()), int(self.field_year[chosen].sum())

    def _find(self, text: str) -> list[Found]:
        """Find concepts in a text: the words by one pass, then what begins at each that may begin one."""
        parts = _PARTS.split(text[:LONGEST_TEXT])
        tokens = parts[1::2]
        words = [*map(word_of, tokens), ""]
        tokens.append("")
        ends: list[int] = []  # of each part; of what lies between tokens where the token behind it begins
        steps = self.steps
        found: list[Found] = []
        for first in [at for at, word in enumerate(words) if word in steps]:
            if tokens[first][0] in HYPHENS:
                continue
            step: Step | None = steps[words[first]]
            behind = first
            while step is not None:
                behind += 1
                if step.concept >= 0 and (tokens[behind][:1] not in HYPHENS or _lets_end(tokens[behind])):
                    ends = ends or [*accumulate(map(len, parts))]
                    found.append(Found(step.concept, ends[2 * first], ends[2 * behind - 1]))
                step = step.following.get(words[behind])
        return found


def _steps(names: Sequence[str]) -> dict[str, Step]:
    """Lay the names of concepts out as paths of words; without those that no text can hold."""
    steps: dict[str, Step] = {}
    split = [(number, name.split(" ")) for number, name in enumerate(names)]
    for number, parts in [
        one for one in split if len(one[1]) <= LONGEST and all(one[1]) and _may_be(*one[1])
    ]:
        step = Step(following=steps)
        for part in parts:
            step = step.following.setdefault(part, Step())
        step.concept = number
    return steps


def _may_be(first: str, *more: str) -> bool:
    return may_begin(first) if more else may_stand_alone(first)


def _lets_end(following: str) -> bool:
    """Tell whether a concept may end before a hyphen: not where it ties the next word on."""
    return not is_joined(following) or releases(following[1:].lower())


def learn_concepts(papers: Iterable[Paper]) -> Concepts:
    """Learn concepts from the papers of the past. Each is read once and none is kept.

    Source:
        Termness and its thresholds: measured on arXiv, docs/bridges.md. NPMI: Bouma, Normalized (pointwise)
        mutual information in collocation extraction (2009).
    """
    reading = Reading()
    reading.read(papers)
    return learn_from(reading)


def learn_from(reading: Reading) -> Concepts:
    """Learn concepts from papers that are read already; see `learn_concepts`."""
    rows = conceptcounting.lay_out(reading)
    least = _least(rows.papers)
    lengths = conceptcounting.count(rows, least)
    npmi = [_npmi(counted, rows) for counted in lengths]
    kept = _kept(lengths, npmi, rows, least)
    return _put_together(reading, rows, lengths, npmi, kept)


def _least(papers: int) -> int:
    """Give how many papers must use a concept: 2 in a small hub, 3 in a larger one, at most 6."""
    return int(np.clip(2 + papers // 20_000, 2, 6))


def _npmi(counted: Counted, rows: Rows) -> Floats:
    """Measure how much more often the words of a phrase meet than by chance, -1 to 1."""
    length = counted.words.shape[1]
    if length == 1:
        return np.ones(len(counted.df))
    alone = np.bincount(rows.word[rows.word >= 0], minlength=len(rows.words)).astype(np.float64)
    total = max(float(alone.sum()), 1.0)
    times = np.bincount(counted.phrase, minlength=len(counted.df)) / total
    chance = np.sum(np.log(np.maximum(alone[counted.words], 1) / total), axis=1)
    log_times = np.log(np.maximum(times, 1 / total))
    found: Floats = (log_times - chance) / (-log_times * (length - 1))
    return found


def _kept(lengths: Sequence[Counted], npmi: Sequence[Floats], rows: Rows, least: int) -> list[Ints]:
    """Choose the phrases that are concepts, and number them on; -1 for the others."""
    most = MOST_SHARE * rows.papers if rows.papers >= FEWEST_FOR_SHARE else rows.papers
    is_inner = np.array([name == INNER for name in rows.words], dtype=bool)
    chosen: list[NDArray[np.bool_]] = []
    for counted, bound in zip(lengths, npmi, strict=True):
        is_single = counted.words.shape[1] == 1
        termness = (counted.titles + _TITLE_PRIOR) / (counted.df + _PAPER_PRIOR)
        good = (counted.df >= least) & (counted.df <= most)
        good &= termness >= (LEAST_TERMNESS_WORD if is_single else LEAST_TERMNESS)
        good &= bound >= np.where(is_inner[counted.words].any(axis=1), LEAST_NPMI_OF, LEAST_NPMI)
        good &= conceptcounting.neighbour_share(rows, counted) < FRAGMENT
        chosen.append(good)
    kept, first = [], 0
    for good in chosen:
        kept.append(np.where(good, first + np.cumsum(good) - 1, -1))
        first += int(good.sum())
    return kept


def _put_together(
    reading: Reading, rows: Rows, lengths: Sequence[Counted], npmi: Sequence[Floats], kept: Sequence[Ints]
) -> Concepts:
    names: list[str] = []
    written: list[str] = []
    tokens = list(reading.number)
    pairs: list[Ints] = []
    for counted, number in zip(lengths, kept, strict=True):
        first = len(names)
        good = number >= 0
        names += [" ".join(rows.words[one] for one in words) for words in counted.words[good].tolist()]
        written += conceptcounting.surfaces(rows, counted, np.where(good, number - first, -1), tokens)
        phrase, paper = np.divmod(counted.pairs, max(rows.papers, 1))
        pairs.append((number[phrase] * rows.papers + paper)[good[phrase]])
    concept, paper = np.divmod(np.concatenate(pairs), max(rows.papers, 1))
    df = np.concatenate([one.df[number >= 0] for one, number in zip(lengths, kept, strict=True)])
    days = np.frombuffer(reading.days, dtype=np.int32).astype(np.int64)
    table = _uses(concept, paper, days, reading, len(names))
    return Concepts(
        names=tuple(names),
        surfaces=tuple(written),
        papers=rows.papers,
        until=int(days.max(initial=0)),
        df=df,
        titles=np.concatenate([one.titles[number >= 0] for one, number in zip(lengths, kept, strict=True)]),
        npmi=np.concatenate([one[number >= 0] for one, number in zip(npmi, kept, strict=True)]),
        fields=table.fields,
        field_papers=table.field_papers,
        field_year=table.field_year,
        starts=table.starts,
        use_field=table.use_field,
        use_count=table.use_count,
        use_year=table.use_year,
        use_first=table.use_first,
        directions=_directions(concept, paper, days, df),
    )


def _directions(concept: Ints, paper: Ints, days: Ints, df: Ints) -> Directions:
    """Learn directions from the latest papers."""
    order = np.argsort(-days, kind="stable")[: senses.MOST_PAPERS]
    place = np.full(len(days), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    is_late = place[paper] >= 0
    idf = np.log((1 + len(days)) / (1.0 + df)) + 1
    return senses.learn_directions(concept[is_late], place[paper[is_late]], idf, len(order))


class _Uses(NamedTuple):
    """The part of `Concepts` that tells which fields use what."""

    fields: tuple[str, ...]
    field_papers: Ints
    field_year: Ints
    starts: Ints
    use_field: Ints
    use_count: Ints
    use_year: Ints
    use_first: Ints


def _uses(concept: Ints, paper: Ints, days: Ints, reading: Reading, concepts: int) -> _Uses:
    fields, by_paper = _fields(reading)
    in_year = days > days.max(initial=0) - YEAR
    has_field = by_paper[paper] >= 0
    concept, paper = concept[has_field], paper[has_field]
    use, which = np.unique(concept * max(len(fields), 1) + by_paper[paper], return_inverse=True)
    first_day = np.full(len(use), np.iinfo(np.int64).max)
    np.minimum.at(first_day, which, days[paper])
    owner, use_field = np.divmod(use, max(len(fields), 1))
    is_placed = by_paper >= 0
    return _Uses(
        fields=fields,
        field_papers=np.bincount(by_paper[is_placed], minlength=len(fields)),
        field_year=np.bincount(by_paper[is_placed & in_year], minlength=len(fields)),
        starts=np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=concepts))]),
        use_field=use_field,
        use_count=np.bincount(which, minlength=len(use)),
        use_year=np.bincount(which, in_year[paper], minlength=len(use)).astype(np.int64),
        use_first=first_day,
    )


def _fields(reading: Reading) -> tuple[tuple[str, ...], Ints]:
    """Give the fields by the alphabet, and the number of each paper's; -1 where it has none."""
    names = list(reading.field_number)
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.full(len(names) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(names))
    by_paper: Ints = place[np.frombuffer(reading.fields, dtype=np.int32).astype(np.int64)]
    return tuple(names[at] for at in order), by_paper
