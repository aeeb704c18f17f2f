from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.references.reading import read_library
from tests.fakes.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "references"
INPUTS = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_a_library_gives_the_references_it_always_gave(
    path: Path, golden: Callable[[Path, object], None]
) -> None:
    library = read_library(path.read_bytes(), name=path.name)

    golden(path.with_name(path.name + ".expected.json"), spoken(library))
