from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.sources.arxivapi import lookup, read
from academichub.sources.limits import Limits
from tests.fakes.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "arxivapi"
INPUTS = sorted(FOLDER.glob("*.xml"))
STEP = lookup(["2606.10421", "2503.01234v2", "hep-ph/9901257", "2606.99999"])


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_an_answer_of_the_api_gives_the_records_it_always_gave(
    path: Path, golden: Callable[[Path, object], None]
) -> None:
    page = read(path.read_bytes(), STEP, Limits(text_characters=100))

    golden(path.with_name(path.name + ".expected.json"), spoken(page))
