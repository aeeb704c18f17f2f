"""Clean HTML: only the tags a paper's text needs, no style, no script, no address but http and https."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import nh3

from academichub.text.unicode import fold, fold_mathml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIBRARY: Final = f"nh3-{version('nh3')}"
BREAK: Final = (
    "\ufdd3"  # where a block begins or ends; a noncharacter, which `unicode.fold` takes out of input
)
_REL = "nofollow noopener noreferrer"

# -- what a page may show ------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INLINE = frozenset({"b", "i", "em", "strong", "sub", "sup", "a", "span", "code", "br"})
_MATH = _words(
    "math mrow mi mn mo mtext mspace msup msub msubsup munder mover munderover mmultiscripts "
    "mprescripts mfrac msqrt mroot mtable mtr mtd mpadded mphantom mstyle merror"
)
_ATTRIBUTES: Final = {
    "a": {"href"},
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"lspace", "rspace", "stretchy", "form", "fence", "separator", "symmetric", "largeop",
    "movablelimits",
           "minsize", "maxsize", "accent"},
    "mspace": {"width", "height", "depth"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mfrac": {"linethickness", "displaystyle"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "mtable": {"displaystyle", "scriptlevel"},
    "mtd": {"rowspan", "columnspan"},
    "mstyle": {"displaystyle", "scriptlevel"},
}  # fmt: skip
_CLASSES: Final = {
    "span": {"sc", "u"},
    "code": {"tex"},
    "mtd": {"tex-left", "tex-right"},
    "mrow": {"tex-box", "tex-updiagonalstrike", "tex-downdiagonalstrike"},
}


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel=_REL if "a" in tags else None,
    )


_PAGE: Final = _cleaner(_INLINE | _MATH | {"p"})
_FORMULA: Final = _cleaner(_INLINE - {"a", "br"} | _MATH)
_FOREIGN: Final = _cleaner(_MATH)  # mathematics from outside has no business with HTML inside
_WORDS: Final = _cleaner(_INLINE)
_DEAD_LINK = re.compile(rf'<a rel="{_REL}">(.*?)</a>', re.DOTALL)


def clean(html: str) -> str:
    """Keep only what a page may show; equal to its input where nothing had to go."""
    if _SIMPLE.fullmatch(html):
        return html
    return _DEAD_LINK.sub(r"\1", _PAGE.clean(html))


# Paragraphs, or a line, of nothing but characters and the three entities that the cleaner writes itself: it
# would give them back as they are, at twenty times the cost. NUL, CR, BOM and no-break spaces it writes
# otherwise.
_CHARACTERS = r"(?:[^<>&\x00\r\xa0\ufeff\ud800-\udfff]++|&(?:amp|lt|gt);)*+"
_SIMPLE = re.compile(rf"(?:<p>{_CHARACTERS}</p>)++|{_CHARACTERS}")


# What the converter writes nearly always: elements and attributes of the lists above with plain values, and
# characters that need no escape. Such a formula the cleaner would give back as it is, at ten times the cost.
_EMPTY = re.compile(r"<mspace([^<>]*)/>")
_FAMILIAR = re.compile(
    r'<math(?: display="block")?>'
    r"(?:</?(?:mrow|mi|mn|mo|mtext|msup|msub|msubsup|munder|mover|munderover|mfrac|msqrt|mroot|mtr)>"
    r'|<mi mathvariant="normal">|<mover accent="true">|<mspace(?: width="[\d.]{1,12}em")?>|</mspace>'
    r'|<mo(?: (?:stretchy|form|fence|separator|lspace|rspace|movablelimits)="[\w.]{1,12}")+>'
    r"|[^<>&\xa0\x00-\x1f\x7f-\x9f]+)*</math>"
)


def clean_math(mathml: str) -> str:
    """Clean the converter's MathML: every element closed, every attribute known."""
    if "<mspace" in mathml:
        mathml = _EMPTY.sub(r"<mspace\1></mspace>", mathml)
    return fold_mathml(mathml if _FAMILIAR.fullmatch(mathml) else _FORMULA.clean(mathml))


