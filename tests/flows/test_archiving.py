"""A whole hub goes into one file and out of it, on both databases, whole or not at all."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.migrate import revision
from academichub.db.tables import metadata, works
from academichub.errors import FileUnreadable
from academichub.flows.archiving import export_hub, import_hub
from academichub.flows.importdesk import ImportDesk
from academichub.flows.importing import Wish, import_library
from tests.fakes.archives import (
    BIB,
    SOURCES,
    a_copy,
    a_hub,
    contents,
    fill,
    make,
    old_archive,
)
from tests.fakes.databases import KINDS
from tests.fakes.drafts import NOW, journal_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.fetch.client import Fetcher
    from tests.fakes.databases import Kind


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


def test_the_hub_moves_by_its_desk_and_pages_hear_of_it(
    full: Database, empty: Database, tmp_path: Path
) -> None:
    noticed: list[Database] = []

    class Hub(ImportDesk):
        def __init__(self, database: Database) -> None:
            self.database = database
            self.clock = lambda: NOW

        def make_fetcher(self) -> Fetcher:
            raise AssertionError  # nothing here asks anybody

        def notice_writing(self) -> None:
            noticed.append(self.database)

    told = Hub(full).export_all(tmp_path / "hub.zip")
    came = Hub(empty).import_all(tmp_path / "hub.zip")

    assert told == came
    assert noticed == [empty]


# -- other schemas -----------------------------------------------------------------------------------


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
            keys = connection.execute(sa.text("SELECT key FROM sources ORDER BY key")).scalars().all()
            readers = connection.execute(sa.text("SELECT id, name FROM readers")).all()

    assert told.revision == schema
    assert found == known
    assert keys == [f"old:{number:03}" for number in range(SOURCES)]
    assert readers == [(1, "local")]


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
