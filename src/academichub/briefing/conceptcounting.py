"""Count the phrases of many papers with arrays: in how many papers, fields and titles each stands."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from academichub.briefing.conceptwords import (
    LONGEST,
    is_joined,
    may_begin,
    may_end,
    may_stand_alone,
    releases,
    word_of,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from academichub.model.briefing import Paper

Ints: TypeAlias = NDArray[np.integer[Any]]
Numbers: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

_END: Final = "\n"  # the token that parts texts
_HYPHEN: Final = "-"
_BUCKETS: Final = 1 << 22
_MIX: Final = 0x9E3779B1  # odd, so that near keys fall into far buckets


@dataclass(slots=True)
class Reading:
    """The tokens of papers, one row after another, and what is known of each paper."""

    number: defaultdict[str, int] = field(default_factory=defaultdict)  # token -> its number
    tokens: array[int] = field(default_factory=lambda: array("i"))
    title_ends: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    days: array[int] = field(default_factory=lambda: array("i"))  # ordinals
    fields: array[int] = field(default_factory=lambda: array("i"))  # -1 where there is none
    field_number: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.number.default_factory = self.number.__len__
        self.number[_END] = 0

    def read(self, papers: Iterable[Paper]) -> None:
        """Take papers in, one after another; none is kept."""
        known, tokens = self.number.__getitem__, self.tokens
        for paper in papers:
            tokens.extend(map(known, words_of(paper.title)))
            tokens.append(0)
            self.title_ends.append(len(tokens))
            tokens.extend(map(known, words_of(paper.abstract)))
            tokens.append(0)
            self.ends.append(len(tokens))
            self.days.append(paper.listed_on.toordinal())
            at = (
                self.field_number.setdefault(paper.category, len(self.field_number)) if paper.category else -1
            )
            self.fields.append(at)


@dataclass(frozen=True, slots=True)
class Rows:
    """The tokens as arrays, one place each."""

    token: Numbers
    word: Numbers  # number of the word, -1 where phrases part
    paper: Numbers
    in_title: Flags
    begins: Flags  # a concept of several words may begin here
    ends: Flags  # a concept may end here
    alone: Flags  # the word may be a concept by itself
    words: tuple[str, ...]
    papers: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The phrases of one length that are common enough, and where they stand."""

    words: Ints  # shape (phrases, length), numbers of words
    at: Ints  # places where one begins and is well formed
    phrase: Ints  # which one, for each of `at`
    df: Ints  # papers
    titles: Ints  # papers that have it in the title
    pairs: Ints  # phrase * papers + paper, sorted, each once


def lay_out(reading: Reading) -> Rows:
    """Turn a reading into arrays; each different token is judged once."""
    names = list(reading.number)
    number: dict[str, int] = {}
    word_by_token = np.full(len(names), -1, dtype=np.int32)
    for at, token in enumerate(names):
        word = word_of(token)
        if word:
            word_by_token[at] = number.setdefault(word, len(number))
    words = tuple(number)
    joined = np.array([is_joined(name) for name in names], dtype=bool)
    holds = np.array([is_joined(name) and not releases(name[1:].lower()) for name in names], dtype=bool)
    tokens = np.frombuffer(reading.tokens, dtype=np.int32)
    ends = np.frombuffer(reading.ends, dtype=np.int64)
    title_ends = np.frombuffer(reading.title_ends, dtype=np.int64)
    sizes = np.diff(ends, prepend=0)
    titles = title_ends - np.concatenate([[0], ends[:-1]])
    word_at = word_by_token[tokens]
    begins, stops, alone = (_ask(judge, words)[word_at] for judge in (may_begin, may_end, may_stand_alone))
    is_free = ~joined[tokens]
    is_last = np.append(~holds[tokens[1:]], np.ones(min(len(tokens), 1), dtype=bool))
    return Rows(
        token=tokens,
        word=word_at,
        paper=np.repeat(np.arange(len(ends), dtype=np.int32), sizes),
        in_title=np.repeat(
            np.tile([True, False], len(ends)), np.stack([titles, sizes - titles], axis=1).ravel()
        ),
        begins=is_free & begins,
        ends=is_last & stops,
        alone=is_free & is_last & alone,
        words=words,
        papers=len(ends),
    )


def _ask(judge: Callable[[str], bool], words: Sequence[str]) -> Flags:
    """Judge every word; what parts phrases has the number -1 and takes the False at the end."""
    return np.array([*map(judge, words), False], dtype=bool)