def clean_foreign_math(mathml: str) -> str:
    """Clean MathML that came from outside: prefixes, annotations and anything that is not MathML Core go."""
    mathml = _PREFIX.sub(r"<\1", _ANNOTATION.sub("", mathml))
    return fold_mathml(_FOREIGN.clean(_NO_SCRIPT.sub("<mrow></mrow>", mathml)))


_NO_SCRIPT = re.compile(
    r"<none\s*/>|<none>\s*</none>"
)  # an empty place of <mmultiscripts>, before MathML Core
_PREFIX = re.compile(r"<(/?)[A-Za-z][\w.-]*:")
_ANNOTATION = re.compile(
    r"<(?:\w+:)?annotation(?:-xml)?\b.*?(?:</(?:\w+:)?annotation(?:-xml)?\s*>|$)", re.DOTALL | re.IGNORECASE
)


def escape(text: str) -> str:
    """Write text as HTML, in the one way the cleaner writes it too."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def link(href: str, inner: str) -> str:
    """Write a link to an http or https address, or only its text where the address is neither."""
    if not is_web(href):
        return inner
    return f'<a href="{escape(href).replace(chr(34), "&quot;")}" rel="{_REL}">{inner}</a>'


def is_web(href: str) -> bool:
    """Tell an absolute http or https address with a host from everything else."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and href.isprintable() and " " not in href
    )


# -- entities ------------------------------------------------------------------------------------------------

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def has_entity(text: str) -> bool:
    """Tell whether a complete HTML character reference stands in the text."""
    return any(_is_entity(match[0]) for match in _ENTITY.finditer(text))


def decode(text: str) -> str:
    """Decode character references, twice at most: `&amp;#x2014;` means a dash."""
    for _ in range(2):
        if "&" not in text or not has_entity(text):
            break
        text = _ENTITY.sub(_decoded, text)
    return text


def _decoded(match: re.Match[str]) -> str:
    return fold(unescape(match[0])) if _is_entity(match[0]) else match[0]


def _is_entity(reference: str) -> bool:
    return reference[1] == "#" or reference[1:] in html5


# -- tags ----------------------------------------------------------------------------------------------------

