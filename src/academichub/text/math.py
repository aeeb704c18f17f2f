"""Find TeX mathematics in a text and turn it into MathML and into plain Unicode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from math_core import LatexError, LatexToMathML

from academichub.text import markup, mathtex, mathtext

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY: Final = f"math-core-{version('math-core')}"
MAX_LENGTH: Final = 4_000  # characters; the longest honest formula in 56,881 arXiv records has under 2,000
MAX_BRACES: Final = 100  # braces within braces
_MAX_GUESSES = 40  # private commands looked up in one formula
_CACHE = 20_000  # formulas; a day of arXiv has some 3,000


@dataclass(frozen=True, slots=True)
class Tex:
    """A formula as it stood in its text."""

    source: str  # without delimiters, or the whole environment
    is_display: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula to show. `is_raw` where the TeX could not be read and stands as code."""

    html: str
    plain: str
    is_raw: bool = False


# -- finding -------------------------------------------------------------------------------------------------

_ENVIRONMENTS = (
    "equation|align|gather|multline|eqnarray|displaymath|math|array|cases|aligned|alignat|split|flalign|"
    "[bpvBV]?matrix|smallmatrix|gathered|alignedat|subequations"
)
_OPENING = re.compile(rf"\\begin\s*\{{({_ENVIRONMENTS})(\*?)\}}|\\.|\$\$?", re.DOTALL)
_INSIDE = re.compile(r"\\.|\$|\n[ \t]*\n", re.DOTALL)
_TEXISH = re.compile(r"[\\^_{}=<>]")
_MONEY = re.compile(r"\s*[\d.,]+\s*(?:[-–—/]\s*)?")
_WORD = re.compile(r"[A-Za-z]{2,}")
_LONG_WORD = re.compile(r"[A-Za-z]{3,}")
_WORDS = re.compile(r"[a-z]{2,}[,.;:)]?\s+[(a-z]{2,}\s|[A-Za-z]{4,}\s[A-Za-z]{4,}")
_WRAPPERS = {"displaymath", "math", "subequations"}  # these only say "here is mathematics"


def split(text: str) -> Iterator[str | Tex]:
    r"""Cut a text into words and formulas, in order.

    Knows `$..$`, `$$..$$`, `\(..\)`, `\[..\]` and the display environments. A `$` is money, or nothing,
    unless what stands up to its partner reads as mathematics; `\$` never opens a formula.
    """
    at = start = 0
    last_by_closing: dict[str, int] = {}  # so that openings that never close cost nothing
    while opening := _OPENING.search(text, at):
        at = opening.end()
        closing = _closing(opening)
        if closing is None or last_by_closing.setdefault(closing, text.rfind(closing)) < at:
            continue
        found = _formula(text, opening, closing)
        if found is None or _MARK in found[0].source:
            continue
        if opening.start() > start:
            yield text[start : opening.start()]
        tex, at = found
        yield tex
        start = at
    if start < len(text):
        yield text[start:]


_MARK = "\ufdd0"  # a formula inside a formula: MathML that stood between stray dollar signs
_CLOSING = {"$": "$", "$$": "$", "\\(": "\\)", "\\[": "\\]"}


def _closing(opening: re.Match[str]) -> str | None:
    if opening[1]:
        return rf"\end{{{opening[1]}{opening[2]}}}"
    return _CLOSING.get(opening[0])


def _formula(text: str, opening: re.Match[str], closing: str) -> tuple[Tex, int] | None:
    mark, at = opening[0], opening.end()
    if opening[1]:
        return _environment(text, opening, closing)
    if mark == "$":
        return _dollars(text, at)
    if mark == "$$":
        close_at = text.find("$$", at)
        if close_at < 0:
            return _dollars(text, at)
        body = text[at:close_at]
        return (
            (Tex(body.strip(), is_display=True), close_at + 2)
            if body.strip() and "\n\n" not in body
            else None
        )
    close = re.compile(rf"(?<!\\)\\\{closing[1]}").search(text, at)
    if close is None or not text[at : close.start()].strip():
        return None
    return Tex(text[at : close.start()].strip(), mark == "\\["), close.end()


def _environment(text: str, opening: re.Match[str], closing: str) -> tuple[Tex, int]:
    close_at = text.index(closing, opening.end())
    end = close_at + len(closing)
    if opening[1] in _WRAPPERS:
        return Tex(text[opening.end() : close_at].strip(), opening[1] != "math"), end
    return Tex(text[opening.start() : end], is_display=True), end


def _dollars(text: str, at: int) -> tuple[Tex, int] | None:
    r"""Find the `$` that closes a formula begun just before `at`; those inside `\text{..}` do not."""
    first: tuple[Tex, int] | None = None
    dollars = 0
    for mark in _INSIDE.finditer(text, at, at + MAX_LENGTH + 1):
        if mark[0] == "$":
            body = text[at : mark.start()]
            dollars += 1
            if dollars > _MAX_INNER or not _is_math(body, text[mark.end() : mark.end() + 1]):
                break
            first = first or (Tex(body.strip()), mark.end())
            if not _IN_TEXT.search(body):
                return Tex(body.strip()), mark.end()
        elif mark[0][0] == "\n":
            break
    return first


_MAX_INNER = 8  # dollar signs looked at for one formula
_IN_TEXT = re.compile(r"\\(?:text(?:rm|bf|it|sf|normal)?|[mhf]box)\s*\{[^{}]*$")


