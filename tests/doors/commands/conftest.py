"""A terminal in front of a fresh home."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from academichub.cli.app import app
from benchmarks.corpus import made_up_records, rss
from tests.fakes.terminal import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that does not exist yet, and an English terminal."""
    for name in [name for name in os.environ if name.startswith("ACADEMICHUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACADEMICHUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in this process, in the fresh home."""
    assert not home.exists()

    def command(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), catch_exceptions=False)

    return command


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(made_up_records(5), on=TODAY))
    return path
