"""Match many stored queries against a batch of papers, with the answers of `text/querymatch.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.index.atoms import AtomsBuilder
from academichub.index.gates import Drawing, of_atom, opposite
from academichub.model.query import And, Not, Or
from academichub.text.querymatch import Prepared, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.index.atoms import Atoms
    from academichub.index.gates import Net, Numbers, Wire
    from academichub.model.query import Query, Searchable

_BLOCK: Final = 2_048  # papers at a time; 100,000 rules then need some 60 MB of bits


@dataclass(frozen=True, slots=True)
class StoredRules:
    """Rules made ready to be matched. Never changes; compile again when a rule does."""

    rule_ids: Numbers
    atoms: Atoms
    net: Net

    def match(self, papers: Sequence[Searchable | Prepared]) -> tuple[Numbers, Numbers]:
        """Say which rules match which papers.

        Args:
            papers: As they are, or prepared before so that explanations can use the same.

        Returns:
            Rule ids and indices into `papers`, pair by pair, sorted by rule, then by paper.
        """
        rules = [np.zeros(0, dtype=np.int64)]
        indices = [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(papers), _BLOCK):
            block = [p if isinstance(p, Prepared) else prepare(p) for p in papers[start : start + _BLOCK]]
            atom, paper = self.atoms.find(block)
            rule, index = self.net.true_pairs(atom, paper, papers=len(block))
            rules.append(self.rule_ids[rule])
            indices.append(index + start)
        rule, index = np.concatenate(rules), np.concatenate(indices)
        order = np.lexsort((index, rule))
        return rule[order], index[order]


def compile(rules: Mapping[int, Query]) -> StoredRules:  # noqa: A001  read with its module: stored.compile
    """Make rules ready to be matched."""
    atoms = AtomsBuilder()
    drawing = Drawing()
    ids = sorted(rules)
    outputs = [_draw(rules[rule], atoms, drawing) for rule in ids]
    return StoredRules(
        rule_ids=np.array(ids, dtype=np.int64),
        atoms=atoms.finish(),
        net=drawing.finish(atoms=len(atoms), outputs=outputs),
    )


def _draw(query: Query, atoms: AtomsBuilder, drawing: Drawing) -> Wire:
    if isinstance(query, And):
        return drawing.all_of(_draw(part, atoms, drawing) for part in query.parts)
    if isinstance(query, Or):
        return drawing.any_of(_draw(part, atoms, drawing) for part in query.parts)
    if isinstance(query, Not):
        return opposite(_draw(query.part, atoms, drawing))
    return of_atom(atoms.number(query))