def _is_math(body: str, after: str) -> bool:
    """Tell a formula from two sums of money, or from the words between two stray `$`."""
    if not body.strip():
        return False
    if _TEXISH.search(body):
        return True
    money = _MONEY.match(body)
    if money and (_WORD.search(body) or body[-1].isspace() or (money.end() == len(body) and after.isdigit())):
        return False
    spaces = body[0].isspace() + body[-1].isspace()
    return not (_WORDS.search(body) or (spaces and (_LONG_WORD if spaces > 1 else _WORD).search(body)))


# -- converting ----------------------------------------------------------------------------------------------

_CONVERTER: Final = LatexToMathML(
    macros=dict(mathtex.MACROS), allow_unreliable_rendering=True, fancy_error=False, max_expansions=500
)
_UNKNOWN = re.compile(r'(?:Unknown command|Found) "\\([^"]+)"')
_UNFIT = re.compile(r"^(\d+): (?:Not valid in math mode|Switch-like)")
_COMMAND = re.compile(r"\\([a-zA-Z]+|.)", re.DOTALL)
_STYLE = re.compile(r' style="([^"]*)"')
_FOREIGN_CLASS = re.compile(r'<mrow class="menclose[^"]*"></mrow>| class="math-core[^"]*"')
_SPACER = re.compile(r'<mtd style="width: [\d.]+%"></mtd>')
_ENCLOSED = re.compile(r'<menclose notation="(\w+)"')


@lru_cache(maxsize=_CACHE)
def render(source: str, *, is_display: bool = False) -> Formula:
    """Turn one formula into MathML and plain text; bounded in time and never raising.

    What cannot be read even with its private commands shown by name stays as TeX in `<code class="tex">`.
    """
    if len(source) > MAX_LENGTH or _depth(source) > MAX_BRACES:
        return _raw(source)
    mathml = _convert(mathtex.mend(source), is_display=is_display)
    if mathml is None:
        mathml = _convert(mathtex.balance(mathtex.mend(source)), is_display=is_display)
    if mathml is None:
        return _raw(source)
    clean = markup.clean_math(_without_styles(mathml))
    try:
        return Formula(clean, mathtext.linear(clean))
    except mathtext.MathTooDeep:
        return _raw(source)


def _convert(tex: str, *, is_display: bool) -> str | None:
    for _ in range(_MAX_GUESSES):
        try:
            return _CONVERTER.convert_with_local_state(tex, displaystyle=is_display)
        except LatexError as error:
            better = _guessed(tex, str(error))
            if better is None or len(better) > 2 * MAX_LENGTH:
                return None
            tex = better
    return None


def _guessed(tex: str, complaint: str) -> str | None:
    """Replace the command the converter complains of by what it probably shows."""
    if match := _UNKNOWN.search(complaint):
        name = match[1]
    elif match := _UNFIT.match(complaint):
        command = _COMMAND.match(tex, int(match[1]))
        name = command[1] if command else ""
    else:
        name = ""
    if not name:
        return None
    if not name.isascii() or not name.isalpha():
        return tex.replace("\\" + name, name if name.isalnum() else " ")
    return re.sub(rf"\\{name}(?![a-zA-Z])", lambda _: f"{{{mathtex.guess(name)}}}", tex)


def _depth(source: str) -> int:
    if source.count("{") <= MAX_BRACES:
        return 0
    depth = deepest = 0
    for char in source:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return deepest


def _without_styles(mathml: str) -> str:
    """Turn inline styles into classes: the pages' content policy allows no style attribute."""
    if "<menclose" in mathml:
        mathml = _ENCLOSED.sub(r'<mrow class="tex-\1"', mathml).replace("</menclose>", "</mrow>")
    if "class=" in mathml:
        mathml = _FOREIGN_CLASS.sub("", mathml)
    if "style=" not in mathml:
        return mathml
    return _STYLE.sub(_as_class, _SPACER.sub("", mathml))


def _as_class(match: re.Match[str]) -> str:
    style = match[1]
    if "small-caps" in style:
        return ' class="sc"'
    for side in ("left", "right"):
        if f"text-align: {side}" in style:
            return f' class="tex-{side}"'
    return ""


def _raw(source: str) -> Formula:
    words = re.sub(r"\\(?:([a-zA-Z]+)|(.)|$)", r" \1\2 ", source, flags=re.DOTALL)
    plain = " ".join(re.sub(r"[{}$]", " ", words).split())
    return Formula(f'<code class="tex">{markup.escape(source)}</code>', plain, is_raw=True)


def foreign(mathml: str) -> Formula:
    """Keep MathML that came from outside, cleaned; what nests too deep keeps only its characters."""
    clean = markup.clean_foreign_math(mathml)
    try:
        return Formula(clean, mathtext.linear(clean))
    except mathtext.MathTooDeep:
        words = " ".join(re.sub(r"<[^<>]*>", " ", clean).split())
        return Formula(words, markup.unescape_basic(words))


_BARE: Final = LatexToMathML(fancy_error=False)
NOTHING: Final = Formula("", "")


@lru_cache(maxsize=2_000)
def symbol(name: str) -> str | None:
    r"""Give the character a bare command shows (`\alpha`, `\times`, `\log`), else None."""
    try:
        mathml = _BARE.convert_with_local_state(f"\\{name}", displaystyle=False)
    except LatexError:
        return None
    return mathtext.linear(markup.clean_math(mathml)) or None
