"""An engine and a desk over an empty database of either kind."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from academichub.jobs.desk import Desk
from academichub.jobs.engine import Engine
from tests.fakes.jobs_worker import QUICK

if TYPE_CHECKING:
    from collections.abc import Iterator


class StartEngine(Protocol):
    """Start an engine with quick looks; it is stopped at the end of the test at the latest."""

    def __call__(self, **plan: Any) -> Engine: ...


@pytest.fixture
def start_engine(database_url: str) -> Iterator[StartEngine]:
    with ExitStack() as stack:

        def start(**plan: Any) -> Engine:
            with_defaults: dict[str, Any] = {"database_url": database_url, "tempo": QUICK} | plan
            return stack.enter_context(Engine(**with_defaults))

        yield start


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with Desk(database_url) as opened:
        yield opened
