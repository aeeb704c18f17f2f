"""What the shelves hold that a batch of drafts could be, kept up to date while the batch is judged."""

from __future__ import annotations

from dataclasses import replace
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
        self._known: dict[int, Known] = {}  # by manifestation
        self._by_item: dict[tuple[str, str], dict[int, None]] = {}
        self._by_name: dict[tuple[str, str], dict[int, None]] = {}
        for one in known:
            self.learn(one)

    def learn(self, known: Known) -> None:
        """Add a manifestation, or replace what was known of it; its work keeps the names it had."""
        number = known.manifestation_id
        before = self._known.get(number)
        if before is not None and (before.names or before.ties):
            names = dict.fromkeys((*before.names, *known.names))
            ties = dict.fromkeys((*before.ties, *known.ties))
            known = replace(known, names=tuple(names), ties=tuple(ties))
        self._known[number] = known
        self._by_item.setdefault((known.key.place, known.key.item), {})[number] = None
        for pair in (*known.pairs(), *known.ties):
            self._by_name.setdefault(pair, {})[number] = None

    def is_sighted(self, manifestation_id: int) -> bool:
        """Tell whether the source that is read has brought a version before; false of one not known here."""
        known = self._known.get(manifestation_id)
        return known is not None and bool(known.said)

    def of(self, draft: Draft) -> tuple[Known, ...]:
        """Give everything that shares the draft's place and item, or a name that either of them gives."""
        found = dict.fromkeys(self._by_item.get((draft.key.place, draft.key.item), ()))
        for pair in names_of(draft):
            found |= self._by_name.get(pair, {})
        return tuple([self._known[number] for number in found])


def names_of(draft: Draft) -> tuple[tuple[str, str], ...]:
    """List (scheme, value) of the draft itself, and of what it says is the same work."""
    pairs = draft.identifiers.pairs()
    if not draft.relations:
        return pairs
    ties = [(one.scheme, one.value) for one in draft.relations if one.bond.is_same_work]
    return tuple(dict.fromkeys((*pairs, *ties)))
