"""Take a BibTeX or BibLaTeX file apart: entries with their fields, macros, comments, and what is broken.

The grammar is BibTeX's own (btxdoc, "BibTeXing"; the program bibtex.web, parts 220 to 260), read with
patience: what leaves no doubt is mended with a remark; what is torn is reported, and reading goes on at
the next entry. Time is linear in the length of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from academichub.references.entry import LIMITS, Remark

if TYPE_CHECKING:
    from academichub.references.entry import Limits

# An entry opens anywhere but in a comment line, in a word (an e-mail address) or as a TeX command.
_BARE_HEAD: Final = (
    r"^[ \t]*@([A-Za-z][^\s,{}()@=]*)[ \t]*,(?=\s*[A-Za-z][\w-]*\s*=)"  # its bracket is missing
)
_OPENING: Final = re.compile(
    rf"^[ \t]*%.*|(?<![\w\\@])@[ \t\n]*([A-Za-z][\w-]*)[ \t\n]*([{{(])|{_BARE_HEAD}", re.MULTILINE
)
_OPENING_ON_A_LINE: Final = re.compile(
    rf"^[ \t]*@[ \t]*([A-Za-z][\w-]*)[ \t\n]*([{{(])|{_BARE_HEAD}", re.MULTILINE
)
# A line that is the head of an entry and its first field. In a value it means that a brace was forgotten.
_HEAD: Final = r"\n(?=[ \t]{0,3}@[A-Za-z]+[ \t]*[{(][^\s,{}()=\"#%]+[ \t]*,\s*[A-Za-z][\w-]*\s*=)"
_MARK: Final = re.compile(rf'[{{}}"]|{_HEAD}')
_MARK_ESCAPED: Final = re.compile(rf'[{{}}"]|\\[{{}}"\\]|{_HEAD}')
_BRACE: Final = re.compile(r"[{}]")
_BLANK: Final = re.compile(r"(?:\s|%[^\n]*)*+")
_BETWEEN_FIELDS: Final = re.compile(r"(?:[\s,]|%[^\n]*)*+")
_KEY: Final = re.compile(r"[^,{}\n=]*")
_KEY_IN_PARENTHESES: Final = re.compile(r"[^,\n=]*")
_NAME: Final = re.compile(r"[^\s=,{}()\"#%@\\]+")
_NEXT_FIELD: Final = re.compile(r"[^\s=,{}()\"#%@\\]+\s*=")
_BARE: Final = re.compile(r"[^\s,{}\"#]+")
_BARE_IN_PARENTHESES: Final = re.compile(r"[^\s,{}\"#)]+")
_REST_OF_LINE: Final = re.compile(r"[^,{}()\"\n=@]*")
_GOES_ON: Final = re.compile(r"\s*,\s*([A-Za-z][\w-]*)\s*=\s*[{\"\w]")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# How often the length of the file may be read in vain before an entry that is torn takes all it swallowed.
_WASTE: Final = 8
# How often the length of the file macros may add up to: a macro of macros of macros can hold the world.
_EXPANSION: Final = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its fields in order, names in lower case, values without their outer delimiters."""

    type: str  # lower case
    key: str
    line: int
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a file is made of."""

    entries: tuple[Entry, ...]
    comments: tuple[str, ...]  # the insides of @comment groups
    broken: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    blocks: int  # everything that opened with @, of whatever kind
    is_over: bool  # more entries than the limit: reading stopped there


class Torn(Exception):
    """A block that cannot be read; its only argument says why."""


def scan(text: str, limits: Limits = LIMITS) -> Scanned:
    r"""Take a file apart. Line ends must be "\n"."""
    return _Scanner(text, limits).scan()


class _Scanner:
    """Reads one file from left to right."""

    __slots__ = (
        "at", "blocks", "broken", "comments", "counted", "entries", "expanded", "key", "limits", "line",
        "macros", "mark", "remarks", "start_line", "text", "wasted",
    )  # fmt: skip

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.at = 0
        self.line = self.start_line = 1  # of the place `counted`; of the block being read
        self.counted = 0
        self.key = ""
        self.mark = _MARK
        self.macros: dict[str, str] = {month: month for month in _MONTHS}
        self.entries: list[Entry] = []
        self.comments: list[str] = []
        self.broken: list[Remark] = []
        self.remarks: list[Remark] = []
        self.blocks = self.wasted = self.expanded = 0

    def scan(self) -> Scanned:
        """Read every block."""
        opening = _OPENING
        is_over = False
        while (found := opening.search(self.text, self.at)) and not is_over:
            self.at = found.end()
            opening = _OPENING
            if found[3]:
                reason = "no bracket opens the entry behind its type"
                self.broken.append(Remark(self._line_of(found.start(3)), found[3], reason))
                continue
            if found[1] is None:  # a line that is commented out
                continue
            self.blocks += 1
            self.start_line, self.key = self._line_of(found.start()), ""
            try:
                self._block(found[1].lower(), found[2])
            except Torn as torn:
                reason = str(torn.args[0])
                self.wasted += self.at - found.end()
                opening = _OPENING_ON_A_LINE
                if self.wasted <= _WASTE * len(self.text):
                    self.at = found.end()
                else:
                    reason += f"; everything up to line {self._line_here()} is lost with it"
                self.broken.append(Remark(self.start_line, self.key, reason))
            is_over = len(self.entries) + len(self.broken) > self.limits.entries
        return Scanned(
            tuple(self.entries),
            tuple(self.comments),
            tuple(self.broken),
            tuple(self.remarks),
            self.blocks,
            is_over,
        )

    def _block(self, kind: str, delimiter: str) -> None:
        if kind == "comment":
            self._comment(delimiter)
        elif kind == "preamble":
            self._preamble()
        elif kind == "string":
            self._string("}" if delimiter == "{" else ")")
        else:
            self.entries.append(self._patiently(kind, "}" if delimiter == "{" else ")"))

    # -- blocks that are no entries ------------------------------------------------------------------

    def _comment(self, delimiter: str) -> None:
        """Keep the group after @comment; without one, only these words are the comment, as in BibTeX."""
        if delimiter == "(":
            return
        start = self.at
        end = self._end_of_group()
        if end is None:
            self.wasted += self.at - start
            if self.wasted <= _WASTE * len(self.text):
                self.at = start
            self._remark("the brace of this @comment is not closed")
        else:
            self.comments.append(self.text[start : end - 1])

    def _preamble(self) -> None:
        """Skip TeX code, in which anything may stand."""
        self.at = (
            end if (end := self._end_of_group()) is not None else self._torn("the preamble is not closed")
        )

    def _end_of_group(self) -> int | None:
        """Find the end of the group that has just been opened, whatever stands in it."""
        start, depth = self.at, 1
        for brace in _BRACE.finditer(self.text, start):
            depth += 1 if brace[0] == "{" else -1
            if not depth or brace.end() - start > self.limits.field_characters:
                self.at = brace.end()
                return None if depth else self.at
        self.at = len(self.text)
        return None

    def _string(self, closing: str) -> None:
        """Learn macros: `@string{jacs = "J. Am. Chem. Soc."}`."""
        self.key = "@string"
        for name, value in self._fields(closing):
            self.macros[name] = value

    # -- entries -------------------------------------------------------------------------------------

    def _patiently(self, kind: str, closing: str) -> Entry:
        r"""Read an entry as BibTeX does, every brace counting; if that tears it, `\{` is a character."""
        start, remarked = self.at, len(self.remarks)
        try:
            return self._entry(kind, closing)
        except Torn as torn:
            self.wasted += self.at - start
            failed_at, because = self.at, torn
        del self.remarks[remarked:]
        self.at, self.mark = start, _MARK_ESCAPED
        try:
            entry = self._entry(kind, closing)
        except Torn:
            self.at = max(self.at, failed_at)
            raise because from None
        finally:
            self.mark = _MARK
        self._remark(r"\{, \} and \" are read as characters; for BibTeX they open and close")
        return entry

    def _entry(self, kind: str, closing: str) -> Entry:
        self.key = self._read_key(closing)
        fields = tuple(self._fields(closing))
        if goes_on := _GOES_ON.match(self.text, self.at):
            self._torn(f"a bracket too many closes the entry before its field {goes_on[1]}")
        self._remark_doubles(fields)
        return Entry(kind, self.key, self.start_line, fields)

    def _read_key(self, closing: str) -> str:
        self.at = self._skip(_BLANK)
        found = (_KEY if closing == "}" else _KEY_IN_PARENTHESES).match(self.text, self.at)
        written = found[0] if found else ""
        after = self.text[self.at + len(written) : self.at + len(written) + 1]
        if closing == ")" and after != "," and ")" in written:  # nothing but a key: "@misc(key)"
            written, after = written[: written.index(")")], ")"
        if after == "=":
            self._remark("the entry has no key")
            return ""
        key = written.strip()
        self.at += len(written)
        if after == "\n":
            self._remark("no comma after the key")
        elif after and after not in {",", closing}:
            self._torn(f"{after!r} stands where the key should be")
        if not key:
            self._remark("the entry has no key")
        return key

    def _remark_doubles(self, fields: tuple[tuple[str, str], ...]) -> None:
        names = [name for name, _ in fields]
        if len(set(names)) == len(names):
            return
        doubled = sorted({name for name in names if names.count(name) > 1} - {"file", "keywords", "note"})
        if doubled:
            self._remark(f"more than one field {', '.join(doubled)}; the first counts")

    def _fields(self, closing: str) -> list[tuple[str, str]]:
        """Read fields up to the end of the block."""
        fields: list[tuple[str, str]] = []
        while True:
            self.at = self._skip(_BETWEEN_FIELDS)
            char = self.text[self.at : self.at + 1]
            if not char:
                self._torn("the file ends inside the entry")
            if char == closing:
                self.at += 1
                return fields
            name = _NAME.match(self.text, self.at)
            if name is None:
                self._torn(self._misplaced(self.at, "where a field should be"))
            self.at = name.end()
            value = self._after_name(name[0], closing)
            if value is not None:
                fields.append((name[0].lower(), value))
            if len(fields) > self.limits.fields:
                self._torn(f"more than {self.limits.fields} fields")

    def _after_name(self, name: str, closing: str) -> str | None:
        """Read the value of a field, or None where it has none."""
        self.at = self._skip(_BLANK)
        char = self.text[self.at : self.at + 1]
        if char == "=":
            self.at += 1
        elif char and char in '{"':
            self._remark(f"no = after {name}")
        elif char and char in f",{closing}":
            self._remark(f"the field {name} has no value")
            return None
        else:
            self._torn(
                f"no = after {name!r} on line {self._line_here()}"
                if char
                else "the file ends inside the entry"
            )
        value = self._value(name, closing)
        following = self._skip(_BLANK)
        if self.text[following : following + 1] in {",", closing, ""}:
            return value
        if _NEXT_FIELD.match(self.text, following):
            self._remark(f"no comma after the field {name}")
            return value
        return self._torn(self._misplaced(following, f"after the value of {name}"))

    def _misplaced(self, place: int, where: str) -> str:
        """Say what stands at a place where it should not."""
        line = self._line_at(place)
        if self.text[place] == "@":
            return f"a bracket of the entry is not closed before the next entry on line {line}"
        return f"{self.text[place]!r} on line {line} stands {where}"

    # -- values --------------------------------------------------------------------------------------

    def _value(self, name: str, closing: str) -> str:
        """Read pieces joined by #."""
        pieces: list[str] = []
        length = 0
        while True:
            self.at = self._skip(_BLANK)
            char = self.text[self.at : self.at + 1]
            if char in {"{", '"'}:
                self.at += 1
                pieces.append(self._delimited(name, char))
            else:
                pieces.append(self._bare(name, closing))
            length += len(pieces[-1])
            if length > self.limits.field_characters:
                self._torn(f"the field {name} has more than {self.limits.field_characters} characters")
            following = self._skip(_BLANK)
            if self.text[following : following + 1] != "#":
                return "".join(pieces)
            self.at = following + 1

    def _delimited(self, name: str, opening: str) -> str:
        """Read a value in braces or quotes that has just been opened."""
        start, depth = self.at, 0
        for found in self.mark.finditer(self.text, start):
            self.at = found.end()
            if self.at - start > self.limits.field_characters:
                self._torn(f"the field {name} has more than {self.limits.field_characters} characters")
            mark = found[0]
            if mark == "\n":
                break
            if mark == ('"' if opening == '"' else "}") and not depth:
                return self.text[start : found.start()]
            if mark == "{":
                depth += 1
            elif mark == "}":
                depth -= 1
                if depth < 0:
                    line = self._line_here()
                    self._torn(
                        f"in the field {name} a quote is not closed before line {line}, or a brace too many"
                    )
        else:
            self.at = len(self.text)
        what = "quote" if opening == '"' and not depth else "brace"
        return self._torn(
            f"a {what} of the field {name} that begins on line {self._line_at(start)} is not closed"
        )

    def _bare(self, name: str, closing: str) -> str:
        """Read a number or a macro."""
        found = (_BARE if closing == "}" else _BARE_IN_PARENTHESES).match(self.text, self.at)
        if found is None:
            self._torn(f"the field {name} on line {self._line_here()} has no value")
        word = found[0]
        self.at = found.end()
        rest = _REST_OF_LINE.match(self.text, self.at)
        more = rest[0].strip() if rest else ""
        if (
            rest
            and more
            and not more.startswith("#")
            and not _NEXT_FIELD.match(self.text, self._skip(_BLANK))
        ):
            self.at = rest.end()
            word = f"{word} {more}"
        if word.isascii() and word.isdigit():
            return word
        if (known := self.macros.get(word.lower())) is not None:
            self.expanded += len(known)
            if self.expanded > _EXPANSION * len(self.text) + self.limits.field_characters:
                self._torn("macros make many times the file of it")
            return known
        self._remark(f"the field {name} stands without braces, and {word[:40]!r} is no macro of this file")
        return word

    # -- places --------------------------------------------------------------------------------------

    def _skip(self, blank: re.Pattern[str]) -> int:
        found = blank.match(self.text, self.at)
        return found.end() if found else self.at

    def _torn(self, reason: str) -> NoReturn:
        raise Torn(reason)

    def _remark(self, reason: str) -> None:
        self.remarks.append(Remark(self.start_line, self.key, reason))

    def _line_of(self, place: int) -> int:
        """Count lines up to a place that is never before the last one asked for."""
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place
        return self.line

    def _line_at(self, place: int) -> int:
        return self.line + self.text.count("\n", self.counted, place)

    def _line_here(self) -> int:
        return self._line_at(self.at)
