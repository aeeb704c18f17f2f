from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.sources.arxivlisting import read_listing
from academichub.sources.limits import DEFAULT_LIMITS
from tests.fakes.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "arxivlisting"
INPUTS = sorted(FOLDER.glob("*.html"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_a_page_of_an_announcement_lists_what_it_always_listed(
    path: Path, golden: Callable[[Path, object], None]
) -> None:
    listing = read_listing(path.read_bytes(), DEFAULT_LIMITS)

    told = spoken(listing)
    golden(path.with_name(path.name + ".expected.json"), told | {"announced_on": str(listing.announced_on)})
