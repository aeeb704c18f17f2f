"""Tell what changed since the last briefing: themes born, grown, shrunk, gone; works revised, retracted."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.model.briefing import Change, ChangeKind
from academichub.model.papers import Flag
from academichub.text.cutting import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.briefing import Briefing, Paper, Theme

LEAST_LIKENESS: Final = 0.25  # of two themes that are taken for one
FIELDS_WEIGHT: Final = 0.2  # of their fields, beside the words of their names
LEAST_OVERLAP: Final = 0.5  # of the works of two themes that are one whatever their names
MAY_BE_CUT: Final = 6  # a briefing with so many themes may have left smaller ones out
_MOST_FIELDS: Final = 4
LEAST_EVIDENCE: Final = 3.84  # G2 of a change of size: 5 % by chance, one degree of freedom
LEAST_RATIO: Final = 1.25  # of the two shares


def changes(before: Briefing | None, themes: Sequence[Theme], papers: Sequence[Paper]) -> tuple[Change, ...]:
    """Compare this briefing's themes with those of the last one, and list the works of later versions.

    A theme of now and one of then are the same if the words of their names and their fields are alike, or if
    they hold the same works; the likest two first, each once. It has grown or shrunk if its share of all
    papers has by a quarter and more than chance explains, so that a week may follow a day. It is born or gone
    if nothing is like it and its first name stood in no theme of the other side; where that side has six
    themes or more, only if it is larger by a quarter than the smallest of them, since a smaller one may have
    been there unlisted.

    Args:
        before: The last briefing of the same radars; None if this is the first, and no theme has changed.
        themes: Of this briefing.
        papers: Of this briefing.

    Returns:
        Retracted works, revised works, then themes: born, grown, shrunk, gone, the largest first.

    Source:
        G2, the likelihood ratio of two shares: Dunning, Accurate methods for the statistics of surprise and
        coincidence (1993).
    """
    works = (*_works(papers, ChangeKind.RETRACTED), *_works(papers, ChangeKind.REVISED))
    if before is None:
        return works
    return (*works, *_themes(before, themes, len(papers)))


def _works(papers: Sequence[Paper], kind: ChangeKind) -> tuple[Change, ...]:
    return tuple(
        Change(kind, work_id=paper.work_id, version=paper.version)
        for paper in papers
        if (Flag.RETRACTED in paper.flags if kind is ChangeKind.RETRACTED else paper.is_revised)
    )


def _themes(before: Briefing, themes: Sequence[Theme], papers: int) -> list[Change]:
    then = [part.theme for part in before.themes]
    partner = _partners(then, themes)
    found: dict[ChangeKind, list[Change]] = {
        ChangeKind.BORN: [],
        ChangeKind.GROWN: [],
        ChangeKind.SHRUNK: [],
        ChangeKind.GONE: [],
    }
    for at, theme in enumerate(themes):
        if at not in partner:
            if _would_be_listed(theme, papers, then, len(before.works)):
                found[ChangeKind.BORN].append(
                    Change(ChangeKind.BORN, terms=theme.terms, now=len(theme.works))
                )
            continue
        old = then[partner[at]]
        kind = _growth(len(old.works), len(before.works), len(theme.works), papers)
        if kind is not None:
            found[kind].append(Change(kind, terms=theme.terms, before=len(old.works), now=len(theme.works)))
    for at, old in enumerate(then):
        if at not in partner.values() and _would_be_listed(old, len(before.works), themes, papers):
            found[ChangeKind.GONE].append(Change(ChangeKind.GONE, terms=old.terms, before=len(old.works)))
    return [one for kind in found.values() for one in sorted(kind, key=lambda one: -(one.before + one.now))]


def _partners(then: Sequence[Theme], now: Sequence[Theme]) -> dict[int, int]:
    """Find for themes of now those of then, the likest pairs first."""
    words_then, words_now = [_words(one) for one in then], [_words(one) for one in now]
    fields_then, fields_now = [_fields(one) for one in then], [_fields(one) for one in now]
    pairs = []
    for at, theme in enumerate(now):
        for old, other in enumerate(then):
            likeness = _cosine(words_now[at], words_then[old])
            likeness += FIELDS_WEIGHT * _cosine(fields_now[at], fields_then[old])
            overlap = _overlap(theme, other)
            if likeness >= LEAST_LIKENESS or overlap >= LEAST_OVERLAP:
                pairs.append((-likeness - overlap, at, old))
    partner: dict[int, int] = {}
    for _, at, old in sorted(pairs):
        if at not in partner and old not in partner.values():
            partner[at] = old
    return partner


def _words(theme: Theme) -> dict[str, float]:
    """Weigh the words of a theme's names: those of the n-th by the root of 1 / n, shared among them."""
    weights: defaultdict[str, float] = defaultdict(float)
    for rank, term in enumerate(theme.terms, start=1):
        stems = [one for run in cut(term) for one in run]
        for one in stems:
            weights[one] += (rank * len(stems)) ** -0.5
    return weights


def _fields(theme: Theme) -> dict[str, float]:
    return {name: 1 / rank for rank, name in enumerate(theme.fields[:_MOST_FIELDS], start=1)}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    length = np.sqrt(sum(each**2 for each in one.values()) * sum(each**2 for each in other.values()))
    return float(sum(weight * other.get(name, 0.0) for name, weight in one.items()) / (length or 1.0))


def _overlap(one: Theme, other: Theme) -> float:
    """Give the share of the smaller theme's works that the other holds too."""
    works, others = set(one.works), set(other.works)
    return len(works & others) / max(min(len(works), len(others)), 1)


def _would_be_listed(theme: Theme, papers: int, others: Sequence[Theme], of_others: int) -> bool:
    """Tell whether a theme that is in none of the others would be among them if it had been there."""
    if _is_named(theme, others):
        return False
    if len(others) < MAY_BE_CUT:
        return True
    smallest = min(len(other.works) for other in others) / max(of_others, 1)
    return len(theme.works) / max(papers, 1) >= LEAST_RATIO * smallest


def _is_named(theme: Theme, others: Sequence[Theme]) -> bool:
    first = theme.terms[0].casefold() if theme.terms else ""
    return any(first == term.casefold() for other in others for term in other.terms)


def _growth(before: int, of_before: int, now: int, of_now: int) -> ChangeKind | None:
    """Tell whether a theme's share has changed by more than chance and by enough to speak of."""
    table = np.array([[before, max(of_before - before, 0)], [now, max(of_now - now, 0)]], dtype=np.float64)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / max(table.sum(), 1.0)
    is_there = table > 0
    evidence = 2 * float(np.sum(table[is_there] * np.log(table[is_there] / expected[is_there])))
    ratio = (now / max(of_now, now, 1)) / (max(before, 1) / max(of_before, before, 1))
    if evidence < LEAST_EVIDENCE or 1 / LEAST_RATIO < ratio < LEAST_RATIO:
        return None
    return ChangeKind.GROWN if ratio > 1 else ChangeKind.SHRUNK
