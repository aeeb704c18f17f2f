"""What doors may ask about authors: the part of the hub that knows who signed what."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Final

from academichub.model.authors import AuthorCursor, AuthorPage
from academichub.store import authors, reading
from academichub.store.authors import Signed, Who
from academichub.store.keepingnames import LARGEST
from academichub.text.authornames import has_initials_alone, spellings
from academichub.text.identifiers import normalize_orcid

if TYPE_CHECKING:
    from academichub.db.engine import Connection, Database
    from academichub.model.authors import NameVariant, Person

MOST_CARDS: Final = 200  # of a page


class AuthorsDesk(ABC):
    """Authors' pages, by ORCID where there is one. The hub is one of these."""

    database: Database

    def author(
        self,
        *,
        orcid: str | None = None,
        name: str = "",
        after: AuthorCursor | None = None,
        size: int = 50,
    ) -> AuthorPage:
        """Read a page of an author's works; one the hub has nothing of has no works.

        Args:
            orcid: Who it is, in any of the forms an ORCID is written in; comes before a name.
            name: How they sign, as the hub's papers write it.
            after: The `next` of the page before.
            size: Cards on a page, 1 to 200.
        """
        canonical = normalize_orcid(orcid) if orcid is not None else None
        if orcid is not None and canonical is None:
            return _nobody(None)
        who = Who(canonical, " ".join(name.split()))
        most = max(1, min(size, MOST_CARDS))
        place = None if after is None else Signed(min(after.work_id, LARGEST), after.on)
        with self.database.reading() as connection:
            works = authors.count(connection, who)
            if not works:
                return _nobody(canonical, who.name)
            found = authors.signed(connection, who, after=place, size=most + 1)
            cards = reading.cards_of(connection, [one.work_id for one in found[:most]])
            shown, variants, people, unsure = _known_of(connection, who)
            own = {shown} if canonical is None else {one.name for one in variants}
            together = authors.coauthors(connection, who, but=own)
        first = 1 if after is None else after.number + 1
        last = found[:most][-1] if len(found) > most else None
        return AuthorPage(
            name=shown,
            orcid=canonical,
            works=works,
            cards=tuple(cards[one.work_id] for one in found[:most] if one.work_id in cards),
            first_number=first,
            next=None if last is None else AuthorCursor(last.on, last.work_id, first + most - 1),
            variants=variants,
            people=people,
            unsure=unsure,
            is_ambiguous=canonical is None
            and (len(people) > 1 or has_initials_alone(shown) or (works > 1 and unsure > 0)),
            coauthors=together,
        )


def _known_of(
    connection: Connection, who: Who
) -> tuple[str, tuple[NameVariant, ...], tuple[Person, ...], int]:
    """Gather the name shown, its variants, the people who sign so, and the works that nobody speaks for."""
    if who.orcid is None:
        variants = authors.written_so(connection, spellings(who.name))
        people = authors.people_of(connection, who.name)
        return who.name, variants, people, authors.unsure(connection, [who.name], but=None)
    variants = authors.names_of(connection, who.orcid)
    shown = variants[0].name
    others = tuple(one for one in authors.people_of(connection, shown) if one.orcid != who.orcid)
    return shown, variants, others, authors.unsure(connection, [one.name for one in variants], but=who.orcid)


def _nobody(orcid: str | None, name: str = "") -> AuthorPage:
    return AuthorPage(
        name=name,
        orcid=orcid,
        works=0,
        cards=(),
        first_number=1,
        next=None,
        variants=(),
        people=(),
        unsure=0,
        is_ambiguous=False,
        coauthors=(),
    )
