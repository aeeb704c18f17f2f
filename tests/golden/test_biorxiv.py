from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.sources.biorxiv import CONNECTOR
from academichub.sources.harvest import read_saved
from tests.fakes.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "biorxiv"
INPUTS = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_an_answer_gives_the_records_it_always_gave(
    path: Path, golden: Callable[[Path, object], None]
) -> None:
    page = read_saved(CONNECTOR, path.read_bytes())

    golden(path.with_name(path.name + ".expected.json"), spoken(page))
