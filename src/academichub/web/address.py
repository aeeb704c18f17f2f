"""Read addresses and write them: the address is the state of a page, in one canonical order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote_plus

from academichub.errors import DateMalformed, FormInvalid
from academichub.model.papers import Kind
from academichub.model.shelf import Cursor, FeedQuery
from academichub.web.reader import DENSITIES, language_named

if TYPE_CHECKING:
    from collections.abc import Mapping

# The canonical order. A name that is not here means nothing to any page and is left out.
NAMES: Final = (
    *("date", "month", "src", "cat", "venue", "year", "kind", "state", "radar", "mode", "sort", "q"),
    *("name", "orcid", "author", "text", "rule", "field", "access", "after", "n", "per", "density"),
    *("start", "done", "count", "lang"),
)
# What an address says of the daily feed; the rest belongs to other pages.
TODAY_NAMES: Final = (
    *("date", "cat", "venue", "kind", "radar", "sort", "after", "n", "per", "density", "lang"),
)
SIZES: Final = (25, 50, 100, 200)
DEFAULT_SIZE: Final = 50
_FILTERS: Final = frozenset({"cat", "venue", "kind"})
_LONGEST_VALUE: Final = 300  # characters; venues and order keys are far shorter
# What readers write in sentences. A query may have 2,000 characters; one that is too long is pointed at on
# the page that it was asked on, so the door lets a longer one through.
_TEXTS: Final = frozenset({"q", "text", "rule"})
_LONGEST_TEXT: Final = 4000
_LARGEST_NUMBER: Final = 1_000_000
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Journals begin in 1665. The hub counts thirty days back, so the calendar's ends are kept away from it.
_FIRST_YEAR, _LAST_YEAR = 1600, 9000
_MATCH: Final = re.compile(r"(0|1|0?\.\d{1,20}|1\.0{1,20}|\d(?:\.\d{1,20})?e-\d{1,3}):(\d{1,18})", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def read_parameters(query: bytes) -> dict[str, str]:
    """Read a query string: the known names in canonical order, the first value of each, none blank."""
    if not query:
        return {}
    try:
        pairs = parse_qsl(query.decode("latin-1"), max_num_fields=100, encoding="utf-8", errors="replace")
    except ValueError as error:
        raise FormInvalid(field="?", value=str(error)) from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in found:
            found[name] = _one_line(value) if name in _TEXTS else value.strip()
    return {name: found[name] for name in NAMES if found.get(name)}


def _one_line(value: str) -> str:
    """Write a pasted text as one line: the columns that a fault is counted in are those of the box."""
    return " ".join(_CONTROL.sub(" ", value).split())


def check_parameters(parameters: Mapping[str, str]) -> None:
    """Refuse values that no page takes.

    Raises:
        FormInvalid: A value holds control characters, is too long, or names no language we speak.
    """
    for name, value in parameters.items():
        longest = _LONGEST_TEXT if name in _TEXTS else _LONGEST_VALUE
        if len(value) > longest or _CONTROL.search(value):
            raise FormInvalid(field=name, value=_CONTROL.sub("�", value)[:40])
    if "lang" in parameters and language_named(parameters["lang"]) is None:
        raise FormInvalid(field="lang", value=parameters["lang"][:40])


@dataclass(frozen=True, slots=True)
class ByMatch:
    """Order a day by match."""

    radar: str | None  # None: by each paper's best radar
    after: tuple[float, int] | None  # match and work of the last card of the page before
    number: int  # of that card


@dataclass(frozen=True, slots=True)
class TodayAddress:
    """The daily feed's address, read: what to ask the hub, and what only the page needs."""

    query: FeedQuery
    density: str | None
    parameters: Mapping[str, str]
    order: ByMatch | None = None  # None: by time


