"""Made-up papers of four fields, some of them listed in a second one whose words they use."""

from __future__ import annotations

import hashlib
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from academichub.model.briefing import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_DAY: Final = date(2026, 3, 2)
FIELDS: Final = {
    "cs.CV": "image pixel camera detector texture segment depth saliency frame tracker",
    "math.PR": "martingale kernel theorem lemma convergence measure bound stationary ergodic coupling",
    "quant-ph": "qubit entangle decoder stabilizer syndrome fidelity gate photon coherence ion",
    "econ.EM": "wage tariff household subsidy inflation panel elastic labor price market",
}
SHARED: Final = "study method data sample estimate design problem approach task example"


def crosslisted(count: int, *, seed: int = 1, per_day: int = 50) -> list[Paper]:
    """Make papers, day after day; every fifth uses the words of a second field and is listed there."""
    dice = random.Random(seed)  # noqa: S311  # no secret
    names = list(FIELDS)
    papers = []
    for at in range(count):
        home = names[at % len(names)]
        other = dice.choice([name for name in names if name != home]) if dice.random() < 0.2 else None
        papers.append(
            a_paper(
                at + 1,
                dice,
                fields=(home, other) if other else (home,),
                on=FIRST_DAY + timedelta(days=at // per_day),
            )
        )
    return papers


def a_paper(number: int, dice: random.Random, *, fields: Iterable[str], on: date) -> Paper:
    """Make a paper with the words of its fields, those of the first one twice as often."""
    pools = [FIELDS[name].split() for name in fields]
    words = dice.choices(pools[0], k=16) + dice.choices(SHARED.split(), k=10)
    for pool in pools[1:]:
        words += dice.choices(pool, k=8)
    dice.shuffle(words)
    title = " ".join(dice.sample(pools[0], 3)).capitalize()
    abstract = " ".join(words).capitalize() + "."
    return Paper(
        work_id=number,
        title=title,
        abstract=abstract,
        text_hash=hashlib.sha256(f"{title}\n{abstract}".encode()).hexdigest()[:16],
        listed_on=on,
        categories=tuple(fields),
    )
