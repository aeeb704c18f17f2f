"""What the characters of mathematics are: relation, operator, bracket, letter; and which have small forms."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from academichub.text.mathtext import Kind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS: Final = _words(
    "arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det diag dim div exp gcd grad hom "
    "inf injlim ker lcm lg lim liminf limsup ln log max min mod Pr proj projlim rank sec sgn sign sin "
    "sinh span sup supp tan tanh tr Tr Var Cov softmax"
) | {"arg max", "arg min", "lim inf", "lim sup", "inj lim", "proj lim"}
DOTS: Final = frozenset("…⋯")
BARS: Final = frozenset("|‖")
LETTER_KINDS: Final[dict[str, Kind]] = {"…": "dots", "⋯": "dots", ":": "punct"}  # `\\colon` comes as a letter
BIG: Final = frozenset("∑∏∐∫∬∭⨌∮∯∰⋃⋂⋁⋀⨁⨂⨀⨄⨆")
SIGNS: Final = frozenset("−-+±∓¬∂∇Δ√/")
_BINARY = frozenset("+−-±∓×÷·⋅∗*∘∙∩∪⊎⊓⊔∨∧⊕⊖⊗⊘⊙⊚∖≀⋆⋄†‡⊞⊟⊠⊡⋊⋉⨯⨿⋒⋓⊻⊼∔∸⊛")
_ORDINARY = frozenset("∀∃∄∂∅∇∆∞∠∡¬⊤⊥√∛∜⋱⋮⋰∴∵′″‴⁗!/%&#@∎□△▽☐|‖_^˙")
_RELATION = frozenset(":=<>≔≕∣∥")
_OPEN = frozenset("([{⟨⌊⌈⟦⟪⦃")
_CLOSE = frozenset(")]}⟩⌋⌉⟧⟫⦄")
_PUNCTUATION = frozenset(",;")

TIGHT: Final = re.compile(r'lspace="0" rspace="0"')
NO_LINE: Final = re.compile(r'linethickness="0')
WORD: Final = re.compile(r"[√∛∜]?[^\W_]+(\.\d+)?[′″‴]?|[^\W\d_][\u0300-\u036f\u20d0-\u20ff]+")
_WIDTH = re.compile(r'width="(\d*\.?\d+)')
_WIDE_EM = 0.1  # TeX's thin space is 1/6 em

# -- letters -------------------------------------------------------------------------------------------------

_DOUBLE_STRUCK = {*range(0x1D538, 0x1D56C), *range(0x1D7D8, 0x1D7E2)}
_PLAIN = {
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in range(0x1D400, 0x1D800)
        if code not in _DOUBLE_STRUCK and unicodedata.normalize("NFKC", chr(code)) != chr(code)
    },
    **{ord(c): unicodedata.normalize("NFKC", c) for c in "ℊℋℌℐℑℒℛℜℨℬℭℯℰℱℳℴ"},
    **dict.fromkeys([*range(0x2061, 0x2065), 0x200B, *range(0xFE00, 0xFE10)], ""),
    # One letter each for search: the two shapes of epsilon and phi are a matter of fonts.
    ord("ϵ"): "ε",
    ord("ϕ"): "φ",
    ord("∗"): "*",
    ord("∣"): "|",
    ord("∥"): "‖",
    ord("\\"): "∖",
}


def letters(text: str) -> str:
    """Write script, Fraktur, bold and sans letters as plain ones; ℝ and its kin stay; drop the invisible."""
    return text if text.isascii() else text.translate(_PLAIN)


# -- scripts -------------------------------------------------------------------------------------------------

_UP = dict(
    zip(
        "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ",
        strict=True,
    )
)
_DOWN = dict(
    zip("0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")  # "max" reads and searches better as _max than as ₘₐₓ
STAYS_UP: Final = frozenset("′″‴⁗*∗∘°†‡⋆⊤")
UPPED: Final = str.maketrans({"∗": "*", "∘": "°", "⊤": "ᵀ"})


def raised(text: str) -> str | None:
    """Write a text in superscript characters, or None where one is missing."""
    return _mapped(text, _UP)


def lowered(text: str) -> str | None:
    """Write a text in subscript characters, or None where one is missing."""
    return _mapped(text, _DOWN)


def _mapped(text: str, small: dict[str, str]) -> str | None:
    if not text or _LONG_WORD.search(text) or any(char not in small for char in text):
        return None
    return "".join(small[char] for char in text)


ABOVE: Final = {
    "ˆ": "\u0302", "^": "\u0302", "\u0302": "\u0302", "˜": "\u0303", "~": "\u0303", "\u0303": "\u0303",
    "¯": "\u0304", "‾": "\u0305", "_": "\u0305", "\u0332": "\u0305", "\u0305": "\u0305", "\u0304": "\u0304",
    "˙": "\u0307", ".": "\u0307", "\u0307": "\u0307", "¨": "\u0308", "\u0308": "\u0308",
    "\u20db": "\u20db", "\u20dc": "\u20dc", "⃗": "\u20d7", "→": "\u20d7", "←": "\u20d6",
    "ˇ": "\u030c", "\u030c": "\u030c", "˘": "\u0306", "\u0306": "\u0306", "´": "\u0301", "\u0301": "\u0301",
    "`": "\u0300", "\u0300": "\u0300", "˚": "\u030a", "\u030a": "\u030a", "⏞": "", "⏠": "", "⎴": "",
}  # fmt: skip
BELOW: Final = {
    "\u0332": "\u0332", "_": "\u0332", "‾": "\u0332", "~": "\u0330", "˜": "\u0330", "\u0330": "\u0330",
    "⏟": "", "⏡": "", "⎵": "",
}  # fmt: skip


# -- operators -----------------------------------------------------------------------------------------------


def kind_of(operator: str) -> Kind:
    """Say what an operator is by its character; unknown symbols of mathematics are relations."""
    char = operator[0]
    for kind, members in _KINDS:
        if char in members:
            return kind
    is_symbol = unicodedata.category(char) == "Sm" or "←" <= char <= "⇿" or "⟰" <= char <= "⟿"
    return "rel" if is_symbol else "ord"


_KINDS: Final[tuple[tuple[Kind, frozenset[str]], ...]] = (
    ("open", _OPEN),
    ("close", _CLOSE),
    ("punct", _PUNCTUATION),
    ("dots", DOTS),
    ("op", BIG),
    ("bin", _BINARY),
    ("rel", _RELATION),
    ("ord", _ORDINARY),
)


def is_wide(attributes: str) -> bool:
    """Tell a space that shows from one that only nudges."""
    match = _WIDTH.search(attributes)
    return bool(match and float(match[1]) >= _WIDE_EM)


def is_bracketed(text: str) -> bool:
    """Tell whether one pair of brackets holds the whole text."""
    if text[0] not in _OPEN or text[-1] not in _CLOSE:
        return False
    depth = 0
    for char in text[:-1]:
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth == 0:
            return False
    return depth == 1
