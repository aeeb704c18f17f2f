"""A shelf of made-up papers on four subjects, and a desk for radars above it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from academichub.flows.radardesk import Kept, RadarDesk
from tests.fakes.drafts import DAY, NOW, arxiv_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.llm.ports import Embedder
    from academichub.model.papers import Draft

# Each subject has words of its own; all share a few.
SUBJECTS: Final = {
    "quant-ph": "qubit entanglement decoder stabilizer syndrome fidelity surface logical quantum gate",
    "cs.CV": "image segmentation pixel convolution camera depth texture detector visual saliency",
    "q-bio.NC": "neuron cortex synapse spike hippocampus memory stimulus dendrite plasticity astrocyte",
    "econ.EM": "wage inflation tariff household subsidy instrument panel elasticity labor unemployment",
}
SHARED: Final = "method data result study model analysis approach experiment"


def paper(number: int, subject: str, *, on: date = DAY, version: int = 1, turn: int = 0) -> Draft:
    """Make a paper on a subject; the same number gives the same paper, another turn another abstract."""
    dice = random.Random(f"{number} {subject}")  # noqa: S311  # no secret
    own, shared = SUBJECTS[subject].split(), SHARED.split()
    title = " ".join(dice.sample(own, 4) + dice.sample(shared, 1))
    dice = random.Random(f"{number} {subject} {turn}")  # noqa: S311
    abstract = " ".join(dice.choices(own, k=20) + dice.choices(shared, k=10))
    return arxiv_draft(
        f"2606.{number:05d}",
        title=title.capitalize(),
        abstract=f"{abstract.capitalize()}.",
        categories=(subject,),
        on=on,
        version=version,
    )


class Desk(RadarDesk):
    """Radars over a test shelf, with a clock that stands still until it is set."""

    def __init__(self, folder: Path, *, embedder: Embedder | None = None) -> None:
        self.shelf = TestShelf(f"sqlite:///{folder / 'hub.sqlite'}")
        self.database = self.shelf.database
        self.now: datetime = NOW + timedelta(hours=12)
        self.clock = lambda: self.now
        self.kept_radars = Kept()
        self._embedder = embedder
        self._folder = folder / "radar"

    def choose_embedder(self) -> Embedder | None:
        return self._embedder

    def radar_files(self) -> Path:
        return self._folder

    def fill(self, *, each: int = 12, days: int = 1, first: int = 1) -> None:
        """Shelve papers of all subjects, so many of each a day, the last day being DAY."""
        number = first
        for back in reversed(range(days)):
            drafts = []
            for subject in SUBJECTS:
                for _ in range(each):
                    drafts.append(paper(number, subject, on=DAY - timedelta(days=back)))
                    number += 1
            self.shelf.put(*drafts)

    def close(self) -> None:
        self.shelf.close()


def retitled(draft: Draft, title: str) -> Draft:
    """Give a paper another title, as typed by hand."""
    return replace(draft, title=replace(draft.title, raw=title, plain=title, html=title))
