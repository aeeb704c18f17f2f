"""Read what an embeddings endpoint answered, trusting nothing in it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DIMENSIONS: Final = 65_536
_LARGEST: Final = 1e18  # of a part: its square still fits into single precision's range
_MOST_REASON: Final = 200  # characters of what a server says


class Unreadable(Exception):
    """An answer that holds no usable vectors. The text is the reason."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


def read_vectors(body: bytes, *, expected: int) -> NDArray[np.float64]:
    """Read the vectors of an answer in OpenAI's form, as lists of numbers or as base64.

    Args:
        body: JSON: {"data": [{"index": 0, "embedding": [...] or "..."}, ...]}.
        expected: The number of texts that were sent, >= 1.

    Returns:
        Shape (expected, dimensions), finite, in the order of the texts: `index` decides, or the
        order of the answer where it has none.

    Raises:
        Unreadable: The answer is anything else, or a vector in it is zeros.
    """
    entries = _entries(body)
    if len(entries) != expected:
        raise Unreadable(reason=f"{len(entries)} vectors for {expected} texts")
    found: dict[int, NDArray[np.float64]] = {}
    for position, entry in enumerate(entries):
        place = entry.get("index", position) if isinstance(entry, dict) else None
        if type(place) is not int or not 0 <= place < expected or place in found:
            raise Unreadable(reason="the vectors are not numbered as the texts")
        found[place] = _vector(entry.get("embedding"))
    lengths = {len(vector) for vector in found.values()}
    if len(lengths) != 1:
        raise Unreadable(reason="vectors of different lengths")
    vectors = np.stack([found[place] for place in range(expected)])
    if not (np.abs(vectors) <= _LARGEST).all():  # a NaN compares false too
        raise Unreadable(reason="a vector with parts that are no finite numbers")
    if not vectors.any(axis=1).all():
        raise Unreadable(reason="a vector of zeros")
    return vectors


def read_reason(body: bytes) -> str:
    """Find what a server says about its refusal; empty where it says nothing that we understand."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    told = answer.get("error", answer) if isinstance(answer, dict) else answer
    if isinstance(told, dict):
        told = told.get("message") or told.get("detail")
    return " ".join(told.split())[:_MOST_REASON] if isinstance(told, str) else ""


def _entries(body: bytes) -> list[Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(reason="it is no JSON") from error
    entries = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(entries, list):
        raise Unreadable(reason="it has no list of vectors")
    return entries


def _vector(embedding: object) -> NDArray[np.float64]:
    try:
        if isinstance(embedding, str):
            numbers = np.frombuffer(base64.b64decode(embedding, validate=True), dtype="<f4").astype(
                np.float64
            )
        elif isinstance(embedding, list) and all(type(part) in {float, int} for part in embedding):
            numbers = np.array(embedding, dtype=np.float64)
        else:
            raise Unreadable(reason="a vector that is no list of numbers")
    except (binascii.Error, ValueError, OverflowError) as error:
        raise Unreadable(reason="a vector that cannot be decoded") from error
    if not 1 <= numbers.size <= MOST_DIMENSIONS:
        raise Unreadable(reason=f"a vector of {numbers.size} dimensions")
    return numbers
