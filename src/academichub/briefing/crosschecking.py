"""Hold a sentence against papers in another language: what can be checked without reading both.

Numbers with units, names in Latin letters, negation, direction, and the terms that the bilingual glossary
knows. Nothing that passes is more than loose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.briefing.comparing import Finding, denies, points
from academichub.briefing.numberchecks import number_reasons
from academichub.briefing.quantities import unit_signs
from academichub.briefing.wording import content, cut_words, source_names
from academichub.text.bilingual import to_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.model.briefing import Evidence

FEWEST_TERMS: Final = 3  # that the glossary knows, before their share means anything
LEAST_SHARE: Final = 0.25  # of them that the source has

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/.+][A-Za-z0-9]+)*")
_NOT: Final = re.compile(
    "不(?![仅但只同断少久论管])|没有|未(?![来])|无(?![论疑人线])|非(?![常线])|并非|否认|否定|难以|缺乏|失败|从未|仍未"
)
_UP: Final = re.compile(
    "提高|提升|增加|增长|增强|增大|上升|升高|改善|改进|优于|超过|超越|高于|大于|多于|加快|加速|扩大|更[高大快好强多优长]|翻倍"
)
_DOWN: Final = re.compile(
    "降低|减少|下降|减小|减弱|减缓|削弱|缩短|缩小|低于|小于|少于|劣于|不如|恶化|下跌|抑制|降至|更[低小慢差弱少短]"
)
_STRONG_NOT: Final = frozenset({"not", "no", "never", "cannot", "neither", "nor", "unable", "fail"})


def compare_across(text: str, sources: Sequence[tuple[str, str]], evidence: Sequence[Evidence]) -> Finding:
    """Apply what rules there are to a sentence in one language and papers in another.

    Args:
        text: The sentence.
        sources: Title and abstract of the papers that it cites.
        evidence: Its quotes.
    """
    wholes = [f"{title}\n{abstract}" for title, abstract in sources]
    quotes = [one.quote for one in evidence]
    reasons = dict.fromkeys(number_reasons(text, wholes))
    if _strange_names(text, wholes):
        reasons["entity"] = None
    reasons |= dict.fromkeys(_turned(text, quotes))
    if _is_elsewhere(text, wholes):
        reasons["coverage"] = None
    return Finding(tuple(reasons), (), is_close=False)


def _strange_names(text: str, wholes: Sequence[str]) -> bool:
    """Tell whether a Chinese sentence has Latin words that its source has not; an English one is passed."""
    if not _HAN.search(text):
        return False
    known = [source_names(whole) for whole in wholes]
    found = (match[0] for match in _LATIN.finditer(text) if len(match[0]) > 1)
    return any(not any(one.holds(name) for one in known) for name in found if not _is_unit(name))


def _is_unit(name: str) -> bool:
    """Tell a unit from a name: units are checked with their numbers."""
    return name in unit_signs()


def _turned(text: str, quotes: Sequence[str]) -> Iterator[str]:
    quoted = "\n".join(quotes)
    ours, theirs = _denies(text), _denies(quoted)
    is_strong = any(word.raw.lower() in _STRONG_NOT for quote in quotes for word in cut_words(quote))
    if (ours and not theirs) or (not ours and is_strong and len(quotes) == 1):
        yield "negation"
    up, down = _points(text, _UP, "up"), _points(text, _DOWN, "down")
    quoted_up, quoted_down = _points(quoted, _UP, "up"), _points(quoted, _DOWN, "down")
    if (up and not down and quoted_down and not quoted_up) or (
        down and not up and quoted_up and not quoted_down
    ):
        yield "direction"


def _denies(text: str) -> bool:
    return bool(_NOT.search(text)) or denies(cut_words(text))


def _points(text: str, han: re.Pattern[str], way: str) -> bool:
    return bool(han.search(text)) or points(cut_words(text), way)


def _is_elsewhere(text: str, wholes: Sequence[str]) -> bool:
    """Tell whether hardly any term of the sentence is in the source, as far as the glossary knows terms."""
    if _HAN.search(text):
        known = [{stem for one in term.en for stem in content(one)} for term in to_english(text).terms]
        there = {stem for whole in wholes for stem in content(whole)}
    else:
        known = [{stem} for stem in content(text)]
        there = {stem for whole in wholes for stem in content(to_english(whole).expanded)}
    known = [stems for stems in known if stems]
    found = sum(1 for stems in known if stems & there)
    return len(known) >= FEWEST_TERMS and found < LEAST_SHARE * len(known)
