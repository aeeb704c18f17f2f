"""Find the works of any list by the address of its page, as many as a file or a feed takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeVar

from academichub.errors import FormInvalid, PageUnknown, WorkUnknown
from academichub.model.authors import AuthorCursor
from academichub.model.keeping import KeptQuery, Pile
from academichub.model.search import SearchNote, SearchOrder
from academichub.web.address import read_day, read_number, read_today
from academichub.web.searchaddress import read_search, write_cursor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from academichub.model.search import SearchCursor
    from academichub.model.shelf import Cursor
    from academichub.web.address import ByMatch
    from academichub.web.exportports import ExportPort
    from academichub.web.i18n import Catalogue

_Place = TypeVar("_Place")
_PAGE: Final = 200  # works asked for at once
_MOST_STEPS: Final = 60  # questions for one list; days that a filter leaves empty are asked one by one
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_PLACE: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_RADAR: Final = re.compile(r"([^/]+)(?:/([^/]+))?")
_AUTHOR_AFTER: Final = re.compile(r"(\d{4}-\d{2}-\d{2}):(\d{1,18})", re.ASCII)
_LATE_NOTES: Final = frozenset({SearchNote.BEHIND, SearchNote.REBUILDING})

_OfDay: TypeAlias = "tuple[date | None, Cursor | None]"  # a day, and the card before
_OfKept: TypeAlias = tuple[int | None, int]  # `after`, and how many came before


class Listing(NamedTuple):
    """The works of a list, in its order, and what the list is called."""

    work_ids: tuple[int, ...]
    title: str
    name: str  # for the file: "starred", "today-2026-06-19"
    total: int | None = None  # of the whole list, where it is known
    first_number: int = 1  # of the first work of this part
    next: Mapping[str, str] | None = None  # parameters of the part that follows
    is_final: bool = True  # false where the index is behind, and a moment later there may be more


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which list."""

    parameters: Mapping[str, str]  # of its page, with `after` and `n` where it is not the first part
    most: int
    is_feed: bool
    words: Catalogue
    now: datetime


