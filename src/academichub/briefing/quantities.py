"""Find the numbers of a text with their units and with what they measure, the same for every spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from academichub.briefing.chinesenumbers import chinese_value
from academichub.briefing.levelling import level
from academichub.text.cutting import STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NUMBER_WORDS: Final = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_TIMES: Final = {"twice": 2, "thrice": 3}
_SCALES: Final = {
    "hundred": 2,
    "thousand": 3,
    "k": 3,
    "million": 6,
    "mn": 6,
    "M": 6,
    "billion": 9,
    "bn": 9,
    "B": 9,
    "trillion": 12,
    "千": 3,
    "万": 4,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "万亿": 12,
}
_NUMBER_WORDS: Final = "|".join(NUMBER_WORDS)
_HAN_NUMBER: Final = "[零〇一二两三四五六七八九十百千]"
_QUANTITY: Final = re.compile(
    r"(?<![A-Za-z0-9_.^])(?<![A-Z]-)(?<![A-Z][a-z]-)(?<![a-z][A-Z]-)(?<!Net-)(?<!\^-)"
    r"(?:(?P<sign>(?<![\w)%])-)?"
    r"(?P<digits>\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?!\.?\d)"
    r"(?:\s?[×x*]\s?10\s?\^?(?P<power>[-+]?\d{1,3})|e(?P<e>[-+]?\d{1,3})(?!\w)|\^(?P<raised>-?\d{1,3}))?"
    r"(?P<scale>\s?(?:thousand|million|billion|trillion|bn|mn|万亿|百万|千万|万|亿|千)(?![a-z])|[kMB](?![\w-]))?"
    rf"|(?P<word>(?i:{_NUMBER_WORDS})(?:-(?i:one|{_NUMBER_WORDS}))?)"
    r"(?P<word_scale>[ -](?:hundred|thousand|million|billion|trillion))?(?![A-Za-z])"
    r"|(?P<fold>(?i:two|three|four|five|six|seven|eight|ten|hundred|thousand))fold(?![A-Za-z])"
    r"|(?P<times>(?i:twice|thrice))(?![A-Za-z])"
    rf"|(?P<percent>百分之)(?P<of_hundred>\d{{1,3}}(?:\.\d{{1,6}})?|{_HAN_NUMBER}{{1,5}}(?:点{_HAN_NUMBER}{{1,6}})?)"
    rf"|(?P<han>(?!一(?!{_HAN_NUMBER})){_HAN_NUMBER}{{1,12}}(?:点{_HAN_NUMBER}{{1,6}})?[万亿]{{0,2}})"
    r"(?=倍|个|种|类|项|次|年|月|天|小时|分钟|秒|阶段|组|篇|名|例|位|成|万|亿|数据集|模型|方法|任务))"
)
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])")
_DECADE: Final = re.compile(r"(?:1[5-9]|20)\d0s")
_NEXT_WORD: Final = re.compile(r"[ -]?([A-Za-z][A-Za-z-]{1,40})")
_WORD_BEFORE: Final = re.compile(r"([A-Za-z][A-Za-z-]{2,40})[^A-Za-z.;]{1,12}\Z")
_AND_THE_LIKE: Final = re.compile(
    r"\s*(?:,|/|-|±|\+/-|to|and|or|through|from|, and|, or|vs\.?|versus|、|至|到|和|~)\s*"
)
_BEFORE: Final = 60  # characters in which the word before a number is looked for
_PREFIXES: Final = ("p", "n", "u", "m", "c", "d", "k", "M", "G", "T", "P")
_SPELLED: Final = {
    "pico": "p", "nano": "n", "micro": "u", "milli": "m", "centi": "c", "deci": "d", "kilo": "k", "mega": "M",
    "giga": "G", "tera": "T", "peta": "P", "皮": "p", "纳": "n", "微": "u", "毫": "m", "厘": "c", "千": "k",
    "兆": "M", "吉": "G",
}  # fmt: skip
_COMPOUND: Final = r"(?:\^-?\d)?(?:\s?/\s?[A-Za-z]{1,4}(?![a-z])(?:\^-?\d)?|[ ×]?[A-Za-z]{1,4}\^-?\d){0,4}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text. Offsets are into `level(text)`."""

    value: str  # canonical decimal, "0.001", "2.5E+6"
    unit: str  # canonical sign, "" where there is none
    noun: str  # stem of the word it counts or measures, "" where none is near
    start: int
    end: int  # behind the unit
    is_word: bool = False  # "three", "twice": written in letters
    is_lent: bool = False  # the unit stands behind a neighbour: "5 and 10 GeV"

    @property
    def said(self) -> str:
        """Value and unit, for comparing and for showing."""
        return f"{self.value} {self.unit}".rstrip()


def quantities(text: str) -> tuple[Quantity, ...]:
    """Find the numbers of a text, in order.

    "95%", "95 %" and "95 percent" are one, so are "1,000" and "1000", "10⁻³" and "$10^{-3}$", "2.5 million"
    and "250万". Digits in names ("GPT-4", "H2O") are no numbers, nor are "one" and ordinals.
    """
    flat = level(text)
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(flat):
        found.extend(_read(flat, match))
    return tuple(_lend_units(flat, found))


def amounts(text: str) -> tuple[str, ...]:
    """List what `quantities` finds but for small numbers in words, as "95 %": the same in every language."""
    return tuple(one.said for one in quantities(text) if not one.is_word)


