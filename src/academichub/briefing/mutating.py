"""Turn true sentences of abstracts into false ones, to see which the checks catch.

Every mutation is drawn from a `random.Random` that is given,
so that a run can be repeated. The words that turn a
meaning are in part not those that the checks know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.briefing.wording import word_list
from academichub.text.cutting import STOP_WORDS
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

FEWEST_WORDS: Final = 7  # of a sentence that is worth changing
MOST_WORDS: Final = 60

# A number that stands alone: no part of a name, a formula or a version.
_NUMBER: Final = re.compile(r"(?<![\w.,^/_-])\d{1,6}(?:\.\d{1,4})?(?![\w^/_-]|[.,]\d)")
_UNIT: Final = re.compile(
    r"(?<=\d)(?P<space>\s?)(?P<unit>%|percent\b|x\b|×|K\b|ms\b|s\b|GeV\b|TeV\b|MeV\b|keV\b|eV\b|GHz\b|MHz\b|Hz\b|kpc\b"
    r"|Mpc\b|pc\b|km\b|cm\b|mm\b|nm\b|GB\b|MB\b|dB\b|days\b|hours\b|minutes\b|seconds\b|years\b|million\b|billion\b)"
)
_OTHER_UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "%": ("x", " times", " points"),
    "percent": ("times", "units"),
    "x": ("%",),
    "×": ("%",),
    "million": ("billion", "thousand"),
    "billion": ("million", "thousand"),
    "days": ("hours", "weeks"),
    "hours": ("days", "minutes"),
    "minutes": ("hours", "seconds"),
    "seconds": ("minutes", "hours"),
    "years": ("months", "days"),
    "K": ("GeV", "mK"),
    "ms": ("s", "ns"),
    "s": ("ms", "h"),
}
_PHYSICAL: Final = ("GeV", "TeV", "keV", "GHz", "kHz", "kpc", "Mpc", "km", "nm", "GB", "dB", "mK", "ms")
_NAME: Final = re.compile(
    r"(?<![\w-])(?:[A-Z][a-z]*[A-Z0-9][A-Za-z0-9]*|[A-Z]{2,})(?:-[A-Za-z0-9]+)?(?![\w-])"
)
_WORD: Final = re.compile(r"(?<![\w-])[a-z]{6,}(?![\w-])")
_VERB: Final = re.compile(
    r"(?<![\w-])(?P<verb>is|are|was|were|can|could|will|would|should|has been|have been)(?= [a-z]{3,})"
)
_NEGATION: Final = re.compile(
    r" (?:not|never|no longer|hardly)(?= [a-z])"
    r"|(?<=[a-z]) (?:does|do|did) not(?= [a-z])|(?<=\bcan)not(?= [a-z])"
)
_PLAIN_NOT: Final = ("not", "never")
_OTHER_NOT: Final = ("in no way", "far from", "anything but", "at no point", "by no means", "purportedly")
_HARDLY: Final = ("hardly", "no longer", "neither stable nor")
_WRAPPINGS: Final = (
    "It is not the case that {}",
    "It is not true that {}",
    "We do not find that {}",
    "There is no sign that {}",
    "It is false that {}",
    "Nobody has shown that {}",
)
_BASE: Final[Mapping[str, str]] = {
    "achieves": "achieve", "reaches": "reach", "improves": "improve", "reduces": "reduce",
    "outperforms": "outperform",
    "shows": "show", "provides": "provide", "allows": "allow", "enables": "enable", "increases": "increase",
    "yields": "yield", "leads": "lead", "captures": "capture", "requires": "require", "remains": "remain",
    "predicts": "predict", "explains": "explain", "reproduces": "reproduce", "depends": "depend",
    "exhibits": "exhibit", "exceeds": "exceed", "supports": "support", "offers": "offer",
    "produces": "produce",
    "generalizes": "generalize", "preserves": "preserve", "satisfies": "satisfy", "admits": "admit",
}  # fmt: skip
_FLIPPED: Final[Mapping[str, str]] = {
    "increase": "decrease", "increases": "decreases", "increased": "decreased", "increasing": "decreasing",
    "decrease": "increase", "decreases": "increases", "decreased": "increased", "decreasing": "increasing",
    "higher": "lower", "lower": "higher", "improve": "degrade", "improves": "degrades",
    "improved": "degraded",
    "improving": "degrading", "improvement": "degradation", "improvements": "degradations",
    "reduce": "increase",
    "reduces": "increases", "reduced": "increased", "reducing": "increasing", "reduction": "increase",
    "better": "worse", "worse": "better", "faster": "slower", "slower": "faster", "larger": "smaller",
    "smaller": "larger", "stronger": "weaker", "weaker": "stronger", "above": "below", "below": "above",
    "outperform": "underperform", "outperforms": "underperforms", "outperforming": "underperforming",
    "more": "less", "less": "more", "positive": "negative", "negative": "positive", "enhance": "suppress",
    "enhances": "suppresses", "enhanced": "suppressed", "growth": "decline", "high": "low", "low": "high",
}  # fmt: skip
_THIRD_PERSON: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(_BASE)})(?= [a-z])")
# Opposites of the same words that the checks' lists do not hold.
_FLIPPED_OTHERWISE: Final[Mapping[str, str]] = {
    "increase": "plunge", "increases": "curtails", "increased": "dwindled", "increasing": "dwindling",
    "decrease": "upsurge", "decreases": "swells", "decreased": "swelled", "decreasing": "mounting",
    "higher": "feebler", "lower": "steeper", "improve": "impair", "improves": "impairs",
    "improved": "impaired",
    "improving": "impairing", "improvement": "impairment", "improvements": "setbacks", "reduce": "inflate",
    "reduces": "inflates", "reduced": "inflated", "reducing": "inflating", "reduction": "upsurge",
    "better": "clumsier", "faster": "tardier", "larger": "tinier", "smaller": "bulkier",
    "stronger": "frailer",
    "weaker": "sturdier", "outperform": "trail", "outperforms": "trails", "outperforming": "trailing",
    "enhance": "hamper", "enhances": "hampers", "enhanced": "hampered", "growth": "slump",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """A sentence to be judged against a source."""

    sentence: str
    title: str
    source: str
    supported: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paper to make trials of."""

    title: str
    abstract: str
    category: str = ""


