"""Find which terms of many queries are in which papers; a term that many queries have is sought once."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final

import numpy as np
from ahocorasick_rs import AhoCorasick

from academichub.index.nameindex import NameIndex
from academichub.model.query import DateRange, Field
from academichub.text.querymatch import needles
from academichub.text.querynames import name_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from academichub.index.gates import Numbers
    from academichub.model.query import Term
    from academichub.text.querymatch import Prepared
    from academichub.text.querynames import NameAsked

_TEXTS: Final = (Field.TITLE, Field.ABSTRACT, Field.VENUE)
_KEYS: Final = (Field.CATEGORY, Field.SOURCE, Field.DOI)
_NO_DAY: Final = 0  # ordinal days of calendars begin with 1
_LAST_DAY: Final = date.max.toordinal()


class AtomsBuilder:
    """Terms while rules are compiled. Two terms that always find the same are one atom."""

    def __init__(self) -> None:
        self._number_by_atom: dict[tuple[object, ...], int] = {}
        self._terms: list[Term | DateRange] = []

    def __len__(self) -> int:
        return len(self._terms)

    def number(self, term: Term | DateRange) -> int:
        """Give the number of a term's atom."""
        atom: tuple[object, ...]
        if isinstance(term, DateRange):
            atom = (term.first, term.last)
        else:
            atom = (term.field, term.words, term.joined, term.is_prefix)
        number = self._number_by_atom.setdefault(atom, len(self._terms))
        if number == len(self._terms):
            self._terms.append(term)
        return number

    def finish(self) -> Atoms:
        """Sort the atoms by how they are found."""
        names: list[tuple[int, NameAsked]] = []
        dates: list[tuple[int, DateRange]] = []
        keys: dict[Field, _Keys] = {field: _Keys({}, {}) for field in _KEYS}
        texts: list[tuple[int, Term]] = []
        for number, term in enumerate(self._terms):
            if isinstance(term, DateRange):
                dates.append((number, term))
            elif term.field is Field.AUTHOR:
                names.append((number, name_asked(term)))
            elif term.field in keys:
                kept = keys[term.field]
                (kept.atom_by_beginning if term.is_prefix else kept.atom_by_key)[term.words[0]] = number
            else:
                texts.append((number, term))
        return Atoms(_needles(texts), keys, tuple(names), _days(dates))


@dataclass(frozen=True, slots=True)
class _Links:
    """For each needle the atoms that it makes true in one field: `atoms[starts[n]:starts[n + 1]]`."""

    starts: Numbers
    atoms: Numbers

    def follow(self, needle: Numbers, paper: Numbers) -> tuple[Numbers, Numbers]:
        """Turn pairs of needle and paper into pairs of atom and paper."""
        first = self.starts[needle]
        counts = self.starts[needle + 1] - first
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return self.atoms[np.repeat(first, counts) + within], np.repeat(paper, counts)


@dataclass(frozen=True, slots=True)
class _Needles:
    """What is looked for in texts: words, beginnings of words, and rows of words, numbered in this order."""

    number_by_word: Mapping[str, int]
    number_by_beginning: Mapping[str, int]
    longest_beginning: int
    automaton: AhoCorasick | None
    links: Mapping[Field, _Links]

    def find(self, hays: Sequence[str], known: dict[str, list[int]]) -> tuple[Numbers, Numbers]:
        """Give pairs of needle and hay; some may stand twice.

        `known` keeps the needles of each word from one call to the next.
        """
        found: list[list[int]] = []
        for hay in hays:
            words_of_hay = set(hay.split())
            for word in words_of_hay.difference(known):
                known[word] = self._in_word(word)
            found.append([number for word in words_of_hay for number in known[word]])
        words = np.fromiter(chain.from_iterable(found), dtype=np.int64)
        of_words = np.repeat(np.arange(len(hays)), [len(numbers) for numbers in found])
        if self.automaton is None:
            return words, of_words
        ends = np.fromiter(accumulate(len(hay) for hay in hays), dtype=np.int64)
        # A needle begins with a space and has no line end, a hay begins and ends with a space: none is found
        # across two of them where no space of one serves as the other's.
        rows = self.automaton.find_matches_as_indexes("".join(hays), overlapping=True)
        phrases, starts, _ = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        phrases += len(self.number_by_word) + len(self.number_by_beginning)
        return (
            np.concatenate((words, phrases)),
            np.concatenate((of_words, np.searchsorted(ends, starts, side="right"))),
        )

    def _in_word(self, word: str) -> list[int]:
        """Give the needles that are this word or its beginning."""
        whole = self.number_by_word.get(word)
        begun = self.number_by_beginning.get
        lengths = range(1, min(len(word), self.longest_beginning) + 1)
        numbers = [number for length in lengths if (number := begun(word[:length])) is not None]
        return numbers if whole is None else [whole, *numbers]


