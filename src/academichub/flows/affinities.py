"""Learn from the hub's own works which fields papers belong to, and tell it of the latest ones."""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.briefing.affinity import learn, predict
from academichub.briefing.affinitykeeping import FORM, from_arrays, to_arrays
from academichub.flows.briefingmaterial import paper_of
from academichub.store import affinities
from academichub.store import corpus as shelf

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from academichub.briefing.affinity import Affinity
    from academichub.db.engine import Database

WORKS: Final = 60_000  # it is learned from
LATEST: Final = timedelta(days=60)  # whose works are told their fields
BATCH: Final = 500  # works told in one transaction
# Bridges weigh fields that are not likely enough to be shown (`affinity.SHOWN_FROM`).
KEPT_FROM: Final = 0.05  # likelihood
TOLERANCE: Final = 0.05  # the share of works that may have come since, before it is learned again


@dataclass(frozen=True, slots=True)
class Known:
    """A model of affinity, and the name that its judgements carry."""

    model: Affinity | None  # None where the works were too few, or of too few fields
    name: str
    works: int  # that were on the shelves when it was learned

    def fits(self, works: int) -> bool:
        """Tell whether the shelves hold about as many works as when it was learned."""
        return abs(works - self.works) <= TOLERANCE * self.works


def learn_affinity(database: Database, kept: Known | None, *, now: datetime, folder: Path | None) -> Known:
    """Give the model: the one in use, else the one in the folder, else a new one.

    A model that was learned from too few works is learned again once as many have come as `TOLERANCE` says,
    and not before: reading the shelves is the costly part.

    Args:
        database: The hub's database.
        kept: The one in use.
        now: UTC; works listed later teach nothing.
        folder: Where it is kept for the hub's other processes; None keeps none.
    """
    with database.reading() as connection:
        works = shelf.count_before(connection, now.date() + timedelta(days=1))
    if kept is not None and kept.fits(works):
        return kept
    loaded = _loaded(folder) if folder is not None else None  # another process may have learned
    if loaded is not None and loaded.fits(works):
        return loaded
    return _learned(database, until=now.date(), works=works, folder=folder)


def write_affinities(database: Database, known: Known, *, now: datetime, limit: int) -> int:
    """Tell the latest works their fields, newest first; give how many were told."""
    if known.model is None:
        return 0
    judge = f"{known.name}>{KEPT_FROM}"
    since = now.date() - LATEST
    told = 0
    while told < limit:
        with database.reading() as connection:
            ids = affinities.waiting(connection, judge, since=since, limit=min(BATCH, limit - told))
            works = shelf.texts(connection, ids)
        if not works:
            break
        belongs = predict(known.model, [paper_of(one) for one in works.values()], at_least=KEPT_FROM)
        with database.writing() as connection:
            affinities.save(
                connection,
                judge,
                dict(zip(works, belongs, strict=True)),
                changes={work_id: one.change for work_id, one in works.items()},
                now=now,
            )
        told += len(works)
    return told


def _learned(database: Database, *, until: date, works: int, folder: Path | None) -> Known:
    digest = hashlib.sha256(f"{FORM}\n".encode())
    papers = []
    with database.reading() as connection:
        for work in shelf.recent_texts(connection, until=until, limit=WORKS):
            digest.update(f"{work.work_id}:{work.text_hash}:{' '.join(work.categories)}\n".encode())
            papers.append(paper_of(work))
    known = Known(learn(papers), f"affinity-{FORM}@{digest.hexdigest()[:12]}", works)
    if folder is not None and known.model is not None:
        _save(folder, known.name, works, known.model)
    return known


def _path(folder: Path) -> Path:
    return folder / "affinity.npz"


def _loaded(folder: Path) -> Known | None:
    """Read the model that is kept; one that is not there, or broken, is learned again."""
    try:
        with _path(folder).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            kept = dict(arrays)
        name, works = kept["known_as"].tobytes().decode(), int(kept["known_works"][0])
        return Known(from_arrays(kept), name, works)
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _save(folder: Path, name: str, works: int, model: Affinity) -> None:
    """Keep a model; a full disk costs time, nothing else."""
    arrays = to_arrays(model)
    arrays["known_as"] = np.frombuffer(name.encode(), dtype=np.uint8)
    arrays["known_works"] = np.array([works])
    part = _path(folder).with_suffix(f".{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # names of arrays, no options
        part.replace(_path(folder))
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
