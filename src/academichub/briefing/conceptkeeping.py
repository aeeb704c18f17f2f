"""Turn concepts into arrays that a file can hold, and back. Pure; nothing is pickled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from academichub.briefing.concepts import Concepts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FORM: Final = 1  # of the arrays
_NUMBERS: Final = (
    "df",
    "titles",
    "field_papers",
    "field_year",
    "starts",
    "use_field",
    "use_count",
    "use_year",
    "use_first",
)


def to_arrays(concepts: Concepts) -> dict[str, NDArray[Any]]:
    """Take concepts apart; directions are kept at half precision."""
    return {
        "form": np.array([FORM]),
        "names": _packed(concepts.names),
        "surfaces": _packed(concepts.surfaces),
        "fields": _packed(concepts.fields),
        "papers_until": np.array([concepts.papers, concepts.until]),
        "npmi": concepts.npmi.astype(np.float32),
        "directions": concepts.directions.astype(np.float16),
        **{name: getattr(concepts, name).astype(np.int32) for name in _NUMBERS},
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Concepts:
    """Put concepts together again.

    Raises:
        KeyError, ValueError: An array is missing, of another form, or does not fit the others.
    """
    if int(arrays["form"][0]) != FORM:
        message = f"arrays of form {int(arrays['form'][0])}"
        raise ValueError(message)
    names, fields = _unpacked(arrays["names"]), _unpacked(arrays["fields"])
    numbers = {name: arrays[name].astype(np.int64) for name in _NUMBERS}
    sizes = {len(names), len(numbers["df"]), len(numbers["titles"]), len(numbers["starts"]) - 1}
    sizes |= {len(arrays["npmi"]), len(arrays["directions"]), len(_unpacked(arrays["surfaces"]))}
    uses = {len(numbers[name]) for name in ("use_field", "use_count", "use_year", "use_first")}
    uses.add(int(numbers["starts"][-1]) if len(numbers["starts"]) else -1)
    if (
        len(sizes) != 1
        or len(uses) != 1
        or {len(numbers[one]) for one in ("field_papers", "field_year")} != {len(fields)}
    ):
        message = f"{len(names)} names do not fit the other arrays"
        raise ValueError(message)
    return Concepts(
        names=names,
        surfaces=_unpacked(arrays["surfaces"]),
        papers=int(arrays["papers_until"][0]),
        until=int(arrays["papers_until"][1]),
        npmi=arrays["npmi"].astype(np.float64),
        fields=fields,
        directions=arrays["directions"].astype(np.float32),
        **numbers,
    )


def _packed(names: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpacked(packed: NDArray[Any]) -> tuple[str, ...]:
    joined = packed.tobytes().decode("utf-8")
    return tuple(joined.split("\n")) if joined else ()
