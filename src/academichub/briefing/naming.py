"""Name a group of papers by the field's own phrases, as papers write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy import sparse

    from academichub.briefing.concepts import Concepts
    from academichub.briefing.conceptuses import Uses
    from academichub.briefing.topicmap import Numbers
    from academichub.text.terms import Vector

MOST_NAMES: Final = 5
LEAST_SHARE: Final = 0.08  # of the group's papers that use a name
LEAST_USERS: Final = 2  # papers
LEAST_LIFT: Final = 0.5  # natural logarithm
MOST_LIFT: Final = 3.0
LEAST_TERMNESS: Final = 0.08  # of a phrase
LEAST_TERMNESS_WORD: Final = 0.17
LEAST_STANDING: Final = 0.4  # of a single word: "Proximal" stands before another, "galaxies" by itself
_WORTH: Final = (0.8, 1.5, 1.6, 1.6)  # of a name of 1, 2, 3, 4 words
_PRIOR: Final = 0.5  # papers added to a count
AGREEING: Final = 12  # of the best names, by whose common direction all are judged
STRANGER: Final = 0.3  # of the worth of a name, if it points elsewhere
_EPSILON: Final = 1e-9
_ALIKE: Final = 0.8  # two names of nearly the same papers say the same


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a group."""

    names: tuple[str, ...]  # as papers write them, the best first
    coverage: float  # the share of the group's papers that use one of them at least


def name_groups(groups: Sequence[Numbers], uses: Uses, concepts: Concepts) -> list[Names]:
    """Name groups by what sets each apart from the other papers of the briefing and from the past.

    A name is worth sqrt(share) * lift * sqrt(termness) * idf, more if it has several words: share of the
    group's papers that use it; lift = ln(share / share elsewhere), at most 3, elsewhere being the greater of
    the two, the other papers and the past; termness the share of the papers using it that have it in their
    title. A name that contains another, is contained in it, abbreviates it, or is of nearly the same papers
    as a better one, is left out.

    Args:
        groups: The rows of each in `uses`; none empty.
        uses: Of all papers of the briefing.
        concepts: What was learned from the past.

    Returns:
        Of each group; no names where nothing sets it apart.
    """
    words = concepts.words
    least = np.where(words == 1, LEAST_TERMNESS_WORD, LEAST_TERMNESS)
    is_fit = (concepts.termness >= least) & ((words > 1) | (uses.stands >= LEAST_STANDING))
    worth = np.where(is_fit, np.sqrt(concepts.termness) * concepts.idf * np.array(_WORTH)[words - 1], 0.0)
    everywhere = _sums(uses.table)
    past = (concepts.df + _PRIOR) / (concepts.papers + 1)
    named = []
    for members in groups:
        table = uses.table[members]
        within = _sums(table)
        others = uses.table.shape[0] - len(members)
        elsewhere = np.maximum(past, (everywhere - within + _PRIOR) / (others + 1) if others else 0.0)
        apart = worth * _appeal(within, len(members), elsewhere)
        named.append(_names(table, apart * _agreement(apart, concepts), concepts))
    return named


def _sums(table: sparse.csr_array) -> Vector:
    """Count the papers of each concept."""
    return np.bincount(table.indices, minlength=table.shape[1]).astype(np.float64)


def _appeal(within: Vector, members: int, elsewhere: Vector) -> Vector:
    """Tell how well a concept sets a group apart, but for its own worth; 0 where it does not."""
    share = within / members
    lift = np.log(np.maximum(share, _EPSILON) / elsewhere)
    is_fit = (within >= max(LEAST_USERS, LEAST_SHARE * members)) & (lift > LEAST_LIFT)
    return np.where(is_fit, np.sqrt(share) * np.clip(lift, 0.0, MOST_LIFT), 0.0)


def _agreement(worth: Vector, concepts: Concepts) -> Vector:
    """Tell how well each concept points where the best of them point together; see `Concepts.directions`."""
    best = np.argsort(-worth, kind="stable")[:AGREEING]
    middle = worth[best] @ concepts.directions[best].astype(np.float64)
    length = float(np.linalg.norm(middle))
    if not length:
        return np.ones(len(worth))
    agreement: Vector = STRANGER + np.maximum(concepts.directions @ (middle / length), 0.0)
    return agreement


def _names(table: sparse.csr_array, worth: Vector, concepts: Concepts) -> Names:
    order = np.lexsort((np.arange(len(worth)), -worth))
    chosen: list[int] = []
    users: list[Vector] = []
    for at in order[: int(np.count_nonzero(worth > 0))].tolist():
        if not all(_is_another(concepts.names[at], concepts.names[one]) for one in chosen):
            continue
        column = table[:, [at]].toarray().ravel()
        if any(_is_of_the_same(column, others) for others in users):
            continue
        chosen.append(at)
        users.append(column)
        if len(chosen) == MOST_NAMES:
            break
    coverage = float(np.any(users, axis=0).mean()) if users else 0.0
    return Names(tuple(concepts.surfaces[at] for at in chosen), coverage)


def _is_another(name: str, chosen: str) -> bool:
    """Tell whether neither name is a part of the other, and neither abbreviates it."""
    one, other = set(name.split()), set(chosen.split())
    if one <= other or other <= one:
        return False
    return not (_abbreviates(name, chosen) or _abbreviates(chosen, name))


def _abbreviates(short: str, long: str) -> bool:
    return short == "".join(word[0] for word in long.split())


def _is_of_the_same(users: Vector, others: Vector) -> bool:
    both = float(users @ others)
    return both >= _ALIKE * (float(users.sum()) + float(others.sum()) - both)
