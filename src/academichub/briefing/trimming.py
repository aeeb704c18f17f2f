"""Leave out for the eye what opens a quoted sentence and binds it to text that is not there."""

from __future__ import annotations

import re
from typing import Final

from academichub.briefing.roles import heading_of

_FEWEST: Final = 3  # words that must stay
_MOST_OPENINGS: Final = 4  # "However, in this work, to this end, we"
_LONGEST_OPENING: Final = 240  # characters before the comma
_PAPERS: Final = (
    r"(?:paper|work|article|letter|study|note|thesis|report|survey|review|manuscript|chapter|"
    r"communication|contribution|research|talk|proceeding|tutorial|monograph|dissertation|"
    r"white paper|investigation|project)"
)
_MAIN: Final = rf"(?:we|i|our|this {_PAPERS}|the (?:present |current )?(?:{_PAPERS}|authors?))\b"

# What binds a sentence to the one before it. "Otherwise" and "for the first time" are part of what is said.
_WORDS: Final = (
    "however|moreover|furthermore|additionally|besides|therefore|thus|hence|consequently|accordingly|"
    "nevertheless|nonetheless|meanwhile|similarly|likewise|conversely|finally|lastly|specifically|concretely|"
    "notably|importantly|crucially|interestingly|remarkably|surprisingly|overall|here|instead|indeed|"
    "unfortunately|fortunately|then|next|also|further|subsequently|alternatively|first|firstly|"
    "second|secondly|third|thirdly|fourth|yet|but|and|so|again|equivalently|briefly|still|rather|clearly|"
    "ultimately|afterwards?|"
    "together|taken together|in addition|in particular|in contrast|in summary|in conclusion|in short|"
    "in general|in turn|in this way|in doing so|in response|in fact|in essence|in effect|in total|"
    "in other words|in comparison|for example|for instance|as a result|"
    "as a consequence|as an example|as an application|as a by-?product|as such|on the other hand|"
    "on the contrary|on the one hand|more (?:specifically|precisely|generally|importantly|broadly)|"
    "most (?:importantly|notably)|to this end|to that end|to this aim|to do so|to do this|towards? this end|"
    "with this in mind|by contrast|by doing so|by doing this|at the same time|last but not least|"
    "conclusions?|results?|methods?|e\\.g\\.|i\\.e\\."
)
_CONNECTIVE: Final = re.compile(rf"(?:{_WORDS})\s*,\s+", re.IGNORECASE)
# Without a comma only where a main clause plainly begins.
_BARE: Final = re.compile(
    rf"(?:here(?:in)?|thus|hence|therefore|then|next|and|but|so|yet|first|finally|"
    rf"in (?:this|the present|our) {_PAPERS})\s+(?={_MAIN})",
    re.IGNORECASE,
)
# What may stand before "paper" and leave it this one: never "previous".
_SORTS: Final = (
    "(?:short|brief|new|present|current|review|survey|research|position|technical|perspective|invited)"
)
_IN_THIS_PAPER: Final = re.compile(
    rf"(?:here ?in|(?:in|with|through|throughout|within) (?:this|the present|the current|our)"
    rf"(?: {_SORTS}){{0,2}} {_PAPERS})\s*,\s+",
    re.IGNORECASE,
)
# "To fill this gap, we": an opening clause that points back, before a main clause.
_POINTING: Final = re.compile(
    r"\b(?:this|these|those|such(?! as)|it|its|them|they|their|that|"
    r"the (?:above|latter|former|aforementioned)|"
    r"the (?:gaps?|issues?|challenges?|problems?|limitations?|shortcomings?|bottlenecks?)(?=\s*(?:,|$)))\b",
    re.IGNORECASE,
)
# A purpose, a motive, a means, a concession. Never a condition ("Under these assumptions, we"): without it
# the claim would be a greater one.
_CLAUSE_OPENING: Final = re.compile(
    r"(?:to|in order to|by|while|although|though|despite|unlike|since|because|as|motivated|inspired|based on|"
    r"building|using|following|guided|leveraging|combining|applying|extending|driven|armed|beyond|"
    r"rather than|instead of|exploiting|recogni[sz]ing|along|alongside|towards?|"
    r"for this (?:purpose|reason|goal|aim|end)|in (?:response|view|light|addition|contrast) (?:to|of)|"
    r"with (?:this|these) (?:in mind|goals?|aims?|motivations?))\b",
    re.IGNORECASE,
)
_MAIN_BEHIND: Final = re.compile(rf"\s+(?={_MAIN})", re.IGNORECASE)
# The same without a comma: "To address this problem we".
_UNPARTED: Final = re.compile(r"(?:[\w-]+ ){1,9}?(?=(?:we|this paper)\b)", re.IGNORECASE)
_HAN_OPENING: Final = re.compile(
    r"(?:因此|此外|同时|另外|最后|首先|其次|再次|然而|但是|但|而且|并且|于是|从而|所以|由此|"
    r"例如|为此|对此|鉴于此|有鉴于此|基于此|在此基础上|据此|总之|综上|综上所述|总的来说|具体而言|具体来说|特别地|"
    r"(?:针对|基于|根据|鉴于|为了?解决)(?:这|此|该|上述|以上)[^，。；]{0,30})[，,]\s*"
)
_ODD_NAME: Final = re.compile(r"[a-z]+[-‐]?[A-Z0-9]|[a-z][-‐][a-z]|[a-z] ?[=<>≤≥]")


def shown(quote: str) -> str:
    """Leave out what opens a quote and binds it to text that is not there: "However,", "To fill this gap,".

    For display only; the evidence stays as it is written.

    Returns:
        The end of the quote, only its first letter perhaps made a capital; the whole quote where nothing can
        be left out.
    """
    at = start = _behind_heading(quote)
    for _ in range(_MOST_OPENINGS):
        end = _opening(quote, at)
        if end == at or (len(re.findall(r"\w+", quote[end:])) < _FEWEST and quote[end:].isascii()):
            break
        at = end
    rest = quote[at:]
    if at == start == 0 or _ODD_NAME.match(rest):
        return rest
    capital = rest[0].upper()
    return capital + rest[1:] if len(capital) == 1 else rest


def _behind_heading(quote: str) -> int:
    headed = heading_of(quote)
    return headed[1] if headed is not None and headed[1] < len(quote) else 0


def _opening(text: str, at: int) -> int:
    """Find where the opening at a place ends; the place itself where there is none."""
    for pattern in (_CONNECTIVE, _IN_THIS_PAPER, _BARE, _HAN_OPENING):
        found = pattern.match(text, at)
        if found is not None:
            return found.end()
    if not _CLAUSE_OPENING.match(text, at):
        return at
    return _clause(text, at)


def _clause(text: str, at: int) -> int:
    """Find the end of an opening clause that points back and has the main clause behind it."""
    unparted = _UNPARTED.match(text, at)
    if unparted is not None and _POINTING.search(unparted[0]):
        return unparted.end()
    for comma in _commas(text, at):
        main = _MAIN_BEHIND.match(text, comma + 1)
        if main is not None:
            return main.end() if _POINTING.search(text, at, comma) else at
    return at


def _commas(text: str, at: int) -> list[int]:
    """List the commas of a sentence's beginning that stand in no bracket and no formula."""
    found: list[int] = []
    depth = 0
    is_formula = False
    for place, mark in enumerate(text[at : at + _LONGEST_OPENING], at):
        if mark == "$":
            is_formula = not is_formula
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "," and depth <= 0 and not is_formula:
            found.append(place)
    return found
