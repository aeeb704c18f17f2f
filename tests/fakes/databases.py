"""Hand every contract test an empty database of either kind.

Plain functions; the fixtures around them stand in the conftest of each folder that wants them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

import pytest

from tests.fakes.postgres import Postgres, PostgresUnavailable, start_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Kind: TypeAlias = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")

# The one server of this pytest process, or why there is none: kept on the run's configuration, so
# that several folders' fixtures share it and a server that does not start is tried only once.
_SERVER = pytest.StashKey[Postgres | str]()


def postgres_of(config: pytest.Config) -> Postgres:
    """Return this run's PostgreSQL, starting it at the first call, or skip the test where none can run."""
    if _SERVER not in config.stash:
        try:
            server = start_postgres()
        except PostgresUnavailable as error:
            config.stash[_SERVER] = str(error)
        else:
            config.stash[_SERVER] = server
            # With the last test, not with the configuration: by then xdist may have ended this process.
            session = config.pluginmanager.get_plugin("session")
            assert isinstance(session, pytest.Session)
            session.addfinalizer(server.stop)
    found = config.stash[_SERVER]
    if isinstance(found, str):
        pytest.skip(f"PostgreSQL cannot run here: {found}")
    return found


@contextmanager
def fresh_database(kind: Kind, *, config: pytest.Config, folder: Path) -> Iterator[str]:
    """Lend an empty database as a SQLAlchemy address; it is gone afterwards.

    Args:
        kind: "sqlite" is a file hub.sqlite in `folder` that does not exist yet.
        config: The run's configuration, which keeps the PostgreSQL server.
        folder: The test's own temporary folder.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'hub.sqlite'}"
        return
    server = postgres_of(config)
    url = server.create_database()
    try:
        yield url
    finally:
        server.drop_database(url)
