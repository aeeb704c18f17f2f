"""Find the sentences of a plain text: where each begins and ends. Works for English, Chinese and their like.

A full stop ends a sentence unless something says that it does not: a formula or bracket around it, a known
abbreviation or an initial before it, a small letter behind it. A blank line always ends one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Where no sentence ends: formulas between dollars (an amount of money opens none), short brackets.
_SHUT: Final = re.compile(
    r"\$(?=[^\s$])[^$]{1,500}(?<=\S)\$(?!\d)|\([^()]{1,300}\)|\[[^\[\]]{1,300}\]|（[^（）]{1,300}）"
)
_CLOSING: Final = r"[\"'”’»)\]}$」』）】》〉]*"
_STOP: Final = re.compile(
    rf"(?P<wide>[。！？；｡]+){_CLOSING}"
    rf"|(?P<after_han>(?<=[{_HAN}])[.．!?]){_CLOSING}(?=\s|\Z|[{_HAN}])"
    rf"|(?P<plain>[.!?…؟।॥]){_CLOSING}(?=\s|\Z)"
    r"|(?P<glued>(?<=[a-z]{3})\.)(?=[A-Z])"
    r"|(?P<blank>\n[^\S\n]*\n\s*)"
)
# What every stop begins with: looking for one of some characters is quick, trying all of `_STOP` is not.
_MARK: Final = re.compile(r"[。！？；｡.．!?…؟।॥\n]")
_LONGEST_WORD: Final = 24  # characters before a stop that are looked at; no abbreviation is longer
_LAST_WORD: Final = re.compile(r"[^\s(\[{\"'“‘«~,;:/–—-]+\Z")
_WORD: Final = re.compile(r"[^\W\d_]+")
_OPENING: Final = "\"'“‘«([{$「『（【《〈"
_NEVER_FIRST: Final = frozenset(",;:)]}%±.!?…，、；：）】")
# Lower case that may open a sentence: "mRNA", "p53", "arXiv", "k-means", "x = 2".
_ODD_NAME: Final = re.compile(r"[a-z]+[-‐]?[A-Z0-9]|[a-z][-‐][a-z]|[a-z] ?[=<>≤≥]|[\u0370-\u03ff]")
_NUMBERED: Final = re.compile(r"\s*[(\[]?(?:\d{1,2}|[ivx]{1,4}|[a-h])\Z")
_HEADING_ALONE: Final = re.compile(
    r"\s*(?:abstract|aims?|background|conclusions?|context|design|discussion|findings|importance|"
    r"interpretation|introduction|limitations?|materials and methods|methods?|motivation|objectives?|"
    r"patients and methods|purpose|results?|setting|significance|summary)\Z",
    re.IGNORECASE,
)
_INITIAL: Final = re.compile(r"(?:[A-Z]\.[-‐]?)*[A-Z]|[A-Z][a-z]?(?:\.-[A-Z])+")

# No sentence ends behind these, whatever follows.
_BINDING_WORDS: Final = """
e.g i.e c.f eg ie cf vs v.s viz ca approx resp fig figs eq eqs eqn eqns ref refs sect sects tab tabs
thm lem prop def cor alg chap suppl vol vols nos pp dr prof mr mrs messrs dept univ a.k.a aka
w.r.t wrt esp incl excl var subsp ssp spp cv ibid op lett phys rev proc trans astrophys astron math sci
"""
_BINDING: Final = frozenset(_BINDING_WORDS.split())
# A sentence ends behind these only if a word follows that often begins one.
_DOUBTFUL_WORDS: Final = """
al etc i.i.d iid ph.d m.sc b.sc a.m p.m inc ltd co corp jr sr sp st mt lt ft
"""
_DOUBTFUL: Final = frozenset(_DOUBTFUL_WORDS.split())
# Abbreviations before a number, words elsewhere.
_COUNTING_WORDS: Final = "no app art ch p n sec min max par"
_COUNTING: Final = frozenset(_COUNTING_WORDS.split())
_FIRST: Final = """
we the this these that those our in here it they its their however moreover furthermore finally to for while
although though using based therefore thus additionally an by on at as such when with from results
experiments unlike then both there since if after recent recently specifically overall first second third
lastly next also despite given under within among i is are can what how why does compared experimental
extensive code nevertheless hence instead meanwhile consequently
"""
_FIRST_WORDS: Final = frozenset(_FIRST.split())


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Find the sentences of a plain text.

    A heading ("METHODS: We", "Methods. We") belongs to the sentence it opens; one on a line of its own
    between blank lines stands alone. Single line breaks are spaces. Takes time linear in the length of the
    text.

    Returns:
        Start and end of each in characters, in order, none empty, whitespace left outside. What lies between
        them is whitespace.
    """
    shut = _SHUT.finditer(text)
    inside = next(shut, None)
    spans: list[tuple[int, int]] = []
    start = 0
    for stop in _stops(text):
        while inside is not None and inside.end() <= stop.start():
            inside = next(shut, None)
        is_shut = inside is not None and inside.start() < stop.start() and stop.end() < inside.end()
        if stop.lastgroup == "blank" or not (is_shut or _goes_on(text, start, stop)):
            _add(spans, text, start, stop.end())
            start = stop.end()
    _add(spans, text, start, len(text))
    return tuple(spans)