class Lists:
    """Reads lists of a hub."""

    def __init__(self, hub: ExportPort) -> None:
        self._hub = hub

    def listing(self, page: str, wanted: Wanted) -> Listing:
        """Give the works of a page's list.

        Args:
            page: Its path without the first stroke; "today" for the daily feed.
            wanted: The rest of its address.

        Raises:
            PageUnknown: No list has this path. And whatever the page itself refuses.
        """
        head, _, rest = page.partition("/")
        match head, bool(rest):
            case "today", False:
                return self._today(wanted)
            case "search", False:
                return self._search(wanted)
            case "authors", _:
                return self._author(rest or None, wanted)
            case "kept", True if rest in set(Pile):
                pile = Pile(rest)
                return self._kept(KeptQuery(pile=pile), wanted.words.text(f"pile:{pile.value}"), wanted)
            case "tags", True:
                return self._kept(KeptQuery(tag=rest), rest, wanted)
            case "c", True:
                return self._collection(rest, wanted)
            case "radars", True:
                return self._radar(rest, wanted)
            case "p", True if _NUMBER.fullmatch(rest):
                return self._paper(int(rest))
            case _:
                raise PageUnknown(path=f"/{page}"[:200])

    # -- lists of the hub -------------------------------------------------------------------------

    def _today(self, wanted: Wanted) -> Listing:
        address = read_today(wanted.parameters)
        if address.order is not None:
            return self._by_match(address.query.on, address.order, wanted)
        goes_on = wanted.is_feed and address.query.on is None
        days: list[date] = []

        def step(at: _OfDay | None, size: int) -> tuple[list[int], _OfDay | None]:
            on, after = at or (None, None)
            page = self._hub.feed(
                replace(address.query, on=on, after=after, size=size), today=wanted.now.date()
            )
            if page.on is not None:
                days.append(page.on)
            works = [card.work_id for card in page.cards]
            if page.next is not None:
                return works, (page.on, page.next)
            return works, (page.earlier, None) if goes_on and page.earlier is not None else None

        start: _OfDay = (address.query.on, address.query.after)
        works, end = _walk(step, start, wanted.most)
        on = days[0] if days else None
        following = None
        if end is not None and end[0] is not None:
            following = {"date": end[0].isoformat()}
            if end[1] is not None:
                following |= {"after": end[1].order_key, "n": str(end[1].number)}
        name = "today" if on is None or goes_on else f"today-{on.isoformat()}"
        return Listing(works, self._day_title(None if goes_on else on, wanted), name, next=following)

    def _by_match(self, on: date | None, order: ByMatch, wanted: Wanted) -> Listing:
        day = on or self._hub.feed(read_today({}).query, today=wanted.now.date()).on
        if day is None:
            return Listing((), self._day_title(None, wanted), "today")

        def step(after: tuple[float, int] | None, size: int) -> tuple[list[int], tuple[float, int] | None]:
            rows = self._hub.matched(day, key=order.radar, after=after, size=size)
            end = (rows[-1][1], rows[-1][0]) if len(rows) == size else None
            return [work_id for work_id, _ in rows], end

        works, end = _walk(step, order.after, wanted.most)
        following = None
        if end is not None:
            number = order.number + len(works)
            following = {"date": day.isoformat(), "after": f"{end[0]!r}:{end[1]}", "n": str(number)}
        name = f"today-{day.isoformat()}"
        return Listing(
            works, self._day_title(day, wanted), name, first_number=order.number + 1, next=following
        )

    def _day_title(self, on: date | None, wanted: Wanted) -> str:
        filters = [
            value for name in ("cat", "venue", "kind", "radar") if (value := wanted.parameters.get(name))
        ]
        day = wanted.words.long_day(on) if on is not None else wanted.words.text("Today")
        return " · ".join((day, *filters))

    def _search(self, wanted: Wanted) -> Listing:
        query = read_search(wanted.parameters, language=wanted.words.language).query
        if wanted.is_feed and "sort" not in wanted.parameters:
            query = replace(query, order=SearchOrder.DATE)
        if not query.text and not query.chosen:
            raise FormInvalid(field="q", value="")
        total, is_final, first = 0, True, query.after.number + 1 if query.after else 1

        def step(after: SearchCursor | None, size: int) -> tuple[list[int], SearchCursor | None]:
            nonlocal total, is_final
            page = self._hub.search(replace(query, after=after, size=size), now=wanted.now)
            total, is_final = page.total, is_final and not _LATE_NOTES & set(page.notes)
            return [hit.card.work_id for hit in page.hits], page.next

        works, end = _walk(step, query.after, wanted.most)
        said = [query.text, *(query.chosen or {}).values()]
        title = f"{wanted.words.text('Search')}: {' · '.join(filter(None, said))}"
        following = write_cursor(end) if end is not None else None
        return Listing(works, title, "search", total, first, following, is_final)

    def _radar(self, rest: str, wanted: Wanted) -> Listing:
        found = _RADAR.fullmatch(rest)
        if found is None:
            raise PageUnknown(path=f"/radars/{rest}"[:200])
        key, on = found[1], read_day(found[2])
        goes_on = wanted.is_feed and on is None
        page = self._hub.radar(key, on=on)
        title, latest = page.row.radar.interest.name, page.on

        def step(at: date | None, _size: int) -> tuple[list[int], date | None]:
            shown = page if at == latest else self._hub.radar(key, on=at)
            return [one.card.work_id for one in shown.cards], shown.earlier if goes_on else None

        works, _ = _walk(step, latest, wanted.most)
        name = f"radar-{key}" if goes_on or latest is None else f"radar-{key}-{latest.isoformat()}"
        return Listing(works, title, name)

    def _author(self, orcid: str | None, wanted: Wanted) -> Listing:
        name = wanted.parameters.get("name", "") if orcid is None else ""
        if orcid is None and not name:
            raise FormInvalid(field="name", value="")
        start, title, total = _author_cursor(wanted.parameters), name or orcid or "", 0

        def step(after: AuthorCursor | None, size: int) -> tuple[list[int], AuthorCursor | None]:
            nonlocal title, total
            page = self._hub.author(orcid=orcid, name=name, after=after, size=size)
            title, total = page.name or title, page.works
            return [card.work_id for card in page.cards], page.next

        works, end = _walk(step, start, wanted.most)
        following = None
        if end is not None:
            following = {"after": f"{end.on.isoformat()}:{end.work_id}", "n": str(end.number)}
        first = start.number + 1 if start else 1
        return Listing(works, title, f"author-{title}", total, first, following)

    def _paper(self, work_id: int) -> Listing:
        cards = self._hub.cards_of([work_id])
        if not cards:
            raise WorkUnknown(work=str(work_id))
        return Listing((work_id,), "", f"paper-{work_id}", 1)

    # -- lists of the reader ----------------------------------------------------------------------

    def _kept(self, query: KeptQuery, title: str, wanted: Wanted) -> Listing:
        start, total = _place(wanted.parameters), 0

        def step(at: _OfKept | None, size: int) -> tuple[list[int], _OfKept | None]:
            nonlocal total
            after, number = at or (None, 0)
            page = self._hub.kept(replace(query, after=after, number=number, size=size))
            total = page.works
            end = (page.next, number + len(page.cards)) if page.next is not None else None
            return [card.work_id for card in page.cards], end

        works, end = _walk(step, start, wanted.most)
        name = query.pile.value if query.pile else f"tag-{query.tag}"
        return Listing(works, title, name, total, (start[1] if start else 0) + 1, _following(end))

    def _collection(self, key: str, wanted: Wanted) -> Listing:
        start, title, total = _place(wanted.parameters), key, 0

        def step(at: _OfKept | None, size: int) -> tuple[list[int], _OfKept | None]:
            nonlocal title, total
            after, number = at or (None, 0)
            page = self._hub.collection(key, after=after, number=number, size=size)
            title, total = page.row.name, page.row.works
            end = (page.next, number + len(page.cards)) if page.next is not None else None
            return [card.work_id for card in page.cards], end

        works, end = _walk(step, start, wanted.most)
        return Listing(
            works, title, f"collection-{title}", total, (start[1] if start else 0) + 1, _following(end)
        )


