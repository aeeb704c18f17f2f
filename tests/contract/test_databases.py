"""The databases that contract tests are lent are real, empty and each test's own."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.parametrize("visit", [1, 2])
def test_each_test_gets_an_empty_database_of_its_own(database_url: str, visit: int) -> None:
    engine = create_engine(database_url)

    with engine.begin() as connection:
        found = inspect(connection).get_table_names()
        connection.execute(text(f"CREATE TABLE visit_{visit} (id INTEGER)"))
    engine.dispose()

    assert found == []
