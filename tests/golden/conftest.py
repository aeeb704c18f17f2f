"""The option that rewrites expected files, for a person to read the difference."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected files of tests/golden"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, object], None]:
    """Compare a JSON value with an expected file, or write it there with --update-golden."""
    rewrite = request.config.getoption("--update-golden", default=False)

    def compare(expected: Path, found: object) -> None:
        text = json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        if rewrite:
            expected.write_text(text, encoding="utf-8")
        assert expected.exists(), f"no {expected.name}; run with --update-golden and read it"
        assert json.loads(text) == json.loads(expected.read_text(encoding="utf-8"))

    return compare
