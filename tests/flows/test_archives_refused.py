"""Archives that were cut, changed, meddled with or are none: refused whole, and the hub is as it was."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import FileUnreadable
from academichub.flows import archiving as flow
from academichub.flows.archiving import export_hub, import_hub, is_archive
from academichub.store import archiving
from tests.fakes.archives import (
    a_copy,
    a_hub,
    contents,
    make,
    part,
    refused,
    rewrite,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.db.engine import Database


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make(folder)
    return folder


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


def test_an_archive_of_a_newer_schema_is_refused(empty: Database, archive: Path) -> None:
    rewrite(archive, manifest=lambda said: said | {"schema": "9999"})

    assert "newer" in refused(empty, archive)


def test_a_hub_that_is_not_empty_takes_nothing_in(full: Database, archive: Path) -> None:
    before = contents(full)

    assert "not empty" in refused(full, archive)

    assert contents(full) == before


# -- files that are wrong ----------------------------------------------------------------------------


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
        ("doubts", b'[1, 1, 2, "2026-01-01T00:00:00.000000Z", "half", "[]", "open", null]\n'),
        ("doubts", b'[1, 1, 2, "2026-01-01T00:00:00.000000Z", 0.5, "[", "open", null]\n'),
        ("mark_actions", b'[1, 1, "read", 1, "2026-01-01T00:00:00.000000Z", null]\n'),
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


def test_a_row_that_is_too_long_is_refused(
    empty: Database, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "_MOST_LINE_BYTES", 20)

    assert "too long" in refused(empty, archive)


def test_the_reader_is_told_how_far_it_is(
    full: Database, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "_BATCH_ROWS", 7)
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
