"""Turn axes into arrays that a file can hold, and back. Pure; nothing is pickled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from academichub.briefing.axes import Axes
from academichub.briefing.topicmap import TopicMap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FORM: Final = 2  # of the arrays


def to_arrays(axes: Axes) -> dict[str, NDArray[Any]]:
    """Take axes apart."""
    return {
        "form": np.array([FORM]),
        "terms": _bytes(axes.terms),
        "idf": axes.idf,
        "directions": axes.directions,
        "middle": axes.middle,
        "fields": _bytes(axes.fields),
        "readings": axes.readings,
        "middles": axes.topics.middles,
        "children": axes.topics.children,
        "papers": np.array([axes.papers]),
        "common": _bytes(tuple(sorted(axes.common))),
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Axes:
    """Put axes together again; they place papers as the first ones did, to the last bit.

    Raises:
        KeyError, ValueError: An array is missing, of another form, or does not fit the others.
    """
    if int(arrays["form"][0]) != FORM:
        message = f"arrays of form {int(arrays['form'][0])}"
        raise ValueError(message)
    axes = Axes(
        terms=_names(arrays["terms"]),
        idf=arrays["idf"],
        directions=arrays["directions"],
        middle=arrays["middle"],
        fields=_names(arrays["fields"]),
        readings=arrays["readings"],
        topics=TopicMap(arrays["middles"], arrays["children"]),
        papers=int(arrays["papers"][0]),
        common=frozenset(_names(arrays["common"])),
    )
    shapes = {
        "idf": axes.idf.shape == (len(axes.terms),),
        "directions": axes.directions.shape == (len(axes.terms), *axes.middle.shape),
        "readings": axes.readings.shape == (*axes.middle.shape, len(axes.fields)),
        "middles": axes.topics.middles.ndim == axes.topics.children.ndim == 2,  # noqa: PLR2004 - a table
    }
    wrong = [name for name, fits in shapes.items() if not fits]
    if wrong:
        message = f"arrays do not fit: {', '.join(wrong)}"
        raise ValueError(message)
    return axes


def _bytes(names: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _names(packed: NDArray[Any]) -> tuple[str, ...]:
    joined = packed.tobytes().decode("utf-8")
    return tuple(joined.split("\n")) if joined else ()
