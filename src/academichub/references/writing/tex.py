r"""Write plain text as TeX for bibliographies, so that `references.plain.from_tex` reads the same text again.

BibTeX the program knows bytes: it sorts, cuts and lowers letters byte by byte, and an umlaut in UTF-8 is
two. So accented Latin letters are written as commands, `{\"{u}}`, which BibTeX takes for one letter; letters
of other scripts have no such form and stay. Biber, which reads for BibLaTeX, knows Unicode, and there every
letter stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from academichub.references.plain import from_tex
from academichub.text import math
from academichub.text.latextables import LETTER_ACCENTS, LETTERS, SIGN_ACCENTS
from academichub.text.unicode import flat, fold

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    # An italic correction of nothing keeps TeX, and any reader of it, from joining what follows into a quote.
    "`": r"`\/",
}
_SYMBOLS: Final = {
    "“": r"\textquotedblleft{}", "”": r"\textquotedblright{}", "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}", "„": r"\quotedblbase{}", "«": r"\guillemotleft{}", "»": r"\guillemotright{}",
    "…": r"\textellipsis{}", "§": r"\textsection{}", "¶": r"\textparagraph{}", "°": r"\textdegree{}",
    "©": r"\textcopyright{}", "®": r"\textregistered{}", "™": r"\texttrademark{}", "£": r"\textsterling{}",
    "€": r"\texteuro{}", "†": r"\textdagger{}", "‡": r"\textdaggerdbl{}", "•": r"\textbullet{}",
    "·": r"\textperiodcentered{}", "×": r"\texttimes{}", "±": r"\textpm{}", "¡": r"\textexclamdown{}",
    "¿": r"\textquestiondown{}", "–": r"\textendash{}", "—": r"\textemdash{}", "µ": r"\textmu{}",
}  # fmt: skip
_LETTER_BY_CHARACTER: Final = {
    character: f"{{\\{name}}}" for name, character in LETTERS.items() if name not in {"i", "j", "SS"}
}
_ACCENT_BY_MARK: Final = {
    mark: name for name, mark in (*SIGN_ACCENTS.items(), *LETTER_ACCENTS.items()) if name != "t"
}
_LIGATURE: Final = re.compile(r"-(?=-)|'(?=')|,(?=,)")
_ENTITY: Final = re.compile(r"\\&(?=[A-Za-z][A-Za-z0-9]*;)")  # "\&amp;" would be read as HTML
_RANGE: Final = re.compile(r"(?<=[0-9A-Za-z])\\textendash\{\}(?=[0-9A-Za-z])")
_TO_ESCAPE: Final = re.compile(r"[\\{}$%&#_~^<>|`]")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
# What may stand in a formula of a bibliography: commands that read files, define others or end the formula do
# not belong there.
_HARMFUL: Final = re.compile(
    r"\\(?:input|include|write|openout|openin|read|def|edef|gdef|xdef|let|newcommand|renewcommand|catcode|csname"
    r"|immediate|special|loop|repeat|expandafter|usepackage|documentclass|url|href|verb|begin|end)(?![A-Za-z])"
    r"|\^\^|(?<!\\)%"
)
_BRACE: Final = re.compile(r"\\.|[{}]", re.DOTALL)


def to_tex(text: str, *, is_ascii: bool) -> str:
    """Write one line of plain text; `is_ascii` writes accented Latin letters and signs as commands."""
    tex = _LIGATURE.sub(r"\g<0>\\/", _TO_ESCAPE.sub(lambda found: _SPECIAL[found[0]], flat(fold(text))))
    if is_ascii and not tex.isascii():
        tex = _NOT_ASCII.sub(lambda found: _command(found[0]), tex)
    return _joined(tex)


def _joined(tex: str) -> str:
    """Mend what only shows when pieces stand together: what looks like an entity of HTML, and ranges."""
    return _RANGE.sub("--", _ENTITY.sub(r"\\&{}", tex))


@lru_cache(2048)
def _command(character: str) -> str:
    if known := _SYMBOLS.get(character) or _LETTER_BY_CHARACTER.get(character):
        return known
    base, _, mark = unicodedata.decomposition(character).partition(" ")
    accent = _ACCENT_BY_MARK.get(chr(int(mark, 16))) if mark and not base.startswith("<") else None
    if accent is None:
        return character
    letter = chr(int(base, 16))
    inner = letter if letter.isascii() else _command(letter)
    if inner == letter and not letter.isascii():
        return character
    return f"{{\\{accent}{{{inner.removeprefix('{').removesuffix('}') if len(inner) > 1 else inner}}}}}"


def title_to_tex(title: str, raw: str, *, is_ascii: bool) -> str:
    """Write a title: its formulas stay TeX where the raw title has any, its capitals are protected."""
    if "$" in raw:
        with_formulas = _with_formulas(raw, is_ascii=is_ascii)
        if from_tex(with_formulas) == title:
            return with_formulas
    return protect_capitals(title, is_ascii=is_ascii)


def _with_formulas(raw: str, *, is_ascii: bool) -> str:
    """Keep the formulas of a raw title and write its words; '' where a formula must not be kept."""
    written: list[str] = []
    for part in math.split(fold(raw)):
        if isinstance(part, str):
            lead, trail = " " * part[:1].isspace(), " " * part[-1:].isspace()
            written.append(f"{lead}{protect_capitals(from_tex(part), is_ascii=is_ascii)}{trail}")
        elif formula := _formula(part.source):
            written.append(formula)
        else:
            return ""
    return flat("".join(written))


def _formula(source: str) -> str:
    depth = 0
    for found in _BRACE.finditer(source):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth < 0 or found[0] in {"\\{", "\\}"}:
            return ""
    if depth or _HARMFUL.search(source) or "$" in source:
        return ""
    return f"${flat(source)}$"


_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SENTENCE_END: Final = re.compile(r"[.:?!—]\s*[\"'“‘(]*$")


def protect_capitals(title: str, *, is_ascii: bool) -> str:
    """Put braces around words whose capitals styles must not lower: DNA, iPhone, and names in a sentence.

    Where most words begin with a capital it is the title's own style, and no name stands out.
    """
    text = flat(fold(title))
    words = list(_WORD.finditer(text))
    long_ones = [word[0] for word in words[1:] if len(word[0]) > 3]  # noqa: PLR2004  "and", "of", "the" say nothing
    capital = sum(1 for word in long_ones if word[0].isupper())
    is_sentence = capital * 2 < len(long_ones)
    out: list[str] = []
    at = 0
    for number, word in enumerate(words):
        begins = number == 0 or bool(_SENTENCE_END.search(text[at : word.start()]))
        is_name = is_sentence and not begins and word[0][0].isupper()
        has_inner = any(char.isupper() for char in word[0][1:])
        out.append(to_tex_piece(text[at : word.start()], is_ascii=is_ascii))
        inner = to_tex(word[0], is_ascii=is_ascii)
        out.append(f"{{{inner}}}" if is_name or has_inner else inner)
        at = word.end()
    out.append(to_tex_piece(text[at:], is_ascii=is_ascii))
    return _joined("".join(out))


def to_tex_piece(text: str, *, is_ascii: bool) -> str:
    """Write what stands between words, the spaces at its ends kept."""
    if not text.strip():
        return text and " "
    lead, trail = " " * text[0].isspace(), " " * text[-1].isspace()
    return f"{lead}{to_tex(text, is_ascii=is_ascii)}{trail}"
