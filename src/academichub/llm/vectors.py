"""Make vectors of length 1, and pack them for the shelves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from academichub.llm.ports import Vectors

_PACKED: Final = np.dtype("<f2")
_LONGEST: Final = 1.001  # a unit vector's parts are at most 1; rounding may add a little


def unit(vectors: NDArray[np.floating[Any]]) -> Vectors:
    """Scale each row to length 1; a row of zeros stays as it is.

    Args:
        vectors: Shape (n, d), finite.

    Returns:
        Shape (n, d), single precision; the lengths are reckoned in double precision.
    """
    wide = vectors.astype(np.float64)
    lengths = np.sqrt(np.sum(wide * wide, axis=1, keepdims=True))
    scaled: NDArray[np.float64] = np.divide(wide, lengths, out=np.zeros_like(wide), where=lengths > 0)
    return scaled.astype(np.float32)


def pack(vectors: Vectors) -> bytes:
    """Pack unit vectors as little-endian half-precision numbers, two bytes each, row by row.

    Rows may be packed one by one and joined: `pack(a) + pack(b)` unpacks to both. Half precision
    moves a cosine by less than 1e-4, and no ranking measured so far (docs/models.md).

    Args:
        vectors: Shape (n, d), or (d,) for one; parts in [-1, 1].

    Raises:
        ValueError: A part is not a number or not of a unit vector.
    """
    if not (np.abs(vectors) <= _LONGEST).all():  # a NaN compares false too
        reason = "not unit vectors"
        raise ValueError(reason)
    return vectors.astype(_PACKED).tobytes()


def unpack(packed: bytes, dimensions: int) -> Vectors:
    """Unpack vectors and make them of length 1 again.

    Returns:
        Shape (n, dimensions), in the order in which they were packed.

    Raises:
        ValueError: The bytes are not a whole number of vectors of so many dimensions.
    """
    if dimensions < 1 or len(packed) % (dimensions * _PACKED.itemsize):
        reason = f"{len(packed)} bytes are no vectors of {dimensions} dimensions"
        raise ValueError(reason)
    return unit(np.frombuffer(packed, dtype=_PACKED).reshape(-1, dimensions))
