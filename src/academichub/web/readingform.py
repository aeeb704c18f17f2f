"""Read what forms say of papers: marks, tags, notes, collections, and the page to lead back to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from academichub.errors import CollectionUnknown, FeedTooLarge, FormInvalid, PageUnknown, WorkUnknown
from academichub.model.keeping import KeptQuery, Mark, Pile
from academichub.web.address import check_parameters, read_parameters, write
from academichub.web.forms import is_upload, read_filled, read_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

_LARGEST_ID: Final = 2**63 - 1  # what both databases can hold
_LONGEST_ADDRESS: Final = 2000
_LONGEST_NAME: Final = 300  # of a tag or a key in an address; those that are kept are shorter
# A note of 100,000 Chinese characters, with room for the form around it.
_LARGEST_NOTE_BYTES: Final = 512 * 1024
_LARGEST_NUMBER: Final = 1_000_000
# A path of ours: one slash first, so that no browser reads a host into it.
_BACK: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class MarkAsked(NamedTuple):
    """A mark, and whether it is set or taken away."""

    mark: Mark
    on: bool


class Back(NamedTuple):
    """The page that a form was on."""

    path: str
    parameters: Mapping[str, str]

    def address(self, done: str, *, count: str | None = None, place: str = "") -> str:
        """Write the address of that page, saying what was done."""
        return write(self.path, self.parameters, done=done, count=count) + (f"#{place}" if place else "")


async def read_fields(request: Request) -> Mapping[str, str]:
    """Read a form of either kind; one that may hold a note can be larger.

    Raises:
        FormInvalid: It is too long, or no form.
    """
    if not is_upload(request):
        return await read_form(request)
    try:
        return (await read_filled(request, "file", limit=_LARGEST_NOTE_BYTES)).fields
    except FeedTooLarge as error:
        raise FormInvalid(field="?", value=f"> {_LARGEST_NOTE_BYTES} bytes") from error


def wants_json(request: Request) -> bool:
    """Tell whether a script asks, which draws the change by itself."""
    return request.headers.get("accept", "").startswith("application/json")


def read_back(form: Mapping[str, str], *, default: str) -> Back:
    """Read which page to lead back to; the default where the form names none.

    Raises:
        FormInvalid: It is no address of ours.
    """
    value = form.get("back", "") or default
    if len(value) > _LONGEST_ADDRESS or not _BACK.fullmatch(value):
        raise FormInvalid(field="back", value=value[:40])
    parts = urlsplit(value)
    parameters = read_parameters(parts.query.encode())
    check_parameters(parameters)
    return Back(parts.path, parameters)


def read_mark(form: Mapping[str, str]) -> MarkAsked:
    """Read a mark that is to be set ("on") or taken away ("off").

    Raises:
        FormInvalid: It is neither, or no mark.
    """
    field = "on" if "on" in form else "off"
    value = form.get(field, "")
    try:
        return MarkAsked(Mark(value), on=field == "on")
    except ValueError as error:
        raise FormInvalid(field="mark", value=value[:40]) from error


def read_work(request: Request) -> int:
    """Read the number of the work in the path.

    Raises:
        WorkUnknown: No work can have it.
    """
    work_id: int = request.path_params["work_id"]
    if not 0 < work_id <= _LARGEST_ID:
        raise WorkUnknown(work=str(work_id)[:40])
    return work_id


def read_key(request: Request) -> str:
    """Read the key of a collection in the path.

    Raises:
        CollectionUnknown: No collection can have it.
    """
    key: str = request.path_params["key"]
    if not _is_name(key):
        raise CollectionUnknown(collection=_shown(key), suggestion=None)
    return key


def read_tag(request: Request) -> str:
    """Read the name of a tag in the path.

    Raises:
        PageUnknown: No tag can have it.
    """
    name: str = request.path_params["name"]
    if not _is_name(name):
        raise PageUnknown(path=f"/tags/{_shown(name)}")
    return name


def read_pile(request: Request) -> Pile:
    """Read which pile is asked for.

    Raises:
        PageUnknown: There is no such pile.
    """
    value: str = request.path_params["pile"]
    try:
        return Pile(value)
    except ValueError as error:
        raise PageUnknown(path=f"/kept/{_shown(value)}") from error


def read_kept(
    parameters: Mapping[str, str], *, pile: Pile | None = None, tag: str | None = None
) -> KeptQuery:
    """Read which page of a list is asked for.

    Raises:
        FormInvalid: `after` or `n` is no number.
    """
    after, number = read_place(parameters)
    return KeptQuery(pile=pile, tag=tag, after=after, number=number)


def read_place(parameters: Mapping[str, str]) -> tuple[int | None, int]:
    """Read after which work a page begins, and how many came before; None and 0 on the first page.

    Raises:
        FormInvalid: `after` or `n` is no number, or none that a work can have.
    """
    if "after" not in parameters:
        return None, 0
    return (
        _number(parameters, "after", largest=_LARGEST_ID),
        _number(parameters, "n", largest=_LARGEST_NUMBER),
    )


def _number(parameters: Mapping[str, str], name: str, *, largest: int) -> int:
    value = parameters.get(name, "0")
    is_digits = value.isascii() and value.isdigit() and len(value) <= len(str(largest))
    if not is_digits or int(value) > largest:
        raise FormInvalid(field=name, value=value[:40])
    return int(value)


def _is_name(value: str) -> bool:
    return value.isprintable() and 0 < len(value) <= _LONGEST_NAME


def _shown(value: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in value[:40])
