"""A search: its box, what was found, by what it can be narrowed, and the ways out where nothing was."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.errors import QueryInvalid
from academichub.model.query import Scope
from academichub.model.search import FacetKind, SearchMode, SearchNote, SearchOrder
from academichub.text.query import format as format_query
from academichub.text.query import parse
from academichub.text.queryparts import for_rule, parts
from academichub.web.address import write
from academichub.web.exportaddress import feed_links
from academichub.web.reader import DENSITIES
from academichub.web.searchaddress import FACETS, write_cursor
from academichub.web.views.aside import NOTHING
from academichub.web.views.card import CardSlot
from academichub.web.views.desk import Option
from academichub.web.views.facets import build_chips, build_groups, facet_label
from academichub.web.views.marks import build_done, build_marks, here
from academichub.web.views.matching import badge_views
from academichub.web.views.searchhelp import build_help
from academichub.web.views.takeaway import build_takeaway

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.keeping import State
    from academichub.model.radarpages import Badge
    from academichub.model.search import IndexState, SearchHit, SearchPage
    from academichub.web.exportaddress import FeedLink
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.searchaddress import SearchAddress
    from academichub.web.views.aside import Remarks
    from academichub.web.views.facets import ChosenChip, FacetGroup
    from academichub.web.views.marks import DoneView
    from academichub.web.views.radarform import Fault
    from academichub.web.views.searchhelp import HelpLine
    from academichub.web.views.takeaway import Takeaway

PATH: Final = "/search"
# What an answer may lack; said with a sign of its own.
_GRAVE: Final = frozenset({SearchNote.NO_MODEL, SearchNote.REBUILDING, SearchNote.BEHIND})
# Terms that keep an answer to some days. What stands in quotation marks is no field.
_DAYS: Final = re.compile(r'(?i)("[^"]*"?)|(?<![\w:])[-−－]?date\s?[:：]\s?\S+')
# What makes a line more than words: operators, fields, phrases, groups and stars.
_OF_SEARCHES: Final = frozenset({FacetKind.STATE, FacetKind.KIND})  # rules know nothing of them
_SYNTAX: Final = re.compile(r'[":*()|“”（）：＊｜]|(?:^|\s)[-−－]\S|(?:^|\s)(?:AND|OR|NOT)(?:\s|$)')


class OrderLink(NamedTuple):
    """An order that hits can be read in, or a density that they can be drawn in."""

    href: str
    label: str
    is_chosen: bool
    icon: str = ""


class NoteLine(NamedTuple):
    """What a reader must know to judge an answer."""

    words: str
    health: str  # "late" where the answer may lack something, else "quiet"


class WayOut(NamedTuple):
    """Something to do where nothing was found."""

    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the hub holds about the works of a page."""

    states: Mapping[int, State]
    badges: Mapping[int, Sequence[Badge]]
    remarks: Mapping[int, Remarks]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may have been meant."""

    href: str
    query: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """The search page."""

    title: str
    typed: str
    carried: tuple[tuple[str, str], ...]  # what the form sends along unseen
    modes: tuple[Option, ...]
    fault: Fault | None
    fault_column: str  # 0-based; "" for no fault
    fault_length: str
    help: tuple[HelpLine, ...]
    size: str  # of the index
    done: DoneView | None
    tally: str
    notes: tuple[NoteLine, ...]
    suggestion: Suggestion | None
    chips: tuple[ChosenChip, ...]
    clear: str | None
    orders: tuple[OrderLink, ...]
    densities: tuple[OrderLink, ...]
    density: str
    groups: tuple[FacetGroup, ...]
    cards: tuple[CardSlot, ...]
    works: str
    show_abstracts: bool
    start: str | None
    more: str | None
    more_label: str
    ways: tuple[WayOut, ...] | None  # None where there is no need of any
    radar: str
    feeds: tuple[FeedLink, ...]
    files: tuple[Takeaway, ...]
    is_first: bool  # the first page of an answer, which the browser may remember


def build_search(page: SearchPage, address: SearchAddress, visit: Visit, told: Told) -> SearchView:
    """Build the page of an answer."""
    words, parameters = visit.words, address.parameters
    base = _blank(address, visit)
    is_first = page.query.after is None
    return replace(
        base,
        tally=_tally(page, words),
        notes=_notes(page, words),
        suggestion=_suggestion(page, parameters),
        chips=build_chips(parameters, words),
        clear=_clear(parameters),
        orders=_orders(page, parameters, words),
        groups=build_groups(page.facets, parameters, words),
        cards=_slots(page, visit, told),
        works=str(page.total),
        start=None if is_first else write(PATH, parameters, after=None, n=None),
        more=write(PATH, parameters, **write_cursor(page.next)) if page.next else None,
        more_label=_more_label(page, words),
        ways=None if page.total else _ways(page, parameters, words),
        radar=radar_address(address, visit),
        feeds=feed_links(PATH, parameters),
        files=build_takeaway(PATH, visit),
        is_first=is_first,
    )


def build_blank(
    address: SearchAddress, visit: Visit, *, state: IndexState | None = None, fault: Fault | None = None
) -> SearchView:
    """Build the page on which nothing was asked yet, or on which the question cannot be read."""
    base = _blank(address, visit)
    if fault is not None:
        chips = build_chips(address.parameters, visit.words)
        return replace(
            base,
            fault=fault,
            fault_column=str(len(fault.before)),
            fault_length=str(len(fault.wrong)),
            chips=chips,
            clear=_clear(address.parameters),
        )
    return replace(base, size=_size(state, visit.words) if state is not None else "")


def radar_address(address: SearchAddress, visit: Visit) -> str:
    """Write the address of a new radar's form, filled in with what was searched for.

    Plain words become the radar's text, for radars rank by likeness; a query with operators, and whatever the
    answer was narrowed to, becomes its rule. What the reader marked, and what else only a search can know, is
    nothing that a radar can ask for.
    """
    text = _without_marks(address.query.text)
    chosen = address.query.chosen or {}
    terms = [_term(kind, value) for kind, value in chosen.items() if kind not in _OF_SEARCHES]
    if text and (_SYNTAX.search(text) or address.query.mode is SearchMode.WORDS):
        return write(
            "/radars/new", {}, rule=" ".join([f"({text})" if terms else text, *terms]), lang=visit.lang
        )
    return write("/radars/new", {}, text=text or None, rule=" ".join(terms) or None, lang=visit.lang)


def _without_marks(text: str) -> str:
    """Leave out what rules do not know; a query without anything of the kind stays as it was typed."""
    try:
        asked = parse(text, scope=Scope.SEARCH) if text else None
    except QueryInvalid:
        return text
    kept = for_rule(asked) if asked is not None else None
    if asked is None or kept == asked:
        return text
    if kept is None:
        return ""
    words, rest = parts(kept)
    return format_query(kept) if rest is not None else " ".join(word.text for word in words)


def _term(kind: FacetKind, value: str) -> str:
    """Write a chosen facet in the query language."""
    name = "date" if kind is FacetKind.YEAR else kind.value
    return f'{name}:"{value}"' if re.search(r"[^\w.:-]", value) else f"{name}:{value}"


# -- the box ----------------------------------------------------------------------------------------


def _blank(address: SearchAddress, visit: Visit) -> SearchView:
    words, parameters = visit.words, address.parameters
    density = address.density or visit.reader.density
    text = address.query.text
    return SearchView(
        title=words.text("Search: {query}", query=text) if text else words.text("Search"),
        typed=text,
        carried=tuple(
            (name, value)
            for name, value in parameters.items()
            if name in {*FACETS, "sort", "per", "density", "lang"}
        ),
        modes=tuple(
            Option(mode.value, words.text(f"search mode:{mode.value}"), mode is address.query.mode)
            for mode in (SearchMode.WORDS, SearchMode.MEANING, SearchMode.BOTH)
        ),
        fault=None,
        fault_column="",
        fault_length="",
        help=build_help(words),
        size="",
        done=build_done(visit),
        tally="",
        notes=(),
        suggestion=None,
        chips=(),
        clear=None,
        orders=(),
        densities=tuple(
            OrderLink(
                href=write(PATH, parameters, density=name),
                label=words.text(f"density:{name}"),
                is_chosen=name == density,
                icon=name,
            )
            for name in DENSITIES
        ),
        density=density,
        groups=(),
        cards=(),
        works="0",
        show_abstracts=density != "titles",
        start=None,
        more=None,
        more_label="",
        ways=None,
        radar="",
        feeds=(),
        files=(),
        is_first=False,
    )


def _size(state: IndexState, words: Catalogue) -> str:
    return words.count("{n} paper can be found", "{n} papers can be found", state.indexed)


# -- the answer -------------------------------------------------------------------------------------


def _slots(page: SearchPage, visit: Visit, told: Told) -> tuple[CardSlot, ...]:
    back = here(visit)
    return tuple(
        CardSlot(
            place=str(place),
            number=f"{place:02d}.",
            card=hit.card._replace(
                title_html=hit.title_html or hit.card.title_html,
                abstract_html=hit.snippet_html or hit.card.abstract_html,
            ),
            radars=badge_views(found, visit, work_id=hit.card.work_id)
            if (found := told.badges.get(hit.card.work_id))
            else (),
            remarks=told.remarks.get(hit.card.work_id, NOTHING),
            marks=build_marks(hit.card.work_id, told.states.get(hit.card.work_id), visit, back=back),
            is_marked=True,
            note=_how(page, hit, visit.words),
        )
        for place, hit in enumerate(page.hits, start=page.first_number)
    )


def _how(page: SearchPage, hit: SearchHit, words: Catalogue) -> str:
    """Say how a paper was found where it does not show: it has none of the words."""
    is_by_meaning_alone = page.mode is SearchMode.BOTH and hit.is_by_meaning and not hit.is_by_words
    return words.text("Found by its meaning; it need not have these words.") if is_by_meaning_alone else ""


def _tally(page: SearchPage, words: Catalogue) -> str:
    if not page.total:
        return ""
    papers = words.count("{n} paper", "{n} papers", page.total)
    if not page.minutes:
        return papers
    return words.text("{papers} · this page about {minutes} min", papers=papers, minutes=f"{page.minutes:,}")


def _notes(page: SearchPage, words: Catalogue) -> tuple[NoteLine, ...]:
    return tuple(
        NoteLine(words.text(f"search note:{note.value}"), "late" if note in _GRAVE else "quiet")
        for note in page.notes
    )


def _suggestion(page: SearchPage, parameters: Mapping[str, str]) -> Suggestion | None:
    if not page.suggestion:
        return None
    return Suggestion(write(PATH, parameters, q=page.suggestion, after=None, n=None), page.suggestion)


def _orders(page: SearchPage, parameters: Mapping[str, str], words: Catalogue) -> tuple[OrderLink, ...]:
    if page.total <= 1:
        return ()
    return tuple(
        OrderLink(
            href=write(
                PATH,
                parameters,
                sort=None if order is SearchOrder.RELEVANCE else order.value,
                after=None,
                n=None,
            ),
            label=words.text(f"search order:{order.value}"),
            is_chosen=order is page.query.order,
        )
        for order in SearchOrder
    )


def _more_label(page: SearchPage, words: Catalogue) -> str:
    shown = page.first_number + len(page.hits) - 1
    return words.text("Load more ({shown} of {works})", shown=f"{shown:,}", works=f"{page.total:,}")


def _clear(parameters: Mapping[str, str]) -> str | None:
    if not parameters.keys() & set(FACETS):
        return None
    return write(PATH, parameters, **dict.fromkeys((*FACETS, "after", "n")))


# -- where nothing was found ------------------------------------------------------------------------


def _ways(page: SearchPage, parameters: Mapping[str, str], words: Catalogue) -> tuple[WayOut, ...]:
    """List what may help: one filter less, another way of looking, all days."""
    fresh: dict[str, str | None] = {"after": None, "n": None}
    ways = []
    if page.query.after is not None:
        ways.append(WayOut(write(PATH, parameters, **fresh), words.text("Back to number 01")))
    for kind, value in (page.query.chosen or {}).items():
        label = words.text("Without “{filter}”", filter=facet_label(kind, value, words))
        ways.append(WayOut(write(PATH, parameters, **fresh, **{kind.value: None}), label))
    if len(page.query.chosen or {}) > 1:
        ways.append(WayOut(_clear(parameters) or PATH, words.text("Without any filter")))
    if page.query.text and page.query.mode is not SearchMode.BOTH:
        ways.append(
            WayOut(write(PATH, parameters, **fresh, mode=None), words.text("By words and by meaning"))
        )
    timeless = without_days(page.query.text)
    if timeless != page.query.text:
        ways.append(WayOut(write(PATH, parameters, **fresh, q=timeless or None), words.text("On any day")))
    return tuple(ways)


def without_days(text: str) -> str:
    """Take the terms that name days out of a query; what is in quotation marks stays."""
    return " ".join(_DAYS.sub(lambda found: found[1] or "", text).split())