def trials(texts: Sequence[Text], rng: random.Random, *, most: int) -> list[Trial]:
    """Make trials of every kind, at most so many of each, from papers in the order given.

    True ones are of kind "verbatim" and "clause dropped".

    Args:
        texts: Papers with abstracts, at least two.
        rng: Where chance comes from.
        most: How many trials of each kind.
    """
    out: list[Trial] = []
    made: dict[str, int] = {}
    by_category: dict[str, list[Text]] = {}
    for text in texts:
        by_category.setdefault(text.category, []).append(text)
    for text in texts:
        lines = _lines(text.abstract)
        if not lines:
            continue
        for kind, change in _CHANGES.items():
            if made.get(kind, 0) >= most:
                continue
            line = rng.choice(lines)
            other = _another(text, by_category[text.category] if kind.endswith("near") else texts, rng)
            changed = None if other is None else change(line, text, other, rng)
            if changed is not None:
                made[kind] = made.get(kind, 0) + 1
                out.append(changed if isinstance(changed, Trial) else _trial(text, changed, kind))
    return out


def _trial(text: Text, sentence: str, kind: str) -> Trial:
    return Trial(sentence, text.title, text.abstract, kind in TRUE_KINDS, kind)


def _lines(abstract: str) -> list[str]:
    """Give the sentences of an abstract that are of a usual length."""
    lines = [abstract[start:end] for start, end in sentences(abstract)]
    return [line for line in lines if FEWEST_WORDS <= len(line.split()) <= MOST_WORDS]


def _another(text: Text, texts: Sequence[Text], rng: random.Random) -> Text | None:
    """Draw a paper that is another one and has sentences; None if a few draws find none."""
    for _ in range(8):
        other = rng.choice(texts)
        if other.abstract != text.abstract and _lines(other.abstract):
            return other
    return None


def _put(line: str, match: re.Match[str], instead: str) -> str:
    return line[: match.start()] + instead + line[match.end() :]


def _drawn(pattern: re.Pattern[str], line: str, rng: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(line))
    return rng.choice(found) if found else None


# -- what is done to a sentence: None where it has nothing to be done to ------------------------------


def _verbatim(line: str, _text: Text, _other: Text, _rng: random.Random) -> str | None:
    return line


