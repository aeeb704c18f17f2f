"""Refuse what has no place in a printed sentence: controls, markup, strange links, orders to the reader."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from academichub.briefing.links import addresses

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST: Final = 1_500  # characters; what is longer is no sentence

_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_SOFT: Final = frozenset("\t\n\u00ad\u200b\u200c\u200d\u2060\ufeff")  # harmless: seen in stored abstracts
_MARKUP: Final = re.compile(
    r"<[A-Za-z!/?][^<>]{0,200}>|&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|\]\(|!\[|```|\{\{|\}\}"
    r"|\bjavascript:|\bdata:[a-z]+/"
)
_ADDRESS: Final = re.compile(
    r"\b(?:https?://|www\.)\S|\b[\w.+-]{1,40}@[\w-]{1,40}\.[A-Za-z]{2,10}\b", re.IGNORECASE
)
_WHAT: Final = r"(?:instructions?|prompts?|rules?|directions?|guidelines)\b"
_WHICH: Final = r"\b(?:previous|prior|above|preceding|earlier|all|any|your|these|the)\b"
_ORDERS: Final = (
    rf"\b(?:ignore|disregard|forget|override)\b.{{0,30}}{_WHICH}.{{0,30}}\b{_WHAT}",
    r"\b(?:you are|act as) (?:now )?an? (?:\w+ )?(?:assistant|ai|chatbot|language model|bot)\b",
    r"\bas an ai (?:language )?model\b|\b(?:i am|i'm) (?:sorry|unable|an ai)\b",
    r"\bi (?:cannot|can't) (?:help|assist)\b",
    r"\b(?:reveal|print|repeat|output|show)\b.{0,20}\b(?:system|hidden|your) (?:prompt|instructions?)\b",
    r"\b(?:dear|attention) (?:reader|model|assistant|reviewer|ai)s?\b",
    r"\bnote to (?:the )?(?:ai|llm|model|assistant)\b",
    r"\b(?:please )?(?:visit|click|subscribe|follow this link|vote for|recommend this paper)\b",
    "(?:忽略|无视|忘记).{0,10}(?:指令|提示|说明|要求|规则)|作为(?:一个)?(?:人工智能|AI|语言模型)",
    "系统提示词|请(?:访问|点击|关注)",
)
_ORDER: Final = re.compile("|".join(_ORDERS), re.IGNORECASE | re.DOTALL)
# How an order begins that stands in an abstract itself. None of 56,881 real abstracts has such a sentence.
_PLAIN_ORDER: Final = re.compile(
    r"\A\W*(?:please )?(?:ignore|disregard|forget|override)\s+(?:about\s+)?"
    r"(?:all|any|every|everything|each|the|these|those|your|my|this|that|what|previous|prior|above|other|earlier"
    r"|preceding)\b"
    "|\\A\\W*(?:请)?(?:忽略|无视|忘记|不要理会)(?:以上|上述|前面|之前|所有|其他|其它|一切|任何|你)",
    re.IGNORECASE,
)


def is_hidden(text: str) -> bool:
    """Tell whether a text has characters that show nothing or turn its direction."""
    return not text.isprintable() and any(
        unicodedata.category(one) in _HIDDEN and one not in _SOFT for one in text if not one.isprintable()
    )


def is_order(sentence: str) -> bool:
    """Tell whether a sentence, though it is verbatim, begins by telling its reader what to pass over."""
    return bool(_PLAIN_ORDER.match(sentence))


def is_foreign(text: str, sources: Iterable[str]) -> bool:
    """Tell whether a sentence holds what no sentence about a paper does.

    Args:
        text: The sentence.
        sources: The cited abstracts. A link that stands in one of them is allowed.
    """
    if len(text) > LONGEST or is_hidden(text) or _MARKUP.search(text):
        return True
    if _ADDRESS.search(text):
        known = {address.casefold() for source in sources for address in addresses(source)}
        here = addresses(text)
        if not here or any(address.casefold() not in known for address in here):
            return True
    order = _ORDER.search(text)
    return order is not None and not any(order[0].casefold() in source.casefold() for source in sources)
