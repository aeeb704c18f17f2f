"""Ask Zotero's web API (version 3) for libraries, and read its answers. Pure.

Source: zotero.org/support/dev/web_api/v3, "basics" and "syncing".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from academichub.errors import AnswerUnknown
from academichub.references.zotero import is_child, is_zotero, zotero_reference
from academichub.sources.jsonanswer import at, number, parse_json, string, strings
from academichub.sources.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.references.entry import Reference
    from academichub.sources.limits import Limits

API: Final = "https://api.zotero.org"
PER_PAGE: Final = 100  # the most that is given
MOST_WAIT_SECONDS: Final = 86_400.0  # what a header may ask for
_VERSION: Final = "3"
_PLACE: Final = re.compile(r"(users?|groups?)[/:](\d{1,12})/?")
_PAGE: Final = re.compile(r"https?://(?:www\.)?zotero\.org/(groups)/(\d{1,12})(?:[/?#].*)?")
_KEY: Final = re.compile(r"[A-Z0-9]{8}")
_LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class ZoteroKey:
    """Whose key it is."""

    user_id: int
    name: str


class RemoteCollection(NamedTuple):
    """A collection as Zotero has it."""

    key: str
    name: str
    parent: str  # key; "" at the top
    version: int  # of the library when it last changed


@dataclass(frozen=True, slots=True)
class RemoteItem:
    """An item at the top of a library: with a reference, or the reason why there is none."""

    key: str
    collections: tuple[str, ...]  # keys
    reference: Reference | None = None
    skipped: str = ""  # "attachment", "note", "annotation"; "trash": it was thrown away
    broken: str = ""  # why it cannot be read


@dataclass(frozen=True, slots=True)
class Heads:
    """What the headers of an answer say."""

    version: int | None  # of the library
    total: int | None  # entries on all pages
    backoff_seconds: float  # how long to stay away before the next question


# -- asking -----------------------------------------------------------------------------------------


def read_place(said: str) -> str:
    """Name a library as addresses do, "users/12" or "groups/34"; the address of a group's page will do, too.

    Raises:
        ValueError: It is neither.
    """
    found = _PLACE.fullmatch(said.strip()) or _PAGE.fullmatch(said.strip())
    if not found:
        msg = f"a library is users/NUMBER or groups/NUMBER, not {said[:100]!r}"
        raise ValueError(msg)
    return f"{found[1].rstrip('s')}s/{int(found[2])}"


def read_collection_key(said: str) -> str:
    """Read the key of a collection. Raises ValueError where it can be none."""
    key = said.strip().rstrip("/").rpartition("/")[2].upper()
    if not _KEY.fullmatch(key):
        msg = f"a collection's key has eight letters and digits, unlike {said[:100]!r}"
        raise ValueError(msg)
    return key


def key_question() -> str:
    """Ask whose key goes with the question."""
    return _address("keys/current")


def group_question(place: str) -> str:
    """Ask what a group is called."""
    return _address(place)


def collections_question(place: str, *, start: int = 0) -> str:
    """Ask for the collections of a library."""
    return _address(f"{place}/collections", limit=PER_PAGE, start=start)


def probe_question(place: str) -> str:
    """Ask for as little as there is: whether a library has changed is in the head of the answer."""
    return _address(f"{place}/collections", limit=1)


def items_question(place: str, *, start: int = 0, since: int | None = None, collection: str = "") -> str:
    """Ask for items that are no parts of others, those in the trash too: they must be taken out here.

    Args:
        place: The library.
        start: How many come before.
        since: Only those that changed after this version; None for all.
        collection: Only those in this collection.
    """
    inside = f"{place}/collections/{collection}" if collection else place
    more = {} if since is None else {"since": since}
    return _address(f"{inside}/items/top", includeTrashed=1, limit=PER_PAGE, start=start, **more)


def deleted_question(place: str, *, since: int) -> str:
    """Ask what was removed for good after a version."""
    return _address(f"{place}/deleted", since=since)


def unless_changed(version: int | None) -> tuple[tuple[str, str], ...]:
    """Write the header that is answered with 304 where a library is still at a version."""
    return () if version is None else (("If-Modified-Since-Version", str(version)),)


def _address(path: str, **asked: int) -> str:
    return f"{API}/{path}?{urlencode({'v': _VERSION, **asked})}"


# -- reading ----------------------------------------------------------------------------------------


def read_heads(headers: Mapping[str, str]) -> Heads:
    """Read the headers; names are in lower case. What is no number is not there."""
    wait = headers.get("backoff", "").strip()
    return Heads(
        version=number(headers, "last-modified-version"),
        total=number(headers, "total-results"),
        backoff_seconds=min(float(wait), MOST_WAIT_SECONDS)
        if re.fullmatch(r"\d{1,6}(\.\d+)?", wait)
        else 0.0,
    )


def read_key(body: bytes, *, limits: Limits = DEFAULT_LIMITS) -> ZoteroKey:
    """Read whose key it is. Raises FeedError."""
    said = parse_json(body, limits)
    user_id = number(said, "userID")
    if user_id is None:
        raise AnswerUnknown(looks_like=_looks_like(said))
    return ZoteroKey(user_id, string(said, "username"))


def read_name(body: bytes, *, limits: Limits = DEFAULT_LIMITS) -> str:
    """Read what a group or a collection is called. Raises FeedError."""
    return string(parse_json(body, limits), "data", "name")


def read_collections(
    body: bytes, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[int, tuple[RemoteCollection, ...]]:
    """Read a page of collections; those in the trash are left out. Give how many entries it had, too.

    Raises:
        FeedError: It is no such page.
    """
    entries = _entries(body, limits)
    found = [
        RemoteCollection(
            key=key,
            name=string(entry, "data", "name") or key,
            parent=string(entry, "data", "parentCollection"),  # false at the top
            version=number(entry, "version") or number(entry, "data", "version") or 0,
        )
        for entry in entries
        if (key := string(entry, "key") or string(entry, "data", "key"))
        and _KEY.fullmatch(key)
        and not at(entry, "data", "deleted")
    ]
    return len(entries), tuple(found)


def read_items(
    body: bytes, *, position: int, names: Mapping[str, str], limits: Limits = DEFAULT_LIMITS
) -> tuple[RemoteItem, ...]:
    """Read a page of items, each as what it is; one that cannot be read never stops its neighbours.

    Args:
        body: The answer.
        position: How many came before.
        names: Names of collections by key.
        limits: What an answer may hold.

    Raises:
        FeedError: It is no such page.
    """
    return tuple(
        _item(entry, position=position + place, names=names)
        for place, entry in enumerate(_entries(body, limits))
    )


def read_deleted(body: bytes, *, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """Read the keys of items that are gone for good. Raises FeedError."""
    said = parse_json(body, limits)
    if not isinstance(said, dict) or not isinstance(said.get("items"), list):
        raise AnswerUnknown(looks_like=_looks_like(said))
    return tuple(strings(said, "items"))


def paths_of(collections: Sequence[RemoteCollection]) -> dict[str, str]:
    """Name each collection with those around it, "Parent / Child"; a ring is cut where it closes."""
    by_key = {one.key: one for one in collections}
    named: dict[str, str] = {}
    for one in collections:
        trail = [one.name]
        passed = {one.key}
        above = by_key.get(one.parent)
        while above is not None and above.key not in passed:
            trail.append(above.name)
            passed.add(above.key)
            above = by_key.get(above.parent)
        named[one.key] = " / ".join(reversed(trail))
    return named


def around(collections: Sequence[RemoteCollection], key: str) -> tuple[RemoteCollection, ...]:
    """Give a collection and those around it, from within outwards."""
    by_key = {one.key: one for one in collections}
    found: dict[str, RemoteCollection] = {}
    one = by_key.get(key)
    while one is not None and one.key not in found:
        found[one.key] = one
        one = by_key.get(one.parent)
    return tuple(found.values())


def _entries(body: bytes, limits: Limits) -> list[object]:
    said = parse_json(body, limits)
    if not isinstance(said, list):
        raise AnswerUnknown(looks_like=_looks_like(said))
    return said


def _item(entry: object, *, position: int, names: Mapping[str, str]) -> RemoteItem:
    fields = at(entry, "data")
    key = string(entry, "key") or string(fields, "key")
    held = tuple(dict.fromkeys(strings(fields, "collections")))
    if not isinstance(fields, dict) or not is_zotero(fields) or not _KEY.fullmatch(key):
        return RemoteItem(key[:80], (), broken="no item of Zotero")
    if at(fields, "deleted"):
        return RemoteItem(key, held, skipped="trash")
    if is_child(fields):
        return RemoteItem(key, held, skipped=str(fields["itemType"]))
    # The version is how far the library was, and nothing of the item: a move would look like a correction.
    said: dict[str, Any] = {name: value for name, value in fields.items() if name != "version"}
    try:
        reference = zotero_reference(said, position=position, line=0, held_by={}, names=names)
    except RecursionError:  # nested as deep as could just be read
        return RemoteItem(key, held, broken="nested too deeply")
    return RemoteItem(key, held, reference)


def _looks_like(said: object) -> str:
    keys = ", ".join(map(str, said)) if isinstance(said, dict) else ""
    return f"{type(said).__name__} {keys}".strip()[:_LONGEST_REASON]
