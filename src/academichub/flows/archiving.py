"""Move a whole hub: everything it holds into one file, and out of it into an empty hub on either database.

The file is a zip: `tables/NAME.jsonl` with a JSON list for each row, and `manifest.json`, which names each
table's columns, rows, bytes and SHA-256. The same content gives the same bytes. Settings and keys are in no
table and so in no archive; jobs and whose turn it is at a server are of one machine and stay there.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from academichub.db.engine import Database
from academichub.db.migrate import migrate, revision
from academichub.errors import ArchiveUnreadable, FileUnreadable, StoreFromTheFuture
from academichub.store import archiving
from academichub.store.archiving import Part, RowUnfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from academichub.db.engine import Connection

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MAGIC: Final = b"PK\x03\x04"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first instant a zip can name: bytes must not tell the hour
_MOST_MANIFEST_BYTES: Final = 1_000_000
_MOST_TABLES: Final = 500
_MOST_LINE_BYTES: Final = 256 * 1024 * 1024  # a briefing's row has one or two
# Rows of a hub pack 3 to 12 times; deflate could do 1,000.
_MOST_RATIO: Final = 200
_RATIO_FLOOR_BYTES: Final = 64 * 1024 * 1024
_BATCH_ROWS: Final = 500
_BATCH_BYTES: Final = 8 * 1024 * 1024
_PIECE_BYTES: Final = 1024 * 1024
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_MODE: Final = 0o100600 << 16


@dataclass(frozen=True, slots=True)
class Archived:
    """What was carried."""

    tables: int
    rows: int
    bytes: int  # of the file
    revision: str  # of the schema that the file is in


class _Listed(NamedTuple):
    """What the manifest says of one table."""

    part: Part
    rows: int
    bytes: int
    sha256: str


class _Wrong(Exception):
    """The file is not what it should be. The text says in what."""


# -- out --------------------------------------------------------------------------------------------


def export_hub(database: Database, path: Path, *, progress: Callable[[int], None] | None = None) -> Archived:
    """Write everything a hub holds into one file, as it is at one moment; the hub may go on meanwhile.

    The file is made beside its place and then put there, so that no half of one ever is.

    Args:
        database: The hub's.
        path: Where to; a file that is there is replaced. Only its owner may read it.
        progress: Called with the number of rows after each table.

    Raises:
        FileUnreadable: The file cannot be written.
        StoreUnreachable: The database went away.
    """
    found, _ = revision(database)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            made = Path(file.name)
            try:
                listed = _write(database, file, found or "", progress)
                made.replace(path)
            except BaseException:
                made.unlink(missing_ok=True)
                raise
        size = path.stat().st_size
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error
    return Archived(len(listed), sum(one.rows for one in listed), size, found or "")


def _write(
    database: Database, file: IO[bytes], schema: str, progress: Callable[[int], None] | None
) -> list[_Listed]:
    listed: list[_Listed] = []
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle,
        archiving.moment(database) as connection,
    ):
        tables = archiving.tables_of()
        for name in sorted(tables):
            part = archiving.part_of(tables[name])
            digest, size, count = hashlib.sha256(), 0, 0
            with bundle.open(_entry(_member(name)), "w", force_zip64=True) as stream:
                for row in archiving.rows(connection, tables[name]):
                    line = _line(row)
                    stream.write(line)
                    digest.update(line)
                    size += len(line)
                    count += 1
            listed.append(_Listed(part, count, size, digest.hexdigest()))
            if progress is not None:
                progress(count)
        bundle.writestr(_entry(MANIFEST), _manifest(schema, listed))
    return listed


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # whoever writes it
    entry.external_attr = _MODE
    return entry


def _member(name: str) -> str:
    return f"tables/{name}.jsonl"


def _line(row: list[Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _manifest(schema: str, listed: list[_Listed]) -> bytes:
    said = {
        "archive": "academichub",
        "format": FORMAT,
        "schema": schema,
        "tables": {
            one.part.name: {
                "columns": list(one.part.columns),
                "rows": one.rows,
                "bytes": one.bytes,
                "sha256": one.sha256,
            }
            for one in listed
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


# -- in ---------------------------------------------------------------------------------------------


def is_archive(path: Path) -> bool:
    """Tell a whole hub from any other file by its first bytes; a missing file is none."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def import_hub(database: Database, path: Path, *, progress: Callable[[int], None] | None = None) -> Archived:
    """Take a whole hub in, into an empty one: all of it, or nothing.

    The file is read through once before anything is written. An archive of an older schema is put into a
    database of that schema beside the hub's, brought up to date there, and carried over.

    Args:
        database: Of this program's schema, with nothing in it.
        path: The archive.
        progress: Called with the number of rows that came, again and again.

    Raises:
        ArchiveUnreadable: It is no archive, or a broken, cut, changed or newer one; or the hub is not empty.
        FileUnreadable: There is no such file.
        StoreUnreachable: The database went away.
    """
    with _opened(path) as bundle:
        bundle.check()
        _, ours = revision(database)
        tell = progress or (lambda _: None)
        if bundle.schema == ours:
            with database.shelving() as connection:
                _fill(connection, bundle, archiving.tables_of(), tell)
        else:
            with tempfile.TemporaryDirectory(prefix="academichub-import-") as folder:
                _by_way_of(Path(folder) / "hub.sqlite", bundle, database, tell)
        count = sum(one.rows for one in bundle.listed.values())
        return Archived(len(bundle.listed), count, path.stat().st_size, bundle.schema)


