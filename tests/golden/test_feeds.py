from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import AcademicHubError
from academichub.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "feeds"
INPUTS = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))


def _spoken(value: object) -> Any:
    """Turn Records into JSON values, leaving out what is empty."""
    if isinstance(value, AcademicHubError):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {each.name: _spoken(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return {name: said for name, said in told.items() if said not in ("", [], {}, None)}
    if isinstance(value, dict):
        return {name: _spoken(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_spoken(each) for each in value]
    return value


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_a_feed_gives_the_records_it_always_gave(path: Path, golden: Callable[[Path, object], None]) -> None:
    feed = read(path.read_bytes(), base="https://feeds.example.org/list/feed.xml")

    golden(path.with_name(path.name + ".expected.json"), _spoken(feed))
