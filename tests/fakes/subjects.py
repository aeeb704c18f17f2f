"""Papers on made-up subjects, for whatever learns from many papers: the same ones every time."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from academichub.model.briefing import Paper

FIRST_DAY: Final = date(2026, 1, 1)
# Field and its papers' phrases; the first two stand in titles.
SUBJECTS: Final = {
    "li.LA": "lantern festival|candle wax|paper shade|wick length|flame colour|night market|oil lamp|glow",
    "li.ME": "meteor shower|comet tail|falling star|sky survey|dust trail|night camera|orbit fit|radiant",
    "wa.RI": "river delta|mud bank|salt marsh|tide gauge|silt load|flood plain|reed bed|estuary",
    "wa.IC": "glacier retreat|ice core|snow line|melt water|frozen lake|firn layer|moraine ridge|crevasse",
    "mu.VI": "violin varnish|spruce plate|bow hair|string tension|luthier workshop|body tap|tone wood|fiddle",
    "mu.BE": "bell casting|bronze alloy|strike note|carillon tower|clapper wear|partial tone|foundry|chime",
    "fo.BR": "sourdough bread|rye flour|oven spring|crumb texture|wild yeast|dough rise|crust colour|loaf",
    "fo.TE": "green tea|leaf plucking|steam drying|tannin taste|tea garden|brewing time|clay pot|infusion",
}
_FILLERS: Final = (
    "we measure|we compare|old records show|many samples hold|careful models explain|few maps tell"
)


def subject_paper(number: int, subject: str, *, day: date | None = None, seed: int = 0) -> Paper:
    """Write a paper on a subject, always the same for the same number and seed."""
    rng = random.Random(f"{seed}:{number}:{subject}")  # noqa: S311 - no secret is made of it
    phrases = SUBJECTS[subject].split("|")
    others = SUBJECTS[rng.choice(sorted(SUBJECTS))].split("|")
    said = [*rng.sample(phrases, 5), rng.choice(others)]
    rng.shuffle(said)
    fillers = _FILLERS.split("|")
    abstract = ". ".join(
        f"Here {rng.choice(fillers)}, {phrase}, with {rng.choice(phrases)}" for phrase in said
    )
    return Paper(
        work_id=number,
        title=f"On the {rng.choice(phrases[:3])} and its {rng.choice(phrases[3:])}",
        abstract=f"{abstract}.",
        text_hash=f"{number:016x}",
        listed_on=day or FIRST_DAY + timedelta(days=number % 60),
        categories=(subject,),
    )


def many_papers(count: int, *, first: int = 1, day: date | None = None, seed: int = 0) -> list[Paper]:
    """Write papers on all subjects in turn."""
    names = sorted(SUBJECTS)
    return [
        subject_paper(number, names[number % len(names)], day=day, seed=seed)
        for number in range(first, first + count)
    ]