def _fill(
    connection: Connection,
    bundle: _Bundle,
    tables: dict[str, Any],
    tell: Callable[[int], None],
) -> None:
    """Put an archive into a database of its own schema."""
    bundle.match(tables)
    _refuse_full(connection)
    archiving.make_room(connection, tables)
    for name, table in tables.items():
        columns = bundle.listed[name].part.columns
        for batch in bundle.batches(name):
            archiving.put(connection, table, columns, batch)
            tell(len(batch))
    archiving.settle(connection)


def _refuse_full(connection: Connection) -> None:
    if filled := archiving.first_filled(connection):
        _refuse(f"this hub is not empty: there are {filled} in it")


def _by_way_of(place: Path, bundle: _Bundle, database: Database, tell: Callable[[int], None]) -> None:
    """Bring an archive of another schema up to date in a database of its own, and carry that over."""
    with database.reading() as connection:  # before the work is done, and again when it is
        _refuse_full(connection)
    between = Database(f"sqlite:///{place}")
    try:
        try:
            migrate(between, to=bundle.schema)
        except StoreFromTheFuture as error:
            known = error.facts["known"]
            reason = f"a newer AcademicHub wrote it (schema {bundle.schema}, this one knows {known})"
            raise _Wrong(reason) from error
        with between.writing() as connection:
            tables = archiving.tables_of(connection)
            bundle.match(tables)
            archiving.make_room(connection, tables)
            for name, table in tables.items():
                for batch in bundle.batches(name):
                    archiving.put(connection, table, bundle.listed[name].part.columns, batch)
        migrate(between)
        with archiving.moment(between) as source, database.shelving() as connection:
            _refuse_full(connection)
            _carry(source, connection, tell)
    finally:
        between.close()


def _carry(source: Connection, target: Connection, tell: Callable[[int], None]) -> None:
    tables = archiving.tables_of()
    archiving.make_room(target, tables)
    for table in tables.values():
        columns = archiving.part_of(table).columns
        batch: list[list[Any]] = []
        for row in archiving.rows(source, table):
            batch.append(row)
            if len(batch) >= archiving.STREAMED:
                archiving.put(target, table, columns, batch)
                tell(len(batch))
                batch = []
        archiving.put(target, table, columns, batch)
        tell(len(batch))
    archiving.settle(target)


