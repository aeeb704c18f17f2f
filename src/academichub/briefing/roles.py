"""Tell what a sentence does in an abstract: background, aim, method, result or limit.

Cue words and the place in the abstract vote; a heading ("METHODS:") decides. Good enough to lay out a page
and to prefer results; not good enough to hide anything by.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from academichub.model.briefing import Role
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST: Final = 1_000  # characters of a sentence that are looked at

_BETWEEN: Final = "\t"  # the fields of a line of rolecues.tsv
_HEADING: Final = "heading"  # in place of a weight


def heading_of(sentence: str) -> tuple[Role, int] | None:
    """Find the heading that opens a sentence: its role and where what it heads begins."""
    found = _headings().match(sentence[:_LONGEST])
    if found is None or found.lastgroup is None:
        return None
    return Role(found.lastgroup), found.end()


def role_of(sentence: str, position: int, count: int) -> Role:
    """Tell what one sentence of an abstract does.

    Args:
        sentence: As it is written, with its heading if it has one.
        position: Of the sentence in its abstract, from 0.
        count: How many sentences the abstract has, at least 1.
    """
    headed = heading_of(sentence)
    if headed is not None:
        return headed[0]
    votes = dict(zip(Role, _by_place(position, count), strict=True))
    for role, weight, cue in _cues():
        if cue.search(sentence[:_LONGEST]):
            votes[role] += weight
    return max(votes, key=lambda role: votes[role])


def roles(text: str, spans: Sequence[tuple[int, int]] | None = None) -> tuple[Role, ...]:
    """Tell what each sentence of an abstract does; what stands below a heading is of its kind.

    Args:
        text: The abstract.
        spans: What `sentences(text)` gives, where it is known.

    Returns:
        As many as there are sentences.
    """
    spans = sentences(text) if spans is None else spans
    out: list[Role] = []
    section: Role | None = None
    for position, (start, end) in enumerate(spans):
        sentence = text[start:end]
        headed = heading_of(sentence)
        section = headed[0] if headed is not None else section
        out.append(_role_below(section, sentence, position, len(spans)))
    return tuple(out)


def role_at(text: str, spans: Sequence[tuple[int, int]], position: int) -> Role:
    """Tell what one sentence of an abstract does, as `roles` does of all."""
    pieces = [text[start:end] for start, end in spans[: position + 1]]
    headings = [headed for headed in map(heading_of, pieces) if headed is not None]
    section = headings[-1][0] if headings else None
    return _role_below(section, pieces[position], position, len(spans))


def _role_below(section: Role | None, sentence: str, position: int, count: int) -> Role:
    """Tell what a sentence does below a heading, or below none."""
    if section in (None, Role.RESULT):
        role = role_of(sentence, position, count)
        # Authors seldom give limits a heading of their own.
        return role if section is None or role is Role.LIMIT else section
    return section


def _by_place(position: int, count: int) -> tuple[float, float, float, float, float]:
    """Give what the place alone says, in the order of `Role`.

    An abstract runs from background by way of aim and method to results; its last sentence may be a limit.
    """
    place = position / max(1, count - 1)
    background = 2.4 if position == 0 and count > 1 else 1.6 * (1 - 2.2 * place)
    aim = 1.2 - 3.0 * abs(place - 0.3)
    method = 1.2 - 2.4 * abs(place - 0.5)
    result = -0.6 + 2.6 * place
    limit = -2.0 + (1.0 if place > 0.6 else -1.5)  # noqa: PLR2004  # a limit of ours comes late
    return background, aim, method, result, limit


def _lines() -> Iterator[list[str]]:
    """Read the cues that lie beside this module: role, weight, regular expression."""
    table = files("academichub.briefing").joinpath("rolecues.tsv").read_text(encoding="utf-8")
    return (line.split(_BETWEEN) for line in table.splitlines() if not line.startswith("#"))


@cache
def _cues() -> tuple[tuple[Role, float, re.Pattern[str]], ...]:
    return tuple(
        (Role(role), float(weight), re.compile(cue, re.IGNORECASE))
        for role, weight, cue in _lines()
        if weight != _HEADING
    )


@cache
def _headings() -> re.Pattern[str]:
    """Put the headings into one pattern; the name of the group is the role."""
    words = "|".join(f"(?P<{role}>{cue})" for role, weight, cue in _lines() if weight == _HEADING)
    closing = r"\s*[\]】）)]\s*[:：]?\s*|\s*[:：.\-—–]\s+|\s*[:：]|\s*\Z"
    return re.compile(rf"\s*[\[【（(]?(?:{words})(?:{closing})", re.IGNORECASE)