_RENAMED = {
    "italic": "i", "emphasis": "i", "bold": "b", "bolditalic": "b", "cite": "i", "var": "i", "dfn": "i",
    "inf": "sub", "subscript": "sub", "superscript": "sup", "monospace": "code", "tt": "code", "kbd": "code",
    "samp": "code", "smallcaps": "sc", "small-caps": "sc", "ext-link": "a", "uri": "a",
    **{name: name for name in ("b", "i", "em", "strong", "sub", "sup", "a", "code", "br", "sc")},
}  # fmt: skip
_HEADINGS = frozenset({"title", "h1", "h2", "h3", "h4", "h5", "h6", "section-title", "label"})
_BLOCKS = _HEADINGS | _words(
    "p div section sec article aside main ul ol li list list-item dl dt dd table thead tbody tfoot tr "
    "caption blockquote pre header footer figure figcaption hr address details summary abstract disp- "
    "formula para simple-para simplesect nav fieldset center body html disp-quote trans-abstract "
    "abstract-sec"
)
_OFFICE = frozenset({"o:", "w:", "v:"})  # what a word processor leaves behind
_CELLS = frozenset({"td", "th"})
_SILENT = _words(
    "span font small big u s del ins strike mark abbr acronym q img wbr time data bdi bdo ruby rb rt rp "
    "rtc picture source meta link base input label colgroup col area map param embed track inline- "
    "formula alternatives xref named-content styled-content fn inline-graphic graphic break underline "
    "overline strike roman sans-serif object form button select option svg path g iframe nobr basefont "
    "content cross-ref cross-refs"
)
_KNOWN = _BLOCKS | _CELLS | _SILENT | _RENAMED.keys()
_TAG = re.compile(r"<(/?)([A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)(\s[^<>]*|/)?>")
_HREF = re.compile(r"""(?:xlink:)?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SECRET = re.compile(
    r"<!--.*?(?:-->|$)|<!DOCTYPE[^<>]*>|<\?[^<>]*>|<(script|style|template|noscript|svg|object|iframe|textarea|select)"
    r"\b[^<>]*>.*?(?:</\1\s*>|$)",
    re.DOTALL | re.IGNORECASE,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ESCAPED_TAG = re.compile(
    r"&(?:amp;)?lt;(/?(?:i|b|em|strong|sub|sup|p|br/?|br /|(?:jats|mml):[a-z-]+))&(?:amp;)?gt;", re.IGNORECASE
)
_ESCAPED_CLOSE = re.compile(
    r"&(?:amp;)?lt;/(?:i|b|em|strong|sub|sup|p|(?:jats|mml):[a-z-]+)&(?:amp;)?gt;", re.IGNORECASE
)
_CERTAIN = re.compile(
    r"<(?:br|hr)\s*/?>|<(?:\w+:)?math[\s>]|<jats:[a-z]|<(?:img|a|span|p|div|font|table|ol|ul|h[1-6])\s+[a-z:-]+\s*=|"
    r"^\s*<(?:p|div|section|h[1-6]|ul|ol|table|abstract)>",
    re.IGNORECASE,
)


def has_tags(text: str) -> bool:
    """Tell HTML from text with angle brackets: some tag of HTML or JATS is closed, or needs no closing."""
    if "<" not in text or ">" not in text:
        return False
    if _CERTAIN.search(text):
        return True
    opened = set()
    for close, prefix, name, _ in _TAG.findall(text):
        local = name.lower()
        if not close and (prefix or local in _KNOWN):
            opened.add(local)
        elif local in opened:
            return True
    return False


def unwrap(html: str) -> str:
    """Undo what hides the markup: CDATA, comments, scripts, TeX twins of MathML, tags escaped twice."""
    html = _SECRET.sub(" ", _closed(_CDATA, "]]>", html, _first_group))
    if _ESCAPED_CLOSE.search(html):
        html = _SECRET.sub(" ", _ESCAPED_TAG.sub(r"<\1>", html) if has_tags(html) else decode(html))
    if "math" in html:
        html = _FORMULA_PREFIX.sub(r"<\1", html)
    if "<tex-math" in html:
        for name in ("alternatives", "inline-formula", "disp-formula"):
            html = _closed(_element(name), f"</{name}", html, _one_twin)
        html = _closed(_TEX_MATH, "</tex-math", html, _as_dollars)
    return html


def cut_mathml(html: str, keep: Callable[[str], str]) -> str:
    """Replace each `<math>` element, after `unwrap`, by what `keep` gives for it."""
    return _closed(_MATHML, "</math", html, lambda match: keep(match[0]))


def _element(name: str) -> re.Pattern[str]:
    return re.compile(rf"<{name}\b[^<>]*>(.*?)</{name}\s*>", re.DOTALL)


def _closed(pattern: re.Pattern[str], close: str, html: str, new: Callable[[re.Match[str]], str]) -> str:
    """Substitute, but look no further than the last closing: openings that never close cost nothing."""
    end = html.find(">", html.rfind(close)) + 1 if close in html else 0
    return pattern.sub(new, html[:end]) + html[end:] if end else html


def _first_group(match: re.Match[str]) -> str:
    return match[1]


def _one_twin(match: re.Match[str]) -> str:
    rest = _closed(_TEX_MATH, "</tex-math", match[0], lambda _: "")
    return rest if "</math" in rest else match[0]


def blocks(html: str, words: Callable[[str], str], *, base: str = "") -> Iterator[str]:
    """Give the paragraphs of an HTML text, each clean and with inline tags only.

    Args:
        html: Markup after `unwrap`; MathML is cut out already.
        words: What to do with the text between tags, its character references decoded (cut out formulas).
        base: The page's address, against which relative links are resolved; "" drops them.

    Yields:
        Paragraphs in order. A heading runs into the paragraph it heads, in bold; the heading "Abstract" goes.
    """
    tags = list(_TAG.finditer(html))
    closed = {match[3].lower() for match in tags if match[1]}
    out: list[str] = []
    at = 0
    for match in tags:
        new = _tag(match, closed=closed, base=base)
        if new is None:
            continue  # no tag after all: it stays in the text around it
        out += (escape(words(decode(html[at : match.start()]))), new)
        at = match.end()
    out.append(escape(words(decode(html[at:]))))
    html = _HEAD.sub("</b> ", _ABSTRACT.sub(BREAK, "".join(out)))
    for block in _BREAKS.sub(BREAK, html).split(BREAK):
        part = _EDGE.sub("", block)
        part = _EMPTY_LINK.sub("", _WORDS.clean(part))
        if _ANY_TAG.sub("", part).strip():
            yield part


_EMPTY_LINK = re.compile(r"<a [^<>]*>\s*</a>")  # there was a picture in it
_ANY_TAG = re.compile(r"<[^<>]*>")
_EDGE = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_HEAD_END = "\ufdd4"
_ABSTRACT = re.compile(
    rf"<(b|strong)>\s*(?:abstract|summary|摘要)\s*[.:：]?\s*</\1>\s*[:：]?(?={BREAK}|{_HEAD_END}|<br>|\s*$)",
    re.IGNORECASE,
)
_HEAD = re.compile(rf"</b>{_HEAD_END}[\s{BREAK}{_HEAD_END}]*")
_BREAKS = re.compile(rf"\s*<br>\s*(?:<br>\s*)+|{_HEAD_END}")


def _tag(match: re.Match[str], *, closed: set[str], base: str) -> str | None:
    """Say what a tag becomes: ours, a block's edge, nothing; None where it is no tag at all."""
    close, prefix, name, rest = match[1], match[2], match[3].lower(), match[4] or ""
    new = _RENAMED.get(name, "")
    if prefix in _OFFICE or (new and rest.endswith("/") and new != "br"):
        return ""
    if new == "a" and not close:
        return _anchor(rest, base)
    if new:
        return _OPENED.get(new, f"<{new}>") if not close or new == "br" else _CLOSED.get(new, f"</{new}>")
    if name in _HEADINGS:
        return f"</b>{_HEAD_END}" if close else f"{BREAK}<b>"
    if name in _BLOCKS:
        return BREAK
    if name in _CELLS:
        return " "
    return "" if prefix or name in _SILENT or name in closed else None


_OPENED = {"sc": '<span class="sc">'}
_CLOSED = {"sc": "</span>"}


def _anchor(attributes: str, base: str) -> str:
    found = _HREF.search(attributes)
    href = unescape(found[1] or found[2] or found[3] or "").strip() if found else ""
    if base and href and not is_web(href):
        try:
            href = urljoin(base, href)
        except ValueError:
            return "<a>"
    return link(href, "").removesuffix("</a>") or "<a>"


def _as_dollars(match: re.Match[str]) -> str:
    tex = match[1]
    if "\\begin{document}" in tex:
        tex = tex.partition("\\begin{document}")[2].partition("\\end{document}")[0]
    tex = tex.strip()
    return tex if tex.startswith(("$", "\\(", "\\[", "\\begin")) else f"${tex}$"


_MATHML = _element("math")
_TEX_MATH = _element("tex-math")
_FORMULA_PREFIX = re.compile(r"<(/?)\w+:(?=(?:math|tex-math|alternatives|inline-formula|disp-formula)\b)")


_READ = re.compile(r"[\\{}~`]|--|''|://")


def needs_reading(line: str) -> bool:
    """Tell whether anything in a clean line may be TeX or an address."""
    return _READ.search(line) is not None


def unescape_basic(html: str) -> str:
    """Undo `escape`."""
    text = html.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")
