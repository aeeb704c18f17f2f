"""Read an index through files that nobody else can reach, and tell whether those on the disk are still whole.

The engine reads its files through the memory: where one is cut short under it, the whole process ends. So a
reader copies what is committed into files without a name, comparing them with their checksums on the way, and
opens those. Whatever becomes of the folder, an answer that has begun ends well; and what was copied goes with
the process, however it ends.

Source:
    tantivy, directory/footer.rs: a file ends with a JSON footer that has the CRC-32 of what stands before
    it, the footer's length and a magic number, both of four bytes, little-endian. A segment's files never
    change, so those of the commit before need not be copied again.
"""

from __future__ import annotations

import json
import os
import re
import weakref
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from academichub.errors import IndexBroken
from academichub.index.fulltext import Index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

META: Final = "meta.json"
_MAGIC: Final = 1337
_TAIL: Final = 8  # bytes of the footer's length and the magic number
_LONGEST_FOOTER: Final = 100_000
_BLOCK: Final = 1 << 20
_TRIES: Final = 20  # while somebody commits, files come and go between listing and looking
_SEGMENT: Final = re.compile(r"[0-9a-f]{32}")
_DELETES: Final = ".del"


class Stamp(NamedTuple):
    """What tells one state of a file from another."""

    inode: int
    size: int
    changed_ns: int


class Seal(NamedTuple):
    """The files of one committed state of an index."""

    meta: Stamp
    files: Mapping[str, Stamp]


class Copy:
    """A file without a name. It goes when nobody holds it any more."""

    def __init__(self, stamp: Stamp, number: int) -> None:
        self.stamp = stamp  # of the file that it is a copy of
        self.number = number  # of the open file
        weakref.finalize(self, os.close, number)


class Copies:
    """The nameless copies of one index's files. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: dict[str, Copy] = {}

    def open(self) -> tuple[Index, Seal]:
        """Open what is committed now.

        Raises:
            IndexBroken: A file is missing, was cut short, has other bytes than were written, or cannot be
                copied; or the engine cannot read it.
        """
        for _ in range(_TRIES):
            before = _stamp(self._path / META)
            try:
                meta = _bytes_of(self._path / META)
                held = {name: self._copy(name) for name in _committed(self._path, meta)}
            except IndexBroken:
                if _stamp(self._path / META) != before:  # somebody has committed, and removed what was merged
                    continue
                raise
            if _stamp(self._path / META) == before:
                self._held = held
                seal = Seal(before, {name: copy.stamp for name, copy in held.items()})
                return self._view(meta), seal
        raise IndexBroken(path=str(self._path), reason="it changes faster than it can be read")

    def _copy(self, name: str) -> Copy:
        path = self._path / name
        stamp = _stamp(path)
        held = self._held.get(name)
        if held is not None and held.stamp == stamp:
            return held
        try:
            with TemporaryFile(dir=self._path.parent) as copy:
                _copy_checked(path, copy)
                return Copy(stamp, os.dup(copy.fileno()))
        except (OSError, ValueError, RecursionError) as error:
            raise IndexBroken(path=str(path), reason=str(error)[:200]) from error

    def _view(self, meta: bytes) -> Index:
        """Show the copies to the engine under their names, for as long as it takes to open them."""
        try:
            with TemporaryDirectory() as folder:
                view = Path(folder)
                (view / META).write_bytes(meta)
                for name, copy in self._held.items():
                    (view / name).symlink_to(f"/dev/fd/{copy.number}")
                return Index.open(view)
        except OSError as error:
            raise IndexBroken(path=str(self._path), reason=error.strerror or str(error)) from error


def is_committed_since(path: Path, seal: Seal) -> bool:
    """Tell whether something else is committed by now. Raises IndexBroken where nothing is there."""
    return _stamp(path / META) != seal.meta


def check_seal(path: Path, seal: Seal) -> None:
    """Make sure that the files are as they were.

    Raises:
        IndexBroken: One is missing or has changed, though nothing was committed.
    """
    for name, stamp in seal.files.items():
        if _stamp(path / name) != stamp:
            raise IndexBroken(path=str(path / name), reason="the file has changed")


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError as error:
        raise IndexBroken(path=str(path), reason=error.strerror or str(error)) from error
    return Stamp(found.st_ino, found.st_size, found.st_mtime_ns)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexBroken(path=str(path), reason=error.strerror or str(error)) from error


def _committed(path: Path, meta: bytes) -> list[str]:
    """List the files that belong to the committed segments, by name."""
    try:
        names = dict(_segments(json.loads(meta)))
        entries = [entry.name for entry in path.iterdir()]
    except (OSError, ValueError, RecursionError) as error:
        raise IndexBroken(path=str(path / META), reason=str(error)[:200]) from error
    found = [
        name
        for name in entries
        if (segment := name.split(".", 1)[0]) in names
        and (not name.endswith(_DELETES) or name == names[segment])
    ]
    missing = (set(names) - {name.split(".", 1)[0] for name in found}) | (
        {deletes for deletes in names.values() if deletes} - set(found)
    )
    if missing:
        raise IndexBroken(path=str(path / min(missing)), reason="a file is missing")
    return sorted(found)


def _segments(said: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # whatever the file holds
    """Give each segment's name in file names, and its file of deletions; "" where it has none."""
    segments = said.get("segments") if isinstance(said, dict) else None
    if not isinstance(segments, list):
        message = "no list of segments"
        raise ValueError(message)  # noqa: TRY004  # a bad file is a bad value, as it is for json
    for one in segments:
        name = str(one.get("segment_id")).replace("-", "") if isinstance(one, dict) else ""
        if not _SEGMENT.fullmatch(name):
            message = f"no name of a segment: {name[:40]}"
            raise ValueError(message)
        deletes = one.get("deletes")
        opstamp = deletes.get("opstamp") if isinstance(deletes, dict) else None
        yield name, "" if opstamp is None else f"{name}.{opstamp}{_DELETES}"


def _copy_checked(path: Path, copy: IO[bytes]) -> None:
    """Copy a file. Raises ValueError where its checksum is another, OSError where it cannot be copied."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        body, wanted = _footer(file, size)
        file.seek(0)
        found, done = 0, 0
        while block := file.read(_BLOCK):
            found = zlib.crc32(block[: max(body - done, 0)], found)
            done += len(block)
            copy.write(block)
    copy.flush()
    if done != size or found != wanted:
        message = "the checksum is another"
        raise ValueError(message)


def _footer(file: IO[bytes], size: int) -> tuple[int, int]:
    """Read a footer; give the length of what stands before it, and its checksum. Raises ValueError."""
    message = "no footer"
    if size < _TAIL:
        raise ValueError(message)
    file.seek(size - _TAIL)
    tail = file.read(_TAIL)
    length = int.from_bytes(tail[:4], "little")
    if int.from_bytes(tail[4:], "little") != _MAGIC or not 0 < length <= min(_LONGEST_FOOTER, size - _TAIL):
        raise ValueError(message)
    body = size - _TAIL - length
    file.seek(body)
    said = json.loads(file.read(length))
    if not isinstance(said, dict) or not isinstance(said.get("crc"), int):
        raise ValueError(message)  # noqa: TRY004  # as above
    return body, said["crc"]
