"""Choose what to read first, say why, and how long it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.briefing.links import links
from academichub.model.briefing import ReadFirst
from academichub.model.papers import Flag, Kind
from academichub.text.cutting import is_alone
from academichub.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from academichub.model.briefing import Bridge, Paper, Tension, Theme

WORDS_A_MINUTE: Final = 238.0
CHARACTERS_A_MINUTE: Final = 255.0  # of Chinese
SKIM_MINUTES: Final = 7.0
_SKIM_BY_KIND: Final[Mapping[Kind, float]] = {
    Kind.REVIEW: 10.0,
    Kind.NEWS: 3.0,
    Kind.EDITORIAL: 3.0,
    Kind.POST: 3.0,
    Kind.DATASET: 5.0,
}
_NOT_READ: Final = frozenset({Kind.CORRECTION, Kind.RETRACTION})

# What each reason is worth; a radar's counts by its match.
_RADAR: Final = 1.0
_THEME: Final = 0.6
_BRIDGE: Final = 0.5
_TENSION: Final = 0.4
_CODE: Final = 0.1
_MIDDLE: Final = 3  # papers of a theme that may stand for it
_LESS: Final = 0.85  # of the worth of the next bridge or tension in the list
_SAME_THEME: Final = 0.4  # of what is left for a second paper of a theme
_SAME_RADAR: Final = 0.8
_CODE_KINDS: Final = frozenset({"code", "data", "model"})


@dataclass(frozen=True, slots=True)
class _Reason:
    worth: float
    code: str
    fact: str


def reading_order(
    papers: Sequence[Paper],
    themes: Sequence[Theme],
    bridges: Sequence[Bridge],
    most: int = 5,
    *,
    tensions: Sequence[Tension] = (),
) -> tuple[ReadFirst, ...]:
    """Choose the papers to read first, from most to least rewarding, over as many themes as can be.

    Reasons: it matches a radar; it stands in the middle of a theme; it is an end of a bridge; it is one side
    of a tension; it links code, data or a model. Each has a worth, and after each choice what it told is
    worth less: the same theme .4, the same radar .8, the same bridge or tension nothing. The worths are ours;
    no data tells what a reader of many fields should read first. A paper for which nothing speaks is not
    listed, nor is a retracted one or a notice.

    Args:
        papers: Of the briefing.
        themes: Of the briefing, the largest first.
        bridges: Of the briefing, the best first.
        most: How many to list.
        tensions: Of the briefing, the strongest first.

    Returns:
        At most so many. Reasons are (code, fact), the best first: ("radar", its key), ("theme", its first
        name), ("bridge", the concept), ("tension", the concept), ("code", the address).
    """
    theme_by_work = {work: at for at, theme in enumerate(themes) for work in theme.works}
    reasons = _reasons(papers, themes, bridges, tensions)
    left = {paper.work_id: paper for paper in papers if reasons.get(paper.work_id) and _is_read(paper)}
    chosen: list[ReadFirst] = []
    told: dict[tuple[str, str], int] = {}
    themes_told: set[int | None] = set()
    while left and len(chosen) < most:
        worth = {}
        for work in left:
            again = _SAME_THEME if theme_by_work.get(work) in themes_told else 1.0
            worth[work] = again * sum(_worth(one, told) for one in reasons[work])
        best = max(worth, key=lambda work: (worth[work], -work))
        paper = left.pop(best)
        ordered = sorted(reasons[best], key=lambda one: -one.worth)
        chosen.append(ReadFirst(best, minutes(paper), tuple((one.code, one.fact) for one in ordered)))
        for one in ordered:
            told[(one.code, one.fact)] = told.get((one.code, one.fact), 0) + 1
        if best in theme_by_work:
            themes_told.add(theme_by_work[best])
    return tuple(chosen)


def minutes(paper: Paper) -> int:
    """Tell how many minutes a paper's abstract and a first pass through the paper take, rounded up.

    words / 238 + Chinese characters / 255, of title and abstract, and for the first pass 7 minutes; 10 for a
    review, 5 for a data set, 3 for news, editorials and posts. It is no measure of reading a paper in full,
    which takes researchers half an hour and more.

    Source:
        Words: Brysbaert, How many words do we read per minute? (2019), silent reading of non-fiction.
        Characters: Trauzettel-Klosinski and Dietz, Standardized assessment of reading performance (2012).
        First pass of five to ten minutes: Keshav, How to read a paper (2007); by kind is ours.
    """
    count = words(f"{paper.title}\n{paper.abstract}")
    characters = sum(1 for word in count if is_alone(word))
    of_text = (len(count) - characters) / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE
    return math.ceil(of_text + _SKIM_BY_KIND.get(paper.kind, SKIM_MINUTES))


def _is_read(paper: Paper) -> bool:
    return Flag.RETRACTED not in paper.flags and paper.kind not in _NOT_READ


def _worth(reason: _Reason, told: Mapping[tuple[str, str], int]) -> float:
    times = told.get((reason.code, reason.fact), 0)
    if reason.code == "radar":
        return reason.worth * _SAME_RADAR**times
    return 0.0 if times else reason.worth


def _reasons(
    papers: Iterable[Paper],
    themes: Sequence[Theme],
    bridges: Sequence[Bridge],
    tensions: Sequence[Tension],
) -> dict[int, list[_Reason]]:
    """Collect what speaks for each work; of one code and fact the best reason."""
    found: dict[int, dict[tuple[str, str], _Reason]] = {}
    for work, reason in (*_of_papers(papers), *_of_themes(themes), *_of_pairs(bridges, tensions)):
        held = found.setdefault(work, {})
        known = held.get((reason.code, reason.fact))
        if known is None or known.worth < reason.worth:
            held[(reason.code, reason.fact)] = reason
    return {work: list(held.values()) for work, held in found.items()}


def _of_papers(papers: Iterable[Paper]) -> Iterator[tuple[int, _Reason]]:
    for paper in papers:
        for key, match in paper.matches[:1]:
            yield paper.work_id, _Reason(_RADAR * match, "radar", key)
        linked = [link.url for link in links(paper.abstract) if link.kind in _CODE_KINDS]
        if linked:
            yield paper.work_id, _Reason(_CODE, "code", linked[0])


def _of_themes(themes: Sequence[Theme]) -> Iterator[tuple[int, _Reason]]:
    largest = max((len(theme.works) for theme in themes), default=1)
    for theme in themes:
        worth = _THEME * math.sqrt(len(theme.works) / largest)
        for rank, work in enumerate(theme.works[:_MIDDLE], start=1):
            for term in theme.terms[:1]:
                yield work, _Reason(worth / rank, "theme", term)


def _of_pairs(bridges: Sequence[Bridge], tensions: Sequence[Tension]) -> Iterator[tuple[int, _Reason]]:
    for rank, bridge in enumerate(bridges):
        for evidence in (bridge.home_evidence, bridge.away_evidence):
            yield evidence.span.work_id, _Reason(_BRIDGE * _LESS**rank, "bridge", bridge.concept)
    for rank, tension in enumerate(tensions):
        for evidence in (tension.one, tension.other):
            yield evidence.span.work_id, _Reason(_TENSION * _LESS**rank, "tension", tension.concept)
