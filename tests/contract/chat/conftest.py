"""A real model's server for the tests of a file, where its packages are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes import llama

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def llama_url() -> Iterator[str]:
    """Start llama.cpp's server once for all tests of a file."""
    if lacking := llama.missing():
        pytest.skip(f"requirements/llama.lock is not installed: {', '.join(lacking)}")
    with llama.llama_server(context=4_096) as url:
        yield url
