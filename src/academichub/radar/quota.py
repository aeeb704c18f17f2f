"""Keep one busy field from crowding out the rest. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def within_quota(order: Sequence[int], fields: Sequence[str], *, quota: int) -> list[int]:
    """Move what is over its field's quota behind everything that is not; nothing is lost.

    Args:
        order: Places of papers, best first.
        fields: The field of each paper, by place; "" counts as a field of its own.
        quota: Papers of one field at most, from 1; 0 for no limit.

    Returns:
        The same places: first those within the quota, then the rest, each in the order they had.
    """
    if quota <= 0:
        return list(order)
    taken: Counter[str] = Counter()
    first: list[int] = []
    rest: list[int] = []
    for place in order:
        taken[fields[place]] += 1
        (first if taken[fields[place]] <= quota else rest).append(place)
    return first + rest
