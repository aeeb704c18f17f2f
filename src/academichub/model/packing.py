"""Write frozen shapes as JSON values and read them back: what is read is what was written, or it is refused.

A shape is a dataclass of texts, numbers, days, UTC instants, enumerations, tuples and further shapes, each
perhaps None. A field with a default may be missing from what is read: an older program did not know it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
_Reader: TypeAlias = Callable[[object, str], Any]  # a JSON value and its path
_Shape = TypeVar("_Shape")

_NAMES: Final[dict[type, str]] = {
    NoneType: "nothing",
    bool: "a truth value",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}


def pack(value: object) -> Json:
    """Write a value as JSON values.

    Raises:
        ValueError: Something in it is of no kind that can be kept; the message begins with its path.
    """
    return _pack(value, type(value).__name__)


def unpack(shape: type[_Shape], value: object) -> _Shape:
    """Read a value of a shape, a dataclass say, from what `pack` made of one.

    Raises:
        ValueError: A field is missing or unknown, or of another type; the message begins with its path.
        TypeError: The shape has a field that cannot be kept at all.
    """
    kind: Any = shape  # a type is hashable, which mypy does not see behind a variable
    read: _Shape = _reader(kind)(value, shape.__name__)
    return read


# -- writing --------------------------------------------------------------------------------------


def _pack(value: object, path: str) -> Json:
    if isinstance(value, Enum):
        return _pack(value.value, path)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(_finite(value, path))  # a plain one, whatever library made it
    if isinstance(value, date):
        return _written_date(value, path)
    if isinstance(value, tuple):
        return [_pack(one, f"{path}[{place}]") for place, one in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _pack(getattr(value, each.name), f"{path}.{each.name}") for each in fields(value)}
    raise _refusal(path, f"{type(value).__name__} cannot be kept")


def _written_date(value: date, path: str) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.utcoffset() is None:
        raise _refusal(path, "an instant without a time zone")
    return value.astimezone(UTC).isoformat()


# -- reading --------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _reader(shape: Any) -> _Reader:  # noqa: ANN401  # a type, or what typing makes of several
    """Give what reads one type; made once, for a briefing holds thousands of values."""
    origin = get_origin(shape)
    if origin in {UnionType, Union}:
        return _optional_reader(shape)
    if origin is tuple:
        return _tuple_reader(get_args(shape))
    plain = _PLAIN.get(shape)
    if plain is not None:
        return plain
    if isinstance(shape, type) and issubclass(shape, Enum):
        return _enum_reader(shape)
    if isinstance(shape, type) and is_dataclass(shape):
        return _shape_reader(shape)
    msg = f"{shape!r} cannot be kept"
    raise TypeError(msg)


def _optional_reader(shape: Any) -> _Reader:  # noqa: ANN401  # as above
    kinds = [kind for kind in get_args(shape) if kind is not NoneType]
    if len(kinds) != 1:
        msg = f"{shape!r} cannot be kept: one of several types"
        raise TypeError(msg)
    read = _reader(kinds[0])
    return lambda value, path: None if value is None else read(value, path)


def _tuple_reader(kinds: tuple[Any, ...]) -> _Reader:
    if len(kinds) == 2 and kinds[1] is Ellipsis:  # noqa: PLR2004  # tuple[kind, ...]
        read = _reader(kinds[0])
        return lambda value, path: tuple(
            [read(one, f"{path}[{place}]") for place, one in enumerate(_checked(list, value, path))]
        )
    readers = [_reader(kind) for kind in kinds]

    def fixed(value: object, path: str) -> tuple[Any, ...]:
        members = _checked(list, value, path)
        if len(members) != len(readers):
            raise _refusal(path, f"{len(members)} values where {len(readers)} are wanted")
        pairs = zip(readers, members, strict=True)
        return tuple([reads(one, f"{path}[{place}]") for place, (reads, one) in enumerate(pairs)])

    return fixed


def _enum_reader(kind: type[Enum]) -> _Reader:
    members: dict[tuple[type, object], Enum] = {(type(one.value), one.value): one for one in kind}
    kinds = {known for known, _ in members}  # by type: 1 is not True, and a list is nothing to look up

    def read(value: object, path: str) -> Enum:
        found = members.get((type(value), value)) if type(value) in kinds else None
        if found is None:
            raise _refusal(path, f"no {kind.__name__}")
        return found

    return read


def _shape_reader(shape: type[Any]) -> _Reader:
    hints = get_type_hints(shape)
    readers = {each.name: _reader(hints[each.name]) for each in fields(shape)}
    needed = [each.name for each in fields(shape) if not _has_default(each)]

    def read(value: object, path: str) -> Any:  # noqa: ANN401  # of the shape
        kept = _checked(dict, value, path)
        for name in kept:
            if name not in readers:
                raise _refusal(path, f"{shape.__name__} has no field {str(name)[:60]!r}")
        for name in needed:
            if name not in kept:
                raise _refusal(path, f"{name} is missing")
        return shape(**{name: readers[name](one, f"{path}.{name}") for name, one in kept.items()})

    return read


def _has_default(each: Field[Any]) -> bool:
    return each.default is not MISSING or each.default_factory is not MISSING


def _checked(kind: type[_Shape], value: object, path: str) -> _Shape:
    """Give the value where it is of exactly that type: True is no number here."""
    if type(value) is not kind:
        found = _NAMES.get(type(value), type(value).__name__)
        raise _refusal(path, f"{found} where {_NAMES[kind]} is wanted")
    return value


def _read_text(value: object, path: str) -> str:
    return _checked(str, value, path)


def _read_truth(value: object, path: str) -> bool:
    return _checked(bool, value, path)


def _read_whole(value: object, path: str) -> int:
    return _checked(int, value, path)


def _read_number(value: object, path: str) -> float:
    if type(value) is int:  # other programs write 1.0 so
        try:
            return float(value)
        except OverflowError:
            raise _refusal(path, "a number beyond all bounds") from None
    return _finite(_checked(float, value, path), path)


def _read_day(value: object, path: str) -> date:
    text = _checked(str, value, path)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise _refusal(path, "no day as YYYY-MM-DD")
    return found


def _read_instant(value: object, path: str) -> datetime:
    text = _checked(str, value, path)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.utcoffset() != timedelta(0) or found.isoformat() != text:
        raise _refusal(path, "no instant of UTC as YYYY-MM-DDTHH:MM:SS+00:00")
    return found


def _finite(number: float, path: str) -> float:
    if not math.isfinite(number):
        raise _refusal(path, "not a finite number")
    return number


def _refusal(path: str, reason: str) -> ValueError:
    return ValueError(f"{path}: {reason}")


_PLAIN: Final[dict[Any, _Reader]] = {
    str: _read_text,
    bool: _read_truth,
    int: _read_whole,
    float: _read_number,
    date: _read_day,
    datetime: _read_instant,
}
