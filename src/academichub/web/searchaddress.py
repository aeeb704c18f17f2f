"""Read the address of a search: what is asked of the index, and what only the page needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from academichub.errors import FormInvalid
from academichub.model.papers import Kind
from academichub.model.search import FacetKind, SearchCursor, SearchMode, SearchOrder, SearchQuery
from academichub.web.address import SIZES, read_number
from academichub.web.reader import DENSITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

_Choice = TypeVar("_Choice", SearchMode, SearchOrder)

# What an address says of a search; the rest belongs to other pages.
SEARCH_NAMES: Final = (
    *("src", "cat", "venue", "year", "kind", "state", "mode", "sort", "q", "after", "n", "per"),
    *("density", "lang"),
)
STATES: Final = ("unread", "read", "starred", "later", "noted", "hidden")
FACETS: Final = tuple(kind.value for kind in FacetKind)
DEFAULT_SIZE: Final = 25
_YEAR: Final = re.compile(r"[12]\d{3}", re.ASCII)
# The key of a hit is a score as `float.hex` writes it or a day's ordinal; only the index reads it.
_AFTER: Final = re.compile(r"([0-9a-z.+-]{1,60}):(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """The address of a search, read."""

    query: SearchQuery
    density: str | None
    parameters: Mapping[str, str]

    @property
    def is_asked(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.query.text or self.query.chosen)


def read_search(parameters: Mapping[str, str], *, language: str) -> SearchAddress:
    """Read the parameters of a search.

    Args:
        parameters: As `read_parameters` gives them.
        language: The reader's, for what is said about the answer.

    Raises:
        FormInvalid: A value is none that its name takes.
    """
    kept = {name: parameters[name] for name in SEARCH_NAMES if name in parameters}
    density = kept.get("density")
    if density is not None and density not in DENSITIES:
        raise FormInvalid(field="density", value=density[:40])
    size = read_number(kept, "per", DEFAULT_SIZE)
    if size not in SIZES:
        raise FormInvalid(field="per", value=kept["per"])
    chosen = {kind: kept[kind.value] for kind in FacetKind if kind.value in kept}
    _check(chosen)
    return SearchAddress(
        query=SearchQuery(
            text=kept.get("q", ""),
            mode=_read_choice(SearchMode, "mode", kept.get("mode", SearchMode.BOTH)),
            order=_read_choice(SearchOrder, "sort", kept.get("sort", SearchOrder.RELEVANCE)),
            chosen=chosen,
            after=_read_cursor(kept),
            size=size,
            language=language,
        ),
        density=density,
        parameters=kept,
    )


def write_cursor(cursor: SearchCursor) -> dict[str, str]:
    """Write where the next page starts, as parameters."""
    return {"after": f"{cursor.key}:{cursor.work_id}", "n": str(cursor.number)}


def _check(chosen: Mapping[FacetKind, str]) -> None:
    known = {
        FacetKind.KIND: lambda value: value in set(Kind),
        FacetKind.STATE: lambda value: value in STATES,
        FacetKind.YEAR: lambda value: _YEAR.fullmatch(value) is not None,
    }
    for kind, value in chosen.items():
        if kind in known and not known[kind](value):
            raise FormInvalid(field=kind.value, value=value[:40])


def _read_cursor(parameters: Mapping[str, str]) -> SearchCursor | None:
    after = parameters.get("after")
    if after is None:
        return None
    found = _AFTER.fullmatch(after)
    if found is None:
        raise FormInvalid(field="after", value=after[:40])
    return SearchCursor(key=found[1], work_id=int(found[2]), number=read_number(parameters, "n", 0))


def _read_choice(kind: type[_Choice], name: str, value: str) -> _Choice:
    try:
        return kind(value)
    except ValueError as error:
        raise FormInvalid(field=name, value=value[:40]) from error
