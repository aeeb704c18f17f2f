"""Hubs to move, archives of them, and archives that were meddled with."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.db.radartables import text_vectors
from academichub.db.tables import doubts, metadata, works
from academichub.errors import ArchiveUnreadable
from academichub.flows.archiving import export_hub, import_hub
from academichub.flows.importing import Wish, import_library
from academichub.flows.sampling import shelve_sample
from academichub.model.keeping import Mark
from academichub.store import archiving, marks, merging, notes, tags
from tests.fakes.databases import fresh_database
from tests.fakes.drafts import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.databases import Kind

SOURCES = 450
BIB = b"""@article{one, title={A paper that nobody else has}, author={Ada Example}, year=2020}
@article{two, title={An article}, doi={10.5555/none}, keywords={qubits}}"""


@contextmanager
def a_hub(kind: Kind, config: pytest.Config, folder: Path) -> Iterator[Database]:
    """Lend an empty hub's database."""
    folder.mkdir(exist_ok=True)
    with fresh_database(kind, config=config, folder=folder) as url:
        opened = Database(url)
        migrate(opened)
        yield opened
        opened.close()


def fill(database: Database) -> None:
    """Put something of every kind into a hub."""
    shelve_sample(database, clock=lambda: NOW)
    import_library(database, BIB, name="mine.bib", wish=Wish(), now=NOW)
    with database.writing() as connection:
        ids = list(connection.execute(sa.select(works.c.id).order_by(works.c.id)).scalars())
        marks.mark(connection, ids[:3], Mark.STARRED, on=True, now=NOW)
        notes.save(connection, ids[0], "Zeile 1\n\nü, 量子, \U0001f600", now=NOW)
        tags.set_tags(connection, ids[1], ["to read"], now=NOW)
        connection.execute(
            sa.insert(text_vectors),
            {"space": "fake", "text_hash": "abc", "vector": bytes(range(256)), "at": NOW},
        )
        connection.execute(
            sa.insert(doubts),
            {
                "one_id": 1,
                "other_id": 2,
                "at": NOW,
                "score": 1 / 3,
                "reasons": [{"ü": None}],
                "state": "open",
            },
        )
    with database.shelving() as connection:
        merging.merge(connection, kept_id=ids[-2], gone_id=ids[-1], because="hand", now=NOW)


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Read every table, without what is of one machine."""
    with database.reading() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
                if not (name == "counters" and row[0] == "pages")
            ]
            for name, table in metadata.tables.items()
            if name not in archiving.LEFT_OUT
        }


@contextmanager
def a_copy(of: Path, folder: Path) -> Iterator[Database]:
    shutil.copy(of, folder / of.name)
    opened = Database(f"sqlite:///{folder / of.name}")
    yield opened
    opened.close()


def make(folder: Path) -> None:
    """Make a full hub, an empty one and an archive: tests take copies."""
    for name in ("full", "empty"):
        database = Database(f"sqlite:///{folder / name}.sqlite")
        migrate(database)
        if name == "full":
            fill(database)
            export_hub(database, folder / "hub.zip")
        database.close()


def old_archive(tmp_path: Path, schema: str) -> Path:
    """Write the archive of a hub of an older schema, with some sources in it."""
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    migrate(database, to=schema)
    path = tmp_path / "old.zip"
    with database.writing() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO sources (key, kind, title, url, is_paused, created_at, failures, recent_ms)"
                " VALUES (:key, 'feed', 'Old', 'https://o.example', 0, '2026-01-01 00:00:00', 0, '[]')"
            ),
            [{"key": f"old:{number:03}"} for number in range(SOURCES)],
        )
    with archiving.moment(database) as connection:
        tables = archiving.tables_of(connection)
        parts = {name: list(archiving.rows(connection, table)) for name, table in tables.items()}
    database.close()
    write_archive(path, schema, {name: (archiving.part_of(tables[name]), parts[name]) for name in parts})
    return path


def write_archive(path: Path, schema: str, parts: dict[str, Any]) -> None:
    said: dict[str, Any] = {}
    with zipfile.ZipFile(path, "w") as bundle:
        for name, (part, rows) in parts.items():
            text = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            bundle.writestr(f"tables/{name}.jsonl", text)
            digest = hashlib.sha256(text).hexdigest()
            said[name] = {
                "columns": list(part.columns),
                "rows": len(rows),
                "bytes": len(text),
                "sha256": digest,
            }
        manifest = {"archive": "academichub", "format": 1, "schema": schema, "tables": said}
        bundle.writestr("manifest.json", json.dumps(manifest))


def refused(database: Database, path: Path) -> str:
    """Import what must not be imported; give the reason."""
    before = contents(database)
    with pytest.raises(ArchiveUnreadable) as caught:
        import_hub(database, path)
    assert contents(database) == before
    assert caught.value.facts["file"] == path.name
    return str(caught.value.facts["reason"])


def rewrite(
    path: Path,
    *,
    manifest: Callable[[dict[str, Any]], Any] = lambda said: said,
    parts: dict[str, bytes] | None = None,
    is_sealed: bool = True,
) -> None:
    """Change an archive; `is_sealed` makes the manifest agree with what its parts are now."""
    changes = parts or {}
    with zipfile.ZipFile(path) as bundle:
        held = {name: bundle.read(name) for name in bundle.namelist()}
    held |= {f"tables/{name}.jsonl": body for name, body in changes.items()}
    said = json.loads(held.pop("manifest.json"))
    if is_sealed:
        for name, body in changes.items():
            said["tables"][name] |= {
                "rows": body.count(b"\n"),
                "bytes": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, body in held.items():
            bundle.writestr(name, body)
        bundle.writestr("manifest.json", json.dumps(manifest(said)))


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as bundle:
        return bundle.read(f"tables/{name}.jsonl")
