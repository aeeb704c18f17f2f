"""Read forms: a few short fields, or one small file. More is refused before it is held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from academichub.errors import FeedTooLarge, FormInvalid

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from starlette.requests import Request

_LONGEST_FORM_BYTES: Final = 64 * 1024
_MOST_FIELDS: Final = 50
LARGEST_FILE_BYTES: Final = 8 * 1024 * 1024  # a list of ten thousand subscriptions takes some three
_MANNERS_BYTES: Final = 16 * 1024  # boundaries and headers around a file
LARGEST_LIBRARY_BYTES: Final = 32 * 1024 * 1024  # some fifteen thousand references with abstracts
_LONGEST_NUMBER: Final = 18  # digits; both databases hold them


async def read_form(request: Request) -> dict[str, str]:
    """Read a plain form.

    Raises:
        FormInvalid: It is too long, has too many fields, or is no form.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM_BYTES:
            raise FormInvalid(field="?", value=f"> {_LONGEST_FORM_BYTES} bytes")
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise FormInvalid(field="?", value=_content_type(request)[:40]) from error


def is_upload(request: Request) -> bool:
    """Tell whether a form brings a file."""
    return _content_type(request).lower().startswith("multipart/form-data")


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with a file: its fields, and what was chosen; an empty name and no bytes where nothing was."""

    fields: Mapping[str, str]
    name: str
    body: bytes


async def read_upload(request: Request, name: str) -> bytes:
    """Read the one file of a form; b"" where none was chosen.

    Raises:
        FeedTooLarge: It has more than `LARGEST_FILE_BYTES`.
        FormInvalid: It is no such form.
    """
    return (await read_filled(request, name, limit=LARGEST_FILE_BYTES)).body


async def read_filled(request: Request, name: str, *, limit: int) -> Upload:
    """Read a form with fields and at most one file, all together of at most `limit` bytes.

    Raises:
        FeedTooLarge: There is more of it.
        FormInvalid: It is no such form.
    """
    parser = MultiPartParser(
        request.headers,
        _at_most(request, limit),
        max_files=1,
        max_fields=_MOST_FIELDS,
        max_part_size=limit,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise FormInvalid(field=name, value=_content_type(request)[:40]) from error
    try:
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
        chosen = form.get(name)
        if not isinstance(chosen, UploadFile):
            return Upload(fields, "", b"")
        return Upload(fields, chosen.filename or "", await chosen.read())
    finally:
        await form.close()


async def _at_most(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit + _MANNERS_BYTES:
            raise FeedTooLarge(bytes=seen, limit=limit)
        yield chunk


def read_number(form: Mapping[str, str], name: str) -> int:
    """Read the number of a work, a doubt or a merge.

    Raises:
        FormInvalid: It is none.
    """
    value = form.get(name, "")
    if not (value.isascii() and value.isdigit()) or len(value) > _LONGEST_NUMBER:
        raise FormInvalid(field=name, value=value[:40])
    return int(value)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")
