"""Read the entries of a JSON library one by one, each with its line; a broken one never stops its neighbours.

The file is a list of entries, or an object that holds the list under a name. The standard decoder reads each
entry on its own; this module only walks between them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from academichub.references.entry import LIMITS, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.references.entry import Limits

LISTS: Final = ("items", "references", "data")  # names under which programs keep the list
_BLANK: Final = re.compile(r"[ \t\n\ufeff]*")
_BRACKETS: Final = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|[{}\[\]]", re.DOTALL)
_LIST: Final = re.compile(rf"\"(?:{'|'.join(LISTS)})\"\s*:\s*\[")
_KEY: Final = re.compile(r"\"(?:id|key|citationKey|citation-key)\"\s*:\s*\"([^\"\\\n]{1,100})\"")
_EXCERPT: Final = 2_000  # characters of a broken entry in which its key is looked for
_DEEP: Final = 50_000  # characters that reading values nested too deeply is counted for
_PIECE: Final = 50_000  # characters that the decoder is shown at once
_NEAR: Final = 16  # characters before the end of a piece in which a value may have been cut
_WIDEST: Final = 200  # characters that an entry may be indented
# How often the length of the file may be read in vain before an entry that is torn takes all it swallowed.
_WASTE: Final = 8
_FLOOR: Final = 1_000_000


class _Unread(Exception):
    """A value that cannot be read: why, and up to where it was looked at."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class NotJson(Exception):
    """A text that is no JSON library at all; its only argument says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of the list, whatever it is."""

    line: int
    value: Any


@dataclass(frozen=True, slots=True)
class JsonFile:
    """What a file is made of: its entries, and what stands beside their list."""

    entries: tuple[Found, ...]
    beside: Mapping[str, Any] = field(default_factory=dict)
    broken: tuple[Remark, ...] = ()
    is_over: bool = False


def scan_json(text: str, limits: Limits = LIMITS) -> JsonFile:
    """Take a file apart.

    Raises:
        NotJson: No list of entries, or more values than a library has.
    """
    if text.count("{") + text.count("[") > limits.json_values:
        reason = f"more than {limits.json_values} lists and objects in it"
        raise NotJson(reason)
    return _Walker(text, limits).walk()


