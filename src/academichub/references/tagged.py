"""Take files of tagged lines apart: RIS, PubMed's format and Web of Science's.

RIS is `TY  - JOUR` to `ER  - `; PubMed's records begin with `PMID- ` and end with an empty line; Web of
Science's begin with `PT J` and end with `ER`. A line without a tag goes on with the one before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.references.entry import LIMITS, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.references.entry import Limits

_MOST_VALUES: Final = 100_000  # of one tag in one record; three thousand authors are real
_RIS: Final = re.compile(r"[ \t]{0,3}([A-Z][A-Z0-9])[ \t]{1,3}-(?:[ \t](.*)|)$")
_PUBMED: Final = re.compile(r"([A-Z]{2,4}) {0,2}-(?: (.*)|)$")
_SCIENCE: Final = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|)$")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one format marks its records."""

    format: str
    tag: re.Pattern[str]
    start: str
    end: str  # "" where only the next start, or an empty line, ends a record
    identity: tuple[str, ...]  # tags that name a record in messages
    header: frozenset[str] = frozenset()  # tags that stand outside records


RIS: Final = Dialect("ris", _RIS, "TY", "ER", ("ID", "DO", "TI", "T1"))
PUBMED: Final = Dialect("pubmed", _PUBMED, "PMID", "", ("PMID", "TI"))
SCIENCE: Final = Dialect(
    "web of science", _SCIENCE, "PT", "ER", ("UT", "DI", "TI"), frozenset({"FN", "VR", "EF"})
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """One record: its tags in order, each with all its values."""

    line: int
    fields: dict[str, list[str]]

    def name(self, dialect: Dialect) -> str:
        """Give what the record is known by in messages."""
        said = (self.fields[tag][0] for tag in dialect.identity if self.fields.get(tag))
        return next((" ".join(each.split())[:80] for each in said if each), "")


@dataclass(frozen=True, slots=True)
class TaggedFile:
    """What a file is made of."""

    records: tuple[Tagged, ...]
    broken: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    is_over: bool


def scan_tagged(text: str, dialect: Dialect, limits: Limits = LIMITS) -> TaggedFile:
    r"""Take a file apart. Line ends must be "\n"."""
    return _Scanner(dialect, limits).scan(text)


class _Scanner:
    """Reads one file line by line."""

    __slots__ = (
        "broken",
        "dialect",
        "fields",
        "is_open",
        "length",
        "limits",
        "line",
        "records",
        "remarks",
        "tag",
        "torn",
    )

    def __init__(self, dialect: Dialect, limits: Limits) -> None:
        self.dialect = dialect
        self.limits = limits
        self.records: list[Tagged] = []
        self.broken: list[Remark] = []
        self.remarks: list[Remark] = []
        self.is_open = False
        self.fields: dict[str, list[list[str]]] = {}  # of the open record, each value in pieces
        self.line = 0  # where the open record starts
        self.tag = ""
        self.length = 0  # characters of the value being read
        self.torn = ""  # why the open record cannot be kept

    def scan(self, text: str) -> TaggedFile:
        """Read every line."""
        is_over = False
        for number, line in enumerate(_lines(text), start=1):
            self._read(line.rstrip(), number)
            is_over = len(self.records) + len(self.broken) > self.limits.entries
            if is_over:
                break
        self._close(is_ended=not self.dialect.end, missing="the file ends")
        return TaggedFile(tuple(self.records), tuple(self.broken), tuple(self.remarks), is_over)

    def _read(self, line: str, number: int) -> None:
        found = self.dialect.tag.match(line)
        if found is None:
            self._go_on(line)
            return
        tag, value = found[1], (found[2] or "").strip()
        if tag == self.dialect.start:
            self._close(is_ended=not self.dialect.end, missing="another record begins")
            self._open(number)
        elif tag == self.dialect.end:
            self._close(is_ended=True)
            return
        elif not self.is_open:
            if tag in self.dialect.header:
                return
            self._open(number)
            self.torn = f"the record does not begin with {self.dialect.start}"
        self._add(tag, value)

    def _open(self, number: int) -> None:
        self.is_open, self.fields, self.line, self.torn = True, {}, number, ""

    def _add(self, tag: str, value: str) -> None:
        values = self.fields.setdefault(tag, [])
        values.append([value])
        self.tag, self.length = tag, len(value)
        if len(values) > _MOST_VALUES:
            self.torn = f"more than {_MOST_VALUES} lines {tag}"
        elif self.length > self.limits.field_characters:
            self.torn = f"{tag} has more than {self.limits.field_characters} characters"

    def _go_on(self, line: str) -> None:
        """Add a line without a tag to the value before it; outside records it is nobody's."""
        if not self.is_open:
            return
        if not line.strip():
            if not self.dialect.end:
                self._close(is_ended=True)
            return
        self.length += len(line)
        if self.length > self.limits.field_characters:
            self.torn = f"{self.tag} has more than {self.limits.field_characters} characters"
        else:
            self.fields[self.tag][-1].append(line.strip())

    def _close(self, *, is_ended: bool, missing: str = "") -> None:
        if not self.is_open:
            return
        joint = "\n" if self.dialect is not PUBMED else " "
        record = Tagged(
            self.line, {tag: [joint.join(each) for each in values] for tag, values in self.fields.items()}
        )
        self.is_open, self.fields = False, {}
        name = record.name(self.dialect)
        if self.torn:
            self.broken.append(Remark(record.line, name, self.torn))
            return
        self.records.append(record)
        if not is_ended:
            self.remarks.append(Remark(record.line, name, f"{missing} before {self.dialect.end}"))


def _lines(text: str) -> Iterator[str]:
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]
