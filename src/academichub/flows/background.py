"""What radars measure papers by: the latest works before a day, read and learned once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import zipfile
import zlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.flows.embedding import read_vectors
from academichub.radar.corpus import learn
from academichub.radar.keeping import FORM, from_arrays, to_arrays
from academichub.store import corpus as shelf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from academichub.db.engine import Database
    from academichub.llm.ports import Embedder
    from academichub.radar.corpus import Corpus
    from academichub.store.corpus import WorkText

WORKS: Final = 20_000
LEAST_WORKS: Final = 300  # where fewer are listed before the day, the day itself is read too
KEPT: Final = 2  # of some 150 MB each
PATIENCE: Final = timedelta(minutes=30)  # what a background may miss of works that came since it was learned


@dataclass(frozen=True, slots=True)
class Background:
    """The works before a day, learned."""

    before: date
    corpus: Corpus
    works: int
    fingerprint: str  # of every text and of which of them had vectors
    space: str  # "" without vectors
    learned_at: datetime


def learn_background(
    database: Database, *, before: date, embedder: Embedder | None, now: datetime
) -> Background:
    """Read and learn the latest works before a day; the same works give the same background."""
    return _kept_or_learned(database, None, before=before, embedder=embedder, now=now, folder=None)


def read_works(database: Database, *, before: date) -> list[WorkText]:
    """Read the latest works before a day, and those of the day itself where there are few."""
    with database.reading() as connection:
        works = list(shelf.recent_texts(connection, until=before - timedelta(days=1), limit=WORKS))
        if len(works) < LEAST_WORKS:
            works = list(shelf.recent_texts(connection, until=before, limit=WORKS))
    return works


def _fingerprint(works: Sequence[WorkText], vectors: NDArray[np.float64] | None) -> str:
    digest = hashlib.sha256(f"{FORM}\n".encode())
    for number, work in enumerate(works):
        has_vector = vectors is not None and bool(vectors[number].any())
        digest.update(f"{work.work_id}:{work.text_hash}:{has_vector:d}\n".encode())
    return digest.hexdigest()[:16]


def text_of(work: WorkText) -> str:
    """Write a work as ranking reads it: the title, and below it the abstract."""
    return f"{work.title}\n{work.abstract or ''}"


def vectors_of(database: Database, embedder: Embedder, works: Sequence[WorkText]) -> NDArray[np.float64]:
    """Read works' vectors, shape (works, dimensions); zeros where there is none."""
    known = read_vectors(database, embedder, [work.work_id for work in works])
    rows = np.zeros((len(works), embedder.space.dimensions), dtype=np.float64)
    for number, work in enumerate(works):
        vector = known.get(work.work_id)
        if vector is not None:
            rows[number] = vector
    return rows


class Backgrounds:
    """Keeps the backgrounds in use. Threads may share it; one of them learns while the others wait."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[date, str], Background] = OrderedDict()
        self._learning = threading.Lock()

    def get(
        self,
        database: Database,
        *,
        before: date,
        embedder: Embedder | None,
        now: datetime,
        folder: Path | None = None,
    ) -> Background:
        """Give the background of a day: the one in memory, else the one in the folder, else a new one.

        Args:
            database: The hub's database.
            before: The day that is to be ranked.
            embedder: Whose vectors are used; None for words alone.
            now: The present, UTC.
            folder: Where backgrounds are kept for the hub's other processes; None keeps none.
        """
        key = before, embedder.space.name if embedder is not None else ""
        with self._learning:
            kept = self._kept.pop(key, None)
            if kept is None or now - kept.learned_at > PATIENCE:
                kept = _kept_or_learned(
                    database, kept, before=before, embedder=embedder, now=now, folder=folder
                )
            self._kept[key] = kept
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return kept


def _kept_or_learned(
    database: Database,
    kept: Background | None,
    *,
    before: date,
    embedder: Embedder | None,
    now: datetime,
    folder: Path | None,
) -> Background:
    """Look whether the shelves still hold what was learned; learn again where they do not."""
    works = read_works(database, before=before)
    vectors = None if embedder is None else vectors_of(database, embedder, works)
    if vectors is not None and not vectors.any():
        vectors = None
    fingerprint = _fingerprint(works, vectors)
    space = "" if vectors is None or embedder is None else embedder.space.name
    if kept is not None and kept.fingerprint == fingerprint:
        return replace(kept, learned_at=now)
    path = folder / f"background-{fingerprint}.npz" if folder is not None else None
    corpus = _load(path) if path is not None else None
    if corpus is None:
        corpus = learn([text_of(work) for work in works], vectors)
        if path is not None:
            _save(path, corpus)
    return Background(before, corpus, len(works), fingerprint, space, now)


def _load(path: Path) -> Corpus | None:
    """Read a kept corpus; one that is not there, or broken, is made again."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return from_arrays(dict(arrays))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _save(path: Path, corpus: Corpus) -> None:
    """Keep a corpus beside the others, and only the newest of them; a full disk costs time, nothing else."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, **to_arrays(corpus))  # type: ignore[arg-type]  # names of arrays, no options
        part.replace(path)
        for old in sorted(path.parent.glob("background-*.npz"), key=_age)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _age(path: Path) -> float:
    return path.stat().st_mtime
