"""Make characters uniform: composed, visible, on one line. Changes no word and no meaning."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# Characters that show nothing or change what is around them: C0 and C1 controls, the soft hyphen, zero-width
# space and no-break space, bidi marks and overrides (they can make a title read backwards), invisible
# operators, interlinear marks, noncharacters and the tag block (text that only machines see).
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
_INVISIBLE_OPERATORS = frozenset("\u2061\u2062\u2063\u2064")
_OPERATORS = re.compile("([\u2061-\u2064])")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ODD = re.compile(f"\r\n|[{_INVISIBLE}{_BREAKS}\ud800-\udfff\ufb00-\ufb06]")
_SPACES = re.compile(r"[ \t\n\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
# arXiv keeps a line break only before an indented line: there, "\n  " after a full stop opens a paragraph.
_INDENTED = re.compile(r"(?<=[.:;!?])\n {2}(?=\S)")
_INDENTED_MOST = 0.3  # above this share of indented lines the source is pretty-printed, not in paragraphs


def fold(text: str) -> str:
    r"""Compose (NFC), expand typographic ligatures, drop what cannot be seen.

    Line ends become "\n"; lone surrogates, which no encoding can carry, become U+FFFD.
    """
    is_ascii = text.isascii()
    # Asking whether all is printable is twenty times faster than searching; ligatures are printable.
    if not text.replace("\n", " ").isprintable() or (not is_ascii and _LIGATURE.search(text)):
        text = _ODD.sub(_replace, text)
    return text if is_ascii else unicodedata.normalize("NFC", text)


def fold_mathml(mathml: str) -> str:
    """Fold MathML; the invisible operators, by which a screen reader knows f(x) from f times x, stay."""
    parts = _OPERATORS.split(mathml)
    return (
        fold(mathml)
        if len(parts) == 1
        else "".join(p if p in _INVISIBLE_OPERATORS else fold(p) for p in parts)
    )


def one_line(text: str) -> str:
    """Join hard-wrapped lines and fold runs of spaces; no-break spaces stay."""
    if "\xa0" in text or "\u202f" in text or "\u2007" in text:
        return _SPACES.sub(" ", text).strip(" ")
    return " ".join(text.split())


def flat(text: str) -> str:
    """Fold every kind of space, no-break ones too, into single spaces."""
    return " ".join(text.split())


def paragraphs(text: str) -> list[str]:
    """Split at blank lines, and at arXiv's indented lines; none is empty."""
    parts = _BLANK_LINE.split(text) if "\n" in text else [text]
    if "\n  " in text and text.count("\n  ") <= _INDENTED_MOST * text.count("\n"):
        parts = [piece for part in parts for piece in _INDENTED.split(part)]
    return [part for part in parts if part.strip()]


def _replace(match: re.Match[str]) -> str:
    odd = match[0]
    if odd in _LIGATURES:
        return _LIGATURES[odd]
    if odd == "\r\n" or odd in _BREAKS:
        return "\n"
    return "\ufffd" if "\ud800" <= odd <= "\udfff" else ""
