"""By what an answer can be narrowed, as links: what is chosen takes itself away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.search import FacetKind
from academichub.web.address import around, quote, write
from academichub.web.searchaddress import SEARCH_NAMES
from academichub.web.views.card import category_title
from academichub.web.views.radarform import field_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.shelf import Facet
    from academichub.web.i18n import Catalogue

PATH: Final = "/search"
_ORDER: Final = (
    *(FacetKind.STATE, FacetKind.YEAR, FacetKind.CATEGORY, FacetKind.VENUE),
    *(FacetKind.SOURCE, FacetKind.KIND),
)
_SHOWN: Final = 6
_BAR: Final = 100  # widest bar of the years, in per cent
_ARXIV: Final = "arxiv:"


class ChosenChip(NamedTuple):
    """A filter that is on, as a link that takes it away."""

    href: str
    kind: str
    label: str


class FacetLine(NamedTuple):
    """A value that the answer can be narrowed to."""

    href: str
    label: str
    title: str  # the full name behind a short one
    tally: str
    is_chosen: bool
    bar: str  # length in per cent, of years; "" for all others


class FacetGroup(NamedTuple):
    """All values of one kind."""

    name: str
    title: str
    lines: tuple[FacetLine, ...]
    more: tuple[FacetLine, ...]


def facet_label(kind: FacetKind, value: str, words: Catalogue) -> str:
    """Write a value as readers know it."""
    if kind is FacetKind.KIND:
        return words.text(f"kind:{value}")
    if kind is FacetKind.STATE:
        return words.text(f"state:{value}")
    if kind is FacetKind.SOURCE and value.startswith(_ARXIV):
        return f"arXiv {value.removeprefix(_ARXIV)}"
    return value


def build_chips(parameters: Mapping[str, str], words: Catalogue) -> tuple[ChosenChip, ...]:
    """List what the answer is narrowed to."""
    return tuple(
        ChosenChip(
            href=write(PATH, parameters, **{kind.value: None}, after=None, n=None),
            kind=words.text(f"facet:{kind.value}"),
            label=facet_label(kind, parameters[kind.value], words),
        )
        for kind in _ORDER
        if kind.value in parameters
    )


def build_groups(
    facets: Mapping[FacetKind, tuple[Facet, ...]], parameters: Mapping[str, str], words: Catalogue
) -> tuple[FacetGroup, ...]:
    """Group what the answer can be narrowed to; a kind with nothing to choose between is left out."""
    groups = []
    for kind in _ORDER:
        chosen = parameters.get(kind.value)
        # What would leave nothing is no choice; what is chosen can always be taken away.
        found = tuple(facet for facet in facets.get(kind, ()) if facet.works or facet.value == chosen)
        if len(found) > 1 or (found and chosen):
            groups.append(_group(kind, found, parameters, words))
    return tuple(groups)


def _group(
    kind: FacetKind, facets: tuple[Facet, ...], parameters: Mapping[str, str], words: Catalogue
) -> FacetGroup:
    is_year = kind is FacetKind.YEAR
    if is_year:  # the only values that have an order of their own
        facets = tuple(sorted(facets, key=lambda facet: facet.value, reverse=True))
    most = max((facet.works for facet in facets), default=0) or 1
    chosen = parameters.get(kind.value)
    kept = {name: parameters[name] for name in SEARCH_NAMES if name in parameters}
    before, behind = around(PATH, kept, kind.value)
    lines = tuple(
        FacetLine(
            href=write(PATH, kept, **{kind.value: None}, after=None, n=None)
            if facet.value == chosen
            else f"{before}{quote(facet.value)}{behind}",
            label=facet_label(kind, facet.value, words),
            title=_title(kind, facet.value, words),
            tally=f"{facet.works:,}",
            is_chosen=facet.value == chosen,
            bar=f"{max(_BAR * facet.works / most, 1):.1f}" if is_year else "",
        )
        for facet in facets
    )
    return FacetGroup(kind.value, words.text(f"facet:{kind.value}"), lines[:_SHOWN], lines[_SHOWN:])


def _title(kind: FacetKind, value: str, words: Catalogue) -> str:
    if kind is not FacetKind.CATEGORY:
        return ""
    title = category_title(value, words) or field_name(value, words)
    return title if title != value else ""
