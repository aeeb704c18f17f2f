"""Run every contract test on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.databases import KINDS, fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database: once a SQLite file, once a PostgreSQL database."""
    with fresh_database(request.param, config=request.config, folder=tmp_path) as url:
        yield url
