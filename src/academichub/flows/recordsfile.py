"""Read a file of arXiv records, one JSON object a line, plain or gzipped: what evaluations learn from.

A record has `id`, `title`, `abstract` (null where there is none), `categories` (the first is the primary one)
and a day: `seen`, when it was announced or collected, else `date`, else `updated`. Other fields are not read.
"""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TextIO

from academichub.errors import EvaluationUnreadable
from academichub.model.briefing import Paper
from academichub.store.corpus import text_hash
from academichub.text.prose import render, render_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LONGEST_LINE: Final = 4 << 20  # characters
LONGEST_TITLE: Final = 2_000
LONGEST_ABSTRACT: Final = 20_000
MOST_CATEGORIES: Final = 32
_LONGEST_NAME: Final = 200  # of an id or a category
_DAYS: Final = ("seen", "date", "updated")  # the first that is there counts
_DAY_DIGITS: Final = 10
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class RecordPaper:
    """A record as evaluations read it."""

    id: str
    title: str  # plain, one line
    abstract: str  # plain; "" where there is none
    categories: tuple[str, ...]  # primary first; none twice
    on: date

    @property
    def category(self) -> str:
        """The primary category; "" where there is none."""
        return self.categories[0] if self.categories else ""


def read_records(
    path: Path, *, until: date | None = None, since: date | None = None, is_rendered: bool = True
) -> list[RecordPaper]:
    """Read the records of some days, in the order of the file.

    An id that comes again keeps the record of its earliest day.

    Args:
        path: Plain or gzipped, whatever its name.
        until: Leave out later days.
        since: Leave out earlier days.
        is_rendered: Turn TeX and HTML into plain text, as the hub does with what it stores; 0.2 ms a record.
            False keeps what was written, with whitespace folded.

    Raises:
        EvaluationUnreadable: The file or a line cannot be read. Facts: path, line (0 for the file), reason.
    """
    found: dict[str, RecordPaper] = {}
    for number, line in _lines(path):
        try:
            paper = _paper(json.loads(line))
        except RecursionError as error:
            raise EvaluationUnreadable(path=str(path), line=number, reason="nested too deeply") from error
        except ValueError as error:
            raise EvaluationUnreadable(path=str(path), line=number, reason=str(error)[:200]) from error
        known = found.get(paper.id)
        if known is None or paper.on < known.on:
            found[paper.id] = paper
    chosen = (
        paper
        for paper in found.values()
        if (since is None or since <= paper.on) and (until is None or paper.on <= until)
    )
    return [_rendered(paper) if is_rendered else _folded(paper) for paper in chosen]


def papers_of(records: Iterable[RecordPaper]) -> list[Paper]:
    """Make papers of records as a briefing reads them, numbered from 1."""
    return [
        Paper(
            work_id=number,
            title=record.title,
            abstract=record.abstract,
            text_hash=text_hash(record.title, record.abstract),
            listed_on=record.on,
            categories=record.categories,
        )
        for number, record in enumerate(records, start=1)
    ]


# -- lines ----------------------------------------------------------------------------------------


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Read the lines that say anything, counted from 1; never more than one of them at once."""
    number = 0
    try:
        with _opened(path) as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    reason = f"longer than {LONGEST_LINE} characters"
                    raise EvaluationUnreadable(path=str(path), line=number, reason=reason)
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise EvaluationUnreadable(path=str(path), line=number + 1, reason="not UTF-8") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise EvaluationUnreadable(path=str(path), line=number + 1, reason=f"broken gzip: {error}") from error
    except OSError as error:
        raise EvaluationUnreadable(path=str(path), line=0, reason=error.strerror or str(error)) from error


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        is_gzip = raw.read(len(_GZIP)) == _GZIP
    if is_gzip:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield file
        return
    with path.open(encoding="utf-8-sig") as file:
        yield file


# -- records --------------------------------------------------------------------------------------


def _paper(said: Any) -> RecordPaper:  # noqa: ANN401  # whatever the line holds
    """Check a record. Raises ValueError with the reason."""
    if not isinstance(said, dict):
        message = "no JSON object"
        raise ValueError(message)  # noqa: TRY004  # a bad line is a bad value, as it is for json
    return RecordPaper(
        id=_name(said.get("id"), "id"),
        title=_text(said, "title", LONGEST_TITLE),
        abstract=_text(said, "abstract", LONGEST_ABSTRACT),
        categories=_categories(said.get("categories")),
        on=_day(said),
    )


def _name(value: object, field: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME:
        message = f'"{field}" is no text of 1 to {_LONGEST_NAME} characters'
        raise ValueError(message)
    return value.strip()


def _text(said: dict[str, Any], field: str, longest: int) -> str:
    value = said.get(field)
    if not isinstance(value, str) and (field == "title" or value is not None):
        message = f'"{field}" is no text'
        raise ValueError(message)
    return (value or "")[:longest]


def _categories(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_CATEGORIES:
        message = f'"categories" is no list of at most {MOST_CATEGORIES} names'
        raise ValueError(message)
    return tuple(dict.fromkeys(_name(one, "categories") for one in value))


def _day(said: dict[str, Any]) -> date:
    field = next((field for field in _DAYS if said.get(field) is not None), None)
    if field is None:
        message = f"no day in {', '.join(_DAYS)}"
        raise ValueError(message)
    value = said[field]
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:_DAY_DIGITS])
        except ValueError:
            pass
    message = f'"{field}" is no day as YYYY-MM-DD'
    raise ValueError(message)


def _rendered(paper: RecordPaper) -> RecordPaper:
    return replace(paper, title=render_title(paper.title).plain, abstract=render(paper.abstract).plain)


def _folded(paper: RecordPaper) -> RecordPaper:
    return replace(paper, title=" ".join(paper.title.split()), abstract=" ".join(paper.abstract.split()))