# -- a stranger's file ------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[_Bundle]:
    """Open an archive; whatever is wrong with it while it is open is said of it."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as bundle:
            yield _Bundle(bundle, path.stat().st_size)
    except (_Wrong, RowUnfit) as error:
        raise ArchiveUnreadable(file=path.name, reason=str(error)) from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise ArchiveUnreadable(file=path.name, reason=f"a broken zip: {error}") from error
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error


class _Bundle:
    """An open archive, of which nothing is believed that was not looked at."""

    __slots__ = ("_zip", "listed", "schema")

    def __init__(self, bundle: zipfile.ZipFile, size: int) -> None:
        self._zip = bundle
        entries = bundle.infolist()
        names = {entry.filename for entry in entries}
        if MANIFEST not in names:
            _refuse("no archive of a hub: it has no manifest")
        if len(names) != len(entries) or len(entries) > _MOST_TABLES:
            _refuse("entries of one name, or far too many")
        if any(one.compress_type not in _METHODS or one.flag_bits & _ENCRYPTED for one in entries):
            _refuse("packed in a way that no archive of a hub is")
        self.schema, self.listed = _read_manifest(self._manifest())
        if names != {MANIFEST, *map(_member, self.listed)}:
            _refuse("the manifest names other files than there are")
        if sum(one.bytes for one in self.listed.values()) > max(_RATIO_FLOOR_BYTES, _MOST_RATIO * size):
            _refuse("it unpacks to more than any hub of its size")

    def _manifest(self) -> bytes:
        with self._zip.open(MANIFEST) as stream:
            said = stream.read(_MOST_MANIFEST_BYTES + 1)
        if len(said) > _MOST_MANIFEST_BYTES:
            _refuse("the manifest is too long")
        return said

    def check(self) -> None:
        """Read every part to its end, and hold it against the manifest."""
        for name, one in self.listed.items():
            digest, size, lines, last = hashlib.sha256(), 0, 0, b"\n"
            with self._zip.open(_member(name)) as stream:
                while piece := stream.read(_PIECE_BYTES):
                    size += len(piece)
                    if size > one.bytes:
                        break
                    digest.update(piece)
                    lines += piece.count(b"\n")
                    last = piece[-1:]
            if (size, lines, digest.hexdigest(), last) != (one.bytes, one.rows, one.sha256, b"\n"):
                _refuse(f"table {name} is not what the manifest says: it was cut or changed")

    def match(self, tables: Mapping[str, Any]) -> None:
        """Refuse an archive whose tables are not those of its schema."""
        for name in sorted({*tables, *self.listed}):
            if name not in tables or name not in self.listed:
                _refuse(f"table {name} is in the archive or in schema {self.schema}, not in both")
            theirs, ours = self.listed[name].part.columns, archiving.part_of(tables[name]).columns
            if sorted(theirs) != sorted(ours):
                _refuse(f"table {name} has other columns than in schema {self.schema}")

    def batches(self, name: str) -> Iterator[list[list[Any]]]:
        """Read the rows of a table, some at a time."""
        batch: list[list[Any]] = []
        size = 0
        with self._zip.open(_member(name)) as stream:
            while line := stream.readline(_MOST_LINE_BYTES + 1):
                if len(line) > _MOST_LINE_BYTES:
                    _refuse(f"table {name} has a row that is too long")
                batch.append(_row(name, line))
                size += len(line)
                if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
                    yield batch
                    batch, size = [], 0
        if batch:
            yield batch


def _refuse(reason: str) -> NoReturn:
    raise _Wrong(reason)


def _parsed(text: bytes, what: str) -> Any:  # noqa: ANN401  # JSON is anything; whoever asks looks at it
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        _refuse(f"{what} is no JSON")


def _row(name: str, line: bytes) -> list[Any]:
    row = _parsed(line, f"a row of table {name}")
    if not isinstance(row, list):
        _refuse(f"a row of table {name} is no list")
    return row


def _read_manifest(text: bytes) -> tuple[str, dict[str, _Listed]]:
    said = _parsed(text, "the manifest")
    if not isinstance(said, dict) or said.get("archive") != "academichub":
        _refuse("no archive of a hub")
    if said.get("format") != FORMAT:
        _refuse(f"format {str(said.get('format'))[:20]}; this program reads {FORMAT}")
    schema, tables = said.get("schema"), said.get("tables")
    if not isinstance(schema, str) or not schema or not isinstance(tables, dict):
        _refuse("the manifest says no schema or no tables")
    return schema[:64], {name: _listed(name, one) for name, one in tables.items()}


def _listed(name: str, said: object) -> _Listed:
    if isinstance(said, dict):
        columns, rows, size, digest = (said.get(key) for key in ("columns", "rows", "bytes", "sha256"))
        if (
            isinstance(columns, list)
            and all(isinstance(one, str) for one in columns)
            and type(rows) is int
            and type(size) is int
            and min(rows, size) >= 0
            and isinstance(digest, str)
        ):
            return _Listed(Part(name, tuple(columns)), rows, size, digest)
    _refuse(f"the manifest does not say what table {name[:64]} is")