def _walk(
    step: Callable[[_Place | None, int], tuple[Sequence[int], _Place | None]],
    start: _Place | None,
    most: int,
) -> tuple[tuple[int, ...], _Place | None]:
    """Take parts of a list until there are enough; give their works, and where the list goes on."""
    works: list[int] = []
    at, following = start, None
    for _ in range(_MOST_STEPS):
        part, following = step(at, min(_PAGE, most - len(works)))
        works.extend(part)
        if following is None or len(works) >= most:
            break
        at = following
    return tuple(dict.fromkeys(works[:most])), following


def _place(parameters: Mapping[str, str]) -> _OfKept | None:
    after = parameters.get("after")
    if after is None:
        return None
    if not _PLACE.fullmatch(after):
        raise FormInvalid(field="after", value=after[:40])
    return int(after), read_number(parameters, "n", 0)


def _following(end: _OfKept | None) -> dict[str, str] | None:
    return {"after": str(end[0]), "n": str(end[1])} if end is not None else None


def _author_cursor(parameters: Mapping[str, str]) -> AuthorCursor | None:
    after = parameters.get("after")
    if after is None:
        return None
    found = _AUTHOR_AFTER.fullmatch(after)
    on = read_day(found[1]) if found else None
    if found is None or on is None:
        raise FormInvalid(field="after", value=after[:40])
    return AuthorCursor(on, int(found[2]), read_number(parameters, "n", 0))
