"""A database of any age becomes the one this program knows, on both kinds of server."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from academichub.db import migrate as migrating
from academichub.db.engine import Database
from academichub.db.migrate import migrate, revision
from academichub.db.tables import metadata
from academichub.errors import StoreFromTheFuture, StoreUnreachable

if TYPE_CHECKING:
    from pathlib import Path


def tables_of(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(sa.inspect(connection).get_table_names())


def head() -> str:
    return ScriptDirectory.from_config(migrating._config()).get_current_head() or ""


def test_an_empty_database_becomes_exactly_the_tables_of_the_program(database: Database) -> None:
    before, after = migrate(database)

    assert (before, after) == (None, head())
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert revision(database) == (head(), head())


def test_constraints_and_partial_indexes_are_there_too(database: Database) -> None:
    migrate(database)

    with database.reading() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.tables.values():
            primary = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert primary == [column.name for column in table.primary_key.columns], table.name
            foreign = {
                (tuple(one["constrained_columns"]), one["referred_table"])
                for one in inspector.get_foreign_keys(table.name)
            }
            assert foreign == {
                (tuple(one.column_keys), one.referred_table.name) for one in table.foreign_key_constraints
            }, table.name
        checks = {one["name"] for one in inspector.get_check_constraints("fetches")}
    assert checks == {"ck_fetches_account_balances", "ck_fetches_nothing_uncounted"}


def test_the_same_migration_again_does_nothing(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(sa.text("INSERT INTO counters (name, value) VALUES ('pages', 7)"))

    before, after = migrate(database)

    assert before == after == head()
    with database.reading() as connection:
        assert connection.execute(sa.text("SELECT value FROM counters")).scalar_one() == 7


def test_a_database_from_the_future_is_refused_and_left_as_it_is(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreFromTheFuture) as caught:
        migrate(database)

    assert caught.value.facts == {"found": "9999", "known": head()}
    assert revision(database) == ("9999", head())


def test_everything_can_be_taken_back_and_made_again(database: Database) -> None:
    migrate(database)
    config = migrating._config()
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert tables_of(database) <= {"alembic_version"}
    assert revision(database)[0] is None
    assert migrate(database) == (None, head())
    assert tables_of(database) == {"alembic_version", *metadata.tables}


def test_a_migration_that_fails_half_way_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(config: object, revision: str) -> None:
        upgrade(config, revision)  # type: ignore[arg-type]  # handed through
        raise KeyboardInterrupt

    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", power_cut)

    with pytest.raises(KeyboardInterrupt):
        migrate(database)

    assert tables_of(database) == set()


def test_workers_that_start_at_once_migrate_once(database: Database) -> None:
    barrier = threading.Barrier(4)
    found: list[tuple[str | None, str]] = []

    def start() -> None:
        mine = Database(database.engine.url.render_as_string(hide_password=False))
        barrier.wait()
        found.append(migrate(mine))
        mine.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found, key=str) == sorted([(None, head()), *[(head(), head())] * 3], key=str)
    assert tables_of(database) == {"alembic_version", *metadata.tables}


# -- databases that are none -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://hub:s3cret@127.0.0.1:1/hub",
        "postgresql://127.0.0.1:1/hub?user=hub&password=s3cret",
        "postgresql+psycopg://hub:s3cret@127.0.0.1:1/hub",
    ],
)
def test_a_server_that_does_not_answer_is_named_without_its_password(url: str) -> None:
    database = Database(url)

    with pytest.raises(StoreUnreachable) as caught:
        migrate(database)

    assert "127.0.0.1" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    database.close()


@pytest.mark.parametrize("url", ["postgresql://hub:s3cret@db:port/hub", "no address at all s3cret"])
def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(StoreUnreachable) as caught:
        Database(url)

    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    file.write_bytes(b"this is no database at all" * 100)
    database = Database(f"sqlite:///{file}")

    with pytest.raises(StoreUnreachable):
        migrate(database)
    with pytest.raises(StoreUnreachable):
        revision(database)

    assert file.read_bytes() == b"this is no database at all" * 100
    database.close()


def test_errors_that_are_ours_are_not_blamed_on_the_database(database: Database) -> None:
    migrate(database)

    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        connection.execute(sa.text("INSERT INTO counters (name, value) VALUES ('pages', 1), ('a', NULL)"))

    with database.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM counters")).scalar_one() == 0


def test_looking_for_a_database_does_not_make_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'hub.sqlite'}")

    assert not database.is_made()
    migrate(database)
    assert database.is_made()
    assert Database("postgresql://127.0.0.1:1/hub").is_made()
    database.close()
