"""Collections: all of them with the form that brings a library, and one with its papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from academichub.web.exportaddress import feed_links
from academichub.web.views.kept import tabs
from academichub.web.views.marks import build_done, here
from academichub.web.views.names import name_identifiers
from academichub.web.views.paging import first_page, next_page, place_cards
from academichub.web.views.takeaway import build_takeaway

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.errors import AcademicHubError
    from academichub.model.keeping import CollectionPage, CollectionRow, Imported, LibraryEntry, State
    from academichub.web.exportaddress import FeedLink
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.aside import Remarks
    from academichub.web.views.card import CardSlot
    from academichub.web.views.kept import ShelfLink
    from academichub.web.views.marks import DoneView
    from academichub.web.views.names import Named
    from academichub.web.views.takeaway import Takeaway

_BROKEN_SHOWN: Final = 200
_AUTHORS_SHOWN: Final = 6


class Brought(NamedTuple):
    """What became of a library that was brought along."""

    imported: Imported
    file: str
    broken: Sequence[AcademicHubError]


class CollectionLine(NamedTuple):
    """A collection in the list of them."""

    href: str
    name: str
    meta: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountView:
    """What became of a library: the sum, and every entry that could not be read."""

    sentence: str
    href: str
    label: str
    broken: tuple[str, ...]
    broken_more: str


@dataclass(frozen=True, slots=True)
class CollectionsView:
    """All collections."""

    title: str
    tabs: tuple[ShelfLink, ...]
    done: DoneView | None
    collections: tuple[CollectionLine, ...]
    names: tuple[str, ...]
    import_action: str
    new_action: str
    account: AccountView | None
    name: str  # as it was typed
    wrong: str
    wrong_import: str


class EntryView(NamedTuple):
    """An entry of a library that the hub has no work for."""

    entry_id: int
    title: str
    byline: str
    meta: tuple[str, ...]
    links: tuple[Named, ...]
    href: str | None


@dataclass(frozen=True, slots=True)
class CollectionView:
    """One collection."""

    title: str
    key: str
    tabs: tuple[ShelfLink, ...]
    done: DoneView | None
    meta: tuple[str, ...]
    action: str
    back_href: str
    remove_href: str
    density: str
    cards: tuple[CardSlot, ...]
    works: str
    show_abstracts: bool
    start: str | None
    more: str | None
    entries: tuple[EntryView, ...]
    entries_more: str
    is_empty: bool
    back: str
    name: str
    wrong: str
    takeaway: tuple[Takeaway, ...]
    feeds: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True)
class CollectionRemoval:
    """The question whether a collection is really to go."""

    title: str
    meta: tuple[str, ...]
    action: str
    back: str


def collection_address(key: str) -> str:
    """Write the address of a collection."""
    return f"/c/{quote(key, safe='')}"


def build_collections(
    rows: Sequence[CollectionRow],
    visit: Visit,
    *,
    brought: Brought | None = None,
    name: str = "",
    wrong: str = "",
    wrong_import: str = "",
) -> CollectionsView:
    """Build the page of all collections, with what became of a library where one was brought."""
    words, suffix = visit.words, visit.suffix
    return CollectionsView(
        title=words.text("Collections"),
        tabs=tabs(visit, "/c"),
        done=build_done(visit),
        collections=tuple(
            CollectionLine(f"{collection_address(row.key)}{suffix}", row.name, _meta(row, words))
            for row in rows
        ),
        names=tuple(row.name for row in rows),
        import_action=f"/c{suffix}",
        new_action=f"/c/new{suffix}",
        account=_account(brought, visit) if brought else None,
        name=name,
        wrong=wrong,
        wrong_import=wrong_import,
    )


def build_collection(
    page: CollectionPage,
    states: Mapping[int, State],
    visit: Visit,
    *,
    remarks: Mapping[int, Remarks],
    name: str = "",
    wrong: str = "",
) -> CollectionView:
    """Build the page of one collection."""
    row, words = page.row, visit.words
    path = collection_address(row.key)
    last = page.first_number + len(page.cards) - 1
    hidden_entries = row.entries - len(page.entries)
    is_first = "after" not in visit.parameters
    return CollectionView(
        title=row.name,
        key=row.key,
        tabs=tabs(visit, "/c"),
        done=build_done(visit),
        meta=_meta(row, words),
        action=f"{path}{visit.suffix}",
        back_href=f"/c{visit.suffix}",
        remove_href=f"{path}/remove{visit.suffix}",
        density=visit.reader.density,
        cards=tuple(
            slot._replace(taken_from=f"{path}{visit.suffix}")
            for slot in place_cards(
                page.cards, states, visit, first_number=page.first_number, remarks=remarks
            )
        ),
        works=str(row.works),
        show_abstracts=visit.reader.density != "titles",
        start=first_page(path, visit),
        more=next_page(path, visit, after=page.next, number=last),
        entries=tuple(_entry(entry) for entry in page.entries),
        entries_more=words.count("and {n} more", "and {n} more", hidden_entries)
        if is_first and hidden_entries > 0
        else "",
        is_empty=not (page.cards or page.entries),
        back=here(visit),
        name=name or row.name,
        wrong=wrong,
        takeaway=build_takeaway(path, visit) if row.works or row.entries else (),
        feeds=feed_links(path, visit.parameters),
    )


def build_collection_removal(row: CollectionRow, visit: Visit) -> CollectionRemoval:
    """Ask whether a collection is really to go."""
    address = f"{collection_address(row.key)}{visit.suffix}"
    return CollectionRemoval(
        title=visit.words.text("Remove the collection “{name}”?", name=row.name),
        meta=_meta(row, visit.words),
        action=address,
        back=address,
    )


def _meta(row: CollectionRow, words: Catalogue) -> tuple[str, ...]:
    parts = [words.count("{n} paper", "{n} papers", row.works)]
    if row.entries:
        parts.append(words.count("{n} other entry", "{n} other entries", row.entries))
    kind, _, where = row.origin.partition(":")
    if kind == "file":
        parts.append(words.text("from {file}", file=where))
    elif kind == "zotero":
        parts.append(words.text("kept in step with Zotero"))
    return tuple(parts)


def _account(brought: Brought, visit: Visit) -> AccountView:
    words, imported = visit.words, brought.imported
    parts = [words.count("{n} entry", "{n} entries", imported.entries)]
    for number, one, many in (
        (imported.matched, "{n} is a paper of the hub", "{n} are papers of the hub"),
        (imported.kept, "{n} is kept as an entry of its own", "{n} are kept as entries of their own"),
        (imported.unchanged, "{n} was there before", "{n} were there before"),
        (imported.broken, "{n} could not be read", "{n} could not be read"),
    ):
        if number:
            parts.append(words.count(one, many, number))
    shown = brought.broken[:_BROKEN_SHOWN]
    more = max(imported.broken - len(shown), 0)
    return AccountView(
        sentence=words.text(
            "{file}: {account}", file=brought.file, account=words.text("list separator").join(parts)
        )
        + words.text("full stop"),
        href=f"{collection_address(imported.collection)}{visit.suffix}",
        label=words.text("Open the collection"),
        broken=tuple(words.error(error.code, error.facts) for error in shown),
        broken_more=words.count("and {n} more", "and {n} more", more) if more else "",
    )


def _entry(entry: LibraryEntry) -> EntryView:
    more = len(entry.authors) - _AUTHORS_SHOWN
    names = ", ".join(entry.authors[:_AUTHORS_SHOWN])
    return EntryView(
        entry_id=entry.entry_id,
        title=entry.title,
        byline=f"{names} + {more}" if more > 0 else names,
        meta=tuple(part for part in (entry.venue, str(entry.year) if entry.year else "") if part),
        links=name_identifiers(entry.identifiers),
        # What a library says is an address may be anything.
        href=entry.url if entry.url.startswith(("https://", "http://")) else None,
    )
