"""A fresh shelf on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def shelf(database_url: str) -> Iterator[TestShelf]:
    made = TestShelf(database_url)
    yield made
    made.close()
