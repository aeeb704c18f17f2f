"""Take values out of JSON from a stranger, whatever their shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def words(value: object) -> str:
    """Give a text, or a number as text, stripped; '' for anything else."""
    if isinstance(value, str):
        return sound(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def many(value: object) -> list[Any]:
    """Give a list; one value alone is a list of it, nothing is an empty one."""
    if isinstance(value, list):
        return value
    return [] if value is None or value == "" else [value]


def mapping(value: object) -> dict[str, Any]:
    """Give an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def sound(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can spell and no encoding can carry."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def longest(value: object) -> int:
    """Give the length of the longest text directly in an object or in its lists."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return max((len(each) for each in value.values() if isinstance(each, str)), default=0)
    return 0


def as_written(entry: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Keep every field: texts as they are, anything else as JSON."""
    return {sound(name): tuple(_spelled(each) for each in many(value)) for name, value in entry.items()}


def _spelled(value: object) -> str:
    if isinstance(value, str):
        return sound(value)
    try:
        return sound(json.dumps(value, ensure_ascii=False))
    except RecursionError:  # nested as deep as could just be read; writing takes a little more
        return ""
