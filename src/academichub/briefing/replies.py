"""Read what a language model answered: JSON if it is there, whole or cut short, whatever stands around it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS: Final = 200_000  # of an answer that is looked at
MOST_SENTENCES: Final = 24  # of one answer
MOST_QUOTES: Final = 6  # of one sentence
LONGEST_SENTENCE: Final = 900  # characters
LONGEST_QUOTE: Final = 2_000
_MOST_STARTS: Final = 400  # braces tried, so that an answer of braces costs little
_THOUGHT: Final = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_DECODER: Final = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as the model wrote it, and the number of the paper it says it is from."""

    paper: int
    quote: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as the model wrote it."""

    text: str
    quotes: tuple[Quoted, ...]


def read_sentences(answer: str) -> tuple[Said, ...]:
    """Read sentences with their quotes; what has another shape is passed over.

    An answer that was cut short gives the sentences that were complete.
    """
    found: list[Said] = []
    for one in _objects(answer, "sentences"):
        said = _said(one)
        if said is not None:
            found.append(said)
        if len(found) == MOST_SENTENCES:
            break
    return tuple(found)


def read_quotes(answer: str) -> tuple[Quoted, ...]:
    """Read quotes that were drawn from papers: {"papers": [{"paper": 1, "quotes": ["..."]}]}."""
    found: list[Quoted] = []
    for one in _objects(answer, "papers"):
        paper, quotes = one.get("paper"), one.get("quotes")
        if not isinstance(paper, int) or isinstance(paper, bool) or not isinstance(quotes, list):
            continue
        found += [
            Quoted(paper, text.strip()) for text in quotes[:MOST_QUOTES] if _is_text(text, LONGEST_QUOTE)
        ]
    return tuple(found)


def read_plan(answer: str) -> tuple[tuple[int, ...], ...]:
    """Read which papers each point is to bring together: {"points": [{"papers": [1, 2]}]}."""
    found = []
    for one in _objects(answer, "points"):
        papers = one.get("papers")
        if isinstance(papers, list):
            numbers = tuple(dict.fromkeys(number for number in papers[:MOST_QUOTES] if _is_number(number)))
            if numbers:
                found.append(numbers)
    return tuple(found)


def read_fields(answer: str, *names: str) -> dict[str, str] | None:
    """Read an object's text fields; None where one of them is missing, empty or too long."""
    for one in _every_object(_bare(answer)):
        values = {name: one.get(name) for name in names}
        if all(_is_text(value, LONGEST_QUOTE * 10) for value in values.values()):
            return {name: str(value).strip() for name, value in values.items()}
    return None


def _said(one: dict[str, Any]) -> Said | None:
    text, quotes = one.get("text"), one.get("quotes")
    if not _is_text(text, LONGEST_SENTENCE) or not isinstance(quotes, list):
        return None
    kept = [
        Quoted(each["paper"], each["quote"].strip())
        for each in quotes[:MOST_QUOTES]
        if isinstance(each, dict)
        and _is_number(each.get("paper"))
        and _is_text(each.get("quote"), LONGEST_QUOTE)
    ]
    return Said(" ".join(str(text).split()), tuple(kept))


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= longest


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _objects(answer: str, name: str) -> Iterator[dict[str, Any]]:
    """Give the objects of the list with that name; of a list that breaks off, those before the break."""
    text = _bare(answer)
    for whole in _every_object(text):
        listed = whole.get(name)
        if isinstance(listed, list):
            yield from (one for one in listed if isinstance(one, dict))
            return
    at = text.find(f'"{name}"')
    start = text.find("[", at) if at >= 0 else -1
    while start >= 0:
        start = text.find("{", start)
        if start < 0:
            return
        try:
            one, start = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        yield one


def _every_object(text: str) -> Iterator[dict[str, Any]]:
    """Give the outermost objects of a text, in order."""
    at, tried = text.find("{"), 0
    while at >= 0 and tried < _MOST_STARTS:
        tried += 1
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        yield value
        at = text.find("{", end)


def _bare(answer: str) -> str:
    """Take away what a model thinks aloud."""
    return _THOUGHT.sub("", answer[:MOST_CHARACTERS])
