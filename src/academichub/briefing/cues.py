"""Find the words by which authors say what a sentence does: "we propose", "results show", "however"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN: Final = re.compile(r"[a-z]+|[0-9]+|[%?$:;,()]")
NUMBER: Final = "#"  # the token of any run of digits

_REACH: Final = 6  # words between "we" and what we do
_PARTS: Final = frozenset(";:,()")
_WRITERS: Final = frozenset(("we", "authors", "author"))
_WRITINGS_WORDS: Final = """
paper work article letter study note thesis report survey review manuscript
"""
_WRITINGS: Final = frozenset(_WRITINGS_WORDS.split())
_NEAR: Final = frozenset(("this", "our", "the", "present"))
_FINDINGS_WORDS: Final = """
results result experiments experiment evaluation evaluations simulations analysis
"""
_FINDINGS: Final = frozenset(_FINDINGS_WORDS.split())
_BE: Final = frozenset(("is", "are", "was", "were", "been", "be"))


def _forms(*stems: str) -> frozenset[str]:
    """List the forms of regular verbs; a stem ends in its e or y."""
    forms: set[str] = set()
    for stem in stems:
        bare = stem.removesuffix("e")
        forms |= {stem, stem + "s", bare + "ed", bare + "ing"}
        if stem.endswith("y"):
            forms |= {stem[:-1] + "ies", stem[:-1] + "ied"}
    return frozenset(forms)


_MAKE_STEMS: Final = """
propose present introduce develop describe design devise formulate construct create release contribute
extend generalize generalise build offer provide
"""
_MAKE: Final = _forms(*_MAKE_STEMS.split()) | {"built", "give", "gives", "gave"}
_STUDY_STEMS: Final = """
study investigate explore examine analyze analyse address consider review survey tackle revisit focus
aim evaluate compare characterize measure apply test estimate assess discuss calculate compute model
perform leverage
"""
_STUDY: Final = _forms(*_STUDY_STEMS.split()) | {
    *("focuses", "assesses", "discusses", "addresses", "seek", "seeks", "use", "used")
}
_SHOW_STEMS: Final = """
show demonstrate prove derive establish argue observe reveal suggest indicate conclude identify discover
report achieve obtain confirm predict detect determine outperform highlight yield
"""
_SHOW: Final = _forms(*_SHOW_STEMS.split()) | {"find", "finds", "found", "shown", "proven", "establishes"}
_TOLD: Final = frozenset(one for one in _MAKE | _STUDY | _SHOW if one.endswith("ed")) | {
    *("shown", "found", "built", "proven", "given", "seen", "made")
}
_RESULTS: Final = _FINDINGS | {
    *("experimental", "empirically", "empirical", "numerical", "conclusion", "conclusions")
}
_BETTER_WORDS: Final = """
state superior better competitive benchmark benchmarks significant significantly improvement
improvements gains faster accuracy
"""
_BETTER: Final = _forms("outperform", "improve", "surpass", "exceed") | frozenset(_BETTER_WORDS.split())
_KNOWN_WORDS: Final = """
however despite although recent recently existing previous previously prior traditional traditionally
typically often remain remains unclear widely commonly challenging challenge challenges unfortunately
increasingly conventional
"""
_KNOWN: Final = frozenset(_KNOWN_WORDS.split())
_NEW_WORDS: Final = """
novel new first simple efficient general unified framework method approach algorithm architecture
technique dataset
"""
_NEW: Final = frozenset(_NEW_WORDS.split())
_MORE: Final = frozenset(
    ("also", "further", "moreover", "furthermore", "additionally", "finally", "then", "besides")
)
_LINKS: Final = frozenset(("http", "https", "code", "github", "available", "www"))
_CONNECTIVES_WORDS: Final = """
however moreover furthermore additionally finally also further besides thus therefore hence then
consequently while although but and yet instead nevertheless unfortunately meanwhile similarly
conversely unlike
"""
_CONNECTIVES: Final = frozenset(_CONNECTIVES_WORDS.split())
_PRONOUNS: Final = frozenset(
    ("this", "these", "those", "they", "it", "its", "their", "such", "that", "both", "one")
)
_PURPOSES: Final = frozenset(("specifically", "inspired", "motivated", "concretely", "to"))
_METHODS: Final = frozenset(("method", "approach", "model", "framework", "algorithm", "system", "technique"))

# Han: a text in Chinese says the same in its own words.
_HAN_MAKE: Final = re.compile("提出|设计了|构建|建立了|开发了|研制|介绍了|给出了|引入")
_HAN_STUDY: Final = re.compile("研究了|探讨|分析了|考察|采用|利用|运用|通过对|针对|综述|旨在|比较了|讨论了")
_HAN_SHOW: Final = re.compile("表明|显示|发现|证明|得出|揭示|结论|认为|说明|可见")
_HAN_WRITER: Final = re.compile("本文|本研究|本论文|该文|文章|我们|笔者|作者|论文")
_HAN_RESULTS: Final = re.compile("结果|实验|仿真|试验|结论")
_HAN_BETTER: Final = re.compile("优于|提高|显著|降低|改善|提升|明显")
_HAN_KNOWN: Final = re.compile("然而|但是|近年|目前|随着|尚未|缺乏|日益|传统|现有|已有|一直|普遍")
_HAN_NEW: Final = re.compile("新型|新的|一种|首次|创新|方法|模型|算法|框架")
_HAN_MORE: Final = re.compile("此外|同时|另外|最后|进一步|还")
_HAN_CONNECTIVE: Final = re.compile(
    "因此|此外|同时|另外|最后|其次|然而|但是?|而且|并且|于是|从而|所以|由此|例如|再次|而"
)
_HAN_PRONOUN: Final = re.compile("其(?!中)|这|该(?!文|研究)|此(?!外)|它|他们|上述|前者|后者|以上")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_URL: Final = re.compile(r"https?://|www\.")

CUES: Final = (
    "makes",
    "studies",
    "shows",
    "writer",
    "our",
    "names itself",
    "passive",
    "findings",
    "better",
    "known",
    "new",
    "more",
    "opens with the writer",
    "opens with a connective",
    "opens with a pronoun",
    "opens with a purpose",
    "our method",
    "link",
    "question",
)


def tokens(sentence: str) -> tuple[str, ...]:
    """Cut a sentence into small words, the marks that part clauses, and one token for any number."""
    return tuple(NUMBER if one.isdigit() else one for one in _TOKEN.findall(sentence.lower()))


def has_han(sentence: str) -> bool:
    """Tell whether a sentence holds Chinese characters."""
    return _HAN.search(sentence) is not None


def cues(sentence: str, words: Sequence[str]) -> tuple[bool, ...]:
    """Tell which cues a sentence holds, in the order of `CUES`.

    Args:
        sentence: As it is written.
        words: Its `tokens`.
    """
    if has_han(sentence):
        return _han(sentence)
    bag = set(words)
    first = next((one for one in words if one not in _PARTS), "")
    does = _deeds(words)
    names = _names_itself(words)
    opening = words[:_REACH]
    return (
        "makes" in does,
        "studies" in does,
        "shows" in does,
        "we" in bag,
        "our" in bag,
        names,
        _is_passive(words),
        not bag.isdisjoint(_RESULTS),
        not bag.isdisjoint(_BETTER),
        not bag.isdisjoint(_KNOWN),
        not bag.isdisjoint(_NEW),
        not bag.isdisjoint(_MORE),
        "we" in opening or _names_itself(opening),
        first in _CONNECTIVES or tuple(words[:2]) in (("in", "addition"), ("as", "a"), ("for", "example")),
        first in _PRONOUNS and not (first == "this" and not _WRITINGS.isdisjoint(words[1:3])),
        first in _PURPOSES or tuple(words[:2]) == ("in", "particular"),
        any(one in _NEAR and other in _METHODS for one, other in pairwise(words)),
        not bag.isdisjoint(_LINKS),
        "?" in words[-1:],
    )


def _deeds(words: Sequence[str]) -> frozenset[str]:
    """Find what the authors, their paper or their results do within the same clause."""
    found: set[str] = set()
    for at, word in enumerate(words):
        is_writing = word in _WRITINGS and at > 0 and words[at - 1] in _NEAR
        if not (word in _WRITERS or word in _FINDINGS or is_writing):
            continue
        for verb in words[at + 1 : at + 1 + _REACH]:
            if verb in _PARTS:
                break
            kind = _kind(verb)
            if kind:
                found.add(kind)
                break
    return frozenset(found)


def _kind(verb: str) -> str:
    if verb in _MAKE:
        return "makes"
    if verb in _SHOW:
        return "shows"
    return "studies" if verb in _STUDY else ""


def _names_itself(words: Sequence[str]) -> bool:
    return any(one == "this" and other in _WRITINGS for one, other in pairwise(words))


def _is_passive(words: Sequence[str]) -> bool:
    return any(word in _BE and not _TOLD.isdisjoint(words[at + 1 : at + 3]) for at, word in enumerate(words))


def _han(sentence: str) -> tuple[bool, ...]:
    has_writer = _HAN_WRITER.search(sentence) is not None
    opens = _HAN_WRITER.search(sentence[:8]) is not None
    return (
        _HAN_MAKE.search(sentence) is not None,
        _HAN_STUDY.search(sentence) is not None,
        _HAN_SHOW.search(sentence) is not None,
        has_writer,
        False,
        has_writer,
        False,
        _HAN_RESULTS.search(sentence) is not None,
        _HAN_BETTER.search(sentence) is not None,
        _HAN_KNOWN.search(sentence) is not None,
        _HAN_NEW.search(sentence) is not None,
        _HAN_MORE.search(sentence) is not None,
        opens,
        _HAN_CONNECTIVE.match(sentence) is not None,
        _HAN_PRONOUN.match(sentence) is not None,
        sentence.startswith(("为了", "为")),
        "该方法" in sentence or "所提" in sentence,
        _URL.search(sentence) is not None,
        sentence.endswith(("？", "?")),
    )
