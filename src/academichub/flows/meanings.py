"""The vectors of all works of one space in memory, and the nearest of them to a question.

Cosines are exact; which works they are reckoned for is not always. A first look goes over all works in the
few directions in which they differ most (principal components), and the best of it are compared in all
dimensions. Up to `LOOKED_AT` works that is every work; beyond, docs/search.md says what is missed.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from academichub.llm.vectors import unit
from academichub.store import indexing as shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from academichub.db.engine import Database
    from academichub.llm.ports import Space, Vectors
    from academichub.store.indexing import KeptVector

DIRECTIONS: Final = 64
LOOKED_AT: Final = 2_000  # works that are compared in all dimensions
_PAGE: Final = 5_000  # vectors read at once
_LEARNED_FROM: Final = 20_000  # vectors that the directions are learned from
_LEAST_ROOM: Final = 1_024
_OVERLAP: Final = timedelta(minutes=10)  # between two looks: a writer's clock is read before it commits
_WIDENED: Final = (
    20_000  # works up to which vectors are kept in single precision too: 30 MB spare a millisecond
)
_GONE: Final = -1  # in place of the number of a work whose vector was replaced
_PACKED: Final = np.dtype("<f2")
_REST: Final = 20.0  # times as long as the last look took, until the next one
_LEAST_REST_SECONDS: Final = 2.0


class Near(NamedTuple):
    """A work and how near it is."""

    work_id: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Vectors as they stood at one moment; rows that are added later are not seen.

    `ids` has shape (n,), `halves` (n, d), `wholes` the same in single precision where they are few, `stretch`
    (n,), what makes a row of length 1 again, and `heads` (n, k): the vectors less `mean`, along `directions`
    (d, k). `sorted_ids` are the numbers of the works that are there, rising, and `places` their rows.
    """

    ids: NDArray[np.int64]
    halves: NDArray[np.float16]
    wholes: NDArray[np.float32] | None
    stretch: NDArray[np.float32]
    heads: NDArray[np.float32]
    mean: NDArray[np.float32]
    directions: NDArray[np.float32]
    sorted_ids: NDArray[np.int64]
    places: NDArray[np.int64]

    @property
    def works(self) -> int:
        """Count the works that have a vector."""
        return len(self.sorted_ids)

    def of(self, work_id: int) -> Vectors | None:
        """Give a work's vector, shape (d,) and length 1."""
        rows = self._rows_of(np.array([work_id], dtype=np.int64))
        return unit(self.halves[rows])[0] if len(rows) else None

    def nearest(self, vector: Vectors, *, most: int, among: Collection[int] | None = None) -> list[Near]:
        """Find the works nearest to a vector, the nearest first, equals by number.

        Args:
            vector: Shape (d,), length 1; of zeros, which have no direction, nothing is near.
            most: How many at most.
            among: Only these works; None for all.
        """
        if most < 1 or not self.works or not vector.any():
            return []
        if among is not None:
            rows = self._rows_of(np.fromiter(among, dtype=np.int64, count=len(among)))
        else:
            rows = self._worth_a_look(vector, max(LOOKED_AT, 4 * most))
        # Not by BLAS: for so few rows its threads cost more than they save, and how it adds depends on them.
        wholes = self.halves[rows].astype(np.float32) if self.wholes is None else self.wholes[rows]
        cosines = np.vecdot(wholes, vector) * self.stretch[rows]
        ids = self.ids[rows]
        order = np.lexsort((ids, -cosines))[:most]
        return list(map(Near, ids[order].tolist(), cosines[order].tolist()))

    def _worth_a_look(self, vector: Vectors, count: int) -> NDArray[np.int64]:
        if self.works <= count:
            return self.places
        scores = self.heads @ (vector @ self.directions)
        scores[self.ids == _GONE] = -np.inf
        rows: NDArray[np.int64] = np.argpartition(scores, len(scores) - count)[-count:]
        return rows

    def _rows_of(self, work_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        if not self.works:
            return np.zeros(0, dtype=np.int64)
        wanted = np.unique(work_ids)
        found = np.searchsorted(self.sorted_ids, wanted)
        found[found == self.works] = 0
        rows: NDArray[np.int64] = self.places[found[self.sorted_ids[found] == wanted]]
        return rows


class Meanings:
    """Keeps the vectors of one space, and follows the shelves. Threads share it.

    Memory at 300,000 works of 384 dimensions: some 310 MB.
    """

    def __init__(self, space: Space, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self.space = space
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._room: _Room | None = None
        self._latest: datetime | None = None
        self._rests_until = float("-inf")

    @staticmethod
    def of(space: Space, kept: Sequence[KeptVector]) -> Snapshot:
        """Put vectors in memory that no shelf keeps."""
        room = _Room(space.dimensions, None)
        room.put(kept)
        return room.snapshot()

    def snapshot(self, database: Database) -> Snapshot:
        """Give what is in memory; read it first where nothing is."""
        return self._snapshot or self.refresh(database)

    def refresh(self, database: Database, *, is_patient: bool = False) -> Snapshot:
        """Read the vectors that have come since the last look.

        Args:
            database: The hub's database.
            is_patient: Leave it where the last look was not long ago: one goes over a whole space.
        """
        with self._lock:
            if is_patient and self._snapshot is not None and self._stopwatch() < self._rests_until:
                return self._snapshot
            began = self._stopwatch()
            came = self._read(database)
            if came or self._snapshot is None:
                room = self._room
                if room is None or room.is_outgrown:
                    room = self._room = _Room(self.space.dimensions, self._snapshot)
                room.put(came)
                self._snapshot = room.snapshot()
            ended = self._stopwatch()
            self._rests_until = ended + max(_LEAST_REST_SECONDS, _REST * (ended - began))
            return self._snapshot

    def _read(self, database: Database) -> list[KeptVector]:
        """Read what was kept since the last look, and of what overlaps only what is new."""
        since = None if self._latest is None else self._latest - _OVERLAP
        size = self.space.dimensions * _PACKED.itemsize
        came: list[KeptVector] = []
        after = 0
        while True:
            with database.reading() as connection:
                page = shelf.vectors_after(connection, self.space.name, after, since=since, limit=_PAGE)
            came += [one for one in page if len(one.vector) == size]  # others are no vectors of this space
            if len(page) < _PAGE:
                break
            after = page[-1].work_id
        self._latest = max((one.at for one in came), default=self._latest)
        return came


class _Room:
    """Rows with room for more. A snapshot sees the rows that were there when it was taken."""

    def __init__(self, dimensions: int, old: Snapshot | None) -> None:
        self._dimensions = dimensions
        self._count = 0
        self._ids = np.zeros(0, dtype=np.int64)
        self._halves = np.zeros((0, dimensions), dtype=_PACKED)
        self._wholes: NDArray[np.float32] | None = np.zeros((0, dimensions), dtype=np.float32)
        self._stretch = np.zeros(0, dtype=np.float32)
        self._heads = np.zeros((0, 0), dtype=np.float32)
        self._mean = np.zeros(dimensions, dtype=np.float32)
        self._directions = np.zeros((dimensions, 0), dtype=np.float32)
        self._learned_from = 0
        self._row_by_id: dict[int, int] = {}
        if old is not None:
            self._append(old.sorted_ids, old.halves[old.places])

    @property
    def is_outgrown(self) -> bool:
        """True where the directions were learned from far fewer works, or too many rows are void."""
        return self._count > 2 * max(self._learned_from, _LEAST_ROOM) or self._count > 2 * max(
            len(self._row_by_id), _LEAST_ROOM
        )

    def put(self, came: Sequence[KeptVector]) -> None:
        """Add vectors; those of works that have one go in its place, where they are others."""
        fresh: dict[int, bytes] = {}
        for one in came:
            row = self._row_by_id.get(one.work_id)
            if row is None or self._halves[row].tobytes() != one.vector:
                fresh[one.work_id] = one.vector
        for work_id in fresh:
            row = self._row_by_id.pop(work_id, None)
            if row is not None:
                self._ids[row] = _GONE
        ids = np.fromiter(fresh, dtype=np.int64, count=len(fresh))
        joined = np.frombuffer(b"".join(fresh.values()), dtype=_PACKED).reshape(-1, self._dimensions)
        self._append(ids, joined)

    def snapshot(self) -> Snapshot:
        """Show the rows that are there now."""
        ids = self._ids[: self._count].copy()  # a row that becomes void later is not void here
        there = np.flatnonzero(ids != _GONE)
        places = there[np.argsort(ids[there], kind="stable")]
        return Snapshot(
            ids=ids,
            halves=self._halves[: self._count],
            wholes=None if self._wholes is None else self._wholes[: self._count],
            stretch=self._stretch[: self._count],
            heads=self._heads[: self._count],
            mean=self._mean,
            directions=self._directions,
            sorted_ids=ids[places],
            places=places,
        )

    def _append(self, ids: NDArray[np.int64], halves: NDArray[np.float16]) -> None:
        if not len(ids):
            return
        if not self._learned_from:
            self._learn(halves)
        first, self._count = self._count, self._count + len(ids)
        self._make_room(self._count)
        self._ids[first : self._count] = ids
        self._halves[first : self._count] = halves
        if self._wholes is not None:
            self._wholes[first : self._count] = halves
        for start in range(0, len(ids), _PAGE):
            block = halves[start : start + _PAGE].astype(np.float32)
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            rows = slice(first + start, first + start + len(block))
            self._stretch[rows] = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
            self._heads[rows] = (block * self._stretch[rows, np.newaxis] - self._mean) @ self._directions
        self._row_by_id.update(zip(ids.tolist(), range(first, self._count), strict=True))

    def _learn(self, halves: NDArray[np.float16]) -> None:
        """Learn in which directions the works differ most: the first principal components."""
        step = -(-len(halves) // _LEARNED_FROM)
        rows = unit(halves[::step]).astype(np.float64)
        mean = rows.mean(axis=0)
        rows -= mean
        _, vectors = np.linalg.eigh(rows.T @ rows)  # by rising eigenvalue
        self._mean = mean.astype(np.float32)
        self._directions = np.ascontiguousarray(vectors[:, ::-1][:, :DIRECTIONS], dtype=np.float32)
        self._heads = np.zeros((0, self._directions.shape[1]), dtype=np.float32)
        self._learned_from = len(halves)

    def _make_room(self, count: int) -> None:
        """Give the rows new arrays where they do not fit; older snapshots keep theirs."""
        if count <= len(self._ids):
            return
        room = max(_LEAST_ROOM, count + count // 4)
        if count > _WIDENED:
            self._wholes = None
        names = ("_ids", "_halves", "_stretch", "_heads", *(("_wholes",) if self._wholes is not None else ()))
        for name in names:
            old = getattr(self, name)
            grown = np.zeros((room, *old.shape[1:]), dtype=old.dtype)
            grown[: len(old)] = old
            setattr(self, name, grown)
