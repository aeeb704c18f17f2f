"""Keep a second worker away from a SQLite home. The system holds the lock, so a crash leaves none behind."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from academichub.errors import AlreadyRunning, StoreUnreachable

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self


class HomeLock:
    """A lock on one file, held from `take` to `release` or to the end of the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @classmethod
    def beside(cls, database_file: Path) -> Self:
        """Choose the lock's file: the database's name and .lock, in the same folder."""
        return cls(database_file.with_name(database_file.name + ".lock"))

    def take(self) -> None:
        """Take the lock, without waiting.

        Raises:
            AlreadyRunning: Another process holds it (or this one does, already).
            StoreUnreachable: The folder is not there, or its file system knows no locks.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreUnreachable(database=str(self._path), reason=error.strerror) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            pid = int(holder) if holder.isdigit() else None
            raise AlreadyRunning(path=str(self._path), pid=pid) from error
        except OSError as error:
            os.close(descriptor)
            raise StoreUnreachable(database=str(self._path), reason=error.strerror) from error
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock; nothing happens where it is not held. The file stays, and means nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
