"""Unit vectors and their packing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from academichub.llm.vectors import pack, unit, unpack

ROWS = arrays.arrays(
    np.float64, st.tuples(st.integers(0, 5), st.integers(1, 40)), elements=st.floats(-1e18, 1e18)
)


@given(ROWS)
def test_rows_become_of_length_one_or_stay_zeros(
    rows: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> None:
    made = unit(rows)

    lengths = np.linalg.norm(made.astype(np.float64), axis=1)
    tiny = np.abs(rows).max(axis=1, initial=0) < 1e-150
    assert made.dtype == np.float32
    assert ((np.abs(lengths - 1) < 1e-5) | tiny).all()
    assert not made[~rows.any(axis=1)].any()


def test_packing_costs_two_bytes_a_number_and_hardly_moves_a_cosine() -> None:
    rows = unit(np.random.default_rng(1).standard_normal((300, 384)))

    packed = pack(rows)
    back = unpack(packed, 384)

    assert len(packed) == 300 * 384 * 2
    assert np.abs(back @ back.T - rows @ rows.T).max() < 1e-4
    assert np.abs(np.linalg.norm(back, axis=1) - 1).max() < 1e-6


def test_packed_rows_are_joined_by_joining_their_bytes() -> None:
    rows = unit(np.random.default_rng(1).standard_normal((3, 8)))

    one_by_one = b"".join(pack(row) for row in rows)

    assert one_by_one == pack(rows)
    assert unpack(one_by_one, 8).shape == (3, 8)


def test_packing_is_little_endian_on_every_machine() -> None:
    assert pack(np.array([1.0, 0.0, -0.5], dtype=np.float32)).hex() == "003c" + "0000" + "00b8"


def test_packing_twice_changes_nothing_more() -> None:
    once = unpack(pack(unit(np.random.default_rng(2).standard_normal((50, 64)))), 64)

    again = unpack(pack(once), 64)

    assert np.abs(again - once).max() < 1e-4


def test_zeros_stay_zeros() -> None:
    assert not unpack(pack(np.zeros((2, 4), dtype=np.float32)), 4).any()


def test_nothing_packs_to_nothing() -> None:
    assert unpack(pack(np.zeros((0, 4), dtype=np.float32)), 4).shape == (0, 4)


@pytest.mark.parametrize("part", [np.nan, np.inf, -1.5, 70_000.0])
def test_what_is_no_unit_vector_is_not_packed(part: float) -> None:
    with pytest.raises(ValueError, match="not unit"):
        pack(np.array([part, 0.0], dtype=np.float32))


@pytest.mark.parametrize(("count", "dimensions"), [(3, 1), (8, 3), (4, 0), (4, -2)])
def test_bytes_of_another_space_are_not_unpacked(count: int, dimensions: int) -> None:
    with pytest.raises(ValueError, match="no vectors"):
        unpack(bytes(count), dimensions)
