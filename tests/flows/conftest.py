"""A house with a scripted web in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.house import House
from tests.fakes.network import a_fetcher
from tests.fakes.web import FakeWeb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    """A web that stands for all hosts: script a page as "//host/path"."""
    with FakeWeb() as opened:
        yield opened


@pytest.fixture
def house(tmp_path: Path, web: FakeWeb) -> Iterator[House]:
    """A house on SQLite whose fetcher asks the scripted web, and waits at no gate."""
    with a_fetcher(replay=web.url("")) as fetcher:
        built = House.build(f"sqlite:///{tmp_path / 'hub.sqlite'}", fetcher)
        yield built
        built.database.close()
