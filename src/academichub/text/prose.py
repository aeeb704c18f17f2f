"""Render a paper's text: from TeX, HTML or plain characters to safe HTML with MathML, and to plain text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Prose
from academichub.text import latex, markup, math, unicode

if TYPE_CHECKING:
    from collections.abc import Iterable

RENDERER: Final = f"2+{math.LIBRARY}+{markup.LIBRARY}"
MAX_LENGTH: Final = 100_000  # characters; what is longer is no abstract, and is cut

_SPECIAL = ("\\", "$", "<", "&", "{", "~", "`", "--", "://", "''")
_TEX = re.compile(r"\\[a-zA-Z\"'`^~=.{}%&_#$\\,]")


def looks_like_html(value: str) -> bool:
    """Tell HTML from plain text: a tag that HTML or JATS knows, or a complete character reference.

    "$a<b$", "x<y>z" and "<5 cm" are plain.
    """
    return markup.has_tags(value) or ("&" in value and markup.has_entity(value))


def render(raw: str, form: Form = Form.UNSAID, *, base: str = "") -> Prose:
    """Render an abstract or another running text.

    Args:
        raw: The text as its source wrote it, after source-specific stripping.
        form: How to read it; UNSAID looks at the text.
        base: Address of the page, for relative links in HTML; "" drops them.

    Returns:
        `raw` stripped; `form` PLAIN or HTML; `html` as `<p>` paragraphs of inline tags and MathML Core, fit
        for a page without another check; `plain` with paragraphs apart by a blank line.
    """
    raw = raw.strip()
    form = _resolved(raw, form)
    if form is Form.PLAIN and not _is_special(raw):
        parts = unicode.paragraphs(unicode.fold(_unglued(raw)))
        lines = [unicode.one_line(part) for part in parts]
        html = "".join(f"<p>{markup.escape(line)}</p>" for line in lines)
        return Prose(raw, "\n\n".join(unicode.flat(line) for line in lines), html, form)
    found = latex.Formulas()
    lines = _lines(_unglued(raw), form, found, base=base, is_inline=False)
    html = found.html(markup.clean("".join(f"<p>{line}</p>" for line in lines)))
    return Prose(raw, "\n\n".join(latex.plain_of(line, found) for line in lines), html, form)


def render_title(raw: str, form: Form = Form.UNSAID) -> Prose:
    """Render a title: one line of inline tags, no paragraphs, no line breaks, no links."""
    raw = raw.strip()
    form = _resolved(raw, form)
    if form is Form.PLAIN and not _is_special(raw):
        text = unicode.fold(_unglued(raw))
        return Prose(raw, unicode.flat(text), markup.escape(unicode.one_line(text)), form)
    found = latex.Formulas()
    line = " ".join(_lines(_unglued(raw), form, found, base="", is_inline=True))
    html = found.html(markup.clean(_NOT_IN_TITLES.sub(_as_space, line)))
    return Prose(raw, latex.plain_of(line, found), html, form)


_NOT_IN_TITLES = re.compile(r"</?(a|br)(?:\s[^<>]*)?>")


def _unglued(raw: str) -> str:
    """Bound the text, and part headings from the sentence some services glue to them ("BackgroundWe")."""
    text = raw[:MAX_LENGTH]
    return _GLUED.sub(r"\1 ", text) if text.startswith(_HEADINGS) else text


_HEADINGS = ("Abstract", "Aim", "Background", "Context", "Importance", "Introduction", "Objective", "Purpose")
_GLUED = re.compile(
    r"((?:^|(?<=[.!?)\s]))(?:Abstract|Aims?|Background|Conclusions?|Context|Design|Discussion|Findings|Funding|"
    r"Importance|Interpretation|Introduction|Limitations?|Methods?|Objectives?|Purpose|Results?|Setting))"
    r"(?=[A-Z][a-z]|[A-Z]{2,}[ -])"
)


def _is_special(text: str) -> bool:
    """Tell whether any character of TeX, HTML or an address is there; ten quick looks beat one search."""
    return any(mark in text for mark in _SPECIAL)


def _resolved(raw: str, form: Form) -> Form:
    if form is Form.UNSAID:
        return Form.HTML if looks_like_html(raw) else Form.PLAIN
    return Form.PLAIN if form is Form.PLAIN else Form.HTML


def _lines(raw: str, form: Form, found: latex.Formulas, *, base: str, is_inline: bool) -> list[str]:
    """Give the paragraphs of a text as HTML with placeholders for formulas; none is empty."""
    text = unicode.fold(raw)
    if form is Form.HTML:
        text = markup.unwrap(text)
        if markup.has_tags(text):
            return _html_lines(text, found, base=base, is_inline=is_inline)
    text = latex.cut(markup.decode(text), found, is_inline=is_inline)
    is_tex = bool(found) or bool(_TEX.search(text))
    lines = (
        latex.to_html(unicode.one_line(part), found, is_tex=is_tex, has_links=not is_inline)
        for part in unicode.paragraphs(text)
    )
    return _filled(lines)


def _html_lines(html: str, found: latex.Formulas, *, base: str, is_inline: bool) -> list[str]:
    html = markup.cut_mathml(html, lambda mathml: found.add(math.foreign(mathml)))
    of_tags = len(found)
    paragraphs = list(
        markup.blocks(html, lambda text: latex.cut(text, found, is_inline=is_inline), base=base)
    )
    is_tex = len(found) > of_tags or any(_TEX.search(line) for line in paragraphs)
    return _filled(
        _words_to_html(unicode.one_line(line), found, is_tex=is_tex, is_inline=is_inline)
        for line in paragraphs
    )


def _words_to_html(line: str, found: latex.Formulas, *, is_tex: bool, is_inline: bool) -> str:
    """Read the TeX between the tags of a clean line."""
    if not markup.needs_reading(line):
        return line
    out: list[str] = []
    links = 0
    for piece in _TAGS_APART.split(line):
        if piece.startswith("<"):
            links += piece.startswith("<a ") - (piece == "</a>")
            out.append(piece)
        else:
            words = markup.unescape_basic(piece)
            out.append(latex.to_html(words, found, is_tex=is_tex, has_links=not (links or is_inline)))
    return "".join(out)


_TAGS_APART = re.compile(r"(<[^<>]*>)")


def _filled(lines: Iterable[str]) -> list[str]:
    whole = (unicodedata.normalize("NFC", line).strip() for line in lines)
    return [line for line in whole if line]


def _as_space(match: re.Match[str]) -> str:
    return " " if match[1] == "br" else ""
