"""The shapes of an author's page. A name is not a person: what is sure and what may be so stand apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.shelf import Card


class AuthorCursor(NamedTuple):
    """Where the next page starts: after this work, which had this number."""

    on: date
    work_id: int
    number: int


class NameVariant(NamedTuple):
    """A way in which a name is written, and how many works are signed so."""

    name: str
    works: int


class Person(NamedTuple):
    """Somebody with an ORCID of their own."""

    orcid: str
    name: str  # as they sign most often, among the names asked about
    works: int  # signed with the name asked about


class CoAuthor(NamedTuple):
    """Somebody who signed works together with the author."""

    name: str
    orcid: str | None  # None where their works do not agree on one
    works: int  # of the newest 200 of the author


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """A page of an author's works, newest first, and what is known of who that is.

    Of an ORCID: `variants` are the names under it, and all works are one person's. Of a name: all works are
    signed just so, whoever did; `variants` are other spellings that may stand for the same name.
    """

    name: str  # of an ORCID the one used most; "" where the hub has nothing of it
    orcid: str | None
    works: int  # on all pages; 0 where the hub has none
    cards: tuple[Card, ...]
    first_number: int  # 1-based
    next: AuthorCursor | None
    variants: tuple[NameVariant, ...]  # most works first; at most 30
    # Of a name: who signs so, most works first; at most 20. Of an ORCID: others with the name used most.
    people: tuple[Person, ...]
    # Of a name: its works that no ORCID speaks for. Of an ORCID: works signed with one of its names and no
    # ORCID, which may be theirs or a namesake's.
    unsure: int
    # A name that may be several people: several ORCIDs sign with it, it is initials and a surname, or it has
    # works that no ORCID speaks for. Never of an ORCID.
    is_ambiguous: bool
    coauthors: tuple[CoAuthor, ...]  # most works first; at most 12
