"""An empty database of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.db.engine import Database
from tests.fakes.databases import KINDS, fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_database(request.param, config=request.config, folder=tmp_path) as url:
        opened = Database(url)
        yield opened
        opened.close()
