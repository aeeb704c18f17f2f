"""Write JSON that is the same every time, and read back what a field kept as JSON."""

from __future__ import annotations

import json
from typing import Any, Final

from academichub.references.writing.sheets import sound

_DEEPEST: Final = 100  # levels; what is deeper stays a text


def to_json(value: object) -> str:
    """Write values with Unicode as it is, one value a line, and nothing that is no JSON."""
    return json.dumps(_sound(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def structure(spelled: str) -> dict[str, Any] | None:
    """Give the object that a text is JSON of, or None where it is any other text."""
    if not spelled.startswith("{"):
        return None
    try:
        value = json.loads(spelled, parse_constant=_refuse)
        is_same = json.dumps(value, ensure_ascii=False) == spelled
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and is_same and _depth(value) <= _DEEPEST else None


def _refuse(constant: str) -> None:
    reason = f"{constant} is no JSON"
    raise ValueError(reason)


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def _sound(value: object) -> object:
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, dict):
        return {sound(str(name)): _sound(each) for name, each in value.items()}
    return [_sound(each) for each in value] if isinstance(value, list | tuple) else value