def _drop_clause(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    """Leave out what stands between two commas or in brackets, or behind the last comma."""
    inner = re.compile(
        r"(?<=[a-z]), (?:which|where|who|including|such as|with|by|using|while)\b[^,.;:()]{8,80}(?=,)|"
        r" \([^()]{3,60}\)|(?<=[a-z]), (?:which|while|thus|thereby|making|with|using)[^,.;:]{8,80}(?=\.\Z)"
    )
    match = _drawn(inner, line, rng)
    return None if match is None else _put(line, match, "")


def _change_number(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    match = _drawn(_NUMBER, line, rng)
    if match is None:
        return None
    number = match[0]
    at = rng.choice([at for at, sign in enumerate(number) if sign.isdigit()])
    digits = [digit for digit in "123456789" if digit != number[at]]
    return _put(line, match, number[:at] + rng.choice(digits) + number[at + 1 :])


def _swap_numbers(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    found = list(_NUMBER.finditer(line))
    pairs = [(a, b) for at, a in enumerate(found) for b in found[at + 1 :] if float(a[0]) != float(b[0])]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    return line[: one.start()] + other[0] + line[one.end() : other.start()] + one[0] + line[other.end() :]


def _change_unit(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    match = _drawn(_UNIT, line, rng)
    if match is None:
        return None
    choices = _OTHER_UNITS.get(match["unit"]) or [unit for unit in _PHYSICAL if unit != match["unit"]]
    return _put(line, match, match["space"] + rng.choice(choices))


def _change_name(line: str, text: Text, other: Text, rng: random.Random) -> str | None:
    """Put a name of another paper in the place of one."""
    match = _drawn(_NAME, line, rng)
    whole = f"{text.title} {text.abstract}"
    foreign = [name for name in _NAME.findall(f"{other.title}. {other.abstract}") if name not in whole]
    return None if match is None or not foreign else _put(line, match, rng.choice(foreign))


def _swap_names(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    found = list(_NAME.finditer(line))
    pairs = [(a, b) for at, a in enumerate(found) for b in found[at + 1 :] if a[0] != b[0]]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    return line[: one.start()] + other[0] + line[one.end() : other.start()] + one[0] + line[other.end() :]


def _deny(words: Sequence[str]) -> Callable[[str, Text, Text, random.Random], str | None]:
    def change(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
        match = _drawn(_VERB, line, rng)
        return None if match is None else _put(line, match, f"{match['verb']} {rng.choice(words)}")

    return change


def _fail(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    match = _drawn(_THIRD_PERSON, line, rng)
    return None if match is None else _put(line, match, f"fails to {_BASE[match[0]]}")


def _wrap(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    """Put the whole sentence into another one that denies it."""
    begins = line if line[1:2].isupper() else line[:1].lower() + line[1:]
    return rng.choice(_WRAPPINGS).format(begins)


def _shorten_and_deny(line: str, text: Text, other: Text, rng: random.Random) -> str | None:
    """Leave out a clause, so that the sentence is no copy, and deny what is left."""
    short = _drop_clause(line, text, other, rng)
    return None if short is None else _deny(_PLAIN_NOT)(short, text, other, rng)


def _affirm(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
    match = _drawn(_NEGATION, line, rng)
    return None if match is None else _put(line, match, "")


def _flip(opposites: Mapping[str, str]) -> Callable[[str, Text, Text, random.Random], str | None]:
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(opposites)})(?![\w-])")

    def change(line: str, _text: Text, _other: Text, rng: random.Random) -> str | None:
        match = _drawn(pattern, line, rng)
        return None if match is None else _put(line, match, opposites[match[0]])

    return change


def _change_word(line: str, text: Text, other: Text, rng: random.Random) -> str | None:
    """Put a word of another paper in the place of a content word."""
    neutral = word_list("neutral")
    words = [match for match in _WORD.finditer(line) if match[0] not in neutral | STOP_WORDS]
    foreign = [
        word
        for word in _WORD.findall(other.abstract)
        if word not in neutral and word not in STOP_WORDS and word[:5] not in text.abstract.lower()
    ]
    return _put(line, rng.choice(words), rng.choice(foreign)) if words and foreign else None


def _splice(line: str, text: Text, other: Text, rng: random.Random) -> str | None:
    """Join the first half of a sentence and the second half of one of another paper."""
    mine, theirs = line.split(), rng.choice(_lines(other.abstract)).split()
    joined = " ".join([*mine[: len(mine) // 2], *theirs[len(theirs) // 2 :]])
    return None if joined in text.abstract else joined


def _wrong_paper(kind: str) -> Callable[[str, Text, Text, random.Random], Trial | None]:
    def change(line: str, _text: Text, other: Text, _rng: random.Random) -> Trial | None:
        return Trial(line, other.title, other.abstract, supported=False, kind=kind)

    return change


TRUE_KINDS: Final = frozenset({"verbatim", "clause dropped"})
_CHANGES: Final[Mapping[str, Callable[[str, Text, Text, random.Random], str | Trial | None]]] = {
    "verbatim": _verbatim,
    "clause dropped": _drop_clause,
    "number": _change_number,
    "swapped": _swap_numbers,
    "unit": _change_unit,
    "entity": _change_name,
    "entities swapped": _swap_names,
    "negation added": _deny(_PLAIN_NOT),
    "negation added, other words": _deny(_OTHER_NOT),
    "negation added, hardly": _deny(_HARDLY),
    "negation added, fails to": _fail,
    "negation wrapped": _wrap,
    "negation added, shortened": _shorten_and_deny,
    "negation removed": _affirm,
    "direction": _flip(_FLIPPED),
    "direction, other words": _flip(_FLIPPED_OTHERWISE),
    "word": _change_word,
    "spliced": _splice,
    "wrong paper": _wrong_paper("wrong paper"),
    "wrong paper near": _wrong_paper("wrong paper near"),
}
KINDS: Final = tuple(_CHANGES)
