"""A door to a hub without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from academichub.web.app import create_app
from tests.fakes.hub import NOW, FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = {"sec-fetch-site": "same-origin"}


def open_door(hub: FakeHub, language: str = "en", **headers: str) -> TestClient:
    """Open a door to a hub, in a language."""
    app = create_app(hub, clock=lambda: NOW, version="0.1.0")
    return TestClient(
        app,
        base_url="http://localhost:8000",
        headers={"accept-language": language, **headers},
        follow_redirects=False,
    )


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def visit() -> Callable[..., TestClient]:
    """Give the way to open a door to any hub."""
    return open_door


@pytest.fixture
def client(hub: FakeHub, visit: Callable[..., TestClient]) -> TestClient:
    return visit(hub)


@pytest.fixture(scope="module")
def reader() -> TestClient:
    """Open one door for all tests of a module that only read, under any language they ask for."""
    return open_door(FakeHub())
