"""A whole hub goes into one file and out of it, on both databases, whole or not at all."""

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
from academichub.db.migrate import migrate, revision
from academichub.db.tables import metadata, works
from academichub.errors import ArchiveUnreadable, FileUnreadable
from academichub.flows import archiving as flow
from academichub.flows.archiving import export_hub, import_hub, is_archive
from academichub.flows.importing import Wish, import_library
from academichub.flows.sampling import shelve_sample
from academichub.model.keeping import Mark
from academichub.store import archiving, marks, merging, notes, tags
from tests.fakes.databases import KINDS, fresh_database
from tests.fakes.drafts import NOW, journal_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.databases import Kind

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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a full hub, an empty one and an archive once: tests take copies."""
    folder = tmp_path_factory.mktemp("made")
    for name in ("full", "empty"):
        database = Database(f"sqlite:///{folder / name}.sqlite")
        migrate(database)
        if name == "full":
            fill(database)
            export_hub(database, folder / "hub.zip")
        database.close()
    return folder


@contextmanager
def a_copy(of: Path, folder: Path) -> Iterator[Database]:
    shutil.copy(of, folder / of.name)
    opened = Database(f"sqlite:///{folder / of.name}")
    yield opened
    opened.close()


@pytest.fixture
def full(made: Path, tmp_path: Path) -> Iterator[Database]:
    with a_copy(made / "full.sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
def empty(made: Path, tmp_path: Path) -> Iterator[Database]:
    with a_copy(made / "empty.sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    shutil.copy(made / "hub.zip", tmp_path / "hub.zip")
    return tmp_path / "hub.zip"


# -- there and back ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("back", KINDS)
def test_a_hub_that_moves_is_the_same_hub_and_gives_the_same_bytes(
    there: Kind, back: Kind, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    with (
        a_hub(there, request.config, tmp_path / "there") as old,
        a_hub(back, request.config, tmp_path / "back") as new,
    ):
        fill(old)

        told = export_hub(old, first)
        came = import_hub(new, first)
        export_hub(new, second)

        assert first.read_bytes() == second.read_bytes()
        assert told == came
        assert contents(new) == contents(old)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hub_that_has_moved_goes_on(
    kind: Kind, full: Database, archive: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with a_hub(kind, request.config, tmp_path / "new") as new:
        import_hub(new, archive)
        with full.reading() as connection:
            last = connection.execute(sa.text("SELECT max(gone_id) FROM merges")).scalar_one()

        shelf = TestShelf(new.url)
        shelf.put(journal_draft("10.5555/after.the.move"))
        again = import_library(new, BIB, name="mine.bib", wish=Wish(), now=NOW)
        shelf.close()

        with new.reading() as connection:
            newest = connection.execute(sa.select(sa.func.max(works.c.id))).scalar_one()
    assert newest == last + 1  # the number of the work that was merged does not come again
    assert again.account.unchanged == 2


def test_the_same_hub_gives_the_same_bytes_at_any_hour(full: Database, tmp_path: Path) -> None:
    export_hub(full, tmp_path / "1.zip")
    with full.writing() as connection:
        connection.execute(sa.text("UPDATE counters SET value = value + 5 WHERE name = 'pages'"))

    export_hub(full, tmp_path / "2.zip")

    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_null_and_the_null_of_json_stay_two_things(full: Database, empty: Database, tmp_path: Path) -> None:
    with full.writing() as connection:
        connection.execute(sa.text("UPDATE sources SET patience = NULL, checked = 'null'"))

    export_hub(full, tmp_path / "hub.zip")
    import_hub(empty, tmp_path / "hub.zip")

    with empty.reading() as connection:
        found = connection.execute(sa.text("SELECT DISTINCT patience, checked FROM sources")).all()
    assert found == [(None, "null")]


def test_what_is_of_one_machine_stays_there(full: Database, tmp_path: Path) -> None:
    with full.writing() as connection:
        connection.execute(sa.text("INSERT INTO host_gates (name, next_allowed) VALUES ('arxiv.org', 1.0)"))

    export_hub(full, tmp_path / "hub.zip")

    with zipfile.ZipFile(tmp_path / "hub.zip") as bundle:
        names = set(bundle.namelist())
    assert names == {"manifest.json"} | {
        f"tables/{name}.jsonl" for name in metadata.tables if name != "host_gates"
    }


def test_only_its_owner_may_read_an_archive_and_a_failed_one_leaves_nothing(
    full: Database, tmp_path: Path
) -> None:
    export_hub(full, tmp_path / "hub.zip")
    (tmp_path / "taken").mkdir()

    with pytest.raises(FileUnreadable):
        export_hub(full, tmp_path / "nowhere" / "hub.zip")
    with pytest.raises(FileUnreadable):
        export_hub(full, tmp_path / "taken")

    assert (tmp_path / "hub.zip").stat().st_mode & 0o777 == 0o600
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_pages_that_were_kept_are_made_anew(archive: Path, empty: Database) -> None:
    with empty.writing() as connection:
        connection.execute(sa.text("INSERT INTO counters (name, value) VALUES ('pages', 41)"))

    import_hub(empty, archive)

    with empty.reading() as connection:
        pages = connection.execute(sa.text("SELECT value FROM counters WHERE name = 'pages'")).scalar_one()
    assert pages == 42


# -- other schemas -----------------------------------------------------------------------------------


def old_archive(tmp_path: Path, schema: str) -> Path:
    """Write the archive of a hub of an older schema, with a reader and a work in it."""
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    migrate(database, to=schema)
    path = tmp_path / "old.zip"
    with database.writing() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO sources (key, kind, title, url, is_paused, created_at, failures, recent_ms)"
                " VALUES ('old', 'feed', 'Old', 'https://o.example', 0, '2026-01-01 00:00:00', 0, '[]')"
            )
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schema", "kind"),
    [("0001", "sqlite"), ("0002", "sqlite"), ("0003", "sqlite"), ("0004", "sqlite"), ("0004", "postgresql")],
)
def test_an_archive_of_an_older_schema_is_brought_up_to_date(
    kind: Kind, schema: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = old_archive(tmp_path, schema)

    with a_hub(kind, request.config, tmp_path / "new") as new:
        told = import_hub(new, path)
        found, known = revision(new)
        with new.reading() as connection:
            keys = connection.execute(sa.text("SELECT key FROM sources")).scalars().all()
            readers = connection.execute(sa.text("SELECT id, name FROM readers")).all()

    assert told.revision == schema
    assert found == known
    assert keys == ["old"]
    assert readers == [(1, "local")]


def test_an_archive_of_a_newer_schema_is_refused(empty: Database, archive: Path) -> None:
    rewrite(archive, manifest=lambda said: said | {"schema": "9999"})

    assert "newer" in refused(empty, archive)


def test_a_hub_that_is_not_empty_takes_nothing_in(full: Database, archive: Path) -> None:
    before = contents(full)

    assert "not empty" in refused(full, archive)

    assert contents(full) == before


# -- files that are wrong ----------------------------------------------------------------------------


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


def test_a_file_that_is_no_archive_is_refused(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "hub.zip"
    path.write_bytes(b"no zip at all")
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as bundle:
        bundle.writestr("readme.txt", "hello")

    assert "broken zip" in refused(empty, path)
    assert "no manifest" in refused(empty, other)
    with pytest.raises(FileUnreadable):
        import_hub(empty, tmp_path / "missing.zip")
    assert [is_archive(one) for one in (other, path, tmp_path / "missing.zip", tmp_path)] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_an_archive_that_was_cut_is_refused(empty: Database, archive: Path, share: float) -> None:
    body = archive.read_bytes()
    archive.write_bytes(body[: int(len(body) * share)])

    refused(empty, archive)


@pytest.mark.parametrize("place", [0.05, 0.2, 0.4, 0.6])
def test_a_byte_that_was_changed_is_noticed(empty: Database, archive: Path, place: float) -> None:
    body = bytearray(archive.read_bytes())
    body[int(len(body) * place)] ^= 0xFF
    archive.write_bytes(bytes(body))

    refused(empty, archive)


def test_a_part_that_was_changed_is_noticed(empty: Database, archive: Path) -> None:
    changed = part(archive, "notes").replace(b"Zeile", b"Zeite")
    rewrite(archive, parts={"notes": changed}, is_sealed=False)

    assert "cut or changed" in refused(empty, archive)


@pytest.mark.parametrize(
    "manifest",
    [
        lambda _: [],
        lambda _: {"archive": "something else"},
        lambda said: said | {"format": 2},
        lambda said: said | {"schema": 5},
        lambda said: said | {"tables": {}},
        lambda said: said | {"tables": said["tables"] | {"works": 7}},
        lambda said: said | {"tables": said["tables"] | {"more": said["tables"]["works"]}},
        lambda said: said | {"tables": said["tables"] | {"works": said["tables"]["works"] | {"rows": -1}}},
        lambda said: said | {"tables": said["tables"] | {"works": said["tables"]["works"] | {"bytes": True}}},
        lambda said: (
            said | {"tables": said["tables"] | {"works": said["tables"]["works"] | {"columns": ["id"]}}}
        ),
        lambda _: "x" * 2_000_000,
    ],
)
def test_a_manifest_that_lies_is_refused(
    empty: Database, archive: Path, manifest: Callable[[dict[str, Any]], Any]
) -> None:
    rewrite(archive, manifest=manifest)

    refused(empty, archive)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("notes", b"{}\n"),
        ("notes", b"not json\n"),
        ("notes", b"[" * 100_000 + b"\n"),
        ("notes", b"[1, 2]\n"),
        ("notes", b'[1, 1, "\\ud800", "2026-01-01T00:00:00.000000Z", 1, null]\n'),
        ("notes", b'[1, 1, null, "2026-01-01T00:00:00.000000Z", 1, null]\n'),
        ("notes", b'[1, 1, "text", "yesterday", 1, null]\n'),
        ("notes", b'[1, 1, "text", "2026-01-01T00:00:00", 1, null]\n'),
        ("notes", b'[1, 1, 5, "2026-01-01T00:00:00.000000Z", 1, null]\n'),
        ("notes", b'[true, 1, "text", "2026-01-01T00:00:00.000000Z", 1, null]\n'),
        ("notes", b'[1, 99999999999999999999, "text", "2026-01-01T00:00:00.000000Z", 1, null]\n'),
        ("notes", b'[7, 1, "of no reader", "2026-01-01T00:00:00.000000Z", 1, null]\n'),
        ("apart", b'[1, 2, "2026-01-01T00:00:00.000000Z"]\n' * 2),
        ("tags", b'[1, 1, "name", "key"]\n[2, 1, "name", "key"]\n'),
        ("model_answers", b'["h", "m", 1, 1, "2026-01-01T00:00:00.000000Z", "no base64!"]\n'),
        ("source_days", b'["2026-02-30", 1, 1, 1, 1, 1, 1, 1]\n'),
    ],
)
def test_a_row_that_cannot_be_leaves_the_hub_as_it_was(
    table: str, line: bytes, archive: Path, empty: Database
) -> None:
    rewrite(archive, parts={table: line})

    assert f"table {table}" in refused(empty, archive)


@pytest.mark.slow
def test_a_row_that_cannot_be_leaves_a_hub_on_postgresql_as_it_was(
    archive: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with a_hub("postgresql", request.config, tmp_path / "new") as new:
        for text in ("of no reader", "with a \\u0000 in it"):
            line = f'[7, 1, "{text}", "2026-01-01T00:00:00.000000Z", 1, null]\n'
            rewrite(archive, parts={"notes": line.encode()})

            assert "table notes" in refused(new, archive)


def test_a_bomb_is_refused_before_it_is_unpacked(empty: Database, archive: Path) -> None:
    rewrite(archive, parts={"notes": b"\n" * 200_000_000})

    assert "unpacks to more" in refused(empty, archive)


def test_a_part_that_is_longer_than_it_says_is_read_no_further(
    empty: Database, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "_PIECE_BYTES", 1000)
    rewrite(archive, parts={"notes": b"\n" * 5_000_000}, is_sealed=False)

    assert "table notes" in refused(empty, archive)


def test_two_parts_of_one_name_are_refused(empty: Database, archive: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(archive, "a") as bundle:
        bundle.writestr("tables/notes.jsonl", b"")

    assert "one name" in refused(empty, archive)


def test_a_stranger_among_the_parts_is_refused(empty: Database, archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as bundle:
        bundle.writestr("../../etc/passwd", b"")

    assert "other files" in refused(empty, archive)


def test_another_packing_is_refused(empty: Database, archive: Path) -> None:
    with zipfile.ZipFile(archive) as bundle:
        held = {name: bundle.read(name) for name in bundle.namelist()}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_LZMA) as bundle:
        for name, body in held.items():
            bundle.writestr(name, body)

    assert "packed in a way" in refused(empty, archive)


def test_the_reader_is_told_how_far_it_is(full: Database, empty: Database, tmp_path: Path) -> None:
    out: list[int] = []
    back: list[int] = []

    told = export_hub(full, tmp_path / "hub.zip", progress=out.append)
    import_hub(empty, tmp_path / "hub.zip", progress=back.append)

    assert sum(out) == sum(back) == told.rows


class Stopped(Exception):
    """Somebody pulled the plug."""


def test_an_import_that_is_stopped_in_the_middle_leaves_the_hub_empty(empty: Database, archive: Path) -> None:
    done: list[int] = []

    def stop(rows: int) -> None:
        done.append(rows)
        if len(done) == 10:
            raise Stopped

    with pytest.raises(Stopped):
        import_hub(empty, archive, progress=stop)
    with empty.reading() as connection:
        left = archiving.first_filled(connection)
    told = import_hub(empty, archive)

    assert left == ""
    assert told.rows > sum(done)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_is_of_one_moment_though_the_hub_goes_on(
    kind: Kind, empty: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with a_hub(kind, request.config, tmp_path / "busy") as busy:
        fill(busy)
        shelf = TestShelf(busy.url)
        before = contents(busy)
        arriving = iter(range(1000))

        def go_on(_: int) -> None:
            shelf.put(journal_draft(f"10.5555/meanwhile.{next(arriving)}"))

        export_hub(busy, tmp_path / "hub.zip", progress=go_on)
        shelf.close()
    import_hub(empty, tmp_path / "hub.zip")

    assert next(arriving) > 10
    assert contents(empty) == before
