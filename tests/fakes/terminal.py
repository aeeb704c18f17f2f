"""Read what commands print."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typer.testing import Result

TODAY = date(2026, 6, 19)  # of the feed that tests of commands take in


def objects(result: Result) -> list[dict[str, Any]]:
    """Read one JSON object a line."""
    return [json.loads(line) for line in result.stdout.splitlines()]
