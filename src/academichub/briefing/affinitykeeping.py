"""Turn what was learned of fields into arrays that a file can hold, and back. Pure; nothing is pickled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from academichub.briefing.affinity import CURVE, OPEN_CURVE, Affinity
from academichub.briefing.affinitypriors import Priors
from academichub.briefing.affinityterms import Terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

FORM: Final = 1  # of the arrays, and of what they mean


def to_arrays(model: Affinity) -> dict[str, NDArray[Any]]:
    """Take a model apart."""
    priors = model.priors
    return {
        "form": np.array([FORM]),
        "works": np.array([model.works]),
        "method": _written([model.method]),
        "archives": _written(model.archives),
        "words": _written(model.terms.words),
        "pairs": model.terms.pairs,
        "idf": model.terms.idf,
        "weights": model.weights,
        "prior": priors.base,
        "prior_archives": _written(tuple(priors.by_archive)),
        "archive_priors": _stacked(priors.by_archive, len(model.archives)),
        "prior_categories": _written(tuple(priors.by_category)),
        "category_priors": _stacked(priors.by_category, len(model.archives)),
        "curve": model.curve,
        "open_curve": model.open_curve,
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Affinity:
    """Put a model together again; it says what the first one said, to the last bit.

    Raises:
        KeyError, ValueError: An array is missing, of another form, or does not fit the others.
    """
    if int(arrays["form"][0]) != FORM:
        message = f"arrays of form {int(arrays['form'][0])}"
        raise ValueError(message)
    words = _read(arrays["words"])
    archives = _read(arrays["archives"])
    terms = Terms(words, arrays["pairs"], arrays["idf"], {word: at for at, word in enumerate(words)})
    by_archive, by_category = _read(arrays["prior_archives"]), _read(arrays["prior_categories"])
    for name, shape in {
        "idf": (len(terms),),
        "weights": (len(terms) + 1, len(archives)),
        "prior": (len(archives),),
        "archive_priors": (len(by_archive), len(archives)),
        "category_priors": (len(by_category), len(archives)),
        "curve": (CURVE,),
        "open_curve": (OPEN_CURVE,),
    }.items():
        if arrays[name].shape != shape:
            message = f"{name} of shape {arrays[name].shape}, not {shape}"
            raise ValueError(message)
    return Affinity(
        method=_read(arrays["method"])[0],
        works=int(arrays["works"][0]),
        archives=archives,
        terms=terms,
        weights=arrays["weights"],
        priors=Priors(
            arrays["prior"],
            dict(zip(by_archive, arrays["archive_priors"], strict=True)),
            dict(zip(by_category, arrays["category_priors"], strict=True)),
        ),
        curve=arrays["curve"],
        open_curve=arrays["open_curve"],
    )


def _written(names: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _read(letters: NDArray[Any]) -> tuple[str, ...]:
    joined = letters.tobytes().decode("utf-8")
    return tuple(joined.split("\n")) if joined else ()


def _stacked(rows: Mapping[str, NDArray[np.float64]], width: int) -> NDArray[np.float64]:
    return np.array(list(rows.values()), dtype=np.float64).reshape(len(rows), width)
