"""Say why papers rank where they do: terms and liked papers behind each part, in the papers' own words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from academichub.flows.background import text_of
from academichub.model.radar import Because, Part, PartName, Theme
from academichub.radar.explaining import explain
from academichub.radar.profile import Sign
from academichub.text.cutting import stem
from academichub.text.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.flows.background import Background
    from academichub.flows.profiles import Told
    from academichub.flows.ranking import Candidates
    from academichub.radar.scoring import Fitted

MOST_TERMS: Final = 5  # of a paper's reasons
MOST_LIKED: Final = 3


def with_reasons(
    parts: Sequence[Part],
    number: int,
    candidates: Candidates,
    told: Told,
    fitted: Fitted,
    background: Background,
) -> tuple[Part, ...]:
    """Say of the parts that measure likeness which terms and which liked papers they come from."""
    found = explain(fitted, background.corpus, candidates.papers.take([number]))
    text = text_of(candidates.works[number])
    terms = [Because("term", surface(one.term, text), one.logit) for one in found.shared_terms(MOST_TERMS)]
    by_words = sorted(found.shares, key=lambda one: -one.words)[:MOST_LIKED]
    by_meaning = sorted(found.shares, key=lambda one: -one.meaning)[:MOST_LIKED]
    because = {
        PartName.WORDS: [*terms, *(_liked(told, one.row, one.words) for one in by_words if one.words > 0)],
        PartName.MEANING: [_liked(told, one.row, one.meaning) for one in by_meaning if one.meaning > 0],
    }
    return tuple(
        replace(part, because=tuple(because[part.name])) if part.name in because else part for part in parts
    )


def _liked(told: Told, row: int, share: float) -> Because:
    one = told.entries[row]
    return Because("text" if one.sign is Sign.TEXT else "paper", one.title, share, one.work_id)


def surface(term: str, text: str) -> str:
    """Write a term, which is made of stems, as the paper's own text has it first."""
    wanted = term.split(" ")
    found = words(text)
    stems = [stem(word) for word in found]
    content = [number for number, word in enumerate(found) if stems[number] in wanted]
    for start in content:
        if stems[start] != wanted[0]:
            continue
        rest = [number for number in content if number >= start][: len(wanted)]
        if [stems[number] for number in rest] == wanted:
            return " ".join(found[number] for number in rest)
    return term


def spoken(themes: Sequence[Theme], labels: Sequence[int], texts: Sequence[str]) -> tuple[Theme, ...]:
    """Write the terms of themes, which are made of stems, as their papers have them."""
    found = []
    for theme in themes:
        own = "\n\n".join(text for text, label in zip(texts, labels, strict=True) if label == theme.number)
        found.append(Theme(theme.number, tuple(dict.fromkeys(surface(term, own) for term in theme.terms))))
    return tuple(found)


def strongest(parts: Sequence[Part], *, most: int) -> tuple[str, ...]:
    """Name the strongest reasons of a paper, for a line of text."""
    reasons = [
        (abs(because.share), because.text)
        for part in parts
        for because in part.because
        if because.kind != "text"  # the reader's own line says nothing new
    ]
    return tuple(dict.fromkeys(text for _, text in sorted(reasons, key=lambda one: -one[0])))[:most]