class _Walker:
    """Walks through one file."""

    __slots__ = (
        "at", "base", "broken", "counted", "decoder", "entries", "is_over", "limits", "line",
        "piece", "text", "wasted",
    )  # fmt: skip

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        # Control characters in texts are forgiven: several programs write them.
        self.decoder = json.JSONDecoder(strict=False)
        self.at = self.counted = self.wasted = 0
        self.base = 0  # where the piece that the decoder is shown starts
        self.piece = ""
        self.line = 1
        self.entries: list[Found] = []
        self.broken: list[Remark] = []
        self.is_over = False

    def walk(self) -> JsonFile:
        """Read the whole file."""
        beside: dict[str, Any] = {}
        match self._next():
            case "[":
                self.at += 1
                self._list()
            case "{":
                beside = self._object()
            case _:
                self._refuse("it is no JSON list or object")
        return JsonFile(tuple(self.entries), beside, tuple(self.broken), self.is_over)

    def _object(self) -> dict[str, Any]:
        """Read the members of the outer object; without a list of entries it is one entry itself."""
        start, beside, has_list = self.at, dict[str, Any](), False
        line = self._line_of(start)
        self.at += 1
        while (char := self._next()) not in {"}", ""}:
            if char == ",":
                self.at += 1
                continue
            try:
                name, self.at = self._decode(self.at)
                if not isinstance(name, str) or self._next() != ":":
                    self._miss("no name and colon")
                self.at += 1
                if self._next() == "[" and name in LISTS:
                    has_list = True
                    self.at += 1
                    self._list()
                else:
                    beside[name], self.at = self._decode(self.at)
            except _Unread as unread:
                if has_list:  # the entries are read; what stands beside them is not worth losing them for
                    return beside
                self._find_list(unread.reason)
        if not has_list:
            self.entries.append(Found(line, beside))
        return beside

    def _find_list(self, reason: str) -> None:
        """Go on at the list of entries, where something before it cannot be read."""
        found = _LIST.search(self.text, self.at)
        if found is None:
            self._refuse(reason)
        self.broken.append(Remark(self._line_of(self.at), "", reason))
        self.at = found.start()

    def _list(self) -> None:
        """Read the entries of the list that has just been opened."""
        while (char := self._next()) != "]":
            if not char:
                self.broken.append(
                    Remark(self._line_of(self.at), "", "the file ends inside the list of entries")
                )
                return
            if char == ",":
                self.at += 1
                continue
            self._entry()
            if len(self.entries) + len(self.broken) > self.limits.entries:
                self.is_over = True
                self.at = len(self.text)
                return
        self.at += 1

    def _entry(self) -> None:
        start = self.at
        line = self._line_of(start)
        try:
            value, self.at = self._decode(start)
        except _Unread as unread:
            key = _KEY.search(self.text, start, start + _EXCERPT)
            self.broken.append(Remark(line, key[1] if key else "", unread.reason))
            self.at = self._after_broken(start, unread.place)
            return
        self.entries.append(Found(line, value))

    def _after_broken(self, start: int, place: int) -> int:
        """Find where to go on: the next entry that is indented as this one, or behind its brackets."""
        self.wasted += place - start
        line_start = self.text.rfind("\n", max(start - _WIDEST, 0), start) + 1
        indent = self.text[line_start:start] if line_start else "x"
        if not indent.strip() and self.wasted <= _WASTE * len(self.text) + _FLOOR:
            found = re.compile(rf"\n{indent}(?=\{{)").search(self.text, start)
            return found.end() if found else len(self.text)
        depth = 0
        for mark in _BRACKETS.finditer(self.text, start):
            if mark[0] in {"{", "["}:
                depth += 1
            elif mark[0] in {"}", "]"}:
                depth -= 1
                if depth <= 0:
                    is_stray = mark.start() == start  # a bracket that closes nothing: never look at it twice
                    return mark.end() if not depth or is_stray else mark.start()
        return len(self.text)

    # -- values --------------------------------------------------------------------------------------

    def _decode(self, place: int) -> tuple[Any, int]:
        """Read one value, and give the place behind it.

        The decoder is shown a piece of the file, for to name the line of an error it counts all that it is
        shown. A value that goes beyond the piece is read again from a larger one.
        """
        size = _PIECE
        if place >= self.base + len(self.piece):
            self._load(place, size)
        while True:
            try:
                value, end = self.decoder.raw_decode(self.piece, place - self.base)
                is_cut, unread = end == len(self.piece), None
            except json.JSONDecodeError as error:
                is_cut = error.pos >= len(self.piece) - _NEAR or error.msg.startswith("Unterminated")
                where = self.base + error.pos
                unread = _Unread(f"JSON: {error.msg} on line {self._line_at(where)}", where)
            except RecursionError:
                reason = "values are nested too deeply"
                raise _Unread(reason, place + _DEEP) from None
            except ValueError as error:  # a number of thousands of digits
                reason = f"JSON: {error}"
                raise _Unread(reason, place + _DEEP) from None
            if is_cut and self.base + len(self.piece) < len(self.text):
                size = size * 8 if place == self.base else _PIECE
                self._load(place, size)
            elif unread:
                raise unread
            else:
                return value, self.base + end

    def _load(self, place: int, size: int) -> None:
        self.base, self.piece = place, self.text[place : place + size]

    # -- places --------------------------------------------------------------------------------------

    def _next(self) -> str:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def _line_of(self, place: int) -> int:
        """Count lines up to a place that is never before the last one asked for."""
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place
        return self.line

    def _line_at(self, place: int) -> int:
        return self.line + self.text.count("\n", self.counted, place)

    def _miss(self, what: str) -> NoReturn:
        reason = f"{what} on line {self._line_at(self.at)}"
        raise _Unread(reason, self.at)

    @staticmethod
    def _refuse(reason: str) -> NoReturn:
        raise NotJson(reason)
