"""Guess the language of a title or abstract. Cheap and deterministic; for fonts, labels and tokens."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLE: Final = 2000  # characters; an abstract shows what it is written in long before that

# What one unit of writing is: a character where words are not spaced, a word elsewhere. A Chinese
# title with English terms in it then counts as Chinese, an English one with a Chinese term as English.
_UNIT: Final = re.compile(
    "(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    "|(?P<kana>[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d])"
    "|(?P<ko>[\uac00-\ud7a3]+)"
    "|(?P<latin>[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+)"
    "|(?P<ru>[\u0400-\u04ff]+)"
    "|(?P<el>[\u0370-\u03ff\u1f00-\u1fff]{3,})"  # shorter ones are symbols
    "|(?P<ar>[\u0620-\u06ff]+)"
    "|(?P<he>[\u05d0-\u05ea]+)"
    "|(?P<hi>[\u0900-\u097f]+)"
    "|(?P<th>[\u0e01-\u0e5b]+)"
)
# No Japanese sentence does without kana, and a terse title still has one in eight; a Chinese text may
# hold a Japanese name. Ours, chosen between the two.
_HAN_PER_KANA: Final = 12

_WORD: Final = re.compile(r"[^\W\d_]+")
# No single letters, which are symbols, and none of the elements (si, al, se).
_COMMON_WORDS: Final = {
    "en": "the of and to for with by from on an is are be we this that it as at which using can between"
    " via in do you how what not or",
    "de": "der die das und von zur zum mit für im den dem ein eine einer eines auf des bei als auch nicht",
    "fr": "le la les des du de et en un une dans pour par sur est au aux avec qui que sont ces cette",
    "es": "el la los las del de en un una para por con que es como su más este esta son desde",
    "pt": "os da do das dos de um uma em no na nos nas para por com que ao à são mais este",
    "it": "il lo la gli di del della dei delle degli nel nella in un una per con che è alla dal sono",
}
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()
}
# Letters and endings that one of the languages has and the others have not, or seldom.
_MARKS: Final[Mapping[str, re.Pattern[str]]] = {
    "de": re.compile(r"\w*ß\w*|\w+(?:ung|ungen|keit|heit|isch|ische|ischen|ischer|isches|lich|liche|lichen)"),
    "fr": re.compile(r"\w*[èêœù]\w*|\w+(?:ée|ées|és|eux|euse|ique|iques|aux)"),
    "es": re.compile(r"\w*ñ\w*|\w+(?:ción|ciones|sión|dad|dades|ías?|ico|ica|icos|icas)"),
    "pt": re.compile(r"\w*[ãõ]\w*|\w+(?:dade|dades|ência|ências|ância|eira|agem)"),
    "it": re.compile(r"\w+(?:zione|zioni|ità|tà|sione|ismo|ica|ico|iche|ici)"),
}
_ENOUGH: Final = 2  # signs of a language before English, the language of most of what we read, gives way


def guess(text: str) -> str:
    """Guess a language: zh, ja, ko, ru, en, de, fr, es, pt, it, el, ar, he, hi or th.

    By script where the script tells; Latin letters by a vote of common words and endings, English
    unless another language clearly wins. Text without letters is "en".
    """
    sample = text[:_SAMPLE]
    if sample.isascii():
        return _guess_latin(sample)
    units = Counter(match.lastgroup or "" for match in _UNIT.finditer(sample))
    kana = units.pop("kana", 0)
    units["han"] += kana
    script, count = units.most_common(1)[0]
    if script == "latin" or not count:
        return _guess_latin(sample)
    if script == "han":
        return "ja" if kana * _HAN_PER_KANA >= count else "zh"
    return script


def _guess_latin(sample: str) -> str:
    """Let common words and endings vote, each once."""
    words = set(_WORD.findall(sample.lower()))
    english = len(words & _WORDS["en"])
    best, most, runner_up = "en", 0, 0
    for language, marks in _MARKS.items():
        common = len(words & _WORDS[language])
        score = common + sum(1 for word in words if marks.fullmatch(word)) if common else 0
        if score > most:
            best, most, runner_up = language, score, most
        else:
            runner_up = max(runner_up, score)
    is_clear = most >= _ENOUGH and most > 2 * english and most > runner_up
    return best if is_clear else "en"
