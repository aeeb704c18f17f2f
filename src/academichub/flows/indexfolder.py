"""The folder of the search index: which of its generations is read, who writes, and how one takes over.

    index/
      current        the name of the generation that is read
      lock           held by the one process that writes; the system takes it from a process that dies
      g-.../         a generation: a whole index
      new-.../       a generation that is being built

A generation that cannot be used is never mended: another one is built beside it and `current` is replaced in
one step. So whoever reads finds the old index or the new one, and nothing between.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from academichub.errors import IndexBroken, IndexBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CURRENT: Final = "current"
LOCK: Final = "lock"
_READY: Final = "g-"
_BUILDING: Final = "new-"
_LONGEST_NAME: Final = 100


class IndexFolder:
    """One index folder. Threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Path | None:
        """Name the generation that is read; None where there is none, or it has gone."""
        try:
            name = (self.path / CURRENT).read_text(encoding="ascii", errors="replace")[:_LONGEST_NAME].strip()
        except OSError:
            return None
        if not name.startswith(_READY) or "/" in name:
            return None
        found = self.path / name
        return found if found.is_dir() else None

    def is_building(self) -> bool:
        """Tell whether a generation is being built; true also where its builder was killed just now."""
        return any(name.startswith(_BUILDING) for name in self._names())

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Be the one who writes.

        Raises:
            IndexBusy: Another process, or another thread of this one, is writing.
            IndexBroken: The folder cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise IndexBroken(path=str(self.path), reason=error.strerror or str(error)) from error
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise IndexBusy(path=str(self.path)) from error
            yield
        finally:
            os.close(lock)

    @contextmanager
    def building(self, name: str) -> Iterator[Path]:
        """Give an empty folder for a new generation; it is read from the end of the block on.

        Where the block raises, everything stays as it was. To be called by who has claimed the folder.

        Args:
            name: Of the generation: letters, digits and hyphens, never used before.

        Raises:
            IndexBroken: The folder cannot be written.
        """
        self.sweep()
        path = self.path / f"{_BUILDING}{name}"
        try:
            path.mkdir()
            yield path
            ready = self.path / f"{_READY}{name}"
            path.rename(ready)
            self._point_to(ready)
        except OSError as error:
            raise IndexBroken(path=str(self.path), reason=error.strerror or str(error)) from error
        finally:
            self.sweep()

    def sweep(self) -> None:
        """Remove what is not read: old generations, and what killed builders left.

        Who still reads an old generation keeps its files until they are closed. To be called by who has
        claimed the folder.
        """
        current = self.current()
        for name in self._names():
            if name.startswith((_READY, _BUILDING)) and (current is None or name != current.name):
                shutil.rmtree(self.path / name, ignore_errors=True)

    def megabytes(self) -> float:
        """Weigh the generation that is read."""
        current = self.current()
        if current is None:
            return 0.0
        total = 0
        try:
            with os.scandir(current) as entries:
                for entry in entries:
                    try:
                        total += entry.stat().st_size
                    except FileNotFoundError:  # merged away between listing and looking
                        continue
        except OSError:
            return 0.0
        return total / 1e6

    def _names(self) -> list[str]:
        try:
            return sorted(entry.name for entry in self.path.iterdir())
        except OSError:
            return []

    def _point_to(self, ready: Path) -> None:
        aside = self.path / f"{CURRENT}.new"
        with aside.open("w", encoding="ascii") as file:
            file.write(ready.name)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.path / CURRENT)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)  # so that a power cut leaves the old name or the new one
        finally:
            os.close(folder)
