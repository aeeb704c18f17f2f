"""Build elements from a piece of JATS or HTML that may be no XML. No entity that it defines is expanded."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from lxml import etree

from academichub.text.markup import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_CHARACTERS: Final = 400_000  # of a fragment; what is longer is no abstract, and is cut
MOST_DEPTH: Final = 60  # elements within elements; tags that lie deeper are left out
MOST_ATTRIBUTES: Final = 2_000  # characters of one tag's attributes that are looked at

# Names that are tags wherever they stand. Any other is one where it has a prefix or is closed somewhere;
# else it is text: "x<y and z>w".
_KNOWN: Final = frozenset(
    name
    for names in (
        "abstract trans-abstract sec title label p list list-item def-list def-item def term disp-quote",
        "boxed-text verse-group verse-line statement speech table-wrap table thead tbody tr td th caption",
        "italic bold sub sup sc monospace underline overline strike roman sans-serif styled-content",
        "named-content email ext-link uri xref fn break alternatives inline-formula disp-formula tex-math",
        "fig graphic inline-graphic media supplementary-material inline-supplementary-material",
        "div span font a b i u em strong small br hr ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote code tt",
        "cite section img script style math mrow mi mn mo msub msup msubsup mfrac mtext mspace mover munder",
    )
    for name in names.split()
)
_VOID: Final = frozenset({"br", "break", "hr", "img", "graphic", "inline-graphic"})
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LESS: Final = r"&(?:amp;){0,2}lt;"
_GREATER: Final = r"&(?:amp;){0,2}gt;"
_ESCAPED_NAME: Final = (
    r"(?:[a-z]{2,6}:[a-z][a-z0-9-]{0,30}|p|i|b|em|strong|sub|sup|br|div|span|a|italic|bold|sec|title|"
    r"abstract|list|list-item|ul|ol|li|h[1-6])"
)
_ESCAPED_CLOSE: Final = re.compile(rf"{_LESS}(?:/{_ESCAPED_NAME}|br\s?/?){_GREATER}", re.IGNORECASE)
_ESCAPED_TAG: Final = re.compile(
    rf"{_LESS}(/?{_ESCAPED_NAME}(?:\s(?:(?!&(?:amp;){{0,2}}[lg]t;)[^<>]){{0,300}})?/?){_GREATER}",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<\?CDATA\s(?P<told>.*?)(?:\?>|\Z)|<!--.*?(?:-->|\Z)|<\?[^<>]*>|"
    r"<!DOCTYPE[^<>]*>|"
    r"<(?P<close>/?)(?P<prefix>[A-Za-z][A-Za-z0-9._-]*:)?(?P<name>[A-Za-z][A-Za-z0-9._-]*)"
    r"(?P<rest>(?:\s[^<>]*)?/?)>",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"""(?<=\s)(?!xmlns)(?:[A-Za-z]+:)?([A-Za-z][A-Za-z-]*)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)')"""
)


def tree_of(fragment: str) -> _Element:
    """Give a fragment as the children of one `abstract` element; names in lower case, without prefixes.

    Tags that were escaped are read as tags, character references up to twice as characters. An end tag
    closes what its element left open; one that closes nothing is passed over. Never raises; linear time.
    """
    text = _CONTROLS.sub("", fragment[:MOST_CHARACTERS])
    if "lt;" in text and _ESCAPED_CLOSE.search(text):
        text = _ESCAPED_TAG.sub(lambda match: f"<{unescape(match[1])}>", text)
    closed = {match["name"].lower() for match in _TOKEN.finditer(text) if match["close"]}
    builder = etree.TreeBuilder()
    builder.start("abstract", {})
    names: list[str] = []
    at = 0
    for token in _TOKEN.finditer(text):
        _add(builder, decode(text[at : token.start()]))
        at = token.end()
        if token["name"] is None:
            _add(builder, token["cdata"] or token["told"] or "")
        elif token["prefix"] or (name := token["name"].lower()) in _KNOWN or name in closed:
            _apply(token, builder, names)
        else:
            _add(builder, token[0])
    _add(builder, decode(text[at:]))
    for name in reversed(names):
        builder.end(name)
    builder.end("abstract")
    return builder.close()


def _apply(token: re.Match[str], builder: etree.TreeBuilder, names: list[str]) -> None:
    """Open or close an element."""
    name, rest = token["name"].lower(), token["rest"]
    if token["close"]:
        if name in names:
            while (last := names.pop()) != name:
                builder.end(last)
            builder.end(name)
    elif len(names) < MOST_DEPTH:
        builder.start(name, _attributes(rest))
        if rest.endswith("/") or name in _VOID:
            builder.end(name)
        else:
            names.append(name)


def _attributes(rest: str) -> dict[str | bytes, str | bytes]:
    if "=" not in rest:
        return {}
    found = _ATTRIBUTE.findall(rest[:MOST_ATTRIBUTES])
    return {name: _CONTROLS.sub("", unescape(one or other)) for name, one, other in found}


def _add(builder: etree.TreeBuilder, words: str) -> None:
    if words:
        builder.data(_CONTROLS.sub("", words))
