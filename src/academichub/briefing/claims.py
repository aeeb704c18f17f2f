"""Find what a sentence claims of a concept: that it raises something, lowers it, is robust, or is so much.

Precision comes first. A claim is taken only where the concept itself is the subject: "pretraining improves
robustness", not "our method with pretraining improves robustness". A condition ("only if", "when") makes a
claim one of its own, and it is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from academichub.briefing.conceptwords import spans_of, word_of
from academichub.briefing.quantities import quantities
from academichub.text.cutting import STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.briefing.concepts import Found

MOST_OBJECT: Final = 6  # words behind a verb that can be its object
_SHORTEST: Final = 3  # letters of a word of the object

# What points up and what points down. Only those of one name are opposites.
_DEGRADES: Final = (
    r"degrad(?:e|es|ed)|hurts?|harm(?:s|ed)?|impair(?:s|ed)?|worsen(?:s|ed)?|undermin(?:e|es|ed)|"
    r"weaken(?:s|ed)?"
)
_DECREASES: Final = (
    r"decreas(?:e|es|ed)|reduc(?:e|es|ed)|lower(?:s|ed)?|suppress(?:es|ed)?|diminish(?:es|ed)?|"
    r"slow(?:s|ed)?|inhibit(?:s|ed)?"
)
_VERBS: Final = {
    "better": (
        r"improv(?:e|es|ed)|enhanc(?:e|es|ed)|boost(?:s|ed)?|strengthen(?:s|ed)?|benefit(?:s|ed)?|helps?",
        _DEGRADES,
    ),
    "more": (
        r"increas(?:e|es|ed)|rais(?:e|es|ed)|amplif(?:y|ies|ied)|accelerat(?:e|es|ed)|promot(?:e|es|ed)",
        _DECREASES,
    ),
    "ahead": (
        r"outperform(?:s|ed)?|surpass(?:es|ed)?|exceed(?:s|ed)?",
        r"underperform(?:s|ed)?|falls? short of|lag(?:s|ged)? behind",
    ),
}
_ADJECTIVES: Final = {
    "robust": (r"robust|resilient|reliable", r"fragile|brittle|vulnerable|unreliable"),
    "needed": (
        r"necessary|essential|indispensable|required|crucial",
        r"unnecessary|redundant|superfluous|dispensable",
    ),
    "favoured": (r"favou?red|preferred|supported", r"disfavou?red|ruled out|excluded|rejected"),
}
_ADVERBS: Final = (
    r"(?:(?:also|consistently|significantly|substantially|strongly|generally|often|greatly|markedly|clearly|"
    r"actually|highly|surprisingly|inherently|always|systematically|notably|further|therefore) )*"
)
_DENIALS: Final = (
    r"does not|do not|did not|cannot|can not|could not|may not|fails? to|failed to|never|no longer"
)


# What every claim has one of, in small letters.
_SIGNS: Final = (
    "improve", "enhance", "boost", "strengthen", "benefit", "help", "degrade", "hurt", "harm", "impair",
    "worsen", "undermine", "weaken", "increase", "raise", "amplif", "accelerate", "promote", "decrease",
    "reduce", "lower", "suppress", "diminish", "slow", "inhibit", "perform", "surpass", "exceed", "short of",
    "behind", "robust", "resilient", "reliable", "fragile", "brittle", "vulnerable", "necessary", "essential",
    "indispensable", "required", "crucial", "redundant", "superfluous", "dispensable", "favored", "favoured",
    "preferred", "supported", "ruled out", "excluded", "rejected",
)  # fmt: skip

_SIGN: Final = AhoCorasick(_SIGNS, matchkind=MatchKind.Standard)


def _ways(directions: dict[str, tuple[str, str]]) -> str:
    return "|".join(f"(?P<up_{name}>{up})|(?P<down_{name}>{down})" for name, (up, down) in directions.items())


_BE: Final = r"(?:is|are|was|were|remains?|proves?|be)"
_CLAIM: Final = re.compile(
    rf"\s(?:(?:can|could|may|might|does|do|did|will) (?!not))?{_ADVERBS}"
    rf"(?:(?P<denied>{_DENIALS}) )?{_ADVERBS}"
    rf"(?:(?:{_ways(_VERBS)})"
    rf"|{_BE} (?P<not>(?:not|no longer) )?{_ADVERBS}(?:{_ways(_ADJECTIVES)}))\b",
    re.IGNORECASE,
)
# A sentence about a case, a wish or a balance, or of a claim that it takes back.
_CONDITIONAL: Final = re.compile(
    r"\b(?:if|when|unless|whether|only|depending|without|except|despite|although|though|while|whereas|but|"
    r"however|would|should|hypothes\w+|assum\w+|conversely|trade-?offs?|up to|at least|until|rather than)\b",
    re.IGNORECASE,
)
# Where the subject of a verb begins at the latest.
_OPENS: Final = re.compile(
    r"[,;:()]|\b(?:that|how|and|find|finds|show|shows|reveals?|demonstrates?|observe|conclude|suggests?|"
    r"indicates?|confirms?)\b",
    re.IGNORECASE,
)
# Subjects that are not the concept alone: a work's own method, a part of it, what comes with it.
_MODIFIED: Final = re.compile(
    r"\b(?:our|we|it|they|ours|proposed|this|these|which|novel|new|its|their|with|for|by|to|on|than|between|non|"
    r"no|less|from|via|or|anti|both|some|many|most|few|several|certain|other|not|adding|combining|combined|"
    r"removing|reducing|lack|absence|framework|method|approach|model|baseline)\b",
    re.IGNORECASE,
)
MOST_SUBJECT: Final = 6  # words
_CLAUSE_END: Final = re.compile(
    r"[,;:()]|\b(?:which|that|by|compared|relative|and|through|via|because|as)\b", re.IGNORECASE
)
_STATES: Final = re.compile(r"\s*(?:of|is|was|=|to be|\([^()]{1,20}\) (?:of|is))\s*", re.IGNORECASE)
_GIVES: Final = re.compile(r"(?:\b(?:of|is|was|be)|[=)])\s*\d")
_ERROR: Final = re.compile(r"(?P<value>\d+(?:\.\d+)?)\s*(?:±|\+/-)\s*(?P<error>\d+(?:\.\d+)?)")
# Words for how well something does, by their stems: "accuracy" and "performance" are the same object.
_DOING_WELL: Final = frozenset(map(stem, ("performance", "accuracy", "quality", "effectiveness", "success")))
_NO_UNIT: Final = frozenset({"", "%", "x", "×", "pp"})  # they do not tell what is measured


class Claim(NamedTuple):
    """What a sentence says of a concept."""

    concept: int
    about: str  # the name of the opposites
    is_up: bool
    subjects: frozenset[str]  # stems of the words of the subject
    objects: frozenset[str]  # stems of what it acts on; empty where the subject itself is so
    says: str  # verbatim


class Measure(NamedTuple):
    """How much a sentence says that a concept is."""

    concept: int
    unit: str
    value: float
    error: float  # 0 where none is given
    says: str  # verbatim


def may_claim(sentence: str) -> bool:
    """Tell at little cost whether a sentence can hold a claim or a measure."""
    if not _SIGN.find_matches_as_indexes(sentence.lower()) and not _GIVES.search(sentence):
        return False
    return _CONDITIONAL.search(sentence) is None


def claims(sentence: str, found: Sequence[Found]) -> Iterator[Claim]:
    """Find the claims of a sentence about concepts in it, whose places are offsets into the sentence."""
    if not found or not may_claim(sentence):
        return
    for match in _CLAIM.finditer(sentence):
        opened = [each.end() for each in _OPENS.finditer(sentence, 0, match.start())]
        first = opened[-1] if opened else 0
        subject = sentence[first : match.start()]
        inside = [one for one in found if first <= one.start and one.end <= match.start()]
        if not inside or len(subject.split()) > MOST_SUBJECT or _MODIFIED.search(subject):
            continue
        way = next(name for name, said in match.groupdict().items() if said and "_" in name)
        direction, _, about = way.partition("_")
        is_denied = (match["denied"] is not None) != (match["not"] is not None)
        objects = _stems(sentence[match.end() :]) if about in _VERBS else frozenset()
        if not objects and about in _VERBS:
            continue
        is_up = (direction == "up") != is_denied
        for one in inside:
            yield Claim(one.concept, about, is_up, _stems(subject), objects, match[0].strip())


def measures(sentence: str, found: Sequence[Found]) -> Iterator[Measure]:
    """Find the numbers that a sentence gives for concepts in it: "a Hubble constant of 73 ± 1 km/s/Mpc"."""
    stated = [(one, states) for one in found if (states := _STATES.match(sentence, one.end))]
    if not stated or not may_claim(sentence):
        return
    for one, states in stated:
        rest = sentence[states.end() :]
        given = _ERROR.match(rest)
        first = given.start("error") if given else 0
        quantity = next(iter(quantities(rest[first:])), None)
        if quantity is None or quantity.start or quantity.is_word or quantity.unit in _NO_UNIT:
            continue
        says = rest[: first + quantity.end].strip()
        if given:
            yield Measure(one.concept, quantity.unit, float(given["value"]), float(given["error"]), says)
        else:
            yield Measure(one.concept, quantity.unit, float(quantity.value), 0.0, says)


def _stems(text: str) -> frozenset[str]:
    """Give the stems of the first words of a text, up to the end of its clause."""
    end = _CLAUSE_END.search(text)
    words = [word_of(token) for token, _, _ in spans_of(text[: end.start()] if end else text)]
    stems = {
        stem(word)
        for word in words[:MOST_OBJECT]
        if len(word) >= _SHORTEST and word.isalpha() and word not in STOP_WORDS
    }
    return frozenset("performance" if one in _DOING_WELL else one for one in stems)
