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
from academichub.briefing.affinitykeeping import from_arrays, to_arrays
from academichub.flows.briefingmaterial import paper_of
from academichub.store import affinities
from academichub.store import corpus as shelf

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from academichub.briefing.affinity import Affinity
    from academichub.db.engine import Database

FORM: Final = "1"  # of what is learned
WORKS: Final = 60_000  # it is learned from
LATEST: Final = timedelta(days=60)  # whose works are told their fields
BATCH: Final = 500  # works told in one transaction
TOLERANCE: Final = 0.05  # the share of works that may have come since, before it is learned again


@dataclass(frozen=True, slots=True)
class Known:
    """A model of affinity, and the name that its judgements carry."""

    model: Affinity
    name: str
    works: int  # that were on the shelves when it was learned


def learn_affinity(
    database: Database, kept: Known | None, *, now: datetime, folder: Path | None
) -> Known | None:
    """Give the model: the one in use, else the one in the folder, else a new one.

    Args:
        database: The hub's database.
        kept: The one in use.
        now: UTC; works listed later teach nothing.
        folder: Where it is kept for the hub's other processes; None keeps none.

    Returns:
        None where the hub has too few works, or of too few fields.
    """
    with database.reading() as connection:
        works = shelf.count_before(connection, now.date() + timedelta(days=1))
    if kept is not None and abs(works - kept.works) <= TOLERANCE * kept.works:
        return kept
    if folder is not None:
        loaded = _loaded(folder)
        if loaded is not None and abs(works - loaded.works) <= TOLERANCE * loaded.works:
            return loaded
    return _learned(database, until=now.date(), works=works, folder=folder)


def write_affinities(database: Database, known: Known, *, now: datetime, limit: int) -> int:
    """Tell the latest works their fields, newest first; give how many were told."""
    since = now.date() - LATEST
    told = 0
    while told < limit:
        with database.reading() as connection:
            ids = affinities.waiting(connection, known.name, since=since, limit=min(BATCH, limit - told))
            works = shelf.texts(connection, ids)
        if not works:
            break
        belongs = predict(known.model, [paper_of(one) for one in works.values()])
        with database.writing() as connection:
            affinities.save(
                connection,
                known.name,
                dict(zip(works, belongs, strict=True)),
                changes={work_id: one.change for work_id, one in works.items()},
                now=now,
            )
        told += len(works)
    return told


def _learned(database: Database, *, until: date, works: int, folder: Path | None) -> Known | None:
    digest = hashlib.sha256(f"{FORM}\n".encode())
    papers = []
    with database.reading() as connection:
        for work in shelf.recent_texts(connection, until=until, limit=WORKS):
            digest.update(f"{work.work_id}:{work.text_hash}\n".encode())
            papers.append(paper_of(work))
    model = learn(papers)
    if model is None:
        return None
    known = Known(model, f"affinity-{FORM}@{digest.hexdigest()[:12]}", works)
    if folder is not None:
        _save(folder, known)
    return known


def _path(folder: Path) -> Path:
    return folder / "affinity.npz"


def _loaded(folder: Path) -> Known | None:
    """Read the model that is kept; one that is not there, or broken, is learned again."""
    try:
        with _path(folder).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            kept = dict(arrays)
        name, works = kept.pop("known_as").tobytes().decode(), int(kept.pop("known_works")[0])
        if not name.startswith(f"affinity-{FORM}@"):
            return None
        return Known(from_arrays(kept), name, works)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _save(folder: Path, known: Known) -> None:
    """Keep a model; a full disk costs time, nothing else."""
    arrays = to_arrays(known.model)
    arrays["known_as"] = np.frombuffer(known.name.encode(), dtype=np.uint8)
    arrays["known_works"] = np.array([known.works])
    part = _path(folder).with_suffix(f".{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # names of arrays, no options
        part.replace(_path(folder))
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
