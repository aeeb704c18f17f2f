"""Work out many boolean queries over many papers at once, a bit for each query and paper.

Every query becomes a net of AND gates over atoms, with negations on the wires: OR is an AND whose wires, in
and out, are negated. A gate that several queries need is built once. A row of bits, 64 papers to a machine
word, says what an atom or a gate is true of. Gates of one depth with the same number of inputs are worked out
together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Bits: TypeAlias = NDArray[np.uint64]
Numbers: TypeAlias = NDArray[np.int64]

WORD: Final = 64  # papers in a machine word
_ROWS: Final = 16_384  # rows worked on at a time; bounds the memory of what is in between
_ALL: Final = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


# What a gate reads, in one number so that a hundred thousand queries are drawn quickly: four times the number
# of the atom or gate, 2 more for a gate, 1 more where it is negated.
Wire: TypeAlias = int
_GATE: Final = 2
_NEGATED: Final = 1


def of_atom(number: int) -> Wire:
    """Give the wire from an atom."""
    return number << 2


def opposite(wire: Wire) -> Wire:
    """Give the negated wire."""
    return wire ^ _NEGATED


class Drawing:
    """A net while it is drawn. Gates are numbered as they come; equal ones are one."""

    def __init__(self) -> None:
        self._number_by_inputs: dict[frozenset[Wire], int] = {}
        self._levels: list[int] = []

    def all_of(self, wires: Iterable[Wire]) -> Wire:
        """Add a gate that is true where all wires are."""
        inputs = frozenset(wires)
        if len(inputs) == 1:
            return next(iter(inputs))
        number = self._number_by_inputs.setdefault(inputs, len(self._levels))
        if number == len(self._levels):
            self._levels.append(1 + max(self._levels[w >> 2] if w & _GATE else 0 for w in inputs))
        return number << 2 | _GATE

    def any_of(self, wires: Iterable[Wire]) -> Wire:
        """Add a gate that is true where any wire is."""
        return opposite(self.all_of(map(opposite, wires)))

    def finish(self, *, atoms: int, outputs: list[Wire]) -> Net:
        """Sort the gates into layers and number all rows: atoms first, then gates in the order of work."""
        gates = list(self._number_by_inputs)
        order = sorted(range(len(gates)), key=lambda gate: (self._levels[gate], len(gates[gate]), gate))
        row_by_gate = {gate: atoms + place for place, gate in enumerate(order)}

        def row(wire: Wire) -> int:
            return row_by_gate[wire >> 2] if wire & _GATE else wire >> 2

        layers: list[_Layer] = []
        shapes = groupby(order, key=lambda gate: (self._levels[gate], len(gates[gate])))
        first_row = atoms
        for _, alike in shapes:
            inputs = [sorted((row(wire), wire & _NEGATED) for wire in gates[gate]) for gate in alike]
            both = np.array(inputs, dtype=np.int64)
            layers.append(_Layer(first_row, both[:, :, 0], both[:, :, 1].astype(np.bool_)))
            first_row += len(inputs)
        return Net(
            atoms=atoms,
            rows=atoms + len(gates),
            layers=tuple(layers),
            outputs=np.array([row(wire) for wire in outputs], dtype=np.int64),
            negated_outputs=np.array([wire & _NEGATED for wire in outputs], dtype=np.bool_),
        )


@dataclass(frozen=True, slots=True)
class _Layer:
    """Gates of one size that read only what is above them.

    `inputs` has shape (gates, size) and holds rows; `negated` has the same shape.
    """

    first_row: int
    inputs: Numbers
    negated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Net:
    """A finished net. `outputs` has one row number for each query."""

    atoms: int
    rows: int
    layers: tuple[_Layer, ...]
    outputs: Numbers
    negated_outputs: NDArray[np.bool_]

    def true_pairs(self, atom: Numbers, paper: Numbers, *, papers: int) -> tuple[Numbers, Numbers]:
        """Say which outputs are true of which papers.

        Args:
            atom: Shape (n,), atoms that are true.
            paper: Shape (n,), the paper that each is true of, in [0, papers). Pairs may repeat.
            papers: How many there are.

        Returns:
            Numbers of outputs and of papers, sorted by output, then by paper.
        """
        bits = np.zeros((self.rows, -(-papers // WORD)), dtype=np.uint64)
        _set(bits, atom, paper)
        for layer in self.layers:
            for start in range(0, len(layer.inputs), _ROWS):
                part = slice(start, start + _ROWS)
                true = _conjunction(bits, layer.inputs[part], layer.negated[part])
                bits[layer.first_row + start : layer.first_row + start + len(true)] = true
        found = list(self._read(bits, papers))
        return (
            np.concatenate([outputs for outputs, _ in found], dtype=np.int64),
            np.concatenate([numbers for _, numbers in found], dtype=np.int64),
        )

    def _read(self, bits: Bits, papers: int) -> Iterator[tuple[Numbers, Numbers]]:
        """Turn rows of outputs into pairs, some rows at a time."""
        beyond = papers % WORD  # negation has set the bits behind the last paper as well
        yield np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        for start in range(0, len(self.outputs), _ROWS):
            rows = bits[self.outputs[start : start + _ROWS]]
            rows[self.negated_outputs[start : start + _ROWS]] ^= _ALL
            if beyond:
                rows[:, -1] &= np.uint64((1 << beyond) - 1)
            output, word = np.nonzero(rows != 0)  # twice as fast as without the comparison
            octets = rows[output, word].astype("<u8").view(np.uint8).reshape(-1, 8)
            ones = np.unpackbits(octets, axis=1, bitorder="little").view(np.bool_)
            place, bit = np.nonzero(ones)
            yield start + output[place], word[place] * WORD + bit


def _set(bits: Bits, atom: Numbers, paper: Numbers) -> None:
    """Set the bits of pairs."""
    places = atom * bits.shape[1] + paper // WORD
    values = np.left_shift(np.uint64(1), (paper % WORD).astype(np.uint64))
    np.bitwise_or.at(bits.reshape(-1), places, values)


def _conjunction(bits: Bits, inputs: Numbers, negated: NDArray[np.bool_]) -> Bits:
    """Work out gates of one size; shape (gates, words)."""
    true = np.full((len(inputs), bits.shape[1]), _ALL, dtype=np.uint64)
    for column in range(inputs.shape[1]):
        rows = bits[inputs[:, column]]
        rows[negated[:, column]] ^= _ALL
        true &= rows
    return true