def count(rows: Rows, least: int) -> list[Counted]:
    """Count phrases of one to `LONGEST` words that stand in `least` papers or more.

    A longer phrase is counted only where its parts are common enough themselves, which keeps the arrays
    small.
    """
    words_at: Ints = np.flatnonzero(rows.word >= 0)
    places, phrase = _common(words_at, rows.word[words_at], least)
    single = np.full(len(rows.word) + LONGEST, -1, dtype=np.int32)
    single[places] = phrase
    width = int(phrase.max(initial=0)) + 1
    found = [_well_formed(rows, places, phrase, 1, least)]
    for length in range(2, LONGEST + 1):
        begins_here = np.zeros(len(single), dtype=bool)
        begins_here[places] = True
        goes_on = begins_here[places + 1] & (single[places + length - 1] >= 0)
        places, phrase = places[goes_on], phrase[goes_on]
        places, phrase = _common(places, phrase * width + single[places + length - 1], least)
        found.append(_well_formed(rows, places, phrase, length, least))
    return found


def _common(places: Ints, keys: Ints, least: int) -> tuple[Ints, Ints]:
    """Keep the places whose key comes `least` times or more, and number the keys on."""
    bucket = keys.astype(np.int64) * _MIX % _BUCKETS  # most keys come once: leave them out unsorted
    often = np.bincount(bucket, minlength=1)[bucket] >= least
    places, keys = places[often], keys[often]
    _, which, times = np.unique(keys, return_inverse=True, return_counts=True)
    common = times >= least
    dense = np.cumsum(common) - 1
    stays = common[which]
    return places[stays], dense[which[stays]]


def _well_formed(rows: Rows, places: Ints, phrase: Ints, length: int, least: int) -> Counted:
    """Keep the places where a phrase begins and ends as a concept may, of those in enough papers."""
    good = rows.alone[places] if length == 1 else rows.begins[places] & rows.ends[places + length - 1]
    at, phrase = places[good], phrase[good]
    df, _ = _papers(phrase, rows.paper[at], rows.papers)
    stays = (df >= least)[phrase]
    at, phrase = at[stays], (np.cumsum(df >= least) - 1)[phrase[stays]]
    df, pairs = _papers(phrase, rows.paper[at], rows.papers)
    words = np.zeros((len(df), length), dtype=np.int64)
    words[phrase] = rows.word[at[:, None] + np.arange(length)]
    in_title = rows.in_title[at]
    titles, _ = _papers(phrase[in_title], rows.paper[at[in_title]], rows.papers)
    return Counted(
        words, at, phrase, df, np.append(titles, np.zeros(len(df) - len(titles), dtype=np.int64)), pairs
    )


def _papers(phrase: Ints, paper: Ints, papers: int) -> tuple[Ints, Ints]:
    """Count the papers of each phrase; also give the pairs of phrase and paper, each once."""
    pairs = phrase * papers + paper
    pairs.sort()
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return np.bincount(pairs // max(papers, 1)), pairs


def neighbour_share(rows: Rows, counted: Counted) -> NDArray[np.float64]:
    """Tell how bound each phrase is to a neighbour.

    Returns:
        Of each, the share of its places that have the same word before it, or behind it, 0 to 1.
    """
    length = counted.words.shape[1]
    times = np.bincount(counted.phrase, minlength=len(counted.df))
    most = np.zeros(len(counted.df))
    for beside in (counted.at - 1, counted.at + length):
        inside = (beside >= 0) & (beside < len(rows.word))
        word = np.where(inside, rows.word[np.where(inside, beside, 0)], -1).astype(np.int64)
        keys = counted.phrase[word >= 0] * len(rows.words) + word[word >= 0]
        pairs, often = np.unique(keys, return_counts=True)
        np.maximum.at(most, pairs // max(len(rows.words), 1), often)
    share: NDArray[np.float64] = most / np.maximum(times, 1)
    return share


def surfaces(rows: Rows, counted: Counted, kept: Ints, names: list[str]) -> list[str]:
    """Find how papers write each phrase most often, in abstracts if it stands there; the first of equals.

    Args:
        rows: The tokens.
        counted: Phrases of one length.
        kept: The number each phrase has among those wanted, -1 for the others.
        names: The tokens by number.
    """
    chosen = kept[counted.phrase] >= 0
    at, phrase = counted.at[chosen], kept[counted.phrase[chosen]]
    if not len(at):
        return []
    length = counted.words.shape[1]
    written = rows.token[at].astype(np.int64)
    for more in range(1, length):
        key = written * len(names) + rows.token[at + more]
        written = np.unique(key, return_inverse=True)[1]
    weight = np.where(rows.in_title[at], 1, len(rows.paper))  # titles have capitals of their own
    forms, first, which = np.unique(
        phrase * (int(written.max()) + 1) + written, return_index=True, return_inverse=True
    )
    times = np.bincount(which, weight.astype(np.float64), minlength=len(forms))
    owner = phrase[first]
    order = np.lexsort((first, -times, owner))
    best = order[np.flatnonzero(np.diff(owner[order], prepend=-1))]
    return [_written([names[rows.token[at[first[form]] + more]] for more in range(length)]) for form in best]


def _written(tokens: list[str]) -> str:
    return "".join(_HYPHEN + one[1:] if is_joined(one) else f" {one}" for one in tokens).lstrip(f" {_HYPHEN}")
