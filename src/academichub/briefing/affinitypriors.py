"""How often works of a category belong to each field, whatever they say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from academichub.model.briefing import archive_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Reals: TypeAlias = NDArray[np.float64]

_SMOOTHING: Final = 10.0  # works of the coarser group that each group is given


@dataclass(frozen=True, slots=True)
class Priors:
    """Log shares of works in each field: of all works, of a primary archive, of a primary category."""

    base: Reals  # shape (fields,)
    by_archive: Mapping[str, Reals]
    by_category: Mapping[str, Reals]

    def of(self, categories: Sequence[str]) -> Reals:
        """Give the log shares for primary categories; for one never seen, those of its archive or of all.

        Returns:
            Shape (categories, fields).
        """
        rows = [self.by_category.get(one, self.of_archive(archive_of(one))) for one in categories]
        return np.array(rows, dtype=np.float64).reshape(len(categories), len(self.base))

    def of_archive(self, archive: str) -> Reals:
        """Give the log shares for a primary archive; for one never seen, those of all works."""
        return self.by_archive.get(archive, self.base)


def count_priors(categories: Sequence[str], labels: NDArray[np.bool_]) -> Priors:
    """Count the fields of works by primary category, each share smoothed with that of the coarser group.

    Args:
        categories: The primary category of each work.
        labels: Shape (works, fields).
    """
    base = (labels.sum(axis=0) + 0.5) / (len(labels) + 1)
    archives = _shares(labels, [archive_of(one) for one in categories], lambda _: base)
    by_category = _shares(labels, categories, lambda one: archives[archive_of(one)])
    return Priors(
        np.log(base),
        {name: np.log(archives[name]) for name in sorted(archives)},
        {name: np.log(by_category[name]) for name in sorted(by_category)},
    )


def _shares(
    labels: NDArray[np.bool_], names: Sequence[str], coarser: Callable[[str], Reals]
) -> dict[str, Reals]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(names):
        rows[name].append(row)
    return {
        name: (labels[each].sum(axis=0) + _SMOOTHING * coarser(name)) / (len(each) + _SMOOTHING)
        for name, each in rows.items()
    }
