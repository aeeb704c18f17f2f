"""Search many works: build, size, memory, latency, with SQLite's FTS5 beside it in the same run.

Works are arXiv's records, repeated under new numbers. Questions are drawn from the works' own words, seven
kinds of them; every question is asked once to warm up and is then timed twice, the two engines in turn. Each
answers with 25 works in order of relevance and the number of all; ours with the facets is timed apart. On a
machine that others use too, the time of the processor says more than the clock: both are given.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from academichub.index.fulltext import Index
from academichub.model.query import Document
from academichub.text import query
from academichub.text.cutting import STOP_WORDS
from academichub.text.words import words
from benchmarks import corpus
from benchmarks.printing import print_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SEED: Final = 20_261_123
_REAL: Final = 56_000  # records that are read; beyond them they are repeated
_PAGE: Final = 25
_SHORTEST: Final = 4  # letters of a word that is asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as each engine takes it."""

    kind: str
    written: str  # in our language
    match: str  # in that of FTS5
    category: str = ""
    first: str = ""  # days, as ISO writes them
    last: str = ""


def documents(count: int) -> Iterator[Document]:
    """Give works, numbered from 1."""
    real = corpus.records(min(count, _REAL))
    for number in range(count):
        yield _document(number + 1, real[number % len(real)])


def _document(number: int, record: dict[str, Any]) -> Document:
    day = record.get("seen") or record.get("date") or f"20{record['id'][:2]}-01-01"
    return Document(
        number,
        title=record["title"],
        abstract=record["abstract"],
        authors=tuple(record["authors"]),
        identifiers=(f"arxiv:{record['id']}.{number}",),
        categories=tuple(record["categories"]),
        sources=("arxiv",),
        kind="preprint",
        listed_on=date.fromisoformat(day[:10]),
        features=("abstract",),
    )


def draw(works: Sequence[Document], count: int) -> list[Asked]:
    """Draw questions of every kind out of the works' own words."""
    dice = random.Random(_SEED)  # noqa: S311  a draw, not a secret
    return [one for _ in range(count) for one in _draw_each(works, dice)]


def _draw_each(works: Sequence[Document], dice: random.Random) -> list[Asked]:
    def telling(work: Document) -> list[str]:
        found = [word for word in words(work.abstract) if len(word) >= _SHORTEST and word.isascii()]
        return [word for word in found if word.isalpha() and word not in STOP_WORDS] or ["network"] * 3

    def some(count: int) -> list[str]:
        own = sorted(set(telling(work)))
        return dice.sample(own, min(count, len(own)))

    work = dice.choice(works)
    apart = [dice.choice(telling(dice.choice(works))) for _ in range(3)]
    row = list(words(work.title)) or ["network"]
    start = dice.randrange(max(1, len(row) - 1))
    phrase = " ".join(word for word in row[start : start + 2] if word.isalnum()) or "network"
    category = work.categories[0]
    year = (work.listed_on or date(2020, 1, 1)).year
    two, three = some(2), some(3)
    either = " OR ".join(apart)
    days = {"first": f"{year}-01-01", "last": f"{year}-12-31"}
    three_years = {"first": f"{year - 1}-01-01", "last": f"{year + 1}-12-31"}
    return [
        Asked("one word", apart[0], apart[0]),
        Asked("or of three", either, either),
        Asked("and of three", " ".join(three), " ".join(three)),
        Asked("phrase", f'"{phrase}"', f'"{phrase}"'),
        Asked("and, category", f"{' '.join(two)} cat:{category}", " ".join(two), category),
        Asked("or, one year", f"({either}) date:{year}", either, **days),
        Asked(
            "and, category, three years",
            f"{' '.join(two)} cat:{category} date:{year - 1}..{year + 1}",
            " ".join(two),
            category,
            **three_years,
        ),
    ]


