"""Keep the last answers, for the next page, the feed of a search, and who comes back to it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from academichub.flows.searching import answer

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from academichub.flows.meanings import Snapshot
    from academichub.flows.searching import Answer, Plan
    from academichub.index.fulltext import Index
    from academichub.model.search import FacetKind
    from academichub.model.shelf import Facet

_T = TypeVar("_T")
ANSWERS_KEPT: Final = 128  # of at most some hundred numbers each


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What answers come from: while it is the same, so are they."""

    index: Index
    change: int
    kept: tuple[int, int]  # revisions of what the reader keeps

    def is_as(self, other: _State | None) -> bool:
        """Tell whether another one is of the same commit and the same revisions."""
        return (
            other is not None
            and self.index is other.index
            and (self.change, self.kept) == (other.change, other.kept)
        )


class KeptAnswers:
    """Answers of one state of the index and of what the reader keeps. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._facets: OrderedDict[Hashable, Mapping[FacetKind, tuple[Facet, ...]]] = OrderedDict()

    def answer(self, index: Index, plan: Plan, *, kept: tuple[int, int]) -> Answer:
        """Answer as `searching.answer` does, once; facets are counted once for all pages.

        Args:
            index: Found whole just now.
            plan: The question.
            kept: Revisions that move whenever what the reader keeps does.

        Raises:
            IndexBroken: It cannot be read.
        """
        state = _State(index, index.change, kept)
        question = plan.understood, plan.mode, frozenset(plan.chosen.items()), _Same(plan.snapshot)
        page = question, plan.order, plan.after, plan.size
        with self._lock:
            if not state.is_as(self._state):
                self._state = state
                self._answers.clear()
                self._facets.clear()
            known, facets = self._answers.get(page), self._facets.get(question)
        if known is not None:
            return known
        if facets is None:
            found = answer(index, plan)
        else:
            found = answer(index, replace(plan, with_facets=False))._replace(facets=facets)
        with self._lock:
            if state.is_as(self._state):  # else another one came meanwhile
                _keep(self._answers, page, found)
                _keep(self._facets, question, found.facets)
        return found


class _Same(NamedTuple):
    """Vectors in memory, as part of a key: another snapshot is another question."""

    snapshot: Snapshot | None

    def __hash__(self) -> int:
        return id(self.snapshot)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.snapshot is other.snapshot


def _keep(kept: OrderedDict[Hashable, _T], key: Hashable, value: _T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > ANSWERS_KEPT:
        kept.popitem(last=False)
