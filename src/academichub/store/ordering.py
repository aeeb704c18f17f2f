"""Where a work stands: its day, its place in the day, its face. Pure, so that it is cheap to test."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.model.papers import Kind, Precision
from academichub.text.identifiers import arxiv_month

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.papers import Draft

# Journal articles first, then preprints, then what is about papers rather than a paper.
TIER = {
    Kind.ARTICLE: 3,
    Kind.REVIEW: 3,
    Kind.CORRECTION: 3,
    Kind.RETRACTION: 3,
    Kind.DATASET: 2,
    Kind.PREPRINT: 2,
    Kind.EDITORIAL: 1,
    Kind.NEWS: 1,
    Kind.POST: 0,
}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
EN_WORDS_A_MINUTE = 230  # silent reading of English non-fiction; web reference, section 5.4
ZH_CHARACTERS_A_MINUTE = 400  # the same for Chinese


def listing_day(draft: Draft, received_on: date) -> date:
    """Choose the day that shows a new work's card.

    The day its source announced it; else the day it was published, where the source said a whole day
    that is not in the future (online-first issues carry later dates); else the day it arrived.
    """
    if draft.announced_on is not None and draft.announced_on <= received_on + timedelta(days=1):
        return draft.announced_on
    published = draft.published
    if (
        published is not None
        and published.precision in {Precision.DAY, Precision.INSTANT}
        and published.on <= received_on + timedelta(days=1)
    ):
        return published.on
    return received_on


def order_key(draft: Draft) -> str:
    """Give the text that orders works within a day, highest first.

    It depends on the paper alone, never on arrival: tier by kind, then the month of the first version
    (so re-announced old papers come after fresh ones), then place and item.
    """
    month = arxiv_month(draft.identifiers.arxiv) if draft.identifiers.arxiv else None
    if month is None and draft.published is not None:
        month = draft.published.on
    stamp = f"{month:%Y%m}" if month is not None else "000000"
    return f"{TIER[draft.kind]}{stamp}:{draft.key.place}:{draft.key.item}"


def reading_minutes(*texts: str) -> int:
    """Estimate reading time in whole minutes, at least 1."""
    minutes = 0.0
    for text in texts:
        han = 0 if text.isascii() else len(_HAN.findall(text))
        words = text.count(" ") + 1 if han * 4 < len(text) else 0
        minutes += han / ZH_CHARACTERS_A_MINUTE + words / EN_WORDS_A_MINUTE
    return max(1, round(minutes))


def face_rank(*, has_abstract: bool, is_teaser: bool, kind: Kind, version: int) -> tuple[int, int, int, int]:
    """Rank manifestations for being the face of their work; the highest is shown.

    The paper beats news about it; then a real abstract beats a teaser beats nothing; then the version of
    record beats the preprint; then the newer version.
    """
    text = 2 if has_abstract and not is_teaser else int(has_abstract)
    return int(kind is not Kind.NEWS), text, TIER[kind], version
