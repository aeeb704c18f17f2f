"""Hold a translation against its original: what can be checked without understanding either.

Numbers with their units and signs, citations and links, names in Latin letters, denials, directions, the
terms of the glossary, the length and the language. What passes is not proved to be a good translation.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from academichub.briefing.chinesenumbers import chinese_value
from academichub.briefing.crosschecking import compare_across
from academichub.briefing.foreign import is_foreign
from academichub.briefing.levelling import level
from academichub.briefing.links import addresses
from academichub.briefing.quantities import NUMBER_WORDS, quantities
from academichub.briefing.quoting import evidence_of
from academichub.briefing.wording import names, source_names
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from academichub.briefing.quantities import Quantity
    from academichub.model.briefing import Evidence, Paper

LEAST: Final = {"zh": 0.15, "en": 1.2}  # characters of a translation for each of the original
MOST: Final = {"zh": 1.1, "en": 8.0}
SLACK: Final = 24  # characters by which a short text may be shorter or longer
MOST_LATIN: Final = 0.75  # of the letters of a Chinese text: names and formulas stay as they are
MOST_HAN: Final = 0.1  # of the letters of an English text: a name in brackets
HAN_WEIGHT: Final = 2  # letters that a Chinese character stands for

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_REFERENCE: Final = re.compile(
    r"\[\s*\d{1,3}(?:\s*[,;\u2013\u2014-]\s*\d{1,3})*\s*\]"  # [3], [3, 5-7]
    r"|\b10\.\d{4,9}/[!#-;=?-\[\]-~]+[\w/]"  # a DOI
    r"|\b\d{4}\.\d{4,5}(?:v\d+)?\b"  # arXiv's
)
_YEARS: Final = range(1500, 2101)
_UNITLESS_YEARS: Final = frozenset({"", "yr", "th"})  # "2020", "2020年", "1990s"
_UNITLESS_TIMES: Final = frozenset({"", "times"})  # "ten times", "十次"
# What is said with a word of another kind here and with a numeral there.
_SPOKEN_WORDS: Final = {
    1: "first firstly once one single january",
    2: (
        "second secondly both pair pairs pairwise dual twin binary double doubles doubled "
        "doubling half halves halved twice couple february "
    ),
    3: "third thirds thirdly triple triples tripled ternary thrice march",
    4: "fourth quarter quarters quadruple april",
    5: "fifth may",
    6: "sixth june",
    7: "seventh july",
    8: "eighth august",
    9: "ninth september",
    10: "tenth decade decades october",
    12: "dozen dozens december",
    100: "hundred hundreds century",
    1_000: "thousand thousands",
    10**6: "million millions",
    10**9: "billion billions",
    0: "zero",
    11: "november",
}
_SPOKEN: Final = {word: value for value, words in _SPOKEN_WORDS.items() for word in words.split()}
_SPOKEN_HAN: Final[Mapping[str, int]] = {"双": 2, "俩": 2, "半": 2, "倍": 2, "首": 1, "单": 1}
_NUMERAL: Final = re.compile("[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?[万亿]{0,2}")
_WORD: Final = re.compile(r"[A-Za-z]+")
_DIMENSIONS: Final = re.compile(r"\d-?D")  # "3D" is "三维" in Chinese
_SEAM: Final = re.compile("(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])")
# Spellings of Chinese that the table of units has not: before numbers are read, they become its own.
_RESPELLED: Final = (
    (re.compile("(?<=[A-Za-z])(?=[\u3400-\u9fff])"), " "),
    (re.compile("个?百分点"), "%"),
    (re.compile("(?<=[\\d\u3400-\u9fff])公里"), "km"),
    (re.compile("(?<=[\\d\u3400-\u9fff])公斤"), "kg"),
    (re.compile("(?<=月)(\\d{1,2})[日号]"), r"\1 "),
    (re.compile("(\\d{1,2})月"), r"\1 "),
)


@dataclass(frozen=True, slots=True)
class Held:
    """What a translation is found to be."""

    reasons: tuple[str, ...] = ()  # why it may not be shown
    warnings: tuple[str, ...] = ()  # what is shown with it


def hold(text: str, part: str, paper: Paper, *, language: str) -> Held:
    """Hold the translation of a part of a paper against it.

    Args:
        text: The translation.
        part: "title" or "abstract".
        paper: The paper, in its own language.
        language: Of the translation, "zh" or "en".

    Returns:
        The reasons are "language", "length", "foreign", "reference", "number", "unit", "swapped", "entity",
        "negation", "direction", "coverage". The warning is "entity": a name of the original is not there.
    """
    original = paper.title if part == "title" else paper.abstract
    whole = f"{paper.title}\n{paper.abstract}"
    reasons = dict.fromkeys(_faults_of_form(text, original, language))
    reasons |= dict.fromkeys(_number_faults(original, text))
    if _references(text) != _references(original):
        reasons["reference"] = None
    if any(is_foreign(text[start:end], [whole]) for start, end in sentences(text)):
        reasons["foreign"] = None
    apart = _SEAM.sub(" ", text)
    if language == "zh" and any(not source_names(whole).holds(name) for name in names(apart)):
        reasons["entity"] = None
    if original.strip():
        reasons |= dict.fromkeys(_turned(text, replace(paper, title="", abstract=original)))
    held = source_names(apart)
    lost = language == "zh" and any(not held.holds(name) for name in names(original) if _is_fixed(name))
    return Held(tuple(reasons), ("entity",) if lost and not reasons else ())


# -- form -----------------------------------------------------------------------------------------


def _faults_of_form(text: str, original: str, language: str) -> Iterator[str]:
    han, latin = HAN_WEIGHT * len(_HAN.findall(text)), len(_LATIN.findall(text))
    share = latin / max(1, han + latin) if language == "zh" else han / max(1, han + latin)
    if share > (MOST_LATIN if language == "zh" else MOST_HAN) or not han + latin:
        yield "language"
    least, most = LEAST[language] * len(original) - SLACK, MOST[language] * len(original) + SLACK
    if not least <= len(text) <= most:
        yield "length"


def _references(text: str) -> Counter[str]:
    """Count the citations, identifiers and addresses of a text."""
    found = [re.sub(r"\s", "", one[0]).translate(_DASHES) for one in _REFERENCE.finditer(text)]
    return Counter([*found, *(one.casefold() for one in addresses(text))])


_DASHES: Final = str.maketrans("\u2013\u2014", "--")


def _is_fixed(name: str) -> bool:
    """Tell a name that no translation changes: it has a digit, or a capital behind a small letter."""
    if _DIMENSIONS.fullmatch(name):
        return False
    return any(one.isdigit() for one in name) or bool(re.search(r"[a-z][A-Z]", name))


# -- meaning --------------------------------------------------------------------------------------


def _turned(text: str, original: Paper) -> Iterator[str]:
    """Say what the briefing's own rules across languages find: in the whole, and sentence by sentence.

    Where there are as many sentences as in the original, each is laid beside its own; else the first and
    the last, where a denial of all the rest would stand.

    Args:
        text: The translation.
        original: A paper whose abstract is what was translated.
    """
    whole = evidence_of(original, 0, len(original.abstract))
    # Numbers and names are held by other rules; of those on numbers only their places are wanted here.
    yield from (one for one in _compared(text, original, whole) if one not in {"number", "unit", "entity"})
    ours, theirs = sentences(text), sentences(original.abstract)
    pairs = list(zip(ours, theirs, strict=False))
    if len(ours) != len(theirs) and pairs:
        pairs = [pairs[0], (ours[-1], theirs[-1])]
    for (start, end), (first, last) in pairs:
        found = _compared(text[start:end], original, evidence_of(original, first, last))
        yield from (one for one in found if one in {"negation", "direction"})


def _compared(text: str, original: Paper, beside: Evidence) -> tuple[str, ...]:
    return compare_across(text, [(original.title, original.abstract)], [beside]).reasons


# -- numbers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of a text."""

    figures: Counter[tuple[str, str]]  # in digits: value and unit
    words: tuple[tuple[str, str], ...]  # in letters or numerals that are surely numbers
    spoken: frozenset[str]  # values of all that may be a number in letters or numerals


