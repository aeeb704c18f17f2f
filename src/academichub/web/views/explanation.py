"""Why a paper has its score on a radar's day, and what has changed since."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from academichub.model.radar import Inputs
from academichub.text.language import guess
from academichub.web.address import quote
from academichub.web.views.why import build_why, per_cent, signed

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.model.radarpages import Explanation
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.why import WhyView

_INPUTS: Final = frozenset(one.name for one in fields(Inputs))
_CERTAIN: Final = 35.0  # beyond it the exponential changes nothing that is shown


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """The page that explains one score."""

    title: str
    radar: str
    back: str
    back_label: str
    paper: Markup
    paper_href: str
    language: str
    place: str
    ranked: str
    ranked_iso: str
    day: str
    algorithm: str
    why: WhyView
    changed: tuple[str, ...]
    now: str


def build_explanation(found: Explanation, visit: Visit, *, now: datetime) -> ExplanationView:
    """Build the page that explains one score."""
    words, radar, ranked = visit.words, found.radar, found.ranked
    title = Markup(found.title_html)  # noqa: S704 - sanitised when it was shelved
    at = found.ranked_at.astimezone(now.tzinfo)
    day = words.long_day(found.on)
    return ExplanationView(
        title=words.text("Why this paper?"),
        radar=radar.interest.name,
        back=f"/radars/{quote(radar.key)}/{found.on.isoformat()}{visit.suffix}",
        back_label=words.text(
            "{name}, {day}", name=radar.interest.name, day=words.day_of(found.on, now.year)
        ),
        paper=title,
        paper_href=f"/p/{ranked.work_id}{visit.suffix}",
        language=guess(title.striptags()),
        place=words.text("Number {n} of its day", n=ranked.place),
        ranked=words.stamp(at),
        ranked_iso=at.isoformat(timespec="minutes"),
        day=day,
        algorithm=words.text("algorithm {version}", version=found.algorithm),
        why=build_why(ranked, visit),
        changed=tuple(words.text(f"input:{name}") if name in _INPUTS else name for name in found.changed),
        now=_now(found, words),
    )


def _now(found: Explanation, words: Catalogue) -> str:
    if found.now_score is None:
        return ""
    return words.text(
        "As everything is now the sum would be {score}, a match of {match}; then it was {before}, {was}.",
        score=signed(found.now_score),
        match=per_cent(_match(found.now_score)),
        before=signed(found.ranked.score),
        was=per_cent(found.ranked.match),
    )


def _match(score: float) -> float:
    """Turn log-odds into the chance they stand for."""
    return 1 / (1 + math.exp(-max(-_CERTAIN, min(_CERTAIN, score))))