class Fts5:
    """SQLite's own full-text search, with stems and a heavier title as ours."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE work (id INTEGER PRIMARY KEY, day TEXT, categories TEXT)")
        self._database.execute(
            "CREATE VIRTUAL TABLE found USING fts5"
            "(title, abstract, authors, content='', tokenize='porter unicode61')"
        )

    def fill(self, works: Iterator[Document]) -> None:
        """Take works in."""
        for work in works:
            named = " ".join(("", *work.categories, ""))
            self._database.execute("INSERT INTO work VALUES (?, ?, ?)", (work.id, str(work.listed_on), named))
            self._database.execute(
                "INSERT INTO found (rowid, title, abstract, authors) VALUES (?, ?, ?, ?)",
                (work.id, work.title, work.abstract, " ".join(work.authors)),
            )
        self._database.execute("INSERT INTO found (found) VALUES ('optimize')")
        self._database.commit()

    def ask(self, asked: Asked) -> int:
        """Answer with a page and the number of all; give the number."""
        narrowed = "FROM found JOIN work ON work.id = found.rowid WHERE found MATCH ?"
        values: list[str] = [asked.match]
        if asked.category:
            narrowed += " AND categories LIKE ?"
            values.append(f"% {asked.category} %")
        if asked.first:
            narrowed += " AND day BETWEEN ? AND ?"
            values += [asked.first, asked.last]
        # Only the constants above are put into the statement; what is asked for is bound.
        page = f"SELECT work.id {narrowed} ORDER BY bm25(found, 2, 1, 1), work.id LIMIT {_PAGE}"
        self._database.execute(page, values).fetchall()
        total = self._database.execute(f"SELECT count(*) {narrowed}", values).fetchone()
        return int(total[0])

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _ask_ours(index: Index, asked: Asked, *, with_facets: bool = False) -> int:
    read = query.ask(asked.written)
    return index.search(read.query, size=_PAGE, may_relax=False, with_facets=with_facets).total


class Spent(NamedTuple):
    """What one answer took, in milliseconds: by the clock, and of the processor alone."""

    kind: str
    clock: float
    cpu: float


def _timed(ask: Callable[[Asked], int], asked: Asked) -> Spent:
    start, cpu = time.perf_counter(), time.thread_time()
    ask(asked)
    used = time.thread_time() - cpu
    return Spent(asked.kind, 1000 * (time.perf_counter() - start), 1000 * used)


def run(*, works: int, questions: int, with_fts5: bool, folder: Path) -> dict[str, float]:
    """Build and ask; give the figures."""
    start, cpu = time.perf_counter(), time.process_time()
    index = Index.create(folder / "index")
    with index.writer(megabytes=256, threads=1) as writer:
        writer.replace(documents(works))
        writer.commit(change=works)
    figures: dict[str, float] = {
        "works": works,
        "build_seconds": round(time.perf_counter() - start, 1),
        "build_cpu_seconds": round(time.process_time() - cpu, 1),
    }
    figures["works_per_second"] = round(works / max(figures["build_seconds"], 0.1))
    figures["index_megabytes"] = round(index.megabytes(), 1)
    figures["peak_megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    index.refresh()
    engines: dict[str, Callable[[Asked], int]] = {"ours": lambda asked: _ask_ours(index, asked)}
    engines["ours with facets"] = lambda asked: _ask_ours(index, asked, with_facets=True)
    if with_fts5:
        fts5 = Fts5(folder / "fts5.db")
        start = time.perf_counter()
        fts5.fill(documents(works))
        figures["fts5_build_seconds"] = round(time.perf_counter() - start, 1)
        figures["fts5_megabytes"] = round((folder / "fts5.db").stat().st_size / 1e6, 1)
        engines["fts5"] = fts5.ask
    asked = draw(list(documents(min(works, 5_000))), questions)
    figures |= _latencies(engines, asked)
    if with_fts5:
        fts5.close()
    return figures


def _latencies(engines: dict[str, Callable[[Asked], int]], questions: Sequence[Asked]) -> dict[str, float]:
    spent: dict[str, list[Spent]] = {name: [] for name in engines}
    for one in questions:
        for name, ask in engines.items():
            ask(one)
            spent[name] += [_timed(ask, one) for _ in range(2)]
    figures: dict[str, float] = {}
    for name, rows in spent.items():
        kinds = dict.fromkeys(row.kind for row in rows)
        for kind in ("all", *kinds):
            own = [row for row in rows if kind in ("all", row.kind)]
            for share in (50, 95, 99):
                clock = float(np.percentile([row.clock for row in own], share))
                cpu = float(np.percentile([row.cpu for row in own], share))
                figures[f"{name}, {kind}: p{share} ms"] = round(clock, 2)
                figures[f"{name}, {kind}: p{share} cpu ms"] = round(cpu, 2)
    return figures


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--works", type=int, default=300_000)
    parser.add_argument("--questions", type=int, default=100, help="of each kind")
    parser.add_argument("--without-fts5", action="store_true", help="do not build SQLite's index beside it")
    parser.add_argument("--folder", type=Path, help="where to build; the default is a temporary folder")
    parser.add_argument("--quick", action="store_true", help="a smoke run: 300 works, 2 questions of a kind")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="search-", dir=options.folder))
    try:
        figures = run(
            works=300 if options.quick else options.works,
            questions=2 if options.quick else options.questions,
            with_fts5=not options.without_fts5,
            folder=folder,
        )
    finally:
        shutil.rmtree(folder)
    print_figures(figures, as_json=options.json)
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
