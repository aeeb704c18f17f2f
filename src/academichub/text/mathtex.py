"""Mend TeX mathematics before conversion: what authors write and the converter does not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.text.unicode import fold

if TYPE_CHECKING:
    from collections.abc import Callable

# Given to the converter as macros. Only names that mean one thing wherever they are seen.
_GREEK = {
    "alpha": "al", "beta": "be bet", "gamma": "ga gam", "Gamma": "Ga Gam", "delta": "de del", "Delta": "De",
    "varepsilon": "eps ep epsi veps vep vepsi vare vareps", "lambda": "lam lamb lbd", "Lambda": "Lam Lamb",
    "omega": "om ome", "Omega": "Om Ome", "sigma": "sig sg", "Sigma": "Sig", "theta": "tht", "Theta": "Tht",
    "varphi": "vphi vp", "kappa": "ka kap", "zeta": "ze", "infty": "iy", "partial": "pa prt pd pl",
    "mu": "upmu", "alpha ": "upalpha", "beta ": "upbeta", "gamma ": "upgamma", "pi": "uppi", "nabla": "grad",
}  # fmt: skip
_MACROS: Final = {
    short: f"\\{name.strip()}" for name, shorts in _GREEK.items() for short in shorts.split()
} | {
    # packages
    "mathds": r"\mathbb{#1}", "mathbbm": r"\mathbb{#1}", "mathbbmss": r"\mathbb{#1}", "bbm": r"\mathbb{#1}",
    "Bbb": r"\mathbb{#1}", "mb": r"\mathbb{#1}", "mc": r"\mathcal{#1}", "mf": r"\mathfrak{#1}",
    "ol": r"\overline{#1}", "nicefrac": "{#1}/{#2}", "sfrac": "{#1}/{#2}", "textstyle": "",
    "ensuremath": "#1",
    "substack": r"\begin{matrix}#1\end{matrix}", "smash": "#1", "xspace": "", "db": r"\,\mathrm{dB}",
    "abs": r"\left\lvert #1\right\rvert", "norm": r"\left\lVert #1\right\rVert", "mathscrbf": r"\mathscr{#1}",
    "bold": r"\mathbf{#1}", "pmb": r"\boldsymbol{#1}", "boldmath": "", "unboldmath": "", "protect": "",
    "allowbreak": "", "nobreak": "", "null": "", "noindent": "", "nolimits": "", "hfill": r"\quad",
    "hfil": r"\quad", "dotsc": r"\ldots", "dotsb": r"\cdots", "dotsm": r"\cdots", "dotsi": r"\cdots",
    "dotso": r"\ldots", "degree": r"{}^{\circ}", "textdegree": r"{}^{\circ}", "deg": r"{}^{\circ}",
    "thickapprox": r"\approx", "thicksim": r"\sim", "lb": r"\lbrace", "arcsec": "''", "arcmin": "'",
    "micron": r"\mu\mathrm{m}", "um": r"\mu\mathrm{m}", "sun": r"\odot", "Msun": r"M_{\odot}",
    "msun": r"M_{\odot}", "Lsun": r"L_{\odot}", "Rsun": r"R_{\odot}", "Zsun": r"Z_{\odot}",
    "kms": r"\mathrm{km\,s}^{-1}", "lsim": r"\lesssim", "gsim": r"\gtrsim", "simlt": r"\lesssim",
    "simgt": r"\gtrsim", "AA": r"\text{Å}", "angstrom": r"\text{Å}", "textmu": r"\mu", "loc": r"\mathrm{loc}",
    "C": r"\mathbb{C}", "N": r"\mathbb{N}", "Q": r"\mathbb{Q}", "Z": r"\mathbb{Z}", "Rn": r"\mathbb{R}^n",
    "RN": r"\mathbb{R}^N", "Real": r"\mathbb{R}", "re": r"\mathbb{R}", "IR": r"\mathbb{R}",
    "IN": r"\mathbb{N}",
    "IZ": r"\mathbb{Z}", "IC": r"\mathbb{C}", "one": r"\mathbb{1}", "ind": r"\mathbb{1}",
    "bfR": r"\mathbb{R}",
    "br": r"\mathbb{R}", "rr": r"\mathbb{R}", "bdu": r"\mathbf{u}", "curl": r"\operatorname{curl}",
    "divv": r"\operatorname{div}", "diver": r"\operatorname{div}", "Div": r"\operatorname{div}",
    "supp": r"\operatorname{supp}", "dist": r"\operatorname{dist}", "tr": r"\operatorname{tr}",
    "sgn": r"\operatorname{sgn}", "sign": r"\operatorname{sign}", "diag": r"\operatorname{diag}",
    "rank": r"\operatorname{rank}", "poly": r"\operatorname{poly}", "polylog": r"\operatorname{polylog}",
}  # fmt: skip
_LETTERED = (  # families of private names: \RR, \bbR, \cA, \calA, \bx, \bfx
    (re.compile(r"(?:bb|BB|Bbb)([A-Z])|([CDEFHKNPQRTZ])\2"), r"\mathbb{%s}"),
    (re.compile(r"(?:c|mc|cal|scr)([A-Z])"), r"\mathcal{%s}"),
    (re.compile(r"(?:b|bf|bs|bold|vec)([a-zA-Z])"), r"\mathbf{%s}"),
    (re.compile(r"(?:f|fr|frak|mf)([A-Z])"), r"\mathfrak{%s}"),
    (re.compile(r"(?:w|wt|ti|tilde)([a-zA-Z])"), r"\tilde{%s}"),
)
_UNITS = {
    "meter": "m", "metre": "m", "gram": "g", "second": "s", "ampere": "A", "kelvin": "K", "mole": "mol",
    "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "coulomb": "C", "volt": "V",
    "farad": "F", "ohm": r"\Omega", "siemens": "S", "weber": "Wb", "tesla": "T", "henry": "H", "bit": "bit",
    "byte": "B", "electronvolt": "eV", "liter": "L", "litre": "L", "minute": "min", "hour": "h", "day": "d",
    "celsius": r"{}^{\circ}C", "degreeCelsius": r"{}^{\circ}C", "degree": r"{}^{\circ}", "percent": r"\%",
    "decibel": "dB", "dB": "dB", "angstrom": "Å", "bar": "bar", "radian": "rad", "arcsecond": "''",
    "year": "yr",
    "femto": "f", "pico": "p", "nano": "n", "micro": r"\mu ", "milli": "m", "centi": "c", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T", "peta": "P", "per": "/", "squared": "^2", "cubed": "^3",
    "square": "", "cubic": "", "of": "", "um": r"\mu m", "us": r"\mu s", "km": "km", "cm": "cm", "mm": "mm",
    "nm": "nm", "fs": "fs", "ps": "ps", "ns": "ns", "ms": "ms", "s": "s", "kHz": "kHz", "MHz": "MHz",
    "GHz": "GHz", "THz": "THz", "Hz": "Hz", "keV": "keV", "MeV": "MeV", "GeV": "GeV", "TeV": "TeV",
    "eV": "eV",
    "kg": "kg", "g": "g", "mg": "mg", "K": "K", "mK": "mK", "V": "V", "mV": "mV", "W": "W", "mW": "mW",
}  # fmt: skip

_NAME = r"(?![a-zA-Z])"
_ESCAPED_BREAK = re.compile(r"(?<!\\)\\(?=[\n\r\t])")
_COMMENT = re.compile(r"(?<!\\)%")
_STARRED = re.compile(r"(\\(?!operatorname|hspace|vspace|tag|DeclareMath|begin|end)[a-zA-Z]+)\*")
_SWITCH_ARGUMENT = re.compile(
    r"(?<=[_^])\s*\\(rm|bf|it|sf|tt|cal)(?:\s*\{([^{}]*)\}|\s+(\w)|(?=\W|$))(?![a-zA-Z])"
)
_DROPPED = re.compile(
    r"\\(?:label|tag\*?|eqref|ref|cite[tp]?\*?|vspace\*?|rule|raisebox|leqno|eqno|vskip|hskip)"
    + _NAME
    + r"(?:\s*\[[^\]]*\])?(?:\s*\{[^{}]*\}|\s*\([^()]*\)|\s*-?[\d.]+\s*(?:pt|mm|cm|em|ex|in))*"
    + r"|\\(?:nonumber|notag|displaystyle|displaylimits|noindent|hline|newline(?=\s*$))"
    + _NAME
)
_HREF = re.compile(r"\\(?:href|texttt\{\\url|url)\s*\{[^{}]*\}(?=\s*\{)")
_UNICODE = re.compile(r"\\unicode\{x([0-9a-fA-F]{2,5})\}")
_NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|gather|multline|alignat|flalign)\}")
_EQNARRAY = re.compile(r"\\begin\{eqnarray\*?\}")
_ALIGNED = re.compile(r"\\begin\{(?:split|alignedat\}\s*\{\d+|flalign\*?|alignat\*?\}\s*\{\d+)\}")
_ALIGNED_END = re.compile(r"\\end\{(?:split|alignedat|flalign\*?|alignat\*?)\}")
_ARRAY_PLACE = re.compile(r"(\\begin\{(?:array|aligned|gathered)\})\s*\[[a-z]\]")
_BARE_ACCENT = re.compile(r"""\\(['`"^~])\s*(?:\{\s*(\\?[a-zA-Z]+)\s*\}|([a-zA-Z]))""")
_HASH = re.compile(r"(?<!\\)#")
_TEXT = re.compile(r"\\(text(?:rm|bf|it|sf|tt|sc|up|normal|md|sl)?|mbox|hbox|fbox|makebox|emph)\s*(?=\{)")
_ODD_DIGIT = re.compile(r"\\(?=[\d<=@])")
_OLD_CASES = re.compile(r"\\(cases)\s*(?=\{)")
_CR = re.compile(r"\\cr" + _NAME)
_CHEMISTRY = re.compile(r"\\(ce|ch)\s*(?=\{)")
_SI = re.compile(r"\\(SIrange|SI|qty|si|unit|num|ang)\s*(?:\[[^\]]*\])?\s*(?=\{)")
_UNIT_NAME = re.compile(r"\\([a-zA-Z]+)\s*")
_ANGLES = re.compile(r"\\(left|right|big[lr]?|Big[lr]?|bigg[lr]?|Bigg[lr]?)\s*([<>])")
_STRIPPED_ENVIRONMENT = re.compile(
    r"^\s*\{(array|cases|aligned|matrix|pmatrix|split)\}(.*)\{\1\}\s*[.,]?\s*$", re.DOTALL
)

MACROS: Final = _MACROS

# Commands that no rule below touches. Most formulas hold nothing else, and need none of thirty rules.
_SOUND_WORDS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    rho varrho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma
    Upsilon Phi Psi Omega ell hbar infty partial nabla le leq ge geq ll gg lesssim gtrsim neq ne
    approx sim simeq equiv propto in notin subset subseteq supset cup cap setminus emptyset forall
    exists to rightarrow leftarrow Rightarrow mapsto cdot cdots ldots dots times pm mp circ otimes
    oplus wedge vee dagger prime langle rangle frac sqrt sum int prod log ln exp sin cos tan max min
    sup inf lim det dim ker deg mathcal mathbb mathbf mathrm mathfrak mathsf mathit boldsymbol
    operatorname overline bar hat tilde vec dot ddot widetilde widehat quad
"""
_SOUND = frozenset(_SOUND_WORDS.split())
_ANY_COMMAND = re.compile(r"\\([a-zA-Z]+|.|$)", re.DOTALL)


def _is_sound(tex: str) -> bool:
    """Tell a formula that every rule would leave as it is."""
    return "*" not in tex and tex[:1] not in "{ \n" and _SOUND.issuperset(_ANY_COMMAND.findall(tex))


def mend(tex: str) -> str:
    r"""Rewrite what the converter lacks: `\mbox`, `\ce`, `\SI`, `\cases`, numbering, old switches.

    Args:
        tex: A formula without its delimiters.

    Returns:
        A formula that means the same; unchanged where there is nothing to mend.
    """
    if "#" in tex:
        tex = _HASH.sub(r"\#", tex)
    if "%" in tex:
        tex = _COMMENT.sub("", tex)
    if _is_sound(tex):
        return tex
    for pattern, new in _PLAIN_RULES:
        tex = pattern.sub(new, tex)
    if match := _STRIPPED_ENVIRONMENT.match(tex):
        tex = rf"\begin{{{match[1]}}}{match[2]}\end{{{match[1]}}}"
    tex = _SWITCH_ARGUMENT.sub(_as_font, tex)
    tex = _UNICODE.sub(lambda m: fold(chr(int(m[1], 16))), tex)
    tex = _BARE_ACCENT.sub(_as_accent, tex)
    for command, most, make in _GROUP_RULES:
        tex = _with_groups(tex, command, most, make)
    return tex


_PLAIN_RULES: Final = (
    (_ESCAPED_BREAK, r"\\ "),
    (re.compile(r"\\color" + _NAME + r"\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}"), ""),
    (_STARRED, r"\1 *"),
    (_DROPPED, " "),
    (_HREF, ""),
    (_NUMBERED, r"\\\1{\2*}"),
    (_EQNARRAY, r"\\begin{array}{rcl}"),
    (re.compile(r"\\end\{eqnarray\*?\}"), r"\\end{array}"),
    (_ALIGNED, r"\\begin{aligned}"),
    (_ALIGNED_END, r"\\end{aligned}"),
    (_ARRAY_PLACE, r"\1"),
    (re.compile(r"\\hspace\*"), r"\\hspace"),
    (re.compile(r"\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|huge)" + _NAME), ""),
    (re.compile(r"(\\[bB]igg?[lrm]?)\s*([{}])"), r"\1\\\2"),
    (re.compile(r"(?<=\{)smallmatrix(?=\})"), "matrix"),
    (re.compile(r"\\(end)?aligned" + _NAME), lambda m: rf"\{m[1] or 'begin'}{{aligned}}"),
    (re.compile(r"(?<!\\)(\\\\)*\\\s*$"), r"\1"),
    (re.compile(r"\\sp" + _NAME), "^"),
    (re.compile(r"\\sb" + _NAME), "_"),
    (_CR, r"\\\\"),
    (_ODD_DIGIT, ""),
    (_ANGLES, lambda m: rf"\{m[1]}" + (r"\langle " if m[2] == "<" else r"\rangle ")),
)


def guess(name: str) -> str:
    r"""Say what an unknown command probably shows: a letter of its family, or its own name upright."""
    for pattern, form in _LETTERED:
        if match := pattern.fullmatch(name):
            return form % next(group for group in match.groups() if group)
    return rf"\mathrm{{{name}}}"


def balance(tex: str) -> str:
    """Close braces left open; drop those that close nothing, and stray `$`."""
    tex = _DOLLAR.sub("", tex)
    out: list[str] = []
    depth = 0
    for part in re.split(r"(\\.|[{}])", tex, flags=re.DOTALL):
        if part == "}" and depth == 0:
            continue
        depth += (part == "{") - (part == "}")
        out.append(part)
    return "".join(out) + "}" * depth


def pairs(text: str) -> dict[int, int]:
    """Map each opening brace to the one that closes it; escaped braces are no braces."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            closing[opened.pop()] = match.start()
    return closing


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def chemistry(formula: str) -> str:
    r"""Set the body of `\ce{...}`: upright, numbers after elements low, charges high, arrows as arrows."""
    out = formula.replace("<=>", r"\rightleftharpoons ").replace("->", r"\rightarrow ")
    out = re.sub(r"(?<=[A-Za-z\])])(\d+)", r"_{\1}", out)
    out = re.sub(r"\^(\d*[+-])", r"^{\1}", out)
    out = re.sub(r"(?<=[A-Za-z0-9}\])])([+-])(?=$|\s)", r"^{\1}", out)
    out = re.sub(r"(?<!\\)(?<![A-Za-z])([A-Z][A-Za-z]*)", r"\\mathrm{\1}", out)
    return "{" + out + "}"


def quantity(command: str, parts: list[str]) -> str:
    r"""Set `\SI{5}{\kilo\metre}` and its kin as number, thin space, upright units."""
    if command in {"si", "unit"}:
        return _units(parts[0])
    number = re.sub(r"(?<=\d)[eE]([+-]?\d+)", r"\\times 10^{\1}", parts[0]).replace("+-", r"\pm ")
    if command == "ang":
        return number + r"{}^{\circ}"
    if command == "num" or len(parts) == 1:
        return "{" + number + "}"
    if command == "SIrange":
        return f"{number}\\text{{–}}{parts[1]}" + (rf"\,{_units(parts[2])}" if len(parts) > 2 else "")  # noqa: PLR2004 - the third part is the unit
    return rf"{number}\,{_units(parts[1])}"


def _units(text: str) -> str:
    body = _UNIT_NAME.sub(lambda m: _UNITS.get(m[1], m[1]), text)
    return r"\mathrm{" + body.replace("~", r"\,").replace(".", r"\,") + "}"


def _as_font(match: re.Match[str]) -> str:
    body = match[2] or match[3] or ""
    return rf"{{\math{match[1]}{{{body}}}}}" if body else "{}"


def _as_accent(match: re.Match[str]) -> str:
    accent = {"'": "acute", "`": "grave", '"': "ddot", "^": "hat", "~": "tilde"}[match[1]]
    return rf"\{accent}{{{match[2] or match[3]}}}"


def _with_groups(tex: str, command: re.Pattern[str], most: int, new: Callable[[str, list[str]], str]) -> str:
    """Replace a command and its brace groups (one to `most`) by what `new(command, bodies)` gives."""
    if not command.search(tex):
        return tex
    closing = pairs(tex)
    out: list[str] = []
    at = 0
    while match := command.search(tex, at):
        end = match.end()
        bodies: list[str] = []
        while len(bodies) < most and (close := closing.get(end)):
            bodies.append(tex[end + 1 : close])
            end = close + 1
        out.append(tex[at : match.start()])
        out.append(new(match[1], bodies) if bodies else match[0])
        at = end
    return "".join(out) + tex[at:]


def _text(command: str, bodies: list[str]) -> str:
    """Set words among formulas; formulas among the words come out of them."""
    name = command if command in _KNOWN_TEXT else "text"
    out: list[str] = []
    for i, piece in enumerate(_DOLLAR.split(bodies[0])):
        out.append(f"{{{piece}}}" if i % 2 else f"\\{name}{{{_TEXT_ODD.sub(_as_text, piece)}}}")
    return "{" + "".join(out) + "}"


_KNOWN_TEXT = frozenset({"text", "textrm", "textbf", "textit", "textsf", "texttt", "textsc", "emph"})
_DOLLAR = re.compile(r"(?<!\\)\$")
_TEXT_ODD = re.compile(r"(?<!\\)[_&^]|\\(?:rm|bf|it|sf|tt|sc|em|normalfont|displaystyle)(?![a-zA-Z])\s*")


def _as_text(match: re.Match[str]) -> str:
    return {"_": r"\_", "&": r"{\&}", "^": r"\textasciicircum{}"}.get(match[0], "")


_GROUP_RULES: Final[tuple[tuple[re.Pattern[str], int, Callable[[str, list[str]], str]], ...]] = (
    (_CHEMISTRY, 1, lambda _, bodies: chemistry(bodies[0])),
    (_SI, 3, quantity),
    (_OLD_CASES, 1, lambda _, bodies: rf"\begin{{cases}}{bodies[0]}\end{{cases}}"),
    (_TEXT, 1, _text),
)
