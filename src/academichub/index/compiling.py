"""Turn a query of the language into one of tantivy, with the answers of `text/querymatch.py`.

Words that are sought for themselves give the score: BM25 over all words of a work, and once more, at half
weight, over its title. Everything else (names, keys, days, beginnings of words) filters and scores nothing.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from tantivy import FieldType, Occur
from tantivy import Query as Wish

from academichub.index.authornames import keys_of_name
from academichub.index.schema import NOTE, SCHEMA, bounded
from academichub.model.query import STATE_FIELDS, And, DateRange, Field, Not, Or, Term
from academichub.text.cutting import STOP_WORDS, stem
from academichub.text.querymatch import root
from academichub.text.querynames import name_asked
from academichub.text.queryparts import member_name
from academichub.text.words import stands_alone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import tantivy

    from academichub.model.query import Query

# Chosen on the odd questions of Cranfield, reported on the even ones (docs/search.md).
TITLE_WEIGHT: Final = 0.5

_KEY_FIELDS: Final = {
    Field.CATEGORY: "category",
    Field.SOURCE: "source",
    Field.DOI: "identifier",
    Field.HAS: "feature",
    Field.KIND: "kind",
    Field.ORCID: "orcid",
    Field.ID: "identifier",
}
_PLACES: Final = {
    None: ("title", "abstract"),
    Field.TITLE: ("title",),
    Field.ABSTRACT: ("abstract",),
    Field.VENUE: ("venue",),
}
_ROOTS: Final = {None: "all", Field.TITLE: "title_roots", Field.ABSTRACT: "abstract_roots"}
_DECEMBER: Final = 12
# Works of a few whole years are listed in the index; a range of days is sought among all works.
_MOST_YEARS: Final = 5
_LAST_DAY: Final = date.max.toordinal()
# tantivy refuses a phrase whose last word goes on in more ways than 16,384 in one segment.
_MOST_WAYS: Final = 10_000
_SPECIAL: Final = re.compile(r"([\\.+*?()|\[\]{}^$#&\-~])")


class Compiler:
    """Compiles for one state of an index: beginnings of words and names are looked up in it."""

    def __init__(self, searcher: tantivy.Searcher, members: Mapping[str, Collection[int]]) -> None:
        self._searcher = searcher
        self._members = members

    def compile(self, query: Query) -> Wish:
        """Give what tantivy is to be asked."""
        if isinstance(query, And):
            return self._all(query.parts)
        if isinstance(query, Or):
            return any_wish([way for part in query.parts for way in self._ways_of(part)])
        if isinstance(query, Not):
            return without(every(), [self.compile(query.part)])
        if isinstance(query, DateRange):
            return _days(query)
        return self._term(query)

    def _ways_of(self, part: Query) -> list[Wish]:
        """Give a part of an OR as alternatives: a row of them is twice as fast as nested ones."""
        return _loose_ways(part) if isinstance(part, Term) and part.is_loose else [self.compile(part)]

    def _all(self, parts: Sequence[Query]) -> Wish:
        """Join; what is negated among the parts takes away from the others."""
        kept = [self.compile(part) for part in parts if not isinstance(part, Not)]
        gone = [self.compile(part.part) for part in parts if isinstance(part, Not)]
        return without(all_wishes(kept) if kept else every(), gone)

    def _term(self, term: Term) -> Wish:
        if term.field in STATE_FIELDS:
            return works(self._members.get(member_name(term), ()))
        if term.field in _KEY_FIELDS:
            return _key(term, _KEY_FIELDS[term.field])
        if term.field is Field.AUTHOR:
            return silent(self._author(term))
        if term.is_loose:
            return _loose(term)
        found = any_wish(
            [
                self._row(place, words, is_prefix=term.is_prefix)
                for place in _PLACES[term.field]
                for words in both(term)
            ]
        )
        return silent(found) if term.is_prefix or term.field is Field.VENUE else found

    def _row(self, field: str, words: Sequence[str], *, is_prefix: bool) -> Wish:
        """Seek words that follow each other; the last one may go on."""
        if not is_prefix:
            return row(field, words)
        *before, last = words
        if not before:
            return Wish.regex_query(SCHEMA, field, f"{_escaped(last)}.*")
        exact = [_escaped(bounded(word)) for word in before]
        return any_wish(
            [Wish.regex_phrase_query(SCHEMA, field, [*exact, way]) for way in self._ways(field, last)]
        )

    def _ways(self, field: str, beginning: str) -> list[str]:
        """Give patterns that together say how a word may go on, none of them in too many ways."""
        going_on = sorted(word for word, _ in self._searcher.terms_with_prefix(field, beginning))
        if len(going_on) <= _MOST_WAYS:
            return [f"{_escaped(beginning)}.*"]
        length = len(beginning) + 1
        ways = [_escaped(beginning)]
        for longer, _ in groupby(going_on, key=lambda word: word[:length]):
            if len(longer) == length:
                ways += self._ways(field, longer)
        return ways

    def _author(self, term: Term) -> Wish:
        both_readings = both(term)
        if len(both_readings) == 1:
            words = both_readings[0]
            if term.is_prefix and len(words) == 1:
                return self._row("author", words, is_prefix=True)
            is_run = all(map(stands_alone, words))
            if not term.is_prefix and (len(words) == 1 or is_run):
                return row("author", words)
        keys = keys_of_name(name_asked(term), self._names_from)
        return Wish.term_set_query(SCHEMA, "names", keys) if keys else Wish.empty_query()

    def _names_from(self, beginning: str) -> list[str]:
        return [key for key, _ in self._searcher.terms_with_prefix("names", beginning)]


def both(term: Term) -> list[tuple[str, ...]]:
    """Give the readings of a term; one where they are the same."""
    return [term.words] if term.words == term.joined else [term.words, term.joined]


def row(field: str, words: Sequence[str]) -> Wish:
    """Seek words that follow each other."""
    if len(words) == 1:
        return Wish.term_query(SCHEMA, field, bounded(words[0]), index_option="freq")
    return Wish.phrase_query(SCHEMA, field, [bounded(word) for word in words])


def word_wish(field: str, word: str) -> Wish:
    """Seek a root; what stands in a title as well weighs more."""
    found = _root_wish(field, word)
    if field != "all":
        return found
    title = Wish.boost_query(_root_wish("title_roots", word), TITLE_WEIGHT)
    return Wish.boolean_query([(Occur.Must, found), (Occur.Should, title)])


def _root_wish(field: str, word: str) -> Wish:
    return Wish.term_query(SCHEMA, field, bounded(word), index_option="freq")


def any_of_words(terms: Sequence[Term]) -> list[Wish]:
    """Give a wish for each telling word of a question, each word once, in its order.

    Words that hyphens join are sought apart and together. Of Chinese and the like, every two neighbouring
    characters are a word. Words that bind others are left out, unless there are no other ones.
    """
    found = list(dict.fromkeys(piece for term in terms for piece in _pieces(term)))
    telling = [piece for piece in found if piece[0] not in STOP_WORDS] or found
    roots = dict.fromkeys((stem(piece[0]),) if len(piece) == 1 else piece for piece in telling)
    return [
        word_wish("all", piece[0])
        if len(piece) == 1
        else any_wish([row(place, piece) for place in ("title", "abstract", "author")])
        for piece in roots
    ]


def _pieces(term: Term) -> Iterator[tuple[str, ...]]:
    for is_run, group in groupby(term.words, key=stands_alone):
        words = tuple(group)
        if is_run and len(words) > 1:
            yield from pairwise(words)
        else:
            yield from ((word,) for word in words)
    if len(term.joined) == 1:
        yield term.joined


def _loose(term: Term) -> Wish:
    """Seek a word in all its forms, and a row of words as it is written."""
    found = root(term)
    if found is not None and len(term.words) == 1:
        return word_wish(_ROOTS[term.field], found)
    return any_wish(_loose_ways(term))


def _loose_ways(term: Term) -> list[Wish]:
    """Give the same as alternatives. Who has a word in the title has it among all: that adds to the score."""
    places = ("title", "abstract", "author") if term.field is None else _PLACES[term.field]
    found = root(term)
    ways: list[Wish] = []
    if found is not None:
        ways.append(_root_wish(_ROOTS[term.field], found))
        if term.field is None:
            ways.append(Wish.boost_query(_root_wish("title_roots", found), TITLE_WEIGHT))
    if found is None or len(term.words) > 1:
        ways += [row(place, words) for place in places for words in both(term) if len(words) > 1]
    return ways


def _key(term: Term, field: str) -> Wish:
    key = term.words[0].encode("utf-8", "replace").decode()
    if term.field is Field.DOI:
        key = f"doi:{key}"
    if term.is_prefix:
        return silent(Wish.regex_query(SCHEMA, field, f"{_escaped(key)}.*"))
    return silent(Wish.term_query(SCHEMA, field, bounded(key), index_option="basic"))


def _days(days: DateRange) -> Wish:
    years = _whole_years(days)
    if 0 < len(years) <= _MOST_YEARS:
        wishes = [Wish.term_query(SCHEMA, "year", year, index_option="basic") for year in years]
        return silent(any_wish(wishes))
    first = 1 if days.first is None else days.first.toordinal()
    last = _LAST_DAY if days.last is None else days.last.toordinal()
    return silent(numbers("day", first, last))


def _whole_years(days: DateRange) -> range:
    """Give the years that a range is made of; none where it begins or ends within one."""
    first, last = days.first, days.last
    if first is None or last is None:
        return range(0)
    is_whole = first == date(first.year, 1, 1) and last == date(last.year, _DECEMBER, 31)
    return range(first.year, last.year + 1) if is_whole else range(0)


def numbers(field: str, first: int, last: int) -> Wish:
    """Seek what has a number between two, both included; nothing where the first is behind the last."""
    if first > last:
        return Wish.empty_query()
    return Wish.range_query(SCHEMA, field, FieldType.Integer, first, last)


def works(work_ids: Collection[int]) -> Wish:
    """Seek some works by number."""
    if not len(work_ids):
        return Wish.empty_query()
    numbers_of = work_ids.tolist() if isinstance(work_ids, np.ndarray) else list(work_ids)
    return silent(Wish.term_set_query(SCHEMA, "id", numbers_of))


def every() -> Wish:
    """Seek all works."""
    note = Wish.term_query(SCHEMA, "entry", NOTE, index_option="basic")
    return Wish.boolean_query([(Occur.Must, silent(Wish.all_query())), (Occur.MustNot, note)])


def silent(wish: Wish) -> Wish:
    """Let a wish filter without counting for the score."""
    return Wish.const_score_query(wish, 0.0)


def any_wish(wishes: Sequence[Wish]) -> Wish:
    """Seek what one of several wishes finds."""
    return wishes[0] if len(wishes) == 1 else Wish.boolean_query([(Occur.Should, wish) for wish in wishes])


def all_wishes(wishes: Sequence[Wish]) -> Wish:
    """Seek what all of several wishes find."""
    return wishes[0] if len(wishes) == 1 else Wish.boolean_query([(Occur.Must, wish) for wish in wishes])


def without(wish: Wish, gone: Sequence[Wish]) -> Wish:
    """Take away from a wish what others find."""
    if not gone:
        return wish
    return Wish.boolean_query([(Occur.Must, wish), *((Occur.MustNot, one) for one in gone)])


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
