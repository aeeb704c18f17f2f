"""Tell how much a field uses a concept, and how far two fields are from each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from academichub.model.briefing import archive_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from academichub.briefing.concepts import Concepts, Use

LIFT_PRIOR: Final = 8.0  # papers of the average field that every field is given
ACROSS_ARCHIVES: Final = 0.25  # farther than the words say
_FEWEST: Final = 1e-12


@dataclass(slots=True)
class Lifts:
    """Lifts and distances by a background, each worked out when it is first asked for."""

    concepts: Concepts
    size: dict[str, int] = field(init=False)
    _uses: dict[int, dict[str, Use]] = field(default_factory=dict)
    _direction: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.size = dict(zip(self.concepts.fields, self.concepts.field_papers.tolist(), strict=True))

    def uses(self, concept: int) -> dict[str, Use]:
        """Tell how each field uses a concept."""
        if concept not in self._uses:
            self._uses[concept] = self.concepts.uses(concept)
        return self._uses[concept]

    def count(self, concept: int, category: str) -> int:
        """Count the papers of a field that use a concept."""
        use = self.uses(concept).get(category)
        return 0 if use is None else use.count

    def year_count(self, concept: int, category: str) -> int:
        """Count those of the past year."""
        use = self.uses(concept).get(category)
        return 0 if use is None else use.past_year

    def lift(self, concept: int, category: str) -> float:
        """Tell how much more a field uses a concept than the average field does: a natural logarithm."""
        usual = float(self.concepts.df[concept]) / max(self.concepts.papers, 1)
        papers = self.size.get(category, 0) + LIFT_PRIOR
        share = (self.count(concept, category) + LIFT_PRIOR * usual) / papers
        return math.log(share / usual)

    def direction(self, category: str) -> NDArray[np.float64]:
        """Give where the papers of a field point on the whole; zeros where nothing is known."""
        if not self._direction:
            self._learn_directions()
        known = self._direction.get(category)
        return np.zeros(self.concepts.directions.shape[1]) if known is None else known

    def distance(self, one: str, other: str) -> float:
        """Tell how far two fields are apart, 0 to 2.25."""
        near = float(self.direction(one) @ self.direction(other))
        return 1 - near + (ACROSS_ARCHIVES if archive_of(one) != archive_of(other) else 0.0)

    def _learn_directions(self) -> None:
        concepts = self.concepts
        idf = np.repeat(concepts.idf, np.diff(concepts.starts))
        shape = len(concepts), len(concepts.fields)
        used = sparse.csr_array((concepts.use_count * idf, concepts.use_field, concepts.starts), shape=shape)
        total = used.T @ concepts.directions.astype(np.float64)
        for name, row in zip(concepts.fields, total, strict=True):
            self._direction[name] = np.asarray(row, dtype=np.float64) / max(
                float(np.linalg.norm(row)), _FEWEST
            )
