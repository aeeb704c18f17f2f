"""Write the texts of a library as plain Unicode: from TeX, from a little HTML, and addresses as they are."""

from __future__ import annotations

import re
from typing import Final

from academichub.model.papers import Form
from academichub.text import latex, markup, prose, unicode

MAX_LENGTH: Final = 100_000  # characters; what is longer is no title and no abstract, and is cut

# What reference managers put around words: Zotero's rich text, and the same in CSL-JSON.
_RICH: Final = re.compile(
    r"&lt;(/?)(i|b|em|strong|sub|sup|sc|span|script|pre)(?:\s(?:(?!&[lg]t;).){0,200})?/?&gt;", re.DOTALL
)
_TEX: Final = re.compile(r"\$[^$]+\$|\\[A-Za-z]{2,}|\\['\"`^~=.cuvHk]\s?\{")
_URL_COMMAND: Final = re.compile(r"\\(?:url|nolinkurl|path|href)\s*\{([^{}]*)\}")
_TILDE: Final = re.compile(r"\{?\\textasciitilde\s*(?:\{\})?\}?|\{?\$\\sim\$\}?|\\~\{\}")
_ESCAPED: Final = re.compile(r"\\([_%&#$~{}\\-])")
_WEB: Final = re.compile(r"https?://(?:(?!;https?://)[^\s<>\"{}|\\^`\x00-\x1f])+", re.IGNORECASE)
_FULL_STOP: Final = re.compile(r"\\(?:adddot|addperiod)\b\s*")


def from_tex(raw: str) -> str:
    r"""Write TeX of one field as one line: `{\"U}ber {DNA}` is Über DNA."""
    text = raw[:MAX_LENGTH]
    if "\\add" in text:
        text = _FULL_STOP.sub(".", text)
    return latex.to_plain(text)


def from_rich(raw: str) -> str:
    """Write a title with Zotero's few tags, character references or formulas as one line."""
    text = raw[:MAX_LENGTH]
    if "<" in text:
        text = _RICH.sub(r"<\1\2>", markup.escape(markup.decode(unicode.fold(text))))
        text = latex.plain_of(text, latex.Formulas())
    # Braces, tildes and quotes are characters here; only a formula or a command is TeX.
    if _TEX.search(text):
        return latex.to_plain(text)
    return unicode.flat(markup.decode(unicode.fold(text)))


def from_prose(raw: str) -> str:
    """Write an abstract or a note, HTML or not, with its paragraphs apart by a blank line."""
    return prose.render(raw[:MAX_LENGTH], Form.UNSAID).plain


def verbatim(raw: str) -> str:
    r"""Write an address or identifier that stands in TeX: `\url{http://x.example/a\_b}`."""
    text = raw.strip()
    if "\\" not in text and "{" not in text and "$" not in text:
        return text
    text = _TILDE.sub("~", text[:MAX_LENGTH])
    text = _ESCAPED.sub(r"\1", _URL_COMMAND.sub(r"\1", text))
    return text.replace("{", "").replace("}", "").strip()


def web_address(text: str) -> str:
    """Give the first http or https address that stands in a text, or ''."""
    found = _WEB.search(text)
    address = found[0].rstrip(".,;") if found else ""
    return address if markup.is_web(address) else ""
