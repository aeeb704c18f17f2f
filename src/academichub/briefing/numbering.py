"""Number the works of a briefing: those that are cited in the order of the page, then the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from academichub.model.briefing import Briefing


def numbered(briefing: Briefing) -> Briefing:
    """Put the works in the order in which they are first cited; the others keep theirs, after them."""
    titles = dict(zip(briefing.works, briefing.titles, strict=True))
    cited = list(dict.fromkeys(one.span.work_id for one in briefing.evidence()))
    works = tuple(dict.fromkeys((*cited, *briefing.works)))
    return replace(
        briefing, works=works, titles=tuple(titles[work_id] for work_id in works), cited=len(cited)
    )