def _read(flat: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Read one number and its unit, or nothing where it is part of a name."""
    end = match.end()
    is_word = match["digits"] is None
    value = _value(match)
    if match["percent"] or match["fold"] or match["times"]:
        unit = "%" if match["percent"] else "times"
    elif _DECADE.match(flat, match.start()):
        unit, end = "th", end + 1
    else:
        unit, end = _unit(flat, end, is_word=is_word)
        is_name = end < len(flat) and flat[end].isalpha() and flat[end].isascii()
        if is_name and not unit:
            if is_word or not _ORDINAL.match(flat, end):
                return
            end = _ORDINAL.match(flat, end).end()  # type: ignore[union-attr]  # matched above
            unit = "th"
    yield Quantity(value, unit, _noun(flat, match.start(), end), match.start(), end, is_word=is_word)


def _value(match: re.Match[str]) -> str:
    if match["digits"]:
        value = Decimal(match["digits"])
        if match["sign"]:
            value = -value
        if match["raised"]:
            value = value ** int(match["raised"]) if value == 10 else value  # noqa: PLR2004
            if value != Decimal(10) ** int(match["raised"]):
                return f"{_plain(value)}^{match['raised']}"
        power = int(match["power"] or match["e"] or 0) + _SCALES.get((match["scale"] or "").strip(), 0)
        return _plain(value.scaleb(power))
    if match["fold"]:
        fold = match["fold"].lower()
        return _plain(Decimal(NUMBER_WORDS.get(fold) or 10 ** _SCALES[fold]))
    if match["times"]:
        return _plain(Decimal(_TIMES[match["times"].lower()]))
    if match["word"]:
        tens, _, ones = match["word"].lower().partition("-")
        value = Decimal(NUMBER_WORDS[tens] + (1 if ones == "one" else NUMBER_WORDS.get(ones, 0)))
        return _plain(value.scaleb(_SCALES.get((match["word_scale"] or "").strip(" -"), 0)))
    return _plain(chinese_value(match["of_hundred"] or match["han"]))


def _plain(value: Decimal) -> str:
    """Write a number one way: no trailing zeros, no exponent where it is short."""
    value = value.normalize()
    return f"{value:f}" if -7 < value.adjusted() < 16 else str(value)  # noqa: PLR2004  # as floats are written


def _unit(flat: str, at: int, *, is_word: bool) -> tuple[str, int]:
    """Find the unit that begins behind a number: its sign and where it ends; ("", at) if there is none."""
    found = _units().match(flat, at)
    if found is None:
        return "", at
    spelled = found["unit"]
    if is_word and len(spelled) < 3 and spelled.isascii() and spelled.isalpha():  # noqa: PLR2004
        return "", at  # "two K" is no temperature
    return _sign_by_spelling()[spelled.lstrip("-").replace(" ", "-")] + _rest(found["rest"]), found.end()


def _rest(rest: str) -> str:
    """Write the further factors of a unit one way: "km / s" and "km s^-1" as "km/s"."""
    rest = rest.replace(" ", "").replace("×", "")
    return re.sub(r"/?([A-Za-z]+)\^-1", r"/\1", rest)


def _noun(flat: str, start: int, end: int) -> str:
    after = _NEXT_WORD.match(flat, end)
    if after is not None and after[1].lower() not in STOP_WORDS:
        return stem(after[1].lower())
    before = _WORD_BEFORE.search(flat[max(0, start - _BEFORE) : start])
    words = () if before is None else (before[1].lower(),)
    return next((stem(word) for word in words if word not in STOP_WORDS), "")


def _lend_units(flat: str, found: list[Quantity]) -> list[Quantity]:
    """Give the numbers of a list or range the unit that stands behind the last of them."""
    out = found[:]
    for at in range(len(out) - 2, -1, -1):
        one, following = out[at], out[at + 1]
        if not one.unit and following.unit and _AND_THE_LIKE.fullmatch(flat, one.end, following.start):
            out[at] = replace(one, unit=following.unit, is_lent=True)
    return out


def unit_signs() -> Mapping[str, str]:
    """Give the canonical sign of every spelling of a unit."""
    return _sign_by_spelling()


@cache
def _sign_by_spelling() -> Mapping[str, str]:
    """Read the units: the sign of every spelling, with prefixes where a unit takes them."""
    table = files("academichub.briefing").joinpath("units.tsv").read_text(encoding="utf-8")
    signs: dict[str, str] = {}
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        sign, _, spellings = line.partition("\t")
        bare = sign.removeprefix("+")
        for spelling in spellings.split():
            signs[spelling.lstrip("-")] = bare
            if sign.startswith("+"):
                signs |= {one: two for one, two in _prefixed(spelling, bare).items() if one not in signs}
    return signs


def _prefixed(spelling: str, sign: str) -> dict[str, str]:
    if len(spelling) <= 3 and spelling.isascii():  # noqa: PLR2004  # a sign, not a word
        short = {prefix + spelling: prefix + sign for prefix in _PREFIXES}
        return short | {"μ" + spelling: "u" + sign}
    return {word + spelling: prefix + sign for word, prefix in _SPELLED.items()}


@cache
def _units() -> re.Pattern[str]:
    """Put all spellings into one pattern, the longest first. No unit ends inside a word."""
    spellings = sorted(_sign_by_spelling(), key=lambda one: (-len(one), one))
    choice = "|".join(re.escape(one).replace(r"\-", "[ -]") for one in spellings)
    return re.compile(rf"[ -]?(?P<unit>-?(?:{choice}))(?![A-Za-z0-9])(?P<rest>{_COMPOUND})")
