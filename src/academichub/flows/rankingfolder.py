"""Measure our ranking and that of our peers on a folder of readers, papers and what they chose.

The folder holds `items.jsonl` (id, title and, where there is one, abstract), `train.csv` and `test.csv`
(user,item, with that header), `candidates.txt` (an item a line) and, if wanted, `ignore.csv` (user,item
that are not offered to that user). Every user with something in test is ranked over all candidates.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from academichub.errors import RankingUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LONGEST_LINE: Final = 4 << 20  # characters
LONGEST_TITLE: Final = 2_000
LONGEST_ABSTRACT: Final = 20_000
_HEADER: Final = ["user", "item"]


@dataclass(frozen=True, slots=True)
class Folder:
    """What the files say, numbered: papers in the order of items.jsonl, users by their names."""

    path: Path
    texts: tuple[str, ...]  # title and, below it, the abstract
    users: tuple[str, ...]  # all of train and test
    candidates: np.ndarray  # papers, in the order of the file
    likes: sparse.csr_array  # shape (users, papers), 1 + place in train.csv
    wanted: sparse.csr_array  # shape (users, papers), 1
    ignored: sparse.csr_array  # shape (users, papers), 1


def read_folder(path: Path) -> Folder:
    """Read a folder.

    Raises:
        RankingUnreadable: A file is missing or is not in its format, or there is nothing to measure. Facts:
        path, line, reason.
    """
    papers, texts = _items(path / "items.jsonl")
    chosen = list(_candidates(path / "candidates.txt", papers))
    train = list(_pairs(path / "train.csv", papers))
    test = list(_pairs(path / "test.csv", papers))
    ignore = path / "ignore.csv"
    masked = list(_pairs(ignore, papers)) if ignore.exists() else []
    users = tuple(sorted({user for user, _ in [*train, *test]}, key=_natural))
    number = {user: at for at, user in enumerate(users)}
    shape = (len(users), len(texts))
    folder = Folder(
        path=path,
        texts=tuple(texts),
        users=users,
        candidates=np.array(chosen, dtype=np.int64),
        likes=_table(train, number, shape, is_ordered=True),
        wanted=_table(test, number, shape),
        ignored=_table([pair for pair in masked if pair[0] in number], number, shape),
    )
    if not folder.wanted[:, folder.candidates].nnz:
        raise RankingUnreadable(path=str(path / "test.csv"), line=0, reason="no pair names a candidate")
    return folder


def _natural(name: str) -> tuple[int, str]:
    return (int(name) if name.isascii() and name.isdigit() and len(name) < 16 else 10**16, name)  # noqa: PLR2004


def _table(
    pairs: list[tuple[str, int]],
    number: Mapping[str, int],
    shape: tuple[int, int],
    *,
    is_ordered: bool = False,
) -> sparse.csr_array:
    """Number pairs; one that stands twice counts once, at its last place."""
    place = {(number[user], item): at + 1 for at, (user, item) in enumerate(pairs)}
    rows = [user for user, _ in place]
    columns = [item for _, item in place]
    values = np.array(list(place.values()) if is_ordered else np.ones(len(place)), dtype=np.float64)
    table = sparse.csr_array((values, (rows, columns)), shape=shape)
    table.sort_indices()
    return table


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Read the lines of a file that say anything, counted from 1."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    raise RankingUnreadable(path=str(path), line=number, reason=f"longer than {LONGEST_LINE}")
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except OSError as error:
        raise RankingUnreadable(path=str(path), line=0, reason=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise RankingUnreadable(path=str(path), line=number + 1, reason="not UTF-8") from error


def _items(path: Path) -> tuple[dict[str, int], list[str]]:
    papers: dict[str, int] = {}
    texts: list[str] = []
    for number, line in _lines(path):
        try:
            said = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RankingUnreadable(path=str(path), line=number, reason=f"no JSON: {error}"[:200]) from error
        if not isinstance(said, dict):
            raise RankingUnreadable(path=str(path), line=number, reason="no JSON object")
        name = said.get("id")
        title, abstract = said.get("title"), said.get("abstract")
        if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
            raise RankingUnreadable(path=str(path), line=number, reason='"id" is neither text nor number')
        if not isinstance(title, str) or not isinstance(abstract, str | None):
            raise RankingUnreadable(path=str(path), line=number, reason='"title" or "abstract" is no text')
        key = str(name).strip()
        if key in papers:
            raise RankingUnreadable(path=str(path), line=number, reason=f"{key} is there twice")
        papers[key] = len(texts)
        title = " ".join(title.split())[:LONGEST_TITLE]
        texts.append(f"{title}\n{(abstract or '')[:LONGEST_ABSTRACT]}".rstrip("\n"))
    return papers, texts


def _candidates(path: Path, papers: Mapping[str, int]) -> Iterator[int]:
    seen: set[str] = set()
    for number, line in _lines(path):
        key = line.strip()
        if key not in papers:
            raise RankingUnreadable(path=str(path), line=number, reason=f"no item {key[:80]}")
        if key not in seen:
            seen.add(key)
            yield papers[key]


def _pairs(path: Path, papers: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    lines = _lines(path)
    first = next(lines, (0, ""))
    if [name.strip().lower() for name in next(csv.reader([first[1]]), [])] != _HEADER:
        raise RankingUnreadable(path=str(path), line=first[0], reason="the first line is not user,item")
    for number, line in lines:
        try:
            fields = [field.strip() for field in next(csv.reader([line]))]
        except csv.Error as error:
            raise RankingUnreadable(path=str(path), line=number, reason=str(error)) from error
        if len(fields) != len(_HEADER) or not fields[0]:
            raise RankingUnreadable(path=str(path), line=number, reason="not two fields")
        if fields[1] not in papers:
            raise RankingUnreadable(path=str(path), line=number, reason=f"no item {fields[1][:80]}")
        yield fields[0], papers[fields[1]]