def _number_faults(original: str, text: str) -> Iterator[str]:
    """Say where the numbers of two texts differ: "number", "unit"; each at most once."""
    theirs, ours = _numbers(original), _numbers(text)
    lacking, extra = theirs.figures - ours.figures, ours.figures - theirs.figures
    lost = [one for one in lacking.elements() if not _is_said(one, ours)]
    new = [one for one in extra.elements() if not _is_said(one, theirs)]
    if {value for value, _ in lost} & {value for value, _ in new}:
        yield "unit"
    has_others = {value for value, _ in lost} != {value for value, _ in new}
    if has_others or not (_are_there(theirs, ours) and _are_there(ours, theirs)):
        yield "number"


def _is_said(one: tuple[str, str], other: _Numbers) -> bool:
    """Tell whether a number in digits is there in letters."""
    value, unit = one
    return one in other.words or (not unit and value in other.spoken)


def _are_there(some: _Numbers, other: _Numbers) -> bool:
    """Tell whether all that are surely numbers in letters are there, in digits or letters."""
    values = {value for value, _ in other.figures} | {value for value, _ in other.words} | other.spoken
    return all(value in values for value, _ in some.words)


def _numbers(text: str) -> _Numbers:
    flat = level(text)
    for pattern, instead in _RESPELLED:
        flat = pattern.sub(instead, flat)
    found = quantities(flat)
    spoken = {str(NUMBER_WORDS[word]) for word in _words(flat) if word in NUMBER_WORDS}
    spoken |= {str(_SPOKEN[word]) for word in _words(flat) if word in _SPOKEN}
    spoken |= {str(value) for sign, value in _SPOKEN_HAN.items() if sign in flat}
    spoken |= {f"{chinese_value(one[0]):f}" for one in _NUMERAL.finditer(flat)}
    return _Numbers(
        figures=Counter(_keyed(one) for one in found if _is_figure(one, flat)),
        words=tuple(_keyed(one) for one in found if not _is_figure(one, flat)),
        spoken=frozenset(spoken),
    )


def _words(flat: str) -> Iterator[str]:
    return (match[0].lower() for match in _WORD.finditer(flat))


def _is_figure(one: Quantity, flat: str) -> bool:
    """Tell a number in digits; "百分之95" is one."""
    return any(character.isdigit() and character.isascii() for character in flat[one.start : one.end])


def _keyed(one: Quantity) -> tuple[str, str]:
    """Write value and unit so that both languages say the same."""
    is_year = one.value.isdecimal() and int(one.value) in _YEARS and one.unit in _UNITLESS_YEARS
    if is_year or one.unit == "th" or one.unit in _UNITLESS_TIMES:
        return one.value, ""
    return one.value, one.unit
