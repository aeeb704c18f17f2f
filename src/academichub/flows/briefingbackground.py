"""What briefings measure by: the concepts and the axes of the works before a day, learned once and kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import zipfile
import zlib
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.briefing import axeskeeping, conceptkeeping
from academichub.briefing.axes import learn_axes
from academichub.briefing.composing import Learned
from academichub.briefing.concepts import learn_concepts
from academichub.flows.briefingmaterial import paper_of
from academichub.store import corpus as shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from academichub.db.engine import Connection, Database
    from academichub.model.briefing import Paper

FORM: Final = "1"  # of what is learned and how it is kept
WORKS: Final = 60_000  # whose concepts are learned
OF_AXES: Final = 20_000  # of them, the latest, whose axes are
KEPT: Final = 2
TOLERANCE: Final = 0.02  # the share of works that may have come since, before it is learned again


class Backgrounds:
    """Keeps what was learned. Threads may share it; one of them learns while the others wait."""

    def __init__(self) -> None:
        self._kept: OrderedDict[date, tuple[int, Learned]] = OrderedDict()
        self._learning = threading.Lock()

    def get(self, database: Database, *, before: date, folder: Path | None) -> Learned:
        """Give the background of a day: from memory, else from the folder, else learned from the shelves.

        Args:
            database: The hub's database.
            before: The first day that is briefed.
            folder: Where it is kept for the hub's other processes; None keeps none.
        """
        with self._learning:
            with database.reading() as connection:
                count = shelf.count_before(connection, before)
            kept = self._kept.pop(before, None)
            if kept is None or abs(count - kept[0]) > TOLERANCE * kept[0]:
                kept = _loaded(folder, before, count) or _learned(database, before, count, folder)
            self._kept[before] = kept
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return kept[1]


def _learned(database: Database, before: date, count: int, folder: Path | None) -> tuple[int, Learned]:
    digest = hashlib.sha256(f"{FORM}\n".encode())
    latest: list[Paper] = []

    def read(connection: Connection) -> Iterator[Paper]:
        until = before - timedelta(days=1)
        for work in shelf.recent_texts(connection, until=until, limit=WORKS):
            digest.update(f"{work.work_id}:{work.text_hash}\n".encode())
            paper = paper_of(work)
            if len(latest) < OF_AXES:
                latest.append(paper)
            yield paper

    with database.reading() as connection:
        learned_concepts = learn_concepts(read(connection))
    # What is kept is rounded. Who learns uses it as those will who load it: else another process, or this one
    # after a crash, would make another briefing of the same papers.
    concepts = conceptkeeping.from_arrays(conceptkeeping.to_arrays(learned_concepts))
    axes = axeskeeping.from_arrays(axeskeeping.to_arrays(learn_axes(latest)))
    learned = Learned(concepts, axes, concepts.papers, digest.hexdigest()[:16])
    if folder is not None:
        _save(folder, before, count, learned)
    return count, learned


def _path(folder: Path, before: date) -> Path:
    return folder / f"background-{before}.npz"


def _loaded(folder: Path | None, before: date, count: int) -> tuple[int, Learned] | None:
    """Read what is kept of a day; what is not there, broken or of too few works is learned again."""
    if folder is None:
        return None
    try:
        with _path(folder, before).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = dict(kept)
        if arrays["form"].tobytes().decode() != FORM:
            return None
        was = int(arrays["count"][0])
        if abs(count - was) > TOLERANCE * was:
            return None
        parts: dict[str, dict[str, np.ndarray]] = {"concepts": {}, "axes": {}}
        for name, array in arrays.items():
            whose, _, rest = name.partition(":")
            if rest:
                parts[whose][rest] = array
        concepts = conceptkeeping.from_arrays(parts["concepts"])
        axes = axeskeeping.from_arrays(parts["axes"])
        return was, Learned(concepts, axes, concepts.papers, arrays["fingerprint"].tobytes().decode())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _save(folder: Path, before: date, count: int, learned: Learned) -> None:
    """Keep what was learned, and only the latest; a full disk costs time, nothing else."""
    arrays = {f"concepts:{name}": each for name, each in conceptkeeping.to_arrays(learned.concepts).items()}
    arrays |= {f"axes:{name}": each for name, each in axeskeeping.to_arrays(learned.axes).items()}
    arrays["count"] = np.array([count])
    arrays["form"] = np.frombuffer(FORM.encode(), dtype=np.uint8)
    arrays["fingerprint"] = np.frombuffer(learned.fingerprint.encode(), dtype=np.uint8)
    path = _path(folder, before)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # names of arrays, no options
        part.replace(path)
        for old in sorted(folder.glob("background-*.npz"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
