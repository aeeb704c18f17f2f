"""Repair the small faults that keep a feed from being well-formed, and touch nothing else."""

from __future__ import annotations

import re
from typing import Final

from academichub.sources.names import namespace_of

# One that is never closed reaches to the end; without that, many of them would cost quadratic time.
_NOT_MARKUP: Final = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))", re.DOTALL)
_STRAY_AMPERSAND: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_STRAY_LESS_THAN: Final = re.compile(r"<(?=[\s\d=<&,;.)$])")
_REFERENCE: Final = re.compile(r"&#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));")
_FORBIDDEN: Final = re.compile("[\ud800-\udfff]")
_FEED_ROOT: Final = re.compile(r"<((?:[\w.-]{1,64}:)?(?:rss|feed|rdf))(?=[\s>])", re.IGNORECASE)
_ROOT: Final = re.compile(r"<[A-Za-z_][\w.:-]*")
_PREFIX: Final = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,63}):[A-Za-z_]")
_DECLARED: Final = re.compile(r"\sxmlns:([A-Za-z_][\w.-]{0,63})\s*=")
_TAG: Final = re.compile(r"<[^<>]{1,2000}>")
MOST_PREFIXES: Final = 30  # that a document may use without declaring them


def mend(text: str) -> str:
    """Repair prepared text.

    Ampersands and less-than signs that begin nothing are escaped. References to characters XML
    forbids are dropped; the surrogate pairs some servers write become one character. Prefixes used
    without a declaration get one. What a server printed before or after the feed is cut off. CDATA
    sections and comments are left alone.
    """
    pieces = _NOT_MARKUP.split(_root_alone(text))
    for index in range(0, len(pieces), 2):
        piece = _STRAY_AMPERSAND.sub("&amp;", pieces[index])
        piece = _REFERENCE.sub(_lawful, piece)
        pieces[index] = _STRAY_LESS_THAN.sub("&lt;", piece)
    text = "".join(pieces)
    if _FORBIDDEN.search(text):
        # Two halves of a pair meet in UTF-16; what is still half is dropped.
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        text = _FORBIDDEN.sub("", joined)
    return _declared(text, pieces[::2])


def _root_alone(text: str) -> str:
    """Cut off what stands before and after the root element: notices of PHP, scripts of a cache."""
    root = _FEED_ROOT.search(text)
    if root is None:
        return text
    end_tag = f"</{root[1]}>"
    end = text.rfind(end_tag)
    return text[root.start() : end + len(end_tag) if end >= 0 else len(text)]


def _declared(text: str, markup: list[str]) -> str:
    """Declare on the root element what the document uses without saying so."""
    root = _ROOT.match(text)
    if root is None:
        return text
    used: dict[str, None] = {}
    for piece in markup:
        for tag in _TAG.finditer(piece):
            used.update(dict.fromkeys(_PREFIX.findall(tag[0])))
    missing = used.keys() - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    if not missing or len(missing) > MOST_PREFIXES:
        return text
    declarations = "".join(f' xmlns:{prefix}="{namespace_of(prefix)}"' for prefix in sorted(missing))
    return text[: root.end()] + declarations + text[root.end() :]


def _lawful(match: re.Match[str]) -> str:
    """Keep a reference to a character XML allows (XML 1.0, production 2); give halves of pairs as such."""
    code = int(match[1]) if match[1] else int(match[2], 16)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 -- Unicode's surrogates
        return chr(code)
    if code in {0x9, 0xA, 0xD} or 0x20 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF:  # noqa: PLR2004 -- Char
        return match[0]
    return ""
