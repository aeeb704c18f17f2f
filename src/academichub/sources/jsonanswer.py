"""Read JSON from a stranger: bounded, and forgiving a value of the wrong shape."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from academichub.errors import (
    FeedEmptyAnswer,
    FeedIsWebPage,
    FeedThrottled,
    FeedTooDeep,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
    RecordError,
)
from academichub.model.papers import Rejected
from academichub.sources.decoding import decode
from academichub.sources.throttling import is_request_to_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from academichub.errors import AcademicHubError
    from academichub.model.papers import Record
    from academichub.sources.limits import Limits

EXCERPT_CHARACTERS: Final = 2_000


def parse_json(body: bytes, limits: Limits) -> Any:  # noqa: ANN401  # JSON is anything; the readers below look before they touch
    """Parse an answer that should be JSON.

    Raises:
        FeedTooLarge, FeedTooDeep: Beyond the limits.
        FeedEmptyAnswer: Nothing came.
        FeedThrottled: A request to wait, dressed as an answer.
        FeedIsWebPage: A page for people came instead.
        FeedUnreadable: No JSON.
    """
    if len(body) > limits.api_bytes:
        raise FeedTooLarge(bytes=len(body), limit=limits.api_bytes)
    text = decode(body).text.lstrip("\ufeff \t\r\n\0")
    if not text or text.isspace():
        raise FeedEmptyAnswer
    if text[0] not in "{[":
        if is_request_to_wait(text):
            raise FeedThrottled(message=" ".join(text.split())[:200])
        if text[0] == "<":
            raise FeedIsWebPage(title="")
        raise FeedUnreadable(reason="not JSON", line=1)
    return parse_text(text, limits)


def parse_text(text: str, limits: Limits) -> Any:  # noqa: ANN401  # as above
    """Parse JSON text; see `parse_json`."""
    if text.count("{") + text.count("[") > limits.json_values:
        raise FeedTooDeep(reason="JSON values", limit=limits.json_values)
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise FeedUnreadable(reason=f"JSON: {error.msg}", line=error.lineno) from error
    except RecursionError as error:
        raise FeedTooDeep(reason="JSON values", limit=limits.depth) from error
    except ValueError as error:  # a number of thousands of digits
        raise FeedUnreadable(reason=f"JSON: {error}", line=1) from error


def rejected(entry: object, position: int, error: AcademicHubError, *, external_id: str = "") -> Rejected:
    """Make the value that an entry becomes when it cannot be read."""
    known = entry if isinstance(entry, dict) else {}
    try:
        excerpt = json.dumps(entry, ensure_ascii=False)[:EXCERPT_CHARACTERS]
    except RecursionError:  # nested as deep as could just be read; writing takes a little more
        excerpt = ""
    return Rejected(
        position=position,
        external_id=external_id or string(known, "id") or string(known, "doi"),
        title=string(known, "title")[:EXCERPT_CHARACTERS],
        error=error,
        excerpt=excerpt,
    )


def read_each(
    works: Sequence[object], read: Callable[[Any, int, Limits], Record], limits: Limits
) -> tuple[tuple[Record, ...], tuple[Rejected, ...]]:
    """Read the works of an answer one by one; one that cannot be read never stops its neighbours.

    Raises:
        FeedTooManyEntries: More than the limits allow.
    """
    if len(works) > limits.entries:
        raise FeedTooManyEntries(entries=len(works), limit=limits.entries)
    records: list[Record] = []
    refused: list[Rejected] = []
    for position, work in enumerate(works):
        try:
            records.append(read(work, position, limits))
        except RecordError as error:
            refused.append(rejected(work, position, error))
    return tuple(records), tuple(refused)


def string(container: object, *path: str) -> str:
    """Give a text by its path, stripped; a finite number as text; "" for anything else."""
    value = at(container, *path)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return str(value)


def number(container: object, *path: str) -> int | None:
    """Give a whole number by its path, also one written as text; None for anything else."""
    written = string(container, *path)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 16 else None  # noqa: PLR2004  # below 2^53


def strings(container: object, *path: str) -> list[str]:
    """Give the non-blank texts of a list by its path, stripped; a single text counts as a list of one."""
    value = at(container, *path)
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [each.strip() for each in values if isinstance(each, str) and each.strip()]


def objects(container: object, *path: str) -> list[dict[str, Any]]:
    """Give the objects of a list by its path; a single object counts as a list of one."""
    value = at(container, *path)
    values = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [each for each in values if isinstance(each, dict)]


def at(container: object, *path: str) -> object:
    """Follow member names into nested objects; None where one is missing or no object."""
    for name in path:
        if not isinstance(container, dict):
            return None
        container = container.get(name)
    return container


def fields_of(said: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Make a Record's fields of texts and lists of texts, leaving out what is blank."""
    made: dict[str, tuple[str, ...]] = {}
    for name, value in said.items():
        values = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
        kept = tuple(each.strip() for each in values if isinstance(each, str) and each.strip())
        if kept:
            made[name] = kept
    return made
