"""Read a reader's question: what binds, what may be found by meaning, and what it says in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.query import Field, Term, all_of, any_of
from academichub.text.bilingual import to_english
from academichub.text.query import ask
from academichub.text.queryparts import parts, wanted
from academichub.text.words import stands_alone

if TYPE_CHECKING:
    from academichub.model.query import Query

_TEXTS: Final = frozenset((None, Field.TITLE, Field.ABSTRACT))


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, taken apart.

    `query` is what works match by words; where it holds English equivalents of Chinese words, `wider` is what
    takes its place when it finds little, and else None. `may_relax` says the same of `query` itself: its bare
    words may be joined by OR. `binding` is what a work found by meaning must match all the same, None for
    nothing; `may_extend` says that it need not match the bare words. `text` is what the question is about, as
    written, and `english` what an English model can read of it; both are "" where it only filters.
    """

    query: Query
    wider: Query | None
    binding: Query | None
    may_relax: bool
    may_extend: bool
    text: str
    english: str
    is_foreign: bool  # has words that an English model cannot read
    is_translated: bool  # some of them are in the glossary


def understand(text: str) -> Understood:
    """Take a question apart. Raises QueryInvalid."""
    asked = ask(text)
    words, rest = parts(asked.query)
    about = [term for term in wanted(asked.query) if isinstance(term, Term) and term.field in _TEXTS]
    looked_up = [_looked_up(term) for term in words]
    is_translated = any(one.is_translated for one in looked_up)
    query, wider = asked.query, None
    if is_translated:
        firm = () if rest is None else (rest,)
        query = all_of(*(group for one in looked_up for group in one.must), *firm)
        if asked.may_relax:
            wider = all_of(any_of(*(group for one in looked_up for group in one.helps)), *firm)
    may_extend = bool(words) and asked.may_relax
    return Understood(
        query=query,
        wider=wider,
        binding=rest if may_extend else asked.query,
        may_relax=asked.may_relax and not is_translated,
        may_extend=may_extend,
        text=" ".join(term.text for term in about),
        english=" ".join(filter(None, (to_english(term.text).english for term in about))),
        is_foreign=any(map(_is_foreign, about)),
        is_translated=is_translated,
    )


class _LookedUp(NamedTuple):
    """A bare word: what must be there for it, and what else speaks for a work."""

    must: tuple[Query, ...]
    helps: tuple[Query, ...]
    is_translated: bool


def _looked_up(term: Term) -> _LookedUp:
    """Look a Chinese word up, part by part; each part may be there as written or in English.

    What the glossary does not know need not be there: a question has more words for asking than a list of
    stop words holds.
    """
    found = to_english(term.text)
    if not _is_foreign(term) or not found.terms:
        return _LookedUp((term,), (term,), is_translated=False)
    known = tuple(any_of(_asked(one.zh), *(_asked(english) for english in one.en)) for one in found.terms)
    unknown = tuple(_asked(piece) for piece in found.unknown)
    return _LookedUp(known, (term, *known, *unknown), is_translated=True)


def _asked(words: str) -> Query:
    """Ask for a row of words as a reader would who types them: each of them, in any form."""
    plain = (word.strip("-").lower() for word in words.split())  # an operator is none here
    return all_of(*(ask(f"({word})").query for word in plain if word))


def _is_foreign(term: Term) -> bool:
    return any(map(stands_alone, term.words))
