"""Authors of made-up papers, for the doors' tests: who signs so, who else may be meant."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from academichub.model.authors import AuthorCursor, AuthorPage, CoAuthor, NameVariant, Person

if TYPE_CHECKING:
    from academichub.model.shelf import Card

# Who has an ORCID, and under which names they sign; the first one counts most.
ADA = "0000-0002-1825-0097"
NAMESAKE = "0000-0001-5109-3700"
NAMES = {ADA: ("Ada Fenwick", "A. Fenwick"), NAMESAKE: ("Li Wenqing",)}
ALSO = "0000-0003-1415-926X"  # signs "Li Wenqing" too


class FakeAuthors:
    """Gives authors' pages from the made-up cards."""

    if TYPE_CHECKING:
        _cards: tuple[Card, ...]

    def author(
        self,
        *,
        orcid: str | None = None,
        name: str = "",
        after: AuthorCursor | None = None,
        size: int = 50,
    ) -> AuthorPage:
        """Give a page of an author's works, newest first."""
        names = NAMES.get(orcid, ()) if orcid else (name,)
        found = [card for card in self._cards if set(names) & set(card.byline)]
        found.sort(key=lambda card: (-card.listed_on.toordinal(), card.work_id))
        start = after.number if after else 0
        shown = found[start : start + size]
        together = Counter(
            other for card in found for other in card.byline if not set(names) & {other}
        ).most_common(12)
        people = _people(orcid, names, len(found))
        return AuthorPage(
            name=names[0] if names else "",
            orcid=orcid,
            works=len(found),
            cards=tuple(shown),
            first_number=start + 1,
            next=AuthorCursor(shown[-1].listed_on, shown[-1].work_id, start + len(shown))
            if len(found) > start + size
            else None,
            variants=tuple(
                NameVariant(one, len(found) - place) for place, one in enumerate(_spellings(names))
            )
            if found
            else (),
            people=people,
            unsure=3 if people or orcid else len(found),
            is_ambiguous=orcid is None and (len(people) > 1 or "." in name),
            coauthors=tuple(
                CoAuthor(other, ADA if other == "Ada Fenwick" else None, works) for other, works in together
            ),
        )


def _spellings(names: tuple[str, ...]) -> tuple[str, ...]:
    return ("Ada Fenwick", "A. Fenwick") if "Ada Fenwick" in names else names


def _people(orcid: str | None, names: tuple[str, ...], works: int) -> tuple[Person, ...]:
    signers = [one for one, signed in NAMES.items() if set(signed) & set(names)]
    if "Li Wenqing" in names:
        signers.append(ALSO)
    return tuple(
        Person(one, names[0], max(works - place, 1)) for place, one in enumerate(signers) if one != orcid
    )