def read_today(parameters: Mapping[str, str]) -> TodayAddress:
    """Read the daily feed's parameters.

    Raises:
        DateMalformed: `date` is no calendar day.
        FormInvalid: Another value is none that its name takes.
    """
    density = parameters.get("density")
    if density is not None and density not in DENSITIES:
        raise FormInvalid(field="density", value=density)
    size = read_number(parameters, "per", DEFAULT_SIZE)
    if size not in SIZES:
        raise FormInvalid(field="per", value=parameters["per"])
    on = read_day(parameters.get("date"))
    if (order := _read_order(parameters)) is not None:
        # Radars rank the whole day; what its filters are is of the order by time.
        kept = {name: value for name, value in parameters.items() if name not in _FILTERS}
        return TodayAddress(FeedQuery(on=on, size=size), density, kept, order)
    return TodayAddress(
        query=FeedQuery(
            on=on,
            category=parameters.get("cat"),
            venue=parameters.get("venue"),
            kind=_read_kind(parameters.get("kind")),
            after=_read_cursor(parameters),
            size=size,
        ),
        density=density,
        parameters=parameters,
    )


def _read_order(parameters: Mapping[str, str]) -> ByMatch | None:
    radar, sort = parameters.get("radar"), parameters.get("sort")
    if sort not in {None, "match"}:
        raise FormInvalid(field="sort", value=(sort or "")[:40])
    if radar is None and sort is None:
        return None
    after, found = parameters.get("after"), None
    if after is not None:
        found = _MATCH.fullmatch(after)
        if found is None:
            raise FormInvalid(field="after", value=after[:40])
    return ByMatch(
        radar=radar,
        after=(float(found[1]), int(found[2])) if found else None,
        number=read_number(parameters, "n", 0) if found else 0,
    )


def read_day(value: str | None) -> date | None:
    """Read a calendar day, written 2026-06-19; None where there is none.

    Raises:
        DateMalformed: It is no calendar day, or one that no journal can have.
    """
    if value is None:
        return None
    try:
        # The pattern first: fromisoformat also takes 20260619 and 2026-W25-5, which would be other addresses
        # of the same page.
        on = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError as error:
        raise DateMalformed(value=value[:40]) from error
    if on is None or not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        raise DateMalformed(value=value[:40])
    return on


def _read_kind(value: str | None) -> Kind | None:
    if value is None:
        return None
    try:
        return Kind(value)
    except ValueError as error:
        raise FormInvalid(field="kind", value=value[:40]) from error


def _read_cursor(parameters: Mapping[str, str]) -> Cursor | None:
    number = read_number(parameters, "n", 0)
    after = parameters.get("after")
    return Cursor(order_key=after, number=number) if after else None


def read_number(parameters: Mapping[str, str], name: str, default: int) -> int:
    """Read a count.

    Raises:
        FormInvalid: It is none, or is out of all reason.
    """
    value = parameters.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > len(str(_LARGEST_NUMBER)):
        raise FormInvalid(field=name, value=value[:40])
    return int(value)


# The same few categories, venues and days are written again and again; the text of each is worked out once.
quote = lru_cache(4096)(quote_plus)


def write(path: str, parameters: Mapping[str, str | None], /, **changes: str | None) -> str:
    """Write an address: the parameters with changes, in canonical order; None leaves one out."""
    merged = {**parameters, **changes}
    pairs = [f"{name}={quote(value)}" for name in NAMES if (value := merged.get(name))]
    return f"{path}?{'&'.join(pairs)}" if pairs else path


def author_address(name: str, orcid: str | None, *, lang: str | None = None) -> str:
    """Write where an author's page is: by ORCID where one is known, else by name."""
    if orcid:
        return write(f"/authors/{quote(orcid)}", {}, lang=lang)
    return write("/authors", {}, name=name[:_LONGEST_VALUE], lang=lang)


def around(path: str, parameters: Mapping[str, str], name: str) -> tuple[str, str]:
    """Write what stands before and after one parameter's value, for many links that differ in it alone."""
    place = NAMES.index(name)
    kept = {key: quote(value) for key, value in parameters.items() if key not in {name, "after", "n"}}
    before = "".join(f"{key}={kept[key]}&" for key in NAMES[:place] if key in kept)
    behind = "".join(f"&{key}={kept[key]}" for key in NAMES[place + 1 :] if key in kept)
    return f"{path}?{before}{name}=", behind
