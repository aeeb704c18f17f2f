"""Know two titles for the same one, and take journals' labels off their front."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

# Labels in brackets are the feed's, not the title's. Those without a kind say only that an article
# is early, or that it is one.
_BRACKET: Final = re.compile(r"(?:\[([^\[\]]{2,40})\]|【([^【】]{2,20})】)\s*")
_LABELS: Final = (
    (
        None,
        "asap|just accepted|in press|early view|online first|open access|article|articles|research article",
    ),
    (None, "graphical abstract added|pdf|html"),
    (None, "original article|网络首发|论文|研究论文"),
    (Kind.REVIEW, "review|reviews|review article|综述"),
    (Kind.EDITORIAL, "editorial|editorials|comment|correspondence|社论|编者按"),
    (Kind.NEWS, "news|world report|新闻|资讯"),
    (Kind.CORRECTION, "correction|corrections|erratum|corrigendum|department of error|更正|勘误"),
    (Kind.RETRACTION, "retraction|retracted|retracted article|withdrawn|撤稿"),
)
_KIND_BY_LABEL: Final[Mapping[str, Kind | None]] = {
    label: kind for kind, labels in _LABELS for label in labels.split("|")
}
_NOTICES: Final = frozenset((Kind.CORRECTION, Kind.RETRACTION))

# What stands between a notice and the title it speaks of: a colon, or "to" or "of" and a quotation mark.
_OF: Final = r"(?:\s+(?:to|for|of))?\s*[:：]\s*|\s+(?:to|of)\s+(?=[“\"‘'«])"
_RETRACTION: Final = re.compile(
    rf"(?:retraction(?: note| notice)?|retracted(?: article| paper)?|withdrawal|withdrawn)(?:{_OF})"
    r"|撤稿(?:声明|启事|通知|说明)?(?:[:：]\s*|(?=[《“「]))",
    re.IGNORECASE,
)
_CORRECTION: Final = re.compile(
    r"(?:(?:author|publisher|editorial)(?:'s|’s)? )?(?:correction|corrigendum|erratum|addendum|amendment)s?"
    rf"(?:{_OF})|(?:editorial )?expression of concern(?:{_OF})"
    r"|(?:作者|编辑部)?(?:更正|勘误)(?:声明|启事|说明|表)?(?:[:：]\s*|(?=[《“「]))",
    re.IGNORECASE,
)
# Whole titles, and beginnings that are plain without a colon. "Correction of aberrations" is a paper.
_WHOLE_TITLES: Final = (
    (Kind.RETRACTION, r"retraction(?: note| notice)?|撤稿(?:声明|启事|通知|说明)?|关于.*撤[稿销].*"),
    (Kind.CORRECTION, r"(?:(?:author|publisher) )?corrections?|errat(?:um|a)|corrigend(?:um|a)|addendum"),
    (Kind.CORRECTION, r"(?:corrigendum|erratum|addendum) (?:to|for) .*|department of error"),
    (
        Kind.CORRECTION,
        r"(?:更正|勘误)(?:声明|启事|说明|表)?|.*[》”」](?:一文)?的?(?:更正|勘误)(?:声明|启事|说明)?",
    ),
    (Kind.EDITORIAL, r"(?:guest )?editorials?|(?:guest )?editorial\s*:.*|(?:社论|编者按)(?:[:：].*)?"),
    (
        Kind.NEWS,
        r"news|news in brief|(?:news|news (?:&|and) views|daily briefing|research highlights?)\s*:.*",
    ),
    (Kind.NEWS, r"(?:新闻|资讯)[:：].*"),
    (Kind.REVIEW, r"reviews?|(?:(?:systematic |mini-?)?review(?: article)?)\s*:.*|综述[:：].*"),
)
_KINDS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for kind, pattern in _WHOLE_TITLES
)

_UNMARKED: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_CJK: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")
_WORD: Final = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_SPACE_IN_CJK: Final = re.compile(rf"(?<=[{_CJK}]) (?=[{_CJK}])")


def strip_title_prefix(title: str) -> tuple[str, Kind | None]:
    """Take the feed's bracketed label off a title, and tell what the title says of its kind.

    "[ASAP] X" gives ("X", None). A correction or retraction keeps its prefix, bracketed or not: "Author
    Correction: X" must never be shown as "X". So do "Editorial: X" and the like, which are part of the title.

    Returns:
        The title to show, and its kind, or None where the title says nothing of it.
    """
    shown, kind = title.strip(), None
    while (bracket := _BRACKET.match(shown)) and (label := _label(bracket)) in _KIND_BY_LABEL:
        kind = kind or _KIND_BY_LABEL[label]
        if kind in _NOTICES or bracket.end() == len(shown):
            break
        shown = shown[bracket.end() :]
    return shown, kind or _kind_said(shown)


@lru_cache(maxsize=1024)  # a paper's is wanted for its shelf and for comparing it
def title_key(plain_title: str) -> str:
    """Make what two printings of one title have in common.

    Words and numbers in lower case without accents, joined by single spaces; Chinese and Japanese
    runs as they are, without spaces. Bracketed labels and the prefixes of notices are dropped, so a
    correction has the key of what it corrects. A title with no word at all has the key "".
    """
    return _words(_without_prefixes(plain_title.strip())) or _words(plain_title)


def bare(text: str) -> str:
    """Give a text without case, accents and compatibility forms: "Łódź" is "lodz", "ﬁ" is "fi"."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", text).translate(_UNMARKED))


def _words(title: str) -> str:
    if title.isascii():
        return " ".join(_ASCII_WORD.findall(title.lower()))
    return _SPACE_IN_CJK.sub("", " ".join(_WORD.findall(bare(title))))


def _without_prefixes(title: str) -> str:
    """Drop every label and notice from the front, one after the other."""
    while True:
        found = _BRACKET.match(title)
        if found is None or _label(found) not in _KIND_BY_LABEL:
            found = _CORRECTION.match(title) or _RETRACTION.match(title)
        if found is None:
            return title
        title = title[found.end() :]


def _label(bracket: re.Match[str]) -> str:
    return (bracket[1] or bracket[2]).strip().lower()


def _kind_said(title: str) -> Kind | None:
    """Tell the kind that a title names in its first words, or None."""
    if _RETRACTION.match(title):
        return Kind.RETRACTION
    if _CORRECTION.match(title):
        return Kind.CORRECTION
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(title)), None)