@dataclass(frozen=True, slots=True)
class _Keys:
    """What is looked for among the keys of one field: whole ones, and their beginnings."""

    atom_by_key: dict[str, int]
    atom_by_beginning: dict[str, int]

    def find(self, keys_of_papers: Sequence[tuple[str, ...]]) -> Iterable[tuple[int, int]]:
        papers_by_key: dict[str, list[int]] = {}
        for paper, keys in enumerate(keys_of_papers):
            for key in keys:
                papers_by_key.setdefault(key, []).append(paper)
        for key in papers_by_key.keys() & self.atom_by_key.keys():
            for paper in papers_by_key[key]:
                yield self.atom_by_key[key], paper
        order = sorted(papers_by_key)
        for beginning, atom in self.atom_by_beginning.items():
            for key in order[bisect_left(order, beginning) :]:
                if not key.startswith(beginning):
                    break
                for paper in papers_by_key[key]:
                    yield atom, paper


@dataclass(frozen=True, slots=True)
class _Days:
    """Date ranges as ordinal days, both ends included; all three have the same shape."""

    atoms: Numbers
    first: Numbers
    last: Numbers

    def find(self, days: Sequence[date | None]) -> tuple[Numbers, Numbers]:
        """Give pairs of atom and paper. In order of days, the papers of a range are a run."""
        ordinals = np.array([_NO_DAY if day is None else day.toordinal() for day in days], dtype=np.int64)
        order = np.argsort(ordinals, kind="stable")
        ordered = ordinals[order]
        start = np.searchsorted(ordered, self.first, side="left")
        counts = np.maximum(np.searchsorted(ordered, self.last, side="right") - start, 0)
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return np.repeat(self.atoms, counts), order[np.repeat(start, counts) + within]


@dataclass(frozen=True, slots=True)
class Atoms:
    """All terms of all rules, by how they are found."""

    texts: _Needles
    keys: Mapping[Field, _Keys]
    names: tuple[tuple[int, NameAsked], ...]
    days: _Days

    def find(self, papers: Sequence[Prepared]) -> tuple[Numbers, Numbers]:
        """Give pairs of atom and paper for everything that is true; some may stand twice."""
        found = [self.days.find([paper.listed_on for paper in papers])]
        known: dict[str, list[int]] = {}
        for field, hays in (
            (Field.TITLE, [paper.title for paper in papers]),
            (Field.ABSTRACT, [paper.abstract for paper in papers]),
            (Field.VENUE, [paper.venue for paper in papers]),
        ):
            if len(self.texts.links[field].atoms):
                found.append(self.texts.links[field].follow(*self.texts.find(hays, known)))
        for field, keys in (
            (Field.CATEGORY, [paper.categories for paper in papers]),
            (Field.SOURCE, [paper.sources for paper in papers]),
            (Field.DOI, [paper.dois for paper in papers]),
        ):
            found.append(_columns(self.keys[field].find(keys)))
        found.append(_columns(self._find_names(papers)))
        return np.concatenate([atom for atom, _ in found]), np.concatenate([paper for _, paper in found])

    def _find_names(self, papers: Sequence[Prepared]) -> Iterable[tuple[int, int]]:
        if not self.names:
            return
        authors = NameIndex([paper.authors for paper in papers])
        for atom, asked in self.names:
            for paper in authors.papers_of(asked):
                yield atom, paper


def _needles(texts: Sequence[tuple[int, Term]]) -> _Needles:
    """Number the needles and tie them to the atoms, field by field."""
    sought = {needle: None for _, term in texts for needle in needles(term)}
    whole = [needle for needle in sought if needle.count(" ", 1) == 1 and needle.endswith(" ")]
    begun = [needle for needle in sought if needle.count(" ", 1) == 0]
    rows = [needle for needle in sought if needle.count(" ", 1) > needle.endswith(" ")]
    number_by_needle = {needle: number for number, needle in enumerate((*whole, *begun, *rows))}
    pairs: dict[Field, list[tuple[int, int]]] = {field: [] for field in _TEXTS}
    for atom, term in texts:
        fields = (Field.TITLE, Field.ABSTRACT) if term.field is None else (term.field,)
        for field in fields:
            pairs[field].extend((number_by_needle[needle], atom) for needle in needles(term))
    return _Needles(
        number_by_word={needle.strip(): number_by_needle[needle] for needle in whole},
        number_by_beginning={needle.strip(): number_by_needle[needle] for needle in begun},
        longest_beginning=max(map(len, begun), default=0),
        automaton=AhoCorasick(rows, store_patterns=False) if rows else None,
        links={field: _links(pairs[field], len(sought)) for field in _TEXTS},
    )


def _links(pairs: Sequence[tuple[int, int]], count: int) -> _Links:
    needle, atom = _columns(pairs)
    order = np.argsort(needle, kind="stable")
    counts = np.bincount(needle, minlength=count)
    return _Links(starts=np.concatenate(([0], np.cumsum(counts))), atoms=atom[order])


def _days(dates: Sequence[tuple[int, DateRange]]) -> _Days:
    return _Days(
        atoms=np.array([atom for atom, _ in dates], dtype=np.int64),
        first=np.array([_ordinal(days.first, _NO_DAY + 1) for _, days in dates], dtype=np.int64),
        last=np.array([_ordinal(days.last, _LAST_DAY) for _, days in dates], dtype=np.int64),
    )


def _ordinal(day: date | None, open_end: int) -> int:
    return open_end if day is None else day.toordinal()


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    both = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
