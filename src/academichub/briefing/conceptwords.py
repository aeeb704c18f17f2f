"""Cut a text into the words that concepts are made of, and tell which rows of words can be one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.text.cutting import STOP_WORDS, is_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 4  # words of a concept
LONGEST_TEXT: Final = 20_000  # characters that are read of one text
JOINED: Final = "-"  # before a word that a hyphen ties to the one before it
HYPHENS: Final = frozenset("-‐‑")
INNER: Final = "of"  # the one stop word that may stand inside: "equation of state"

_LONGEST_WORD: Final = 32
_SHORTEST_PLURAL: Final = 4
_LONGEST_NUMBER: Final = 2  # digits, of a number that a hyphen ties on: "GPT-4", "COVID-19"
# A word (an apostrophe inside), one that a hyphen ties to the one before, a formula, a command, or a mark
# that parts. The most frequent comes first, and no two begin alike: nothing is tried twice.
TOKEN: Final = re.compile(
    r"[^\W_]+(?:['’][^\W_]{2,})?"
    r"|[-‐‑](?:(?<=[^\W_].)[^\W_]+(?:['’][^\W_]{2,})?)?"
    r"|\$(?:[^$\n]{1,300}\$)?|\\[A-Za-z]*|[^\w\s]"
)

# Words that say how a paper is written, not what it is about. They part as punctuation does.
_PARTING_WORDS: Final = """
able according achieve achieved achieves achieving across additional additionally address addressed
addresses addressing aim aims al allow allowing allows already although always analyse analysed analyze
analyzed another anymore apart applied applies apply applying arise arises around art ask asked associated
available based become becomes best better beyond bring brings broader called cannot careful carefully
certain challenges challenging changes choose clear clearly com combine combined combines combining come
comes common commonly compare compared comparing compelling complete comprehensive compute computed conclude
conduct conducted consider considered considering consistent consistently consists containing contains
contrast contribute contributes corresponding create created creates creating crucial currently decade
dedicated deeper define defined defines demonstrate demonstrated demonstrates demonstrating depend depending
depends derive derived describe described describes designed designing desired despite detail detailed
details determine determined develop developed developing develops difference different directly discuss
discussed distinct due easily effective effectively efficient eg emph employ employed employing enable
enabled enables enabling enhance enhanced enhances enhancing ensure ensures ensuring entire equally
especially essential establish established et evaluate evaluated evaluating even exactly examine examined
example examples exhibit exhibits exist existing exists experiments explain explicit explicitly explore
explored exploring express expressed extend extended extends extensive facilitate fact far features final
finally find finding findings finds five focus focused focuses focusing follow followed following follows
forms found four framework frequently fully fundamental furthermore future gain gains generally get gets
github give given gives goal goals good great greater greatly growing help helps hence higher highlight
highlights highly href http https hundred idea ideas identified identify identifying ie illustrate impact
implement implemented implies imply important importantly improve improved improves improving include
included includes including increase increased increases increasing increasingly indeed indicate indicates
indicating insight insights inspired instead integrate integrates interest interesting introduce introduced
introduces introducing investigate investigated investigating involve involves involving issue issues keep
kind know known largely last later latter lead leading leads less let leverage leverages leveraging like
likely limited literature little lower made main mainly maintain maintaining maintains major make makes
making many meaningful means methods modern moreover motivated namely necessary need needed needs never
nevertheless new newly next notable notably note novel number numerous observe observed obtain obtained
obtaining offer offering offers often org outperform outperforms overall paper papers paradigm particular
particularly parts perform performed performing performs perspective place points popular possible
potentially powerful practical preliminary present presented presenting presents previous previously
problems promising promote properly properties property propose proposed proposes proposing provide provided
provides providing published purpose quite rapid rapidly rare rarely rather reach reached reason recent
recently reduce reduced reduces reducing regard regarding relevant relies rely relying remain remains
reported require required requires requiring respectively result resulting results reveal revealed reveals
rise run section see seen serve serves sets settings seven several shed show showed showing shown shows
significant significantly similar similarly simple simply simultaneously situation six solutions solve
solved solving sometimes sort special specific start still straightforward strategies strongly studied
studies study studying subject substantial substantially successful successfully sufficient suggest
suggested suggests suitable supports systematic systematically take taken takes taking tasks technique
techniques ten terms tested textbf textit thereby therefore third three today toward towards traditional
true try turn types typical typically underlying understand unified unique unlike upcoming url used useful
usually utilize utilized utilizing validate validated variety various vary varying vast versus view ways
whereas whole wide widely without work works worth www year yet yield yields
"""
# Words that say nothing alone but belong to phrases: "time series", "value iteration".
_WITHIN_WORDS: Final = """
broad challenge change choice close code current design experiment experimental feature first force form
general group hard high integrated key long low mean measure method multiple natural one open order part
point problem process range real robust role second set setting short shot single small solution standard
state strategy strong support survey task term test time tool total type value way world zero
"""
# Words that leave a phrase open at its end.
_NOT_LAST_WORDS: Final = """
anti assisted aware based broad close cross current deep dependent dimensional driven enabled experimental
free general guided hard high induced informed inspired inter intra large level like long low multi multiple
natural non one open order oriented post pre pseudo quasi real related scale self semi short single small
specific strong sub super type ultra wise zero
"""
# Words that a hyphen ties to what they are about: "simulation-based". Alone they part.
_NOT_FIRST_WORDS: Final = """
assisted aware based driven enabled guided induced informed inspired like oriented related wise
"""
_PARTING: Final = frozenset(_PARTING_WORDS.split())
_WITHIN: Final = frozenset(_WITHIN_WORDS.split())
_NOT_LAST: Final = frozenset(_NOT_LAST_WORDS.split())
_NOT_FIRST: Final = frozenset(_NOT_FIRST_WORDS.split())
_LONE: Final = frozenset("ais")  # "a" and "I" are words that part; an s is left of "Newton's"
_SHORTEST: Final = 3  # letters of a word that is a concept by itself


def words_of(text: str) -> list[str]:
    """Give the tokens of a text; one that a hyphen ties to the last begins with `JOINED` or its like."""
    return TOKEN.findall(text[:LONGEST_TEXT])


def spans_of(text: str) -> Iterator[tuple[str, int, int]]:
    """Give the tokens of a text and where each word begins (its hyphen left out) and ends."""
    for match in TOKEN.finditer(text, 0, LONGEST_TEXT):
        token = match[0]
        yield token, match.start() + is_joined(token), match.end()


def is_joined(token: str) -> bool:
    """Tell whether a hyphen ties a token to the one before it."""
    return len(token) > 1 and token[0] in HYPHENS


@lru_cache(maxsize=1 << 16)
def word_of(token: str) -> str:
    """Give the word that a token counts as: small letters, the singular. "" where it parts phrases."""
    joined = is_joined(token)
    bare = token[1:] if joined else token
    if len(bare) > _LONGEST_WORD or not bare[0].isalnum() or is_alone(bare[0]):
        return ""
    if bare.isdigit() and not (joined and len(bare) <= _LONGEST_NUMBER):
        return ""
    low = bare.lower().replace("'", "").replace("’", "")
    if low in _LONE and not joined:
        return ""
    if low in _WITHIN or low == INNER:
        return low
    if (low in STOP_WORDS or low in _PARTING) and not (joined and low in _NOT_FIRST):
        return ""
    return singular(low)


def singular(word: str) -> str:
    """Take the plural off an English word; what only looks like one may lose its s, the same everywhere."""
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is", "ics")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL + 1:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1]


def may_begin(word: str) -> bool:
    """Tell whether a concept of several words may begin with this one."""
    return word not in _NOT_FIRST and word != INNER


def may_end(word: str) -> bool:
    """Tell whether a concept may end with this word."""
    return word not in _NOT_LAST and word != INNER


def may_stand_alone(word: str) -> bool:
    """Tell whether a word may be a concept by itself."""
    if len(word) < _SHORTEST or word.isdigit() or word in _WITHIN:
        return False
    return may_begin(word) and may_end(word)


def releases(word: str) -> bool:
    """Tell whether a word lets a concept end at the hyphen before it: "flow-matching-based"."""
    return word in _NOT_FIRST
