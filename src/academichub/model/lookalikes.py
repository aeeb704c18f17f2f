"""What the shelves hold that a batch of drafts could be, kept up to date while the batch is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from academichub.model.papers import Draft, Known


class Lookalikes:
    """Known manifestations, found by place and item, by identifier, or by what they say they belong to.

    A batch may hold one paper twice; so what is decided about the first must be known when the second
    is judged: `learn` adds it.
    """

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._by_item: dict[tuple[str, str], list[Known]] = {}
        self._by_identifier: dict[tuple[str, str], list[Known]] = {}
        for one in known:
            self.learn(one)

    def learn(self, known: Known) -> None:
        """Add a manifestation, or replace what was known of it."""
        shelves = [self._by_item.setdefault((known.key.place, known.key.item), [])]
        pairs = known.pairs()
        names = dict.fromkeys((*pairs, *known.ties)) if known.ties or known.names else pairs
        shelves += [self._by_identifier.setdefault(pair, []) for pair in names]
        for shelf in shelves:
            shelf[:] = [one for one in shelf if one.manifestation_id != known.manifestation_id]
            shelf.append(known)

    def of(self, draft: Draft) -> tuple[Known, ...]:
        """Give everything that shares the draft's place and item, or a name that either of them gives."""
        found = {
            one.manifestation_id: one for one in self._by_item.get((draft.key.place, draft.key.item), ())
        }
        for pair in names_of(draft):
            found.update((one.manifestation_id, one) for one in self._by_identifier.get(pair, ()))
        return tuple(found.values())


def names_of(draft: Draft) -> tuple[tuple[str, str], ...]:
    """List (scheme, value) of the draft itself, and of what it says is the same work."""
    pairs = draft.identifiers.pairs()
    if not draft.relations:
        return pairs
    ties = [(one.scheme, one.value) for one in draft.relations if one.bond.is_same_work]
    return tuple(dict.fromkeys((*pairs, *ties)))
