"""Find a quote in the stored abstract of a paper, and keep it as evidence: exact characters, exact place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.briefing.roles import roles
from academichub.model.briefing import Evidence, Span
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from academichub.model.briefing import Paper, Role

FEWEST_WORDS: Final = 4
FEWEST_CHARACTERS: Final = 12
FEWEST_HAN: Final = 6
LONGEST_QUOTE: Final = 4_000  # characters

_HAN: Final = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORD: Final = re.compile(r"[^\W_]+")
_EDGES: Final = re.compile(
    r"\A[\s\"'“”‘’«»「」]*(?:\.{3,}|…+)?[\s\"'“”‘’]*|[\s\"'“”‘’«»「」]*(?:\.{3,}|…+)?[\s\"'“”‘’]*\Z"
)
# What is written one way here and another way there. Only for finding: what is kept is what is stored.
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("‘’‛′ʹʼ`´＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("∼˜～", None),
        **dict.fromkeys("$~{}\\^_", None),
        "…": "...",
        "µ": "μ",
    }
)


def find_quote(paper: Paper, quote: str) -> Evidence | None:
    """Find a quote in a paper's abstract.

    Case, spaces, the looks of hyphens and quotation marks, TeX's dollars, tildes, braces and the like do
    not count; an ellipsis at either end is passed over. The evidence holds what is stored, not what was asked
    for.

    Returns:
        The first place that begins and ends with a word; None where there is none, or where the quote is
        under four words or twelve characters (six where characters are words) and so would fit anywhere.
    """
    if len(quote) > LONGEST_QUOTE:
        return None
    bare = _EDGES.sub("", quote)
    needle, _ = _folded(bare)
    if not needle or not _is_long_enough(bare):
        return None
    found = _find(paper.abstract, needle)
    return None if found is None else evidence_of(paper, *found)


def evidence_of(paper: Paper, start: int, end: int) -> Evidence:
    """Keep a stretch of a paper's abstract as evidence. Raises ValueError where it is no stretch of it."""
    quote = paper.abstract[start:end]
    if not (0 <= start < end <= len(paper.abstract) and quote.strip()):
        message = f"no words at {start} to {end} of the abstract of work {paper.work_id}"
        raise ValueError(message)
    number = next(at for at, (_, last) in enumerate(_spans(paper.abstract), 1) if last > start)
    return Evidence(
        span=Span(paper.work_id, paper.version, start, end, paper.text_hash),
        quote=quote,
        role=_roles(paper.abstract)[number - 1],
        sentence=number,
    )


def is_verbatim(evidence: Evidence, paper: Paper) -> bool:
    """Tell whether evidence is word for word in this version of this paper."""
    span = evidence.span
    return (
        span.work_id == paper.work_id
        and span.version == paper.version
        and span.text_hash == paper.text_hash
        and 0 <= span.start < span.end <= len(paper.abstract)
        and paper.abstract[span.start : span.end] == evidence.quote
    )


def is_within(text: str, whole: str) -> tuple[int, int] | None:
    """Find a text word for word in another, as `find_quote` does, however short; None if it is not there."""
    needle, _ = _folded(text)
    return _find(whole, needle) if needle else None


def _is_long_enough(quote: str) -> bool:
    if len(_HAN.findall(quote)) >= FEWEST_HAN:
        return True
    return len(_WORD.findall(quote)) >= FEWEST_WORDS and len(quote) >= FEWEST_CHARACTERS


def _find(whole: str, needle: str) -> tuple[int, int] | None:
    """Find a folded text where it begins and ends with a word."""
    hay, places = _folded(whole)
    at = hay.find(needle)
    while at >= 0:
        start, end = places[at], places[at + len(needle) - 1] + 1
        if not (_is_inside_word(whole, start) or _is_inside_word(whole, end)):
            return start, end
        at = hay.find(needle, at + 1)
    return None


def _is_inside_word(text: str, at: int) -> bool:
    """Tell whether a place lies between two letters or digits of one word."""
    if at == 0 or at == len(text):
        return False
    before, after = text[at - 1], text[at]
    if _HAN.match(before) or _HAN.match(after):
        return False
    return before.isalnum() and (after.isalnum() or unicodedata.combining(after) > 0)


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """Write a text without what does not count; give it and where each of its characters stood."""
    out: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        for one in _fold_character(character):
            out.append(one)
            places.append(at)
    return "".join(out), tuple(places)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKD", character.translate(_SAME)).translate(_SAME).casefold()
    return "".join(one for one in folded if not (one.isspace() or unicodedata.combining(one)))


@lru_cache(maxsize=256)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return sentences(text)


@lru_cache(maxsize=256)
def _roles(text: str) -> tuple[Role, ...]:
    return roles(text)
