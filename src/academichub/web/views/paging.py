"""Cards in a list that is kept: their places, and the way to the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.web.address import write
from academichub.web.views.aside import NOTHING
from academichub.web.views.card import CardSlot
from academichub.web.views.marks import build_marks, here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.keeping import State
    from academichub.model.shelf import Card
    from academichub.web.press import Visit
    from academichub.web.views.aside import Remarks


def place_cards(
    cards: Sequence[Card],
    states: Mapping[int, State],
    visit: Visit,
    *,
    first_number: int,
    remarks: Mapping[int, Remarks],
) -> tuple[CardSlot, ...]:
    """Give cards their numbers and their marks."""
    back = here(visit)
    return tuple(
        [
            CardSlot(
                str(place),
                f"{place:02d}.",
                card,
                remarks=remarks.get(card.work_id, NOTHING),
                marks=build_marks(card.work_id, states.get(card.work_id), visit, back=back),
            )
            for place, card in enumerate(cards, start=first_number)
        ]
    )


def next_page(path: str, visit: Visit, *, after: int | None, number: int) -> str | None:
    """Write the address of the page that begins after a work; None where there is none."""
    if after is None:
        return None
    return write(path, visit.parameters, after=str(after), n=str(number), done=None, count=None)


def first_page(path: str, visit: Visit) -> str | None:
    """Write the address of the list's beginning; None on the first page."""
    if "after" not in visit.parameters:
        return None
    return write(path, visit.parameters, after=None, n=None, done=None, count=None)
