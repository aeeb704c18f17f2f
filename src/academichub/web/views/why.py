"""Say why a paper has its score: parts that sum to it, as words, as numbers and as a drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from academichub.text.language import guess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.radar import Because, Part, Ranked
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

BAR_WIDTH: Final = 240
_REASONS_IN_BRIEF: Final = 3
_LONGEST_IN_BRIEF: Final = 48  # characters of one reason
_LONGEST: Final = 200
_HUNDREDTHS: Final = 100
_KINDS: Final = frozenset({"term", "paper", "hit", "name", "text"})
_SURE: Final = 0.995  # from here on a whole per cent would say "certain"
_RARE: Final = 0.0095  # below it, tenths of a per cent are told apart
_RAREST: Final = 0.0005
_NOTHING: Final = 1e-9  # parts that are smaller than this all together cannot be drawn


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason for a part."""

    label: str
    words: str
    language: str
    share: str
    href: str


@dataclass(frozen=True, slots=True)
class BarView:
    """A part of the score, from where the parts before it end; or the sum of all."""

    name: str
    label: str
    value: str
    side: str  # "for", "against" or "even"
    x: str
    width: str
    said: str
    reasons: tuple[ReasonView, ...]


@dataclass(frozen=True, slots=True)
class WhyView:
    """A score as the sum of its parts."""

    match: str
    brief: str
    zero: str
    bars: tuple[BarView, ...]
    total: BarView
    width: int
    drawing: str  # what the drawing shows, in words


def build_why(ranked: Ranked, visit: Visit) -> WhyView:
    """Build the panel that explains a score."""
    words, parts = visit.words, ranked.parts
    ends = [0.0]
    for part in parts:
        ends.append(ends[-1] + part.value)
    low, high = min(0.0, ranked.score, *ends), max(0.0, ranked.score, *ends)
    scale = BAR_WIDTH / (high - low) if high - low > _NOTHING else 0.0

    def bar(part: Part | None, start: float, end: float, value: str) -> BarView:
        return BarView(
            name=part.name.value if part else "total",
            label=words.text(f"part:{part.name.value}") if part else words.text("Sum"),
            value=value,
            side="even" if start == end else "for" if end > start else "against",
            x=f"{(min(start, end) - low) * scale:.1f}",
            width=f"{abs(end - start) * scale:.1f}",
            said=words.text(f"part said:{part.name.value}") if part else "",
            reasons=tuple(_reason(one, visit) for one in part.because) if part else (),
        )

    shown = add_up([part.value for part in parts], ranked.score)
    match = per_cent(ranked.match)
    return WhyView(
        match=match,
        brief=_brief(parts, words),
        zero=f"{-low * scale:.1f}",
        bars=tuple(bar(part, ends[place], ends[place + 1], shown[place]) for place, part in enumerate(parts)),
        total=bar(None, 0.0, ranked.score, signed(ranked.score)),
        width=BAR_WIDTH,
        drawing=words.text(
            "The parts add up to {score}, a match of {match}.", score=signed(ranked.score), match=match
        ),
    )


def add_up(values: Sequence[float], total: float) -> list[str]:
    """Write values with two decimals so that what is written adds up to the written total.

    Each is rounded down, and the hundredths that are then missing go to those that lost most (the method of
    the largest remainder). No value is off by a hundredth or more, as long as the total is their sum.
    """
    whole = [math.floor(value * _HUNDREDTHS) for value in values]
    written = round(float(f"{total:.2f}") * _HUNDREDTHS)  # as `signed` will write it
    missing = written - sum(whole)
    by_loss = sorted(range(len(values)), key=lambda place: whole[place] - values[place] * _HUNDREDTHS)
    for place in by_loss[: max(missing, 0)]:
        whole[place] += 1
    return [signed(hundredths / _HUNDREDTHS) for hundredths in whole]


def signed(value: float) -> str:
    """Write a number with its sign and two decimals: +0.41, −1.20, 0.00."""
    text = f"{value:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


def per_cent(match: float) -> str:
    """Write a match; it is never said to be sure, nor impossible."""
    if match >= _SURE:
        return "> 99%"
    if match < _RARE:
        return f"{match:.1%}" if match >= _RAREST else "< 0.1%"
    return f"{match:.0%}"


def strongest(parts: Sequence[Part]) -> list[Because]:
    """Give what speaks most for a paper, of all its parts, each thing once."""
    reasons = [
        # A hit has no share of its own: what counts is that there is one.
        replace(one, share=part.value) if one.kind == "hit" else one
        for part in parts
        for one in part.because
        if one.text
    ]
    # That a paper is like the reader's own words says least; the terms they share say it better.
    reasons = [one for one in reasons if one.share > 0 and (one.kind != "text" or not _is_told(reasons))]
    reasons.sort(key=lambda one: (-one.share, one.text))
    first_by_text: dict[str, Because] = {}
    for one in reasons:
        first_by_text.setdefault(one.text, one)
    return list(first_by_text.values())


def _is_told(reasons: Sequence[Because]) -> bool:
    return any(one.share > 0 and one.kind != "text" for one in reasons)


def _brief(parts: Sequence[Part], words: Catalogue) -> str:
    texts = [_named(one, words) for one in strongest(parts)[:_REASONS_IN_BRIEF]]
    return words.text("list separator").join(texts)


def _named(reason: Because, words: Catalogue) -> str:
    text = _shorten(reason.text, _LONGEST_IN_BRIEF)
    return words.text("like “{title}”", title=text) if reason.kind == "paper" else text


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _reason(reason: Because, visit: Visit) -> ReasonView:
    words = visit.words
    return ReasonView(
        label=words.text(f"why:{reason.kind}") if reason.kind in _KINDS else "",
        words=_shorten(reason.text, _LONGEST),
        language=guess(reason.text),
        share=signed(reason.share) if reason.share else "",
        href=f"/p/{reason.work_id}{visit.suffix}" if reason.work_id is not None else "",
    )
