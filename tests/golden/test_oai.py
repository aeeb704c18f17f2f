from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.sources.harvest import Step
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.sources.oai import read
from tests.fakes.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "oai"
INPUTS = sorted(FOLDER.glob("*.xml"))
# As in the middle of a harvest; the two saved answers are read without knowing what was asked.
SAVED = {"arxiv-2016-last-page.xml", "get-record.xml"}
STEP = Step(
    url="https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXiv",
    scope="https://oaipmh.arxiv.org/oai|arXiv|cs:cs:AI",
    since="2026-06-18",
)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_a_page_of_a_repository_gives_the_records_it_always_gave(
    path: Path, golden: Callable[[Path, object], None]
) -> None:
    step = Step(url="") if path.name in SAVED else STEP

    page = read(path.read_bytes(), step, DEFAULT_LIMITS)

    golden(path.with_name(path.name + ".expected.json"), spoken(page))