def _stops(text: str) -> Iterator[re.Match[str]]:
    """Find what may end a sentence, in order; no two overlap."""
    end = 0
    for mark in _MARK.finditer(text):
        at = mark.start()
        stop = _STOP.match(text, at) if at >= end else None
        if stop is not None:
            end = stop.end()
            yield stop


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add a span without the whitespace at its ends, if anything is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if left < right:
        spans.append((start + left, start + right))


def _goes_on(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether the sentence that began at `start` goes on behind the stop."""
    if stop.lastgroup == "wide":
        return False
    follows = text[stop.end() : stop.end() + 2 * _LONGEST_WORD].lstrip()
    if not follows:
        return False
    bare = follows.lstrip(_OPENING)
    word = _WORD.match(bare)
    first = word[0] if word else ""
    at = stop.start()
    last = _last_word(text, at)
    if stop.lastgroup == "glued":
        run = text[max(0, at - _LONGEST_WORD) : at].rsplit(maxsplit=1)[-1]
        return first.lower() not in _FIRST_WORDS or any(mark in run for mark in "/@.")
    is_list = text[at] == "…" or text[at - 2 : at] == ".."  # "1, 2, ... 9"
    if follows[0] in _NEVER_FIRST or (is_list and follows[0].isdigit()):
        return True
    if bare[:1].islower() and not _ODD_NAME.match(bare):  # a text without capitals, or no end at all
        return not (first in _FIRST_WORDS and text[at - 4 : at].isalpha()) or last.lower() in _BINDING
    if text[at] not in ".．":
        return False
    before = text[start:at] if at - start <= _LONGEST_WORD else ""
    is_opening = bool(_NUMBERED.match(before) or _HEADING_ALONE.match(before))
    return is_opening or _is_abbreviation(last, follows, first)


def _is_abbreviation(word: str, follows: str, first: str) -> bool:
    """Tell whether a full stop belongs to the word before it.

    Args:
        word: The one before the stop.
        follows: What stands behind it, not empty.
        first: The first word of that; "" if it begins with none.
    """
    opens = first.lower() in _FIRST_WORDS and first[:1].isupper()
    if _INITIAL.fullmatch(word):
        return bool(first) and not (opens and len(first) > 1)
    if word.isupper():  # "MATH." is a name, "Math." the beginning of one
        return False
    small = word.lower()
    if small in _COUNTING:
        return follows[0].isdigit()
    return small in _BINDING or (small in _DOUBTFUL and not opens)


def _last_word(text: str, at: int) -> str:
    found = _LAST_WORD.search(text[max(0, at - _LONGEST_WORD) : at])
    return found[0] if found else ""
