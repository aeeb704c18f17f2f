"""Write a text so that two spellings of the same thing are the same: for comparing, never for showing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 20_000  # characters; an abstract is shorter

_SUPERSCRIPT: Final = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_FROM_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_TEX_SIGNS: Final = {
    "times": "×",
    "cdot": "×",
    "pm": "±",
    "sim": "~",
    "simeq": "~",
    "approx": "~",
    "mu": "μ",
    "sigma": "σ",
    "Omega": "Ω",
    "odot": "⊙",
    "leq": "≤",
    "le": "≤",
    "lesssim": "≤",
    "geq": "≥",
    "ge": "≥",
    "gtrsim": "≥",
    "deg": "°",
    "circ": "°",
}
_TEX_NAME: Final = re.compile(r"\\([A-Za-z]{1,12})(?![A-Za-z])")
_TEX_SPACE: Final = re.compile(r"\\[,;:! ]")
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("‘’‛′ʼ`´", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **dict.fromkeys("∼˜～≈≃≲≳", "~"),
        **dict.fromkeys("${}\\\u200b\u200c\u200d\ufeff\u00ad", None),
        "µ": "μ",
        "∗": "*",
        "⋅": "×",
        "·": "×",
    }
)
_GROUPED: Final = re.compile(r"(?<![\d.,])(\d{1,3})((?:[,\u2009\u202f\u00a0]\d{3})+)(?![\d,]\d)")
_NOT_DIGIT: Final = re.compile(r"\D")
_SPACES: Final = re.compile(r"\s+")


@lru_cache(maxsize=512)
def level(text: str) -> str:
    """Write a text in plain signs: no TeX, NFKC, one kind of hyphen and quotation mark, "1000" for "1,000".

    Superscript digits become "^-3". Case stays, since "mW" is not "MW". What is longer than `LONGEST` is cut.
    """
    text = text[:LONGEST]
    if "\\" in text:
        text = _TEX_SPACE.sub(" ", text)
        text = _TEX_NAME.sub(lambda name: _TEX_SIGNS.get(name[1], f" {name[1]} "), text)
    text = _SUPERSCRIPT.sub(lambda raised: "^" + raised[0].translate(_FROM_SUPERSCRIPT), text)
    text = _GROUPED.sub(lambda number: number[1] + _NOT_DIGIT.sub("", number[2]), text.translate(_SAME))
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).translate(_SAME)).strip()
