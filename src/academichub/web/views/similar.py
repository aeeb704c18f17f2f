"""Papers that are like one: what a paper's page lists, with how they were found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from academichub.web.views.card import byline, date_line
from academichub.web.views.why import per_cent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.search import Similar
    from academichub.web.press import Visit


class SimilarLine(NamedTuple):
    """A paper that is like the one the page is about."""

    href: str
    title: Markup
    language: str
    byline: str
    venue: str
    dated: str
    likeness: str


@dataclass(frozen=True, slots=True)
class SimilarView:
    """Papers that are like one."""

    how: str
    lines: tuple[SimilarLine, ...]


def build_similar(found: Sequence[Similar], visit: Visit) -> SimilarView | None:
    """List what is like a paper; None where nothing is."""
    if not found:
        return None
    words = visit.words
    by_meaning = {one.is_by_meaning for one in found}
    how = "mixed" if len(by_meaning) > 1 else "meaning" if True in by_meaning else "words"
    return SimilarView(
        how=words.text(f"similar by:{how}"),
        lines=tuple(
            SimilarLine(
                href=f"/p/{one.card.work_id}{visit.suffix}",
                title=Markup(one.card.title_html),  # noqa: S704 - sanitised when it was shelved
                language=one.card.language,
                byline=byline(one.card.byline),
                venue=one.card.venue,
                dated=date_line(one.card, words),
                likeness=per_cent(one.likeness),
            )
            for one in found
        ),
    )
