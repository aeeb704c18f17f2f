"""Bring a database to the shape this program knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from academichub.errors import StoreFromTheFuture

if TYPE_CHECKING:
    from academichub.db.engine import Database


def migrate(database: Database, *, to: str | None = None) -> tuple[str | None, str]:
    """Run every missing migration in one transaction; do nothing when there is none.

    Args:
        database: Of any revision up to the wanted one.
        to: The revision to stop at; None for this program's own.

    Returns:
        The revisions before and after; before is None for an empty database.

    Raises:
        StoreFromTheFuture: The database, or who asked, knows a revision that this program does not.
        StoreUnreachable: The database does not answer.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head() or ""
    known = {step.revision for step in script.walk_revisions()}
    wanted = to or head
    if wanted not in known:
        raise StoreFromTheFuture(found=wanted, known=head)
    with database.writing() as connection:
        if not database.is_sqlite:  # two workers may start at once
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(4711202601)"))
        before = MigrationContext.configure(connection).get_current_revision()
        if before == wanted:
            return before, wanted
        if before is not None and before not in known:
            raise StoreFromTheFuture(found=before, known=head)
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
    return before, wanted


def revision(database: Database) -> tuple[str | None, str]:
    """Tell the database's revision and the program's."""
    head = ScriptDirectory.from_config(_config()).get_current_head() or ""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision(), head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
